//! One message is one row, however often and from wherever it comes; its state only moves on.

use causerie_model::{
    Body, Change, Direction, Event, MessageState, NewMessage, OriginId, Problem, StanzaId, Unreadable,
};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing, stanza};

fn moved(id: &str, state: MessageState) -> Change {
    Change::MessageStateChanged { peer: bob(), id: OriginId::new(id).unwrap(), state }
}

fn is_reception(event: &Event) -> bool {
    matches!(event, Event::MessageReceived { .. })
}

#[tokio::test]
async fn the_same_origin_and_body_is_the_same_message() {
    let lab = Lab::new().await;
    let message = incoming("i1", "text", 1);
    lab.commit(vec![change(message.clone())]).await;
    assert_eq!(lab.commit(vec![change(message.clone())]).await, []);
    // The archive tells its name later: stored, but nothing that a screen shows is new.
    let archived = NewMessage { stanza: stanza("s1"), at: at(99), ..message.clone() };
    assert_eq!(lab.commit(vec![change(archived.clone()), change(archived)]).await, []);
    // From now on that name alone is enough.
    let nameless = NewMessage { origin: None, stanza: stanza("s1"), ..message };
    assert_eq!(lab.commit(vec![change(nameless)]).await, []);
    assert_eq!(lab.page().len(), 1);
    assert_eq!(lab.page()[0].at, at(1));
}

#[tokio::test]
async fn one_origin_with_two_bodies_is_two_messages() {
    let lab = Lab::new().await;
    let changes = vec![change(incoming("i1", "one", 1)), change(incoming("i1", "two", 2))];
    let events = lab.commit(changes).await;
    assert_eq!(events.iter().filter(|event| is_reception(event)).count(), 2);
    assert_eq!(lab.texts(), ["one", "two"]);
}

#[tokio::test]
async fn an_identifier_that_is_used_again_days_later_is_another_message() {
    let lab = Lab::new().await;
    let days = |n: i64| n * 24 * 60 * 60 * 1_000;
    lab.commit(vec![change(incoming("5", "ok", days(10)))]).await;
    // Within two days, in either direction, it is the same one.
    for same in [days(10), days(12), days(8)] {
        assert_eq!(lab.commit(vec![change(incoming("5", "ok", same))]).await, []);
    }
    for other in [days(12) + 1, days(8) - 1, i64::MAX, i64::MIN] {
        let events = lab.commit(vec![change(incoming("5", "ok", other))]).await;
        assert!(events.iter().any(is_reception), "{other}");
        // Said again, it is still one.
        assert_eq!(lab.commit(vec![change(incoming("5", "ok", other))]).await, []);
    }
    assert_eq!(lab.page().len(), 5);
}

#[tokio::test]
async fn what_an_archive_calls_by_two_names_is_two_messages() {
    let lab = Lab::new().await;
    let named = |id: &str| NewMessage { stanza: stanza(id), ..incoming("5", "ok", 1) };
    let events = lab.commit(vec![change(named("s1")), change(named("s2"))]).await;
    assert_eq!(events.iter().filter(|event| is_reception(event)).count(), 2);
    assert_eq!(lab.commit(vec![change(named("s2")), change(named("s1"))]).await, []);
    // Who does not name it, or is another archive, speaks of one that is known.
    assert_eq!(lab.commit(vec![change(incoming("5", "ok", 1))]).await, []);
    let by = jid("archive@chat.test");
    let elsewhere = StanzaId { by, id: "s3".to_owned() };
    let elsewhere = NewMessage { stanza: Some(elsewhere), ..named("") };
    assert_eq!(lab.commit(vec![change(elsewhere)]).await, []);
    assert_eq!(lab.page().len(), 2);
}

#[tokio::test]
async fn our_message_that_was_sent_twice_is_one_however_late_it_comes_back() {
    let lab = Lab::new().await;
    lab.commit(vec![change(outgoing("o1", "text", 1))]).await;
    // It waited for a week, and the provider has taken both copies.
    let later = 7 * 24 * 60 * 60 * 1_000;
    for (id, time) in [("s1", later), ("s2", later + 5), ("s1", later), ("s2", later + 5)] {
        let back =
            NewMessage { state: MessageState::Sent, stanza: stanza(id), ..outgoing("o1", "text", time) };
        lab.commit(vec![change(back)]).await;
    }
    assert_eq!(lab.page().len(), 1);
    assert_eq!((lab.page()[0].at, &lab.page()[0].state), (at(1), &MessageState::Sent));
}

#[tokio::test]
async fn peer_and_direction_and_account_tell_messages_apart() {
    let lab = Lab::new().await;
    let to_bob = NewMessage { stanza: stanza("s1"), ..incoming("i1", "text", 1) };
    let from_bob = NewMessage { direction: Direction::Outgoing, state: MessageState::Sent, ..to_bob.clone() };
    let to_carol = NewMessage { peer: jid("carol@chat.test"), ..to_bob.clone() };
    lab.commit(vec![change(to_bob.clone()), change(from_bob), change(to_carol)]).await;
    let other = lab.store.add_account(&jid("alice@other.test"), None).await.unwrap();
    let events = lab.store.commit(other, vec![change(to_bob)]).await.unwrap().events;
    assert!(events.iter().any(is_reception));
    assert_eq!(lab.page().len(), 2);
    assert_eq!(lab.reader.conversations().unwrap().len(), 3);
    assert_eq!(lab.reader.conversations_of(other).unwrap().len(), 1);
}

#[tokio::test]
async fn messages_without_any_identifier_are_all_kept() {
    let lab = Lab::new().await;
    let message = NewMessage { origin: None, ..incoming("", "text", 1) };
    lab.commit(vec![change(message.clone()), change(message)]).await;
    assert_eq!(lab.page().len(), 2);
}

#[tokio::test]
async fn what_could_not_be_read_becomes_readable() {
    let lab = Lab::new().await;
    let unreadable = NewMessage {
        body: Body::Unreadable(Unreadable::OverLimits),
        origin: None,
        stanza: stanza("s1"),
        ..incoming("", "", 1)
    };
    let events = lab.commit(vec![change(unreadable.clone())]).await;
    assert!(events.iter().any(is_reception));
    assert_eq!(lab.page()[0].body, unreadable.body);
    let read = NewMessage { stanza: stanza("s1"), ..incoming("i1", "at last", 1) };
    assert_eq!(lab.commit(vec![change(read)]).await, [Event::ConversationChanged(bob())]);
    assert_eq!(lab.commit(vec![change(unreadable)]).await, []);
    assert_eq!(lab.texts(), ["at last"]);
    assert_eq!(lab.search("last"), ["at last"]);
    assert_eq!(lab.page()[0].origin, OriginId::new("i1"));
}

#[tokio::test]
async fn an_event_names_the_row_also_when_the_search_index_has_others() {
    let lab = Lab::new().await;
    for n in 0..6 {
        let mut message = incoming(&format!("i{n}"), &format!("text {n}"), n);
        if n % 2 == 0 {
            message.body = Body::Unreadable(Unreadable::Malformed);
        }
        let events = lab.commit(vec![change(message)]).await;
        let newest = lab.page().last().unwrap().id;
        assert_eq!(events[1], Event::MessageReceived { peer: bob(), id: newest });
        assert_eq!(lab.reader.message(newest).unwrap().unwrap().message.at, at(n));
    }
}

#[tokio::test]
async fn the_state_only_moves_on() {
    let lab = Lab::new().await;
    lab.commit(vec![change(outgoing("o1", "text", 1))]).await;
    let changed = [Event::ConversationChanged(bob())];
    let failed = MessageState::Failed(Problem::Refused);
    let state = || lab.page()[0].state.clone();

    assert_eq!(lab.commit(vec![moved("o1", failed.clone())]).await, changed);
    assert_eq!(state(), failed);
    // Tried again.
    assert_eq!(lab.commit(vec![moved("o1", MessageState::Pending)]).await, changed);
    assert_eq!(lab.commit(vec![moved("o1", MessageState::Sent)]).await, changed);
    assert_eq!(lab.commit(vec![moved("o1", MessageState::Sent)]).await, []);
    assert_eq!(lab.commit(vec![moved("o1", MessageState::Pending)]).await, []);
    assert_eq!(lab.commit(vec![change(outgoing("o1", "text", 1))]).await, []);
    assert_eq!(state(), MessageState::Sent);
    // The provider took it and the other side did not.
    assert_eq!(lab.commit(vec![moved("o1", failed.clone())]).await, changed);
    assert_eq!(state(), failed);
    // Neither is there.
    assert_eq!(lab.commit(vec![moved("o2", MessageState::Sent)]).await, []);
    assert_eq!(lab.commit(vec![moved("o1", MessageState::Received)]).await, []);
}

#[tokio::test]
async fn a_peer_cannot_move_our_messages_by_using_their_identifiers() {
    let lab = Lab::new().await;
    lab.commit(vec![change(outgoing("same", "mine", 1)), change(incoming("same", "theirs", 2))]).await;
    lab.commit(vec![moved("same", MessageState::Sent)]).await;
    let states: Vec<_> = lab.page().into_iter().map(|message| message.state).collect();
    assert_eq!(states, [MessageState::Sent, MessageState::Received]);
}

#[tokio::test]
async fn our_message_that_comes_back_from_the_archive_was_sent() {
    let lab = Lab::new().await;
    lab.commit(vec![change(outgoing("o1", "text", 1))]).await;
    let archived =
        NewMessage { state: MessageState::Sent, stanza: stanza("s1"), ..outgoing("o1", "text", 5) };
    assert_eq!(lab.commit(vec![change(archived)]).await, [Event::ConversationChanged(bob())]);
    assert_eq!(lab.page()[0].state, MessageState::Sent);
    assert!(lab.store.restore(lab.account).await.unwrap().pending.is_empty());
}

#[tokio::test]
async fn waiting_messages_come_back_in_the_order_they_were_written() {
    let mut lab = Lab::new().await;
    // The clock was set back between the second and the third.
    let times = [5_000, 6_000, 100, 200];
    for (n, time) in times.into_iter().enumerate() {
        lab.commit(vec![change(outgoing(&format!("o{n}"), &format!("text {n}"), time))]).await;
    }
    lab.commit(vec![moved("o1", MessageState::Sent)]).await;
    lab.restart();
    let pending = lab.store.restore(lab.account).await.unwrap().pending;
    let ids: Vec<_> = pending.iter().map(|pending| pending.id.as_str()).collect();
    assert_eq!(ids, ["o0", "o2", "o3"]);
    assert_eq!(pending[1].at, at(100));
    assert_eq!(pending[1].peer, bob());
}

#[tokio::test]
async fn a_commit_is_whole_or_not_at_all() {
    let lab = Lab::new().await;
    lab.sql(
        "CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.message WHEN new.origin = 'bad'
         BEGIN SELECT RAISE (ABORT, 'refused'); END",
    )
    .await;
    let changes = || vec![change(outgoing("o1", "good", 1)), change(outgoing("bad", "bad", 2))];
    assert!(lab.store.commit(lab.account, changes()).await.is_err());
    assert_eq!(lab.reader.conversations().unwrap(), []);
    assert_eq!(lab.search("good"), [""; 0]);
    lab.sql("DROP TRIGGER refuse").await;
    lab.store.commit(lab.account, changes()).await.unwrap();
    lab.store.commit(lab.account, changes()).await.unwrap();
    assert_eq!(lab.texts(), ["good", "bad"]);
}

#[tokio::test]
async fn a_message_of_a_megabyte_is_a_message() {
    let lab = Lab::new().await;
    let long = "mot 日本 ".repeat(100_000);
    lab.commit(vec![change(incoming("i1", &long, 1))]).await;
    assert!(lab.texts().iter().eq([&long]));
    assert_eq!(lab.search("日本 mot").len(), 1);
    let [conversation] = lab.reader.conversations().unwrap().try_into().unwrap();
    assert_eq!(conversation.last.unwrap().text, long.chars().take(200).collect::<String>());
}
