//! No secret is shown.

use causerie_model::OmemoVersion;
use causerie_omemo::{FileKey, Record, Vault, payload};

use crate::seeded::{NOW, Seeded, initiated, own, to_hex};

/// Whether a text has four bytes in a row of the secret, in hexadecimal or as `Debug` lists numbers.
fn shows(text: &str, secret: &[u8]) -> bool {
    secret.windows(4).any(|part| {
        let list = part.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
        let pretty = part.iter().map(|byte| format!("{byte},")).collect::<Vec<_>>();
        let squeezed: String = text.split_whitespace().collect();
        text.contains(&to_hex(part)) || text.contains(&list) || squeezed.contains(&pretty.concat())
    })
}

#[test]
fn debug_output_has_no_secret_bytes() {
    let mut rng = Seeded::new(1);
    let (alice, bob) = (own(1, &mut rng), own(2, &mut rng));
    for version in OmemoVersion::ALL {
        let record = initiated(version, &alice, &bob, &mut rng);
        let plaintext = b"\x81\x92\xA3\xB4\xC5 top secret";
        let (record, sealed) = record.encrypt(&alice, plaintext, &mut rng).unwrap();
        let opened = Record::new(version).decrypt(&bob, &sealed.bytes, sealed.kind, NOW).unwrap();
        for shown in [format!("{opened:?}"), format!("{opened:#?}")] {
            assert!(!shows(&shown, plaintext) && !shown.contains("top secret"), "{shown}");
        }
        // The public keys that are in the state as well begin to be shown in their fingerprints: left out here.
        let public = [alice.identity(), bob.identity()].map(|key| key.public().fingerprint().0);
        let stored = record.encode();
        let secret: Vec<&[u8]> =
            stored.chunks(32).filter(|part| !public.iter().any(|key| shows(&to_hex(key), part))).collect();
        for shown in [format!("{record:?}"), format!("{record:#?}")] {
            assert!(secret.iter().all(|part| !shows(&shown, part)), "{shown}");
        }
    }
    let secret = alice.identity().secret_bytes();
    for shown in [format!("{alice:?}"), format!("{alice:#?}"), format!("{:#?}", alice.identity())] {
        assert!(!shows(&shown, secret), "{shown}");
    }
    let vault = Vault::generate(&mut rng);
    assert_eq!(format!("{vault:?}"), "Vault(…)");
    let file = FileKey::generate(&mut rng);
    assert_eq!(format!("{file:#?}"), "FileKey(…)");
    let legacy = payload::encrypt_legacy(b"hello", &mut rng);
    assert!(!shows(&format!("{legacy:#?}"), &legacy.keys));
    let omemo2 = payload::encrypt_omemo2(b"hello", &mut rng);
    assert!(!shows(&format!("{omemo2:#?}"), &omemo2.keys));
}

#[test]
fn the_search_finds_what_is_shown() {
    let secret = [1, 2, 3, 200, 250];
    assert!(shows(&format!("{secret:?}"), &secret));
    assert!(shows(&format!("{secret:#?}"), &secret));
    assert!(shows(&to_hex(&secret), &secret));
    assert!(!shows("Secret(…)", &secret));
}
