//! How much is kept of people whom nobody knows. What one address may make us keep is bounded elsewhere, and addresses cost nothing: so
//! all of them together are bounded here.
//!
//! A stranger is whoever is no contact, was never written to, and has no key about which a person has decided. Their messages stay
//! when they are forgotten; should they write again they need a new session, as with any program that lost its own.

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{BareJid, Change, OmemoVersion, Restored};

use super::Omemo;
use crate::step::Step;

/// How many sessions there are with strangers, all together. Who wrote last stays.
const MOST: usize = 2_000;
/// How many keys of messages that have not come are kept of a device of a stranger: 15 KB, 30 MB with [`MOST`].
pub(super) const MOST_SKIPPED: usize = 200;

/// Who may be a stranger, and when something was last encrypted by or for them.
#[derive(Default)]
pub(super) struct Strangers {
    /// To whom a person had written before this run.
    partners: BTreeSet<BareJid>,
    /// Whoever was not found to be known when it mattered last: their place in the order, and how many sessions there are with them.
    people: BTreeMap<BareJid, (Place, usize)>,
    order: BTreeMap<Place, BareJid>,
    sessions: usize,
    next: i64,
    before: i64,
}

/// The higher the later.
type Place = i64;

impl Strangers {
    pub(super) fn new(restored: &Restored) -> Self {
        let partners = restored.encryption.partners.iter().cloned().collect();
        let mut strangers = Self { partners, ..Self::default() };
        // The conversations that were active last come first.
        restored.conversations.iter().rev().for_each(|jid| strangers.used(jid, false));
        strangers
    }

    /// Whether a person had written to them before this run.
    pub(super) fn is_partner(&self, jid: &BareJid) -> bool {
        self.partners.contains(jid)
    }

    /// There is a session from an earlier run. Whose conversation is not known any more comes before all others.
    pub(super) fn restored(&mut self, jid: &BareJid) {
        if !self.people.contains_key(jid) {
            self.before -= 1;
            self.put(jid, self.before, 0);
        }
        if let Some((_, sessions)) = self.people.get_mut(jid) {
            *sessions += 1;
            self.sessions += 1;
        }
    }

    /// A session was used, or is new.
    pub(super) fn used(&mut self, jid: &BareJid, is_new: bool) {
        let sessions = self.take(jid).unwrap_or_default() + usize::from(is_new);
        self.next += 1;
        self.put(jid, self.next, sessions);
    }

    /// A session is gone.
    pub(super) fn lost(&mut self, jid: &BareJid) {
        if let Some((_, sessions)) = self.people.get_mut(jid).filter(|(_, sessions)| *sessions > 0) {
            *sessions -= 1;
            self.sessions -= 1;
        }
    }

    fn put(&mut self, jid: &BareJid, place: Place, sessions: usize) {
        self.people.insert(jid.clone(), (place, sessions));
        self.order.insert(place, jid.clone());
        self.sessions += sessions;
    }

    fn take(&mut self, jid: &BareJid) -> Option<usize> {
        let (place, sessions) = self.people.remove(jid)?;
        self.order.remove(&place);
        self.sessions -= sessions;
        Some(sessions)
    }

    /// Takes out whoever was used longest ago.
    fn oldest(&mut self) -> Option<(BareJid, usize)> {
        let jid = self.order.first_key_value()?.1.clone();
        let sessions = self.take(&jid)?;
        Some((jid, sessions))
    }
}

impl Omemo {
    /// Whether a person had written to them before this run.
    pub(crate) fn is_partner(&self, jid: &BareJid) -> bool {
        self.strangers.is_partner(jid)
    }

    /// Whether that is somebody with devices that encrypt, or was.
    pub(crate) fn has_devices(&self, jid: &BareJid) -> bool {
        OmemoVersion::ALL.into_iter().any(|version| self.people.had(jid, version))
    }

    /// Forgets the strangers who wrote longest ago, if there are too many sessions with strangers.
    pub(crate) fn keep_strangers_few(&mut self, is_known: impl Fn(&BareJid) -> bool, step: &mut Step<'_>) {
        if self.strangers.sessions <= MOST {
            return;
        }
        let Self { strangers, people, account, .. } = self;
        let known = |jid: &&BareJid| {
            *jid == account
                || is_known(jid)
                || strangers.partners.contains(*jid)
                || people.is_decided_about(jid)
        };
        // They are counted again when they use a session that is new.
        let known: Vec<BareJid> = strangers.people.keys().filter(known).cloned().collect();
        for jid in &known {
            self.strangers.take(jid);
        }
        while self.strangers.sessions > MOST {
            let Some((jid, sessions)) = self.strangers.oldest() else { return };
            if sessions > 0 {
                self.sessions.retain(|name, _| name.jid != jid);
                self.turns.keep(|name| name.jid != jid);
                self.people.forget_stranger(&jid);
                step.record(Change::StrangerForgotten(jid));
            }
        }
    }
}

#[cfg(test)]
mod tests;
