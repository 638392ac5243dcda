//! An account and how to reach its server.

use std::fmt;

use crate::{BareJid, OwnPresence, Profile};

/// Names an account on this machine. Never reused within one data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub i64);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A host and port to use in place of what DNS says. It never changes the name that the certificate must bear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    /// Host name or IP address, without brackets.
    pub host: String,
    /// TCP port; 5222 where none was given.
    pub port: u16,
}

impl ServerAddress {
    /// Reads `host`, `host:port` or `[v6]:port`; `None` when it is none of these.
    pub fn parse(text: &str) -> Option<Self> {
        const DEFAULT_PORT: u16 = 5222;
        let text = text.trim();
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => match rest.split_once(']')? {
                (host, "") => (host, None),
                (host, port) => (host, Some(port.strip_prefix(':')?)),
            },
            None if text.matches(':').count() > 1 => (text, None),
            None => match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            },
        };
        let port = match port {
            Some(port) => port.parse().ok().filter(|port| *port != 0)?,
            None => DEFAULT_PORT,
        };
        let valid = !host.is_empty()
            && host.len() <= 255
            && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'));
        valid.then(|| Self { host: host.to_owned(), port })
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// A way to prove who we are, from weakest to strongest.
///
/// The strongest ever *offered by the server* is remembered for an account; nothing weaker is accepted afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mechanism {
    /// RFC 4616: the password itself, inside TLS.
    Plain,
    /// RFC 5802.
    ScramSha1,
    /// RFC 7677.
    ScramSha256,
    /// RFC 5802 bound to the TLS channel (RFC 9266).
    ScramSha1Plus,
    /// RFC 7677 bound to the TLS channel (RFC 9266).
    ScramSha256Plus,
}

impl Mechanism {
    /// All, from strongest to weakest.
    pub const STRONGEST_FIRST: [Self; 5] =
        [Self::ScramSha256Plus, Self::ScramSha1Plus, Self::ScramSha256, Self::ScramSha1, Self::Plain];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha1 => "SCRAM-SHA-1",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha1Plus => "SCRAM-SHA-1-PLUS",
            Self::ScramSha256Plus => "SCRAM-SHA-256-PLUS",
        }
    }

    /// The mechanism of that name, if it is one that we speak.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::STRONGEST_FIRST.into_iter().find(|mechanism| mechanism.name() == name)
    }
}

/// What is told of this machine to contacts who ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// Nothing.
    #[default]
    Nobody,
    /// Program, its version and the local time, to contacts only (XEP-0092, XEP-0202).
    Contacts,
}

/// What people are told of their messages. Each tells more than the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confirming {
    /// Nothing.
    Nothing,
    /// That they have arrived (XEP-0184), to who sees our presence.
    Arrival,
    /// That they were read as well (XEP-0333).
    #[default]
    Reading,
}

/// Whether an account connects by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activity {
    /// Connects when the program starts.
    #[default]
    Active,
    /// Stays offline until switched on.
    Paused,
}

/// An account as it is stored. The password is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name on this machine.
    pub id: AccountId,
    /// Its address.
    pub jid: BareJid,
    /// Where to connect in place of what DNS says.
    pub server: Option<ServerAddress>,
    /// Whether it connects by itself.
    pub activity: Activity,
    /// The strongest mechanism the server has ever offered.
    pub strongest_seen: Option<Mechanism>,
    /// The person agreed that the password is sent as it is, inside TLS, to a server that knows nothing better.
    pub plain_allowed: bool,
    /// What the person chose to show to contacts.
    pub presence: OwnPresence,
    /// What is told of this machine.
    pub sharing: Sharing,
    /// What people are told of their messages.
    pub confirming: Confirming,
    /// Version of the stored roster (RFC 6121 §2.6).
    pub roster_version: Option<String>,
    /// Our own name and picture.
    pub profile: Profile,
    /// Its colour, where the person gave it one.
    pub colour: Option<AccountColour>,
    /// Where it says that it has moved to (XEP-0283 0.2.0).
    pub moved_to: Option<BareJid>,
}

/// What a person tells accounts apart by. How it looks depends on the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountColour {
    /// Blue.
    Blue,
    /// Between blue and green.
    Teal,
    /// Green.
    Green,
    /// Yellow, towards brown.
    Amber,
    /// Orange.
    Orange,
    /// Red.
    Red,
    /// Pink.
    Pink,
    /// Violet.
    Violet,
}

impl AccountColour {
    /// All, in the order of the rainbow.
    pub const ALL: [Self; 8] =
        [Self::Blue, Self::Teal, Self::Green, Self::Amber, Self::Orange, Self::Red, Self::Pink, Self::Violet];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_addresses() {
        let parsed = |text| ServerAddress::parse(text).map(|address| address.to_string());
        assert_eq!(parsed("xmpp.example").as_deref(), Some("xmpp.example:5222"));
        assert_eq!(parsed(" localhost:15222 ").as_deref(), Some("localhost:15222"));
        assert_eq!(parsed("[::1]:5223").as_deref(), Some("[::1]:5223"));
        assert_eq!(parsed("::1").as_deref(), Some("[::1]:5222"));
        for bad in ["", ":5222", "host:", "host:0", "host:99999", "ho st", "a/b", "[::1]5223", "host:x"] {
            assert_eq!(parsed(bad), None, "{bad}");
        }
    }

    #[test]
    fn mechanisms_have_an_order() {
        assert!(Mechanism::STRONGEST_FIRST.is_sorted_by(|a, b| a > b));
        for mechanism in Mechanism::STRONGEST_FIRST {
            assert_eq!(Mechanism::from_name(mechanism.name()), Some(mechanism));
        }
        assert_eq!(Mechanism::from_name("ANONYMOUS"), None);
    }
}
