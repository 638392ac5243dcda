//! When a new key is trusted as it came (blind trust before verification): as long as a person has compared or refused none of its owner's,
//! and as soon as its device is on a list.

use causerie_model::{BareJid, Change, DeviceId, OmemoVersion, Trust};

use super::People;
use crate::step::Step;

impl People {
    /// Devices came onto a list: their keys that were seen before are trusted as they came, if nobody has decided anything since.
    pub(super) fn trust_listed(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        let Self { lists, keys, careful, early, .. } = self;
        if careful.contains(jid) || early.is_empty() {
            return;
        }
        let is_listed = |device: DeviceId| {
            let lists =
                OmemoVersion::ALL.into_iter().filter_map(|version| lists.get(&(jid.clone(), version)));
            lists.flatten().any(|listed| *listed == device)
        };
        for known in keys.get_mut(jid).into_iter().flatten().filter(|known| is_listed(known.device)) {
            if early.remove(&(jid.clone(), known.fingerprint)) && known.trust == Trust::Undecided {
                known.trust = Trust::Blind;
                step.record(Change::KeyListed { jid: jid.clone(), fingerprint: known.fingerprint });
            }
        }
    }

    /// A person has compared or refused a key of somebody: new ones wait from now on.
    pub(in crate::omemo) fn take_care(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        if self.careful.insert(jid.clone()) {
            step.record(Change::CarefulAbout(jid.clone()));
        }
    }

    /// The same, of what another device of ours tells. One of ours that it refuses may be one that was removed there, which says nothing of
    /// new ones.
    pub(in crate::omemo) fn take_care_as_told(&mut self, jid: &BareJid, trust: Trust, step: &mut Step<'_>) {
        if trust == Trust::Verified || jid != step.own {
            self.take_care(jid, step);
        }
    }
}
