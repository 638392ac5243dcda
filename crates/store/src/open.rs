//! Opening a data folder: who may see it, who uses it, and what is refused untouched.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::rest::Pace;
use crate::{OpenError, Reader, Store, migrate, text};

/// The database's name in the data folder.
pub const DATABASE: &str = "causerie.db";

/// The name of the file whose lock says that the folder is in use. It stays there, empty, at all times.
pub const LOCK: &str = "causerie.lock";

/// Marks a SQLite file as one of ours.
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"Caus");

/// SQLite's file header, and where in it our marks are (<https://sqlite.org/fileformat2.html> §1.3).
const HEADER_LENGTH: usize = 100;
const HEADER_MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER_VERSION: usize = 60;
const HEADER_APPLICATION: usize = 68;

/// How long a statement waits for another connection's lock.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What may be chosen when a data folder is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How much of the database each of the two connections may keep in memory, in KiB.
    pub cache_kib: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { cache_kib: 1_024 }
    }
}

/// Where the files of a data folder are.
pub(crate) struct Folder {
    pub(crate) database: PathBuf,
    lock: PathBuf,
}

impl Store {
    /// Opens the data folder, and makes it when there is none. Blocks for as long as the disk takes, and longer when the
    /// database has to be brought up to date: not for the GUI's thread.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]. A database that is refused is left as it is, byte for byte.
    pub fn open(folder: &Path, options: Options) -> Result<(Self, Reader), OpenError> {
        Self::open_at_pace(folder, options, migrate::STEPS, Pace::PRODUCT)
    }

    #[cfg(test)]
    pub(crate) fn open_with_steps(
        folder: &Path,
        options: Options,
        steps: &[&str],
    ) -> Result<(Self, Reader), OpenError> {
        Self::open_at_pace(folder, options, steps, Pace::PRODUCT)
    }

    pub(crate) fn open_at_pace(
        folder: &Path,
        options: Options,
        steps: &[&str],
        pace: Pace,
    ) -> Result<(Self, Reader), OpenError> {
        prepare_folder(folder)?;
        let folder = Folder { database: folder.join(DATABASE), lock: folder.join(LOCK) };
        let lock = take_lock(&folder.lock)?;
        let connection = open_database(&folder, options, steps)?;
        let reader = Reader::open(&folder.database, options)?;
        Ok((Self::start(connection, lock, pace)?, reader))
    }
}

impl Folder {
    fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = self.database.clone().into_os_string();
        path.push(suffix);
        path.into()
    }
}

/// Opens a connection for reading that sees what the writer has committed.
pub(crate) fn open_for_reading(database: &Path, options: Options) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    configure(&connection, options)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Makes the folder for its owner alone. One that is there already is closed to others if it is plainly ours.
fn prepare_folder(folder: &Path) -> Result<(), OpenError> {
    let ours = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none() || folder.join(DATABASE).exists(),
        Err(_) => {
            let mut builder = DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder)?;
            true
        }
    };
    if ours {
        restrict(folder, 0o700);
    }
    Ok(())
}

/// Takes the folder for this process; the lock goes when the file is closed, however the process ends.
fn take_lock(path: &Path) -> Result<File, OpenError> {
    let file = open_private(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
        // Some network file systems have no locks. Better without than not at all.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            tracing::warn!("the file system has no locks, a second copy of the program would not be noticed");
            Ok(file)
        }
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn open_database(folder: &Folder, options: Options, steps: &[&str]) -> Result<Connection, OpenError> {
    let state = look(folder, steps)?;
    let log = folder.beside("-wal");
    let log_was_there = log.exists();
    let opened = open_connection(folder, options, state, steps);
    if opened.is_err() && !log_was_there && fs::metadata(&log).is_ok_and(|log| log.len() == 0) {
        // SQLite made these when it looked at a file that was then refused.
        let _ = fs::remove_file(&log);
        let _ = fs::remove_file(folder.beside("-shm"));
    }
    opened
}

/// What is in the place of the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Ours,
}

/// Judges the database by its first bytes, before SQLite may touch it.
fn look(folder: &Folder, steps: &[&str]) -> Result<State, OpenError> {
    let log_length =
        fs::metadata(folder.beside("-wal")).map_or(0, |log| if log.is_file() { log.len() } else { 0 });
    let mut header = Vec::with_capacity(HEADER_LENGTH);
    match File::open(&folder.database) {
        Ok(file) => file.take(HEADER_LENGTH as u64).read_to_end(&mut header)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error.into()),
    };
    if header.is_empty() {
        // A log without its database is what is left of one: a new one would wipe it out.
        return if log_length == 0 { Ok(State::Fresh) } else { Err(OpenError::Damaged) };
    }
    let number = |at: usize| header.get(at..at + 4)?.try_into().ok().map(i32::from_be_bytes);
    if header.len() < HEADER_LENGTH
        || !header.starts_with(HEADER_MAGIC)
        || number(HEADER_APPLICATION) != Some(APPLICATION_ID)
    {
        return Err(OpenError::Damaged);
    }
    if log_length == 0 {
        let version = number(HEADER_VERSION).unwrap_or_default();
        migrate::refuse_newer(i64::from(version), steps)?;
    }
    Ok(State::Ours)
}

fn open_connection(
    folder: &Folder,
    options: Options,
    state: State,
    steps: &[&str],
) -> Result<Connection, OpenError> {
    if state == State::Fresh {
        drop(open_private(&folder.database)?);
    }
    for suffix in ["", "-wal", "-shm"] {
        restrict(&folder.beside(suffix), 0o600);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&folder.database, flags)?;
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        // SQLite is content with less than it was asked for.
        return Err(OpenError::ReadOnly);
    }
    // Until the file has proved sound and known, closing it must not write to it either.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    configure(&connection, options)?;
    if state == State::Ours {
        // Reads the schema, and finds a file that is shorter than it should be.
        connection.query_row("SELECT count(*) FROM sqlite_schema", (), |_| Ok(()))?;
        migrate::refuse_newer(migrate::version(&connection)?, steps)?;
    } else {
        // Written before the log is switched on, so that the file itself says whose it is from its first page on.
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(OpenError::Failed("the file system does not allow a write-ahead log".to_owned()));
    }
    text::register(&connection)?;
    migrate::migrate(&mut connection, &folder.database, steps)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(connection)
}

fn configure(connection: &Connection, options: Options) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -i64::from(options.cache_kib))?;
    // What is deleted is overwritten, in the tables and in the log's next round.
    connection.pragma_update(None, "secure_delete", true)?;
    // The log shrinks back to this after a burst, in bytes.
    connection.pragma_update(None, "journal_size_limit", 16 * 1024 * 1024)
}

/// Opens a file of our own for writing, and makes it for its owner alone when it is not there.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    restrict(path, 0o600);
    Ok(file)
}

/// Takes everybody else's rights away, where the system has such rights. What is not there or not ours stays as it is.
fn restrict(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let Ok(metadata) = fs::metadata(path) else { return };
        if metadata.permissions().mode() & 0o7777 != mode
            && let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(mode))
        {
            tracing::warn!(%error, "the data folder could not be closed to others");
        }
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
}
