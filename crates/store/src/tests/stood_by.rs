//! What others of our devices have said of a message while ours waited: it stands if ours fails.

use causerie_model::{
    Annotation, Arrival, Change, Direction, Emoji, MessageState, OriginId, Problem, Protection, Reached,
    Retractor, RoomAnnotation, RoomRetraction, Says, StanzaId,
};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing, stanza};
use super::rooms::{add, given_back, ours, room, wanted};

fn id(text: &str) -> OriginId {
    OriginId::new(text).unwrap()
}

fn with(emoji: &str) -> Says {
    Says::Reactions(emoji.split_whitespace().map(|emoji| Emoji::new(emoji).unwrap()).collect())
}

fn text(text: &str) -> Says {
    Says::Correction(text.to_owned())
}

/// We say that here, and it waits.
fn here(origin: &str, says: Says, millis: i64) -> Annotation {
    let target = id(if matches!(says, Says::Reactions(_)) { "i1" } else { "o1" });
    Annotation {
        peer: bob(),
        author: Direction::Outgoing,
        target,
        says,
        origin: OriginId::new(origin),
        at: at(millis),
        arrival: Arrival::Live,
        is_early: false,
        state: MessageState::Pending,
        protection: Protection::Encrypted(None),
    }
}

/// Another device of ours has said it.
fn there(origin: &str, says: Says, millis: i64) -> Annotation {
    Annotation { state: MessageState::Sent, ..here(origin, says, millis) }
}

fn moved(peer: causerie_model::BareJid, origin: &str, state: MessageState) -> Change {
    Change::MessageStateChanged { peer, id: id(origin), state }
}

fn failed() -> MessageState {
    MessageState::Failed(Problem::Refused)
}

/// The archive lists what was encrypted and has come before.
fn again(origin: &str, name: &str, millis: i64) -> Change {
    let (peer, stanza, direction) = (bob(), stanza(name).unwrap(), Direction::Outgoing);
    Change::MessageListed { peer, direction, stanza, origin: Some(id(origin)), at: at(millis), since: at(0) }
}

fn passed(name: &str) -> Change {
    Change::ArchivePassed { archive: jid("alice@chat.test"), id: name.to_owned(), since: None }
}

async fn lab() -> Lab {
    let lab = Lab::new().await;
    let reached = Reached { id: "s1".to_owned(), at: at(1) };
    let secret = |mut message: causerie_model::NewMessage| {
        message.protection = Protection::Encrypted(None);
        change(message)
    };
    lab.commit(vec![
        secret(incoming("i1", "one", 1)),
        secret(outgoing("o1", "ours", 2)),
        Change::ArchiveReached { archive: jid("alice@chat.test"), reached },
    ])
    .await;
    lab
}

/// How our message reads, and how it stands with its correction.
fn reads(lab: &Lab) -> (String, Option<MessageState>) {
    let message = lab.page().remove(1);
    (super::lab::text(&message), message.annotations.edited.map(|edited| edited.state))
}

fn reacted(lab: &Lab) -> Vec<String> {
    let reactions = lab.page().remove(0).annotations.reactions.into_iter();
    reactions.flat_map(|by| by.emoji).map(|emoji| emoji.as_str().to_owned()).collect()
}

impl Lab {
    async fn hears(&self, all: impl IntoIterator<Item = Annotation>) {
        self.commit(all.into_iter().map(Change::Annotated).collect()).await;
    }
}

#[tokio::test]
async fn what_another_device_has_said_stands_if_ours_fails() {
    for (arrival, is_early) in [
        (Arrival::Live, false),
        (Arrival::Live, true),
        (Arrival::Queued, true),
        (Arrival::Listed, false),
        (Arrival::Kept, true),
    ] {
        for is_sent in [false, true] {
            let mut lab = lab().await;
            let there = |origin, says, at| Annotation { arrival, is_early, ..there(origin, says, at) };
            lab.hears([here("x", text("from here"), 10), here("xe", with("👍"), 11)]).await;
            lab.hears([there("y", text("from there"), 20), there("ye", with("🎉"), 21)]).await;
            assert_eq!(reads(&lab), ("from here".to_owned(), Some(MessageState::Pending)));
            assert_eq!(reacted(&lab), ["👍"]);
            // Something comes in its turn, and the program starts again.
            lab.commit(vec![passed("s9")]).await;
            lab.restart();
            if is_sent {
                let sent = |origin| moved(bob(), origin, MessageState::Sent);
                lab.commit(vec![sent("x"), sent("xe")]).await;
                assert_eq!(reads(&lab), ("from here".to_owned(), Some(MessageState::Sent)));
            }
            lab.commit(vec![moved(bob(), "x", failed()), moved(bob(), "xe", failed())]).await;
            assert_eq!(reads(&lab), ("from there".to_owned(), Some(MessageState::Sent)), "{arrival:?}");
            assert_eq!(reacted(&lab), ["🎉"], "{arrival:?}");
            assert_eq!(lab.store.restore(lab.account).await.unwrap().pending.len(), 1, "the message itself");
            // What is said there or here after that counts.
            lab.hears([Annotation { state: MessageState::Sent, ..here("z", text("at last"), 30) }]).await;
            assert_eq!(reads(&lab).0, "at last");
        }
    }
}

/// The other device has taken its reaction back: none is one, too. And the last of several stands.
#[tokio::test]
async fn the_last_that_was_said_there_stands() {
    let lab = lab().await;
    lab.hears([there("e", with("😡"), 5), here("xe", with("👍"), 11), there("ye", with(""), 21)]).await;
    lab.hears([here("x", text("from here"), 10), there("y", text("from there"), 9_000)]).await;
    // The clock is set back. Ours is corrected again, and waits.
    lab.hears([there("z", text("from there again"), 30), here("x2", text("from here again"), 31)]).await;
    assert_eq!((reads(&lab).0.as_str(), reacted(&lab)), ("from here again", vec!["👍".to_owned()]));
    lab.commit(vec![moved(bob(), "xe", failed()), moved(bob(), "x2", failed())]).await;
    assert_eq!((reads(&lab).0.as_str(), reacted(&lab)), ("from there again", vec![]));
}

/// Where it has failed and is in the archive all the same, the archive's order counts, as on every other device.
#[tokio::test]
async fn what_has_failed_and_is_listed_has_its_place() {
    for [first, second] in [["x", "y"], ["y", "x"]] {
        let lab = lab().await;
        lab.hears([here("x", text("x"), 10), there("y", text("y"), 20)]).await;
        lab.commit(vec![moved(bob(), "x", failed())]).await;
        lab.commit(vec![again(first, "s2", 30), again(second, "s3", 40)]).await;
        assert_eq!(reads(&lab), (second.to_owned(), Some(MessageState::Sent)));
    }
}

/// Ours has gone out, and the archive tells which of the two was first.
#[tokio::test]
async fn what_has_gone_out_and_is_listed_has_its_place() {
    for [first, second] in [["x", "y"], ["y", "x"]] {
        for is_sent_before in [false, true] {
            let lab = lab().await;
            lab.hears([here("x", text("x"), 10), there("y", text("y"), 20)]).await;
            let sent = moved(bob(), "x", MessageState::Sent);
            if is_sent_before {
                lab.commit(vec![sent.clone()]).await;
            }
            lab.commit(vec![again(first, "s2", 30)]).await;
            lab.commit(vec![sent]).await;
            lab.commit(vec![again(second, "s3", 30)]).await;
            if is_sent_before || first == "y" {
                assert_eq!(reads(&lab), (second.to_owned(), Some(MessageState::Sent)), "{is_sent_before}");
            }
        }
    }
}

/// Ours has gone out behind what another device has said, and the archive has told so: that one stands by for nothing that is said here later.
#[tokio::test]
async fn what_stood_by_for_one_that_has_gone_out_stands_by_for_no_other() {
    for problem in [Problem::Refused, Problem::Cancelled] {
        for arrival in [Arrival::Listed, Arrival::Queued] {
            let lab = lab().await;
            let there = |origin, says, at| Annotation { arrival, is_early: true, ..there(origin, says, at) };
            lab.hears([here("x", text("from here"), 10), there("y", text("from there"), 20)]).await;
            lab.commit(vec![again("x", "s3", 30), moved(bob(), "x", MessageState::Sent)]).await;
            assert_eq!(reads(&lab), ("from here".to_owned(), Some(MessageState::Sent)));
            lab.hears([here("x2", text("from here again"), 40)]).await;
            lab.commit(vec![passed("s9")]).await;
            let failed = MessageState::Failed(problem.clone());
            lab.commit(vec![moved(bob(), "x2", failed.clone())]).await;
            assert_eq!(reads(&lab), ("from here again".to_owned(), Some(failed)), "{arrival:?}");
        }
    }
}

/// What was taken back leaves nothing, nor what stood by for it; and what ours was sent over is forgotten.
#[tokio::test]
async fn nothing_is_kept_longer_than_it_may_be_needed() {
    let kept = "SELECT count(*) FROM annotation WHERE counts = 0 AND value <> ''";
    let kept = |lab: &Lab| {
        let store = lab.store.clone();
        async move {
            let count = store
                .run("test", move |ledger| ledger.connection.query_row(kept, [], |row| row.get::<_, i64>(0)));
            count.await.unwrap()
        }
    };
    let first = lab().await;
    first.hears([here("x", text("x"), 10), there("y", text("y"), 20)]).await;
    assert_eq!(kept(&first).await, 1);
    first.commit(vec![moved(bob(), "x", MessageState::Sent), passed("s9")]).await;
    assert_eq!(kept(&first).await, 0);
    let second = lab().await;
    second.hears([here("x", text("x"), 10), there("y", text("y"), 20)]).await;
    second.hears([there("r", Says::Retraction(String::new()), 30)]).await;
    assert_eq!((reads(&second).0.as_str(), kept(&second).await), ("(retracted)", 0));
    second.commit(vec![moved(bob(), "x", failed())]).await;
    assert_eq!((reads(&second).0.as_str(), kept(&second).await), ("(retracted)", 0));
}

/// The same in a room.
fn in_room(origin: &str, says: Says, (arrival, is_early): (Arrival, bool)) -> RoomAnnotation {
    let target = id(if matches!(says, Says::Reactions(_)) { "r1" } else { "o1" });
    RoomAnnotation {
        room: room(),
        target,
        says,
        author: None,
        origin: OriginId::new(origin),
        stanza: Some(StanzaId { by: room(), id: format!("s-{origin}") }),
        at: at(20),
        arrival,
        is_early,
        is_placed: arrival == Arrival::Listed,
        state: MessageState::Sent,
        source: causerie_model::RoomSource::Live,
    }
}

#[tokio::test]
async fn and_so_it_is_in_rooms() {
    let waits = |said: RoomAnnotation| RoomAnnotation {
        stanza: None,
        is_placed: false,
        state: MessageState::Pending,
        at: at(10),
        ..said
    };
    let said = |said: RoomAnnotation| Change::RoomAnnotated(said);
    let now = (Arrival::Live, false);
    for arrival in [now, (Arrival::Live, true), (Arrival::Listed, false), (Arrival::Kept, true)] {
        let mut lab = wanted().await;
        lab.commit(vec![add(given_back(ours("o1", "ours", 1), "r1"))]).await;
        lab.commit(vec![
            said(waits(in_room("x", text("from here"), now))),
            said(waits(in_room("xe", with("👍"), now))),
            said(in_room("y", text("from there"), arrival)),
            said(in_room("ye", with("🎉"), arrival)),
        ])
        .await;
        let shown = |lab: &Lab| {
            let message = lab.reader.page(lab.account, &room(), None, 1).unwrap().remove(0);
            let emoji = message.annotations.reactions.iter().flat_map(|by| by.emoji.clone());
            let emoji: Vec<String> = emoji.map(|emoji| emoji.as_str().to_owned()).collect();
            (super::lab::text(&message), emoji.concat())
        };
        assert_eq!(shown(&lab), ("from here".to_owned(), "👍".to_owned()));
        lab.restart();
        lab.commit(vec![moved(room(), "x", failed()), moved(room(), "xe", failed())]).await;
        assert_eq!(shown(&lab), ("from there".to_owned(), "🎉".to_owned()), "{arrival:?}");
        // The room has it after all, behind the other one.
        let listed = (Arrival::Listed, false);
        lab.commit(vec![
            said(in_room("y", text("from there"), listed)),
            said(in_room("x", text("from here"), listed)),
        ])
        .await;
        assert_eq!(shown(&lab).0, "from here", "{arrival:?}");
        // What is gone leaves nothing.
        let stanza = StanzaId { by: room(), id: "r1".to_owned() };
        let gone = RoomRetraction { stanza, by: Retractor::Ourselves };
        lab.commit(vec![
            said(waits(in_room("x2", text("once more"), now))),
            said(in_room("y2", text("and there"), now)),
        ])
        .await;
        lab.commit(vec![Change::RoomRetracted(gone)]).await;
        lab.commit(vec![moved(room(), "x2", failed())]).await;
        assert_eq!(shown(&lab), ("(retracted)".to_owned(), String::new()));
    }
}
