//! Servers and contacts with bad intentions: whatever they send, the program lives, stays connected, and reads on.

use std::fmt::Write as _;

use acceptance::hostile::{Guest, Hostile, attribute};
use acceptance::{Authority, Driven, Flaw};
use serde_json::json;
use tempfile::TempDir;

use super::scene::{DRIVE, contact, folder, peak_memory};

const DOMAIN: &str = "chat.test";
const ALICE: &str = "alice@chat.test";
const BOB: &str = "bob@chat.test";
const PASSWORD: &str = "open sesame";
/// What anything may cost in memory.
const ALLOWANCE: u64 = 64 << 20;

/// A program that is signed in to a server which is played by the test.
struct Stage {
    guest: Guest,
    alice: Driven,
    _folder: TempDir,
}

fn stage() -> Stage {
    let folder = folder();
    let authority = Authority::new(&folder.path().join("authority"));
    let server = Hostile::new(&authority, DOMAIN, Flaw::None);
    let mut alice = Driven::start(DRIVE, &folder.path().join("alice"));
    alice.ask(&json!({
        "do": "sign_in", "jid": ALICE, "password": PASSWORD,
        "server": format!("127.0.0.1:{}", server.port()), "ca_file": authority.file(),
    }));
    let mut guest = server.welcome("alice", PASSWORD).expect("a client that signs in");
    answer_roster(&mut guest);
    alice.event(&json!({ "event": "connection", "state": "online" }));
    Stage { guest, alice, _folder: folder }
}

/// Answers what is asked until the roster was asked for, and that with one contact.
fn answer_roster(guest: &mut Guest) {
    let question = guest.answer_until("jabber:iq:roster").expect("a question for the roster");
    let id = attribute(&question, "id").expect("its id");
    guest
        .say(&format!(
            "<iq type='result' id='{id}'><query xmlns='jabber:iq:roster'>\
             <item jid='{BOB}' subscription='both' name='Bob'/></query></iq>"
        ))
        .expect("a client");
}

impl Stage {
    /// Says these things, and then a message that must be read.
    fn survives(&mut self, what: &str, pieces: &[(&str, usize)]) {
        for (piece, times) in pieces {
            let together = 65_536 / piece.len().max(1) + 1;
            let bulk = piece.repeat(together.min(*times));
            for _ in 0..times / together {
                self.guest.say(&bulk).unwrap_or_else(|error| panic!("{what}: {error}"));
            }
            let rest = if *times >= together { times % together } else { *times };
            self.guest.say(&piece.repeat(rest)).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        let after = format!("after {what}");
        self.guest
            .say(&format!("<message from='{BOB}/x' type='chat'><body>{after}</body></message>"))
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        self.alice.event(&json!({ "event": "message", "peer": BOB, "text": after }));
    }
}

#[test]
fn a_flood_of_10000_presences() {
    let mut stage = stage();
    stage.survives("warming up", &[]);
    let before = peak_memory(stage.alice.id());
    let mut flood = String::new();
    for number in 0..10_000 {
        let _ = write!(
            flood,
            "<presence from='{BOB}/{number}'><show>away</show><status>{number}</status></presence>"
        );
    }
    stage.survives("10,000 devices of a contact", &[(&flood, 1)]);
    let mut flood = String::new();
    for number in 0..10_000 {
        let _ = write!(
            flood,
            "<presence from='stranger{number}@evil.test/x'><status>{number}</status></presence>"
        );
    }
    stage.survives("presences of 10,000 strangers", &[(&flood, 1)]);
    let mut flood = String::new();
    for number in 0..10_000 {
        let _ = write!(flood, "<presence from='stranger{number}@evil.test' type='subscribe'/>");
    }
    stage.survives("10,000 requests", &[(&flood, 1)]);
    let more = peak_memory(stage.alice.id()) - before;
    assert!(more < ALLOWANCE, "{more} bytes more");
    assert!(stage.alice.events_so_far(&json!({ "event": "connection", "state": "waiting" })).is_empty());
}

#[test]
fn monsters() {
    const OPEN: &str = "<message from='mallory@evil.test/x' type='chat'>";
    const CLOSE: &str = "</message>";
    let mut stage = stage();
    stage.survives("warming up", &[]);
    let before = peak_memory(stage.alice.id());
    stage.survives("100,000 nested elements", &[(OPEN, 1), ("<a>", 100_000), ("</a>", 100_000), (CLOSE, 1)]);
    stage.survives("10 MiB", &[(OPEN, 1), ("<body>", 1), ("x", 10 << 20), ("</body>", 1), (CLOSE, 1)]);
    stage.survives(
        "an attribute of 1 MiB",
        &[(OPEN, 1), ("<a b='", 1), ("x", 1 << 20), ("'/>", 1), (CLOSE, 1)],
    );
    stage.survives("1,000,000 children", &[(OPEN, 1), ("<a/>", 1_000_000), (CLOSE, 1)]);
    let more = peak_memory(stage.alice.id()) - before;
    assert!(more < ALLOWANCE, "{more} bytes more");
    assert!(stage.alice.events_so_far(&json!({ "event": "connection", "state": "waiting" })).is_empty());
}

#[test]
fn a_body_of_a_megabyte_is_read() {
    let mut stage = stage();
    let body = "0123456789 é ☕ &amp;\n".repeat(1_000_000 / 24);
    stage.survives(
        "1 MB",
        &[(&format!("<message from='{BOB}/x' type='chat'><body>{body}</body></message>"), 1)],
    );
    let message = stage.alice.event(&json!({ "event": "message", "peer": BOB }));
    assert!(message["text"] == body.replace("&amp;", "&"), "it arrives as it was sent");
}

#[test]
fn odd_stanzas_cost_only_themselves() {
    let mut stage = stage();
    for (what, stanza) in [
        ("an unknown show", "<presence from='bob@chat.test/x'><show>busy</show></presence>"),
        ("an emoji in a resource", "<presence from='bob@chat.test/🦄'/>"),
        ("an unknown type", "<message type='shout' from='bob@chat.test/x'><body>Ho</body></message>"),
        ("no sender", "<message type='chat'><body>Who?</body></message>"),
        ("a malformed sender", "<message type='chat' from='@@@'><body>Who?</body></message>"),
        ("an unknown element", "<wobble xmlns='urn:example:wobble'/>"),
        ("an answer to nothing", "<iq type='result' id='nobody-asked' from='chat.test'/>"),
        (
            "a question of an unknown kind",
            "<iq type='get' id='q1' from='bob@chat.test/x'><x xmlns='urn:x'/></iq>",
        ),
        (
            "a broken avatar",
            "<message from='bob@chat.test'><event xmlns='http://jabber.org/protocol/pubsub#event'>\
            <items node='urn:xmpp:avatar:metadata'><item id='x'><metadata xmlns='urn:xmpp:avatar:metadata'>\
            <info bytes='-3' id='' type=''/></metadata></item></items></event></message>",
        ),
        (
            "a delay of the year 9999",
            "<message from='bob@chat.test/x' type='chat'><body>Old</body>\
            <delay xmlns='urn:xmpp:delay' stamp='9999-99-99T99:99:99Z'/></message>",
        ),
        (
            "a bad roster push",
            "<iq type='set' id='p1'><query xmlns='jabber:iq:roster'>\
            <item jid='@@' subscription='most'/></query></iq>",
        ),
    ] {
        stage.survives(what, &[(stanza, 1)]);
    }
}

#[test]
fn a_stranger_pushes_no_roster() {
    const MALLORY: &str = "mallory@evil.test";
    let mut stage = stage();
    for from in
        ["mallory@evil.test/x", "mallory@evil.test", "evil.test", "chat.test.evil.test", "alice@evil.test"]
    {
        let push = format!(
            "<iq type='set' id='push' from='{from}'><query xmlns='jabber:iq:roster'>\
             <item jid='{MALLORY}' subscription='both' name='Bob'/></query></iq>"
        );
        stage.survives(from, &[(&push, 1)]);
    }
    let contacts = stage.alice.ask(&json!({ "do": "contacts" }));
    assert_eq!(contact(&contacts, MALLORY), None);
    assert!(contact(&contacts, BOB).is_some());
}

#[test]
fn a_server_that_never_proved_itself_gets_nothing() {
    for flaw in Flaw::ALL {
        let folder = folder();
        let authority = Authority::new(&folder.path().join("authority"));
        let server = Hostile::new(&authority, DOMAIN, flaw);
        let mut alice = Driven::start(DRIVE, &folder.path().join("alice"));
        alice.ask(&json!({
            "do": "sign_in", "jid": ALICE, "password": PASSWORD,
            "server": format!("127.0.0.1:{}", server.port()), "ca_file": authority.file(),
        }));
        // With TLS 1.3 the server's side is done before the client has judged: then not a byte may follow.
        if let Ok(mut guest) = server.accept() {
            assert!(guest.is_gone(), "{flaw:?}: something was said to an impostor");
        }
        alice.event(&json!({ "event": "connection", "state": "stopped", "problem": "certificate" }));
    }
}
