//! The pre-keys of one version (XEP-0384 0.9.1, "Key Exchange" and "Bundles"; "The X3DH Key Agreement Protocol", rev 1 §3.2).

use std::collections::BTreeMap;

use causerie_model::{DeviceId, OmemoVersion};
use rand_core::RngCore;

use crate::curve::{KeyPair, PublicKey};
use crate::identity::{IdentityKey, IdentityKeyPair};
use crate::secret::Secret;
use crate::stored::{Reader, Writer};
use crate::{Damaged, Moment, PublishedBundle};

/// How many one-time pre-keys a full bundle has ("around 100", XEP-0384 0.9.1, "Key Exchange").
pub const MOST_PREKEYS: usize = 100;

/// Under how many it is filled again ("at least 25", ibid.).
pub const REFILL_UNDER: usize = 25;

/// How long a signed pre-key is published, in seconds: a week ("between once a week and once a month", ibid.).
pub const ROTATION_PERIOD: u64 = 7 * 24 * 60 * 60;

/// How long a one-time pre-key that was used is kept at most, in seconds: two days.
pub const KEEP_USED: u64 = 2 * 24 * 60 * 60;

/// How many of them are kept, in each version.
pub const MOST_USED: usize = 200;

/// How many sessions one of them makes. Devices that fetch one bundle while we are away are fewer; whoever makes more means harm.
pub const MOST_EXCHANGES: usize = 64;

/// How many stored one-time pre-keys are believed.
const MOST_STORED: usize = 10_000;

/// How own keys were stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Used pre-keys were not kept.
    WithoutUsed,
    WithUsed,
}

/// The pre-keys of one version. Ids begin at 1 (0 means "none" to some) and are never used for another key.
#[derive(Clone)]
pub(super) struct PreKeys {
    signed: SignedPreKey,
    /// The one before, for key exchanges that were made with it.
    previous: Option<SignedPreKey>,
    one_time: BTreeMap<u32, KeyPair>,
    /// Published no more, and kept for those who have taken the same one before that. The oldest first.
    used: Vec<UsedPreKey>,
    next_signed_id: u32,
    next_one_time_id: u32,
}

#[derive(Clone)]
struct UsedPreKey {
    id: u32,
    pair: KeyPair,
    /// When it was first, in seconds since 1970.
    at: u64,
    /// The ephemeral keys of the key exchanges that have used it: none of them is read as a new one.
    exchanges: Vec<PublicKey>,
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
            used: Vec::new(),
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
            used: Vec::new(),
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
        now: Moment,
    ) -> bool {
        // The clock was ahead. That must not keep the key for ever, nor make two in one day: the one before the last would be gone, with what
        // is on its way under it.
        let was_ahead = self.signed.made_at > now.now.saturating_add(ROTATION_PERIOD);
        if was_ahead {
            self.signed.made_at = now.now;
        }
        let age = now.passed.saturating_sub(self.signed.made_at);
        if age < ROTATION_PERIOD || self.next_signed_id > DeviceId::MAX {
            return was_ahead;
        }
        let now = now.now;
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
        let before = self.used.len();
        self.used.retain(|used| used.id != id);
        self.one_time.remove(&id).is_some() | (self.used.len() < before)
    }

    pub(super) fn set_aside(&mut self, id: u32, exchange: PublicKey, now: u64) -> bool {
        if let Some(place) = self.used.iter().position(|used| used.id == id) {
            let is_spent = self.used.get_mut(place).is_some_and(|used| {
                used.exchanges.push(exchange);
                used.exchanges.len() >= MOST_EXCHANGES
            });
            if is_spent {
                self.used.remove(place);
            }
            return true;
        }
        let Some(pair) = self.one_time.remove(&id) else { return false };
        self.used.push(UsedPreKey { id, pair, at: now, exchanges: vec![exchange] });
        self.used.drain(..self.used.len().saturating_sub(MOST_USED));
        true
    }

    pub(super) fn expire(&mut self, now: Moment) -> bool {
        let before = self.used.len();
        self.used.retain(|used| now.passed.saturating_sub(used.at) < KEEP_USED);
        // A clock that was ahead must not keep a key for ever.
        let ahead = self.used.iter_mut().filter(|used| used.at > now.now.saturating_add(KEEP_USED));
        let were_ahead = ahead.map(|used| used.at = now.now).count();
        self.used.len() < before || were_ahead > 0
    }

    pub(super) fn used(&self) -> impl Iterator<Item = (u32, u64)> {
        self.used.iter().map(|used| (used.id, used.at))
    }

    pub(super) fn was_used_by(&self, id: u32, exchange: &PublicKey) -> bool {
        self.used.iter().any(|used| used.id == id && used.exchanges.contains(exchange))
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
        let used = || self.used.iter().find(|used| used.id == id).map(|used| &used.pair);
        self.one_time.get(&id).or_else(used)
    }

    /// Puts those back that are not here any more, so that a key exchange can be read which was made with them.
    pub(super) fn take_back(&mut self, signed: &(u32, KeyPair), one_time: &(u32, KeyPair)) {
        if self.signed(signed.0).is_none() {
            let (id, pair) = signed.clone();
            self.previous = Some(SignedPreKey { id, pair, signature: [0; 64], made_at: 0 });
        }
        if self.one_time(one_time.0).is_none() {
            self.one_time.insert(one_time.0, one_time.1.clone());
        }
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
        out.list(self.used.iter(), |out, used| used.write(out));
    }

    pub(super) fn read(layout: Layout, from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            signed: SignedPreKey::read(from)?,
            previous: from.option(SignedPreKey::read)?,
            one_time: from.list(MOST_STORED, |from| Ok((from.u32()?, from.pair()?)))?,
            next_signed_id: from.u32()?,
            next_one_time_id: from.u32()?,
            used: match layout {
                Layout::WithoutUsed => Vec::new(),
                Layout::WithUsed => from.list(MOST_USED, UsedPreKey::read)?,
            },
        })
    }
}

impl UsedPreKey {
    fn write(&self, out: &mut Writer) {
        out.u32(self.id);
        out.pair(&self.pair);
        out.u64(self.at);
        out.list(self.exchanges.iter(), |out, exchange| out.public(exchange));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            id: from.u32()?,
            pair: from.pair()?,
            at: from.u64()?,
            exchanges: from.list(MOST_EXCHANGES, Reader::public)?,
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
