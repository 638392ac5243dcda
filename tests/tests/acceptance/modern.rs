//! A server that knows SASL2, Bind 2 and tokens (Prosody 13), and what it takes to be back.

use acceptance::relay::Relay;
use acceptance::{Driven, Server};
use serde_json::{Value, json};

use super::scene::{DRIVE, Scene, password};

const BY_PASSWORD: &str = "SCRAM-SHA-1-PLUS";
const BY_TOKEN: &str = "HT-SHA-256-EXPR";

fn scene() -> Option<Scene> {
    let server = Server::start_newer()?;
    ["alice", "bob"].into_iter().for_each(|name| server.add_user(name, &password(name)));
    Some(Scene::at(server))
}

fn online(driven: &mut Driven) {
    driven.event(&json!({ "event": "connection", "state": "online" }));
}

/// How alice has signed in each time, once it was so often.
fn how(server: &Server, times: usize) -> Vec<String> {
    server.logins_after(times);
    server.mechanisms()
}

#[test]
fn messages_go_on_over_cuts_without_the_password() {
    let Some(scene) = scene() else { return };
    let relay = Relay::to(scene.server.port());
    let mut alice = scene.start("alice");
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), relay.port());
    alice.event(&json!({ "event": "fast_token", "given": true }));
    online(&mut alice);
    alice.ask(&json!({ "do": "privacy", "peer": bobs, "privacy": "clear" }));
    for round in 1..=3 {
        for text in ["round", "between"] {
            scene.server.is_clear(&format!("{text} {round}"));
        }
        let body = format!("round {round}");
        let answer = alice.ask(&json!({ "do": "send", "to": bobs, "body": body }));
        alice.event(&json!({ "event": "state", "message": answer["message"], "state": "sent" }));
        relay.cut();
        alice.event(&json!({ "event": "connection", "state": "waiting", "problem": "connection_lost" }));
        let body = format!("between {round}");
        let answer = alice.ask(&json!({ "do": "send", "to": bobs, "body": body }));
        alice.ask(&json!({ "do": "network" }));
        online(&mut alice);
        alice.event(&json!({ "event": "state", "message": answer["message"], "state": "sent" }));
    }
    assert_eq!(how(&scene.server, 4), [BY_PASSWORD, BY_TOKEN, BY_TOKEN, BY_TOKEN]);
    assert_eq!(scene.server.logins().refused, 0);
    let seen = scene.server.seen();
    // Whoever takes up a session has its contacts still.
    assert_eq!(seen.matches("jabber:iq:roster").count(), 1);
    for round in 1..=3 {
        assert_eq!(seen.matches(&format!("<body>round {round}</body>")).count(), 1);
        assert!(seen.contains(&format!("<body>between {round}</body>")));
    }
    // What was there before he came here for the first time is shown, and is news only where the server gives it as such.
    let mut bob = scene.online("bob");
    let is_last = |message: &Value| message["text"] == "between 3";
    bob.until(&json!({ "do": "page", "peer": alices, "limit": 50 }), |answer| {
        answer["messages"].as_array().is_some_and(|messages| messages.iter().any(is_last))
    });
}

#[test]
fn a_session_that_is_gone_is_begun_anew_with_the_token() {
    let Some(mut scene) = scene() else { return };
    let mut alice = scene.online("alice");
    scene.server.stop();
    alice.event(&json!({ "event": "connection", "state": "waiting" }));
    scene.server.run();
    alice.ask(&json!({ "do": "network" }));
    online(&mut alice);
    assert_eq!(how(&scene.server, 2), [BY_PASSWORD, BY_TOKEN]);
    assert_eq!(scene.server.logins().refused, 0);
    // It is online in the same way as it was: others see it, and what is sent to it comes.
    let mut bob = scene.online("bob");
    let bobs = scene.server.jid("bob");
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    bob.ask(&json!({ "do": "send", "to": scene.server.jid("alice"), "body": "there you are" }));
    alice.event(&json!({ "event": "message", "peer": bobs, "text": "there you are" }));
}

#[test]
fn a_token_that_is_refused_costs_nobody_a_word() {
    let Some(mut scene) = scene() else { return };
    let mut alice = scene.online("alice");
    alice.event(&json!({ "event": "fast_token", "given": true }));
    scene.server.stop();
    alice.event(&json!({ "event": "connection", "state": "waiting" }));
    scene.server.void_tokens("alice");
    scene.server.run();
    alice.ask(&json!({ "do": "network" }));
    online(&mut alice);
    alice.event(&json!({ "event": "fast_token", "given": true }));
    assert_eq!(how(&scene.server, 3), [BY_PASSWORD, BY_PASSWORD]);
    assert_eq!(scene.server.logins().refused, 1, "the token");
}

#[test]
fn with_another_password_the_token_is_void() {
    let Some(mut scene) = scene() else { return };
    let mut alice = scene.online("alice");
    alice.event(&json!({ "event": "fast_token", "given": true }));
    alice.ask(&json!({ "do": "change_password", "password": "another one" }));
    alice.event(&json!({ "event": "password_changed" }));
    alice.event(&json!({ "event": "fast_token", "given": false }));
    scene.server.stop();
    alice.event(&json!({ "event": "connection", "state": "waiting" }));
    scene.server.run();
    alice.ask(&json!({ "do": "network" }));
    online(&mut alice);
    alice.event(&json!({ "event": "fast_token", "given": true }));
    assert_eq!(how(&scene.server, 2), [BY_PASSWORD, BY_PASSWORD]);
    assert_eq!(scene.server.logins().refused, 0);
}

#[test]
fn the_server_hears_whether_somebody_looks() {
    let Some(scene) = scene() else { return };
    let relay = Relay::to(scene.server.port());
    let mut alice = scene.start("alice");
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), relay.port());
    online(&mut alice);
    alice.ask(&json!({ "do": "look", "away": true }));
    relay.cut();
    alice.event(&json!({ "event": "connection", "state": "waiting" }));
    alice.ask(&json!({ "do": "network" }));
    online(&mut alice);
    alice.ask(&json!({ "do": "look", "away": false }));
    // What is sent after it is there when that is.
    let bobs = scene.server.jid("bob");
    alice.ask(&json!({ "do": "privacy", "peer": bobs, "privacy": "clear" }));
    scene.server.is_clear("I am back");
    let answer = alice.ask(&json!({ "do": "send", "to": bobs, "body": "I am back" }));
    alice.event(&json!({ "event": "state", "message": answer["message"], "state": "sent" }));
    let log = scene.server.log();
    let (away, back) = (log.matches("alice looks away").count(), log.matches("alice looks\n").count());
    assert!((1..=2).contains(&away) && back == 1, "{away} away, {back} back");
}

#[test]
fn a_wrong_password_is_tried_once() {
    let Some(scene) = scene() else { return };
    let mut alice = Driven::start(DRIVE, &scene.data_of("alice"));
    alice.begin_sign_in(&scene.server, "alice", "not it", scene.server.port());
    alice.event(&json!({ "event": "connection", "state": "stopped", "problem": "wrong_password" }));
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), scene.server.port());
    online(&mut alice);
    assert_eq!(how(&scene.server, 2), [BY_PASSWORD]);
}
