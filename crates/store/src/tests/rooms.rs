//! Rooms: one row each, whoever's; what is to be gone; and that they have no place in the window yet.

use causerie_model::{
    Author, BareJid, Body, Change, Claim, Direction, Event, LastSaid, Left, MessageState, Naming, NewMessage,
    Nick, Order, OriginId, PendingMessage, Privacy, Protection, Reached, Retractor, Room, RoomMessage,
    RoomRetraction, RoomSource, StanzaId,
};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing, text};
use crate::open::DATABASE;

pub(super) fn room() -> BareJid {
    jid("room@muc.test")
}

pub(super) fn nick(text: &str) -> Nick {
    Nick::new(text).unwrap()
}

pub(super) fn named(id: &str) -> Option<StanzaId> {
    Some(StanzaId { by: room(), id: id.to_owned() })
}

/// Somebody says something in the room, which calls it so.
pub(super) fn said(who: &str, origin: &str, words: &str, id: &str, millis: i64) -> RoomMessage {
    RoomMessage {
        message: NewMessage {
            peer: room(),
            stanza: named(id).filter(|_| !id.is_empty()),
            order: Order::Last,
            ..incoming(origin, words, millis)
        },
        author: Some(Author { nick: nick(who), occupant: Some(format!("id-{who}")) }),
        claim: Claim::Certain,
        source: RoomSource::Live,
    }
}

/// We say something in the room.
pub(super) fn ours(origin: &str, words: &str, millis: i64) -> RoomMessage {
    RoomMessage {
        message: NewMessage { peer: room(), order: Order::Last, ..outgoing(origin, words, millis) },
        author: None,
        claim: Claim::Certain,
        source: RoomSource::Live,
    }
}

/// The room gives it back.
pub(super) fn given_back(said: RoomMessage, id: &str) -> RoomMessage {
    let message = NewMessage { stanza: named(id), state: MessageState::Sent, ..said.message };
    RoomMessage { message, ..said }
}

pub(super) fn add(said: RoomMessage) -> Change {
    Change::RoomMessage(said)
}

pub(super) fn rows(lab: &Lab) -> Vec<(Direction, String)> {
    let page = lab.reader.page(lab.account, &room(), None, 1_000).unwrap();
    page.iter().map(|message| (message.direction, text(message))).collect()
}

pub(super) async fn wanted() -> Lab {
    let lab = Lab::new().await;
    lab.commit(vec![Change::RoomWanted { room: room(), nick: nick("Alice") }]).await;
    lab
}

#[tokio::test]
async fn a_room_is_remembered_with_how_far_its_archive_was_read() {
    let mut lab = wanted().await;
    let reached = Reached { id: "r2".to_owned(), at: at(20) };
    let own = Reached { id: "a9".to_owned(), at: at(90) };
    lab.commit(vec![
        add(said("Bob", "m1", "Hi", "r1", 10)),
        add(said("Bob", "m2", "there", "r2", 20)),
        Change::ArchiveReached { archive: room(), reached: reached.clone() },
        Change::ArchiveGap { archive: room(), until: Some(at(50)) },
        Change::ArchiveReached { archive: jid("alice@chat.test"), reached: own.clone() },
    ])
    .await;
    lab.restart();
    let restored = lab.store.restore(lab.account).await.unwrap();
    let remembered = Room {
        jid: room(),
        nick: nick("Alice"),
        archive: Some(reached),
        gap: Some(at(50)),
        asked: None,
        last: Some(LastSaid {
            nick: Some(nick("Bob")),
            origin: OriginId::new("m2"),
            text: Some("there".to_owned()),
        }),
    };
    assert_eq!(restored.rooms, [remembered]);
    assert_eq!((restored.archive, restored.gap), (Some(own), None));
    lab.commit(vec![Change::RoomLeft(room())]).await;
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!((restored.rooms, restored.left_rooms), (vec![], vec![room()]));
    assert_eq!(rows(&lab).len(), 2, "what was said there stays");
}

#[tokio::test]
async fn what_is_said_in_rooms_is_in_no_list_no_count_no_search_and_no_notification() {
    let lab = wanted().await;
    let events = lab.commit(vec![add(said("Bob", "m1", "mirabelle", "r1", 10))]).await;
    assert_eq!(events, [Event::ConversationChanged(room())]);
    assert_eq!(lab.reader.conversations().unwrap(), []);
    assert_eq!(lab.reader.conversations_of(lab.account).unwrap(), []);
    assert_eq!(lab.reader.conversation(lab.account, &room()).unwrap(), None);
    assert_eq!(lab.reader.unread_total().unwrap(), 0);
    assert!(lab.search("mirabelle").is_empty());
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!((restored.conversations, restored.unread), (vec![], vec![]));
    let message = lab.reader.page(lab.account, &room(), None, 1).unwrap().remove(0);
    let author = message.author.unwrap();
    assert_eq!((author.nick.as_str(), author.occupant.as_deref()), ("Bob", Some("id-Bob")));
}

#[tokio::test]
async fn whoever_is_taken_for_a_room_keeps_their_place() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i1", "Hi", 10))]).await;
    lab.commit(vec![Change::RoomWanted { room: bob(), nick: nick("Alice") }]).await;
    assert_eq!(lab.reader.conversations().unwrap().len(), 1);
    let mut hasty = ours("o1", "Hello?", 20);
    hasty.message.peer = bob();
    lab.commit(vec![add(hasty)]).await;
    assert_eq!(lab.reader.conversations().unwrap(), []);
    lab.commit(vec![Change::NoRoom(bob())]).await;
    assert_eq!(lab.store.restore(lab.account).await.unwrap().rooms, []);
    assert_eq!(lab.reader.conversations().unwrap().len(), 1);
    assert_eq!(lab.reader.unread_total().unwrap(), 1);
}

/// What was written to a person before somebody took the address for a room: only what is said in rooms goes there.
#[tokio::test]
async fn what_waits_encrypted_is_never_for_a_room() {
    let lab = wanted().await;
    let secret =
        NewMessage { peer: room(), protection: Protection::Encrypted(None), ..outgoing("o1", "secret", 5) };
    lab.commit(vec![change(secret), add(ours("o2", "Hello", 10))]).await;
    let restored = lab.store.restore(lab.account).await.unwrap();
    let texts = |all: &[PendingMessage]| {
        all.iter().map(|message| (message.body.clone(), message.privacy, message.left)).collect::<Vec<_>>()
    };
    assert_eq!(texts(&restored.pending), [("secret".to_owned(), Privacy::Encrypted, Left::Unknown)]);
    assert_eq!(texts(&restored.said), [("Hello".to_owned(), Privacy::Clear, Left::Never)]);
}

#[tokio::test]
async fn a_message_of_ours_is_one_row_however_it_comes_back() {
    let lab = wanted().await;
    let ours = ours("o1", "Hello", 10);
    lab.commit(vec![add(ours.clone())]).await;
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!((restored.pending.len(), restored.said.len()), (0, 1));
    let back = given_back(ours.clone(), "r1");
    // From the archive nobody says for certain whose it was.
    let perhaps = RoomMessage {
        message: NewMessage {
            direction: Direction::Incoming,
            state: MessageState::Received,
            order: Order::Listed { since: at(1) },
            ..back.message.clone()
        },
        author: Some(Author { nick: nick("Alice"), occupant: None }),
        claim: Claim::Perhaps,
        source: RoomSource::Archive,
    };
    lab.commit(vec![add(back.clone())]).await;
    lab.commit(vec![add(perhaps.clone()), add(back), add(perhaps.clone())]).await;
    assert_eq!(rows(&lab), [(Direction::Outgoing, "Hello".to_owned())]);
    let message = lab.reader.page(lab.account, &room(), None, 1).unwrap().remove(0);
    assert_eq!((message.state, message.archived), (MessageState::Sent, named("r1")));
    // Sent again, it is there twice, and one row.
    lab.commit(vec![add(given_back(ours.clone(), "r9"))]).await;
    assert_eq!(rows(&lab).len(), 1);
    // Who says something else under our name and the name of our message, has said it.
    let other =
        NewMessage { body: Body::Text("Send money".to_owned()), stanza: named("r2"), ..perhaps.message };
    let events = lab.commit(vec![add(RoomMessage { message: other, ..perhaps })]).await;
    assert_eq!(events.len(), 1);
    assert_eq!(rows(&lab)[1], (Direction::Incoming, "Send money".to_owned()));
}

#[tokio::test]
async fn what_a_room_has_made_of_ours_is_no_message_besides() {
    let lab = wanted().await;
    let ours = ours("o1", "First line\nand second", 10);
    lab.commit(vec![add(ours.clone()), Change::RoomSent { room: room(), id: OriginId::new("o1").unwrap() }])
        .await;
    let part = |words: &str, id: &str| {
        let message = NewMessage { body: Body::Text(words.to_owned()), ..ours.message.clone() };
        given_back(RoomMessage { message, ..ours.clone() }, id)
    };
    lab.commit(vec![add(part("First line", "r1")), add(part("and second", "r2"))]).await;
    assert_eq!(rows(&lab), [(Direction::Outgoing, "First line\nand second".to_owned())]);
    let message = lab.reader.page(lab.account, &room(), None, 1).unwrap().remove(0);
    assert_eq!((message.state, message.archived), (MessageState::Sent, named("r1")));
    // Another's is another, and so is what may be another's, whatever it is called.
    lab.commit(vec![add(said("Eve", "o1", "and third", "r3", 11))]).await;
    let perhaps = RoomMessage {
        message: NewMessage {
            direction: Direction::Incoming,
            state: MessageState::Received,
            ..part("and fourth", "r4").message
        },
        author: Some(Author { nick: nick("Alice"), occupant: None }),
        claim: Claim::Perhaps,
        source: RoomSource::Archive,
    };
    lab.commit(vec![add(perhaps)]).await;
    // What another program of ours has said under a name that it uses again.
    let theirs = |words: &str, id: &str| {
        let message = NewMessage {
            origin: OriginId::new("1"),
            body: Body::Text(words.to_owned()),
            ..ours.message.clone()
        };
        add(given_back(RoomMessage { message, ..ours.clone() }, id))
    };
    lab.commit(vec![theirs("and fifth", "r5"), theirs("and sixth", "r6")]).await;
    let words: Vec<String> = rows(&lab).into_iter().map(|(_, words)| words).collect();
    assert_eq!(words[1..], ["and third", "and fourth", "and fifth", "and sixth"]);
}

#[tokio::test]
async fn one_message_is_one_row_and_those_of_two_people_are_two() {
    let lab = wanted().await;
    let one = said("Bob", "m1", "Hi", "r1", 10);
    let listed = RoomMessage {
        message: NewMessage { order: Order::Listed { since: at(1) }, ..one.message.clone() },
        source: RoomSource::Archive,
        ..one.clone()
    };
    lab.commit(vec![add(one.clone()), add(one), add(listed)]).await;
    assert_eq!(rows(&lab).len(), 1);
    // Another may use the same name for the same text, and one may say the same twice.
    lab.commit(vec![add(said("Eve", "m1", "Hi", "r2", 11)), add(said("Bob", "m1", "Hi", "r3", 12))]).await;
    assert_eq!(rows(&lab).len(), 3);
    // Unless their program says that it uses a name once: then it has sent it again.
    let once = |id: &str| {
        let said = said("Bob", "m5", "Once", id, 15);
        let message = NewMessage { naming: Naming::Unique, ..said.message };
        add(RoomMessage { message, ..said })
    };
    lab.commit(vec![once("r5"), once("r6")]).await;
    assert_eq!(rows(&lab).len(), 4);
    // Where the room gives no names, those of the author count, and else the time.
    let again = || vec![add(said("Bob", "m9", "Ho", "", 20)), add(said("Bob", "", "Hu", "", 21))];
    lab.commit(again()).await;
    lab.commit(again()).await;
    assert_eq!(rows(&lab).len(), 6);
}

#[tokio::test]
async fn what_a_moderator_wants_gone_leaves_the_file() {
    let lab = wanted().await;
    let gone = |id: &str, by| Change::RoomRetracted(RoomRetraction { stanza: named(id).unwrap(), by });
    lab.commit(vec![
        add(said("Bob", "m1", "mirabelle", "r1", 10)),
        add(said("Eve", "m2", "prune", "r2", 11)),
    ])
    .await;
    // Nobody's but their own.
    let strangers = [
        gone("r1", Retractor::Occupant("id-Eve".to_owned())),
        gone("r1", Retractor::Ourselves),
        Change::RoomRetracted(RoomRetraction {
            stanza: StanzaId { by: jid("other@muc.test"), id: "r1".to_owned() },
            by: Retractor::Moderator,
        }),
    ];
    assert_eq!(lab.commit(strangers.to_vec()).await, []);
    lab.commit(vec![gone("r1", Retractor::Moderator), gone("r2", Retractor::Occupant("id-Eve".to_owned()))])
        .await;
    let texts = |lab: &Lab| rows(lab).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    assert_eq!(texts(&lab), ["(retracted)", "(retracted)"]);
    // It does not come back with a copy, nor when the word of it came first.
    lab.commit(vec![gone("r3", Retractor::Moderator), gone("r4", Retractor::Occupant("id-Bob".to_owned()))])
        .await;
    lab.commit(vec![
        add(said("Bob", "m1", "mirabelle", "r1", 10)),
        add(said("Bob", "m3", "cerise", "r3", 12)),
        add(said("Eve", "m4", "still here", "r4", 13)),
    ])
    .await;
    assert_eq!(texts(&lab), ["(retracted)", "(retracted)", "(retracted)", "still here"]);
    lab.store.clone().close();
    let bytes = std::fs::read(lab.folder.path().join(DATABASE)).unwrap();
    for word in ["mirabelle", "prune", "cerise"] {
        assert!(!bytes.windows(word.len()).any(|bytes| bytes == word.as_bytes()), "{word} is in the file");
    }
}

#[tokio::test]
async fn words_of_a_hostile_room_about_what_never_comes_are_bounded() {
    let lab = wanted().await;
    let gone = |number: usize| {
        let stanza = named(&format!("r{number}")).unwrap();
        Change::RoomRetracted(RoomRetraction { stanza, by: Retractor::Moderator })
    };
    lab.commit((0..1_500).map(gone).collect()).await;
    let count = lab.store.run("test", |ledger| {
        ledger.connection.query_row("SELECT count(*) FROM room_retraction", (), |row| row.get::<_, i64>(0))
    });
    assert_eq!(count.await.unwrap(), 1_000);
}

/// It came by itself while the archive was read, is known there, and everything is here up to it. What the archive has after it comes behind
/// it, though its clock is coarser than ours.
#[tokio::test]
async fn what_comes_after_the_last_that_was_reached_is_behind_it() {
    let lab = wanted().await;
    let placed = |id: &str, order: Order, millis: i64| {
        let mut said = said("Bob", id, id, id, millis);
        said.message.order = order;
        add(said)
    };
    lab.commit(vec![placed("a1", Order::ByTime, 950)]).await;
    let reached = Reached { id: "a1".to_owned(), at: at(0) };
    lab.commit(vec![Change::ArchiveReached { archive: room(), reached }]).await;
    lab.commit(vec![placed("a2", Order::Listed { since: at(2_000) }, 0)]).await;
    let texts: Vec<String> = rows(&lab).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["a1", "a2"]);
}

#[tokio::test]
async fn each_archive_has_an_order_of_its_own() {
    let lab = wanted().await;
    let other = jid("other@muc.test");
    lab.commit(vec![Change::RoomWanted { room: other.clone(), nick: nick("Alice") }]).await;
    let listed = |room: &BareJid, id: &str, since: i64, millis: i64| {
        let mut said = said("Bob", id, id, id, millis);
        said.message.peer = room.clone();
        said.message.stanza = Some(StanzaId { by: room.clone(), id: id.to_owned() });
        said.message.order = Order::Listed { since: at(since) };
        add(said)
    };
    // Two rooms and our own archive are read at once, and all have coarse clocks that go backwards.
    lab.commit(vec![
        listed(&room(), "a1", 100, 50),
        listed(&other, "b1", 200, 50),
        change(NewMessage { order: Order::Listed { since: at(300) }, ..incoming("c1", "c1", 50) }),
        listed(&room(), "a2", 100, 40),
        listed(&other, "b2", 200, 40),
        change(NewMessage { order: Order::Listed { since: at(300) }, ..incoming("c2", "c2", 40) }),
        listed(&room(), "a3", 100, 45),
    ])
    .await;
    let texts = |peer: &BareJid| -> Vec<String> {
        lab.reader.page(lab.account, peer, None, 10).unwrap().iter().map(text).collect()
    };
    assert_eq!(texts(&room()), ["a1", "a2", "a3"]);
    assert_eq!(texts(&other), ["b1", "b2"]);
    assert_eq!(texts(&bob()), ["c1", "c2"]);
    // How far one was read says nothing of another.
    let reached = Reached { id: "a3".to_owned(), at: at(45) };
    lab.commit(vec![Change::ArchiveReached { archive: room(), reached }]).await;
    lab.commit(vec![change(NewMessage {
        order: Order::Listed { since: at(400) },
        ..incoming("c0", "c0", 30)
    })])
    .await;
    assert_eq!(texts(&bob()), ["c0", "c1", "c2"]);
}
