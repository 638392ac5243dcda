//! Beginning anew with all devices of somebody, because the person wants it; and saying how that goes on.

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{BareJid, Event, Repair, SessionName};

use super::Omemo;
use super::sessions::Purpose;
use crate::step::Step;

/// With whom everything is begun anew.
#[derive(Default)]
pub(super) struct Repairs {
    /// As soon as we are online.
    wished: BTreeSet<BareJid>,
    /// Now.
    begun: BTreeMap<BareJid, Begun>,
}

struct Begun {
    /// Devices whose keys are to come first.
    open: BTreeSet<SessionName>,
    /// Whether there is a new session with any of the others.
    outcome: Outcome,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// There is a new session.
    Begun,
    /// There is none.
    Failed,
}

impl Omemo {
    /// The person wants to begin anew with all devices of somebody.
    pub(crate) fn repair(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        if !self.can_repair(step) {
            self.repairs.wished.insert(jid.clone());
            tell(jid, Repair::Waiting, step);
            return;
        }
        self.repairs.wished.remove(jid);
        self.bundles.try_again(jid);
        let own = self.device().filter(|_| jid == step.own);
        let devices = self.people.devices(jid).into_iter().filter(|(device, _)| Some(*device) != own);
        let name = |(device, versions): (_, Vec<_>)| {
            let version = *versions.first()?;
            Some(SessionName { jid: jid.clone(), device, version })
        };
        let open: BTreeSet<SessionName> = devices.filter_map(name).collect();
        if open.is_empty() {
            tell(jid, Repair::Failed, step);
            return;
        }
        self.repairs.begun.insert(jid.clone(), Begun { open, outcome: Outcome::Failed });
        tell(jid, Repair::Begun, step);
        self.go_on_repairing(None, step);
    }

    fn can_repair(&self, step: &Step<'_>) -> bool {
        step.is_online() && self.device().is_some() && !self.is_copied() && !self.publishing.is_asked()
    }

    /// Does what the person wanted while it could not be done.
    pub(super) fn repair_as_wished(&mut self, step: &mut Step<'_>) {
        if self.can_repair(step) {
            for jid in std::mem::take(&mut self.repairs.wished) {
                self.repair(&jid, step);
            }
        }
    }

    /// What was begun and is not done is wished once more: no answer to what was asked for it counts.
    pub(super) fn begin_repairs_anew(&mut self, step: &mut Step<'_>) {
        for jid in std::mem::take(&mut self.repairs.begun).into_keys() {
            tell(&jid, Repair::Waiting, step);
            self.repairs.wished.insert(jid);
        }
    }

    /// The keys of a device came, or not: the next ones are asked for, as there are only so many questions at a time.
    pub(super) fn go_on_repairing(&mut self, answered: Option<(&SessionName, Outcome)>, step: &mut Step<'_>) {
        if !step.is_online() {
            // What is not done yet is done by the next connection.
            return self.begin_repairs_anew(step);
        }
        if let Some((name, outcome)) = answered
            && let Some(begun) = self.repairs.begun.get_mut(&name.jid)
            && begun.open.remove(name)
            && outcome == Outcome::Begun
        {
            begun.outcome = outcome;
        }
        let over = self.repairs.begun.extract_if(.., |_, begun| begun.open.is_empty());
        for (jid, begun) in over.collect::<Vec<_>>() {
            let repair = if begun.outcome == Outcome::Begun { Repair::Done } else { Repair::Failed };
            tell(&jid, repair, step);
        }
        let open: Vec<SessionName> =
            self.repairs.begun.values().flat_map(|begun| &begun.open).cloned().collect();
        open.iter().for_each(|name| self.fetch(name, Purpose::Repair, step));
    }
}

fn tell(jid: &BareJid, repair: Repair, step: &mut Step<'_>) {
    step.tell(Event::RepairChanged { jid: jid.clone(), repair });
}
