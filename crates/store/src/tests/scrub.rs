//! A database that is too large to be put together anew loses what was deleted as well.

use causerie_model::{Change, MessageState, OriginId, Problem};

use super::erasure::{word, words, words_left};
use super::lab::{BY_HAND, Lab, bob, change, incoming, outgoing};
use crate::rest::Pace;

/// No database is small.
const LARGE: Pace = Pace { most_bytes: 0, most_bytes_at_the_end: 0, ..BY_HAND };

impl Lab {
    async fn is_whole(&self) {
        for sql in
            ["PRAGMA integrity_check", "SELECT 'ok' FROM message_text WHERE message_text MATCH 'mot' LIMIT 1"]
        {
            let found = self.store.run("test", move |ledger| {
                ledger.connection.query_row(sql, (), |row| row.get::<_, String>(0))
            });
            assert_eq!(found.await.unwrap(), "ok", "{sql}");
        }
        let index = "INSERT INTO message_text (message_text) VALUES ('integrity-check')";
        self.store.run("test", move |ledger| ledger.connection.execute_batch(index)).await.unwrap();
    }
}

/// Enough messages, of enough lengths, that SQLite moves rows from page to page.
async fn filled(pace: Pace, messages: u64) -> Lab {
    let lab = Lab::at_pace(pace).await;
    for n in 0..messages {
        let filler = "mot ".repeat((n % 7) as usize * 20);
        lab.commit(vec![change(outgoing(&format!("o{n}"), &format!("{} {filler}", word(n)), n as i64))])
            .await;
        let id = OriginId::new(&format!("o{}", n / 2)).unwrap();
        let state = match n % 3 {
            0 => MessageState::Failed(Problem::Refused),
            _ => MessageState::Sent,
        };
        lab.commit(vec![Change::MessageStateChanged { peer: bob(), id, state }]).await;
    }
    lab.store.flush().await.unwrap();
    lab
}

#[tokio::test]
async fn the_words_that_were_deleted_are_in_no_file_however_large_that_is() {
    const MESSAGES: u64 = 600;
    let lab = filled(LARGE, MESSAGES).await;
    let all = words(0..MESSAGES);
    assert_eq!(words_left(&lab.bytes(), &all), all.len());
    // Rows that grow by a little, as corrections and devices that were not reached make them, go to other pages.
    for n in 0..MESSAGES {
        let sql = format!(
            "UPDATE message SET corrected = '{}' WHERE id = {}",
            "mot ".repeat(n as usize % 90),
            1 + n * 7 % MESSAGES
        );
        lab.sql(Box::leak(sql.into_boxed_str())).await;
    }
    for round in 0..4 {
        let sql = format!("DELETE FROM message WHERE id % 5 = {round}");
        lab.sql(Box::leak(sql.into_boxed_str())).await;
        lab.store.flush().await.unwrap();
        let files = lab.bytes();
        let of = |is_gone: bool| -> Vec<Vec<u8>> {
            let ids = all.iter().zip(1_u64..);
            ids.filter(|(_, id)| (id % 5 <= round) == is_gone).map(|(word, _)| word.clone()).collect()
        };
        assert_eq!(words_left(&files, &of(true)), 0, "round {round}");
        assert_eq!(words_left(&files, &of(false)), of(false).len(), "round {round}");
        lab.is_whole().await;
        // And it goes on being written to.
        for n in 0..40 {
            let text = "mot ".repeat(n);
            lab.commit(vec![change(incoming(&format!("i{round}-{n}"), &text, n as i64))]).await;
        }
        lab.is_whole().await;
    }
}

/// The thread does it by itself, between what it is asked for.
#[tokio::test]
async fn the_thread_goes_through_the_file_by_itself() {
    let lab = filled(Pace { quiet: std::time::Duration::ZERO, ..LARGE }, 200).await;
    lab.sql("DELETE FROM message WHERE id % 2 = 0").await;
    lab.commit(vec![Change::DraftSaved { peer: bob(), text: "x".into() }]).await;
    let gone: Vec<Vec<u8>> = words(0..200).into_iter().skip(1).step_by(2).collect();
    let pieces = || {
        let sql = "SELECT pieces FROM erased";
        lab.store.run("test", move |ledger| ledger.connection.query_row(sql, (), |row| row.get::<_, i64>(0)))
    };
    while pieces().await.unwrap() != 0 {
        tokio::task::yield_now().await;
    }
    lab.store.epoch().await.unwrap();
    assert_eq!(words_left(&lab.bytes(), &gone), 0);
    lab.is_whole().await;
}

/// What is deleted while the file is being gone through is for the next time, and a program that ends in between begins anew.
#[tokio::test]
async fn what_is_deleted_meanwhile_is_not_forgotten() {
    let lab = filled(LARGE, 100).await;
    for state in [1, 2] {
        lab.sql(if state == 1 { "UPDATE erased SET pieces = 1" } else { "UPDATE erased SET pieces = 2" })
            .await;
        lab.sql(if state == 1 {
            "DELETE FROM message WHERE id = 1"
        } else {
            "DELETE FROM message WHERE id = 2"
        })
        .await;
        let sql = "SELECT pieces FROM erased";
        let pieces = lab
            .store
            .run("test", move |ledger| ledger.connection.query_row(sql, (), |row| row.get::<_, i64>(0)));
        assert_eq!(pieces.await.unwrap(), 1);
        lab.store.flush().await.unwrap();
        assert_eq!(words_left(&lab.bytes(), &words(0..state)), 0);
    }
    lab.is_whole().await;
}

/// The same of what was said of messages, of people and in rooms.
#[tokio::test]
async fn what_is_said_of_messages_and_deleted_meanwhile_is_not_forgotten() {
    let lab = filled(LARGE, 10).await;
    for table in ["annotation", "room_annotation"] {
        let (who, value) = match table {
            "annotation" => ("peer, direction, waits", "'bob@chat.test', 0, 0"),
            _ => ("room, who, waits, listed", "'room@muc.test', 'id-bob', 0, 0"),
        };
        let insert = format!(
            "INSERT INTO {table} (account, kind, target, value, at, state, counts, after, {who})
             VALUES (1, 'correction', 'i1', 'aubergine', 1, 0, 1, 0, {value});
             UPDATE erased SET pieces = 2;"
        );
        for change in ["SET value = 'courgette'", "SET value = ''"] {
            let sql = format!("{insert} UPDATE {table} {change};");
            let pieces = lab.store.run("test", move |ledger| {
                ledger.connection.execute_batch(&sql)?;
                ledger.connection.query_row("SELECT pieces FROM erased", (), |row| row.get::<_, i64>(0))
            });
            assert_eq!(pieces.await.unwrap(), 1, "{table}: {change}");
            let delete =
                format!("UPDATE {table} SET value = 'x'; UPDATE erased SET pieces = 2; DELETE FROM {table};");
            let pieces = lab.store.run("test", move |ledger| {
                ledger.connection.execute_batch(&delete)?;
                ledger.connection.query_row("SELECT pieces FROM erased", (), |row| row.get::<_, i64>(0))
            });
            assert_eq!(pieces.await.unwrap(), 1, "{table}");
        }
    }
}

/// What is written between two batches may move what was deleted to pages that were gone through.
#[tokio::test]
async fn what_is_written_while_the_file_is_gone_through_makes_it_begin_again() {
    const MESSAGES: u64 = 200;
    let lab = filled(Pace { pages_at_once: 4, ..LARGE }, MESSAGES).await;
    let go_on = || {
        lab.store.run("test", |ledger| {
            let later = std::time::Instant::now() + std::time::Duration::from_secs(24 * 60 * 60);
            ledger.empty_log(later);
            ledger.connection.query_row("SELECT pieces FROM erased", (), |row| row.get::<_, i64>(0))
        })
    };
    let check = || {
        let sql = "PRAGMA integrity_check";
        lab.store
            .run("test", move |ledger| ledger.connection.query_row(sql, (), |row| row.get::<_, String>(0)))
    };
    lab.sql("DELETE FROM message WHERE id % 2 = 0").await;
    for n in 0..MESSAGES {
        assert_ne!(go_on().await.unwrap(), 0, "something was written in between, {n}");
        assert_eq!(check().await.unwrap(), "ok");
        let text = "mot ".repeat(n as usize % 50);
        lab.commit(vec![change(incoming(&format!("i{n}"), &text, n as i64))]).await;
    }
    let mut batches = 0;
    while go_on().await.unwrap() != 0 {
        assert_eq!(check().await.unwrap(), "ok");
        batches += 1;
        assert!(batches < 2_000, "this goes on for ever");
    }
    assert!(batches > 3, "it takes more than one batch");
    let gone: Vec<Vec<u8>> = words(0..MESSAGES).into_iter().skip(1).step_by(2).collect();
    assert_eq!(words_left(&lab.bytes(), &gone), 0);
    lab.is_whole().await;
}
