//! Full-text search.

use causerie_model::{Event, NewMessage};

use super::lab::{Lab, bob, change, incoming, jid, outgoing, text};

const TEXTS: [&str; 8] = [
    "Le déjeuner est prêt",
    "明日は東京で会いましょう",
    "안녕하세요, 친구",
    "สวัสดีครับ",
    "PUGÉTÊ n'est pas un mot",
    "rendez-vous à 東京 demain",
    "C++ or C#? NEAR(it) * ^ {x} \"quoted\"; -- drop table",
    "Le dîner aussi",
];

async fn library() -> Lab {
    let lab = Lab::new().await;
    let messages = TEXTS.iter().zip(0..).map(|(text, n)| change(incoming(&format!("i{n}"), text, n)));
    lab.commit(messages.collect()).await;
    lab
}

#[tokio::test]
async fn words_are_found_whatever_their_script_case_and_accents() {
    let lab = library().await;
    let expect = |query: &str, wanted: &[usize]| {
        let wanted: Vec<_> = wanted.iter().map(|index| TEXTS[*index]).collect();
        assert_eq!(lab.search(query), wanted, "{query:?}");
    };
    expect("dejeuner", &[0]);
    expect("LE", &[7, 0]);
    expect("le di", &[7]);
    expect("di le", &[]);
    expect("le di ", &[]);
    expect("pugete", &[4]);
    expect("東京", &[5, 1]);
    expect("京東", &[]);
    expect("会いま", &[1]);
    expect("東京 demain", &[5]);
    expect("안녕", &[2]);
    expect("하세", &[2]);
    expect("สวัส", &[3]);
    expect("rendez-vous", &[5]);
    expect("dej", &[0]);
    expect("eju", &[]);
    expect("l", &[]);
    expect("d", &[]);
    expect("n", &[4]);
    expect("京", &[5, 1]);
    expect("absent", &[]);
}

#[tokio::test]
async fn what_looks_like_a_query_language_is_only_text() {
    let lab = library().await;
    for query in [
        "'",
        "\"",
        "\"\"",
        ";",
        "--",
        "NEAR(",
        "NEAR(a b, 3)",
        "*",
        "^",
        "{",
        "}",
        "(",
        ")",
        "a OR",
        "AND",
        "NOT x",
        "body:x",
        "-x",
        "a*b",
        "x^",
        "{body}: x",
        "'; DROP TABLE message; --",
        "\0",
        "a\0b",
        "\u{feff}",
        "%",
        "_",
        "\\",
        "+",
        "a + b",
        ":",
        "\u{1f389}",
        "\u{0301}",
        "\u{202e}abc",
    ] {
        lab.reader.search(query, None, None, None, 10).unwrap();
    }
    assert_eq!(lab.search("NEAR(it)"), [TEXTS[6]]);
    assert_eq!(lab.search("\"quoted\""), [TEXTS[6]]);
    assert_eq!(lab.search("or NEAR"), [TEXTS[6]]);
    assert_eq!(lab.search(&"zz ".repeat(100_000)), [""; 0]);
    assert_eq!(lab.search(&"z".repeat(100_000)), [""; 0]);
    assert_eq!(lab.page().len(), TEXTS.len());
}

#[tokio::test]
async fn the_index_is_up_to_date_from_the_first_message_and_follows_removals() {
    let lab = Lab::new().await;
    assert_eq!(lab.search("premier"), [""; 0]);
    lab.commit(vec![change(outgoing("o1", "premier", 1))]).await;
    assert_eq!(lab.search("premier"), ["premier"]);
    lab.sql("DELETE FROM message").await;
    assert_eq!(lab.search("premier"), [""; 0]);
    lab.sql("INSERT INTO message_text (message_text) VALUES ('integrity-check')").await;
}

#[tokio::test]
async fn a_search_can_be_narrowed_and_continued() {
    let lab = Lab::new().await;
    let other = lab.store.add_account(&jid("alice@other.test"), None).await.unwrap();
    let carol = jid("carol@chat.test");
    for (account, name) in [(lab.account, "mine"), (other, "other")] {
        for peer in [bob(), carol.clone()] {
            for n in 0..10 {
                let body = format!("mot {name} {} {n}", peer.local().unwrap());
                let message = NewMessage { peer: peer.clone(), ..incoming(&format!("i{n}"), &body, n) };
                let events = lab.store.commit(account, vec![change(message)]).await.unwrap().events;
                assert!(matches!(events[1], Event::MessageReceived { .. }));
            }
        }
    }
    let count = |account, peer| {
        let found = lab.reader.search("mot", account, peer, None, 100).unwrap();
        assert!(found.iter().all(|found| account.is_none_or(|account| account == found.account)));
        assert!(found.iter().all(|found| peer.is_none_or(|peer| *peer == found.message.peer)));
        assert!(found.is_sorted_by(|a, b| a.message.id > b.message.id));
        found.len()
    };
    assert_eq!(count(None, None), 40);
    assert_eq!(count(Some(other), None), 20);
    assert_eq!(count(None, Some(&carol)), 20);
    assert_eq!(count(Some(other), Some(&carol)), 10);

    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = lab.reader.search("mot", Some(other), None, before, 7).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.message.id);
        seen.extend(page.iter().map(|found| text(&found.message)));
    }
    assert_eq!(seen.len(), 20);
    assert_eq!(seen[0], "mot other carol 9");
    assert_eq!(seen[19], "mot other bob 0");
}

#[tokio::test]
async fn words_that_were_removed_leave_the_files() {
    let lab = Lab::new().await;
    let mut changes: Vec<_> = (0..50).map(|n| change(incoming(&format!("i{n}"), "reste", n))).collect();
    changes.push(change(incoming("secret", "mirabelle", 99)));
    lab.commit(changes).await;
    lab.store.flush().await.unwrap();
    let is_there = || {
        let files = std::fs::read_dir(lab.folder.path()).unwrap();
        files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).any(|bytes| {
            // Only a word's end is in the index, if another begins in the same way.
            bytes.windows(b"irabelle".len()).any(|window| window == b"irabelle")
        })
    };
    assert!(is_there());
    // Also after an account was removed, where it is done in another way.
    let other = lab.store.add_account(&jid("alice@other.test"), None).await.unwrap();
    lab.store.remove_account(other).await.unwrap();
    lab.sql("DELETE FROM message WHERE origin = 'secret'").await;
    lab.store.flush().await.unwrap();
    assert!(!is_there());
    assert_eq!(lab.search("mirabelle"), [""; 0]);
    assert_eq!(lab.search("reste").len(), 50);
    lab.sql("INSERT INTO message_text (message_text) VALUES ('integrity-check')").await;
}
