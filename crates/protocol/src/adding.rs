//! Adding many contacts, one after the other: each as one that a person adds (RFC 6121 §2.3, §3.1), at a pace that no server minds.

use std::collections::VecDeque;
use std::time::Duration;

use causerie_model::{BareJid, Event, NewContact, Problem};

use crate::roster::Roster;
use crate::step::Step;
use crate::subscription::Shown;

/// The time between two.
const PACE: Duration = Duration::from_secs(1);
/// The most that wait.
const MOST: usize = 5_000;

/// Those who are to be added.
#[derive(Debug, Default)]
pub(crate) struct Adding {
    waiting: VecDeque<Wanted>,
    /// The one whose answer is awaited.
    current: Option<Wanted>,
    done: u32,
    failed: u32,
    /// The next one is not asked before.
    next: Duration,
    is_ready: bool,
}

#[derive(Clone, Debug)]
struct Wanted {
    contact: NewContact,
    moved_from: Option<BareJid>,
}

impl Adding {
    /// The person wants them.
    pub(crate) fn add(
        &mut self,
        contacts: Vec<NewContact>,
        moved_from: Option<&BareJid>,
        step: &mut Step<'_>,
    ) {
        if self.is_over() {
            (self.done, self.failed) = (0, 0);
        }
        for contact in contacts {
            if self.waiting.len() >= MOST {
                step.not_added(contact.jid, Problem::OverLimits);
                self.failed = self.failed.saturating_add(1);
            } else {
                self.waiting.push_back(Wanted { contact, moved_from: moved_from.cloned() });
            }
        }
        self.tell(step);
    }

    /// The person wants none of them any more. The one that was asked already is.
    pub(crate) fn stop(&mut self, step: &mut Step<'_>) {
        if !self.is_over() {
            self.waiting.clear();
            self.tell(step);
        }
    }

    /// The roster is known: who is on it can be told.
    pub(crate) fn ready(&mut self) {
        self.is_ready = true;
    }

    /// We went offline.
    pub(crate) fn pause(&mut self) {
        self.is_ready = false;
    }

    /// Adds the next one when it is time.
    pub(crate) fn due(&mut self, roster: &Roster, step: &mut Step<'_>) {
        if !self.is_ready || !step.is_online() || self.current.is_some() || self.next > step.now.elapsed {
            return;
        }
        let mut passed = false;
        while let Some(wanted) = self.waiting.pop_front() {
            let jid = &wanted.contact.jid;
            if jid == step.own || roster.subscription(jid).sees_them() {
                self.done = self.done.saturating_add(1);
                passed = true;
                continue;
            }
            let NewContact { jid, name, groups } = wanted.contact.clone();
            let shown = Shown { preauth: None, moved_from: wanted.moved_from.clone() };
            self.next = step.now.elapsed.saturating_add(PACE);
            self.current = Some(wanted);
            roster.add(jid, name.as_deref(), &groups, shown, step);
            break;
        }
        if passed || self.current.is_some() {
            self.tell(step);
        }
    }

    /// The server has answered for somebody. Whether the person need not hear of the problem, because it will be tried again.
    pub(crate) fn answered(&mut self, jid: &BareJid, problem: Option<&Problem>, step: &mut Step<'_>) -> bool {
        let Some(current) = self.current.take_if(|current| current.contact.jid == *jid) else { return false };
        let is_tried_again = problem == Some(&Problem::ConnectionLost);
        match problem {
            Some(_) if is_tried_again => self.waiting.push_front(current),
            Some(_) => self.failed = self.failed.saturating_add(1),
            None => self.done = self.done.saturating_add(1),
        }
        self.tell(step);
        is_tried_again
    }

    /// When the next one is due.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        (self.is_ready && self.current.is_none() && !self.waiting.is_empty()).then_some(self.next)
    }

    fn is_over(&self) -> bool {
        self.waiting.is_empty() && self.current.is_none()
    }

    fn tell(&self, step: &mut Step<'_>) {
        let waiting = self.waiting.len() + usize::from(self.current.is_some());
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        step.tell(Event::AddingContacts { done: self.done, failed: self.failed, waiting });
    }
}
