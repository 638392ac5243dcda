//! The double ratchet: a new key for each message, late and lost ones allowed for, within limits
//! ("The Double Ratchet Algorithm", rev 1 §3; XEP-0384 0.9.1, "Double Ratchet"; XEP-0384 0.3.0 by way of libsignal).
//!
//! State in, new state out: both doors take `&self`. A message that is refused has changed nothing.
//!
//! A new ratchet key of ours is made with the first message that is sent under it ("Deferring new ratchet key generation", rev 1
//! §6.5): whoever reads a hundred sessions and answers none makes no key, and a private key is no older than its first use.
//!
//! Long because it is one state machine, and what a message changes in it has to be seen whole.

mod chain;
mod effort;
mod skipped;
mod state;

use std::collections::VecDeque;

use causerie_model::OmemoVersion;
use rand_core::RngCore;
use zeroize::Zeroizing;

use crate::curve::{KeyPair, PublicKey};
use crate::identity::{IdentityKey, IdentityKeyPair};
use crate::profile::{Profile, derive};
use crate::secret::Secret;
use crate::wire::{self, Message};
use crate::{Moment, Refused};
use chain::{CannotSkip, Chain};
use skipped::Skipped;

pub use chain::MAX_JUMP;
pub(crate) use effort::claimed;
pub use skipped::{MAX_SKIPPED, MAX_SKIPPED_AGE};
pub(crate) use state::Layout;

/// How many closed receiving chains are remembered, so that a replay from one is known as such.
pub const MAX_CLOSED: usize = 64;

/// From this counter on the first message of a chain asks for an answer that turns the ratchet
/// (XEP-0384 0.9.1, "Business Rules": "a counter of 53 or higher"; it counts from 0).
pub const HEARTBEAT_AT: u32 = 53;

/// Who began the session. The associated data of OMEMO 2 name the initiator first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Initiator,
    Responder,
}

/// What the initiator repeats in each message until there is an answer (X3DH rev 1 §3.3).
#[derive(Clone, Copy)]
pub(crate) struct Unanswered {
    pub(crate) prekey_id: u32,
    pub(crate) signed_prekey_id: u32,
}

/// One session with one device.
#[derive(Clone)]
pub(crate) struct Session {
    version: OmemoVersion,
    role: Role,
    /// The peer's identity key, as it was sent when the session began.
    peer: IdentityKey,
    /// The initiator's ephemeral key, which names the session.
    base_key: PublicKey,
    /// `RK`.
    root: Secret,
    sending: Sending,
    /// `PN`.
    previous_sent: u32,
    /// `DHr`, `CKr` and `Nr`. An initiator has none before the first answer has come.
    receiving: Option<Receiving>,
    /// `MKSKIPPED`.
    skipped: Skipped,
    /// Receiving chains that the peer has left, the oldest first.
    closed: VecDeque<Closed>,
    unanswered: Option<Unanswered>,
}

/// Our side of the ratchet.
#[derive(Clone)]
enum Sending {
    /// The peer knows our signed pre-key alone, which is `DHs`: a responder before the first message has come.
    PreKey(KeyPair),
    /// `DHs`, and `CKs` with `Ns`.
    Chain(KeyPair, Chain),
    /// The peer has turned its side. Ours is turned by the next message that we send, and until then there is no `DHs`.
    Due,
}

/// The chain of the peer's present ratchet key.
#[derive(Clone)]
struct Receiving {
    key: PublicKey,
    chain: Chain,
    /// Below this counter keys have been given up.
    lost_below: u32,
    /// Whether an answer was asked for on account of [`HEARTBEAT_AT`]: once for each ratchet key.
    heartbeat_asked: bool,
}

/// A chain that the peer has left.
#[derive(Clone)]
struct Closed {
    key: PublicKey,
    /// How many messages the peer says that it had.
    length: u32,
    /// Below this counter keys have been given up.
    lost_below: u32,
}

/// A message that was read.
pub(crate) struct Read {
    pub(crate) session: Session,
    pub(crate) plaintext: Zeroizing<Vec<u8>>,
    /// Whether the peer had turned the ratchet.
    pub(crate) turned: bool,
    /// Whether an answer is due on account of the counter.
    pub(crate) heartbeat: bool,
    /// Whether keys of messages that have not come were given up for it: there are too many of those.
    pub(crate) gives_up: bool,
}

impl Session {
    /// Begins as initiator: `RatchetInitAlice` (rev 1 §3.3), the peer's signed pre-key being its first ratchet key.
    pub(crate) fn initiate(
        version: OmemoVersion,
        peer: IdentityKey,
        base_key: PublicKey,
        secret: &Secret,
        signed_prekey: &PublicKey,
        unanswered: Unanswered,
        rng: &mut dyn RngCore,
    ) -> Result<Self, Refused> {
        let ratchet_pair = KeyPair::generate(rng);
        let (root, sending) = root_step(version, secret, &ratchet_pair.agree(signed_prekey)?);
        Ok(Self {
            version,
            role: Role::Initiator,
            peer,
            base_key,
            root,
            sending: Sending::Chain(ratchet_pair, sending),
            previous_sent: 0,
            receiving: None,
            skipped: Skipped::default(),
            closed: VecDeque::new(),
            unanswered: Some(unanswered),
        })
    }

    /// Begins as responder: `RatchetInitBob` (rev 1 §3.3).
    pub(crate) fn respond(
        version: OmemoVersion,
        peer: IdentityKey,
        base_key: PublicKey,
        secret: Secret,
        signed_prekey: KeyPair,
    ) -> Self {
        Self {
            version,
            role: Role::Responder,
            peer,
            base_key,
            root: secret,
            sending: Sending::PreKey(signed_prekey),
            previous_sent: 0,
            receiving: None,
            skipped: Skipped::default(),
            closed: VecDeque::new(),
            unanswered: None,
        }
    }

    pub(crate) fn base_key(&self) -> &PublicKey {
        &self.base_key
    }

    pub(crate) fn peer(&self) -> &IdentityKey {
        &self.peer
    }

    pub(crate) fn unanswered(&self) -> Option<Unanswered> {
        self.unanswered
    }

    /// Whether it was begun by us, and nothing was ever encrypted in it: then nobody else knows of it.
    pub(crate) fn is_unwritten(&self) -> bool {
        matches!(&self.sending, Sending::Chain(_, chain) if chain.next() == 0) && self.unanswered.is_some()
    }

    /// Whether the peer has used this ratchet key in this session.
    pub(crate) fn knows(&self, ratchet_key: &[u8; 32]) -> bool {
        self.receiving.as_ref().is_some_and(|receiving| receiving.key.as_bytes() == ratchet_key)
            || self.closed.iter().any(|closed| closed.key.as_bytes() == ratchet_key)
    }

    /// `RatchetEncrypt` (rev 1 §3.4): the new state and the encoded message. Turns our side when that is due.
    pub(crate) fn encrypt(
        &self,
        own: &IdentityKeyPair,
        plaintext: &[u8],
        rng: &mut dyn RngCore,
    ) -> Result<(Self, Vec<u8>), Refused> {
        let mut next = self.clone();
        next.turn_ours(rng)?;
        let Sending::Chain(ratchet_pair, sending) = &mut next.sending else { return Err(Refused::NoSession) };
        let counter = sending.next();
        let message_key = sending.advance().ok_or(Refused::Exhausted)?;

        let profile = Profile::of(self.version);
        let keys = profile.message_keys(&message_key);
        let ratchet_key = ratchet_pair.public().encode(self.version);
        let header = wire::Header { ratchet_key: &ratchet_key, counter, previous: next.previous_sent };
        let authenticated = wire::encode_authenticated(self.version, &header, &keys.encrypt(plaintext));
        let (ours, theirs) = self.identities(own);
        let associated = match (self.version, self.role) {
            (OmemoVersion::Legacy, _) | (OmemoVersion::Omemo2, Role::Initiator) => [ours, theirs],
            (OmemoVersion::Omemo2, Role::Responder) => [theirs, ours],
        };
        let mac = keys.mac(&[&associated[0], &associated[1], &authenticated]);
        let mac = mac.get(..profile.mac_bytes).expect("a MAC is cut to 8 or 16 of its 32 bytes");
        let message = wire::encode_message(self.version, &authenticated, mac);
        Ok((next, message))
    }

    /// `RatchetDecrypt` (rev 1 §3.5).
    pub(crate) fn decrypt(
        &self,
        own: &IdentityKeyPair,
        message: &Message<'_>,
        now: Moment,
    ) -> Result<Read, Refused> {
        let (key, counter) = (&message.ratchet_key, message.counter);
        let mut next = self.clone();
        let mut turned = false;
        let mut gives_up = false;

        let plaintext = if let Some(message_key) = next.skipped.take(key, counter) {
            self.open(own, message, &message_key)?
        } else if let Some(receiving) =
            next.receiving.as_mut().filter(|present| present.key.as_bytes() == key)
        {
            let skipped =
                receiving.chain.skip_to(counter).map_err(|past| past.refusal(receiving.lost_below))?;
            let message_key = receiving.chain.advance().ok_or(Refused::Exhausted)?;
            let plaintext = self.open(own, message, &message_key)?;
            let key = receiving.key;
            gives_up = next.keep(&key, skipped, now);
            plaintext
        } else if let Some(closed) = self.closed.iter().find(|closed| closed.key.as_bytes() == key) {
            // A counter that the chain never had is no copy of anything.
            let is_gone = counter < closed.lost_below || counter > closed.length;
            return Err(if is_gone { Refused::KeyGone } else { Refused::Duplicate });
        } else {
            turned = true;
            let plaintext;
            (plaintext, gives_up) = next.turn_theirs(self, own, message, now)?;
            plaintext
        };

        next.expire(now);
        next.unanswered = None;
        let heartbeat = next.ask_heartbeat(message);
        Ok(Read { session: next, plaintext, turned, heartbeat, gives_up })
    }

    /// The first half of `DHRatchet` (rev 1 §3.5). The old chain is only walked to its end after the new one has proved itself. Says
    /// whether keys were given up, too.
    fn turn_theirs(
        &mut self,
        before: &Self,
        own: &IdentityKeyPair,
        message: &Message<'_>,
        now: Moment,
    ) -> Result<(Zeroizing<Vec<u8>>, bool), Refused> {
        let (key, point) = PublicKey::with_point(&message.ratchet_key)?;
        let (ours, sent) = match &self.sending {
            Sending::PreKey(pair) => (pair, 0),
            Sending::Chain(pair, chain) => (pair, chain.next()),
            // Nobody turns twice without an answer of ours between: there is no key with which this could have been made.
            Sending::Due => return Err(Refused::Tampered),
        };
        let (root, mut chain) = root_step(self.version, &self.root, &ours.agree_at(&point)?);
        let skipped = chain.skip_to(message.counter).map_err(|past| past.refusal(0))?;
        let message_key = chain.advance().ok_or(Refused::Exhausted)?;
        let plaintext = before.open(own, message, &message_key)?;

        let receiving = Receiving { key, chain, lost_below: 0, heartbeat_asked: false };
        let mut gives_up = false;
        if let Some(old) = self.receiving.replace(receiving) {
            gives_up = self.close(old, message.previous, now);
        }
        gives_up |= self.keep(&key, skipped, now);
        self.root = root;
        self.previous_sent = sent;
        self.sending = Sending::Due;
        Ok((plaintext, gives_up))
    }

    /// The second half of `DHRatchet`, if it is due.
    fn turn_ours(&mut self, rng: &mut dyn RngCore) -> Result<(), Refused> {
        if let (Sending::Due, Some(receiving)) = (&self.sending, &self.receiving) {
            let pair = KeyPair::generate(rng);
            let (root, chain) = root_step(self.version, &self.root, &pair.agree(&receiving.key)?);
            self.root = root;
            self.sending = Sending::Chain(pair, chain);
        }
        Ok(())
    }

    /// Derives what is left of a chain of `length` messages, and remembers it as closed.
    ///
    /// The libraries of the libsignal lineage say one less than the length, so one key more is derived: otherwise the last
    /// message of a chain would be lost whenever it is late. A length out of bounds is not believed. Says whether keys were given up.
    fn close(&mut self, mut old: Receiving, length: u32, now: Moment) -> bool {
        let read = old.chain.next();
        let (rest, lost_below) = match length.checked_add(1).map(|end| old.chain.skip_to(end)) {
            Some(Ok(rest)) => (rest, old.lost_below),
            Some(Err(CannotSkip::Past { .. })) => (Vec::new(), old.lost_below),
            Some(Err(CannotSkip::TooFar)) | None => (Vec::new(), length),
        };
        let mut gives_up = lost_below > old.lost_below;
        self.closed.push_back(Closed { key: old.key, length: length.max(read), lost_below });
        gives_up |= self.keep(&old.key, rest, now);
        while self.closed.len() > MAX_CLOSED {
            if let Some(oldest) = self.closed.pop_front() {
                gives_up |= self.skipped.forget_chain(oldest.key.as_bytes());
            }
        }
        gives_up
    }

    /// Keeps the keys of skipped messages, and notes which had to be given up for them. Says whether there were any.
    fn keep(&mut self, key: &PublicKey, keys: Vec<(u32, Secret)>, now: Moment) -> bool {
        let given_up = self.skipped.keep(key.as_bytes(), keys, now.now);
        self.note_lost(&given_up);
        !given_up.is_empty()
    }

    fn expire(&mut self, now: Moment) {
        let given_up = self.skipped.expire(now.passed);
        self.note_lost(&given_up);
    }

    fn note_lost(&mut self, given_up: &[([u8; 32], u32)]) {
        for (key, counter) in given_up {
            let lost = counter.saturating_add(1);
            if let Some(present) = self.receiving.as_mut().filter(|present| present.key.as_bytes() == key) {
                present.lost_below = present.lost_below.max(lost);
            }
            let closed = self.closed.iter_mut().find(|closed| closed.key.as_bytes() == key);
            // The one key more that `close` derives belongs, as a rule, to no message.
            if let Some(closed) = closed.filter(|closed| *counter < closed.length) {
                closed.lost_below = closed.lost_below.max(lost);
            }
        }
    }

    fn ask_heartbeat(&mut self, message: &Message<'_>) -> bool {
        let present =
            self.receiving.as_mut().filter(|present| *present.key.as_bytes() == message.ratchet_key);
        match present {
            Some(present) if message.counter >= HEARTBEAT_AT => {
                !std::mem::replace(&mut present.heartbeat_asked, true)
            }
            _ => false,
        }
    }

    /// `DECRYPT` (rev 1 §5.2): the MAC first.
    fn open(
        &self,
        own: &IdentityKeyPair,
        message: &Message<'_>,
        message_key: &Secret,
    ) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let profile = Profile::of(self.version);
        let keys = profile.message_keys(message_key);
        let (ours, theirs) = self.identities(own);
        let associated = match (self.version, self.role) {
            (OmemoVersion::Legacy, _) | (OmemoVersion::Omemo2, Role::Responder) => [theirs, ours],
            (OmemoVersion::Omemo2, Role::Initiator) => [ours, theirs],
        };
        let covered = [associated[0].as_slice(), &associated[1], message.authenticated];
        match keys.has_mac(&covered, profile.mac_bytes, message.mac) {
            true => keys.decrypt(message.ciphertext),
            false => Err(Refused::Tampered),
        }
    }

    /// Our identity key and the peer's, encoded as associated data want them.
    fn identities(&self, own: &IdentityKeyPair) -> (Vec<u8>, Vec<u8>) {
        (own.public().encode(self.version), self.peer.encode(self.version))
    }
}

/// `KDF_RK` (rev 1 §5.2): a new root key and a new chain, from what two ratchet keys agree on.
fn root_step(version: OmemoVersion, root: &Secret, agreed: &Zeroizing<[u8; 32]>) -> (Secret, Chain) {
    let okm: Zeroizing<[u8; 64]> = derive(root.reveal(), agreed.as_slice(), Profile::of(version).root);
    let (mut root, mut chain) = ([0; 32], [0; 32]);
    root.copy_from_slice(&okm[..32]);
    chain.copy_from_slice(&okm[32..]);
    (Secret::take(&mut root), Chain::new(Secret::take(&mut chain)))
}
