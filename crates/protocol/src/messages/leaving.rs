//! What the ledger has of whether a message has left, by which the next run knows what it need not look for.
//!
//! That a message waits is noted in the step in which it was written, so in one commit with it; that it goes out in the step in which it does,
//! which is committed before anything of that is sent. What goes out as soon as it was written is not noted: so whatever has no note may have
//! left, and whatever has one has not. In a state of the ledger that is older than the last one, though, notes are there that do not hold any
//! more: where that is known, all is looked for.

use causerie_model::{Change, Left};

use super::{Messages, Outgoing, Pace, Progress};
use crate::step::Step;

/// What the ledger has of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trace {
    /// That it was written, in this step.
    None,
    /// That it waits.
    Waits,
    /// That it waits, since an earlier run.
    WaitedBefore,
    /// That it may have left.
    Leaves,
}

impl Trace {
    /// Of one that the last run left.
    pub(super) fn restored(left: Left) -> Self {
        match left {
            Left::Never => Self::WaitedBefore,
            Left::Unknown | Left::Sealed | Left::Clear => Self::Leaves,
        }
    }
}

impl Outgoing {
    /// It goes out.
    pub(super) fn leaves(&mut self, step: &mut Step<'_>) {
        let before = std::mem::replace(&mut self.trace, Trace::Leaves);
        if matches!(before, Trace::Waits | Trace::WaitedBefore) {
            let (peer, id) = (self.peer.clone(), self.id.clone());
            step.record(Change::MessageLeaves { peer, id });
        }
    }
}

impl Messages {
    /// What was written in this step and has not gone out waits.
    pub(super) fn note_waiting(&mut self, step: &mut Step<'_>) {
        let is_new = |message: &&mut Outgoing| message.trace == Trace::None;
        for message in self.outbox.iter_mut().filter(is_new) {
            message.trace = Trace::Waits;
            let (peer, id) = (message.peer.clone(), message.id.clone());
            step.record(Change::MessageWaits { peer, id });
        }
    }

    /// The ledger is older than what this device did last: what waits in it may have left. That is noted: the next run is not told how old it is.
    pub(crate) fn doubt_ledger(&mut self, step: &mut Step<'_>) {
        let is_old = |message: &&mut Outgoing| {
            message.trace == Trace::WaitedBefore && message.progress == Progress::Waiting
        };
        for message in self.outbox.iter_mut().filter(is_old) {
            message.uncertain = true;
            message.leaves(step);
        }
        if self.outbox.iter().any(|message| message.uncertain) {
            self.pace = Pace::Careful;
        }
    }
}
