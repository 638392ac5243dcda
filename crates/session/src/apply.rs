//! The order of things: first what is to be kept is on the disk, then it is sent, then the app is told.

use std::time::Duration;

use causerie_model::{Change, Command, Event, Notice, Problem, Storage};
use causerie_protocol::{Effect, Effects, Input};

use crate::actor::{Actor, Mind};
use crate::handle::Order;
use crate::ledger::Ledger;
use crate::{together, unkept};

/// Between two attempts to write to a disk that is full or gone.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What the brain made of one input.
#[derive(Debug)]
pub(crate) struct Thought {
    /// What a person had asked for, where another brain has to be asked once more should this one be given up.
    pub(crate) asked: Option<Order>,
    pub(crate) effects: Effects,
}

impl Thought {
    /// Whether more may be read before these effects are applied: nothing among them changes what is read.
    pub(crate) fn can_wait(&self) -> bool {
        let calm = |effect: &Effect| {
            matches!(effect, Effect::Record(_) | Effect::Send(_) | Effect::Tell(_) | Effect::WakeAt(_))
        };
        self.effects.0.iter().all(calm)
    }
}

/// The order of an input, unless another brain gets it anyway. That to quit comes after what was asked for before it.
pub(crate) fn asked_again(input: &Input) -> Option<Order> {
    match input {
        Input::Command(
            Command::Connect
            | Command::SetPassword(_)
            | Command::SetFastToken(_)
            | Command::SetClientState(_)
            | Command::OpenVault(_),
        ) => None,
        Input::Command(command) => Some(Order::Do(command.clone())),
        Input::Quit => Some(Order::Quit),
        _ => None,
    }
}

impl<L: Ledger, M: Mind> Actor<'_, L, M> {
    /// Applies the effects of several inputs, all changes in one transaction.
    ///
    /// # Errors
    ///
    /// What can't be kept, now or ever. Nothing of the batch was sent or told then, and the brain believes in what isn't so: it
    /// must be given up, and another one must start from what the ledger has. What the person has asked for and nothing came of waits for
    /// it then, but for what was at fault.
    pub(crate) async fn apply(&mut self, mut batch: Vec<Thought>) -> Result<(), Problem> {
        let changes = take_changes(&mut batch);
        let events = match changes.iter().all(Vec::is_empty) {
            true => Vec::new(),
            false => match self.keep(&together::in_one(&changes)).await {
                Ok(events) => {
                    tracing::trace!(target: "causerie_session::way::ledger", "");
                    events
                }
                Err(problem) => {
                    let fault = self.keep_what_came_before(&changes).await;
                    self.ask_again(batch, &changes, fault);
                    self.teller.tell(Event::Notice(Notice::NotStored(problem.clone())));
                    return Err(problem);
                }
            },
        };
        // What only the ledger can know the brain thinks of next.
        self.inputs.extend(events.iter().filter_map(|event| match event {
            Event::CopySeen(device) => Some(Input::CopySeen(*device)),
            _ => None,
        }));
        self.act(batch.into_iter().flat_map(|thought| thought.effects.0), events);
        Ok(())
    }

    /// One change among several is at fault. What came before it has been taken from the server, or asked for by the person. What came
    /// after it was thought in the belief that it is kept: a roster's version without the entry before, or a session that is past a
    /// message which is nowhere. None of that is kept. Gives which it is.
    async fn keep_what_came_before(&self, changes: &[Vec<Change>]) -> Option<Fault> {
        for (place, changes) in changes.iter().enumerate().filter(|(_, changes)| !changes.is_empty()) {
            match self.ledger.commit(self.config.account, changes).await {
                Ok(events) => events.into_iter().for_each(|event| self.teller.tell(event)),
                Err(problem) => return Some(Fault { place, is_passing: is_passing(&problem) }),
            }
        }
        None
    }

    /// What was asked for and left nothing in the ledger has not been done: another brain does it, before what was asked for since.
    fn ask_again(&mut self, batch: Vec<Thought>, changes: &[Vec<Change>], fault: Option<Fault>) {
        let is_undone = |place: usize| match &fault {
            Some(fault) if place == fault.place => fault.is_passing,
            Some(fault) if place > fault.place => true,
            _ => changes.get(place).is_none_or(Vec::is_empty),
        };
        let thoughts = batch.into_iter().enumerate().filter(|(place, _)| is_undone(*place));
        for order in thoughts.filter_map(|(_, thought)| thought.asked).rev() {
            // It is followed again when its turn comes.
            self.memory.quitting &= !matches!(order, Order::Quit);
            self.memory.waiting.push_front(order);
        }
    }

    /// Commits. A disk that is full, read-only or failing is tried again until it works; nothing else happens meanwhile, so that
    /// nothing is taken from the server that can't be kept. Meanwhile the person is told why, and what of theirs waits.
    async fn keep(&mut self, changes: &[Change]) -> Result<Vec<Event>, Problem> {
        let mut pause = FIRST_PAUSE;
        let mut told = Storage::Working;
        loop {
            let kept = self.ledger.commit(self.config.account, changes).await;
            let problem = match &kept {
                Err(problem) if is_passing(problem) && !self.memory.is_quitting() => problem.clone(),
                _ => {
                    if let Err(problem) = &kept {
                        tracing::error!(?problem, changes = changes.len(), "the ledger refuses");
                    }
                    if told != Storage::Working {
                        self.teller.tell(Event::StorageChanged(Storage::Working));
                    }
                    return kept;
                }
            };
            tracing::error!(?problem, changes = changes.len(), "the ledger refuses for now");
            let storage = unkept::failing(problem, changes, &self.memory.waiting);
            if told != storage {
                self.teller.tell(Event::StorageChanged(storage.clone()));
                told = storage;
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

/// The first of several changes that the ledger refuses.
struct Fault {
    place: usize,
    /// It is no fault of the change.
    is_passing: bool,
}

/// Takes the changes out of each input's effects.
fn take_changes(batch: &mut [Thought]) -> Vec<Vec<Change>> {
    let take = |Thought { effects, .. }: &mut Thought| {
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
pub(crate) fn is_passing(problem: &Problem) -> bool {
    matches!(problem, Problem::DiskFull | Problem::DiskReadOnly | Problem::DiskFailed)
}
