//! The XML of both versions (XEP-0384 0.9.1 `urn:xmpp:omemo:2`, XEP-0384 0.3.0 `eu.siacs.conversations.axolotl`).
//!
//! What others wrote is read part by part: an entry of a list or a key of a bundle that makes no sense costs only itself.

use std::collections::BTreeSet;

use causerie_model::{BareJid, DeviceId, OmemoVersion};
use causerie_omemo::{Kind, PublishedBundle, Sealed};
use minidom::Element;

use crate::b64;
use crate::ns;
use crate::pubsub;
use crate::xml::{self, Draft};

/// How many devices of one address are looked at. More than that nobody has, and each costs work with every message.
pub(super) const MOST_DEVICES: usize = 32;
/// The same of ourselves: what we publish anew has to hold all of them.
const MOST_OWN_DEVICES: usize = 1_000;
/// How many keys for this device are tried: in the older version devices of others may have its number.
pub(super) const MOST_FOR_US: usize = 3;
/// The longest name of a device that is kept, in characters (XEP-0384 0.9.1 §5.3.1).
pub(super) const LONGEST_LABEL: usize = 53;
/// How many `<key/>` elements of one message are looked at.
const MOST_KEYS: usize = 2_000;
/// How many one-time pre-keys of a bundle are looked at.
pub(super) const MOST_PREKEYS: usize = 1_000;
/// The longest key, signature or ratchet message, in bytes.
pub(super) const LONGEST_KEY: usize = 2_048;
/// The longest payload, in bytes: that of the longest body, and its envelope.
pub(super) const LONGEST_PAYLOAD: usize = 1 << 20;

/// A device as it stands on a list, with the name that its owner gave it.
pub(crate) type Listed = (DeviceId, Option<String>);

/// The namespace of the elements.
pub(crate) fn namespace(version: OmemoVersion) -> &'static str {
    match version {
        OmemoVersion::Legacy => ns::OMEMO_LEGACY,
        OmemoVersion::Omemo2 => ns::OMEMO_2,
    }
}

/// The node of a list of devices.
pub(crate) fn list_node(version: OmemoVersion) -> &'static str {
    match version {
        OmemoVersion::Legacy => ns::OMEMO_LEGACY_DEVICES,
        OmemoVersion::Omemo2 => ns::OMEMO_2_DEVICES,
    }
}

/// The version whose lists of devices are in that node.
pub(crate) fn version_of_list(node: &str) -> Option<OmemoVersion> {
    OmemoVersion::ALL.into_iter().find(|version| list_node(*version) == node)
}

/// The node and the item of a bundle.
pub(crate) fn bundle_place(version: OmemoVersion, device: DeviceId) -> (String, String) {
    match version {
        OmemoVersion::Legacy => (format!("{}{device}", ns::OMEMO_LEGACY_BUNDLES), "current".to_owned()),
        OmemoVersion::Omemo2 => (ns::OMEMO_2_BUNDLES.to_owned(), device.to_string()),
    }
}

/// Takes a bundle of our own back: in the older version each has a node of its own.
pub(crate) fn withdraw_bundle(version: OmemoVersion, device: DeviceId) -> Element {
    let (node, item) = bundle_place(version, device);
    match version {
        OmemoVersion::Legacy => pubsub::delete(&node),
        OmemoVersion::Omemo2 => pubsub::retract(&node, &item),
    }
}

/// A list of devices.
pub(crate) fn list(version: OmemoVersion, devices: &[Listed]) -> Element {
    let name = match version {
        OmemoVersion::Legacy => "list",
        OmemoVersion::Omemo2 => "devices",
    };
    let device = |(id, label): &Listed| {
        let label = label.as_deref().filter(|_| version == OmemoVersion::Omemo2);
        let device = Draft::new("device", namespace(version)).attr("id", &id.to_string());
        device.maybe_attr("label", label).into()
    };
    Draft::new(name, namespace(version)).children(devices.iter().map(device)).into()
}

/// How many devices of somebody are read.
pub(crate) fn most_devices(ours: bool) -> usize {
    if ours { MOST_OWN_DEVICES } else { MOST_DEVICES }
}

/// Reads a list of devices, each once, so many of them. `None` when it is none.
pub(crate) fn read_list(version: OmemoVersion, list: &Element, most: usize) -> Option<Vec<Listed>> {
    let name = match version {
        OmemoVersion::Legacy => "list",
        OmemoVersion::Omemo2 => "devices",
    };
    if !list.is(name, namespace(version)) {
        return None;
    }
    let mut devices: Vec<Listed> = Vec::new();
    for device in xml::children(list, "device", namespace(version)) {
        let Some(id) = device.attr("id").and_then(read_id) else { continue };
        if devices.len() < most && devices.iter().all(|(other, _)| *other != id) {
            let label = device.attr("label").and_then(|label| xml::one_line(label, LONGEST_LABEL));
            devices.push((id, label));
        }
    }
    Some(devices)
}

/// The devices of a list beyond those, each once, no more than anybody may have of their own: messages are not for them.
pub(crate) fn beyond(version: OmemoVersion, list: &Element, most: usize) -> BTreeSet<DeviceId> {
    let mut looked_at: BTreeSet<DeviceId> = BTreeSet::new();
    let mut beyond = BTreeSet::new();
    for device in xml::children(list, "device", namespace(version)) {
        let Some(id) = device.attr("id").and_then(read_id) else { continue };
        if looked_at.len() < most {
            looked_at.insert(id);
        } else if beyond.len() < MOST_OWN_DEVICES && !looked_at.contains(&id) {
            beyond.insert(id);
        }
    }
    beyond
}

fn read_id(text: &str) -> Option<DeviceId> {
    text.trim().parse().ok().and_then(DeviceId::new)
}

/// The names of a bundle's parts: the signed pre-key and its identifier, its signature, the identity key, a one-time pre-key
/// and its identifier.
struct BundleNames {
    signed: (&'static str, &'static str),
    signature: &'static str,
    identity: &'static str,
    prekey: (&'static str, &'static str),
}

fn bundle_names(version: OmemoVersion) -> BundleNames {
    match version {
        OmemoVersion::Legacy => BundleNames {
            signed: ("signedPreKeyPublic", "signedPreKeyId"),
            signature: "signedPreKeySignature",
            identity: "identityKey",
            prekey: ("preKeyPublic", "preKeyId"),
        },
        OmemoVersion::Omemo2 => {
            BundleNames { signed: ("spk", "id"), signature: "spks", identity: "ik", prekey: ("pk", "id") }
        }
    }
}

/// A bundle.
pub(crate) fn bundle(version: OmemoVersion, bundle: &PublishedBundle) -> Element {
    let names = bundle_names(version);
    let part = |name, bytes: &[u8]| Draft::new(name, namespace(version)).text(&b64::encode(bytes));
    let signed = part(names.signed.0, &bundle.signed_prekey);
    let prekeys = bundle
        .prekeys
        .iter()
        .map(|(id, key)| part(names.prekey.0, key).attr(names.prekey.1, &id.to_string()).into());
    let prekeys = Draft::new("prekeys", namespace(version)).children(prekeys);
    Draft::new("bundle", namespace(version))
        .child(signed.attr(names.signed.1, &bundle.signed_prekey_id.to_string()))
        .child(part(names.signature, &bundle.signature))
        .child(part(names.identity, &bundle.identity))
        .child(prekeys)
        .into()
}

/// Reads a bundle. Whether its keys are good is for the locksmith to say.
pub(crate) fn read_bundle(version: OmemoVersion, bundle: &Element) -> Option<PublishedBundle> {
    let (names, space) = (bundle_names(version), namespace(version));
    if !bundle.is("bundle", space) {
        return None;
    }
    let bytes = |element: &Element| b64::decode(&element.text(), LONGEST_KEY);
    let signed = bundle.get_child(names.signed.0, space)?;
    let prekeys = bundle.get_child("prekeys", space)?;
    let prekeys = xml::children(prekeys, names.prekey.0, space).take(MOST_PREKEYS);
    Some(PublishedBundle {
        identity: bytes(bundle.get_child(names.identity, space)?)?,
        signed_prekey_id: signed.attr(names.signed.1)?.trim().parse().ok()?,
        signed_prekey: bytes(signed)?,
        signature: bytes(bundle.get_child(names.signature, space)?)?.try_into().ok()?,
        prekeys: prekeys
            .filter_map(|key| Some((key.attr(names.prekey.1)?.trim().parse().ok()?, bytes(key)?)))
            .collect(),
    })
}

/// What was encrypted, for some devices of some people.
pub(crate) struct Outgoing<'a> {
    pub(crate) version: OmemoVersion,
    /// Our device.
    pub(crate) sender: DeviceId,
    /// For each address its devices.
    pub(crate) keys: &'a [(BareJid, Vec<(DeviceId, Sealed)>)],
    /// The nonce of a legacy payload.
    pub(crate) iv: Option<&'a [u8]>,
    /// None in an empty message.
    pub(crate) payload: Option<&'a [u8]>,
}

/// The element that carries it.
pub(crate) fn encrypted(outgoing: &Outgoing<'_>) -> Element {
    let space = namespace(outgoing.version);
    let key = |(device, sealed): &(DeviceId, Sealed)| {
        let exchange = (sealed.kind == Kind::KeyExchange).then_some("true");
        let name = match outgoing.version {
            OmemoVersion::Legacy => "prekey",
            OmemoVersion::Omemo2 => "kex",
        };
        let key = Draft::new("key", space).attr("rid", &device.to_string()).maybe_attr(name, exchange);
        Element::from(key.text(&b64::encode(&sealed.bytes)))
    };
    let header = Draft::new("header", space).attr("sid", &outgoing.sender.to_string());
    let header = match outgoing.version {
        OmemoVersion::Legacy => {
            let keys = outgoing.keys.iter().flat_map(|(_, devices)| devices).map(key);
            let iv = outgoing.iv.map(|iv| Draft::new("iv", space).text(&b64::encode(iv)).into());
            header.children(keys).children(iv)
        }
        OmemoVersion::Omemo2 => header.children(outgoing.keys.iter().map(|(jid, devices)| {
            Draft::new("keys", space).attr("jid", jid.as_str()).children(devices.iter().map(key)).into()
        })),
    };
    let payload =
        outgoing.payload.map(|payload| Draft::new("payload", space).text(&b64::encode(payload)).into());
    Draft::new("encrypted", space).child(header).children(payload).into()
}

/// What came encrypted.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) version: OmemoVersion,
    /// The device that says it has sent it.
    pub(crate) sender: DeviceId,
    /// What is for this device: in the legacy version another address may have a device of the same number.
    pub(crate) keys: Vec<Sealed>,
    /// The nonce of a legacy payload.
    pub(crate) iv: Vec<u8>,
    /// None in an empty message.
    pub(crate) payload: Option<Vec<u8>>,
}

/// Whether anything in a stanza is encrypted.
pub(crate) fn is_encrypted(stanza: &Element) -> bool {
    OmemoVersion::ALL.iter().any(|version| stanza.has_child("encrypted", namespace(*version)))
}

/// What of it this device needs, without the keys for others. None where there is nothing for it.
pub(crate) fn only_for_us(stanza: &Element, own: &BareJid, device: DeviceId) -> Vec<Element> {
    let slim = |version| {
        let space = namespace(version);
        let encrypted = stanza.get_child("encrypted", space)?;
        let incoming = read_one(version, encrypted, own, device)?;
        let header = encrypted.get_child("header", space)?;
        // All that is looked at in a message is made anew, so nothing else is in it.
        let outgoing = Outgoing {
            version,
            sender: incoming.sender,
            keys: &[(own.clone(), incoming.keys.into_iter().map(|sealed| (device, sealed)).collect())],
            iv: header.has_child("iv", space).then_some(incoming.iv.as_slice()),
            payload: incoming.payload.as_deref(),
        };
        let is_for_us = outgoing.keys.iter().any(|(_, keys)| !keys.is_empty());
        is_for_us.then(|| self::encrypted(&outgoing))
    };
    OmemoVersion::ALL.into_iter().filter_map(slim).collect()
}

/// Reads what is encrypted in a stanza, the newer version first. One that makes no sense is left out.
pub(crate) fn read_encrypted(stanza: &Element, own: &BareJid, device: DeviceId) -> Vec<Incoming> {
    let read = |version| {
        let encrypted = stanza.get_child("encrypted", namespace(version))?;
        read_one(version, encrypted, own, device)
    };
    OmemoVersion::ALL.into_iter().filter_map(read).collect()
}

fn read_one(version: OmemoVersion, encrypted: &Element, own: &BareJid, device: DeviceId) -> Option<Incoming> {
    let space = namespace(version);
    let header = encrypted.get_child("header", space)?;
    let (lists, mark): (Vec<&Element>, _) = match version {
        OmemoVersion::Legacy => (vec![header], "prekey"),
        OmemoVersion::Omemo2 => {
            let is_ours = |keys: &&Element| {
                keys.attr("jid").and_then(|jid| BareJid::new(jid).ok()).as_ref() == Some(own)
            };
            (xml::children(header, "keys", space).filter(is_ours).collect(), "kex")
        }
    };
    let keys = lists.into_iter().flat_map(|list| xml::children(list, "key", space)).take(MOST_KEYS);
    let ours = keys.filter(|key| key.attr("rid").and_then(read_id) == Some(device));
    let sealed = ours.filter_map(|key| {
        let kind = match key.attr(mark).map(str::trim) {
            Some("true" | "1") => Kind::KeyExchange,
            _ => Kind::Message,
        };
        Some(Sealed { bytes: b64::decode(&key.text(), LONGEST_KEY)?, kind })
    });
    let payload = match encrypted.get_child("payload", space) {
        Some(payload) => Some(b64::decode(&payload.text(), LONGEST_PAYLOAD)?),
        None => None,
    };
    let iv = header.get_child("iv", space).and_then(|iv| b64::decode(&iv.text(), LONGEST_KEY));
    Some(Incoming {
        version,
        sender: header.attr("sid").and_then(read_id)?,
        keys: sealed.take(MOST_FOR_US).collect(),
        iv: iv.unwrap_or_default(),
        payload,
    })
}
