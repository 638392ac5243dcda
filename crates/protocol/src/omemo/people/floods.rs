//! Keys that whoever wants to pass for somebody else shows: ever more of them, or one that is another address's.

use causerie_model::{BareJid, Change, DeviceId, Fingerprint, Trust};

use super::{Known, People};
use crate::step::Step;

impl People {
    /// Whether a key is known as that of another address, ours included.
    pub(in crate::omemo) fn is_of_other(&self, jid: &BareJid, fingerprint: Fingerprint) -> bool {
        let others = self.keys.iter().filter(|(owner, _)| *owner != jid);
        others.flat_map(|(_, keys)| keys).any(|known| known.fingerprint == fingerprint)
    }

    /// Makes room for another key of somebody: only who floods us, or whoever writes in their name, has so many. The oldest goes; never one
    /// about which a person has decided, the newest of a device that is on a list, or that of a session, or else whoever has forged enough
    /// keys could come with another one for a device of theirs as if it were its first. Whether there is room.
    pub(super) fn forget_a_key(
        &mut self,
        jid: &BareJid,
        pinned: &[(DeviceId, Fingerprint)],
        step: &mut Step<'_>,
    ) -> bool {
        let is_needed = |known: &Known| {
            matches!(known.trust, Trust::Verified | Trust::Distrusted)
                || pinned.iter().any(|(_, key)| *key == known.fingerprint)
                || (self.is_listed(jid, known.device)
                    && self.key_of(jid, known.device).is_some_and(|(newest, _)| newest == known.fingerprint))
        };
        let place = self.keys.get(jid).and_then(|keys| keys.iter().position(|known| !is_needed(known)));
        let Some((place, keys)) = place.zip(self.keys.get_mut(jid)) else { return false };
        let gone = keys.remove(place);
        self.early.remove(&(jid.clone(), gone.fingerprint));
        step.record(Change::KeyForgotten { jid: jid.clone(), fingerprint: gone.fingerprint });
        true
    }
}
