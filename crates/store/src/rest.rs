//! When the log is moved into the database file and emptied while the program runs.
//!
//! What a commit replaces or deletes is overwritten in the database file, but the log keeps the pages as they were before, until it
//! is emptied. SQLite does that by itself only after a thousand pages. So the thread that writes does it as soon as nothing was
//! changed for a while, or after a longer while in which there was always something. Where nothing was changed there is no timer.
//!
//! Nor is everything overwritten in the database file: where SQLite moves rows from page to page, a piece of an old page that no row
//! covers any more may keep what was there, and `secure_delete` knows nothing of it. Sealed values lie on pages of their own (see
//! `migrations/0002_encryption.sql`). Texts don't, so the file is put together anew after texts were deleted, if it is not too large. That
//! this is still to be done is in the database itself, in the step that deletes them (see `migrations/0016_erased.sql`): a program that
//! ends before it is done does it in its next run.

use std::time::{Duration, Instant};

use rusqlite::OptionalExtension;

use crate::store::Ledger;
use crate::{error, open};

/// A database larger than this is not put together anew while the program runs: commits would wait for it, a second or so.
const MOST_BYTES: i64 = 32 << 20;
/// Nor one larger than this at the end, for it takes as much memory, and whoever closes the program waits.
pub(crate) const MOST_BYTES_AT_THE_END: i64 = 256 << 20;

/// How soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    /// After the last change.
    pub(crate) quiet: Duration,
    /// After the first change, whatever comes after it.
    pub(crate) longest: Duration,
    /// The longest pause between two attempts, while a reader is in the way.
    pub(crate) patience: Duration,
}

impl Pace {
    /// As the product has it.
    pub(crate) const PRODUCT: Self = Self {
        quiet: Duration::from_secs(5),
        longest: Duration::from_secs(60),
        patience: Duration::from_secs(600),
    };
}

/// Whether there is something in the log that should not stay there.
#[derive(Debug)]
pub(crate) struct Rest {
    pace: Pace,
    /// Since when, and when it was last added to.
    waiting: Option<(Instant, Instant)>,
    /// Readers were in the way: not before this, and how long after it the next time.
    held_up: Option<(Instant, Duration)>,
}

impl Rest {
    /// At the start the log may hold what an earlier run has left.
    pub(crate) fn new(pace: Pace) -> Self {
        let now = Instant::now();
        Self { pace, waiting: Some((now, now)), held_up: None }
    }

    /// Something was changed.
    pub(crate) fn changed(&mut self, now: Instant) {
        let since = self.waiting.map_or(now, |(since, _)| since);
        self.waiting = Some((since, now));
    }

    /// When the log is to be emptied; never where there is nothing in it.
    pub(crate) fn due(&self) -> Option<Instant> {
        let (since, last) = self.waiting?;
        let due = (last + self.pace.quiet).min(since + self.pace.longest);
        Some(self.held_up.map_or(due, |(not_before, _)| due.max(not_before)))
    }

    /// It was tried: the log is empty, or somebody was in the way.
    pub(crate) fn tried(&mut self, now: Instant, emptied: bool) {
        if emptied {
            (self.waiting, self.held_up) = (None, None);
            return;
        }
        let pause = self.held_up.map_or(self.pace.quiet, |(_, pause)| pause);
        self.held_up = Some((now + pause, (pause * 2).min(self.pace.patience)));
        self.waiting = self.waiting.or(Some((now, now)));
    }
}

impl Ledger {
    /// Moves the log into the database file and empties it. Waits for a reader that is in the middle of something, but not for ever.
    pub(crate) fn checkpoint(&mut self) -> rusqlite::Result<()> {
        let emptied = self.truncate()?;
        self.rest.tried(Instant::now(), emptied);
        Ok(())
    }

    /// The same while the program runs: waits for nobody, and is tried again later where a reader is in the way.
    pub(crate) fn empty_log(&mut self, now: Instant) {
        self.erase(MOST_BYTES);
        let emptied = self.try_to_empty().unwrap_or_else(|error| {
            error::report("empty_log", &error);
            false
        });
        self.rest.tried(now, emptied);
    }

    /// Puts the file together anew if texts were deleted, unless it is larger than so many bytes. What fails is tried again after the next
    /// change.
    pub(crate) fn erase(&mut self, most_bytes: i64) {
        if let Err(error) = self.try_to_erase(most_bytes) {
            error::report("erase", &error);
        }
    }

    fn try_to_erase(&mut self, most_bytes: i64) -> rusqlite::Result<()> {
        let sql = "SELECT pieces = 1 AND page_count * page_size <= ?1
                   FROM erased, pragma_page_count, pragma_page_size";
        if self.connection.query_row(sql, [most_bytes], |row| row.get(0))? {
            self.connection.execute_batch("VACUUM")?;
            self.connection.execute("UPDATE erased SET pieces = 0", ())?;
        }
        Ok(())
    }

    fn try_to_empty(&mut self) -> rusqlite::Result<bool> {
        // What can be copied while others read is copied first, so that the log is closed to them for as short as can be.
        let sql = "PRAGMA wal_checkpoint(PASSIVE)";
        let all = self.connection.query_row(sql, (), |row| {
            let (in_log, copied): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(in_log == copied)
        });
        if !all? {
            return Ok(false);
        }
        self.connection.busy_timeout(Duration::ZERO)?;
        let emptied = self.truncate();
        self.connection.busy_timeout(open::BUSY_TIMEOUT)?;
        emptied
    }

    fn truncate(&mut self) -> rusqlite::Result<bool> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy = self.connection.query_row(sql, (), |row| row.get::<_, i64>(0)).optional()?;
        Ok(busy == Some(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Duration = Pace::PRODUCT.quiet;
    const LONGEST: Duration = Pace::PRODUCT.longest;

    #[test]
    fn it_is_due_soon_after_the_last_change_and_never_without_one() {
        let mut rest = Rest::new(Pace::PRODUCT);
        let start = Instant::now() + QUIET;
        rest.tried(start, true);
        assert_eq!(rest.due(), None);
        rest.changed(start);
        assert_eq!(rest.due(), Some(start + QUIET));
        // Who writes all the time does not put it off for ever.
        let second = Duration::from_secs(1);
        (1..=58).for_each(|n| rest.changed(start + second * n));
        assert_eq!(rest.due(), Some(start + LONGEST));
        rest.tried(start + LONGEST, true);
        assert_eq!(rest.due(), None);
    }

    #[test]
    fn a_reader_in_the_way_puts_it_off_further_each_time() {
        let mut rest = Rest::new(Pace::PRODUCT);
        let mut now = Instant::now() + QUIET;
        rest.tried(now, true);
        rest.changed(now);
        let mut pauses = Vec::new();
        for _ in 0..9 {
            rest.tried(now, false);
            rest.changed(now);
            let due = rest.due().unwrap();
            pauses.push((due - now).as_secs());
            now = due;
        }
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
        rest.tried(now, true);
        rest.changed(now);
        assert_eq!(rest.due(), Some(now + QUIET));
    }
}
