//! When the ratchet turns: the peer's side when it is read, ours with the next message that we send.

use std::collections::BTreeSet;

use causerie_model::OmemoVersion;
use causerie_omemo::{Kind, Record, Refused};

use crate::other::{Choices, Other, header};
use crate::seeded::{NOW, Seeded, initiated, own};

#[test]
fn our_key_is_made_with_the_first_message_under_it_and_kept_until_the_peer_turns() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
        let at_alice = initiated(version, &alice, &bob, &mut rng);
        let (at_alice, first) = at_alice.encrypt(&alice, b"first", &mut rng).unwrap();
        let at_bob = Record::new(version).decrypt(&bob, &first.bytes, first.kind, NOW).unwrap().record;
        // Reading takes no chance: two who read the same have the same state.
        let again = Record::new(version).decrypt(&bob, &first.bytes, first.kind, NOW).unwrap().record;
        assert_eq!(at_bob.encode(), again.encode());

        // From one state, each try makes a key of its own; nothing of the key lies in the state before.
        let mut keys = BTreeSet::new();
        for _ in 0..5 {
            let (_, sealed) = at_bob.encrypt(&bob, b"a try that is not stored", &mut rng).unwrap();
            keys.insert(header(version, &sealed).0);
        }
        assert_eq!(keys.len(), 5);

        // Once it is stored it stays, and what it has not to do any more is done once.
        let (at_bob, one) = at_bob.encrypt(&bob, b"one", &mut rng).unwrap();
        let at_bob = Record::decode(&at_bob.encode()).unwrap();
        let (at_bob, two) = at_bob.encrypt(&bob, b"two", &mut rng).unwrap();
        assert_eq!(header(version, &one).0, header(version, &two).0);
        assert!(!keys.contains(&header(version, &one).0));

        // Alice reads the second, then the first, of a chain that she has not answered.
        let at_alice = at_alice.decrypt(&alice, &two.bytes, two.kind, NOW).unwrap().record;
        let at_alice = Record::decode(&at_alice.encode()).unwrap();
        let at_alice = at_alice.decrypt(&alice, &one.bytes, one.kind, NOW).unwrap().record;
        let (at_alice, answer) = at_alice.encrypt(&alice, b"answer", &mut rng).unwrap();
        let opened = at_bob.decrypt(&bob, &answer.bytes, answer.kind, NOW).unwrap();
        let (_, three) = opened.record.encrypt(&bob, b"three", &mut rng).unwrap();
        assert_ne!(header(version, &three).0, header(version, &two).0);
        let opened = at_alice.decrypt(&alice, &three.bytes, three.kind, NOW).unwrap();
        assert_eq!(opened.plaintext.as_slice(), b"three");
    }
}

/// Where we owe an answer, there is no key of ours that a new one of theirs could agree with.
#[test]
fn nobody_turns_twice_without_an_answer_between() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let own = own(1, &mut rng);
        let mut other = Other::initiate(version, &own.bundle(version), Choices::default(), &mut rng);
        let message = other.message(b"hello");
        let bytes = other.key_exchange(&message);
        let record = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW).unwrap().record;
        let before = record.encode();
        let late = other.message(b"late");

        // As good a key as any, and all that the peer knows of us: our signed pre-key.
        let signed_prekey = own.bundle(version).signed_prekey;
        let signed_prekey: [u8; 32] = signed_prekey[signed_prekey.len() - 32..].try_into().unwrap();
        other.turn(signed_prekey, &mut rng);
        let bytes = other.message(b"too early");
        assert_eq!(record.decrypt(&own, &bytes, Kind::Message, NOW).unwrap_err(), Refused::Tampered);
        assert_eq!(record.encode(), before);

        let opened = record.decrypt(&own, &late, Kind::Message, NOW).unwrap();
        assert_eq!(opened.plaintext.as_slice(), b"late");
    }
}
