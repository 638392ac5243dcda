//! Whether a session is begun, and with what.

use causerie_model::{SessionName, Trust};
use causerie_omemo::{PeerBundle, Record, Refused};

use super::Purpose;
use crate::omemo::Omemo;
use crate::step::Step;

impl Omemo {
    /// Whether a session is begun with what has come. One in which a message is to be encrypted now needs a key that may read it. What says
    /// nothing is for any key.
    pub(super) fn is_to_begin(
        &self,
        name: &SessionName,
        purpose: Purpose,
        (bundle, _): &(PeerBundle, Trust),
    ) -> bool {
        match purpose {
            Purpose::Looking => false,
            Purpose::Sending => self.trust_with(name, bundle.identity().fingerprint()).may_read(),
            Purpose::Repair => true,
        }
    }

    /// Whether a device's bundle is of any use: not if it has shown its key, and that gets nothing.
    pub(in crate::omemo) fn may_be_asked_for(&self, name: &SessionName) -> bool {
        self.people.key_of(&name.jid, name.device).is_none_or(|(_, trust)| trust.may_read())
    }

    pub(super) fn begin(
        &self,
        name: &SessionName,
        (bundle, trust): &(PeerBundle, Trust),
        step: &mut Step<'_>,
    ) -> Option<Record> {
        let open = self.open()?;
        let record = self.sessions.get(name).cloned().unwrap_or_else(|| Record::new(name.version));
        match record.initiate(&open.own, bundle, step.rng) {
            Ok(record) => Some(record),
            // Only a person can say whether another key under a known number is right.
            Err(Refused::IdentityChanged(_)) if trust.may_read() => {
                record.renewed().initiate(&open.own, bundle, step.rng).ok()
            }
            Err(_) => None,
        }
    }
}
