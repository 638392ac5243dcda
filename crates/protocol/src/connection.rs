//! When to connect, how long to wait, when to stop; whether the peer is alive.
//!
//! [`Connection::handle`] gets **every** input before the features do. What it needs none of, it leaves alone. Elements belong to
//! it alone as long as [`Connection::is_online`] was false before the call; once online it only takes note of them, and reads stream
//! errors.

use std::time::Duration;

use causerie_model::{Account, Jid, Password};
use minidom::Element;
use rand::RngCore;

use crate::{Effects, Input, Now};

/// The life of one account's connection.
pub(crate) struct Connection {
    state: State,
}

/// What the rest of the brain has to know of a step.
#[derive(Debug)]
pub(crate) enum Transition {
    /// Nothing that matters to it.
    None,
    /// Signed in and bound: from now on elements are stanzas.
    WentOnline {
        /// Our full address.
        bound: Jid,
        /// The stream features after signing in.
        features: Element,
    },
    /// Was online, is no more: every answer that was awaited will not come, every presence is void.
    WentOffline,
}

enum State {
    Offline,
}

impl Connection {
    /// Offline until [`causerie_model::Command::Connect`].
    pub(crate) fn new(_account: &Account, _password: Option<Password>) -> Self {
        Self { state: State::Offline }
    }

    /// Takes one input. Tells the app of each new state by itself.
    pub(crate) fn handle(
        &mut self,
        _input: &Input,
        _now: Now,
        _rng: &mut dyn RngCore,
        _out: &mut Effects,
    ) -> Transition {
        Transition::None
    }

    /// Whether stanzas can be sent.
    pub(crate) fn is_online(&self) -> bool {
        match self.state {
            State::Offline => false,
        }
    }

    /// Our full address while online.
    pub(crate) fn bound(&self) -> Option<&Jid> {
        None
    }

    /// When [`Input::Woke`] is wanted, on the clock of [`Now::elapsed`].
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        None
    }
}
