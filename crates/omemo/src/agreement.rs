//! X3DH: how two who never met agree on a secret ("The X3DH Key Agreement Protocol", rev 1 §3).
//!
//! OMEMO always uses a one-time pre-key (XEP-0384 0.9.1), so there are always four agreements.

use causerie_model::OmemoVersion;
use zeroize::Zeroizing;

use crate::KeyFault;
use crate::curve::{KeyPair, PublicKey};
use crate::profile::{Profile, derive};
use crate::secret::Secret;

/// The initiator's side (rev 1 §3.3): `SK` from our identity key and ephemeral key, and the peer's three keys.
pub(crate) fn initiate(
    version: OmemoVersion,
    (identity, ephemeral): (&KeyPair, &KeyPair),
    (their_identity, signed_prekey, one_time_prekey): (&PublicKey, &PublicKey, &PublicKey),
) -> Result<Secret, KeyFault> {
    secret(
        version,
        [
            identity.agree(signed_prekey)?,
            ephemeral.agree(their_identity)?,
            ephemeral.agree(signed_prekey)?,
            ephemeral.agree(one_time_prekey)?,
        ],
    )
}

/// The responder's side (rev 1 §3.4): `SK` from our three keys and the peer's two.
pub(crate) fn respond(
    version: OmemoVersion,
    (identity, signed_prekey, one_time_prekey): (&KeyPair, &KeyPair, &KeyPair),
    (their_identity, ephemeral): (&PublicKey, &PublicKey),
) -> Result<Secret, KeyFault> {
    secret(
        version,
        [
            signed_prekey.agree(their_identity)?,
            identity.agree(ephemeral)?,
            signed_prekey.agree(ephemeral)?,
            one_time_prekey.agree(ephemeral)?,
        ],
    )
}

/// `KDF(DH1 ‖ DH2 ‖ DH3 ‖ DH4)` with the 32 bytes `0xFF` of X25519 before it (rev 1 §2.2).
fn secret(version: OmemoVersion, agreements: [Zeroizing<[u8; 32]>; 4]) -> Result<Secret, KeyFault> {
    let mut ikm = Zeroizing::new([0xFF; 5 * 32]);
    for (place, agreement) in ikm.chunks_exact_mut(32).skip(1).zip(&agreements) {
        place.copy_from_slice(agreement.as_slice());
    }
    let mut okm: Zeroizing<[u8; 32]> = derive(&[0; 32], ikm.as_slice(), Profile::of(version).agreement);
    Ok(Secret::take(&mut okm))
}
