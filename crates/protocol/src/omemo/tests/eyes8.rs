//! What was found when everything was looked at again.

use causerie_model::{Command, Emoji, MessageState, OmemoVersion, OriginId, Privacy, Trust};
use minidom::Element;

use super::lab::{Lab, jid, with};
use super::{ALICE, BOB, bob, wire};
use crate::ns;
use crate::xml::Draft;

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

/// A server, or another program of ours that knows no device but its own, takes us off our list again and again on one connection.
#[test]
fn who_is_taken_off_the_list_again_and_again_writes_on_or_hears_why_not() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "first");
    for _ in 0..7 {
        let other = vec![(causerie_model::DeviceId::new(4242).unwrap(), None)];
        lab.announce("alice@a.example", ns::OMEMO_2_DEVICES, wire::list(OmemoVersion::Omemo2, &other));
    }
    lab.devices[ALICE].notices.clear();
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    let second = lab.send(ALICE, "bob@b.example", "second");
    lab.wait(std::time::Duration::from_secs(24 * 3600));
    let is_said = !lab.devices[ALICE].notices.is_empty();
    assert!(
        is_said || *lab.state(ALICE, &second) == MessageState::Sent,
        "{:?}, {:?}, {:?}",
        lab.state(ALICE, &second),
        lab.readiness_of(ALICE, &bob()),
        lab.received(BOB)
    );
}

/// Two devices of ours are compared on one and then on the other, as people do. Both hear what was decided on the other before.
#[test]
fn both_of_two_devices_that_are_compared_hear_what_was_decided_before() {
    for first_of_both in [0, 1] {
        let mut lab = Lab::alice_and_bob();
        let second = lab.add("alice@a.example/2", &["bob@b.example"]);
        lab.send(ALICE, "bob@b.example", "one");
        lab.send(second, "bob@b.example", "two");
        let alices = jid("alice@a.example");
        let known = |lab: &Lab, device: usize, who: &causerie_model::BareJid| {
            let own = lab.devices[device].ledger.encryption.own.as_ref().unwrap().0;
            let keys = lab.devices[device].ledger.encryption.keys.iter();
            keys.filter(|key| key.0 == *who && key.1 != own).map(|key| (key.2, key.3)).collect::<Vec<_>>()
        };
        // Long ago.
        let fingerprint = known(&lab, ALICE, &bob())[0].0;
        lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Distrusted });
        lab.wait(std::time::Duration::from_secs(3600));
        let order = if first_of_both == 0 { [second, ALICE] } else { [ALICE, second] };
        for device in order {
            let fingerprint = known(&lab, device, &alices)[0].0;
            lab.ask(
                device,
                Command::DecideTrust { jid: alices.clone(), fingerprint, trust: Trust::Verified },
            );
            lab.wait(std::time::Duration::from_secs(60));
        }
        assert_eq!(known(&lab, second, &bob())[0].1, Trust::Distrusted, "order {first_of_both}");
    }
}

/// One key exchange that nobody has read yet, under ever other addresses.
#[test]
fn one_key_under_ever_other_addresses_fills_little() {
    let mut lab = Lab::new();
    lab.add("alice@a.example/1", &[]);
    lab.add("bob@b.example/1", &[]);
    let mallory = lab.add("mallory@evil.example/1", &[]);
    lab.send(mallory, "bob@b.example", "first");
    assert_eq!(lab.received(BOB), ["first"]);
    // A new session with the same key.
    lab.disconnect(BOB);
    lab.devices[mallory].ledger.encryption.sessions.clear();
    lab.start(mallory);
    lab.send(mallory, "bob@b.example", "second");
    let stanza: Element = lab.offline.remove(&bob()).unwrap().pop().unwrap();
    lab.connect(BOB);
    for n in 0..2_300 {
        lab.deliver(BOB, with(stanza.clone(), "from", &format!("m{n}@evil.example/1")));
    }
    let kept = lab.devices[BOB].ledger.encryption.keys.len();
    assert!(
        kept <= 2_010,
        "{kept} keys of strangers are kept, and {} sessions",
        lab.devices[BOB].ledger.encryption.sessions.len()
    );
}

/// A contact whose server answers no question for keys, and who lists ever other devices: a few do no harm.
#[test]
fn who_lists_devices_without_keys_keeps_nobody_else_waiting() {
    for count in [4, 32] {
        let mut lab = Lab::new();
        lab.add("alice@a.example/1", &["bob@b.example", "mallory@evil.example"]);
        lab.add("bob@b.example/1", &["alice@a.example"]);
        lab.silent = Some(jid("mallory@evil.example"));
        let announce = |lab: &mut Lab, round: u32| {
            for version in OmemoVersion::ALL {
                let ids =
                    (1..=count).map(|n| (causerie_model::DeviceId::new(round * 100 + n).unwrap(), None));
                let list = wire::list(version, &ids.collect::<Vec<_>>());
                lab.announce("mallory@evil.example", wire::list_node(version), list);
            }
        };
        announce(&mut lab, 1);
        lab.send(ALICE, "mallory@evil.example", "to Mallory");
        let id = lab.send(ALICE, "bob@b.example", "to Bob");
        for round in 2..=60 {
            lab.wait(std::time::Duration::from_secs(10));
            announce(&mut lab, round);
        }
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent, "after ten minutes, beside {count} devices");
    }
}

/// Our server did not say at first what one of our lists has.
#[test]
fn a_device_that_is_put_on_a_list_that_was_kept_from_us_is_told() {
    let mut lab = Lab::new();
    lab.refuses.push(("axolotl.devicelist", "internal-server-error"));
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.refuses.clear();
    lab.devices[ALICE].notices.clear();
    let injected = causerie_model::DeviceId::new(4242).unwrap();
    let list = wire::list(OmemoVersion::Legacy, &[(injected, None)]);
    lab.announce("alice@a.example", ns::OMEMO_LEGACY_DEVICES, list);
    let told = &lab.devices[ALICE].notices;
    assert_eq!(*told, [causerie_model::Notice::NewOwnDevice { device: injected }]);
}

/// What we wrote on another device of ours, of which there was a copy here: nothing of it is here.
#[test]
fn what_another_copy_of_this_device_has_sent_is_not_swallowed() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "first");
    // A snapshot of the whole machine: keys, sessions and keyring.
    let seed = lab.devices[ALICE].ledger.clone();
    lab.send(ALICE, "bob@b.example", "second");
    let stanza = lab.messages.last().unwrap().clone();
    lab.devices[ALICE].rows.clear();
    lab.devices[ALICE].notices.clear();
    lab.devices[ALICE].ledger = seed;
    lab.start(ALICE);
    let forwarded = Draft::new("forwarded", ns::FORWARD).child(stanza);
    let sent = Draft::new("sent", ns::CARBONS).child(forwarded);
    let carbon = Draft::new("message", ns::CLIENT).attr("from", "alice@a.example").child(sent);
    lab.deliver(ALICE, carbon.into());
    let device = &lab.devices[ALICE];
    assert!(!device.rows.is_empty() || !device.notices.is_empty(), "neither a row nor a word");
}

/// What says something of another message and comes before its turn is no message when its turn comes.
#[test]
fn what_is_said_of_a_message_and_came_early_leaves_no_row_behind() {
    let mut lab = Lab::new();
    lab.archives = true;
    lab.most_turns = 1_000_000;
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.add("bob@b.example/1", &["alice@a.example"]);
    let target = lab.send(ALICE, "bob@b.example", "first");
    lab.send(BOB, "alice@a.example", "second");
    lab.disconnect(BOB);
    lab.start(BOB);
    lab.disconnect(BOB);
    for number in 0..3_000 {
        lab.send(ALICE, "bob@b.example", &format!("{number}"));
    }
    let (target_privacy, emoji) = (Privacy::Encrypted, vec![Emoji::new("👍").unwrap()]);
    let id = OriginId::new("e1").unwrap();
    lab.ask(ALICE, Command::React { id, peer: bob(), target, target_privacy, emoji });
    lab.offline.clear();
    lab.start(BOB);
    for _ in 0..10 {
        lab.wait(std::time::Duration::from_secs(60));
    }
    assert_eq!(lab.devices[BOB].said.len(), 1, "it is known");
    let odd: Vec<&str> = lab.received(BOB).into_iter().filter(|text| text.starts_with('<')).collect();
    assert_eq!(odd, Vec::<&str>::new());
}
