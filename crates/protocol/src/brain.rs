//! The switchboard: which part of the brain an input belongs to.

use std::time::Duration;

use causerie_model::{Password, Restored};
use rand::RngCore;

use crate::connection::{Connection, Transition};
use crate::{Effect, Effects, Input, Now};

/// The brain of one account.
pub struct Brain {
    connection: Connection,
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
        Self { connection: Connection::new(&restored.account, password), wake: None, rng }
    }

    /// Takes one input at that time and says what is to be done, in order.
    pub fn handle(&mut self, input: Input, now: Now) -> Effects {
        let mut out = Effects::default();
        if matches!(input, Input::Woke) {
            self.wake = None;
        }
        match self.connection.handle(&input, now, &mut self.rng, &mut out) {
            Transition::None | Transition::WentOnline { .. } | Transition::WentOffline => {}
        }
        let wake = self.connection.next_wake();
        if wake != self.wake {
            self.wake = wake;
            out.0.extend(wake.map(Effect::WakeAt));
        }
        out
    }
}

/// `SaltedPassword` of RFC 5802 §3. Takes up to seconds: call it where nobody waits.
pub fn derive_key(request: &crate::DeriveKey) -> crate::SaltedPassword {
    use crate::HashFunction;
    let mut key = match request.hash {
        HashFunction::Sha1 => vec![0; 20],
        HashFunction::Sha256 => vec![0; 32],
    };
    let (password, salt, rounds) = (request.password.reveal().as_bytes(), &request.salt, request.iterations);
    match request.hash {
        HashFunction::Sha1 => pbkdf2::pbkdf2_hmac::<sha1::Sha1>(password, salt, rounds, &mut key),
        HashFunction::Sha256 => pbkdf2::pbkdf2_hmac::<sha2::Sha256>(password, salt, rounds, &mut key),
    }
    crate::SaltedPassword(key)
}
