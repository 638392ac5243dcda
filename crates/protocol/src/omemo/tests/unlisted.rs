//! Devices that write before they are on a list, and when new keys are trusted without a question.

use causerie_model::{BareJid, Command, Emoji, Fingerprint, OmemoVersion, Privacy, Protection, Trust};

use super::super::wire;
use super::hostile::own_device;
use super::lab::{Lab, jid};
use super::{ALICE, BOB, bob};
use crate::ns;

const ALICES: &str = "alice@a.example";

fn trust_of(lab: &Lab, who: &BareJid, device: causerie_model::DeviceId) -> (Fingerprint, Trust) {
    let keys = lab.devices[ALICE].ledger.encryption.keys.iter();
    let key = keys.rev().find(|key| key.0 == *who && key.1 == device).unwrap();
    (key.2, key.3)
}

/// Bob's second device writes, and is on none of the lists that his server shows.
fn unlisted() -> (Lab, usize) {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    lab.disconnect(ALICE);
    let second = lab.add("bob@b.example/2", &[ALICES]);
    lab.send(second, ALICES, "hello");
    lab.disconnect(second);
    list(&mut lab, &[BOB]);
    lab.start(ALICE);
    (lab, second)
}

fn list(lab: &mut Lab, devices: &[usize]) {
    for (version, node) in
        [(OmemoVersion::Omemo2, ns::OMEMO_2_DEVICES), (OmemoVersion::Legacy, ns::OMEMO_LEGACY_DEVICES)]
    {
        let ids: Vec<wire::Listed> = devices.iter().map(|device| (own_device(lab, *device), None)).collect();
        lab.announce("bob@b.example", node, wire::list(version, &ids));
    }
}

fn seal(lab: &Lab) -> Trust {
    let Protection::Encrypted(Some(seal)) = lab.devices[ALICE].rows.last().unwrap().protection else {
        panic!("not encrypted")
    };
    seal.trust
}

#[test]
fn a_device_on_no_list_is_read_and_not_trusted_until_it_is_on_one() {
    for restarts in [false, true] {
        let (mut lab, second) = unlisted();
        let other = own_device(&lab, second);
        assert_eq!(lab.received(ALICE), ["hello"]);
        assert_eq!((seal(&lab), trust_of(&lab, &bob(), other).1), (Trust::Undecided, Trust::Undecided));
        lab.send(ALICE, "bob@b.example", "not for it");
        if restarts {
            lab.start(ALICE);
        }
        list(&mut lab, &[BOB, second]);
        assert_eq!(trust_of(&lab, &bob(), other).1, Trust::Blind);
        let rows = &lab.devices[ALICE].rows;
        let hello = rows.iter().find(|row| row.direction == causerie_model::Direction::Incoming).unwrap();
        let Protection::Encrypted(Some(seal)) = hello.protection else { panic!("not encrypted") };
        assert_eq!(seal.trust, Trust::Blind);
        lab.offline.clear();
        lab.start(second);
        lab.send(ALICE, "bob@b.example", "for both");
        assert_eq!(lab.received(second), ["for both"]);
        assert_eq!(lab.received(BOB), ["one", "not for it", "for both"]);
    }
}

#[test]
fn what_a_device_says_of_messages_counts_when_it_is_listed() {
    for (is_listed, restarts) in [(false, false), (true, false), (true, true)] {
        let mut lab = Lab::alice_and_bob();
        let target = lab.send(ALICE, "bob@b.example", "one");
        lab.disconnect(ALICE);
        let second = lab.add("bob@b.example/2", &[ALICES]);
        let id = causerie_model::OriginId::new("e1").unwrap();
        let (target_privacy, emoji) = (Privacy::Encrypted, vec![Emoji::new("👍").unwrap()]);
        lab.ask(second, Command::React { id, peer: jid(ALICES), target, target_privacy, emoji });
        lab.disconnect(second);
        list(&mut lab, &[BOB]);
        lab.start(ALICE);
        assert!(lab.devices[ALICE].said.is_empty());
        assert_eq!(lab.devices[ALICE].held_said.len(), 1);
        if restarts {
            lab.start(ALICE);
        }
        if is_listed {
            list(&mut lab, &[BOB, second]);
        }
        assert_eq!(lab.devices[ALICE].said.len(), usize::from(is_listed));
    }
}

#[test]
fn once_a_person_has_compared_a_key_being_listed_is_not_enough() {
    let (mut lab, second) = unlisted();
    let other = own_device(&lab, second);
    let fingerprint = trust_of(&lab, &bob(), own_device(&lab, BOB)).0;
    for trust in [Trust::Verified, Trust::Blind] {
        lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust });
    }
    list(&mut lab, &[BOB, second]);
    assert_eq!(trust_of(&lab, &bob(), other).1, Trust::Undecided);
}

/// Once a key of a device of ours was compared, or refused, new ones wait: whatever becomes of that one, and in later runs. That a device was
/// removed says nothing of new ones.
#[test]
fn new_devices_of_ours_wait_once_a_person_has_decided_about_one() {
    for (decisions, removes, trust) in [
        (&[Trust::Verified, Trust::Distrusted][..], false, Trust::Undecided),
        (&[Trust::Verified, Trust::Blind], false, Trust::Undecided),
        (&[Trust::Distrusted], false, Trust::Undecided),
        (&[Trust::Verified], true, Trust::Undecided),
        (&[], true, Trust::Blind),
        (&[], false, Trust::Blind),
    ] {
        let mut lab = Lab::alice_and_bob();
        let alices = jid(ALICES);
        let second = lab.add("alice@a.example/2", &["bob@b.example"]);
        lab.send(ALICE, "bob@b.example", "one");
        let other = own_device(&lab, second);
        let fingerprint = trust_of(&lab, &alices, other).0;
        for trust in decisions {
            lab.ask(ALICE, Command::DecideTrust { jid: alices.clone(), fingerprint, trust: *trust });
        }
        lab.disconnect(second);
        if removes {
            lab.ask(ALICE, Command::RemoveDevice(other));
        }
        lab.start(ALICE);
        let third = lab.add("alice@a.example/3", &["bob@b.example"]);
        lab.send(ALICE, "bob@b.example", "two");
        let third = own_device(&lab, third);
        assert_eq!(trust_of(&lab, &alices, third).1, trust, "{decisions:?} {removes}");
    }
}
