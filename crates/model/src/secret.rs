//! Passwords in memory.

use std::fmt;

use zeroize::Zeroize;

/// A password. Wiped from memory when dropped, never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Box<str>);

impl Password {
    /// Takes the password over; the caller's string becomes it, so no copy stays behind.
    pub fn new(password: String) -> Self {
        // `into_boxed_str` may move the bytes to a smaller allocation, which would leave the old one unwiped.
        if password.capacity() == password.len() {
            return Self(password.into_boxed_str());
        }
        let mut roomy = password;
        let exact = Box::from(roomy.as_str());
        roomy.zeroize();
        Self(exact)
    }

    /// The password itself. Keep the borrow short and copy it nowhere that is not wiped.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Password {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Password::new("swordfish".to_owned())), "Password(…)");
    }
}
