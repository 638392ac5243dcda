//! What a person is to have seen of their own devices: it is kept until then, and told again in each run. Likewise that a device has another key
//! than before, until somebody has decided about that.

use std::collections::BTreeSet;

use causerie_model::{Alarm, BareJid, Change, DeviceId, Event, Notice};

use super::{Omemo, sessions};
use crate::step::Step;

/// How many are kept; that there are new keys always is. A server that raises more is heard of each time, in that run.
const MOST: usize = 100;

/// What the person has not seen yet.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    kept: BTreeSet<Alarm>,
    /// It was told in this run.
    are_told: bool,
}

impl Alarms {
    /// With what the last run left.
    pub(super) fn new(kept: &[Alarm]) -> Self {
        Self { kept: kept.iter().copied().collect(), are_told: false }
    }

    /// Tells something, and keeps it until the person has seen it.
    pub(super) fn raise(&mut self, alarm: Alarm, step: &mut Step<'_>) {
        let has_room = self.kept.len() < MOST || alarm == Alarm::KeysRenewed;
        if has_room && self.kept.insert(alarm) {
            step.record(Change::AlarmRaised(alarm));
        }
        tell(alarm, step);
    }

    /// The person has seen it.
    fn seen(&mut self, alarm: Alarm, step: &mut Step<'_>) {
        if self.kept.remove(&alarm) {
            step.record(Change::AlarmSeen(alarm));
        }
    }

    /// The person does not want that device any more.
    pub(super) fn unwanted(&mut self, device: DeviceId, step: &mut Step<'_>) {
        self.seen(Alarm::NewDevice(device), step);
    }
}

fn tell(alarm: Alarm, step: &mut Step<'_>) {
    step.tell(Event::Notice(match alarm {
        Alarm::NewDevice(device) => Notice::NewOwnDevice { device },
        Alarm::KeysRenewed => Notice::KeysRenewed,
    }));
}

impl Omemo {
    /// Tells what an earlier run has told, or was about to, and nobody has seen.
    pub(super) fn tell_alarms(&mut self, step: &mut Step<'_>) {
        if !std::mem::replace(&mut self.publishing.alarms.are_told, true) {
            self.publishing.alarms.kept.iter().for_each(|alarm| tell(*alarm, step));
        }
    }

    /// Tells which devices of known people have another key than before about which nobody has decided: an earlier run has told it once, if it
    /// came so far.
    pub(super) fn tell_replaced(&self, is_known: impl Fn(&BareJid) -> bool, step: &mut Step<'_>) {
        let is_known = |jid: &BareJid| *jid == self.account || self.is_partner(jid) || is_known(jid);
        let pinned = |jid: &BareJid| sessions::pinned(&self.sessions, jid);
        for (jid, device) in self.people.replaced(is_known, pinned) {
            step.tell(Event::Notice(Notice::KeyReplaced { jid, device }));
        }
    }

    /// The person has seen that.
    pub(crate) fn alarm_seen(&mut self, alarm: Alarm, step: &mut Step<'_>) {
        self.publishing.alarms.seen(alarm, step);
    }

    /// The person has seen which devices are new.
    pub(crate) fn own_devices_seen(&mut self, step: &mut Step<'_>) {
        for alarm in self.publishing.alarms.kept.clone() {
            match alarm {
                Alarm::NewDevice(_) => self.publishing.alarms.seen(alarm, step),
                // It is not among the devices that this is to be seen.
                Alarm::KeysRenewed => {}
            }
        }
    }
}
