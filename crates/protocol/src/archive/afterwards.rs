//! What a server takes in of a connection that is over.
//!
//! It may let us in on a new connection while it still reads what the one before has brought: ejabberd was seen to put messages into the
//! archive 134 ms after it had said that the session goes on. So where something of ours may have arrived, the archive's word on it counts
//! from [`AFTERWARDS`] on: what was missed is read meanwhile, and what has come since is read then.
//!
//! It is counted from the first connection after that which carried it: when the session went on there, the server had done with the one
//! before but for what lay in its hands. Connections that break later, and carried none of it, do not make it later. Otherwise nothing
//! would ever be sent again where they break every second.

use std::time::Duration;

/// How long a server may take.
const AFTERWARDS: Duration = Duration::from_secs(2);

/// Whether something of ours may still come into the archive.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Afterwards {
    /// When the connection began from which on it is counted.
    began: Option<Duration>,
    /// Until then.
    until: Option<Duration>,
    /// Whether what is read now was begun before.
    is_early: bool,
}

impl Afterwards {
    /// A connection began then, and something that went out on the one before may have arrived. Where it is that which is known already, or
    /// one before it, nothing has become later, and what is read goes on to count as it did.
    pub(super) fn expect(&mut self, began: Duration, now: Duration) {
        if self.began.is_some_and(|known| began <= known) {
            self.take_due(now);
            return;
        }
        let until = Some(began.saturating_add(AFTERWARDS)).filter(|until| *until > now);
        *self = Self { began: Some(began), until, is_early: until.is_some() };
    }

    /// Reading begins, whatever it tells of ours.
    pub(super) fn reading_begins(&mut self) {
        self.is_early = self.until.is_some();
    }

    /// What has come since is to be read, once nothing more comes. Says whether there is need to.
    pub(super) fn read_since(&mut self) -> bool {
        std::mem::take(&mut self.is_early)
    }

    /// Whether nothing more is to be asked yet: neither what has come since, nor whether anything has.
    pub(super) fn is_awaited(&self) -> bool {
        self.until.is_some() && !self.is_early
    }

    /// Whether it makes a difference whether anything of ours may have arrived.
    pub(super) fn matters(&self) -> bool {
        self.until.is_some() || self.is_early
    }

    /// Whether the archive can tell by now.
    pub(super) fn is_over(&self) -> bool {
        self.until.is_none()
    }

    /// Whether that is so from now on.
    pub(super) fn take_due(&mut self, now: Duration) -> bool {
        self.until.take_if(|until| *until <= now).is_some()
    }

    pub(super) fn next_wake(&self) -> Option<Duration> {
        self.until
    }
}
