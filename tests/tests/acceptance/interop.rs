//! Encryption end to end with a program that is not ours, over real servers: each message readable on the other side, in the version
//! that both have; each replay ignored, and each alteration refused where it can be seen.

use acceptance::partner::{Partner, Speaks, Written};
use acceptance::{Driven, Kind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::scene::{Scene, on_both_servers, password, texts};
use super::watch::secret;

on_both_servers!(
    the_older_version,
    the_newer_version,
    both_versions,
    somebody_with_another_program_in_each_version,
    two_of_ours_and_one_of_theirs,
    a_device_is_added,
    altered_messages_are_refused,
    an_altered_first_message_is_refused,
    copies_count_once,
    any_order_and_losses
);

/// More than a ratchet may go on without an answer: one that says nothing is due (XEP-0384 0.9.1 §5.6).
const WITHOUT_ANSWER: usize = 60;

fn the_older_version(kind: Kind) {
    whole_conversation(kind, Speaks::Legacy);
}

fn the_newer_version(kind: Kind) {
    whole_conversation(kind, Speaks::Omemo2);
}

fn both_versions(kind: Kind) {
    whole_conversation(kind, Speaks::Both);
}

/// Alice has our program, and Bob another one with these versions.
fn whole_conversation(kind: Kind, speaks: Speaks) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let mut chat = Chat::new(&scene, speaks);
    scene.befriend_partner(chat.alice(), "bob");
    chat.ask("Rendez-vous à midi ☕");
    chat.all_arrive();
    chat.answer("D’accord");
    chat.all_arrive();
    for number in 0..50 {
        chat.ask(&format!("alice {number}"));
        chat.answer(&format!("bob {number}"));
    }
    chat.all_arrive();
    for text in [
        "été ☕ 👩‍👩‍👧‍👦 漢字",
        "<b>&amp; ]]> \"quotes\" 'and' <!-- more -->",
        "two\nlines, and\ttabs",
        "*bold* _italic_ `code`\n> quoted",
        "/me waves",
    ] {
        chat.ask(text);
        chat.answer(text);
    }
    chat.all_arrive();
    // One speaks and speaks: the other's program says that it is there, which nobody sees.
    (0..WITHOUT_ANSWER).for_each(|number| chat.ask(&format!("and {number}")));
    chat.all_arrive();
    for number in 0..WITHOUT_ANSWER {
        chat.answer(&format!("so {number}"));
    }
    chat.bob().empty(&scene.server.jid("alice"));
    chat.all_arrive();
    // He is away, and comes back with the keys that he had.
    let known = chat.bob().key().to_owned();
    chat.bob_leaves();
    (0..10).for_each(|number| chat.ask(&format!("{number} while you were away")));
    scene.server.wait_until_kept("bob", 10);
    chat.bob_returns();
    assert_eq!(chat.bob().key(), known);
    chat.all_arrive();
    chat.answer("I am back");
    chat.ask("Good");
    chat.all_arrive();
    // She is away, and comes back.
    chat.alice_leaves();
    for number in 0..WITHOUT_ANSWER {
        chat.answer(&format!("{number} while you were away"));
    }
    scene.server.wait_until_kept("alice", WITHOUT_ANSWER);
    chat.alice_returns();
    chat.all_arrive();
    chat.ask("Here I am");
    chat.answer("At last");
    chat.all_arrive();
}

fn somebody_with_another_program_in_each_version(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let mut old = scene.partner("bob", Speaks::Legacy, "bob-old");
    let mut new = scene.partner("bob", Speaks::Omemo2, "bob-new");
    let mut alice = scene.online("alice");
    let text = secret("To both of them");
    alice.ask(&json!({ "do": "send", "to": bobs, "body": text }));
    assert_eq!(old.message(&alices, &text)["version"], "legacy");
    assert_eq!(new.message(&alices, &text)["version"], "omemo2");
    let seen = scene.server.seen();
    let in_one_stanza = |line: &&str| {
        let encrypted = line.contains("<encrypted");
        encrypted && line.contains("eu.siacs.conversations.axolotl") && line.contains("urn:xmpp:omemo:2")
    };
    assert_eq!(seen.lines().filter(in_one_stanza).count(), 1);
    for (partner, version) in [(&mut old, Speaks::Legacy), (&mut new, Speaks::Omemo2)] {
        let text = secret(version.name());
        partner.send(&alices, &text, version);
        arrives(&mut alice, &bobs, &text);
        assert_eq!(last(&mut alice, &bobs)["encrypted"]["version"], version.name());
    }
    let text = secret("To both again");
    alice.ask(&json!({ "do": "send", "to": bobs, "body": text }));
    assert_eq!(old.message(&alices, &text)["version"], "legacy");
    assert_eq!(new.message(&alices, &text)["version"], "omemo2");
    // What Bob sends with one of them the other gets a copy of, and has no version in common with.
    for partner in [&mut old, &mut new] {
        let unreadable = partner.unreadable();
        assert!(unreadable.iter().all(|message| message["from"] == *bobs), "{unreadable:?}");
    }
}

fn two_of_ours_and_one_of_theirs(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let mut theirs = scene.partner("bob", Speaks::Both, "bob-theirs");
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    theirs.look_up(&alices, 1);
    for round in 0..10 {
        // Alice writes, and both of Bob's programs read it.
        let text = secret(&format!("alice {round}"));
        alice.ask(&json!({ "do": "send", "to": bobs, "body": text }));
        assert_eq!(theirs.message(&alices, &text)["version"], "omemo2");
        arrives(&mut bob, &alices, &text);
        // Bob writes with ours: Alice and the other program read it.
        let text = secret(&format!("bob {round}"));
        bob.ask(&json!({ "do": "send", "to": alices, "body": text }));
        arrives(&mut alice, &bobs, &text);
        assert_eq!(theirs.message(&bobs, &text)["version"], "omemo2");
        // And with the other: Alice and ours.
        let text = secret(&format!("theirs {round}"));
        theirs.send(&alices, &text, Speaks::Both);
        arrives(&mut alice, &bobs, &text);
        is_copied(&mut bob, &alices, &text);
    }
    assert_eq!(theirs.unreadable(), Vec::<Value>::new());
    for (driven, own, peer) in [(&mut alice, &alices, &bobs), (&mut bob, &bobs, &alices)] {
        let mut lengths = ["in", "out"].map(|direction| texts(driven, own, peer, direction).len());
        lengths.sort_unstable();
        assert_eq!(lengths, [10, 20]);
        for message in driven.history(own, peer) {
            assert!(is_secret(&message, Speaks::Omemo2), "{message}");
        }
    }
}

fn a_device_is_added(kind: Kind) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let (mut alice, mut first) = (scene.online("alice"), scene.partner("bob", Speaks::Both, "bob-1"));
    scene.befriend_partner(&mut alice, "bob");
    let text = secret("One device");
    alice.ask(&json!({ "do": "send", "to": bobs, "body": text }));
    first.message(&alices, &text);
    first.make_room();
    let mut second = scene.partner("bob", Speaks::Both, "bob-2");
    assert_ne!(first.key(), second.key());
    // It writes first: not every server tells her of a list that was published before anybody was seen with it.
    let text = secret("From the new one");
    second.send(&alices, &text, Speaks::Both);
    arrives(&mut alice, &bobs, &text);
    assert_eq!(last(&mut alice, &bobs)["encrypted"]["key"], second.key());
    first.message(&bobs, &text);
    alice.until(&json!({ "do": "keys", "jid": bobs }), |answer| {
        let keys = answer["keys"].as_array().into_iter().flatten();
        keys.filter(|key| key["standing"] == "listed").count() == 2
    });
    let text = secret("Two devices");
    alice.ask(&json!({ "do": "send", "to": bobs, "body": text }));
    first.message(&alices, &text);
    second.message(&alices, &text);
    // One of hers as well.
    let mut other = Driven::start(super::scene::DRIVE, &scene.data_of("alice-2"));
    other.sign_in(&scene.server, "alice", &password("alice"));
    scene.wait_for_keys(&mut other, "alice");
    first.look_up(&alices, 2);
    second.look_up(&alices, 2);
    for (partner, text) in [(&mut first, "To two from one"), (&mut second, "To two from the other")] {
        let text = secret(text);
        let written = partner.send(&alices, &text, Speaks::Both);
        assert_eq!(written.devices, (0, 3));
        arrives(&mut alice, &bobs, &text);
        arrives(&mut other, &bobs, &text);
    }
    assert_eq!((first.unreadable(), second.unreadable()), (Vec::new(), Vec::new()));
}

fn altered_messages_are_refused(kind: Kind) {
    for version in [Speaks::Legacy, Speaks::Omemo2] {
        let scene = Scene::of_secrets(kind, &["alice", "bob"]);
        let mut chat = Chat::new(&scene, version);
        chat.each_answers();
        chat.refuses_all_alterations("As it was meant");
    }
}

fn an_altered_first_message_is_refused(kind: Kind) {
    for version in [Speaks::Legacy, Speaks::Omemo2] {
        let scene = Scene::of_secrets(kind, &["alice", "bob"]);
        let mut chat = Chat::new(&scene, version);
        // Of what a stranger writes that can’t be read, only so much is shown.
        scene.befriend_partner(chat.alice(), "bob");
        chat.refuses_all_alterations("The first of all");
    }
}

fn copies_count_once(kind: Kind) {
    for version in [Speaks::Legacy, Speaks::Omemo2, Speaks::Both] {
        let scene = Scene::of_secrets(kind, &["alice", "bob"]);
        let mut chat = Chat::new(&scene, version);
        let mut copies: Vec<String> = Vec::new();
        for number in 0..5 {
            let written = chat.answer(&format!("No. {number}"));
            // The same stanza, and the same under another name.
            copies.extend([written.xml.clone(), renamed(&written.xml, &format!("again-{number}"))]);
            copies.iter().for_each(|copy| chat.bob().hand_in(copy));
            // So that the ratchet turns, and the next is on another chain.
            chat.each_answers();
        }
        // Those of all chains, after a restart as well.
        chat.alice_leaves();
        chat.alice_returns();
        copies.iter().for_each(|copy| chat.bob().hand_in(copy));
        chat.each_answers();
    }
}

fn any_order_and_losses(kind: Kind) {
    for version in [Speaks::Legacy, Speaks::Omemo2] {
        let scene = Scene::of_secrets(kind, &["alice", "bob"]);
        let mut chat = Chat::new(&scene, version);
        chat.each_answers();
        to_her_in_any_order(&mut chat);
        to_him_in_any_order(&mut chat);
        chat.each_answers();
    }
}

/// How many messages are put out of order.
const MIXED: usize = 30;

/// Two of three come at first, in a strange order and each twice; then both answer; then comes the rest.
fn to_her_in_any_order(chat: &mut Chat<'_>) {
    let text = |number: usize| secret(&format!("To her {number}"));
    let written: Vec<Written> = (0..MIXED).map(|number| chat.write(&text(number))).collect();
    let (late, early): (Vec<usize>, Vec<usize>) = strange_order(MIXED).partition(|at| at % 3 == 0);
    for order in [early, late] {
        for at in order {
            chat.bob().hand_in(&written[at].xml);
            chat.bob().hand_in(&renamed(&written[at].xml, &format!("twice-{at}")));
            chat.received.push(text(at));
        }
        chat.each_answers();
        chat.each_answers();
    }
}

/// Some come at first; then he answers, and she goes on with another chain; then come those of both chains. Every seventh never comes.
fn to_him_in_any_order(chat: &mut Chat<'_>) {
    let text = |number: usize| format!("To him {number}");
    chat.bob().keep();
    (0..MIXED).for_each(|number| chat.ask(&text(number)));
    chat.bob().wait_for_kept(MIXED);
    let is_lost = |at: &usize| at % 7 == 3;
    let first: Vec<usize> = strange_order(MIXED).filter(|at| at % 2 == 0 && !is_lost(at)).collect();
    chat.bob().take(&first);
    chat.answer("Half of them");
    chat.alice_has_all();
    (MIXED..2 * MIXED).for_each(|number| chat.ask(&text(number)));
    chat.bob().wait_for_kept(2 * MIXED);
    let is_left = |at: &usize| (*at >= MIXED || at % 2 == 1) && !is_lost(at);
    let rest: Vec<usize> = strange_order(2 * MIXED).filter(is_left).collect();
    chat.bob().take(&rest);
    chat.unread = first.into_iter().chain(rest).map(|at| secret(&text(at))).collect();
    chat.bob_has_all();
    chat.bob().release();
}

/// Alice with our program and Bob with another, and what they have written.
struct Chat<'a> {
    scene: &'a Scene,
    speaks: Speaks,
    alice: Option<Driven>,
    bob: Option<Partner>,
    /// How many she has sent.
    sent: usize,
    /// What he is still to read.
    unread: Vec<String>,
    /// What he has sent.
    received: Vec<String>,
    /// How many came to her altered.
    refused: usize,
}

impl<'a> Chat<'a> {
    fn new(scene: &'a Scene, speaks: Speaks) -> Self {
        let mut bob = scene.partner("bob", speaks, "bob.json");
        let alice = Some(scene.online("alice"));
        bob.look_up(&scene.server.jid("alice"), 1);
        let bob = Some(bob);
        Self { scene, speaks, alice, bob, sent: 0, unread: Vec::new(), received: Vec::new(), refused: 0 }
    }

    fn alice(&mut self) -> &mut Driven {
        self.alice.as_mut().expect("she is there")
    }

    fn bob(&mut self) -> &mut Partner {
        self.bob.as_mut().expect("he is there")
    }

    fn alice_leaves(&mut self) {
        assert!(self.alice.take().is_some_and(Driven::quit));
        self.scene.server.wait_until_gone("alice");
    }

    fn alice_returns(&mut self) {
        self.alice = Some(self.scene.online("alice"));
    }

    fn bob_leaves(&mut self) {
        self.bob.take().expect("he is there").quit();
        self.scene.server.wait_until_gone("bob");
    }

    fn bob_returns(&mut self) {
        self.bob = Some(self.scene.partner("bob", self.speaks, "bob.json"));
    }

    /// She writes to him.
    fn ask(&mut self, text: &str) {
        let (text, bobs) = (secret(text), self.scene.server.jid("bob"));
        self.alice().ask(&json!({ "do": "send", "to": bobs, "body": text }));
        self.sent += 1;
        self.unread.push(text);
    }

    /// He writes to her.
    fn answer(&mut self, text: &str) -> Written {
        let (text, alices, speaks) = (secret(text), self.scene.server.jid("alice"), self.speaks);
        let written = self.bob().send(&alices, &text, speaks);
        self.received.push(text);
        written
    }

    /// He writes to her, and does not send it.
    fn write(&mut self, text: &str) -> Written {
        let (alices, speaks) = (self.scene.server.jid("alice"), self.speaks);
        self.bob().write(&alices, text, speaks)
    }

    /// He writes, and she, and all is read.
    fn each_answers(&mut self) {
        self.answer("Do you see what I see?");
        self.alice_has_all();
        self.ask("I do");
        self.bob_has_all();
    }

    fn all_arrive(&mut self) {
        self.bob_has_all();
        self.alice_has_all();
    }

    /// He has read all that she has sent, in its order, and nothing else has come.
    fn bob_has_all(&mut self) {
        let (alices, version) = (self.scene.server.jid("alice"), self.speaks.newest().name());
        for text in std::mem::take(&mut self.unread) {
            let message = self.bob().next_message();
            let (from, body) = (&message["from"], &message["body"]);
            assert_eq!((from, body, &message["version"]), (&json!(alices), &json!(text), &json!(version)));
        }
    }

    /// She has everything once, whoever wrote it; what was altered is there, and can't be read; all else is secret.
    fn alice_has_all(&mut self) {
        let (alices, bobs) = (self.scene.server.jid("alice"), self.scene.server.jid("bob"));
        let count = self.sent + self.received.len() + self.refused;
        self.alice().until(&json!({ "do": "count", "peer": bobs }), |answer| answer["count"] == count);
        let (key, speaks) = (json!(self.bob().key()), self.speaks);
        // His device is trusted when it is seen on his list, which is asked for when the conversation is opened.
        self.alice().ask(&json!({ "do": "look_up", "peer": bobs }));
        self.alice().until(&json!({ "do": "page", "peer": bobs, "limit": 100_000 }), |answer| {
            let mut messages = answer["messages"].as_array().into_iter().flatten();
            messages.all(|message| message["encrypted"]["trust"] != "undecided")
        });
        let history = self.alice().history(&alices, &bobs);
        let (came, went): (Vec<&Value>, Vec<&Value>) =
            history.iter().partition(|message| message["direction"] == "in");
        assert_eq!(went.len(), self.sent);
        let (read, unread): (Vec<&Value>, Vec<&Value>) =
            came.into_iter().partition(|message| message["text"].is_string());
        assert_eq!(unread.len(), self.refused, "{unread:?}");
        for message in &read {
            assert!(is_secret(message, speaks.newest()) && message["encrypted"]["key"] == key, "{message}");
        }
        let mut texts: Vec<&str> = read.iter().filter_map(|message| message["text"].as_str()).collect();
        let mut expected: Vec<&str> = self.received.iter().map(String::as_str).collect();
        // What waited on a server is dated by whole seconds.
        texts.sort_unstable();
        expected.sort_unstable();
        assert_eq!(texts, expected);
    }

    /// A message with anything altered is shown and can't be read, and then the message as it was meant can.
    fn refuses_all_alterations(&mut self, text: &str) {
        let written = self.write(&secret(text));
        let mut altered = alterations(&written.xml, "key", 1);
        altered.extend(alterations(&written.xml, "payload", 5));
        if self.speaks == Speaks::Legacy {
            altered.extend(alterations(&written.xml, "iv", 1));
        }
        assert!(altered.len() > 100, "{} are few", altered.len());
        for (number, xml) in altered.iter().enumerate() {
            self.bob().hand_in(&renamed(xml, &format!("altered-{number}")));
        }
        self.refused += altered.len();
        self.alice_has_all();
        self.bob().hand_in(&written.xml);
        self.received.push(secret(text));
        self.alice_has_all();
        self.each_answers();
    }
}

impl Drop for Chat<'_> {
    fn drop(&mut self) {
        if let Some(bob) = self.bob.as_mut().filter(|_| !std::thread::panicking()) {
            assert_eq!(bob.unreadable(), Vec::<Value>::new());
        }
    }
}

fn arrives(driven: &mut Driven, from: &str, text: &str) {
    driven.event(&json!({ "event": "message", "peer": from, "text": text }));
}

/// The last message of a conversation that came.
fn last(driven: &mut Driven, peer: &str) -> Value {
    let answer = driven.ask(&json!({ "do": "page", "peer": peer }));
    let messages = answer["messages"].as_array().expect("a page");
    messages.iter().rfind(|message| message["direction"] == "in").cloned().expect("a message")
}

/// Waits until what another program of the same person has sent is there.
fn is_copied(driven: &mut Driven, peer: &str, text: &str) {
    driven.until(&json!({ "do": "page", "peer": peer }), |answer| {
        let mut messages = answer["messages"].as_array().into_iter().flatten();
        messages.any(|message| message["direction"] == "out" && message["text"] == *text)
    });
}

/// Whether a message was encrypted in that version, by somebody about whom nobody has decided; or is one of ours.
fn is_secret(message: &Value, version: Speaks) -> bool {
    let seal = &message["encrypted"];
    *seal == true || (seal["version"] == version.name() && seal["trust"] == "blind")
}

/// A stanza under another name.
fn renamed(xml: &str, name: &str) -> String {
    let (before, after) = xml.split_once(" id=\"").expect("a stanza with a name");
    let (_, after) = after.split_once('"').expect("its end");
    format!("{before} id=\"{name}\"{after}")
}

/// A stanza with one bit changed in the element of that name, at every place, or one of so many.
fn alterations(xml: &str, name: &str, step: usize) -> Vec<String> {
    let end = xml.find(&format!("</{name}>")).expect("an element");
    let start = xml[..end].rfind('>').expect("its text") + 1;
    let bytes = STANDARD.decode(&xml[start..end]).expect("base64");
    let altered = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= if at.is_multiple_of(2) { 1 } else { 0x80 };
        format!("{}{}{}", &xml[..start], STANDARD.encode(bytes), &xml[end..])
    };
    (0..bytes.len()).step_by(step).map(altered).collect()
}

/// Each number below once, far from in order: the count must not be a multiple of 11.
fn strange_order(count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |number| (number * 11 + 7) % count)
}
