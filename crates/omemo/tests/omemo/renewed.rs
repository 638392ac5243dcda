//! A device has another identity key, and a person agrees to it.

use causerie_model::OmemoVersion;
use causerie_omemo::{PeerBundle, Record, Refused};

use crate::seeded::{NOW, Seeded, initiated, own};

#[test]
fn after_an_accepted_change_copies_are_copies_and_what_is_late_is_read() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (mut alice, old, new) = (own(1, &mut rng), own(2, &mut rng), own(2, &mut rng));
        // The old key has written three times, of which the last is late.
        let theirs = initiated(version, &old, &alice, &mut rng);
        let (theirs, first) = theirs.encrypt(&old, b"first", &mut rng).unwrap();
        let opened = Record::new(version).decrypt(&alice, &first.bytes, first.kind, NOW).unwrap();
        alice.set_aside(&opened, NOW);
        let (mine, answer) = opened.record.encrypt(&alice, b"answer", &mut rng).unwrap();
        let theirs = theirs.decrypt(&old, &answer.bytes, answer.kind, NOW).unwrap().record;
        let (theirs, second) = theirs.encrypt(&old, b"second", &mut rng).unwrap();
        let (_, late) = theirs.encrypt(&old, b"late", &mut rng).unwrap();
        let mine = mine.decrypt(&alice, &second.bytes, second.kind, NOW).unwrap().record;

        // The new one writes: it is accepted.
        let bundle = PeerBundle::read(version, &alice.bundle(version)).unwrap();
        let theirs = Record::new(version).initiate(&new, &bundle, &mut rng).unwrap();
        let (_, hello) = theirs.encrypt(&new, b"hello", &mut rng).unwrap();
        let refused = mine.decrypt(&alice, &hello.bytes, hello.kind, NOW).unwrap_err();
        let claimed = new.identity().public().fingerprint();
        assert_eq!(refused, Refused::IdentityChanged(claimed));
        let record = mine.renewed().decrypt(&alice, &hello.bytes, hello.kind, NOW).unwrap().record;
        assert_eq!(record.identity(), Some(new.identity().public()));

        for copy in [&first, &second, &hello] {
            let outcome = record.decrypt(&alice, &copy.bytes, copy.kind, NOW);
            assert_eq!(outcome.unwrap_err(), Refused::Duplicate);
        }
        let opened = record.decrypt(&alice, &late.bytes, late.kind, NOW).unwrap();
        assert_eq!(opened.plaintext.as_slice(), b"late");
        assert_eq!(opened.identity, *old.identity().public(), "by whom it is told");
        let record = Record::decode(&opened.record.encode()).unwrap();
        assert_eq!(record.identity(), Some(new.identity().public()));

        // What we write is for the new key alone, also when the old one turns its ratchet.
        let (record, sealed) = record.encrypt(&alice, b"to the new one", &mut rng).unwrap();
        assert!(theirs.decrypt(&new, &sealed.bytes, sealed.kind, NOW).is_ok());
        // And a session that we begin ourselves.
        let bundle = PeerBundle::read(version, &new.bundle(version)).unwrap();
        let begun = mine.renewed().initiate(&alice, &bundle, &mut rng).unwrap();
        assert_eq!(begun.identity(), Some(new.identity().public()));
        let outcome = begun.decrypt(&alice, &second.bytes, second.kind, NOW);
        assert_eq!(outcome.unwrap_err(), Refused::Duplicate);
        drop(record);
    }
}

#[test]
fn an_old_key_that_turns_its_ratchet_gets_nothing() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(2);
        let (alice, old, new) = (own(1, &mut rng), own(2, &mut rng), own(2, &mut rng));
        let mine = initiated(version, &alice, &old, &mut rng);
        let (mine, hello) = mine.encrypt(&alice, b"hello", &mut rng).unwrap();
        let theirs = Record::new(version).decrypt(&old, &hello.bytes, hello.kind, NOW).unwrap().record;
        let bundle = PeerBundle::read(version, &new.bundle(version)).unwrap();
        let mine = mine.renewed().initiate(&alice, &bundle, &mut rng).unwrap();
        let (_, turned) = theirs.encrypt(&old, b"from the old key", &mut rng).unwrap();
        let opened = mine.decrypt(&alice, &turned.bytes, turned.kind, NOW).unwrap();
        assert_eq!(opened.identity, *old.identity().public());
        let (_, sealed) = opened.record.encrypt(&alice, b"secret", &mut rng).unwrap();
        assert!(theirs.decrypt(&old, &sealed.bytes, sealed.kind, NOW).is_err());
        assert!(Record::new(version).decrypt(&new, &sealed.bytes, sealed.kind, NOW).is_ok());
    }
}
