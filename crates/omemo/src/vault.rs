//! How state is sealed before it is stored: AES-256-GCM with a random nonce (NIST SP 800-38D §8.2.2).
//!
//! Why this cipher: the room needs it anyway, and no further crate is to be trusted. A random nonce of 96 bits is good for
//! 2³² values under one key; a person whose device seals a value a second reaches that after 136 years. XChaCha20-Poly1305, whose
//! nonces are longer, would be the choice for a key that many devices share.

use std::fmt;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use rand_core::RngCore;
use zeroize::Zeroizing;

use crate::Damaged;
use crate::secret::Secret;

/// The version of the sealed form: a byte, 12 of nonce, the ciphertext, 16 of tag.
const SEALED_FORM: u8 = 1;

/// Seals and opens stored values with one random key, which the caller keeps in a safer place than the values.
pub struct Vault {
    key: Secret,
}

impl Vault {
    /// With a new random key.
    pub fn generate(rng: &mut dyn RngCore) -> Self {
        Self { key: Secret::random(rng) }
    }

    /// With a key that was kept.
    pub fn from_key(key: &[u8; 32]) -> Self {
        Self { key: Secret::copy(key) }
    }

    /// The key, to be kept. Keep the borrow short.
    pub fn key(&self) -> &[u8; 32] {
        self.key.reveal()
    }

    /// Seals a value. `name` says what and whose it is; it is not kept in the sealed form, but a value only opens under its
    /// own, so that no two can be exchanged.
    pub fn seal(&self, name: &[u8], value: &[u8], rng: &mut dyn RngCore) -> Vec<u8> {
        let mut nonce = [0; 12];
        rng.fill_bytes(&mut nonce);
        let cipher = Aes256Gcm::new(self.key.reveal().into());
        let sealed = cipher
            .encrypt(&nonce.into(), Payload { msg: value, aad: name })
            .expect("a stored value is shorter than the 64 GiB that AES-GCM takes");
        [&[SEALED_FORM], nonce.as_slice(), &sealed].concat()
    }

    /// Opens a value. An error: it was changed, is another's, or was sealed with another key.
    pub fn open(&self, name: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Damaged> {
        let rest = sealed.strip_prefix(&[SEALED_FORM]).ok_or(Damaged)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<12>().ok_or(Damaged)?;
        let cipher = Aes256Gcm::new(self.key.reveal().into());
        let opened = cipher.decrypt(nonce.into(), Payload { msg: ciphertext, aad: name });
        opened.map(Zeroizing::new).map_err(|_| Damaged)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}
