//! One-time pre-keys that two have taken: kept for a while, and each key exchange read once.

use causerie_model::OmemoVersion;
use causerie_omemo::{
    KEEP_USED, Kind, MOST_EXCHANGES, MOST_USED, Moment, Opened, OwnKeys, PeerBundle, Record, Refused, Sealed,
};

use crate::seeded::{NOW, Seeded, hex, own, to_hex};

/// A first message of somebody new, made with the one pre-key of that id.
fn first(
    version: OmemoVersion,
    from: u32,
    bob: &causerie_omemo::PublishedBundle,
    rng: &mut Seeded,
) -> Sealed {
    let writer = own(from, rng);
    let bundle = PeerBundle::read(version, bob).unwrap();
    let record = Record::new(version).initiate(&writer, &bundle, rng).unwrap();
    record.encrypt(&writer, &[from as u8; 32], rng).unwrap().1
}

fn read(version: OmemoVersion, bob: &OwnKeys, sealed: &Sealed) -> Result<Opened, Refused> {
    Record::new(version).decrypt(bob, &sealed.bytes, sealed.kind, NOW)
}

fn one_prekey(version: OmemoVersion, bob: &OwnKeys) -> causerie_omemo::PublishedBundle {
    let mut bundle = bob.bundle(version);
    bundle.prekeys.truncate(1);
    bundle
}

#[test]
fn two_who_took_the_same_prekey_are_both_read() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let mut bob = own(1, &mut rng);
        let bundle = one_prekey(version, &bob);
        let letters = [2, 3, 4].map(|from| first(version, from, &bundle, &mut rng));
        for (n, letter) in letters.iter().enumerate() {
            let opened = read(version, &bob, letter).unwrap();
            assert_eq!(opened.plaintext.as_slice(), [n as u8 + 2; 32]);
            assert!(bob.set_aside(&opened, NOW + n as u64));
            bob = OwnKeys::decode(&bob.encode()).unwrap();
        }
        let id = bundle.prekeys[0].0;
        assert!(bob.bundle(version).prekeys.iter().all(|(other, _)| *other != id), "it is published no more");
        assert_eq!(bob.used_prekeys().collect::<Vec<_>>(), [(version, id, NOW)]);
        // None of them is read as a new one, though its session was lost.
        for letter in &letters {
            assert_eq!(read(version, &bob, letter).unwrap_err(), Refused::KeyGone);
        }
        // And it is gone when it is to be.
        let late = first(version, 5, &bundle, &mut rng);
        let mut later = bob.clone();
        assert!(!later.expire(NOW + KEEP_USED - 1));
        assert!(!later.expire(Moment { now: NOW + 100 * KEEP_USED, passed: NOW }), "only the clock says so");
        assert!(read(version, &later, &late).is_ok());
        assert!(later.expire(NOW + KEEP_USED));
        assert_eq!(read(version, &later, &late).unwrap_err(), Refused::UnknownPreKey);
        assert!(bob.consume(version, id));
        assert!(!bob.consume(version, id));
        assert_eq!(read(version, &bob, &late).unwrap_err(), Refused::UnknownPreKey);
        bob.refill(&mut rng);
        assert!(bob.bundle(version).prekeys.iter().all(|(other, _)| *other != id), "no id comes back");
    }
}

#[test]
fn what_is_kept_of_used_prekeys_is_bounded() {
    let version = OmemoVersion::Omemo2;
    let mut rng = Seeded::new(2);
    let mut bob = own(1, &mut rng);
    for n in 0..MOST_USED + 10 {
        let letter = first(version, 2, &one_prekey(version, &bob), &mut rng);
        let opened = read(version, &bob, &letter).unwrap();
        assert!(bob.set_aside(&opened, NOW + n as u64));
        bob.refill(&mut rng);
    }
    let times: Vec<u64> = bob.used_prekeys().map(|(.., at)| at).collect();
    assert_eq!(times, (10..MOST_USED as u64 + 10).map(|n| NOW + n).collect::<Vec<_>>());
    assert_eq!(OwnKeys::decode(&bob.encode()).unwrap().encode(), bob.encode());

    let bundle = one_prekey(version, &bob);
    for _ in 0..MOST_EXCHANGES {
        let opened = read(version, &bob, &first(version, 3, &bundle, &mut rng)).unwrap();
        assert!(bob.set_aside(&opened, NOW));
    }
    let more = first(version, 3, &bundle, &mut rng);
    assert_eq!(read(version, &bob, &more).unwrap_err(), Refused::UnknownPreKey);
    assert_eq!(OwnKeys::decode(&bob.encode()).unwrap().encode(), bob.encode());
}

/// Own keys of a device that has read two first messages made with one pre-key, as `tests/vectors/stored_2.txt` has them.
#[test]
fn the_second_layout_of_own_keys_is_read_for_ever() {
    let mut lines = include_str!("../vectors/stored_2.txt").lines();
    let mut words = || lines.next().unwrap().split(' ').nth(1).unwrap();
    let stored = hex(words());
    let bob = OwnKeys::decode(&stored).unwrap();
    assert_eq!(to_hex(&bob.encode()), to_hex(&stored));
    assert_eq!(bob.used_prekeys().collect::<Vec<_>>(), [(OmemoVersion::Omemo2, 1, NOW)]);
    assert_eq!(bob.prekeys_left(OmemoVersion::Omemo2), 99);
    let [read_before, unread] =
        [words(), words()].map(|hexed| Sealed { bytes: hex(hexed), kind: Kind::KeyExchange });
    assert_eq!(read(OmemoVersion::Omemo2, &bob, &read_before).unwrap_err(), Refused::KeyGone);
    assert_eq!(read(OmemoVersion::Omemo2, &bob, &unread).unwrap().plaintext.as_slice(), [3; 32]);
}
