//! Bundles: what a device publishes so that others can begin a session with it (XEP-0384 0.9.1, "Bundles"; 0.3.0).

use causerie_model::OmemoVersion;
use rand_core::RngCore;

use crate::curve::PublicKey;
use crate::identity::IdentityKey;
use crate::{Refused, random_below};

/// How many one-time pre-keys of a bundle are looked at.
pub const MAX_BUNDLE_PREKEYS: usize = 1_000;

/// A bundle as bytes, each as it goes base64-encoded into the element of the same name. Ours, to be published; or a peer's,
/// as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedBundle {
    /// `<ik/>`, `<identityKey/>`.
    pub identity: Vec<u8>,
    /// The id of the signed pre-key.
    pub signed_prekey_id: u32,
    /// `<spk/>`, `<signedPreKeyPublic/>`.
    pub signed_prekey: Vec<u8>,
    /// `<spks/>`, `<signedPreKeySignature/>`.
    pub signature: [u8; 64],
    /// `<pk/>`, `<preKeyPublic/>`: the one-time pre-keys with their ids.
    pub prekeys: Vec<(u32, Vec<u8>)>,
}

/// The bundle of a peer, its signature verified and at least one of its one-time pre-keys known to be good.
#[derive(Clone, Debug)]
pub struct PeerBundle {
    version: OmemoVersion,
    identity: IdentityKey,
    signed_prekey_id: u32,
    signed_prekey: PublicKey,
    prekeys: Vec<(u32, Vec<u8>)>,
}

impl PeerBundle {
    /// Reads a bundle as it came from a server.
    ///
    /// The identity key and the signed pre-key must be good and the signature right. Of the one-time pre-keys the bad ones are
    /// passed over, those of id 0 among them; one must be good.
    pub fn read(version: OmemoVersion, bundle: &PublishedBundle) -> Result<Self, Refused> {
        let identity = IdentityKey::decode(version, &bundle.identity)?;
        let signed_prekey = PublicKey::decode(version, &bundle.signed_prekey)?;
        if !identity.has_signed(version, &signed_prekey, &bundle.signature) {
            return Err(Refused::Tampered);
        }
        let is_good = |(id, key): &&(u32, Vec<u8>)| *id > 0 && PublicKey::decode(version, key).is_ok();
        let looked_at = bundle.prekeys.iter().take(MAX_BUNDLE_PREKEYS);
        // Whether the later ones are good is found out when one of them is chosen: it costs a multiplication each.
        let prekeys: Vec<_> = looked_at.skip_while(|prekey| !is_good(prekey)).cloned().collect();
        match prekeys.is_empty() {
            true => Err(Refused::NoPreKey),
            false => Ok(Self {
                version,
                identity,
                signed_prekey_id: bundle.signed_prekey_id,
                signed_prekey,
                prekeys,
            }),
        }
    }

    /// For which version it is.
    pub fn version(&self) -> OmemoVersion {
        self.version
    }

    /// Whose it is.
    pub fn identity(&self) -> &IdentityKey {
        &self.identity
    }

    pub(crate) fn signed_prekey(&self) -> (u32, &PublicKey) {
        (self.signed_prekey_id, &self.signed_prekey)
    }

    /// A good one-time pre-key at random, with its id (XEP-0384 0.9.1, "Building a session").
    pub(crate) fn choose_prekey(&self, rng: &mut dyn RngCore) -> Result<(u32, PublicKey), Refused> {
        let mut left: Vec<&(u32, Vec<u8>)> = self.prekeys.iter().collect();
        while !left.is_empty() {
            let (id, key) = left.swap_remove(random_below(left.len(), rng));
            if *id > 0
                && let Ok(key) = PublicKey::decode(self.version, key)
            {
                return Ok((*id, key));
            }
        }
        Err(Refused::NoPreKey)
    }
}
