//! Messages that can't be read yet, kept as they came: those of a device whose key has changed, until a person has decided about the new
//! one, and those that cost too much at the moment (see `effort`). Nothing of them was read, so no state has changed, and they can be
//! read later as if they came then.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use causerie_model::{BareJid, Change, Direction, Held, LetGo, Mark, Unreadable};
use minidom::Element;
use sha2::{Digest, Sha256};

use super::Omemo;
use crate::archive::Place;
use crate::messages::origin_id;
use crate::step::Step;

/// How many are kept, and how many with one person; the oldest go first.
const MOST: usize = 200;
const MOST_OF_ONE: usize = 50;
/// How many of those with one person wait for their turn. What comes beyond is said to be altered, as most of it is.
const MOST_DELAYED: usize = 20;
/// How large one is at most, in bytes: an envelope for 80,000 characters and 100 devices.
const LARGEST: usize = 160_000;

/// What is kept, the oldest first.
pub(super) struct Holding(VecDeque<Waiting>);

struct Waiting {
    held: Held,
    until: Until,
}

/// Until when.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// A person has decided about a key of whoever wrote it.
    Decided,
    /// More can be done.
    Later,
    /// Now.
    Now,
}

impl Holding {
    /// What the last run left is tried once.
    pub(super) fn new(held: Vec<Held>) -> Self {
        Self(held.into_iter().map(|held| Waiting { held, until: Until::Now }).collect())
    }

    /// Whether one more with somebody may wait for its turn.
    pub(super) fn has_room(&self, peer: &BareJid) -> bool {
        let delayed = |waiting: &&Waiting| waiting.held.peer == *peer && waiting.until == Until::Later;
        self.0.iter().filter(delayed).count() < MOST_DELAYED
    }

    /// A person has decided about a key of theirs. What our own other devices have sent is with others.
    pub(super) fn decided(&mut self, jid: &BareJid, own: &BareJid) {
        let is_theirs = |held: &Held| match held.direction {
            Direction::Incoming => held.peer == *jid,
            Direction::Outgoing => own == jid,
        };
        let theirs = self.0.iter_mut().filter(|waiting| is_theirs(&waiting.held));
        theirs.for_each(|waiting| waiting.until = Until::Now);
    }

    fn has(&self, mark: Mark) -> bool {
        self.0.iter().any(|waiting| waiting.held.mark == mark)
    }

    /// Takes out the oldest with somebody, or with whom there are most, where there are too many: nobody pushes out what is of others.
    fn surplus(&mut self, peer: &BareJid) -> Option<Held> {
        let mut counts: BTreeMap<&BareJid, usize> = BTreeMap::new();
        self.0.iter().for_each(|waiting| *counts.entry(&waiting.held.peer).or_default() += 1);
        let whose = if counts.get(peer).is_some_and(|count| *count > MOST_OF_ONE) {
            peer.clone()
        } else if self.0.len() > MOST {
            counts.into_iter().max_by_key(|(_, count)| *count).map(|(jid, _)| jid.clone())?
        } else {
            return None;
        };
        let at = self.0.iter().position(|waiting| waiting.held.peer == whose)?;
        self.0.remove(at).map(|waiting| waiting.held)
    }
}

impl Omemo {
    /// A message could not be read for that reason, and there is a row that says so: it is kept if it may be read later.
    pub(crate) fn hold(
        &mut self,
        stanza: &Element,
        (peer, direction): (&BareJid, Direction),
        (place, why): (&Place, Unreadable),
        step: &mut Step<'_>,
    ) {
        let (Unreadable::KeyReplaced | Unreadable::Delayed) = why else { return };
        let (origin, archived) = (origin_id(stanza), place.stanza.clone());
        let mut bytes = Vec::new();
        // By one of these names its row is found again. A note to ourselves is found by neither.
        let is_named = origin.is_some() || archived.is_some();
        if !is_named || peer == step.own || stanza.write_to(&mut bytes).is_err() || bytes.len() > LARGEST {
            return;
        }
        let Ok(stanza) = String::from_utf8(bytes) else { return };
        let mark = mark(&[stanza.as_bytes()]);
        if self.holding.has(mark) {
            return;
        }
        let held = Held { mark, peer: peer.clone(), direction, origin, archived, at: place.at, stanza };
        step.record(Change::MessageHeld(held.clone()));
        self.hold_on(held, why);
        while let Some(surplus) = self.holding.surplus(peer) {
            self.let_go(surplus.mark, LetGo::Stays, step);
        }
    }

    /// It can't be read yet, again.
    pub(crate) fn hold_on(&mut self, held: Held, why: Unreadable) {
        let until = if why == Unreadable::Delayed { Until::Later } else { Until::Decided };
        self.holding.0.push_back(Waiting { held, until });
    }

    /// What became of one that was held.
    pub(crate) fn let_go(&mut self, mark: Mark, outcome: LetGo, step: &mut Step<'_>) {
        step.record(Change::HeldLetGo(mark, outcome));
    }

    /// Those that may be read by now, in the order in which they came.
    pub(crate) fn take_held(&mut self, step: &Step<'_>) -> Vec<Held> {
        if self.device().is_none() {
            return Vec::new();
        }
        let is_over = self.effort.is_over(step.now.elapsed);
        let is_due = |waiting: &Waiting| match waiting.until {
            Until::Now => true,
            Until::Later => is_over,
            Until::Decided => false,
        };
        if !self.holding.0.iter().any(is_due) {
            return Vec::new();
        }
        let (due, rest) = std::mem::take(&mut self.holding.0).into_iter().partition(is_due);
        self.holding.0 = rest;
        let due: VecDeque<Waiting> = due;
        due.into_iter().map(|waiting| waiting.held).collect()
    }

    /// When the next one may be read.
    pub(super) fn next_held(&self) -> Option<Duration> {
        let waits = self.holding.0.iter().any(|waiting| waiting.until == Until::Later);
        waits.then(|| self.effort.ends())
    }
}

/// Tells bytes from others.
pub(super) fn mark(parts: &[&[u8]]) -> Mark {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    let hash: [u8; 32] = hash.finalize().into();
    let mut mark = [0; 16];
    mark.copy_from_slice(&hash[..16]);
    Mark(mark)
}
