//! Typed queries on a second, read-only connection. It sees what was committed, at once.

pub(crate) mod annotations;
pub(crate) mod contacts;
pub(crate) mod conversations;
pub(crate) mod keys;
pub(crate) mod messages;
pub(crate) mod rooms;
pub(crate) mod search;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use causerie_model::{AccountId, Message, Problem};
use rusqlite::{Connection, Params, Row};

use crate::{Options, error, open};

/// The reading side of the ledger: synchronous, and quick enough for the GUI's thread (a page or a list takes a few
/// milliseconds with a million messages stored; only [`Reader::search`] may take some tens).
///
/// Clones share one connection, and wait for each other.
#[derive(Clone)]
pub struct Reader {
    connection: Arc<Mutex<Connection>>,
    database: Arc<PathBuf>,
    options: Options,
}

/// A message and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Of which account.
    pub account: AccountId,
    /// The message.
    pub message: Message,
}

impl Reader {
    pub(crate) fn open(database: &Path, options: Options) -> rusqlite::Result<Self> {
        let connection = open::open_for_reading(database, options)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            database: Arc::new(database.to_owned()),
            options,
        })
    }

    /// Another reader with a connection of its own, for work that should not be in the way of this one.
    ///
    /// # Errors
    ///
    /// [`Problem::DiskFailed`] and the like.
    pub fn separate(&self) -> Result<Self, Problem> {
        Self::open(&self.database, self.options).map_err(|error| error::report("separate", &error))
    }

    /// What is wrong with the file, as SQLite finds it; nothing where all is well. Reads all of it.
    ///
    /// # Errors
    ///
    /// [`Problem::DatabaseDamaged`] where it can't even be looked through, [`Problem::DiskFailed`] and the like.
    pub fn damage(&self) -> Result<Vec<String>, Problem> {
        self.read("damage", |connection| {
            let found = rows(connection, "PRAGMA integrity_check", [], |row| row.get(0).map(Some))?;
            Ok(found.into_iter().filter(|line: &String| line != "ok").collect())
        })
    }

    /// Runs a query.
    pub(crate) fn read<T>(
        &self,
        what: &'static str,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Problem> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        query(&connection).map_err(|error| error::report(what, &error))
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

/// The rows of a query. One that cannot be understood (`None`) is left out: it must not hide the others.
pub(crate) fn rows<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<Option<T>>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut result = Vec::new();
    while let Some(row) = rows.next()? {
        result.extend(read(row)?);
    }
    Ok(result)
}

/// The first row of a query, if there is one.
pub(crate) fn first<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<Option<T>>,
) -> rusqlite::Result<Option<T>> {
    Ok(rows(connection, sql, params, read)?.into_iter().next())
}
