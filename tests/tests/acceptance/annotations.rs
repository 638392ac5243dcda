//! Corrections, retractions, reactions and answers between two whole programs over real servers, and what the server sees of them.

use acceptance::{Driven, Kind};
use serde_json::{Value, json};

use super::scene::{DRIVE, Scene, on_both_servers, password};
use super::watch::secret;

on_both_servers!(what_is_said_of_messages_arrives_encrypted, what_is_said_while_away_is_said_once);

/// Waits until a message of a conversation is so.
fn until(driven: &mut Driven, account: &str, peer: &str, id: &Value, is_so: impl Fn(&Value) -> bool) {
    driven.until(&json!({ "do": "page", "account": account, "peer": peer }), |answer| {
        let messages = answer["messages"].as_array();
        messages.is_some_and(|all| all.iter().any(|message| message["message"] == *id && is_so(message)))
    });
}

fn say(driven: &mut Driven, order: &str, to: &str, of: &Value, rest: Value) -> Value {
    let mut asked = json!({ "do": order, "to": to, "of": of });
    if let (Some(asked), Some(rest)) = (asked.as_object_mut(), rest.as_object()) {
        asked.extend(rest.clone());
    }
    driven.ask(&asked)["message"].clone()
}

fn what_is_said_of_messages_arrives_encrypted(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let mut second = Driven::start(DRIVE, &scene.data_of("alice's second"));
    second.sign_in(&scene.server, "alice", &password("alice"));
    scene.wait_for_keys(&mut second, "alice");
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    let first =
        alice.ask(&json!({ "do": "send", "to": bobs, "body": secret("Rendez-vous à midi") }))["message"]
            .clone();
    bob.event(&json!({ "event": "message", "peer": alices, "text": secret("Rendez-vous à midi") }));
    let better = secret("Rendez-vous à midi et demi");
    say(&mut alice, "correct", &bobs, &first, json!({ "body": better }));
    until(&mut bob, &bobs, &alices, &first, |message| {
        message["text"] == *better && message["edited"]["at"].is_i64()
    });
    until(&mut second, &alices, &bobs, &first, |message| message["text"] == *better);
    until(&mut alice, &alices, &bobs, &first, |message| message["edited"]["state"] == "sent");
    say(&mut bob, "react", &alices, &first, json!({ "with": ["🦔", "🪗"] }));
    let both = json!([{ "by": "in", "with": ["🦔", "🪗"], "state": "received" }]);
    until(&mut alice, &alices, &bobs, &first, |message| message["reactions"] == both);
    until(&mut second, &alices, &bobs, &first, |message| message["reactions"] == both);
    say(&mut bob, "react", &alices, &first, json!({ "with": [] }));
    until(&mut alice, &alices, &bobs, &first, |message| message["reactions"].is_null());
    let answer = say(&mut bob, "answer", &alices, &first, json!({ "body": secret("D’accord") }));
    let quoted = json!({ "author": "out", "text": better });
    until(&mut alice, &alices, &bobs, &answer, |message| {
        message["answers"] == quoted && message["text"] == *secret("D’accord")
    });
    say(&mut alice, "retract", &bobs, &first, json!({}));
    for (driven, own, peer) in
        [(&mut bob, &bobs, &alices), (&mut second, &alices, &bobs), (&mut alice, &alices, &bobs)]
    {
        until(driven, own, peer, &first, |message| message["retracted"] == true && message["text"].is_null());
        let found = driven.ask(&json!({ "do": "search", "words": "midi" }));
        assert_eq!(found["messages"], json!([]));
    }
    let seen = scene.server.seen();
    for clear in ["🦔", "🪗", "message-correct", "message-retract", "urn:xmpp:reactions", "urn:xmpp:reply"]
    {
        // What programs can do is no secret, and is told as a feature.
        let said = seen.matches(clear).count()
            - seen.matches(&format!("var='urn:xmpp:{clear}")).count()
            - seen.matches(&format!("var='{clear}")).count();
        assert_eq!(said, 0, "the server has seen {clear}");
    }
}

fn what_is_said_while_away_is_said_once(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    let first = alice.ask(&json!({ "do": "send", "to": bobs, "body": secret("one") }))["message"].clone();
    let second = alice.ask(&json!({ "do": "send", "to": bobs, "body": secret("two") }))["message"].clone();
    bob.event(&json!({ "event": "message", "peer": alices, "text": secret("two") }));
    assert!(bob.quit());
    scene.server.wait_until_gone("bob");
    alice.ask(&json!({ "do": "sign_out" }));
    alice.event(&json!({ "event": "connection", "state": "offline" }));
    say(&mut alice, "correct", &bobs, &first, json!({ "body": secret("in between") }));
    say(&mut alice, "correct", &bobs, &first, json!({ "body": secret("at last") }));
    say(&mut alice, "react", &bobs, &second, json!({ "with": ["🦔"] }));
    until(&mut alice, &alices, &bobs, &first, |message| message["text"] == *secret("at last"));
    until(&mut alice, &alices, &bobs, &second, |message| message["reactions"][0]["state"] == "pending");
    // The program ends before anything has left.
    alice.kill();
    let mut alice = scene.online("alice");
    until(&mut alice, &alices, &bobs, &first, |message| message["edited"]["state"] == "sent");
    until(&mut alice, &alices, &bobs, &second, |message| message["reactions"][0]["state"] == "sent");
    let mut bob = scene.online("bob");
    until(&mut bob, &bobs, &alices, &first, |message| message["text"] == *secret("at last"));
    until(&mut bob, &bobs, &alices, &second, |message| message["reactions"][0]["with"] == json!(["🦔"]));
    assert_eq!(bob.history(&bobs, &alices).len(), 2);
}
