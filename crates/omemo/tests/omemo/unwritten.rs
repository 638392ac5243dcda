//! A session that was begun, and in which nothing was ever encrypted.

use causerie_model::OmemoVersion;
use causerie_omemo::{MAX_SESSIONS, PeerBundle, Record};

use crate::seeded::{NOW, Seeded, initiated, own};

#[test]
fn it_is_known_as_such_until_its_first_message_and_when_it_was_stored() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
        assert!(!Record::new(version).is_unwritten(), "there is none");
        let begun = initiated(version, &alice, &bob, &mut rng);
        assert!(begun.is_unwritten() && Record::decode(&begun.encode()).unwrap().is_unwritten());
        let (mut mine, first) = begun.encrypt(&alice, b"first", &mut rng).unwrap();
        assert!(!mine.is_unwritten() && !Record::decode(&mine.encode()).unwrap().is_unwritten());
        // Nor is that of whoever has read it, answered or not.
        let mut theirs = Record::new(version).decrypt(&bob, &first.bytes, first.kind, NOW).unwrap().record;
        for _ in 0..3 {
            assert!(!theirs.is_unwritten() && !mine.is_unwritten());
            let (next, sealed) = theirs.encrypt(&bob, b"there", &mut rng).unwrap();
            (theirs, mine) = (next, mine.decrypt(&alice, &sealed.bytes, sealed.kind, NOW).unwrap().record);
            assert!(!theirs.is_unwritten() && !mine.is_unwritten());
            let (next, sealed) = mine.encrypt(&alice, b"and back", &mut rng).unwrap();
            (mine, theirs) = (next, theirs.decrypt(&bob, &sealed.bytes, sealed.kind, NOW).unwrap().record);
        }
    }
}

/// However often one is begun in vain, what is late in another is read.
#[test]
fn it_takes_the_place_of_no_other() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(2);
        let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
        let (mut mine, first) =
            initiated(version, &alice, &bob, &mut rng).encrypt(&alice, b"first", &mut rng).unwrap();
        let theirs = Record::new(version).decrypt(&bob, &first.bytes, first.kind, NOW).unwrap().record;
        let (_, late) = theirs.encrypt(&bob, b"late", &mut rng).unwrap();
        let bundle = PeerBundle::read(version, &bob.bundle(version)).unwrap();
        let before = mine.encode().len();
        for _ in 0..3 * MAX_SESSIONS {
            mine = mine.initiate(&alice, &bundle, &mut rng).unwrap();
        }
        assert!(mine.encode().len() < 3 * before);
        assert!(mine.is_unwritten());
        let opened = mine.decrypt(&alice, &late.bytes, late.kind, NOW).unwrap();
        assert_eq!(opened.plaintext.as_slice(), b"late");
        // Whoever has turned the ratchet has that one.
        assert!(!opened.record.is_unwritten());
    }
}
