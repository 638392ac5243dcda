//! Bodies, envelopes, files and stored values: what was sealed opens, and nothing else.

use causerie_omemo::payload::{
    MAX_PADDING, MAX_PAYLOAD_BYTES, decrypt_legacy, decrypt_omemo2, encrypt_legacy, encrypt_omemo2, padding,
};
use causerie_omemo::{Damaged, FILE_TAG_BYTES, FileKey, Refused, Vault};

use crate::seeded::{Seeded, hex, to_hex};

const BODIES: [&[u8]; 4] = [b"", b"hello", &[7; 16], &[9; 1000]];

/// Every bit of every part.
fn flips(parts: &[&[u8]], mut refused: impl FnMut(&[Vec<u8>])) {
    for (at, part) in parts.iter().enumerate() {
        for bit in 0..part.len() * 8 {
            let mut flipped: Vec<Vec<u8>> = parts.iter().map(|part| part.to_vec()).collect();
            flipped[at][bit / 8] ^= 1 << (bit % 8);
            refused(&flipped);
        }
    }
}

#[test]
fn legacy_bodies() {
    let mut rng = Seeded::new(1);
    for body in BODIES {
        let sealed = encrypt_legacy(body, &mut rng);
        assert_eq!((sealed.keys.len(), sealed.ciphertext.len()), (32, body.len()));
        assert_eq!(decrypt_legacy(&sealed.keys, &sealed.iv, &sealed.ciphertext).unwrap().as_slice(), body);
        flips(&[&sealed.keys, &sealed.iv, &sealed.ciphertext], |parts| {
            assert_eq!(decrypt_legacy(&parts[0], &parts[1], &parts[2]).unwrap_err(), Refused::Tampered);
        });
        // Exchanged between two messages.
        let other = encrypt_legacy(b"other", &mut rng);
        assert!(decrypt_legacy(&sealed.keys, &sealed.iv, &other.ciphertext).is_err());
    }
}

#[test]
fn a_legacy_key_without_the_tag_is_refused_wherever_the_tag_is() {
    let sealed = encrypt_legacy(b"hello", &mut Seeded::new(1));
    let (key, tag) = sealed.keys.split_at(16);
    let with_tag = [sealed.ciphertext.as_slice(), tag].concat();
    for (keys, ciphertext) in
        [(key, &with_tag), (key, &sealed.ciphertext), (&sealed.keys[..31], &sealed.ciphertext)]
    {
        assert_eq!(decrypt_legacy(keys, &sealed.iv, ciphertext).unwrap_err(), Refused::Malformed);
    }
    let longer = [sealed.keys.as_slice(), &[0]].concat();
    assert_eq!(decrypt_legacy(&longer, &sealed.iv, &sealed.ciphertext).unwrap_err(), Refused::Malformed);
    for iv in [&[][..], &[0; 11], &[0; 13], &[0; 15], &[0; 17]] {
        assert_eq!(decrypt_legacy(&sealed.keys, iv, &sealed.ciphertext).unwrap_err(), Refused::Malformed);
    }
}

#[test]
fn omemo2_envelopes() {
    let mut rng = Seeded::new(1);
    for envelope in BODIES {
        let sealed = encrypt_omemo2(envelope, &mut rng);
        assert_eq!((sealed.keys.len(), sealed.ciphertext.len()), (48, envelope.len() / 16 * 16 + 16));
        assert_eq!(decrypt_omemo2(&sealed.keys, &sealed.ciphertext).unwrap().as_slice(), envelope);
        flips(&[&sealed.keys, &sealed.ciphertext], |parts| {
            assert_eq!(decrypt_omemo2(&parts[0], &parts[1]).unwrap_err(), Refused::Tampered);
        });
        for keys in [&sealed.keys[..32], &sealed.keys[..40], &[sealed.keys.as_slice(), &[0]].concat()] {
            assert_eq!(decrypt_omemo2(keys, &sealed.ciphertext).unwrap_err(), Refused::Malformed);
        }
        // A MAC over nothing, or of no length.
        assert!(decrypt_omemo2(&sealed.keys, &[]).is_err());
    }
}

#[test]
fn what_is_too_long_is_not_looked_at() {
    let long = vec![0; MAX_PAYLOAD_BYTES + 1];
    assert_eq!(decrypt_legacy(&[0; 32], &[0; 12], &long).unwrap_err(), Refused::Malformed);
    assert_eq!(decrypt_omemo2(&[0; 48], &long).unwrap_err(), Refused::Malformed);
}

#[test]
fn padding_has_every_length() {
    let mut rng = Seeded::new(1);
    let mut seen = [false; MAX_PADDING + 1];
    for _ in 0..5_000 {
        let padding = padding(&mut rng);
        assert!(padding.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
        seen[padding.len()] = true;
    }
    assert!(seen.iter().all(|seen| *seen));
}

#[test]
fn files_and_their_fragments() {
    let mut rng = Seeded::new(1);
    for content in BODIES {
        let key = FileKey::generate(&mut rng);
        let fragment = key.to_fragment();
        assert_eq!(fragment.len(), 88);
        let mut file = content.to_vec();
        key.encrypt(&mut file);
        assert_eq!(file.len(), content.len() + FILE_TAG_BYTES);
        let sealed = file.clone();
        let key = FileKey::from_fragment(&fragment).unwrap();
        key.decrypt(&mut file).unwrap();
        assert_eq!(file, content);
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let before = flipped.clone();
            assert_eq!(key.decrypt(&mut flipped), Err(Refused::Tampered));
            assert_eq!(flipped, before, "nothing of it is shown");
        }
        for length in 0..FILE_TAG_BYTES {
            assert_eq!(key.decrypt(&mut vec![0; length]), Err(Refused::Tampered));
        }
    }
}

#[test]
fn fragments_are_read_strictly() {
    for digits in [88, 96] {
        let fragment = "0123456789abcdef".repeat(6)[..digits].to_owned();
        let key = FileKey::from_fragment(&fragment).unwrap();
        assert_eq!(*key.to_fragment(), fragment);
        assert!(FileKey::from_fragment(&fragment.to_uppercase()).is_some());
        for bad in [
            fragment[1..].to_owned(),
            format!("{fragment}0"),
            format!("#{}", &fragment[1..]),
            format!("+{}", &fragment[1..]),
            format!(" {}", &fragment[1..]),
            fragment.replacen('a', "g", 1),
            fragment.replacen("ab", "ä", 1),
        ] {
            assert!(FileKey::from_fragment(&bad).is_none(), "{bad}");
        }
    }
    assert!(FileKey::from_fragment("").is_none());
}

#[test]
fn stored_values_open_under_their_own_name_and_key() {
    let mut rng = Seeded::new(1);
    let vault = Vault::generate(&mut rng);
    let sealed = vault.seal(b"record bob 1", b"state", &mut rng);
    assert_ne!(sealed, vault.seal(b"record bob 1", b"state", &mut rng), "another nonce each time");
    let again = Vault::from_key(vault.key());
    assert_eq!(again.open(b"record bob 1", &sealed).unwrap().as_slice(), b"state");
    assert_eq!(again.open(b"record bob 2", &sealed).unwrap_err(), Damaged);
    assert_eq!(Vault::generate(&mut rng).open(b"record bob 1", &sealed).unwrap_err(), Damaged);
    flips(&[&sealed], |parts| assert_eq!(vault.open(b"record bob 1", &parts[0]).unwrap_err(), Damaged));
    for length in 0..sealed.len() {
        assert_eq!(vault.open(b"record bob 1", &sealed[..length]).unwrap_err(), Damaged);
    }
}

/// The bytes of each form are pinned.
#[test]
fn known_answers() {
    let mut rng = Seeded::new(42);
    let legacy = encrypt_legacy(b"hello", &mut rng);
    let omemo2 = encrypt_omemo2(b"hello", &mut rng);
    let seal = Vault::from_key(&[1; 32]).seal(b"name", b"value", &mut rng);
    let shown = [&legacy.keys[..], &legacy.iv, &legacy.ciphertext, &omemo2.keys, &omemo2.ciphertext, &seal];
    assert_eq!(shown.map(to_hex).join(" "), include_str!("../vectors/payloads.txt").trim());
    let vault = Vault::from_key(&[1; 32]);
    assert_eq!(vault.open(b"name", &hex(&to_hex(&seal))).unwrap().as_slice(), b"value");
}

/// Bodies and envelopes that twomemo and oldmemo have encrypted. (They read the pinned ones above.)
#[test]
fn payloads_of_others() {
    let made: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../vectors/payloads.json")).unwrap();
    assert_eq!(made.len(), 10);
    for payload in made {
        let bytes = |name: &str| payload[name].as_str().map(hex);
        let (keys, ciphertext) = (bytes("keys").unwrap(), bytes("ciphertext").unwrap());
        let opened = match bytes("iv") {
            Some(iv) => decrypt_legacy(&keys, &iv, &ciphertext),
            None => decrypt_omemo2(&keys, &ciphertext),
        };
        assert_eq!(opened.unwrap().to_vec(), bytes("plaintext").unwrap(), "{payload}");
    }
}
