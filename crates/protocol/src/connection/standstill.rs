//! What follows when the machine slept, or the program was stopped.

use super::{Connection, State, Step, Transition, liveness};
use crate::Effect;

impl Connection {
    /// Time has passed in which nothing could be noticed. What was being made is made anew, and a stream has to show soon that it is
    /// still there.
    pub(super) fn stood_still(&mut self, step: &mut Step<'_>) -> Transition {
        self.management.forbear(step.now);
        match &mut self.state {
            State::Online(online) => {
                self.backoff.reset();
                self.account.resumed(step.now);
                let ping = liveness::ping(self.credentials.jid.domain(), step.rng);
                online.liveness.stood_still(ping.attr("id").unwrap_or_default(), step.now);
                let said = step.out.0.len();
                step.out.send(ping);
                self.management.keep(said, step.out);
                Transition::None
            }
            State::Waiting { .. } if self.second_try.is_too_early(step.now) => Transition::None,
            State::Waiting { .. } => {
                self.backoff.reset();
                self.begin(step)
            }
            State::Connecting { .. } | State::Negotiating(_) => {
                self.backoff.reset();
                step.out.want(Effect::Abort);
                self.begin(step)
            }
            State::Offline | State::Leaving(_) | State::Stopped(_) => Transition::None,
        }
    }
}
