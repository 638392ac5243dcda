//! Adding, accepting, declining, blocking, and who sees whom.

use acceptance::Kind;
use serde_json::json;

use super::scene::{Scene, contact, on_both_servers};

on_both_servers!(added_and_accepted, declined, removed, blocked_and_unblocked, presence_goes_with_the_person);

fn added_and_accepted(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    alice.ask(&json!({ "do": "add_contact", "jid": bobs, "name": "Robert", "groups": ["Friends"] }));
    let answer = alice.until(&json!({ "do": "contacts" }), |answer| {
        contact(answer, &bobs).is_some_and(|bob| bob["asked"] == true)
    });
    let entry = contact(&answer, &bobs).unwrap();
    assert_eq!((&entry["name"], &entry["groups"]), (&json!("Robert"), &json!(["Friends"])));
    assert_eq!(entry["show"], "offline", "nobody is seen before they agree");

    bob.event(&json!({ "event": "requests" }));
    bob.until(&json!({ "do": "requests" }), |answer| answer["requests"][0]["jid"] == *alices);
    bob.ask(&json!({ "do": "accept", "jid": alices }));
    alice.event(&json!({ "event": "presence", "jid": bobs, "show": "available" }));
    bob.event(&json!({ "event": "presence", "jid": alices, "show": "available" }));
    bob.until(&json!({ "do": "requests" }), |answer| answer["requests"] == json!([]));
    for (driven, peer) in [(&mut alice, &bobs), (&mut bob, &alices)] {
        driven.until(&json!({ "do": "contacts" }), |answer| {
            contact(answer, peer).is_some_and(|entry| entry["subscription"] == "both")
        });
    }

    bob.ask(&json!({ "do": "set_presence", "show": "away", "status": "À table ☕" }));
    let seen = alice.event(&json!({ "event": "presence", "jid": bobs, "show": "away" }));
    assert_eq!(seen["status"], "À table ☕");
    assert!(bob.quit());
    alice.event(&json!({ "event": "presence", "jid": bobs, "show": "offline" }));
}

fn declined(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    alice.ask(&json!({ "do": "add_contact", "jid": bobs }));
    bob.until(&json!({ "do": "requests" }), |answer| answer["requests"][0]["jid"] == *alices);
    bob.ask(&json!({ "do": "decline", "jid": alices }));
    bob.until(&json!({ "do": "requests" }), |answer| answer["requests"] == json!([]));
    alice.until(&json!({ "do": "contacts" }), |answer| {
        contact(answer, &bobs).is_some_and(|bob| bob["asked"] == false && bob["subscription"] == "none")
    });
    assert_eq!(contact(&bob.ask(&json!({ "do": "contacts" })), &alices), None);
}

fn removed(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let bobs = scene.server.jid("bob");
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    alice.ask(&json!({ "do": "edit_contact", "jid": bobs, "name": "Bobby", "groups": ["A", "B"] }));
    alice.until(&json!({ "do": "contacts" }), |answer| {
        contact(answer, &bobs).is_some_and(|bob| bob["name"] == "Bobby" && bob["groups"] == json!(["A", "B"]))
    });
    alice.ask(&json!({ "do": "remove_contact", "jid": bobs }));
    alice.until(&json!({ "do": "contacts" }), |answer| contact(answer, &bobs).is_none());
    bob.event(&json!({ "event": "presence", "jid": scene.server.jid("alice"), "show": "offline" }));
}

fn blocked_and_unblocked(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    alice.ask(&json!({ "do": "block", "jid": bobs }));
    let is_blocked =
        |answer: &serde_json::Value| contact(answer, &bobs).is_some_and(|bob| bob["blocked"] == true);
    alice.until(&json!({ "do": "contacts" }), is_blocked);
    let refused = bob.ask(&json!({ "do": "send", "to": alices, "body": "Are you there?" }));
    bob.event(&json!({ "event": "state", "message": refused["message"], "state": "failed" }));
    alice.ask(&json!({ "do": "unblock", "jid": bobs }));
    alice.until(&json!({ "do": "contacts" }), |answer| !is_blocked(answer));
    bob.ask(&json!({ "do": "send", "to": alices, "body": "And now?" }));
    let message = alice.event(&json!({ "event": "message", "peer": bobs }));
    assert_eq!(message["text"], "And now?", "what a blocked person writes doesn't arrive");
}

fn presence_goes_with_the_person(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let bobs = scene.server.jid("bob");
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    bob.ask(&json!({ "do": "set_presence", "show": "do_not_disturb" }));
    alice.event(&json!({ "event": "presence", "jid": bobs, "show": "do_not_disturb" }));
    // What was chosen holds for the next time too.
    assert!(bob.quit());
    alice.event(&json!({ "event": "presence", "jid": bobs, "show": "offline" }));
    let _bob = scene.online("bob");
    alice.event(&json!({ "event": "presence", "jid": bobs, "show": "do_not_disturb" }));
}
