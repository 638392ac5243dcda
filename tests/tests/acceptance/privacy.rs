//! What is logged: at the highest level there is still no password, no message and no stanza in it.

use acceptance::{Driven, Kind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::scene::{DRIVE, Scene, on_both_servers, password};

on_both_servers!(secrets_stay_out_of_the_log);

fn secrets_stay_out_of_the_log(kind: Kind) {
    const CANARY: &str = "canary-5b1f0c";
    const DRAFT: &str = "draft-77aa41";
    const STATUS: &str = "status-c0ffee";
    const WRONG: &str = "wrong-password-93d2";
    let scene = Scene::new(kind, &["alice", "bob"]);
    let log = scene.data_of("log");
    let log_argument = log.to_str().unwrap();
    let mut alice = Driven::start_with(DRIVE, &scene.data_of("alice"), &["--log", log_argument]);
    alice.begin_sign_in(&scene.server, "alice", WRONG, scene.server.port());
    alice.event(&json!({ "event": "connection", "state": "stopped" }));
    alice.sign_in(&scene.server, "alice", &password("alice"));
    let mut bob = scene.online("bob");
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    alice.ask(&json!({ "do": "send", "to": bobs, "body": format!("{CANARY} out") }));
    bob.event(&json!({ "event": "message" }));
    bob.ask(&json!({ "do": "send", "to": alices, "body": format!("{CANARY} in") }));
    alice.event(&json!({ "event": "message" }));
    alice.ask(&json!({ "do": "draft", "peer": bobs, "text": DRAFT }));
    bob.ask(&json!({ "do": "set_presence", "status": STATUS }));
    alice.event(&json!({ "event": "presence", "status": STATUS }));
    alice.ask(&json!({ "do": "search", "words": CANARY }));
    assert!(alice.quit());

    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.lines().count() >= 3, "there is a log:\n{log}");
    let own = password("alice");
    let plain = STANDARD.encode(format!("\0alice\0{own}"));
    let secrets = [CANARY, DRAFT, STATUS, WRONG, &own, &plain, "Pass-Wörd"];
    for secret in secrets.into_iter().chain(["<message", "<presence", "<iq", "<auth", "<response", "<body"]) {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret:?} is in the log");
    }
}
