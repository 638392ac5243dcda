//! Keys that are no keys, in all four roles: identity, signed pre-key, one-time pre-key, ratchet key; and the ephemeral key.

use causerie_model::OmemoVersion;
use causerie_omemo::{IdentityKey, KeyFault, Kind, PeerBundle, Record, Refused};
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::{constants, traits::Identity};

use crate::other::{Choices, Other, wire};
use crate::seeded::{NOW, Seeded, hex, own};

/// The seven low-order u-coordinates (of which the last two are not canonical).
const LOW_ORDER: [&str; 7] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/// u-coordinates that are none: low-order ones with and without the top bit; p + 2 to p + 18; a good one with the top bit set;
/// one on the twist; good ones plus a point of low order.
fn bad_u() -> Vec<[u8; 32]> {
    let mut bad: Vec<[u8; 32]> = LOW_ORDER.iter().map(|u| hex(u).try_into().unwrap()).collect();
    for low in 0xEF..=0xFF {
        let mut u = [0xFF; 32];
        u[0] = low;
        u[31] = 0x7F;
        bad.push(u);
    }
    bad.extend(bad.clone().into_iter().map(|mut u| {
        u[31] |= 0x80;
        u
    }));
    let mut base = constants::X25519_BASEPOINT.0;
    base[31] |= 0x80;
    bad.push(base);
    let mut twist = [0; 32];
    twist[0] = 2;
    bad.push(twist);
    let torsion = &constants::EIGHT_TORSION[1..];
    bad.extend(torsion.iter().map(|low| (constants::ED25519_BASEPOINT_POINT + low).to_montgomery().0));
    bad
}

/// The same for Edwards keys, with every second encoding that RFC 8032 forbids.
fn bad_edwards() -> Vec<[u8; 32]> {
    let mut bad: Vec<[u8; 32]> = constants::EIGHT_TORSION.iter().map(|point| point.compress().0).collect();
    for low in 0xEC..=0xFF {
        for sign in [0, 0x80] {
            let mut y = [0xFF; 32];
            y[0] = low;
            y[31] = 0x7F | sign;
            bad.push(y);
        }
    }
    // The identity with the sign of minus zero.
    let mut minus_zero = CompressedEdwardsY::identity().0;
    minus_zero[31] = 0x80;
    bad.push(minus_zero);
    let torsion = &constants::EIGHT_TORSION[1..];
    bad.extend(torsion.iter().map(|low| (constants::ED25519_BASEPOINT_POINT + low).compress().0));
    bad
}

fn bad_identities(version: OmemoVersion) -> Vec<Vec<u8>> {
    match version {
        OmemoVersion::Legacy => bad_u().iter().map(|u| wire(version, u)).collect(),
        OmemoVersion::Omemo2 => bad_edwards().iter().map(|edwards| edwards.to_vec()).collect(),
    }
}

fn is_key_fault(refused: Refused) -> bool {
    matches!(refused, Refused::NonCanonicalKey | Refused::WeakKey)
}

#[test]
fn as_identity_key() {
    for version in OmemoVersion::ALL {
        for bad in bad_identities(version) {
            let fault = IdentityKey::decode(version, &bad).unwrap_err();
            assert!(matches!(fault, KeyFault::NonCanonical | KeyFault::Weak), "{bad:?}");

            let mut rng = Seeded::new(1);
            let own = own(1, &mut rng);
            let mut bundle = own.bundle(version);
            bundle.identity = bad.clone();
            assert!(is_key_fault(PeerBundle::read(version, &bundle).unwrap_err()));

            let choices = Choices { identity: Some(bad), ..Choices::default() };
            let mut other = Other::initiate(version, &own.bundle(version), choices, &mut rng);
            let message = other.message(b"hello");
            let bytes = other.key_exchange(&message);
            let refused = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW);
            assert!(is_key_fault(refused.unwrap_err()));
        }
    }
}

/// Whoever signs it: the key is looked at before the signature.
#[test]
fn as_signed_prekey() {
    for version in OmemoVersion::ALL {
        for bad in bad_u() {
            let mut bundle = own(1, &mut Seeded::new(1)).bundle(version);
            bundle.signed_prekey = wire(version, &bad);
            assert!(is_key_fault(PeerBundle::read(version, &bundle).unwrap_err()), "{bad:?}");
        }
    }
}

/// A bad one is passed over, a bundle with none but bad ones is refused.
#[test]
fn as_one_time_prekey() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
        let mut bundle = bob.bundle(version);
        let good = bundle.prekeys[0].1.clone();
        bundle.prekeys = (1..).zip(bad_u()).map(|(id, u)| (id, wire(version, &u))).collect();
        bundle.prekeys.push((1000, vec![5; 7]));
        bundle.prekeys.push((0, good));
        assert_eq!(PeerBundle::read(version, &bundle).unwrap_err(), Refused::NoPreKey);

        bundle.prekeys.insert(20, bob.bundle(version).prekeys[6].clone());
        let bundle = PeerBundle::read(version, &bundle).unwrap();
        for seed in 0..20 {
            let record = Record::new(version).initiate(&alice, &bundle, &mut Seeded::new(seed)).unwrap();
            let (_, sealed) = record.encrypt(&alice, b"hello", &mut rng).unwrap();
            let opened = Record::new(version).decrypt(&bob, &sealed.bytes, sealed.kind, NOW).unwrap();
            assert_eq!(opened.consumed_prekey, Some(7));
        }
    }
}

/// Honest bundles have good ones only, and to find a bad one costs nearly an agreement. A thousand of them are not tried.
#[test]
fn many_bad_one_time_prekeys_cost_little() {
    let version = OmemoVersion::Omemo2;
    let mut rng = Seeded::new(1);
    let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
    let good = bob.bundle(version);
    let low = constants::EIGHT_TORSION[1];
    let bad = (constants::ED25519_BASEPOINT_POINT + low).to_montgomery().0;
    let bad = |ids: std::ops::Range<u32>| ids.map(|id| (id, wire(version, &bad)));
    let mut worst = good.clone();
    worst.prekeys.truncate(1);
    worst.prekeys.extend(bad(1_000..1_999));
    // Each choice takes something of the generator, and so do two new keys.
    for seed in 1..6 {
        let mut rng = Seeded::new(seed);
        let bundle = PeerBundle::read(version, &worst).unwrap();
        let record = Record::new(version).initiate(&alice, &bundle, &mut rng).unwrap();
        assert!(rng.drawn() <= 20 + 2, "{}", rng.drawn());
        let (_, sealed) = record.encrypt(&alice, b"hello", &mut rng).unwrap();
        let opened = Record::new(version).decrypt(&bob, &sealed.bytes, sealed.kind, NOW).unwrap();
        assert_eq!(opened.consumed_prekey, Some(good.prekeys[0].0));
    }
    // Behind so many bad ones nobody looks for a good one.
    for (count, is_read) in [(100, true), (101, false)] {
        let mut bundle = good.clone();
        bundle.prekeys = bad(1_000..1_000 + count).chain(good.prekeys.clone()).collect();
        assert_eq!(PeerBundle::read(version, &bundle).is_ok(), is_read, "{count}");
    }
}

/// An attacker who has the session can make the MAC right, since the agreement is zero.
#[test]
fn as_ratchet_key() {
    for version in OmemoVersion::ALL {
        for bad in bad_u() {
            let mut rng = Seeded::new(1);
            let own = own(1, &mut rng);
            let choices = Choices { ratchet_key: Some(wire(version, &bad)), ..Choices::default() };
            let mut first = Other::initiate(version, &own.bundle(version), choices, &mut rng);
            let message = first.message(b"hello");
            let bytes = first.key_exchange(&message);
            let refused = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW);
            assert!(is_key_fault(refused.unwrap_err()), "{bad:?}");

            let mut other = Other::initiate(version, &own.bundle(version), Choices::default(), &mut rng);
            let message = other.message(b"hello");
            let bytes = other.key_exchange(&message);
            let opened = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW).unwrap();
            other.turn_to(wire(version, &bad));
            let bytes = other.message(b"again");
            let refused = opened.record.decrypt(&own, &bytes, Kind::Message, NOW);
            assert!(is_key_fault(refused.unwrap_err()), "{bad:?}");

            // The same after an answer of ours, when a turn of theirs is due.
            let mut other = Other::initiate(version, &own.bundle(version), Choices::default(), &mut rng);
            let message = other.message(b"hello");
            let bytes = other.key_exchange(&message);
            let opened = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW).unwrap();
            let (record, answer) = opened.record.encrypt(&own, b"answer", &mut rng).unwrap();
            assert_eq!(other.hear(&answer.bytes).0, b"answer");
            other.turn_to(wire(version, &bad));
            let bytes = other.message(b"again");
            let refused = record.decrypt(&own, &bytes, Kind::Message, NOW);
            assert!(is_key_fault(refused.unwrap_err()), "{bad:?}");
        }
    }
}

#[test]
fn as_ephemeral_key() {
    for version in OmemoVersion::ALL {
        for bad in bad_u() {
            let mut rng = Seeded::new(1);
            let own = own(1, &mut rng);
            let choices = Choices { base_key: Some(wire(version, &bad)), ..Choices::default() };
            let mut other = Other::initiate(version, &own.bundle(version), choices, &mut rng);
            let message = other.message(b"hello");
            let bytes = other.key_exchange(&message);
            let refused = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW);
            assert!(is_key_fault(refused.unwrap_err()), "{bad:?}");
        }
    }
}

/// No MAC covers the ephemeral key. Its top bit means nothing to X25519, and a point of low order vanishes under a clamped
/// scalar: both would make a new session of a replay while the one-time pre-key is still there.
#[test]
fn a_key_exchange_replayed_with_another_writing_of_its_ephemeral_key() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let own = own(1, &mut rng);
        let mut other = Other::initiate(version, &own.bundle(version), Choices::default(), &mut rng);
        let message = other.message(b"hello");
        let bytes = other.key_exchange(&message);
        let opened = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW).unwrap();

        let u: [u8; 32] = other.base_wire[other.base_wire.len() - 32..].try_into().unwrap();
        let point = curve25519_dalek::MontgomeryPoint(u).to_edwards(0).unwrap();
        let mut flipped = u;
        flipped[31] |= 0x80;
        let mut others = vec![flipped];
        others.extend(constants::EIGHT_TORSION[1..].iter().map(|low| (point + low).to_montgomery().0));
        let before = opened.record.encode();
        for u in others {
            other.base_wire = wire(version, &u);
            let replay = other.key_exchange(&message);
            for record in [&opened.record, &Record::new(version)] {
                let refused = record.decrypt(&own, &replay, Kind::KeyExchange, NOW).unwrap_err();
                assert!(is_key_fault(refused), "{refused}");
            }
        }
        assert_eq!(opened.record.encode(), before);
    }
}

/// libsignal's and our own keys have sign bit 0 or are forced to it; twomemo publishes what comes.
#[test]
fn an_identity_key_with_sign_bit_one_is_the_same_key_and_keeps_its_bytes() {
    let version = OmemoVersion::Omemo2;
    let mut rng = Seeded::new(1);
    let own = own(1, &mut rng);
    let fingerprints: Vec<_> = [false, true]
        .into_iter()
        .map(|sign_bit| {
            let choices = Choices { sign_bit, ..Choices::default() };
            let mut other = Other::initiate(version, &own.bundle(version), choices, &mut Seeded::new(2));
            let message = other.message(b"hello");
            let bytes = other.key_exchange(&message);
            let opened = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW).unwrap();
            assert_eq!(opened.identity.encode(version), other.identity_wire);
            let (_, answer) = opened.record.encrypt(&own, b"welcome", &mut rng).unwrap();
            assert_eq!(other.receive_first(&answer.bytes, &mut rng), b"welcome");
            opened.identity.fingerprint()
        })
        .collect();
    assert_eq!(fingerprints[0], fingerprints[1]);
}
