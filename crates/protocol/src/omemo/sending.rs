//! What goes out: encrypted for every device that may read it.

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::{
    BareJid, Change, DeviceId, Fingerprint, OmemoVersion, OriginId, Problem, Readiness, Sealing, SessionName,
    Trust, Unreached,
};
use causerie_omemo::{Sealed, payload};
use minidom::Element;

use super::sessions::Prospect;
use super::{Keys, Omemo, envelope, store_hint, wire};
use crate::messages::Wording;
use crate::ns;
use crate::step::Step;
use crate::xml::Draft;

/// What stands in the place of a text for programs that know nothing of the older version (XEP-0384 0.3.0 §4.4).
const FALLBACK: &str = "[OMEMO]";

/// What became of a message that is to be encrypted.
pub(crate) enum Protected {
    /// These are its elements.
    Yes(Vec<Element>),
    /// There is nothing of it that the devices of the other side could be told.
    Unsaid,
    /// Not yet: something has to be known first, or decided.
    Wait,
    /// It can't be.
    No(Problem),
}

/// The devices that a message is for.
#[derive(Default)]
struct Recipients {
    /// Those that will be able to read it.
    names: Vec<SessionName>,
    /// Bundles that have to come first.
    missing: Vec<SessionName>,
    /// Those that will not, and why.
    unreached: Vec<(BareJid, DeviceId, Unreached)>,
}

/// The key of a message, encrypted for each device.
pub(super) struct Locked {
    /// By whose they are.
    pub(super) keys: Vec<(BareJid, Vec<(DeviceId, Sealed)>)>,
    /// Devices for which it could not be.
    failed: Vec<SessionName>,
}

impl Recipients {
    /// Whether any of the devices is left out for that reason.
    fn leaves_out(&self, why: Unreached) -> bool {
        self.unreached.iter().any(|(_, _, reason)| *reason == why)
    }
}

impl Omemo {
    /// Encrypts what is said for somebody and for our other devices. The new states of the sessions are recorded. That somebody can't be
    /// reached is believed when it was found out after `since`, which is when the text was written.
    pub(crate) fn protect(
        &mut self,
        peer: &BareJid,
        (id, said): (&OriginId, &Wording),
        since: Duration,
        step: &mut Step<'_>,
    ) -> Protected {
        let Some(device) = self.device().filter(|_| !self.is_copied()) else { return Protected::Wait };
        // Careful receivers read nothing from a device that they can't find on a list.
        if self.publishing.is_asked() || self.is_settling() {
            return Protected::Wait;
        }
        self.people.doubt(peer, since);
        self.people.look_up(peer, step);
        if self.people.is_asked(peer) {
            return Protected::Wait;
        }
        self.bundles.give_up_begun(step.now);
        let mut theirs = self.recipients(peer, step.own, device);
        if theirs.names.is_empty() && theirs.missing.is_empty() && self.bundles.doubt(peer, since) {
            theirs = self.recipients(peer, step.own, device);
        }
        // Our own devices are no reason to begin anything.
        if theirs.names.is_empty() && theirs.missing.is_empty() && peer != step.own {
            return self.not_protected(peer, &theirs, step);
        }
        let ours = match peer == step.own {
            true => Recipients::default(),
            false => self.recipients(step.own, step.own, device),
        };
        let missing: Vec<SessionName> = theirs.missing.iter().chain(&ours.missing).cloned().collect();
        if !missing.is_empty() {
            missing.iter().for_each(|name| self.fetch_bundle(name, step));
            return Protected::Wait;
        }
        self.bundles.reached(peer);
        let is_told = |name: &SessionName| said.older.is_some() || name.version != OmemoVersion::Legacy;
        // Only what the other side can be told is sent: our own devices alone are no reason to send it something.
        let is_unsaid = peer != step.own && !theirs.names.iter().any(is_told);
        let mut unreached: Vec<_> = theirs.unreached.into_iter().chain(ours.unreached).collect();
        let names = theirs.names.into_iter().chain(ours.names);
        let mut names: Vec<SessionName> = names.filter(|name| !is_unsaid && is_told(name)).collect();
        let (elements, failed) = self.encrypt(names.clone(), peer, said, step);
        names.retain(|name| !failed.contains(name));
        let reaches = |name: &SessionName| name.jid == *peer;
        if !is_unsaid && peer != step.own && !names.iter().any(reaches) {
            // With nobody of theirs there is a session that is any good: they are begun anew first.
            failed.iter().for_each(|name| self.fetch_bundle(name, step));
            return Protected::Wait;
        }
        unreached.extend(failed.into_iter().map(|name| (name.jid, name.device, Unreached::NoKeys)));
        let mut versions = OmemoVersion::ALL.to_vec();
        versions.retain(|version| is_wanted(&names, *version, peer == step.own));
        let sealing = Sealing { versions, beyond: self.people.beyond(peer) };
        step.record(Change::MessageSealed { peer: peer.clone(), id: id.clone(), sealing, unreached });
        if is_unsaid { Protected::Unsaid } else { Protected::Yes(elements) }
    }

    /// Nobody on the other side could read it. Where they have devices, or where it can't be known whether they have, it waits: for a
    /// decision, or until their keys can be had.
    fn not_protected(&mut self, peer: &BareJid, theirs: &Recipients, step: &Step<'_>) -> Protected {
        if theirs.leaves_out(Unreached::NoKeys) && self.bundles.are_shut_out_by(peer) {
            return Protected::No(Problem::Refused);
        }
        if theirs.leaves_out(Unreached::NoKeys) {
            self.bundles.wait_for(peer, step.now.elapsed);
            return Protected::Wait;
        }
        if !theirs.unreached.is_empty() {
            return Protected::Wait;
        }
        match self.people.out_of_reach(peer) {
            None => Protected::No(Problem::NoKeys),
            // What is sent there would come back as well.
            Some(problem @ Problem::RemoteUnreachable) => Protected::No(problem.clone()),
            Some(_) => {
                self.bundles.wait_for(peer, step.now.elapsed);
                Protected::Wait
            }
        }
    }

    /// Who of somebody's devices gets a message, and in which version: in the newer one where a device has both and its keys can be had,
    /// even where there is a session in the older one already. For a device that gets nothing they are not asked for: whoever has to decide
    /// about its key may take longer than what they offer is there.
    fn recipients(&self, jid: &BareJid, own: &BareJid, device: DeviceId) -> Recipients {
        let mut recipients = Recipients::default();
        let others = self
            .people
            .devices(jid)
            .into_iter()
            .filter(|(id, _)| jid != own || (*id != device && !self.publishing.is_unwanted(*id)));
        for (id, versions) in others {
            let mut leave_out = |why| recipients.unreached.push((jid.clone(), id, why));
            let name = |version| SessionName { jid: jid.clone(), device: id, version };
            let names: Vec<SessionName> = versions.into_iter().map(name).collect();
            let there = names.iter().find(|name| self.prospect(name) == Prospect::There);
            let is_open =
                |name: &SessionName| self.prospect(name) == Prospect::Possible && self.may_be_asked_for(name);
            let first = names.iter().find(|name| self.prospect(name) == Prospect::There || is_open(name));
            // Without a session it is what is decided about the key that was seen, if one was.
            let of_session = there.map(|name| self.trust_of(name));
            let trust = of_session.or_else(|| self.people.key_of(jid, id).map(|(_, trust)| trust));
            match (trust, there, first) {
                (Some(Trust::Undecided), ..) => leave_out(Unreached::Undecided),
                (Some(Trust::Distrusted), ..) => leave_out(Unreached::Distrusted),
                (_, Some(name), Some(first)) if name == first => recipients.names.push(name.clone()),
                (_, _, Some(name)) => recipients.missing.push(name.clone()),
                (_, _, None) => leave_out(Unreached::NoKeys),
            }
        }
        recipients
    }

    /// What is decided about the key that a message would be encrypted for.
    pub(super) fn trust_of(&self, name: &SessionName) -> Trust {
        let identity = self.present(name).and_then(|record| record.identity());
        identity.map_or(Trust::Undecided, |identity| self.trust_with(name, identity.fingerprint()))
    }

    /// The same for a session with that key.
    pub(super) fn trust_with(&self, name: &SessionName, fingerprint: Fingerprint) -> Trust {
        match self.people.key_of(&name.jid, name.device) {
            // Its device has shown another key since, and nobody has said that this is wrong.
            Some((newest, trust)) if newest != fingerprint && trust != Trust::Distrusted => Trust::Undecided,
            _ => self.people.trust(&name.jid, fingerprint),
        }
    }

    /// The elements of a message, and the devices for which it could not be encrypted.
    fn encrypt(
        &mut self,
        names: Vec<SessionName>,
        peer: &BareJid,
        said: &Wording,
        step: &mut Step<'_>,
    ) -> (Vec<Element>, Vec<SessionName>) {
        let mut elements = Vec::new();
        let mut failed = Vec::new();
        let mut marks: Vec<Element> = Vec::new();
        for version in OmemoVersion::ALL {
            if !is_wanted(&names, version, peer == step.own) {
                continue;
            }
            let names: Vec<SessionName> =
                names.iter().filter(|name| name.version == version).cloned().collect();
            let (iv, ciphertext, keys) = match version {
                OmemoVersion::Legacy => {
                    let Some((text, _)) = &said.older else { continue };
                    let sealed = payload::encrypt_legacy(text.as_bytes(), step.rng);
                    (Some(sealed.iv), sealed.ciphertext, sealed.keys)
                }
                OmemoVersion::Omemo2 => {
                    let whole = said.whole.clone();
                    let envelope = envelope::wrap(whole, (step.own, peer), step.now.wall, step.rng);
                    let sealed = payload::encrypt_omemo2(&envelope, step.rng);
                    (None, sealed.ciphertext, sealed.keys)
                }
            };
            let Locked { keys, failed: not_for } = self.lock(names, &keys, step);
            failed.extend(not_for);
            elements.extend(self.element(version, &keys, iv.as_ref().map(|iv| &iv[..]), Some(&ciphertext)));
            let mark = Draft::new("encryption", ns::ENCRYPTION).attr("namespace", wire::namespace(version));
            marks.push(mark.attr("name", "OMEMO").into());
            if version == OmemoVersion::Legacy {
                marks.push(Draft::new("body", ns::CLIENT).text(FALLBACK).into());
                marks.extend(said.older.iter().flat_map(|(_, beside)| beside).cloned());
            }
        }
        elements.extend(marks);
        elements.push(store_hint());
        (elements, failed)
    }

    /// Encrypts the key of a message for each device.
    pub(super) fn lock(&mut self, names: Vec<SessionName>, key: &[u8], step: &mut Step<'_>) -> Locked {
        let mut locked: BTreeMap<BareJid, Vec<(DeviceId, Sealed)>> = BTreeMap::new();
        let mut failed = Vec::new();
        for name in names {
            let session = self.present(&name).or_else(|| self.kept(&name));
            let Some((open, record)) = self.open().zip(session) else {
                failed.push(name);
                continue;
            };
            let encrypted = record.encrypt(&open.own, key, step.rng).ok();
            let Some((record, sealed)) = encrypted else {
                // What can't be used any more is begun anew the next time.
                self.lose_session(&name, step);
                failed.push(name);
                continue;
            };
            self.answers.done(&name);
            locked.entry(name.jid.clone()).or_default().push((name.device, sealed));
            self.keep_session(name, record, step);
        }
        Locked { keys: locked.into_iter().collect(), failed }
    }

    fn lose_session(&mut self, name: &SessionName, step: &mut Step<'_>) {
        self.bundles.end_begun(name);
        if self.sessions.remove(name).is_some() {
            self.strangers.lost(&name.jid);
            self.turns.keep(|other| other != name);
            step.record(Change::SessionForgotten(name.clone()));
        }
    }

    pub(super) fn element(
        &self,
        version: OmemoVersion,
        keys: &[(BareJid, Vec<(DeviceId, Sealed)>)],
        iv: Option<&[u8]>,
        payload: Option<&[u8]>,
    ) -> Option<Element> {
        let sender = self.device()?;
        Some(wire::encrypted(&wire::Outgoing { version, sender, keys, iv, payload }))
    }

    /// Sends a device something that says nothing, but turns the ratchet or tells of a new session.
    pub(super) fn send_empty(&mut self, name: &SessionName, step: &mut Step<'_>) {
        if !step.is_online() || self.is_copied() {
            return;
        }
        let (iv, keys) = match name.version {
            OmemoVersion::Legacy => {
                let sealed = payload::encrypt_legacy(&[], step.rng);
                (Some(sealed.iv), sealed.keys)
            }
            OmemoVersion::Omemo2 => (None, payload::OMEMO2_EMPTY.to_vec().into()),
        };
        let Locked { keys, .. } = self.lock(vec![name.clone()], &keys, step);
        if keys.is_empty() {
            return;
        }
        let element = self.element(name.version, &keys, iv.as_ref().map(|iv| &iv[..]), None);
        let message = Draft::new("message", ns::CLIENT).attr("type", "chat").attr("to", name.jid.as_str());
        step.send(message.children(element).child(store_hint()));
    }

    /// Something was written to somebody. What could not be had before is asked for again, where nobody of theirs could read it.
    pub(crate) fn written(&mut self, peer: &BareJid, step: &Step<'_>) {
        if self.is_stuck(peer) {
            self.bundles.doubt(peer, step.now.elapsed);
            self.people.doubt(peer, step.now.elapsed);
        }
    }

    /// Whether a message to somebody that waits to be encrypted waits for something that may never come.
    pub(crate) fn is_stuck(&self, peer: &BareJid) -> bool {
        match self.readiness(peer) {
            Readiness::Unknown | Readiness::Looking | Readiness::Ready => false,
            Readiness::NoKeys
            | Readiness::OutOfReach
            | Readiness::Undecided
            | Readiness::Distrusted
            | Readiness::Unavailable => true,
        }
    }

    /// Whether a message to somebody could be encrypted now.
    pub(super) fn readiness(&self, peer: &BareJid) -> Readiness {
        let own = match (&self.keys, self.device()) {
            (Keys::Closed, _) => return Readiness::Unavailable,
            // With keys that are to be others nothing is sent.
            (_, Some(device)) if !self.is_copied() || !self.publishing.is_hopeless() => device,
            _ if self.publishing.is_hopeless() => return Readiness::Unavailable,
            _ => return Readiness::Looking,
        };
        // A note to ourselves can always be kept.
        if self.account == *peer {
            return Readiness::Ready;
        }
        if self.people.devices(peer).is_empty() {
            let problem = self.people.out_of_reach(peer);
            return match (self.people.is_asked(peer), self.people.is_fresh(peer)) {
                // Once they could not be had, that holds until they can.
                (true, _) if problem.is_some_and(|it| *it != Problem::RemoteUnreachable) => {
                    Readiness::OutOfReach
                }
                (true, _) => Readiness::Looking,
                (false, false) => Readiness::Unknown,
                (false, true) => match problem {
                    None => Readiness::NoKeys,
                    Some(Problem::RemoteUnreachable) => Readiness::Unknown,
                    Some(_) => Readiness::OutOfReach,
                },
            };
        }
        let recipients = self.recipients(peer, &self.account, own);
        if !recipients.names.is_empty() || !recipients.missing.is_empty() {
            Readiness::Ready
        } else if recipients.leaves_out(Unreached::Undecided) {
            Readiness::Undecided
        } else if recipients.leaves_out(Unreached::NoKeys) {
            Readiness::OutOfReach
        } else {
            Readiness::Distrusted
        }
    }
}

/// Whether a message goes out in that version. A note to ourselves does even when we have no other device.
fn is_wanted(names: &[SessionName], version: OmemoVersion, to_ourselves: bool) -> bool {
    names.iter().any(|name| name.version == version) || (to_ourselves && version == OmemoVersion::Omemo2)
}
