//! Messages: each once, in order, in both databases.

use acceptance::Kind;
use serde_json::json;

use super::scene::{Scene, on_both_servers, texts};

on_both_servers!(
    five_hundred_each_way,
    words_of_all_kinds,
    to_somebody_who_is_away,
    typing_is_seen,
    read_and_unread
);

fn five_hundred_each_way(kind: Kind) {
    const COUNT: usize = 500;
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    let text = |who: &str, number: usize| format!("{who} {number}");
    for number in 0..COUNT {
        alice.ask(&json!({ "do": "send", "to": bobs, "body": text("alice", number) }));
        bob.ask(&json!({ "do": "send", "to": alices, "body": text("bob", number) }));
    }
    for (driven, peer) in [(&mut alice, &bobs), (&mut bob, &alices)] {
        driven.until(&json!({ "do": "count", "peer": peer }), |answer| answer["count"] == 2 * COUNT);
    }
    let all = |who: &str| (0..COUNT).map(|number| text(who, number)).collect::<Vec<_>>();
    assert_eq!(texts(&mut alice, &alices, &bobs, "out"), all("alice"));
    assert_eq!(texts(&mut alice, &alices, &bobs, "in"), all("bob"));
    assert_eq!(texts(&mut bob, &bobs, &alices, "out"), all("bob"));
    assert_eq!(texts(&mut bob, &bobs, &alices, "in"), all("alice"));
    // The program's own word for each, and what is on the disk.
    let told = alice.events_so_far(&json!({ "event": "message" }));
    let told: Vec<&str> = told.iter().filter_map(|message| message["text"].as_str()).collect();
    assert_eq!(told, all("bob"));
    alice.until(&json!({ "do": "page", "peer": bobs, "limit": 2 * COUNT }), |answer| {
        let messages = answer["messages"].as_array().unwrap();
        messages.iter().all(|message| message["state"] != "pending")
    });
    assert!(alice.quit() && bob.quit());
    assert_eq!(texts(&mut scene.start("bob"), &bobs, &alices, "in"), all("alice"));
}

fn words_of_all_kinds(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let texts = [
        "été ☕ 👩‍👩‍👧‍👦 漢字",
        "<b>&amp; ]]> \"quotes\" 'and' <!-- more -->",
        "two\nlines, and\ttabs",
        "/me waves",
        "\u{202e}backwards\u{202c}",
        "?",
    ];
    for text in texts {
        let answer = alice.ask(&json!({ "do": "send", "to": bobs, "body": text }));
        alice.event(&json!({ "event": "state", "message": answer["message"], "state": "sent" }));
        let message = bob.event(&json!({ "event": "message", "peer": alices }));
        assert_eq!(message["text"], text);
    }
    let found = bob.ask(&json!({ "do": "search", "words": "quotes and" }));
    assert_eq!(found["messages"].as_array().map(Vec::len), Some(1));
}

fn to_somebody_who_is_away(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    // He has been here once, and has keys.
    assert!(scene.online("bob").quit());
    scene.server.wait_until_gone("bob");
    let mut alice = scene.online("alice");
    for number in 0..20 {
        let answer = alice.ask(&json!({ "do": "send", "to": bobs, "body": format!("later {number}") }));
        alice.event(&json!({ "event": "state", "message": answer["message"], "state": "sent" }));
    }
    scene.server.wait_until_kept("bob", 20);
    let mut bob = scene.online("bob");
    bob.until(&json!({ "do": "count", "peer": alices }), |answer| answer["count"] == 20);
    let expected: Vec<String> = (0..20).map(|number| format!("later {number}")).collect();
    assert_eq!(texts(&mut bob, &bobs, &alices, "in"), expected);
}

fn typing_is_seen(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    // Nobody is told that we write before they have written to us or we to them.
    alice.ask(&json!({ "do": "send", "to": bobs, "body": "Hello" }));
    bob.event(&json!({ "event": "message" }));
    bob.ask(&json!({ "do": "send", "to": alices, "body": "Hi" }));
    alice.event(&json!({ "event": "message" }));
    bob.ask(&json!({ "do": "chat_state", "to": alices, "state": "composing" }));
    alice.event(&json!({ "event": "chat_state", "jid": bobs, "state": "composing" }));
    bob.ask(&json!({ "do": "send", "to": alices, "body": "…" }));
    alice.event(&json!({ "event": "message", "text": "…" }));
}

fn read_and_unread(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    for number in 0..3 {
        bob.ask(&json!({ "do": "send", "to": alices, "body": number.to_string() }));
    }
    let unread = |count: u32| move |answer: &serde_json::Value| answer["conversations"][0]["unread"] == count;
    alice.until(&json!({ "do": "conversations" }), unread(3));
    alice.ask(&json!({ "do": "draft", "peer": bobs, "text": "I was about to" }));
    alice.ask(&json!({ "do": "mark_read", "peer": bobs }));
    alice.event(&json!({ "event": "read", "peer": bobs }));
    assert!(alice.quit());
    let mut alice = scene.start("alice");
    let answer = alice.until(&json!({ "do": "conversations" }), unread(0));
    assert_eq!(answer["conversations"][0]["draft"], "I was about to");
}
