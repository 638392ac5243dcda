//! Devices of others that are looked at before anything is written: their keys are to be compared.

use std::time::Duration;

use causerie_model::{Command, DeviceId, Fingerprint, OmemoVersion, Trust};

use super::super::wire;
use super::hostile::own_device;
use super::lab::Lab;
use super::{ALICE, BOB, bob};

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
