//! Another copy of this device: a backup that was restored without the keyring's noticing, or a machine that was copied as a whole.
//!
//! Two programs that go on from one state use the same keys for different messages, and whoever receives them takes the second for a copy
//! of the first. So as soon as something is found under our number that the ledger does not know, this device gets new keys and another
//! number. What makes it sure is that the ledger has whatever we send before it leaves, and keeps what we have called it; and that a number is
//! made with its keys, by chance. That something is under our number a server can claim as well: it can make us renew our keys once in
//! [`RENEWED_AFTER`], over all runs; then the person hears of it.
//!
//! What was missed is read with the old keys first, and nothing is sent with them from the moment on that the copy is known of. A program that
//! is ended meanwhile begins with new ones.

use std::time::Duration;

use causerie_model::{Change, DeviceId, Event, Fingerprint, Notice, RestoredEncryption, Timestamp};
use minidom::Element;

use super::{Keys, Omemo, Open, wire};
use crate::ns;
use crate::step::Step;

/// So long after our keys were renewed for that reason they are again at the earliest.
const RENEWED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known of other copies of this device.
#[derive(Default)]
pub(super) struct Copy {
    /// One was seen under this number, and what was missed is read before there are new keys.
    seen: Option<DeviceId>,
    /// When our keys were renewed last because of one.
    renewed: Option<Timestamp>,
    /// The person has heard in this run that they are not renewed again.
    told: bool,
}

impl Copy {
    /// With what the last run left.
    pub(super) fn new(restored: &RestoredEncryption) -> Self {
        Self { renewed: restored.renewed, ..Self::default() }
    }
}

impl Omemo {
    /// Our number, where something that is to be read says that this device has sent it.
    pub(crate) fn our_number_on(&self, stanza: &Element, step: &Step<'_>) -> Option<DeviceId> {
        let device = self.device().filter(|_| stanza.has_child("encryption", ns::ENCRYPTION))?;
        let mut incoming = wire::read_encrypted(stanza, step.own, device).into_iter();
        incoming.any(|incoming| incoming.sender == device && incoming.payload.is_some()).then_some(device)
    }

    /// The ledger knows nothing of what was sent under that number, which may be ours no more.
    pub(crate) fn copy_seen(&mut self, device: DeviceId) {
        if self.device() == Some(device) {
            self.copy.seen = Some(device);
        }
    }

    /// Whether there is a copy of our keys, and they are to be renewed as soon as what was missed is here. So long nothing is sent with them.
    pub(crate) fn is_copied(&self) -> bool {
        self.copy.seen.is_some()
    }

    /// Whether our keys may be renewed because there is a copy of them. If not, the person hears of it.
    pub(super) fn may_renew(&mut self, step: &mut Step<'_>) -> bool {
        let now = step.passed.at();
        if self.copy.renewed.is_some_and(|at| now.since(at) < RENEWED_AFTER) {
            if !std::mem::replace(&mut self.copy.told, true) {
                step.tell(Event::Notice(Notice::KeysUsedElsewhere));
            }
            return false;
        }
        self.copy.renewed = Some(now);
        step.record(Change::CopyAnswered(now));
        true
    }

    /// Renews our keys where there is a copy of them. Says whether that was done.
    pub(crate) fn renew_copied(&mut self, step: &mut Step<'_>) -> bool {
        let seen = self.copy.seen.take().filter(|seen| self.device() == Some(*seen));
        let Some(device) = seen.filter(|_| self.may_renew(step)) else { return false };
        let Keys::Open(open) = std::mem::take(&mut self.keys) else { return false };
        let Open { vault, own } = *open;
        let fingerprint = own.identity().public().fingerprint();
        self.keys = Keys::ToBeMade(vault);
        for name in std::mem::take(&mut self.sessions).into_keys() {
            self.strangers.lost(&name.jid);
        }
        self.answers.forget();
        self.turns.keep(|_| false);
        self.bundles.begin_anew();
        self.publishing.begin_anew();
        self.lose_identity(device, &[fingerprint], step);
        if step.is_online() && self.publishing.has_begun() {
            self.settle(step);
        }
        self.review(step);
        true
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
