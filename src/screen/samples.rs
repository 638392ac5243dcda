//! Made-up people and conversations, for tests and pictures of screens.

use causerie_model::account::Activity;
use causerie_model::conversation::LastMessage;
use causerie_model::{
    Account, AccountId, BareJid, Body, Connection, Contact, Conversation, Direction, Message, MessageId,
    MessageState, OriginId, OwnPresence, PendingOut, Presence, Problem, RosterItem, Sharing, Show,
    Subscription, SubscriptionRequest, Timestamp,
};
use iced::Size;
use jiff::tz::TimeZone;

use crate::context::{AccountState, Context, Key, Ledger};
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
        roster_version: None,
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

/// Somebody waits for an answer.
pub(crate) fn request(context: &mut Context) {
    let request = SubscriptionRequest {
        jid: jid("nina@faraway.example"),
        nickname: Some("Nina".to_owned()),
        message: Some("We met at the book fair.".to_owned()),
        at: NOW,
    };
    context.requests.push((HOME, request));
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
        last: Some(LastMessage { direction, text: last.to_owned(), at, state }),
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
                unreached: 0,
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
