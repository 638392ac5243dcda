//! Curve25519: key pairs, public keys that may be trusted to be keys, and Diffie-Hellman (RFC 7748).

use causerie_model::OmemoVersion;
use curve25519_dalek::{
    edwards::EdwardsPoint, montgomery::MontgomeryPoint, scalar::clamp_integer, traits::IsIdentity,
};
use rand_core::RngCore;
use zeroize::{Zeroize, Zeroizing};

use crate::KeyFault;
use crate::secret::Secret;

/// The type byte before a public key in the legacy encoding (libsignal's `DJB_TYPE`, which XEP-0384 0.3.0 inherits).
const LEGACY_TYPE: u8 = 0x05;

/// A public key: the u-coordinate of a point of the prime-order subgroup, in its canonical form.
///
/// The check is the same for the keys in all four roles: identity, signed pre-key, one-time pre-key, ratchet key. A point plus
/// one of low order gives the same secrets under a clamped scalar, and X25519 ignores the top bit; were either let through, a
/// key exchange, whose ephemeral key no MAC covers, could be replayed as a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey([u8; 32]);

/// A private key and its public key.
#[derive(Clone)]
pub(crate) struct KeyPair {
    secret: Secret,
    public: PublicKey,
}

impl PublicKey {
    /// Reads the u-coordinate of a point.
    pub(crate) fn new(u: &[u8; 32]) -> Result<Self, KeyFault> {
        let point = MontgomeryPoint(*u).to_edwards(0).ok_or(KeyFault::NonCanonical)?;
        // The way there and back writes u reduced and without its top bit.
        if point.to_montgomery().to_bytes() != *u {
            return Err(KeyFault::NonCanonical);
        }
        check_subgroup(&point)?;
        Ok(Self(*u))
    }

    /// Reads a pre-key or ratchet key as it is on the wire.
    pub(crate) fn decode(version: OmemoVersion, bytes: &[u8]) -> Result<Self, KeyFault> {
        Self::new(&strip_type(version, bytes)?)
    }

    /// Takes a key that was checked when it came.
    pub(crate) fn checked_before(u: [u8; 32]) -> Self {
        Self(u)
    }

    /// As it is on the wire: `0x05 ‖ u` in the legacy version, `u` in the newer.
    pub(crate) fn encode(&self, version: OmemoVersion) -> Vec<u8> {
        match version {
            OmemoVersion::Legacy => [&[LEGACY_TYPE], self.0.as_slice()].concat(),
            OmemoVersion::Omemo2 => self.0.to_vec(),
        }
    }

    /// The u-coordinate.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl KeyPair {
    /// A new one.
    pub(crate) fn generate(rng: &mut dyn RngCore) -> Self {
        Self::from_secret(&Secret::random(rng))
    }

    /// The pair of a private key.
    pub(crate) fn from_secret(secret: &Secret) -> Self {
        let secret = Secret::take(&mut clamp_integer(*secret.reveal()));
        let public = PublicKey(MontgomeryPoint::mul_base_clamped(*secret.reveal()).to_bytes());
        Self { secret, public }
    }

    /// Takes a pair that was made before.
    pub(crate) fn made_before(secret: Secret, public: PublicKey) -> Self {
        Self { secret, public }
    }

    /// The public key.
    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The private key, clamped.
    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The secret shared with the owner of the other key (RFC 7748 §6.1, with its check for zero).
    pub(crate) fn agree(&self, theirs: &PublicKey) -> Result<Zeroizing<[u8; 32]>, KeyFault> {
        let mut point = MontgomeryPoint(theirs.0).mul_clamped(*self.secret.reveal());
        let shared = Zeroizing::new(point.to_bytes());
        point.zeroize();
        match bool::from(subtle::ConstantTimeEq::ct_eq(shared.as_slice(), &[0; 32])) {
            true => Err(KeyFault::Weak),
            false => Ok(shared),
        }
    }
}

/// The 32 bytes of u, whose value is not yet checked.
pub(crate) fn strip_type(version: OmemoVersion, bytes: &[u8]) -> Result<[u8; 32], KeyFault> {
    let u = match version {
        OmemoVersion::Legacy => bytes.strip_prefix(&[LEGACY_TYPE]).ok_or(KeyFault::Malformed)?,
        OmemoVersion::Omemo2 => bytes,
    };
    u.try_into().map_err(|_| KeyFault::Malformed)
}

/// Refuses the identity, the other points of low order, and sums with one of them.
pub(crate) fn check_subgroup(point: &EdwardsPoint) -> Result<(), KeyFault> {
    match !point.is_identity() && point.is_torsion_free() {
        true => Ok(()),
        false => Err(KeyFault::Weak),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> [u8; 32] {
        std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
    }

    /// Project Wycheproof: agreements are as they should be, and what its authors find dubious is no public key here.
    #[test]
    fn x25519() {
        let (mut agreed, mut refused) = (0, 0);
        let lines = include_str!("../tests/vectors/wycheproof/x25519.txt").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split(' ').collect();
            let [id, result, flags, private, public, shared] = columns[..] else { panic!("{line}") };
            let pair = KeyPair::from_secret(&Secret::copy(&hex(private)));
            match (pair.agree(&PublicKey::checked_before(hex(public))), hex(shared)) {
                (Ok(secret), shared) => assert_eq!(*secret, shared, "{id}"),
                (Err(fault), shared) => assert_eq!((fault, shared), (KeyFault::Weak, [0; 32]), "{id}"),
            }
            match PublicKey::new(&hex(public)) {
                Ok(_) => {
                    assert_eq!(result, "valid", "{id} {flags}");
                    agreed += 1;
                }
                Err(_) => refused += 1,
            }
        }
        // Most of theirs are points of the whole curve; an honest key is a multiple of the base point.
        assert_eq!((agreed, refused), (50, 468));
    }
}
