//! One-time pre-keys that two have taken.

use std::time::Duration;

use causerie_model::{OmemoVersion, Vault};
use causerie_omemo::OwnKeys;
use minidom::Element;

use super::super::{own, wire};
use super::hostile::{bundles_of, own_device, swap_bundles};
use super::lab::{Lab, with};
use super::{BOB, bob};
use crate::ns;

const BOBS: &str = "bob@b.example";
const MINUTE: Duration = Duration::from_secs(60);

/// Bundles with one pre-key each, the same for everybody who asks.
fn narrow(lab: &Lab) -> [Element; 2] {
    let bundles = bundles_of(lab, BOBS, own_device(lab, BOB));
    [(OmemoVersion::Omemo2, &bundles[0]), (OmemoVersion::Legacy, &bundles[1])].map(|(version, bundle)| {
        let mut read = wire::read_bundle(version, bundle).unwrap();
        read.prekeys.truncate(1);
        wire::bundle(version, &read)
    })
}

/// Alice, Bob, who has gone, and others; Bob's server gives the same pre-key to all.
fn lab(others: &[&str]) -> Lab {
    let mut lab = Lab::new();
    lab.add("alice@a.example/1", &[BOBS]);
    let contacts: Vec<&str> = [&["alice@a.example"][..], others].concat();
    lab.add("bob@b.example/1", &contacts);
    for other in others {
        lab.add(&format!("{other}/1"), &[BOBS]);
    }
    lab.disconnect(BOB);
    let (narrow, device) = (narrow(&lab), own_device(&lab, BOB));
    swap_bundles(&mut lab, BOBS, narrow, device);
    lab
}

#[test]
fn two_who_took_the_same_prekey_while_we_were_away_are_both_read() {
    for version in OmemoVersion::ALL {
        let mut lab = lab(&["carol@c.example", "dave@d.example"]);
        if version == OmemoVersion::Legacy {
            lab.nodes.remove(&(bob(), ns::OMEMO_2_DEVICES.to_owned()));
            for device in [0, 2, 3] {
                lab.devices[device].ledger.encryption.lists.retain(|list| list.0 != bob());
                lab.start(device);
            }
        }
        for (device, text) in [(0, "from alice"), (2, "from carol"), (3, "from dave")] {
            lab.send(device, BOBS, text);
            assert!(lab.messages.last().unwrap().has_child("encrypted", wire::namespace(version)));
        }
        let sent: Vec<Element> = lab.messages.clone();
        lab.connect(BOB);
        assert_eq!(lab.received(BOB), ["from alice", "from carol", "from dave"]);
        // A replay is silent and makes no row, also in the next run and under another identifier.
        lab.start(BOB);
        lab.devices[BOB].rows.clear();
        for (n, stanza) in sent.into_iter().enumerate() {
            lab.deliver(BOB, with(stanza, "id", &format!("again{n}")));
        }
        assert_eq!(lab.received(BOB), Vec::<&str>::new());
        // Both ways go on.
        lab.send(BOB, "carol@c.example", "answer");
        assert_eq!(lab.received(2), ["answer"]);
        lab.send(2, BOBS, "more");
        assert_eq!(lab.received(BOB), ["more"]);
    }
}

#[test]
fn a_key_exchange_is_nobody_elses() {
    let mut lab = lab(&["mallory@m.example"]);
    lab.send(0, BOBS, "from alice");
    let stanza = lab.messages.last().unwrap().clone();
    lab.connect(BOB);
    lab.devices[BOB].rows.clear();
    lab.deliver(BOB, with(with(stanza, "from", "mallory@m.example/1"), "id", "other"));
    assert_eq!(lab.received(BOB), ["<keys lost>"]);
}

#[test]
fn a_used_prekey_is_kept_until_we_were_online_for_ten_minutes_and_for_two_days_at_most() {
    // How long online after the first use, how long offline, and what becomes of the second.
    let hour = 60 * MINUTE;
    for (online, offline, outcome) in [
        (9 * MINUTE, Duration::ZERO, "two"),
        (11 * MINUTE, Duration::ZERO, "<keys lost>"),
        (9 * MINUTE, 40 * hour, "two"),
        (9 * MINUTE, 49 * hour, "<keys lost>"),
    ] {
        let mut lab = lab(&["carol@c.example"]);
        let before = narrow(&lab);
        lab.send(0, BOBS, "one");
        lab.connect(BOB);
        lab.wait(online);
        lab.disconnect(BOB);
        lab.wait(offline);
        // Carol's server has the bundle of before.
        let device = own_device(&lab, BOB);
        swap_bundles(&mut lab, BOBS, before, device);
        lab.send(2, BOBS, "two");
        lab.start(BOB);
        assert_eq!(lab.received(BOB), ["one", outcome], "{online:?} {offline:?}");
    }
}

#[test]
fn a_bundle_is_full_after_a_restart() {
    let mut lab = Lab::alice_and_bob();
    let Vault::Open(key) = lab.devices[BOB].vault.clone() else { panic!("closed") };
    let vault = causerie_omemo::Vault::from_key(&key.0);
    let (device, sealed) = lab.devices[BOB].ledger.encryption.own.clone().unwrap();
    let name = own::seal_name(&bob());
    let mut keys = OwnKeys::decode(&vault.open(&name, &sealed).unwrap()).unwrap();
    for version in OmemoVersion::ALL {
        (1..=100).for_each(|id| assert!(keys.consume(version, id)));
    }
    let mut rng = <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(1);
    lab.devices[BOB].ledger.encryption.own = Some((device, vault.seal(&name, &keys.encode(), &mut rng)));
    lab.start(BOB);
    let bundles = bundles_of(&lab, BOBS, device);
    for (version, bundle) in [(OmemoVersion::Omemo2, &bundles[0]), (OmemoVersion::Legacy, &bundles[1])] {
        let ids: Vec<u32> =
            wire::read_bundle(version, bundle).unwrap().prekeys.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, (101..=200).collect::<Vec<_>>());
    }
    // And its private halves are kept.
    lab.send(0, BOBS, "one");
    lab.start(BOB);
    lab.send(0, BOBS, "two");
    assert_eq!(lab.received(BOB), ["one", "two"]);
}
