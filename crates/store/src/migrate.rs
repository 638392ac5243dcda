//! The schema, as steps from one version to the next. A step that was released is never changed.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use crate::{OpenError, open};

/// All steps, in order: after the first the schema's version is 1, and so on.
pub(crate) const STEPS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_encryption.sql"),
    include_str!("migrations/0003_decisions.sql"),
    include_str!("migrations/0004_vault.sql"),
    include_str!("migrations/0005_people.sql"),
    include_str!("migrations/0006_delivery.sql"),
    include_str!("migrations/0007_annotations.sql"),
    include_str!("migrations/0008_catching_up.sql"),
    include_str!("migrations/0009_sign_in.sql"),
    include_str!("migrations/0010_order.sql"),
    include_str!("migrations/0011_held.sql"),
    include_str!("migrations/0012_reading.sql"),
    include_str!("migrations/0013_waiting.sql"),
    include_str!("migrations/0014_rooms.sql"),
    include_str!("migrations/0015_corrected.sql"),
    include_str!("migrations/0016_erased.sql"),
    include_str!("migrations/0017_copies.sql"),
    include_str!("migrations/0018_room_words.sql"),
    include_str!("migrations/0019_told_places.sql"),
    include_str!("migrations/0020_alarms.sql"),
    include_str!("migrations/0021_waiting.sql"),
    include_str!("migrations/0022_past.sql"),
    include_str!("migrations/0023_asked.sql"),
];

/// The version of the schema that the database has.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// A database that somebody newer has written is not for us.
pub(crate) fn refuse_newer(found: i64, steps: &[&str]) -> Result<(), OpenError> {
    let known = steps.len() as i64;
    match found {
        0.. if found <= known => Ok(()),
        0.. => Err(OpenError::Newer { found, known }),
        _ => Err(OpenError::Damaged),
    }
}

/// Where the copy is kept that is made before a database of that version is brought up to date.
pub(crate) fn copy_path(database: &Path, version: i64) -> PathBuf {
    database.with_extension(format!("before-{}.db", version + 1))
}

/// Brings the database up to date, one transaction a step. An existing database is copied before each step, so that what any of
/// them made of it can be undone. The copies hold what is deleted and replaced later, so they go at the next start, when the new
/// schema has proved good for a whole run.
pub(crate) fn migrate(connection: &mut Connection, database: &Path, steps: &[&str]) -> Result<(), OpenError> {
    let found = version(connection)?;
    let known = usize::try_from(found).map_err(|_| OpenError::Damaged)?;
    let missing = steps.get(known..).unwrap_or_default();
    if missing.is_empty() {
        forget_copies(database);
        return Ok(());
    }
    for (step, before) in missing.iter().zip(found..) {
        if found > 0 {
            keep_copy(connection, &copy_path(database, before))?;
        }
        // A step may take tables apart and put them together anew; it is checked as a whole.
        connection.pragma_update(None, "foreign_keys", false)?;
        let applied = apply(connection, step, before + 1);
        connection.pragma_update(None, "foreign_keys", true)?;
        applied?;
    }
    tracing::info!(from = found, to = steps.len(), "the database was brought up to date");
    Ok(())
}

fn apply(connection: &mut Connection, step: &str, version: i64) -> Result<(), OpenError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(step)?;
    if transaction.prepare("PRAGMA foreign_key_check")?.exists(())? {
        return Err(OpenError::Damaged);
    }
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()?;
    Ok(())
}

/// Removes the copies that were kept before steps: what was removed from the database is in them still.
pub(crate) fn remove_copies(database: &Path, steps: usize) -> std::io::Result<()> {
    for version in 1..steps as i64 {
        match fs::remove_file(copy_path(database, version)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Copies the database as it is. A copy that is there under that name is what an earlier try left, and older than this.
fn keep_copy(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let unfinished = path.with_extension("part");
    let made = copy_into(connection, &unfinished);
    if made.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    made?;
    fs::rename(&unfinished, path)?;
    Ok(())
}

/// Removes the copies of earlier steps. One that stays is tried again at the next start.
fn forget_copies(database: &Path) {
    let Some((folder, stem)) = database.parent().zip(database.file_stem()) else { return };
    let prefix = format!("{}.before-", stem.to_string_lossy());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let middle = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(".db"));
        if middle.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::warn!(%error, "an old copy of the database could not be removed");
        }
    }
}

fn copy_into(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    // SQLite fills an empty file that is there, which is how the copy is closed to others from the start.
    let file = open::open_private(path)?;
    let name =
        path.to_str().ok_or_else(|| OpenError::Failed("the folder's name is not Unicode".to_owned()))?;
    connection.execute("VACUUM INTO ?1", [name])?;
    file.sync_all()?;
    Ok(())
}
