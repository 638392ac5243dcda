//! Never lost, never doubled, never in another order: wires that are cut while messages go both ways, servers that go and come back,
//! programs that are killed, other devices, and what was kept meanwhile.

use acceptance::relay::Relay;
use acceptance::{Driven, Kind};
use serde_json::json;

use super::scene::{DRIVE, Scene, on_both_servers, password, texts};

on_both_servers!(
    a_wire_is_cut_while_messages_go_both_ways,
    a_server_goes_while_messages_go_and_comes_back,
    a_program_is_killed_while_messages_come,
    what_was_kept_and_what_was_archived_is_the_same,
    what_another_device_got_and_sent_is_fetched,
    it_arrives_and_is_read,
);

fn numbered(who: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{who} {number}")).collect()
}

fn all_sent(driven: &mut Driven, peer: &str) {
    driven.until(&json!({ "do": "page", "peer": peer, "limit": 500 }), |answer| {
        let messages = answer["messages"].as_array().expect("messages");
        let out = messages.iter().filter(|message| message["direction"] == "out");
        out.into_iter().all(|message| message["state"] != "pending")
    });
}

fn a_wire_is_cut_while_messages_go_both_ways(kind: Kind) {
    const ROUNDS: usize = 6;
    const EACH: usize = 8;
    let scene = Scene::new(kind, &["alice", "bob"]);
    let relay = Relay::to(scene.server.port());
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let mut bob = scene.online("bob");
    let mut alice = scene.start("alice");
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), relay.port());
    alice.event(&json!({ "event": "connection", "state": "online" }));
    scene.wait_for_keys(&mut alice, "alice");
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    for round in 0..ROUNDS {
        for number in round * EACH..(round + 1) * EACH {
            alice.ask(&json!({ "do": "send", "to": bobs, "body": format!("alice {number}") }));
            bob.ask(&json!({ "do": "send", "to": alices, "body": format!("bob {number}") }));
        }
        // Some have gone, some are on their way, some were not sent yet.
        relay.cut();
        alice.event(&json!({ "event": "connection", "state": "waiting" }));
        alice.ask(&json!({ "do": "network" }));
        alice.event(&json!({ "event": "connection", "state": "online" }));
    }
    let count = ROUNDS * EACH;
    for (driven, peer) in [(&mut alice, &bobs), (&mut bob, &alices)] {
        driven.until(&json!({ "do": "count", "peer": peer }), |answer| answer["count"] == 2 * count);
        all_sent(driven, peer);
    }
    assert_eq!(texts(&mut bob, &bobs, &alices, "in"), numbered("alice", count));
    assert_eq!(texts(&mut alice, &alices, &bobs, "in"), numbered("bob", count));
    // And nothing comes after that.
    assert!(alice.quit() && bob.quit());
    for (name, own, peer, other) in [("alice", &alices, &bobs, "bob"), ("bob", &bobs, &alices, "alice")] {
        let mut again = scene.start(name);
        again.sign_in(&scene.server, name, &password(name));
        again.event(&json!({ "event": "catch_up", "state": "done" }));
        assert_eq!(texts(&mut again, own, peer, "in"), numbered(other, count));
        assert_eq!(texts(&mut again, own, peer, "out"), numbered(name, count));
    }
}

fn a_server_goes_while_messages_go_and_comes_back(kind: Kind) {
    const COUNT: usize = 20;
    let mut scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    for number in 0..COUNT / 2 {
        alice.ask(&json!({ "do": "send", "to": bobs, "body": format!("alice {number}") }));
    }
    scene.server.stop();
    alice.event(&json!({ "event": "connection", "state": "waiting" }));
    for number in COUNT / 2..COUNT {
        alice.ask(&json!({ "do": "send", "to": bobs, "body": format!("alice {number}") }));
    }
    scene.server.run();
    for driven in [&mut alice, &mut bob] {
        driven.event(&json!({ "event": "connection", "state": "online" }));
    }
    bob.until(&json!({ "do": "count", "peer": alices }), |answer| answer["count"] == COUNT);
    all_sent(&mut alice, &bobs);
    let mut got = texts(&mut bob, &bobs, &alices, "in");
    // What went by the server's store has its time in whole seconds.
    let mut expected = numbered("alice", COUNT);
    got.sort();
    expected.sort();
    assert_eq!(got, expected);
}

fn a_program_is_killed_while_messages_come(kind: Kind) {
    const ROUNDS: usize = 3;
    const EACH: usize = 15;
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    for round in 0..ROUNDS {
        for number in round * EACH..(round + 1) * EACH {
            bob.ask(&json!({ "do": "send", "to": alices, "body": format!("bob {number}") }));
        }
        // Whatever was taken and acknowledged by then is on the disk; the rest is fetched.
        alice.event(&json!({ "event": "message", "text": format!("bob {}", round * EACH) }));
        alice.kill();
        alice = Driven::start(DRIVE, &scene.data_of("alice"));
        alice.sign_in(&scene.server, "alice", &password("alice"));
    }
    let count = ROUNDS * EACH;
    alice.until(&json!({ "do": "count", "peer": bobs }), |answer| answer["count"] == count);
    all_sent(&mut bob, &alices);
    let mut got = texts(&mut alice, &alices, &bobs, "in");
    let mut expected = numbered("bob", count);
    got.sort();
    expected.sort();
    assert_eq!(got, expected);
}

fn what_was_kept_and_what_was_archived_is_the_same(kind: Kind) {
    const COUNT: usize = 20;
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let mut bob = scene.online("bob");
    bob.event(&json!({ "event": "catch_up", "state": "done" }));
    assert!(bob.quit());
    scene.server.wait_until_gone("bob");
    let mut alice = scene.online("alice");
    for number in 0..COUNT {
        alice.ask(&json!({ "do": "send", "to": bobs, "body": format!("alice {number}") }));
    }
    all_sent(&mut alice, &bobs);
    scene.server.wait_until_kept("bob", COUNT as _);
    let mut bob = scene.start("bob");
    bob.sign_in(&scene.server, "bob", &password("bob"));
    bob.event(&json!({ "event": "catch_up", "state": "done" }));
    bob.until(&json!({ "do": "count", "peer": alices }), |answer| answer["count"] == COUNT);
    assert_eq!(texts(&mut bob, &bobs, &alices, "in"), numbered("alice", COUNT));
}

fn what_another_device_got_and_sent_is_fetched(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    // A device that was not there when it was written cannot read what was encrypted.
    for (driven, peer) in [(&mut alice, &bobs), (&mut bob, &alices)] {
        driven.ask(&json!({ "do": "privacy", "peer": peer, "privacy": "clear" }));
    }
    numbered("alice", 6).iter().chain(&numbered("bob", 5)).for_each(|text| scene.server.is_clear(text));
    for number in 0..5 {
        alice.ask(&json!({ "do": "send", "to": bobs, "body": format!("alice {number}") }));
        bob.event(&json!({ "event": "message", "text": format!("alice {number}") }));
        bob.ask(&json!({ "do": "send", "to": alices, "body": format!("bob {number}") }));
        alice.event(&json!({ "event": "message", "text": format!("bob {number}") }));
    }
    let mut second = Driven::start(DRIVE, &scene.data_of("alice's second"));
    second.sign_in(&scene.server, "alice", &password("alice"));
    second.event(&json!({ "event": "catch_up", "state": "done" }));
    assert_eq!(texts(&mut second, &alices, &bobs, "in"), numbered("bob", 5));
    assert_eq!(texts(&mut second, &alices, &bobs, "out"), numbered("alice", 5));
    // What comes while it is away is all that is fetched then.
    assert!(second.quit());
    alice.ask(&json!({ "do": "send", "to": bobs, "body": "alice 5" }));
    all_sent(&mut alice, &bobs);
    let mut second = Driven::start(DRIVE, &scene.data_of("alice's second"));
    second.sign_in(&scene.server, "alice", &password("alice"));
    second.event(&json!({ "event": "catch_up", "state": "done" }));
    assert_eq!(texts(&mut second, &alices, &bobs, "out"), numbered("alice", 6));
}

fn it_arrives_and_is_read(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    let sent = alice.ask(&json!({ "do": "send", "to": bobs, "body": "Hello" }));
    for state in ["sent", "delivered"] {
        alice.event(&json!({ "event": "state", "message": sent["message"], "state": state }));
    }
    bob.event(&json!({ "event": "message", "text": "Hello" }));
    bob.ask(&json!({ "do": "mark_read", "peer": alices }));
    alice.event(&json!({ "event": "state", "message": sent["message"], "state": "read" }));
}
