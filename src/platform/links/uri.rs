//! `xmpp:` links (RFC 5122) and what they ask for: all actions of the registry (XEP-0147 1.2), invitations (XEP-0379 0.3.2,
//! XEP-0401 0.6.0, XEP-0445 0.2.0), and keys.
//!
//! A link comes from anywhere. It is read into a value and shown; nothing of it is done before a person has said so.

use std::fmt;

use causerie_model::{BareJid, InviteToken, Jid, Password};

use super::{decoded, keys};

/// The longest link that is read, in bytes; one with keys may be shorter at most (see there).
const LONGEST: usize = 64 * 1024;
/// The most `name=value` of a link that are looked at.
const MOST_PARTS: usize = 100;
/// The longest value of one line, in characters; the rest is cut off.
const LONGEST_LINE: usize = 1000;
/// The most groups of a contact, and people of an invitation.
const MOST_OF_ONE: usize = 20;

/// An `xmpp:` link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Uri {
    /// Whom it is about: a person, a room, or a provider.
    pub(crate) address: Jid,
    /// What it asks for.
    pub(crate) action: Action,
}

/// What a link asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing: the address alone.
    None,
    /// To write to somebody.
    Message {
        /// What about.
        subject: Option<String>,
        /// What.
        body: Option<String>,
    },
    /// To make somebody a contact.
    Roster(NewContact),
    /// To ask somebody to be seen.
    Subscribe(NewContact),
    /// No longer to see somebody.
    Unsubscribe,
    /// To remove a contact.
    Remove,
    /// To enter a room.
    Join {
        /// The room's password.
        password: Option<Password>,
    },
    /// To invite people into a room.
    Invite {
        /// Whom.
        people: Vec<BareJid>,
        /// The room's password.
        password: Option<Password>,
    },
    /// To make an account, of that name if the address has one.
    Register(Option<InviteToken>),
    /// To delete an account.
    Unregister,
    /// To compare keys.
    Keys(keys::KeyLink),
    /// To compare keys that are none, or too many.
    NoKeys(keys::Fault),
    /// To do something with a node of a service (XEP-0060).
    Pubsub(Option<String>),
    /// To ask what a service can do (XEP-0030).
    Disco(Option<String>),
    /// To run a command of a service (XEP-0050).
    Command(Option<String>),
    /// To take a file.
    ReceiveFile,
    /// To send a file.
    SendFile,
    /// To look at somebody's card (XEP-0054).
    Card,
    /// To ask whether somebody is there.
    Probe,
    /// Something that nobody has registered, by its name.
    Unknown(String),
}

/// What a link says of somebody who is to become a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NewContact {
    /// What to call them.
    pub(crate) name: Option<String>,
    /// The groups to put them into.
    pub(crate) groups: Vec<String>,
    /// What proves that they have asked for it (XEP-0379).
    pub(crate) token: Option<InviteToken>,
    /// Whether the token is good for an account at their provider, too.
    pub(crate) account: AlsoAccount,
}

/// Whether an invitation is also one to make an account (XEP-0401 0.6.0, `ibr=y`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AlsoAccount {
    /// At the provider of who invites.
    Yes,
    /// Nobody says so.
    #[default]
    No,
}

/// Why a link is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no address of anybody in it.
    NoAddress,
    /// It is longer than any link.
    TooLong,
}

impl Uri {
    /// Reads an `xmpp:` link; nothing where it is another one.
    pub(crate) fn read(link: &str) -> Option<Result<Self, Fault>> {
        let (scheme, rest) = link.trim().split_once(':')?;
        scheme.eq_ignore_ascii_case("xmpp").then(|| Self::of(rest))
    }

    /// Reads what comes after `xmpp:`, or after the `#` of a web link.
    pub(super) fn of(rest: &str) -> Result<Self, Fault> {
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        if address.len() > LONGEST {
            return Err(Fault::TooLong);
        }
        // What is a slash only after decoding divides nothing.
        let (bare, resource) = address.split_once('/').unwrap_or((address, ""));
        let bare = BareJid::new(&decoded(bare)).map_err(|_| Fault::NoAddress)?;
        let address = bare.with_resource(&decoded(resource)).unwrap_or_else(|_| bare.into());
        let action = match keys::read(address.bare(), query) {
            Some(Ok(link)) => Action::Keys(link),
            Some(Err(fault)) => Action::NoKeys(fault),
            None if query.len() > LONGEST => return Err(Fault::TooLong),
            None => action(query),
        };
        // A provider alone is somebody for few things.
        let of_service = matches!(
            action,
            Action::Register(_)
                | Action::Unregister
                | Action::Pubsub(_)
                | Action::Disco(_)
                | Action::Command(_)
                | Action::Probe
                | Action::Unknown(_)
        );
        if address.bare().local().is_none() && !of_service {
            return Err(Fault::NoAddress);
        }
        Ok(Self { address, action })
    }

    /// The link to become somebody's contact.
    pub(crate) fn contact(jid: &BareJid) -> Self {
        Self { address: jid.clone().into(), action: Action::Roster(NewContact::default()) }
    }

    /// The same as a link of the web, for those who have no program yet: the page tells them how to get one. What comes after the `#`
    /// is not sent to it.
    pub(crate) fn web_link(&self) -> String {
        web_link(&self.to_string())
    }

    /// The address of the person or room, where it is one.
    pub(crate) fn person(&self) -> Option<&BareJid> {
        self.address.bare().local().map(|_| self.address.bare())
    }
}

/// An `xmpp:` link as a link of the web ([`Uri::web_link`]).
pub(crate) fn web_link(link: &str) -> String {
    format!("https://xmpp.link/#{}", link.strip_prefix("xmpp:").unwrap_or_default())
}

/// Reads what comes after the `?`.
fn action(query: &str) -> Action {
    let mut parts = query.split(';').take(MOST_PARTS);
    let name = line(&decoded(parts.next().unwrap_or_default()).to_lowercase()).unwrap_or_default();
    let parts: Vec<(String, String)> = parts
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| (name.to_ascii_lowercase(), decoded(value)))
        .collect();
    let values = |wanted: &'static str| {
        parts.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str())
    };
    let first_line = |wanted| values(wanted).find_map(line);
    let token = || values("preauth").find_map(InviteToken::new);
    let password = || {
        values("password").next().filter(|word| !word.is_empty()).map(|word| Password::new(word.to_owned()))
    };
    let contact = || NewContact {
        name: first_line("name"),
        groups: {
            let mut groups: Vec<String> = values("group").filter_map(line).take(MOST_OF_ONE).collect();
            groups.dedup();
            groups
        },
        token: token(),
        account: match values("ibr").next() {
            Some("y") if token().is_some() => AlsoAccount::Yes,
            _ => AlsoAccount::No,
        },
    };
    match name.as_str() {
        "" => Action::None,
        "message" => Action::Message { subject: first_line("subject"), body: values("body").find_map(lines) },
        "roster" => Action::Roster(contact()),
        "subscribe" => Action::Subscribe(contact()),
        "unsubscribe" => Action::Unsubscribe,
        "remove" => Action::Remove,
        "join" => Action::Join { password: password() },
        "invite" => {
            let people = values("jid").filter_map(|jid| BareJid::new(jid).ok());
            Action::Invite { people: people.take(MOST_OF_ONE).collect(), password: password() }
        }
        "register" => Action::Register(token()),
        "unregister" => Action::Unregister,
        "pubsub" => Action::Pubsub(first_line("node")),
        "disco" => Action::Disco(first_line("node")),
        "command" => Action::Command(first_line("node")),
        "recvfile" => Action::ReceiveFile,
        "sendfile" => Action::SendFile,
        "vcard" => Action::Card,
        "probe" => Action::Probe,
        _ => Action::Unknown(name),
    }
}

/// A value of one line, without what is not written. Nothing where nothing is left.
fn line(text: &str) -> Option<String> {
    let text: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_odd(*c)).collect();
    let text = text.trim();
    let end = text.char_indices().nth(LONGEST_LINE).map_or(text.len(), |(at, _)| at);
    let text = text.get(..end).unwrap_or_default().trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A text of several lines.
fn lines(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    (!text.trim().is_empty()).then_some(text)
}

/// What is not written in a line: control characters, and those that turn the text around.
fn is_odd(c: char) -> bool {
    c.is_control() || crate::i18n::is_bidi_control(c)
}

impl fmt::Display for Uri {
    /// The link, in ASCII.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "xmpp:{}", encoded(self.address.bare().as_str()))?;
        if let Some(resource) = self.address.resource() {
            write!(f, "/{}", encoded(resource))?;
        }
        let mut query = String::new();
        let mut part = |name: &str, value: &str| {
            query.push_str(&format!(";{name}={}", encoded(value)));
        };
        let mut contact = |contact: &NewContact| {
            contact.name.iter().for_each(|name| part("name", name));
            contact.groups.iter().for_each(|group| part("group", group));
            contact.token.iter().for_each(|token| part("preauth", token.as_str()));
            if contact.account == AlsoAccount::Yes {
                part("ibr", "y");
            }
        };
        let name = match &self.action {
            Action::None => return Ok(()),
            Action::Message { subject, body } => {
                subject.iter().for_each(|subject| part("subject", subject));
                body.iter().for_each(|body| part("body", body));
                "message"
            }
            Action::Roster(new) => {
                contact(new);
                "roster"
            }
            Action::Subscribe(new) => {
                contact(new);
                "subscribe"
            }
            Action::Unsubscribe => "unsubscribe",
            Action::Remove => "remove",
            Action::Join { password } => {
                password.iter().for_each(|password| part("password", password.reveal()));
                "join"
            }
            Action::Invite { people, password } => {
                people.iter().for_each(|jid| part("jid", jid.as_str()));
                password.iter().for_each(|password| part("password", password.reveal()));
                "invite"
            }
            Action::Register(token) => {
                token.iter().for_each(|token| part("preauth", token.as_str()));
                "register"
            }
            Action::Unregister => "unregister",
            Action::Keys(link) => return f.write_str(&keys::query(link)),
            Action::NoKeys(_) => return Ok(()),
            Action::Pubsub(node) => {
                node.iter().for_each(|node| part("node", node));
                "pubsub"
            }
            Action::Disco(node) => {
                node.iter().for_each(|node| part("node", node));
                "disco"
            }
            Action::Command(node) => {
                node.iter().for_each(|node| part("node", node));
                "command"
            }
            Action::ReceiveFile => "recvfile",
            Action::SendFile => "sendfile",
            Action::Card => "vcard",
            Action::Probe => "probe",
            Action::Unknown(name) => return write!(f, "?{}", encoded(name)),
        };
        write!(f, "?{name}{query}")
    }
}

/// Without what has a meaning of its own in a link.
pub(super) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@.-_~[]:".contains(&byte);
    let letter = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(letter).collect()
}

#[cfg(test)]
mod tests;
