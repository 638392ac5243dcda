//! What archives have from before is no news, and what was said of messages before they come counts when they do.

use causerie_model::{
    Annotation, Arrival, Body, Change, Direction, Event, MessageId, MessageState, NewMessage, Order,
    OriginId, Past, Protection, RoomMessage, RoomSource, Says, Unreadable,
};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing, stanza};
use super::rooms::{add, said, wanted};
use crate::commit::receipts::{MOST_EARLY, MOST_EARLY_IN_ALL};

fn id(name: &str) -> OriginId {
    OriginId::new(name).unwrap()
}

/// Of our archive, which calls it as its author does.
fn kept(name: &str, millis: i64) -> NewMessage {
    NewMessage { stanza: stanza(name), ..incoming(name, name, millis) }
}

fn before_us(name: &str, millis: i64) -> Change {
    Change::Past(Past::BeforeUs, Box::new(Change::MessageFetched(kept(name, millis))))
}

fn looked_up(name: &str, millis: i64) -> Change {
    Change::Past(Past::LookedUp, Box::new(Change::MessageFetched(kept(name, millis))))
}

fn fetched(name: &str, millis: i64) -> Change {
    Change::MessageFetched(kept(name, millis))
}

fn displayed(name: &str) -> Change {
    Change::Displayed { peer: bob(), stanza: stanza(name).unwrap() }
}

fn read(lab: &Lab, name: &str) -> Change {
    let page = lab.page();
    let row = page.iter().find(|message| message.origin == Some(id(name))).unwrap();
    Change::ReadUpTo { peer: bob(), id: row.id }
}

fn elsewhere(name: &str) -> Change {
    Change::ReadElsewhere { peer: bob(), id: id(name) }
}

fn unread(lab: &Lab) -> u32 {
    let unread = lab.reader.conversation(lab.account, &bob()).unwrap().unwrap().unread;
    assert_eq!(lab.reader.unread_total().unwrap(), unread);
    unread
}

/// How many messages somebody is called for.
fn calls(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::MessageReceived { .. })).count()
}

#[tokio::test]
async fn what_one_scrolls_up_to_is_never_unread_nor_news() {
    let lab = Lab::new().await;
    lab.commit(vec![change(kept("new", 1_000))]).await;
    lab.commit(vec![read(&lab, "new")]).await;
    let page = (0..100).map(|number| looked_up(&format!("old {number}"), 500 + number)).collect();
    assert_eq!(lab.commit(page).await, [Event::ConversationChanged(bob())]);
    assert_eq!(unread(&lab), 0);
    // Nor while something newer is unread, nor where nothing was read here, nor if our devices have read less.
    lab.commit(vec![change(kept("newer", 2_000)), displayed("unknown")]).await;
    assert_eq!(calls(&lab.commit(vec![looked_up("older", 100)]).await), 0);
    assert_eq!(unread(&lab), 1);
    assert_eq!(lab.reader.first_unread(lab.account, &bob()).unwrap(), Some(MessageId(102)));
    // What comes then is new, whatever time it has, and however long one was away.
    assert_eq!(calls(&lab.commit(vec![change(kept("live", 600)), fetched("missed", 700)]).await), 2);
    assert_eq!(unread(&lab), 3);
}

#[tokio::test]
async fn a_correction_that_one_scrolls_up_to_is_no_news_either() {
    let lab = Lab::new().await;
    let correction = |target: &str| {
        Change::Annotated(Annotation {
            peer: bob(),
            author: Direction::Incoming,
            target: id(target),
            says: Says::Correction("better".to_owned()),
            origin: Some(id(&format!("of {target}"))),
            at: at(5),
            arrival: Arrival::Kept,
            is_early: false,
            state: MessageState::Received,
            protection: Protection::Clear,
        })
    };
    assert_eq!(calls(&lab.commit(vec![correction("a")]).await), 1, "it was missed");
    for past in [Past::BeforeUs, Past::LookedUp] {
        let events = lab.commit(vec![Change::Past(past, Box::new(correction(&format!("{past:?}"))))]).await;
        assert_eq!(events, [Event::ConversationChanged(bob())]);
    }
    assert_eq!((lab.page().len(), unread(&lab)), (3, 1));
}

#[tokio::test]
async fn at_a_first_sign_in_nothing_listed_is_news() {
    let lab = Lab::new().await;
    let pages = vec![before_us("8", 8), before_us("9", 9), before_us("6", 6), before_us("7", 7)];
    assert_eq!(lab.commit(pages).await, [Event::ConversationChanged(bob())]);
    assert_eq!(unread(&lab), 0);
    // What comes since is.
    assert_eq!(calls(&lab.commit(vec![fetched("10", 10), change(kept("11", 11))]).await), 2);
    assert_eq!(unread(&lab), 2);
}

/// The account says how far it was read, before the pages come, between them or after them: what is behind that is unread, and nobody is called
/// for it.
#[tokio::test]
async fn at_a_first_sign_in_what_is_behind_the_account_s_word_is_unread() {
    for (word, left) in [("9", 0), ("8", 1), ("7", 2), ("6", 3), ("5", 4), ("older", 4)] {
        for place in 0..=4 {
            let lab = Lab::new().await;
            let mut pages =
                [("8", 8), ("9", 9), ("6", 6), ("7", 7)].map(|(name, at)| before_us(name, at)).to_vec();
            pages.insert(place, displayed(word));
            for change in pages {
                assert_eq!(calls(&lab.commit(vec![change]).await), 0, "{word}, {place}");
            }
            assert_eq!(unread(&lab), left, "{word}, {place}");
            // The message comes, or was there.
            assert_eq!(calls(&lab.commit(vec![looked_up("5", 5), looked_up("4", 4)]).await), 0);
            assert_eq!(unread(&lab), left, "{word}, {place}");
            // It goes on, and never back.
            lab.commit(vec![displayed("8"), displayed("6")]).await;
            assert_eq!(unread(&lab), left.min(1), "{word}, {place}");
        }
    }
}

#[tokio::test]
async fn at_a_first_sign_in_what_was_read_meanwhile_stays_so() {
    let lab = Lab::new().await;
    lab.commit(vec![displayed("1"), before_us("8", 8), before_us("9", 9)]).await;
    assert_eq!(unread(&lab), 2);
    lab.commit(vec![read(&lab, "9")]).await;
    // Another page comes that is before that.
    lab.commit(vec![before_us("6", 6), before_us("7", 7)]).await;
    assert_eq!(unread(&lab), 0);
    // The same where the account's word comes last.
    let lab = Lab::new().await;
    lab.commit(vec![before_us("8", 8), before_us("9", 9)]).await;
    lab.commit(vec![read(&lab, "8")]).await;
    lab.commit(vec![before_us("7", 7), displayed("1")]).await;
    assert_eq!(unread(&lab), 1, "the last one");
    // Another device has told their author.
    let lab = Lab::new().await;
    lab.commit(vec![before_us("8", 8), before_us("9", 9), elsewhere("8"), before_us("7", 7), displayed("1")])
        .await;
    assert_eq!(unread(&lab), 1, "the last one");
    let lab = Lab::new().await;
    lab.commit(vec![displayed("1"), before_us("8", 8), before_us("9", 9), elsewhere("7")]).await;
    lab.commit(vec![before_us("6", 6), before_us("7", 7)]).await;
    assert_eq!(unread(&lab), 2);
}

/// A server gives what it has kept for who was away though its archive has it as well: nobody has had that yet.
#[tokio::test]
async fn what_was_listed_first_and_comes_by_itself_is_news_after_all() {
    let lab = Lab::new().await;
    lab.commit(vec![before_us("1", 1), before_us("2", 2), before_us("3", 3)]).await;
    let events = lab.commit(vec![change(kept("2", 2))]).await;
    assert_eq!(
        events,
        [Event::ConversationChanged(bob()), Event::MessageReceived { peer: bob(), id: MessageId(2) }]
    );
    assert_eq!(unread(&lab), 1);
    // Once, and not what was read, here or elsewhere, nor what the archive lists again.
    assert_eq!(lab.commit(vec![change(kept("2", 2)), before_us("3", 3), fetched("3", 3)]).await, []);
    lab.commit(vec![read(&lab, "3")]).await;
    assert_eq!(lab.commit(vec![change(kept("3", 3)), change(kept("1", 1))]).await, []);
    lab.commit(vec![before_us("4", 4), displayed("4")]).await;
    assert_eq!(lab.commit(vec![change(kept("4", 4))]).await, []);
    // Where the account's word is before it, it was unread already.
    let lab = Lab::new().await;
    lab.commit(vec![displayed("1"), before_us("1", 1), before_us("2", 2)]).await;
    assert_eq!((unread(&lab), calls(&lab.commit(vec![change(kept("2", 2))]).await)), (1, 1));
    assert_eq!(unread(&lab), 1);
}

#[tokio::test]
async fn what_is_from_before_and_can_be_read_late_is_no_news() {
    let lab = Lab::new().await;
    let sealed = |body| NewMessage { body, protection: Protection::Encrypted(None), ..kept("1", 1) };
    let early = Change::MessageFetched(sealed(Body::Unreadable(Unreadable::Delayed)));
    lab.commit(vec![Change::Past(Past::BeforeUs, Box::new(early))]).await;
    let events = lab.commit(vec![change(sealed(Body::Text("at last".to_owned())))]).await;
    assert_eq!(events, [Event::ConversationChanged(bob())]);
    assert_eq!((unread(&lab), lab.texts()), (0, vec!["at last".to_owned()]));
}

/// How it was listed is decided where it is fetched; here it is kept when that was begun.
#[tokio::test]
async fn when_an_archive_was_asked_for_the_first_time_is_kept() {
    let asked = |archive: &str, millis| Change::ArchiveAsked { archive: jid(archive), at: at(millis) };
    let kept = async |lab: &Lab| {
        let restored = lab.store.restore(lab.account).await.unwrap();
        (restored.asked, restored.rooms[0].asked, restored.archive)
    };
    let mut lab = wanted().await;
    assert_eq!(kept(&lab).await, (None, None, None));
    lab.commit(vec![asked("alice@chat.test", 5)]).await;
    lab.commit(vec![asked("room@muc.test", 7), asked("other@muc.test", 8)]).await;
    lab.restart();
    assert_eq!(kept(&lab).await, (Some(at(5)), Some(at(7)), None), "without any mark");
    // A room that was left is entered for the first time once more.
    lab.commit(vec![asked("room@muc.test", 9)]).await;
    assert_eq!(kept(&lab).await, (Some(at(5)), Some(at(9)), None));
}

#[tokio::test]
async fn in_a_room_nothing_from_before_one_was_in_it_is_unread() {
    let unread = async |lab: &Lab| {
        let count = "SELECT unread FROM conversation WHERE room = 1";
        let read = move |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        lab.store.run("test", move |ledger| ledger.connection.query_row(count, [], read)).await.unwrap()
    };
    let listed = |id: &str, millis| {
        let said = RoomMessage { source: RoomSource::Archive, ..said("Bob", id, id, id, millis) };
        Change::Past(Past::BeforeUs, Box::new(Change::RoomMessage(said)))
    };
    let lab = wanted().await;
    lab.commit(vec![listed("r2", 2), listed("r3", 3), listed("r1", 1)]).await;
    assert_eq!(unread(&lab).await, 0);
    // What is said meanwhile, and may be listed before it comes, is.
    lab.commit(vec![add(said("Bob", "r4", "r4", "r4", 4)), add(said("Bob", "r3", "r3", "r3", 3))]).await;
    assert_eq!(unread(&lab).await, 2);
    // A room without an archive tells of before each time.
    let lab = wanted().await;
    let told = |last: i64| {
        let said = |at: i64| said("Bob", &format!("m{at}"), &at.to_string(), "", at);
        Change::RoomHistory((1..=last).map(said).collect())
    };
    lab.commit(vec![Change::Past(Past::BeforeUs, Box::new(told(3)))]).await;
    assert_eq!(unread(&lab).await, 0);
    lab.commit(vec![told(3), told(5)]).await;
    assert_eq!(unread(&lab).await, 2);
    // Where nothing was said as long as one was there, what is told the next time is the first, and new.
    let lab = wanted().await;
    lab.commit(vec![told(2)]).await;
    assert_eq!(unread(&lab).await, 2);
}

#[tokio::test]
async fn what_has_arrived_or_was_read_before_it_comes_is_so() {
    use MessageState::{Delivered, Read, Sent};
    let sent = |name: &str, millis| NewMessage {
        state: MessageState::Sent,
        stanza: stanza(name),
        ..outgoing(name, name, millis)
    };
    let arrived = |name: &str| Change::MessageStateChanged {
        peer: bob(),
        id: id(name),
        state: MessageState::Delivered,
    };
    let read = |name: &str| Change::ReadByPeer { peer: bob(), id: id(name) };
    let mut lab = Lab::new().await;
    assert_eq!(lab.commit(vec![arrived("1"), arrived("2"), read("3"), arrived("3"), read("1")]).await, []);
    assert_eq!(lab.reader.conversations().unwrap(), [], "it makes no conversation");
    lab.restart();
    for (name, millis) in [("5", 5), ("4", 4), ("3", 3), ("2", 2), ("1", 1)] {
        lab.commit(vec![Change::MessageFetched(sent(name, millis))]).await;
    }
    let states: Vec<MessageState> = lab.page().into_iter().map(|message| message.state).collect();
    assert_eq!(states, [Read, Read, Read, Sent, Sent], "what is before what was read was read");
    // It counts for one message alone, of that person.
    lab.commit(vec![arrived("6"), Change::ReadByPeer { peer: jid("eve@evil.test"), id: id("7") }]).await;
    lab.commit(vec![Change::MessageFetched(sent("6", 6)), Change::MessageFetched(sent("7", 7))]).await;
    let states: Vec<MessageState> = lab.page().into_iter().map(|message| message.state).skip(5).collect();
    assert_eq!(states, [Delivered, Sent]);
    lab.commit(vec![Change::MessageFetched(kept("9", 9)), arrived("9"), read("9")]).await;
    assert_eq!(lab.page().last().unwrap().state, MessageState::Received, "theirs is not ours");
}

#[tokio::test]
async fn what_was_read_elsewhere_before_it_comes_is_read() {
    let mut lab = Lab::new().await;
    assert_eq!(lab.commit(vec![elsewhere("3")]).await, []);
    lab.restart();
    // Of a gap, the newest first.
    lab.commit(vec![fetched("4", 4), fetched("5", 5), fetched("2", 2)]).await;
    assert_eq!(unread(&lab), 3);
    assert_eq!(calls(&lab.commit(vec![fetched("3", 3)]).await), 0);
    assert_eq!(unread(&lab), 2);
    // What is before it was read there, too, and what is behind it was not, whatever came first.
    assert_eq!(calls(&lab.commit(vec![fetched("1", 1)]).await), 0);
    assert_eq!(unread(&lab), 2);
    let last = NewMessage { order: Order::Last, ..kept("6", 6) };
    assert_eq!(calls(&lab.commit(vec![change(last)]).await), 1);
    assert_eq!(unread(&lab), 3);
}

#[tokio::test]
async fn what_never_comes_is_not_kept_for_ever() {
    let lab = Lab::new().await;
    let count = || async {
        let count = "SELECT count(*) FROM early_word";
        lab.store
            .run("test", move |ledger| ledger.connection.query_row(count, [], |row| row.get::<_, i64>(0)))
            .await
    };
    let words = |peer: &str, most: i64| -> Vec<Change> {
        let read = |number: i64| Change::ReadByPeer { peer: jid(peer), id: id(&number.to_string()) };
        (0..most).map(read).collect()
    };
    lab.commit(words("bob@chat.test", MOST_EARLY + 50)).await;
    assert_eq!(count().await.unwrap(), MOST_EARLY);
    for number in 0..=MOST_EARLY_IN_ALL / MOST_EARLY {
        lab.commit(words(&format!("p{number}@chat.test"), MOST_EARLY)).await;
    }
    assert_eq!(count().await.unwrap(), MOST_EARLY_IN_ALL);
    // The last count. What has arrived of what we say of messages, and of what is here, is not kept at all.
    let sent = |name: &str| {
        let peer = jid("p10@chat.test");
        NewMessage { peer, state: MessageState::Sent, ..outgoing(name, name, 1) }
    };
    lab.commit(vec![change(sent("499"))]).await;
    assert_eq!(count().await.unwrap(), MOST_EARLY_IN_ALL - 1);
    let page = lab.reader.page(lab.account, &jid("p10@chat.test"), None, 10).unwrap();
    assert_eq!(page[0].state, MessageState::Read);
    lab.commit(vec![Change::ReadByPeer { peer: jid("p10@chat.test"), id: id("499") }]).await;
    assert_eq!(count().await.unwrap(), MOST_EARLY_IN_ALL - 1);
}
