//! Servers that lie about somebody's devices: whatever they say, nothing that was to be secret is said in clear, and when they say how
//! it is, everything arrives.

use acceptance::server::Lie;
use acceptance::{Driven, Kind};
use serde_json::{Value, json};

use super::scene::{DRIVE, Scene, on_both_servers, password, texts};
use super::watch::secret;

on_both_servers!(withheld, missing, emptied, replaced, broken);

fn withheld(kind: Kind) {
    lied_to(kind, Lie::Withheld);
}

fn missing(kind: Kind) {
    lied_to(kind, Lie::Missing);
}

fn emptied(kind: Kind) {
    lied_to(kind, Lie::Emptied);
}

fn replaced(kind: Kind) {
    lied_to(kind, Lie::Replaced);
}

fn broken(kind: Kind) {
    lied_to(kind, Lie::Broken);
}

/// Alice knows Bob's devices, and Carol, who never wrote to him, does not. The server lies to both about them.
fn lied_to(kind: Kind, lie: Lie) {
    let scene = Scene::of_secrets(kind, &["alice", "bob", "carol"]);
    let [alices, bobs, carols] = ["alice", "bob", "carol"].map(|name| scene.server.jid(name));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    send(&mut alice, &bobs, "before");
    arrives(&mut bob, &alices, "before");

    scene.server.lie_about(Some(("bob", lie)));
    // What a change of the list looks like: the same, as it is all that she is told.
    let mut other = Driven::start(DRIVE, &scene.data_of("bob-2"));
    other.sign_in(&scene.server, "bob", &password("bob"));
    scene.wait_for_keys(&mut other, "bob");
    let mut carol = scene.online("carol");
    // And what the list is when it is asked for.
    let mut written = vec![send(&mut alice, &bobs, "after a change")];
    assert!(alice.quit());
    let mut alice = scene.online("alice");
    written.push(send(&mut alice, &bobs, "after a question"));
    let unsent = send(&mut carol, &bobs, "from somebody new");
    for driven in [&mut alice, &mut carol] {
        is_known(driven, &bobs);
    }
    // They have been thought about when what was written later to others has gone.
    for (driven, from, to) in [(&mut alice, &alices, &carols), (&mut carol, &carols, &alices)] {
        let sent = send(driven, to, &format!("from {from}"));
        driven.event(&json!({ "event": "state", "message": sent, "state": "sent" }));
    }
    // Nobody of whom she knows is on the list that she was given.
    let nowhere = state(&mut carol, &bobs, &unsent);
    assert!(nowhere == "failed" || nowhere == "pending", "{nowhere}");
    // Her own choice would be another thing, and nobody but her makes it.
    for driven in [&mut alice, &mut carol] {
        let conversations = driven.ask(&json!({ "do": "conversations" }));
        let all = conversations["conversations"].as_array().expect("conversations");
        assert!(all.iter().all(|conversation| conversation["privacy"] == "encrypted"), "{all:?}");
    }

    scene.server.lie_about(None);
    for (driven, name, written) in [(alice, "alice", written), (carol, "carol", vec![unsent])] {
        assert!(driven.quit());
        let mut driven = scene.online(name);
        for message in &written {
            if state(&mut driven, &bobs, message) == "failed" {
                driven.ask(&json!({ "do": "retry", "to": bobs, "message": message }));
            }
        }
        driven.until(&json!({ "do": "page", "peer": bobs }), |answer| {
            answer["messages"].as_array().is_some_and(|all| {
                all.iter().all(|message| message["state"] != "pending" && message["state"] != "failed")
            })
        });
    }
    for (from, expected) in [
        (&alices, vec!["before", "after a change", "after a question"]),
        (&carols, vec!["from somebody new"]),
    ] {
        let expected: Vec<String> = expected.into_iter().map(secret).collect();
        bob.until(&json!({ "do": "count", "peer": from }), |answer| answer["count"] == expected.len());
        assert_eq!(texts(&mut bob, &bobs, from, "in"), expected);
    }
}

fn send(driven: &mut Driven, to: &str, body: &str) -> Value {
    driven.ask(&json!({ "do": "send", "to": to, "body": secret(body) }))["message"].clone()
}

fn arrives(driven: &mut Driven, from: &str, body: &str) {
    driven.event(&json!({ "event": "message", "peer": from, "text": secret(body) }));
}

fn state(driven: &mut Driven, peer: &str, message: &Value) -> Value {
    let answer = driven.ask(&json!({ "do": "page", "peer": peer }));
    let messages = answer["messages"].as_array().expect("a page");
    messages.iter().find(|one| one["message"] == *message).expect("the message")["state"].clone()
}

/// Waits until it is known whether messages to somebody could be encrypted.
fn is_known(driven: &mut Driven, peer: &str) {
    driven.ask(&json!({ "do": "look_up", "peer": peer }));
    loop {
        let told = driven.event(&json!({ "event": "readiness", "peer": peer }));
        if told["readiness"] != "unknown" && told["readiness"] != "looking" {
            return;
        }
    }
}
