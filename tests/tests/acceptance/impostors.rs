//! Whoever says that they are somebody else, through the whole program: what the ledger has, what others are told, and where the archive is
//! asked from the next time.

use acceptance::hostile::{Guest, Hostile, attribute};
use acceptance::{Authority, Driven, Flaw};
use serde_json::json;

use super::scene::{DRIVE, contact, folder, texts};

const DOMAIN: &str = "chat.test";
const ALICE: &str = "alice@chat.test";
const BOB: &str = "bob@chat.test";
const CAROL: &str = "carol@chat.test";
const MALLORY: &str = "mallory@evil.test";
const PASSWORD: &str = "open sesame";
/// Behind everything that an archive may have.
const NEVER: &str = "9999999999999999";

/// Answers as a server with an archive and copies does, until it was asked for what is in the archive; gives that question.
fn answer_all(guest: &mut Guest) -> String {
    loop {
        let said = guest.hear("</iq>").expect("a question");
        let question = said.rsplit_once("<iq").map_or("", |(_, question)| question);
        let head = question.split('>').next().unwrap_or_default();
        let id = attribute(head, "id").expect("its id");
        let answer = |payload: &str| format!("<iq type='result' id='{id}'>{payload}</iq>");
        let features = |names: &[&str]| {
            let names: String = names.iter().map(|name| format!("<feature var='{name}'/>")).collect();
            answer(&format!("<query xmlns='http://jabber.org/protocol/disco#info'>{names}</query>"))
        };
        let is_of_account = attribute(head, "to").as_deref() == Some(ALICE);
        let reply = if question.contains("urn:xmpp:mam:2") {
            answer(
                "<fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'/></fin>",
            )
        } else if question.contains("disco#info") && is_of_account {
            features(&["urn:xmpp:mam:2", "urn:xmpp:sid:0"])
        } else if question.contains("disco#info") {
            features(&["urn:xmpp:carbons:2"])
        } else if question.contains("jabber:iq:roster") {
            answer(&format!(
                "<query xmlns='jabber:iq:roster'><item jid='{BOB}' subscription='both' name='Bob'/>\
                 <item jid='{CAROL}' subscription='both' name='Carol'/></query>"
            ))
        } else {
            answer("")
        };
        guest.say(&reply).expect("a client");
        if question.contains("urn:xmpp:mam:2") {
            return question.to_owned();
        }
    }
}

/// What is said in somebody else's name. `{id}` is what a message to Bob is called.
fn attacks() -> Vec<(&'static str, String)> {
    let between = |from: &str, to: &str| {
        format!("<message xmlns='jabber:client' from='{from}/x' to='{to}'><body>forged</body></message>")
    };
    let (forged, sent) = (between(BOB, ALICE), between(ALICE, BOB));
    let forward = |inner: &str| format!("<forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded>");
    let copy = |from: &str, kind: &str, inner: &str| {
        let inner = forward(inner);
        format!("<message from='{from}'><{kind} xmlns='urn:xmpp:carbons:2'>{inner}</{kind}></message>")
    };
    let result = |from: &str| {
        let inner = forward(&forged);
        format!(
            "<message from='{from}'><result xmlns='urn:xmpp:mam:2' queryid='q' id='f'>{inner}</result></message>"
        )
    };
    let refused = |from: &str| {
        format!(
            "<message type='error' id='{{id}}' from='{from}/x'><error type='cancel'>\
             <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        )
    };
    let named = format!(
        "<message from='{BOB}' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'>\
         <items node='http://jabber.org/protocol/nick'><item publisher='{MALLORY}'>\
         <nick xmlns='http://jabber.org/protocol/nick'>forged</nick></item></items></event></message>"
    );
    let push = format!(
        "<iq type='set' id='p' from='{MALLORY}/x'><query xmlns='jabber:iq:roster'>\
         <item jid='{MALLORY}' subscription='both' name='Bob'/></query></iq>"
    );
    let marked = |by: &str, more: &str| {
        let mark = mark(by, NEVER);
        format!("<message from='{MALLORY}/x'>{more}{mark}</message>")
    };
    let arrived =
        format!("<message from='{CAROL}/x'><received xmlns='urn:xmpp:receipts' id='{{id}}'/></message>");
    let in_room = "<message type='groupchat' from='room@chat.test/bob'><body>forged</body></message>";
    vec![
        ("a stranger's copy of what we got", copy(MALLORY, "received", &forged)),
        ("a stranger's copy of what we sent", copy(MALLORY, "sent", &sent)),
        ("a copy by another device of ours", copy(&format!("{ALICE}/other"), "received", &forged)),
        ("a result of a stranger's archive", result(MALLORY)),
        ("a result that was not asked for", result(ALICE)),
        ("a stranger's change of the contact list", push),
        ("that it has arrived, says another contact", arrived),
        ("that it was refused, says another contact", refused(CAROL)),
        ("that it was refused, says a stranger", refused(MALLORY)),
        ("a name that somebody else put there", named),
        ("what is said in a room", in_room.to_owned()),
        ("a mark on nothing", marked(ALICE, "")),
        ("a mark in another spelling", marked("alice@chat.test.", "<body>Spelled</body>")),
    ]
}

/// What an archive marks a message with.
fn mark(by: &str, id: &str) -> String {
    format!("<stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='{id}'/>")
}

#[test]
fn nobody_is_taken_for_somebody_else() {
    let folder = folder();
    let authority = Authority::new(&folder.path().join("authority"));
    let server = Hostile::new(&authority, DOMAIN, Flaw::None);
    let data = folder.path().join("alice");
    let mut alice = Driven::start(DRIVE, &data);
    let sign_in = json!({
        "do": "sign_in", "jid": ALICE, "password": PASSWORD,
        "server": format!("127.0.0.1:{}", server.port()), "ca_file": authority.file(),
    });
    alice.ask(&sign_in);
    let mut guest = server.welcome("alice", PASSWORD).expect("a client that signs in");
    answer_all(&mut guest);
    alice.event(&json!({ "event": "catch_up", "state": "done" }));

    alice.ask(&json!({ "do": "privacy", "peer": BOB, "privacy": "clear" }));
    alice.ask(&json!({ "do": "send", "to": BOB, "body": "Ours" }));
    let said = guest.hear("<body>").expect("a message");
    let id = attribute(said.rsplit_once("<message").map_or("", |(_, head)| head), "id").expect("its id");
    let mut honest = Vec::new();
    for (number, (what, attack)) in attacks().into_iter().enumerate() {
        guest.say(&attack.replace("{id}", &id)).unwrap_or_else(|error| panic!("{what}: {error}"));
        honest.push(format!("honest, after {what}"));
        say(&mut guest, &honest[number], &number.to_string());
        alice.event(&json!({ "event": "message", "peer": BOB, "text": honest[number] }));
    }
    assert_eq!(texts(&mut alice, ALICE, BOB, "in"), honest);
    assert_eq!(texts(&mut alice, ALICE, BOB, "out"), ["Ours"]);
    assert_eq!(texts(&mut alice, ALICE, MALLORY, "in"), ["Spelled"]);
    assert!(["in", "out"].iter().all(|way| texts(&mut alice, ALICE, CAROL, way).is_empty()));
    let contacts = alice.ask(&json!({ "do": "contacts" }));
    assert_eq!(contact(&contacts, MALLORY), None);
    assert!(!contacts.to_string().contains("forged"), "{contacts}");
    let page = alice.ask(&json!({ "do": "page", "peer": BOB, "limit": 500 }));
    let all = page["messages"].as_array().expect("messages");
    let ours = all.iter().find(|one| one["direction"] == "out").expect("ours");
    assert_eq!(ours["state"], "pending");

    // Who it went to is believed, and the archive is asked from where it was read to.
    let receipt =
        format!("<message from='{BOB}/x'><received xmlns='urn:xmpp:receipts' id='{id}'/></message>");
    guest.say(&receipt).expect("a client");
    alice.until(&json!({ "do": "page", "peer": BOB, "limit": 500 }), |page| {
        page["messages"].as_array().is_some_and(|all| all.iter().any(|one| one["state"] == "delivered"))
    });
    say(&mut guest, "last", "the-last");
    alice.event(&json!({ "event": "message", "peer": BOB, "text": "last" }));
    // So long nothing is sure to be the last.
    std::thread::sleep(std::time::Duration::from_secs(31));
    say(&mut guest, "later", "later-still");
    alice.event(&json!({ "event": "message", "peer": BOB, "text": "later" }));
    drop(guest);
    drop(alice);
    let mut again = Driven::start(DRIVE, &data);
    again.ask(&sign_in);
    let mut guest = server.welcome("alice", PASSWORD).expect("a client that signs in again");
    let question = answer_all(&mut guest);
    assert!(question.contains("<after>the-last</after>"), "{question}");
}

/// Something honest of Bob's, with a place in the archive.
fn say(guest: &mut Guest, text: &str, id: &str) {
    let mark = mark(ALICE, id);
    let message =
        format!("<message from='{BOB}/x' type='chat' id='h{id}'><body>{text}</body>{mark}</message>");
    guest.say(&message).unwrap_or_else(|error| panic!("{text}: {error}"));
}
