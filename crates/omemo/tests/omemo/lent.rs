//! Pre-keys that are kept for key exchanges which wait.

use causerie_model::OmemoVersion;
use causerie_omemo::{KEEP_USED, LentKeys, PeerBundle, ROTATION_PERIOD, Record, Refused};

use crate::seeded::{NOW, Seeded, own};

#[test]
fn an_exchange_that_waits_is_read_when_its_prekeys_are_gone_and_no_other_is() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let mut bob = own(1, &mut rng);
        let mut bundle = bob.bundle(version);
        bundle.prekeys.truncate(1);
        let mut write = |from| {
            let writer = own(from, &mut rng);
            let read = PeerBundle::read(version, &bundle).unwrap();
            let record = Record::new(version).initiate(&writer, &read, &mut rng).unwrap();
            record.encrypt(&writer, &[from as u8; 32], &mut rng).unwrap().1
        };
        let (waits, other) = (write(2), write(3));
        let lent = bob.lend([(version, waits.bytes.as_slice()), (version, b"nothing".as_slice())]).unwrap();
        let lent = LentKeys::decode(&lent.encode()).unwrap();
        assert_eq!(format!("{lent:?}"), "LentKeys(1)");
        // It is used by another one, and both kinds go.
        let opened = Record::new(version).decrypt(&bob, &other.bytes, other.kind, NOW).unwrap();
        assert!(bob.set_aside(&opened, NOW) && bob.expire(NOW + KEEP_USED));
        let mut rng = Seeded::new(2);
        for period in 1..=3 {
            assert!(bob.rotate(&mut rng, NOW + period * ROTATION_PERIOD));
        }
        let read = |own: &causerie_omemo::OwnKeys| {
            Record::new(version).decrypt(own, &waits.bytes, waits.kind, NOW).map(|opened| opened.plaintext)
        };
        assert_eq!(read(&bob).unwrap_err(), Refused::UnknownSignedPreKey);
        assert_eq!(bob.lend([(version, waits.bytes.as_slice())]).map(|_| ()), None);
        assert_eq!(read(&bob.with_lent(&lent)).unwrap().as_slice(), [2; 32]);
        // What is not its own is as it was, and what is stored is believed as far as it goes.
        assert_eq!(
            bob.with_lent(&lent).bundle(version).signed_prekey_id,
            bob.bundle(version).signed_prekey_id
        );
        let bytes = lent.encode();
        for cut in 0..bytes.len() {
            assert!(LentKeys::decode(&bytes[..cut]).is_err());
        }
    }
}

#[test]
fn what_was_read_needs_nothing() {
    for version in OmemoVersion::ALL {
        let mut rng = Seeded::new(1);
        let (mut bob, alice) = (own(1, &mut rng), own(2, &mut rng));
        let bundle = PeerBundle::read(version, &bob.bundle(version)).unwrap();
        let record = Record::new(version).initiate(&alice, &bundle, &mut rng).unwrap();
        let sealed = record.encrypt(&alice, &[1; 32], &mut rng).unwrap().1;
        let opened = Record::new(version).decrypt(&bob, &sealed.bytes, sealed.kind, NOW).unwrap();
        assert!(bob.set_aside(&opened, NOW));
        assert!(bob.lend([(version, sealed.bytes.as_slice())]).is_none());
    }
}
