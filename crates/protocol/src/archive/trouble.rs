//! Pages that do not come.

use std::time::Duration;

use crate::iq::Answer;

/// How long it takes until a page is asked for again, the first time and at most.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Pages that have not come, one after the other.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    pub(super) misses: u8,
    pub(super) refusals: u8,
    /// Nothing is asked until then.
    pub(super) until: Option<Duration>,
}

impl Trouble {
    /// A page has not come: the next one is asked for later and later.
    pub(super) fn count(&mut self, answer: &Answer<'_>, now: Duration) {
        match answer {
            Answer::Silence(_) => self.misses = self.misses.saturating_add(1),
            Answer::Result(_) | Answer::Refused(_) => self.refusals = self.refusals.saturating_add(1),
        }
        let times = u32::from(self.misses.saturating_add(self.refusals)).min(8).saturating_sub(1);
        let pause = FIRST_PAUSE.saturating_mul(1 << times).min(LONGEST_PAUSE);
        self.until = Some(now.saturating_add(pause));
    }
}
