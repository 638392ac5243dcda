//! A program that dies while something is being committed: nothing was acknowledged to the server that is not on the disk, so
//! everything comes again.

use acceptance::Kind;
use acceptance::partner::Speaks;
use serde_json::json;

use super::scene::{Scene, on_both_servers, texts};
use super::watch::secret;

on_both_servers!(
    killed_between_receiving_and_keeping_the_older_version,
    killed_between_receiving_and_keeping_the_newer_version,
);

fn killed_between_receiving_and_keeping_the_older_version(kind: Kind) {
    killed_between_receiving_and_keeping(kind, Speaks::Legacy);
}

fn killed_between_receiving_and_keeping_the_newer_version(kind: Kind) {
    killed_between_receiving_and_keeping(kind, Speaks::Omemo2);
}

/// More than a server waits for before it wants to know what has come.
const COUNT: u32 = 20;

/// Alice has another program, and Bob ours.
fn killed_between_receiving_and_keeping(kind: Kind, speaks: Speaks) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let mut alice = scene.partner("alice", speaks, "alice.json");
    let mut bob = scene.online("bob");
    alice.look_up(&bobs, 1);
    let mut expected = vec![secret("first")];
    alice.send(&bobs, &expected[0], speaks);
    bob.event(&json!({ "event": "message", "text": expected[0] }));
    bob.ask(&json!({ "do": "send", "to": alices, "body": secret("answer") }));
    alice.message(&bobs, &secret("answer"));
    for kills in [false, true] {
        bob.ask(&json!({ "do": "disk", "mood": "holds" }));
        for number in 0..COUNT {
            expected.push(secret(&format!(
                "{number}, {}",
                if kills { "then he is killed" } else { "and later kept" }
            )));
            alice.send(&bobs, expected.last().expect("a text"), speaks);
        }
        bob.event(&json!({ "event": "disk", "commit": "held" }));
        let before = scene.server.acknowledged("bob").unwrap_or_default();
        // What she has asked for last, the server has done.
        alice.look_up(&bobs, 1);
        assert_eq!(
            scene.server.acknowledged("bob").unwrap_or_default(),
            before,
            "something was acknowledged"
        );
        if kills {
            bob.kill();
            assert_eq!(
                scene.server.acknowledged("bob").unwrap_or_default(),
                before,
                "something was acknowledged"
            );
            bob = scene.online("bob");
            bob.event(&json!({ "event": "catch_up", "state": "done" }));
        } else {
            // The watch is not blind: what is kept is acknowledged.
            bob.ask(&json!({ "do": "disk", "mood": "works" }));
            let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
            while scene.server.acknowledged("bob").unwrap_or_default() < before + COUNT {
                assert!(std::time::Instant::now() < end, "nothing is acknowledged");
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        }
        bob.until(&json!({ "do": "count", "peer": alices }), |answer| answer["count"] == expected.len() + 1);
        let mut got = texts(&mut bob, &bobs, &alices, "in");
        let mut wanted = expected.clone();
        // Servers keep what waits with whole seconds.
        got.sort();
        wanted.sort();
        assert_eq!(got, wanted);
    }
    let history = bob.history(&bobs, &alices);
    let mut came = history.iter().filter(|message| message["direction"] == "in");
    assert!(came.all(|message| message["encrypted"]["version"] == speaks.name()));
    bob.ask(&json!({ "do": "send", "to": alices, "body": secret("still here") }));
    alice.message(&bobs, &secret("still here"));
}
