//! A whole conversation with seeded chance: the bytes on the wire are pinned.

use causerie_model::OmemoVersion;
use causerie_omemo::{Kind, Record};
use sha2::{Digest, Sha256};

use crate::seeded::{NOW, Seeded, initiated, own, to_hex};

/// Alice begins, Bob answers, both ratchets turn, one message is late. Every line: who, kind, bytes.
fn transcript(version: OmemoVersion) -> Vec<String> {
    let mut rng = Seeded::new(2026);
    let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
    let mut at_alice = initiated(version, &alice, &bob, &mut rng);
    let mut at_bob = Record::new(version);
    let mut lines = Vec::new();
    let mut late = None;
    for (nth, writer) in "AABAABBAAABA".chars().enumerate() {
        let plaintext = [nth as u8; 32];
        let (from, from_keys) = if writer == 'A' { (&mut at_alice, &alice) } else { (&mut at_bob, &bob) };
        let (next, sealed) = from.encrypt(from_keys, &plaintext, &mut rng).unwrap();
        *from = next;
        let kind = if sealed.kind == Kind::KeyExchange { "key exchange" } else { "message" };
        lines.push(format!("{writer} {kind} {}", to_hex(&sealed.bytes)));
        if nth == 4 {
            late = Some(sealed);
            continue;
        }
        let (to, to_keys) = if writer == 'A' { (&mut at_bob, &bob) } else { (&mut at_alice, &alice) };
        let opened = to.decrypt(to_keys, &sealed.bytes, sealed.kind, NOW).unwrap();
        assert_eq!(opened.plaintext.as_slice(), plaintext);
        *to = opened.record;
    }
    let late = late.unwrap();
    let opened = at_bob.decrypt(&bob, &late.bytes, late.kind, NOW).unwrap();
    assert_eq!(opened.plaintext.as_slice(), [4; 32]);
    for record in [at_alice, opened.record] {
        lines.push(format!("state {}", to_hex(&Sha256::digest(record.encode().as_slice()))));
    }
    for own in [alice, bob] {
        lines.push(format!("keys {}", to_hex(&Sha256::digest(own.encode().as_slice()))));
    }
    lines
}

#[test]
fn legacy_bytes_are_pinned() {
    let pinned: Vec<&str> = include_str!("../vectors/conversation_legacy.txt").lines().collect();
    assert_eq!(transcript(OmemoVersion::Legacy), pinned);
}

#[test]
fn omemo2_bytes_are_pinned() {
    let pinned: Vec<&str> = include_str!("../vectors/conversation_omemo2.txt").lines().collect();
    assert_eq!(transcript(OmemoVersion::Omemo2), pinned);
}
