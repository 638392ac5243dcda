//! Our own keys: how many, how long, and that no id is used twice.

use std::collections::BTreeMap;

use causerie_model::OmemoVersion;
use causerie_omemo::{
    Damaged, IdentityKeyPair, MOST_PREKEYS, Moment, OwnKeys, PeerBundle, REFILL_UNDER, ROTATION_PERIOD,
    Record, Refused,
};

use crate::seeded::{NOW, Seeded, initiated, own};

#[test]
fn a_new_device_has_100_prekeys_from_1_on_and_other_ones_for_each_version() {
    let own = own(7, &mut Seeded::new(1));
    for version in OmemoVersion::ALL {
        let bundle = own.bundle(version);
        let ids: Vec<u32> = bundle.prekeys.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, (1..=100).collect::<Vec<_>>());
        PeerBundle::read(version, &bundle).unwrap();
    }
    let (legacy, omemo2) = (own.bundle(OmemoVersion::Legacy), own.bundle(OmemoVersion::Omemo2));
    assert_ne!(legacy.signed_prekey[1..], omemo2.signed_prekey);
    assert!(legacy.prekeys.iter().zip(&omemo2.prekeys).all(|((_, one), (_, two))| one[1..] != *two));
    assert_eq!(own.device().get(), 7);
    assert_eq!(MOST_PREKEYS, 100);
}

#[test]
fn prekeys_are_refilled_under_25_and_no_id_comes_back() {
    let mut rng = Seeded::new(1);
    let mut own = own(1, &mut rng);
    for version in OmemoVersion::ALL {
        let mut seen: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        for _ in 0..4 {
            for (id, key) in own.bundle(version).prekeys {
                assert_eq!(seen.entry(id).or_insert(key.clone()), &key, "{id} is another key now");
            }
            while own.prekeys_left(version) > REFILL_UNDER {
                let prekeys = own.bundle(version).prekeys;
                let (id, _) = prekeys[rng.below(prekeys.len())];
                assert!(own.consume(version, id));
                assert!(!own.refill(&mut rng));
            }
            // The highest as well, so that its id is not taken for free.
            let (last, _) = own.bundle(version).prekeys.pop().unwrap();
            own.consume(version, last);
            own = OwnKeys::decode(&own.encode()).unwrap();
            assert!(own.refill(&mut rng));
            assert_eq!(own.prekeys_left(version), MOST_PREKEYS);
            assert!(!own.refill(&mut rng));
        }
        assert_eq!(seen.len(), 100 + 3 * 76);
    }
}

#[test]
fn the_signed_prekey_is_rotated_weekly_and_the_old_one_kept_for_a_period() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, mut bob) = (own(1, &mut rng), own(2, &mut rng));
        let hello = |bob: &OwnKeys, rng: &mut Seeded| {
            initiated(version, &alice, bob, rng).encrypt(&alice, b"hello", rng).unwrap().1
        };
        let first = bob.bundle(version);
        let under_first = hello(&bob, &mut rng);
        assert!(!bob.rotate(&mut rng, NOW + ROTATION_PERIOD - 1));
        assert_eq!(bob.bundle(version), first);

        assert!(bob.rotate(&mut rng, NOW + ROTATION_PERIOD));
        bob = OwnKeys::decode(&bob.encode()).unwrap();
        let second = bob.bundle(version);
        assert_ne!(second.signed_prekey, first.signed_prekey);
        assert_ne!(second.signed_prekey_id, first.signed_prekey_id);
        assert_eq!(second.identity, first.identity);
        assert_eq!(second.prekeys, first.prekeys);
        PeerBundle::read(version, &second).unwrap();
        let under_second = hello(&bob, &mut rng);
        let read = |bob: &OwnKeys, sealed: &causerie_omemo::Sealed| {
            Record::new(version).decrypt(bob, &sealed.bytes, sealed.kind, NOW).map(drop)
        };
        assert_eq!(read(&bob, &under_first), Ok(()));
        assert_eq!(read(&bob, &under_second), Ok(()));

        assert!(bob.rotate(&mut rng, NOW + 2 * ROTATION_PERIOD));
        assert_eq!(read(&bob, &under_first), Err(Refused::UnknownSignedPreKey));
        assert_eq!(read(&bob, &under_second), Ok(()));
    }
}

#[test]
fn a_clock_that_is_far_ahead_for_a_while_costs_no_signed_prekey() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, mut bob) = (own(1, &mut rng), own(2, &mut rng));
        let under_first =
            initiated(version, &alice, &bob, &mut rng).encrypt(&alice, b"hello", &mut rng).unwrap().1;
        let first = bob.bundle(version).signed_prekey_id;
        let ahead = NOW + 90 * ROTATION_PERIOD;
        // Where it is known how much time has passed, nothing happens.
        assert!(!bob.rotate(&mut rng, Moment { now: ahead, passed: NOW }));
        // Where it is not, it is rotated once, and not again when the clock is right, but a period after that.
        assert!(bob.rotate(&mut rng, ahead));
        assert!(bob.rotate(&mut rng, NOW), "that its period begins now is to be stored");
        assert!(!bob.rotate(&mut rng, NOW));
        let second = bob.bundle(version).signed_prekey_id;
        assert_ne!(first, second);
        let opened = Record::new(version).decrypt(&bob, &under_first.bytes, under_first.kind, NOW);
        assert!(opened.is_ok());
        assert!(!bob.rotate(&mut rng, NOW + ROTATION_PERIOD - 1));
        assert!(bob.rotate(&mut rng, NOW + ROTATION_PERIOD));
        assert_ne!(bob.bundle(version).signed_prekey_id, second);
    }
}

#[test]
fn keys_are_stored_and_read_back() {
    let own = own(1, &mut Seeded::new(1));
    let bytes = own.encode();
    let back = OwnKeys::decode(&bytes).unwrap();
    assert_eq!(back.encode(), bytes);
    for version in OmemoVersion::ALL {
        assert_eq!(back.bundle(version), own.bundle(version));
    }
    let identity = IdentityKeyPair::from_secret_bytes(own.identity().secret_bytes());
    assert_eq!(identity.public(), own.identity().public());
    for length in 0..bytes.len() {
        assert_eq!(OwnKeys::decode(&bytes[..length]).unwrap_err(), Damaged);
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(OwnKeys::decode(&longer).unwrap_err(), Damaged);
    let mut newer = bytes.to_vec();
    newer[0] += 1;
    assert_eq!(OwnKeys::decode(&newer).unwrap_err(), Damaged);
}

#[test]
fn records_are_stored_and_read_back() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
        let record = initiated(version, &alice, &bob, &mut rng);
        let bytes = record.encode();
        let back = Record::decode(&bytes).unwrap();
        assert_eq!(back.encode(), bytes);
        assert_eq!(back.version(), version);
        assert_eq!(back.identity(), Some(bob.identity().public()));
        assert!(back.has_session() && back.is_unanswered());
        for length in 0..bytes.len() {
            assert_eq!(Record::decode(&bytes[..length]).unwrap_err(), Damaged);
        }
        let empty = Record::new(version);
        assert_eq!(Record::decode(&empty.encode()).unwrap().encode(), empty.encode());
    }
}

#[test]
fn a_bundle_is_of_one_version() {
    let mut rng = Seeded::new(1);
    let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
    let (legacy, omemo2) = (OmemoVersion::Legacy, OmemoVersion::Omemo2);
    assert!(PeerBundle::read(legacy, &bob.bundle(omemo2)).is_err());
    assert!(PeerBundle::read(omemo2, &bob.bundle(legacy)).is_err());
    let bundle = PeerBundle::read(legacy, &bob.bundle(legacy)).unwrap();
    let refused = Record::new(omemo2).initiate(&alice, &bundle, &mut rng);
    assert_eq!(refused.unwrap_err(), Refused::WrongVersion);
}

#[test]
fn both_versions_know_an_identity_by_the_same_fingerprint() {
    for seed in 0..20 {
        let own = own(1, &mut Seeded::new(seed));
        let prints = OmemoVersion::ALL.map(|version| {
            let key = causerie_omemo::IdentityKey::decode(version, &own.bundle(version).identity).unwrap();
            assert_eq!(key, *own.identity().public());
            key.fingerprint()
        });
        assert_eq!(prints[0], prints[1]);
        assert_eq!(own.bundle(OmemoVersion::Omemo2).identity[31] >> 7, 0, "sign bit 0 is published");
    }
}
