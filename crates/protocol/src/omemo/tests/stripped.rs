//! Messages that lost something on the way, and copies that are none any more.

use causerie_model::{Command, Notice, Trust};

use super::lab::{Lab, jid, with};
use super::{ALICE, BOB, bob};
use crate::ns;

#[test]
fn a_message_without_its_payload_leaves_the_way_to_the_whole_one() {
    let mut lab = Lab::alice_and_bob();
    for text in ["the first of a session", "and one of those that follow"] {
        lab.disconnect(BOB);
        lab.send(ALICE, "bob@b.example", text);
        let whole = lab.offline.remove(&bob()).unwrap().pop().unwrap();
        lab.connect(BOB);
        lab.devices[BOB].rows.clear();
        let mut stripped = with(whole.clone(), "id", "stripped");
        let encrypted = stripped.get_child_mut("encrypted", ns::OMEMO_2).unwrap();
        encrypted.remove_child("payload", ns::OMEMO_2).unwrap();
        lab.deliver(BOB, stripped);
        assert_eq!(lab.received(BOB), ["<altered>"]);
        lab.deliver(BOB, whole);
        assert_eq!(lab.received(BOB), ["<altered>", text]);
        // What says nothing is still read in silence.
        lab.send(BOB, "alice@a.example", "read");
        assert_eq!(lab.received(ALICE).last(), Some(&"read"));
        assert!(!lab.received(ALICE).contains(&"<altered>"));
    }
}

#[test]
fn copies_of_what_an_old_key_has_written_are_silent_after_its_change_was_accepted() {
    let mut lab = Lab::alice_and_bob();
    lab.send(BOB, "alice@a.example", "one");
    lab.send(ALICE, "bob@b.example", "two");
    lab.send(BOB, "alice@a.example", "three");
    let from_bob = |lab: &Lab| {
        let messages = lab.messages.iter().filter(|message| message.attr("from") == Some("bob@b.example/1"));
        messages.cloned().collect::<Vec<_>>()
    };
    let copies = from_bob(&lab);
    // Bob's device has another key, under the number that it had.
    let (device, _) = lab.devices[BOB].ledger.encryption.own.clone().unwrap();
    let evil = lab.add("bob@b.example/2", &["alice@a.example"]);
    let (other, _) = lab.devices[evil].ledger.encryption.own.clone().unwrap();
    lab.disconnect(BOB);
    lab.disconnect(ALICE);
    lab.send(evil, "alice@a.example", "four");
    let four = lab.offline.remove(&jid("alice@a.example")).unwrap().pop().unwrap();
    // It comes under the old number.
    let mut text = Vec::new();
    four.write_to(&mut text).unwrap();
    let renamed = String::from_utf8(text).unwrap().replace(&other.to_string(), &device.to_string());
    lab.start(ALICE);
    lab.devices[ALICE].rows.clear();
    lab.devices[ALICE].notices.clear();
    lab.deliver(ALICE, with(renamed.parse().unwrap(), "id", "renamed"));
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeyReplaced { jid: bob(), device }]);
    let fingerprint = lab.devices[ALICE].ledger.encryption.keys.last().unwrap().2;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Blind });
    lab.send(ALICE, "bob@b.example", "to the new key");
    lab.start(ALICE);
    lab.devices[ALICE].rows.clear();
    lab.devices[ALICE].notices.clear();
    for (n, copy) in copies.into_iter().enumerate() {
        lab.deliver(ALICE, with(copy, "id", &format!("copy{n}")));
    }
    assert_eq!(lab.received(ALICE), Vec::<&str>::new());
    assert_eq!(lab.devices[ALICE].notices, []);
}
