//! Streams of what happens by itself, as iced wants them: one subscription each, which lives as long as its source is named.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::pin::Pin;
use std::sync::Arc;

use causerie_model::Event;
use causerie_model::registration::RegistrationEvent;
use causerie_session::{Events, registration};
use futures::Stream;
use futures::stream::unfold;
use iced::Subscription;
use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedReceiver;

type Boxed<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// Something that tells. Two with one name are one.
pub(crate) struct Source<T> {
    name: String,
    stream: Arc<Mutex<Boxed<T>>>,
}

impl<T: Send + 'static> Source<T> {
    /// What comes out of a channel.
    pub(crate) fn of_channel(name: &str, receiver: UnboundedReceiver<T>) -> Self {
        let stream = unfold(receiver, |mut receiver| async move {
            let item = receiver.recv().await?;
            Some((item, receiver))
        });
        Self::new(name.to_owned(), Box::pin(stream))
    }

    fn new(name: String, stream: Boxed<T>) -> Self {
        Self { name, stream: Arc::new(Mutex::new(stream)) }
    }

    /// What it tells from now on.
    pub(crate) fn subscription(&self) -> Subscription<T> {
        Subscription::run_with(self.clone(), Self::listen)
    }

    fn listen(&self) -> impl Stream<Item = T> + use<T> {
        unfold(Arc::clone(&self.stream), |stream| async move {
            let item = futures::StreamExt::next(&mut *stream.lock().await).await?;
            Some((item, stream))
        })
    }
}

impl Source<Vec<RegistrationEvent>> {
    /// What a provider tells that is asked for an account, in batches. `run` is different for each.
    pub(crate) fn of_registration(run: u64, events: registration::Events) -> Self {
        let stream = unfold(events, |mut events| async move {
            let batch = events.recv_batch().await?;
            Some((batch, events))
        });
        Self::new(format!("registration {run}"), Box::pin(stream))
    }
}

impl Source<Vec<Event>> {
    /// What happens in an account, in batches. `run` is different for each start of the account's actor.
    pub(crate) fn of_session(run: u64, events: Events) -> Self {
        let stream = unfold(events, |mut events| async move {
            let batch = events.recv_batch().await?;
            Some((batch, events))
        });
        Self::new(format!("session {run}"), Box::pin(stream))
    }
}

impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), stream: Arc::clone(&self.stream) }
    }
}

impl<T> Hash for Source<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<T> fmt::Debug for Source<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.name)
    }
}
