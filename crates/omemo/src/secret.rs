//! Bytes that are wiped when dropped and never shown.

use std::fmt;

use rand_core::RngCore;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// 32 secret bytes: a private key, a root key, a chain key or a message key. Boxed, so that moving one leaves no copy behind.
#[derive(Clone)]
pub(crate) struct Secret(Box<[u8; 32]>);

impl Secret {
    /// Takes the bytes; the caller's copy is wiped.
    pub(crate) fn take(bytes: &mut [u8; 32]) -> Self {
        let secret = Self::copy(bytes);
        bytes.zeroize();
        secret
    }

    /// Copies the bytes. For bytes that somebody else wipes.
    pub(crate) fn copy(bytes: &[u8; 32]) -> Self {
        let mut secret = Self(Box::new([0; 32]));
        secret.0.copy_from_slice(bytes);
        secret
    }

    /// 32 bytes of chance.
    pub(crate) fn random(rng: &mut dyn RngCore) -> Self {
        let mut secret = Self(Box::new([0; 32]));
        rng.fill_bytes(secret.0.as_mut_slice());
        secret
    }

    /// The bytes. Keep the borrow short.
    pub(crate) fn reveal(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for Secret {
    /// In constant time.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for Secret {}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
