//! Who may read what: the keys of people's devices, the decisions about them, and how a message was protected.

use crate::{
    BareJid, DeviceId, Direction, Fingerprint, OmemoVersion, OriginId, Problem, StanzaId, Timestamp,
    Unreadable,
};

/// What is decided about a key. Messages go to blindly trusted and verified keys alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Trust {
    /// Nothing: the key came after another one of the same person was verified, or its device changed it.
    #[default]
    Undecided,
    /// Taken as it came, because no key of that person was ever verified.
    Blind,
    /// A person has compared it.
    Verified,
    /// A person does not want it.
    Distrusted,
}

impl Trust {
    /// Whether messages may be encrypted to such a key.
    pub fn may_read(self) -> bool {
        matches!(self, Self::Blind | Self::Verified)
    }
}

/// The identity key of a device that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceKey {
    /// Whose.
    pub jid: BareJid,
    /// Under which number it was last seen.
    pub device: DeviceId,
    /// The key.
    pub fingerprint: Fingerprint,
    /// What is decided.
    pub trust: Trust,
    /// The name that its owner gave the device (omemo:2 only); at most 53 characters.
    pub label: Option<String>,
    /// When the key was first seen.
    pub first_seen: Timestamp,
    /// When something encrypted by it last came.
    pub last_used: Option<Timestamp>,
    /// Whether its device is still on a list of its owner.
    pub standing: Standing,
}

/// A device on a list of its owner of which no key is known: nothing can be encrypted for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeylessDevice {
    /// Its number.
    pub device: DeviceId,
    /// The name that its owner gave it (omemo:2 only); at most 53 characters.
    pub label: Option<String>,
    /// Whether a person still wants it there.
    pub standing: Standing,
}

/// What a person is to have seen of their own devices: it is told again in each run until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alarm {
    /// Another device was added to the account.
    NewDevice(DeviceId),
    /// This device has new keys.
    KeysRenewed,
}

/// What a person has decided about a key, here or on another device of theirs, as far as it is kept for later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whose key.
    pub jid: BareJid,
    /// Which.
    pub fingerprint: Fingerprint,
    /// What: verified or distrusted.
    pub trust: Trust,
    /// When, by the clock of the device where it was decided.
    pub at: Timestamp,
    /// What it waits for.
    pub awaits: Awaits,
}

/// What a decision is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Awaits {
    /// Our other devices are to hear of it (XEP-0450 0.4.0).
    Telling,
    /// Another device of ours has told it, and the key was not seen here yet.
    Key,
}

/// What a device of ours has told of a key, whose own key was not compared yet: it counts when that is (XEP-0450 0.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The key of the device that has told it.
    pub teller: Fingerprint,
    /// Whose key it is about.
    pub jid: BareJid,
    /// Which.
    pub fingerprint: Fingerprint,
    /// What: verified or distrusted.
    pub trust: Trust,
    /// When it was decided, by the clock of the device that has told it, or by ours where that is ahead.
    pub at: Timestamp,
    /// When it was told.
    pub since: Timestamp,
}

/// Tells some bytes that came from others: the first 16 of their SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark(pub [u8; 16]);

/// How many messages are remembered as read, of one account.
pub const MOST_READ: usize = 50_000;

/// An encrypted message that can't be read yet, as much of it as is needed to read it: until a person has decided about a key, for a moment, or
/// until what was written before it has come.
#[derive(Clone, PartialEq, Eq)]
pub struct Held {
    /// Tells it from others.
    pub mark: Mark,
    /// With whom.
    pub peer: BareJid,
    /// Whose it is.
    pub direction: Direction,
    /// What its author called it.
    pub origin: Option<OriginId>,
    /// What our archive called it.
    pub archived: Option<StanzaId>,
    /// When it was sent, as its row has it.
    pub at: Timestamp,
    /// Why it can't be read, as its row says.
    pub why: Unreadable,
    /// Since when it is kept.
    pub since: Timestamp,
    /// The pre-keys that it needs, sealed.
    pub keys: Option<Vec<u8>>,
    /// The stanza, as XML.
    pub stanza: String,
}

impl std::fmt::Debug for Held {
    /// Stanzas are not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { mark, peer, direction, origin, archived, at, why, since, keys: _, stanza } = self;
        let size = stanza.len();
        write!(
            f,
            "Held({mark:?}, {peer}, {direction:?}, {origin:?}, {archived:?}, {at:?}, {why:?}, {since:?}, {size} bytes)"
        )
    }
}

/// What became of a message that was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LetGo {
    /// It is a message, or stays one that can't be read.
    Stays,
    /// It says nothing by itself: the row that stands for it goes.
    Leaves,
    /// It can't be read, and the row that stands for it says why from now on.
    Says(Unreadable),
}

/// Why a device can't read a message that it might have been for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unreached {
    /// Its keys could not be fetched, or are no good.
    NoKeys,
    /// Nobody has decided yet about its key.
    Undecided,
    /// A person does not want it to.
    Distrusted,
}

/// How beginning anew with all devices of somebody goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repair {
    /// It is done as soon as we are online.
    Waiting,
    /// New keys are being agreed on.
    Begun,
    /// There are new sessions with one device at least, which was told so.
    Done,
    /// Of no device the keys could be fetched.
    Failed,
}

/// Names what is shared with one device in one version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionName {
    /// Whose device.
    pub jid: BareJid,
    /// Which.
    pub device: DeviceId,
    /// In which version.
    pub version: OmemoVersion,
}

/// Whether a device is still its owner's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Standing {
    /// On a list of devices of its owner.
    #[default]
    Listed,
    /// On it still: one of ours that a person does not want there any more.
    Unwanted,
    /// No longer.
    Gone,
}

/// How a message was protected on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Protection {
    /// Not at all beyond the connections to the providers, which could read it.
    #[default]
    Clear,
    /// End to end.
    Encrypted(Option<Seal>),
}

/// Which key a received message came from, and what was decided about it by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seal {
    /// In which version.
    pub version: OmemoVersion,
    /// The identity key of the device that encrypted it.
    pub fingerprint: Fingerprint,
    /// What was decided about that key when the message came, or as soon as its device was on a list.
    pub trust: Trust,
    /// When the device says that it has written it, where that is more than a day from when the message was sent as far as the servers
    /// know (XEP-0420 0.4.1, `<time/>`; omemo:2 only).
    pub written: Option<Timestamp>,
}

/// What a person wants of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Privacy {
    /// Encrypted end to end, or not sent.
    #[default]
    Encrypted,
    /// Sent in clear, because the person chose so for this conversation.
    Clear,
}

/// Whether a message to somebody could be encrypted now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Readiness {
    /// Not known yet: their keys have to be asked for first.
    #[default]
    Unknown,
    /// Being asked for.
    Looking,
    /// Yes.
    Ready,
    /// They have no device that can read encrypted messages.
    NoKeys,
    /// They have, or may have, and the keys of none can be had now. What is written waits.
    OutOfReach,
    /// A person has to decide about their keys first.
    Undecided,
    /// A person has refused all of their keys.
    Distrusted,
    /// Encryption is not set up here, because the account's keys can't be read or published.
    Unavailable,
}

/// The key that seals the account's own keys on the disk. Wiped when dropped, never shown.
#[derive(Clone, PartialEq, Eq, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct VaultKey(pub [u8; 32]);

impl std::fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VaultKey(…)")
    }
}

/// What is known of the key that seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vault {
    /// It is there, and what it seals goes on from where it was.
    Open(VaultKey),
    /// It is there, but what it seals is not what was left last: a backup was restored, or a second copy is in use. New keys are
    /// made.
    Broken(VaultKey),
    /// It is being asked for: nobody goes online before it is known, as what comes encrypted could not be read.
    Awaited,
    /// It can't be read now: the keyring is locked.
    Locked,
    /// It can't be read, and no keyring has it: its file is damaged, or the disk is.
    Unreadable,
    /// Something else is in the way: a full disk, for instance.
    Failed(Problem),
}
