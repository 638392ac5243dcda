//! Encryption end to end, between whole programs over real servers.

use acceptance::{Driven, Kind};
use serde_json::{Value, json};

use super::scene::{Scene, on_both_servers, password, texts};
use super::watch::secret;

on_both_servers!(
    the_first_message_is_encrypted,
    five_devices_and_three,
    two_hundred_while_away,
    killed_before_it_is_kept,
    no_keys_no_message,
    a_new_key_waits_after_a_verification,
    a_lost_database_is_a_new_device
);

/// The last message of a conversation that went this way.
fn last(driven: &mut Driven, peer: &str, direction: &str) -> Value {
    let answer = driven.ask(&json!({ "do": "page", "peer": peer, "limit": 50 }));
    let messages = answer["messages"].as_array().cloned().unwrap_or_default();
    messages.into_iter().rfind(|message| message["direction"] == *direction).unwrap_or_default()
}

fn send(driven: &mut Driven, to: &str, body: &str) -> Value {
    driven.ask(&json!({ "do": "send", "to": to, "body": secret(body) }))["message"].clone()
}

fn arrives(driven: &mut Driven, from: &str, body: &str) -> Value {
    driven.event(&json!({ "event": "message", "peer": from, "text": secret(body) }))
}

fn the_first_message_is_encrypted(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    alice.ask(&json!({ "do": "look_up", "peer": bobs }));
    alice.event(&json!({ "event": "readiness", "peer": bobs, "readiness": "ready" }));
    send(&mut alice, &bobs, "Rendez-vous à midi ☕");
    arrives(&mut bob, &alices, "Rendez-vous à midi ☕");
    // Her device is trusted when it is seen on her list.
    bob.until(&json!({ "do": "page", "peer": alices, "limit": 50 }), |answer| {
        let seal = &answer["messages"][0]["encrypted"];
        seal["version"] == "omemo2" && seal["trust"] == "blind"
    });
    let message = last(&mut bob, &alices, "in");
    assert_eq!(
        (&message["encrypted"]["version"], &message["encrypted"]["trust"]),
        (&json!("omemo2"), &json!("blind"))
    );
    assert_eq!(last(&mut alice, &bobs, "out")["encrypted"], true);
    send(&mut bob, &alices, "D’accord");
    arrives(&mut alice, &bobs, "D’accord");
    // Both name the same key.
    let own = bob.ask(&json!({ "do": "keys", "jid": alices }))["keys"][0]["key"].clone();
    assert_eq!(message["encrypted"]["key"], own);
    // After a restart it goes on.
    assert!(bob.quit());
    scene.server.wait_until_gone("bob");
    send(&mut alice, &bobs, "While you were away");
    scene.server.wait_until_kept("bob", 1);
    let mut bob = scene.online("bob");
    arrives(&mut bob, &alices, "While you were away");
    send(&mut bob, &alices, "Back");
    arrives(&mut alice, &bobs, "Back");
}

fn five_devices_and_three(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let device = |name: &str, number: usize| {
        let mut driven = Driven::start(super::scene::DRIVE, &scene.data_of(&format!("{name}{number}")));
        driven.sign_in(&scene.server, name, &password(name));
        scene.wait_for_keys(&mut driven, name);
        driven
    };
    let mut bobs_devices: Vec<Driven> = (0..5).map(|number| device("bob", number)).collect();
    let mut alices_devices: Vec<Driven> = (0..3).map(|number| device("alice", number)).collect();
    let mut text: String = "x".repeat(499);
    text.push('é');
    send(&mut alices_devices[0], &bobs, &text);
    // Servers give a message for an address to one of its devices, and copies of it to the others.
    for driven in &mut bobs_devices {
        arrives(driven, &alices, &text);
        assert_eq!(last(driven, &alices, "in")["encrypted"]["version"], "omemo2");
    }
    for driven in &mut alices_devices[1..] {
        driven.event(&json!({ "event": "conversation", "peer": bobs }));
        let sent = last(driven, &bobs, "out");
        assert_eq!((&sent["text"], &sent["state"]), (&json!(secret(&text)), &json!("sent")));
        assert_eq!(sent["encrypted"]["trust"], "blind");
    }
}

fn two_hundred_while_away(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    send(&mut alice, &bobs, "first");
    arrives(&mut bob, &alices, "first");
    assert!(bob.quit());
    scene.server.wait_until_gone("bob");
    for number in 0..200 {
        send(&mut alice, &bobs, &format!("{number}"));
    }
    alice.until(&json!({ "do": "page", "peer": bobs, "limit": 300 }), |answer| {
        answer["messages"]
            .as_array()
            .is_some_and(|all| all.iter().all(|message| message["state"] != "pending"))
    });
    scene.server.wait_until_kept("bob", 200);
    let mut bob = scene.online("bob");
    bob.until(&json!({ "do": "count", "peer": alices }), |answer| answer["count"] == 201);
    bob.event(&json!({ "event": "catch_up", "state": "done" }));
    let expected: Vec<String> =
        std::iter::once(secret("first")).chain((0..200).map(|n| secret(&n.to_string()))).collect();
    let mut got = texts(&mut bob, &bobs, &alices, "in");
    // Servers keep offline messages with whole seconds.
    got.sort();
    let mut wanted = expected;
    wanted.sort();
    assert_eq!(got, wanted);
    send(&mut bob, &alices, "All there");
    arrives(&mut alice, &bobs, "All there");
}

fn killed_before_it_is_kept(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    send(&mut alice, &bobs, "first");
    arrives(&mut bob, &alices, "first");
    for round in 0..5 {
        // Wherever it stands, what it had is there afterwards, and what it goes on with can be read.
        let written = send(&mut bob, &alices, &format!("before {round}"));
        // Pending, or sent already.
        bob.event(&json!({ "event": "state", "message": written }));
        bob.kill();
        // The server keeps his session for a while and says that he is there; what it was given for that one comes from the archive.
        bob = scene.online("bob");
        bob.event(&json!({ "event": "catch_up", "state": "done" }));
        arrives(&mut alice, &bobs, &format!("before {round}"));
        send(&mut alice, &bobs, &format!("after {round}"));
        arrives(&mut bob, &alices, &format!("after {round}"));
    }
    assert!(texts(&mut bob, &bobs, &alices, "in").iter().all(|text| text != "(unreadable)"));
    assert!(texts(&mut alice, &alices, &bobs, "in").iter().all(|text| text != "(unreadable)"));
}

fn no_keys_no_message(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let bobs = scene.server.jid("bob");
    let mut alice = scene.online("alice");
    alice.ask(&json!({ "do": "look_up", "peer": bobs }));
    alice.event(&json!({ "event": "readiness", "peer": bobs, "readiness": "no_keys" }));
    let unsent = send(&mut alice, &bobs, "secret");
    let failed = alice.event(&json!({ "event": "state", "message": unsent, "state": "failed" }));
    assert_eq!(failed["problem"], "no_keys");
    alice.ask(&json!({ "do": "privacy", "peer": bobs, "privacy": "clear" }));
    scene.server.is_clear(&secret("for everyone"));
    let open = send(&mut alice, &bobs, "for everyone");
    alice.event(&json!({ "event": "state", "message": open, "state": "sent" }));
    let mut bob = scene.online("bob");
    // It was there before he came here for the first time: it is shown, and is news only where the server gives it as such.
    let shown = json!({ "do": "page", "peer": scene.server.jid("alice"), "limit": 50 });
    bob.until(&shown, |answer| answer["messages"][0]["text"] == secret("for everyone"));
    let got = last(&mut bob, &scene.server.jid("alice"), "in");
    assert_eq!(got["encrypted"], false);
    alice.ask(&json!({ "do": "privacy", "peer": bobs, "privacy": "encrypted" }));
    send(&mut alice, &bobs, "between us");
    arrives(&mut bob, &scene.server.jid("alice"), "between us");
    assert_eq!(last(&mut bob, &scene.server.jid("alice"), "in")["encrypted"]["version"], "omemo2");
}

fn a_new_key_waits_after_a_verification(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    send(&mut alice, &bobs, "one");
    arrives(&mut bob, &alices, "one");
    let key = alice.ask(&json!({ "do": "keys", "jid": bobs }))["keys"][0]["key"].clone();
    alice.ask(&json!({ "do": "trust", "jid": bobs, "key": key, "trust": "verified" }));
    alice.event(&json!({ "event": "keys", "jid": bobs }));
    let mut second = Driven::start(super::scene::DRIVE, &scene.data_of("bob-2"));
    second.sign_in(&scene.server, "bob", &password("bob"));
    scene.wait_for_keys(&mut second, "bob");
    send(&mut second, &alices, "from another device");
    arrives(&mut alice, &bobs, "from another device");
    assert_eq!(last(&mut alice, &bobs, "in")["encrypted"]["trust"], "undecided");
    send(&mut alice, &bobs, "two");
    arrives(&mut bob, &alices, "two");
    let keys = alice.ask(&json!({ "do": "keys", "jid": bobs }))["keys"].clone();
    let new = keys.as_array().unwrap().iter().find(|key| key["trust"] == "undecided").unwrap();
    alice.ask(&json!({ "do": "trust", "jid": bobs, "key": new["key"], "trust": "verified" }));
    send(&mut alice, &bobs, "three");
    arrives(&mut second, &alices, "three");
}

fn a_lost_database_is_a_new_device(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    send(&mut alice, &bobs, "one");
    arrives(&mut bob, &alices, "one");
    assert!(bob.quit());
    std::fs::remove_dir_all(scene.data_of("bob")).expect("a folder to remove");
    let mut bob = scene.online("bob");
    send(&mut bob, &alices, "with new keys");
    arrives(&mut alice, &bobs, "with new keys");
    send(&mut alice, &bobs, "two");
    arrives(&mut bob, &alices, "two");
}
