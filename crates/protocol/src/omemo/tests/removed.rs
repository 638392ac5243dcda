//! Our own other devices: removing them, and those that come without us.

use std::time::Duration;

use causerie_model::{Alarm, Command, DeviceId, Notice, OmemoVersion, Trust, Vault, VaultKey};

use super::super::wire;
use super::lab::Lab;
use super::patience::{has_bundle, listed, own_device};
use super::{ALICE, BOB};
use crate::ns;

#[test]
fn a_device_that_is_removed_while_it_is_online_is_listed_again_with_its_keys() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("alice@a.example/2", &["bob@b.example"]);
    let (here, other) = (own_device(&lab, ALICE), own_device(&lab, second));
    lab.ask(ALICE, Command::RemoveDevice(other));
    // What it published first may have been there before it was taken back.
    lab.wait(Duration::from_secs(5));
    for version in OmemoVersion::ALL {
        assert_eq!(listed(&lab, "alice@a.example", version).len(), 2);
        assert!(has_bundle(&lab, "alice@a.example", version, other));
        assert!(has_bundle(&lab, "alice@a.example", version, here));
    }
    assert_eq!(lab.devices[ALICE].ledger.encryption.unwanted, []);
    // It can be written to by whoever has no session with it.
    lab.send(BOB, "alice@a.example", "to both");
    assert_eq!(lab.received(second), ["to both"]);
    // A server that takes it off each time is not fought.
    lab.most_turns = 2_000;
    for _ in 0..20 {
        let list = wire::list(OmemoVersion::Omemo2, &[(here, None)]);
        lab.announce("alice@a.example", ns::OMEMO_2_DEVICES, list);
    }
}

#[test]
fn a_device_whose_keys_are_lost_is_taken_off_whenever_the_program_ends() {
    for stanzas in 0..16 {
        let mut lab = Lab::alice_and_bob();
        let old = own_device(&lab, BOB);
        lab.devices[BOB].vault = Vault::Broken(VaultKey([9; 32]));
        lab.start_offline(BOB);
        assert_eq!(lab.devices[BOB].ledger.encryption.unwanted, [old]);
        lab.connect_briefly(BOB, stanzas);
        // What is on the list is somebody's who can be written to.
        for version in OmemoVersion::ALL {
            let ids = listed(&lab, "bob@b.example", version);
            assert!(!ids.is_empty(), "{stanzas}");
        }
        lab.start(BOB);
        let new = own_device(&lab, BOB);
        assert_ne!(new, old);
        for version in OmemoVersion::ALL {
            assert_eq!(listed(&lab, "bob@b.example", version), [new.get()], "{stanzas}");
            assert!(has_bundle(&lab, "bob@b.example", version, new), "{stanzas}");
            assert!(!has_bundle(&lab, "bob@b.example", version, old), "{stanzas}");
        }
        assert_eq!(lab.devices[BOB].ledger.encryption.unwanted, [], "{stanzas}");
    }
}

#[test]
fn a_removed_device_that_the_server_lists_again_is_told_nothing() {
    for online in [true, false] {
        let mut lab = Lab::alice_and_bob();
        let second = lab.add("alice@a.example/2", &["bob@b.example"]);
        let (here, stolen) = (own_device(&lab, ALICE), own_device(&lab, second));
        lab.send(ALICE, "bob@b.example", "before");
        assert_eq!(key_of(&lab, ALICE, second), (Trust::Blind, 1));
        lab.disconnect(second);
        if !online {
            lab.disconnect(ALICE);
        }
        lab.ask(ALICE, Command::RemoveDevice(stolen));
        if !online {
            lab.start(ALICE);
        }
        assert_eq!(key_of(&lab, ALICE, second), (Trust::Distrusted, 1));
        for version in OmemoVersion::ALL {
            let list = wire::list(version, &[(here, None), (stolen, None)]);
            lab.announce("alice@a.example", wire::list_node(version), list);
        }
        lab.send(ALICE, "bob@b.example", "secret");
        let last = lab.wire.iter().rfind(|message| message.contains("payload")).unwrap();
        assert!(last.contains(&own_device(&lab, BOB).to_string()) && !last.contains(&stolen.to_string()));
        assert_eq!(lab.received(BOB), ["before", "secret"]);
    }
}

/// What is decided about the newest key of a device, as another one knows it, and how many keys it has.
fn key_of(lab: &Lab, knower: usize, device: usize) -> (Trust, usize) {
    let (jid, id) = (lab.devices[device].jid.bare(), own_device(lab, device));
    let keys = lab.devices[knower].ledger.encryption.keys.iter();
    let keys: Vec<Trust> = keys.filter(|key| key.0 == *jid && key.1 == id).map(|key| key.3).collect();
    (*keys.last().unwrap(), keys.len())
}

#[test]
fn a_new_device_of_ours_is_told_once_and_those_before_us_are_not() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("alice@a.example/2", &["bob@b.example"]);
    let (here, other) = (own_device(&lab, ALICE), own_device(&lab, second));
    let told = |lab: &Lab, device: usize| lab.devices[device].notices.clone();
    assert_eq!(told(&lab, ALICE), [Notice::NewOwnDevice { device: other }]);
    assert_eq!(told(&lab, second), [], "the first was there before");
    lab.ask(ALICE, Command::AlarmSeen(Alarm::NewDevice(other)));
    lab.start(ALICE);
    lab.start(second);
    // The server puts one on a list that is nobody's, again and again.
    let injected = DeviceId::new(4_242).unwrap();
    let announce = |lab: &mut Lab, ids: &[DeviceId]| {
        for version in OmemoVersion::ALL {
            let devices: Vec<wire::Listed> = ids.iter().map(|id| (*id, None)).collect();
            lab.announce("alice@a.example", wire::list_node(version), wire::list(version, &devices));
        }
    };
    for _ in 0..2 {
        announce(&mut lab, &[here, other, injected]);
        announce(&mut lab, &[here, other]);
    }
    let new = Notice::NewOwnDevice { device: injected };
    assert_eq!(told(&lab, ALICE), [Notice::NewOwnDevice { device: other }, new.clone()]);
    assert_eq!(told(&lab, second), std::slice::from_ref(&new));
    // Nor is it told again after a restart, while it is there, once it was seen.
    announce(&mut lab, &[here, other, injected]);
    lab.ask(ALICE, Command::OwnDevicesSeen);
    lab.start(ALICE);
    assert_eq!(told(&lab, ALICE).len(), 2);
    // One that comes while we are away is told when we are back, and one that was removed when it is there again.
    lab.disconnect(ALICE);
    let later = DeviceId::new(4_243).unwrap();
    announce(&mut lab, &[here, other, injected, later]);
    lab.start(ALICE);
    assert_eq!(told(&lab, ALICE)[2..], [Notice::NewOwnDevice { device: later }]);
    lab.ask(ALICE, Command::RemoveDevice(injected));
    announce(&mut lab, &[here, other, injected, later]);
    assert_eq!(told(&lab, ALICE)[3..], [new]);
}

/// Alice, and a device that her server has put on her lists, which she knows of.
fn with_injected() -> (Lab, Vec<Notice>) {
    let mut lab = Lab::alice_and_bob();
    let here = own_device(&lab, ALICE);
    let injected = DeviceId::new(4_242).unwrap();
    for version in OmemoVersion::ALL {
        let list = wire::list(version, &[(here, None), (injected, None)]);
        lab.announce("alice@a.example", wire::list_node(version), list);
    }
    (lab, vec![Notice::NewOwnDevice { device: injected }])
}

#[test]
fn a_new_device_of_ours_is_told_in_each_run_until_it_was_seen() {
    let injected = Alarm::NewDevice(DeviceId::new(4_242).unwrap());
    for seen in [Command::AlarmSeen(injected), Command::OwnDevicesSeen] {
        let (mut lab, new) = with_injected();
        assert_eq!(lab.devices[ALICE].notices, new);
        for _ in 0..2 {
            lab.devices[ALICE].notices.clear();
            lab.start(ALICE);
            assert_eq!(lab.devices[ALICE].notices, new);
        }
        // Whoever has put it there takes it off again: it was there all the same.
        let here = own_device(&lab, ALICE);
        for version in OmemoVersion::ALL {
            let list = wire::list(version, &[(here, None)]);
            lab.announce("alice@a.example", wire::list_node(version), list);
        }
        lab.start(ALICE);
        assert_eq!(lab.devices[ALICE].notices.len(), 2);
        lab.ask(ALICE, seen);
        assert_eq!(lab.devices[ALICE].ledger.encryption.alarms, []);
        lab.start(ALICE);
        assert_eq!(lab.devices[ALICE].notices.len(), 2);
    }
}

/// The program ends when what is to be kept is kept, and nothing was told yet; and the keys are out of reach in the next run.
#[test]
fn a_new_device_of_ours_is_told_though_the_program_ended_before() {
    let (mut lab, new) = with_injected();
    lab.devices[ALICE].notices.clear();
    lab.devices[ALICE].vault = Vault::Locked;
    lab.start(ALICE);
    assert_eq!(lab.devices[ALICE].notices, new);
    // The keyring is unlocked in the same run.
    lab.devices[ALICE].vault = Vault::Open(VaultKey([1; 32]));
    let vault = lab.devices[ALICE].vault.clone();
    lab.ask(ALICE, Command::OpenVault(vault));
    assert_eq!(lab.devices[ALICE].notices, new);
}

#[test]
fn a_device_of_ours_that_the_person_has_removed_was_seen() {
    let (mut lab, _) = with_injected();
    lab.ask(ALICE, Command::RemoveDevice(DeviceId::new(4_242).unwrap()));
    assert_eq!(lab.devices[ALICE].ledger.encryption.alarms, []);
}

/// However many a server makes up.
#[test]
fn not_too_many_new_devices_are_kept_until_they_were_seen() {
    let (mut lab, _) = with_injected();
    let here = own_device(&lab, ALICE);
    for id in 5_000..5_300 {
        let list = wire::list(OmemoVersion::Omemo2, &[(here, None), (DeviceId::new(id).unwrap(), None)]);
        lab.announce("alice@a.example", ns::OMEMO_2_DEVICES, list);
    }
    assert_eq!(lab.devices[ALICE].ledger.encryption.alarms.len(), 100);
    assert_eq!(lab.devices[ALICE].notices.len(), 301);
    // That there are new keys is kept all the same.
    lab.devices[ALICE].vault = Vault::Broken(VaultKey([9; 32]));
    lab.start(ALICE);
    lab.devices[ALICE].notices.clear();
    lab.start(ALICE);
    assert!(lab.devices[ALICE].notices.contains(&Notice::KeysRenewed));
}
