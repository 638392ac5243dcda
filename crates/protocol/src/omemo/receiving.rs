//! What comes in: whoever sent the stanza has to own the key that encrypted it. A copy of what was read is known before it is decrypted
//! (see `copies`).
//!
//! A key belongs to the address of which it is known first. In the older version nothing that is encrypted says who wrote to whom, so whoever
//! carries a first message could give it another author; and no program uses one key for two addresses. What comes with the key of another
//! address, ours included, is held until a person has decided that it is this one's as well, in both versions. This is as good as what is
//! known: of a key that nobody has shown before nothing can be said. And whoever publishes the key of somebody else as their own can make
//! that one's first messages wait for a decision, if they are written to first: they are late then, not lost.
//!
//! Long because whatever may become of what comes in is decided here.

use std::fmt;
use std::time::Duration;

use causerie_model::encryption::Seal;
use causerie_model::{BareJid, Change, Mark, OmemoVersion, SessionName, Timestamp, Unreadable};
use causerie_omemo::{IdentityKey, Kind, LentKeys, Opened, Record, Refused, Sealed, payload};
use minidom::Element;
use zeroize::Zeroizing;

use super::copies::mark_of;
use super::envelope::{self, Fault};
use super::wire::{self, Incoming};
use super::{Keys, Omemo, own, sessions, strangers};
use crate::step::Step;
use crate::{ns, reactions, retractions};

/// What was in a stanza.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Unsealed {
    /// Nothing that is encrypted.
    Clear,
    /// Something that was said.
    Text(Inside, Seal),
    /// Nothing to show: an empty message, a copy of one that was read, or something that is no text.
    Nothing,
    /// Something that could not be read.
    Unreadable(Unreadable),
}

impl fmt::Debug for Unsealed {
    /// Messages are private: the text is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clear => f.write_str("Clear"),
            Self::Text(inside, seal) => {
                write!(f, "Text({} bytes, {seal:?})", inside.text().unwrap_or_default().len())
            }
            Self::Nothing => f.write_str("Nothing"),
            Self::Unreadable(why) => write!(f, "Unreadable({why:?})"),
        }
    }
}

/// What was encrypted.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Inside {
    /// In the older version: a text. What stands beside it, whoever carried it may have put there.
    Older(String),
    /// In the newer one: all that was said.
    Newer(Element),
}

impl Inside {
    /// The text.
    pub(crate) fn text(&self) -> Option<String> {
        let text = match self {
            Self::Older(text) => text.clone(),
            Self::Newer(content) => content.get_child("body", ns::CLIENT)?.text(),
        };
        Some(text).filter(|text| !text.trim().is_empty())
    }

    /// Whether there is something for people in it that is no text. What programs tell each other, as that something was read, is not.
    fn is_shown_elsewhere(&self) -> bool {
        match self {
            Self::Older(_) => false,
            Self::Newer(content) => {
                content.has_child("file-sharing", ns::FILE_SHARING) || content.has_child("x", ns::OUT_OF_BAND)
            }
        }
    }

    /// Whether something is said.
    fn is_said(&self) -> bool {
        let is_annotation =
            |content: &Element| retractions::read(content).is_some() || reactions::read(content).is_some();
        self.text().is_some() || matches!(self, Self::Newer(content) if is_annotation(content))
    }
}

/// Whether a sender may learn that we are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terms {
    /// They may: we answer.
    Known,
    /// They are strangers.
    Stranger,
}

/// Who wrote to whom, one of the two being ourselves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) from: &'a BareJid,
    pub(crate) to: &'a BareJid,
    pub(crate) terms: Terms,
    /// Whether they are on our contact list, whoever sees whom: of them alone there are only so many.
    pub(crate) is_contact: bool,
    pub(crate) turn: Turn,
    /// When it was sent, as far as the servers know.
    pub(crate) at: Timestamp,
    pub(crate) coming: Coming,
    /// Pre-keys that were kept for it.
    pub(crate) lent: Option<&'a LentKeys>,
}

impl Envelope<'_> {
    /// With whom.
    fn peer(&self, own: &BareJid) -> &BareJid {
        if self.from == own { self.to } else { self.from }
    }
}

/// How far a device's clock and the servers' may be apart before it is said (XEP-0420 0.4.1: "a reasonable margin").
const CLOCKS_DIFFER: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether what was written before a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It has, or never will.
    Due,
    /// Some is still to be fetched, and then this message comes again.
    Early,
    /// Some is still to be fetched, and this message does not come again.
    Alone,
}

/// How a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coming {
    /// By itself.
    Itself,
    /// Among what our archive has that was not here.
    Listed,
    /// Among what may have been here long ago.
    Again,
}

impl Omemo {
    /// Takes what is encrypted out of a stanza. What else a text would be taken from counts for nothing then.
    pub(crate) fn unseal(
        &mut self,
        stanza: &Element,
        outside: Envelope<'_>,
        step: &mut Step<'_>,
    ) -> Unsealed {
        if !wire::is_encrypted(stanza) {
            return Unsealed::Clear;
        }
        let Some(device) = self.device() else { return Unsealed::Unreadable(Unreadable::KeysLost) };
        let incoming = wire::read_encrypted(stanza, step.own, device);
        if incoming.is_empty() {
            return Unsealed::Unreadable(Unreadable::Malformed);
        }
        let mut found = None;
        let mut versions = incoming.into_iter();
        while let Some(incoming) = versions.next() {
            if incoming.sender == device && outside.from == step.own {
                // What we sent ourselves, come back: the ledger has it. (See `copied`.)
                return Unsealed::Nothing;
            }
            match (self.unseal_one(&incoming, outside, step), &found) {
                (text @ Unsealed::Text(..), _) => {
                    self.read_in_one_version(versions, outside, step);
                    return text;
                }
                // What is in one version says nothing of what is in the other.
                (Unsealed::Unreadable(Unreadable::NotForThisDevice), Some(_))
                | (Unsealed::Nothing, Some(_)) => {}
                (unsealed, _) => found = Some(unsealed),
            }
        }
        // Among ourselves, what is not marked as a message says something to programs.
        let is_message = outside.from != outside.to || stanza.has_child("encryption", ns::ENCRYPTION);
        match found {
            Some(Unsealed::Unreadable(Unreadable::NotForThisDevice)) if !is_message => Unsealed::Nothing,
            Some(found) => found,
            None => Unsealed::Unreadable(Unreadable::NotForThisDevice),
        }
    }

    /// What a stanza says was read. The same in another version, which nobody has unlocked, would be a copy if it came alone.
    fn read_in_one_version(
        &mut self,
        others: impl Iterator<Item = Incoming>,
        outside: Envelope<'_>,
        step: &mut Step<'_>,
    ) {
        for Incoming { sender: device, version, keys, .. } in others {
            let name = SessionName { jid: outside.from.clone(), device, version };
            keys.iter().for_each(|sealed| self.copies.remember(mark_of(&name, sealed), step));
        }
    }

    fn unseal_one(&mut self, incoming: &Incoming, outside: Envelope<'_>, step: &mut Step<'_>) -> Unsealed {
        let name =
            SessionName { jid: outside.from.clone(), device: incoming.sender, version: incoming.version };
        let mut why = match (incoming.keys.is_empty(), &incoming.payload) {
            // An empty message for other devices is no concern of ours.
            (true, None) => return Unsealed::Nothing,
            _ => Unreadable::NotForThisDevice,
        };
        for sealed in &incoming.keys {
            let mark = mark_of(&name, sealed);
            if self.copies.has(mark) {
                return Unsealed::Nothing;
            }
            if self.is_exchange_of_another_number(&name, sealed) {
                return Unsealed::Nothing;
            }
            if let Err(refused) = self.spend(&name, sealed, outside, step) {
                why = refused;
                break;
            }
            match self.unlock(&name, sealed, outside, step) {
                Ok(opened) if self.is_of_other(&name.jid, &opened.identity) => {
                    // A person can decide about it. Of strangers nothing is kept without a session, as one key can come under any address.
                    let fingerprint = opened.identity.fingerprint();
                    if outside.is_contact || outside.terms == Terms::Known || self.has_session_with(&name.jid)
                    {
                        self.see(&name, fingerprint, outside.terms, step);
                    }
                    why = match self.people.knows(&name.jid, fingerprint) {
                        true => Unreadable::KeyOfOther,
                        false if outside.is_contact => Unreadable::NotKept,
                        false => Unreadable::KeyOfOtherStranger,
                    };
                }
                // Keys of what is still to come would be given up for it: it is read when those have come.
                Ok(opened) if opened.gives_up && outside.turn != Turn::Due => {
                    return early(&incoming.payload);
                }
                Ok(opened) => return self.opened(&name, (opened, mark), (incoming, outside), step),
                Err(Refused::Duplicate) if self.may_be_a_copy(outside.coming) => return Unsealed::Nothing,
                // Something else was read with that key: their device goes on from an older state, and does not know it.
                Err(Refused::Duplicate) => why = Unreadable::KeysLost,
                Err(Refused::TooFarAhead) if outside.turn != Turn::Due => {
                    return early(&incoming.payload);
                }
                Err(Refused::NoSession | Refused::UnknownPreKey | Refused::UnknownSignedPreKey) => {
                    if outside.terms == Terms::Known {
                        self.miss_session(&name, step);
                    }
                    why = Unreadable::KeysLost;
                }
                Err(refused) => why = reason(refused),
            }
        }
        // Nobody misses a message that says nothing.
        match incoming.payload {
            Some(_) => Unsealed::Unreadable(why),
            None => Unsealed::Nothing,
        }
    }

    /// Whether a key exchange was sent by another device than the one it says: the number is not authenticated, and it is a copy.
    fn is_exchange_of_another_number(&self, name: &SessionName, sealed: &Sealed) -> bool {
        let is_other = |other: &SessionName| {
            (&other.jid, other.version) == (&name.jid, name.version) && other.device != name.device
        };
        let mut of_others = self.sessions.iter().filter(|(other, _)| is_other(other));
        sealed.kind == Kind::KeyExchange && of_others.any(|(_, record)| record.knows_exchange(&sealed.bytes))
    }

    /// Whether what uses a key again, and is not known as a copy, may be one all the same: of what was read long ago the marks are gone.
    fn may_be_a_copy(&self, coming: Coming) -> bool {
        match coming {
            Coming::Itself => false,
            Coming::Listed => self.copies.are_some_gone(),
            Coming::Again => true,
        }
    }

    /// Whether so much may be done for a message as it asks for. If not, it is held, as long as not too many are.
    fn spend(
        &mut self,
        name: &SessionName,
        sealed: &Sealed,
        outside: Envelope<'_>,
        step: &Step<'_>,
    ) -> Result<(), Unreadable> {
        let keys = match self.sessions.get(name) {
            Some(record) => record.effort(&sealed.bytes, sealed.kind),
            None => Record::new(name.version).effort(&sealed.bytes, sealed.kind),
        };
        let is_known = outside.terms == Terms::Known;
        if self.effort.take(Some(&name.jid).filter(|_| is_known), keys, step.now.elapsed) {
            return Ok(());
        }
        Err(match outside.turn {
            Turn::Early | Turn::Alone => Unreadable::Early,
            Turn::Due if is_known && self.holding.has_room(outside.peer(step.own)) => Unreadable::Delayed,
            // Whether it is genuine was not looked at.
            Turn::Due => Unreadable::NotKept,
        })
    }

    /// Takes the key of a message out of what is for us.
    fn unlock(
        &mut self,
        name: &SessionName,
        sealed: &Sealed,
        Envelope { terms, lent, .. }: Envelope<'_>,
        step: &mut Step<'_>,
    ) -> Result<Opened, Refused> {
        let Keys::Open(open) = &self.keys else { return Err(Refused::NoSession) };
        let with_lent = lent.map(|lent| open.own.with_lent(lent));
        let own = with_lent.as_ref().unwrap_or(&open.own);
        let now = own::moment(step);
        // Who names ever other devices makes us keep no more than so many.
        if !self.sessions.contains_key(name) && self.is_crowded(name) {
            return Err(Refused::NoSession);
        }
        let fresh = Record::new(name.version);
        let record = self.sessions.get(name).unwrap_or(&fresh);
        let decrypt = |record: &Record| {
            let opened = record.decrypt(own, &sealed.bytes, sealed.kind, now)?;
            Ok(match terms {
                Terms::Known => opened,
                Terms::Stranger => opened.with_skipped_at_most(strangers::MOST_SKIPPED),
            })
        };
        let opened = decrypt(record);
        let Err(Refused::IdentityChanged(claimed)) = opened else { return opened };
        // Another key under a known number: only a person can say whether that is right.
        let pinned = || sessions::pinned(&self.sessions, &name.jid);
        match self.people.see(&name.jid, (name.device, claimed), pinned, terms, step).may_read() {
            true => decrypt(&record.renewed()),
            false => Err(Refused::IdentityChanged(claimed)),
        }
    }

    /// Whether a key that has encrypted something is known as another address's, and nobody has decided that it is this one's as well.
    fn is_of_other(&self, jid: &BareJid, identity: &IdentityKey) -> bool {
        let fingerprint = identity.fingerprint();
        !self.people.trust(jid, fingerprint).may_read() && self.people.is_of_other(jid, fingerprint)
    }

    fn has_session_with(&self, jid: &BareJid) -> bool {
        self.sessions.keys().any(|name| name.jid == *jid)
    }

    fn opened(
        &mut self,
        name: &SessionName,
        (opened, mark): (Opened, Mark),
        (incoming, outside): (&Incoming, Envelope<'_>),
        step: &mut Step<'_>,
    ) -> Unsealed {
        let content = match open_payload(incoming, &opened.plaintext) {
            Ok(content) => content,
            // The key is from whoever owns the session, and what came with it is not: nothing has happened, and what they wrote may
            // still come.
            Err(refused) => return Unsealed::Unreadable(reason(refused)),
        };
        self.copies.remember(mark, step);
        let fingerprint = opened.identity.fingerprint();
        // What is late may be from the key that the device had before: it is no news of the device.
        let current = opened.record.identity().map(IdentityKey::fingerprint);
        let trust = match current == Some(fingerprint) {
            true => self.see(name, fingerprint, outside.terms, step),
            false => self.people.trust(&name.jid, fingerprint),
        };
        step.record(Change::KeyUsed { jid: name.jid.clone(), fingerprint, at: step.now.wall });
        self.has_session(name);
        self.use_up(&opened, step);
        self.keep_session(name.clone(), opened.record, step);
        if opened.answer.is_some() {
            self.answer(name, outside.terms, step);
        }
        if !self.people.lists(&name.jid, name.version, name.device) && outside.terms == Terms::Known {
            self.people.look_up_again(&name.jid, step);
        }
        let Some(content) = content else { return Unsealed::Nothing };
        match read(name.version, &content, (outside.from, outside.to)) {
            Ok(Said::Text(inside, at)) => {
                let written = at.filter(|at| is_far(*at, outside.at));
                Unsealed::Text(inside, Seal { version: name.version, fingerprint, trust, written })
            }
            Ok(Said::Decisions(message, at)) => {
                if outside.from == step.own {
                    self.take_decisions(&message, (fingerprint, trust, at), step);
                }
                Unsealed::Nothing
            }
            Ok(Said::Nothing) => Unsealed::Nothing,
            Err(why) => Unsealed::Unreadable(why),
        }
    }
}

/// Whether two times are further apart than clocks are wrong by a zone. XEP-0420 0.4.1 wants it checked, and says nothing of what follows:
/// whoever holds a message back does no more than a bad clock does, so it is shown at the servers' time, and its details tell the other.
fn is_far(one: Timestamp, other: Timestamp) -> bool {
    one.since(other).max(other.since(one)) > CLOCKS_DIFFER
}

/// What comes before its turn. It comes again; nobody waits for one that says nothing.
fn early<T>(payload: &Option<T>) -> Unsealed {
    match payload {
        Some(_) => Unsealed::Unreadable(Unreadable::Early),
        None => Unsealed::Nothing,
    }
}

/// What is in a message.
pub(super) enum Said {
    /// A text, and when it was written by its author's clock.
    Text(Inside, Option<Timestamp>),
    /// Decisions about keys, and when that was.
    Decisions(Element, Option<Timestamp>),
    Nothing,
}

/// What is in a payload, once it is sure that it belongs to its key. `None` where there is no payload, and the key says that there was none: an
/// empty message of OMEMO 2 has 32 bytes of zero there, a key with its HMAC belongs to a payload that was taken out on the way (XEP-0384 0.9.1,
/// "Message Encryption"). In the older version nothing tells the two apart: a key and a tag without a payload are a KeyTransportElement (XEP-0384
/// 0.3.0, "Sending a key"), which is what its empty messages are.
fn open_payload(incoming: &Incoming, keys: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, Refused> {
    let Some(payload) = &incoming.payload else {
        let is_whole = incoming.version == OmemoVersion::Legacy || keys.len() == payload::OMEMO2_EMPTY.len();
        return if is_whole { Ok(None) } else { Err(Refused::Tampered) };
    };
    match incoming.version {
        OmemoVersion::Legacy => payload::decrypt_legacy(keys, &incoming.iv, payload),
        OmemoVersion::Omemo2 => payload::decrypt_omemo2(keys, payload),
    }
    .map(Some)
}

pub(super) fn read(
    version: OmemoVersion,
    content: &[u8],
    (from, to): (&BareJid, &BareJid),
) -> Result<Said, Unreadable> {
    let (inside, at) = match version {
        OmemoVersion::Legacy => {
            let body = std::str::from_utf8(content).map_err(|_| Unreadable::Malformed)?;
            (Inside::Older(crate::xml::clean(body).into_owned()), None)
        }
        OmemoVersion::Omemo2 => {
            let (content, at) = envelope::unwrap(content, from, to).map_err(|fault| match fault {
                Fault::Malformed => Unreadable::Malformed,
                Fault::Misdirected => Unreadable::Misdirected,
            })?;
            if let Some(decisions) = content.get_child("trust-message", ns::TRUST) {
                return Ok(Said::Decisions(decisions.clone(), at));
            }
            (Inside::Newer(content), at)
        }
    };
    if !inside.is_said() && inside.is_shown_elsewhere() {
        return Err(Unreadable::NotShown);
    }
    Ok(if inside.is_said() { Said::Text(inside, at) } else { Said::Nothing })
}

/// What a person hears of it.
fn reason(refused: Refused) -> Unreadable {
    match refused {
        Refused::NoSession | Refused::UnknownPreKey | Refused::UnknownSignedPreKey | Refused::KeyGone => {
            Unreadable::KeysLost
        }
        Refused::IdentityChanged(_) => Unreadable::KeyReplaced,
        Refused::Malformed | Refused::WrongVersion => Unreadable::Malformed,
        _ => Unreadable::Altered,
    }
}
