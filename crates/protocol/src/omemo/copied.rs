//! Another copy of this device: a backup that was restored without the keyring's noticing, or a machine that was copied as a whole.
//!
//! Two programs that go on from one state use the same keys for different messages, and whoever receives them takes the second for a copy
//! of the first. So as soon as something is found under our number that the ledger does not know, this device gets new keys and another
//! number. What makes it sure is that the ledger has whatever we send before it leaves, and keeps what we have called it; and that a number is
//! made with its keys, by chance. That something is under our number a server can claim as well: it can make us renew our keys once in
//! [`RENEWED_AFTER`], over all runs; then the person hears of it.
//!
//! What was missed is read with the old keys first, in the next run if the program is ended meanwhile, and nothing is sent with them from the
//! moment on that the copy is known of. All of a renewal is recorded in one step, once nothing stands in its way: before it the ledger has the
//! old keys and all that is shared by them, after it the new ones.

use std::time::Duration;

use causerie_model::{
    Alarm, Change, DeviceId, Event, Fingerprint, LetGo, Notice, RestoredEncryption, Timestamp, Unreadable,
};
use minidom::Element;

use super::{Keys, Omemo, Open, wire};
use crate::ns;
use crate::step::Step;

/// So long after our keys were renewed for that reason they are again at the earliest.
const RENEWED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// How long is waited for what comes soon, or can be read soon, and is lost to the new keys.
const HELD_FOR: Duration = Duration::from_secs(2 * 60);

/// Whether our keys are renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    Now,
    /// New ones can't be made now.
    Later,
    /// Not for that copy.
    Never,
}

/// What is known of other copies of this device.
#[derive(Default)]
pub(super) struct Copy {
    /// One was seen under this number, and what was missed is read before there are new keys.
    seen: Option<DeviceId>,
    /// Until when such things are waited for, and when to look whether that is over.
    until: Option<Duration>,
    wake: Option<Duration>,
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

    /// When there is no waiting any more.
    pub(super) fn next_wake(&self) -> Option<Duration> {
        self.wake
    }

    /// What can be done about one at this moment was done.
    pub(super) fn looked_at(&mut self, now: Duration) {
        self.wake.take_if(|at| *at <= now);
    }

    fn forget(&mut self) {
        (self.seen, self.until, self.wake) = (None, None, None);
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
    pub(crate) fn copy_seen(&mut self, device: DeviceId, step: &mut Step<'_>) {
        if self.device() == Some(device) {
            self.copy.seen = Some(device);
            // Nothing would be sent of what is begun.
            self.begin_repairs_anew(step);
        }
    }

    /// Whether there is a copy of our keys, and they are to be renewed as soon as what was missed is here. So long nothing is sent with them.
    pub(crate) fn is_copied(&self) -> bool {
        self.copy.seen.is_some()
    }

    /// An earlier run has found that there is a copy of that device, which is ours.
    pub(super) fn copy_known(&mut self, device: Option<DeviceId>, step: &mut Step<'_>) {
        self.copy.seen = device.filter(|_| !self.was_renewed_lately(step));
    }

    /// Whether our keys can't be renewed yet because there is a copy of them, as they were before. Then the person hears of it.
    fn was_renewed_lately(&mut self, step: &mut Step<'_>) -> bool {
        let now = step.passed.at();
        let was = self.copy.renewed.is_some_and(|at| now.since(at) < RENEWED_AFTER);
        if was && !std::mem::replace(&mut self.copy.told, true) {
            step.tell(Event::Notice(Notice::KeysUsedElsewhere));
        }
        was
    }

    /// Whether our keys can be renewed because there is a copy of them. If they can't be as they were lately, they are used on.
    pub(crate) fn renewal(&mut self, step: &mut Step<'_>) -> Renewal {
        if self.copy.seen != self.device() || self.was_renewed_lately(step) {
            self.copy.forget();
            self.repair_as_wished(step);
            return Renewal::Never;
        }
        // New ones have to be made in the same step.
        let can_be_made = step.is_online()
            && self.publishing.has_begun()
            && !self.publishing.is_asked()
            && !self.publishing.is_hopeless();
        if can_be_made { Renewal::Now } else { Renewal::Later }
    }

    /// Whether it waits for something that comes soon, of which there is some. No longer than [`HELD_FOR`]: whoever forges what can't be read
    /// at once does not keep us from having new keys.
    pub(crate) fn waits_for(&mut self, is_there: bool, step: &Step<'_>) -> bool {
        let now = step.now.elapsed;
        let until = *self.copy.until.get_or_insert(now.saturating_add(HELD_FOR));
        let waits = is_there && now < until;
        self.copy.wake = Some(until).filter(|_| waits);
        waits
    }

    /// Renews our keys.
    pub(crate) fn renew_keys(&mut self, step: &mut Step<'_>) {
        self.copy.forget();
        let Keys::Open(open) = std::mem::take(&mut self.keys) else { return };
        let now = step.passed.at();
        self.copy.renewed = Some(now);
        step.record(Change::CopyAnswered(now));
        let Open { vault, own } = *open;
        let (device, fingerprint) = (own.device(), own.identity().public().fingerprint());
        self.keys = Keys::ToBeMade(vault);
        for name in std::mem::take(&mut self.sessions).into_keys() {
            self.strangers.lost(&name.jid);
        }
        self.answers.forget();
        self.turns.keep(|_| false);
        self.bundles.begin_anew();
        self.publishing.begin_anew();
        self.lose_identity(device, &[fingerprint], step);
        // In this step: all of it is kept, or none.
        self.settle(step);
        self.review(step);
    }

    /// Our keys are another's as well, or nobody's: whoever has them is not us, that device leaves our lists, and what was shared with it is
    /// nothing any more. What is held for it says so. A person hears of it, in each run until it was seen.
    pub(super) fn lose_identity(&mut self, device: DeviceId, keys: &[Fingerprint], step: &mut Step<'_>) {
        for key in keys {
            self.people.refuse_our_own((device, *key), step);
        }
        let is_told = self.publishing.is_unwanted(device);
        self.publishing.unwant(device, step);
        for held in self.holding.take_all() {
            self.let_go(held.mark, LetGo::Says(Unreadable::KeysLost), step);
        }
        step.record(Change::SessionsForgotten);
        if !is_told {
            self.publishing.alarms.raise(Alarm::KeysRenewed, step);
        }
    }
}
