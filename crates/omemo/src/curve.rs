//! Curve25519: key pairs, public keys that may be trusted to be keys, and Diffie-Hellman (RFC 7748).

use causerie_model::OmemoVersion;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::montgomery::MontgomeryPoint;
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use curve25519_dalek::traits::IsIdentity;
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

/// The point of a public key that has just been read, for an agreement at once: to find it is a part of the check.
pub(crate) struct Point(EdwardsPoint);

/// A private key and its public key.
#[derive(Clone)]
pub(crate) struct KeyPair {
    secret: Secret,
    public: PublicKey,
}

impl PublicKey {
    /// Reads the u-coordinate of a point.
    pub(crate) fn new(u: &[u8; 32]) -> Result<Self, KeyFault> {
        Self::with_point(u).map(|(key, _)| key)
    }

    /// Reads the u-coordinate of a point, and gives the point as well.
    pub(crate) fn with_point(u: &[u8; 32]) -> Result<(Self, Point), KeyFault> {
        if !is_reduced(u) {
            return Err(KeyFault::NonCanonical);
        }
        let point = MontgomeryPoint(*u).to_edwards(0).ok_or(KeyFault::NonCanonical)?;
        check_subgroup(&point)?;
        Ok((Self(*u), Point(point)))
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
        shared(MontgomeryPoint(theirs.0).mul_clamped(*self.secret.reveal()))
    }

    /// The same secret from a key's point. The u-coordinate of a multiple does not depend on which of the two points with the
    /// key's u-coordinate it is of.
    pub(crate) fn agree_at(&self, theirs: &Point) -> Result<Zeroizing<[u8; 32]>, KeyFault> {
        let mut point = theirs.0.mul_clamped(*self.secret.reveal());
        let shared = shared(point.to_montgomery());
        point.zeroize();
        shared
    }
}

fn shared(mut point: MontgomeryPoint) -> Result<Zeroizing<[u8; 32]>, KeyFault> {
    let shared = Zeroizing::new(point.to_bytes());
    point.zeroize();
    match bool::from(subtle::ConstantTimeEq::ct_eq(shared.as_slice(), &[0; 32])) {
        true => Err(KeyFault::Weak),
        false => Ok(shared),
    }
}

/// Whether it is less than p = 2²⁵⁵ − 19, as the one canonical encoding of a coordinate is. (`ED FF … FF 7F` is p.)
fn is_reduced(u: &[u8; 32]) -> bool {
    let [low, middle @ .., high] = u;
    *high < 0x7F || (*high == 0x7F && (*low < 0xED || middle.iter().any(|byte| *byte != 0xFF)))
}

/// The 32 bytes of u, whose value is not yet checked.
pub(crate) fn strip_type(version: OmemoVersion, bytes: &[u8]) -> Result<[u8; 32], KeyFault> {
    let u = match version {
        OmemoVersion::Legacy => bytes.strip_prefix(&[LEGACY_TYPE]).ok_or(KeyFault::Malformed)?,
        OmemoVersion::Omemo2 => bytes,
    };
    u.try_into().map_err(|_| KeyFault::Malformed)
}

/// Refuses the identity, the other points of low order, and sums with one of them: ℓP is the identity, or (ℓ − 1)P = −P, for the
/// others alone. The time it takes tells of a public key, which is no secret.
pub(crate) fn check_subgroup(point: &EdwardsPoint) -> Result<(), KeyFault> {
    let minus_one = -Scalar::ONE;
    let times_minus_one = EdwardsPoint::vartime_double_scalar_mul_basepoint(&minus_one, point, &Scalar::ZERO);
    match !point.is_identity() && times_minus_one == -point {
        true => Ok(()),
        false => Err(KeyFault::Weak),
    }
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::EIGHT_TORSION;

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
            match PublicKey::with_point(&hex(public)) {
                Ok((_, point)) => {
                    assert_eq!(result, "valid", "{id} {flags}");
                    assert_eq!(*pair.agree_at(&point).unwrap(), hex(shared), "{id}");
                    agreed += 1;
                }
                Err(_) => refused += 1,
            }
        }
        // Most of theirs are points of the whole curve; an honest key is a multiple of the base point.
        assert_eq!((agreed, refused), (50, 468));
    }

    /// dalek's own check of the subgroup, in constant time, and ours agree: on all points of low order, on good points, and on
    /// their sums.
    #[test]
    fn subgroup() {
        let mut good = EdwardsPoint::mul_base(&Scalar::from(3_u8));
        for _ in 0..32 {
            good = good.mul_clamped(good.to_montgomery().to_bytes());
            assert_eq!(check_subgroup(&good), Ok(()));
            for low in EIGHT_TORSION {
                assert_eq!(check_subgroup(&low), Err(KeyFault::Weak));
                assert_eq!(check_subgroup(&(good + low)).is_ok(), (good + low).is_torsion_free());
                assert_eq!(check_subgroup(&(good + low)).is_ok(), low.is_identity());
            }
        }
    }

    /// The numbers up to p, and those that are p or more or have the top bit.
    #[test]
    fn reduced() {
        let p: [u8; 32] =
            std::array::from_fn(|at| [0xED, 0xFF, 0x7F][usize::from(at > 0) + usize::from(at > 30)]);
        let changed = |at: usize, byte| {
            let mut number = p;
            number[at] = byte;
            number
        };
        for number in [[0; 32], changed(0, 0xEC), changed(1, 0xFE), changed(30, 0), changed(31, 0x7E)] {
            assert!(is_reduced(&number), "{number:?}");
        }
        for number in
            [p, changed(0, 0xEE), changed(0, 0xFF), changed(31, 0x80), changed(31, 0xFF), [0xFF; 32]]
        {
            assert!(!is_reduced(&number), "{number:?}");
        }
        let mut zero = [0; 32];
        zero[31] = 0x80;
        assert!(!is_reduced(&zero));
    }
}
