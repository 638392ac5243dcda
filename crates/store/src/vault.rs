//! The vault's count, by which a database is known that is not the one that was used last.
//!
//! The key that seals is in the system's keyring, what it seals in the database. Keys and sessions must not be used twice from
//! the same state, which is what would happen after a backup was restored, or with two copies of one data folder. So both places
//! count: at each start, at each end, and now and then in between when keys or sessions have changed. Each time in two steps:
//!
//! 1. [`Store::count`]`(n)` here, where `n` is what the keyring has: [`Epoch::current`] is `n` then, and [`Epoch::intent`] `n + 1`;
//! 2. `n + 1` into the keyring.
//!
//! | it ends | here | keyring |
//! |---|---|---|
//! | before 1 | n - 1, n | n |
//! | between 1 and 2 | n, n + 1 | n |
//! | after 2 | n, n + 1 | n + 1 |
//! | after 2, and a power cut takes 2 back | n, n + 1 | n |
//!
//! So the keyring always has one of the two numbers that are here, wherever it ends, and whoever finds another one ([`Epoch::fits`]) has
//! a database before him that is not the one that was used last. A copy of it has the same two numbers, and is known from the next
//! but one number on: the first count that is *begun* after it was made.
//!
//! A copy is known by something else too, at once: its file was made later than the one that it is a copy of ([`Origin`]).

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use causerie_model::Problem;
use rusqlite::{Connection, params};

use crate::Store;

/// How far this database has counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Epoch {
    /// What this database is called in a keyring: 32 hexadecimal digits. Copies of it have the same name.
    pub name: String,
    /// What the keyring had when it was last counted; 0 in a new database.
    pub current: u64,
    /// What it was to have next.
    pub intent: Option<u64>,
    /// Whether the key has ever been in a keyring.
    pub in_keyring: bool,
    /// Whether the file is still the one that it was.
    pub origin: Origin,
}

/// Whether a database's file is the one in which it was last counted.
///
/// Told by the time at which the file was made, which file systems keep for themselves: programs that copy or restore files can't
/// set it on Linux, and seldom do elsewhere. A copy of a whole file system is the exception, and a copy that was written *into* the
/// old file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// It is, or the file system says nothing of it.
    #[default]
    Same,
    /// It is another file: a copy was put in its place, or the folder was moved to another disk.
    Copied,
}

impl Epoch {
    /// Whether what the keyring has belongs to this database.
    #[must_use]
    pub fn fits(&self, kept: u64) -> bool {
        kept == self.current || Some(kept) == self.intent
    }

    /// The highest number that the keyring may have.
    #[must_use]
    pub fn highest(&self) -> u64 {
        self.intent.unwrap_or_default().max(self.current)
    }
}

/// Nothing is known not to have left.
const MAY_HAVE_LEFT: &str = "
    UPDATE message SET held_back = 0 WHERE state = 1 AND held_back = 1;
    UPDATE message SET gone_out = 1 WHERE state = 1 AND conversation IN (SELECT id FROM conversation WHERE room = 1);
    UPDATE annotation SET held_back = 0 WHERE state = 1 AND held_back = 1;
    UPDATE room_annotation SET gone_out = 1 WHERE state = 1 AND gone_out = 0;";

impl Store {
    /// How far this database has counted.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn epoch(&self) -> Result<Epoch, Problem> {
        self.run("epoch", |ledger| {
            let present = born(&ledger.connection);
            let sql = "SELECT name, epoch, intent, in_keyring, born FROM vault";
            ledger.connection.query_row(sql, (), |row| {
                let (current, intent): (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
                let intent = intent.map(i64::cast_unsigned);
                let origin = origin(row.get(4)?, present);
                let in_keyring = row.get(3)?;
                Ok(Epoch { name: row.get(0)?, current: current.cast_unsigned(), intent, in_keyring, origin })
            })
        })
        .await
    }

    /// Begins anew under another name: what this database was a copy of keeps its own. What waits in it may have left since it was copied:
    /// that is noted with it, for accounts that are not signed in as well, as nothing tells it later.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn rename_vault(&self) -> Result<Epoch, Problem> {
        self.write("rename_vault", |transaction| {
            let sql = "UPDATE vault SET name = lower(hex(randomblob(16))), epoch = 0, intent = NULL,
                       in_keyring = 0, born = ?1 RETURNING name";
            let name = transaction.query_row(sql, [born(transaction)], |row| row.get(0))?;
            transaction.execute_batch(MAY_HAVE_LEFT)?;
            Ok(Epoch { name, ..Epoch::default() })
        })
        .await
    }

    /// Says that the keyring has this number, and that the one after it is next. It outlives a power cut once this has answered, and
    /// only then may the next one be written elsewhere.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn count(&self, kept: u64) -> Result<u64, Problem> {
        let next = kept.saturating_add(1);
        self.write("count", move |transaction| {
            // When the file was made is noted once, and never for a copy: that one begins anew.
            let sql = "UPDATE vault SET epoch = ?1, intent = ?2, born = coalesce(born, ?3)";
            transaction.execute(sql, params![kept.cast_signed(), next.cast_signed(), born(transaction)])?;
            Ok(next)
        })
        .await
    }

    /// The key is in a keyring: from now on it is missed where there is none.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn set_in_keyring(&self) -> Result<(), Problem> {
        self.write("set_in_keyring", |transaction| {
            transaction.execute("UPDATE vault SET in_keyring = 1", ())?;
            Ok(())
        })
        .await
    }
}

/// When the database's file was made, in nanoseconds; `None` where that is not known.
fn born(connection: &Connection) -> Option<i64> {
    let made = std::fs::metadata(Path::new(connection.path()?)).and_then(|file| file.created()).ok()?;
    nanos(made)
}

fn nanos(time: SystemTime) -> Option<i64> {
    // Some file systems say 1970 instead of nothing.
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok().filter(|nanos| *nanos > 0)
}

fn origin(recorded: Option<i64>, present: Option<i64>) -> Origin {
    /// FAT keeps local time: what it says moves with the zone, by whole quarters of an hour.
    const QUARTER: u64 = 15 * 60 * 1_000_000_000;
    const DAY: u64 = 24 * 60 * 60 * 1_000_000_000;
    let Some(apart) = recorded.zip(present).map(|(recorded, present)| recorded.abs_diff(present)) else {
        return Origin::Same;
    };
    match apart.is_multiple_of(QUARTER) && apart <= DAY {
        true => Origin::Same,
        false => Origin::Copied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_made_at_another_time_is_another_one() {
        let made = 1_795_000_000_123_456_789;
        assert_eq!(origin(Some(made), Some(made)), Origin::Same);
        for (recorded, present) in [(None, None), (None, Some(made)), (Some(made), None)] {
            assert_eq!(origin(recorded, present), Origin::Same, "not known is not another");
        }
        let hour = 3_600_000_000_000;
        for other in [made + 1, made - 1, made + 40_000_000, made + hour + 1, made + 49 * hour, i64::MIN] {
            assert_eq!(origin(Some(made), Some(other)), Origin::Copied, "{other}");
        }
        // The same moment in another zone.
        for other in [made + hour, made - hour, made + hour * 23 / 2] {
            assert_eq!(origin(Some(made), Some(other)), Origin::Same, "{other}");
        }
    }

    #[test]
    fn one_of_two_numbers_fits() {
        let epoch = Epoch { current: 6, intent: Some(7), ..Epoch::default() };
        let fitting: Vec<u64> = (0..10).filter(|number| epoch.fits(*number)).collect();
        assert_eq!((fitting, epoch.highest()), (vec![6, 7], 7));
        let settled = Epoch { current: 6, intent: None, ..Epoch::default() };
        assert_eq!(((0..10).filter(|number| settled.fits(*number)).count(), settled.highest()), (1, 6));
    }
}
