//! What has happened, for the app.
//!
//! An event says *that* something changed, and where; the app reads *what* from the ledger. Only what is not stored
//! (presence, typing, the connection) travels in the event itself.

use std::time::Duration;

use crate::{
    BareJid, ChatState, DeviceId, FastToken, Invitation, InvitationKind, InvitationsOffered, InviteToken,
    MessageId, Presence, Problem, ProfilePart, ProfileWish, Readiness, Repair, RoomState, Storage,
};

/// What has happened in one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The connection is in another state.
    ConnectionChanged(Connection),
    /// The account's own row changed.
    AccountChanged,
    /// Many contacts changed: read the roster anew.
    RosterChanged,
    /// One contact's name, groups, subscription, nickname, picture or blocking changed.
    ContactChanged(BareJid),
    /// A subscription request came or went.
    RequestsChanged,
    /// A conversation's messages, counts or draft changed.
    ConversationChanged(BareJid),
    /// A message is really new and from the peer: worth a notification. Comes with `ConversationChanged`.
    MessageReceived {
        /// From whom.
        peer: BareJid,
        /// Which.
        id: MessageId,
    },
    /// All messages of a conversation up to this one were read: notifications can go.
    ConversationRead(BareJid),
    /// A contact's availability changed.
    PresenceChanged {
        /// Whose.
        peer: BareJid,
        /// What it is now.
        presence: Presence,
    },
    /// Every presence that was known is void (we went offline).
    PresenceForgotten,
    /// A peer's typing state changed.
    ChatStateChanged {
        /// Whose.
        peer: BareJid,
        /// What it is now.
        state: ChatState,
    },
    /// Devices, keys or decisions of somebody changed.
    KeysChanged(BareJid),
    /// Another copy of this device has sent something under this number. For the brain, which makes new keys.
    CopySeen(DeviceId),
    /// Whether a message to somebody could be encrypted is another than before.
    ReadinessChanged {
        /// To whom.
        peer: BareJid,
        /// What it is now.
        readiness: Readiness,
    },
    /// Beginning anew with somebody's devices goes on.
    RepairChanged {
        /// With whose.
        jid: BareJid,
        /// How far it has got.
        repair: Repair,
    },
    /// Our own name or picture is published as that was asked. What it is now is in the account's row.
    ProfilePublished(ProfileWish),
    /// The server has taken the new password of [`crate::Command::ChangePassword`]: keep it in place of the old one. It is in use already.
    PasswordChanged,
    /// What signs in in place of the password from now on, or that nothing does any more: to be kept in the keyring, or forgotten there.
    FastTokenChanged(Option<FastToken>),
    /// The account is gone from its server, and we are offline. What is on this machine is for the app to remove.
    AccountDeleted,
    /// Which invitations the server gives.
    InvitationsOffered(InvitationsOffered),
    /// An invitation can be handed out.
    InvitationMade(Invitation),
    /// Somebody showed a token of ours, which is used up by it, and is a contact now.
    InvitationUsed(BareJid, InviteToken),
    /// How far adding many contacts has got; over when `waiting` is 0. Who could not be added is told by
    /// [`Notice::ContactNotAdded`].
    AddingContacts {
        /// How many have been asked, or were contacts already.
        done: u32,
        /// How many could not be added.
        failed: u32,
        /// How many wait.
        waiting: u32,
    },
    /// What was missed is being fetched.
    CatchUp(CatchUp),
    /// What the provider keeps of a conversation has come, or will not.
    OlderFetched {
        /// Which conversation.
        peer: BareJid,
        /// Whether nothing older is left there.
        whole: bool,
    },
    /// Things stand otherwise with a room.
    RoomChanged {
        /// Which.
        room: BareJid,
        /// How they stand now.
        state: RoomState,
    },
    /// The disk takes nothing for now, or takes it again.
    StorageChanged(Storage),
    /// Something that the person should hear.
    Notice(Notice),
}

/// How far what was missed has been fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchUp {
    /// It is being fetched.
    Fetching {
        /// So many so far.
        messages: u32,
    },
    /// Everything is here.
    Done,
    /// It is not fetched any further, for now.
    Stopped,
}

/// The state of an account's connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Offline because the person wants it so.
    Offline,
    /// Looking the server up, connecting, agreeing on encryption.
    Connecting,
    /// Signing in.
    SigningIn,
    /// Ready.
    Online,
    /// Offline, will try again by itself.
    Waiting {
        /// Why.
        problem: Problem,
        /// In how long, from the event on.
        retry_in: Duration,
    },
    /// Offline until the person does something.
    Stopped(Problem),
}

/// Something that the person should hear, besides what screens show by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// The server takes the password only as it is (PLAIN): ask whether that may be.
    PlainOnly,
    /// A contact could not be added.
    ContactNotAdded {
        /// Whom.
        jid: BareJid,
        /// Why.
        problem: Problem,
    },
    /// Changing, removing, blocking or unblocking somebody did not work.
    ContactNotChanged {
        /// Whom.
        jid: BareJid,
        /// Why.
        problem: Problem,
    },
    /// Something came from somebody that could not be read at all.
    Unreadable {
        /// From whom, if that could be read.
        from: Option<BareJid>,
    },
    /// The server did not give the contacts. Those of the last time are shown.
    NoRoster(Problem),
    /// What was asked could not be written to the disk, and will not be. What only waits for the disk is told by
    /// [`Event::StorageChanged`].
    NotStored(Problem),
    /// The server keeps no messages: what other devices get while this one is away does not come here.
    NoArchive,
    /// What was read can't be told to our other devices: the server does not keep it to ourselves.
    ReadingNotShared,
    /// A device that was known has another key: somebody may have taken its place.
    KeyReplaced {
        /// Whose.
        jid: BareJid,
        /// Which device.
        device: DeviceId,
    },
    /// A device that was not known before is on a list of the account's devices: what is written goes to it too.
    NewOwnDevice {
        /// Which device.
        device: DeviceId,
    },
    /// The account has new keys: the old ones could no longer be used.
    KeysRenewed,
    /// Another program seems to use this device's keys, and they were renewed for that reason a short time ago: they stay.
    KeysUsedElsewhere,
    /// The account's keys could not be published: others can't write to this device encrypted.
    KeysNotPublished(Problem),
    /// Our name or picture could not be published; the one before stays.
    ProfileNotPublished {
        /// What was asked.
        wish: ProfileWish,
        /// Why.
        problem: Problem,
    },
    /// The password stays what it was.
    PasswordNotChanged(Problem),
    /// Whether the server has the new password is not known. It will be found out when we next connect: nothing is to be done.
    PasswordUncertain,
    /// The account could not be deleted: it is as it was, unless the problem is [`Problem::ConnectionLost`] or [`Problem::TimedOut`];
    /// then it may be gone, and the next sign-in shows it.
    AccountNotDeleted(Problem),
    /// That we moved, or did not, could not be announced.
    MoveNotAnnounced(Problem),
    /// An invitation could not be made. [`Problem::NotSupported`]: the server gives none of that kind to us.
    InvitationNotMade {
        /// To what.
        kind: InvitationKind,
        /// Why.
        problem: Problem,
    },
}

/// What an event is about. A later event with the same key makes an earlier one that was not yet seen needless.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EventKey {
    /// The connection.
    Connection,
    /// The account's row.
    Account,
    /// The roster.
    Roster,
    /// One contact.
    Contact(BareJid),
    /// Requests.
    Requests,
    /// One conversation.
    Conversation(BareJid),
    /// The newest message of one conversation.
    Received(BareJid),
    /// What was read of one conversation.
    Read(BareJid),
    /// One contact's availability.
    Presence(BareJid),
    /// All availability.
    Presences,
    /// One peer's typing.
    ChatState(BareJid),
    /// One person's keys.
    Keys(BareJid),
    /// Another copy of this device.
    Copy,
    /// Whether messages to one person can be encrypted.
    Readiness(BareJid),
    /// How beginning anew with one person goes on.
    Repair(BareJid),
    /// A part of our own profile.
    Profile(ProfilePart),
    /// The account's password.
    Password,
    /// What signs in in place of it.
    FastToken,
    /// The account's end.
    Deletion,
    /// Which invitations there are.
    InvitationsOffered,
    /// One invitation.
    Invitation(Invitation),
    /// Somebody who was invited.
    InvitationUsed(BareJid),
    /// Adding many contacts.
    Adding,
    /// What was missed.
    CatchUp,
    /// Older messages of one conversation.
    Older(BareJid),
    /// One room.
    Room(BareJid),
    /// What the disk takes.
    Storage,
    /// One notice.
    Notice(Notice),
}

impl Event {
    /// What the event is about.
    pub fn key(&self) -> EventKey {
        match self {
            Self::ConnectionChanged(_) => EventKey::Connection,
            Self::AccountChanged => EventKey::Account,
            Self::RosterChanged => EventKey::Roster,
            Self::ContactChanged(jid) => EventKey::Contact(jid.clone()),
            Self::RequestsChanged => EventKey::Requests,
            Self::ConversationChanged(peer) => EventKey::Conversation(peer.clone()),
            Self::MessageReceived { peer, .. } => EventKey::Received(peer.clone()),
            Self::ConversationRead(peer) => EventKey::Read(peer.clone()),
            Self::PresenceChanged { peer, .. } => EventKey::Presence(peer.clone()),
            Self::PresenceForgotten => EventKey::Presences,
            Self::ChatStateChanged { peer, .. } => EventKey::ChatState(peer.clone()),
            Self::KeysChanged(jid) => EventKey::Keys(jid.clone()),
            Self::CopySeen(_) => EventKey::Copy,
            Self::ReadinessChanged { peer, .. } => EventKey::Readiness(peer.clone()),
            Self::RepairChanged { jid, .. } => EventKey::Repair(jid.clone()),
            Self::ProfilePublished(wish) => EventKey::Profile(wish.part()),
            Self::PasswordChanged => EventKey::Password,
            Self::FastTokenChanged(_) => EventKey::FastToken,
            Self::AccountDeleted => EventKey::Deletion,
            Self::InvitationsOffered(_) => EventKey::InvitationsOffered,
            Self::InvitationMade(invitation) => EventKey::Invitation(invitation.clone()),
            Self::InvitationUsed(jid, _) => EventKey::InvitationUsed(jid.clone()),
            Self::AddingContacts { .. } => EventKey::Adding,
            Self::CatchUp(_) => EventKey::CatchUp,
            Self::OlderFetched { peer, .. } => EventKey::Older(peer.clone()),
            Self::RoomChanged { room, .. } => EventKey::Room(room.clone()),
            Self::StorageChanged(_) => EventKey::Storage,
            Self::Notice(notice) => EventKey::Notice(notice.clone()),
        }
    }
}
