//! What can't be done now: keys that can't be had, devices that can't read something, and what a person wants while offline.

use std::time::Duration;

use causerie_model::{
    Command, DeviceId, MessageState, OmemoVersion, OriginId, Privacy, Problem, Readiness, Repair, Trust,
    Unreached, Vault, VaultKey,
};
use minidom::Element;

use super::super::wire;
use super::lab::{Lab, jid, with};
use super::{ALICE, BOB, bob};
use crate::ns;

pub(super) fn own_device(lab: &Lab, device: usize) -> DeviceId {
    lab.devices[device].ledger.encryption.own.as_ref().unwrap().0
}

/// The key of that device, as another one knows it.
fn key_of(lab: &Lab, knower: usize, device: usize) -> causerie_model::Fingerprint {
    let (jid, id) = (lab.devices[device].jid.bare(), own_device(lab, device));
    let keys = lab.devices[knower].ledger.encryption.keys.iter();
    keys.filter(|key| key.0 == *jid && key.1 == id).map(|key| key.2).next_back().unwrap()
}

fn unreached(lab: &Lab, id: &OriginId) -> Vec<(String, DeviceId, Unreached)> {
    let devices = lab.devices[ALICE].unreached.get(id).cloned().unwrap_or_default();
    devices.into_iter().map(|(jid, device, why)| (jid.to_string(), device, why)).collect()
}

pub(super) fn listed(lab: &Lab, owner: &str, version: OmemoVersion) -> Vec<u32> {
    let list = &lab.nodes[&(jid(owner), wire::list_node(version).to_owned())].last().unwrap().1;
    wire::read_list(version, list, 99).unwrap().into_iter().map(|(id, _)| id.get()).collect()
}

pub(super) fn has_bundle(lab: &Lab, owner: &str, version: OmemoVersion, device: DeviceId) -> bool {
    let (node, item) = wire::bundle_place(version, device);
    lab.nodes.get(&(jid(owner), node)).is_some_and(|items| items.iter().any(|(id, _)| *id == item))
}

#[test]
fn who_can_not_read_a_message_is_told_by_name_and_reason() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    let third = lab.add("bob@b.example/3", &["alice@a.example"]);
    let mine = lab.add("alice@a.example/2", &["bob@b.example"]);
    let id = lab.send(ALICE, "bob@b.example", "to all");
    assert_eq!(unreached(&lab, &id), []);
    // One of Bob's is refused, one has yet to be decided about, of one and of one of our own there are no keys.
    let [refused, undecided] = [second, third].map(|device| key_of(&lab, ALICE, device));
    for (fingerprint, trust) in [(refused, Trust::Distrusted), (undecided, Trust::Undecided)] {
        lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust });
    }
    lab.refuses = vec![("bundles", "item-not-found")];
    let fourth = lab.add("bob@b.example/4", &["alice@a.example"]);
    let fifth = lab.add("alice@a.example/3", &["bob@b.example"]);
    let lost = [fourth, fifth].map(|device| own_device(&lab, device));
    for (owner, device, known) in [("bob@b.example", fourth, BOB), ("alice@a.example", fifth, mine)] {
        for version in OmemoVersion::ALL {
            let all: Vec<wire::Listed> = listed(&lab, owner, version)
                .into_iter()
                .map(|id| (DeviceId::new(id).unwrap(), None))
                .chain([(own_device(&lab, device), None)])
                .collect();
            let _ = known;
            let item = wire::list(version, &all);
            lab.announce(owner, wire::list_node(version), item);
        }
    }
    let id = lab.send(ALICE, "bob@b.example", "to some");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    let (mut told, ids) = (unreached(&lab, &id), [second, third].map(|device| own_device(&lab, device)));
    let bobs = || "bob@b.example".to_owned();
    let mut wanted = vec![
        (bobs(), ids[0], Unreached::Distrusted),
        (bobs(), ids[1], Unreached::Undecided),
        (bobs(), lost[0], Unreached::NoKeys),
        ("alice@a.example".to_owned(), lost[1], Unreached::NoKeys),
    ];
    told.sort();
    wanted.sort();
    assert_eq!(told, wanted);
    assert_eq!(lab.received(BOB).last(), Some(&"to some"));
}

#[test]
fn keys_that_can_not_be_had_are_not_keys_that_are_not_there() {
    let mut lab = Lab::alice_and_bob();
    lab.refuses = vec![("bundles", "internal-server-error")];
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    let id = lab.send(ALICE, "bob@b.example", "secret");
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::OutOfReach);
    assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
    // The person tries again: in vain, and then not.
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::OutOfReach);
    lab.refuses.clear();
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::Ready);
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    assert_eq!(lab.received(BOB), ["secret"]);
    assert!(!lab.was_seen("secret"));
}

#[test]
fn what_waits_for_keys_is_tried_again_by_itself_and_ever_more_rarely() {
    let lists = OmemoVersion::ALL.map(|version| (bob(), wire::list_node(version).to_owned()));
    for broken in [false, true] {
        let mut lab = Lab::alice_and_bob();
        let good = lists.clone().map(|place| lab.nodes[&place].clone());
        if broken {
            // There are lists, which nobody can read.
            for place in &lists {
                let item = ("current".to_owned(), "<x xmlns='y'/>".parse().unwrap());
                lab.nodes.insert(place.clone(), vec![item]);
            }
            lab.disconnect(BOB);
            lab.devices[ALICE].ledger.encryption.lists.retain(|list| list.0 != bob());
            lab.start(ALICE);
        } else {
            lab.refuses = vec![("bundles", "item-not-found")];
        }
        lab.ask(ALICE, Command::LookUpKeys(bob()));
        let id = lab.send(ALICE, "bob@b.example", "secret");
        let before = lab.asked.len();
        for _ in 0..24 * 60 {
            lab.wait(Duration::from_secs(60));
        }
        let asked = lab.asked.len() - before;
        assert!((10..120).contains(&asked), "{asked} questions in a day");
        assert_eq!(*lab.state(ALICE, &id), MessageState::Pending, "{broken}");
        assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::OutOfReach, "{broken}");
        lab.refuses.clear();
        lab.nodes.extend(lists.clone().into_iter().zip(good));
        lab.wait(Duration::from_secs(3600));
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent, "{broken}");
        if broken {
            lab.connect(BOB);
        }
        assert_eq!(lab.received(BOB), ["secret"]);
        assert!(!lab.was_seen("secret"));
    }
}

#[test]
fn devices_beyond_those_that_are_looked_at_are_counted() {
    let mut lab = Lab::alice_and_bob();
    let own = own_device(&lab, BOB);
    // So that his program does not put itself at the end of his list.
    lab.disconnect(BOB);
    let list = |count: u32| -> Element {
        let others = (0..count).map(|number| (DeviceId::new(1_000_000 + number).unwrap(), None));
        let all: Vec<wire::Listed> = std::iter::once((own, None)).chain(others).collect();
        wire::list(OmemoVersion::Omemo2, &all)
    };
    for (others, named, beyond) in [(31, 31, 0), (32, 31, 1), (49, 31, 18), (5_000, 31, 1_000), (2, 2, 0)] {
        lab.announce("bob@b.example", wire::list_node(OmemoVersion::Omemo2), list(others));
        let id = lab.send(ALICE, "bob@b.example", "to all");
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
        let sealing = &lab.devices[ALICE].sealings[&id];
        assert_eq!((unreached(&lab, &id).len(), sealing.beyond), (named, beyond), "{others}");
        assert_eq!(sealing.versions, [OmemoVersion::Omemo2]);
    }
}

#[test]
fn what_waits_for_keys_goes_in_clear_by_a_deliberate_act_alone() {
    let mut lab = Lab::alice_and_bob();
    lab.refuses = vec![("bundles", "item-not-found")];
    let first = lab.send(ALICE, "bob@b.example", "secret");
    assert_eq!(*lab.state(ALICE, &first), MessageState::Pending);
    lab.start(ALICE);
    lab.ask(ALICE, Command::SetPrivacy { peer: bob(), privacy: Privacy::Clear });
    assert_eq!(*lab.state(ALICE, &first), MessageState::Failed(Problem::NotEncrypted));
    let second = lab.send(ALICE, "bob@b.example", "for everyone");
    assert_eq!(*lab.state(ALICE, &second), MessageState::Sent, "nothing stands in its way");
    assert!(!lab.was_seen("secret"));
    let retry = Command::RetryMessage { id: first.clone(), peer: bob(), body: "secret".into(), reply: None };
    lab.ask(ALICE, retry);
    assert!(lab.was_seen("secret"), "now the person has said so of this one");
}

#[test]
fn a_list_that_is_said_to_have_changed_is_fetched() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    // Bob's other device comes while Alice hears nothing of it.
    lab.disconnect(ALICE);
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    lab.connect(ALICE);
    let news = |owner: &str| -> Element {
        format!(
            "<message xmlns='jabber:client' from='{owner}'><event xmlns='http://jabber.org/protocol/pubsub#event'>\
             <items node='urn:xmpp:omemo:2:devices'><item id='current'/></items></event></message>"
        )
        .parse()
        .unwrap()
    };
    lab.deliver(ALICE, news("bob@b.example"));
    lab.send(ALICE, "bob@b.example", "two");
    assert_eq!(lab.received(second).last(), Some(&"two"));
    // Whoever says so again and again makes us ask once.
    let before = lab.asked.len();
    for _ in 0..50 {
        lab.deliver(ALICE, news("bob@b.example"));
    }
    assert_eq!(lab.asked.len(), before);
}

#[test]
fn who_was_refused_is_not_somebody_without_keys() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    let fingerprint = key_of(&lab, ALICE, BOB);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Distrusted });
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::Distrusted);
    let id = lab.send(ALICE, "bob@b.example", "two");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Blind });
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
}

#[test]
fn one_list_that_can_not_be_had_does_not_hide_that_of_the_other_version() {
    let mut lab = Lab::alice_and_bob();
    lab.refuses = vec![("urn:xmpp:omemo:2:devices", "internal-server-error")];
    lab.start(ALICE);
    let id = lab.send(ALICE, "bob@b.example", "one");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    // And of somebody of whom one can't be had, and the other is not there, nothing is known.
    let mut lab = Lab::alice_and_bob();
    lab.nodes.retain(|(owner, _), _| *owner != bob());
    lab.devices[ALICE].ledger.encryption.lists.retain(|list| list.0 != bob());
    lab.refuses = vec![("urn:xmpp:omemo:2:devices", "internal-server-error")];
    lab.start(ALICE);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::OutOfReach);
    // What is not there is refused to strangers by some.
    lab.refuses = vec![("urn:xmpp:omemo:2:devices", "forbidden")];
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::NoKeys);
}

#[test]
fn a_device_that_is_removed_takes_its_keys_with_it() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("alice@a.example/2", &["bob@b.example"]);
    let old = own_device(&lab, second);
    lab.disconnect(second);
    assert!(OmemoVersion::ALL.iter().all(|version| has_bundle(&lab, "alice@a.example", *version, old)));
    lab.ask(ALICE, Command::RemoveDevice(old));
    for version in OmemoVersion::ALL {
        let here = own_device(&lab, ALICE);
        assert_eq!(listed(&lab, "alice@a.example", version), [here.get()]);
        assert!(!has_bundle(&lab, "alice@a.example", version, old));
        assert!(has_bundle(&lab, "alice@a.example", version, here));
    }
    assert_eq!(lab.devices[ALICE].ledger.encryption.unwanted, []);
    // Its program comes back: it is not fought.
    lab.start(second);
    assert_eq!(listed(&lab, "alice@a.example", OmemoVersion::Omemo2).len(), 2);
    lab.start(ALICE);
    assert_eq!(listed(&lab, "alice@a.example", OmemoVersion::Omemo2).len(), 2);
    // This one is not removed by itself.
    let here = own_device(&lab, ALICE);
    lab.ask(ALICE, Command::RemoveDevice(here));
    assert_eq!(listed(&lab, "alice@a.example", OmemoVersion::Omemo2).len(), 2);
}

#[test]
fn a_device_is_removed_as_soon_as_that_can_be_done() {
    for restarts in [0, 1] {
        let mut lab = Lab::alice_and_bob();
        let second = lab.add("alice@a.example/2", &["bob@b.example"]);
        let old = own_device(&lab, second);
        lab.send(ALICE, "bob@b.example", "one");
        for device in [ALICE, second] {
            lab.disconnect(device);
        }
        lab.ask(ALICE, Command::RemoveDevice(old));
        assert_eq!(listed(&lab, "alice@a.example", OmemoVersion::Legacy).len(), 2);
        assert_eq!(lab.devices[ALICE].ledger.encryption.unwanted, [old]);
        (0..restarts).for_each(|_| lab.start_offline(ALICE));
        // Written before we are back.
        let id = lab.send(ALICE, "bob@b.example", "not for that one");
        lab.connect(ALICE);
        for version in OmemoVersion::ALL {
            assert_eq!(listed(&lab, "alice@a.example", version), [own_device(&lab, ALICE).get()]);
            assert!(!has_bundle(&lab, "alice@a.example", version, old));
        }
        assert_eq!(lab.devices[ALICE].ledger.encryption.unwanted, []);
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
        let rid = old.to_string();
        let last = lab.wire.iter().rfind(|message| message.contains("payload")).unwrap();
        assert!(!last.contains(&rid), "it is told nothing any more");
        assert_eq!(unreached(&lab, &id), [], "nor is it missed");
    }
}

#[test]
fn a_device_that_can_not_be_removed_stays_to_be_removed() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("alice@a.example/2", &["bob@b.example"]);
    let old = own_device(&lab, second);
    lab.disconnect(second);
    lab.refuses = vec![("device", "internal-server-error")];
    lab.ask(ALICE, Command::RemoveDevice(old));
    assert_eq!(lab.devices[ALICE].ledger.encryption.unwanted, [old]);
    lab.refuses.clear();
    lab.disconnect(ALICE);
    lab.connect(ALICE);
    assert_eq!(lab.devices[ALICE].ledger.encryption.unwanted, []);
    assert_eq!(listed(&lab, "alice@a.example", OmemoVersion::Omemo2).len(), 1);
}

#[test]
fn the_keys_of_a_device_that_was_lost_are_taken_back() {
    let mut lab = Lab::alice_and_bob();
    let old = own_device(&lab, BOB);
    lab.devices[BOB].vault = Vault::Broken(VaultKey([9; 32]));
    lab.start(BOB);
    assert_ne!(own_device(&lab, BOB), old);
    for version in OmemoVersion::ALL {
        assert!(!has_bundle(&lab, "bob@b.example", version, old));
        assert!(has_bundle(&lab, "bob@b.example", version, own_device(&lab, BOB)));
    }
}

#[test]
fn a_copy_changes_nothing_even_when_the_ratchet_has_forgotten_it() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "the first");
    let is_first = |message: &&Element| message.attr("from") == Some("alice@a.example/1");
    let first = lab.messages.iter().find(is_first).unwrap().clone();
    assert!(first.has_child("encrypted", ns::OMEMO_2));
    // More turns than a ratchet remembers.
    for _ in 0..80 {
        lab.send(BOB, "alice@a.example", "ping");
        lab.send(ALICE, "bob@b.example", "pong");
    }
    let carbon = |stanza: &Element| -> Element {
        let mut text = Vec::new();
        stanza.write_to(&mut text).unwrap();
        format!(
            "<message xmlns='jabber:client' from='bob@b.example' type='chat'><received xmlns='urn:xmpp:carbons:2'>\
             <forwarded xmlns='urn:xmpp:forward:0'>{}</forwarded></received></message>",
            String::from_utf8(text).unwrap()
        )
        .parse()
        .unwrap()
    };
    let before = (lab.devices[BOB].changes, lab.messages.len(), lab.asked.len());
    lab.deliver(BOB, first.clone());
    lab.deliver(BOB, carbon(&first));
    lab.deliver(BOB, with(first, "id", "another-name"));
    assert_eq!((lab.devices[BOB].changes, lab.messages.len(), lab.asked.len()), before);
    assert!(lab.received(BOB).iter().all(|text| !text.starts_with('<')), "{:?}", lab.received(BOB));
}

#[test]
fn beginning_anew_says_how_it_goes() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    lab.ask(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Begun, Repair::Done]);
    lab.refuses = vec![("bundles", "item-not-found")];
    lab.devices[ALICE].repairs.clear();
    lab.ask(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Begun, Repair::Failed]);
    // Nobody is there with whom to begin anew.
    lab.devices[ALICE].repairs.clear();
    lab.ask(ALICE, Command::RepairSessions(jid("carol@c.example")));
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Failed]);
    // While offline it is kept in mind.
    lab.refuses.clear();
    lab.devices[ALICE].repairs.clear();
    lab.disconnect(ALICE);
    lab.ask(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Waiting]);
    lab.connect(ALICE);
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Waiting, Repair::Begun, Repair::Done]);
    lab.send(ALICE, "bob@b.example", "two");
    assert_eq!(lab.received(BOB), ["one", "two"]);
}

#[test]
fn beginning_anew_reaches_all_of_many_devices() {
    let mut lab = Lab::alice_and_bob();
    for device in 2..=20 {
        lab.add(&format!("bob@b.example/{device}"), &["alice@a.example"]);
    }
    let before = lab.messages.len();
    lab.ask(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Begun, Repair::Done]);
    let told = lab.messages.iter().skip(before);
    let told = told.filter(|message| message.attr("to") == Some("bob@b.example")).count();
    assert_eq!(told, 20);
}

#[test]
fn a_connection_that_breaks_does_not_end_a_beginning() {
    let mut lab = Lab::alice_and_bob();
    lab.ask_without_answers(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Begun]);
    lab.disconnect(ALICE);
    lab.connect(ALICE);
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Begun, Repair::Waiting, Repair::Begun, Repair::Done]);
}

#[test]
fn what_would_come_back_does_not_wait_for_keys() {
    let mut lab = Lab::alice_and_bob();
    lab.refuses = vec![("bundles", "service-unavailable")];
    let id = lab.send(ALICE, "bob@b.example", "to who lets nothing in");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Failed(Problem::Refused));
    // Let in again, the next one arrives.
    lab.refuses.clear();
    lab.wait(Duration::from_secs(1));
    let id = lab.send(ALICE, "bob@b.example", "to who does");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
}

#[test]
fn the_older_version_is_left_as_soon_as_the_newer_one_can_be_had() {
    let mut lab = Lab::alice_and_bob();
    lab.refuses = vec![(ns::OMEMO_2_BUNDLES, "internal-server-error")];
    let versions = |lab: &Lab| {
        let last = lab.messages.iter().rfind(|message| message.attr("to") == Some("bob@b.example")).unwrap();
        [ns::OMEMO_2, ns::OMEMO_LEGACY].map(|version| last.has_child("encrypted", version))
    };
    lab.send(ALICE, "bob@b.example", "one");
    assert_eq!(versions(&lab), [false, true]);
    // Refused once more, and still no reason to keep it.
    lab.start(ALICE);
    let id = lab.send(ALICE, "bob@b.example", "two");
    assert_eq!((versions(&lab), lab.state(ALICE, &id)), ([false, true], &MessageState::Sent));
    lab.refuses.clear();
    lab.start(ALICE);
    lab.send(ALICE, "bob@b.example", "three");
    assert_eq!(versions(&lab), [true, false]);
    assert_eq!(lab.received(BOB), ["one", "two", "three"]);
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
                let ids = (1..=count).map(|n| (DeviceId::new(round * 100 + n).unwrap(), None));
                let list = wire::list(version, &ids.collect::<Vec<_>>());
                lab.announce("mallory@evil.example", wire::list_node(version), list);
            }
        };
        announce(&mut lab, 1);
        lab.send(ALICE, "mallory@evil.example", "to Mallory");
        let id = lab.send(ALICE, "bob@b.example", "to Bob");
        for round in 2..=60 {
            lab.wait(Duration::from_secs(10));
            announce(&mut lab, round);
        }
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent, "after ten minutes, beside {count} devices");
    }
}
