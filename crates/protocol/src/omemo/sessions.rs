//! Beginning sessions: bundles are fetched right before they are needed, and of devices that may be written to. What they offer is there for a
//! while only (XEP-0384 0.9.1, "Bundles": the pre-keys are replaced), so a session is kept from its first message on: until then it is no more
//! than begun, for [`BEGUN_FOR`] and this connection at most. Earlier versions kept what they had begun: nothing is encrypted in such a session.

mod beginning;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use causerie_model::{
    BareJid, DeviceId, Fingerprint, Jid, OmemoVersion, Problem, SessionName, Timestamp, Trust,
};
use causerie_omemo::{PeerBundle, Record};

use super::repairing::Outcome;
use super::{Omemo, Terms, wire};
use crate::Now;
use crate::iq::{Answer, Ask, Recipient};
use crate::pubsub::{self, Newest};
use crate::step::Step;

/// How many bundles are asked for at a time, and how many of one address. The first of an address has its place in any case: whose server does
/// not answer keeps nobody else waiting.
const MOST_IN_FLIGHT: usize = 16;
const MOST_OF_ONE: usize = 4;
/// How long a session that is missing is not begun anew by itself: its message may be one of many, and what was sent before we
/// came online may still arrive.
const REPAIR_AFTER: Duration = Duration::from_secs(15);
/// How long after it the next one is not.
const REPAIR_AGAIN: Duration = Duration::from_secs(3600);
/// For how many devices of one address at a time.
const MOST_REPAIRS: usize = 16;
/// How long what was begun is good for a first message: while other bundles are on their way, from servers that may be slow.
const BEGUN_FOR: Duration = Duration::from_secs(3600);
/// When keys that could not be had are asked for again, while something waits for them: at first, and at the latest, after that.
const ASK_AGAIN: Duration = Duration::from_secs(60);
const ASK_AGAIN_LATEST: Duration = Duration::from_secs(3600);

/// Bundles that are being fetched, or could not be had.
#[derive(Default)]
pub(super) struct Bundles {
    in_flight: BTreeMap<SessionName, Purpose>,
    /// Not to be had, or no good, and since when: not asked for again until there is news of their owner, or nobody else of theirs to
    /// write to.
    failed: BTreeMap<SessionName, Failure>,
    /// Those that came because a person looks: not asked for again for that until there is news of their owner.
    seen: BTreeSet<SessionName>,
    /// Sessions in which nothing is encrypted yet.
    begun: BTreeMap<SessionName, Begun>,
    /// Sessions to be begun anew by ourselves, and when.
    due: BTreeMap<SessionName, Duration>,
    /// To whom something waits until their keys can be had.
    waits: BTreeMap<BareJid, Wait>,
    /// When that was last done.
    done: BTreeMap<(BareJid, DeviceId), Duration>,
}

/// A session in which nothing is encrypted yet, as the newest of all with its device.
struct Begun {
    record: Record,
    /// By both clocks: one of them may stand still while the machine sleeps, the other may be set.
    at: (Timestamp, Duration),
}

/// A bundle that could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Failure {
    /// Since when.
    at: Duration,
    door: Door,
}

/// Whether anything at all gets to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Open,
    /// `service-unavailable`: there is no such account, or it has blocked us (XEP-0191 1.3 §3.4). A message would come back as well.
    Shut,
}

/// When somebody's keys are asked for again by ourselves.
struct Wait {
    /// When next; none while it is being done.
    at: Option<Duration>,
    /// How long after that.
    then: Duration,
}

/// What a bundle is fetched for. Where it is for several things, the last of them counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// A person looks at the key, and nothing is to be sent.
    Looking,
    /// Something waits to be encrypted.
    Sending,
    /// Nothing that the device sends can be read: it is to hear of a new session.
    Repair,
}

/// Whether there can be a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prospect {
    /// There is one, or it is begun.
    There,
    /// Its bundle was not asked for, or is on its way.
    Possible,
    /// Its bundle could not be had.
    None,
}

/// What a session is sealed for.
pub(super) fn seal_name(account: &BareJid, name: &SessionName) -> Vec<u8> {
    let SessionName { jid, device, version } = name;
    format!("session of {account} with {jid} {device} {version:?}").into_bytes()
}

/// The keys that the sessions with somebody's devices are bound to.
pub(super) fn pinned(
    sessions: &BTreeMap<SessionName, Record>,
    jid: &BareJid,
) -> Vec<(DeviceId, Fingerprint)> {
    let of_them = sessions.iter().filter(|(name, _)| name.jid == *jid);
    let pin = |(name, record): (&SessionName, &Record)| Some((name.device, record.identity()?.fingerprint()));
    of_them.filter_map(pin).collect()
}

impl Bundles {
    /// There is news of somebody.
    pub(super) fn try_again(&mut self, jid: &BareJid) {
        self.failed.retain(|name, _| name.jid != *jid);
        self.seen.retain(|name| name.jid != *jid);
    }

    /// Nobody else of theirs can be written to: what failed before this is tried again. Whether there was something.
    pub(super) fn doubt(&mut self, jid: &BareJid, since: Duration) -> bool {
        let before = self.failed.len();
        self.failed.retain(|name, failure| name.jid != *jid || failure.at >= since);
        self.failed.len() < before
    }

    /// Whether it was asked for, and not answered yet.
    pub(super) fn is_on_its_way(&self, name: &SessionName) -> bool {
        self.in_flight.contains_key(name)
    }

    /// Whether it came because a person looks.
    pub(super) fn was_seen(&self, name: &SessionName) -> bool {
        self.seen.contains(name)
    }

    /// Whether whoever we ask for somebody's keys says that nothing gets there.
    pub(super) fn are_shut_out_by(&self, jid: &BareJid) -> bool {
        let mut doors = self
            .failed
            .iter()
            .filter(|(name, _)| name.jid == *jid)
            .map(|(_, failure)| failure.door)
            .peekable();
        doors.peek().is_some() && doors.all(|door| door == Door::Shut)
    }

    /// Gives up what was begun too long ago.
    pub(super) fn give_up_begun(&mut self, now: Now) {
        self.begun.retain(|_, begun| {
            let (wall, elapsed) = begun.at;
            let by_wall = now.wall.since(wall).max(wall.since(now.wall));
            by_wall.max(now.elapsed.saturating_sub(elapsed)) < BEGUN_FOR
        });
    }

    /// It has its first message, or there is another one by now.
    pub(super) fn end_begun(&mut self, name: &SessionName) {
        self.begun.remove(name);
    }

    pub(super) fn forget(&mut self) {
        self.begun.clear();
        self.in_flight.clear();
        self.failed.clear();
        self.seen.clear();
        self.waits.clear();
    }

    /// Our own keys are others: what was asked for was for those before.
    pub(super) fn begin_anew(&mut self) {
        self.forget();
        self.due.clear();
    }

    /// Something waits for somebody's keys, which could not be had.
    pub(super) fn wait_for(&mut self, jid: &BareJid, now: Duration) {
        let wait = self.waits.entry(jid.clone()).or_insert(Wait { at: None, then: ASK_AGAIN });
        if wait.at.is_none() {
            wait.at = Some(now.saturating_add(wait.then));
            wait.then = wait.then.saturating_mul(2).min(ASK_AGAIN_LATEST);
        }
    }

    /// Somebody's keys are there.
    pub(super) fn reached(&mut self, jid: &BareJid) {
        self.waits.remove(jid);
    }

    /// Whose keys are to be asked for again.
    pub(super) fn waited_for(&mut self, now: Duration) -> Vec<BareJid> {
        let due = self.waits.iter_mut().filter(|(_, wait)| wait.at.is_some_and(|at| at <= now));
        let waited: Vec<BareJid> = due
            .map(|(jid, wait)| {
                wait.at = None;
                jid.clone()
            })
            .collect();
        waited.iter().for_each(|jid| self.try_again(jid));
        waited
    }

    /// When keys are to be asked for again.
    pub(super) fn next_wait(&self) -> Option<Duration> {
        self.waits.values().filter_map(|wait| wait.at).min()
    }

    /// When a session is to be begun anew.
    pub(super) fn next_repair(&self) -> Option<Duration> {
        self.due.values().copied().min()
    }
}

impl Omemo {
    /// Whether there is a session, or can be one.
    pub(super) fn prospect(&self, name: &SessionName) -> Prospect {
        if self.present(name).is_some() {
            Prospect::There
        } else if self.bundles.failed.contains_key(name) {
            Prospect::None
        } else {
            Prospect::Possible
        }
    }

    /// What a message would be encrypted with.
    pub(super) fn present(&self, name: &SessionName) -> Option<&Record> {
        let begun = self.bundles.begun.get(name).map(|begun| &begun.record);
        begun.into_iter().chain(self.kept(name)).find(|record| !self.is_outdated(name, record))
    }

    /// What is kept of a session, if something was ever encrypted in it, by us or by its device.
    pub(super) fn kept(&self, name: &SessionName) -> Option<&Record> {
        self.sessions.get(name).filter(|record| record.has_session() && !record.is_unwritten())
    }

    /// Whether its device has another key by now, to which a person has agreed.
    fn is_outdated(&self, name: &SessionName, record: &Record) -> bool {
        let (Some(identity), Some((newest, trust))) =
            (record.identity(), self.people.key_of(&name.jid, name.device))
        else {
            return false;
        };
        identity.fingerprint() != newest && trust.may_read()
    }

    /// Asks for what a session is begun with.
    pub(super) fn fetch_bundle(&mut self, name: &SessionName, step: &mut Step<'_>) {
        self.fetch(name, Purpose::Sending, step);
    }

    pub(super) fn fetch(&mut self, name: &SessionName, purpose: Purpose, step: &mut Step<'_>) {
        let bundles = &mut self.bundles;
        if let Some(meant_for) = bundles.in_flight.get_mut(name) {
            *meant_for = purpose.max(*meant_for);
            return;
        }
        let of_them = bundles.in_flight.keys().filter(|other| other.jid == name.jid).count();
        if of_them >= MOST_OF_ONE || (of_them > 0 && bundles.in_flight.len() >= MOST_IN_FLIGHT) {
            return;
        }
        bundles.in_flight.insert(name.clone(), purpose);
        let recipient = match name.jid == *step.own {
            true => Recipient::AccountAddress,
            false => Recipient::Jid(Jid::from(name.jid.clone())),
        };
        let (node, item) = wire::bundle_place(name.version, name.device);
        step.get(recipient, pubsub::request_item(&node, &item), Ask::Bundle(name.clone()));
    }

    /// A bundle came, or not.
    pub(crate) fn bundle_answered(&mut self, name: SessionName, answer: &Answer<'_>, step: &mut Step<'_>) {
        let Some(purpose) = self.bundles.in_flight.remove(&name) else { return };
        let door = match answer {
            Answer::Refused(Problem::NotSupported) => Door::Shut,
            _ => Door::Open,
        };
        let failure = Failure { at: step.now.elapsed, door };
        let shown = match answer {
            Answer::Result(reply) => self.show(&name, reply, step),
            Answer::Refused(_) | Answer::Silence(_) => None,
        };
        let has_come = shown.is_some();
        // By the time that something is sent its pre-keys may be gone: who only looks begins no session, nor does who has to decide first.
        let begun = shown
            .filter(|shown| self.is_to_begin(&name, purpose, shown))
            .and_then(|shown| self.begin(&name, &shown, step));
        let outcome = if begun.is_some() { Outcome::Begun } else { Outcome::Failed };
        if let Some(record) = begun {
            let at = (step.now.wall, step.now.elapsed);
            self.bundles.begun.insert(name.clone(), Begun { record, at });
            if purpose == Purpose::Repair {
                self.send_empty(&name, step);
            }
        }
        // A person decides first, and then it is asked for again.
        let is_to_wait = has_come && !self.may_be_asked_for(&name);
        if purpose == Purpose::Looking && has_come {
            self.bundles.seen.insert(name.clone());
        } else if !is_to_wait
            // With a key that is not the device's any more, as far as we know, it is of no use: nor is another try.
            && (outcome == Outcome::Failed || self.prospect(&name) != Prospect::There)
            // Nobody answers while we are not there to hear it.
            && step.is_online()
        {
            self.bundles.failed.insert(name.clone(), failure);
        }
        let answered = (purpose != Purpose::Looking).then_some((&name, outcome));
        self.go_on_repairing(answered, step);
        self.tell_decisions(step);
        self.ask_for_keyless(step);
        self.review(step);
    }

    /// What a bundle shows: itself, and what is decided about its key.
    fn show(
        &mut self,
        name: &SessionName,
        reply: &minidom::Element,
        step: &mut Step<'_>,
    ) -> Option<(PeerBundle, Trust)> {
        let (node, item) = wire::bundle_place(name.version, name.device);
        // Some programs call the one item of a legacy node something else.
        let payload = pubsub::payload(reply, &node, &item).or_else(|| match name.version {
            OmemoVersion::Legacy => match pubsub::newest(reply, &node, &name.jid) {
                Newest::Item(bundle) => Some(bundle),
                Newest::None | Newest::Odd => None,
            },
            OmemoVersion::Omemo2 => None,
        })?;
        let bundle = wire::read_bundle(name.version, payload)?;
        let bundle = PeerBundle::read(name.version, &bundle).ok()?;
        let trust = self.see(name, bundle.identity().fingerprint(), Terms::Known, step);
        Some((bundle, trust))
    }

    /// A message came for a session that is not there. One is begun, but not at once, and not again and again.
    pub(super) fn miss_session(&mut self, name: &SessionName, step: &Step<'_>) {
        let now = step.now.elapsed;
        let is_recent = |at: &Duration| at.saturating_add(REPAIR_AGAIN) > now;
        self.bundles.done.retain(|_, at| is_recent(at));
        let device = (name.jid.clone(), name.device);
        let of_them = self.bundles.due.keys().filter(|other| other.jid == name.jid).count();
        if self.bundles.done.contains_key(&device)
            || of_them >= MOST_REPAIRS
            || !self.people.lists(&name.jid, name.version, name.device)
        {
            return;
        }
        self.bundles.due.entry(name.clone()).or_insert(now.saturating_add(REPAIR_AFTER));
    }

    /// A session is there again, or was never missing.
    pub(super) fn has_session(&mut self, name: &SessionName) {
        self.bundles.due.remove(name);
    }

    /// Begins the sessions anew that have been missing for long enough.
    pub(super) fn repair_due(&mut self, step: &mut Step<'_>) {
        let is_due = |(_, at): &(&SessionName, &Duration)| **at <= step.now.elapsed;
        let due: Vec<SessionName> =
            self.bundles.due.iter().filter(is_due).map(|(name, _)| name.clone()).collect();
        for name in due {
            self.bundles.due.remove(&name);
            let is_listed = self.people.lists(&name.jid, name.version, name.device);
            if is_listed {
                self.fetch(&name, Purpose::Repair, step);
            }
            // No more than a few of an address are asked for at once: the others wait for their turn.
            if is_listed && !self.bundles.in_flight.contains_key(&name) {
                self.bundles.due.insert(name, step.now.elapsed.saturating_add(REPAIR_AFTER));
            } else {
                self.bundles.done.insert((name.jid, name.device), step.now.elapsed);
            }
        }
    }
}
