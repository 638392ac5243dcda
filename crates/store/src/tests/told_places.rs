//! What is said of messages while what was missed is being fetched: in the end the archive's order counts, as on every other device.

use causerie_model::{
    Annotation, Arrival, Change, Direction, MessageState, NewMessage, Order, OriginId, Protection, Reached,
    Says,
};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing, stanza};

fn id(text: &str) -> OriginId {
    OriginId::new(text).unwrap()
}

/// Bob corrects his message, and that comes by itself while something is being fetched.
fn early(origin: &str, text: &str, millis: i64) -> Annotation {
    Annotation {
        peer: bob(),
        author: Direction::Incoming,
        target: id("i1"),
        says: Says::Correction(text.to_owned()),
        origin: OriginId::new(origin),
        at: at(millis),
        arrival: Arrival::Live,
        is_early: true,
        state: MessageState::Received,
        protection: Protection::Encrypted(None),
    }
}

fn listed(annotation: Annotation) -> Annotation {
    Annotation { arrival: Arrival::Listed, is_early: false, ..annotation }
}

/// We correct ours on another device.
fn elsewhere(annotation: Annotation) -> Annotation {
    let (author, target, state) = (Direction::Outgoing, id("o1"), MessageState::Sent);
    Annotation { author, target, state, is_early: false, ..annotation }
}

/// We correct ours here, and it waits.
fn here(annotation: Annotation) -> Annotation {
    Annotation { state: MessageState::Pending, is_early: true, ..elsewhere(annotation) }
}

/// The archive lists what was encrypted and has come before.
fn again(direction: Direction, origin: &str, name: &str, millis: i64) -> Change {
    let (peer, stanza) = (bob(), stanza(name).unwrap());
    Change::MessageListed { peer, direction, stanza, origin: Some(id(origin)), at: at(millis), since: at(0) }
}

fn reached(name: &str, millis: i64) -> Change {
    let reached = Reached { id: name.to_owned(), at: at(millis) };
    Change::ArchiveReached { archive: jid("alice@chat.test"), reached }
}

/// Something has come by itself and in its turn.
fn passed(name: &str) -> Change {
    Change::ArchivePassed { archive: jid("alice@chat.test"), id: name.to_owned(), since: None }
}

fn secret(message: NewMessage) -> Change {
    change(NewMessage { protection: Protection::Encrypted(None), ..message })
}

async fn lab() -> Lab {
    let lab = Lab::new().await;
    lab.commit(vec![secret(incoming("i1", "one", 1)), secret(outgoing("o1", "ours", 2)), reached("s1", 1)])
        .await;
    lab
}

impl Lab {
    /// How much of what was said of messages is in the ledger.
    async fn kept(&self) -> i64 {
        let sql = "SELECT count(*) FROM annotation WHERE value <> ''";
        self.store
            .run("test", move |ledger| ledger.connection.query_row(sql, [], |row| row.get(0)))
            .await
            .unwrap()
    }

    async fn corrects(&self, annotation: Annotation) {
        self.commit(vec![Change::Annotated(annotation)]).await;
    }
}

/// The archive is read on in pages, and where it was read to is remembered after each: what came by itself before the first of them is behind
/// what the second brings.
#[tokio::test]
async fn what_came_by_itself_is_behind_what_was_missed() {
    let lab = lab().await;
    lab.corrects(early("c2", "third", 30)).await;
    lab.commit(vec![change(incoming("i2", "next", 10)), reached("s2", 10)]).await;
    lab.corrects(listed(early("c1", "second", 20))).await;
    assert_eq!(lab.texts(), ["third", "ours", "next"]);
    // When it is listed itself, it has its place, and what is listed later is behind it.
    lab.commit(vec![again(Direction::Incoming, "c2", "s4", 25), reached("s4", 25)]).await;
    lab.commit(vec![change(incoming("i3", "last", 35)), reached("s5", 35)]).await;
    lab.corrects(listed(early("c3", "fourth", 36))).await;
    assert_eq!(lab.texts(), ["fourth", "ours", "next", "last"]);
}

/// Our clock was an hour behind: what was missed seems to be newer than what came by itself.
#[tokio::test]
async fn the_archive_has_the_last_word_whatever_our_clock_was() {
    const HOUR: i64 = 3_600_000;
    for correction in [
        again(Direction::Incoming, "c2", "s3", HOUR + 30),
        Change::Annotated(listed(early("c2", "third", HOUR + 30))),
    ] {
        let lab = lab().await;
        lab.corrects(early("c2", "third", 30)).await;
        lab.commit(vec![change(incoming("i2", "next", 10)), reached("s2", 10)]).await;
        lab.corrects(listed(early("c1", "second", HOUR + 20))).await;
        lab.commit(vec![correction]).await;
        assert_eq!(lab.texts(), ["third", "ours", "next"]);
    }
}

/// What the server could not hand over is newer than what was here, whatever our clock was when that came.
#[tokio::test]
async fn what_a_server_kept_is_newer_than_what_was_here() {
    let lab = lab().await;
    let live = Annotation { is_early: false, ..early("c1", "second", 9_000_000) };
    lab.corrects(live).await;
    lab.corrects(Annotation { arrival: Arrival::Queued, ..early("c2", "third", 30) }).await;
    assert_eq!(lab.texts(), ["third", "ours"]);
}

/// We correct a message here without a network, and another device of ours has corrected it since: ours goes out behind that.
#[tokio::test]
async fn what_waits_here_is_behind_what_another_device_has_sent() {
    for arrival in [Arrival::Live, Arrival::Queued, Arrival::Listed, Arrival::Kept] {
        let lab = lab().await;
        lab.corrects(here(early("x", "from here", 10))).await;
        lab.corrects(Annotation { arrival, ..elsewhere(early("y", "from there", 20)) }).await;
        assert_eq!(lab.texts(), ["one", "from here"], "{arrival:?}");
        // It has gone out since, and the archive tells so.
        let sent = Change::MessageStateChanged { peer: bob(), id: id("x"), state: MessageState::Sent };
        lab.commit(vec![sent]).await;
        lab.commit(vec![
            again(Direction::Outgoing, "y", "s2", 20),
            again(Direction::Outgoing, "x", "s3", 30),
        ])
        .await;
        assert_eq!(lab.texts(), ["one", "from here"], "{arrival:?}");
        // What we say there after that counts.
        lab.corrects(elsewhere(early("z", "from there again", 40))).await;
        assert_eq!(lab.texts(), ["one", "from there again"], "{arrival:?}");
    }
}

/// It has gone out before what the other device has sent is listed.
#[tokio::test]
async fn what_was_sent_from_here_is_behind_what_is_listed_before_it() {
    let lab = lab().await;
    lab.corrects(here(early("x", "from here", 10))).await;
    lab.commit(vec![Change::MessageStateChanged { peer: bob(), id: id("x"), state: MessageState::Sent }])
        .await;
    lab.corrects(listed(elsewhere(early("y", "from there", 20)))).await;
    assert_eq!(lab.texts(), ["one", "from here"]);
    // It had come before the other one, where it is listed so.
    lab.commit(vec![again(Direction::Outgoing, "x", "s3", 15)]).await;
    lab.corrects(listed(elsewhere(early("z", "from there after all", 20)))).await;
    assert_eq!(lab.texts(), ["one", "from there after all"]);
}

/// Some archives leave out what others keep: what they never list keeps nothing back for ever.
#[tokio::test]
async fn what_is_never_listed_is_overtaken() {
    let lab = lab().await;
    lab.corrects(here(early("x", "from here", 10))).await;
    lab.commit(vec![Change::MessageStateChanged { peer: bob(), id: id("x"), state: MessageState::Sent }])
        .await;
    let live = |message| change(NewMessage { order: Order::Last, ..message });
    lab.commit(vec![live(incoming("i2", "next", 20)), passed("s4"), reached("s4", 20)]).await;
    lab.corrects(listed(elsewhere(early("y", "from there", 5)))).await;
    assert_eq!(lab.texts(), ["one", "from there", "next"]);
}

/// Of what was taken back nothing stays, nor of what was kept of it in case that it counts.
#[tokio::test]
async fn what_came_early_is_forgotten_with_its_message() {
    let lab = lab().await;
    lab.corrects(early("c1", "aubergine", 30)).await;
    lab.corrects(early("c2", "courgette", 31)).await;
    let gone = Annotation { says: Says::Retraction(String::new()), ..early("r1", "", 40) };
    lab.corrects(gone).await;
    lab.commit(vec![again(Direction::Incoming, "c1", "s3", 50), again(Direction::Incoming, "c2", "s4", 51)])
        .await;
    assert_eq!(lab.texts(), ["(retracted)", "ours"]);
    assert_eq!(lab.kept().await, 0);
}

/// It has gone out before another device's correction is read ahead of what is missing.
#[tokio::test]
async fn what_was_sent_from_here_is_behind_what_is_read_ahead() {
    let lab = lab().await;
    lab.corrects(here(early("x", "from here", 10))).await;
    lab.commit(vec![Change::MessageStateChanged { peer: bob(), id: id("x"), state: MessageState::Sent }])
        .await;
    let ahead =
        Annotation { arrival: Arrival::Kept, is_early: true, ..elsewhere(early("y", "from there", 20)) };
    lab.corrects(ahead).await;
    assert_eq!(lab.texts(), ["one", "from here"]);
    lab.commit(vec![again(Direction::Outgoing, "y", "s2", 20), again(Direction::Outgoing, "x", "s3", 30)])
        .await;
    assert_eq!(lab.texts(), ["one", "from here"]);
    // In the other order, the other one counts, though it was read before.
    lab.corrects(here(early("u", "from here once more", 40))).await;
    lab.commit(vec![Change::MessageStateChanged { peer: bob(), id: id("u"), state: MessageState::Sent }])
        .await;
    let ahead = Annotation {
        arrival: Arrival::Kept,
        is_early: true,
        ..elsewhere(early("v", "from there at last", 50))
    };
    lab.corrects(ahead).await;
    lab.commit(vec![again(Direction::Outgoing, "u", "s4", 45), again(Direction::Outgoing, "v", "s5", 50)])
        .await;
    assert_eq!(lab.texts(), ["one", "from there at last"]);
}

/// What never went out keeps nothing back.
#[tokio::test]
async fn what_failed_here_is_overtaken() {
    let lab = lab().await;
    lab.corrects(here(early("x", "from here", 10))).await;
    let failed = MessageState::Failed(causerie_model::Problem::OverLimits);
    lab.commit(vec![Change::MessageStateChanged { peer: bob(), id: id("x"), state: failed }]).await;
    lab.corrects(listed(elsewhere(early("y", "from there", 20)))).await;
    assert_eq!(lab.texts(), ["one", "from there"]);
}

/// Our clock was an hour ahead when the first of them came.
#[tokio::test]
async fn what_is_listed_behind_another_is_shown_whatever_our_clock_was() {
    const HOUR: i64 = 3_600_000;
    let lab = lab().await;
    lab.corrects(early("c2", "second", HOUR)).await;
    lab.commit(vec![again(Direction::Incoming, "c2", "s2", 20)]).await;
    lab.corrects(listed(early("c3", "third", 30))).await;
    assert_eq!(lab.texts(), ["third", "ours"]);
}

/// What is read ahead is read from its end: first that a message was taken back, then how it was corrected before.
#[tokio::test]
async fn nothing_is_kept_of_what_was_taken_back_already() {
    let lab = lab().await;
    let ahead = |annotation| Annotation { arrival: Arrival::Kept, ..annotation };
    let gone = Annotation { says: Says::Retraction(String::new()), ..early("r1", "", 40) };
    lab.corrects(ahead(gone)).await;
    lab.corrects(ahead(early("c1", "aubergine", 30))).await;
    assert_eq!(lab.kept().await, 0);
    assert_eq!(lab.texts(), ["(retracted)", "ours"]);
}
