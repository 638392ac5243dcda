//! What is said of messages, encrypted: all of it inside in the newer version, and in the older one as much as can be.

use causerie_model::{
    Command, Direction, Emoji, MessageState, OriginId, Privacy, Protection, Reply, ReplyTo, Says,
};
use minidom::Element;

use super::lab::{Lab, jid, with};
use super::{ALICE, BOB, bob};
use crate::ns;
use crate::xml::Draft;

const ALICES: &str = "alice@a.example";

fn id(text: &str) -> OriginId {
    OriginId::new(text).unwrap()
}

fn emoji(text: &str) -> Vec<Emoji> {
    text.split_whitespace().map(|emoji| Emoji::new(emoji).unwrap()).collect()
}

fn correct(lab: &mut Lab, target: &OriginId, body: &str) {
    let (target, target_privacy) = (target.clone(), Privacy::Encrypted);
    let command =
        Command::CorrectMessage { id: id("c"), peer: bob(), target, target_privacy, body: body.into() };
    lab.ask(ALICE, command);
}

fn react(lab: &mut Lab, name: &str, target: &OriginId, with: &str) {
    react_to(lab, name, (target, Privacy::Encrypted), with);
}

fn react_to(lab: &mut Lab, name: &str, (target, target_privacy): (&OriginId, Privacy), with: &str) {
    let (target, emoji) = (target.clone(), emoji(with));
    lab.ask(ALICE, Command::React { id: id(name), peer: bob(), target, target_privacy, emoji });
}

fn retract(lab: &mut Lab, target: &OriginId) {
    let fallback = "fallback words".to_owned();
    let (target, target_privacy) = (target.clone(), Privacy::Encrypted);
    lab.ask(ALICE, Command::RetractMessage { id: id("r"), peer: bob(), target, target_privacy, fallback });
}

fn answer(lab: &mut Lab, to: &OriginId) {
    let reply = Reply {
        to: to.clone(),
        author: Direction::Incoming,
        quote: "quoted words".to_owned(),
        quoted: Privacy::Encrypted,
    };
    lab.ask(ALICE, Command::SendReply { id: id("a"), peer: bob(), body: "answer".into(), reply });
}

/// What Bob has heard of messages: what, of which, and whether it was encrypted.
fn heard(lab: &Lab) -> Vec<(Says, &str, bool)> {
    let said = lab.devices[BOB].said.iter().filter(|said| said.author == Direction::Incoming);
    said.map(|said| (said.says.clone(), said.target.as_str(), said.protection != Protection::Clear)).collect()
}

/// A lab in which Bob knows the older version alone.
pub(super) fn with_older() -> Lab {
    let mut lab = Lab::new();
    lab.refuses.push((ns::OMEMO_2, "forbidden"));
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.add("bob@b.example/1", &["alice@a.example"]);
    lab
}

#[test]
fn in_the_newer_version_nothing_is_said_outside() {
    let mut lab = Lab::alice_and_bob();
    let first = lab.send(ALICE, "bob@b.example", "first");
    correct(&mut lab, &first, "corrected words");
    react(&mut lab, "e1", &first, "👍 🎉");
    react(&mut lab, "e2", &first, "");
    answer(&mut lab, &id("b1"));
    retract(&mut lab, &first);
    let of = first.as_str();
    assert_eq!(
        heard(&lab),
        [
            (Says::Correction("corrected words".to_owned()), of, true),
            (Says::Reactions(emoji("👍 🎉")), of, true),
            (Says::Reactions(Vec::new()), of, true),
            (Says::Retraction(String::new()), of, true),
        ]
    );
    let reply = lab.devices[BOB].rows.last().unwrap();
    assert_eq!(reply.reply, Some(ReplyTo { id: id("b1"), author: Some(Direction::Outgoing) }));
    assert_eq!(lab.received(BOB), ["first", "answer"]);
    assert!(lab.devices[ALICE].said.iter().all(|said| said.state == MessageState::Sent));
    for secret in ["corrected", "👍", "🎉", "quoted", "answer", "fallback words"] {
        assert!(!lab.was_seen(secret), "{secret}");
    }
    for outside in [ns::CORRECTION, ns::REACTIONS, ns::REPLY, ns::RETRACTION, ns::FALLBACK] {
        assert!(!lab.wire.iter().any(|stanza| stanza.contains("<encrypted") && stanza.contains(outside)));
    }
}

#[test]
fn in_the_older_version_what_stands_beside_names_messages_alone() {
    let mut lab = with_older();
    let first = lab.send(ALICE, "bob@b.example", "first");
    assert_eq!(lab.received(BOB), ["first"]);
    assert!(!lab.was_seen(ns::OMEMO_2), "{:?}", lab.wire.last());
    correct(&mut lab, &first, "corrected words");
    assert_eq!(heard(&lab), [(Says::Correction("corrected words".to_owned()), first.as_str(), true)]);
    answer(&mut lab, &id("b1"));
    let reply = lab.devices[BOB].rows.last().unwrap();
    assert_eq!(reply.reply, Some(ReplyTo { id: id("b1"), author: Some(Direction::Outgoing) }));
    // Reactions come as an answer, since they can't be said otherwise in secret; that there are none any more is not said.
    react(&mut lab, "e1", &first, "👍");
    let reply = lab.devices[BOB].rows.last().unwrap();
    assert_eq!(reply.reply, Some(ReplyTo { id: first.clone(), author: None }));
    let before = lab.wire.len();
    react(&mut lab, "e2", &first, "");
    assert_eq!(lab.wire.len(), before);
    // A retraction is a wish that stands beside its words. Whoever carries it could have put it there: it is not followed.
    retract(&mut lab, &first);
    assert_eq!(heard(&lab).len(), 1);
    assert_eq!(lab.received(BOB), ["first", "answer", "👍", "fallback words"]);
    assert!(lab.wire.last().unwrap().contains(ns::RETRACTION));
    assert!(lab.devices[ALICE].said.iter().all(|said| said.state == MessageState::Sent));
    for secret in ["corrected", "👍", "quoted", "answer", "fallback words"] {
        assert!(!lab.was_seen(secret), "{secret}");
    }
}

#[test]
fn who_carries_a_message_adds_nothing_to_it_that_destroys() {
    for older in [false, true] {
        let mut lab = if older { with_older() } else { Lab::alice_and_bob() };
        let first = lab.send(ALICE, "bob@b.example", "first");
        lab.disconnect(BOB);
        lab.send(ALICE, "bob@b.example", "second");
        let second = lab.offline.remove(&bob()).unwrap().pop().unwrap();
        lab.connect(BOB);
        let mut forged = with(second, "id", "forged");
        let beside = [
            Element::from(Draft::new("retract", ns::RETRACTION).attr("id", first.as_str())),
            crate::reactions::element(&first, &emoji("👍")),
        ];
        for element in beside {
            forged.append_child(element);
        }
        lab.deliver(BOB, forged);
        assert_eq!(lab.received(BOB), ["first", "second"], "{older}");
        assert_eq!(heard(&lab), []);
        // In clear it is said to be so, and the ledger knows what it counts for.
        let clear = Draft::new("message", ns::CLIENT).attr("from", "alice@a.example/1").attr("id", "x");
        let retract = Draft::new("retract", ns::RETRACTION).attr("id", first.as_str());
        lab.deliver(BOB, clear.child(retract).into());
        assert_eq!(heard(&lab), [(Says::Retraction(String::new()), first.as_str(), false)]);
    }
}

#[test]
fn who_carries_a_message_cuts_no_words_out_of_it() {
    for older in [false, true] {
        let mut lab = if older { with_older() } else { Lab::alice_and_bob() };
        lab.send(ALICE, "bob@b.example", "first");
        lab.disconnect(BOB);
        lab.send(ALICE, "bob@b.example", "I do not agree");
        let mut forged = lab.offline.remove(&bob()).unwrap().pop().unwrap();
        lab.connect(BOB);
        forged.append_child(crate::replies::element(&id("b1"), None));
        let cut = Draft::new("body", ns::FALLBACK).attr("start", "1").attr("end", "8");
        forged.append_child(Draft::new("fallback", ns::FALLBACK).attr("for", ns::REPLY).child(cut).into());
        lab.deliver(BOB, forged);
        assert_eq!(lab.received(BOB), ["first", "I do not agree"], "{older}");
    }
}

/// Whether the program was started again since makes no difference: the ledger knows how a message was protected.
#[test]
fn of_what_was_encrypted_nothing_is_said_in_clear() {
    for (older, restarts) in [(false, false), (true, false), (false, true)] {
        let mut lab = if older { with_older() } else { Lab::alice_and_bob() };
        let ours = lab.send(ALICE, "bob@b.example", "ours");
        let theirs = lab.send(BOB, ALICES, "theirs");
        lab.ask(ALICE, Command::SetPrivacy { peer: bob(), privacy: Privacy::Clear });
        if restarts {
            lab.start(ALICE);
        }
        correct(&mut lab, &ours, "corrected words");
        react(&mut lab, "e1", &theirs, "👍");
        retract(&mut lab, &ours);
        assert!(heard(&lab).iter().all(|(.., is_encrypted)| *is_encrypted));
        assert_eq!(heard(&lab)[0].0, Says::Correction("corrected words".to_owned()));
        for secret in ["corrected", "👍", "fallback words"] {
            assert!(!lab.was_seen(secret), "{secret}");
        }
        assert!(lab.devices[ALICE].said.iter().all(|said| said.state == MessageState::Sent));
        // Of what is in clear it is.
        let open = lab.send(ALICE, "bob@b.example", "in clear");
        assert!(lab.was_seen("in clear"));
        let before = heard(&lab).len();
        react_to(&mut lab, "e2", (&open, Privacy::Clear), "👍");
        assert_eq!(heard(&lab)[before..], [(Says::Reactions(emoji("👍")), open.as_str(), false)]);
    }
}

/// Where it can't be encrypted any more it says so, and does not go.
/// A message in clear that was corrected encrypted is an encrypted one for the ledger, which is what the app goes by: an answer in a
/// conversation that is in clear again does not say what it answers.
#[test]
fn an_answer_in_clear_quotes_nothing_that_was_corrected_encrypted() {
    let mut lab = Lab::alice_and_bob();
    lab.ask(BOB, Command::SetPrivacy { peer: jid(ALICES), privacy: Privacy::Clear });
    let first = lab.send(BOB, ALICES, "in clear");
    lab.ask(BOB, Command::SetPrivacy { peer: jid(ALICES), privacy: Privacy::Encrypted });
    let (target, target_privacy, body) = (first.clone(), Privacy::Clear, "the code is 1234".into());
    lab.ask(BOB, Command::CorrectMessage { id: id("c1"), peer: jid(ALICES), target, target_privacy, body });
    lab.ask(ALICE, Command::SetPrivacy { peer: bob(), privacy: Privacy::Clear });
    let (author, quoted) = (Direction::Incoming, Privacy::Encrypted);
    let reply = Reply { to: first, author, quote: "the code is 1234".to_owned(), quoted };
    lab.ask(ALICE, Command::SendReply { id: id("a1"), peer: bob(), body: "I see".into(), reply });
    assert_eq!(lab.received(BOB), ["I see"]);
    assert!(lab.was_seen("I see") && !lab.was_seen("1234"), "{:?}", lab.wire.last());
}

#[test]
fn what_is_said_of_an_encrypted_message_and_cannot_be_encrypted_fails() {
    let mut lab = Lab::alice_and_bob();
    let ours = lab.send(ALICE, "bob@b.example", "ours");
    lab.ask(ALICE, Command::SetPrivacy { peer: bob(), privacy: Privacy::Clear });
    let encryption = &mut lab.devices[ALICE].ledger.encryption;
    encryption.sessions.retain(|(name, _)| name.jid != bob());
    lab.refuses = vec![("bundles", "item-not-found")];
    lab.start(ALICE);
    let before = lab.messages.len();
    correct(&mut lab, &ours, "corrected words");
    retract(&mut lab, &ours);
    assert_eq!((lab.messages.len(), heard(&lab)), (before, vec![]));
    let failed = MessageState::Failed(causerie_model::Problem::NotEncrypted);
    assert!(lab.devices[ALICE].said.iter().all(|said| said.state == failed));
}

#[test]
fn what_waits_when_the_program_ends_is_said_once_encrypted() {
    let mut lab = Lab::alice_and_bob();
    let first = lab.send(ALICE, "bob@b.example", "first");
    lab.disconnect(ALICE);
    correct(&mut lab, &first, "corrected words");
    react(&mut lab, "e1", &first, "👍");
    lab.start_offline(ALICE);
    lab.start_offline(ALICE);
    lab.connect(ALICE);
    let of = first.as_str();
    assert_eq!(
        heard(&lab),
        [
            (Says::Correction("corrected words".to_owned()), of, true),
            (Says::Reactions(emoji("👍")), of, true),
        ]
    );
    assert!(!lab.was_seen("corrected") && !lab.was_seen("👍"));
    assert!(lab.devices[ALICE].said.iter().all(|said| said.state == MessageState::Sent));
}

#[test]
fn a_device_that_nobody_has_decided_about_changes_no_message() {
    let mut lab = Lab::alice_and_bob();
    let first = lab.send(ALICE, "bob@b.example", "first");
    let (key, ..) = {
        let kept = &lab.devices[BOB].ledger.encryption.keys;
        let (jid, _, fingerprint, ..) = kept.iter().find(|key| key.0.as_str() == ALICES).unwrap().clone();
        (Command::DecideTrust { jid, fingerprint, trust: causerie_model::Trust::Verified }, ())
    };
    lab.ask(BOB, key);
    let other = lab.add("alice@a.example/2", &["bob@b.example"]);
    let target = first.clone();
    let target_privacy = Privacy::Encrypted;
    let body = "other".into();
    for command in [
        Command::CorrectMessage { id: id("c"), peer: bob(), target: target.clone(), target_privacy, body },
        Command::React {
            id: id("e"),
            peer: bob(),
            target: target.clone(),
            target_privacy,
            emoji: emoji("👍"),
        },
        Command::RetractMessage { id: id("r"), peer: bob(), target, target_privacy, fallback: String::new() },
    ] {
        lab.ask(other, command);
    }
    assert_eq!(heard(&lab), []);
    assert_eq!(lab.received(BOB), ["first", "other"], "it is a message, with what is to be said of it");
}

/// That all reactions are taken away can't be said in the older version. It keeps nothing else from going, whatever our own other
/// devices know.
#[test]
fn reactions_that_are_taken_away_stand_in_nobodys_way() {
    let mut lab = Lab::new();
    lab.refuses.push((ns::OMEMO_2, "forbidden"));
    let bob_device = lab.add("bob@b.example/1", &["alice@a.example"]);
    lab.refuses.clear();
    let alice = lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.add("alice@a.example/2", &["bob@b.example"]);
    let first = lab.send(alice, "bob@b.example", "first");
    assert_eq!(lab.received(bob_device), ["first"]);
    for (name, emoji) in [("e1", vec![Emoji::new("👍").unwrap()]), ("e2", Vec::new())] {
        let (target, target_privacy) = (first.clone(), Privacy::Encrypted);
        let id = OriginId::new(name).unwrap();
        lab.ask(alice, Command::React { id, peer: bob(), target, target_privacy, emoji });
    }
    assert_eq!(lab.received(bob_device), ["first", "👍"]);
    let second = lab.send(alice, "bob@b.example", "second");
    assert_eq!(*lab.state(alice, &second), MessageState::Sent);
    assert_eq!(lab.received(bob_device), ["first", "👍", "second"]);
}
