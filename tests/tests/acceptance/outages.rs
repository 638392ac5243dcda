//! Servers that die and come back, wires that break, and no server at all.

use acceptance::relay::Relay;
use acceptance::{Driven, Kind};
use serde_json::json;

use super::scene::{DRIVE, Scene, contact, on_both_servers, password, texts};

on_both_servers!(
    a_server_is_killed_and_comes_back,
    a_wire_breaks,
    a_program_that_stood_still_misses_nothing,
    history_without_a_server,
    a_killed_program_has_lost_nothing,
);

fn a_server_is_killed_and_comes_back(kind: Kind) {
    let mut scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    alice.ask(&json!({ "do": "send", "to": bobs, "body": "before" }));
    bob.event(&json!({ "event": "message", "text": "before" }));

    scene.server.kill();
    for driven in [&mut alice, &mut bob] {
        driven.event(&json!({ "event": "presences_forgotten" }));
        driven.event(&json!({ "event": "connection", "state": "waiting" }));
    }
    let written = alice.ask(&json!({ "do": "send", "to": bobs, "body": "meanwhile" }));
    scene.server.run();
    for (driven, peer) in [(&mut alice, &bobs), (&mut bob, &alices)] {
        driven.event(&json!({ "event": "connection", "state": "online" }));
        driven.event(&json!({ "event": "presence", "jid": peer, "show": "available" }));
    }
    alice.event(&json!({ "event": "state", "message": written["message"], "state": "sent" }));
    bob.event(&json!({ "event": "message", "text": "meanwhile" }));
    bob.ask(&json!({ "do": "send", "to": alices, "body": "after" }));
    alice.event(&json!({ "event": "message", "text": "after" }));
    assert_eq!(texts(&mut bob, &bobs, &alices, "in"), ["before", "meanwhile"]);
    assert_eq!(texts(&mut alice, &alices, &bobs, "out"), ["before", "meanwhile"]);
}

fn a_wire_breaks(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let relay = Relay::to(scene.server.port());
    let mut alice = scene.start("alice");
    let bobs = scene.server.jid("bob");
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), relay.port());
    alice.ask(&json!({ "do": "privacy", "peer": bobs, "privacy": "clear" }));
    for round in 1..=3 {
        alice.event(&json!({ "event": "connection", "state": "online" }));
        let body = format!("round {round}");
        scene.server.is_clear(&body);
        let answer = alice.ask(&json!({ "do": "send", "to": bobs, "body": body }));
        alice.event(&json!({ "event": "state", "message": answer["message"], "state": "sent" }));
        relay.cut();
        alice.event(&json!({ "event": "connection", "state": "waiting", "problem": "connection_lost" }));
        alice.ask(&json!({ "do": "network" }));
    }
    assert_eq!(scene.server.logins().refused, 0);
}

fn a_program_that_stood_still_misses_nothing(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let relay = Relay::to(scene.server.port());
    let mut alice = scene.start("alice");
    let mut bob = scene.online("bob");
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), relay.port());
    alice.event(&json!({ "event": "connection", "state": "online" }));
    scene.wait_for_keys(&mut alice, "alice");
    for (driven, peer) in [(&mut alice, &bobs), (&mut bob, &alices)] {
        driven.ask(&json!({ "do": "privacy", "peer": peer, "privacy": "clear" }));
    }
    let mut expected = Vec::new();
    // The connection is cut meanwhile, or is gone without that anybody hears of it, or nothing is.
    type End = fn(&Relay);
    let ends: [(&str, End); 3] = [("cut", Relay::cut), ("lost", Relay::lose), ("kept", |_| ())];
    for (how, end) in ends {
        for when in ["before", "while", "after"] {
            scene.server.is_clear(&format!("{when} it was {how}"));
        }
        let written = alice.ask(&json!({ "do": "send", "to": bobs, "body": format!("before it was {how}") }));
        alice.event(&json!({ "event": "state", "message": written["message"], "state": "sent" }));
        alice.stand_still();
        end(&relay);
        let text = format!("while it was {how}");
        let theirs = bob.ask(&json!({ "do": "send", "to": alices, "body": text }));
        bob.event(&json!({ "event": "state", "message": theirs["message"], "state": "sent" }));
        alice.go_on();
        let written = alice.ask(&json!({ "do": "send", "to": bobs, "body": format!("after it was {how}") }));
        alice.event(&json!({ "event": "message", "text": text }));
        alice.event(&json!({ "event": "state", "message": written["message"], "state": "sent" }));
        if how != "kept" {
            // A connection that has died in the sleep is replaced without a wait.
            alice.event(&json!({ "event": "presences_forgotten" }));
            alice.event(&json!({ "event": "connection", "state": "online" }));
        }
        bob.event(&json!({ "event": "message", "text": format!("after it was {how}") }));
        expected.push(text);
    }
    assert_eq!(texts(&mut alice, &alices, &bobs, "in"), expected);
    let said: Vec<String> = ["cut", "lost", "kept"]
        .iter()
        .flat_map(|how| ["before", "after"].map(|when| format!("{when} it was {how}")))
        .collect();
    assert_eq!(texts(&mut bob, &bobs, &alices, "in"), said);
    assert_eq!(scene.server.logins().refused, 0);
}

fn history_without_a_server(kind: Kind) {
    let mut scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    for (number, text) in ["One fine day", "Deux jours", "Third"].into_iter().enumerate() {
        let (from, to, jid) =
            if number == 1 { (&mut alice, &mut bob, &bobs) } else { (&mut bob, &mut alice, &alices) };
        from.ask(&json!({ "do": "send", "to": jid, "body": text }));
        to.event(&json!({ "event": "message", "text": text }));
    }
    assert!(alice.quit() && bob.quit());
    scene.server.stop();

    let mut alice = scene.start("alice");
    assert_eq!(alice.ask(&json!({ "do": "accounts" }))["accounts"], json!([alices]));
    assert_eq!(texts(&mut alice, &alices, &bobs, "in"), ["One fine day", "Third"]);
    assert_eq!(texts(&mut alice, &alices, &bobs, "out"), ["Deux jours"]);
    assert!(contact(&alice.ask(&json!({ "do": "contacts" })), &bobs).is_some());
    let found = alice.ask(&json!({ "do": "search", "words": "deux" }));
    assert_eq!(found["messages"][0]["text"], "Deux jours");
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), scene.server.port());
    alice.event(&json!({ "event": "connection", "state": "waiting", "problem": "connection_refused" }));
    alice.ask(&json!({ "do": "send", "to": bobs, "body": "For when you are back" }));
    alice.until(&json!({ "do": "page", "peer": bobs, "limit": 1 }), |answer| {
        answer["messages"][0]["state"] == "pending"
    });
}

fn a_killed_program_has_lost_nothing(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    for number in 0..50 {
        bob.ask(&json!({ "do": "send", "to": alices, "body": number.to_string() }));
        alice.event(&json!({ "event": "message", "text": number.to_string() }));
    }
    alice.kill();
    let mut alice = Driven::start(DRIVE, &scene.data_of("alice"));
    let expected: Vec<String> = (0..50).map(|number| number.to_string()).collect();
    assert_eq!(texts(&mut alice, &alices, &bobs, "in"), expected);
    alice.sign_in(&scene.server, "alice", &password("alice"));
}

/// Not with ejabberd: without stream management it drops what it is handing over while a stream ends.
#[test]
fn a_program_that_ends_while_messages_come_loses_none() {
    const ROUNDS: usize = 4;
    const BURST: usize = 8;
    let scene = Scene::new(Kind::Prosody, &["alice", "bob"]);
    let mut bob = scene.online("bob");
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let mut expected = Vec::new();
    for round in 0..ROUNDS {
        let mut alice = scene.online("alice");
        let mut send =
            |text: &str| bob.ask(&json!({ "do": "send", "to": alices, "body": text }))["message"].clone();
        let burst: Vec<String> = (0..BURST).map(|number| format!("{round}.{number}")).collect();
        let mut sent = vec![send("are you there?")];
        alice.event(&json!({ "event": "message", "text": "are you there?" }));
        sent.extend(burst.iter().map(|text| send(text)));
        assert!(alice.quit());
        for message in sent {
            bob.event(&json!({ "event": "state", "message": message, "state": "sent" }));
        }
        expected.extend(burst);
    }
    let mut alice = scene.online("alice");
    alice.until(&json!({ "do": "page", "peer": bobs, "limit": 100 }), |answer| {
        answer["messages"].as_array().is_some_and(|messages| messages.len() >= ROUNDS * (BURST + 1))
    });
    // What went by the server's store comes with its time in whole seconds, so only all of it is asked for, and once.
    let mut got = texts(&mut alice, &alices, &bobs, "in");
    got.retain(|text| text != "are you there?");
    got.sort();
    assert_eq!(got, expected);
}
