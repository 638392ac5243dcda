//! Answers that are due and could not be sent: to what was read offline, or came from a stranger whom a person accepts later. Without one the
//! other side's device goes on to send key exchanges, and its ratchet does not turn.

use std::collections::BTreeMap;

use causerie_model::{BareJid, SessionName};

use super::{Omemo, Terms};
use crate::step::Step;

/// How many are remembered, of strangers and of all others.
const MOST_OF_STRANGERS: usize = 500;
const MOST_OF_OTHERS: usize = 1000;
/// How many are sent at once.
const MOST_AT_ONCE: usize = 50;

/// To which devices answers are due, in this run.
#[derive(Default)]
pub(super) struct Answers(BTreeMap<SessionName, Terms>);

impl Answers {
    /// That device has heard from us, or is nobody's any more.
    pub(super) fn done(&mut self, name: &SessionName) {
        self.0.remove(name);
    }

    /// None is due any more.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

impl Omemo {
    /// Answers what a device has sent with something empty, or remembers to.
    pub(super) fn answer(&mut self, name: &SessionName, terms: Terms, step: &mut Step<'_>) {
        if terms == Terms::Known && step.is_online() && !self.is_copied() {
            return self.send_empty(name, step);
        }
        let most = match terms {
            Terms::Stranger => MOST_OF_STRANGERS,
            Terms::Known => MOST_OF_OTHERS,
        };
        let are_too_many =
            |answers: &Answers| answers.0.values().filter(|other| **other == terms).count() >= most;
        if are_too_many(&self.answers) {
            self.answers.0.retain(|name, _| self.sessions.contains_key(name));
        }
        if !are_too_many(&self.answers) {
            self.answers.0.insert(name.clone(), terms);
        }
    }

    /// Sends the answers that are due to those who may hear that we are here.
    pub(crate) fn answer_owed(&mut self, is_known: impl Fn(&BareJid) -> bool, step: &mut Step<'_>) {
        if self.answers.0.is_empty()
            || !step.is_online()
            || self.is_copied()
            || self.device().is_none()
            || self.publishing.is_asked()
            || self.is_settling()
        {
            return;
        }
        let may_hear =
            |name: &SessionName| name.jid == *step.own || self.is_partner(&name.jid) || is_known(&name.jid);
        let due: Vec<SessionName> =
            self.answers.0.keys().filter(|name| may_hear(name)).take(MOST_AT_ONCE).cloned().collect();
        for name in due {
            self.answers.done(&name);
            if self.sessions.contains_key(&name) {
                self.send_empty(&name, step);
            }
        }
    }
}
