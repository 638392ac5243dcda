//! Where the key and its number are: the keyring, and files.

use std::io;
use std::path::PathBuf;

use causerie_model::{Password, VaultKey};
use causerie_session::vault as file;
use zeroize::Zeroizing;

use crate::platform::credentials::{self, Fault};
use crate::platform::folders::write_private;

/// All places of one profile.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The data folder, for the key where there is no keyring.
    pub(super) data: PathBuf,
    /// Another one, for the number.
    pub(super) state: PathBuf,
    pub(super) keyring: Keyring,
}

/// The keyring.
#[derive(Clone, Debug)]
pub(super) enum Keyring {
    /// That of the system.
    System,
    /// One that does as a test says.
    #[cfg(test)]
    Fake(super::tests::Fake),
}

/// What the keyring keeps.
pub(super) struct Kept {
    pub(super) key: VaultKey,
    pub(super) number: u64,
}

/// What was found.
pub(super) struct Seen {
    /// In the keyring.
    pub(super) kept: Result<Option<Kept>, Fault>,
    /// In the key's file.
    pub(super) in_file: Option<VaultKey>,
    /// Whether there is such a file that can't be read.
    pub(super) is_unreadable: bool,
    /// In the number's file.
    pub(super) number: Option<u64>,
}

impl Places {
    /// Those of the product.
    pub(crate) fn new(data: PathBuf, state: PathBuf) -> Self {
        Self { data, state, keyring: Keyring::System }
    }

    /// Looks everywhere. Blocks, perhaps for as long as a person takes to unlock a keyring.
    pub(super) fn look(&self, name: &str) -> Seen {
        // What is no entry of ours is as good as none.
        let kept = self.keyring.load(name).map(|text| text.and_then(|text| read(text.reveal())));
        let (in_file, is_unreadable) = match file::read(&self.data) {
            Ok(in_file) => (in_file, false),
            Err(error) => {
                tracing::warn!(%error, "the file with the key that seals can't be read");
                (None, true)
            }
        };
        Seen { kept, in_file, is_unreadable, number: self.number(name) }
    }

    /// Puts key and number into the keyring. Blocks.
    pub(super) fn keep(&self, name: &str, key: &VaultKey, number: u64) -> Result<(), Fault> {
        let mut text = Zeroizing::new(String::with_capacity(96));
        for byte in &key.0 {
            text.push_str(&format!("{byte:02x}"));
        }
        text.push(' ');
        text.push_str(&number.to_string());
        self.keyring.save(name, &Password::new(text.as_str().to_owned()))
    }

    /// Writes the number's file. Blocks.
    pub(super) fn note(&self, name: &str, number: u64) -> io::Result<()> {
        let path = self.number_path(name).ok_or(io::ErrorKind::InvalidInput)?;
        write_private(&path, number.to_string().as_bytes())
    }

    fn number(&self, name: &str) -> Option<u64> {
        std::fs::read_to_string(self.number_path(name)?).ok()?.parse().ok()
    }

    fn number_path(&self, name: &str) -> Option<PathBuf> {
        // The name comes from a database that anybody may have written.
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_name.then(|| self.state.join(format!("{name}.count")))
    }
}

impl Keyring {
    fn load(&self, name: &str) -> Result<Option<Password>, Fault> {
        match self {
            Self::System => credentials::load_named(name),
            #[cfg(test)]
            Self::Fake(fake) => fake.load(name),
        }
    }

    fn save(&self, name: &str, text: &Password) -> Result<(), Fault> {
        match self {
            Self::System => credentials::save_named(name, text),
            #[cfg(test)]
            Self::Fake(fake) => fake.save(name, text),
        }
    }
}

fn read(text: &str) -> Option<Kept> {
    let (hex, number) = text.split_once(' ')?;
    let mut key = VaultKey([0; 32]);
    let mut digits = hex.chars().map(|digit| digit.to_digit(16));
    for byte in &mut key.0 {
        let (high, low) = (digits.next()??, digits.next()??);
        *byte = u8::try_from(high << 4 | low).ok()?;
    }
    let number = number.parse().ok()?;
    digits.next().is_none().then_some(Kept { key, number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path().to_owned(), folder.path().to_owned());
        let key = VaultKey(std::array::from_fn(|at| at as u8 * 7));
        let name = "0123456789abcdef0123456789abcdef";
        assert_eq!(places.look(name).number, None);
        places.keep(name, &key, 12).unwrap();
        places.note(name, 13).unwrap();
        let seen = places.look(name);
        let kept = seen.kept.unwrap().unwrap();
        assert_eq!((kept.key, kept.number, seen.number), (key, 12, Some(13)));
        for bad in [
            "",
            "00 1",
            &format!("{} x", "00".repeat(32)),
            &format!("{} 1", "00".repeat(33)),
            &"00".repeat(32),
        ] {
            assert!(read(bad).is_none(), "{bad}");
        }
        for outside in ["", "../x", "/etc/x", "a.b"] {
            assert!(places.note(outside, 1).is_err(), "{outside}");
        }
    }
}
