//! What differs between the two versions of OMEMO, besides their encodings.

use aes::Aes256;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use causerie_model::OmemoVersion;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::Refused;
use crate::secret::Secret;

/// The strings that keep the derivations of one version apart from those of every other use of the same keys.
pub(crate) struct Profile {
    /// X3DH's `info` ("The X3DH Key Agreement Protocol" rev 1 §2.2).
    pub(crate) agreement: &'static [u8],
    /// For `KDF_RK` ("The Double Ratchet Algorithm" rev 1 §5.2).
    pub(crate) root: &'static [u8],
    /// For the keys of one message (rev 1 §5.2, `ENCRYPT`).
    message: &'static [u8],
    /// To how many bytes the MAC of a message is cut.
    pub(crate) mac_bytes: usize,
}

/// libsignal's strings, which the legacy version inherits (XEP-0384 0.3.0 names "SignalProtocol", and no string).
const LEGACY: Profile = Profile {
    agreement: b"WhisperText",
    root: b"WhisperRatchet",
    message: b"WhisperMessageKeys",
    mac_bytes: 8,
};

/// XEP-0384 0.9.1, "Key Exchange" and "Double Ratchet".
const OMEMO2: Profile = Profile {
    agreement: b"OMEMO X3DH",
    root: b"OMEMO Root Chain",
    message: b"OMEMO Message Key Material",
    mac_bytes: 16,
};

/// XEP-0384 0.9.1, "Message Encryption".
const PAYLOAD: &[u8] = b"OMEMO Payload";

/// The keys of one message or payload: AES-256-CBC and HMAC-SHA-256.
pub(crate) struct CipherKeys {
    cipher: Secret,
    mac: Secret,
    iv: Zeroizing<[u8; 16]>,
}

impl Profile {
    /// That of a version.
    pub(crate) fn of(version: OmemoVersion) -> &'static Self {
        match version {
            OmemoVersion::Legacy => &LEGACY,
            OmemoVersion::Omemo2 => &OMEMO2,
        }
    }

    /// The keys that a message key stands for.
    pub(crate) fn message_keys(&self, message_key: &Secret) -> CipherKeys {
        CipherKeys::derived(message_key.reveal(), self.message)
    }
}

impl CipherKeys {
    /// The keys that the key of an OMEMO 2 payload stands for.
    pub(crate) fn of_payload(key: &[u8; 32]) -> Self {
        Self::derived(key, PAYLOAD)
    }

    /// AES-256-CBC with PKCS#7.
    pub(crate) fn encrypt(&self, plaintext: &[u8]) -> Vec<u8> {
        let cipher = cbc::Encryptor::<Aes256>::new(self.cipher.reveal().into(), (&*self.iv).into());
        cipher.encrypt_padded_vec::<Pkcs7>(plaintext)
    }

    /// The inverse. Only after the MAC was found right.
    pub(crate) fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let cipher = cbc::Decryptor::<Aes256>::new(self.cipher.reveal().into(), (&*self.iv).into());
        cipher.decrypt_padded_vec::<Pkcs7>(ciphertext).map(Zeroizing::new).map_err(|_| Refused::Tampered)
    }

    /// HMAC-SHA-256 of the parts.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        hmac(self.mac.reveal(), parts)
    }

    /// Whether the parts have this MAC, which is cut to `length` bytes; in constant time.
    pub(crate) fn has_mac(&self, parts: &[&[u8]], length: usize, mac: &[u8]) -> bool {
        let expected = Zeroizing::new(self.mac(parts));
        expected.get(..length).is_some_and(|expected| expected.ct_eq(mac).into())
    }

    /// 80 bytes: AES key, MAC key, IV.
    fn derived(key: &[u8; 32], info: &[u8]) -> Self {
        let okm: Zeroizing<[u8; 80]> = derive(&[0; 32], key, info);
        let (mut cipher, mut mac, mut iv) = ([0; 32], [0; 32], Zeroizing::new([0; 16]));
        cipher.copy_from_slice(&okm[..32]);
        mac.copy_from_slice(&okm[32..64]);
        iv.copy_from_slice(&okm[64..]);
        Self { cipher: Secret::take(&mut cipher), mac: Secret::take(&mut mac), iv }
    }
}

/// HKDF-SHA-256 (RFC 5869).
pub(crate) fn derive<const N: usize>(salt: &[u8; 32], ikm: &[u8], info: &[u8]) -> Zeroizing<[u8; N]> {
    let mut okm = Zeroizing::new([0; N]);
    let hkdf = Hkdf::<Sha256>::new(Some(salt), ikm);
    hkdf.expand(info, okm.as_mut_slice()).expect("80 bytes or less are asked, and HKDF gives 8,160");
    okm
}

/// HMAC-SHA-256 (RFC 2104).
pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
