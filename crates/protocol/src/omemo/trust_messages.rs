//! Decisions about keys, handed on between our own devices (XEP-0434 0.6.0, XEP-0450 0.4.1).
//!
//! What a person has compared on one device need not be compared on the others. A decision counts when it comes, encrypted in the newer
//! version, from a device of our own whose key was compared, or as soon as that is (see `told`); it goes to such devices alone.
//!
//! A decision has a time, which is that of the envelope that it comes in: what is older than what was decided about the same key
//! changes nothing, however late it comes. What our other devices have yet to hear of is in the ledger until our server has it, and so is
//! what they have told of keys that were not seen yet.

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::{
    Awaits, BareJid, Change, Decision, Fingerprint, OmemoVersion, SessionName, Timestamp, Trust,
};
use causerie_omemo::{IdentityKey, payload};
use minidom::Element;

use super::sessions::Prospect;
use super::{Omemo, envelope, store_hint, wire};
use crate::b64;
use crate::iq::{Answer, Ask, Recipient};
use crate::ns;
use crate::step::Step;
use crate::xml::{self, Draft};

/// What the messages are used for: automatic trust management.
const USAGE: &str = "urn:xmpp:atm:1";
/// How many keys one message may be about.
const MOST_KEYS: usize = 1_000;
/// How many decisions are remembered about keys that were not seen yet.
const MOST_AHEAD: usize = 500;
/// How many messages are sent at once. There is one for each time at which something was decided.
const MOST_MESSAGES: usize = 20;

/// How far the clocks of our devices may be apart. A decision from further in the future would stand against all until then.
pub(super) const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

/// Decisions that wait for something.
#[derive(Default)]
pub(super) struct Decisions {
    /// About keys that were not seen yet, by what another device of ours called the key.
    ahead: BTreeMap<(BareJid, Fingerprint), Ahead>,
    /// Those that our other devices are to hear of.
    untold: BTreeMap<(BareJid, Fingerprint), (Trust, Timestamp)>,
    telling: Telling,
    /// The devices of ours that were told everything because they trust us, and since when they do.
    answered: BTreeMap<Fingerprint, Timestamp>,
}

/// A decision about a key that was not seen yet.
struct Ahead {
    trust: Trust,
    at: Timestamp,
    /// Programs name a key by one form or the other of the same point.
    other: Option<Fingerprint>,
}

/// Whether decisions are on their way.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Telling {
    #[default]
    No,
    Yes,
}

impl Decisions {
    /// What the last run left.
    pub(super) fn new(kept: &[Decision]) -> Self {
        let mut decisions = Self::default();
        for Decision { jid, fingerprint, trust, at, awaits } in kept.iter().cloned() {
            match awaits {
                Awaits::Telling => {
                    decisions.untold.insert((jid, fingerprint), (trust, at));
                }
                Awaits::Key => {
                    let ahead = Ahead { trust, at, other: other_form(fingerprint.0) };
                    decisions.ahead.insert((jid, fingerprint), ahead);
                }
            }
        }
        decisions
    }

    /// What was decided about a key that has just been seen.
    pub(super) fn take_ahead(
        &mut self,
        jid: &BareJid,
        fingerprint: Fingerprint,
        step: &mut Step<'_>,
    ) -> Option<(Trust, Timestamp)> {
        let is_it = |(owner, named): &(BareJid, Fingerprint), ahead: &Ahead| {
            owner == jid && (*named == fingerprint || ahead.other == Some(fingerprint))
        };
        let name = self.ahead.iter().find(|(name, ahead)| is_it(name, ahead))?.0.clone();
        let Ahead { trust, at, .. } = self.ahead.remove(&name)?;
        let (jid, fingerprint) = name;
        step.record(Change::DecisionDone(Decision { jid, fingerprint, trust, at, awaits: Awaits::Key }));
        Some((trust, at))
    }

    /// Another device of ours has decided about a key that was not seen here.
    fn put_ahead(&mut self, decision: Decision, step: &mut Step<'_>) {
        let name = (decision.jid.clone(), decision.fingerprint);
        let is_older = self.ahead.get(&name).map(|ahead| decision.at <= ahead.at);
        if is_older == Some(true) || (is_older.is_none() && self.ahead.len() >= MOST_AHEAD) {
            return;
        }
        let Decision { trust, at, fingerprint, .. } = decision;
        self.ahead.insert(name, Ahead { trust, at, other: other_form(fingerprint.0) });
        step.record(Change::DecisionKept(decision));
    }

    /// Our other devices are to hear of it.
    fn put_untold(&mut self, decision: Decision, step: &mut Step<'_>) {
        let name = (decision.jid.clone(), decision.fingerprint);
        let same = (decision.trust, decision.at);
        if self.untold.insert(name, same) != Some(same) {
            step.record(Change::DecisionKept(decision));
        }
    }

    /// What our other devices were to hear of that key does not hold any more, if it is not newer than this.
    fn drop_untold(&mut self, name: &(BareJid, Fingerprint), upto: Timestamp, step: &mut Step<'_>) {
        let Some((trust, at)) = self.untold.get(name).copied().filter(|(_, at)| *at <= upto) else { return };
        self.untold.remove(name);
        let (jid, fingerprint) = name.clone();
        step.record(Change::DecisionDone(Decision { jid, fingerprint, trust, at, awaits: Awaits::Telling }));
    }

    /// We are offline: whether what was on its way has been taken is not known.
    pub(super) fn stop(&mut self) {
        self.telling = Telling::No;
    }
}

impl Omemo {
    /// The person has decided about a key: our other devices are to hear of it. One of ours that has just been compared hears everything
    /// that was decided before.
    pub(super) fn hand_on(
        &mut self,
        jid: &BareJid,
        fingerprint: Fingerprint,
        (trust, at): (Trust, Timestamp),
        step: &mut Step<'_>,
    ) {
        if !matches!(trust, Trust::Verified | Trust::Distrusted) {
            self.decisions.drop_untold(&(jid.clone(), fingerprint), at, step);
            return;
        }
        if self.compared_devices(step).is_empty() {
            return;
        }
        if *jid == *step.own && trust == Trust::Verified {
            return self.tell_all(step);
        }
        let decision = Decision { jid: jid.clone(), fingerprint, trust, at, awaits: Awaits::Telling };
        self.decisions.put_untold(decision, step);
        self.tell_decisions(step);
    }

    /// A device of ours that was compared here says that we were compared there, at that time. What it was told before that, it has not
    /// believed: it hears everything again, once.
    fn is_trusted_by(&mut self, device: Fingerprint, at: Timestamp, step: &mut Step<'_>) {
        let answered = self.decisions.answered.entry(device).or_default();
        if *answered >= at {
            return;
        }
        *answered = at;
        self.tell_all(step);
    }

    fn tell_all(&mut self, step: &mut Step<'_>) {
        for (jid, fingerprint, trust, at) in self.people.decided() {
            let decision = Decision { jid, fingerprint, trust, at, awaits: Awaits::Telling };
            self.decisions.put_untold(decision, step);
        }
        self.tell_decisions(step);
    }

    /// Our other devices whose keys were compared, as far as they know the newer version, with or without a session.
    fn compared_devices(&self, step: &Step<'_>) -> Vec<SessionName> {
        let version = OmemoVersion::Omemo2;
        let devices = self.people.devices(step.own).into_iter();
        let others = devices.filter(|(device, versions)| {
            versions.contains(&version)
                && Some(*device) != self.device()
                && !self.publishing.is_unwanted(*device)
        });
        let names = others.map(|(device, _)| SessionName { jid: step.own.clone(), device, version });
        let is_compared = |name: &SessionName| match self.prospect(name) {
            Prospect::There => self.trust_of(name) == Trust::Verified,
            Prospect::Possible | Prospect::None => {
                let key = self.people.key_of(&name.jid, name.device);
                key.is_some_and(|(_, trust)| trust == Trust::Verified)
            }
        };
        names.filter(is_compared).collect()
    }

    /// Tells our other devices what they have yet to hear, as soon as that can be done. What has gone out is asked for: it waits on
    /// until our server has it.
    pub(super) fn tell_decisions(&mut self, step: &mut Step<'_>) {
        if self.decisions.untold.is_empty()
            || self.decisions.telling == Telling::Yes
            || !step.is_online()
            || self.device().is_none()
            || self.is_copied()
            || self.publishing.is_asked()
            || self.is_settling()
        {
            return;
        }
        self.bundles.give_up_begun(step.now);
        let compared = self.compared_devices(step);
        let with = |wanted: Prospect| -> Vec<SessionName> {
            compared.iter().filter(|name| self.prospect(name) == wanted).cloned().collect()
        };
        let (names, missing) = (with(Prospect::There), with(Prospect::Possible));
        if !missing.is_empty() {
            missing.iter().for_each(|name| self.fetch_bundle(name, step));
            return;
        }
        let all: Vec<Decision> = self
            .decisions
            .untold
            .iter()
            .map(|((jid, fingerprint), (trust, at))| Decision {
                jid: jid.clone(),
                fingerprint: *fingerprint,
                trust: *trust,
                at: *at,
                awaits: Awaits::Telling,
            })
            .collect();
        if names.is_empty() {
            if compared.is_empty() {
                // Nobody is left who would listen. One that is compared later hears everything.
                self.decisions_taken(&all, step);
            }
            return;
        }
        for (at, decisions) in by_time(&all) {
            self.send_decisions(names.clone(), (&decisions, at), step);
        }
        self.decisions.telling = Telling::Yes;
        step.get(Recipient::Server, Draft::new("ping", ns::PING), Ask::DecisionsTaken(all));
    }

    /// Our server works on what we send in its order: what is before the ping that it has answered it has.
    pub(crate) fn decisions_answered(&mut self, told: &[Decision], answer: &Answer<'_>, step: &mut Step<'_>) {
        self.decisions.telling = Telling::No;
        if !matches!(answer, Answer::Silence(_)) {
            self.decisions_taken(told, step);
            self.tell_decisions(step);
        }
    }

    fn decisions_taken(&mut self, told: &[Decision], step: &mut Step<'_>) {
        for Decision { jid, fingerprint, at, .. } in told {
            self.decisions.drop_untold(&(jid.clone(), *fingerprint), *at, step);
        }
    }

    fn send_decisions(
        &mut self,
        names: Vec<SessionName>,
        (decisions, at): (&[&Decision], Timestamp),
        step: &mut Step<'_>,
    ) {
        let own = step.own.clone();
        let envelope = envelope::wrap(vec![write(decisions)], (&own, &own), at, step.rng);
        let sealed = payload::encrypt_omemo2(&envelope, step.rng);
        let keys = self.lock(names, &sealed.keys, step).keys;
        let element = self.element(OmemoVersion::Omemo2, &keys, None, Some(&sealed.ciphertext));
        let message = Draft::new("message", ns::CLIENT).attr("type", "chat").attr("to", own.as_str());
        step.send(message.children(element).child(store_hint()));
    }

    /// What a device has decided whose key was compared counts, as of that time. One in the future, by our clock, counts from now on.
    pub(super) fn take_told(
        &mut self,
        told: Vec<(BareJid, [u8; 32], Trust)>,
        (sender, written): (Fingerprint, Timestamp),
        step: &mut Step<'_>,
    ) {
        let at = written.min(step.now.wall.saturating_add(CLOCKS_DIFFER));
        let own = self.open().map(|open| open.own.identity().public().fingerprint());
        let mut ours = Vec::new();
        for (jid, id, trust) in told {
            let forms = [Some(Fingerprint(id)), other_form(id)];
            // We know what to think of ourselves.
            if jid == *step.own && own.is_some_and(|own| forms.contains(&Some(own))) {
                if trust == Trust::Verified {
                    // By its own time: one in the future would be another with each copy, and answered without end.
                    self.is_trusted_by(sender, written, step);
                }
                continue;
            }
            self.people.take_care_as_told(&jid, trust, step);
            let known = forms.into_iter().flatten().find(|form| self.people.knows(&jid, *form));
            match known {
                Some(fingerprint) => {
                    if self.people.decide(&jid, fingerprint, (trust, at), step) {
                        self.holding.decided(&jid, step.own);
                        ours.extend((jid == *step.own).then_some(fingerprint));
                        self.decisions.drop_untold(&(jid, fingerprint), at, step);
                    }
                }
                None => {
                    let fingerprint = Fingerprint(id);
                    let decision = Decision { jid, fingerprint, trust, at, awaits: Awaits::Key };
                    self.decisions.put_ahead(decision, step);
                }
            }
        }
        ours.into_iter().for_each(|fingerprint| self.settle_hearsay(fingerprint, step));
        self.review(step);
    }
}

/// What goes into one message: what was decided at the same time. When there are many times, the oldest share the oldest of theirs: what
/// counts as older than it is overturns nothing.
fn by_time(decisions: &[Decision]) -> Vec<(Timestamp, Vec<&Decision>)> {
    let mut by_time: BTreeMap<Timestamp, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions {
        by_time.entry(decision.at).or_default().push(decision);
    }
    let mut messages: Vec<(Timestamp, Vec<&Decision>)> = by_time.into_iter().collect();
    let surplus = messages.len().saturating_sub(MOST_MESSAGES);
    let merged: Vec<&Decision> = messages.drain(..surplus).flat_map(|(_, decisions)| decisions).collect();
    if let (Some(first), Some(oldest)) = (messages.first_mut(), merged.first().map(|oldest| oldest.at)) {
        first.0 = oldest;
        first.1.splice(..0, merged);
    }
    let in_parts = messages.into_iter().flat_map(|(at, decisions)| {
        let parts: Vec<_> = decisions.chunks(MOST_KEYS).map(|part| (at, part.to_vec())).collect();
        parts
    });
    in_parts.collect()
}

/// The Curve25519 form of an Ed25519 key.
fn other_form(id: [u8; 32]) -> Option<Fingerprint> {
    IdentityKey::decode(OmemoVersion::Omemo2, &id).ok().map(|key| key.fingerprint())
}

pub(super) fn write(decisions: &[&Decision]) -> Element {
    let mut owners: BTreeMap<&BareJid, Vec<Element>> = BTreeMap::new();
    for Decision { jid, fingerprint, trust, .. } in decisions {
        let name = if *trust == Trust::Verified { "trust" } else { "distrust" };
        let decision = Draft::new(name, ns::TRUST).text(&b64::encode(&fingerprint.0));
        owners.entry(jid).or_default().push(decision.into());
    }
    let owners = owners.into_iter().map(|(jid, decisions)| {
        Draft::new("key-owner", ns::TRUST).attr("jid", jid.as_str()).children(decisions).into()
    });
    let encryption = wire::namespace(OmemoVersion::Omemo2);
    let message = Draft::new("trust-message", ns::TRUST).attr("usage", USAGE).attr("encryption", encryption);
    message.children(owners).into()
}

pub(super) fn read(message: &Element) -> Vec<(BareJid, [u8; 32], Trust)> {
    let mut decisions = Vec::new();
    if message.attr("usage") != Some(USAGE)
        || message.attr("encryption") != Some(wire::namespace(OmemoVersion::Omemo2))
    {
        return decisions;
    }
    for owner in xml::children(message, "key-owner", ns::TRUST) {
        let Some(jid) = owner.attr("jid").and_then(|jid| BareJid::new(jid).ok()) else { continue };
        for decision in owner.children().filter(|child| child.has_ns(ns::TRUST)).take(MOST_KEYS) {
            let trust = match decision.name() {
                "trust" => Trust::Verified,
                "distrust" => Trust::Distrusted,
                _ => continue,
            };
            let id = b64::decode(&decision.text(), 32).and_then(|id| id.try_into().ok());
            decisions.extend(id.map(|id| (jid.clone(), id, trust)));
        }
    }
    decisions.truncate(MOST_KEYS);
    decisions
}
