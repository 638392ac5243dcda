//! Bundles: what a device publishes so that others can begin a session with it (XEP-0384 0.9.1, "Bundles"; 0.3.0).

use causerie_model::OmemoVersion;
use rand_core::RngCore;

use crate::curve::PublicKey;
use crate::identity::IdentityKey;
use crate::{Refused, random_below};

/// How many one-time pre-keys of a bundle are looked at.
pub const MAX_BUNDLE_PREKEYS: usize = 1_000;

/// How many bad ones are passed over to find a good one: each costs nearly an agreement, and honest bundles have none.
const MAX_BAD_PREKEYS: usize = 100;

/// How many are chosen at random before the one is taken that is known to be good.
const MAX_CHOICES: usize = 20;

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
    /// The first is good.
    prekeys: Vec<(u32, Vec<u8>)>,
}

impl PeerBundle {
    /// Reads a bundle as it came from a server.
    ///
    /// The identity key and the signed pre-key must be good and the signature right. Of the one-time pre-keys the bad ones are
    /// passed over, those of id 0 among them; one must be good, with no more than 100 bad ones before it.
    pub fn read(version: OmemoVersion, bundle: &PublishedBundle) -> Result<Self, Refused> {
        let identity = IdentityKey::decode(version, &bundle.identity)?;
        let signed_prekey = PublicKey::decode(version, &bundle.signed_prekey)?;
        if !identity.has_signed(version, &signed_prekey, &bundle.signature) {
            return Err(Refused::Tampered);
        }
        let is_good = |(id, key): &(u32, Vec<u8>)| *id > 0 && PublicKey::decode(version, key).is_ok();
        // Whether the later ones are good is found out when one of them is chosen: it costs a multiplication each.
        let first =
            bundle.prekeys.iter().take(MAX_BAD_PREKEYS + 1).position(is_good).ok_or(Refused::NoPreKey)?;
        let prekeys = bundle.prekeys.iter().take(MAX_BUNDLE_PREKEYS).skip(first).cloned().collect();
        Ok(Self { version, identity, signed_prekey_id: bundle.signed_prekey_id, signed_prekey, prekeys })
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

    /// A good one-time pre-key at random, with its id (XEP-0384 0.9.1, "Building a session"). Where most are bad it is the first.
    pub(crate) fn choose_prekey(&self, rng: &mut dyn RngCore) -> Result<(u32, PublicKey), Refused> {
        let good = |(id, key): &(u32, Vec<u8>)| {
            let key = PublicKey::decode(self.version, key).ok().filter(|_| *id > 0)?;
            Some((*id, key))
        };
        let mut left: Vec<&(u32, Vec<u8>)> = self.prekeys.iter().collect();
        for _ in 0..MAX_CHOICES.min(left.len()) {
            if let Some(found) = good(left.swap_remove(random_below(left.len(), rng))) {
                return Ok(found);
            }
        }
        self.prekeys.first().and_then(good).ok_or(Refused::NoPreKey)
    }
}
