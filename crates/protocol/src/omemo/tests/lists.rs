//! Lists of devices that a server withholds, empties, replaces or breaks, of people whose keys are known.

use std::time::Duration;

use causerie_model::{Command, DeviceId, MessageState, Notice, OmemoVersion, Problem, Readiness, Trust};
use minidom::Element;

use super::super::wire;
use super::hostile::own_device;
use super::lab::{Lab, jid};
use super::{ALICE, BOB, bob};
use crate::ns;

const BOBS: &str = "bob@b.example";

fn list(version: OmemoVersion, ids: &[u32]) -> Element {
    let devices: Vec<wire::Listed> = ids.iter().map(|id| (DeviceId::new(*id).unwrap(), None)).collect();
    wire::list(version, &devices)
}

/// What a server can do to both lists of Bob's.
fn tamper(lab: &mut Lab, how: &str) {
    for version in OmemoVersion::ALL {
        let node = wire::list_node(version);
        let place = (bob(), node.to_owned());
        let with = |content: Element| vec![("current".to_owned(), content)];
        match how {
            "withheld" => drop(lab.nodes.remove(&place)),
            "without an item" => drop(lab.nodes.insert(place, Vec::new())),
            "empty" => drop(lab.nodes.insert(place, with(list(version, &[])))),
            "announced as empty" => lab.announce(BOBS, node, list(version, &[])),
            "replaced" => drop(lab.nodes.insert(place, with(list(version, &[4242])))),
            "broken" => drop(lab.nodes.insert(place, with("<x xmlns='y'/>".parse().unwrap()))),
            _ => panic!("{how}"),
        }
    }
}

#[test]
fn whose_keys_are_known_is_not_written_to_in_clear_because_a_list_is_gone() {
    let lists = OmemoVersion::ALL.map(|version| (bob(), wire::list_node(version).to_owned()));
    for trust in [Trust::Blind, Trust::Verified] {
        for (how, readiness) in [
            ("withheld", Readiness::OutOfReach),
            ("without an item", Readiness::OutOfReach),
            ("empty", Readiness::OutOfReach),
            ("announced as empty", Readiness::OutOfReach),
            ("replaced", Readiness::OutOfReach),
            // What was known is as good as before.
            ("broken", Readiness::Ready),
        ] {
            let mut lab = Lab::alice_and_bob();
            lab.send(ALICE, BOBS, "one");
            let key = lab.devices[ALICE].ledger.encryption.keys.iter().find(|key| key.0 == bob()).unwrap().2;
            lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint: key, trust });
            lab.disconnect(BOB);
            let good = lists.clone().map(|place| lab.nodes[&place].clone());
            tamper(&mut lab, how);
            if how != "announced as empty" {
                lab.start(ALICE);
            }
            lab.ask(ALICE, Command::LookUpKeys(bob()));
            let id = lab.send(ALICE, BOBS, "secret");
            assert_eq!(lab.devices[ALICE].readiness[&bob()], readiness, "{how}");
            let state =
                if readiness == Readiness::Ready { MessageState::Sent } else { MessageState::Pending };
            assert_eq!(*lab.state(ALICE, &id), state, "{how}");
            assert!(!lab.was_seen("secret"), "{how}");
            // A program that was started meanwhile says the same.
            lab.start(ALICE);
            lab.ask(ALICE, Command::LookUpKeys(bob()));
            assert_eq!(lab.devices[ALICE].readiness[&bob()], readiness, "{how}");

            lab.nodes.extend(lists.clone().into_iter().zip(good));
            lab.start(ALICE);
            lab.ask(ALICE, Command::LookUpKeys(bob()));
            assert_eq!(*lab.state(ALICE, &id), MessageState::Sent, "{how}");
            lab.connect(BOB);
            assert_eq!(lab.received(BOB), ["one", "secret"], "{how}");
            assert!(!lab.was_seen("secret"));
        }
    }
}

#[test]
fn a_device_that_is_gone_from_a_list_is_gone() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    lab.send(ALICE, BOBS, "one");
    assert_eq!((lab.received(BOB), lab.received(second)), (vec!["one"], vec!["one"]));
    let (first, gone) = (own_device(&lab, BOB).get(), own_device(&lab, second));
    // It is logged out of its account, and would put itself back otherwise.
    lab.disconnect(second);
    for version in OmemoVersion::ALL {
        lab.announce(BOBS, wire::list_node(version), list(version, &[first]));
    }
    lab.send(ALICE, BOBS, "two");
    let last = lab.messages.last().unwrap();
    assert!(!String::from(last).contains(&gone.to_string()));
    assert_eq!(lab.received(BOB), ["one", "two"]);
}

/// Our own lists: begun where the server says that there is none, and in no other case; what was known to be on them stays on them.
#[test]
fn a_list_of_ours_is_begun_only_where_there_is_none() {
    for condition in ["gone", "jid-malformed"] {
        let mut lab = Lab::new();
        lab.refuses = vec![("device", condition)];
        lab.add("alice@a.example/1", &[BOBS]);
        assert!(!lab.nodes.keys().any(|(_, node)| node.contains("device")), "{condition}");
        assert_eq!(lab.devices[ALICE].notices.len(), 1, "{condition}");
    }
    let places =
        OmemoVersion::ALL.map(|version| (jid("alice@a.example"), wire::list_node(version).to_owned()));
    let ids = |lab: &Lab| {
        places.clone().map(|place| lab.nodes[&place].iter().flat_map(|(_, list)| list.children()).count())
    };
    // An answer without an item says nothing to somebody who never saw a list.
    let mut lab = Lab::new();
    places.iter().for_each(|place| drop(lab.nodes.insert(place.clone(), Vec::new())));
    lab.add("alice@a.example/1", &[BOBS]);
    assert_eq!(ids(&lab), [0, 0]);
    assert_eq!(lab.devices[ALICE].notices.len(), 1);
    // And takes no device of ours off a list that was seen.
    let mut lab = Lab::new();
    lab.add("alice@a.example/1", &[BOBS]);
    lab.add("alice@a.example/2", &[BOBS]);
    lab.disconnect(1);
    assert_eq!(ids(&lab), [2, 2]);
    lab.disconnect(ALICE);
    places.iter().for_each(|place| drop(lab.nodes.insert(place.clone(), Vec::new())));
    lab.start(ALICE);
    assert_eq!(ids(&lab), [2, 2]);
}

#[test]
fn what_is_taken_back_from_a_list_of_ours_costs_no_other_device() {
    let places =
        OmemoVersion::ALL.map(|version| (jid("alice@a.example"), wire::list_node(version).to_owned()));
    let events = [
        ("<items node='{}'><retract id='other'/></items>", false),
        ("<items node='{}'><retract id='current'/></items>", true),
        ("<purge node='{}'/>", true),
        ("<purge node='{}'/>", false),
        ("<delete node='{}'/>", false),
    ];
    for (event, is_true) in events {
        let mut lab = Lab::new();
        lab.add("alice@a.example/1", &[BOBS]);
        lab.add("alice@a.example/2", &[BOBS]);
        lab.disconnect(1);
        for (owner, node) in &places {
            if is_true {
                lab.nodes.insert((owner.clone(), node.clone()), Vec::new());
            }
            let change = event.replace("{}", node);
            let event = format!("<event xmlns='http://jabber.org/protocol/pubsub#event'>{change}</event>");
            let message = format!("<message xmlns='jabber:client' from='{owner}'>{event}</message>");
            lab.deliver(ALICE, message.parse().unwrap());
        }
        let both = [own_device(&lab, ALICE), own_device(&lab, 1)];
        for (place, version) in places.iter().zip(OmemoVersion::ALL) {
            let list = wire::read_list(version, &lab.nodes[place].last().unwrap().1, 99).unwrap();
            assert!(both.iter().all(|device| list.iter().any(|(id, _)| id == device)), "{event}: {list:?}");
        }
        // But for the other device of ours, which came when this one was there.
        let of_devices = |notice: &causerie_model::Notice| matches!(notice, Notice::NewOwnDevice { device } if *device == both[1]);
        assert!(lab.devices[ALICE].notices.iter().all(of_devices), "{:?}", lab.devices[ALICE].notices);
    }
}

/// A server, or another program of ours that knows no device but its own, takes us off our list again and again on one connection.
#[test]
fn who_is_taken_off_the_list_again_and_again_writes_on_and_hears_of_it() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "first");
    for _ in 0..7 {
        let other = vec![(DeviceId::new(4242).unwrap(), None)];
        lab.announce("alice@a.example", ns::OMEMO_2_DEVICES, wire::list(OmemoVersion::Omemo2, &other));
    }
    let given_up = Notice::KeysNotPublished(Problem::Refused);
    assert_eq!(lab.devices[ALICE].notices.iter().filter(|notice| **notice == given_up).count(), 1);
    let second = lab.send(ALICE, "bob@b.example", "second");
    assert_eq!(*lab.state(ALICE, &second), MessageState::Sent);
    let is_listed = |lab: &Lab| {
        let own = own_device(lab, ALICE).get().to_string();
        let list = &lab.nodes[&(jid("alice@a.example"), ns::OMEMO_2_DEVICES.to_owned())][0].1;
        list.children().any(|device| device.attr("id") == Some(&own))
    };
    assert!(!is_listed(&lab));
    lab.wait(Duration::from_secs(2 * 3600));
    assert!(is_listed(&lab), "it is tried again");
}

/// Our server did not say at first what one of our lists has.
#[test]
fn a_device_that_is_put_on_a_list_that_was_kept_from_us_is_told() {
    let mut lab = Lab::new();
    lab.refuses.push(("axolotl.devicelist", "internal-server-error"));
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.refuses.clear();
    lab.devices[ALICE].notices.clear();
    let injected = DeviceId::new(4242).unwrap();
    let list = wire::list(OmemoVersion::Legacy, &[(injected, None)]);
    lab.announce("alice@a.example", ns::OMEMO_LEGACY_DEVICES, list);
    let told = &lab.devices[ALICE].notices;
    assert_eq!(*told, [Notice::NewOwnDevice { device: injected }]);
}
