//! What a message says: encrypted once, with a key that the ratchets carry to each device.

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, consts::U16};
use aes_gcm::aes::Aes128;
use aes_gcm::{Aes128Gcm, AesGcm};
use rand_core::RngCore;
use zeroize::Zeroizing;

use crate::profile::CipherKeys;
use crate::{Refused, random_below};

/// The longest ciphertext that is looked at, in bytes.
pub const MAX_PAYLOAD_BYTES: usize = 1 << 20;

/// What the ratchets carry in an empty OMEMO 2 message, which has no `<payload/>` (XEP-0384 0.9.1, "Message Encryption").
pub const OMEMO2_EMPTY: [u8; 32] = [0; 32];

/// How much random text [`padding`] gives at most (XEP-0420 0.4.1, `<rpad/>`).
pub const MAX_PADDING: usize = 200;

/// An encrypted body of the legacy version (XEP-0384 0.3.0).
pub struct LegacyPayload {
    /// `<iv/>`.
    pub iv: [u8; 12],
    /// `<payload/>`, without the tag.
    pub ciphertext: Vec<u8>,
    /// For the ratchets: 16 bytes of key, 16 of tag.
    pub keys: Zeroizing<Vec<u8>>,
}

/// An encrypted envelope of OMEMO 2 (XEP-0384 0.9.1, "Message Encryption").
pub struct Omemo2Payload {
    /// `<payload/>`.
    pub ciphertext: Vec<u8>,
    /// For the ratchets: 32 bytes of key, 16 of HMAC.
    pub keys: Zeroizing<Vec<u8>>,
}

/// Encrypts a body with AES-128-GCM under a new key. An empty one makes the `<iv/>` and keys of an empty message, whose
/// `<payload/>` is left out (XEP-0384 0.3.0, "KeyTransportElement").
pub fn encrypt_legacy(body: &[u8], rng: &mut dyn RngCore) -> LegacyPayload {
    let (mut key, mut iv) = (Zeroizing::new([0; 16]), [0; 12]);
    rng.fill_bytes(key.as_mut_slice());
    rng.fill_bytes(&mut iv);
    let cipher = Aes128Gcm::new((&*key).into());
    let mut ciphertext =
        cipher.encrypt(&iv.into(), body).expect("a body is shorter than the 64 GiB that AES-GCM takes");
    let tag = ciphertext.split_off(body.len());
    let mut keys = Zeroizing::new(Vec::with_capacity(32));
    keys.extend_from_slice(key.as_slice());
    keys.extend_from_slice(&tag);
    LegacyPayload { iv, ciphertext, keys }
}

/// Decrypts a body. IVs of 12 and of 16 bytes are in use. A key that came without the tag is refused: such a body could be
/// changed by any of its readers (audit of 2016; XEP-0384 since 0.2).
pub fn decrypt_legacy(keys: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let (key, tag) = keys.split_first_chunk::<16>().ok_or(Refused::Malformed)?;
    if tag.len() != 16 || ciphertext.len() > MAX_PAYLOAD_BYTES {
        return Err(Refused::Malformed);
    }
    let sealed = [ciphertext, tag].concat();
    let opened = if let Ok(iv) = <&[u8; 12]>::try_from(iv) {
        Aes128Gcm::new(key.into()).decrypt(iv.into(), sealed.as_slice())
    } else if let Ok(iv) = <&[u8; 16]>::try_from(iv) {
        AesGcm::<Aes128, U16>::new(key.into()).decrypt(iv.into(), sealed.as_slice())
    } else {
        return Err(Refused::Malformed);
    };
    opened.map(Zeroizing::new).map_err(|_| Refused::Tampered)
}

/// Encrypts an envelope (XEP-0420) under a new key: AES-256-CBC, and HMAC-SHA-256 over the ciphertext, cut to 16 bytes.
pub fn encrypt_omemo2(envelope: &[u8], rng: &mut dyn RngCore) -> Omemo2Payload {
    let mut key = Zeroizing::new([0; 32]);
    rng.fill_bytes(key.as_mut_slice());
    let derived = CipherKeys::of_payload(&key);
    let ciphertext = derived.encrypt(envelope);
    let mac = Zeroizing::new(derived.mac(&[&ciphertext]));
    let mut keys = Zeroizing::new(Vec::with_capacity(48));
    keys.extend_from_slice(key.as_slice());
    keys.extend(mac.iter().take(16));
    Omemo2Payload { ciphertext, keys }
}

/// Decrypts an envelope, after its HMAC was found right.
pub fn decrypt_omemo2(keys: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let (key, mac) = keys.split_first_chunk::<32>().ok_or(Refused::Malformed)?;
    if mac.len() != 16 || ciphertext.len() > MAX_PAYLOAD_BYTES {
        return Err(Refused::Malformed);
    }
    let derived = CipherKeys::of_payload(key);
    match derived.has_mac(&[ciphertext], 16, mac) {
        true => derived.decrypt(ciphertext),
        false => Err(Refused::Tampered),
    }
}

/// Text for `<rpad/>`: of random length up to [`MAX_PADDING`], of random letters and digits (XEP-0420 0.4.1, `<rpad/>`).
pub fn padding(rng: &mut dyn RngCore) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let length = random_below(MAX_PADDING + 1, rng);
    let mut letters = || LETTERS.get(random_below(LETTERS.len(), rng)).copied().map_or('-', char::from);
    (0..length).map(|_| letters()).collect()
}

impl fmt::Debug for LegacyPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LegacyPayload({} bytes)", self.ciphertext.len())
    }
}

impl fmt::Debug for Omemo2Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Omemo2Payload({} bytes)", self.ciphertext.len())
    }
}
