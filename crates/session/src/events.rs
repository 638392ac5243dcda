//! What has happened, on its way to the app, which may be busy.
//!
//! A later event makes an earlier one about the same needless (see [`Event::key`]), so a catch-up of ten thousand messages is
//! a handful of events however late the app looks.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use causerie_model::{Event, EventKey};
use tokio::sync::Notify;

/// Distinct events that wait at most. The app reads them many times a second; only one that hangs gets there.
const MOST_WAITING: usize = 50_000;

/// The app's end.
#[derive(Debug)]
pub struct Events(Arc<Shared>);

/// The actor's end. When it is dropped, the app is told so.
#[derive(Debug)]
pub(crate) struct Teller(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    news: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    /// In the order of telling.
    events: BTreeMap<u64, Event>,
    places: HashMap<EventKey, u64>,
    next: u64,
    ended: bool,
}

/// The two ends of a new queue.
pub(crate) fn queue() -> (Teller, Events) {
    let shared = Arc::<Shared>::default();
    (Teller(Arc::clone(&shared)), Events(shared))
}

impl Events {
    /// Everything that has happened since the last call, at least one event; `None` after the last one of an actor that has ended.
    pub async fn recv_batch(&mut self) -> Option<Vec<Event>> {
        loop {
            {
                let mut waiting = self.0.lock();
                if !waiting.events.is_empty() {
                    waiting.places.clear();
                    return Some(std::mem::take(&mut waiting.events).into_values().collect());
                }
                if waiting.ended {
                    return None;
                }
            }
            self.0.news.notified().await;
        }
    }
}

impl Teller {
    pub(crate) fn tell(&self, event: Event) {
        let mut waiting = self.0.lock();
        let place = waiting.next;
        waiting.next += 1;
        // The new one goes to the end: what was told in between may be about the same thing in another way.
        if let Some(before) = waiting.places.insert(event.key(), place) {
            waiting.events.remove(&before);
        }
        waiting.events.insert(place, event);
        if waiting.events.len() > MOST_WAITING {
            waiting.drop_one();
        }
        drop(waiting);
        self.0.news.notify_one();
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.news.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn drop_one(&mut self) {
        if let Some((_, event)) = self.events.pop_first() {
            self.places.remove(&event.key());
        }
    }
}

#[cfg(test)]
mod tests {
    use causerie_model::{BareJid, Connection, Presence};

    use super::*;

    fn bob() -> BareJid {
        BareJid::new("bob@example.org").unwrap()
    }

    #[tokio::test]
    async fn the_same_is_told_once_and_in_order() {
        let (teller, mut events) = queue();
        let presence =
            |presence: &Presence| Event::PresenceChanged { peer: bob(), presence: presence.clone() };
        let some = Presence::default();
        teller.tell(presence(&some));
        for _ in 0..10_000 {
            teller.tell(Event::ConversationChanged(bob()));
        }
        teller.tell(Event::PresenceForgotten);
        teller.tell(presence(&some));
        let batch = events.recv_batch().await.unwrap();
        assert_eq!(batch, [Event::ConversationChanged(bob()), Event::PresenceForgotten, presence(&some)]);
        teller.tell(Event::ConnectionChanged(Connection::Connecting));
        teller.tell(Event::ConnectionChanged(Connection::Offline));
        drop(teller);
        assert_eq!(events.recv_batch().await.unwrap(), [Event::ConnectionChanged(Connection::Offline)]);
        assert_eq!(events.recv_batch().await, None);
    }

    #[tokio::test]
    async fn a_flood_is_bounded() {
        let (teller, mut events) = queue();
        for number in 0..MOST_WAITING + 1000 {
            teller.tell(Event::ContactChanged(BareJid::new(&format!("u{number}@example.org")).unwrap()));
        }
        assert_eq!(events.recv_batch().await.unwrap().len(), MOST_WAITING);
    }

    #[tokio::test]
    async fn news_wake_the_app() {
        let (teller, mut events) = queue();
        let reader = tokio::spawn(async move { events.recv_batch().await });
        tokio::task::yield_now().await;
        teller.tell(Event::RosterChanged);
        assert_eq!(reader.await.unwrap(), Some(vec![Event::RosterChanged]));
    }
}
