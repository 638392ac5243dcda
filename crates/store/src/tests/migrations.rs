//! The schema's steps: never changed once written, applied whole, with a copy before.

use std::fs;

use causerie_model::{
    AccountId, Left, MessageState, NewMessage, Privacy, Problem, Protection, RestoredEncryption,
};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::lab::{Lab, at, bob, change, incoming, outgoing, stanza, text};
use crate::open::DATABASE;
use crate::{Epoch, OpenError, Options, Store, migrate};

/// SHA-256 of each step's file. A new step is a new line; a changed line means that databases in the world would differ.
const HASHES: &[&str] = &[
    "70baa3fd2ca9ed844e73791cd8ffce230c0ace495086e7b2f325a98f05042006",
    "12f027bf0307921665b444b43c7e2fc512711cb00fd2bd3178339a23dbff8026",
    "27d671d0623208981ddce1a341aefbc23598239d46ac4ebf73bd74ca5bc8e71e",
    "76ea024b4bbd3f974596cbe3a8b52bd3bedecc1b4f88e5d7f3d441ee49dab3a4",
    "21f24d13dd8f67437f5ee153114118c0af0b949b2476451f7a625800c26c6806",
    "4675b3b789343c536dc36c7cd30a82fb671c7eebd2ba2d349be6f70b267a2c78",
    "319d01d1b73296267f2d5da98ded05f5181407b6b1c449f496948a5fd44c720c",
    "487335d3960e14c0998661aea5fa4a8e5c100b01d6d85ed9ab9ef1804db5ea30",
    "a857f7b49614b0c175276cea74bae104413d583b8adbd54ec5c79efec40574a4",
    "b4d571d47ccbac12ca8ac30d521a8cfe19fa86b5d4fd15ba902741c1e578521c",
    "62a9d497525e47f563b83f7bdb28c3ab58b75eece040b9a9d5d462cd5e167263",
    "ec2af6bf716a7fd3abda9a1786a172ae08668facee66a478e4304995c0660358",
    "964912af206b1dbc8ffe14a204ec8c46704b836c9b595063c8cf6d7d29c00673",
    "d0caceaf41eb3c80fd4557c4d14a55326befdafbb7d7193d941550fa9376c5e8",
    "5283137e934e181041f0021ccace24340fb1ad634115ad32606386980fec9589",
    "9a49e360bb04e1b28dbb32da642a79158e7d97a3d0e86247d58b58fe32957efc",
    "0453c40c4a3e41d10cfb4014ef8ab431413f74f70ef46407172dc3b46f5e3e8f",
    "33ac87a80c4437ecf8ba7630cf74a9b67a3bd30c84f099ccf81b2ba32b95f84b",
    "9b55048f059739c22063f733b5d792e81e8a1ada941a164ea1ffe52571b4fa1e",
    "a9eca118222ae0fdd7644d9aa3e99f30912b79296ff3ca1cf7d8f393501bfbf9",
    "834474939b7881e517a1e5bd0a88e42b97dfb903ca09bd9718b415ba66d62e08",
    "47f44c5fafdd74d5681056e4398600b56dc5d07176e74420fce2c443c23ce285",
    "9c0ec31a788a83a43c0590cf3eae78a93d75f4df8e23979bdca8ce19cfa0963a",
];

#[test]
fn released_steps_are_never_changed() {
    let digests = migrate::STEPS.iter().map(|step| {
        // A checkout on Windows may have other line ends.
        let digest = Sha256::digest(step.replace("\r\n", "\n"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    });
    assert_eq!(digests.collect::<Vec<_>>(), HASHES);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/migrations");
    assert_eq!(fs::read_dir(folder).unwrap().count(), HASHES.len(), "a step is not in the list");
}

/// What a database of each version holds that was used for a while, in its own SQL.
const USED: &[&str] = &[
    "INSERT INTO account (id, jid, plain_allowed) VALUES (4, 'alice@chat.test', 1);
     INSERT INTO contact VALUES (4, 'bob@chat.test', 'Bob', 'both', 0, 0);
     INSERT INTO contact_group VALUES (4, 'bob@chat.test', 'Amis');
     INSERT INTO avatar VALUES (x'0707070707070707070707070707070707070707', x'00');
     INSERT INTO avatar_choice VALUES (4, 'bob@chat.test', x'0707070707070707070707070707070707070707');
     INSERT INTO capability (ver) VALUES ('v');
     INSERT INTO conversation (id, account, peer, draft, unread, active_at)
     VALUES (9, 4, 'bob@chat.test', 'brouillon', 1, 30);
     INSERT INTO message (id, conversation, direction, origin, stanza_by, stanza_id, body, unreadable, at, state, problem, unread)
     VALUES (1, 9, 0, 'i1', 'alice@chat.test', 's1', 'mirabelle', NULL, 10, 0, NULL, 1),
            (2, 9, 1, 'o1', NULL, NULL, 'prune', NULL, 20, 1, NULL, 0),
            (3, 9, 0, NULL, 'alice@chat.test', 's2', NULL, 'over-limits', 30, 0, NULL, 0),
            (4, 9, 1, 'o2', 'alice@chat.test', 's3', 'cerise', NULL, 25, 3, 'refused', 0);",
    "UPDATE message SET unreached = 2 WHERE id = 4;",
    "",
    "",
    "",
    "INSERT INTO archive (account, jid, reached, at) VALUES (4, 'alice@chat.test', 's3', 25);",
    "",
    "UPDATE archive SET gap_until = 28;",
    "",
    "UPDATE message SET place = at, written = direction; UPDATE message SET early = 1 WHERE at >= 28;",
    "",
    "INSERT INTO reading VALUES (4, 'bob@chat.test', 's1', 's2', 'i1');",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
];

#[tokio::test]
async fn every_old_schema_is_brought_up_to_date_with_what_it_holds() {
    assert_eq!(USED.len(), migrate::STEPS.len(), "say what the new schema may hold");
    for version in 1..migrate::STEPS.len() {
        let folder = tempfile::tempdir().unwrap();
        let steps = &migrate::STEPS[..version];
        let (store, reader) = Store::open_with_steps(folder.path(), Options::default(), steps).unwrap();
        for used in &USED[..version] {
            store.run("test", |ledger| ledger.connection.execute_batch(used)).await.unwrap();
        }
        store.close();
        drop(reader);

        let (store, reader) = Store::open(folder.path(), Options::default()).unwrap();
        let [account] = reader.accounts().unwrap().try_into().unwrap();
        assert_eq!((account.id, account.plain_allowed), (AccountId(4), true));
        assert_eq!(reader.contact(account.id, &bob()).unwrap().unwrap().item.groups, ["Amis"]);
        let page = reader.page(account.id, &bob(), None, 10).unwrap();
        assert_eq!(page.iter().map(text).collect::<Vec<_>>(), ["mirabelle", "prune", "cerise", "OverLimits"]);
        assert!(
            page.iter()
                .all(|message| message.protection == Protection::Clear && message.unreached.is_empty())
        );
        assert_eq!(page[2].state, MessageState::Failed(Problem::Refused));
        assert_eq!(reader.search("mirabelle", None, None, None, 9).unwrap().len(), 1);
        let [conversation] = reader.conversations().unwrap().try_into().unwrap();
        assert_eq!((conversation.privacy, conversation.unread), (Privacy::Encrypted, 1));
        assert_eq!(conversation.draft, "brouillon");
        let restored = store.restore(account.id).await.unwrap();
        assert_eq!(restored.pending.len(), 1);
        // What was caught up with before there were gaps has none.
        let gap = (version >= 8).then(|| at(28));
        assert_eq!((restored.archive.is_some(), restored.gap), (version >= 6, gap));
        assert_eq!(
            (restored.pending[0].body.as_str(), restored.pending[0].privacy),
            ("prune", Privacy::Clear)
        );
        // It may have left.
        assert_eq!(restored.pending[0].left, Left::Unknown);
        // There were no keys yet, and still it is known to whom the person has written.
        let encryption = RestoredEncryption { partners: vec![bob()], ..RestoredEncryption::default() };
        assert_eq!(restored.encryption, encryption);
        let epoch = store.epoch().await.unwrap();
        assert_eq!(Epoch { name: String::new(), ..epoch }, Epoch::default());
        // What was known by its names still is.
        let again = [
            NewMessage { stanza: stanza("s1"), origin: None, ..incoming("", "mirabelle", 10) },
            incoming("i1", "mirabelle", 10),
            outgoing("o1", "prune", 20),
        ];
        let events = store.commit(account.id, again.into_iter().map(change).collect()).await.unwrap().events;
        assert_eq!(events, []);
        // And it is no different from one that was made today.
        let schema = |folder: &std::path::Path| {
            let connection = Connection::open(folder.join(DATABASE)).unwrap();
            let sql = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name";
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.collect::<Result<Vec<(String, Option<String>)>, _>>().unwrap()
        };
        store.close();
        let fresh = Lab::new().await;
        fresh.store.clone().close();
        assert_eq!(schema(folder.path()), schema(fresh.folder.path()));
    }
}

/// The steps of today and one of tomorrow.
fn with(step: &'static str) -> Vec<&'static str> {
    let mut steps = migrate::STEPS.to_vec();
    steps.push(step);
    steps
}

async fn old() -> tempfile::TempDir {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i", "text", 1))]).await;
    lab.store.clone().close();
    lab.folder
}

fn version(path: &std::path::Path) -> i64 {
    migrate::version(&Connection::open(path).unwrap()).unwrap()
}

#[tokio::test]
async fn a_step_is_taken_once_with_a_copy_kept_before() {
    let folder = old().await;
    let database = folder.path().join(DATABASE);
    let known = migrate::STEPS.len() as i64;
    let copy = migrate::copy_path(&database, known);
    assert!(!copy.exists(), "a new database needs no copy");
    // Such a step takes a table apart that others refer to.
    let steps = with(
        "ALTER TABLE conversation RENAME TO old_conversation;
         CREATE TABLE conversation (id INTEGER PRIMARY KEY, account INTEGER REFERENCES account, peer TEXT, extra TEXT);
         INSERT INTO conversation SELECT id, account, peer, 'new' FROM old_conversation;
         CREATE TABLE mark (text TEXT);",
    );
    let (store, reader) = Store::open_with_steps(folder.path(), Options::default(), &steps).unwrap();
    assert_eq!(version(&database), known + 1);
    let account = reader.accounts().unwrap()[0].id;
    assert_eq!(reader.count(account, &bob()).unwrap(), 1);
    store.close();
    drop(reader);

    assert_eq!(version(&copy), known);
    let kept = Connection::open(&copy).unwrap();
    let text: String = kept.query_row("SELECT body FROM message", (), |row| row.get(0)).unwrap();
    assert_eq!(text, "text");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The program of today does not touch what the one of tomorrow has made.
    let error = Store::open(folder.path(), Options::default()).map(|_| ()).unwrap_err();
    assert!(matches!(error, OpenError::Newer { .. }), "{error:?}");
    // And the copy can take its place.
    fs::rename(&copy, &database).unwrap();
    let (_store, reader) = Store::open(folder.path(), Options::default()).unwrap();
    assert_eq!(reader.count(account, &bob()).unwrap(), 1);
}

#[tokio::test]
async fn a_copy_is_kept_before_each_of_several_steps() {
    let folder = old().await;
    let database = folder.path().join(DATABASE);
    let known = migrate::STEPS.len() as i64;
    let mut steps = with("CREATE TABLE mark (text TEXT); INSERT INTO mark VALUES ('one');");
    steps.extend(["UPDATE mark SET text = 'two'", "INSERT INTO nowhere VALUES (1)"]);
    Store::open_with_steps(folder.path(), Options::default(), &steps).map(|_| ()).unwrap_err();
    // What went well before the step that failed stays.
    assert_eq!(version(&database), known + 2);
    steps[migrate::STEPS.len() + 2] = "DROP TABLE mark";
    let (store, _reader) = Store::open_with_steps(folder.path(), Options::default(), &steps).unwrap();
    store.close();
    assert_eq!(version(&database), known + 3);

    let marks = |version| {
        let kept = Connection::open(migrate::copy_path(&database, version)).unwrap();
        assert_eq!(migrate::version(&kept).unwrap(), version);
        kept.query_row("SELECT text FROM mark", (), |row| row.get::<_, String>(0)).ok()
    };
    let marks = [marks(known), marks(known + 1), marks(known + 2)];
    assert_eq!(marks, [None, Some("one".to_owned()), Some("two".to_owned())]);
    // A database that is made with all steps needs none.
    let fresh = tempfile::tempdir().unwrap();
    let (store, _reader) = Store::open_with_steps(fresh.path(), Options::default(), &steps).unwrap();
    store.close();
    let copies = fs::read_dir(fresh.path()).unwrap().flatten();
    assert!(!copies.into_iter().any(|entry| entry.file_name().to_string_lossy().contains("before")));
}

#[tokio::test]
async fn a_step_that_fails_changes_nothing() {
    let folder = old().await;
    let database = folder.path().join(DATABASE);
    for bad in [
        "CREATE TABLE mark (text TEXT); INSERT INTO nowhere VALUES (1);",
        // Leaves messages without their conversation.
        "CREATE TABLE mark (text TEXT); DELETE FROM conversation;",
    ] {
        Store::open_with_steps(folder.path(), Options::default(), &with(bad)).map(|_| ()).unwrap_err();
        assert_eq!(version(&database), migrate::STEPS.len() as i64);
        let (store, reader) = Store::open(folder.path(), Options::default()).unwrap();
        let account = reader.accounts().unwrap()[0].id;
        assert_eq!(reader.count(account, &bob()).unwrap(), 1);
        store.close();
    }
    // What the failed tries left is no obstacle for the one that succeeds.
    let good = with("CREATE TABLE mark (text TEXT);");
    let (store, _reader) = Store::open_with_steps(folder.path(), Options::default(), &good).unwrap();
    store.close();
}

/// The copies hold what is deleted and replaced later.
#[tokio::test]
async fn the_copies_go_when_the_new_schema_has_been_good_for_a_run() {
    let folder = old().await;
    let database = folder.path().join(DATABASE);
    let copy = migrate::copy_path(&database, migrate::STEPS.len() as i64);
    let steps = with("CREATE TABLE mark (text TEXT)");
    let others = ["causerie.before-x.db", "causerie.before-1.db.txt", "other.before-1.db"];
    others.iter().for_each(|name| fs::write(folder.path().join(name), "theirs").unwrap());
    for there in [true, false] {
        let (store, _reader) = Store::open_with_steps(folder.path(), Options::default(), &steps).unwrap();
        assert_eq!(copy.exists(), there);
        store.close();
    }
    assert!(others.iter().all(|name| folder.path().join(name).exists()));
}

#[test]
fn the_copys_name_tells_the_step_before_which_it_was_made() {
    let copy = migrate::copy_path(std::path::Path::new("/data/causerie.db"), 3);
    assert_eq!(copy, std::path::Path::new("/data/causerie.before-4.db"));
}
