//! The long-term key of a device: Curve25519 for agreement, Ed25519 for signatures, one scalar for both.

use std::fmt;

use causerie_model::{Fingerprint, OmemoVersion};
use curve25519_dalek::{edwards::CompressedEdwardsY, montgomery::MontgomeryPoint};
use rand_core::RngCore;

use crate::KeyFault;
use crate::curve::{KeyPair, PublicKey, check_subgroup};
use crate::secret::Secret;
use crate::xeddsa;

/// Our own identity key with its secret half.
#[derive(Clone)]
pub struct IdentityKeyPair {
    pair: KeyPair,
    public: IdentityKey,
}

/// The public identity key of a device.
///
/// It remembers the Edwards form as it was sent, sign bit included, because associated data are made of that
/// (XEP-0384 0.9.1, "Key Exchange"). Two that differ in this bit alone are the same key and have the same [`Fingerprint`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IdentityKey {
    curve: PublicKey,
    edwards: [u8; 32],
}

impl IdentityKeyPair {
    /// A new one.
    pub fn generate(rng: &mut dyn RngCore) -> Self {
        Self::from_secret(&Secret::random(rng))
    }

    /// The pair of a stored or known private key (an X25519 scalar; it is clamped if it was not).
    pub fn from_secret_bytes(secret: &[u8; 32]) -> Self {
        Self::from_secret(&Secret::copy(secret))
    }

    fn from_secret(secret: &Secret) -> Self {
        let pair = KeyPair::from_secret(secret);
        let edwards = xeddsa::public_key(pair.secret());
        let public = IdentityKey { curve: *pair.public(), edwards };
        Self { pair, public }
    }

    /// The private key, to be stored sealed. Keep the borrow short.
    pub fn secret_bytes(&self) -> &[u8; 32] {
        self.pair.secret().reveal()
    }

    /// The public half.
    pub fn public(&self) -> &IdentityKey {
        &self.public
    }

    pub(crate) fn pair(&self) -> &KeyPair {
        &self.pair
    }

    /// Signs a pre-key in its encoding for that version.
    pub(crate) fn sign_prekey(
        &self,
        version: OmemoVersion,
        key: &PublicKey,
        rng: &mut dyn RngCore,
    ) -> [u8; 64] {
        xeddsa::sign(self.pair.secret(), &key.encode(version), rng)
    }
}

impl IdentityKey {
    /// Reads an identity key as it is on the wire: `0x05 ‖ u` in the legacy version (XEP-0384 0.3.0, libsignal), an Ed25519
    /// public key in the newer (0.9.1, "Bundles").
    pub fn decode(version: OmemoVersion, bytes: &[u8]) -> Result<Self, KeyFault> {
        match version {
            OmemoVersion::Legacy => {
                let curve = PublicKey::decode(version, bytes)?;
                let point = MontgomeryPoint(*curve.as_bytes()).to_edwards(0).ok_or(KeyFault::NonCanonical)?;
                Ok(Self { curve, edwards: point.compress().to_bytes() })
            }
            OmemoVersion::Omemo2 => {
                let edwards: [u8; 32] = bytes.try_into().map_err(|_| KeyFault::Malformed)?;
                let point = CompressedEdwardsY(edwards).decompress().ok_or(KeyFault::NonCanonical)?;
                // dalek 5 looks at this as well; it is not in what it promises.
                if point.compress().to_bytes() != edwards {
                    return Err(KeyFault::NonCanonical);
                }
                check_subgroup(&point)?;
                let curve = PublicKey::checked_before(point.to_montgomery().to_bytes());
                Ok(Self { curve, edwards })
            }
        }
    }

    /// As it is on the wire.
    pub fn encode(&self, version: OmemoVersion) -> Vec<u8> {
        match version {
            OmemoVersion::Legacy => self.curve.encode(version),
            OmemoVersion::Omemo2 => self.edwards.to_vec(),
        }
    }

    /// What people compare.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(*self.curve.as_bytes())
    }

    pub(crate) fn curve(&self) -> &PublicKey {
        &self.curve
    }

    pub(crate) fn edwards(&self) -> &[u8; 32] {
        &self.edwards
    }

    /// Takes a key that was checked when it came.
    pub(crate) fn checked_before(curve: [u8; 32], edwards: [u8; 32]) -> Self {
        Self { curve: PublicKey::checked_before(curve), edwards }
    }

    /// Whether the key has signed that pre-key, in its encoding for that version.
    ///
    /// A legacy signature carries the sign bit of the Edwards key in its own top bit (libsignal's `curve25519_verify`).
    pub(crate) fn has_signed(&self, version: OmemoVersion, prekey: &PublicKey, signature: &[u8; 64]) -> bool {
        let (mut public, mut signature) = (self.edwards, *signature);
        if version == OmemoVersion::Legacy {
            public[31] = public[31] & 0x7F | signature[63] & 0x80;
            signature[63] &= 0x7F;
        }
        xeddsa::verify(&public, &prekey.encode(version), &signature)
    }
}

impl fmt::Debug for IdentityKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityKeyPair({:?})", self.public)
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::{edwards::EdwardsPoint, scalar::Scalar};
    use sha2::{Digest, Sha512};

    use super::*;

    /// libsignal signs with the scalar as it is, and puts the sign of the Edwards key into the top bit of the signature.
    fn sign_as_libsignal(k: &Scalar, message: &[u8]) -> ([u8; 32], [u8; 64]) {
        let public = EdwardsPoint::mul_base(k).compress().to_bytes();
        let r = Scalar::from(0x1234_5678_9ABC_u64);
        let commitment = EdwardsPoint::mul_base(&r).compress().to_bytes();
        let hash = Sha512::new().chain_update(commitment).chain_update(public).chain_update(message);
        let response = r + Scalar::from_bytes_mod_order_wide(&hash.finalize().into()) * k;
        let mut signature: [u8; 64] = [commitment, response.to_bytes()].concat().try_into().unwrap();
        signature[63] |= public[31] & 0x80;
        (public, signature)
    }

    #[test]
    fn legacy_signatures_carry_the_sign_of_their_key() {
        let prekey = *KeyPair::from_secret(&Secret::copy(&[9; 32])).public();
        let mut signs = [0; 2];
        for seed in 1..=32 {
            let pair = KeyPair::from_secret(&Secret::copy(&[seed; 32]));
            let k = Scalar::from_bytes_mod_order(*pair.secret().reveal());
            let version = OmemoVersion::Legacy;
            let (public, signature) = sign_as_libsignal(&k, &prekey.encode(version));
            let identity = IdentityKey::decode(version, &pair.public().encode(version)).unwrap();
            assert!(identity.has_signed(version, &prekey, &signature));
            let mut flipped = signature;
            flipped[63] ^= 0x80;
            assert!(!identity.has_signed(version, &prekey, &flipped));
            signs[usize::from(public[31] >> 7)] += 1;
        }
        assert!(signs[0] > 5 && signs[1] > 5, "{signs:?}");
    }
}
