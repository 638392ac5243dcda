//! The newest pages that there were at the first sign-in, where that was cut short.
//!
//! The first of them sets the mark, so that whatever is said from then on comes after it. The others are before it, and nobody would ask for them
//! again. So until they have come it is remembered how far one was: in place of the end of a gap, as there is none before the first
//! sign-in is over. A gap ends after the mark, and this is never after it, so the one is known from the other. A gap that the mark has
//! passed looks like it as well; then some pages come once more.
//!
//! What was missed is read first, all of it. So a line that breaks after every page keeps nobody from what is new, and what comes so has its
//! turn. What comes by itself while the others are fetched has its place by time alone: what is after the mark is read once more then.
//! Each time at most [`super::FIRST_PAGES`] less one are fetched, before a time, as the name of what is there is not kept.

use causerie_model::{Reached, Timestamp};

use super::{Archive, Place, What};
use crate::step::Step;

/// What that is which was remembered: the end of a gap, or how far one was with the first pages.
pub(super) fn told_apart(
    mark: Option<&Reached>,
    until: Option<Timestamp>,
) -> (Option<Timestamp>, Option<Timestamp>) {
    let is_gap = |until: &Timestamp| mark.is_none_or(|mark| mark.at < *until);
    (until.filter(is_gap), until.filter(|until| !is_gap(until)))
}

impl Archive {
    /// Of the first pages, what is before that is still to come; or none is.
    pub(super) fn leave_first(&mut self, before: Option<Timestamp>, step: &mut Step<'_>) {
        // Without a mark all of them are fetched again.
        let Some(mark) = &self.reached else { return };
        // Clocks of servers are set back, too.
        let before = before.map(|before| before.min(mark.at));
        if self.first != before {
            self.first = before;
            self.note_gap(before, step);
        }
    }

    /// What is still to come of them, as it is asked for now that what is newer is here.
    pub(super) fn rest_of_first(&self) -> Option<What> {
        self.first.map(|at| What::First { before: Some(Reached { id: String::new(), at }) })
    }

    /// Something came by itself. The archive tells its place when the first pages are here.
    pub(super) fn came_during_first(&mut self, place: &Place) {
        let asked = self.open.as_ref().map(|open| &open.what).into_iter().chain(&self.next);
        let is_first = asked.into_iter().any(|what| matches!(what, What::First { before: Some(_) }));
        self.again |= is_first && self.whole && place.stanza.is_some();
    }
}
