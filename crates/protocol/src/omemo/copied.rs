//! Another copy of this device: a backup that was restored without the keyring's noticing, or a machine that was copied as a whole.
//!
//! Two programs that go on from one state use the same keys for different messages, and whoever receives them takes the second for a copy
//! of the first. So as soon as something is found under our number that the ledger does not know, this device gets new keys and another
//! number. What makes it sure is that the ledger has whatever we send before it leaves, and keeps what we have called it; and that a number is
//! made with its keys, by chance. That something is under our number a server can claim as well: it can make us renew our keys no more
//! often than [`MOST_RENEWALS`] times in a run.

use causerie_model::{Change, DeviceId, Event, Fingerprint, Notice};
use minidom::Element;

use super::{Keys, Omemo, Open, wire};
use crate::ns;
use crate::step::Step;

/// How often there are new keys in one run for that reason.
const MOST_RENEWALS: u8 = 3;

impl Omemo {
    /// Our number, where something that is to be read says that this device has sent it.
    pub(crate) fn our_number_on(&self, stanza: &Element, step: &Step<'_>) -> Option<DeviceId> {
        let device = self.device().filter(|_| stanza.has_child("encryption", ns::ENCRYPTION))?;
        let mut incoming = wire::read_encrypted(stanza, step.own, device).into_iter();
        incoming.any(|incoming| incoming.sender == device && incoming.payload.is_some()).then_some(device)
    }

    /// The ledger knows nothing of what was sent under that number, which may be ours no more.
    pub(crate) fn copy_seen(&mut self, device: DeviceId, step: &mut Step<'_>) {
        if self.device() != Some(device) || self.renewals >= MOST_RENEWALS {
            return;
        }
        self.renewals += 1;
        let Keys::Open(open) = std::mem::take(&mut self.keys) else { return };
        let Open { vault, own } = *open;
        let fingerprint = own.identity().public().fingerprint();
        self.keys = Keys::ToBeMade(vault);
        for name in std::mem::take(&mut self.sessions).into_keys() {
            self.strangers.lost(&name.jid);
        }
        self.turns.keep(|_| false);
        self.bundles.begin_anew();
        self.publishing.begin_anew();
        self.lose_identity(device, &[fingerprint], step);
        if step.is_online() && self.publishing.has_begun() {
            self.settle(step);
        }
        self.review(step);
    }

    /// Our keys are another's as well, or nobody's: whoever has them is not us, that device leaves our lists, and what was shared with it is
    /// nothing any more.
    pub(super) fn lose_identity(&mut self, device: DeviceId, keys: &[Fingerprint], step: &mut Step<'_>) {
        for key in keys {
            self.people.refuse_our_own((device, *key), step);
        }
        self.publishing.unwant(device, step);
        step.record(Change::SessionsForgotten);
        step.tell(Event::Notice(Notice::KeysRenewed));
    }
}
