//! The keys of messages that have not come yet (`MKSKIPPED`; "The Double Ratchet Algorithm", rev 1 §2.6).

use super::Session;
use crate::Damaged;
use crate::secret::Secret;
use crate::stored::{Reader, Writer};

/// How many are kept of one device, in all sessions with it together: those of archived sessions go first, then the oldest.
/// libsignal's bound for one session (`MAX_MESSAGE_KEYS`); the XEP asks for about 1,000 (XEP-0384 0.9.1, "Double Ratchet").
pub const MAX_SKIPPED: usize = 2_000;

/// How long they are kept, in seconds: 60 days. Until then they stand against the forward secrecy of their messages
/// (rev 1 §6.4). They go earlier when [`MAX_CLOSED`](super::MAX_CLOSED) chains have come after theirs, the deterministic
/// event that the XEP recommends.
pub const MAX_SKIPPED_AGE: u64 = 60 * 24 * 60 * 60;

/// Skipped keys, the oldest first.
#[derive(Clone, Default)]
pub(crate) struct Skipped(Vec<SkippedKey>);

#[derive(Clone)]
struct SkippedKey {
    ratchet_key: [u8; 32],
    counter: u32,
    since: u64,
    key: Secret,
}

/// The ratchet key and counter of a message that can no longer be read.
type GivenUp = ([u8; 32], u32);

impl Skipped {
    /// Takes the key of a message out, so that it is used once.
    pub(crate) fn take(&mut self, ratchet_key: &[u8; 32], counter: u32) -> Option<Secret> {
        let place =
            self.0.iter().position(|key| key.counter == counter && key.ratchet_key == *ratchet_key)?;
        Some(self.0.remove(place).key)
    }

    /// Adds keys of one chain, and tells which were given up for want of room: the oldest.
    pub(crate) fn keep(
        &mut self,
        ratchet_key: &[u8; 32],
        keys: Vec<(u32, Secret)>,
        now: u64,
    ) -> Vec<GivenUp> {
        let new = keys.into_iter();
        self.0.extend(new.map(|(counter, key)| SkippedKey {
            ratchet_key: *ratchet_key,
            counter,
            since: now,
            key,
        }));
        self.give_up(self.0.len().saturating_sub(MAX_SKIPPED))
    }

    /// Gives up the oldest: so many, or all.
    fn give_up(&mut self, count: usize) -> Vec<GivenUp> {
        let count = count.min(self.0.len());
        self.0.drain(..count).map(|key| (key.ratchet_key, key.counter)).collect()
    }

    /// Gives up those that are too old, when so much time has passed.
    pub(crate) fn expire(&mut self, passed: u64) -> Vec<GivenUp> {
        let is_old = |key: &SkippedKey| passed.saturating_sub(key.since) > MAX_SKIPPED_AGE;
        let given_up =
            self.0.iter().filter(|key| is_old(key)).map(|key| (key.ratchet_key, key.counter)).collect();
        self.0.retain(|key| !is_old(key));
        given_up
    }

    /// Gives up all of a chain that is itself forgotten. Says whether there were any.
    pub(crate) fn forget_chain(&mut self, ratchet_key: &[u8; 32]) -> bool {
        let before = self.0.len();
        self.0.retain(|key| key.ratchet_key != *ratchet_key);
        self.0.len() < before
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.list(self.0.iter(), |out, key| {
            out.raw(&key.ratchet_key);
            out.u32(key.counter);
            out.u64(key.since);
            out.secret(&key.key);
        });
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let keys = from.list(MAX_SKIPPED, |from| {
            Ok(SkippedKey {
                ratchet_key: *from.raw()?,
                counter: from.u32()?,
                since: from.u64()?,
                key: from.secret()?,
            })
        });
        keys.map(Self)
    }
}

impl Session {
    /// How many keys of messages that have not come are kept.
    pub(crate) fn skipped(&self) -> usize {
        self.skipped.0.len()
    }

    /// Gives up the oldest of them, so many or all, and notes which.
    pub(crate) fn give_up_skipped(&mut self, count: usize) {
        let given_up = self.skipped.give_up(count);
        self.note_lost(&given_up);
    }
}
