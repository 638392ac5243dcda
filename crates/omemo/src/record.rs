//! All sessions with one device of a peer, in one version: the present one and some archived ones.
//!
//! More than one, because two who begin at the same time each make one, and because messages for an old one may still be on
//! their way. libsignal calls this a session record.

mod effort;

use std::fmt;

use causerie_model::OmemoVersion;
use rand_core::RngCore;
use zeroize::Zeroizing;

use crate::agreement;
use crate::curve::{KeyPair, PublicKey};
use crate::ratchet::{self, Layout, MAX_SKIPPED, Session, Unanswered};
use crate::stored::{Reader, Writer};
use crate::wire::{self, KeyExchange, Message};
use crate::{Damaged, IdentityKey, Moment, OwnKeys, PeerBundle, Refused};

/// How many sessions are kept, the present one included.
pub const MAX_SESSIONS: usize = 11;

/// How many sessions that were given up are remembered, so that no replay makes one of them anew.
pub const MAX_GIVEN_UP: usize = 64;

/// The version of the stored encoding.
const ENCODING: u8 = 2;
/// The one before, which is read for ever: it is on people's disks.
const ENCODING_EAGER: u8 = 1;

/// All sessions with one device, and the identity key that they are pinned to. A value: what changes it gives a new one.
#[derive(Clone)]
pub struct Record {
    version: OmemoVersion,
    /// Whose they are, from the first session on.
    identity: Option<IdentityKey>,
    /// The present one first.
    sessions: Vec<Session>,
    /// The base keys of sessions that there was no more room for, the oldest first.
    given_up: Vec<PublicKey>,
}

/// How a message is to be marked on the wire: `kex='true'` (XEP-0384 0.9.1), `prekey='true'` (0.3.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A message of a session that both know.
    Message,
    /// A message inside a key exchange.
    KeyExchange,
}

/// What goes into the `<key/>` for one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The content, before base64.
    pub bytes: Vec<u8>,
    /// How it is to be marked.
    pub kind: Kind,
}

/// Why an empty message should go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A session was made from the peer's key exchange, and the peer repeats that until it hears of us
    /// (SHOULD, XEP-0384 0.9.1).
    KeyExchange,
    /// The peer's chain has grown long: an answer turns the ratchet (MUST, "Business Rules").
    Heartbeat,
}

/// A message that was read.
pub struct Opened {
    /// The new state, to be stored in one transaction with what the message says.
    pub record: Record,
    /// What the ratchet carried: the key material of the payload.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The one-time pre-key that has made a new session: see [`OwnKeys::set_aside`].
    pub consumed_prekey: Option<u32>,
    /// The key whose owner has written it.
    pub identity: IdentityKey,
    /// Whether an empty message is due.
    pub answer: Option<Answer>,
    /// Whether more than [`MAX_SKIPPED`](crate::MAX_SKIPPED) messages are missing before it, so that the keys of some of them are not in
    /// `record` any more. Whoever still expects those takes the message later instead, and has changed nothing.
    pub gives_up: bool,
}

impl Opened {
    /// With no more than so many keys of messages that have not come, in all sessions together: those of archived sessions are given up
    /// first, those of the session that was archived first before all. They are noted, and [`Opened::gives_up`] tells of it.
    #[must_use]
    pub fn with_skipped_at_most(mut self, most: usize) -> Self {
        let kept: usize = self.record.sessions.iter().map(Session::skipped).sum();
        let mut surplus = kept.saturating_sub(most);
        self.gives_up |= surplus > 0;
        for session in self.record.sessions.iter_mut().rev() {
            let count = surplus.min(session.skipped());
            session.give_up_skipped(count);
            surplus -= count;
        }
        self
    }
}

impl Record {
    /// Without a session.
    pub fn new(version: OmemoVersion) -> Self {
        Self { version, identity: None, sessions: Vec::new(), given_up: Vec::new() }
    }

    /// Without an identity key: the device may have another one from now on. The sessions under the key of before are archived for good, so that
    /// what is late is still read and a copy is a copy; nothing is sent in them any more.
    pub fn renewed(&self) -> Self {
        Self { identity: None, ..self.clone() }
    }

    /// For which version it is.
    pub fn version(&self) -> OmemoVersion {
        self.version
    }

    /// The identity key that the record is pinned to.
    pub fn identity(&self) -> Option<&IdentityKey> {
        self.identity.as_ref()
    }

    /// Whether there is a session to encrypt with.
    pub fn has_session(&self) -> bool {
        !self.sessions.is_empty()
    }

    /// Whether the peer has yet to answer the present session's key exchange.
    pub fn is_unanswered(&self) -> bool {
        self.sessions.first().is_some_and(|session| session.unanswered().is_some())
    }

    /// Whether nothing was ever encrypted in the present session, which we have begun. The pre-keys that it names are there for a while only
    /// (XEP-0384 0.9.1, "Bundles"): what is encrypted in it much later, nobody can read.
    pub fn is_unwritten(&self) -> bool {
        self.sessions.first().is_some_and(Session::is_unwritten)
    }

    /// The ephemeral key of the key exchange that has made the present session.
    pub(crate) fn present_base_key(&self) -> Option<PublicKey> {
        self.sessions.first().map(|session| *session.base_key())
    }

    /// Begins a session from a bundle (X3DH rev 1 §3.3), and archives the present one. One in which nothing was ever encrypted is given up: its
    /// place in the archive would be that of one in which something may be late.
    pub fn initiate(
        &self,
        own: &OwnKeys,
        bundle: &PeerBundle,
        rng: &mut dyn RngCore,
    ) -> Result<Self, Refused> {
        if bundle.version() != self.version {
            return Err(Refused::WrongVersion);
        }
        self.check_pin(bundle.identity())?;
        let (prekey_id, prekey) = bundle.choose_prekey(rng)?;
        let (signed_prekey_id, signed_prekey) = bundle.signed_prekey();
        let ephemeral = KeyPair::generate(rng);
        let secret = agreement::initiate(
            self.version,
            (own.identity().pair(), &ephemeral),
            (bundle.identity().curve(), signed_prekey, &prekey),
        )?;
        let session = Session::initiate(
            self.version,
            *bundle.identity(),
            *ephemeral.public(),
            &secret,
            signed_prekey,
            Unanswered { prekey_id, signed_prekey_id },
            rng,
        )?;
        Ok(self.with_present(self.is_unwritten().then_some(0), session))
    }

    /// Encrypts for the device. Makes a new ratchet key when the device has written since our last message.
    pub fn encrypt(
        &self,
        own: &OwnKeys,
        plaintext: &[u8],
        rng: &mut dyn RngCore,
    ) -> Result<(Self, Sealed), Refused> {
        let present = self.sessions.first().ok_or(Refused::NoSession)?;
        let (session, message) = present.encrypt(own.identity(), plaintext, rng)?;
        let sealed = match present.unanswered() {
            None => Sealed { bytes: message, kind: Kind::Message },
            Some(Unanswered { prekey_id, signed_prekey_id }) => {
                let offer = wire::Offer {
                    prekey_id,
                    signed_prekey_id,
                    identity: &own.identity().public().encode(self.version),
                    base_key: &present.base_key().encode(self.version),
                    device: own.device().get(),
                };
                let bytes = wire::encode_key_exchange(self.version, &offer, &message);
                Sealed { bytes, kind: Kind::KeyExchange }
            }
        };
        Ok((self.with_present(Some(0), session), sealed))
    }

    /// Decrypts what the device has sent. `now` ages skipped keys.
    pub fn decrypt(
        &self,
        own: &OwnKeys,
        bytes: &[u8],
        kind: Kind,
        now: impl Into<Moment>,
    ) -> Result<Opened, Refused> {
        let now = now.into();
        let opened = match kind {
            Kind::Message => self.read_message(own, &Message::decode(self.version, bytes)?, now),
            Kind::KeyExchange => self.read_key_exchange(own, &KeyExchange::decode(self.version, bytes)?, now),
        };
        opened.map(|opened| opened.with_skipped_at_most(MAX_SKIPPED))
    }

    /// Whether a key exchange is one that this record knows: the one that has made one of its sessions. The number of the device is not
    /// authenticated, so whoever passes a key exchange on could write another one there.
    pub fn knows_exchange(&self, bytes: &[u8]) -> bool {
        let Ok(exchange) = KeyExchange::decode(self.version, bytes) else { return false };
        let of_sessions = self.sessions.iter().map(Session::base_key);
        of_sessions.chain(&self.given_up).any(|base_key| base_key.as_bytes() == &exchange.base_key)
    }

    /// To be stored sealed.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Writer::new(ENCODING);
        out.byte(match self.version {
            OmemoVersion::Legacy => 1,
            OmemoVersion::Omemo2 => 2,
        });
        out.option(self.identity.as_ref(), |out, identity| out.identity(identity));
        out.list(self.sessions.iter(), |out, session| session.write(out));
        out.list(self.given_up.iter(), |out, base_key| out.public(base_key));
        out.finish()
    }

    /// Reads what [`Record::encode`] wrote, now or in an earlier layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, Damaged> {
        let (mut from, layout) = match Reader::new(bytes, ENCODING) {
            Ok(from) => (from, Layout::Deferred),
            Err(Damaged) => (Reader::new(bytes, ENCODING_EAGER)?, Layout::Eager),
        };
        let version = match from.byte()? {
            1 => OmemoVersion::Legacy,
            2 => OmemoVersion::Omemo2,
            _ => return Err(Damaged),
        };
        let identity = from.option(Reader::identity)?;
        let sessions = from.list(MAX_SESSIONS, |from| Session::read(version, layout, from))?;
        let given_up = from.list(MAX_GIVEN_UP, Reader::public)?;
        from.finish()?;
        Ok(Self { version, identity, sessions, given_up })
    }

    fn read_message(&self, own: &OwnKeys, message: &Message<'_>, now: Moment) -> Result<Opened, Refused> {
        // A session that has seen this ratchet key is the only one it can belong to.
        if let Some(place) = self.sessions.iter().position(|session| session.knows(&message.ratchet_key)) {
            return self.read_in(place, own, message, now);
        }
        let mut first_refusal = None;
        for place in 0..self.sessions.len() {
            match self.read_in(place, own, message, now) {
                Ok(opened) => return Ok(opened),
                Err(refused) => first_refusal = first_refusal.or(Some(refused)),
            }
        }
        Err(first_refusal.unwrap_or(Refused::NoSession))
    }

    /// The session is looked for before the pre-key: an initiator repeats its key exchange until it has an answer, and the
    /// pre-key is gone by then.
    fn read_key_exchange(
        &self,
        own: &OwnKeys,
        exchange: &KeyExchange<'_>,
        now: Moment,
    ) -> Result<Opened, Refused> {
        let named = |session: &Session| session.base_key().as_bytes() == &exchange.base_key;
        if let Some(place) = self.sessions.iter().position(named) {
            let is_same = self
                .sessions
                .get(place)
                .is_some_and(|session| session.peer().encode(self.version) == exchange.identity);
            return match is_same {
                true => self.read_in(place, own, &exchange.message, now),
                false => Err(Refused::Tampered),
            };
        }
        // Its one-time pre-key may still be there.
        if self.given_up.iter().any(|base_key| base_key.as_bytes() == &exchange.base_key) {
            return Err(Refused::KeyGone);
        }
        let identity = IdentityKey::decode(self.version, exchange.identity)?;
        let base_key = PublicKey::new(&exchange.base_key)?;
        // Its session is gone, and must not be made anew.
        if own.was_used_by(self.version, exchange.prekey_id, &base_key) {
            return Err(Refused::KeyGone);
        }
        let signed_prekey =
            own.signed_prekey(self.version, exchange.signed_prekey_id).ok_or(Refused::UnknownSignedPreKey)?;
        let prekey = own.one_time_prekey(self.version, exchange.prekey_id).ok_or(Refused::UnknownPreKey)?;
        let secret = agreement::respond(
            self.version,
            (own.identity().pair(), signed_prekey, prekey),
            (identity.curve(), &base_key),
        )?;
        let session = Session::respond(self.version, identity, base_key, secret, signed_prekey.clone());
        let read = session.decrypt(own.identity(), &exchange.message, now)?;
        // Only now: an alarm about a key that nobody has proved to hold would be anybody's to raise.
        self.check_pin(&identity)?;
        Ok(Opened {
            record: self.with_present(None, read.session),
            plaintext: read.plaintext,
            consumed_prekey: Some(exchange.prekey_id),
            identity,
            answer: Some(Answer::KeyExchange),
            gives_up: read.gives_up,
        })
    }

    fn read_in(
        &self,
        place: usize,
        own: &OwnKeys,
        message: &Message<'_>,
        now: Moment,
    ) -> Result<Opened, Refused> {
        let session = self.sessions.get(place).ok_or(Refused::NoSession)?;
        let identity = *session.peer();
        let ratchet::Read { session, plaintext, turned, heartbeat, gives_up } =
            session.decrypt(own.identity(), message, now)?;
        // One under a key that the device has no more stays where it is.
        let is_former = self.check_pin(&identity).is_err();
        let record = match turned && !is_former {
            true => self.with_present(Some(place), session),
            false => self.with_updated(place, session),
        };
        let answer = heartbeat.then_some(Answer::Heartbeat);
        Ok(Opened { record, plaintext, consumed_prekey: None, identity, answer, gives_up })
    }

    fn check_pin(&self, identity: &IdentityKey) -> Result<(), Refused> {
        match &self.identity {
            Some(pinned) if pinned.fingerprint() != identity.fingerprint() => {
                Err(Refused::IdentityChanged(identity.fingerprint()))
            }
            _ => Ok(()),
        }
    }

    /// The record with a session as the present one, in place of that which it has grown from. An archived session comes back
    /// so when the peer has turned its ratchet: then the peer has it as its present one.
    fn with_present(&self, grown_from: Option<usize>, session: Session) -> Self {
        let identity = Some(self.identity.unwrap_or(*session.peer()));
        let others = self.sessions.iter().enumerate().filter(|(place, _)| Some(*place) != grown_from);
        let mut sessions = vec![session];
        sessions.extend(others.map(|(_, session)| session.clone()));
        let mut given_up = self.given_up.clone();
        given_up.extend(sessions.drain(sessions.len().min(MAX_SESSIONS)..).map(|old| *old.base_key()));
        given_up.drain(..given_up.len().saturating_sub(MAX_GIVEN_UP));
        Self { version: self.version, identity, sessions, given_up }
    }

    /// The record with a session in its place.
    fn with_updated(&self, place: usize, session: Session) -> Self {
        let mut record = self.clone();
        if let Some(old) = record.sessions.get_mut(place) {
            *old = session;
        }
        record
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({:?}, {} sessions with {:?})", self.version, self.sessions.len(), self.identity)
    }
}

impl fmt::Debug for Opened {
    /// What it says is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("record", &self.record)
            .field("consumed_prekey", &self.consumed_prekey)
            .field("identity", &self.identity)
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}
