//! The vault's count, by which a database is known that is not the one that was used last.
//!
//! The key that seals is in the system's keyring, what it seals in the database. Keys and sessions must not be used twice from
//! the same state, which is what would happen after a backup was restored, or with two copies of one data folder. So both places
//! count, and the count goes on at each start, in three steps:
//!
//! 1. [`Store::intend_epoch`]`(n + 1)` here,
//! 2. `n + 1` into the keyring,
//! 3. [`Store::set_epoch`]`(n + 1)` here.
//!
//! At the next start the keyring's number has to be [`Epoch::current`], or [`Epoch::intent`] if the program ended between the last
//! two steps, which is then made up for by the third. With any other number the database is not the one that was used last, and
//! what is sealed in it must not be used. An intent is settled in this way before the next one: the new one takes its place.

use causerie_model::Problem;

use crate::Store;

/// How far this database has counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Epoch {
    /// What this database is called in a keyring: 32 hexadecimal digits. Copies of it have the same name.
    pub name: String,
    /// The number that was last set; 0 in a new database.
    pub current: u64,
    /// The number that was to be next, and was not set yet.
    pub intent: Option<u64>,
}

impl Store {
    /// How far this database has counted.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn epoch(&self) -> Result<Epoch, Problem> {
        self.run("epoch", |ledger| {
            ledger.connection.query_row("SELECT name, epoch, intent FROM vault", (), |row| {
                let (current, intent): (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
                let intent = intent.map(i64::cast_unsigned);
                Ok(Epoch { name: row.get(0)?, current: current.cast_unsigned(), intent })
            })
        })
        .await
    }

    /// Begins anew under another name: what this database was a copy of keeps its own.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn rename_vault(&self) -> Result<Epoch, Problem> {
        self.write("rename_vault", |transaction| {
            let sql =
                "UPDATE vault SET name = lower(hex(randomblob(16))), epoch = 0, intent = NULL RETURNING name";
            let name = transaction.query_row(sql, (), |row| row.get(0))?;
            Ok(Epoch { name, current: 0, intent: None })
        })
        .await
    }

    /// Says which number is next. It outlives a power cut once this has answered, and only then may it be written elsewhere.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn intend_epoch(&self, next: u64) -> Result<(), Problem> {
        self.count("UPDATE vault SET intent = ?1", next).await
    }

    /// Sets the number, which settles the intent.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn set_epoch(&self, current: u64) -> Result<(), Problem> {
        self.count("UPDATE vault SET epoch = ?1, intent = NULL", current).await
    }

    async fn count(&self, sql: &'static str, number: u64) -> Result<(), Problem> {
        self.write("count", move |transaction| {
            transaction.execute(sql, [number.cast_signed()])?;
            Ok(())
        })
        .await
    }
}
