//! Of what could not be read and has no conversation it is told that it came.

use std::time::Duration;

use causerie_model::{BareJid, Event, Notice};

use super::Messages;
use crate::step::Step;

/// Of how many strangers it is told in a day that something of theirs could not be read. More than that is somebody who wants to
/// be heard of.
const MOST_STRANGERS: usize = 100;
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Messages {
    /// Something from a stranger could not be read: they get no conversation by it, but it has come.
    pub(super) fn tell_of_stranger(&mut self, from: BareJid, step: &mut Step<'_>) {
        let now = step.now.elapsed;
        self.told_of.retain(|_, told| now.saturating_sub(*told) < A_DAY);
        if self.told_of.len() < MOST_STRANGERS && !self.told_of.contains_key(&from) {
            self.told_of.insert(from.clone(), now);
            step.tell(Event::Notice(Notice::Unreadable { from: Some(from) }));
        }
    }

    /// Something came from what is no address, or could not be let in at all: it has no conversation. That is told once a day.
    pub(crate) fn tell_of_nobody(&mut self, step: &mut Step<'_>) {
        let now = step.now.elapsed;
        if self.told_of_nobody.is_none_or(|told| now.saturating_sub(told) >= A_DAY) {
            self.told_of_nobody = Some(now);
            step.tell(Event::Notice(Notice::Unreadable { from: None }));
        }
    }
}
