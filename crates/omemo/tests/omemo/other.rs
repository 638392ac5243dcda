//! A second implementation, as plain as can be, that speaks as initiator and has the faults of others on demand.
//!
//! It shares no code with ours but the curve and the ciphers, so that both are checked against each other.

use aes::Aes256;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use causerie_model::OmemoVersion;
use causerie_omemo::{Kind, PublishedBundle, Sealed};
use curve25519_dalek::{MontgomeryPoint, edwards::CompressedEdwardsY, edwards::EdwardsPoint};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::RngCore;
use sha2::Sha256;

use crate::seeded::Seeded;

pub(crate) struct Other {
    pub(crate) version: OmemoVersion,
    /// Says one less than the length of the chain before, as the libsignal lineage does.
    pub(crate) pn_one_too_low: bool,
    /// The counter of the next message.
    pub(crate) n: u32,
    pub(crate) base_wire: Vec<u8>,
    pub(crate) identity_wire: Vec<u8>,
    pub(crate) prekey_id: u32,
    pub(crate) signed_prekey_id: u32,
    peer_identity_wire: Vec<u8>,
    root: [u8; 32],
    chain: [u8; 32],
    previous: u32,
    ratchet: [u8; 32],
    pub(crate) ratchet_wire: Vec<u8>,
}

/// What an initiator may choose in another way than it should.
#[derive(Default)]
pub(crate) struct Choices {
    /// An identity key as it is on the wire, in place of a good one. Its agreements are taken to be zero.
    pub(crate) identity: Option<Vec<u8>>,
    /// An ephemeral key, likewise.
    pub(crate) base_key: Option<Vec<u8>>,
    /// A first ratchet key, likewise.
    pub(crate) ratchet_key: Option<Vec<u8>>,
    /// Publishes the Edwards form of its identity key with sign bit 1.
    pub(crate) sign_bit: bool,
}

pub(crate) fn wire(version: OmemoVersion, u: &[u8; 32]) -> Vec<u8> {
    match version {
        OmemoVersion::Legacy => [&[5], u.as_slice()].concat(),
        OmemoVersion::Omemo2 => u.to_vec(),
    }
}

fn u(version: OmemoVersion, wire: &[u8]) -> [u8; 32] {
    match version {
        OmemoVersion::Legacy => wire[1..].try_into().unwrap(),
        OmemoVersion::Omemo2 => wire.try_into().unwrap(),
    }
}

fn identity_u(version: OmemoVersion, wire: &[u8]) -> [u8; 32] {
    match version {
        OmemoVersion::Legacy => u(version, wire),
        OmemoVersion::Omemo2 => {
            CompressedEdwardsY(wire.try_into().unwrap()).decompress().unwrap().to_montgomery().0
        }
    }
}

fn dh(secret: [u8; 32], public: [u8; 32]) -> [u8; 32] {
    MontgomeryPoint(public).mul_clamped(secret).0
}

fn hkdf(salt: &[u8], ikm: &[u8], info: &str, length: usize) -> Vec<u8> {
    let mut okm = vec![0; length];
    Hkdf::<Sha256>::new(Some(salt), ikm).expand(info.as_bytes(), &mut okm).unwrap();
    okm
}

fn hmac(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(data);
    mac.finalize().into_bytes().into()
}

fn random(rng: &mut Seeded) -> [u8; 32] {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    bytes
}

impl Other {
    pub(crate) fn initiate(
        version: OmemoVersion,
        bundle: &PublishedBundle,
        choices: Choices,
        rng: &mut Seeded,
    ) -> Self {
        let (identity, ephemeral, ratchet) = (random(rng), random(rng), random(rng));
        let honest_identity = match version {
            OmemoVersion::Legacy => wire(version, &MontgomeryPoint::mul_base_clamped(identity).0),
            OmemoVersion::Omemo2 => {
                let mut edwards = EdwardsPoint::mul_base_clamped(identity).compress().0;
                edwards[31] = edwards[31] & 0x7F | u8::from(choices.sign_bit) << 7;
                edwards.to_vec()
            }
        };
        let public = |secret| wire(version, &MontgomeryPoint::mul_base_clamped(secret).0);
        let spk = u(version, &bundle.signed_prekey);
        let (prekey_id, opk) = &bundle.prekeys[0];
        let with_identity = |key| if choices.identity.is_some() { [0; 32] } else { dh(identity, key) };
        let with_base = |key| if choices.base_key.is_some() { [0; 32] } else { dh(ephemeral, key) };
        let mut ikm = vec![0xFF; 32];
        ikm.extend(with_identity(spk));
        ikm.extend(with_base(identity_u(version, &bundle.identity)));
        ikm.extend(with_base(spk));
        ikm.extend(with_base(u(version, opk)));
        let info = ["WhisperText", "OMEMO X3DH"][version as usize];
        let secret = hkdf(&[0; 32], &ikm, info, 32);

        let mut other = Self {
            version,
            pn_one_too_low: false,
            n: 0,
            base_wire: choices.base_key.unwrap_or(public(ephemeral)),
            identity_wire: choices.identity.unwrap_or(honest_identity),
            prekey_id: *prekey_id,
            signed_prekey_id: bundle.signed_prekey_id,
            peer_identity_wire: bundle.identity.clone(),
            root: secret.try_into().unwrap(),
            chain: [0; 32],
            previous: 0,
            ratchet,
            ratchet_wire: choices.ratchet_key.clone().unwrap_or(public(ratchet)),
        };
        let agreed = if choices.ratchet_key.is_some() { [0; 32] } else { dh(ratchet, spk) };
        other.chain = other.root_step(agreed);
        other
    }

    /// The next message of the chain.
    pub(crate) fn message(&mut self, plaintext: &[u8]) -> Vec<u8> {
        let message_key = hmac(&self.chain, &[1]);
        self.chain = hmac(&self.chain, &[2]);
        let info = ["WhisperMessageKeys", "OMEMO Message Key Material"][self.version as usize];
        let keys = hkdf(&[0; 32], &message_key, info, 80);
        let key: [u8; 32] = keys[..32].try_into().unwrap();
        let iv: [u8; 16] = keys[64..].try_into().unwrap();
        let cipher = cbc::Encryptor::<Aes256>::new(&key.into(), &iv.into());
        let ciphertext = cipher.encrypt_padded_vec::<Pkcs7>(plaintext);
        let pn = self.previous.saturating_sub(u32::from(self.pn_one_too_low));
        let (n, ratchet) = (self.n, self.ratchet_wire.clone());
        self.n = n.wrapping_add(1);
        match self.version {
            OmemoVersion::Legacy => {
                let fields = [bytes(1, &ratchet), number(2, n), number(3, pn), bytes(4, &ciphertext)];
                let body = [vec![0x33], fields.concat()].concat();
                let mac = self.mac(&keys[32..64], &body);
                [body, mac[..8].to_vec()].concat()
            }
            OmemoVersion::Omemo2 => {
                let body = [number(1, n), number(2, pn), bytes(3, &ratchet), bytes(4, &ciphertext)].concat();
                let mac = self.mac(&keys[32..64], &body);
                [bytes(1, &mac[..16]), bytes(2, &body)].concat()
            }
        }
    }

    /// A key exchange round a message.
    pub(crate) fn key_exchange(&self, message: &[u8]) -> Vec<u8> {
        let (prekey, signed) = (self.prekey_id, self.signed_prekey_id);
        match self.version {
            OmemoVersion::Legacy => [
                vec![0x33],
                number(1, prekey),
                bytes(2, &self.base_wire),
                bytes(3, &self.identity_wire),
                bytes(4, message),
                number(6, signed),
            ]
            .concat(),
            OmemoVersion::Omemo2 => [
                number(1, prekey),
                number(2, signed),
                bytes(3, &self.identity_wire),
                bytes(4, &self.base_wire),
                bytes(5, message),
            ]
            .concat(),
        }
    }

    /// Reads the first message of our newest chain, and turns the ratchet.
    pub(crate) fn receive_first(&mut self, message: &[u8], rng: &mut Seeded) -> Vec<u8> {
        let (plaintext, theirs) = self.hear(message);
        self.turn(theirs, rng);
        plaintext
    }

    /// Turns to a new ratchet key that agrees with the last one of ours, or with one that is none of ours.
    pub(crate) fn turn(&mut self, theirs: [u8; 32], rng: &mut Seeded) {
        self.ratchet = random(rng);
        self.ratchet_wire = wire(self.version, &MontgomeryPoint::mul_base_clamped(self.ratchet).0);
        self.chain = self.root_step(dh(self.ratchet, theirs));
        self.previous = self.n;
        self.n = 0;
    }

    /// Reads the first message of our newest chain: what it says, and the ratchet key. It does not turn the ratchet.
    pub(crate) fn hear(&mut self, message: &[u8]) -> (Vec<u8>, [u8; 32]) {
        let (body, key_field, mac) = match self.version {
            OmemoVersion::Legacy => {
                let (body, mac) = message.split_at(message.len() - 8);
                (body.to_vec(), 1, mac.to_vec())
            }
            OmemoVersion::Omemo2 => (field(message, 2).unwrap(), 3, field(message, 1).unwrap()),
        };
        let inner = if self.version == OmemoVersion::Legacy { &body[1..] } else { &body };
        let theirs = u(self.version, &field(inner, key_field).unwrap());
        let chain = self.root_step(dh(self.ratchet, theirs));
        let info = ["WhisperMessageKeys", "OMEMO Message Key Material"][self.version as usize];
        let keys = hkdf(&[0; 32], &hmac(&chain, &[1]), info, 80);
        let associated = match self.version {
            OmemoVersion::Legacy => [&self.peer_identity_wire[..], &self.identity_wire].concat(),
            OmemoVersion::Omemo2 => [&self.identity_wire[..], &self.peer_identity_wire].concat(),
        };
        assert_eq!(hmac(&keys[32..64], &[associated, body.clone()].concat())[..mac.len()], mac);
        let key: [u8; 32] = keys[..32].try_into().unwrap();
        let iv: [u8; 16] = keys[64..].try_into().unwrap();
        let cipher = cbc::Decryptor::<Aes256>::new(&key.into(), &iv.into());
        let plaintext = cipher.decrypt_padded_vec::<Pkcs7>(&field(inner, 4).unwrap()).unwrap();
        (plaintext, theirs)
    }

    /// Turns to a ratchet key that agrees with nobody's, as an attacker who has the session would.
    pub(crate) fn turn_to(&mut self, ratchet_wire: Vec<u8>) {
        self.chain = self.root_step([0; 32]);
        self.ratchet_wire = ratchet_wire;
        self.previous = self.n;
        self.n = 0;
    }

    fn mac(&self, key: &[u8], body: &[u8]) -> [u8; 32] {
        // The initiator is the sender here, and comes first in both versions.
        hmac(key, &[&self.identity_wire, &self.peer_identity_wire, body].concat())
    }

    fn root_step(&mut self, agreed: [u8; 32]) -> [u8; 32] {
        let info = ["WhisperRatchet", "OMEMO Root Chain"][self.version as usize];
        let okm = hkdf(&self.root, &agreed, info, 64);
        self.root = okm[..32].try_into().unwrap();
        okm[32..].try_into().unwrap()
    }
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 128 {
        out.push((number % 128) as u8 + 128);
        number /= 128;
    }
    out.push(number as u8);
    out
}

pub(crate) fn number(field: u64, number: u32) -> Vec<u8> {
    [varint(field * 8), varint(number.into())].concat()
}

pub(crate) fn bytes(field: u64, bytes: &[u8]) -> Vec<u8> {
    [varint(field * 8 + 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

/// The bytes of a field; of a number its little-endian bytes.
pub(crate) fn field(mut message: &[u8], wanted: u64) -> Option<Vec<u8>> {
    fn read(message: &mut &[u8]) -> u64 {
        let mut number = 0;
        for shift in (0..).step_by(7) {
            let byte = message[0];
            *message = &message[1..];
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                break;
            }
        }
        number
    }
    while !message.is_empty() {
        let tag = read(&mut message);
        let value = match tag % 8 {
            0 => read(&mut message).to_le_bytes().to_vec(),
            _ => {
                let length = read(&mut message) as usize;
                let value = message[..length].to_vec();
                message = &message[length..];
                value
            }
        };
        if tag / 8 == wanted {
            return Some(value);
        }
    }
    None
}

/// The ratchet key and the counter of a message, as they are in it.
pub(crate) fn header(version: OmemoVersion, sealed: &Sealed) -> (Vec<u8>, Vec<u8>) {
    let message = match (version, sealed.kind) {
        (_, Kind::Message) => sealed.bytes.clone(),
        (OmemoVersion::Legacy, Kind::KeyExchange) => field(&sealed.bytes[1..], 4).unwrap(),
        (OmemoVersion::Omemo2, Kind::KeyExchange) => field(&sealed.bytes, 5).unwrap(),
    };
    match version {
        OmemoVersion::Legacy => {
            let inner = &message[1..message.len() - 8];
            (field(inner, 1).unwrap(), field(inner, 2).unwrap())
        }
        OmemoVersion::Omemo2 => {
            let inner = field(&message, 2).unwrap();
            (field(&inner, 3).unwrap(), field(&inner, 1).unwrap())
        }
    }
}
