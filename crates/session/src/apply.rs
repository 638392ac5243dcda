//! The order of things: first what is to be kept is on the disk, then it is sent, then the app is told.

use std::time::Duration;

use causerie_model::{Change, Event, Notice, Problem};
use causerie_protocol::{Effect, Effects};

use crate::actor::{Actor, Mind};
use crate::handle::Order;
use crate::ledger::Ledger;

/// Between two attempts to write to a disk that is full or gone.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Whether more may be read before these effects are applied: nothing among them changes what is read.
pub(crate) fn can_wait(effects: &Effects) -> bool {
    let calm = |effect: &Effect| {
        matches!(effect, Effect::Record(_) | Effect::Send(_) | Effect::Tell(_) | Effect::WakeAt(_))
    };
    effects.0.iter().all(calm)
}

impl<L: Ledger, M: Mind> Actor<'_, L, M> {
    /// Applies the effects of several inputs, all changes in one transaction.
    ///
    /// # Errors
    ///
    /// What can't be kept, now or ever. Nothing of the batch was sent or told then, and the brain believes in what isn't so: it
    /// must be given up, and another one must start from what the ledger has.
    pub(crate) async fn apply(&mut self, mut batch: Vec<Effects>) -> Result<(), Problem> {
        let changes = take_changes(&mut batch);
        let events = match changes.iter().all(Vec::is_empty) {
            true => Vec::new(),
            false => match self.keep(&changes.concat()).await {
                Ok(events) => {
                    tracing::trace!(target: "causerie_session::way::ledger", "");
                    events
                }
                Err(problem) => {
                    self.keep_what_came_before(&changes).await;
                    self.teller.tell(Event::Notice(Notice::NotStored(problem.clone())));
                    return Err(problem);
                }
            },
        };
        self.act(batch.into_iter().flat_map(|effects| effects.0), events);
        Ok(())
    }

    /// One change among several is at fault. What came before it has been taken from the server, or asked for by the person. What came
    /// after it was thought in the belief that it is kept: a roster's version without the entry before, or a session that is past a
    /// message which is nowhere. None of that is kept.
    async fn keep_what_came_before(&self, changes: &[Vec<Change>]) {
        for changes in changes.iter().filter(|changes| !changes.is_empty()) {
            let Ok(events) = self.ledger.commit(self.config.account, changes).await else { return };
            events.into_iter().for_each(|event| self.teller.tell(event));
        }
    }

    /// Commits. A disk that is full, read-only or failing is tried again until it works; nothing else happens meanwhile, so that
    /// nothing is taken from the server that can't be kept.
    async fn keep(&mut self, changes: &[Change]) -> Result<Vec<Event>, Problem> {
        let mut pause = FIRST_PAUSE;
        let mut told = None;
        loop {
            let problem = match self.ledger.commit(self.config.account, changes).await {
                Ok(events) => return Ok(events),
                Err(problem) => problem,
            };
            tracing::error!(?problem, changes = changes.len(), "the ledger refuses");
            if !is_passing(&problem) || self.memory.is_quitting() {
                return Err(problem);
            }
            if told.as_ref() != Some(&problem) {
                self.teller.tell(Event::Notice(Notice::NotStored(problem.clone())));
                told = Some(problem);
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                // Whoever asks for something may have made room.
                order = self.memory.orders.recv() => self.memory.waiting.push_back(order.unwrap_or(Order::Quit)),
            }
        }
    }

    fn act(&mut self, effects: impl IntoIterator<Item = Effect>, events: Vec<Event>) {
        let mut told = events;
        for effect in effects {
            match effect {
                Effect::Tell(event) => {
                    self.memory.hear(&event);
                    told.push(event);
                }
                effect => self.want(effect),
            }
        }
        if !told.is_empty() {
            told.into_iter().for_each(|event| self.teller.tell(event));
            tracing::trace!(target: "causerie_session::way::app", "");
        }
    }
}

/// Takes the changes out of each input's effects.
fn take_changes(batch: &mut [Effects]) -> Vec<Vec<Change>> {
    let take = |effects: &mut Effects| {
        let mut changes = Vec::new();
        let mut rest = Vec::new();
        for effect in std::mem::take(&mut effects.0) {
            match effect {
                Effect::Record(change) => changes.push(change),
                effect => rest.push(effect),
            }
        }
        effects.0 = rest;
        changes
    };
    batch.iter_mut().map(take).collect()
}

/// Whether a person may mend it while the program runs.
fn is_passing(problem: &Problem) -> bool {
    matches!(problem, Problem::DiskFull | Problem::DiskReadOnly | Problem::DiskFailed)
}
