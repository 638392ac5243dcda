//! What is opened, what is refused, and that nothing refused is touched.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use causerie_model::Problem;
use rusqlite::Connection;

use super::lab::{Lab, bob, change, incoming};
use crate::open::{DATABASE, LOCK};
use crate::{OpenError, Options, Store, migrate};

fn refusal(folder: &Path) -> OpenError {
    Store::open(folder, Options::default()).map(|_| ()).unwrap_err()
}

/// All files of a folder but the lock, and what SQLite shares between processes and makes anew at will.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let kept = entries.filter(|path| !path.ends_with(LOCK) && !path.to_str().unwrap().ends_with("-shm"));
    kept.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// A folder as a program leaves it that was killed: the last commits are still in the log.
async fn killed() -> tempfile::TempDir {
    let lab = Lab::new().await;
    lab.store.flush().await.unwrap();
    lab.commit(vec![change(incoming("i", "text", 1))]).await;
    let copy = tempfile::tempdir().unwrap();
    for name in [DATABASE, "causerie.db-wal"] {
        fs::copy(lab.folder.path().join(name), copy.path().join(name)).unwrap();
    }
    copy
}

async fn closed() -> tempfile::TempDir {
    let lab = Lab::new().await;
    lab.commit((0..500).map(|n| change(incoming(&format!("i{n}"), "some text", n))).collect()).await;
    lab.store.clone().close();
    drop(lab.reader);
    lab.folder
}

fn assert_untouched(folder: &Path, wanted: fn(&OpenError) -> bool, problem: &Problem) {
    let before = contents(folder);
    for _ in 0..2 {
        let error = refusal(folder);
        assert!(wanted(&error), "{error:?}");
        assert_eq!(error.problem(), *problem);
        assert!(contents(folder) == before, "{error:?} has touched the folder");
    }
}

fn assert_damaged(folder: &Path) {
    assert_untouched(folder, |error| matches!(error, OpenError::Damaged), &Problem::DatabaseDamaged);
}

#[tokio::test]
async fn a_second_program_is_refused_until_the_first_is_gone() {
    let lab = Lab::new().await;
    let error = refusal(lab.folder.path());
    assert!(matches!(error, OpenError::InUse), "{error:?}");
    assert_eq!(error.problem(), Problem::AlreadyRunning);
    lab.store.clone().close();
    Store::open(lab.folder.path(), Options::default()).unwrap();
}

#[tokio::test]
async fn dropping_every_handle_gives_the_folder_back_too() {
    let Lab { folder, store, .. } = Lab::new().await;
    drop(store);
    // The thread ends by itself.
    let opened = (0..500).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        Store::open(folder.path(), Options::default()).ok()
    });
    assert!(opened.is_some());
}

#[tokio::test]
async fn what_was_in_the_log_is_there() {
    let folder = killed().await;
    let (_store, reader) = Store::open(folder.path(), Options::default()).unwrap();
    let account = reader.accounts().unwrap()[0].id;
    assert_eq!(reader.count(account, &bob()).unwrap(), 1);
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let newer = |error: &OpenError| matches!(error, OpenError::Newer { found: 99, known } if *known == migrate::STEPS.len() as i64);
    let folder = closed().await;
    Connection::open(folder.path().join(DATABASE)).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert_untouched(folder.path(), newer, &Problem::DatabaseNewer);

    // The same where the number is still in the log only.
    let lab = Lab::new().await;
    lab.store.flush().await.unwrap();
    lab.sql("PRAGMA user_version = 99").await;
    let copy = tempfile::tempdir().unwrap();
    for name in [DATABASE, "causerie.db-wal"] {
        fs::copy(lab.folder.path().join(name), copy.path().join(name)).unwrap();
    }
    assert_untouched(copy.path(), newer, &Problem::DatabaseNewer);
}

#[tokio::test]
async fn a_damaged_database_is_refused() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [Damage; 7] = [
        |bytes| *bytes = b"not a database, but longer than a header would be. ".repeat(9),
        |bytes| bytes.truncate(50),
        |bytes| bytes.truncate(bytes.len() / 2),
        // Another magic, another program's mark, a page size that is none, a schema of noise.
        |bytes| bytes[3] = b'x',
        |bytes| bytes[68..72].fill(0),
        |bytes| bytes[16..18].fill(0x77),
        |bytes| bytes[100..4_000].fill(0xA5),
    ];
    let whole = closed().await;
    let bytes = fs::read(whole.path().join(DATABASE)).unwrap();
    for damage in damages {
        let folder = tempfile::tempdir().unwrap();
        let mut damaged = bytes.clone();
        damage(&mut damaged);
        fs::write(folder.path().join(DATABASE), damaged).unwrap();
        assert_damaged(folder.path());
    }
}

#[tokio::test]
async fn a_damaged_database_with_a_log_is_refused() {
    let folder = killed().await;
    let database = folder.path().join(DATABASE);
    let mut bytes = fs::read(&database).unwrap();
    bytes[..16].fill(0);
    fs::write(&database, bytes).unwrap();
    assert_damaged(folder.path());
}

#[tokio::test]
async fn a_log_without_its_database_is_not_wiped_out() {
    let folder = killed().await;
    let database = folder.path().join(DATABASE);
    fs::remove_file(&database).unwrap();
    assert_damaged(folder.path());
    fs::write(&database, "").unwrap();
    assert_damaged(folder.path());
}

#[tokio::test]
async fn damage_that_shows_later_is_a_problem_and_not_a_crash() {
    let folder = closed().await;
    let database = folder.path().join(DATABASE);
    let mut bytes = fs::read(&database).unwrap();
    // The schema, whose last page is the file's, and the account are sound, all else is noise.
    let last = bytes.len() - 4_096;
    bytes[92 * 4_096..last].fill(0xA5);
    fs::write(&database, bytes).unwrap();
    let (store, reader) = Store::open(folder.path(), Options::default()).unwrap();
    let account = reader.accounts().unwrap()[0].id;
    let changes = (0..500).map(|n| change(incoming(&format!("n{n}"), "more text", n))).collect();
    assert_eq!(store.commit(account, changes).await, Err(Problem::DatabaseDamaged));
    assert_eq!(reader.page(account, &bob(), None, 500), Err(Problem::DatabaseDamaged));
    store.close();
}

#[test]
fn somebody_elses_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let other = Connection::open(folder.path().join(DATABASE)).unwrap();
    other.execute_batch("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')").unwrap();
    drop(other);
    assert_damaged(folder.path());
}

#[test]
fn an_empty_file_is_a_fresh_start() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(DATABASE), "").unwrap();
    let (_store, reader) = Store::open(folder.path(), Options::default()).unwrap();
    assert_eq!(reader.accounts().unwrap(), []);
}

#[test]
fn a_folder_that_cannot_be_one_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "text").unwrap();
    for path in [file.clone(), file.join("below")] {
        assert_eq!(refusal(&path).problem(), Problem::DiskFailed);
    }
    assert_eq!(fs::read(file).unwrap(), b"text");
    // A folder where the database should be.
    fs::create_dir(folder.path().join(DATABASE)).unwrap();
    assert_eq!(refusal(folder.path()).problem(), Problem::DiskFailed);
}

#[cfg(unix)]
mod permissions {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[tokio::test]
    async fn files_and_folders_are_their_owners_alone() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("one/two");
        let (store, reader) = Store::open(&folder, Options::default()).unwrap();
        store.add_account(&super::super::lab::jid("alice@chat.test"), None).await.unwrap();
        reader.accounts().unwrap();
        assert_eq!(mode(&outer.path().join("one")), 0o700);
        assert_eq!(mode(&folder), 0o700);
        let names = [DATABASE, "causerie.db-wal", "causerie.db-shm", LOCK];
        for name in names {
            assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
        }
        store.close();
        drop(reader);
        // Somebody opened them up; they are closed again.
        set_mode(&folder, 0o755);
        for name in [DATABASE, LOCK] {
            set_mode(&folder.join(name), 0o644);
        }
        let (store, _reader) = Store::open(&folder, Options::default()).unwrap();
        store.add_account(&super::super::lab::jid("bob@chat.test"), None).await.unwrap();
        assert_eq!(mode(&folder), 0o700);
        for name in names {
            assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
        }
    }

    /// Runs the test above once more as a user whose files are everybody's.
    #[test]
    fn whatever_the_umask() {
        let output = std::process::Command::new("sh")
            .args(["-c", "umask 000 && exec \"$0\" --exact \"$1\""])
            .arg(std::env::current_exe().unwrap())
            .arg("tests::opening::permissions::files_and_folders_are_their_owners_alone")
            .output()
            .unwrap();
        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    }

    #[test]
    fn a_folder_that_others_use_too_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("other"), "").unwrap();
        set_mode(folder.path(), 0o755);
        let (store, _reader) = Store::open(folder.path(), Options::default()).unwrap();
        assert_eq!(mode(folder.path()), 0o755);
        assert_eq!(mode(&folder.path().join(DATABASE)), 0o600);
        store.close();
    }
}
