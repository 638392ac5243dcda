//! What an account's brain starts from: the ledger's memory of the last run.

use crate::{
    Account, Alarm, AvatarHash, BareJid, Capabilities, Decision, DeviceId, Fingerprint, Held, IssuedToken,
    Mark, OmemoVersion, OriginId, Privacy, Purpose, Reached, Reading, Room, RosterItem, SessionName,
    SubscriptionRequest, Timestamp, Told, Trust, Unread, UserAgentId,
};

/// Everything that the ledger gives to a brain at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The account's row; its roster version belongs to `roster`.
    pub account: Account,
    /// The roster as last seen.
    pub roster: Vec<RosterItem>,
    /// Who is blocked.
    pub blocked: Vec<BareJid>,
    /// Who waits for an answer.
    pub requests: Vec<SubscriptionRequest>,
    /// Outgoing messages that the provider has not taken, in the order they were written. Those to rooms are not among them.
    pub pending: Vec<PendingMessage>,
    /// The verified sets of features that are known, the oldest first: the newest 500.
    pub capabilities: Vec<Capabilities>,
    /// Who has which picture, its bytes being stored.
    pub avatars: Vec<(BareJid, AvatarHash)>,
    /// With whom there is a conversation, those we have written to first, then the last active first, not more than 2,000. Rooms are not among them.
    pub conversations: Vec<BareJid>,
    /// Up to where everything of our archive is here.
    pub archive: Option<Reached>,
    /// Something is missing between there and that time, though what is newer is here (as in [`crate::Change::ArchiveGap`]).
    pub gap: Option<Timestamp>,
    /// When it was asked for the first time, if that is known.
    pub asked: Option<Timestamp>,
    /// What encryption starts from.
    pub encryption: RestoredEncryption,
    /// By what the server knows this installation, if it was told.
    pub user_agent: Option<UserAgentId>,
    /// Tokens of ours that are still good, the oldest first.
    pub tokens: Vec<IssuedToken>,
    /// What has been told of reading, and what is still to be: not more than 2,000 conversations, the last active first.
    pub reading: Vec<Reading>,
    /// The newest messages that were not read, in the order of their conversations: not more than 5,000.
    pub unread: Vec<Unread>,
    /// The rooms that the person wants to be in, by address: not more than [`crate::MOST_ROOMS`].
    pub rooms: Vec<Room>,
    /// What has been written to rooms and has not come back from them, in the order it was written.
    pub said: Vec<PendingMessage>,
    /// The rooms that the person does not want to be in any more: what is written there is no message to a person.
    pub left_rooms: Vec<BareJid>,
}

/// What encryption starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestoredEncryption {
    /// Which device this is, and its own keys, sealed.
    pub own: Option<(DeviceId, Vec<u8>)>,
    /// What is shared with devices of others and our own other ones, sealed.
    pub sessions: Vec<(SessionName, Vec<u8>)>,
    /// The lists of devices, as last seen; one that is empty is here too, one that was never seen is not.
    pub lists: Vec<(BareJid, OmemoVersion, Vec<DeviceId>)>,
    /// The keys that were seen, with the device and what is decided, and when a person has; of those of one device the newest last.
    pub keys: Vec<(BareJid, DeviceId, Fingerprint, Trust, Option<Timestamp>)>,
    /// Decisions that wait for something.
    pub decisions: Vec<Decision>,
    /// What devices have told whose keys were not compared yet.
    pub told: Vec<Told>,
    /// Under the number of which device another copy of it was seen (see [`crate::Change::MessageCopied`]).
    pub copied: Option<DeviceId>,
    /// When there were new keys last for that reason.
    pub renewed: Option<Timestamp>,
    /// Devices of our own that are to be taken off our lists.
    pub unwanted: Vec<DeviceId>,
    /// What the person has not seen yet of our own devices.
    pub alarms: Vec<Alarm>,
    /// Conversations that a person has chosen not to be encrypted.
    pub clear: Vec<BareJid>,
    /// To whom a person has written: they are no strangers, contacts or not.
    pub partners: Vec<BareJid>,
    /// Of whom a person has compared or refused a key: their new ones wait for a decision.
    pub careful: Vec<BareJid>,
    /// Keys that were seen before their devices were on a list.
    pub early: Vec<(BareJid, Fingerprint)>,
    /// Messages that could not be read yet, the oldest first.
    pub held: Vec<Held>,
    /// Whether there are rows that stand for messages which are to come again.
    pub awaits_early: bool,
    /// What was read last, the oldest first (see [`crate::Change::KeyRead`]).
    pub read: Vec<Mark>,
}

/// An outgoing message that waits.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingMessage {
    /// To whom.
    pub peer: BareJid,
    /// What we called it.
    pub id: OriginId,
    /// Its text.
    pub body: String,
    /// When it was written.
    pub at: Timestamp,
    /// Whether it is to be encrypted: what was chosen when it was written, or since.
    pub privacy: Privacy,
    /// Whether it may have left.
    pub left: Left,
    /// What it is for.
    pub purpose: Purpose,
}

/// Whether a message that waits may have left this machine before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Left {
    /// It may have: the ledger has no word of it.
    #[default]
    Unknown,
    /// For certain not, in any run.
    Never,
    /// Encrypted.
    Sealed,
    /// In clear, to a room.
    Clear,
}

impl std::fmt::Debug for PendingMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { peer, id, body, at, privacy: _, left: _, purpose } = self;
        write!(f, "PendingMessage({peer}, {id:?}, {} bytes, {at:?}, {purpose:?})", body.len())
    }
}
