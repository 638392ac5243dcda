//! When the log is moved into the database file and emptied while the program runs.
//!
//! What a commit replaces or deletes is overwritten in the database file, but the log keeps the pages as they were before, until it
//! is emptied. SQLite does that by itself only after a thousand pages. So the thread that writes does it as soon as nothing was
//! changed for a while, or after a longer while in which there was always something. Where nothing was changed there is no timer.
//!
//! Nor is everything overwritten in the database file: where SQLite moves rows from page to page, a piece of an old page that no row
//! covers any more may keep what was there, and `secure_delete` knows nothing of it. Sealed values lie on pages of their own (see
//! `migrations/0002_encryption.sql`). Texts don't, so the file is put together anew after texts were deleted; one that is too large for that
//! is gone through, a few pages at a time (see `scrub`). That this is still to be done is in the database itself, in the step that deletes
//! them (see `migrations/0016_erased.sql`): a program that ends before it is done does it in its next run.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::{OptionalExtension, TransactionBehavior};

use crate::scrub::Layout;
use crate::store::Ledger;
use crate::{error, open};

/// How many pages are gone through at once: some milliseconds.
const PAGES_AT_ONCE: u32 = 1_024;
/// How often it is begun again in a row, because something was written meanwhile.
const MOST_ROUNDS: u8 = 3;
/// And how long what is asked for comes first then.
const BETWEEN: Duration = Duration::from_millis(20);
/// For how long at the end of the program. What is left is done in the next run.
const LONGEST_AT_THE_END: Duration = Duration::from_secs(2);

/// How soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    /// After the last change.
    pub(crate) quiet: Duration,
    /// After the first change, whatever comes after it.
    pub(crate) longest: Duration,
    /// The longest pause between two attempts, while a reader is in the way.
    pub(crate) patience: Duration,
    /// A database of more bytes is not put together anew while the program runs: commits would wait for it, a second or so.
    pub(crate) most_bytes: i64,
    /// Nor one of more bytes than this at the end, for it takes as much memory, and whoever closes the program waits.
    pub(crate) most_bytes_at_the_end: i64,
    /// How many pages are gone through at once.
    pub(crate) pages_at_once: u32,
}

impl Pace {
    /// As the product has it.
    pub(crate) const PRODUCT: Self = Self {
        quiet: Duration::from_secs(5),
        longest: Duration::from_secs(60),
        patience: Duration::from_secs(600),
        most_bytes: 32 << 20,
        most_bytes_at_the_end: 256 << 20,
        pages_at_once: PAGES_AT_ONCE,
    };
}

/// Whether there is more to go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// There is, and nothing is in the way.
    More,
    /// There is not, or not now.
    Done,
}

/// Whether there is something in the log that should not stay there.
#[derive(Debug)]
pub(crate) struct Rest {
    pace: Pace,
    /// Since when, and when it was last added to.
    waiting: Option<(Instant, Instant)>,
    /// Readers were in the way: not before this, and how long after it the next time.
    held_up: Option<(Instant, Duration)>,
    /// When the file is gone through further, while nothing is in the log.
    more: Option<Instant>,
}

impl Rest {
    /// At the start the log may hold what an earlier run has left.
    pub(crate) fn new(pace: Pace) -> Self {
        let now = Instant::now();
        Self { pace, waiting: Some((now, now)), held_up: None, more: None }
    }

    /// Something was changed.
    pub(crate) fn changed(&mut self, now: Instant) {
        let since = self.waiting.map_or(now, |(since, _)| since);
        self.waiting = Some((since, now));
    }

    /// When the log is to be emptied; never where there is nothing in it.
    pub(crate) fn due(&self) -> Option<Instant> {
        let Some((since, last)) = self.waiting else { return self.more };
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

    /// The same while the program runs: waits for nobody, and is tried again later where a reader is in the way. Where nothing is in it, the
    /// file is gone through.
    pub(crate) fn empty_log(&mut self, now: Instant) {
        self.rest.more = None;
        if self.rest.waiting.is_some() {
            self.erase(self.rest.pace.most_bytes);
            let emptied = self.try_to_empty().unwrap_or_else(|error| {
                error::report("empty_log", &error);
                false
            });
            self.rest.tried(now, emptied);
            if !emptied {
                return;
            }
        }
        if let Some(not_before) = self.scrub.not_before.filter(|not_before| *not_before > now) {
            self.rest.more = Some(not_before);
            return;
        }
        if self.go_through() == Progress::More {
            self.rest.more = Some(now + BETWEEN);
        }
    }

    /// Puts the file together anew if texts were deleted, unless it is larger than so many bytes. What fails is tried again after the next
    /// change.
    fn erase(&mut self, most_bytes: i64) {
        if let Err(error) = self.try_to_erase(most_bytes) {
            error::report("erase", &error);
        }
    }

    /// The same, and empties the log, where somebody waits for it: no longer than so.
    pub(crate) fn erase_all(&mut self, longest: Option<Duration>) -> rusqlite::Result<()> {
        let began = Instant::now();
        (self.scrub.rounds, self.scrub.not_before) = (0, None);
        self.erase(self.rest.pace.most_bytes_at_the_end);
        self.checkpoint()?;
        while self.rest.waiting.is_none() && longest.is_none_or(|longest| began.elapsed() < longest) {
            if self.go_through() == Progress::Done {
                return self.checkpoint();
            }
        }
        Ok(())
    }

    /// The same at the end.
    pub(crate) fn erase_at_the_end(&mut self) -> rusqlite::Result<()> {
        self.erase_all(Some(LONGEST_AT_THE_END))
    }

    /// Goes on through the file, if there may be pieces of texts. What fails is tried again after the next change.
    fn go_through(&mut self) -> Progress {
        self.try_to_go_through().unwrap_or_else(|error| {
            error::report("go_through", &error);
            self.scrub.next = None;
            Progress::Done
        })
    }

    fn try_to_go_through(&mut self) -> rusqlite::Result<Progress> {
        let sql = "SELECT pieces, page_count, page_size, auto_vacuum
                   FROM erased, pragma_page_count, pragma_page_size, pragma_auto_vacuum";
        let (pieces, pages, page_size, auto_vacuum): (i64, u32, u32, i64) =
            self.connection
                .query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let layout = Layout { page_size, pages };
        let database = self.connection.path().map(PathBuf::from);
        let Some(database) = database.filter(|_| pieces != 0 && auto_vacuum == 0 && layout.is_known()) else {
            self.scrub.next = None;
            return Ok(Progress::Done);
        };
        if self.scrub.next.is_none() {
            self.connection.execute("UPDATE erased SET pieces = 2", ())?;
            if !self.try_to_empty()? {
                self.rest.changed(Instant::now());
                return Ok(Progress::Done);
            }
            self.scrub.next = Some(1);
            self.scrub.changes = self.connection.total_changes();
        }
        // What is in memory may be from before, and would be written back.
        self.connection.execute_batch("PRAGMA shrink_memory")?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut log = database.clone().into_os_string();
        log.push("-wal");
        if std::fs::metadata(log).is_ok_and(|log| log.len() > 0) {
            drop(transaction);
            self.rest.changed(Instant::now());
            return Ok(Progress::Done);
        }
        let done = self.scrub.go_on(&database, layout, self.rest.pace.pages_at_once);
        drop(transaction);
        let is_last = done.unwrap_or_else(|error| {
            tracing::warn!(%error, "pieces of deleted texts may stay in the file");
            self.scrub.next = None;
            false
        });
        if !is_last {
            return Ok(if self.scrub.next.is_some() { Progress::More } else { Progress::Done });
        }
        self.scrub.next = None;
        if self.connection.total_changes() != self.scrub.changes {
            return self.begin_again();
        }
        (self.scrub.rounds, self.scrub.not_before) = (0, None);
        // What was deleted since it was begun is for another time.
        self.connection.execute("UPDATE erased SET pieces = 0 WHERE pieces = 2", ())?;
        self.rest.changed(Instant::now());
        Ok(Progress::Done)
    }

    /// What was written meanwhile may have moved pages that were still to come to where it had been already.
    fn begin_again(&mut self) -> rusqlite::Result<Progress> {
        self.connection.execute("UPDATE erased SET pieces = 1", ())?;
        self.scrub.rounds += 1;
        if self.scrub.rounds < MOST_ROUNDS {
            return Ok(Progress::More);
        }
        // Somebody writes all the time.
        self.scrub.rounds = 0;
        let not_before = Instant::now() + self.rest.pace.patience;
        self.scrub.not_before = Some(not_before);
        self.rest.changed(Instant::now());
        Ok(Progress::Done)
    }

    fn try_to_erase(&mut self, most_bytes: i64) -> rusqlite::Result<()> {
        let sql = "SELECT pieces <> 0 AND page_count * page_size <= ?1
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
