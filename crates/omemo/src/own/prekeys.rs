//! The pre-keys of one version (XEP-0384 0.9.1, "Key Exchange" and "Bundles"; "The X3DH Key Agreement Protocol", rev 1 §3.2).

use std::collections::BTreeMap;

use causerie_model::{DeviceId, OmemoVersion};
use rand_core::RngCore;

use crate::curve::KeyPair;
use crate::identity::{IdentityKey, IdentityKeyPair};
use crate::secret::Secret;
use crate::stored::{Reader, Writer};
use crate::{Damaged, PublishedBundle};

/// How many one-time pre-keys a full bundle has ("around 100", XEP-0384 0.9.1, "Key Exchange").
pub const MOST_PREKEYS: usize = 100;

/// Under how many it is filled again ("at least 25", ibid.).
pub const REFILL_UNDER: usize = 25;

/// How long a signed pre-key is published, in seconds: a week ("between once a week and once a month", ibid.).
pub const ROTATION_PERIOD: u64 = 7 * 24 * 60 * 60;

/// How many stored one-time pre-keys are believed.
const MOST_STORED: usize = 10_000;

/// The pre-keys of one version. Ids begin at 1 (0 means "none" to some) and are never used for another key.
#[derive(Clone)]
pub(super) struct PreKeys {
    signed: SignedPreKey,
    /// The one before, for key exchanges that were made with it.
    previous: Option<SignedPreKey>,
    one_time: BTreeMap<u32, KeyPair>,
    next_signed_id: u32,
    next_one_time_id: u32,
}

#[derive(Clone)]
struct SignedPreKey {
    id: u32,
    pair: KeyPair,
    signature: [u8; 64],
    made_at: u64,
}

impl PreKeys {
    pub(super) fn generate(
        version: OmemoVersion,
        identity: &IdentityKeyPair,
        rng: &mut dyn RngCore,
        now: u64,
    ) -> Self {
        let signed = SignedPreKey::new(1, KeyPair::generate(rng), version, identity, rng, now);
        let mut keys = Self {
            signed,
            previous: None,
            one_time: BTreeMap::new(),
            next_signed_id: 2,
            next_one_time_id: 1,
        };
        keys.refill(rng);
        keys
    }

    pub(super) fn from_known_secrets(
        version: OmemoVersion,
        identity: &IdentityKeyPair,
        (signed_id, signed): (u32, &[u8; 32]),
        one_time: &[(u32, [u8; 32])],
        rng: &mut dyn RngCore,
    ) -> Self {
        let pair = |secret| KeyPair::from_secret(&Secret::copy(secret));
        let one_time: BTreeMap<u32, KeyPair> = one_time.iter().map(|(id, key)| (*id, pair(key))).collect();
        let next_one_time_id = one_time.last_key_value().map_or(1, |(id, _)| id.saturating_add(1));
        Self {
            signed: SignedPreKey::new(signed_id, pair(signed), version, identity, rng, 0),
            previous: None,
            one_time,
            next_signed_id: signed_id.saturating_add(1),
            next_one_time_id,
        }
    }

    pub(super) fn refill(&mut self, rng: &mut dyn RngCore) -> bool {
        if self.one_time.len() >= REFILL_UNDER {
            return false;
        }
        let before = self.one_time.len();
        // The ids end after two thousand million keys; better fewer keys than one id for two.
        while self.one_time.len() < MOST_PREKEYS && self.next_one_time_id <= DeviceId::MAX {
            self.one_time.insert(self.next_one_time_id, KeyPair::generate(rng));
            self.next_one_time_id += 1;
        }
        self.one_time.len() > before
    }

    pub(super) fn rotate(
        &mut self,
        version: OmemoVersion,
        identity: &IdentityKeyPair,
        rng: &mut dyn RngCore,
        now: u64,
    ) -> bool {
        // A clock that was set back must not keep a key for ever.
        if now.abs_diff(self.signed.made_at) < ROTATION_PERIOD || self.next_signed_id > DeviceId::MAX {
            return false;
        }
        let pair = KeyPair::generate(rng);
        let signed = SignedPreKey::new(self.next_signed_id, pair, version, identity, rng, now);
        self.next_signed_id += 1;
        self.previous = Some(std::mem::replace(&mut self.signed, signed));
        true
    }

    pub(super) fn left(&self) -> usize {
        self.one_time.len()
    }

    pub(super) fn consume(&mut self, id: u32) -> bool {
        self.one_time.remove(&id).is_some()
    }

    pub(super) fn bundle(&self, version: OmemoVersion, identity: &IdentityKey) -> PublishedBundle {
        PublishedBundle {
            identity: identity.encode(version),
            signed_prekey_id: self.signed.id,
            signed_prekey: self.signed.pair.public().encode(version),
            signature: self.signed.signature,
            prekeys: self.one_time.iter().map(|(id, pair)| (*id, pair.public().encode(version))).collect(),
        }
    }

    pub(super) fn signed(&self, id: u32) -> Option<&KeyPair> {
        let both = [Some(&self.signed), self.previous.as_ref()];
        both.into_iter().flatten().find(|key| key.id == id).map(|key| &key.pair)
    }

    pub(super) fn one_time(&self, id: u32) -> Option<&KeyPair> {
        self.one_time.get(&id)
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.signed.write(out);
        out.option(self.previous.as_ref(), |out, key| key.write(out));
        out.list(self.one_time.iter(), |out, (id, pair)| {
            out.u32(*id);
            out.pair(pair);
        });
        out.u32(self.next_signed_id);
        out.u32(self.next_one_time_id);
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            signed: SignedPreKey::read(from)?,
            previous: from.option(SignedPreKey::read)?,
            one_time: from.list(MOST_STORED, |from| Ok((from.u32()?, from.pair()?)))?,
            next_signed_id: from.u32()?,
            next_one_time_id: from.u32()?,
        })
    }
}

impl SignedPreKey {
    fn new(
        id: u32,
        pair: KeyPair,
        version: OmemoVersion,
        identity: &IdentityKeyPair,
        rng: &mut dyn RngCore,
        made_at: u64,
    ) -> Self {
        let signature = identity.sign_prekey(version, pair.public(), rng);
        Self { id, pair, signature, made_at }
    }

    fn write(&self, out: &mut Writer) {
        out.u32(self.id);
        out.pair(&self.pair);
        out.raw(&self.signature);
        out.u64(self.made_at);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self { id: from.u32()?, pair: from.pair()?, signature: *from.raw()?, made_at: from.u64()? })
    }
}
