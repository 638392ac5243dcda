//! What a person asks of an account. Commands have no answers: what came of one is told by events.

use crate::{
    Alarm, BareJid, ChatState, ClientState, Confirming, DeviceId, Emoji, FastToken, Fingerprint,
    InvitationKind, InviteToken, MessageId, NewContact, Nick, OriginId, OwnPicture, OwnPresence, Password,
    Privacy, PrivateText, Reply, ServerAddress, Sharing, StanzaId, Timestamp, Trust, Vault,
};

/// What a person asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Go online and stay so. Also tries again at once after a problem.
    Connect,
    /// Say goodbye and stay offline.
    Disconnect,
    /// The network came back or changed, or the machine woke up: try now, check a connection that seems alive.
    NetworkChanged,
    /// The password to use from now on.
    SetPassword(Password),
    /// What the server has given to sign in with in place of the password ([`crate::Event::FastTokenChanged`]), from the keyring. To be
    /// given after the password, which voids it.
    SetFastToken(FastToken),
    /// Whether somebody is looking.
    SetClientState(ClientState),
    /// The person's answer to [`crate::Notice::PlainOnly`]: the password may be sent as it is, inside TLS.
    AllowPlain,
    /// The person's answer to [`crate::Problem::Downgrade`]: go on with what the server offers now. That is the strongest it has
    /// ever offered from then on; whether the password may be sent as it is is asked anew.
    AllowWeaker,
    /// Show this to contacts.
    SetPresence(OwnPresence),
    /// What to tell of this machine to contacts who ask.
    SetSharing(Sharing),
    /// What to tell people of their messages.
    SetConfirming(Confirming),
    /// Send a message. The asker makes the identifier, so that asking twice sends once.
    SendMessage {
        /// What to call it.
        id: OriginId,
        /// To whom.
        peer: BareJid,
        /// The text; empty or blank text is not sent.
        body: PrivateText,
    },
    /// Send a failed message again.
    RetryMessage {
        /// Which.
        id: OriginId,
        /// To whom it was.
        peer: BareJid,
        /// Its text, as stored: the brain keeps none of what has failed.
        body: PrivateText,
        /// What it answers.
        reply: Option<Reply>,
    },
    /// Send a message that answers another (XEP-0461 0.2.1).
    SendReply {
        /// What to call it.
        id: OriginId,
        /// To whom.
        peer: BareJid,
        /// The text; empty or blank text is not sent.
        body: PrivateText,
        /// What it answers.
        reply: Reply,
    },
    /// Say what a message of ours was meant to be (XEP-0308 1.2.1).
    CorrectMessage {
        /// What to call the correction.
        id: OriginId,
        /// To whom the message went.
        peer: BareJid,
        /// The message.
        target: OriginId,
        /// How the message was protected, as the ledger has it. Of one that was encrypted nothing is said in clear, wherever: this goes
        /// encrypted, or fails with [`crate::Problem::NotEncrypted`].
        target_privacy: Privacy,
        /// The text; empty or blank text corrects nothing.
        body: PrivateText,
    },
    /// Ask that a message of ours be forgotten (XEP-0424 0.4.2). Here it is gone for good.
    RetractMessage {
        /// What to call the request.
        id: OriginId,
        /// To whom the message went.
        peer: BareJid,
        /// The message.
        target: OriginId,
        /// As in [`Command::CorrectMessage`].
        target_privacy: Privacy,
        /// What people read whose program does not know of such requests.
        fallback: String,
    },
    /// React to a message with these, and no others any more (XEP-0444 0.2.1).
    React {
        /// What to call it.
        id: OriginId,
        /// In which conversation.
        peer: BareJid,
        /// To which message.
        target: OriginId,
        /// As in [`Command::CorrectMessage`].
        target_privacy: Privacy,
        /// With what; none takes all away. Of more than [`crate::MOST_REACTIONS`] the first count.
        emoji: Vec<Emoji>,
    },
    /// Do not send a message that waits. What was on its way may arrive all the same, and then says so.
    CancelMessage {
        /// Which.
        id: OriginId,
        /// To whom it was.
        peer: BareJid,
    },
    /// Tell the peer whether we are writing.
    SetChatState {
        /// Whom to tell.
        peer: BareJid,
        /// What.
        state: ChatState,
    },
    /// Whether messages to somebody are encrypted: the person's own choice for that conversation.
    SetPrivacy {
        /// In which conversation.
        peer: BareJid,
        /// What.
        privacy: Privacy,
    },
    /// The key that seals the account's keys on the disk.
    OpenVault(Vault),
    /// A conversation is looked at: learn what is needed to encrypt in it.
    LookUpKeys(BareJid),
    /// The devices of somebody else are looked at, on their page or to be compared: learn the keys that are missing. With nobody, none are
    /// looked at any more, and nothing more is asked.
    LookAtDevices(Option<BareJid>),
    /// The person decided about a key.
    DecideTrust {
        /// Whose key.
        jid: BareJid,
        /// Which.
        fingerprint: Fingerprint,
        /// What.
        trust: Trust,
    },
    /// Take one of our own devices off our list.
    RemoveDevice(DeviceId),
    /// The person has seen that, and needs to hear of it no more.
    AlarmSeen(Alarm),
    /// The person looks at our own devices, and sees all that are new.
    OwnDevicesSeen,
    /// Begin anew with all devices of somebody, because their messages can't be read.
    RepairSessions(BareJid),
    /// Everything up to this message was read.
    MarkRead {
        /// In which conversation.
        peer: BareJid,
        /// The last one that was seen.
        up_to: MessageId,
        /// What its author called the last of theirs that was seen, so that they can be told.
        origin: Option<OriginId>,
        /// What our archive calls the last one that was seen and that it has, so that our other devices can be told.
        archived: Option<StanzaId>,
    },
    /// Fetch what the provider keeps of a conversation from before that time. Answered by [`crate::Event::OlderFetched`].
    FetchOlder {
        /// Which conversation.
        peer: BareJid,
        /// When the oldest message was that is here.
        before: Timestamp,
    },
    /// Do not wait for what was missed: it is fetched at the next sign-in, or when it is asked for.
    StopCatchUp,
    /// Fetch what was missed after all, where that has stopped.
    StartCatchUp,
    /// Keep what was typed; empty text removes the draft.
    SaveDraft {
        /// In which conversation.
        peer: BareJid,
        /// The text.
        text: PrivateText,
    },
    /// Start (or show) a conversation.
    OpenConversation(BareJid),
    /// Put somebody on the roster, ask to see their presence and let them see ours.
    AddContact {
        /// Whom.
        jid: BareJid,
        /// The name to give them.
        name: Option<String>,
        /// Groups to put them into.
        groups: Vec<String>,
        /// What their invitation gave us to show (XEP-0379 0.3.3 §3.4).
        preauth: Option<InviteToken>,
    },
    /// Add many, one after the other at a pace that no server minds; more are put behind those that still wait, 5,000 at most. Who is
    /// seen already is passed over. While offline it pauses; it is for the one who orders it to do so again after a restart. Told of by
    /// [`crate::Event::AddingContacts`].
    AddContacts {
        /// Whom.
        contacts: Vec<NewContact>,
        /// Our old address, which they are told we moved from (XEP-0283 0.2.0 §4.2): to be asked of the *new* account, when the old one
        /// has announced it ([`Command::AnnounceMove`]).
        moved_from: Option<BareJid>,
    },
    /// Add none of those that still wait.
    StopAddingContacts,
    /// Change name and groups of a contact.
    EditContact {
        /// Whom.
        jid: BareJid,
        /// The name to give them; none removes it.
        name: Option<String>,
        /// All groups they are in from now on.
        groups: Vec<String>,
    },
    /// Take somebody off the roster, which ends both subscriptions.
    RemoveContact(BareJid),
    /// Let somebody see our presence, and ask to see theirs unless we do.
    AcceptRequest(BareJid),
    /// Do not let somebody see our presence.
    DeclineRequest(BareJid),
    /// Block somebody (XEP-0191 1.3).
    Block(BareJid),
    /// Unblock somebody.
    Unblock(BareJid),
    /// Call ourselves so before others (XEP-0172 1.1), or nothing any more. What is asked while offline is done when online; then
    /// [`crate::Event::ProfilePublished`], else [`crate::Notice::ProfileNotPublished`].
    PublishName(Option<String>),
    /// Show this picture of ourselves (XEP-0084 1.1.4), or none any more. Answered as [`Command::PublishName`].
    PublishPicture(Option<OwnPicture>),
    /// Change the password on the server (XEP-0077 2.4 §3.3), which takes being online. The old one stays in use until the server has
    /// said yes: [`crate::Event::PasswordChanged`]; no is [`crate::Notice::PasswordNotChanged`]. When no answer comes, that is
    /// [`crate::Notice::PasswordUncertain`]: the next time we connect, the new one is tried once, and if it is wrong the old one once,
    /// and then one of the two is told.
    ChangePassword(Password),
    /// Delete the account on the server for good (XEP-0077 2.4 §3.2), which takes being online. [`crate::Event::AccountDeleted`] when it
    /// is gone, else [`crate::Notice::AccountNotDeleted`]. Nothing is removed from this machine.
    DeleteAccount,
    /// Connect elsewhere in place of what DNS says, or as DNS says again: at once, where we are to be online.
    SetServer(Option<ServerAddress>),
    /// Tell all who see us that we are at another address now (XEP-0283 0.2.0 §4.1), or take it back. Asked of the *old* account, online.
    /// The account's row says it then, else [`crate::Notice::MoveNotAnnounced`].
    AnnounceMove(Option<BareJid>),
    /// Enter a room (XEP-0045), and again at each sign-in until it is left. What comes of it is told by [`crate::Event::RoomChanged`].
    JoinRoom {
        /// Which.
        room: BareJid,
        /// What we want to be called there.
        nick: Nick,
    },
    /// Leave a room. What waits to be sent there has failed then.
    LeaveRoom(BareJid),
    /// Say something in a room that we are in, or want to be in: in clear, as rooms are. What is said of messages there, and answers them, is
    /// said as elsewhere ([`Command::SendReply`], [`Command::CorrectMessage`], [`Command::RetractMessage`], [`Command::React`]), and names
    /// them as the room does ([`crate::Message::archived`]), but for corrections.
    SendRoomMessage {
        /// What to call it.
        id: OriginId,
        /// Where.
        room: BareJid,
        /// The text; empty or blank text is not sent.
        body: PrivateText,
    },
    /// Ask which invitations the server gives (XEP-0401 0.6.0 §3): [`crate::Event::InvitationsOffered`].
    LookUpInvitations,
    /// Make an invitation: [`crate::Event::InvitationMade`], else [`crate::Notice::InvitationNotMade`]. Where the server makes none to
    /// become a contact, this program does, and lets the bearer in itself once, within a week.
    MakeInvitation {
        /// To what.
        kind: InvitationKind,
        /// The name that the new account is to have; none leaves it to the bearer.
        name: Option<String>,
    },
}
