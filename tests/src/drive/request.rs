//! What may be asked.

use causerie_model::{
    BareJid, ChatState, DeviceId, Fingerprint, InviteToken, Nick, OriginId, Password, Privacy, ServerAddress,
    Show, Trust,
};
use causerie_session::Proxy;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};
use std::path::PathBuf;
use zeroize::Zeroizing;

use crate::disk::Plan;
use crate::registrations::{FilledIn, Provider};
use crate::saying::Saying;

/// A line of input.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// Comes back in the answer.
    pub(crate) tag: Option<Value>,
    /// Whose account.
    #[serde(default, deserialize_with = "some_jid")]
    pub(crate) account: Option<BareJid>,
    /// What is asked.
    #[serde(flatten)]
    pub(crate) order: Order,
}

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Order {
    SignIn {
        #[serde(deserialize_with = "jid")]
        jid: BareJid,
        #[serde(default, deserialize_with = "password")]
        password: Option<Password>,
        #[serde(default, deserialize_with = "server")]
        server: Option<ServerAddress>,
        ca_file: Option<PathBuf>,
        #[serde(default, deserialize_with = "proxy")]
        proxy: Option<Proxy>,
    },
    Disk(Plan),
    StopCatchUp,
    StartCatchUp,
    AllowPlain,
    AllowWeaker,
    SignOut,
    Reconnect,
    Network,
    Look {
        away: bool,
    },
    Send {
        #[serde(deserialize_with = "jid")]
        to: BareJid,
        body: String,
    },
    Retry {
        #[serde(deserialize_with = "jid")]
        to: BareJid,
        #[serde(deserialize_with = "origin")]
        message: OriginId,
    },
    Answer(Saying),
    Correct(Saying),
    Retract(Saying),
    React(Saying),
    Cancel {
        #[serde(deserialize_with = "jid")]
        to: BareJid,
        #[serde(deserialize_with = "origin")]
        message: OriginId,
    },
    ChatState {
        #[serde(deserialize_with = "jid")]
        to: BareJid,
        #[serde(deserialize_with = "chat_state")]
        state: ChatState,
    },
    MarkRead {
        #[serde(deserialize_with = "jid")]
        peer: BareJid,
        up_to: Option<i64>,
    },
    FetchOlder {
        #[serde(deserialize_with = "jid")]
        peer: BareJid,
    },
    Privacy {
        #[serde(deserialize_with = "jid")]
        peer: BareJid,
        #[serde(deserialize_with = "privacy")]
        privacy: Privacy,
    },
    LookUp {
        #[serde(deserialize_with = "jid")]
        peer: BareJid,
    },
    Keys(Whom),
    Trust {
        #[serde(deserialize_with = "jid")]
        jid: BareJid,
        #[serde(deserialize_with = "key")]
        key: Fingerprint,
        #[serde(deserialize_with = "trust")]
        trust: Trust,
    },
    Repair(Whom),
    RemoveDevice {
        #[serde(deserialize_with = "device")]
        device: DeviceId,
    },
    Draft {
        #[serde(deserialize_with = "jid")]
        peer: BareJid,
        text: String,
    },
    AddContact {
        #[serde(flatten)]
        entry: Entry,
        #[serde(default, deserialize_with = "token")]
        preauth: Option<InviteToken>,
    },
    AddContacts {
        contacts: Vec<Entry>,
        #[serde(default, deserialize_with = "some_jid")]
        moved_from: Option<BareJid>,
    },
    StopAdding,
    EditContact(Entry),
    RemoveContact(Whom),
    Accept(Whom),
    Decline(Whom),
    Block(Whom),
    Unblock(Whom),
    SetPresence {
        #[serde(default, deserialize_with = "show")]
        show: Show,
        #[serde(default)]
        status: String,
        #[serde(default)]
        priority: i8,
    },
    PublishName {
        name: Option<String>,
    },
    PublishPicture {
        file: Option<PathBuf>,
    },
    ChangePassword {
        #[serde(deserialize_with = "password")]
        password: Option<Password>,
    },
    DeleteAccount,
    SetServer {
        #[serde(default, deserialize_with = "server")]
        server: Option<ServerAddress>,
    },
    AnnounceMove {
        #[serde(default, deserialize_with = "some_jid")]
        to: Option<BareJid>,
    },
    LookUpInvitations,
    JoinRoom {
        #[serde(deserialize_with = "jid")]
        room: BareJid,
        #[serde(deserialize_with = "nick")]
        nick: Nick,
    },
    LeaveRoom {
        #[serde(deserialize_with = "jid")]
        room: BareJid,
    },
    SendRoom {
        #[serde(deserialize_with = "jid")]
        room: BareJid,
        body: String,
    },
    Invite {
        #[serde(default)]
        to_account: bool,
        name: Option<String>,
    },
    Account,
    Export,
    Import {
        text: String,
    },
    Arrange {
        jids: Vec<String>,
    },
    Colour {
        colour: Option<String>,
    },
    Remove,
    Accounts,
    Contacts,
    Requests,
    Conversations,
    Page {
        #[serde(deserialize_with = "jid")]
        peer: BareJid,
        before: Option<i64>,
        limit: Option<usize>,
    },
    Count {
        #[serde(deserialize_with = "jid")]
        peer: BareJid,
    },
    Waiting,
    Sleep {
        seconds: u64,
    },
    Search {
        words: String,
        #[serde(default, deserialize_with = "some_jid")]
        peer: Option<BareJid>,
        limit: Option<usize>,
    },
    Wait {
        r#for: Map<String, Value>,
        seconds: Option<f64>,
    },
    RegisterProbe(Provider),
    RegisterForm(Provider),
    RegisterSubmit(FilledIn),
    RegisterCancel(Provider),
    RegisterEnd(Provider),
    Quit,
}

/// A contact.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    #[serde(deserialize_with = "jid")]
    pub(crate) jid: BareJid,
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) groups: Vec<String>,
}

/// Somebody.
#[derive(Debug, Deserialize)]
pub(crate) struct Whom {
    #[serde(deserialize_with = "jid")]
    pub(crate) jid: BareJid,
}

pub(crate) fn jid<'de, D: Deserializer<'de>>(from: D) -> Result<BareJid, D::Error> {
    let text = String::deserialize(from)?;
    BareJid::new(&text).map_err(|fault| de::Error::custom(format!("{text:?} is no address: {fault:?}")))
}

fn some_jid<'de, D: Deserializer<'de>>(from: D) -> Result<Option<BareJid>, D::Error> {
    jid(from).map(Some)
}

fn password<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Password>, D::Error> {
    String::deserialize(from).map(|text| Some(Password::new(text)))
}

pub(crate) fn server<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ServerAddress>, D::Error> {
    let text = String::deserialize(from)?;
    let address = ServerAddress::parse(&text);
    address.map(Some).ok_or_else(|| de::Error::custom(format!("{text:?} is no host:port")))
}

pub(crate) fn proxy<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Proxy>, D::Error> {
    let text = Zeroizing::new(String::deserialize(from)?);
    Proxy::parse(&text).map(Some).ok_or_else(|| de::Error::custom("no proxy: socks5://… or http://…"))
}

pub(crate) fn origin<'de, D: Deserializer<'de>>(from: D) -> Result<OriginId, D::Error> {
    let text = String::deserialize(from)?;
    OriginId::new(&text).ok_or_else(|| de::Error::custom("no name of a message"))
}

fn nick<'de, D: Deserializer<'de>>(from: D) -> Result<Nick, D::Error> {
    let text = String::deserialize(from)?;
    Nick::new(&text).ok_or_else(|| de::Error::custom("no name for a room"))
}

fn token<'de, D: Deserializer<'de>>(from: D) -> Result<Option<InviteToken>, D::Error> {
    let text = String::deserialize(from)?;
    InviteToken::new(&text).map(Some).ok_or_else(|| de::Error::custom("no token of an invitation"))
}

fn show<'de, D: Deserializer<'de>>(from: D) -> Result<Show, D::Error> {
    match String::deserialize(from)?.as_str() {
        "available" => Ok(Show::Available),
        "chat" => Ok(Show::Chat),
        "away" => Ok(Show::Away),
        "extended_away" => Ok(Show::ExtendedAway),
        "do_not_disturb" => Ok(Show::DoNotDisturb),
        other => Err(de::Error::custom(format!("{other:?} is no show"))),
    }
}

fn privacy<'de, D: Deserializer<'de>>(from: D) -> Result<Privacy, D::Error> {
    match String::deserialize(from)?.as_str() {
        "encrypted" => Ok(Privacy::Encrypted),
        "clear" => Ok(Privacy::Clear),
        other => Err(de::Error::custom(format!("{other:?} is neither encrypted nor clear"))),
    }
}

fn key<'de, D: Deserializer<'de>>(from: D) -> Result<Fingerprint, D::Error> {
    let text = String::deserialize(from)?;
    Fingerprint::from_hex(&text).ok_or_else(|| de::Error::custom("no key: 64 hexadecimal digits"))
}

fn device<'de, D: Deserializer<'de>>(from: D) -> Result<DeviceId, D::Error> {
    DeviceId::new(u32::deserialize(from)?).ok_or_else(|| de::Error::custom("no number of a device"))
}

fn trust<'de, D: Deserializer<'de>>(from: D) -> Result<Trust, D::Error> {
    match String::deserialize(from)?.as_str() {
        "undecided" => Ok(Trust::Undecided),
        "blind" => Ok(Trust::Blind),
        "verified" => Ok(Trust::Verified),
        "distrusted" => Ok(Trust::Distrusted),
        other => Err(de::Error::custom(format!("{other:?} is no trust"))),
    }
}

fn chat_state<'de, D: Deserializer<'de>>(from: D) -> Result<ChatState, D::Error> {
    match String::deserialize(from)?.as_str() {
        "active" => Ok(ChatState::Active),
        "composing" => Ok(ChatState::Composing),
        "paused" => Ok(ChatState::Paused),
        "inactive" => Ok(ChatState::Inactive),
        "gone" => Ok(ChatState::Gone),
        other => Err(de::Error::custom(format!("{other:?} is no chat state"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Request, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn lines_are_read() {
        let request = read(
            r#"{"do":"sign_in","jid":"Alice@chat.test","password":"x","server":"127.0.0.1:5222","tag":7}"#,
        );
        let request = request.unwrap();
        assert_eq!(request.tag, Some(7.into()));
        let Order::SignIn { jid, password, server, ca_file, .. } = request.order else {
            panic!("{request:?}")
        };
        assert_eq!(jid.as_str(), "alice@chat.test");
        assert_eq!(password.unwrap().reveal(), "x");
        assert_eq!(server.unwrap().port, 5222);
        assert_eq!(ca_file, None);
        let request = read(r#"{"do":"accept","jid":"bob@chat.test","account":"alice@chat.test"}"#).unwrap();
        assert_eq!(request.account.unwrap().as_str(), "alice@chat.test");
        assert!(matches!(request.order, Order::Accept(Whom { jid }) if jid.as_str() == "bob@chat.test"));
        assert!(matches!(read(r#"{"do":"quit"}"#).unwrap().order, Order::Quit));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, word) in [
            (r#"{"do":"accept","jid":"a@@b"}"#, "address"),
            (r#"{"do":"dance"}"#, "dance"),
            (r#"{"do":"send","to":"a@b"}"#, "body"),
            (r#"{"do":"sign_in","jid":"a@b","server":"x:y"}"#, "host:port"),
            ("nonsense", "expected"),
        ] {
            let fault = read(line).unwrap_err();
            assert!(fault.contains(word), "{line}: {fault}");
        }
    }
}
