//! When a message passes where, inside of the client: the session says so with `trace` events that have nothing in them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Where something has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It came from the socket, out of TLS and the guard.
    Socket,
    /// What it changed is in the ledger.
    Ledger,
    /// The app has been told.
    App,
}

/// What has passed on the thread of one account.
#[derive(Clone, Debug, Default)]
pub(super) struct Stamps {
    thread: String,
    passed: Arc<Mutex<Vec<(Place, Instant)>>>,
}

impl Stamps {
    /// Begins to watch the thread of that name, for the rest of this process.
    pub(super) fn of(thread: String) -> Result<Self, String> {
        let stamps = Self { thread, ..Self::default() };
        let watched = tracing_subscriber::registry().with(stamps.clone());
        tracing::subscriber::set_global_default(watched).map_err(|error| error.to_string())?;
        Ok(stamps)
    }

    /// From the socket to the ledger and to the app, of the message that has passed since it was last asked.
    pub(super) fn take(&self) -> Option<(Duration, Duration)> {
        let passed = std::mem::take(&mut *self.passed.lock().unwrap_or_else(PoisonError::into_inner));
        let at = |place| passed.iter().position(|(passed, _)| *passed == place);
        let ledger = at(Place::Ledger)?;
        let time = |at: usize| passed.get(at).map(|(_, time)| *time);
        let told = passed.iter().skip(ledger).find(|(place, _)| *place == Place::App)?.1;
        // What was asked by the way before it came was no change.
        let came = passed.iter().take(ledger).rposition(|(place, _)| *place == Place::Socket)?;
        let (came, ledger) = (time(came)?, time(ledger)?);
        Some((ledger - came, told - came))
    }
}

impl<S: Subscriber> Layer<S> for Stamps {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let now = Instant::now();
        let place = match event.metadata().target() {
            "causerie_session::way::socket" => Place::Socket,
            "causerie_session::way::ledger" => Place::Ledger,
            "causerie_session::way::app" => Place::App,
            _ => return,
        };
        if std::thread::current().name() == Some(&self.thread) {
            self.passed.lock().unwrap_or_else(PoisonError::into_inner).push((place, now));
        }
    }
}
