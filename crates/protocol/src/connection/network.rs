//! What follows when the network may be another one, or when there is more reason to try again than before.
//!
//! What was being connected on the network before waits for answers that go to an address which is gone, for longer than anybody wants to
//! wait: it is begun anew. A try that has only just begun is on the new network already, since a change is told when all has settled. One
//! that was begun anew runs its course, so that a network that never settles, and a slow way out, still lead online.

use std::time::Duration;

use super::{Connection, State, Step, Transition};
use crate::{Effect, backoff};

/// While one waits, a network that comes and goes makes no more tries than one in this time.
const APART: Duration = Duration::from_secs(5);
/// A try that is older began on the network before.
const OUTDATED: Duration = Duration::from_secs(2);
/// Whoever writes does not wait for the next try, where the last one began so long ago.
const WRITTEN: Duration = Duration::from_secs(30);

impl Connection {
    /// The machine has other addresses than before.
    pub(super) fn network_changed(&mut self, step: &mut Step<'_>) -> Transition {
        self.management.moved(step.now);
        let is_outdated = self.last_try.is_some_and(|last| step.now.saturating_sub(last) >= OUTDATED);
        match &self.state {
            State::Connecting { .. } | State::Negotiating(_) if is_outdated && !self.is_anew => {
                self.backoff.reset();
                step.out.want(Effect::Abort);
                let transition = self.begin(step);
                self.is_anew = true;
                transition
            }
            _ => self.reconsider(step),
        }
    }

    /// The network, or the machine, may not be what it was.
    pub(super) fn reconsider(&mut self, step: &mut Step<'_>) -> Transition {
        match &self.state {
            State::Online(_) => self.doubt(step),
            State::Waiting { .. } if self.second_try.is_too_early(step.now) => Transition::None,
            State::Waiting { until, problem } => {
                let soonest = self.last_try.map_or(step.now, |last| (last + APART).max(step.now));
                if soonest == step.now {
                    return self.begin(step);
                }
                if soonest >= *until {
                    return Transition::None;
                }
                let problem = problem.clone();
                self.wait(soonest, problem, step)
            }
            State::Connecting { .. } | State::Negotiating(_) => {
                // Should this try fail for the old network's sake, the next one follows soon.
                self.backoff.reset();
                Transition::None
            }
            State::Offline | State::Leaving(_) | State::Stopped(_) => Transition::None,
        }
    }

    /// The person has written something. The waits after this try are as long as they would have been.
    pub(super) fn written(&mut self, step: &mut Step<'_>) -> Transition {
        let is_long_ago = self.last_try.is_some_and(|last| step.now.saturating_sub(last) >= WRITTEN);
        match &self.state {
            State::Waiting { problem, .. }
                if is_long_ago
                    && backoff::can_be_soon(problem)
                    && !self.second_try.is_too_early(step.now) =>
            {
                self.begin(step)
            }
            _ => Transition::None,
        }
    }
}
