//! Whatever moment a program or a machine dies at: the database opens, and has the first so many commits, each whole.

use std::fs;

use super::lab::{Lab, bob, change, incoming};
use crate::open::DATABASE;
use crate::{Options, Store};

const COMMITS: usize = 12;
const EACH: usize = 3;

#[tokio::test]
async fn a_log_cut_anywhere_holds_whole_commits_in_order() {
    let lab = Lab::new().await;
    lab.store.flush().await.unwrap();
    for n in 0..COMMITS {
        let changes =
            (0..EACH).map(|m| change(incoming(&format!("i{n}.{m}"), &format!("word{n} text{m}"), n as i64)));
        lab.commit(changes.collect()).await;
    }
    let database = fs::read(lab.folder.path().join(DATABASE)).unwrap();
    let log = fs::read(lab.folder.path().join("causerie.db-wal")).unwrap();

    let mut seen = std::collections::BTreeSet::new();
    // At frames' ends and in their midst.
    for cut in (0..=log.len()).step_by(12_007).chain([log.len()]) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(DATABASE), &database).unwrap();
        fs::write(folder.path().join("causerie.db-wal"), &log[..cut]).unwrap();
        let (store, reader) = Store::open(folder.path(), Options::default()).unwrap();
        let page = reader.page(lab.account, &bob(), None, 1_000).unwrap();
        assert_eq!(page.len() % EACH, 0);
        assert_eq!(reader.unread_total().unwrap() as usize, page.len());
        let whole = page.len() / EACH;
        for n in 0..COMMITS {
            let found = reader.search(&format!("word{n} "), None, None, None, 10).unwrap();
            assert_eq!(found.len(), if n < whole { EACH } else { 0 });
        }
        // What was lost is committed again, what was not is not doubled.
        let again = (0..COMMITS).flat_map(|n| {
            (0..EACH)
                .map(move |m| change(incoming(&format!("i{n}.{m}"), &format!("word{n} text{m}"), n as i64)))
        });
        store.commit(lab.account, again.collect()).await.unwrap();
        assert_eq!(reader.count(lab.account, &bob()).unwrap(), (COMMITS * EACH) as u64);
        seen.insert(whole);
        store.close();
    }
    assert_eq!(seen.last(), Some(&COMMITS));
    assert_eq!(seen.first(), Some(&0));
    assert!(seen.len() > COMMITS / 2, "{seen:?}");
}
