//! Decisions that devices of ours tell whose own keys were not compared yet. They count as soon as those are, and go when those are refused
//! (XEP-0450 0.4.1 §4.2).
//!
//! | how much | is kept |
//! |---|---|
//! | of one device | the latest about each of 500 keys, 32 KiB of addresses; those that were told first go |
//! | of all | 16 devices; the one that told something longest ago goes, if it is on no list of ours first |
//! | for how long | [`LONGEST`] |

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::{BareJid, Change, Fingerprint, RestoredEncryption, Timestamp, Told, Trust};
use minidom::Element;

use super::Omemo;
use super::trust_messages::{CLOCKS_DIFFER, read};
use crate::step::Step;

const MOST_OF_ONE: usize = 500;
const MOST_BYTES_OF_ONE: usize = 32 << 10;
const MOST_TELLERS: usize = 16;
/// How long it is kept: whoever has not compared the device by then may do so on the other one again.
const LONGEST: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// What was told, by the key of the device that has told it.
#[derive(Default)]
pub(super) struct Hearsay(BTreeMap<Fingerprint, Vec<Told>>);

impl Hearsay {
    /// What the last run left.
    pub(super) fn new(restored: &RestoredEncryption) -> Self {
        let mut hearsay = Self::default();
        for told in &restored.told {
            hearsay.0.entry(told.teller).or_default().push(told.clone());
        }
        hearsay
    }

    /// Keeps what a device has told.
    fn add(&mut self, teller: Fingerprint, new: Vec<Told>, step: &mut Step<'_>) {
        let told = self.0.entry(teller).or_default();
        let before = told.clone();
        for new in new {
            let same = |other: &Told| (&other.jid, other.fingerprint) == (&new.jid, new.fingerprint);
            if told.iter().any(|other| same(other) && other.at >= new.at) {
                continue;
            }
            told.retain(|other| !same(other));
            told.push(new);
        }
        let passed = step.passed;
        told.retain(|told| passed.since(told.since) <= LONGEST);
        let size = |told: &[Told]| told.iter().map(|told| told.jid.as_str().len()).sum::<usize>();
        while told.len() > MOST_OF_ONE || size(told) > MOST_BYTES_OF_ONE {
            told.remove(0);
        }
        if *told != before {
            step.record(Change::ToldSet { teller, told: told.clone() });
        }
    }

    /// Who has to go, because there are too many.
    fn surplus(&self, is_listed: impl Fn(Fingerprint) -> bool) -> Option<Fingerprint> {
        let last = |(teller, told): &(&Fingerprint, &Vec<Told>)| {
            (is_listed(**teller), told.iter().map(|told| told.since).max())
        };
        let oldest = self.0.iter().min_by_key(last).filter(|_| self.0.len() > MOST_TELLERS);
        oldest.map(|(teller, _)| *teller)
    }

    /// Takes out what a device has told.
    fn take(&mut self, teller: Fingerprint, step: &mut Step<'_>) -> Vec<Told> {
        let told = self.0.remove(&teller).unwrap_or_default();
        if !told.is_empty() {
            step.record(Change::ToldSet { teller, told: Vec::new() });
        }
        told
    }
}

impl Omemo {
    /// Decisions came from one of our own devices. Without a time they can't be told from older ones. They count if its key was compared, and
    /// wait until it is if nobody has decided about it.
    pub(super) fn take_decisions(
        &mut self,
        message: &Element,
        (sender, trust, at): (Fingerprint, Trust, Option<Timestamp>),
        step: &mut Step<'_>,
    ) {
        let Some(written) = at else { return };
        match trust {
            Trust::Verified => self.take_told(read(message), (sender, written), step),
            Trust::Undecided | Trust::Blind => {
                let at = written.min(step.now.wall.saturating_add(CLOCKS_DIFFER));
                self.keep_hearsay((sender, at), read(message), step);
            }
            Trust::Distrusted => {}
        }
    }

    /// A device of ours tells something, and nobody has decided about its own key yet.
    pub(super) fn keep_hearsay(
        &mut self,
        (teller, at): (Fingerprint, Timestamp),
        told: Vec<(BareJid, [u8; 32], Trust)>,
        step: &mut Step<'_>,
    ) {
        let since = step.now.wall;
        let tell = |(jid, id, trust)| Told { teller, jid, fingerprint: Fingerprint(id), trust, at, since };
        self.hearsay.add(teller, told.into_iter().map(tell).collect(), step);
        let devices = self.people.devices(step.own);
        let listed: Vec<Fingerprint> = devices
            .keys()
            .filter_map(|device| self.people.key_of(step.own, *device))
            .map(|(fingerprint, _)| fingerprint)
            .collect();
        while let Some(teller) = self.hearsay.surplus(|teller| listed.contains(&teller)) {
            self.hearsay.take(teller, step);
        }
    }

    /// Tells whatever is wanted to all devices of somebody.
    #[cfg(test)]
    pub(super) fn tell_as_wanted(
        &mut self,
        to: &BareJid,
        told: &[(BareJid, [u8; 32], Trust)],
        step: &mut Step<'_>,
    ) {
        use causerie_model::{Awaits, Decision, OmemoVersion};
        let at = step.now.wall;
        let decision = |(jid, id, trust): &(BareJid, [u8; 32], Trust)| Decision {
            jid: jid.clone(),
            fingerprint: Fingerprint(*id),
            trust: *trust,
            at,
            awaits: Awaits::Telling,
        };
        let decisions: Vec<Decision> = told.iter().map(decision).collect();
        let content = super::trust_messages::write(&decisions.iter().collect::<Vec<_>>());
        let envelope = super::envelope::wrap(vec![content], (step.own, to), at, step.rng);
        let sealed = causerie_omemo::payload::encrypt_omemo2(&envelope, step.rng);
        let names =
            self.sessions.keys().filter(|name| name.jid == *to && name.version == OmemoVersion::Omemo2);
        let names = names.cloned().collect();
        let keys = self.lock(names, &sealed.keys, step).keys;
        let element = self.element(OmemoVersion::Omemo2, &keys, None, Some(&sealed.ciphertext));
        let message = crate::xml::Draft::new("message", crate::ns::CLIENT).attr("to", to.as_str());
        step.send(message.children(element));
    }

    /// Something was decided about a key of ours: what its device has told counts, or is forgotten.
    pub(super) fn settle_hearsay(&mut self, teller: Fingerprint, step: &mut Step<'_>) {
        match self.people.trust(step.own, teller) {
            Trust::Undecided | Trust::Blind => {}
            Trust::Distrusted => drop(self.hearsay.take(teller, step)),
            Trust::Verified => {
                let passed = step.passed;
                let mut by_time: BTreeMap<Timestamp, Vec<(BareJid, [u8; 32], Trust)>> = BTreeMap::new();
                for Told { jid, fingerprint, trust, at, since, .. } in self.hearsay.take(teller, step) {
                    if passed.since(since) <= LONGEST {
                        by_time.entry(at).or_default().push((jid, fingerprint.0, trust));
                    }
                }
                for (at, told) in by_time {
                    self.take_told(told, (teller, at), step);
                }
            }
        }
    }
}
