//! A message, its identifiers and its state.

use std::fmt;
use std::sync::Arc;

use crate::{
    Annotations, Author, BareJid, DeviceId, OmemoVersion, Problem, Protection, Timestamp, Unreached, uuid,
};

/// Names a message in this data folder. Grows with the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub i64);

/// The identifier its author gave a message: the stanza's `id`, also sent as `origin-id` (XEP-0359 0.7).
///
/// Unique only together with its author.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginId(Arc<str>);

impl OriginId {
    /// The longest that is kept, in bytes. A longer one is cut off by whoever reads it, and thereby unusable.
    pub const MAX_BYTES: usize = 512;

    /// Takes an identifier that is not empty and not too long.
    pub fn new(id: &str) -> Option<Self> {
        (!id.is_empty() && id.len() <= Self::MAX_BYTES).then(|| Self(id.into()))
    }

    /// A fresh one from 16 random bytes, in the shape of a UUID of version 4 (RFC 9562).
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::version_4(bytes).into())
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OriginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The identifier an archive gave a message (XEP-0359 0.7), kept only where its giver may give one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StanzaId {
    /// Whose archive: our own bare address for one-to-one messages.
    pub by: BareJid,
    /// The identifier, at most [`OriginId::MAX_BYTES`] bytes.
    pub id: String,
}

/// A message of an archive up to which everything is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// What the archive calls it, at most [`OriginId::MAX_BYTES`] bytes. Empty: its beginning, as there was nothing in it.
    pub id: String,
    /// When it was, as the archive says.
    pub at: Timestamp,
}

/// Whose message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the peer.
    Incoming,
    /// From us.
    Outgoing,
}

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Incoming.
    Received,
    /// Outgoing and safe on this machine, not yet taken by the provider.
    Pending,
    /// Outgoing and taken by the provider: it says so itself where it manages streams (XEP-0198), else it has worked on what came
    /// after it.
    Sent,
    /// Outgoing, and a device of the peer has it (XEP-0184).
    Delivered,
    /// Outgoing, and the peer has read it (XEP-0333).
    Read,
    /// Outgoing and refused for good; the text is still there and can be sent again.
    Failed(Problem),
}

/// What a message says.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// Text.
    Text(String),
    /// Something came that could not be read.
    Unreadable(Unreadable),
    /// Its author wanted it gone: nothing of it is here any more.
    Retracted,
}

impl fmt::Debug for Body {
    /// Messages are private: the text is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Unreadable(why) => write!(f, "Unreadable({why:?})"),
            Self::Retracted => f.write_str("Retracted"),
        }
    }
}

/// Why a message could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unreadable {
    /// It was larger or more deeply nested than what is let in.
    OverLimits,
    /// It was not made as the protocol wants it.
    Malformed,
    /// It was encrypted, and not for this device.
    NotForThisDevice,
    /// It was encrypted in a room, where nothing encrypted can be read yet.
    InRoom,
    /// It was encrypted with something that this device no longer has, or never had.
    KeysLost,
    /// It was altered on its way, or is damaged.
    Altered,
    /// It was encrypted by a device whose key is another than before.
    KeyReplaced,
    /// It was encrypted for somebody else, or by somebody else, than the stanza says.
    Misdirected,
    /// So many encrypted messages before it are still to be fetched that it can't be read ahead of them. It comes again after those.
    Early,
    /// So much that claims to be encrypted by them could not be read lately that this is looked at in a moment.
    Delayed,
    /// It was encrypted by a key that is known as another address's.
    KeyOfOther,
    /// The same, from a stranger of whom no keys are kept about which a person could decide.
    KeyOfOtherStranger,
    /// Another copy of this device has sent it: its text is there alone.
    Copied,
    /// It was read, and has no text: what is in it, as a file, can't be shown yet.
    NotShown,
    /// It could not be read when it came, and is not kept until it can be: there was too much of it, it was too large, or has waited too
    /// long.
    NotKept,
}

/// A stored message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name here; pages are ordered by (`at`, `id`).
    pub id: MessageId,
    /// With whom.
    pub peer: BareJid,
    /// Whose it is.
    pub direction: Direction,
    /// What its author called it, if they did.
    pub origin: Option<OriginId>,
    /// What our archive calls it, if that is known.
    pub archived: Option<StanzaId>,
    /// What it says.
    pub body: Body,
    /// When it was sent, as far as it can be trusted, else when it came.
    pub at: Timestamp,
    /// Where it stands.
    pub state: MessageState,
    /// How it was protected; of one that was corrected, how the text was that is shown.
    pub protection: Protection,
    /// How it went out: of what was sent from here alone.
    pub sealing: Sealing,
    /// Which devices it was not encrypted for: of ours alone, in the order of their owners.
    pub unreached: Vec<UnreachedDevice>,
    /// What was said of it since, and what it answers.
    pub annotations: Annotations,
    /// Who has said it: of what others have said in a room alone.
    pub author: Option<Author>,
}

/// How a message of ours was encrypted when it last went out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealing {
    /// In which versions: each device got it in the newest one that it has. None, where it never went out encrypted.
    pub versions: Vec<OmemoVersion>,
    /// For how many devices it was not encrypted because their owner has more than are looked at.
    pub beyond: u32,
}

/// A device that can't read a message of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreachedDevice {
    /// Whose: the other side's, or our own.
    pub jid: BareJid,
    /// Which.
    pub device: DeviceId,
    /// What its owner called it when the message was sent (omemo:2 only); at most 53 characters.
    pub label: Option<String>,
    /// Why.
    pub why: Unreached,
}

/// Whether somebody is writing (XEP-0085 2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChatState {
    /// Looking at the conversation, not writing.
    #[default]
    Active,
    /// Writing.
    Composing,
    /// Stopped writing for a moment.
    Paused,
    /// Not looking.
    Inactive,
    /// Closed the conversation.
    Gone,
}
