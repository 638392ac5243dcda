//! Several accounts in one process, and several processes on one folder.

use acceptance::{Driven, Kind};
use serde_json::json;

use super::scene::{DRIVE, Scene, folder, on_both_servers, password, texts};

on_both_servers!(a_second_copy_is_refused);

#[test]
fn two_accounts_of_two_servers_in_one_process() {
    let prosody = Scene::new(Kind::Prosody, &["alice", "bob"]);
    let ejabberd = Scene::new(Kind::Ejabberd, &["alice", "bob"]);
    let folder = folder();
    let mut both = Driven::start(DRIVE, folder.path());
    // First those who will be answered: what comes at the very moment of a sign-in, a server may keep for the next one.
    let bobs = [&prosody, &ejabberd].map(|scene| scene.online("bob"));
    for scene in [&prosody, &ejabberd] {
        both.sign_in(&scene.server, "alice", &password("alice"));
        scene.wait_for_keys(&mut both, "alice");
    }
    for (mut bob, (scene, text)) in
        bobs.into_iter().zip([(&prosody, "by Prosody"), (&ejabberd, "by ejabberd")])
    {
        let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
        bob.ask(&json!({ "do": "send", "to": alices, "body": text }));
        both.event(&json!({ "event": "message", "account": alices, "peer": bobs, "text": text }));
        both.ask(&json!({ "do": "send", "account": alices, "to": bobs, "body": format!("back {text}") }));
        bob.event(&json!({ "event": "message", "text": format!("back {text}") }));
        assert_eq!(texts(&mut both, &alices, &bobs, "in"), [text]);
    }
    let unnamed = both.try_ask(&json!({ "do": "contacts" }));
    assert_eq!(unnamed["ok"], false, "which account?");
    // One goes, the other stays.
    let (gone, stays) = (prosody.server.jid("alice"), ejabberd.server.jid("alice"));
    both.ask(&json!({ "do": "sign_out", "account": gone }));
    both.event(&json!({ "event": "connection", "account": gone, "state": "offline" }));
    let mut bob = ejabberd.online("bob");
    bob.ask(&json!({ "do": "send", "to": stays, "body": "Still there?" }));
    both.event(&json!({ "event": "message", "account": stays, "text": "Still there?" }));
    assert!(both.quit());
}

fn a_second_copy_is_refused(kind: Kind) {
    let scene = Scene::new(kind, &["alice"]);
    let mut first = scene.online("alice");
    let mut second = Driven::spawn(DRIVE, &scene.data_of("alice"), &[]);
    second.event(&json!({ "event": "refused", "problem": "already_running" }));
    assert!(!second.quit(), "it says so by its exit code too");
    assert_eq!(first.ask(&json!({ "do": "accounts" }))["accounts"], json!([scene.server.jid("alice")]));
    assert_eq!(scene.server.logins_after(1).accepted, 1);
    first.kill();
    // Nothing has to be tidied up by hand after a crash.
    scene.online("alice");
}
