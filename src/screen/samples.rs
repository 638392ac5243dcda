//! Made-up people and conversations, for tests and pictures of screens.

use causerie_model::account::Activity;
use causerie_model::conversation::LastMessage;
use causerie_model::{
    Account, AccountId, BareJid, Body, Connection, Contact, Conversation, DeviceId, DeviceKey, Direction,
    Fingerprint, Message, MessageId, MessageState, OmemoVersion, OriginId, OwnPresence, PendingOut, Presence,
    Problem, Protection, RosterItem, Seal, Sharing, Show, Standing, Storage, Subscription,
    SubscriptionRequest, Timestamp, Trust, Unkept, Unreached, UnreachedDevice, Unreadable,
};
use iced::Size;
use jiff::tz::TimeZone;

use crate::context::{AccountState, Context, Devices, Key, Ledger};
use crate::i18n::I18n;
use crate::settings::Settings;

/// The account that most things happen in.
pub(crate) const HOME: AccountId = AccountId(1);
/// 2026-11-24, 14:33 UTC.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_530_780_000);

/// An address.
pub(crate) fn jid(text: &str) -> BareJid {
    BareJid::new(text).unwrap()
}

/// Bob's conversation.
pub(crate) fn bob() -> Key {
    (HOME, jid("bob@chat.example"))
}

/// Nobody and nothing, in English, in a window of that size.
pub(crate) fn empty(width: f32, height: f32) -> Context {
    let mut context = Context::new(Settings::default(), Ledger::default());
    context.i18n = I18n::choose(Some("en"), &[]);
    context.zone = TimeZone::UTC;
    context.now = NOW;
    context.window = Size::new(width, height);
    context.keyring = crate::context::Keyring::There;
    context
}

/// An account.
pub(crate) fn account(id: AccountId, address: &str, connection: Connection) -> AccountState {
    let account = Account {
        id,
        jid: jid(address),
        server: None,
        activity: Activity::Active,
        strongest_seen: None,
        plain_allowed: false,
        presence: OwnPresence::default(),
        sharing: Sharing::Nobody,
        confirming: causerie_model::Confirming::default(),
        roster_version: None,
        profile: causerie_model::Profile::default(),
        colour: None,
        moved_to: None,
    };
    AccountState { connection, ..AccountState::new(account) }
}

/// One account with some people in it.
pub(crate) fn lively(width: f32, height: f32) -> Context {
    let mut context = empty(width, height);
    context.accounts = vec![account(HOME, "alice@chat.example", Connection::Online)];
    let minutes = |minutes: i64| Timestamp::from_millis(NOW.as_millis() - minutes * 60_000);
    context.conversations = vec![
        talk("bob@chat.example", "Bob Martin", "On se voit demain ?", Direction::Incoming, minutes(1), 2, ""),
        talk(
            "chloe@chat.example",
            "Chloé",
            "À tout à l’heure",
            Direction::Outgoing,
            minutes(148),
            0,
            "j’arrive dans",
        ),
        talk(
            "maximilienne@a-provider-with-a-long-name.example",
            "Maximilienne-Élisabeth de la Rochefoucauld-Montgomery",
            "The minutes of the meeting are in the shared folder, have a look when you find the time",
            Direction::Incoming,
            minutes(1700),
            128,
            "",
        ),
        talk(
            "emoji@chat.example",
            "🦊🌲🦊 Fox 🎉🎉👩\u{200D}👧🇫🇷🌲🦊🎉",
            "❤️ 👍🏽 see you 😀",
            Direction::Outgoing,
            minutes(3200),
            0,
            "",
        ),
        talk("sami@other.example", "sami@other.example", "ok", Direction::Incoming, minutes(90_000), 0, ""),
    ];
    context.contacts = vec![
        contact("bob@chat.example", "Bob Martin", Subscription::Both),
        contact("chloe@chat.example", "Chloé", Subscription::Both),
        contact("david@chat.example", "David", Subscription::To),
        contact("zoe@other.example", "Zoé", Subscription::None),
    ];
    let online = |show, status: &str| Presence::Online { show, status: status.to_owned() };
    context.presences.insert(bob(), online(Show::Available, ""));
    context.presences.insert((HOME, jid("chloe@chat.example")), online(Show::Away, "back at five"));
    context.presences.insert((HOME, jid("david@chat.example")), online(Show::DoNotDisturb, ""));
    context
}

/// The disk is full, and something was written to Bob since.
pub(crate) fn disk_full(context: &mut Context) {
    let text = |id, text: &str| Unkept { peer: bob().1, id: OriginId::new(id).unwrap(), text: text.into() };
    let messages = vec![text("u1", "The disk is nearly full, I think."), text("u2", "See you at nine")];
    let problem = Problem::DiskFull;
    context.accounts[0].storage = Storage::Failing { problem, messages, more: false };
}

/// Somebody waits for an answer.
pub(crate) fn request(context: &mut Context) {
    let request = SubscriptionRequest {
        jid: jid("nina@faraway.example"),
        nickname: Some("Nina".to_owned()),
        message: Some("We met at the book fair.".to_owned()),
        at: NOW,
        moved_from: None,
    };
    context.requests.push((HOME, request));
}

/// Bob asks from another address, and his old one says that it is him.
pub(crate) fn moved(context: &mut Context) {
    let request = SubscriptionRequest {
        jid: jid("bob@elsewhere.example"),
        nickname: Some("Bobby".to_owned()),
        message: None,
        at: NOW,
        moved_from: Some(bob().1),
    };
    context.requests.push((HOME, request));
}

/// Messages that were protected in every way, and some that could not be read.
pub(crate) fn guarded() -> Vec<Message> {
    let keys = devices().theirs;
    let sealed = |place: usize, version| {
        let (fingerprint, trust) = (keys[place].fingerprint, keys[place].trust);
        Protection::Encrypted(Some(Seal { version, fingerprint, trust, written: None }))
    };
    let unknown = Protection::Encrypted(None);
    let text = |text: &str| Body::Text(text.to_owned());
    let rows = [
        (40, sealed(0, OmemoVersion::Omemo2), text("The tickets are in the blue folder.")),
        (39, sealed(1, OmemoVersion::Legacy), text("Second shelf.")),
        (30, Protection::Clear, text("This one came in clear")),
        (20, unknown, Body::Unreadable(Unreadable::NotForThisDevice)),
        (13, unknown, Body::Unreadable(Unreadable::KeysLost)),
        (6, unknown, Body::Unreadable(Unreadable::KeyReplaced)),
        (0, sealed(1, OmemoVersion::Legacy), text("On se voit demain ?")),
    ];
    let model = messages().remove(0);
    let message = |(place, (minutes, protection, body)): (usize, (i64, Protection, Body))| Message {
        id: MessageId(i64::try_from(place).unwrap() + 1),
        at: Timestamp::from_millis(NOW.as_millis() - minutes * 60_000),
        protection,
        body,
        ..model.clone()
    };
    rows.into_iter().enumerate().map(message).collect()
}

/// Two messages in a row from a device about which somebody thought so when they came.
pub(crate) fn doubtful(trust: Trust) -> Vec<Message> {
    let fingerprint = devices().theirs[2].fingerprint;
    let seal = Seal { version: OmemoVersion::Omemo2, fingerprint, trust, written: None };
    let model = guarded().remove(0);
    let message = |place: i64| Message {
        id: MessageId(place),
        at: Timestamp::from_millis(NOW.as_millis() - (3 - place) * 10_000),
        protection: Protection::Encrypted(Some(seal)),
        body: Body::Text("hello".to_owned()),
        ..model.clone()
    };
    vec![message(1), message(2)]
}

/// Messages with one of ours that some devices can't read, for different reasons; and which one that is.
pub(crate) fn unreached() -> (Vec<Message>, MessageId) {
    let mut messages = messages();
    let (alice, bob) = (jid("alice@chat.example"), bob().1);
    let device = |of: &BareJid, id, label: Option<&str>, why| UnreachedDevice {
        jid: of.clone(),
        device: DeviceId::new(id).unwrap(),
        label: label.map(ToOwned::to_owned),
        why,
    };
    let sent = messages.iter_mut().rfind(|message| message.state == MessageState::Sent).unwrap();
    sent.unreached = vec![
        device(&bob, 27, Some("Bob’s phone"), Unreached::NoKeys),
        device(&bob, 5, None, Unreached::Distrusted),
        device(&alice, 77_777, Some("Old laptop"), Unreached::NoKeys),
        device(&bob, 41, None, Unreached::Undecided),
    ];
    let id = sent.id;
    (messages, id)
}

/// A key of somebody's device.
pub(crate) fn key(of: &BareJid, device: u32, seed: u8, trust: Trust, label: Option<&str>) -> DeviceKey {
    let digit =
        |at: usize| (at as u8).wrapping_mul(seed | 1).wrapping_add(seed).rotate_left(u32::from(seed) % 7);
    DeviceKey {
        jid: of.clone(),
        device: DeviceId::new(device).unwrap(),
        fingerprint: Fingerprint(std::array::from_fn(digit)),
        trust,
        label: label.map(ToOwned::to_owned),
        first_seen: Timestamp::from_millis(NOW.as_millis() - 86_400_000),
        last_used: (trust != Trust::Undecided).then(|| Timestamp::from_millis(NOW.as_millis() - 3_600_000)),
        standing: Standing::Listed,
    }
}

/// The devices of Alice: this one, and two others.
pub(crate) fn own_devices() -> Devices {
    let alice = jid("alice@chat.example");
    let here = key(&alice, 1_204_377, 0x37, Trust::Verified, Some("Causerie, Linux"));
    let phone = key(&alice, 880_412_935, 0x59, Trust::Blind, None);
    let mut old = key(&alice, 77_777, 0x71, Trust::Blind, Some("Old laptop"));
    old.last_used = Some(Timestamp::from_millis(NOW.as_millis() - 90 * 86_400_000));
    let all = vec![here, phone, old];
    Devices { theirs: all.clone(), mine: all, keyless: Vec::new(), here: DeviceId::new(1_204_377) }
}

/// The devices of Bob: one that was compared, one that was not, one whose key has changed, and one that is gone.
pub(crate) fn devices() -> Devices {
    let bob = bob().1;
    let phone = key(&bob, 27, 0x13, Trust::Verified, Some("Bob’s phone"));
    let laptop = key(&bob, 31, 0x2b, Trust::Blind, None);
    let changed = key(&bob, 41, 0x45, Trust::Undecided, None);
    let before = DeviceKey { standing: Standing::Gone, ..key(&bob, 41, 0x4d, Trust::Blind, None) };
    let gone = DeviceKey { standing: Standing::Gone, ..key(&bob, 5, 0x61, Trust::Blind, None) };
    Devices { theirs: vec![phone, laptop, changed, before, gone], ..own_devices() }
}

fn talk(
    peer: &str,
    name: &str,
    last: &str,
    direction: Direction,
    at: Timestamp,
    unread: u32,
    draft: &str,
) -> Conversation {
    let state = if direction == Direction::Incoming { MessageState::Received } else { MessageState::Sent };
    Conversation {
        privacy: causerie_model::Privacy::Encrypted,
        account: HOME,
        peer: jid(peer),
        name: name.to_owned(),
        avatar: None,
        last: Some(LastMessage { direction, text: last.to_owned(), at, state, is_retracted: false }),
        unread,
        draft: draft.to_owned(),
        active_at: at,
    }
}

/// Somebody on the list of contacts.
pub(crate) fn contact(address: &str, name: &str, subscription: Subscription) -> (AccountId, Contact) {
    let item = RosterItem {
        jid: jid(address),
        name: Some(name.to_owned()),
        groups: vec!["Friends".to_owned()],
        subscription,
        pending_out: if subscription == Subscription::None { PendingOut::Asked } else { PendingOut::No },
        approved: false,
    };
    (HOME, Contact { item, nickname: None, avatar: None, blocked: false })
}

/// What Bob and we have said.
pub(crate) fn messages() -> Vec<Message> {
    use Direction::{Incoming, Outgoing};
    let failed = MessageState::Failed(Problem::RemoteUnreachable);
    let said = [
        (1480, Incoming, MessageState::Received, "Salut Alice !"),
        (1479, Incoming, MessageState::Received, "Tu as vu le programme ? https://example.org/programme"),
        (1470, Outgoing, MessageState::Sent, "Oui 😀 il a l’air bien"),
        (
            30,
            Outgoing,
            MessageState::Sent,
            "I have written down what we agreed on, so that we don’t forget: the room is booked from nine to twelve, Chloé brings the projector, and lunch is at the Italian place around the corner.",
        ),
        (29, Outgoing, MessageState::Sent, "Anything missing?"),
        (12, Incoming, MessageState::Received, "No, perfect."),
        (11, Incoming, MessageState::Received, "/me is looking forward to it"),
        (9, Outgoing, failed, "Shall I bring the cables?"),
        (2, Incoming, MessageState::Received, "On se voit demain ?"),
        (0, Outgoing, MessageState::Pending, "Oui, à midi."),
    ];
    let message =
        |(place, (minutes, direction, state, text)): (usize, (i64, Direction, MessageState, &str))| {
            let id = i64::try_from(place).unwrap() + 1;
            Message {
                protection: causerie_model::Protection::Encrypted(None),
                sealing: causerie_model::Sealing::default(),
                archived: None,
                unreached: Vec::new(),
                annotations: Default::default(),
                author: None,
                id: MessageId(id),
                peer: bob().1,
                direction,
                origin: OriginId::new(&format!("m{id}")),
                body: Body::Text(text.to_owned()),
                at: Timestamp::from_millis(NOW.as_millis() - minutes * 60_000),
                state,
            }
        };
    said.into_iter().enumerate().map(message).collect()
}
