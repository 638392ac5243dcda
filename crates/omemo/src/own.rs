//! Our own keys: the identity, and for each version of OMEMO a signed pre-key and one-time pre-keys.
//!
//! The versions share the identity and nothing else. A one-time pre-key in both bundles would be taken from both, and the
//! second who took it could not be read.

mod lent;
mod prekeys;

use std::fmt;

use causerie_model::{DeviceId, OmemoVersion};
use rand_core::RngCore;
use zeroize::Zeroizing;

use crate::curve::{KeyPair, PublicKey};
use crate::identity::IdentityKeyPair;
use crate::stored::{Reader, Writer};
use crate::{Damaged, Moment, Opened, PublishedBundle};
use prekeys::{Layout, PreKeys};

pub use lent::LentKeys;
pub use prekeys::{KEEP_USED, MOST_EXCHANGES, MOST_PREKEYS, MOST_USED, REFILL_UNDER, ROTATION_PERIOD};

/// The version of the stored encoding.
const ENCODING: u8 = 2;
/// The one before, which is read for ever: it is on people's disks.
const ENCODING_WITHOUT_USED: u8 = 1;

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
    /// messages made with them may be on their way. Where the clock was ahead when they were made, their period begins now. Whether
    /// anything has changed: it is to be stored, and the bundle to be published.
    pub fn rotate(&mut self, rng: &mut dyn RngCore, now: impl Into<Moment>) -> bool {
        let now = now.into();
        self.legacy.rotate(OmemoVersion::Legacy, &self.identity, rng, now)
            | self.omemo2.rotate(OmemoVersion::Omemo2, &self.identity, rng, now)
    }

    /// How many one-time pre-keys are left.
    pub fn prekeys_left(&self, version: OmemoVersion) -> usize {
        self.prekeys(version).left()
    }

    /// Takes a one-time pre-key out of the bundle that the key exchange in `opened` has used, and keeps its private half for others who
    /// have taken the same one from the bundle before. `now` is in seconds since 1970. Whether anything is to be stored.
    ///
    /// X3DH deletes it at once (rev 1 §3.4), where the server gives each one out once (§3.3). XMPP's servers give whole bundles, and
    /// nothing keeps two devices from choosing the same pre-key while we are away: ten do with 37 %. So removal SHOULD wait until a catch-up
    /// has ended (XEP-0384 0.9.1, "Business Rules"). What this costs: until then whoever takes our keys and the signed pre-key can read what
    /// was sent in that session before our first answer. So it is kept for as long as [`OwnKeys::consume`] is not called, [`KEEP_USED`]
    /// seconds at most ([`OwnKeys::expire`]), for [`MOST_EXCHANGES`] sessions, and [`MOST_USED`] of each version. The key exchanges that have
    /// used it are remembered with it, so that none of them is read as a new one, whatever becomes of its session.
    pub fn set_aside(&mut self, opened: &Opened, now: u64) -> bool {
        let (Some(prekey), Some(exchange)) = (opened.consumed_prekey, opened.record.present_base_key())
        else {
            return false;
        };
        self.prekeys_mut(opened.record.version()).set_aside(prekey, exchange, now)
    }

    /// The one-time pre-keys that were set aside, each with its version and when it was first used, in seconds since 1970.
    pub fn used_prekeys(&self) -> impl Iterator<Item = (OmemoVersion, u32, u64)> {
        OmemoVersion::ALL
            .into_iter()
            .flat_map(|version| self.prekeys(version).used().map(move |(id, at)| (version, id, at)))
    }

    /// Removes what was set aside [`KEEP_USED`] seconds ago. Where the clock was ahead when it was, its time begins now. Whether anything has
    /// changed.
    pub fn expire(&mut self, now: impl Into<Moment>) -> bool {
        let now = now.into();
        self.legacy.expire(now) | self.omemo2.expire(now)
    }

    /// Removes a one-time pre-key for good, whether it was used or not. Whether it was there.
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

    /// Reads what [`OwnKeys::encode`] wrote, now or in the earlier layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, Damaged> {
        let (mut from, layout) = match Reader::new(bytes, ENCODING) {
            Ok(from) => (from, Layout::WithUsed),
            Err(Damaged) => (Reader::new(bytes, ENCODING_WITHOUT_USED)?, Layout::WithoutUsed),
        };
        let own = Self {
            device: DeviceId::new(from.u32()?).ok_or(Damaged)?,
            identity: IdentityKeyPair::from_secret_bytes(from.raw()?),
            legacy: PreKeys::read(layout, &mut from)?,
            omemo2: PreKeys::read(layout, &mut from)?,
        };
        from.finish()?;
        Ok(own)
    }

    /// The signed pre-key of that id: the present one or the one before.
    pub(crate) fn signed_prekey(&self, version: OmemoVersion, id: u32) -> Option<&KeyPair> {
        self.prekeys(version).signed(id)
    }

    /// Whether the key exchange with that ephemeral key has used a one-time pre-key that is still kept.
    pub(crate) fn was_used_by(&self, version: OmemoVersion, prekey: u32, exchange: &PublicKey) -> bool {
        self.prekeys(version).was_used_by(prekey, exchange)
    }

    /// The one-time pre-key of that id, used or not.
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
