//! What was written while our clock was a year wrong has its right time as soon as that is known, and its place always.

use causerie_model::{Change, MessageState, NewMessage, Order, Reached, Timestamp};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing, stanza};

const DAY: i64 = 24 * 60 * 60 * 1_000;
const YEAR: i64 = 365 * DAY;

fn written(name: &str, time: i64) -> NewMessage {
    NewMessage { order: Order::Last, ..outgoing(name, name, time) }
}

/// A message of ours, as the archive has it.
fn archived(name: &str, time: i64) -> Change {
    let message = NewMessage { state: MessageState::Sent, stanza: stanza(name), ..written(name, time) };
    change(NewMessage { order: Order::Listed { since: at(9) }, ..message })
}

/// One of theirs, as the archive has it, or as it came by itself.
fn theirs(name: &str, time: i64, order: Order) -> Change {
    change(NewMessage { stanza: stanza(name), order, ..incoming(name, name, time) })
}

fn listed() -> Order {
    Order::Listed { since: at(9) }
}

fn reached(name: &str, time: i64) -> Change {
    let reached = Reached { id: name.to_owned(), at: at(time) };
    Change::ArchiveReached { archive: jid("alice@chat.test"), reached }
}

fn active_at(lab: &Lab) -> Timestamp {
    lab.reader.conversation(lab.account, &bob()).unwrap().unwrap().active_at
}

fn sent(name: &str) -> Change {
    let id = causerie_model::OriginId::new(name).unwrap();
    Change::MessageStateChanged { peer: bob(), id, state: MessageState::Sent }
}

#[tokio::test]
async fn a_message_of_next_year_has_the_time_of_the_archive() {
    let lab = Lab::new().await;
    lab.commit(vec![theirs("1", 1_000, Order::Last), reached("1", 1_000)]).await;
    lab.commit(vec![change(written("2", YEAR)), change(written("3", YEAR + 1))]).await;
    assert_eq!(active_at(&lab), at(YEAR + 1));
    lab.commit(vec![archived("2", 5_000), archived("3", 6_000)]).await;
    assert_eq!(
        lab.page().iter().map(|message| message.at).collect::<Vec<_>>(),
        [1_000, 5_000, 6_000].map(at)
    );
    assert_eq!(active_at(&lab), at(6_000));
    // What comes after that, in this list and later ones, stands after it, and is of now.
    lab.commit(vec![theirs("4", 7_000, listed()), reached("4", 7_000)]).await;
    let later = Order::Listed { since: at(10) };
    lab.commit(vec![theirs("5", 8_000, later), theirs("6", 9_000, Order::Last)]).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(active_at(&lab), at(9_000));
}

#[tokio::test]
async fn a_message_of_last_year_has_the_time_of_the_archive() {
    let lab = Lab::new().await;
    lab.commit(vec![theirs("1", YEAR, Order::Last), reached("1", YEAR)]).await;
    lab.commit(vec![change(written("2", 1_000)), archived("2", YEAR + 5_000)]).await;
    assert_eq!(lab.page()[1].at, at(YEAR + 5_000));
    assert_eq!(lab.texts(), ["1", "2"]);
}

#[tokio::test]
async fn what_waited_offline_for_days_keeps_the_time_when_it_was_written() {
    let lab = Lab::new().await;
    lab.commit(vec![change(written("1", 1_000)), archived("1", 3 * DAY)]).await;
    assert_eq!(lab.page()[0].at, at(1_000));
}

#[tokio::test]
async fn an_answer_stands_after_a_message_of_next_year_that_no_archive_lists() {
    let lab = Lab::new().await;
    lab.commit(vec![theirs("1", 1_000, Order::Last), reached("1", 1_000)]).await;
    lab.commit(vec![change(written("2", YEAR)), sent("2")]).await;
    // The mark passes it with something else that was said elsewhere.
    let elsewhere = NewMessage {
        peer: jid("carol@chat.test"),
        stanza: stanza("other"),
        order: Order::Last,
        ..incoming("other", "other", 5_000)
    };
    lab.commit(vec![change(elsewhere), reached("other", 5_000)]).await;
    lab.commit(vec![theirs("3", 6_000, listed()), theirs("4", 7_000, listed())]).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4"]);
    lab.commit(vec![theirs("5", 8_000, Order::Last)]).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "5"]);
    assert_eq!(active_at(&lab), at(8_000));
}

#[tokio::test]
async fn what_was_not_sent_when_the_archive_was_read_may_come_after_what_it_lists() {
    let lab = Lab::new().await;
    lab.commit(vec![theirs("1", 1_000, Order::Last), reached("1", 1_000)]).await;
    lab.commit(vec![change(written("3", YEAR)), theirs("2", 6_000, listed())]).await;
    assert_eq!(lab.texts(), ["1", "2", "3"]);
}
