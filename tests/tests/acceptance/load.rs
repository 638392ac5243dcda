//! Large, and many.

use acceptance::Kind;
use acceptance::server::Entry;
use serde_json::json;

use super::scene::{Scene, contact, on_both_servers, password};

on_both_servers!(a_roster_of_5000, long_messages);

fn a_roster_of_5000(kind: Kind) {
    const COUNT: usize = 5_000;
    let scene = Scene::new(kind, &[]);
    let entry = |number: usize| Entry {
        jid: format!("contact{number}@{}", scene.server.domain()),
        name: format!("Contact n° {number}"),
    };
    let roster: Vec<Entry> = (0..COUNT).map(entry).collect();
    scene.server.add_user_with_roster("alice", &password("alice"), &roster);
    let mut alice = scene.online("alice");
    let all = |answer: &serde_json::Value| answer["contacts"].as_array().map(Vec::len) == Some(COUNT);
    let answer = alice.until(&json!({ "do": "contacts" }), all);
    let last = contact(&answer, &entry(COUNT - 1).jid).unwrap();
    assert_eq!((&last["name"], &last["subscription"]), (&json!("Contact n° 4999"), &json!("both")));
    // One of them goes, by a push.
    alice.ask(&json!({ "do": "remove_contact", "jid": entry(17).jid }));
    alice.until(&json!({ "do": "contacts" }), |answer| contact(answer, &entry(17).jid).is_none());
    assert!(alice.quit());
    let mut alice = scene.online("alice");
    let answer = alice.ask(&json!({ "do": "contacts" }));
    assert_eq!(answer["contacts"].as_array().map(Vec::len), Some(COUNT - 1));
}

fn long_messages(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    for (privacy, length) in [("encrypted", 70_000), ("clear", 170_000)] {
        alice.ask(&json!({ "do": "privacy", "peer": bobs, "privacy": privacy }));
        let body = "0123456789 é ☕ &<>\n".repeat(length / 30);
        if privacy == "clear" {
            scene.server.is_clear(&body);
        }
        alice.ask(&json!({ "do": "send", "to": bobs, "body": body }));
        let message = bob.event(&json!({ "event": "message", "peer": alices }));
        assert!(message["text"] == *body, "it arrives as it was sent");
    }
    // What servers end the stream over isn't sent at all, and what comes after it is.
    let megabyte = alice.ask(&json!({ "do": "send", "to": bobs, "body": "x".repeat(1_000_000) }));
    let refused = json!({ "event": "state", "message": megabyte["message"], "state": "failed" });
    assert_eq!(alice.event(&refused)["problem"], "over_limits");
    scene.server.is_clear("Too long?");
    alice.ask(&json!({ "do": "send", "to": bobs, "body": "Too long?" }));
    bob.event(&json!({ "event": "message", "text": "Too long?" }));
    assert!(alice.events_so_far(&json!({ "event": "connection", "state": "waiting" })).is_empty());
}
