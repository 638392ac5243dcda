//! Our own keys: the identity, and for each version of OMEMO a signed pre-key and one-time pre-keys.
//!
//! The versions share the identity and nothing else. A one-time pre-key in both bundles would be taken from both, and the
//! second who took it could not be read.

mod prekeys;

use std::fmt;

use causerie_model::{DeviceId, OmemoVersion};
use rand_core::RngCore;
use zeroize::Zeroizing;

use crate::curve::KeyPair;
use crate::identity::IdentityKeyPair;
use crate::stored::{Reader, Writer};
use crate::{Damaged, PublishedBundle};
use prekeys::PreKeys;

pub use prekeys::{MOST_PREKEYS, REFILL_UNDER, ROTATION_PERIOD};

/// The version of the stored encoding.
const ENCODING: u8 = 1;

/// All keys of this device.
#[derive(Clone)]
pub struct OwnKeys {
    device: DeviceId,
    identity: IdentityKeyPair,
    legacy: PreKeys,
    omemo2: PreKeys,
}

impl OwnKeys {
    /// New keys for a device whose id was found to be free. `now` is in seconds since 1970.
    pub fn generate(device: DeviceId, rng: &mut dyn RngCore, now: u64) -> Self {
        let identity = IdentityKeyPair::generate(rng);
        let legacy = PreKeys::generate(OmemoVersion::Legacy, &identity, rng, now);
        let omemo2 = PreKeys::generate(OmemoVersion::Omemo2, &identity, rng, now);
        Self { device, identity, legacy, omemo2 }
    }

    /// Known keys of one version, for known-answer tests: the signed pre-key and the one-time pre-keys, as id and X25519
    /// scalar. Those of the other version are new.
    pub fn from_known_secrets(
        device: DeviceId,
        identity: IdentityKeyPair,
        version: OmemoVersion,
        signed_prekey: (u32, &[u8; 32]),
        prekeys: &[(u32, [u8; 32])],
        rng: &mut dyn RngCore,
    ) -> Self {
        let mut own = Self {
            device,
            legacy: PreKeys::generate(OmemoVersion::Legacy, &identity, rng, 0),
            omemo2: PreKeys::generate(OmemoVersion::Omemo2, &identity, rng, 0),
            identity,
        };
        let known = PreKeys::from_known_secrets(version, &own.identity, signed_prekey, prekeys, rng);
        *own.prekeys_mut(version) = known;
        own
    }

    /// The id of this device.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Our identity key.
    pub fn identity(&self) -> &IdentityKeyPair {
        &self.identity
    }

    /// Makes new one-time pre-keys where fewer than [`REFILL_UNDER`] are left, up to [`MOST_PREKEYS`]. Whether a bundle has
    /// changed and is to be published.
    pub fn refill(&mut self, rng: &mut dyn RngCore) -> bool {
        // Both, whatever the first says.
        self.legacy.refill(rng) | self.omemo2.refill(rng)
    }

    /// Makes new signed pre-keys when [`ROTATION_PERIOD`] has passed since the last, and keeps those for one period more:
    /// messages made with them may be on their way. Whether a bundle has changed and is to be published.
    pub fn rotate(&mut self, rng: &mut dyn RngCore, now: u64) -> bool {
        self.legacy.rotate(OmemoVersion::Legacy, &self.identity, rng, now)
            | self.omemo2.rotate(OmemoVersion::Omemo2, &self.identity, rng, now)
    }

    /// How many one-time pre-keys are left.
    pub fn prekeys_left(&self, version: OmemoVersion) -> usize {
        self.prekeys(version).left()
    }

    /// Removes a one-time pre-key that a key exchange has used. Whether it was there.
    ///
    /// An explicit call, because removal SHOULD wait until a catch-up with the archive has ended (XEP-0384 0.9.1,
    /// "Business Rules"): others may have used the same key meanwhile.
    pub fn consume(&mut self, version: OmemoVersion, prekey: u32) -> bool {
        self.prekeys_mut(version).consume(prekey)
    }

    /// What is to be published.
    pub fn bundle(&self, version: OmemoVersion) -> PublishedBundle {
        self.prekeys(version).bundle(version, self.identity.public())
    }

    /// To be stored sealed.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Writer::new(ENCODING);
        out.u32(self.device.get());
        out.raw(self.identity.secret_bytes());
        self.legacy.write(&mut out);
        self.omemo2.write(&mut out);
        out.finish()
    }

    /// Reads what [`OwnKeys::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, Damaged> {
        let mut from = Reader::new(bytes, ENCODING)?;
        let own = Self {
            device: DeviceId::new(from.u32()?).ok_or(Damaged)?,
            identity: IdentityKeyPair::from_secret_bytes(from.raw()?),
            legacy: PreKeys::read(&mut from)?,
            omemo2: PreKeys::read(&mut from)?,
        };
        from.finish()?;
        Ok(own)
    }

    /// The signed pre-key of that id: the present one or the one before.
    pub(crate) fn signed_prekey(&self, version: OmemoVersion, id: u32) -> Option<&KeyPair> {
        self.prekeys(version).signed(id)
    }

    /// The one-time pre-key of that id.
    pub(crate) fn one_time_prekey(&self, version: OmemoVersion, id: u32) -> Option<&KeyPair> {
        self.prekeys(version).one_time(id)
    }

    fn prekeys(&self, version: OmemoVersion) -> &PreKeys {
        match version {
            OmemoVersion::Legacy => &self.legacy,
            OmemoVersion::Omemo2 => &self.omemo2,
        }
    }

    fn prekeys_mut(&mut self, version: OmemoVersion) -> &mut PreKeys {
        match version {
            OmemoVersion::Legacy => &mut self.legacy,
            OmemoVersion::Omemo2 => &mut self.omemo2,
        }
    }
}

impl fmt::Debug for OwnKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnKeys(device {}, {:?})", self.device, self.identity.public())
    }
}
