//! What was replaced or deleted leaves the log too, while the program runs.

use std::time::{Duration, Instant};

use causerie_model::Change;
use rusqlite::Connection;

use super::erasure::{blob, left, session};
use super::lab::{BY_HAND, Lab, bob, change, incoming};
use crate::open::DATABASE;
use crate::rest::Pace;

impl Lab {
    /// What the thread would do if it were so much later now. Gives when it wants to be woken next, from then on.
    async fn later(&self, by: Duration) -> Option<Duration> {
        let work = move |ledger: &mut crate::store::Ledger| {
            let now = Instant::now() + by;
            if ledger.rest.due().is_some_and(|due| due <= now) {
                ledger.empty_log(now);
            }
            Ok(ledger.rest.due().map(|due| due - now))
        };
        self.store.run("test", work).await.unwrap()
    }

    /// Whether pieces of texts that were deleted may be in the file.
    async fn pieces(&self) -> i64 {
        let sql = "SELECT pieces FROM erased";
        self.store
            .run("test", move |ledger| ledger.connection.query_row(sql, (), |row| row.get(0)))
            .await
            .unwrap()
    }

    fn log(&self) -> u64 {
        std::fs::metadata(self.folder.path().join("causerie.db-wal")).unwrap().len()
    }
}

#[tokio::test]
async fn what_was_replaced_leaves_the_log_once_it_is_quiet() {
    let lab = Lab::new().await;
    let sealed: Vec<Vec<u8>> = (0..4).map(|seed| blob(seed, 600)).collect();
    for sealed in &sealed {
        lab.commit(vec![session(1, sealed.clone())]).await;
    }
    assert_eq!(left(&lab.bytes(), &sealed), 4, "the log has them all");
    assert!(lab.later(BY_HAND.quiet / 2).await.is_some());
    assert_eq!(left(&lab.bytes(), &sealed), 4, "it is not quiet yet");
    assert_eq!(lab.later(BY_HAND.quiet).await, None, "then there is nothing to wake up for");
    assert_eq!(left(&lab.bytes(), &sealed), 1);
    assert_eq!(left(&lab.bytes(), &sealed[3..]), 1);
    // What changes nothing wakes nobody.
    lab.commit(vec![session(1, sealed[3].clone())]).await;
    assert_eq!(lab.later(BY_HAND.quiet).await, None);
}

/// The thread does it by itself: at this pace after each commit.
#[tokio::test]
async fn the_thread_empties_the_log_by_itself() {
    let pace = Pace { quiet: Duration::ZERO, ..BY_HAND };
    let lab = Lab::at_pace(pace).await;
    let (old, new) = (blob(1, 600), blob(2, 600));
    lab.commit(vec![session(1, old.clone()), change(incoming("i", "mirabelle", 1))]).await;
    lab.commit(vec![session(1, new.clone())]).await;
    lab.sql("DELETE FROM message").await;
    lab.commit(vec![Change::DraftSaved { peer: bob(), text: "x".into() }]).await;
    lab.store.epoch().await.unwrap();
    assert_eq!(lab.log(), 0);
    let files = lab.bytes();
    assert_eq!((left(&files, &[old]), left(&files, &[new])), (0, 1));
    assert!(!files.windows(9).any(|window| window == b"mirabelle"));
}

/// Texts are deleted, and the program is killed before the file was put together anew: the next run does it.
#[tokio::test]
async fn what_was_deleted_before_the_program_was_killed_leaves_the_file_in_the_next_run() {
    let lab = Lab::new().await;
    let words = |n: usize| format!("aubergine{n}x").into_bytes();
    for n in 0..300_usize {
        let text = format!("aubergine{n}x {}", "mot ".repeat(n % 7 * 20));
        lab.commit(vec![change(incoming(&format!("i{n}"), &text, n as i64))]).await;
    }
    lab.store.flush().await.unwrap();
    // As a correction that nobody trusted yet, too.
    lab.sql("INSERT INTO held_annotation (account, peer, direction, kind, target, value, at, state, protection, sealed_by, sealed_trust)
             VALUES (1, 'bob@chat.test', 0, 'correction', 'i1', 'incomparable', 1, 0, 'omemo-2', zeroblob(32), 'undecided')")
        .await;
    let killed = |lab: &Lab| {
        let folder = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(lab.folder.path()).unwrap().flatten() {
            std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        folder
    };
    for sql in ["DELETE FROM message WHERE id % 3 <> 0", "DELETE FROM held_annotation"] {
        assert_eq!(lab.pieces().await, 0);
        lab.sql(sql).await;
        let folder = killed(&lab);
        let (store, reader) = crate::Store::open_at_pace(
            folder.path(),
            crate::Options::default(),
            crate::migrate::STEPS,
            BY_HAND,
        )
        .unwrap();
        let next = Lab { folder, store, reader, account: lab.account };
        assert_eq!(next.pieces().await, 1, "{sql}");
        // There was no change in this run, and still there is something to do.
        assert_eq!(next.later(BY_HAND.quiet).await, None);
        assert_eq!(next.pieces().await, 0, "{sql}");
        let files = next.bytes();
        let is_left = |word: &[u8]| files.windows(word.len()).any(|window| window == word);
        let left: Vec<usize> = (0..300).filter(|n| (n + 1) % 3 != 0 && is_left(&words(*n))).collect();
        assert_eq!(left, Vec::<usize>::new());
        assert_eq!(is_left(b"incomparable"), sql.contains("message"));
        lab.store.flush().await.unwrap();
    }
}

#[tokio::test]
async fn a_reader_in_the_way_holds_up_nobody_and_is_waited_for() {
    let lab = Lab::new().await;
    let old = blob(1, 600);
    lab.commit(vec![session(1, old.clone())]).await;
    let reader = Connection::open(lab.folder.path().join(DATABASE)).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    reader.query_row("SELECT count(*) FROM session", (), |_| Ok(())).unwrap();
    lab.commit(vec![session(1, blob(2, 600))]).await;
    let again = lab.later(BY_HAND.quiet).await.unwrap();
    assert_eq!(again, BY_HAND.quiet, "not at once");
    assert!(lab.log() > 0);
    // Nothing waits meanwhile.
    lab.commit(vec![session(2, blob(3, 600))]).await;
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(lab.later(BY_HAND.quiet * 3).await, None);
    assert_eq!((lab.log(), left(&lab.bytes(), &[old])), (0, 0));
}
