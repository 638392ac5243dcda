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

/// What became of changes.
enum Kept {
    /// They are on the disk.
    All(Vec<Event>),
    /// They are not and never will be.
    Nothing(Problem),
}

/// Whether more may be read before these effects are applied: nothing among them changes what is read.
pub(crate) fn can_wait(effects: &Effects) -> bool {
    let calm = |effect: &Effect| {
        matches!(effect, Effect::Record(_) | Effect::Send(_) | Effect::Tell(_) | Effect::WakeAt(_))
    };
    effects.0.iter().all(calm)
}

impl<L: Ledger, M: Mind> Actor<'_, L, M> {
    /// Applies the effects of several inputs, all changes in one transaction.
    pub(crate) async fn apply(&mut self, mut batch: Vec<Effects>) {
        let changes = take_changes(&mut batch);
        if changes.iter().all(Vec::is_empty) {
            return self.act(batch.into_iter().flat_map(|effects| effects.0), Vec::new());
        }
        match self.keep(&changes.concat()).await {
            Kept::All(events) => self.act(batch.into_iter().flat_map(|effects| effects.0), events),
            // One change among them is at fault: only what belongs to it is lost.
            Kept::Nothing(_) if batch.len() > 1 && !self.is_quitting() => {
                for (effects, changes) in batch.into_iter().zip(changes) {
                    self.apply_one(effects, &changes).await;
                }
            }
            Kept::Nothing(problem) => {
                self.act_unkept(batch.into_iter().flat_map(|effects| effects.0), problem);
            }
        }
    }

    async fn apply_one(&mut self, effects: Effects, changes: &[Change]) {
        match self.keep(changes).await {
            Kept::All(events) => self.act(effects.0, events),
            Kept::Nothing(problem) => self.act_unkept(effects.0, problem),
        }
    }

    /// Commits. A disk that is full, read-only or failing is tried again until it works; nothing else happens meanwhile, so that
    /// nothing is taken from the server that can't be kept.
    async fn keep(&mut self, changes: &[Change]) -> Kept {
        let mut pause = FIRST_PAUSE;
        let mut told = None;
        loop {
            let problem = match self.ledger.commit(self.config.account, changes).await {
                Ok(events) => return Kept::All(events),
                Err(problem) => problem,
            };
            tracing::error!(?problem, changes = changes.len(), "the ledger refuses");
            if !is_passing(&problem) || self.is_quitting() {
                return Kept::Nothing(problem);
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
                Effect::Tell(event) => told.push(event),
                effect => self.want(effect),
            }
        }
        told.into_iter().for_each(|event| self.teller.tell(event));
    }

    /// Nothing is sent or told that isn't kept; but the connection and the brain's clock go on.
    fn act_unkept(&mut self, effects: impl IntoIterator<Item = Effect>, problem: Problem) {
        self.teller.tell(Event::Notice(Notice::NotStored(problem)));
        let go_on = |effect: &Effect| !matches!(effect, Effect::Send(_) | Effect::Tell(_));
        let effects: Vec<_> = effects.into_iter().filter(go_on).collect();
        self.act(effects, Vec::new());
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
