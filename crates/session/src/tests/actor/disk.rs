//! A disk that takes nothing for a while.

use causerie_model::{
    Body, Direction, MessageState, Naming, NewMessage, Order, OriginId, PrivateText, Protection, Storage,
    Timestamp, Unkept,
};

use super::*;

fn failing(problem: Problem, texts: &[&str]) -> Event {
    let unkept = |text: &&str| Unkept {
        peer: bob(),
        id: OriginId::new(text).expect("a name"),
        text: PrivateText::from(*text),
    };
    let messages = texts.iter().map(unkept).collect();
    Event::StorageChanged(Storage::Failing { problem, messages, more: false })
}

#[tokio::test]
async fn a_full_disk_is_waited_for_and_nothing_is_sent_meanwhile() {
    let notes = Notes::default();
    notes.answers.lock().unwrap().extend([Problem::DiskFull, Problem::DiskFull, Problem::DiskReadOnly]);
    let mut world = World::new(notes, sends_on_command).await;
    let mut peer = world.connect().await;
    world.handle.send(Command::AllowPlain);
    world.until(|event| *event == failing(Problem::DiskFull, &[])).await;
    assert_eq!(peer.sent_by_now().await, "");
    // Any order has it tried again at once, and is followed after that.
    world.handle.send(Command::NetworkChanged);
    world.handle.send(Command::NetworkChanged);
    world.until(|event| *event == failing(Problem::DiskReadOnly, &[])).await;
    world.handle.send(Command::NetworkChanged);
    world.until(|event| *event == told(ChatState::Composing)).await;
    peer.expect("<message").await.unwrap();
    assert_eq!(*world.notes.committed.lock().unwrap(), [record()]);
}

#[tokio::test]
async fn what_is_written_on_a_full_disk_is_told_while_it_waits_and_no_longer() {
    let notes = Notes::default();
    notes.answers.lock().unwrap().extend(vec![Problem::DiskFull; 3]);
    let script = || {
        |input: &Input, effects: &mut Effects| {
            if let Input::Command(Command::SendMessage { id, peer, body }) = input {
                effects.record(Change::MessageAdded(pending(id, peer, body)));
            }
        }
    };
    let mut world = World::new(notes, script).await;
    let write = |text: &str| Command::SendMessage {
        id: OriginId::new(text).expect("a name"),
        peer: bob(),
        body: text.into(),
    };
    world.handle.send(write("one"));
    world.until(|event| *event == failing(Problem::DiskFull, &["one"])).await;
    world.handle.send(write("two"));
    world.until(|event| *event == failing(Problem::DiskFull, &["one", "two"])).await;
    world.handle.send(write("three"));
    world.until(|event| *event == failing(Problem::DiskFull, &["one", "two", "three"])).await;
    world.handle.send(Command::NetworkChanged);
    let events = world.until(|event| *event == Event::StorageChanged(Storage::Working)).await;
    let alarming = |event: &Event| matches!(event, Event::Notice(Notice::NotStored(_)));
    assert!(!events.iter().any(alarming), "nothing is to be done a second time: {events:?}");
    world.handle.quit();
    world.handle.ended().await;
    let kept: Vec<Change> = world.notes.committed.lock().unwrap().clone();
    let kept: Vec<&str> = kept
        .iter()
        .filter_map(|change| match change {
            Change::MessageAdded(NewMessage { body: Body::Text(text), .. }) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(kept, ["one", "two", "three"]);
}

fn pending(id: &OriginId, peer: &BareJid, body: &str) -> NewMessage {
    NewMessage {
        peer: peer.clone(),
        direction: Direction::Outgoing,
        origin: Some(id.clone()),
        stanza: None,
        body: Body::Text(body.to_owned()),
        at: Timestamp::from_millis(0),
        state: MessageState::Pending,
        protection: Protection::Clear,
        reply: None,
        order: Order::Last,
        naming: Naming::Unique,
    }
}
