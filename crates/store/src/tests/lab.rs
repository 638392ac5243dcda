//! A data folder of its own for each test, with one account.

use std::time::Duration;

use causerie_model::{
    AccountId, BareJid, Body, Change, Direction, Event, Message, MessageState, Naming, NewMessage, Order,
    OriginId, Protection, StanzaId, Timestamp,
};
use tempfile::TempDir;

use crate::migrate::STEPS;
use crate::rest::Pace;
use crate::{Options, Reader, Store};

/// The log is emptied when a test says so.
pub(super) const BY_HAND: Pace = Pace {
    quiet: Duration::from_secs(3_600),
    longest: Duration::from_secs(7_200),
    patience: Duration::from_secs(7_200),
    ..Pace::PRODUCT
};

pub(super) struct Lab {
    pub(super) folder: TempDir,
    pub(super) store: Store,
    pub(super) reader: Reader,
    pub(super) account: AccountId,
}

impl Lab {
    pub(super) async fn new() -> Self {
        Self::at_pace(BY_HAND).await
    }

    pub(super) async fn at_pace(pace: Pace) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (store, reader) = Store::open_at_pace(folder.path(), Options::default(), STEPS, pace).unwrap();
        let account = store.add_account(&jid("alice@chat.test"), None).await.unwrap();
        Self { folder, store, reader, account }
    }

    pub(super) fn restart(&mut self) {
        self.store.clone().close();
        (self.store, self.reader) =
            Store::open_at_pace(self.folder.path(), Options::default(), STEPS, BY_HAND).unwrap();
    }

    pub(super) async fn commit(&self, changes: Vec<Change>) -> Vec<Event> {
        self.store.commit(self.account, changes).await.unwrap().events
    }

    pub(super) fn page(&self) -> Vec<Message> {
        self.reader.page(self.account, &bob(), None, 1_000).unwrap()
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.page().into_iter().map(|message| text(&message)).collect()
    }

    pub(super) fn search(&self, query: &str) -> Vec<String> {
        let found = self.reader.search(query, None, None, None, 100).unwrap();
        found.iter().map(|found| text(&found.message)).collect()
    }

    /// Runs SQL on the writer's connection, for what no other room may do.
    pub(super) async fn sql(&self, sql: &'static str) {
        self.store.run("test", move |ledger| ledger.connection.execute_batch(sql)).await.unwrap();
    }
}

pub(super) fn jid(text: &str) -> BareJid {
    BareJid::new(text).unwrap()
}

pub(super) fn bob() -> BareJid {
    jid("bob@chat.test")
}

pub(super) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub(super) fn change(message: NewMessage) -> Change {
    Change::MessageAdded(message)
}

pub(super) fn incoming(origin: &str, text: &str, millis: i64) -> NewMessage {
    NewMessage {
        peer: bob(),
        direction: Direction::Incoming,
        origin: OriginId::new(origin),
        stanza: None,
        body: Body::Text(text.to_owned()),
        at: at(millis),
        state: MessageState::Received,
        protection: Protection::Clear,
        reply: None,
        order: Order::ByTime,
        naming: Naming::Unsure,
    }
}

pub(super) fn outgoing(origin: &str, text: &str, millis: i64) -> NewMessage {
    NewMessage {
        direction: Direction::Outgoing,
        state: MessageState::Pending,
        ..incoming(origin, text, millis)
    }
}

pub(super) fn stanza(id: &str) -> Option<StanzaId> {
    Some(StanzaId { by: jid("alice@chat.test"), id: id.to_owned() })
}

pub(super) fn text(message: &Message) -> String {
    match &message.body {
        Body::Text(text) => text.clone(),
        Body::Unreadable(why) => format!("{why:?}"),
        Body::Retracted => "(retracted)".to_owned(),
    }
}
