//! Devices of our own of which no key is known, when a person looks at them: they are asked for, although nothing is to be sent.

use std::time::Duration;

use causerie_model::SessionName;

use super::Omemo;
use super::sessions::Prospect;
use crate::step::Step;

/// What could not be had is not asked for again before so long.
const ASK_AGAIN: Duration = Duration::from_secs(60);

impl Omemo {
    /// Our own devices are looked at.
    pub(super) fn look_at_our_own(&mut self, step: &mut Step<'_>) {
        self.bundles.doubt(step.own, step.now.elapsed.saturating_sub(ASK_AGAIN));
        self.looks_at_our_own = true;
        self.ask_for_keyless(step);
    }

    /// Asks for the keys that are missing, a few at a time: each answer asks for the next.
    pub(super) fn ask_for_keyless(&mut self, step: &mut Step<'_>) {
        if !self.looks_at_our_own
            || !step.is_online()
            || self.device().is_none()
            || self.publishing.is_asked()
        {
            return;
        }
        let devices = self.people.devices(step.own).into_iter();
        let keyless = devices.filter(|(device, _)| {
            Some(*device) != self.device()
                && !self.publishing.is_unwanted(*device)
                && self.people.key_of(step.own, *device).is_none()
        });
        let names = keyless.filter_map(|(device, versions)| {
            let name = |version| SessionName { jid: step.own.clone(), device, version };
            versions.into_iter().map(name).find(|name| self.prospect(name) == Prospect::Possible)
        });
        let names: Vec<SessionName> = names.collect();
        self.looks_at_our_own = !names.is_empty();
        names.iter().for_each(|name| self.fetch_bundle(name, step));
    }
}
