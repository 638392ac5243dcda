//! What is sealed and was replaced or removed is in no file any more.

use std::collections::{BTreeMap, HashMap, HashSet};

use causerie_model::{Change, DeviceId, OmemoVersion, SessionName};

use super::lab::{Lab, bob, change, incoming, jid, outgoing};

/// Bytes that look like no others.
pub(super) fn blob(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn own(sealed: Vec<u8>) -> Change {
    Change::OwnKeysSet { device: DeviceId::new(1).unwrap(), sealed }
}

pub(super) fn session(number: u64, sealed: Vec<u8>) -> Change {
    let with = SessionName {
        jid: jid(&format!("contact{number}@chat.test")),
        device: DeviceId::new(1).unwrap(),
        version: OmemoVersion::Omemo2,
    };
    Change::SessionSet { with, sealed }
}

impl Lab {
    /// All files of the folder, one after the other.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

/// How many of the blobs have a piece in the files: 16 bytes are enough.
pub(super) fn left(files: &[u8], blobs: &[Vec<u8>]) -> usize {
    let pieces: HashMap<&[u8], usize> = blobs
        .iter()
        .enumerate()
        .flat_map(|(n, blob)| blob.chunks_exact(16).map(move |piece| (piece, n)))
        .collect();
    let found = files.windows(16).filter_map(|window| pieces.get(window));
    found.collect::<HashSet<_>>().len()
}

#[tokio::test]
async fn own_keys_that_were_replaced_leave_the_files() {
    let lab = Lab::new().await;
    let mut gone = Vec::new();
    // Keys grow and shrink as pre-keys are used and refilled.
    for (seed, length) in [(1, 12_000), (2, 3_000), (3, 200), (4, 12_000), (5, 12_000), (6, 40)] {
        let sealed = blob(seed, length);
        lab.commit(vec![own(sealed.clone())]).await;
        lab.store.flush().await.unwrap();
        let files = lab.bytes();
        assert_eq!(left(&files, &gone), 0, "keys before {seed}");
        assert_eq!(left(&files, std::slice::from_ref(&sealed)), 1);
        gone.push(sealed);
    }
    lab.store.remove_account(lab.account).await.unwrap();
    assert_eq!(left(&lab.bytes(), &gone), 0);
}

/// Enough rows, of enough lengths, that SQLite moves them from page to page.
#[tokio::test]
async fn sessions_that_were_replaced_or_removed_leave_the_files() {
    const SESSIONS: u64 = 150;
    let lab = Lab::new().await;
    let mut live = BTreeMap::new();
    let mut gone = Vec::new();
    for step in 0..450 {
        let random = blob(step, 8);
        let number = u64::from(random[0]) * SESSIONS / 256;
        let length = 40 + usize::from(random[1]) * if step % 3 == 0 { 20 } else { 5 };
        let sealed = blob(1_000 + step, length);
        let text = incoming(&format!("i{step}"), &"mot ".repeat(usize::from(random[2])), step as i64);
        lab.commit(vec![session(number, sealed.clone()), change(text)]).await;
        gone.extend(live.insert(number, sealed));
    }
    lab.store.flush().await.unwrap();
    let files = lab.bytes();
    let live: Vec<Vec<u8>> = live.into_values().collect();
    assert!(gone.len() > 200 && live.len() > 100);
    assert_eq!(left(&files, &live), live.len());
    assert_eq!(left(&files, &gone), 0);

    lab.commit(vec![Change::SessionsForgotten]).await;
    lab.store.flush().await.unwrap();
    let files = lab.bytes();
    assert_eq!(left(&files, &live) + left(&files, &gone), 0);
    assert_eq!(lab.reader.count(lab.account, &bob()).unwrap(), 450);
}

#[tokio::test]
async fn the_writer_overwrites_what_it_deletes() {
    let lab = Lab::new().await;
    let setting = lab.store.run("test", |ledger| {
        ledger.connection.pragma_query_value(None, "secure_delete", |row| row.get::<_, i64>(0))
    });
    assert_eq!(setting.await, Ok(1));
    let index = lab.store.run("test", |ledger| {
        let sql = "SELECT v FROM message_text_config WHERE k = 'secure-delete'";
        ledger.connection.query_row(sql, (), |row| row.get::<_, i64>(0))
    });
    assert_eq!(index.await, Ok(1));
    // What is sealed is on pages of its own only if they are of this size.
    let size = lab.store.run("test", |ledger| {
        ledger.connection.pragma_query_value(None, "page_size", |row| row.get::<_, i64>(0))
    });
    assert_eq!(size.await, Ok(4_096));
}

/// A word that looks like no other, and begins like no other: the index keeps of a word only what its neighbour has not.
pub(super) fn word(seed: u64) -> String {
    blob(seed, 24).into_iter().map(|byte| char::from(b'a' + byte % 26)).collect()
}

pub(super) fn words(seeds: std::ops::Range<u64>) -> Vec<Vec<u8>> {
    seeds.map(|seed| word(seed).into_bytes()).collect()
}

/// How many of the words have a piece of ten letters in the files.
pub(super) fn words_left(files: &[u8], words: &[Vec<u8>]) -> usize {
    let pieces: HashMap<&[u8], usize> = words
        .iter()
        .enumerate()
        .flat_map(|(n, word)| word.windows(10).map(move |piece| (piece, n)))
        .collect();
    files.windows(10).filter_map(|window| pieces.get(window)).collect::<HashSet<_>>().len()
}

/// Whoever is deleted leaves nothing: not in the rows, not in the index, not in the log, not in what another row has left behind as it
/// was moved.
#[tokio::test]
async fn the_words_of_messages_that_were_deleted_are_in_no_file() {
    const MESSAGES: u64 = 400;
    let lab = Lab::new().await;
    for n in 0..MESSAGES {
        let filler = "mot ".repeat((n % 7) as usize * 20);
        let text = format!("{} {filler}", word(n));
        lab.commit(vec![change(outgoing(&format!("o{n}"), &text, n as i64))]).await;
        // A row that changes its length moves others about.
        let id = causerie_model::OriginId::new(&format!("o{}", n / 2)).unwrap();
        let state = match n % 3 {
            0 => causerie_model::MessageState::Failed(causerie_model::Problem::Refused),
            _ => causerie_model::MessageState::Sent,
        };
        lab.commit(vec![Change::MessageStateChanged { peer: bob(), id, state }]).await;
    }
    lab.store.flush().await.unwrap();
    let all = words(0..MESSAGES);
    assert_eq!(words_left(&lab.bytes(), &all), all.len());
    lab.sql("DELETE FROM message WHERE id % 3 <> 0").await;
    lab.store.flush().await.unwrap();
    let files = lab.bytes();
    let (live, gone): (Vec<_>, Vec<_>) =
        all.into_iter().zip(1..).partition(|(_, id): &(Vec<u8>, u64)| id % 3 == 0);
    let bare = |words: Vec<(Vec<u8>, u64)>| words.into_iter().map(|(word, _)| word).collect::<Vec<_>>();
    let (live, gone) = (bare(live), bare(gone));
    assert_eq!(words_left(&files, &live), live.len());
    assert_eq!(words_left(&files, &gone), 0);
    lab.store.remove_account(lab.account).await.unwrap();
    assert_eq!(words_left(&lab.bytes(), &live), 0);
}

#[tokio::test]
async fn a_draft_that_was_sent_or_dropped_is_in_no_file() {
    let lab = Lab::new().await;
    for n in 0..20 {
        lab.commit(vec![change(incoming(&format!("i{n}"), "mot", n))]).await;
        let text = word(n as u64);
        lab.commit(vec![Change::DraftSaved { peer: bob(), text: text.into() }]).await;
    }
    lab.commit(vec![Change::DraftSaved { peer: bob(), text: String::new().into() }]).await;
    lab.store.flush().await.unwrap();
    assert_eq!(words_left(&lab.bytes(), &words(0..20)), 0);
}
