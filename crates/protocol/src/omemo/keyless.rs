//! Devices of which no key is known, when a person looks at them: they are asked for, although nothing is to be sent. A key that comes so is
//! trusted as one that comes with a first message: to be looked at decides nothing. No session is begun with it, as what a bundle offers is
//! there for a while only: that is done right before something is sent, with a new bundle.
//!
//! | whose | until |
//! |---|---|
//! | our own | each was asked for |
//! | somebody else's | nobody looks any more, or [`MOST_ASKED`] bundles were asked for: who owns a list can change it again and again |

use std::time::Duration;

use causerie_model::{BareJid, SessionName};

use super::Omemo;
use super::sessions::{Prospect, Purpose};
use super::wire::MOST_DEVICES;
use crate::step::Step;

/// What could not be had is not asked for again before so long.
const ASK_AGAIN: Duration = Duration::from_secs(60);
/// How many bundles of somebody else are asked for each time that a person begins to look: enough for each device, in both versions.
const MOST_ASKED: usize = 2 * MOST_DEVICES;

/// Somebody whose devices a person looks at.
pub(super) struct Looked {
    jid: BareJid,
    /// How many bundles may still be asked for.
    left: usize,
}

impl Omemo {
    /// Our own devices are looked at.
    pub(super) fn look_at_our_own(&mut self, step: &mut Step<'_>) {
        self.bundles.doubt(step.own, step.now.elapsed.saturating_sub(ASK_AGAIN));
        self.looks_at_our_own = true;
        self.ask_for_keyless(step);
    }

    /// The devices of somebody else are looked at, or nobody's any more.
    pub(crate) fn look_at(&mut self, jid: Option<&BareJid>, step: &mut Step<'_>) {
        let others = jid.filter(|jid| *jid != step.own);
        self.looks_at = others.map(|jid| Looked { jid: jid.clone(), left: MOST_ASKED });
        self.ask_for_keyless_of_other(step);
    }

    /// Asks for the keys that are missing, a few at a time: each answer asks for the next.
    pub(super) fn ask_for_keyless(&mut self, step: &mut Step<'_>) {
        self.ask_for_keyless_of_other(step);
        if !self.looks_at_our_own || !self.can_ask(step) {
            return;
        }
        let names = self.keyless(step.own);
        self.looks_at_our_own = !names.is_empty();
        names.iter().for_each(|name| self.fetch(name, Purpose::Looking, step));
    }

    /// The same of whoever else is looked at. With keys that are to be others nothing is begun.
    pub(super) fn ask_for_keyless_of_other(&mut self, step: &mut Step<'_>) {
        if !self.can_ask(step) || self.is_copied() {
            return;
        }
        let Some(mut looked) = self.looks_at.take() else { return };
        // On a new connection it may have to be asked first which devices there are.
        if self.people.devices(&looked.jid).is_empty() {
            self.people.look_up(&looked.jid, step);
        }
        for name in self.keyless(&looked.jid) {
            if looked.left > 0 && !self.bundles.is_on_its_way(&name) {
                self.fetch(&name, Purpose::Looking, step);
                looked.left -= usize::from(self.bundles.is_on_its_way(&name));
            }
        }
        self.looks_at = Some(looked);
    }

    fn can_ask(&self, step: &Step<'_>) -> bool {
        step.is_online() && self.device().is_some() && !self.publishing.is_asked()
    }

    /// What can be asked for to learn the keys of somebody's devices that have shown none.
    fn keyless(&self, jid: &BareJid) -> Vec<SessionName> {
        let is_ours = *jid == self.account;
        let devices = self.people.devices(jid).into_iter();
        let keyless = devices.filter(|(device, _)| {
            !(is_ours && (Some(*device) == self.device() || self.publishing.is_unwanted(*device)))
                && self.people.key_of(jid, *device).is_none()
        });
        let names = keyless.filter_map(|(device, versions)| {
            let name = |version| SessionName { jid: jid.clone(), device, version };
            let is_open = |name: &SessionName| {
                self.prospect(name) == Prospect::Possible && !self.bundles.was_seen(name)
            };
            versions.into_iter().map(name).find(is_open)
        });
        names.collect()
    }
}
