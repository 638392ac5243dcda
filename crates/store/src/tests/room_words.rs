//! What is said of messages in rooms, in any order; what is told of before we came, whatever the clocks say; and what waits for them.

use causerie_model::{
    Arrival, Author, Body, Change, Claim, Direction, Emoji, Left, MessageState, NewMessage, Order, OriginId,
    Problem, Purpose, Reached, Retractor, RoomAnnotation, RoomMessage, RoomRetraction, RoomSource, Says,
    StanzaId,
};

use super::lab::{Lab, at};
use super::rooms::{add, given_back, named, nick, ours, room, rows, said, wanted};

fn id(text: &str) -> OriginId {
    OriginId::new(text).unwrap()
}

/// Somebody says something of a message in the room, listed by its archive.
fn of(who: &str, name: &str, target: &str, says: Says, millis: i64) -> RoomAnnotation {
    RoomAnnotation {
        room: room(),
        target: id(target),
        says,
        author: Some(Author { nick: nick(who), occupant: Some(format!("id-{who}")) }),
        origin: OriginId::new(name),
        stanza: named(&format!("s-{name}")),
        at: at(millis),
        arrival: Arrival::Listed,
        is_early: false,
        is_placed: true,
        state: MessageState::Received,
        source: RoomSource::Archive,
    }
}

/// The same, by itself.
fn live(said: RoomAnnotation) -> Change {
    Change::RoomAnnotated(RoomAnnotation { arrival: Arrival::Live, is_placed: false, ..said })
}

/// We do, and it waits.
fn by_us(said: RoomAnnotation) -> RoomAnnotation {
    let (arrival, state) = (Arrival::Live, MessageState::Pending);
    RoomAnnotation { author: None, stanza: None, arrival, is_placed: false, state, ..said }
}

fn listed(said: RoomAnnotation) -> Change {
    Change::RoomAnnotated(said)
}

fn text(text: &str) -> Says {
    Says::Correction(text.to_owned())
}

fn with(emoji: &str) -> Says {
    Says::Reactions(emoji.split_whitespace().map(|emoji| Emoji::new(emoji).unwrap()).collect())
}

fn texts(lab: &Lab) -> Vec<String> {
    rows(lab).into_iter().map(|(_, text)| text).collect()
}

fn gone(id: &str, by: Retractor) -> Change {
    Change::RoomRetracted(RoomRetraction { stanza: named(id).unwrap(), by })
}

#[tokio::test]
async fn a_correction_counts_for_its_own_author_alone() {
    let lab = wanted().await;
    lab.commit(vec![add(said("Bob", "m1", "Hullo", "r1", 10))]).await;
    for _ in 0..2 {
        lab.commit(vec![live(of("Bob", "c1", "m1", text("Hello"), 11))]).await;
    }
    assert_eq!(rows(&lab), [(Direction::Incoming, "Hello".to_owned())]);
    // That of another is what they have said.
    lab.commit(vec![live(of("Eve", "c2", "m1", text("Send money"), 12))]).await;
    assert_eq!(texts(&lab), ["Hello", "Send money"]);
}

#[tokio::test]
async fn a_correction_that_comes_first_is_one_row_with_its_message() {
    let lab = wanted().await;
    lab.commit(vec![
        listed(of("Bob", "c1", "m1", text("Hello"), 11)),
        listed(of("Eve", "c2", "m1", text("Eve's own"), 11)),
    ])
    .await;
    assert_eq!(texts(&lab), ["Hello", "Eve's own"], "what nobody has seen before is seen");
    lab.commit(vec![add(said("Bob", "m1", "Hullo", "r1", 10))]).await;
    lab.commit(vec![add(said("Bob", "m1", "Hullo", "r1", 10))]).await;
    let mut all = texts(&lab);
    all.sort();
    assert_eq!(all, ["Eve's own", "Hello"]);
    // Some programs name the last correction.
    lab.commit(vec![live(of("Bob", "c3", "c1", text("Hello!"), 13))]).await;
    assert!(texts(&lab).contains(&"Hello!".to_owned()));
}

#[tokio::test]
async fn the_archives_order_says_which_correction_is_the_newest() {
    let lab = wanted().await;
    // The room's clock goes backwards.
    lab.commit(vec![
        add(said("Bob", "m1", "one", "r1", 10)),
        listed(of("Bob", "c1", "m1", text("two"), 500)),
        listed(of("Bob", "c2", "m1", text("three"), 20)),
    ])
    .await;
    assert_eq!(texts(&lab), ["three"]);
    // What came by itself is newer than what is listed after it came, but lies before it.
    lab.commit(vec![live(of("Bob", "c4", "m1", text("five"), 5))]).await;
    lab.commit(vec![listed(of("Bob", "c3", "m1", text("four"), 900))]).await;
    assert_eq!(texts(&lab), ["five"]);
    lab.commit(vec![listed(of("Bob", "c4", "m1", text("five"), 6))]).await;
    lab.commit(vec![listed(of("Bob", "c5", "m1", text("six"), 1))]).await;
    assert_eq!(texts(&lab), ["six"]);
}

#[tokio::test]
async fn what_is_to_be_gone_before_it_comes_does_not_come() {
    let lab = wanted().await;
    lab.commit(vec![
        gone("r1", Retractor::Ourselves),
        gone("r2", Retractor::Occupant("id-Bob".to_owned())),
        gone("r3", Retractor::Ourselves),
        listed(of("Bob", "c1", "m2", text("corrected"), 11)),
    ])
    .await;
    let mine = given_back(ours("o1", "mine", 10), "r1");
    lab.commit(vec![
        add(mine),
        add(said("Bob", "m2", "his", "r2", 11)),
        add(said("Bob", "m3", "still here", "r3", 12)),
    ])
    .await;
    let mut all = texts(&lab);
    all.sort();
    assert_eq!(all, ["(retracted)", "(retracted)", "still here"]);
    // Ours may be here before the room has a name for it.
    lab.commit(vec![add(ours("o4", "early", 13)), gone("r4", Retractor::Ourselves)]).await;
    lab.commit(vec![add(given_back(ours("o4", "early", 13), "r4"))]).await;
    assert!(!texts(&lab).contains(&"early".to_owned()));
}

#[tokio::test]
async fn everybody_reacts_once_and_for_themselves() {
    let lab = wanted().await;
    lab.commit(vec![listed(of("Eve", "e0", "r1", with("😡"), 9))]).await;
    lab.commit(vec![add(said("Bob", "m1", "Hi", "r1", 10))]).await;
    lab.commit(vec![
        live(of("Bob", "e1", "r1", with("👍"), 11)),
        live(of("Eve", "e2", "r1", with("👍 🎉"), 12)),
        listed(of("Eve", "e0", "r1", with("😡"), 9)),
        listed(by_us(of("Alice", "e3", "r1", with("👍"), 13))),
    ])
    .await;
    let reactions = |lab: &Lab| -> Vec<(Option<String>, usize, MessageState)> {
        let message = lab.reader.page(lab.account, &room(), None, 1).unwrap().remove(0);
        let each = message.annotations.reactions.into_iter();
        let who = |author: Author| author.nick.as_str().to_owned();
        each.map(|it| (it.occupant.map(who), it.emoji.len(), it.state)).collect()
    };
    let received = MessageState::Received;
    assert_eq!(
        reactions(&lab),
        [
            (Some("Bob".to_owned()), 1, received.clone()),
            (Some("Eve".to_owned()), 2, received.clone()),
            (None, 1, MessageState::Pending)
        ]
    );
    // Ours waits, is restored as what it is, and moves on.
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!(restored.pending, []);
    let [pending] = restored.said.try_into().unwrap();
    assert_eq!((pending.left, pending.purpose), (Left::Never, Purpose::Reactions(id("r1"))));
    lab.commit(vec![Change::RoomSent { room: room(), id: id("e3") }]).await;
    assert_eq!(lab.store.restore(lab.account).await.unwrap().said[0].left, Left::Clear);
    let state = MessageState::Sent;
    lab.commit(vec![Change::MessageStateChanged { peer: room(), id: id("e3"), state }]).await;
    assert_eq!(reactions(&lab)[2].2, MessageState::Sent);
    // None takes all away, and of what is gone nothing stays.
    lab.commit(vec![live(of("Bob", "e4", "r1", with(""), 14))]).await;
    assert_eq!(reactions(&lab).len(), 2);
    lab.commit(vec![gone("r1", Retractor::Moderator)]).await;
    assert_eq!(reactions(&lab), []);
    lab.commit(vec![live(of("Bob", "e5", "r1", with("👍"), 15))]).await;
    assert_eq!(reactions(&lab), []);
}

#[tokio::test]
async fn what_never_comes_is_waited_for_within_bounds() {
    let lab = wanted().await;
    let each =
        |number: i64| listed(of("Eve", &format!("e{number}"), &format!("r{number}"), with("👍"), number));
    lab.commit((0..800).map(each).collect()).await;
    let again = |number: i64| live(of("Eve", &format!("f{number}"), "r1000", with("👍"), number));
    lab.commit((0..200).map(again).collect()).await;
    let count = lab.store.run("test", |ledger| {
        ledger.connection.query_row("SELECT count(*) FROM room_annotation", (), |row| row.get::<_, i64>(0))
    });
    assert_eq!(count.await.unwrap(), 500 + 32);
}

#[tokio::test]
async fn an_answer_in_a_room_names_the_message_as_the_room_does() {
    let lab = wanted().await;
    let answer = |origin: &str, to: &str| {
        let mut answer = ours(origin, "Indeed", 12);
        answer.message.reply = Some(causerie_model::ReplyTo { id: id(to), author: None });
        add(answer)
    };
    lab.commit(vec![add(said("Bob", "m1", "Is it?", "r1", 10)), answer("o1", "r1"), answer("o2", "r9")])
        .await;
    let page = lab.reader.page(lab.account, &room(), None, 9).unwrap();
    let quoted = page[1].annotations.reply.clone().unwrap();
    assert_eq!((quoted.id, quoted.text.as_deref()), (Some(page[0].id), Some("Is it?")));
    let quoted = page[2].annotations.reply.clone().unwrap();
    assert_eq!((quoted.id, quoted.text), (None, None));
    let restored = lab.store.restore(lab.account).await.unwrap();
    let Purpose::Reply(reply) = &restored.said[0].purpose else { panic!("no answer") };
    assert_eq!((reply.to.as_str(), reply.quote.as_str()), ("r1", "Is it?"));
}

/// The room gives no names, and tells of before at that time of its own clock.
fn told(who: &str, origin: &str, words: &str, millis: i64) -> RoomMessage {
    let RoomMessage { message, author, source, .. } = said(who, origin, words, "", millis);
    let author = author.map(|author| Author { occupant: None, ..author });
    let message = NewMessage { order: Order::Last, ..message };
    RoomMessage { message, author, claim: Claim::Perhaps, source }
}

/// The same by itself, at that time of our clock.
fn heard(who: &str, origin: &str, words: &str, millis: i64) -> Change {
    add(RoomMessage { claim: Claim::Certain, ..told(who, origin, words, millis) })
}

#[tokio::test]
async fn what_is_told_again_is_here_once_whatever_the_clocks_say() {
    const YEARS: i64 = 200_000_000_000;
    for shift in [0, YEARS, -YEARS] {
        let lab = wanted().await;
        let now = 1_000_000_000_000 + shift;
        lab.commit(vec![
            heard("Bob", "", "ok", now),
            heard("Bob", "b1", "Hi", now + 1),
            add(given_back(ours("o1", "Hello", now + 2), "")),
            heard("Bob", "1", "ping", now + 3),
            heard("Bob", "", "ok", now + 4),
            add(ours("o2", "waits", now + 5)),
        ])
        .await;
        let there = 1_000_000_000_000;
        let history = vec![
            told("Bob", "b1", "Hi", there),
            told("Alice", "o1", "Hello", there),
            told("Bob", "1", "ping", there),
            told("Bob", "", "ok", there),
            // What is new looks like what was.
            told("Bob", "", "ok", there),
            told("Bob", "1", "ping", there),
            told("Alice", "o2", "waits", there),
            told("Eve", "", "ok", there),
        ];
        let wanted = ["ok", "Hi", "Hello", "ping", "ok", "waits", "ok", "ping", "ok"];
        for _ in 0..3 {
            lab.commit(vec![Change::RoomHistory(history.clone())]).await;
            assert_eq!(texts(&lab), wanted, "{shift}");
        }
        // The room has forgotten what is here.
        let later: Vec<RoomMessage> =
            (0..5).map(|number| told("Bob", "", &format!("{number}"), there)).collect();
        for _ in 0..2 {
            lab.commit(vec![Change::RoomHistory(later.clone())]).await;
            assert_eq!(texts(&lab).len(), wanted.len() + 5, "{shift}");
        }
    }
}

#[tokio::test]
async fn a_long_history_is_compared_as_a_whole() {
    let lab = wanted().await;
    let words = |number: i64| format!("{}", number / 3);
    lab.commit((0..900).map(|number| heard("Bob", "", &words(number), number)).collect()).await;
    let history = (600..1_200).map(|number| told("Bob", "", &words(number), number)).collect();
    lab.commit(vec![Change::RoomHistory(history)]).await;
    assert_eq!(lab.reader.count(lab.account, &room()).unwrap(), 1_200);
}

#[tokio::test]
async fn what_has_gone_out_and_what_has_not_are_told_apart_after_a_restart() {
    let mut lab = wanted().await;
    lab.commit(vec![add(ours("o1", "gone out", 10)), add(ours("o2", "not yet", 11))]).await;
    lab.commit(vec![Change::RoomSent { room: room(), id: id("o1") }]).await;
    lab.restart();
    let restored = lab.store.restore(lab.account).await.unwrap();
    let left: Vec<Left> = restored.said.iter().map(|message| message.left).collect();
    assert_eq!(left, [Left::Clear, Left::Never]);
    // In a room that the person has left it is still no message to a person.
    lab.commit(vec![Change::RoomLeft(room())]).await;
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!((restored.pending.len(), restored.said.len(), restored.left_rooms), (0, 2, vec![room()]));
    let state = MessageState::Failed(Problem::NotInRoom);
    lab.commit(vec![Change::MessageStateChanged { peer: room(), id: id("o1"), state: state.clone() }]).await;
    let sent = lab.reader.sent(lab.account, &room(), &id("o1")).unwrap().unwrap();
    assert_eq!(sent.state, state);
}

#[tokio::test]
async fn a_correction_of_ours_stands_where_it_was_corrected() {
    let lab = wanted().await;
    lab.commit(vec![add(given_back(ours("o1", "Hullo", 10), "r1"))]).await;
    lab.commit(vec![listed(by_us(of("Alice", "c1", "o1", text("Hello"), 11)))]).await;
    let message = lab.reader.page(lab.account, &room(), None, 1).unwrap().remove(0);
    assert_eq!(message.body, Body::Text("Hello".to_owned()));
    assert_eq!(message.annotations.edited.unwrap().state, MessageState::Pending);
    // It comes back, and is what was sent.
    let back = RoomAnnotation {
        author: None,
        state: MessageState::Sent,
        ..of("Alice", "c1", "o1", text("Hello"), 11)
    };
    lab.commit(vec![listed(back)]).await;
    let message = lab.reader.page(lab.account, &room(), None, 1).unwrap().remove(0);
    assert_eq!(message.annotations.edited.unwrap().state, MessageState::Sent);
    let reached = Reached { id: "r1".to_owned(), at: at(10) };
    lab.commit(vec![Change::ArchiveReached { archive: room(), reached }]).await;
    let stanza = StanzaId { by: room(), id: "r1".to_owned() };
    let by = Retractor::Occupant("id-Eve".to_owned());
    assert_eq!(lab.commit(vec![Change::RoomRetracted(RoomRetraction { stanza, by })]).await, []);
}
