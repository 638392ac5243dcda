//! Keys in place of others.

use std::collections::BTreeMap;

use causerie_model::{BareJid, DeviceId, Fingerprint, Trust};

use super::{Known, People};

impl People {
    /// Devices of known people whose newest key nobody has decided about, though they had another one before: one that they have shown, or
    /// one that a session with them is bound to.
    pub(in crate::omemo) fn replaced(
        &self,
        is_known: impl Fn(&BareJid) -> bool,
        pinned: impl Fn(&BareJid) -> Vec<(DeviceId, Fingerprint)>,
    ) -> Vec<(BareJid, DeviceId)> {
        let mut replaced = Vec::new();
        for (jid, keys) in self.keys.iter().filter(|(jid, _)| is_known(jid)) {
            let newest: BTreeMap<DeviceId, &Known> = keys.iter().map(|known| (known.device, known)).collect();
            for (device, newest) in newest.into_iter().filter(|(_, known)| known.trust == Trust::Undecided) {
                let is_other = |of: DeviceId, key: Fingerprint| of == device && key != newest.fingerprint;
                if keys.iter().any(|known| is_other(known.device, known.fingerprint))
                    || pinned(jid).into_iter().any(|(of, key)| is_other(of, key))
                {
                    replaced.push((jid.clone(), device));
                }
            }
        }
        replaced
    }
}
