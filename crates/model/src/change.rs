//! What is worth remembering: the brain says it, the ledger commits it, all of one step or nothing.
//!
//! Long because it is one list, and everything that is remembered is in it.

use crate::account::Activity;
use crate::{
    Alarm, Annotation, Avatar, AvatarHash, BareJid, Body, Capabilities, Confirming, Decision, DeviceId,
    Direction, Fingerprint, Held, InviteToken, IssuedToken, LetGo, Mark, Mechanism, MessageId, MessageState,
    Nick, OmemoVersion, OriginId, OwnPresence, Privacy, PrivateText, Protection, Reached, Reading, ReplyTo,
    RoomAnnotation, RoomMessage, RoomRetraction, RosterItem, Sealing, ServerAddress, SessionName, Sharing,
    StanzaId, SubscriptionRequest, Timestamp, Told, Trust, Unreached, Unreadable, UserAgentId,
};

/// One thing to remember of one account. Each is idempotent: committed twice it is as once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The whole roster, as the server gave it.
    RosterReplaced {
        /// Its version, where the server has versions.
        version: Option<String>,
        /// All entries.
        items: Vec<RosterItem>,
    },
    /// One roster entry is new or changed.
    RosterItemSet {
        /// The roster's version from now on.
        version: Option<String>,
        /// The entry.
        item: RosterItem,
    },
    /// One roster entry is gone.
    RosterItemRemoved {
        /// The roster's version from now on.
        version: Option<String>,
        /// Whose entry.
        jid: BareJid,
    },
    /// Somebody wants to see our presence.
    RequestReceived(SubscriptionRequest),
    /// A request was answered or withdrawn.
    RequestClosed(BareJid),
    /// A message, in or out. De-duplicated by the ledger: see [`NewMessage`].
    MessageAdded(NewMessage),
    /// The same of a message that an archive has given, and gives again as long as no later one is where everything was reached.
    MessageFetched(NewMessage),
    /// Something of an archive that is no news. It is kept as ever, and nobody is called for it.
    Past(Past, Box<Change>),
    /// A message under this device's own number, which may be one that another program has sent. Where the ledger has nothing of ours of
    /// that name, there is a copy of this device: the row says that something was written there, and [`crate::Event::CopySeen`] is told.
    MessageCopied {
        /// What its row says.
        message: NewMessage,
        /// This device's number.
        device: DeviceId,
        /// What else it is called.
        also: Option<OriginId>,
    },
    /// There are new keys because of a copy of this device, since then.
    CopyAnswered(Timestamp),
    /// An outgoing message, or what we say of one, has got further. The ledger never lets one fall back: what the provider has
    /// taken does not wait again, and what has arrived has not failed.
    MessageStateChanged {
        /// To whom it went.
        peer: BareJid,
        /// Which.
        id: OriginId,
        /// Where it stands now.
        state: MessageState,
    },
    /// An outgoing message is sent again, or still waits, and is to be protected in this way.
    MessageProtected {
        /// To whom it goes.
        peer: BareJid,
        /// Which.
        id: OriginId,
        /// How.
        protection: Protection,
    },
    /// Something is said of a message that is here, or may come. De-duplicated by the ledger: see [`Annotation`].
    Annotated(Annotation),
    /// The same by a device that is not trusted, with its seal: it counts as soon as something else is decided about the device's key, or the
    /// device is listed, and changes nothing before that. So much of it is kept for each conversation.
    AnnotationHeld(Annotation),
    /// A message goes out encrypted.
    MessageSealed {
        /// To whom it goes.
        peer: BareJid,
        /// Which.
        id: OriginId,
        /// How.
        sealing: Sealing,
        /// For which devices of the other side and of our own it is not, and why. Their names are in the ledger.
        unreached: Vec<(BareJid, DeviceId, Unreached)>,
    },
    /// A message to a person, or what we say of one, waits: it has not left, which counts until [`Change::MessageLeaves`].
    MessageWaits {
        /// To whom it goes.
        peer: BareJid,
        /// Which.
        id: OriginId,
    },
    /// One that waited goes out: from then on it may have arrived.
    MessageLeaves {
        /// To whom it goes.
        peer: BareJid,
        /// Which.
        id: OriginId,
    },
    /// The account's own keys, sealed.
    OwnKeysSet {
        /// Which device this is.
        device: DeviceId,
        /// The keys.
        sealed: Vec<u8>,
    },
    /// How things stand with a device of somebody, sealed.
    SessionSet {
        /// With which device.
        with: SessionName,
        /// The state.
        sealed: Vec<u8>,
    },
    /// Nothing is shared with any device of anybody any more.
    SessionsForgotten,
    /// Nothing is shared any more with this device.
    SessionForgotten(SessionName),
    /// Nothing is shared any more with the devices of this stranger, and those of their keys are forgotten about which no person has
    /// decided. Messages stay.
    StrangerForgotten(BareJid),
    /// A whole list of devices, as its owner published it.
    DevicesListed {
        /// Whose.
        jid: BareJid,
        /// Of which version.
        version: OmemoVersion,
        /// All that are on it, with the names that they were given.
        devices: Vec<(DeviceId, Option<String>)>,
    },
    /// A device has this key. What was decided about the key before stays.
    KeySeen {
        /// Whose.
        jid: BareJid,
        /// Which device.
        device: DeviceId,
        /// The key.
        fingerprint: Fingerprint,
        /// What is decided, unless something was before.
        trust: Trust,
        /// When.
        at: Timestamp,
    },
    /// A key is forgotten, unless a person has decided about it: its owner has had too many.
    KeyForgotten {
        /// Whose.
        jid: BareJid,
        /// The key.
        fingerprint: Fingerprint,
    },
    /// Something came that was encrypted by this key.
    KeyUsed {
        /// Whose.
        jid: BareJid,
        /// The key.
        fingerprint: Fingerprint,
        /// When.
        at: Timestamp,
    },
    /// A key that was just seen is of a device that is on no list: it is not trusted until that is.
    KeySeenEarly {
        /// Whose.
        jid: BareJid,
        /// The key.
        fingerprint: Fingerprint,
    },
    /// Its device is on a list now: it is trusted as it came, if nobody has decided about it.
    KeyListed {
        /// Whose.
        jid: BareJid,
        /// The key.
        fingerprint: Fingerprint,
    },
    /// A person has compared or refused a key of theirs: new ones wait for a decision from now on.
    CarefulAbout(BareJid),
    /// Something encrypted was read: a copy of it says nothing new. The last [`crate::MOST_READ`] are known.
    KeyRead(Mark),
    /// An encrypted message can't be read yet, and is kept, if there is a row that says so.
    MessageHeld(Held),
    /// Its row says from now on that it can't be read for that reason, and it is kept on.
    HeldWaits(Mark, Unreadable),
    /// It is kept no longer.
    HeldLetGo(Mark, LetGo),
    /// What our archive calls so has come again, and says nothing by itself: the row that stood for it, if any, goes.
    EarlySaysNothing {
        /// With whom.
        peer: BareJid,
        /// Who has sent it.
        direction: Direction,
        /// What it is called.
        stanza: StanzaId,
    },
    /// All that was to come again has: rows that still wait for that, and are not held, are read no more.
    EarlyOver,
    /// Something is decided about a key that was seen.
    TrustSet {
        /// Whose.
        jid: BareJid,
        /// The key.
        fingerprint: Fingerprint,
        /// What.
        trust: Trust,
        /// When that was decided, by the clock of the device where it was.
        at: Timestamp,
    },
    /// A decision waits for something. Of one key the latest counts.
    DecisionKept(Decision),
    /// A decision waits no longer: what it waited for has come, or it does not hold any more. One that is newer stays.
    DecisionDone(Decision),
    /// All that a device has told of keys which was not compared yet. It takes the place of what was kept of that device.
    ToldSet {
        /// The device's key.
        teller: Fingerprint,
        /// What.
        told: Vec<Told>,
    },
    /// One of our own devices is to be taken off our lists as soon as that can be done.
    DeviceUnwanted(DeviceId),
    /// It was taken off, or there is nothing of it.
    DeviceRemoved(DeviceId),
    /// Something of our own devices is to be seen by the person, in this run or a later one.
    AlarmRaised(Alarm),
    /// The person has seen it.
    AlarmSeen(Alarm),
    /// Whether messages to somebody are encrypted.
    PrivacySet {
        /// In which conversation.
        peer: BareJid,
        /// What.
        privacy: Privacy,
    },
    /// All messages up to this one were read.
    ReadUpTo {
        /// In which conversation.
        peer: BareJid,
        /// The last that was seen.
        id: MessageId,
    },
    /// The peer has read a message of ours and what was sent before it.
    ReadByPeer {
        /// Who.
        peer: BareJid,
        /// The last of ours that they have seen.
        id: OriginId,
    },
    /// The person has read a message on another device, and what came before it.
    ReadElsewhere {
        /// In which conversation.
        peer: BareJid,
        /// What its author called it.
        id: OriginId,
    },
    /// The person has read up to a message on another device, as the account itself remembers. It may come later.
    Displayed {
        /// In which conversation.
        peer: BareJid,
        /// What our archive calls it.
        stanza: StanzaId,
    },
    /// Everything that an archive has is here, up to that message.
    ArchiveReached {
        /// Whose archive: our own address for one-to-one messages.
        archive: BareJid,
        /// The message.
        reached: Reached,
    },
    /// A message has come up to which everything seems to be here. Where the archive is reached up to there later ([`Change::ArchiveReached`]),
    /// what has come since counts as after it. Not remembered beyond the run.
    ArchivePassed {
        /// Whose archive.
        archive: BareJid,
        /// What the archive calls the message.
        id: String,
        /// When the list that it is in was begun; nothing, where it has come by itself.
        since: Option<Timestamp>,
    },
    /// An archive is about to be asked for the first time: what is there from before that is no news ([`Past::BeforeUs`]), and what was said since
    /// is, even where the first answer comes much later. Of a room without an archive: it has told what it tells of before, for the first time.
    ArchiveAsked {
        /// Whose archive.
        archive: BareJid,
        /// When that is, by our clock.
        at: Timestamp,
    },
    /// Between there and that time something is still missing, though what is newer is here; or, where that time is not after it, some of what is
    /// before that time is, as the first sign-in is not over. None: nothing is.
    ArchiveGap {
        /// Whose archive.
        archive: BareJid,
        /// When the first message after what is missing was.
        until: Option<Timestamp>,
    },
    /// Our archive lists a message that is here already and could not be read a second time, as what was encrypted can't.
    MessageListed {
        /// With whom.
        peer: BareJid,
        /// Whose it is.
        direction: Direction,
        /// What our archive calls it.
        stanza: StanzaId,
        /// What its author calls it, which counts where it is not known yet what the archive calls it.
        origin: Option<OriginId>,
        /// When our archive took it in.
        at: Timestamp,
        /// As in [`Order::Listed`].
        since: Timestamp,
    },
    /// What was typed and not sent; empty removes it.
    DraftSaved {
        /// In which conversation.
        peer: BareJid,
        /// The text.
        text: PrivateText,
    },
    /// A conversation is to be listed, with or without messages.
    ConversationOpened {
        /// With whom.
        peer: BareJid,
        /// When.
        at: Timestamp,
    },
    /// The name somebody gave themselves; none removes it.
    NicknameSet {
        /// Who.
        jid: BareJid,
        /// The name, at most 255 characters.
        nickname: Option<String>,
    },
    /// Somebody has this picture now, whose bytes come with it.
    AvatarSet {
        /// Who.
        jid: BareJid,
        /// The picture.
        avatar: Avatar,
    },
    /// Somebody has this picture now, whose bytes the ledger already has. Without those it changes nothing.
    AvatarChosen {
        /// Who.
        jid: BareJid,
        /// Which picture.
        hash: AvatarHash,
    },
    /// Somebody has no picture any more.
    AvatarRemoved(BareJid),
    /// A verified set of features.
    CapabilitiesLearned(Capabilities),
    /// The whole block list. Entries that are not bare addresses are kept by the server and not listed here.
    BlockListReplaced(Vec<BareJid>),
    /// Somebody is blocked.
    Blocked(BareJid),
    /// Somebody is no longer blocked.
    Unblocked(BareJid),
    /// The server offered this, the strongest so far.
    MechanismSeen(Mechanism),
    /// What the server has offered so far no longer counts, nor does the consent to PLAIN.
    MechanismForgotten,
    /// The person agreed to PLAIN.
    PlainAllowed,
    /// By what the server knows this installation when it comes again.
    UserAgentNamed(UserAgentId),
    /// What the person shows to contacts.
    OwnPresenceSet(OwnPresence),
    /// What is told of this machine.
    SharingSet(Sharing),
    /// What people are told of their messages.
    ConfirmingSet(Confirming),
    /// What was told of reading, and what is still to be.
    ReadingNoted(Reading),
    /// The author of a message wants to know when it is read.
    MarkerWanted {
        /// Who.
        peer: BareJid,
        /// What they call it.
        id: OriginId,
    },
    /// Whether the account connects by itself.
    ActivitySet(Activity),
    /// Where to connect in place of what DNS says.
    ServerSet(Option<ServerAddress>),
    /// Where the account says that it has moved to, if it does.
    MoveAnnounced(Option<BareJid>),
    /// A token was made that lets somebody in once.
    TokenIssued(IssuedToken),
    /// A token is void: used, or too old.
    TokenVoid(InviteToken),
    /// The person wants to be in a room, and be called so.
    RoomWanted {
        /// Which.
        room: BareJid,
        /// What we want to be called.
        nick: Nick,
    },
    /// The person does not want to be in a room any more, or it is gone. What was said there stays.
    RoomLeft(BareJid),
    /// What was taken for a room is none: what was said there is a conversation like any other.
    NoRoom(BareJid),
    /// A message of a room, in or out. De-duplicated by the ledger: it is the same as one that is here if the room calls both the same, else
    /// if its author does and both say the same.
    RoomMessage(RoomMessage),
    /// A message of a room is to be gone, whether it is here or comes later.
    RoomRetracted(RoomRetraction),
    /// What a room without an archive has told of before we came, in its order. What of it is here already is known by what is beside it,
    /// whatever the clocks say. The rest is new, unless it is told for the first time ([`Past::BeforeUs`]).
    RoomHistory(Vec<RoomMessage>),
    /// Something was said of a message of a room.
    RoomAnnotated(RoomAnnotation),
    /// A message of ours, or what we say of one, goes out to a room: from then on it may be there.
    RoomSent {
        /// To which.
        room: BareJid,
        /// What we called it.
        id: OriginId,
    },
}

/// A message to be stored.
///
/// Two are the same message when account, peer and direction are the same and either both have the same
/// [`StanzaId`], or both have the same [`OriginId`] and the same body. The second then only adds what the first lacked.
/// A message in clear and an encrypted one are never the same: who can send the one can not always send the other.
///
/// Others may use an identifier more than once. So incoming messages of one [`OriginId`] are the same only if their `at` is not
/// more than two days apart, and never if one archive gave them two different [`StanzaId`]s, unless their author says that it uses
/// identifiers once ([`Naming::Unique`]): what it sent again is in the archive twice. Our own identifiers are random, and a
/// message that waited long or was sent again may come back late and twice: for outgoing ones neither condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// With whom.
    pub peer: BareJid,
    /// Whose it is.
    pub direction: Direction,
    /// What its author called it.
    pub origin: Option<OriginId>,
    /// What our archive called it.
    pub stanza: Option<StanzaId>,
    /// What it says.
    pub body: Body,
    /// When it was sent, as far as it can be trusted, else when it came.
    pub at: Timestamp,
    /// Where it stands.
    pub state: MessageState,
    /// How it was protected; of outgoing ones, how it is to be.
    pub protection: Protection,
    /// Which message it answers.
    pub reply: Option<ReplyTo>,
    /// What is known of its place among the others.
    pub order: Order,
    /// How its author uses identifiers.
    pub naming: Naming,
}

/// Why something that comes from an archive is no news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Past {
    /// It was there before this device had asked for the first time. Whether it was read our other devices tell, if any: what is behind that
    /// is unread. It is news after all if it then comes by itself as well.
    BeforeUs,
    /// It was fetched because somebody has scrolled up to it.
    LookedUp,
}

/// How the author of a message uses identifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// Perhaps more than once.
    #[default]
    Unsure,
    /// Each once, as `origin-id` says (XEP-0359 §3.2): a second message of that name is the first one, sent again.
    Unique,
}

/// What is known of a message's place in its conversation.
///
/// Clocks differ, and archives may know whole seconds only. So where more is known than a time, that decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Nothing but when it was. What comes before it may still be missing, and is not put behind it; where our archive lists it later, that
    /// tells its place.
    #[default]
    ByTime,
    /// It comes after everything that is here: it was just written, or has just come while nothing was missing.
    Last,
    /// Our archive lists it after those that came from there before, of the same list, and after what was here when the archive was last
    /// reached. A message that is here already is moved behind them as well, unless it was written here.
    Listed {
        /// Which list: when we began to read it.
        since: Timestamp,
    },
}
