//! Signatures by a key that is also used for Diffie-Hellman ("The XEdDSA and VXEdDSA Signature Schemes", rev 1 §2, §3).
//!
//! The specification's `calculate_key_pair` forces the sign bit of the Edwards key to 0. A signature made so verifies in both
//! versions of OMEMO: as plain Ed25519 under the published key, and after libsignal's conversion, which takes the sign from the
//! top bit of the signature.

use curve25519_dalek::{
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
};
use rand_core::RngCore;
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, Zeroizing};

use crate::secret::Secret;

/// Signs. `secret` is a clamped private key; the signature is under its Edwards form with sign bit 0.
pub(crate) fn sign(secret: &Secret, message: &[u8], rng: &mut dyn RngCore) -> [u8; 64] {
    let (mut a, public) = key_pair(secret);
    let mut z = Zeroizing::new([0; 64]);
    rng.fill_bytes(z.as_mut_slice());

    // hash_1(a ‖ M ‖ Z), where hash_i puts 2^256 - 1 - i, little-endian, before its input (rev 1 §2.5).
    let mut prefix = [0xFF; 32];
    prefix[0] = 0xFE;
    let mut encoded = a.to_bytes();
    let mut r = hash_to_scalar(&[&prefix, &encoded, message, z.as_slice()]);
    encoded.zeroize();

    let commitment = EdwardsPoint::mul_base(&r).compress().to_bytes();
    let challenge = hash_to_scalar(&[&commitment, &public, message]);
    let response = (r + challenge * a).to_bytes();
    a.zeroize();
    r.zeroize();

    let mut signature = [0; 64];
    let (first, second) = signature.split_at_mut(32);
    first.copy_from_slice(&commitment);
    second.copy_from_slice(&response);
    signature
}

/// Whether it is a signature of the message under an Edwards public key (RFC 8032 §5.1.7, without cofactor; s reduced).
///
/// The sign bit is taken from `public`, and the top bit of the signature must be 0: a legacy caller has moved it.
pub(crate) fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let (commitment, response) = signature.split_at(32);
    let Some(response) = response.try_into().ok().and_then(|s| Scalar::from_canonical_bytes(s).into_option())
    else {
        return false;
    };
    let Some(point) = CompressedEdwardsY(*public).decompress() else {
        return false;
    };
    let challenge = hash_to_scalar(&[commitment, public, message]);
    let expected = EdwardsPoint::vartime_double_scalar_mul_basepoint(&challenge, &-point, &response);
    expected.compress().as_bytes().as_slice() == commitment
}

/// The Edwards form with sign bit 0 of the public key of a clamped private key.
pub(crate) fn public_key(secret: &Secret) -> [u8; 32] {
    let (mut a, public) = key_pair(secret);
    a.zeroize();
    public
}

/// `calculate_key_pair` (rev 1 §2.3).
fn key_pair(secret: &Secret) -> (Scalar, [u8; 32]) {
    let mut k = Scalar::from_bytes_mod_order(*secret.reveal());
    let mut negated = -k;
    let mut public = EdwardsPoint::mul_base(&k).compress().to_bytes();
    let sign = subtle::Choice::from(public[31] >> 7);
    public[31] &= 0x7F;
    let a = subtle::ConditionallySelectable::conditional_select(&k, &negated, sign);
    k.zeroize();
    negated.zeroize();
    (a, public)
}

fn hash_to_scalar(parts: &[&[u8]]) -> Scalar {
    let mut hash = Sha512::new();
    for part in parts {
        hash.update(part);
    }
    let wide: Zeroizing<[u8; 64]> = Zeroizing::new(hash.finalize().into());
    Scalar::from_bytes_mod_order_wide(&wide)
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::scalar::clamp_integer;

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let text = if text == "-" { "" } else { text };
        (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
    }

    struct Counting(u8);

    impl RngCore for Counting {
        fn next_u32(&mut self) -> u32 {
            rand_core::impls::next_u32_via_fill(self)
        }

        fn next_u64(&mut self) -> u64 {
            rand_core::impls::next_u64_via_fill(self)
        }

        fn fill_bytes(&mut self, out: &mut [u8]) {
            for byte in out {
                self.0 = self.0.wrapping_mul(5).wrapping_add(77);
                *byte = self.0;
            }
        }
    }

    /// Project Wycheproof: forged, malleable and non-canonical signatures are refused.
    #[test]
    fn ed25519() {
        let (mut valid, mut invalid) = (0, 0);
        let lines = include_str!("../tests/vectors/wycheproof/ed25519.txt").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split(' ').collect();
            let [id, result, public, message, signature] = columns[..] else { panic!("{line}") };
            let (public, signature) = (hex(public).try_into().unwrap(), hex(signature).try_into().unwrap());
            assert_eq!(verify(&public, &hex(message), &signature), result == "valid", "{id}");
            *(if result == "valid" { &mut valid } else { &mut invalid }) += 1;
        }
        assert_eq!(valid + invalid, 139);
        assert!(valid > 50 && invalid > 50, "{valid} {invalid}");
    }

    /// Keys of both signs: the published form has sign 0 and verifies.
    #[test]
    fn signatures_verify_and_differ_each_time() {
        let mut rng = Counting(1);
        let mut signs = [0; 2];
        for _ in 0..32 {
            let secret = Secret::take(&mut clamp_integer(*Secret::random(&mut rng).reveal()));
            let natural = EdwardsPoint::mul_base_clamped(*secret.reveal()).compress().to_bytes();
            signs[usize::from(natural[31] >> 7)] += 1;
            let public = public_key(&secret);
            assert_eq!(public[31] >> 7, 0);
            let (one, two) = (sign(&secret, b"message", &mut rng), sign(&secret, b"message", &mut rng));
            assert_ne!(one, two);
            assert_eq!(one[63] >> 7, 0);
            assert!(verify(&public, b"message", &one) && verify(&public, b"message", &two));
            assert!(!verify(&public, b"massage", &one));
        }
        assert!(signs[0] > 5 && signs[1] > 5, "{signs:?}");
    }
}
