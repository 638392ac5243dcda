//! What must hold of any bytes whatever. The fuzzers in `fuzz/` call these, and `corpus.rs` reads their seeds again.

use std::sync::LazyLock;

use causerie_model::{DeviceId, Fingerprint, OmemoVersion};
use causerie_omemo::{
    Answer, FileKey, IdentityKey, Kind, OwnKeys, PeerBundle, PublishedBundle, Record, Refused, Sealed, Vault,
    payload,
};
use rand_core::RngCore;

const NOW: u64 = 1_800_000_000;

/// Chance that is none, and quick.
pub(crate) struct Lcg(pub(crate) u64);

/// Two devices in the middle of a conversation in one version.
struct Scene {
    version: OmemoVersion,
    alice: OwnKeys,
    bob: OwnKeys,
    /// Bob's record of Alice: two sessions, closed chains, skipped keys.
    at_bob: Record,
    /// What Alice has sent and Bob has not read: in the present session, and late in the archived one.
    unread: Vec<(Sealed, Vec<u8>)>,
    /// Alice's first key exchange, with its one-time pre-key still there.
    exchange: (Sealed, Vec<u8>),
}

static SCENES: LazyLock<[Scene; 2]> = LazyLock::new(|| OmemoVersion::ALL.map(Scene::new));

/// A bundle: a byte of version, then its parts one after the other.
pub(crate) fn bundle(data: &[u8]) {
    let Some((scene, data)) = choose(data) else { return };
    let key = if scene.version == OmemoVersion::Legacy { 33 } else { 32 };
    let (identity, rest) = data.split_at(data.len().min(key));
    let (signed_prekey, rest) = rest.split_at(rest.len().min(key));
    let Some((signature, prekeys)) = rest.split_first_chunk::<64>() else { return };
    let bundle = PublishedBundle {
        identity: identity.to_vec(),
        signed_prekey_id: 1,
        signed_prekey: signed_prekey.to_vec(),
        signature: *signature,
        prekeys: (1..).zip(prekeys.chunks(key).map(<[u8]>::to_vec)).collect(),
    };
    if let Ok(key) = IdentityKey::decode(scene.version, identity) {
        assert_eq!(key.encode(scene.version), identity, "one key has one writing");
    }
    if let Ok(read) = PeerBundle::read(scene.version, &bundle) {
        assert_eq!(read.identity().encode(scene.version), identity);
        let record = Record::new(scene.version).initiate(&scene.alice, &read, &mut Lcg(1));
        record
            .expect("a bundle that was read makes a session")
            .encrypt(&scene.alice, b"x", &mut Lcg(1))
            .expect("and encrypts");
    }
}

/// Texts that name things: a device id, a fingerprint, the key of a file.
pub(crate) fn names(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(id) = text.parse().ok().and_then(DeviceId::new) {
        assert!((1..=DeviceId::MAX).contains(&id.get()));
        assert_eq!(id.to_string().parse(), Ok(id.get()));
    }
    if let Some(fingerprint) = Fingerprint::from_hex(text) {
        assert_eq!(Fingerprint::from_hex(&fingerprint.to_string()), Some(fingerprint));
    }
    if let Some(key) = FileKey::from_fragment(text) {
        assert_eq!(*key.to_fragment(), text.to_ascii_lowercase());
        let mut file = data.to_vec();
        key.encrypt(&mut file);
        key.decrypt(&mut file).expect("it was just encrypted");
        assert_eq!(file, data);
    }
}

/// A message: refused, unless it is one that was sent. Of OMEMO 2 the outermost framing is under no MAC, and may have
/// fields that we do not know.
pub(crate) fn message(data: &[u8]) {
    let Some((scene, data)) = choose(data) else { return };
    if let Ok(opened) = scene.at_bob.decrypt(&scene.bob, data, Kind::Message, NOW) {
        let sent = scene.unread.iter().find(|(_, plaintext)| *plaintext == *opened.plaintext);
        let (sealed, _) = sent.expect("nobody has written that");
        assert!(scene.version == OmemoVersion::Omemo2 || sealed.bytes == data);
        let again = opened.record.decrypt(&scene.bob, data, Kind::Message, NOW);
        assert_eq!(again.unwrap_err(), Refused::Duplicate);
    }
}

/// A key exchange: refused, unless it is the one that was sent; its framing is under no MAC.
pub(crate) fn key_exchange(data: &[u8]) {
    let Some((scene, data)) = choose(data) else { return };
    for record in [&Record::new(scene.version), &scene.at_bob] {
        if let Ok(opened) = record.decrypt(&scene.bob, data, Kind::KeyExchange, NOW) {
            assert_eq!(*opened.plaintext, scene.exchange.1, "nobody has written that");
            assert_eq!(opened.answer, Some(Answer::KeyExchange));
            assert_eq!(opened.identity.fingerprint(), scene.alice.identity().public().fingerprint());
            let again = opened.record.decrypt(&scene.bob, data, Kind::KeyExchange, NOW);
            assert_eq!(again.unwrap_err(), Refused::Duplicate);
        }
    }
}

/// Payloads, files and sealed values that nobody has made.
pub(crate) fn payloads(data: &[u8]) {
    let (keys, rest) = data.split_at(data.len().min(32));
    for iv_length in [12, 16] {
        let (iv, ciphertext) = rest.split_at(rest.len().min(iv_length));
        assert!(payload::decrypt_legacy(keys, iv, ciphertext).is_err() || keys.len() == 32);
    }
    let (keys, ciphertext) = data.split_at(data.len().min(48));
    assert!(payload::decrypt_omemo2(keys, ciphertext).is_err() || keys.len() == 48);
    assert!(Vault::from_key(&[7; 32]).open(b"name", data).is_err());
    let key = FileKey::from_fragment(&"07".repeat(44)).expect("88 digits are a key");
    assert!(key.decrypt(&mut data.to_vec()).is_err());

    let legacy = payload::encrypt_legacy(data, &mut Lcg(1));
    assert_eq!(*payload::decrypt_legacy(&legacy.keys, &legacy.iv, &legacy.ciphertext).expect("ours"), data);
    let omemo2 = payload::encrypt_omemo2(data, &mut Lcg(1));
    assert_eq!(*payload::decrypt_omemo2(&omemo2.keys, &omemo2.ciphertext).expect("ours"), data);
}

/// Stored bytes: damaged, or a state that can be worked with.
pub(crate) fn stored(data: &[u8]) {
    if let Ok(record) = Record::decode(data) {
        let stored = record.encode();
        if stored.first() == data.first() {
            assert_eq!(stored.as_slice(), data, "one state has one writing");
        }
        // A state of an earlier layout has one in the present layout.
        assert_eq!(Record::decode(&stored).expect("what we have written").encode(), stored);
        let scene = SCENES.iter().find(|scene| scene.version == record.version()).expect("both versions");
        for (sealed, _) in scene.unread.iter().chain([&scene.exchange]) {
            record.decrypt(&scene.bob, &sealed.bytes, sealed.kind, NOW).map(drop).unwrap_or_default();
        }
        record.encrypt(&scene.bob, b"x", &mut Lcg(1)).map(drop).unwrap_or_default();
    }
    if let Ok(mut own) = OwnKeys::decode(data) {
        own.refill(&mut Lcg(1));
        own.rotate(&mut Lcg(1), NOW);
        OwnKeys::decode(&own.encode()).expect("what we have written");
        for scene in SCENES.iter() {
            own.bundle(scene.version);
            let (sealed, _) = &scene.exchange;
            let read = Record::new(scene.version).decrypt(&own, &sealed.bytes, sealed.kind, NOW);
            read.map(drop).unwrap_or_default();
        }
    }
}

/// Good bytes for each of the above, by its name, to begin with.
pub(crate) fn seeds() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let (mut bundles, mut messages, mut exchanges, mut states) = (vec![], vec![], vec![], vec![]);
    for (nth, scene) in SCENES.iter().enumerate() {
        let begin = [nth as u8];
        let published = scene.alice.bundle(scene.version);
        let prekeys = published.prekeys.iter().take(3).flat_map(|(_, key)| key.clone()).collect::<Vec<u8>>();
        bundles.push(
            [&begin[..], &published.identity, &published.signed_prekey, &published.signature, &prekeys]
                .concat(),
        );
        messages.extend(scene.unread.iter().map(|(sealed, _)| [&begin[..], &sealed.bytes].concat()));
        exchanges.push([&begin[..], &scene.exchange.0.bytes].concat());
        states.extend([scene.at_bob.encode().to_vec(), Record::new(scene.version).encode().to_vec()]);
        if nth == 0 {
            states.push(scene.bob.encode().to_vec());
        }
    }
    let fingerprint = SCENES[0].alice.identity().public().fingerprint().to_string();
    let texts = ["1", "2147483647", "2147483648", &fingerprint, &"0a".repeat(44), &"F0".repeat(48)];
    let payloads = ["", "hello", &"x".repeat(100)];
    vec![
        ("bundle", bundles),
        ("names", texts.iter().map(|text| text.as_bytes().to_vec()).collect()),
        ("message", messages),
        ("key_exchange", exchanges),
        ("payloads", payloads.iter().map(|text| text.as_bytes().to_vec()).collect()),
        ("stored", states),
    ]
}

fn choose(data: &[u8]) -> Option<(&'static Scene, &[u8])> {
    let (first, rest) = data.split_first()?;
    Some((&SCENES[usize::from(first % 2)], rest))
}

impl Scene {
    fn new(version: OmemoVersion) -> Self {
        let mut rng = Lcg(42);
        let device = |id| DeviceId::new(id).expect("a small id");
        let alice = OwnKeys::generate(device(1), &mut rng, NOW);
        let mut bob = OwnKeys::generate(device(2), &mut rng, NOW);
        // A short list makes short seeds.
        for id in 30..=100 {
            bob.consume(version, id);
        }
        let bundle = PeerBundle::read(version, &bob.bundle(version)).expect("our own bundle");
        let (mut at_alice, mut at_bob) = (Record::new(version), Record::new(version));
        let mut unread = Vec::new();
        let mut wrote = 0;
        for _ in 0..2 {
            at_alice = at_alice.initiate(&alice, &bundle, &mut rng).expect("our own bundle");
            for _ in 0..3 {
                let mut letters = Vec::new();
                for _ in 0..3 {
                    wrote += 1;
                    let (record, sealed) =
                        at_alice.encrypt(&alice, &[wrote; 32], &mut rng).expect("a session");
                    at_alice = record;
                    letters.push((sealed, vec![wrote; 32]));
                }
                let (last, _) = letters.pop().expect("three letters");
                at_bob = at_bob.decrypt(&bob, &last.bytes, last.kind, NOW).expect("it was sent").record;
                let (record, answer) = at_bob.encrypt(&bob, b"answer", &mut rng).expect("a session");
                at_bob = record;
                let opened = at_alice.decrypt(&alice, &answer.bytes, answer.kind, NOW);
                at_alice = opened.expect("it was sent").record;
                unread.extend(letters.into_iter().filter(|(sealed, _)| sealed.kind == Kind::Message));
            }
        }
        let record = Record::new(version).initiate(&alice, &bundle, &mut rng).expect("our own bundle");
        let (_, sealed) = record.encrypt(&alice, b"a new beginning", &mut rng).expect("a session");
        Self { version, alice, bob, at_bob, unread, exchange: (sealed, b"a new beginning".to_vec()) }
    }
}

impl RngCore for Lcg {
    fn next_u32(&mut self) -> u32 {
        self.next_u64() as u32
    }

    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 ^ self.0 >> 33
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        out.fill_with(|| self.next_u64() as u8);
    }
}
