//! A symmetric-key chain ("The Double Ratchet Algorithm", rev 1 §2.2, §5.2).

use crate::profile::hmac;
use crate::secret::Secret;
use crate::stored::{Reader, Writer};
use crate::{Damaged, Refused};

use super::skipped::MAX_SKIPPED;

/// How far ahead of the last one read a message of one chain may be. libsignal's bound (`MAX_FORWARD_JUMPS`); each step costs
/// two HMACs, and whoever sends the counter is not yet authenticated.
pub const MAX_JUMP: u32 = 25_000;

/// A chain key, and the number of the message that it is for.
#[derive(Clone)]
pub(crate) struct Chain {
    key: Secret,
    next: u32,
}

/// Why a chain cannot be moved to a counter.
pub(crate) enum CannotSkip {
    /// It is past it.
    Past { counter: u32 },
    /// It is too far ahead.
    TooFar,
}

impl Chain {
    pub(crate) fn new(key: Secret) -> Self {
        Self { key, next: 0 }
    }

    /// The number of the next message; how many there have been.
    pub(crate) fn next(&self) -> u32 {
        self.next
    }

    /// The key of the next message: `KDF_CK` with the constants 1 and 2. `None` at the end of the numbers.
    pub(crate) fn advance(&mut self) -> Option<Secret> {
        self.next = self.next.checked_add(1)?;
        let message_key = Secret::take(&mut hmac(self.key.reveal(), &[&[1]]));
        self.key = Secret::take(&mut hmac(self.key.reveal(), &[&[2]]));
        Some(message_key)
    }

    /// Moves on so that the next message is this one, and gives the keys passed over: the last [`MAX_SKIPPED`] of them, and one
    /// more if there are more, which tells whoever keeps them that some are lost.
    pub(crate) fn skip_to(&mut self, counter: u32) -> Result<Vec<(u32, Secret)>, CannotSkip> {
        let jump = counter.checked_sub(self.next).ok_or(CannotSkip::Past { counter })?;
        if jump > MAX_JUMP {
            return Err(CannotSkip::TooFar);
        }
        let mut keys = Vec::new();
        while self.next < counter {
            let at = self.next;
            let key = self.advance().ok_or(CannotSkip::TooFar)?;
            if (counter - at) as usize <= MAX_SKIPPED + 1 {
                keys.push((at, key));
            }
        }
        Ok(keys)
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.secret(&self.key);
        out.u32(self.next);
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self { key: from.secret()?, next: from.u32()? })
    }
}

impl CannotSkip {
    /// What is told of a message whose key is not among the skipped ones.
    pub(crate) fn refusal(self, lost_below: u32) -> Refused {
        match self {
            Self::TooFar => Refused::TooFarAhead,
            Self::Past { counter } if counter < lost_below => Refused::KeyGone,
            Self::Past { .. } => Refused::Duplicate,
        }
    }
}
