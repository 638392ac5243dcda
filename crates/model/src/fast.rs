//! Tokens that sign in without the password (XEP-0484 0.2.0), and by what a server knows them.

use std::fmt;

use crate::{Password, Timestamp, uuid};

/// The longest secret that is taken, in bytes.
const LONGEST: usize = 4096;

/// How a token is shown to the server, from weakest to strongest (draft-ietf-kitten-sasl-ht).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FastMechanism {
    /// Not bound to the TLS channel.
    HtSha256None,
    /// Bound to it (RFC 9266).
    HtSha256Exporter,
}

impl FastMechanism {
    /// All, from strongest to weakest.
    pub const STRONGEST_FIRST: [Self; 2] = [Self::HtSha256Exporter, Self::HtSha256None];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::HtSha256None => "HT-SHA-256-NONE",
            Self::HtSha256Exporter => "HT-SHA-256-EXPR",
        }
    }

    /// The mechanism of that name, if it is one that we speak.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::STRONGEST_FIRST.into_iter().find(|mechanism| mechanism.name() == name)
    }
}

/// What signs in in place of the password, until it expires or the server takes it back. A secret: wiped when dropped, not shown by
/// `Debug`, kept in the system's keyring alone.
#[derive(Clone, PartialEq, Eq)]
pub struct FastToken {
    /// With which mechanism alone it may be used.
    pub mechanism: FastMechanism,
    /// Until when, by the server's clock; not said by every server.
    pub expires: Option<Timestamp>,
    secret: Password,
}

impl FastToken {
    /// A token, unless it is empty, longer than 4,096 bytes, or has control characters.
    pub fn new(mechanism: FastMechanism, expires: Option<Timestamp>, secret: Password) -> Option<Self> {
        let text = secret.reveal();
        let is_good = !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control);
        is_good.then_some(Self { mechanism, expires, secret })
    }

    /// The secret itself. Keep the borrow short.
    pub fn reveal(&self) -> &str {
        self.secret.reveal()
    }

    /// As one line of text, for a keyring.
    pub fn to_text(&self) -> Password {
        let expires = self.expires.map_or_else(|| "-".to_owned(), |at| at.as_millis().to_string());
        let name = self.mechanism.name();
        // As long as it will be: a text that grows leaves copies behind.
        let mut text = String::with_capacity(name.len() + expires.len() + self.reveal().len() + 2);
        for part in [name, " ", expires.as_str(), " ", self.reveal()] {
            text.push_str(part);
        }
        Password::new(text)
    }

    /// Reads what [`Self::to_text`] has written.
    pub fn from_text(text: &Password) -> Option<Self> {
        let (mechanism, rest) = text.reveal().split_once(' ')?;
        let (expires, secret) = rest.split_once(' ')?;
        let expires = match expires {
            "-" => None,
            millis => Some(Timestamp::from_millis(millis.parse().ok()?)),
        };
        let secret = Password::new(secret.to_owned());
        Self::new(FastMechanism::from_name(mechanism)?, expires, secret)
    }
}

impl fmt::Debug for FastToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FastToken({}, expires {:?})", self.mechanism.name(), self.expires)
    }
}

/// By what a server knows this installation of the program when it comes again (XEP-0388 1.0.4 §2.3.1): a random UUID of version 4.
/// Each account has one of its own, so that no two can be told to be of one person by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserAgentId(Box<str>);

impl UserAgentId {
    /// Of random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::version_4(bytes).into())
    }

    /// Reads one that was kept.
    pub fn new(text: &str) -> Option<Self> {
        let is_good = |(index, byte): (usize, u8)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'),
        };
        let is_uuid = text.len() == 36 && text.bytes().enumerate().all(is_good);
        is_uuid.then(|| Self(text.into()))
    }

    /// As the server gets it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether somebody is looking (XEP-0352 1.0.0).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientState {
    /// Somebody may be.
    #[default]
    Active,
    /// Nobody is: the server may hold back what can wait.
    Inactive,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(secret: &str, expires: Option<i64>) -> Option<FastToken> {
        let expires = expires.map(Timestamp::from_millis);
        FastToken::new(FastMechanism::HtSha256Exporter, expires, Password::new(secret.to_owned()))
    }

    #[test]
    fn tokens_are_kept_and_come_back() {
        for expires in [None, Some(1_764_000_000_000)] {
            let token = token("secret-token:fast-a b", expires).unwrap();
            assert_eq!(FastToken::from_text(&token.to_text()), Some(token));
        }
        for bad in
            ["", "HT-SHA-256-EXPR", "HT-SHA-256-EXPR - ", "HT-SHA-1-NONE - x", "HT-SHA-256-NONE soon x"]
        {
            assert_eq!(FastToken::from_text(&Password::new(bad.to_owned())), None, "{bad}");
        }
    }

    #[test]
    fn what_is_no_token_is_not_taken_and_none_is_shown() {
        assert_eq!(token("", None), None);
        assert_eq!(token("a\0b", None), None);
        assert_eq!(token(&"x".repeat(LONGEST + 1), None), None);
        assert!(!format!("{:?}", token("swordfish", Some(5)).unwrap()).contains("swordfish"));
    }

    #[test]
    fn user_agents_are_uuids_of_version_4() {
        let id = UserAgentId::from_random([0xff; 16]);
        assert_eq!(id.as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(UserAgentId::new(id.as_str()), Some(id));
        for bad in ["", "ffffffff-ffff-4fff-bfff-fffffffffff", "ffffffff_ffff-4fff-bfff-ffffffffffff"] {
            assert_eq!(UserAgentId::new(bad), None, "{bad}");
        }
    }
}
