//! Decisions about keys, handed on between our own devices (XEP-0434 0.6.0, XEP-0450 0.4.1).
//!
//! What a person has compared on one device need not be compared on the others. A decision counts when it comes, encrypted in the newer
//! version, from a device of our own whose key was compared; it goes to such devices alone.

use std::collections::BTreeMap;

use causerie_model::{BareJid, Fingerprint, OmemoVersion, SessionName, Trust};
use causerie_omemo::{IdentityKey, payload};
use minidom::Element;

use super::sessions::Prospect;
use super::{Omemo, envelope, store_hint, wire};
use crate::b64;
use crate::ns;
use crate::step::Step;
use crate::xml::{self, Draft};

/// What the messages are used for: automatic trust management.
const USAGE: &str = "urn:xmpp:atm:1";
/// How many keys one message may be about.
const MOST_KEYS: usize = 1_000;
/// How many decisions are remembered about keys that were not seen yet.
const MOST_AHEAD: usize = 500;

/// Decisions about keys that were not seen yet.
#[derive(Default)]
pub(super) struct Ahead(BTreeMap<(BareJid, Fingerprint), Trust>);

impl Ahead {
    /// What is decided about a key that has just been seen.
    pub(super) fn take(&mut self, jid: &BareJid, fingerprint: Fingerprint) -> Option<Trust> {
        self.0.remove(&(jid.clone(), fingerprint))
    }
}

/// Decisions about keys.
type Decision = (BareJid, Fingerprint, Trust);

impl Omemo {
    /// The person has decided about a key: our other devices hear of it. One of ours that has just been compared hears everything that
    /// was decided before.
    pub(super) fn hand_on(
        &mut self,
        jid: &BareJid,
        fingerprint: Fingerprint,
        trust: Trust,
        step: &mut Step<'_>,
    ) {
        if !matches!(trust, Trust::Verified | Trust::Distrusted) || !step.is_online() {
            return;
        }
        let is_newcomer = *jid == *step.own && trust == Trust::Verified;
        let (newcomers, others): (Vec<SessionName>, Vec<SessionName>) =
            self.compared_devices(step).into_iter().partition(|name| {
                is_newcomer
                    && self.people.key_of(&name.jid, name.device).is_some_and(|(key, _)| key == fingerprint)
            });
        self.send_decisions(others, &[(jid.clone(), fingerprint, trust)], step);
        let before = self.people.decided();
        self.send_decisions(newcomers, &before, step);
    }

    /// Our other devices whose keys were compared, as far as they know the newer version.
    fn compared_devices(&self, step: &Step<'_>) -> Vec<SessionName> {
        let version = OmemoVersion::Omemo2;
        let devices = self.people.devices(step.own).into_iter();
        let names = devices
            .filter(|(_, versions)| versions.contains(&version))
            .map(|(device, _)| SessionName { jid: step.own.clone(), device, version });
        let is_compared = |name: &SessionName| {
            self.prospect(name) == Prospect::There && self.trust_of(name) == Trust::Verified
        };
        names.filter(|name| Some(name.device) != self.device() && is_compared(name)).collect()
    }

    fn send_decisions(&mut self, names: Vec<SessionName>, decisions: &[Decision], step: &mut Step<'_>) {
        if names.is_empty() || decisions.is_empty() {
            return;
        }
        let own = step.own.clone();
        let envelope = envelope::wrap(write(decisions), (&own, &own), step.now, step.rng);
        let sealed = payload::encrypt_omemo2(&envelope, step.rng);
        let keys = self.lock(names, &sealed.keys, step);
        let element = self.element(OmemoVersion::Omemo2, &keys, None, Some(&sealed.ciphertext));
        let message = Draft::new("message", ns::CLIENT).attr("type", "chat").attr("to", own.as_str());
        step.send(message.children(element).child(store_hint()));
    }

    /// Decisions came from one of our own devices whose key was compared.
    pub(super) fn take_decisions(&mut self, message: &Element, step: &mut Step<'_>) {
        for (jid, id, trust) in read(message) {
            // Programs name a key by one form or the other of the same point.
            let forms = [Some(Fingerprint(id)), other_form(id)];
            let known = forms.into_iter().flatten().find(|form| self.people.knows(&jid, *form));
            match known {
                Some(fingerprint) => self.people.decide(&jid, fingerprint, trust, step),
                None if self.ahead.0.len() < MOST_AHEAD => {
                    for form in forms.into_iter().flatten() {
                        self.ahead.0.insert((jid.clone(), form), trust);
                    }
                }
                None => {}
            }
        }
        self.review(step);
    }
}

/// The Curve25519 form of an Ed25519 key.
fn other_form(id: [u8; 32]) -> Option<Fingerprint> {
    IdentityKey::decode(OmemoVersion::Omemo2, &id).ok().map(|key| key.fingerprint())
}

pub(super) fn write(decisions: &[Decision]) -> Element {
    let mut owners: BTreeMap<&BareJid, Vec<Element>> = BTreeMap::new();
    for (jid, fingerprint, trust) in decisions {
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
