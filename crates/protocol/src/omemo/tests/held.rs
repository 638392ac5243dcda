//! What can't be read at once: it is read later, or says what can be done, and no copy of anything is ever news.

use std::time::Duration;

use causerie_model::{
    Command, Emoji, OmemoVersion, Privacy, Protection, Says, SessionName, Timestamp, Trust,
};
use causerie_omemo::Record;
use minidom::Element;

use super::hostile::{own_device, replaced};
use super::lab::{Lab, jid, with};
use super::{ALICE, BOB, bob};
use crate::{b64, ns};

const ALICES: &str = "alice@a.example";

/// What Bob's device has written under another key than before, which Alice is offered.
pub(super) fn under_another_key(lab: &mut Lab, say: impl FnOnce(&mut Lab, usize)) -> Element {
    lab.send(BOB, ALICES, "one");
    lab.send(ALICE, "bob@b.example", "two");
    let device = own_device(lab, BOB);
    let evil = lab.add("bob@b.example/2", &[ALICES]);
    let other = own_device(lab, evil);
    lab.disconnect(BOB);
    lab.disconnect(ALICE);
    say(lab, evil);
    let stanza = lab.offline.remove(&jid(ALICES)).unwrap().pop().unwrap();
    lab.start(ALICE);
    lab.devices[ALICE].rows.clear();
    with(replaced(&stanza, &other.to_string(), &device.to_string()), "id", "renamed")
}

pub(super) fn decide(lab: &mut Lab, trust: Trust) {
    let fingerprint = lab.devices[ALICE].ledger.encryption.keys.last().unwrap().2;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust });
}

#[test]
fn what_a_replaced_key_has_written_is_read_when_the_key_is_accepted() {
    for (restarts, trust) in [(false, Trust::Blind), (true, Trust::Verified)] {
        let mut lab = Lab::alice_and_bob();
        let stanza = under_another_key(&mut lab, |lab, evil| drop(lab.send(evil, ALICES, "four")));
        lab.deliver(ALICE, stanza.clone());
        assert_eq!(lab.received(ALICE), ["<key replaced>"]);
        if restarts {
            lab.start(ALICE);
        }
        decide(&mut lab, Trust::Distrusted);
        lab.deliver(ALICE, stanza.clone());
        assert_eq!(lab.received(ALICE), ["<key replaced>"]);
        assert_eq!(lab.devices[ALICE].ledger.encryption.held.len(), 1);
        decide(&mut lab, trust);
        assert_eq!(lab.received(ALICE), ["four"]);
        let Protection::Encrypted(Some(seal)) = lab.devices[ALICE].rows[0].protection else { panic!() };
        assert_eq!(seal.trust, trust);
        assert_eq!(lab.devices[ALICE].ledger.encryption.held, []);
        lab.deliver(ALICE, with(stanza, "id", "again"));
        assert_eq!(lab.received(ALICE), ["four"]);
    }
}

#[test]
fn what_says_something_of_another_message_leaves_no_row_behind() {
    let mut lab = Lab::alice_and_bob();
    let stanza = under_another_key(&mut lab, |lab, evil| {
        let target = causerie_model::OriginId::new("m2").unwrap();
        let emoji = vec![Emoji::new("👍").unwrap()];
        let id = causerie_model::OriginId::new("e1").unwrap();
        let target_privacy = Privacy::Encrypted;
        lab.ask(evil, Command::React { id, peer: jid(ALICES), target, target_privacy, emoji });
    });
    lab.deliver(ALICE, stanza);
    assert_eq!(lab.received(ALICE), ["<key replaced>"]);
    decide(&mut lab, Trust::Blind);
    assert_eq!(lab.received(ALICE), Vec::<&str>::new());
    assert!(matches!(lab.devices[ALICE].said.last().unwrap().says, Says::Reactions(_)));
}

#[test]
fn no_more_than_so_much_is_held() {
    let mut lab = Lab::alice_and_bob();
    let stanza = under_another_key(&mut lab, |lab, evil| drop(lab.send(evil, ALICES, "four")));
    for n in 0..250 {
        lab.deliver(ALICE, with(stanza.clone(), "id", &format!("copy{n}")));
    }
    assert_eq!(lab.devices[ALICE].ledger.encryption.held.len(), 200);
    // What is not kept any more does not say that it will be read.
    assert_eq!(lab.received(ALICE), [vec!["<not kept>"; 50], vec!["<key replaced>"; 200]].concat());
    decide(&mut lab, Trust::Blind);
    assert_eq!(lab.received(ALICE).iter().filter(|text| **text == "four").count(), 1);
    assert_eq!(lab.devices[ALICE].ledger.encryption.held, []);
}

/// The ratchet itself knows 64 closed chains.
#[test]
fn a_copy_is_silent_however_often_the_ratchet_has_turned_and_after_a_restart() {
    let mut lab = Lab::alice_and_bob();
    let first: Vec<Element> = {
        lab.send(BOB, ALICES, "first");
        lab.send(ALICE, "bob@b.example", "answer");
        lab.send(BOB, ALICES, "second");
        lab.messages.iter().filter(|m| m.attr("from") == Some("bob@b.example/1")).cloned().collect()
    };
    for n in 0..70 {
        lab.send(ALICE, "bob@b.example", &format!("ping {n}"));
        lab.send(BOB, ALICES, &format!("pong {n}"));
    }
    lab.start(ALICE);
    let before = lab.received(ALICE).len();
    for (n, copy) in first.into_iter().enumerate() {
        lab.deliver(ALICE, with(copy, "id", &format!("copy{n}")));
    }
    assert_eq!(lab.received(ALICE).len(), before);
}

/// The same message with another counter, which is read before it is known who has written it.
pub(super) fn with_counter(stanza: &Element, counter: u32) -> Element {
    let varint = |mut number: u32| {
        let mut bytes = Vec::new();
        while number >= 0x80 {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    };
    let keys = stanza.get_child("encrypted", ns::OMEMO_2).unwrap().get_child("header", ns::OMEMO_2).unwrap();
    let text = keys.children().flat_map(Element::children).next().unwrap().text();
    let old = b64::decode(&text, 1_000).unwrap();
    // Field 1 is the MAC, field 2 the message, whose first field is the counter (XEP-0384 0.9.1, "Protobuf Definitions").
    assert_eq!((old[0], old[1], old[18], old[20]), (0x0A, 16, 0x12, 0x08));
    let end = 21 + old[21..].iter().position(|byte| *byte < 0x80).unwrap() + 1;
    let rest = &old[end..];
    let counter = varint(counter);
    let length = varint(u32::try_from(1 + counter.len() + rest.len()).unwrap());
    let new = [&old[..18], &[0x12], &length, &[0x08], &counter, rest].concat();
    replaced(stanza, &text, &b64::encode(&new))
}

#[test]
fn forged_counters_cost_little_and_no_message() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "first");
    lab.send(BOB, ALICES, "second");
    // So many are lost that the next one costs a thousand keys.
    lab.disconnect(BOB);
    lab.send(ALICE, "bob@b.example", "model");
    let model = lab.offline.remove(&bob()).unwrap().pop().unwrap();
    for n in 0..1_100 {
        lab.send(ALICE, "bob@b.example", &format!("{n}"));
    }
    let far = lab.offline.remove(&bob()).unwrap().pop().unwrap();
    lab.connect(BOB);
    for n in 0..40_u32 {
        lab.deliver(BOB, with(with_counter(&model, 24_000 + n), "id", &format!("forged{n}")));
    }
    let received = lab.received(BOB);
    let count = |text: &str| received.iter().filter(|other| **other == text).count();
    // Of those that were not looked at nobody says that they were altered.
    assert_eq!((count("<delayed>"), count("<not kept>"), count("<altered>")), (20, 16, 4));
    // What is near is read at once, and what is far as soon as some of the others were.
    lab.deliver(BOB, model);
    assert_eq!(lab.received(BOB).last(), Some(&"model"));
    for _ in 0..10 {
        lab.wait(Duration::from_secs(60));
    }
    assert!(!lab.received(BOB).contains(&"<delayed>"));
    assert_eq!(lab.devices[BOB].ledger.encryption.held, []);
    for n in 50..54_u32 {
        lab.deliver(BOB, with(with_counter(&far, 24_850 + n), "id", &format!("forged{n}")));
    }
    lab.deliver(BOB, far);
    assert_eq!(lab.received(BOB).last(), Some(&"<delayed>"));
    lab.start(BOB);
    lab.wait(Duration::from_secs(60));
    assert_eq!(lab.received(BOB).last(), Some(&"1099"));
}

/// A clock is a stranger's, and servers can hold messages back: it is told, and nothing is lost.
#[test]
fn a_time_that_is_far_from_the_servers_is_noted() {
    for (days, is_noted) in [(3, true), (0, false)] {
        let mut lab = Lab::alice_and_bob();
        lab.disconnect(BOB);
        lab.send(ALICE, "bob@b.example", "tomorrow");
        lab.set_back(Duration::from_secs(days * 86_400));
        lab.connect(BOB);
        assert_eq!(lab.received(BOB), ["tomorrow"]);
        let row = &lab.devices[BOB].rows[0];
        let Protection::Encrypted(Some(seal)) = row.protection else { panic!() };
        let written = Timestamp::from_millis(1_795_000_000_000);
        assert_eq!(seal.written, is_noted.then_some(written));
    }
}

/// A session of Alice with a device of Bob's that has come to the end of its numbers.
fn exhausted(lab: &Lab, device: u32) -> (SessionName, Vec<u8>) {
    let vault = causerie_omemo::Vault::from_key(&[1; 32]);
    let all = &lab.devices[ALICE].ledger.encryption;
    let is_it = |name: &&(SessionName, Vec<u8>)| name.0.device.get() == device;
    let (name, sealed) = all.sessions.iter().find(is_it).unwrap();
    let seal_name = super::super::sessions::seal_name(&jid(ALICES), name);
    let own_name = super::super::own::seal_name(&jid(ALICES));
    let own = vault.open(&own_name, &all.own.as_ref().unwrap().1).unwrap();
    let own = causerie_omemo::OwnKeys::decode(&own).unwrap();
    let bytes = vault.open(&seal_name, sealed).unwrap();
    let mut rng = <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(1);
    for at in 0..bytes.len() - 4 {
        let mut bytes = bytes.to_vec();
        bytes[at..at + 4].fill(0xFF);
        let record = Record::decode(&bytes);
        if record.is_ok_and(|record| record.encrypt(&own, b"x", &mut rng).is_err()) {
            return (name.clone(), vault.seal(&seal_name, &bytes, &mut rng));
        }
    }
    panic!("no number was found")
}

#[test]
fn a_device_for_which_it_can_not_be_encrypted_is_told_of_and_begun_anew() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("bob@b.example/2", &[ALICES]);
    for _ in 0..3 {
        lab.send(ALICE, "bob@b.example", "before");
    }
    let (first, other) = (own_device(&lab, BOB), own_device(&lab, second));
    let worn_out = exhausted(&lab, other.get());
    let put = |lab: &mut Lab, worn: &[(SessionName, Vec<u8>)]| {
        let sessions = &mut lab.devices[ALICE].ledger.encryption.sessions;
        sessions.retain(|(name, _)| worn.iter().all(|(other, _)| other != name));
        sessions.extend(worn.iter().cloned());
        lab.start(ALICE);
    };
    put(&mut lab, std::slice::from_ref(&worn_out));
    let id = lab.send(ALICE, "bob@b.example", "once");
    assert_eq!(lab.received(BOB).last(), Some(&"once"));
    assert_eq!(lab.received(second).last(), Some(&"<not for this device>"));
    assert_eq!(lab.devices[ALICE].unreached[&id], [(bob(), other, causerie_model::Unreached::NoKeys)]);
    let id = lab.send(ALICE, "bob@b.example", "again");
    assert_eq!(lab.received(second).last(), Some(&"again"));
    assert_eq!(lab.devices[ALICE].unreached[&id], []);
    // Where there is no other device, it goes when there is a new session.
    let worn_out = [worn_out, exhausted(&lab, first.get())];
    put(&mut lab, &worn_out);
    let id = lab.send(ALICE, "bob@b.example", "to both");
    assert_eq!((lab.received(BOB).last(), lab.received(second).last()), (Some(&"to both"), Some(&"to both")));
    assert_eq!(lab.devices[ALICE].unreached[&id], []);
    assert_eq!(worn_out[0].0.version, OmemoVersion::Omemo2);
}
