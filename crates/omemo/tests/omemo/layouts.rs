//! State that an earlier layout has stored is read, and goes on where it was.

use std::collections::BTreeMap;

use causerie_model::OmemoVersion;
use causerie_omemo::{Kind, OwnKeys, Record, Refused, Sealed};

use crate::seeded::{NOW, Seeded, hex};

/// What `tests/vectors/stored_1.txt` tells of two people: what each has stored, and what was sent between them.
struct Scene {
    name: String,
    keys: BTreeMap<String, OwnKeys>,
    records: BTreeMap<String, Vec<u8>>,
    /// To whom, whether it was read before all was stored, the message, what it says.
    letters: Vec<(String, bool, Sealed, [u8; 32])>,
}

fn scenes() -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    for line in include_str!("../vectors/stored_1.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        if let ["scene", name, version] = words[..] {
            let name = format!("{name} {version}");
            scenes.push(Scene { name, keys: BTreeMap::new(), records: BTreeMap::new(), letters: Vec::new() });
            continue;
        }
        let scene = scenes.last_mut().unwrap();
        match words[..] {
            ["keys", who, bytes] => {
                drop(scene.keys.insert(who.to_owned(), OwnKeys::decode(&hex(bytes)).unwrap()));
            }
            ["record", who, bytes] => drop(scene.records.insert(who.to_owned(), hex(bytes))),
            [was_read @ ("read" | "late"), to, says, kind, bytes] => {
                let kind = if kind == "Message" { Kind::Message } else { Kind::KeyExchange };
                let sealed = Sealed { bytes: hex(bytes), kind };
                scene.letters.push((to.to_owned(), was_read == "read", sealed, [says.parse().unwrap(); 32]));
            }
            _ => panic!("{line}"),
        }
    }
    scenes
}

/// Both ends are in the old layout, or one of them; what was late is read, copies are copies, and both ratchets turn on.
#[test]
fn a_conversation_goes_on_from_the_layout_of_before() {
    let scenes = scenes();
    assert_eq!(scenes.len(), 4);
    for scene in scenes {
        let mut rng = Seeded::new(5);
        let mut records: BTreeMap<&str, Record> = BTreeMap::new();
        for (who, bytes) in &scene.records {
            assert_eq!(bytes[0], 1, "the layout of before");
            let record = Record::decode(bytes).unwrap();
            assert!(record.has_session());
            assert_eq!(record.is_unanswered(), who == "alice" && scene.name.starts_with("fresh"));
            // It is stored in the present one from now on.
            let stored = record.encode();
            assert_eq!(stored[0], 2);
            assert_eq!(Record::decode(&stored).unwrap().encode(), stored);
            records.insert(who, record);
        }
        for (to, was_read, sealed, says) in &scene.letters {
            let (own, record) = (&scene.keys[to], &records[to.as_str()]);
            let outcome = record.decrypt(own, &sealed.bytes, sealed.kind, NOW);
            match was_read {
                true => assert_eq!(outcome.unwrap_err(), Refused::Duplicate, "{}", scene.name),
                false => {
                    let opened = outcome.unwrap();
                    assert_eq!(opened.plaintext.as_slice(), says, "{}", scene.name);
                    assert!(opened.consumed_prekey.is_none());
                    records.insert(to, opened.record);
                }
            }
        }
        let mut keys = Vec::new();
        for (nth, (from, to)) in [("bob", "alice"), ("alice", "bob")].repeat(4).into_iter().enumerate() {
            for _ in 0..2 {
                let (record, sealed) =
                    records[from].encrypt(&scene.keys[from], &[nth as u8; 32], &mut rng).unwrap();
                records.insert(from, Record::decode(&record.encode()).unwrap());
                let opened = records[to].decrypt(&scene.keys[to], &sealed.bytes, sealed.kind, NOW).unwrap();
                assert_eq!(opened.plaintext.as_slice(), [nth as u8; 32]);
                records.insert(to, opened.record);
                keys.push(sealed.bytes);
            }
        }
        assert_eq!(keys.len(), 16);
    }
}

/// Of an old sending chain nothing is lost: what is sent next is the next message of that chain.
#[test]
fn a_chain_of_the_layout_of_before_is_continued() {
    for scene in scenes() {
        let alice = Record::decode(&scene.records["alice"]).unwrap();
        let to_bob: Vec<_> = scene.letters.iter().filter(|(to, ..)| to == "bob").collect();
        let (_, _, last, _) = to_bob.last().unwrap();
        let version = alice.version();
        let (_, sealed) = alice.encrypt(&scene.keys["alice"], b"next", &mut Seeded::new(6)).unwrap();
        let (before, after) = (header(version, last), header(version, &sealed));
        assert_eq!(after.0, before.0, "the same ratchet key");
        assert_eq!(after.1, before.1 + 1, "the next counter");
    }
}

fn header(version: OmemoVersion, sealed: &Sealed) -> (Vec<u8>, u32) {
    let (key, counter) = crate::other::header(version, sealed);
    (key, u32::from_le_bytes(counter[..4].try_into().unwrap()))
}

#[test]
fn a_layout_that_nobody_has_written_is_damaged() {
    for scene in scenes() {
        let mut bytes = scene.records["bob"].clone();
        for layout in [0, 3, 255] {
            bytes[0] = layout;
            assert!(Record::decode(&bytes).is_err());
        }
        // The bytes of one layout are no state of the other.
        bytes[0] = 2;
        assert!(Record::decode(&bytes).is_err());
    }
}
