//! What must hold of whatever somebody puts into an envelope, and of whatever elements somebody writes. The fuzzers in `fuzz/` call
//! these; a test reads their seeds again.

use causerie_model::{
    Awaits, BareJid, Decision, DeviceId, Fingerprint, OmemoVersion, Timestamp, Trust, Unreadable,
};
use causerie_omemo::{OwnKeys, PeerBundle, Record};
use minidom::Element;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::receiving::Said;
use super::wire::{self, Outgoing};
use super::{envelope, receiving, trust_messages};
use crate::ns;
use crate::pubsub::{self, Happened, Newest};
use crate::xml::Draft;

const DEVICE: u32 = 7;

/// What was decrypted, read in both versions: no more than was said to us, and what was said can be said again.
pub fn envelope(bytes: &[u8]) {
    let (alice, bob) = people();
    if let Ok(Said::Text(inside, _)) = receiving::read(OmemoVersion::Legacy, bytes, (&alice, &bob)) {
        say_again(&inside.text().expect("a text"));
    }
    let read = receiving::read(OmemoVersion::Omemo2, bytes, (&alice, &bob));
    let for_others = envelope::unwrap(bytes, &bob, &alice);
    match read {
        Ok(said) => {
            let whole = Element::from_reader(bytes).expect("it was read");
            let names = ["from", "to"].iter().any(|name| whole.has_child(*name, ns::ENVELOPE));
            assert!(!names || for_others.is_err(), "it says from whom it is, and to whom");
            match said {
                Said::Text(inside, _) => {
                    if let Some(text) = inside.text() {
                        say_again(&text);
                    }
                }
                Said::Decisions(message, _) => {
                    let mut decisions = trust_messages::read(&message);
                    decisions.sort_by(|one, other| one.0.cmp(&other.0));
                    let named: Vec<Decision> =
                        decisions.iter().map(|(jid, id, trust)| decision(jid, *id, *trust)).collect();
                    let again = trust_messages::write(&named.iter().collect::<Vec<_>>());
                    assert_eq!(trust_messages::read(&again), decisions);
                }
                Said::Nothing => {}
            }
        }
        Err(why) => {
            assert!(matches!(why, Unreadable::Malformed | Unreadable::Misdirected | Unreadable::NotShown));
        }
    }
}

fn decision(jid: &BareJid, id: [u8; 32], trust: Trust) -> Decision {
    let at = Timestamp::from_millis(1_700_000_000_000);
    Decision { jid: jid.clone(), fingerprint: Fingerprint(id), trust, at, awaits: Awaits::Telling }
}

/// A text goes into an envelope, and comes out as it was.
fn say_again(text: &str) {
    assert!(!text.trim().is_empty());
    let (alice, bob) = people();
    let now = Timestamp::from_millis(1_700_000_000_000);
    let body = vec![Draft::new("body", ns::CLIENT).text(text).into()];
    let bytes = envelope::wrap(body, (&bob, &alice), now, &mut StdRng::seed_from_u64(1));
    match receiving::read(OmemoVersion::Omemo2, &bytes, (&bob, &alice)) {
        Ok(Said::Text(again, _)) => assert_eq!(again.text().as_deref(), Some(text)),
        _ => panic!("what was said can be said"),
    }
}

/// A stanza: messages, lists of devices and bundles in it, wherever they are.
pub fn stanza(stanza: &Element) {
    encrypted(stanza);
    let (owner, _) = people();
    let on_node = match pubsub::event(stanza, &owner) {
        Some((node, Happened::Published(Some(payload)))) => Some((node, payload)),
        _ => None,
    };
    if let Some((version, list)) = on_node.and_then(|(node, list)| Some((wire::version_of_list(node)?, list)))
    {
        read_list(version, list);
    }
    for version in OmemoVersion::ALL {
        if let Newest::Item(list) = pubsub::newest(stanza, wire::list_node(version), &owner) {
            read_list(version, list);
        }
        let (node, item) = wire::bundle_place(version, device());
        if let Some(bundle) = pubsub::payload(stanza, &node, &item) {
            read_bundle(version, bundle);
        }
    }
    let mut elements = vec![stanza];
    while let Some(element) = elements.pop() {
        for version in OmemoVersion::ALL {
            read_list(version, element);
            read_bundle(version, element);
        }
        elements.extend(element.children());
    }
}

/// What is encrypted for us is within the limits, and can be written as it was read.
fn encrypted(stanza: &Element) {
    let (_, own) = people();
    let all = wire::read_encrypted(stanza, &own, device());
    assert!(all.is_empty() || wire::is_encrypted(stanza));
    for incoming in all {
        assert!(incoming.keys.len() <= wire::MOST_FOR_US);
        assert!(incoming.keys.iter().all(|key| key.bytes.len() <= wire::LONGEST_KEY));
        assert!(incoming.iv.len() <= wire::LONGEST_KEY);
        assert!(incoming.payload.as_ref().is_none_or(|payload| payload.len() <= wire::LONGEST_PAYLOAD));
        let keys = incoming.keys.iter().map(|key| (device(), key.clone())).collect();
        let encrypted = wire::encrypted(&Outgoing {
            version: incoming.version,
            sender: incoming.sender,
            keys: &[(own.clone(), keys)],
            iv: (incoming.version == OmemoVersion::Legacy).then_some(&incoming.iv),
            payload: incoming.payload.as_deref(),
        });
        let message: Element = Draft::new("message", ns::CLIENT).child(encrypted).into();
        let [again] = &wire::read_encrypted(&message, &own, device())[..] else { panic!("one version") };
        assert_eq!((again.version, again.sender), (incoming.version, incoming.sender));
        assert_eq!((&again.keys, &again.payload), (&incoming.keys, &incoming.payload));
        assert!(again.version == OmemoVersion::Omemo2 || again.iv == incoming.iv);
    }
}

/// No device is there twice, no name runs over its line, and a list can be written as it was read.
fn read_list(version: OmemoVersion, list: &Element) {
    for most in [wire::most_devices(false), wire::most_devices(true)] {
        let Some(devices) = wire::read_list(version, list, most) else { return };
        assert!(devices.len() <= most);
        for (nth, (id, label)) in devices.iter().enumerate() {
            assert!(devices.iter().skip(nth + 1).all(|(other, _)| other != id));
            let fits = |label: &String| {
                label.chars().count() <= wire::LONGEST_LABEL && !label.chars().any(char::is_control)
            };
            assert!(label.as_ref().is_none_or(fits));
        }
        let again = wire::read_list(version, &wire::list(version, &devices), most).expect("our own list");
        let ids = |devices: &[wire::Listed]| devices.iter().map(|(id, _)| *id).collect::<Vec<DeviceId>>();
        assert_eq!(ids(&again), ids(&devices));
        assert!(version == OmemoVersion::Legacy || again == devices);
    }
}

/// A bundle can be written as it was read; and either it is refused, or a session can be begun with it.
fn read_bundle(version: OmemoVersion, bundle: &Element) {
    let Some(read) = wire::read_bundle(version, bundle) else { return };
    assert!(read.prekeys.len() <= wire::MOST_PREKEYS);
    let again = wire::read_bundle(version, &wire::bundle(version, &read)).expect("our own bundle");
    assert_eq!(again, read);
    if let Ok(peer) = PeerBundle::read(version, &read) {
        let mut rng = StdRng::seed_from_u64(1);
        let own = OwnKeys::generate(device(), &mut rng, 1_700_000_000);
        let begun = Record::new(version).initiate(&own, &peer, &mut rng);
        assert!(begun.expect("a good bundle makes a session").has_session());
    }
}

fn people() -> (BareJid, BareJid) {
    let jid = |text| BareJid::new(text).expect("an address");
    (jid("alice@a.example"), jid("bob@b.example"))
}

fn device() -> DeviceId {
    DeviceId::new(DEVICE).expect("a small number")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use causerie_omemo::{Kind, Sealed, payload};
    use rand::Rng;

    use super::*;

    /// The folder of its seeds, those that are made, and what is done with them.
    type Target = (&'static str, Vec<Vec<u8>>, fn(&[u8]));

    /// What the fuzzers begin with, and what they have found, read again; and each changed in ways of its own. With `UPDATE=1` the
    /// seeds are written anew.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the seeds are files")]
    fn seeds_are_read_again() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
        let mut rng = StdRng::seed_from_u64(1);
        let targets: [Target; 2] = [("envelope", envelopes(), envelope), ("stanza", stanzas(), parsed)];
        for (name, seeds, target) in targets {
            let folder = folder.join(name);
            if std::env::var("UPDATE").is_ok() {
                std::fs::create_dir_all(&folder).unwrap();
                for (nth, seed) in seeds.iter().enumerate() {
                    std::fs::write(folder.join(format!("{nth:02}")), seed).unwrap();
                }
            }
            let files: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().collect();
            assert!(files.len() >= seeds.len(), "{name}");
            for file in files {
                let seed = std::fs::read(file.path()).unwrap();
                target(&seed);
                for _ in 0..50 {
                    target(&changed(&seed, &mut rng));
                }
            }
        }
    }

    fn parsed(bytes: &[u8]) {
        if let Ok(element) = Element::from_reader(bytes) {
            stanza(&element);
        }
    }

    /// A few bits flipped, bytes taken out or put in, a part repeated.
    fn changed(seed: &[u8], rng: &mut StdRng) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=rng.random_range(0..3) {
            let at = rng.random_range(0..=bytes.len());
            match rng.random_range(0..6) {
                0..3 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
                3 if at < bytes.len() => drop(bytes.remove(at)),
                4 => bytes.insert(at, rng.random()),
                5 => {
                    let end = (at + rng.random_range(0..200)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
                _ => {}
            }
        }
        bytes
    }

    /// What is in messages: texts of both versions, decisions about keys, and what other programs put beside them.
    fn envelopes() -> Vec<Vec<u8>> {
        let (alice, bob) = people();
        let now = Timestamp::from_millis(1_700_000_000_000);
        let mut rng = StdRng::seed_from_u64(2);
        let mut wrap = |content| envelope::wrap(content, (&alice, &bob), now, &mut rng);
        let body = |text| Draft::new("body", ns::CLIENT).text(text).into();
        let decisions =
            [decision(&bob, [1; 32], Trust::Verified), decision(&alice, [2; 32], Trust::Distrusted)];
        let bare = "<envelope xmlns='urn:xmpp:sce:1'><content><body xmlns='jabber:client'>a\r\nb&#13;c</body>\
            <x xmlns='jabber:x:oob'><url>a</url></x></content><rpad/></envelope>";
        vec![
            wrap(vec![body("Salut <à> tous")]),
            wrap(vec![body(&"long ".repeat(50))]),
            wrap(vec![trust_messages::write(&decisions.each_ref())]),
            bare.as_bytes().to_vec(),
            "a legacy text\r\nof two lines".as_bytes().to_vec(),
        ]
    }

    /// Messages, lists and bundles of both versions as they come.
    fn stanzas() -> Vec<Vec<u8>> {
        let (_, bob) = people();
        let mut rng = StdRng::seed_from_u64(3);
        let mut own = OwnKeys::generate(device(), &mut rng, 1_700_000_000);
        let mut all = Vec::new();
        for version in OmemoVersion::ALL {
            // A short list makes short seeds.
            for id in 4..=100 {
                own.consume(version, id);
            }
            let (iv, keys, ciphertext) = match version {
                OmemoVersion::Legacy => {
                    let sealed = payload::encrypt_legacy(b"a text", &mut rng);
                    (Some(sealed.iv), sealed.keys.to_vec(), sealed.ciphertext)
                }
                OmemoVersion::Omemo2 => {
                    let sealed = payload::encrypt_omemo2(b"<envelope/>", &mut rng);
                    (None, sealed.keys.to_vec(), sealed.ciphertext)
                }
            };
            let sealed = [Kind::KeyExchange, Kind::Message].map(|kind| Sealed { bytes: keys.clone(), kind });
            let keys: Vec<_> = sealed.into_iter().map(|sealed| (device(), sealed)).collect();
            for payload in [Some(ciphertext.as_slice()), None] {
                let encrypted = wire::encrypted(&Outgoing {
                    version,
                    sender: device(),
                    keys: &[(bob.clone(), keys.clone())],
                    iv: iv.as_ref().map(|iv| &iv[..]),
                    payload,
                });
                let message = Draft::new("message", ns::CLIENT).attr("from", "alice@a.example/x");
                all.push(message.attr("to", "bob@b.example").child(encrypted));
            }
            let devices = [(device(), Some("a  label".to_owned())), (DeviceId::new(9).unwrap(), None)];
            let list = wire::list(version, &devices);
            let item = Draft::new("item", ns::PUBSUB_EVENT).attr("id", "current").child(list.clone());
            let items =
                Draft::new("items", ns::PUBSUB_EVENT).attr("node", wire::list_node(version)).child(item);
            let event = Draft::new("event", ns::PUBSUB_EVENT).child(items);
            all.push(Draft::new("message", ns::CLIENT).attr("from", "alice@a.example").child(event));
            let (node, id) = wire::bundle_place(version, device());
            let bundle = wire::bundle(version, &own.bundle(version));
            for (node, id, payload) in
                [(node.as_str(), id.as_str(), bundle), (wire::list_node(version), "current", list)]
            {
                let item = Draft::new("item", ns::PUBSUB).attr("id", id).child(payload);
                let items = Draft::new("items", ns::PUBSUB).attr("node", node).child(item);
                let reply = Draft::new("iq", ns::CLIENT).attr("type", "result").attr("id", "1");
                all.push(reply.child(Draft::new("pubsub", ns::PUBSUB).child(items)));
            }
        }
        let written = |draft: Draft| {
            let mut bytes = Vec::new();
            Element::from(draft).write_to(&mut bytes).unwrap();
            bytes
        };
        all.into_iter().map(written).collect()
    }
}
