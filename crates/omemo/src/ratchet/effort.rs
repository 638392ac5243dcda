//! What a message costs that may be forged: its counter is read before its MAC can be checked.

use super::{MAX_JUMP, Session};
use crate::wire::Message;

impl Session {
    /// How many keys have to be derived to read a message.
    pub(crate) fn effort(&self, message: &Message<'_>) -> u64 {
        let present =
            self.receiving.as_ref().filter(|present| present.key.as_bytes() == &message.ratchet_key);
        let jump = match present {
            Some(present) => message.counter.saturating_sub(present.chain.next()),
            None if self.knows(&message.ratchet_key) => 0,
            None => message.counter,
        };
        u64::from(claimed(jump))
    }
}

/// How many keys a jump of that length costs.
pub(crate) fn claimed(jump: u32) -> u32 {
    if jump > MAX_JUMP { 0 } else { jump }
}
