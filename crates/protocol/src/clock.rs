//! How much time has passed for certain, whatever the machine's clock says.
//!
//! That clock may be a year ahead, or behind, and be right again tomorrow. Two things say that time has passed: the time that our archive
//! has put on the message up to which all is here, and how long we have been running since. So much has passed at least. What it is now,
//! they don't say: nobody may have written for a year.
//!
//! | what | goes by |
//! |---|---|
//! | what is let go when it is old, as it is lost then | what has passed: it goes a session later after a year in a drawer, and never by a clock that is ahead |
//! | when something was | the machine's clock, but not before what has passed |
//!
//! Where nothing is known of an archive, what is let go for good counts this run alone, and keys count from its first moment on.

use std::time::Duration;

use causerie_model::{Restored, Timestamp};

use crate::Now;

/// What is known of time.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// What the archive had said before this run.
    told: Option<Timestamp>,
    /// When this run began, by the machine's clock.
    began: Option<(Timestamp, Duration)>,
}

/// How much time has passed for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Passed {
    at: Timestamp,
    /// How long this run takes, where nothing else is known.
    alone: Option<Duration>,
}

impl Clock {
    pub(crate) fn new(restored: &Restored) -> Self {
        Self { told: restored.archive.as_ref().map(|reached| reached.at), began: None }
    }

    /// The time, and how much has passed.
    pub(crate) fn read(&mut self, now: Now) -> (Now, Passed) {
        let (first, start) = *self.began.get_or_insert((now.wall, now.elapsed));
        let run = now.elapsed.saturating_sub(start);
        let wall = self.told.map_or(now.wall, |told| now.wall.max(told.saturating_add(run)));
        let at = self.told.unwrap_or(first).saturating_add(run).min(wall);
        let alone = self.told.is_none().then_some(run);
        (Now { wall, ..now }, Passed { at, alone })
    }
}

impl Passed {
    /// So late it is at least, as far as is known.
    pub(crate) fn at(self) -> Timestamp {
        self.at
    }

    /// How much has passed since then, for certain.
    pub(crate) fn since(self, earlier: Timestamp) -> Duration {
        let passed = self.at.since(earlier);
        self.alone.map_or(passed, |alone| alone.min(passed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    const TODAY: Timestamp = Timestamp::from_millis(1_764_000_000_000);

    fn now(wall: Timestamp, elapsed: Duration) -> Now {
        Now { wall, elapsed, utc_offset: 0 }
    }

    fn back(from: Timestamp, span: Duration) -> Timestamp {
        Timestamp::from_millis(from.as_millis() - i64::try_from(span.as_millis()).unwrap())
    }

    #[test]
    fn a_clock_that_jumps_makes_nothing_older() {
        let told = back(TODAY, DAY);
        let mut clock = Clock { told: Some(told), began: None };
        for wall in [TODAY, TODAY.saturating_add(YEAR), back(TODAY, YEAR), TODAY] {
            let (read, passed) = clock.read(now(wall, Duration::ZERO));
            assert_eq!(passed.since(told), Duration::ZERO);
            assert_eq!(read.wall, wall.max(told));
        }
        let (_, passed) = clock.read(now(TODAY.saturating_add(YEAR), DAY));
        assert_eq!(passed.since(told), DAY);
    }

    #[test]
    fn a_clock_that_is_behind_what_the_archive_has_said_does_not_count() {
        let mut clock = Clock { told: Some(TODAY), began: None };
        clock.read(now(back(TODAY, YEAR), Duration::ZERO));
        let (read, passed) = clock.read(now(back(TODAY, YEAR), DAY));
        assert_eq!((read.wall, passed.at()), (TODAY.saturating_add(DAY), TODAY.saturating_add(DAY)));
    }

    #[test]
    fn without_an_archive_this_run_counts() {
        let mut clock = Clock { told: None, began: None };
        let long_ago = back(TODAY, YEAR);
        let (_, passed) = clock.read(now(TODAY, DAY));
        assert_eq!((passed.since(long_ago), passed.at()), (Duration::ZERO, TODAY));
        let (_, passed) = clock.read(now(TODAY.saturating_add(YEAR), DAY * 3));
        assert_eq!((passed.since(long_ago), passed.at()), (DAY * 2, TODAY.saturating_add(DAY * 2)));
    }
}
