//! What time it is by the server.

use causerie_model::Timestamp;

use super::Features;
use crate::step::Step;
use crate::time;

impl Features {
    /// What time it is by the server, where it has just said so.
    pub(crate) fn take_server_time(&mut self) -> Option<Timestamp> {
        self.server_time.take()
    }

    /// Asks it, where our clock can hardly be right.
    pub(super) fn ask_time(&mut self, step: &mut Step<'_>) {
        if step.is_online()
            && step.passed.is_doubtful(step.now)
            && !std::mem::replace(&mut self.time_asked, true)
        {
            time::ask(step);
        }
    }
}
