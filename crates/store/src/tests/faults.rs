//! Every write of a story fails, one after the other, in every way that can be made to happen; and the power goes after every byte that
//! matters. Each commit is there whole or not at all, what failed is committed by asking again, and the file stays sound.
//!
//! A row: a trigger that fails at the k-th row which a commit writes, outside of the search index. A page: no room for the k-th
//! page. A write: the system refuses the k-th write to the log, half-way. They print what they have counted, for the README.

#![expect(clippy::print_stdout, reason = "the figures are for the README")]

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use causerie_model::{
    Change, DeviceId, Event, Fingerprint, MessageId, MessageState, NewMessage, OmemoVersion, OriginId,
    PendingOut, Privacy, Problem, Protection, Reached, RosterItem, Sealing, SessionName, Subscription, Trust,
    Unreached,
};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, ffi};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing, stanza};
use crate::commit::Durability;
use crate::open::DATABASE;
use crate::{Options, Store};

/// SQLite's page in this database, and what precedes each in the log, and the log's own head, in bytes
/// (<https://sqlite.org/fileformat2.html> §4.1).
const PAGE: usize = 4_096;
const FRAME_HEAD: usize = 24;
const LOG_HEAD: usize = 32;

/// What happens in the first minutes of somebody: a roster, keys, messages both ways, and so on.
fn story() -> Vec<Vec<Change>> {
    let id = |id: &str| OriginId::new(id).unwrap();
    let device = |id| DeviceId::new(id).unwrap();
    let session = |byte: u8| Change::SessionSet {
        with: SessionName { jid: bob(), device: device(7), version: OmemoVersion::Omemo2 },
        sealed: vec![byte; 2_900],
    };
    let sealed = |message: NewMessage| NewMessage { protection: Protection::Encrypted(None), ..message };
    let item = |address: &str| RosterItem {
        jid: jid(address),
        subscription: Subscription::Both,
        pending_out: PendingOut::default(),
        approved: false,
        name: Some("Somebody".to_owned()),
        groups: vec!["Amis".to_owned(), "Voisins".to_owned()],
    };
    let long = |word: &str| format!("{word} {}", "Il était une fois, et puis encore une fois. ".repeat(150));
    vec![
        vec![Change::RosterReplaced {
            version: Some("v1".to_owned()),
            items: vec![item("bob@chat.test"), item("carol@chat.test"), item("dave@chat.test")],
        }],
        vec![Change::OwnKeysSet { device: device(1), sealed: vec![1; 30_000] }],
        vec![Change::DevicesListed {
            jid: bob(),
            version: OmemoVersion::Omemo2,
            devices: vec![(device(7), Some("Portable".to_owned())), (device(8), None)],
        }],
        vec![
            Change::KeySeen {
                jid: bob(),
                device: device(7),
                fingerprint: Fingerprint([7; 32]),
                trust: Trust::Blind,
                at: at(1),
            },
            session(1),
        ],
        vec![change(sealed(outgoing("o1", &long("premier"), 10)))],
        vec![
            session(2),
            Change::MessageSealed {
                peer: bob(),
                id: id("o1"),
                sealing: Sealing { versions: vec![OmemoVersion::Omemo2], beyond: 2 },
                unreached: vec![(bob(), device(8), Unreached::NoKeys)],
            },
        ],
        vec![Change::MessageStateChanged { peer: bob(), id: id("o1"), state: MessageState::Sent }],
        vec![
            session(3),
            change(sealed(NewMessage { stanza: stanza("a1"), ..incoming("i1", &long("réponse"), 20) })),
            change(sealed(NewMessage { stanza: stanza("a2"), ..incoming("i2", "deux mots", 21) })),
            Change::ArchiveReached {
                archive: jid("alice@chat.test"),
                reached: Reached { id: "a2".to_owned(), at: at(21) },
            },
        ],
        vec![Change::MessageStateChanged { peer: bob(), id: id("o1"), state: MessageState::Read }],
        vec![Change::ReadUpTo { peer: bob(), id: MessageId(2) }],
        vec![Change::DraftSaved { peer: bob(), text: "J’allais dire".into() }],
        vec![Change::TrustSet {
            jid: bob(),
            fingerprint: Fingerprint([7; 32]),
            trust: Trust::Verified,
            at: at(30),
        }],
        vec![Change::PrivacySet { peer: jid("carol@chat.test"), privacy: Privacy::Clear }],
        vec![
            Change::DraftSaved { peer: bob(), text: String::new().into() },
            change(sealed(outgoing("o2", "et voilà", 40))),
        ],
        vec![Change::SessionsForgotten],
    ]
}

/// All that is in the database, table by table, but for its own random name and what SQLite has found out about the rest.
type Contents = Vec<(String, Vec<Vec<Value>>)>;

fn contents(connection: &Connection) -> rusqlite::Result<Contents> {
    let mut tables = connection.prepare(
        "SELECT name FROM sqlite_schema
             WHERE type = 'table' AND name <> 'vault' AND name NOT LIKE 'sqlite_stat%' ORDER BY name",
    )?;
    let tables: Vec<String> = tables.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?;
    let rows = |table: &String| {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
        statement.query_map((), row)?.collect::<Result<Vec<Vec<Value>>, _>>()
    };
    tables.into_iter().map(|table| Ok((table.clone(), rows(&table)?))).collect()
}

impl Lab {
    async fn contents(&self) -> Contents {
        self.store.run("test", |ledger| contents(&ledger.connection)).await.unwrap()
    }

    async fn is_sound(&self) {
        self.sql("INSERT INTO message_text (message_text) VALUES ('integrity-check')").await;
        let said: String = self
            .store
            .run("test", |ledger| ledger.connection.query_row("PRAGMA integrity_check", (), |row| row.get(0)))
            .await
            .unwrap();
        assert_eq!(said, "ok");
    }
}

/// What the story tells when nothing fails.
async fn untroubled() -> (Vec<Vec<Event>>, Contents) {
    let lab = Lab::new().await;
    let mut told = Vec::new();
    for changes in story() {
        told.push(lab.commit(changes).await);
    }
    (told, lab.contents().await)
}

/// Plays the story; each commit is tried with a fault at its first place, its second and so on, until there is no such place any more.
/// Gives how many faults there were.
async fn every_fault(lab: &Lab, problem: &Problem, mut arm: impl AsyncFnMut(&Lab, Option<i64>)) -> usize {
    let (expected, end) = untroubled().await;
    let mut faults = 0;
    for (changes, expected) in story().into_iter().zip(expected) {
        let before = lab.contents().await;
        for place in 1.. {
            arm(lab, Some(place)).await;
            let result = lab.store.commit(lab.account, changes.clone()).await;
            arm(lab, None).await;
            match result {
                // Told in full, however often it failed before.
                Ok(committed) => {
                    assert_eq!(committed.events, expected);
                    break;
                }
                Err(found) => {
                    assert_eq!(
                        (&found, lab.contents().await == before),
                        (problem, true),
                        "{place}: {changes:?}"
                    );
                    faults += 1;
                }
            }
        }
    }
    for (found, wanted) in lab.contents().await.iter().zip(&end) {
        assert_eq!(found, wanted);
    }
    lab.is_sound().await;
    faults
}

#[tokio::test]
async fn every_row_that_fails() {
    for (code, problem) in [
        (ffi::SQLITE_FULL, Problem::DiskFull),
        (ffi::SQLITE_IOERR_WRITE, Problem::DiskFailed),
        (ffi::SQLITE_READONLY, Problem::DiskReadOnly),
    ] {
        let lab = Lab::new().await;
        let left = Arc::new(AtomicI64::new(0));
        let counted = Arc::clone(&left);
        let watched = lab.store.run("test", move |ledger| {
            ledger.connection.create_scalar_function("fault", 0, FunctionFlags::SQLITE_UTF8, move |_| {
                match counted.fetch_sub(1, Ordering::SeqCst) {
                    1 => Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)),
                    _ => Ok(0),
                }
            })?;
            let tables: Vec<String> =
                contents(&ledger.connection)?.into_iter().map(|(name, _)| name).collect();
            let mut watched = 0;
            // SQLite's own are no tables for triggers, and those of the search index would call themselves.
            let ours = tables.iter().filter(|table| !table.starts_with("message_text"));
            for (number, table) in ours.enumerate() {
                for what in ["INSERT", "UPDATE", "DELETE"] {
                    let sql = format!(
                        "CREATE TEMP TRIGGER fault_{number}_{what} BEFORE {what} ON main.\"{table}\" BEGIN
                             SELECT fault();
                         END"
                    );
                    watched += usize::from(ledger.connection.execute_batch(&sql).is_ok());
                }
            }
            Ok(watched)
        });
        assert!(watched.await.unwrap() > 60);
        let faults = every_fault(&lab, &problem, async |_, place| {
            left.store(place.unwrap_or_default(), Ordering::SeqCst);
        });
        let faults = faults.await;
        println!("a row, {problem:?}: {faults}");
        assert!(faults > 40, "{faults}");
    }
}

#[tokio::test]
async fn every_page_that_there_is_no_room_for() {
    let lab = Lab::new().await;
    let faults = every_fault(&lab, &Problem::DiskFull, async |lab, place| {
        let limit = "SELECT page_count FROM pragma_page_count";
        let set = lab.store.run("test", move |ledger| {
            let now: i64 = ledger.connection.query_row(limit, (), |row| row.get(0))?;
            let most = place.map_or(1_000_000, |place| now + place - 1);
            ledger
                .connection
                .query_row(&format!("PRAGMA max_page_count = {most}"), (), |row| row.get::<_, i64>(0))
        });
        set.await.unwrap();
    });
    let faults = faults.await;
    println!("a page, DiskFull: {faults}");
    assert!(faults > 15, "{faults}");
}

/// Whatever of the log is on the disk when the power goes: what is there are the first so many commits, each whole, and all whose end
/// is there. Up to the end of each commit that has to outlive it, the disk was made to write (`Durability::PowerCut`).
#[tokio::test]
async fn the_power_goes_after_every_write() {
    let lab = Lab::new().await;
    lab.store.flush().await.unwrap();
    let log = lab.folder.path().join("causerie.db-wal");
    let mut states = vec![(0, lab.contents().await)];
    let mut durable = Vec::new();
    for changes in story() {
        let durability = Durability::of(&changes);
        lab.commit(changes).await;
        let length = fs::metadata(&log).unwrap().len() as usize;
        states.push((length, lab.contents().await));
        durable.push((durability == Durability::PowerCut).then_some(length));
    }
    let (database, log) = (fs::read(lab.folder.path().join(DATABASE)).unwrap(), fs::read(&log).unwrap());
    let frames = (log.len() - LOG_HEAD) / (FRAME_HEAD + PAGE);
    let mut tried = 0;
    // At the end of each frame, within its head, within its page; and what never got to the disk reads as rubbish.
    for cut in (0..=frames).flat_map(|frame| {
        let end = LOG_HEAD + frame * (FRAME_HEAD + PAGE);
        [end, end + FRAME_HEAD / 2, end + FRAME_HEAD + PAGE / 3]
    }) {
        let cut = cut.min(log.len());
        let rest = if tried % 2 == 0 { 0 } else { (log.len() - cut).min(3 * PAGE) };
        let torn: Vec<u8> = log[..cut].iter().copied().chain(std::iter::repeat_n(0xA5, rest)).collect();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(DATABASE), &database).unwrap();
        fs::write(folder.path().join("causerie.db-wal"), torn).unwrap();
        let (store, reader) = Store::open(folder.path(), Options::default()).unwrap();
        let whole = states.iter().filter(|(end, _)| *end <= cut).count() - 1;
        let found = store.run("test", |ledger| contents(&ledger.connection)).await.unwrap();
        assert!(found == states[whole].1, "cut at {cut}: not the first {whole} commits");
        drop(reader);
        store.close();
        tried += 1;
    }
    let kept = durable.iter().flatten().count();
    println!(
        "the power goes: {tried} times in {} commits, of which {kept} outlive it at once",
        durable.len()
    );
    assert!(frames > 40 && kept > 5, "{frames} {kept}");
}

/// The system refuses a write: only in a process of its own, where that concerns nobody else.
#[cfg(target_os = "linux")]
mod system {
    use std::process::Command;

    use super::*;

    const CHILD: &str = "CAUSERIE_FAULTS_CHILD";

    #[test]
    fn every_write_that_the_system_refuses() {
        // Without a signal, which would end it. A shell leaves it so to what it starts.
        let output = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "tests::faults::system::in_a_process_of_its_own", "--nocapture"])
            .env(CHILD, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let count =
            said.lines().find_map(|line| line.strip_prefix("a write, DiskFailed: ")?.parse::<usize>().ok());
        assert!(
            output.status.success() && count.is_some_and(|count| count > 80),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        println!("a write, DiskFailed: {}", count.unwrap());
    }

    #[tokio::test]
    async fn in_a_process_of_its_own() {
        if std::env::var_os(CHILD).is_none() {
            return;
        }
        let lab = Lab::new().await;
        lab.store.flush().await.unwrap();
        let log = lab.folder.path().join("causerie.db-wal");
        let faults = every_fault(&lab, &Problem::DiskFailed, async |_, place| {
            let most = place.map(|place| {
                let (frame, half) = ((place as usize - 1) / 2, (place as usize - 1) % 2);
                let within = if half == 0 { FRAME_HEAD / 2 } else { FRAME_HEAD + PAGE / 3 };
                end_of_commits(&fs::read(&log).unwrap_or_default()) + frame * (FRAME_HEAD + PAGE) + within
            });
            let most = most.map_or("unlimited".to_owned(), |most| most.to_string());
            let set = Command::new("prlimit")
                .args(["--pid", &std::process::id().to_string(), &format!("--fsize={most}:unlimited")])
                .status();
            assert!(set.unwrap().success());
        });
        println!("\na write, DiskFailed: {}", faults.await);
    }

    /// Where the last commit in a log ends: the next one is written there.
    fn end_of_commits(log: &[u8]) -> usize {
        let frames = log.get(LOG_HEAD..).unwrap_or_default().chunks_exact(FRAME_HEAD + PAGE);
        let mut commits = frames.enumerate().filter(|(_, frame)| frame[4..8] != [0; 4]);
        commits.next_back().map_or(LOG_HEAD, |(last, _)| LOG_HEAD + (last + 1) * (FRAME_HEAD + PAGE))
    }
}
