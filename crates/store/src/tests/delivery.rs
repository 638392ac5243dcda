//! How far messages have got, and how far an archive was read.

use causerie_model::{
    Annotation, Arrival, BareJid, Change, Direction, MessageState, NewMessage, OriginId, Problem, Protection,
    Reached, Reading, Says, Unread,
};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing, stanza};

fn id(text: &str) -> OriginId {
    OriginId::new(text).unwrap()
}

fn moved(name: &str, state: MessageState) -> Change {
    Change::MessageStateChanged { peer: bob(), id: id(name), state }
}

fn states(lab: &Lab) -> Vec<MessageState> {
    lab.page().into_iter().map(|message| message.state).collect()
}

#[tokio::test]
async fn no_state_falls_back() {
    use MessageState::{Delivered, Failed, Pending, Read, Sent};
    let failed = Failed(Problem::Refused);
    // From, to, and what it is then.
    let table = [
        (Pending, Sent, Sent),
        (Pending, Delivered, Delivered),
        (Pending, failed.clone(), failed.clone()),
        (Sent, Pending, Sent),
        (Sent, failed.clone(), failed.clone()),
        (Delivered, Pending, Delivered),
        (Delivered, Sent, Delivered),
        (Delivered, failed.clone(), Delivered),
        (Delivered, Read, Read),
        (Read, Pending, Read),
        (Read, Sent, Read),
        (Read, Delivered, Read),
        (Read, failed.clone(), Read),
        (failed.clone(), Pending, Pending),
        (failed.clone(), Sent, Sent),
        (failed.clone(), Delivered, Delivered),
        (failed, Read, Read),
    ];
    for (number, (from, to, then)) in table.into_iter().enumerate() {
        let lab = Lab::new().await;
        lab.commit(vec![change(outgoing("o", "text", 1))]).await;
        lab.commit(vec![moved("o", from.clone())]).await;
        let events = lab.commit(vec![moved("o", to.clone())]).await;
        assert_eq!(states(&lab), std::slice::from_ref(&then), "{number}: {from:?} to {to:?}");
        assert_eq!(events.is_empty(), from == then, "{number}");
        // A copy that comes back later says that it was sent, which is no news.
        let copy = NewMessage { state: Sent, stanza: stanza("s"), ..outgoing("o", "text", 5) };
        lab.commit(vec![change(copy)]).await;
        let further = matches!(then, Delivered | Read);
        assert_eq!(states(&lab), [if further { then } else { Sent }], "{number}");
    }
}

#[tokio::test]
async fn who_has_read_a_message_has_read_those_before_it() {
    let lab = Lab::new().await;
    let month = 31 * 24 * 60 * 60 * 1_000;
    for (name, millis) in [("old", 1), ("a", month), ("b", month + 1), ("c", month + 2), ("d", month + 3)] {
        lab.commit(vec![change(outgoing(name, name, millis)), moved(name, MessageState::Sent)]).await;
    }
    lab.commit(vec![change(incoming("theirs", "theirs", month + 1))]).await;
    lab.commit(vec![moved("a", MessageState::Failed(Problem::Refused))]).await;
    let read = |name| Change::ReadByPeer { peer: bob(), id: id(name) };
    assert_eq!(lab.commit(vec![read("nothing")]).await, []);
    assert_eq!(
        lab.commit(vec![Change::ReadByPeer { peer: jid("mallory@evil.test"), id: id("c") }]).await,
        []
    );
    assert_eq!(lab.commit(vec![read("c")]).await.len(), 1);
    let of =
        |name: &str| lab.page().into_iter().find(|message| message.origin == Some(id(name))).unwrap().state;
    let (sent, read_by_them) = (MessageState::Sent, MessageState::Read);
    assert_eq!(
        (of("old"), of("b"), of("c"), of("d")),
        (sent.clone(), read_by_them.clone(), read_by_them, sent)
    );
    assert_eq!((of("a"), of("theirs")), (MessageState::Failed(Problem::Refused), MessageState::Received));
    assert_eq!(lab.commit(vec![read("c")]).await, []);
}

#[tokio::test]
async fn what_was_read_on_another_device_is_read_here() {
    let lab = Lab::new().await;
    for number in 1..=3 {
        lab.commit(vec![change(incoming(&number.to_string(), "text", number))]).await;
    }
    let read = |name| Change::ReadElsewhere { peer: bob(), id: id(name) };
    assert_eq!(lab.commit(vec![read("unknown")]).await, []);
    lab.commit(vec![read("2")]).await;
    assert_eq!(lab.reader.unread_total().unwrap(), 1);
}

#[tokio::test]
async fn what_is_to_be_told_of_reading_outlives_the_run() {
    let mut lab = Lab::new().await;
    let carol = jid("carol@chat.test");
    for (name, millis) in [("1", 1), ("2", 2), ("3", 3)] {
        lab.commit(vec![change(incoming(name, "text", millis))]).await;
    }
    let wanted = |name| Change::MarkerWanted { peer: bob(), id: id(name) };
    let noted = |peer: &BareJid, told: Option<&str>, archived: Option<&str>, marker: Option<&str>| Reading {
        peer: peer.clone(),
        told: told.and_then(stanza),
        archived: archived.and_then(stanza),
        marker: marker.map(id),
    };
    lab.commit(vec![wanted("2"), wanted("unknown")]).await;
    let (bobs, carols) =
        (noted(&bob(), Some("s1"), Some("s2"), Some("1")), noted(&carol, Some("s9"), None, None));
    lab.commit(vec![Change::ReadingNoted(bobs.clone()), Change::ReadingNoted(carols.clone())]).await;
    lab.restart();
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!(restored.reading, [bobs, carols.clone()]);
    let unread = |name, markable| Unread { peer: bob(), id: id(name), markable };
    assert_eq!(restored.unread, [unread("1", false), unread("2", true), unread("3", false)]);
    // What was read is no more to be told of, and what was told not either.
    let newest = lab.page()[1].id;
    lab.commit(vec![Change::ReadUpTo { peer: bob(), id: newest }]).await;
    lab.commit(vec![Change::ReadingNoted(noted(&bob(), None, None, None)), wanted("1")]).await;
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!((restored.reading, restored.unread), (vec![carols], vec![unread("3", false)]));
}

#[tokio::test]
async fn how_far_an_archive_was_read_is_kept_with_what_it_brought() {
    let mut lab = Lab::new().await;
    let reached = |name: &str, millis| Reached { id: name.to_owned(), at: at(millis) };
    let mark = |name: &str, millis| Change::ArchiveReached {
        archive: jid("alice@chat.test"),
        reached: reached(name, millis),
    };
    assert_eq!(lab.store.restore(lab.account).await.unwrap().archive, None);
    let other = Change::ArchiveReached { archive: jid("room@rooms.test"), reached: reached("r", 9) };
    lab.commit(vec![change(incoming("i1", "one", 1)), mark("s1", 1), other]).await;
    lab.commit(vec![mark("s2", 2)]).await;
    lab.restart();
    assert_eq!(lab.store.restore(lab.account).await.unwrap().archive, Some(reached("s2", 2)));
}

#[tokio::test]
async fn a_gap_is_kept_until_it_is_filled() {
    let mut lab = Lab::new().await;
    let archive = jid("alice@chat.test");
    let reached = Reached { id: "s1".to_owned(), at: at(1) };
    let gap = |until| Change::ArchiveGap { archive: jid("alice@chat.test"), until };
    lab.commit(vec![Change::ArchiveReached { archive, reached: reached.clone() }, gap(Some(at(9)))]).await;
    lab.restart();
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!((restored.archive, restored.gap), (Some(reached), Some(at(9))));
    // The mark moves within it.
    let reached = Reached { id: "s2".to_owned(), at: at(2) };
    let moved = Change::ArchiveReached { archive: jid("alice@chat.test"), reached: reached.clone() };
    lab.commit(vec![moved]).await;
    assert_eq!(lab.store.restore(lab.account).await.unwrap().gap, Some(at(9)));
    lab.commit(vec![gap(None)]).await;
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!((restored.archive, restored.gap), (Some(reached), None));
}

fn archived(name: &str, millis: i64) -> NewMessage {
    NewMessage { stanza: stanza(name), ..incoming(name, "text", millis) }
}

fn displayed(name: &str) -> Change {
    Change::Displayed { peer: bob(), stanza: stanza(name).unwrap() }
}

#[tokio::test]
async fn what_the_account_says_was_read_is_read_here_and_never_goes_back() {
    let lab = Lab::new().await;
    for number in 1..=4 {
        lab.commit(vec![change(archived(&number.to_string(), number))]).await;
    }
    lab.commit(vec![displayed("3")]).await;
    assert_eq!(lab.reader.unread_total().unwrap(), 1);
    assert_eq!(lab.commit(vec![displayed("3")]).await, []);
    assert_eq!(lab.commit(vec![displayed("1")]).await, [], "it is older");
    assert_eq!(lab.reader.unread_total().unwrap(), 1);
    // Another account's conversation of the same name, and a stranger's, are not concerned.
    let stranger = Change::Displayed { peer: jid("carol@chat.test"), stanza: stanza("4").unwrap() };
    assert_eq!(lab.commit(vec![stranger]).await, []);
    assert_eq!(lab.reader.unread_total().unwrap(), 1);
    // What fills a gap and is older was read there; what is newer, or of the same time, was not.
    lab.commit(vec![change(archived("0", 2)), change(archived("5", 3)), change(archived("6", 9))]).await;
    assert_eq!(lab.reader.unread_total().unwrap(), 3);
}

#[tokio::test]
async fn what_was_read_elsewhere_may_come_later() {
    let mut lab = Lab::new().await;
    lab.commit(vec![displayed("2")]).await;
    assert_eq!(lab.reader.conversations().unwrap(), [], "it makes no conversation");
    lab.restart();
    lab.commit(vec![change(archived("1", 1)), change(incoming("2", "text", 2)), change(archived("3", 3))])
        .await;
    assert_eq!(lab.reader.unread_total().unwrap(), 3);
    // Its name comes with the archive.
    lab.commit(vec![change(archived("2", 2))]).await;
    assert_eq!(lab.reader.unread_total().unwrap(), 1);
    // What was asked for last counts.
    lab.commit(vec![displayed("4"), displayed("5")]).await;
    lab.commit(vec![change(archived("4", 4)), change(archived("5", 5)), change(archived("6", 6))]).await;
    assert_eq!(lab.reader.unread_total().unwrap(), 1);
}

/// A message that comes by itself, as a copy, from the archive and after a lost session is one row, in any order.
#[tokio::test]
async fn one_message_by_all_ways_is_one_row() {
    let live = NewMessage { stanza: stanza("s1"), ..incoming("i1", "text", 1_000) };
    let unmarked = incoming("i1", "text", 1_500);
    let archived = NewMessage { stanza: stanza("s1"), ..incoming("i1", "text", 900) };
    let nameless = NewMessage { origin: None, ..archived.clone() };
    let ways = [live, unmarked, archived, nameless];
    for first in 0..ways.len() {
        for second in 0..ways.len() {
            // Without a name of its author's and without one of the archive's, nothing tells that two are the same.
            if matches!((first, second), (1, 3) | (3, 1)) {
                continue;
            }
            let lab = Lab::new().await;
            for way in [first, second].into_iter().chain(0..ways.len()) {
                lab.commit(vec![change(ways[way].clone())]).await;
            }
            assert_eq!(lab.page().len(), 1, "{first}, {second}");
            assert_eq!(lab.page()[0].direction, Direction::Incoming);
        }
    }
}

#[tokio::test]
async fn only_what_was_noted_to_wait_and_did_not_leave_since_has_certainly_not_left() {
    use causerie_model::{Left, OmemoVersion, Sealing};
    let mut lab = Lab::new().await;
    let waits = |name| Change::MessageWaits { peer: bob(), id: id(name) };
    let leaves = |name| Change::MessageLeaves { peer: bob(), id: id(name) };
    let written = |name| {
        let of = NewMessage { state: MessageState::Pending, ..outgoing(name, "text", 1) };
        change(of)
    };
    let said = |name: &str, protection| {
        Change::Annotated(Annotation {
            peer: bob(),
            author: Direction::Outgoing,
            target: id(&format!("of-{name}")),
            says: Says::Reactions(Vec::new()),
            origin: Some(id(name)),
            at: at(2),
            arrival: Arrival::Live,
            is_early: false,
            state: MessageState::Pending,
            protection,
        })
    };
    let secret = Protection::Encrypted(None);
    lab.commit(vec![written("noted"), waits("noted")]).await;
    // It went out as soon as it was written, or was written by an older version.
    lab.commit(vec![written("nothing")]).await;
    lab.commit(vec![written("gone"), waits("gone")]).await;
    lab.commit(vec![leaves("gone")]).await;
    // It left encrypted, failed, and is to go in clear: nothing of how it left is here any more.
    lab.commit(vec![written("again"), waits("again")]).await;
    lab.commit(vec![Change::MessageProtected { peer: bob(), id: id("again"), protection: secret }]).await;
    let sealing = Sealing { versions: vec![OmemoVersion::Omemo2], beyond: 0 };
    let sealed = Change::MessageSealed { peer: bob(), id: id("again"), sealing, unreached: Vec::new() };
    lab.commit(vec![sealed, leaves("again")]).await;
    lab.commit(vec![moved("again", MessageState::Failed(Problem::PerhapsSent))]).await;
    let clear = Change::MessageProtected { peer: bob(), id: id("again"), protection: Protection::Clear };
    lab.commit(vec![clear, moved("again", MessageState::Pending)]).await;
    lab.commit(vec![said("said", Protection::Clear), waits("said")]).await;
    lab.commit(vec![said("said-gone", Protection::Clear), waits("said-gone")]).await;
    lab.commit(vec![leaves("said-gone")]).await;
    lab.commit(vec![said("sealed", secret), waits("sealed")]).await;
    lab.commit(vec![leaves("sealed")]).await;
    lab.restart();
    let restored = lab.store.restore(lab.account).await.unwrap();
    let left: Vec<_> = restored.pending.iter().map(|message| (message.id.as_str(), message.left)).collect();
    assert_eq!(
        left,
        [
            ("noted", Left::Never),
            ("nothing", Left::Unknown),
            ("gone", Left::Unknown),
            ("again", Left::Unknown),
            ("said", Left::Never),
            ("said-gone", Left::Unknown),
            ("sealed", Left::Sealed),
        ]
    );
}
