//! The bytes of messages and key exchanges, in both versions.
//!
//! | | legacy (libsignal, XEP-0384 0.3.0) | OMEMO 2 (XEP-0384 0.9.1, "Protobuf Schema") |
//! |---|---|---|
//! | message | `0x33 ‖ {1 key, 2 n, 3 pn, 4 ciphertext} ‖ mac[8]` | `{1 mac[16], 2 {1 n, 2 pn, 3 key, 4 ciphertext}}` |
//! | key exchange | `0x33 ‖ {1 pkid, 2 ek, 3 ik, 4 message, 5 regid, 6 spkid}` | `{1 pkid, 2 spkid, 3 ik, 4 ek, 5 message}` |

mod proto;

use causerie_model::OmemoVersion;

use crate::Refused;
use crate::curve::strip_type;
use proto::{Fields, Value, put_bytes, put_number};

/// The longest message or key exchange that is looked at, in bytes. Honest ones have less than 300.
pub const MAX_MESSAGE_BYTES: usize = 1024;

/// Version 3 of the message, made by one who knows version 3 (libsignal's `CIPHERTEXT_CURRENT_VERSION`).
const LEGACY_VERSION: u8 = 0x33;

/// A message as it came. Nothing in it is authenticated yet, and the key is not checked.
pub(crate) struct Message<'a> {
    /// The sender's ratchet key, `DHs`.
    pub(crate) ratchet_key: [u8; 32],
    /// `N`, the number of the message in its chain, from 0.
    pub(crate) counter: u32,
    /// `PN`, the length of the chain before.
    pub(crate) previous: u32,
    /// What is encrypted.
    pub(crate) ciphertext: &'a [u8],
    /// What the MAC covers, after the associated data.
    pub(crate) authenticated: &'a [u8],
    /// The MAC.
    pub(crate) mac: &'a [u8],
}

/// A key exchange as it came. Only the message in it will be authenticated.
pub(crate) struct KeyExchange<'a> {
    pub(crate) prekey_id: u32,
    pub(crate) signed_prekey_id: u32,
    /// The initiator's identity key, in its encoding.
    pub(crate) identity: &'a [u8],
    /// The initiator's ephemeral key, `EK`.
    pub(crate) base_key: [u8; 32],
    pub(crate) message: Message<'a>,
}

/// What a message says before its MAC.
pub(crate) struct Header<'a> {
    /// The ratchet key, encoded.
    pub(crate) ratchet_key: &'a [u8],
    pub(crate) counter: u32,
    pub(crate) previous: u32,
}

/// What a key exchange says besides the message in it.
pub(crate) struct Offer<'a> {
    pub(crate) prekey_id: u32,
    pub(crate) signed_prekey_id: u32,
    /// The identity key, encoded.
    pub(crate) identity: &'a [u8],
    /// The ephemeral key, encoded.
    pub(crate) base_key: &'a [u8],
    /// The device id, which the legacy version sends as registration id.
    pub(crate) device: u32,
}

impl<'a> Message<'a> {
    /// Reads a message.
    pub(crate) fn decode(version: OmemoVersion, bytes: &'a [u8]) -> Result<Self, Refused> {
        if bytes.len() > MAX_MESSAGE_BYTES {
            return Err(Refused::Malformed);
        }
        match version {
            OmemoVersion::Legacy => {
                let (authenticated, mac) = bytes.split_last_chunk::<8>().ok_or(Refused::Malformed)?;
                let inner = authenticated.strip_prefix(&[LEGACY_VERSION]).ok_or(Refused::Malformed)?;
                let [key, counter, previous, ciphertext] = read(inner, [1, 2, 3, 4])?;
                Self::assemble(version, [key, counter, previous, ciphertext], authenticated, mac)
            }
            OmemoVersion::Omemo2 => {
                let [mac, authenticated] = read(bytes, [1, 2])?;
                let (mac, authenticated) = (required_bytes(mac)?, required_bytes(authenticated)?);
                let [counter, previous, key, ciphertext] = read(authenticated, [1, 2, 3, 4])?;
                Self::assemble(version, [key, counter, previous, ciphertext], authenticated, mac)
            }
        }
    }

    fn assemble(
        version: OmemoVersion,
        [key, counter, previous, ciphertext]: [Option<Value<'a>>; 4],
        authenticated: &'a [u8],
        mac: &'a [u8],
    ) -> Result<Self, Refused> {
        Ok(Self {
            ratchet_key: strip_type(version, required_bytes(key)?)?,
            counter: required_number(counter)?,
            // proto3 writers leave a zero out, and a first chain has no other before it.
            previous: previous.map_or(Ok(0), |value| required_number(Some(value)))?,
            ciphertext: required_bytes(ciphertext)?,
            authenticated,
            mac,
        })
    }
}

impl<'a> KeyExchange<'a> {
    /// Reads a key exchange. One without a one-time pre-key is malformed (XEP-0384 0.9.1: it MUST be rejected).
    pub(crate) fn decode(version: OmemoVersion, bytes: &'a [u8]) -> Result<Self, Refused> {
        if bytes.len() > MAX_MESSAGE_BYTES {
            return Err(Refused::Malformed);
        }
        let [prekey_id, signed_prekey_id, identity, base_key, message] = match version {
            OmemoVersion::Legacy => {
                let inner = bytes.strip_prefix(&[LEGACY_VERSION]).ok_or(Refused::Malformed)?;
                // The registration id, 5, is left out by some and used by nobody.
                read(inner, [1, 6, 3, 2, 4])?
            }
            OmemoVersion::Omemo2 => read(bytes, [1, 2, 3, 4, 5])?,
        };
        Ok(Self {
            prekey_id: required_number(prekey_id)?,
            signed_prekey_id: required_number(signed_prekey_id)?,
            identity: required_bytes(identity)?,
            base_key: strip_type(version, required_bytes(base_key)?)?,
            message: Message::decode(version, required_bytes(message)?)?,
        })
    }
}

/// Writes what the MAC of a message covers.
pub(crate) fn encode_authenticated(version: OmemoVersion, header: &Header<'_>, ciphertext: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(160);
    match version {
        OmemoVersion::Legacy => {
            out.push(LEGACY_VERSION);
            put_bytes(&mut out, 1, header.ratchet_key);
            put_number(&mut out, 2, header.counter);
            put_number(&mut out, 3, header.previous);
        }
        OmemoVersion::Omemo2 => {
            put_number(&mut out, 1, header.counter);
            put_number(&mut out, 2, header.previous);
            put_bytes(&mut out, 3, header.ratchet_key);
        }
    }
    put_bytes(&mut out, 4, ciphertext);
    out
}

/// Writes a message from what its MAC covers and the MAC.
pub(crate) fn encode_message(version: OmemoVersion, authenticated: &[u8], mac: &[u8]) -> Vec<u8> {
    match version {
        OmemoVersion::Legacy => [authenticated, mac].concat(),
        OmemoVersion::Omemo2 => {
            let mut out = Vec::with_capacity(192);
            put_bytes(&mut out, 1, mac);
            put_bytes(&mut out, 2, authenticated);
            out
        }
    }
}

/// Writes a key exchange round a message.
pub(crate) fn encode_key_exchange(version: OmemoVersion, offer: &Offer<'_>, message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(320);
    match version {
        OmemoVersion::Legacy => {
            out.push(LEGACY_VERSION);
            put_number(&mut out, 1, offer.prekey_id);
            put_bytes(&mut out, 2, offer.base_key);
            put_bytes(&mut out, 3, offer.identity);
            put_bytes(&mut out, 4, message);
            put_number(&mut out, 5, offer.device);
            put_number(&mut out, 6, offer.signed_prekey_id);
        }
        OmemoVersion::Omemo2 => {
            put_number(&mut out, 1, offer.prekey_id);
            put_number(&mut out, 2, offer.signed_prekey_id);
            put_bytes(&mut out, 3, offer.identity);
            put_bytes(&mut out, 4, offer.base_key);
            put_bytes(&mut out, 5, message);
        }
    }
    out
}

/// Reads the fields of these numbers. A field that is there twice is malformed, so that bytes have one reading.
fn read<const N: usize>(bytes: &[u8], numbers: [u32; N]) -> Result<[Option<Value<'_>>; N], Refused> {
    let mut values = [None; N];
    let mut fields = Fields::new(bytes);
    while let Some((number, value)) = fields.next().map_err(|_| Refused::Malformed)? {
        let wanted = numbers.iter().position(|wanted| *wanted == number);
        if let Some(place) = wanted.and_then(|at| values.get_mut(at))
            && place.replace(value).is_some()
        {
            return Err(Refused::Malformed);
        }
    }
    Ok(values)
}

fn required_bytes(value: Option<Value<'_>>) -> Result<&[u8], Refused> {
    match value {
        Some(Value::Bytes(bytes)) => Ok(bytes),
        _ => Err(Refused::Malformed),
    }
}

fn required_number(value: Option<Value<'_>>) -> Result<u32, Refused> {
    match value {
        Some(Value::Number(number)) => u32::try_from(number).map_err(|_| Refused::Malformed),
        _ => Err(Refused::Malformed),
    }
}
