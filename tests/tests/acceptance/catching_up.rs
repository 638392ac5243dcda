//! What was missed in a long absence, what was read elsewhere, and what is not to be sent after all.

use acceptance::server::Entry;
use acceptance::{Driven, Kind};
use serde_json::{Value, json};

use super::scene::{DRIVE, Scene, on_both_servers, password, texts};

on_both_servers!(
    a_long_absence_is_caught_up_with_through_stops_and_kills,
    what_was_read_here_was_read_on_all_devices,
    a_message_that_waits_is_taken_back,
);

const MISSED: usize = 1_500;
const PEOPLE: usize = 5;

fn a_long_absence_is_caught_up_with_through_stops_and_kills(kind: Kind) {
    let scene = Scene::new(kind, &["bob"]);
    let people: Vec<String> = (0..PEOPLE).map(|number| format!("contact{number}")).collect();
    people.iter().for_each(|name| scene.server.add_user(name, &password(name)));
    let peers: Vec<String> = people.iter().map(|name| scene.server.jid(name)).collect();
    let roster: Vec<Entry> = peers.iter().map(|jid| Entry { jid: jid.clone(), name: jid.clone() }).collect();
    scene.server.add_user_with_roster("alice", &password("alice"), &roster);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    // Something is there, so that it is known where to go on.
    let mut bob = scene.online("bob");
    let mut alice = scene.online("alice");
    scene.server.is_clear("before");
    bob.ask(&json!({ "do": "privacy", "peer": alices, "privacy": "clear" }));
    bob.ask(&json!({ "do": "send", "to": alices, "body": "before" }));
    alice.event(&json!({ "event": "message", "peer": bobs, "text": "before" }));
    assert!(alice.quit() && bob.quit());
    scene.server.wait_until_gone("alice");
    let mut alice = scene.start("alice");
    alice.sign_in(&scene.server, "alice", &password("alice"));
    alice.event(&json!({ "event": "catch_up", "state": "done" }));
    assert!(alice.quit());
    scene.server.wait_until_gone("alice");
    scene.server.fill_archive("alice", &peers, MISSED);

    let last = |answer: &Value| answer["messages"][0]["text"].clone();
    let newest = json!({ "do": "page", "peer": peers[PEOPLE - 1], "limit": 1 });
    let mut alice = scene.start("alice");
    alice.sign_in(&scene.server, "alice", &password("alice"));
    // The newest are here before the rest.
    alice.until(&newest, |answer| last(answer) == format!("message {}", MISSED - 1));
    alice.kill();
    let mut alice = Driven::start(DRIVE, &scene.data_of("alice"));
    alice.sign_in(&scene.server, "alice", &password("alice"));
    alice.ask(&json!({ "do": "stop_catch_up" }));
    alice.ask(&json!({ "do": "start_catch_up" }));
    for peer in &peers {
        let count = json!({ "do": "count", "peer": peer });
        alice.until(&count, |answer| answer["count"] == MISSED / PEOPLE);
    }
    assert!(alice.quit());
    let mut alice = Driven::start(DRIVE, &scene.data_of("alice"));
    alice.sign_in(&scene.server, "alice", &password("alice"));
    alice.event(&json!({ "event": "catch_up", "state": "done" }));
    for (number, peer) in peers.iter().enumerate() {
        let expected = (number..MISSED).step_by(PEOPLE).map(|number| format!("message {number}"));
        let expected: Vec<String> = expected.collect();
        assert_eq!(texts(&mut alice, &alices, peer, "in"), expected, "each once, in order");
    }
}

fn what_was_read_here_was_read_on_all_devices(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let second = |name: &str| {
        let mut device = Driven::start(DRIVE, &scene.data_of(name));
        device.sign_in(&scene.server, "alice", &password("alice"));
        device.event(&json!({ "event": "catch_up", "state": "done" }));
        scene.wait_for_keys(&mut device, "alice");
        device
    };
    let (mut first, mut other) = (second("first"), second("other"));
    let mut bob = scene.online("bob");
    let unread = |answer: &Value| {
        let conversations = answer["conversations"].as_array().cloned().unwrap_or_default();
        conversations.iter().find(|conversation| conversation["peer"] == *bobs).map(|it| it["unread"].clone())
    };
    let conversations = json!({ "do": "conversations" });
    // They are no contacts, so that Bob is told nothing, and it is encrypted.
    first.ask(&json!({ "do": "send", "to": bobs, "body": "secret question" }));
    bob.event(&json!({ "event": "message", "peer": alices, "text": "secret question" }));
    for number in 0..3 {
        bob.ask(&json!({ "do": "send", "to": alices, "body": format!("secret {number}") }));
        for device in [&mut first, &mut other] {
            device.event(&json!({ "event": "message", "peer": bobs, "text": format!("secret {number}") }));
        }
    }
    assert_eq!(unread(&other.ask(&conversations)), Some(json!(3)));
    first.ask(&json!({ "do": "mark_read", "peer": bobs }));
    other.event(&json!({ "event": "read", "peer": bobs }));
    assert_eq!(unread(&other.ask(&conversations)), Some(json!(0)));
    // What comes after that is unread, everywhere; and a device that was not there knows what was read.
    bob.ask(&json!({ "do": "send", "to": alices, "body": "secret 3" }));
    other.event(&json!({ "event": "message", "peer": bobs, "text": "secret 3" }));
    assert_eq!(unread(&other.ask(&conversations)), Some(json!(1)));
    let mut third = second("third");
    third.until(&conversations, |answer| unread(answer) == Some(json!(1)));
    // It can be told by any of them.
    other.ask(&json!({ "do": "mark_read", "peer": bobs }));
    first.until(&conversations, |answer| unread(answer) == Some(json!(0)));
    third.until(&conversations, |answer| unread(answer) == Some(json!(0)));
    assert!(first.events_so_far(&json!({ "event": "notice", "notice": "reading_not_shared" })).is_empty());
    // The node was looked at before anything was put into it, and is for Alice alone.
    let seen = scene.server.seen();
    let node = "urn:xmpp:mds:displayed:0";
    let published = seen
        .find(&format!("<publish node='{node}'"))
        .or_else(|| seen.find(&format!("<publish node=\"{node}\"")));
    let before = &seen[..published.expect("something was told")];
    assert!(before.contains("whitelist"), "it was made private first");
}

fn a_message_that_waits_is_taken_back(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    alice.ask(&json!({ "do": "sign_out" }));
    alice.event(&json!({ "event": "connection", "state": "offline" }));
    let send = |alice: &mut Driven, body: &str| {
        alice.ask(&json!({ "do": "send", "to": bobs, "body": body }))["message"].clone()
    };
    let (first, _) = (send(&mut alice, "first"), send(&mut alice, "second"));
    alice.ask(&json!({ "do": "cancel", "to": bobs, "message": first }));
    let failed = json!({ "event": "state", "message": first, "state": "failed" });
    assert_eq!(alice.event(&failed)["problem"], "cancelled");
    alice.ask(&json!({ "do": "reconnect" }));
    bob.event(&json!({ "event": "message", "peer": alices, "text": "second" }));
    send(&mut alice, "third");
    bob.event(&json!({ "event": "message", "peer": alices, "text": "third" }));
    assert_eq!(texts(&mut bob, &bobs, &alices, "in"), ["second", "third"]);
    // Whoever wants it after all sends it.
    alice.ask(&json!({ "do": "retry", "to": bobs, "message": first }));
    bob.event(&json!({ "event": "message", "peer": alices, "text": "first" }));
}
