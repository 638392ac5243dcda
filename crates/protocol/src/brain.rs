//! An input's way: the connection first, then the features, then the clock.

use std::time::Duration;

use causerie_model::{Change, Command, Password, Privacy, Restored};
use rand::RngCore;

use crate::clock::Clock;
use crate::connection::{Connection, Transition};
use crate::features::Features;
use crate::iq::Tracker;
use crate::step::{Step, Ways};
use crate::{DeriveKey, Effect, Effects, HashFunction, Input, Now, SaltedPassword};

/// The brain of one account.
pub struct Brain {
    connection: Connection,
    features: Features,
    tracker: Tracker,
    clock: Clock,
    /// When [`Input::Woke`] is due.
    wake: Option<Duration>,
    rng: Box<dyn RngCore + Send>,
}

impl std::fmt::Debug for Brain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Brain").finish_non_exhaustive()
    }
}

impl Brain {
    /// A brain that remembers, and is offline until [`causerie_model::Command::Connect`].
    ///
    /// `rng` must be fit for cryptography, except in tests.
    pub fn new(restored: Restored, password: Option<Password>, rng: Box<dyn RngCore + Send>) -> Self {
        Self {
            connection: Connection::new(&restored.account, password, restored.user_agent.clone()),
            features: Features::new(&restored),
            tracker: Tracker::default(),
            clock: Clock::new(&restored),
            wake: None,
            rng,
        }
    }

    /// Takes one input at that time and says what is to be done, in order.
    pub fn handle(&mut self, input: Input, now: Now) -> Effects {
        let mut out = Effects::default();
        let (now, passed) = self.clock.read(now);
        if matches!(input, Input::Woke) {
            self.wake = None;
        }
        let was_bound = self.connection.bound().is_some();
        self.connection.management.set_uncovered(self.features.uncovered());
        let transition = self.connection.handle(&input, now, &mut self.rng, &mut out);
        // What the connection says, or sends again, it has counted itself.
        let counted = out.0.len();

        match &input {
            Input::Command(Command::CancelMessage { id, peer }) => {
                self.connection.management.withdraw(&(peer.clone(), id.clone()));
            }
            Input::Command(Command::RetryMessage { id, peer, .. }) => {
                self.connection.management.restore(&(peer.clone(), id.clone()));
            }
            Input::Command(Command::SetPrivacy { peer, privacy: Privacy::Encrypted }) => {
                self.connection.management.encrypt(peer);
            }
            _ => {}
        }
        let own = self.features.own().clone();
        let news = self.connection.management.news();
        let (bound, ways) = (self.connection.bound(), self.connection.ways());
        let proof = self.connection.management.proof();
        let (tracker, rng) = (&mut self.tracker, &mut *self.rng);
        let said = out.0.len();
        let step = &mut Step { now, passed, own: &own, bound, ways, proof, tracker, rng, out: &mut out };
        self.features.arrived(news, step);
        let mut is_early = false;
        match transition {
            Transition::None => {}
            Transition::WentOnline { features, copying, is_early: early } => {
                self.features.went_online(&features, copying, step);
                is_early = early;
            }
            Transition::Suspended => self.features.suspended(step),
            Transition::Resumed => self.features.resumed(step),
            Transition::WentOffline { end } => self.features.went_offline(end, step),
        }
        match input {
            Input::Command(command) => self.features.command(command, step),
            Input::CopySeen(device) => self.features.copy_seen(device, step),
            // Answers may lie in a buffer.
            Input::StoodStill => step.tracker.forbear(step.now),
            // The one that brought us online was the connection's own, mostly.
            Input::Element(stanza) if (was_bound || is_early) && bound.is_some() => {
                self.features.stanza(&stanza, step);
            }
            _ => {}
        }
        self.features.due(step);
        if let Some(time) = self.features.take_server_time() {
            self.clock.server_says(time);
        }
        let reached = out.0.iter().rev().find_map(|effect| match effect {
            Effect::Record(Change::ArchiveReached { archive, reached }) if *archive == own => {
                Some(reached.at)
            }
            _ => None,
        });
        if let Some(time) = reached {
            self.clock.archive_says(time);
        }
        if ways == Ways::In {
            // Goodbye was the last that we said.
            let after = out.0.split_off(said);
            out.0.extend(after.into_iter().filter(|effect| !matches!(effect, Effect::Send(_))));
        }
        self.connection.management.keep(counted, &mut out);
        self.connection.management.ask(counted, now.elapsed, &mut out);
        self.wake_in_time(&mut out);
        out
    }

    fn wake_in_time(&mut self, out: &mut Effects) {
        let wakes = [
            self.connection.next_wake(),
            self.tracker.next_wake(),
            self.features.next_wake(self.connection.ways()),
        ];
        let wake = wakes.into_iter().flatten().min();
        if wake != self.wake {
            self.wake = wake;
            out.0.extend(wake.map(Effect::WakeAt));
        }
    }
}

/// `SaltedPassword` of RFC 5802 §3. Takes up to seconds: call it where nobody waits.
pub fn derive_key(request: &DeriveKey) -> SaltedPassword {
    let mut key = match request.hash {
        HashFunction::Sha1 => vec![0; 20],
        HashFunction::Sha256 => vec![0; 32],
    };
    let (password, salt, rounds) = (request.password.reveal().as_bytes(), &request.salt, request.iterations);
    match request.hash {
        HashFunction::Sha1 => pbkdf2::pbkdf2_hmac::<sha1::Sha1>(password, salt, rounds, &mut key),
        HashFunction::Sha256 => pbkdf2::pbkdf2_hmac::<sha2::Sha256>(password, salt, rounds, &mut key),
    }
    SaltedPassword(key)
}
