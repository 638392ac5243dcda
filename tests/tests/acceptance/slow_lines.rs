//! Lines that carry a few thousand bytes a second.

use std::thread;
use std::time::{Duration, Instant};

use acceptance::rough::Rough;
use acceptance::{Driven, Kind};
use serde_json::json;

use super::scene::{DRIVE, Scene, password, texts};
use super::watch::secret;

/// What was missed.
const MISSED: usize = 300;
/// What the line carries, in bytes a second: a page of what was missed takes longer than any answer is waited for.
const RATE: u64 = 8_000;
/// Long enough for several times all of it.
const PATIENCE: Duration = Duration::from_secs(600);

/// A page of an archive comes as one burst, and what acknowledges what we say stands behind it: whoever gives such a stream up has the
/// same before them again, and never comes to the end.
#[test]
fn what_was_missed_comes_over_a_slow_line_without_beginning_again() {
    let scene = Scene::of_secrets(Kind::Prosody, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    // The second device is there all the time, so that the server keeps nothing for the first but in its archive.
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let mut second = Driven::start(DRIVE, &scene.data_of("alice's second"));
    second.sign_in(&scene.server, "alice", &password("alice"));
    scene.wait_for_keys(&mut second, "alice");
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    let text = |number: usize| secret(&format!("{number} {}", "mots ".repeat(40)));
    bob.ask(&json!({ "do": "send", "to": alices, "body": text(0) }));
    for device in [&mut alice, &mut second] {
        device.event(&json!({ "event": "message", "peer": bobs, "text": text(0) }));
    }
    assert!(alice.quit());
    let missed: Vec<String> = (1..=MISSED).map(text).collect();
    for body in &missed {
        bob.ask(&json!({ "do": "send", "to": alices, "body": body }));
    }
    second.event(&json!({ "event": "message", "peer": bobs, "text": text(MISSED) }));

    let wire = Rough::to(scene.server.port(), 1);
    wire.slow_down(RATE, None);
    let mut alice = scene.start("alice");
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), wire.port());
    alice.event(&json!({ "event": "connection", "state": "online" }));
    // Written while a page comes: what says that it was taken comes behind that.
    let written = alice.ask(&json!({ "do": "send", "to": bobs, "body": secret("une question") }));
    let end = Instant::now() + PATIENCE;
    while !alice.has_come(&json!({ "event": "catch_up", "state": "done" })) {
        let lost = json!({ "event": "connection", "state": "waiting" });
        assert!(!alice.has_come(&lost), "it is given up: {} bytes came", wire.carried());
        assert!(Instant::now() < end, "{} bytes came, and it is not there", wire.carried());
        thread::sleep(Duration::from_millis(200));
    }
    alice.event(&json!({ "event": "state", "message": written["message"], "state": "sent" }));
    let mut expected = vec![text(0)];
    expected.extend(missed);
    assert_eq!(texts(&mut alice, &alices, &bobs, "in"), expected);
}
