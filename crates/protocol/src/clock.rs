//! How much time has passed for certain, whatever the machine's clock says.
//!
//! That clock may be a year ahead, or behind, and be right again tomorrow. Two things say that time has passed: the time that our archive
//! has put on the message up to which all is here, and how long we have been running since. So much has passed at least. What it is now,
//! they don't say: nobody may have written for a year.
//!
//! | what | goes by |
//! |---|---|
//! | what waits for a person, and is let go when it is old | what had passed before this run, and in it: after a year in a drawer it goes a run later |
//! | keys | what has passed |
//! | when something was | the machine's clock, but not before what has passed |
//! | that clock, where it has gone on for [`DOUBTFUL`] longer than is known to have passed | what the server says it is, if that is earlier |
//!
//! Where nothing is known of an archive, what is let go for good counts this run alone, and keys count from its first moment on.

use std::time::Duration;

use causerie_model::{Restored, Timestamp};

use crate::Now;

/// After so long it is asked whether the clock is right.
const DOUBTFUL: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Clocks are this much apart, at most, if both are right.
const APART: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known of time.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// What the archive had said before this run.
    told: Option<Timestamp>,
    /// What it has said since, and when.
    followed: Option<(Timestamp, Duration)>,
    /// When this run began, by the machine's clock.
    began: Option<(Timestamp, Duration)>,
    /// What the machine's clocks said last, and how far the one is ahead.
    last: (Timestamp, Duration),
    ahead: Duration,
}

/// How much time has passed for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Passed {
    at: Timestamp,
    /// Of that, what had passed before this run, and what has in it.
    of_this_run: Timestamp,
    /// How long this run takes, where nothing else is known.
    alone: Option<Duration>,
}

impl Clock {
    pub(crate) fn new(restored: &Restored) -> Self {
        Self { told: restored.archive.as_ref().map(|reached| reached.at), ..Self::default() }
    }

    /// The time, and how much has passed.
    pub(crate) fn read(&mut self, now: Now) -> (Now, Passed) {
        let (first, start) = *self.began.get_or_insert((now.wall, now.elapsed));
        let run = now.elapsed.saturating_sub(start);
        self.last = (now.wall, now.elapsed);
        let told = self.told.map(|told| told.saturating_add(run));
        let followed = self.followed.map(|(at, since)| at.saturating_add(now.elapsed.saturating_sub(since)));
        let least = told.max(followed);
        // One that is as early as that was put right meanwhile.
        if least.is_some_and(|least| before(now.wall, self.ahead) < least) {
            self.ahead = Duration::ZERO;
        }
        let wall = before(now.wall, self.ahead).max(least.unwrap_or(now.wall));
        let of_this_run = told.unwrap_or_else(|| first.saturating_add(run)).min(wall);
        let at = least.map_or(of_this_run, |least| of_this_run.max(least)).min(wall);
        let alone = self.told.is_none().then_some(run);
        (Now { wall, ..now }, Passed { at, of_this_run, alone })
    }

    /// So far our archive was read: the time that it has put there.
    pub(crate) fn archive_says(&mut self, time: Timestamp) {
        self.followed = Some((time, self.last.1));
    }

    /// The server has said what time it is, as our clock is doubtful.
    pub(crate) fn server_says(&mut self, time: Timestamp) {
        let ahead = self.last.0.since(time);
        self.ahead = if ahead > APART { ahead } else { Duration::ZERO };
    }
}

fn before(at: Timestamp, span: Duration) -> Timestamp {
    let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(at.as_millis().saturating_sub(millis))
}

impl Passed {
    /// So late it is at least, as far as is known.
    pub(crate) fn at(self) -> Timestamp {
        self.at
    }

    /// Whether a clock that says so is to be doubted.
    pub(crate) fn is_doubtful(self, now: Now) -> bool {
        self.alone.is_none() && now.wall.since(self.at) > DOUBTFUL
    }

    /// How much has passed since then, for certain, but for what this run has found out about the time before it: what waits for a person
    /// is there for as long as they look.
    pub(crate) fn since(self, earlier: Timestamp) -> Duration {
        let passed = self.of_this_run.since(earlier);
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

    #[test]
    fn a_clock_that_jumps_makes_nothing_older() {
        let told = before(TODAY, DAY);
        let mut clock = Clock { told: Some(told), ..Clock::default() };
        for wall in [TODAY, TODAY.saturating_add(YEAR), before(TODAY, YEAR), TODAY] {
            let (read, passed) = clock.read(now(wall, Duration::ZERO));
            assert_eq!(passed.since(told), Duration::ZERO);
            assert_eq!(read.wall, wall.max(told));
        }
        let (_, passed) = clock.read(now(TODAY.saturating_add(YEAR), DAY));
        assert_eq!(passed.since(told), DAY);
    }

    #[test]
    fn a_clock_that_is_behind_what_the_archive_has_said_does_not_count() {
        let mut clock = Clock { told: Some(TODAY), ..Clock::default() };
        clock.read(now(before(TODAY, YEAR), Duration::ZERO));
        let (read, passed) = clock.read(now(before(TODAY, YEAR), DAY));
        assert_eq!((read.wall, passed.at()), (TODAY.saturating_add(DAY), TODAY.saturating_add(DAY)));
    }

    #[test]
    fn what_the_archive_says_meanwhile_counts_for_keys_and_not_for_what_a_person_looks_at() {
        let long_ago = before(TODAY, YEAR);
        let mut clock = Clock { told: Some(long_ago), ..Clock::default() };
        clock.read(now(TODAY, Duration::ZERO));
        clock.archive_says(before(TODAY, DAY));
        let (_, passed) = clock.read(now(TODAY, Duration::ZERO));
        assert_eq!((passed.at(), passed.since(long_ago)), (before(TODAY, DAY), Duration::ZERO));
        let (read, passed) = clock.read(now(before(TODAY, YEAR), DAY));
        assert_eq!((read.wall, passed.at(), passed.since(long_ago)), (TODAY, TODAY, DAY));
        // It is behind what had passed: that stays.
        clock.archive_says(before(TODAY, YEAR * 2));
        assert_eq!(clock.read(now(TODAY, DAY)).1.at(), long_ago.saturating_add(DAY));
    }

    #[test]
    fn without_an_archive_this_run_counts() {
        let mut clock = Clock::default();
        let long_ago = before(TODAY, YEAR);
        let (_, passed) = clock.read(now(TODAY, DAY));
        assert_eq!((passed.since(long_ago), passed.at()), (Duration::ZERO, TODAY));
        let (_, passed) = clock.read(now(TODAY.saturating_add(YEAR), DAY * 3));
        assert_eq!((passed.since(long_ago), passed.at()), (DAY * 2, TODAY.saturating_add(DAY * 2)));
    }

    #[test]
    fn a_clock_that_is_ahead_is_put_right_by_the_server_and_by_nobody_beyond_what_has_passed() {
        let told = before(TODAY, DAY);
        let ahead = TODAY.saturating_add(YEAR);
        let mut clock = Clock { told: Some(told), ..Clock::default() };
        let (read, passed) = clock.read(now(ahead, Duration::ZERO));
        assert!(read.wall == ahead && passed.is_doubtful(read));
        clock.server_says(TODAY);
        let (read, passed) = clock.read(now(ahead.saturating_add(DAY), DAY));
        assert!(read.wall == TODAY.saturating_add(DAY) && !passed.is_doubtful(read));
        // A person puts it right.
        assert_eq!(
            clock.read(now(TODAY.saturating_add(DAY * 2), DAY * 2)).0.wall,
            TODAY.saturating_add(DAY * 2)
        );
        // A server says what cannot be, or that it is later.
        for lie in [Timestamp::from_millis(0), ahead.saturating_add(YEAR)] {
            clock.read(now(ahead, DAY * 2));
            clock.server_says(lie);
            let wall = clock.read(now(ahead, DAY * 2)).0.wall;
            assert!((told.saturating_add(DAY * 2)..=ahead).contains(&wall), "{wall:?}");
        }
    }
}
