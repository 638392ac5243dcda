//! How far behind the newest message the mark stays.
//!
//! A server names a message when it takes it, and shows it a moment later: of two that it deals with at once, the second may be listed, or
//! given to us, before the first is to be seen. Some hand on what they had held back, too. Were the mark moved to what is newest, what is before
//! it and comes then could be lost in a crash. So it follows only when something is there that is later by [`SURE`].

use std::time::Duration;

use causerie_model::Reached;

/// After so long, nothing can come any more that the archive has before a message.
pub(super) const SURE: Duration = Duration::from_secs(30);

/// What may become the mark.
#[derive(Debug, Default)]
pub(super) struct Sure {
    /// It is sure that everything before it is here.
    sure: Option<Reached>,
    waiting: Option<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    passed: Reached,
    how: How,
    since: Duration,
}

/// How a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// By itself: nothing but our own clock says when.
    Alone,
    /// From the archive, which says when it was.
    Listed,
}

impl Sure {
    /// A message has come, and everything that was before it then. Says whether it is one that waits to be the mark.
    pub(super) fn pass(&mut self, passed: Reached, how: How, now: Duration) -> bool {
        if let Some(waiting) = &self.waiting {
            let later = passed.at.as_millis().saturating_sub(waiting.passed.at.as_millis());
            let both_listed = waiting.how == How::Listed && how == How::Listed;
            let is_later = both_listed && u128::try_from(later).is_ok_and(|later| later >= SURE.as_millis());
            if !is_later && now < waiting.since.saturating_add(SURE) {
                return false;
            }
        }
        let waited = self.waiting.replace(Waiting { passed, how, since: now });
        self.sure = waited.map(|waiting| waiting.passed).or(self.sure.take());
        true
    }

    /// The new mark, if there is one.
    pub(super) fn take(&mut self) -> Option<Reached> {
        self.sure.take()
    }

    /// What is not sure yet.
    pub(super) fn waiting(&self) -> Option<&Reached> {
        self.waiting.as_ref().map(|waiting| &waiting.passed)
    }
}
