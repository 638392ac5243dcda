//! Devices of others that are looked at before anything is written: their keys are to be compared.

use std::time::Duration;

use causerie_model::{Command, DeviceId, Fingerprint, OmemoVersion, Readiness, Trust, Unreached};

use super::super::wire;
use super::hostile::{bundles_of, own_device};
use super::lab::Lab;
use super::{ALICE, BOB, bob};
use crate::ns;

/// How many devices of one address are looked at, and how many bundles that takes at most.
const MOST: usize = 2 * 32;

fn look(lab: &mut Lab) {
    lab.ask(ALICE, Command::LookAtDevices(Some(bob())));
}

fn look_away(lab: &mut Lab) {
    lab.ask(ALICE, Command::LookAtDevices(None));
}

/// What Alice knows of Bob's keys.
fn known(lab: &Lab) -> Vec<(DeviceId, Fingerprint, Trust)> {
    let keys = lab.devices[ALICE].ledger.encryption.keys.iter();
    keys.filter(|key| key.0 == bob()).map(|key| (key.1, key.2, key.3)).collect()
}

fn trusts(lab: &Lab) -> Vec<Trust> {
    known(lab).into_iter().map(|(.., trust)| trust).collect()
}

/// How often Bob's server was asked for something.
fn asked(lab: &mut Lab) -> usize {
    std::mem::take(&mut lab.asked).iter().filter(|to| *to == "bob@b.example").count()
}

/// Bob's server says that he has these devices, of which nothing else is known.
fn name_devices(lab: &mut Lab, ids: impl Iterator<Item = u32>) {
    let devices: Vec<wire::Listed> = ids.map(|id| (DeviceId::new(id).unwrap(), None)).collect();
    for version in OmemoVersion::ALL {
        lab.announce("bob@b.example", wire::list_node(version), wire::list(version, &devices));
    }
}

#[test]
fn keys_of_a_contact_are_there_to_be_compared_before_anything_is_written() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    assert_eq!(trusts(&lab), [], "a conversation alone asks for none");
    look(&mut lab);
    let mut devices: Vec<DeviceId> = known(&lab).into_iter().map(|(device, ..)| device).collect();
    devices.sort();
    let mut expected = vec![own_device(&lab, BOB), own_device(&lab, second)];
    expected.sort();
    assert_eq!(devices, expected);
    assert_eq!(trusts(&lab), [Trust::Blind; 2], "as with a first message");
    assert!(lab.messages.is_empty(), "nothing is sent for it");
    asked(&mut lab);
    look(&mut lab);
    assert_eq!(asked(&mut lab), 0, "what is known is not asked for");
    lab.send(ALICE, "bob@b.example", "hello");
    assert_eq!((lab.received(BOB), lab.received(second)), (vec!["hello"], vec!["hello"]));
}

#[test]
fn nothing_is_asked_for_when_nobody_looks() {
    let mut lab = Lab::alice_and_bob();
    look(&mut lab);
    lab.add("bob@b.example/2", &["alice@a.example"]);
    assert_eq!(known(&lab).len(), 2, "one that comes while somebody looks");
    look_away(&mut lab);
    lab.add("bob@b.example/3", &["alice@a.example"]);
    assert_eq!(known(&lab).len(), 2);
    lab.disconnect(ALICE);
    asked(&mut lab);
    look(&mut lab);
    look_away(&mut lab);
    lab.connect(ALICE);
    assert_eq!((known(&lab).len(), asked(&mut lab)), (2, 0));
    // Whoever looks at our own looks at nobody else's.
    look(&mut lab);
    let alice = lab.devices[ALICE].jid.bare().clone();
    lab.ask(ALICE, Command::LookAtDevices(Some(alice)));
    lab.add("bob@b.example/4", &["alice@a.example"]);
    assert_eq!(known(&lab).len(), 3);
    assert!(lab.messages.is_empty());
}

#[test]
fn who_looks_while_offline_sees_them_once_online() {
    for knows_lists in [false, true] {
        let mut lab = Lab::alice_and_bob();
        if knows_lists {
            lab.ask(ALICE, Command::LookUpKeys(bob()));
        }
        lab.disconnect(ALICE);
        look(&mut lab);
        assert_eq!(trusts(&lab), []);
        lab.connect(ALICE);
        assert_eq!(trusts(&lab), [Trust::Blind], "{knows_lists}");
    }
}

/// Rules as for a key that comes with a message: once one was compared or refused, new ones wait.
#[test]
fn to_be_looked_at_makes_no_key_trusted() {
    for decided in [Trust::Verified, Trust::Distrusted] {
        let mut lab = Lab::alice_and_bob();
        look(&mut lab);
        let fingerprint = known(&lab)[0].1;
        lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: decided });
        let second = lab.add("bob@b.example/2", &["alice@a.example"]);
        let new = known(&lab).into_iter().find(|key| key.0 == own_device(&lab, second));
        assert_eq!(new.map(|key| key.2), Some(Trust::Undecided));
        (0..3).for_each(|_| look(&mut lab));
        assert_eq!(trusts(&lab), [decided, Trust::Undecided]);
        lab.send(ALICE, "bob@b.example", "secret");
        assert!(!lab.received(second).contains(&"secret"));
    }
}

#[test]
fn a_server_that_names_a_thousand_devices_is_asked_for_a_few() {
    let mut lab = Lab::alice_and_bob();
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    name_devices(&mut lab, 1..=1_000);
    asked(&mut lab);
    look(&mut lab);
    assert_eq!((asked(&mut lab), known(&lab).len()), (MOST, 0));
    // What was not there is not asked for again and again, nor are others in its place.
    lab.wait(Duration::from_secs(3600));
    for round in 1..50 {
        name_devices(&mut lab, round * 1_000..(round + 1) * 1_000);
    }
    assert_eq!(asked(&mut lab), 0);
    look_away(&mut lab);
    name_devices(&mut lab, 1_000_000..1_001_000);
    assert_eq!(asked(&mut lab), 0);
}

#[test]
fn keys_that_could_not_be_had_are_asked_for_again_by_who_looks_again() {
    let mut lab = Lab::alice_and_bob();
    lab.refuses = vec![("bundle", "remote-server-timeout")];
    look(&mut lab);
    assert_eq!(trusts(&lab), []);
    lab.refuses.clear();
    look_away(&mut lab);
    assert_eq!(trusts(&lab), []);
    look(&mut lab);
    assert_eq!(trusts(&lab), [Trust::Blind]);
}

fn sessions(lab: &Lab) -> usize {
    lab.devices[ALICE].ledger.encryption.sessions.len()
}

/// A signed pre-key is there for two weeks. Who only looks may write much later.
#[test]
fn who_looks_begins_no_session_that_is_of_no_use_when_something_is_written() {
    let mut lab = Lab::alice_and_bob();
    lab.add("alice@a.example/2", &["bob@b.example"]);
    look(&mut lab);
    let alice = lab.devices[ALICE].jid.bare().clone();
    lab.ask(ALICE, Command::LookAtDevices(Some(alice)));
    assert_eq!((trusts(&lab).len(), sessions(&lab)), (1, 0));
    for _ in 0..15 {
        lab.wait(Duration::from_secs(24 * 3600));
    }
    asked(&mut lab);
    let id = lab.send(ALICE, "bob@b.example", "hello");
    assert!(asked(&mut lab) > 0, "a new bundle");
    assert_eq!((lab.received(BOB), sessions(&lab)), (vec!["hello"], 2));
    assert_eq!(lab.devices[ALICE].unreached[&id], []);
}

#[test]
fn what_is_written_while_a_key_is_looked_at_needs_no_other_bundle() {
    let mut lab = Lab::alice_and_bob();
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    asked(&mut lab);
    lab.ask_without_answers(ALICE, Command::LookAtDevices(Some(bob())));
    assert_eq!(asked(&mut lab), 1);
    lab.send(ALICE, "bob@b.example", "hello");
    let again = asked(&mut lab);
    assert_eq!((lab.received(BOB), again), (vec!["hello"], 0));
    // Nor is anything begun for what was written before, and could not be sent.
    lab.disconnect(ALICE);
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    lab.send(ALICE, "bob@b.example", "more");
    look(&mut lab);
    lab.connect(ALICE);
    assert_eq!((lab.received(BOB), lab.received(second)), (vec!["hello", "more"], vec!["more"]));
}

/// Such a key belongs to the device that has shown it first, and the others stay without one.
#[test]
fn a_key_that_several_devices_show_is_not_asked_for_without_end() {
    for owner in ["bob@b.example", "alice@a.example"] {
        let mut lab = Lab::alice_and_bob();
        let other = lab.add(&format!("{owner}/2"), &[]);
        let (own, copies) = (own_device(&lab, other), 1..=10_u32);
        let bundles = bundles_of(&lab, owner, own);
        let jid = super::lab::jid(owner);
        for id in copies.clone() {
            let [newer, older] = bundles.clone();
            let node = (jid.clone(), ns::OMEMO_2_BUNDLES.to_owned());
            lab.nodes.get_mut(&node).unwrap().push((id.to_string(), newer));
            let node = (jid.clone(), format!("{}{id}", ns::OMEMO_LEGACY_BUNDLES));
            lab.nodes.insert(node, vec![("current".to_owned(), older)]);
        }
        let firsts = lab.devices.iter().enumerate().filter(|(_, device)| *device.jid.bare() == jid);
        let firsts: Vec<DeviceId> = firsts.map(|(at, _)| own_device(&lab, at)).collect();
        let all = firsts.into_iter().chain(copies.filter_map(DeviceId::new));
        let all: Vec<wire::Listed> = all.map(|id| (id, None)).collect();
        for version in OmemoVersion::ALL {
            lab.announce(owner, wire::list_node(version), wire::list(version, &all));
        }
        lab.most_turns = 500;
        lab.ask(ALICE, Command::LookAtDevices(Some(jid)));
        assert_eq!(sessions(&lab), 0, "{owner}");
    }
}

/// Bob has a device alone whose key Alice has looked at and not decided about, since she has compared another of his.
fn with_undecided() -> (Lab, usize, Fingerprint) {
    let mut lab = Lab::alice_and_bob();
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    look(&mut lab);
    let fingerprint = known(&lab)[0].1;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Verified });
    lab.disconnect(BOB);
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    let id = own_device(&lab, second);
    for version in OmemoVersion::ALL {
        lab.announce("bob@b.example", wire::list_node(version), wire::list(version, &[(id, None)]));
    }
    let new = known(&lab).into_iter().find(|key| key.0 == id).unwrap();
    assert_eq!((new.2, sessions(&lab)), (Trust::Undecided, 0));
    (lab, second, new.1)
}

fn readiness(lab: &Lab) -> Readiness {
    lab.devices[ALICE].readiness[&bob()]
}

#[test]
fn a_key_that_was_looked_at_and_waits_for_a_decision_is_said_to_before_anything_is_written() {
    let (mut lab, second, fingerprint) = with_undecided();
    assert_eq!(readiness(&lab), Readiness::Undecided);
    // Nor is that forgotten when nobody looks any more, and in the next run.
    look_away(&mut lab);
    assert_eq!(readiness(&lab), Readiness::Undecided);
    lab.start(ALICE);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    assert_eq!(readiness(&lab), Readiness::Undecided);
    asked(&mut lab);
    let id = lab.send(ALICE, "bob@b.example", "secret");
    assert_eq!(asked(&mut lab), 0, "it gets nothing");
    assert_eq!(lab.received(second), Vec::<&str>::new());
    // Once it is decided, what waits is sent, with a session that is begun then.
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Verified });
    assert_eq!((readiness(&lab), lab.received(second)), (Readiness::Ready, vec!["secret"]));
    assert_eq!(lab.devices[ALICE].unreached[&id], []);
}

#[test]
fn a_key_that_was_looked_at_and_refused_is_said_to_be_before_anything_is_written() {
    let (mut lab, second, fingerprint) = with_undecided();
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Distrusted });
    assert_eq!(readiness(&lab), Readiness::Distrusted);
    // Beside one that may read it is left out, and its keys are not asked for.
    let (refused, first) = (own_device(&lab, second), own_device(&lab, BOB));
    for version in OmemoVersion::ALL {
        let list = wire::list(version, &[(refused, None), (first, None)]);
        lab.announce("bob@b.example", wire::list_node(version), list);
    }
    assert_eq!(readiness(&lab), Readiness::Ready);
    asked(&mut lab);
    let id = lab.send(ALICE, "bob@b.example", "secret");
    assert_eq!(asked(&mut lab), 1, "the keys of one");
    assert_eq!(lab.devices[ALICE].unreached[&id], [(bob(), refused, Unreached::Distrusted)]);
    assert!(!lab.received(second).contains(&"secret"));
}
