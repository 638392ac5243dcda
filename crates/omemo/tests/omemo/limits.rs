//! Late, lost, doubled and far-away messages, and the bounds of what is kept for them.

use causerie_model::OmemoVersion;
use causerie_omemo::{
    Answer, HEARTBEAT_AT, Kind, MAX_CLOSED, MAX_JUMP, MAX_MESSAGE_BYTES, MAX_SESSIONS, MAX_SKIPPED,
    MAX_SKIPPED_AGE, Moment, Opened, OwnKeys, PeerBundle, Record, Refused, Sealed,
};

use crate::other::{Choices, Other, bytes, field};
use crate::seeded::{NOW, Seeded, initiated, own};

/// Two devices that have heard of each other.
struct Pair {
    version: OmemoVersion,
    rng: Seeded,
    now: u64,
    alice: OwnKeys,
    bob: OwnKeys,
    at_alice: Record,
    at_bob: Record,
}

impl Pair {
    fn new(version: OmemoVersion) -> Self {
        let mut rng = Seeded::new(7);
        let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
        let at_alice = initiated(version, &alice, &bob, &mut rng);
        let at_bob = Record::new(version);
        let mut pair = Self { version, rng, now: NOW, alice, bob, at_alice, at_bob };
        let first = pair.alice_writes(b"first");
        assert_eq!(first.kind, Kind::KeyExchange);
        let opened = pair.bob_reads(&first).unwrap();
        assert_eq!(opened.answer, Some(Answer::KeyExchange));
        pair.bob.consume(version, opened.consumed_prekey.unwrap());
        let answer = pair.bob_writes(b"answer");
        assert_eq!(answer.kind, Kind::Message);
        pair.alice_reads(&answer).unwrap();
        pair
    }

    fn alice_writes(&mut self, plaintext: &[u8]) -> Sealed {
        let (record, sealed) = self.at_alice.encrypt(&self.alice, plaintext, &mut self.rng).unwrap();
        self.at_alice = record;
        sealed
    }

    fn bob_writes(&mut self, plaintext: &[u8]) -> Sealed {
        let (record, sealed) = self.at_bob.encrypt(&self.bob, plaintext, &mut self.rng).unwrap();
        self.at_bob = record;
        sealed
    }

    fn alice_reads(&mut self, sealed: &Sealed) -> Result<Opened, Refused> {
        let opened = self.at_alice.decrypt(&self.alice, &sealed.bytes, sealed.kind, self.now)?;
        self.at_alice = opened.record.clone();
        Ok(opened)
    }

    fn bob_reads(&mut self, sealed: &Sealed) -> Result<Opened, Refused> {
        self.bob_reads_at(sealed, self.now)
    }

    fn bob_reads_at(&mut self, sealed: &Sealed, now: impl Into<Moment>) -> Result<Opened, Refused> {
        let opened = self.at_bob.decrypt(&self.bob, &sealed.bytes, sealed.kind, now)?;
        self.at_bob = opened.record.clone();
        Ok(opened)
    }

    /// A message each way, so that both ratchets turn.
    fn turn(&mut self) {
        let sealed = self.bob_writes(b"tick");
        self.alice_reads(&sealed).unwrap();
        let sealed = self.alice_writes(b"tock");
        self.bob_reads(&sealed).unwrap();
    }
}

fn both(test: impl Fn(Pair)) {
    for version in OmemoVersion::ALL {
        test(Pair::new(version));
    }
}

#[test]
fn a_long_chain_asks_for_one_heartbeat_and_starts_again_after_it() {
    both(|mut pair| {
        let asked = |answer: Option<Answer>| answer == Some(Answer::Heartbeat);
        for counter in 0..HEARTBEAT_AT + 20 {
            let sealed = pair.alice_writes(b"x");
            assert_eq!(asked(pair.bob_reads(&sealed).unwrap().answer), counter == HEARTBEAT_AT, "{counter}");
        }
        let heartbeat = pair.bob_writes(b"");
        pair.alice_reads(&heartbeat).unwrap();
        for counter in 0..HEARTBEAT_AT + 2 {
            let sealed = pair.alice_writes(b"y");
            assert_eq!(asked(pair.bob_reads(&sealed).unwrap().answer), counter == HEARTBEAT_AT, "{counter}");
        }
    });
}

#[test]
fn a_lost_53rd_message_does_not_cost_the_heartbeat() {
    both(|mut pair| {
        let chain: Vec<Sealed> = (0..60).map(|_| pair.alice_writes(b"x")).collect();
        assert_eq!(pair.bob_reads(&chain[52]).unwrap().answer, None);
        assert_eq!(pair.bob_reads(&chain[58]).unwrap().answer, Some(Answer::Heartbeat));
        assert_eq!(pair.bob_reads(&chain[53]).unwrap().answer, None);
        assert_eq!(pair.bob_reads(&chain[59]).unwrap().answer, None);
    });
}

#[test]
fn a_jump_of_25_000_is_made_and_one_more_is_not() {
    both(|mut pair| {
        for _ in 0..MAX_JUMP {
            pair.alice_writes(b"lost");
        }
        let far = pair.alice_writes(b"far");
        let too_far = pair.alice_writes(b"too far");
        let before = pair.at_bob.encode();
        assert_eq!(pair.bob_reads(&too_far).unwrap_err(), Refused::TooFarAhead);
        assert_eq!(pair.at_bob.encode(), before);
        assert_eq!(pair.bob_reads(&far).unwrap().plaintext.as_slice(), b"far");
        assert_eq!(pair.bob_reads(&too_far).unwrap().plaintext.as_slice(), b"too far");
    });
}

#[test]
fn what_a_message_costs_is_known_before_it_is_read() {
    both(|mut pair| {
        let effort = |pair: &Pair, sealed: &Sealed| pair.at_bob.effort(&sealed.bytes, sealed.kind);
        let first = pair.alice_writes(b"0");
        let late: Vec<Sealed> = (1..10).map(|_| pair.alice_writes(b"late")).collect();
        let far = pair.alice_writes(b"10");
        assert_eq!((effort(&pair, &first), effort(&pair, &far)), (0, 10));
        pair.bob_reads(&first).unwrap();
        assert_eq!(effort(&pair, &far), 9);
        pair.bob_reads(&far).unwrap();
        assert!(late.iter().all(|late| effort(&pair, late) == 0));
        assert_eq!(effort(&pair, &Sealed { bytes: vec![1, 2, 3], kind: Kind::Message }), 0);
        // What is refused at once costs nothing, either.
        (0..=MAX_JUMP).for_each(|_| drop(pair.alice_writes(b"lost")));
        let too_far = pair.alice_writes(b"too far");
        assert_eq!(effort(&pair, &too_far), 0);
    });
}

#[test]
fn a_counter_of_2_to_the_31_is_refused_at_once() {
    for version in OmemoVersion::ALL {
        for counter in [MAX_JUMP + 1, 1 << 31, u32::MAX] {
            let mut rng = Seeded::new(1);
            let own = own(1, &mut rng);
            let mut other = Other::initiate(version, &own.bundle(version), Choices::default(), &mut rng);
            other.n = counter;
            let message = other.message(b"hello");
            let bytes = other.key_exchange(&message);
            let refused = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW);
            assert_eq!(refused.unwrap_err(), Refused::TooFarAhead);
        }
    }
}

#[test]
fn skipped_keys_are_bounded_and_what_was_given_up_is_not_called_a_duplicate() {
    both(|mut pair| {
        let extra = 5;
        let chain: Vec<Sealed> = (0..MAX_SKIPPED + extra).map(|_| pair.alice_writes(b"late")).collect();
        let last = pair.alice_writes(b"last");
        pair.bob_reads(&last).unwrap();
        let per_key = 32 + 4 + 8 + 32;
        assert!(pair.at_bob.encode().len() < (MAX_SKIPPED + 20) * per_key);
        for gone in &chain[..extra] {
            assert_eq!(pair.bob_reads(gone).unwrap_err(), Refused::KeyGone);
        }
        for late in &chain[extra..] {
            assert_eq!(pair.bob_reads(late).unwrap().plaintext.as_slice(), b"late");
        }
        assert_eq!(pair.bob_reads(&chain[extra]).unwrap_err(), Refused::Duplicate);
        assert_eq!(pair.bob_reads(&last).unwrap_err(), Refused::Duplicate);

        // The next ones push the oldest out.
        let kept = pair.alice_writes(b"old");
        let after = pair.alice_writes(b"after");
        pair.bob_reads(&after).unwrap();
        for _ in 0..MAX_SKIPPED {
            pair.alice_writes(b"lost");
        }
        let last = pair.alice_writes(b"last");
        pair.bob_reads(&last).unwrap();
        assert_eq!(pair.bob_reads(&kept).unwrap_err(), Refused::KeyGone);
    });
}

#[test]
fn a_jump_that_just_fits_gives_nothing_up() {
    both(|mut pair| {
        let read = pair.alice_writes(b"read");
        pair.bob_reads(&read).unwrap();
        let chain: Vec<Sealed> = (0..MAX_SKIPPED).map(|_| pair.alice_writes(b"late")).collect();
        let last = pair.alice_writes(b"last");
        pair.bob_reads(&last).unwrap();
        assert_eq!(pair.bob_reads(&read).unwrap_err(), Refused::Duplicate);
        for late in &chain {
            pair.bob_reads(late).unwrap();
        }
    });
}

#[test]
fn skipped_keys_age() {
    both(|mut pair| {
        let (early, late) = (pair.alice_writes(b"early"), pair.alice_writes(b"late"));
        let present = pair.alice_writes(b"present");
        pair.bob_reads(&present).unwrap();
        pair.now += MAX_SKIPPED_AGE;
        pair.bob_reads(&late).unwrap();
        pair.now += 1;
        let next = pair.alice_writes(b"next");
        pair.bob_reads(&next).unwrap();
        assert_eq!(pair.bob_reads(&early).unwrap_err(), Refused::KeyGone);
        // One that has jumped gives nothing up, as long as so much time has not passed.
        let (late, present) = (pair.alice_writes(b"late"), pair.alice_writes(b"present"));
        let before = pair.now;
        pair.bob_reads(&present).unwrap();
        let jumped = Moment { now: before + 2 * MAX_SKIPPED_AGE, passed: before };
        let next = pair.alice_writes(b"next");
        pair.bob_reads_at(&next, jumped).unwrap();
        pair.bob_reads(&late).unwrap();
        // A clock that was set back gives nothing up.
        let (late, present) = (pair.alice_writes(b"late"), pair.alice_writes(b"present"));
        pair.bob_reads(&present).unwrap();
        pair.now = 0;
        pair.bob_reads(&late).unwrap();
    });
}

#[test]
fn a_replay_from_a_closed_chain_is_a_duplicate() {
    both(|mut pair| {
        let read = pair.alice_writes(b"read");
        pair.bob_reads(&read).unwrap();
        let late = pair.alice_writes(b"late");
        for _ in 0..MAX_CLOSED - 1 {
            pair.turn();
            let before = pair.at_bob.encode();
            assert_eq!(pair.bob_reads(&read).unwrap_err(), Refused::Duplicate);
            assert_eq!(pair.at_bob.encode(), before);
        }
        // It was the last of its chain, and came when that was closed.
        assert_eq!(pair.bob_reads(&late).unwrap().plaintext.as_slice(), b"late");
        assert_eq!(pair.bob_reads(&late).unwrap_err(), Refused::Duplicate);
        pair.turn();
        pair.turn();
        // Forgotten by now; refused all the same.
        assert_eq!(pair.bob_reads(&read).unwrap_err(), Refused::Tampered);
    });
}

#[test]
fn a_peer_whose_pn_is_one_too_low_loses_nothing() {
    for version in OmemoVersion::ALL {
        for pn_one_too_low in [false, true] {
            let mut rng = Seeded::new(1);
            let own = own(1, &mut rng);
            let mut other = Other::initiate(version, &own.bundle(version), Choices::default(), &mut rng);
            other.pn_one_too_low = pn_one_too_low;
            let first = other.message(b"first");
            let bytes = other.key_exchange(&first);
            let opened = Record::new(version).decrypt(&own, &bytes, Kind::KeyExchange, NOW).unwrap();
            let mut record = opened.record;

            let mut late = Vec::new();
            for _ in 0..5 {
                let messages: Vec<Vec<u8>> = (0..3).map(|_| other.message(b"late")).collect();
                late.extend(messages);
                let (next, answer) = record.encrypt(&own, b"answer", &mut rng).unwrap();
                record = next;
                assert_eq!(other.receive_first(&answer.bytes, &mut rng), b"answer");
                let bytes = other.message(b"present");
                record = record.decrypt(&own, &bytes, Kind::Message, NOW).unwrap().record;
            }
            for bytes in late.iter().rev() {
                let opened = record.decrypt(&own, bytes, Kind::Message, NOW).unwrap();
                assert_eq!(opened.plaintext.as_slice(), b"late");
                record = opened.record;
                let again = record.decrypt(&own, bytes, Kind::Message, NOW);
                assert_eq!(again.unwrap_err(), Refused::Duplicate);
            }
        }
    }
}

/// What we send as `pn` is what the specification says: 3 after 3 messages. (The peer above derives nothing from it.)
#[test]
fn our_pn_is_the_specified_one() {
    let mut pair = Pair::new(OmemoVersion::Omemo2);
    // The kex message belongs to Alice's first chain; from the answer on she has a second.
    for _ in 0..3 {
        pair.alice_writes(b"x");
    }
    let last = pair.alice_writes(b"x");
    pair.bob_reads(&last).unwrap();
    let answer = pair.bob_writes(b"turn");
    pair.alice_reads(&answer).unwrap();
    let sealed = pair.alice_writes(b"next");
    let inner = field(&sealed.bytes, 2).unwrap();
    assert_eq!(field(&inner, 1).unwrap()[0], 0, "n");
    assert_eq!(field(&inner, 2).unwrap()[0], 4, "pn");
}

#[test]
fn a_repeated_key_exchange_finds_its_session_when_the_prekey_is_gone() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, mut bob) = (own(1, &mut rng), own(2, &mut rng));
        let mut at_alice = initiated(version, &alice, &bob, &mut rng);
        let mut at_bob = Record::new(version);
        let mut all = Vec::new();
        for nth in 0..5 {
            let (record, sealed) = at_alice.encrypt(&alice, &[nth], &mut rng).unwrap();
            at_alice = record;
            assert_eq!(sealed.kind, Kind::KeyExchange);
            let opened = at_bob.decrypt(&bob, &sealed.bytes, sealed.kind, NOW).unwrap();
            assert_eq!(opened.answer, (nth == 0).then_some(Answer::KeyExchange));
            if let Some(prekey) = opened.consumed_prekey {
                assert_eq!(nth, 0);
                assert!(bob.consume(version, prekey));
                assert!(!bob.consume(version, prekey));
            }
            at_bob = opened.record;
            all.push(sealed);
        }
        for sealed in &all {
            let again = at_bob.decrypt(&bob, &sealed.bytes, sealed.kind, NOW);
            assert_eq!(again.unwrap_err(), Refused::Duplicate);
            // Who has no session with her has no use for it either.
            let stranger = Record::new(version).decrypt(&bob, &sealed.bytes, sealed.kind, NOW);
            assert_eq!(stranger.unwrap_err(), Refused::UnknownPreKey);
        }
    }
}

#[test]
fn who_begins_at_the_same_time_loses_nothing() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
        let mut at_alice = initiated(version, &alice, &bob, &mut rng);
        let mut at_bob = initiated(version, &bob, &alice, &mut rng);
        for round in 0..6 {
            let mut to_bob = Vec::new();
            let mut to_alice = Vec::new();
            for _ in 0..3 {
                let (record, sealed) = at_alice.encrypt(&alice, b"from alice", &mut rng).unwrap();
                at_alice = record;
                to_bob.push(sealed);
                let (record, sealed) = at_bob.encrypt(&bob, b"from bob", &mut rng).unwrap();
                at_bob = record;
                to_alice.push(sealed);
            }
            for sealed in to_bob.iter().rev() {
                let opened = at_bob.decrypt(&bob, &sealed.bytes, sealed.kind, NOW).unwrap();
                assert_eq!(opened.plaintext.as_slice(), b"from alice", "{round}");
                at_bob = opened.record;
            }
            for sealed in &to_alice {
                let opened = at_alice.decrypt(&alice, &sealed.bytes, sealed.kind, NOW).unwrap();
                assert_eq!(opened.plaintext.as_slice(), b"from bob", "{round}");
                at_alice = opened.record;
            }
        }
    }
}

#[test]
fn sessions_are_bounded_and_archived_ones_still_read() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
        let bundle = PeerBundle::read(version, &bob.bundle(version)).unwrap();
        let mut at_alice = Record::new(version);
        let mut at_bob = Record::new(version);
        let (mut late, mut read) = (Vec::new(), Vec::new());
        for _ in 0..MAX_SESSIONS + 3 {
            at_alice = at_alice.initiate(&alice, &bundle, &mut rng).unwrap();
            let (record, first) = at_alice.encrypt(&alice, b"first", &mut rng).unwrap();
            let (record, second) = record.encrypt(&alice, b"second", &mut rng).unwrap();
            at_alice = record;
            at_bob = at_bob.decrypt(&bob, &first.bytes, first.kind, NOW).unwrap().record;
            late.push(second);
            read.push(first);
        }
        assert!(at_bob.encode().len() < MAX_SESSIONS * 600);
        let (gone, kept) = late.split_at(3);
        // The one-time pre-keys are all there: a replay would make a session anew.
        for sealed in gone.iter().chain(&read[..3]) {
            let refused = at_bob.decrypt(&bob, &sealed.bytes, sealed.kind, NOW);
            assert_eq!(refused.unwrap_err(), Refused::KeyGone);
        }
        for sealed in &read[3..] {
            let refused = at_bob.decrypt(&bob, &sealed.bytes, sealed.kind, NOW);
            assert_eq!(refused.unwrap_err(), Refused::Duplicate);
        }
        for sealed in kept {
            at_bob = at_bob.decrypt(&bob, &sealed.bytes, sealed.kind, NOW).unwrap().record;
        }
    }
}

#[test]
fn many_key_exchanges_with_high_counters_share_one_room_for_skipped_keys() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
        let bundle = PeerBundle::read(version, &bob.bundle(version)).unwrap();
        let (mut at_alice, mut at_bob) = (Record::new(version), Record::new(version));
        let (mut first, mut late) = (Vec::new(), Vec::new());
        for round in 0..MAX_SESSIONS {
            at_alice = at_alice.initiate(&alice, &bundle, &mut rng).unwrap();
            for n in 0..MAX_SKIPPED {
                let (record, sealed) = at_alice.encrypt(&alice, b"late", &mut rng).unwrap();
                at_alice = record;
                match n {
                    0 => first.push(sealed),
                    1 => late.push(sealed),
                    _ => {}
                }
            }
            let (record, last) = at_alice.encrypt(&alice, b"last", &mut rng).unwrap();
            at_alice = record;
            let opened = at_bob.decrypt(&bob, &last.bytes, last.kind, NOW).unwrap();
            // What is given up is told, and it is that of the archived session.
            assert_eq!(opened.gives_up, round > 0);
            at_bob = opened.record;
            assert!(at_bob.encode().len() < MAX_SKIPPED * 76 + MAX_SESSIONS * 600);
        }
        let (present, archived) = late.split_last().unwrap();
        for gone in archived.iter().chain(&first[..MAX_SESSIONS - 1]) {
            let refused = at_bob.decrypt(&bob, &gone.bytes, gone.kind, NOW).unwrap_err();
            assert_eq!(refused, Refused::KeyGone);
        }
        for late in [&first[MAX_SESSIONS - 1], present] {
            let opened = at_bob.decrypt(&bob, &late.bytes, late.kind, NOW).unwrap();
            assert_eq!((opened.plaintext.as_slice(), opened.gives_up), (b"late".as_slice(), false));
            at_bob = opened.record;
        }
        // A caller may want fewer: the oldest go.
        let (_, next) = at_alice.encrypt(&alice, b"next", &mut rng).unwrap();
        let opened = at_bob.decrypt(&bob, &next.bytes, next.kind, NOW).unwrap().with_skipped_at_most(10);
        assert!(opened.gives_up);
        assert!(opened.record.encode().len() < 10 * 76 + MAX_SESSIONS * 600);
        // And an encoded record reads back as it was.
        assert_eq!(*Record::decode(&opened.record.encode()).unwrap().encode(), *opened.record.encode());
    }
}

#[test]
fn an_archived_session_comes_back_when_the_peer_turns_its_ratchet_and_not_before() {
    both(|mut pair| {
        let before = pair.alice_writes(b"before");
        let late = pair.bob_writes(b"late");
        let mut old_bob = pair.at_bob.clone();
        let bundle = PeerBundle::read(pair.version, &pair.alice.bundle(pair.version)).unwrap();
        pair.at_bob = pair.at_bob.initiate(&pair.bob, &bundle, &mut pair.rng).unwrap();
        let exchange = pair.bob_writes(b"a new session");
        pair.alice_reads(&exchange).unwrap();

        pair.alice_reads(&late).unwrap();
        let sealed = pair.alice_writes(b"in the new one");
        assert!(old_bob.decrypt(&pair.bob, &sealed.bytes, sealed.kind, NOW).is_err());
        pair.bob_reads(&sealed).unwrap();

        // Bob, who has lost the new session, goes on with the old one.
        let opened = old_bob.decrypt(&pair.bob, &before.bytes, before.kind, NOW).unwrap();
        old_bob = opened.record;
        let (record, sealed) = old_bob.encrypt(&pair.bob, b"turned", &mut pair.rng).unwrap();
        old_bob = record;
        pair.alice_reads(&sealed).unwrap();
        let sealed = pair.alice_writes(b"in the old one");
        old_bob.decrypt(&pair.bob, &sealed.bytes, sealed.kind, NOW).unwrap();
    });
}

#[test]
fn another_identity_key_under_the_same_device_is_told() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (alice, bob, mallory) = (own(1, &mut rng), own(2, &mut rng), own(1, &mut rng));
        let (_, sealed) =
            initiated(version, &alice, &bob, &mut rng).encrypt(&alice, b"hello", &mut rng).unwrap();
        let record = Record::new(version).decrypt(&bob, &sealed.bytes, sealed.kind, NOW).unwrap().record;
        let (_, forged) =
            initiated(version, &mallory, &bob, &mut rng).encrypt(&mallory, b"hello", &mut rng).unwrap();
        let refused = record.decrypt(&bob, &forged.bytes, forged.kind, NOW).unwrap_err();
        let changed = Refused::IdentityChanged(mallory.identity().public().fingerprint());
        assert_eq!(refused, changed);

        let bundle = PeerBundle::read(version, &mallory.bundle(version)).unwrap();
        assert_eq!(record.initiate(&bob, &bundle, &mut rng).unwrap_err(), changed);
        // Who does not hold the key raises no alarm.
        let mut other = Other::initiate(version, &bob.bundle(version), Choices::default(), &mut rng);
        let message = other.message(b"hello");
        other.identity_wire = mallory.identity().public().encode(version);
        let unproven = other.key_exchange(&message);
        let refused = record.decrypt(&bob, &unproven, Kind::KeyExchange, NOW);
        assert_eq!(refused.unwrap_err(), Refused::Tampered);
        // The caller may begin anew, if the person says so.
        Record::new(version).decrypt(&bob, &forged.bytes, forged.kind, NOW).unwrap();
    }
}

#[test]
fn a_message_without_a_session_says_so() {
    both(|mut pair| {
        let sealed = pair.alice_writes(b"hello");
        let refused = Record::new(pair.version).decrypt(&pair.bob, &sealed.bytes, sealed.kind, NOW);
        assert_eq!(refused.unwrap_err(), Refused::NoSession);
        assert_eq!(
            Record::new(pair.version).encrypt(&pair.alice, b"x", &mut pair.rng).unwrap_err(),
            Refused::NoSession
        );
        assert!(!Record::new(pair.version).has_session());
    });
}

#[test]
fn what_is_too_long_or_of_the_other_version_is_malformed() {
    both(|mut pair| {
        let long = Sealed { bytes: vec![0x33; MAX_MESSAGE_BYTES + 1], kind: Kind::Message };
        assert_eq!(pair.bob_reads(&long).unwrap_err(), Refused::Malformed);
        assert_eq!(
            pair.bob_reads(&Sealed { kind: Kind::KeyExchange, ..long }).unwrap_err(),
            Refused::Malformed
        );
        let sealed = pair.alice_writes(b"hello");
        assert_eq!(
            pair.bob_reads(&Sealed { kind: Kind::KeyExchange, ..sealed.clone() }).unwrap_err(),
            Refused::Malformed
        );
        for length in 0..sealed.bytes.len() {
            let cut = Sealed { bytes: sealed.bytes[..length].to_vec(), kind: Kind::Message };
            let refused = pair.bob_reads(&cut).unwrap_err();
            assert!(matches!(refused, Refused::Malformed | Refused::Tampered), "{refused}");
        }
        let other = OmemoVersion::ALL.into_iter().find(|version| *version != pair.version).unwrap();
        let refused = Record::new(other).decrypt(&pair.bob, &sealed.bytes, sealed.kind, NOW);
        assert_eq!(refused.unwrap_err(), Refused::Malformed);
    });
}

/// What the outermost framing of OMEMO 2 allows: no shorter MAC, no field twice, no more than the bytes that are looked at.
#[test]
fn framing_is_read_strictly() {
    let version = OmemoVersion::Omemo2;
    let mut pair = Pair::new(version);
    let sealed = pair.alice_writes(b"hello");
    let (mac, inner) = (field(&sealed.bytes, 1).unwrap(), field(&sealed.bytes, 2).unwrap());
    let read = |parts: &[Vec<u8>]| {
        let sealed = Sealed { bytes: parts.concat(), kind: Kind::Message };
        pair.at_bob.decrypt(&pair.bob, &sealed.bytes, sealed.kind, NOW).map(drop)
    };
    for length in 0..16 {
        assert_eq!(read(&[bytes(1, &mac[..length]), bytes(2, &inner)]), Err(Refused::Tampered), "{length}");
    }
    let longer = [mac.as_slice(), &[0]].concat();
    assert_eq!(read(&[bytes(1, &longer), bytes(2, &inner)]), Err(Refused::Tampered));
    let (mac, inner) = (bytes(1, &mac), bytes(2, &inner));
    assert_eq!(read(&[mac.clone(), mac.clone(), inner.clone()]), Err(Refused::Malformed));
    assert_eq!(read(&[mac.clone(), inner.clone(), inner.clone()]), Err(Refused::Malformed));
    let room = MAX_MESSAGE_BYTES - mac.len() - inner.len() - 3;
    assert_eq!(read(&[mac.clone(), inner.clone(), bytes(9, &vec![0; room])]), Ok(()));
    assert_eq!(read(&[mac, inner, bytes(9, &vec![0; room + 1])]), Err(Refused::Malformed));
}

#[test]
fn no_bit_of_a_message_may_change() {
    both(|mut pair| {
        // Two sessions, so that archived ones are tried as well.
        let bundle = PeerBundle::read(pair.version, &pair.bob.bundle(pair.version)).unwrap();
        let old = pair.alice_writes(b"old");
        pair.at_alice = pair.at_alice.initiate(&pair.alice, &bundle, &mut pair.rng).unwrap();
        let exchange = pair.alice_writes(b"new session");
        pair.bob_reads(&exchange).unwrap();
        let before = pair.at_bob.encode();
        for bit in 0..old.bytes.len() * 8 {
            let mut flipped = old.clone();
            flipped.bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(pair.bob_reads(&flipped).is_err(), "bit {bit}");
            assert_eq!(pair.at_bob.encode(), before);
        }
        pair.bob_reads(&old).unwrap();
    });
}
