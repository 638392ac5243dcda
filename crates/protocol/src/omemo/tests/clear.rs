//! What was written in clear, and the person who turns encryption on again before it has gone; and the other way round.

use causerie_model::{Command, MessageState, NewMessage, OriginId, Privacy, Problem, Protection};

use super::lab::Lab;
use super::{ALICE, BOB, bob};

fn choose(lab: &mut Lab, privacy: Privacy) {
    lab.ask(ALICE, Command::SetPrivacy { peer: bob(), privacy });
}

fn row<'a>(lab: &'a Lab, id: &OriginId) -> &'a NewMessage {
    lab.devices[ALICE].rows.iter().find(|row| row.origin.as_ref() == Some(id)).unwrap()
}

/// Alice, who has written something in clear while she was offline.
fn written_offline(body: &str) -> (Lab, OriginId) {
    let mut lab = Lab::alice_and_bob();
    choose(&mut lab, Privacy::Clear);
    lab.disconnect(ALICE);
    let id = lab.send(ALICE, "bob@b.example", body);
    assert_eq!(row(&lab, &id).protection, Protection::Clear);
    (lab, id)
}

#[test]
fn what_waits_in_clear_is_encrypted_once_the_person_says_so_again() {
    let runs = [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter();
    for ((before, after), is_noted) in runs.flat_map(|runs| [(runs, true), (runs, false)]) {
        let (mut lab, id) = written_offline("secret");
        if !is_noted {
            lab.forget_what_waits(ALICE);
        }
        (0..before).for_each(|_| lab.start_offline(ALICE));
        choose(&mut lab, Privacy::Encrypted);
        // What another run may have sent in clear leaves encrypted as well, and is not called secret.
        let is_known = before == 0 || is_noted;
        let told = if is_known { Protection::Encrypted(None) } else { Protection::Clear };
        assert_eq!(row(&lab, &id).protection, told, "{before} {after} {is_noted}");
        (0..after).for_each(|_| lab.start_offline(ALICE));
        lab.connect(ALICE);
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent, "{before} {after}");
        assert_eq!(lab.received(BOB), ["secret"]);
        assert!(!lab.was_seen("secret"), "{before} {after}");
    }
}

#[test]
fn what_waits_in_clear_for_others_stays_as_it_is() {
    let mut lab = Lab::alice_and_bob();
    let carol = lab.add("carol@c.example/1", &["alice@a.example"]);
    let clear = Command::SetPrivacy { peer: super::jid("carol@c.example"), privacy: Privacy::Clear };
    lab.ask(ALICE, clear);
    choose(&mut lab, Privacy::Clear);
    lab.disconnect(ALICE);
    lab.send(ALICE, "carol@c.example", "for everyone");
    lab.send(ALICE, "bob@b.example", "secret");
    choose(&mut lab, Privacy::Encrypted);
    lab.connect(ALICE);
    assert_eq!(lab.received(carol), ["for everyone"]);
    assert!(lab.was_seen("for everyone") && !lab.was_seen("secret"));
}

// A ledger may have a message in clear for a conversation that is encrypted: what counts is what the person wants now.
#[test]
fn nothing_leaves_in_clear_for_a_conversation_that_is_encrypted() {
    let (mut lab, id) = written_offline("secret");
    lab.devices[ALICE].ledger.encryption.clear.clear();
    lab.start(ALICE);
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    assert_eq!(lab.received(BOB), ["secret"]);
    assert!(!lab.was_seen("secret"));
}

#[test]
fn what_has_left_in_clear_goes_out_encrypted_when_it_has_to_go_again_and_is_not_called_secret() {
    let mut lab = Lab::alice_and_bob();
    choose(&mut lab, Privacy::Clear);
    let id = OriginId::new("m1").unwrap();
    let written = Command::SendMessage { id: id.clone(), peer: bob(), body: "open".into() };
    lab.ask_without_answers(ALICE, written);
    lab.lose_all();
    lab.disconnect(ALICE);
    choose(&mut lab, Privacy::Encrypted);
    lab.connect(ALICE);
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    assert_eq!(lab.received(BOB), ["open"]);
    assert_eq!(lab.wire.iter().filter(|stanza| stanza.contains("open")).count(), 1);
    assert_eq!(row(&lab, &id).protection, Protection::Clear, "others may have read it");
}

#[test]
fn what_is_too_long_to_be_encrypted_fails_and_stays_here() {
    let text = "x".repeat(100_000);
    for restored in [false, true] {
        let (mut lab, id) = written_offline(&text);
        if restored {
            lab.devices[ALICE].ledger.encryption.clear.clear();
            lab.start(ALICE);
        } else {
            choose(&mut lab, Privacy::Encrypted);
            lab.connect(ALICE);
        }
        assert_eq!(*lab.state(ALICE, &id), MessageState::Failed(Problem::OverLimits));
        assert!(!lab.was_seen("xxxx"));
    }
}

/// Alice has sent something encrypted, and does not know whether it has arrived; Bob's keys are out of reach from then on.
fn perhaps_sent(arrives: bool) -> (Lab, OriginId) {
    let mut lab = Lab::alice_and_bob();
    let id = OriginId::new("perhaps").unwrap();
    let written = Command::SendMessage { id: id.clone(), peer: bob(), body: "secret".into() };
    lab.send(ALICE, "bob@b.example", "first");
    lab.ask_without_answers(ALICE, written);
    if !arrives {
        lab.lose_all();
    }
    (lab, id)
}

/// Nobody's keys of his are known any more, nor to be had.
fn shut(lab: &mut Lab) {
    lab.refuses = vec![("devices", "internal-server-error"), ("axolotl", "internal-server-error")];
    lab.devices[ALICE].ledger.encryption.lists.retain(|(owner, ..)| *owner != bob());
}

#[test]
fn what_may_have_arrived_encrypted_is_not_sent_in_clear_when_encryption_is_turned_off() {
    // Turned off while it is on its way, after the connection broke, and in another run.
    for when in 0..3 {
        let (mut lab, id) = perhaps_sent(false);
        if when == 0 {
            choose(&mut lab, Privacy::Clear);
        }
        lab.disconnect(ALICE);
        shut(&mut lab);
        if when == 1 {
            choose(&mut lab, Privacy::Clear);
        }
        lab.start_offline(ALICE);
        if when == 2 {
            choose(&mut lab, Privacy::Clear);
        }
        lab.connect(ALICE);
        // Its server keeps no archive, so it is not known, and said to be not.
        assert_eq!(*lab.state(ALICE, &id), MessageState::Failed(Problem::PerhapsSent), "{when}");
        let open = lab.send(ALICE, "bob@b.example", "for everyone");
        assert_eq!(*lab.state(ALICE, &open), MessageState::Sent, "nothing stands in its way: {when}");
        assert!(!lab.was_seen("secret"), "{when}");
        lab.ask(
            ALICE,
            Command::RetryMessage { id: id.clone(), peer: bob(), body: "secret".into(), reply: None },
        );
        assert!(lab.was_seen("secret"), "now the person has said so of this one: {when}");
    }
}

#[test]
fn what_can_still_be_encrypted_goes_encrypted_when_encryption_is_turned_off() {
    for restarts in [false, true] {
        let (mut lab, id) = perhaps_sent(false);
        choose(&mut lab, Privacy::Clear);
        lab.disconnect(ALICE);
        if restarts {
            lab.start_offline(ALICE);
        }
        lab.connect(ALICE);
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
        assert_eq!(lab.received(BOB), ["first", "secret"]);
        assert!(!lab.was_seen("secret"));
    }
}

// It waits for keys that nobody has asked for when the person chooses, so it is not known yet that they can't be had.
#[test]
fn what_turns_out_to_wait_for_ever_stands_in_nobodys_way() {
    let mut lab = Lab::alice_and_bob();
    lab.disconnect(ALICE);
    shut(&mut lab);
    lab.start_offline(ALICE);
    let first = lab.send(ALICE, "bob@b.example", "secret");
    choose(&mut lab, Privacy::Clear);
    assert_eq!(*lab.state(ALICE, &first), MessageState::Pending);
    let second = lab.send(ALICE, "bob@b.example", "for everyone");
    lab.connect(ALICE);
    assert_eq!(*lab.state(ALICE, &first), MessageState::Failed(Problem::NotEncrypted));
    assert_eq!(*lab.state(ALICE, &second), MessageState::Sent);
    assert!(!lab.was_seen("secret"));
}

#[test]
fn who_turns_encryption_on_again_has_given_up_nothing() {
    let mut lab = Lab::alice_and_bob();
    lab.disconnect(ALICE);
    lab.start_offline(ALICE);
    let id = lab.send(ALICE, "bob@b.example", "secret");
    choose(&mut lab, Privacy::Clear);
    choose(&mut lab, Privacy::Encrypted);
    lab.refuses = vec![("bundles", "item-not-found")];
    lab.connect(ALICE);
    assert_eq!(*lab.state(ALICE, &id), MessageState::Pending, "it waits for his keys");
    lab.refuses.clear();
    lab.wait(std::time::Duration::from_secs(3600));
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    assert!(!lab.was_seen("secret"));
}

/// Whoever asks has read the ledger a moment before another device of theirs has corrected that message encrypted.
#[test]
fn what_is_said_in_clear_of_what_was_just_corrected_encrypted_is_encrypted_as_well() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("alice@a.example/2", &["bob@b.example"]);
    lab.send(second, "bob@b.example", "one");
    choose(&mut lab, Privacy::Clear);
    let id = lab.send(ALICE, "bob@b.example", "open");
    let correct = |name: &str, body: &str| Command::CorrectMessage {
        id: OriginId::new(name).unwrap(),
        peer: bob(),
        target: id.clone(),
        target_privacy: Privacy::Clear,
        body: body.into(),
    };
    lab.ask(second, correct("c1", "first secret"));
    let sent = lab.messages.iter().rfind(|message| message.attr("id") == Some("c1")).unwrap().clone();
    let forwarded = crate::xml::Draft::new("forwarded", crate::ns::FORWARD).child(sent);
    let sent = crate::xml::Draft::new("sent", crate::ns::CARBONS).child(forwarded);
    let carbon = crate::xml::Draft::new("message", crate::ns::CLIENT).attr("from", "alice@a.example");
    lab.deliver(ALICE, carbon.child(sent).into());
    lab.ask(ALICE, correct("c2", "second secret"));
    assert!(lab.was_seen("open") && !lab.was_seen("first secret") && !lab.was_seen("second secret"));
    let said = lab.devices[ALICE].said.iter().find(|said| said.origin == OriginId::new("c2")).unwrap();
    assert_eq!((&said.state, said.protection), (&MessageState::Sent, Protection::Encrypted(None)));
}
