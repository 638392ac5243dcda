//! Disks that are full, cannot be written, or fail: said plainly, nothing half-written, and over when it is over.

use std::fs;

use causerie_model::{Change, Problem};

use super::lab::{Lab, bob, change, incoming, outgoing};
use crate::{OpenError, Options, Store};

fn big(name: &str) -> Vec<Change> {
    let text = format!("{name} {}", "x".repeat(200_000));
    vec![change(outgoing(&format!("{name} first"), "first", 1)), change(outgoing(name, &text, 2))]
}

#[tokio::test]
async fn a_full_disk_takes_back_the_whole_commit_and_works_again_when_there_is_room() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i", "before", 0))]).await;
    lab.sql("PRAGMA max_page_count = 1").await; // as many as there are now, at least
    for _ in 0..3 {
        assert_eq!(lab.store.commit(lab.account, big("o")).await, Err(Problem::DiskFull));
        assert_eq!(lab.texts(), ["before"]);
    }
    assert_eq!(lab.search("first"), [""; 0]);
    lab.sql("PRAGMA max_page_count = 1000000").await;
    lab.commit(big("o")).await;
    assert_eq!(lab.page().len(), 3);
    lab.sql("INSERT INTO message_text (message_text) VALUES ('integrity-check')").await;
}

#[tokio::test]
async fn a_disk_that_becomes_read_only() {
    let lab = Lab::new().await;
    lab.sql("PRAGMA query_only = ON").await;
    assert_eq!(lab.store.commit(lab.account, big("o")).await, Err(Problem::DiskReadOnly));
    assert_eq!(lab.store.set_server(lab.account, None).await, Err(Problem::DiskReadOnly));
    assert_eq!(lab.page(), []);
    lab.sql("PRAGMA query_only = OFF").await;
    lab.commit(big("o")).await;
    assert_eq!(lab.page().len(), 2);
}

#[tokio::test]
async fn a_log_that_cannot_be_opened() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i", "before", 0))]).await;
    lab.store.clone().close();
    let folder = lab.folder.path();
    drop(lab.reader);
    let log = folder.join("causerie.db-wal");
    let database = folder.join("causerie.db");
    let before = fs::read(&database).unwrap();
    let _ = fs::remove_file(&log);
    fs::create_dir(&log).unwrap();
    let error = Store::open(folder, Options::default()).map(|_| ()).unwrap_err();
    assert!(matches!(error, OpenError::Failed(_)), "{error:?}");
    assert_eq!(fs::read(&database).unwrap(), before);
    fs::remove_dir(&log).unwrap();
    let (_store, reader) = Store::open(folder, Options::default()).unwrap();
    assert_eq!(reader.count(lab.account, &bob()).unwrap(), 1);
}

#[tokio::test]
async fn a_full_disk_at_the_first_start_can_be_mended() {
    let folder = tempfile::tempdir().unwrap();
    let steps =
        ["CREATE TABLE big (bytes); PRAGMA max_page_count = 1; INSERT INTO big VALUES (zeroblob(100000));"];
    let error = Store::open_with_steps(folder.path(), Options::default(), &steps).map(|_| ()).unwrap_err();
    assert_eq!(error.problem(), Problem::DiskFull);
    let (_store, reader) = Store::open(folder.path(), Options::default()).unwrap();
    assert_eq!(reader.accounts().unwrap(), []);
}

/// Nobody may make a folder there, not even root.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written() {
    let error =
        Store::open(std::path::Path::new("/sys/causerie"), Options::default()).map(|_| ()).unwrap_err();
    assert!(matches!(error, OpenError::ReadOnly), "{error:?}");
}
