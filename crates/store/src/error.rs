//! SQLite's and the file system's errors as problems that a person can be told.

use std::io;

use causerie_model::Problem;
use rusqlite::ErrorCode;

/// Why a data folder could not be opened. Whatever it is, the database is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another copy of the program uses the folder.
    #[error("another copy of the program uses the data folder")]
    InUse,
    /// The database was made by a newer version of the program.
    #[error("the database has schema {found}, this program knows up to {known}")]
    Newer {
        /// The schema of the file.
        found: i64,
        /// The newest schema that is known here.
        known: i64,
    },
    /// The database is damaged, or not one of ours.
    #[error("the database is damaged or not one of ours")]
    Damaged,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The folder or the database cannot be written.
    #[error("the data folder cannot be written")]
    ReadOnly,
    /// Anything else that the file system or SQLite says.
    #[error("the data folder cannot be used: {0}")]
    Failed(String),
}

impl OpenError {
    /// The same in the words that all rooms share.
    pub fn problem(&self) -> Problem {
        match self {
            Self::InUse => Problem::AlreadyRunning,
            Self::Newer { .. } => Problem::DatabaseNewer,
            Self::Damaged => Problem::DatabaseDamaged,
            Self::Full => Problem::DiskFull,
            Self::ReadOnly => Problem::DiskReadOnly,
            Self::Failed(_) => Problem::DiskFailed,
        }
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        error.problem()
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match problem(&error) {
            Problem::DatabaseDamaged => Self::Damaged,
            Problem::DiskFull => Self::Full,
            Problem::DiskReadOnly => Self::ReadOnly,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// What an error of SQLite means to a person.
pub(crate) fn problem(error: &rusqlite::Error) -> Problem {
    let Some(code) = error.sqlite_error_code() else { return Problem::Internal };
    match code {
        ErrorCode::DiskFull => Problem::DiskFull,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Problem::DiskReadOnly,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Problem::DatabaseDamaged,
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::NoLargeFileSupport => Problem::DiskFailed,
        _ => Problem::Internal,
    }
}

/// The same, and a line in the log. SQLite's own words are not logged: they may quote what was searched for.
pub(crate) fn report(what: &'static str, error: &rusqlite::Error) -> Problem {
    let problem = problem(error);
    let code = error.sqlite_error().map(|error| error.extended_code);
    tracing::error!(what, ?code, ?problem, "the database failed");
    problem
}
