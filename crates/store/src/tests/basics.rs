//! The main path: an account, contacts, messages, and everything back after a restart.

use causerie_model::{Change, Direction, Event, MessageState, OriginId, Restored};

use super::lab::{Lab, at, bob, change, incoming, outgoing};

#[tokio::test]
async fn a_conversation_comes_back_after_a_restart() {
    let mut lab = Lab::new().await;
    let events = lab.commit(vec![change(outgoing("o1", "Salut, ça va ?", 1_000))]).await;
    assert_eq!(events, [Event::ConversationChanged(bob())]);
    let events = lab.commit(vec![change(incoming("i1", "Très bien !", 2_000))]).await;
    let page = lab.page();
    assert_eq!(
        events,
        [Event::ConversationChanged(bob()), Event::MessageReceived { peer: bob(), id: page[1].id }]
    );

    lab.restart();
    assert_eq!(lab.page(), page);
    assert_eq!(lab.texts(), ["Salut, ça va ?", "Très bien !"]);
    assert_eq!(page[0].direction, Direction::Outgoing);
    assert_eq!(page[0].state, MessageState::Pending);
    assert_eq!(page[0].origin, OriginId::new("o1"));

    let [conversation] = lab.reader.conversations().unwrap().try_into().unwrap();
    assert_eq!(conversation.name, "bob@chat.test");
    assert_eq!(conversation.unread, 1);
    assert_eq!(conversation.active_at, at(2_000));
    let last = conversation.last.unwrap();
    assert_eq!(
        (last.text.as_str(), last.at, last.direction),
        ("Très bien !", at(2_000), Direction::Incoming)
    );

    let Restored { pending, .. } = lab.store.restore(lab.account).await.unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!((pending[0].id.as_str(), pending[0].body.as_str()), ("o1", "Salut, ça va ?"));
}

#[tokio::test]
async fn a_reader_sees_a_commit_at_once() {
    let lab = Lab::new().await;
    let separate = lab.reader.separate().unwrap();
    for n in 0..50 {
        lab.commit(vec![change(incoming(&format!("i{n}"), "text", n))]).await;
        assert_eq!(lab.reader.count(lab.account, &bob()).unwrap(), n as u64 + 1);
        assert_eq!(separate.unread_total().unwrap(), n as u32 + 1);
    }
}

#[tokio::test]
async fn closing_gives_the_folder_back_and_empties_the_log() {
    let lab = Lab::new().await;
    let clone = lab.store.clone();
    lab.commit(vec![change(incoming("i1", "text", 1))]).await;
    let log = lab.folder.path().join("causerie.db-wal");
    assert!(log.metadata().unwrap().len() > 0);
    lab.store.clone().close();
    assert_eq!(log.metadata().map_or(0, |log| log.len()), 0);
    let late = clone.commit(lab.account, vec![Change::PlainAllowed]).await;
    assert_eq!(late, Err(causerie_model::Problem::Internal));
}
