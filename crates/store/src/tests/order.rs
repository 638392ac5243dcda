//! The order of a conversation is the archive's, whatever the clocks say.

use causerie_model::{
    Annotation, Arrival, Change, Direction, MessageState, Naming, NewMessage, Order, OriginId, Protection,
    Reached, Says,
};

use super::lab::{Lab, at, change, incoming, jid, outgoing, stanza};

/// A message that came by itself.
fn live(number: usize, time: i64, order: Order) -> NewMessage {
    let name = format!("s{number}");
    NewMessage { stanza: stanza(&name), order, ..incoming(&format!("i{number}"), &format!("{number}"), time) }
}

/// The same, as the archive lists it.
fn listed(number: usize, time: i64, since: i64) -> NewMessage {
    live(number, time, Order::Listed { since: at(since) })
}

fn reached(number: usize, time: i64) -> Change {
    let reached = Reached { id: format!("s{number}"), at: at(time) };
    Change::ArchiveReached { archive: jid("alice@chat.test"), reached }
}

#[tokio::test]
async fn an_archive_of_whole_seconds_does_not_come_before_what_came_by_itself() {
    let mut lab = Lab::new().await;
    lab.commit(vec![change(live(1, 5_900, Order::Last)), reached(1, 5_900)]).await;
    // This one came while something of ours was on its way, so the archive lists it once more.
    lab.commit(vec![change(live(2, 5_950, Order::Last))]).await;
    lab.restart();
    lab.commit(vec![change(listed(2, 5_000, 7_000)), change(listed(3, 5_000, 7_000))]).await;
    assert_eq!(lab.texts(), ["1", "2", "3"]);
    assert_eq!(lab.page()[2].at, at(5_000));
}

#[tokio::test]
async fn what_came_by_itself_before_it_was_its_turn_is_put_behind_what_was_missing() {
    let lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    // The server's clock is a minute ahead of ours.
    lab.commit(vec![change(live(4, 9_000, Order::ByTime)), change(live(5, 9_001, Order::ByTime))]).await;
    for number in 2..=5 {
        lab.commit(vec![change(listed(number, 68_000, 8_000))]).await;
    }
    lab.commit(vec![change(live(6, 9_500, Order::Last))]).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "5", "6"]);
    // Another list begins where the archive was read to, not where the last one ended.
    let events = lab.commit((2..=5).map(|number| change(listed(number, 68_000, 10_000))).collect()).await;
    assert_eq!(events, []);
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "5", "6"]);
}

#[tokio::test]
async fn what_can_be_read_once_only_has_its_place_in_the_list_too() {
    let lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    let ours = NewMessage { order: Order::Last, ..outgoing("o1", "ours", 5_000) };
    lab.commit(vec![change(ours), change(live(2, 2_000, Order::Last))]).await;
    let again = |number: usize| Change::MessageListed {
        peer: super::lab::bob(),
        direction: Direction::Incoming,
        stanza: stanza(&format!("s{number}")).unwrap(),
        origin: None,
        at: at(9_000),
        since: at(9_000),
    };
    lab.commit(vec![again(2), again(7), change(listed(3, 3_000, 9_000))]).await;
    assert_eq!(lab.texts(), ["1", "ours", "2", "3"]);
    lab.commit(vec![change(live(5, 3_001, Order::ByTime)), change(listed(4, 4_000, 9_000))]).await;
    assert_eq!(
        lab.commit(vec![again(5)]).await,
        [causerie_model::Event::ConversationChanged(super::lab::bob())]
    );
    assert_eq!(lab.texts(), ["1", "ours", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn a_clock_that_is_set_back_a_year_changes_nothing() {
    const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000;
    let lab = Lab::new().await;
    let ours = |name: &str, time| NewMessage { order: Order::Last, ..outgoing(name, name, time) };
    lab.commit(vec![change(live(1, YEAR, Order::Last)), reached(1, YEAR)]).await;
    lab.commit(vec![change(ours("ours", 1_000))]).await;
    lab.commit(vec![change(live(2, 2_000, Order::Last))]).await;
    lab.commit(vec![change(listed(3, 3_000, 5_000))]).await;
    lab.commit(vec![change(ours("ours too", 4_000))]).await;
    assert_eq!(lab.texts(), ["1", "ours", "2", "3", "ours too"]);
    // And the pages are in that order, too.
    let page = lab.page();
    let key = (page[3].at, page[3].id);
    let bob = super::lab::bob();
    let texts =
        |page: Vec<causerie_model::Message>| page.iter().map(|message| message.id).collect::<Vec<_>>();
    let before = texts(lab.reader.page(lab.account, &bob, Some(key), 2).unwrap());
    assert_eq!(before, [page[1].id, page[2].id]);
    assert_eq!(texts(lab.reader.page_after(lab.account, &bob, key, 9).unwrap()), [page[4].id]);
}

#[tokio::test]
async fn what_was_written_here_stays_where_it_was_written() {
    let lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    let ours = NewMessage { order: Order::Last, ..outgoing("o1", "ours", 2_000) };
    let next = NewMessage { order: Order::Last, ..outgoing("o2", "next", 2_001) };
    lab.commit(vec![change(ours.clone()), change(next)]).await;
    let since = Order::Listed { since: at(9_000) };
    let state = MessageState::Sent;
    let back = NewMessage { at: at(5_000), stanza: stanza("s3"), state, order: since, ..ours };
    let elsewhere =
        NewMessage { direction: Direction::Outgoing, state: MessageState::Sent, ..listed(4, 5_000, 9_000) };
    lab.commit(vec![change(listed(2, 4_000, 9_000)), change(back), change(elsewhere)]).await;
    assert_eq!(lab.texts(), ["1", "ours", "next", "2", "4"]);
}

#[tokio::test]
async fn what_its_author_sent_again_is_one_message_and_stays_in_its_place() {
    let lab = Lab::new().await;
    let sent = |number: usize, name: &str| NewMessage {
        stanza: stanza(name),
        naming: Naming::Unique,
        ..listed(number, 5_000, 1)
    };
    lab.commit(vec![change(sent(1, "s1")), change(sent(2, "s2")), change(sent(1, "s3"))]).await;
    lab.commit(vec![change(sent(3, "s4")), change(sent(1, "s3")), change(sent(2, "s5"))]).await;
    assert_eq!(lab.texts(), ["1", "2", "3"]);
    // Who doesn't say so may have meant both.
    let unsure = NewMessage { naming: Naming::Unsure, ..sent(3, "s6") };
    lab.commit(vec![change(unsure)]).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "3"]);
}

/// Those messages of a list, each at its second.
fn list(numbers: &[usize], since: i64) -> Vec<Change> {
    numbers.iter().map(|number| change(listed(*number, *number as i64 * 1_000, since))).collect()
}

fn gap(until: Option<i64>) -> Change {
    Change::ArchiveGap { archive: jid("alice@chat.test"), until: until.map(at) }
}

#[tokio::test]
async fn what_fills_a_gap_is_put_before_what_was_read_ahead_of_it() {
    let mut lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    let first = list(&[2], 20_000);
    lab.commit([first, vec![reached(2, 2_000)]].concat()).await;
    // The newest page and the one before it; something that comes by itself, and something that is written here.
    let ahead = |number: usize| change(live(number, number as i64 * 1_000, Order::ByTime));
    lab.commit(vec![ahead(8), ahead(9), gap(Some(8_000)), ahead(6), ahead(7), gap(Some(6_000))]).await;
    lab.commit(vec![change(live(10, 9_500, Order::ByTime))]).await;
    lab.commit(vec![change(NewMessage { order: Order::Last, ..outgoing("o1", "ours", 11_000) })]).await;
    assert_eq!(lab.texts(), ["1", "2", "6", "7", "8", "9", "10", "ours"]);
    let third = list(&[3], 20_000);
    lab.commit([third, vec![reached(3, 3_000)]].concat()).await;
    // The mark has moved since, but what was read ahead does not count as what is before it.
    lab.restart();
    let fourth = list(&[4], 30_000);
    lab.commit([fourth, vec![reached(4, 4_000)]].concat()).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "6", "7", "8", "9", "10", "ours"]);
    let others = list(&[5, 6, 7, 8, 9, 10], 30_000);
    lab.commit([others, vec![reached(10, 10_000), gap(None)]].concat()).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "ours"]);
    lab.restart();
    lab.commit(list(&[11], 40_000)).await;
    assert_eq!(lab.texts().last().map(String::as_str), Some("11"));
}

#[tokio::test]
async fn the_list_decides_where_what_was_read_ahead_is_whatever_its_time() {
    let lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    // The archive has one second for all of them, or a clock that goes back.
    let ahead = |number: usize, time| change(live(number, time, Order::ByTime));
    lab.commit(vec![ahead(5, 5_000), ahead(6, 5_000), gap(Some(5_000)), ahead(4, 4_999)]).await;
    lab.commit(vec![change(listed(2, 4_999, 9_000)), change(listed(3, 6_000, 9_000)), reached(3, 6_000)])
        .await;
    lab.commit((4..=7).map(|number| change(listed(number, 5_000, 9_000))).collect()).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "5", "6", "7"]);
}

#[tokio::test]
async fn what_was_corrected_before_it_came_is_put_where_the_archive_has_it() {
    let lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    let correction = Annotation {
        peer: super::lab::bob(),
        author: Direction::Incoming,
        target: OriginId::new("i3").unwrap(),
        says: Says::Correction("three".to_owned()),
        origin: OriginId::new("c3"),
        at: at(2_500),
        arrival: Arrival::Kept,
        is_early: false,
        state: MessageState::Received,
        protection: Protection::Clear,
    };
    lab.commit(vec![Change::Annotated(correction), change(live(4, 9_000, Order::ByTime))]).await;
    lab.commit((2..=4).map(|number| change(listed(number, 2_000, 9_000))).collect()).await;
    assert_eq!(lab.texts(), ["1", "2", "three", "4"]);
}

#[tokio::test]
async fn what_was_read_elsewhere_goes_by_the_order_of_the_archive() {
    let lab = Lab::new().await;
    lab.commit(vec![change(live(1, 60_000, Order::Last)), reached(1, 60_000)]).await;
    let read = Change::Displayed { peer: super::lab::bob(), stanza: stanza("s3").unwrap() };
    // Our clock was a minute ahead when the first came.
    lab.commit((2..=4).map(|number| change(listed(number, 1_000 * number as i64, 70_000))).collect()).await;
    lab.commit(vec![read]).await;
    let [conversation] = lab.reader.conversations().unwrap().try_into().unwrap();
    assert_eq!(conversation.unread, 1);
    assert_eq!(lab.texts(), ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn what_came_by_itself_while_a_list_was_read_moves_nothing_when_the_list_is_read_again() {
    let mut lab = Lab::new().await;
    let passed = |since: i64| Change::ArchivePassed {
        archive: jid("alice@chat.test"),
        id: "s2".into(),
        since: Some(at(since)),
    };
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    lab.restart();
    let ours = NewMessage { order: Order::Last, ..outgoing("o1", "ours", 4_500) };
    lab.commit(vec![
        change(live(4, 4_000, Order::ByTime)),
        change(ours),
        change(live(5, 5_000, Order::ByTime)),
    ])
    .await;
    lab.commit(vec![change(listed(2, 2_000, 7_000)), passed(7_000), reached(2, 2_000)]).await;
    lab.commit((3..=5).map(|number| change(listed(number, 1_000 * number as i64, 7_000))).collect()).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "ours", "5"]);
    lab.restart();
    lab.commit((3..=5).map(|number| change(listed(number, 1_000 * number as i64, 8_000))).collect()).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "ours", "5"]);
}

#[tokio::test]
async fn what_is_listed_without_its_text_is_known_by_its_name_when_it_was_read_elsewhere() {
    let lab = Lab::new().await;
    let ours = NewMessage { order: Order::Last, ..outgoing("o1", "ours", 1_500) };
    lab.commit(vec![change(live(1, 1_000, Order::Last)), change(ours)]).await;
    lab.commit(vec![Change::Displayed { peer: super::lab::bob(), stanza: stanza("s9").unwrap() }]).await;
    let unread = || lab.reader.conversations().unwrap()[0].unread;
    assert_eq!(unread(), 1);
    let listed = Change::MessageListed {
        peer: super::lab::bob(),
        direction: Direction::Outgoing,
        stanza: stanza("s9").unwrap(),
        origin: OriginId::new("o1"),
        at: at(7_000),
        since: at(7_000),
    };
    lab.commit(vec![listed]).await;
    assert_eq!(unread(), 0);
}

#[tokio::test]
async fn what_came_late_and_stands_before_what_was_read_is_read() {
    let lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), change(live(3, 3_000, Order::Last))]).await;
    lab.commit(vec![change(live(2, 2_000, Order::ByTime))]).await;
    let id = lab.page()[2].id;
    assert_eq!(lab.texts(), ["1", "2", "3"]);
    lab.commit(vec![Change::ReadUpTo { peer: super::lab::bob(), id }]).await;
    assert_eq!(lab.reader.conversations().unwrap()[0].unread, 0);
}

#[tokio::test]
async fn what_has_come_since_the_mark_was_passed_is_listed_where_it_stands() {
    let mut lab = Lab::new().await;
    let passed = Change::ArchivePassed { archive: jid("alice@chat.test"), id: "s1".into(), since: None };
    lab.commit(vec![change(live(1, 1_000, Order::Last)), passed]).await;
    let ours = NewMessage { order: Order::Last, ..outgoing("o1", "ours", 1_500) };
    lab.commit(vec![change(live(2, 1_200, Order::Last)), change(ours), change(live(3, 2_000, Order::Last))])
        .await;
    lab.commit(vec![reached(1, 1_000)]).await;
    lab.restart();
    // One that is missing, and those that were here already, around what was written here.
    let events = lab.commit((2..=3).map(|number| change(listed(number, 2_000, 7_000))).collect()).await;
    assert_eq!(events, []);
    assert_eq!(lab.texts(), ["1", "2", "ours", "3"]);
    // Given to us in another order than the archive has.
    lab.commit(vec![change(live(5, 3_000, Order::Last)), change(live(4, 3_100, Order::Last))]).await;
    lab.commit((2..=5).map(|number| change(listed(number, 3_000, 8_000))).collect()).await;
    assert_eq!(lab.texts(), ["1", "2", "ours", "3", "4", "5"]);
}

#[tokio::test]
async fn what_is_listed_again_after_a_restart_stays_around_what_was_written() {
    let mut lab = Lab::new().await;
    let passed = |number: usize, since: i64| Change::ArchivePassed {
        archive: jid("alice@chat.test"),
        id: format!("s{number}"),
        since: Some(at(since)),
    };
    lab.commit(vec![
        reached(0, 500),
        change(live(1, 1_000, Order::Last)),
        change(live(2, 1_200, Order::Last)),
    ])
    .await;
    let ours = NewMessage { order: Order::Last, ..outgoing("o1", "ours", 1_500) };
    lab.commit(vec![change(ours), change(live(3, 2_000, Order::Last))]).await;
    lab.restart();
    // The mark was behind all of them, and moves to the first; then the program ends once more.
    lab.commit(vec![change(listed(1, 1_000, 7_000)), passed(1, 7_000), reached(1, 1_000)]).await;
    lab.restart();
    lab.commit((2..=3).map(|number| change(listed(number, 2_000, 8_000))).collect()).await;
    assert_eq!(lab.texts(), ["1", "2", "ours", "3"]);
    // What is no message to be shown, too.
    lab.restart();
    lab.commit(vec![change(listed(2, 1_200, 9_000)), passed(77, 9_000), reached(77, 1_300)]).await;
    lab.restart();
    lab.commit(vec![change(listed(3, 2_000, 10_000))]).await;
    assert_eq!(lab.texts(), ["1", "2", "ours", "3"]);
    // More comes by itself; and the first of the next list is what was said here, and known already.
    lab.commit(vec![change(live(4, 3_000, Order::Last)), passed(78, 11_000), reached(78, 1_500)]).await;
    lab.restart();
    lab.commit(vec![change(listed(3, 2_000, 12_000)), change(listed(4, 3_000, 12_000))]).await;
    assert_eq!(lab.texts(), ["1", "2", "ours", "3", "4"]);
}

#[tokio::test]
async fn what_answers_a_message_written_by_a_clock_ahead_comes_behind_it() {
    let mut lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    // Our clock was two minutes ahead of the server's.
    let ours = NewMessage { order: Order::Last, stanza: stanza("s2"), ..outgoing("o2", "ours", 122_000) };
    lab.commit(vec![change(ours)]).await;
    lab.restart();
    let again = NewMessage {
        stanza: stanza("s2"),
        state: MessageState::Sent,
        order: Order::Listed { since: at(70_000) },
        ..outgoing("o2", "ours", 2_000)
    };
    lab.commit(vec![change(again), change(listed(3, 3_000, 70_000))]).await;
    assert_eq!(lab.texts(), ["1", "ours", "3"]);
}

#[tokio::test]
async fn a_list_that_is_taken_back_has_never_been() {
    let lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    lab.commit(vec![change(listed(2, 2_000, 9_000))]).await;
    // One of a page is too large for the disk, and all of it is taken back with what was put behind it.
    lab.sql("PRAGMA max_page_count = 1").await;
    let large =
        NewMessage { body: causerie_model::Body::Text("x".repeat(200_000)), ..listed(8, 800_000, 9_000) };
    let page = vec![change(listed(7, 700_000, 9_000)), change(large)];
    assert_eq!(lab.store.commit(lab.account, page).await, Err(causerie_model::Problem::DiskFull));
    lab.sql("PRAGMA max_page_count = 1000000").await;
    // The next one of the list comes behind the last that is there, and not behind one that is not.
    lab.commit(vec![change(listed(3, 3_000, 9_000)), change(live(4, 4_000, Order::ByTime))]).await;
    lab.commit(vec![change(listed(5, 5_000, 9_000))]).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn what_came_by_a_clock_that_was_a_year_ahead_is_known_when_the_archive_lists_it() {
    const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000;
    let lab = Lab::new().await;
    lab.commit(vec![change(live(1, 1_000, Order::Last)), reached(1, 1_000)]).await;
    // It has no name of the archive: not every server tells it.
    let unnamed = NewMessage { stanza: None, naming: Naming::Unsure, ..live(2, YEAR, Order::Last) };
    let unique = NewMessage { stanza: None, naming: Naming::Unique, ..live(3, YEAR, Order::ByTime) };
    lab.commit(vec![change(unnamed), change(unique)]).await;
    let again = |number, naming| NewMessage { naming, ..listed(number, 2_000, 9_000) };
    lab.commit(vec![change(again(2, Naming::Unsure)), change(again(3, Naming::Unique))]).await;
    assert_eq!(lab.texts(), ["1", "2", "3"]);
    // A program that uses an identifier again, a year later.
    let later = NewMessage { stanza: stanza("s9"), naming: Naming::Unsure, ..live(2, YEAR, Order::Last) };
    lab.commit(vec![change(later)]).await;
    assert_eq!(lab.texts(), ["1", "2", "3", "2"]);
}
