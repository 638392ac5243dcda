//! What five libraries have made, read by ours.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use causerie_model::{DeviceId, Fingerprint, OmemoVersion};
use causerie_omemo::{IdentityKeyPair, Kind, OwnKeys, PeerBundle, PublishedBundle, Record, Refused};
use serde::Deserialize;

use crate::seeded::{NOW, Seeded, hex};

const FILES: [&str; 6] = [
    include_str!("../vectors/libomemo_c.json"),
    include_str!("../vectors/libomemo_c_v4.json"),
    include_str!("../vectors/libsignal_c.json"),
    include_str!("../vectors/oldmemo.json"),
    include_str!("../vectors/omemo_dr.json"),
    include_str!("../vectors/twomemo.json"),
];

#[derive(Deserialize)]
struct File {
    peer_bundles: Vec<Bundle>,
    receive: Vec<Session>,
}

#[derive(Deserialize)]
struct Bundle {
    ik: String,
    spk: String,
    spk_id: u32,
    sig: String,
    prekeys: Vec<(u32, String)>,
}

#[derive(Deserialize)]
struct Session {
    made_by: String,
    profile: String,
    identity_secret: String,
    identity_public_wire: String,
    signed_prekey: Key,
    prekeys: Vec<Key>,
    sender_identity_fingerprint: String,
    messages: Vec<Message>,
    deliver_in_order: Vec<usize>,
}

#[derive(Deserialize)]
struct Key {
    id: u32,
    secret: String,
    #[serde(default)]
    public_wire: String,
}

#[derive(Deserialize)]
struct Message {
    data: String,
    kex: bool,
    plaintext: String,
}

fn files() -> impl Iterator<Item = File> {
    FILES.into_iter().map(|text| serde_json::from_str(text).unwrap())
}

fn version(profile: &str) -> OmemoVersion {
    match profile {
        "Legacy" => OmemoVersion::Legacy,
        "Omemo2" => OmemoVersion::Omemo2,
        other => panic!("{other}"),
    }
}

fn base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

fn secret(text: &str) -> [u8; 32] {
    hex(text).try_into().unwrap()
}

fn published(bundle: &Bundle) -> PublishedBundle {
    PublishedBundle {
        identity: base64(&bundle.ik),
        signed_prekey_id: bundle.spk_id,
        signed_prekey: base64(&bundle.spk),
        signature: base64(&bundle.sig).try_into().unwrap(),
        prekeys: bundle.prekeys.iter().map(|(id, key)| (*id, base64(key))).collect(),
    }
}

fn own_keys(session: &Session) -> OwnKeys {
    let identity = IdentityKeyPair::from_secret_bytes(&secret(&session.identity_secret));
    let prekeys: Vec<_> = session.prekeys.iter().map(|key| (key.id, secret(&key.secret))).collect();
    let signed = secret(&session.signed_prekey.secret);
    OwnKeys::from_known_secrets(
        DeviceId::new(1).unwrap(),
        identity,
        version(&session.profile),
        (session.signed_prekey.id, &signed),
        &prekeys,
        &mut Seeded::new(1),
    )
}

fn kind(message: &Message) -> Kind {
    if message.kex { Kind::KeyExchange } else { Kind::Message }
}

#[test]
fn bundles_of_others_verify_and_no_bit_of_them_may_change() {
    let mut bundles = 0;
    for file in files() {
        let version = version(&file.receive[0].profile);
        for bundle in &file.peer_bundles {
            let bundle = published(bundle);
            let read = PeerBundle::read(version, &bundle).unwrap();
            assert_eq!(read.identity().encode(version), bundle.identity);
            assert!(!bundle.prekeys.is_empty());
            Record::new(version).initiate(&own_keys(&file.receive[0]), &read, &mut Seeded::new(2)).unwrap();

            let fields: [fn(&mut PublishedBundle) -> &mut [u8]; 3] = [
                |bundle| &mut bundle.identity,
                |bundle| &mut bundle.signed_prekey,
                |bundle| &mut bundle.signature,
            ];
            for field in fields {
                for bit in 0..field(&mut bundle.clone()).len() * 8 {
                    let mut flipped = bundle.clone();
                    field(&mut flipped)[bit / 8] ^= 1 << (bit % 8);
                    assert!(PeerBundle::read(version, &flipped).is_err(), "bit {bit}");
                }
            }
            bundles += 1;
        }
    }
    assert_eq!(bundles, 6);
}

#[test]
fn messages_of_others_are_read_once_in_any_order() {
    let mut messages = 0;
    for file in files() {
        for session in &file.receive {
            let version = version(&session.profile);
            let mut own = own_keys(session);
            let bundle = own.bundle(version);
            assert_eq!(bundle.identity, hex(&session.identity_public_wire), "{}", session.made_by);
            assert_eq!(bundle.signed_prekey, hex(&session.signed_prekey.public_wire));
            let sender = Fingerprint::from_hex(&session.sender_identity_fingerprint).unwrap();
            let mut record = Record::new(version);

            for (nth, index) in session.deliver_in_order.iter().enumerate() {
                let message = &session.messages[*index];
                let opened = record.decrypt(&own, &base64(&message.data), kind(message), NOW).unwrap();
                assert_eq!(opened.plaintext.as_slice(), hex(&message.plaintext), "{}", session.made_by);
                assert_eq!(opened.identity.fingerprint(), sender);
                assert_eq!(opened.consumed_prekey.is_some(), nth == 0);
                if let Some(prekey) = opened.consumed_prekey {
                    assert!(own.consume(version, prekey));
                }
                record = Record::decode(&opened.record.encode()).unwrap();
                messages += 1;
            }
            let before = record.encode();
            for message in &session.messages {
                let again = record.decrypt(&own, &base64(&message.data), kind(message), NOW);
                assert_eq!(again.unwrap_err(), Refused::Duplicate, "{}", session.made_by);
            }
            assert_eq!(record.encode(), before);
        }
    }
    assert_eq!(messages, 192);
}

/// A byte changed anywhere: refused, or (the framing round the message is under no MAC) read as what it was.
#[test]
fn changed_messages_of_others_are_refused() {
    let (mut refused, mut framing) = (0, 0);
    for file in files() {
        let session = &file.receive[0];
        let version = version(&session.profile);
        let own = own_keys(session);
        let record = Record::new(version);
        let message = &session.messages[0];
        let bytes = base64(&message.data);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            match record.decrypt(&own, &flipped, Kind::KeyExchange, NOW) {
                Err(Refused::Duplicate | Refused::NoSession) => panic!("{} bit {bit}", session.made_by),
                Err(_) => refused += 1,
                Ok(opened) => {
                    assert_eq!(opened.plaintext.as_slice(), hex(&message.plaintext));
                    framing += 1;
                }
            }
        }
    }
    // Of 9,104 bits. What may change is the registration id of the legacy version, and its tag.
    assert_eq!((refused, framing), (8_993, 111));
}
