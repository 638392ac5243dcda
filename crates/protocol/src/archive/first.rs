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
//! Where they are refused, all that is newer is here nevertheless: they are let alone until the archive is read anew.
//!
//! What was there before the archive was asked for the first time is no news. The first page may come much later, where the line is cut, the page is
//! refused, or the person does not want to wait. So it is remembered when that was: what was said since is news like anything else that was
//! missed. As long as the first question goes on, all that it brings was there, whatever the clocks say.

use causerie_model::{Change, Reached, Timestamp};

use super::{Archive, Place, Progress, Trouble, What};
use crate::step::Step;

/// What the last run has left: the mark, the end of a gap or how far one was with the first pages, and when they were asked for.
pub(super) type Known = (Option<Reached>, Option<Timestamp>, Option<Timestamp>);

/// What is known of the first pages.
#[derive(Debug)]
pub(super) struct First {
    /// What is before that time is still to come.
    pub(super) before: Option<Timestamp>,
    /// Whether it was refused again and again, and is not asked for.
    is_refused: bool,
    asked: Asked,
}

/// When the archive was asked for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// It was not, as far as is known.
    Never,
    /// Then, and that is what is going on.
    Now(Timestamp),
    /// Then, and it was begun again since.
    Before(Timestamp),
}

/// What that is which was remembered: the end of a gap, or how far one was with the first pages.
pub(super) fn told_apart(
    mark: Option<&Reached>,
    until: Option<Timestamp>,
    asked: Option<Timestamp>,
) -> (Option<Timestamp>, First) {
    let is_gap = |until: &Timestamp| mark.is_none_or(|mark| mark.at < *until);
    let before = until.filter(|until| !is_gap(until));
    (
        until.filter(is_gap),
        First { before, is_refused: false, asked: asked.map_or(Asked::Never, Asked::Before) },
    )
}

impl Archive {
    /// It is about to be asked, perhaps for the first time.
    pub(crate) fn first_is_asked(&mut self, step: &mut Step<'_>) {
        self.first.is_refused = false;
        self.first.asked = match self.first.asked {
            Asked::Never if self.reached.is_none() => {
                let at = step.now.wall;
                step.record(Change::ArchiveAsked { archive: self.address().clone(), at });
                Asked::Now(at)
            }
            Asked::Now(at) => Asked::Before(at),
            asked @ (Asked::Never | Asked::Before(_)) => asked,
        };
    }

    /// Whether nothing was ever asked there, nor heard of before, as far as is known.
    pub(crate) fn is_new(&self) -> bool {
        self.reached.is_none() && self.first.asked == Asked::Never
    }

    /// When it was asked for the first time, if it was.
    pub(super) fn first_asked(&self) -> Option<Timestamp> {
        match self.first.asked {
            Asked::Now(at) | Asked::Before(at) => Some(at),
            Asked::Never => None,
        }
    }

    /// The same, where that is not what is going on.
    pub(super) fn was_asked(&self) -> Option<Timestamp> {
        match self.first.asked {
            Asked::Before(at) => Some(at),
            Asked::Never | Asked::Now(_) => None,
        }
    }

    /// Of the first pages, what is before that is still to come; or none is.
    pub(super) fn leave_first(&mut self, before: Option<Timestamp>, step: &mut Step<'_>) {
        // Without a mark all of them are fetched again.
        let Some(mark) = &self.reached else { return };
        // Clocks of servers are set back, too.
        let before = before.map(|before| before.min(mark.at));
        if self.first.before != before {
            self.first.before = before;
            self.note_gap(before, step);
        }
    }

    /// What is still to come of them, as it is asked for now that what is newer is here.
    pub(super) fn rest_of_first(&self) -> Option<What> {
        let at = self.first.before.filter(|_| !self.first.is_refused)?;
        Some(What::First { before: Some(Reached { id: String::new(), at }) })
    }

    /// A page was refused again and again.
    pub(super) fn is_refused(&mut self, what: &What, step: &mut Step<'_>) {
        match (what, self.progress) {
            (What::First { before: Some(_) }, Progress::Fetching { messages, .. })
                if self.reached.is_some() =>
            {
                self.first.is_refused = true;
                self.trouble = Trouble::default();
                self.all_is_here(messages, step);
            }
            _ => self.end(Progress::Stopped, step),
        }
    }

    /// Something came by itself. The archive tells its place when the first pages are here.
    pub(super) fn came_during_first(&mut self, place: &Place) {
        let asked = self.open.as_ref().map(|open| &open.what).into_iter().chain(&self.next);
        let is_first = asked.into_iter().any(|what| matches!(what, What::First { before: Some(_) }));
        self.again |= is_first && self.whole && place.stanza.is_some();
    }
}
