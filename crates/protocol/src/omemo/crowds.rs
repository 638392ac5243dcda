//! How many sessions there are with one address: whoever owns it can name ever other devices, and list them for a while.

use std::collections::BTreeMap;

use causerie_model::{Change, SessionName};
use causerie_omemo::Record;

use super::{Omemo, sessions};
use crate::step::Step;

/// How many sessions there are with the devices of one address, before a device has to be on its list to begin another. Of those beyond, only
/// sessions with devices that are listed are kept, of which there are so many at most.
const MOST_SESSIONS: usize = 64;

/// In which order sessions were used last.
#[derive(Default)]
pub(super) struct Turns {
    last: BTreeMap<SessionName, u64>,
    next: u64,
}

impl Turns {
    pub(super) fn used(&mut self, name: &SessionName) {
        self.next += 1;
        self.last.insert(name.clone(), self.next);
    }

    fn of(&self, name: &SessionName) -> u64 {
        self.last.get(name).copied().unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.last.len()
    }

    /// Of those that are there still.
    pub(super) fn keep(&mut self, is_there: impl Fn(&SessionName) -> bool) {
        self.last.retain(|name, _| is_there(name));
    }
}

impl Omemo {
    /// Keeps the new state of a session.
    pub(super) fn keep_session(&mut self, name: SessionName, record: Record, step: &mut Step<'_>) {
        if let Some(open) = self.open() {
            let sealed = open.vault.seal(&sessions::seal_name(step.own, &name), &record.encode(), step.rng);
            step.record(Change::SessionSet { with: name.clone(), sealed });
        }
        let jid = name.jid.clone();
        self.turns.used(&name);
        self.bundles.end_begun(&name);
        let is_new = self.sessions.insert(name.clone(), record).is_none();
        self.strangers.used(&jid, is_new);
        if is_new {
            self.keep_crowd_small(&name, step);
        }
    }

    /// Whether somebody has sessions enough, and this device is on no list of theirs.
    pub(super) fn is_crowded(&self, name: &SessionName) -> bool {
        let of_them = self.sessions.keys().filter(|other| other.jid == name.jid);
        of_them.count() >= MOST_SESSIONS && !self.people.lists(&name.jid, name.version, name.device)
    }

    /// There is another session with somebody. Those with devices that are on no list of theirs any more go, if there are too many, the one
    /// first that was used longest ago.
    pub(super) fn keep_crowd_small(&mut self, newest: &SessionName, step: &mut Step<'_>) {
        let of_them = || self.sessions.keys().filter(|name| name.jid == newest.jid);
        let surplus = of_them().count().saturating_sub(MOST_SESSIONS);
        if surplus == 0 {
            return;
        }
        let may_go =
            |name: &&SessionName| *name != newest && !self.people.lists(&name.jid, name.version, name.device);
        let mut going: Vec<SessionName> = of_them().filter(may_go).cloned().collect();
        going.sort_by_key(|name| self.turns.of(name));
        for name in going.into_iter().take(surplus) {
            self.sessions.remove(&name);
            self.strangers.lost(&name.jid);
            step.record(Change::SessionForgotten(name));
        }
        self.turns.keep(|name| self.sessions.contains_key(name));
    }
}
