//! Encryption end to end: OMEMO in both versions (XEP-0384 0.9.1 and 0.3.0).
//!
//! The law: what is to be encrypted is encrypted or it waits; nothing that a server or a peer does makes it go in clear. The new
//! state of a session is recorded in the step that sends or shows what was made with it, so that the ledger commits both or none.
//!
//! | file | what |
//! |---|---|
//! | `own` | our keys: making, publishing, renewing them |
//! | `newcomers` | devices among our own that were not there before |
//! | `alarms` | what a person is to have seen of them |
//! | `people` | devices and keys of others and our own other ones, and what is decided about them |
//! | `strangers` | how much is kept of people whom nobody knows |
//! | `keyless` | devices whose keys are not known, when a person looks at them |
//! | `lists` | lists of devices that come, or don't |
//! | `used` | how long our used pre-keys are kept |
//! | `crowds` | how many sessions there are with one address |
//! | `sessions` | beginning sessions: bundles |
//! | `sending` | what goes out |
//! | `receiving` | what comes in |
//! | `answers` | answers that are due |
//! | `copies` | what has come in before |
//! | `copied` | another copy of this device |
//! | `held` | what has come in and can't be read yet |
//! | `effort` | how much is done for what may be forged |
//! | `watching` | conversations that are looked at |
//! | `repairing` | beginning anew, because a person wants it |
//! | `trust_messages` | decisions, handed on between our own devices |
//! | `told` | those of devices that were not compared yet |
//! | `wire`, `envelope` | the XML |
//! | `fuzzed` | what must hold of any XML, for fuzzers and a test |

mod alarms;
mod answers;
mod copied;
mod copies;
mod crowds;
mod effort;
mod envelope;
#[cfg(any(test, fuzzing))]
pub mod fuzzed;
mod held;
mod keyless;
mod lists;
mod newcomers;
mod own;
mod people;
mod receiving;
mod repairing;
mod sending;
mod sessions;
mod strangers;
#[cfg(test)]
mod tests;
mod told;
mod trust_messages;
mod used;
mod watching;
pub(crate) mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use causerie_model::{
    BareJid, Change, DeviceId, Fingerprint, Privacy, Readiness, Restored, RestoredEncryption, SessionName,
    Trust, Vault,
};
use causerie_omemo::{OwnKeys, Record};
use minidom::Element;

use crate::ns;
use crate::step::Step;
use answers::Answers;
use copied::Copy;
pub(crate) use copied::Renewal;
use copies::Copies;
use crowds::Turns;
use effort::Effort;
use held::Holding;
pub(crate) use held::{Listed, Tells};
use keyless::Looked;
use own::Publishing;
pub(crate) use own::{Configuration, Publication};
use people::People;
pub(crate) use receiving::{Coming, Envelope, Inside, Terms, Turn, Unsealed};
use repairing::Repairs;
pub(crate) use sending::Protected;
use sessions::Bundles;
use strangers::Strangers;
use told::Hearsay;
use trust_messages::Decisions;
pub(crate) use watching::Told;

/// What we can do, for XEP-0030: be told of new devices.
pub(crate) const FEATURES: &[&str] =
    &["eu.siacs.conversations.axolotl.devicelist+notify", "urn:xmpp:omemo:2:devices+notify"];

/// All that is known of encryption.
pub(crate) struct Omemo {
    account: BareJid,
    /// What the last run left, until the vault is open.
    sealed: RestoredEncryption,
    keys: Keys,
    people: People,
    sessions: BTreeMap<SessionName, Record>,
    turns: Turns,
    strangers: Strangers,
    bundles: Bundles,
    publishing: Publishing,
    decisions: Decisions,
    hearsay: Hearsay,
    copies: Copies,
    holding: Holding,
    effort: Effort,
    repairs: Repairs,
    /// Whether keys of our own devices are asked for because a person looks at them.
    looks_at_our_own: bool,
    /// The same of the devices of somebody else.
    looks_at: Option<Looked>,
    copy: Copy,
    answers: Answers,
    /// Conversations that a person has chosen not to be encrypted.
    clear: BTreeSet<BareJid>,
    /// What was last told of conversations that are looked at. The one that was looked at longest ago comes first.
    watched: Vec<(BareJid, Readiness)>,
    missed: Missed,
}

/// What was missed while we were away. The messages that begin sessions may be among it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Missed {
    /// It is here, or will not come.
    #[default]
    Here,
    /// It is still coming.
    Coming,
}

/// Our keys.
#[derive(Default)]
enum Keys {
    /// Not known yet, or not to be read.
    #[default]
    Closed,
    /// There are none yet: they are made when it is known which device ids are free.
    ToBeMade(causerie_omemo::Vault),
    /// Here they are.
    Open(Box<Open>),
}

struct Open {
    vault: causerie_omemo::Vault,
    own: OwnKeys,
}

impl std::fmt::Debug for Omemo {
    /// Keys are not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Omemo").finish_non_exhaustive()
    }
}

impl Omemo {
    /// With what the last run left, still sealed.
    pub(crate) fn new(restored: &Restored) -> Self {
        let mut sealed = restored.encryption.clone();
        let held = std::mem::take(&mut sealed.held);
        Self {
            account: restored.account.jid.clone(),
            keys: Keys::default(),
            people: People::new(&restored.account.jid, &sealed),
            sessions: BTreeMap::new(),
            turns: Turns::default(),
            strangers: Strangers::new(restored),
            bundles: Bundles::default(),
            publishing: Publishing::new(&restored.account.jid, &sealed),
            decisions: Decisions::new(&sealed.decisions),
            hearsay: Hearsay::new(&sealed),
            copies: Copies::new(&sealed.read),
            holding: Holding::new(held, sealed.awaits_early),
            effort: Effort::default(),
            repairs: Repairs::default(),
            looks_at_our_own: false,
            looks_at: None,
            copy: Copy::new(&sealed),
            answers: Answers::default(),
            clear: sealed.clear.iter().cloned().collect(),
            watched: Vec::new(),
            missed: Missed::default(),
            sealed,
        }
    }

    /// The key that seals is here, or is known to be out of reach. `is_known` tells who is on our contact list.
    pub(crate) fn open_vault(
        &mut self,
        vault: &Vault,
        is_known: impl Fn(&BareJid) -> bool,
        step: &mut Step<'_>,
    ) {
        // The key of a vault that is broken is a new one: it opens nothing but what was sealed since.
        self.tell_alarms(step);
        let (Vault::Open(key) | Vault::Broken(key)) = vault else { return };
        if !matches!(self.keys, Keys::Closed) {
            return;
        }
        let vault = causerie_omemo::Vault::from_key(&key.0);
        let sealed = std::mem::take(&mut self.sealed);
        let lost = sealed.own.as_ref().map(|(device, _)| *device);
        let own = sealed.own.and_then(|(device, bytes)| {
            let opened = vault.open(&own::seal_name(step.own), &bytes).ok()?;
            let own = OwnKeys::decode(&opened).ok().filter(|own| own.device() == device);
            // One that is to leave our lists is not ours any more, whatever a run has left that ended halfway.
            own.filter(|_| !self.publishing.is_unwanted(device))
        });
        match own {
            Some(own) => {
                for (name, bytes) in sealed.sessions {
                    let opened = vault.open(&sessions::seal_name(step.own, &name), &bytes);
                    // One that is damaged is as if it had never been: a new one is begun when it is needed.
                    let record = opened.and_then(|opened| Record::decode(&opened));
                    if let Ok(record) = record {
                        self.strangers.restored(&name.jid);
                        self.turns.used(&name);
                        self.sessions.insert(name, record);
                    }
                }
                self.copy_known(sealed.copied.filter(|device| own.device() == *device), step);
                self.keys = Keys::Open(Box::new(Open { vault, own }));
                self.forget_used_prekeys(step);
            }
            None => {
                self.keys = Keys::ToBeMade(vault);
                if let Some(device) = lost {
                    let old = sealed.keys.iter().filter(|key| key.0 == self.account && key.1 == device);
                    let old: Vec<Fingerprint> = old.map(|key| key.2).collect();
                    self.lose_identity(device, &old, step);
                }
            }
        }
        self.tell_replaced(is_known, step);
        if step.is_online() {
            self.went_online(step);
        }
    }

    /// The session goes on, on a new stream: does what was wanted meanwhile, or asks for our lists if our keys have come only now.
    pub(crate) fn resumed(&mut self, step: &mut Step<'_>) {
        if matches!(self.keys, Keys::Closed) {
            return;
        }
        if !self.publishing.has_begun() {
            self.publishing.begin(step);
        }
        self.settle(step);
        self.review(step);
    }

    /// We are signed in: our own lists of devices are fetched first.
    pub(crate) fn went_online(&mut self, step: &mut Step<'_>) {
        if !matches!(self.keys, Keys::Closed) {
            self.publishing.begin(step);
            self.watch_used_prekeys(step);
            self.review(step);
        }
    }

    /// The connection is gone: what was asked will not be answered, and what others do meanwhile is not told.
    pub(crate) fn went_offline(&mut self) {
        self.publishing.stop();
        self.bundles.forget();
        self.people.forget();
        self.decisions.stop();
    }

    /// Whether messages to somebody are encrypted.
    pub(crate) fn privacy(&self, peer: &BareJid) -> Privacy {
        match self.clear.contains(peer) {
            true => Privacy::Clear,
            false => Privacy::Encrypted,
        }
    }

    /// The person chose so for a conversation.
    pub(crate) fn set_privacy(&mut self, peer: &BareJid, privacy: Privacy, step: &mut Step<'_>) {
        let changed = match privacy {
            Privacy::Clear => self.clear.insert(peer.clone()),
            Privacy::Encrypted => self.clear.remove(peer),
        };
        if changed {
            step.record(Change::PrivacySet { peer: peer.clone(), privacy });
        }
        if privacy == Privacy::Encrypted && self.people.devices(peer).is_empty() && self.device().is_some() {
            self.people.look_up_anew(peer, step);
            self.review(step);
        }
    }

    /// The person has decided about a key. Once one was compared or refused, new ones of theirs wait, whatever becomes of that one.
    pub(crate) fn decide(
        &mut self,
        jid: &BareJid,
        fingerprint: Fingerprint,
        trust: Trust,
        step: &mut Step<'_>,
    ) {
        if matches!(trust, Trust::Verified | Trust::Distrusted) {
            self.people.take_care(jid, step);
        }
        self.settle_on(jid, fingerprint, trust, step);
    }

    /// That is to be held of a key.
    fn settle_on(&mut self, jid: &BareJid, fingerprint: Fingerprint, trust: Trust, step: &mut Step<'_>) {
        // Of what a person decides here, the last counts, whatever the clock says.
        let before = self.people.decided_at(jid, fingerprint);
        let after = before.map(|before| before.saturating_add(Duration::from_millis(1)));
        let at = after.map_or(step.now.wall, |after| after.max(step.now.wall));
        self.people.decide(jid, fingerprint, (trust, at), step);
        self.holding.decided(jid, step.own);
        self.hand_on(jid, fingerprint, (trust, at), step);
        if jid == step.own {
            self.settle_hearsay(fingerprint, step);
        }
        self.review(step);
    }

    /// Does what has become due. Whether something that waits can be tried again.
    pub(crate) fn due(&mut self, step: &mut Step<'_>) -> bool {
        self.forget_used_prekeys(step);
        self.copy.looked_at(step.now.elapsed);
        if !step.is_online() {
            return false;
        }
        self.list_again(step);
        self.tidy_own_keys(step);
        if self.missed == Missed::Here {
            self.repair_due(step);
        }
        let waited = self.bundles.waited_for(step.now.elapsed);
        waited.iter().for_each(|peer| self.people.try_again(peer));
        !waited.is_empty()
    }

    /// Whether what was missed is here: only then are sessions that are missing begun anew.
    pub(crate) fn set_missed(&mut self, missed: Missed) {
        self.missed = missed;
    }

    /// When something becomes due.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        let repairs = self.bundles.next_repair().filter(|_| self.missed == Missed::Here);
        let renewal = self.copy.next_wake();
        let wakes =
            [self.publishing.next_wake(), self.bundles.next_wait(), self.next_held(), repairs, renewal];
        wakes.into_iter().flatten().min()
    }

    fn open(&self) -> Option<&Open> {
        match &self.keys {
            Keys::Open(open) => Some(open),
            Keys::Closed | Keys::ToBeMade(_) => None,
        }
    }

    /// Our device, once it has keys.
    pub(crate) fn device(&self) -> Option<DeviceId> {
        self.open().map(|open| open.own.device())
    }

    /// A device has shown its key: what is decided about it.
    fn see(
        &mut self,
        name: &SessionName,
        fingerprint: Fingerprint,
        terms: Terms,
        step: &mut Step<'_>,
    ) -> Trust {
        let SessionName { jid, device, .. } = name;
        let pinned = || sessions::pinned(&self.sessions, jid);
        let trust = self.people.see(jid, (*device, fingerprint), pinned, terms, step);
        // Another device of ours may have been told before.
        let Some(decided) = self.decisions.take_ahead(jid, fingerprint, step) else { return trust };
        self.people.take_care_as_told(jid, decided.0, step);
        self.people.decide(jid, fingerprint, decided, step);
        if jid == step.own {
            self.settle_hearsay(fingerprint, step);
        }
        self.people.trust(jid, fingerprint)
    }
}

/// A hint that servers are to keep a message, which has no body of its own (XEP-0334).
fn store_hint() -> Element {
    crate::xml::Draft::new("store", ns::HINTS).into()
}
