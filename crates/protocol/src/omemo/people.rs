//! Devices and keys of others and of our own other devices, and what is decided about them.

mod careful;
mod floods;
mod replaced;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use causerie_model::{
    BareJid, Change, DeviceId, Event, Fingerprint, Jid, Notice, OmemoVersion, Problem, RestoredEncryption,
    Timestamp, Trust,
};

use super::Terms;
use super::wire::{self, Listed};
use crate::iq::{Ask, Recipient};
use crate::pubsub;
use crate::step::Step;

/// How many keys of one address are kept in mind.
const MOST_KEYS_OF_ONE: usize = 200;

/// What is known of devices.
#[derive(Default)]
pub(super) struct People {
    lists: BTreeMap<(BareJid, OmemoVersion), Vec<DeviceId>>,
    /// Lists that were told or asked for on this connection, and when.
    fresh: BTreeMap<(BareJid, OmemoVersion), Duration>,
    /// Lists that are being asked for.
    asked: BTreeSet<(BareJid, OmemoVersion)>,
    /// Lists that could not be had, and why.
    out_of_reach: BTreeMap<(BareJid, OmemoVersion), Problem>,
    /// Lists of people who have or had devices, that were empty when they came last. What was on them before is still known.
    vanished: BTreeSet<(BareJid, OmemoVersion)>,
    /// Devices on a list beyond those that are looked at.
    beyond: BTreeMap<(BareJid, OmemoVersion), BTreeSet<DeviceId>>,
    /// Whose lists were asked for anew on this connection because of a device that was not on them.
    unlisted: BTreeSet<BareJid>,
    keys: BTreeMap<BareJid, Vec<Known>>,
    /// Of whom a person has compared or refused a key: new ones wait for a decision.
    careful: BTreeSet<BareJid>,
    /// Keys that were seen before their devices were on a list, and may be trusted as they came when those are.
    early: BTreeSet<(BareJid, Fingerprint)>,
}

/// A key that was seen.
#[derive(Clone, Copy)]
struct Known {
    device: DeviceId,
    fingerprint: Fingerprint,
    trust: Trust,
    /// When a person decided that.
    decided: Option<Timestamp>,
}

impl People {
    /// What the last run knew.
    pub(super) fn new(account: &BareJid, restored: &RestoredEncryption) -> Self {
        let mut people = Self::default();
        for (jid, version, devices) in &restored.lists {
            people.lists.insert((jid.clone(), *version), devices.clone());
        }
        people.careful.extend(restored.careful.iter().cloned());
        people.early.extend(restored.early.iter().cloned());
        let own = restored.own.as_ref().map(|(device, _)| *device);
        // That our own key is our own says nothing about those of our other devices.
        let others = restored.keys.iter().filter(|(jid, device, ..)| jid != account || Some(*device) != own);
        for (jid, device, fingerprint, trust, decided) in others {
            let known =
                Known { device: *device, fingerprint: *fingerprint, trust: *trust, decided: *decided };
            people.keys.entry(jid.clone()).or_default().push(known);
        }
        people
    }

    /// Asks for both lists of somebody, unless they are known on this connection.
    pub(super) fn look_up(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        if !step.is_online() {
            return;
        }
        for version in OmemoVersion::ALL {
            let name = (jid.clone(), version);
            if self.fresh.contains_key(&name) || !self.asked.insert(name) {
                continue;
            }
            let recipient = match jid == step.own {
                true => Recipient::AccountAddress,
                false => Recipient::Jid(Jid::from(jid.clone())),
            };
            let request = pubsub::request_newest(wire::list_node(version));
            step.get(recipient, request, Ask::DeviceList(jid.clone(), version));
        }
    }

    /// Something came from a device that is on no list: the lists are asked for anew.
    pub(super) fn look_up_again(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        if self.unlisted.insert(jid.clone()) {
            self.look_up_anew(jid, step);
        }
    }

    /// Asks for both lists of somebody, whatever is known.
    pub(super) fn look_up_anew(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        self.fresh.retain(|(owner, _), _| owner != jid);
        self.look_up(jid, step);
    }

    /// That somebody had no devices before this, or that it could not be known, is asked again: nobody tells strangers when they have
    /// some.
    pub(super) fn doubt(&mut self, jid: &BareJid, since: Duration) {
        if self.devices(jid).is_empty() {
            self.fresh.retain(|(owner, _), at| owner != jid || *at >= since);
        }
    }

    /// Whatever could not be known of somebody is asked again.
    pub(super) fn try_again(&mut self, jid: &BareJid) {
        if self.devices(jid).is_empty() {
            self.fresh.retain(|(owner, _), _| owner != jid);
        }
    }

    /// A question for a list was answered in whatever way.
    pub(super) fn answered(
        &mut self,
        jid: &BareJid,
        version: OmemoVersion,
        problem: Option<Problem>,
        now: Duration,
    ) {
        self.asked.remove(&(jid.clone(), version));
        self.fresh.insert((jid.clone(), version), now);
        match problem {
            // There is no such list, or nothing there that could keep one. Some servers refuse whoever does not see the owner's
            // presence what is not there: the lists that are there are open to everyone (XEP-0384 0.9.1 §5.3.1).
            None | Some(Problem::NoSuchAddress | Problem::NotSupported | Problem::Refused) => {
                self.out_of_reach.remove(&(jid.clone(), version));
            }
            Some(problem) => {
                self.out_of_reach.insert((jid.clone(), version), problem);
            }
        }
    }

    /// Why it can't be known which devices somebody has, if it can't.
    pub(super) fn out_of_reach(&self, jid: &BareJid) -> Option<&Problem> {
        OmemoVersion::ALL.iter().find_map(|version| self.out_of_reach.get(&(jid.clone(), *version)))
    }

    /// Whether lists of somebody are being asked for.
    pub(super) fn is_asked(&self, jid: &BareJid) -> bool {
        OmemoVersion::ALL.iter().any(|version| self.asked.contains(&(jid.clone(), *version)))
    }

    /// Whether both lists of somebody were told or asked for on this connection.
    pub(super) fn is_fresh(&self, jid: &BareJid) -> bool {
        OmemoVersion::ALL.iter().all(|version| self.fresh.contains_key(&(jid.clone(), *version)))
    }

    /// A list came.
    pub(super) fn listed(
        &mut self,
        jid: &BareJid,
        version: OmemoVersion,
        devices: &[Listed],
        step: &mut Step<'_>,
    ) {
        let name = (jid.clone(), version);
        self.fresh.insert(name.clone(), step.now.elapsed);
        self.out_of_reach.remove(&name);
        self.vanished.remove(&name);
        let ids: Vec<DeviceId> = devices.iter().map(|(id, _)| *id).collect();
        let before = self.lists.insert(name, ids);
        let ids = || devices.iter().map(|(id, _)| id);
        // The names on it are in the ledger alone, which knows whether they are others than before.
        let same = before.as_ref().is_some_and(|before| before.iter().eq(ids()));
        if !same || devices.iter().any(|(_, label)| label.is_some()) {
            step.record(Change::DevicesListed { jid: jid.clone(), version, devices: devices.to_vec() });
        }
        self.trust_listed(jid, step);
    }

    /// These are on a list as well, and are not looked at.
    pub(super) fn set_beyond(&mut self, jid: &BareJid, version: OmemoVersion, devices: BTreeSet<DeviceId>) {
        let name = (jid.clone(), version);
        match devices.is_empty() {
            true => self.beyond.remove(&name),
            false => self.beyond.insert(name, devices),
        };
    }

    /// How many devices of somebody are not looked at.
    pub(super) fn beyond(&self, jid: &BareJid) -> u32 {
        let lists = OmemoVersion::ALL.iter().filter_map(|version| self.beyond.get(&(jid.clone(), *version)));
        let all: BTreeSet<&DeviceId> = lists.flatten().collect();
        if all.is_empty() {
            return 0;
        }
        let known = self.devices(jid);
        u32::try_from(all.into_iter().filter(|device| !known.contains_key(device)).count())
            .unwrap_or(u32::MAX)
    }

    /// Whether there was something on a list of somebody, or a key of theirs was ever seen.
    pub(super) fn had(&self, jid: &BareJid, version: OmemoVersion) -> bool {
        let listed = self.lists.get(&(jid.clone(), version)).is_some_and(|devices| !devices.is_empty());
        listed || self.keys.get(jid).is_some_and(|keys| !keys.is_empty())
    }

    /// An empty list came of somebody who had devices: they are out of reach, and what was known stays.
    pub(super) fn vanished(&mut self, jid: &BareJid, version: OmemoVersion, now: Duration) {
        let name = (jid.clone(), version);
        self.fresh.insert(name.clone(), now);
        self.vanished.insert(name.clone());
        self.out_of_reach.insert(name, Problem::NoSuchAddress);
    }

    /// What was last on a list, if it was ever known. The names of the devices are not.
    pub(super) fn last_list(&self, jid: &BareJid, version: OmemoVersion) -> Option<Vec<Listed>> {
        let devices = self.lists.get(&(jid.clone(), version))?;
        Some(devices.iter().map(|id| (*id, None)).collect())
    }

    /// The devices of somebody, each with the newest version that it lists itself for.
    pub(super) fn devices(&self, jid: &BareJid) -> BTreeMap<DeviceId, Vec<OmemoVersion>> {
        let mut devices: BTreeMap<DeviceId, Vec<OmemoVersion>> = BTreeMap::new();
        for version in OmemoVersion::ALL {
            let name = (jid.clone(), version);
            let there = self.lists.get(&name).filter(|_| !self.vanished.contains(&name));
            for device in there.into_iter().flatten() {
                devices.entry(*device).or_default().push(version);
            }
        }
        devices
    }

    /// Whether a device is on a list of that version.
    pub(super) fn lists(&self, jid: &BareJid, version: OmemoVersion, device: DeviceId) -> bool {
        self.lists.get(&(jid.clone(), version)).is_some_and(|devices| devices.contains(&device))
    }

    /// What is decided about a key.
    pub(super) fn trust(&self, jid: &BareJid, fingerprint: Fingerprint) -> Trust {
        self.known(jid, fingerprint).map(|known| known.trust).unwrap_or_default()
    }

    /// The key that a device has shown last.
    pub(super) fn key_of(&self, jid: &BareJid, device: DeviceId) -> Option<(Fingerprint, Trust)> {
        let known = self.keys.get(jid)?.iter().rfind(|known| known.device == device)?;
        Some((known.fingerprint, known.trust))
    }

    /// Whether a key was seen.
    pub(super) fn knows(&self, jid: &BareJid, fingerprint: Fingerprint) -> bool {
        self.known(jid, fingerprint).is_some()
    }

    /// All that a person has decided, here or on another device, and when. What was decided before times were kept is old.
    pub(super) fn decided(&self) -> Vec<(BareJid, Fingerprint, Trust, Timestamp)> {
        let all = self.keys.iter().flat_map(|(jid, keys)| keys.iter().map(move |known| (jid, known)));
        let decided = all.filter(|(_, known)| matches!(known.trust, Trust::Verified | Trust::Distrusted));
        let with_time = |(jid, known): (&BareJid, &Known)| {
            (jid.clone(), known.fingerprint, known.trust, known.decided.unwrap_or_default())
        };
        decided.map(with_time).collect()
    }

    /// When a person decided about a key.
    pub(super) fn decided_at(&self, jid: &BareJid, fingerprint: Fingerprint) -> Option<Timestamp> {
        self.known(jid, fingerprint)?.decided
    }

    fn known(&self, jid: &BareJid, fingerprint: Fingerprint) -> Option<&Known> {
        self.keys.get(jid)?.iter().find(|known| known.fingerprint == fingerprint)
    }

    /// A device has shown its key: what is decided about that. A key that is new is trusted blindly as long as no key of that person was
    /// verified or distrusted (blind trust before verification) and its device is on a list of theirs, unless that had another one before:
    /// that is an alarm, and a person has to decide. Before the device is on a list anybody can claim to be one: its key waits for that.
    /// A key belongs to the device that has shown it first, for as long as that one is on a list, and one that is known as another address's
    /// waits for a decision. `pinned` tells which keys the sessions with their devices are bound to.
    pub(super) fn see(
        &mut self,
        jid: &BareJid,
        (device, fingerprint): (DeviceId, Fingerprint),
        pinned: impl FnOnce() -> Vec<(DeviceId, Fingerprint)>,
        terms: Terms,
        step: &mut Step<'_>,
    ) -> Trust {
        let shown = self.key_of(jid, device).map(|(shown, _)| shown);
        if shown == Some(fingerprint) {
            return self.trust(jid, fingerprint);
        }
        let pinned = pinned();
        // A session knows whose it is, whatever was forgotten here.
        let of_session = || pinned.iter().find(|(of, _)| *of == device).map(|(_, key)| *key);
        let current = shown.or_else(of_session).filter(|current| *current != fingerprint);
        if current.is_some() && terms == Terms::Known {
            step.tell(Event::Notice(Notice::KeyReplaced { jid: jid.clone(), device }));
        }
        let owner = self.known(jid, fingerprint).map(|known| known.device);
        let is_others = owner.is_some_and(|owner| owner != device && self.is_listed(jid, owner));
        if is_others || (owner.is_some_and(|owner| owner != device) && current.is_some()) {
            return Trust::Undecided;
        }
        let is_careful = self.careful.contains(jid) || self.is_of_other(jid, fingerprint);
        let is_listed = self.is_listed(jid, device);
        let mut is_early = false;
        let keys = self.keys.entry(jid.clone()).or_default();
        let (trust, decided) = match keys.iter().position(|known| known.fingerprint == fingerprint) {
            Some(at) => {
                let known = keys.remove(at);
                (known.trust, known.decided)
            }
            None if current.is_some() || is_careful => (Trust::Undecided, None),
            None if !is_listed => {
                is_early = true;
                (Trust::Undecided, None)
            }
            None => (Trust::Blind, None),
        };
        if keys.len() >= MOST_KEYS_OF_ONE && !self.forget_a_key(jid, &pinned, step) {
            return Trust::Undecided;
        }
        // The newest of a device comes last.
        self.keys.entry(jid.clone()).or_default().push(Known { device, fingerprint, trust, decided });
        step.record(Change::KeySeen { jid: jid.clone(), device, fingerprint, trust, at: step.now.wall });
        if is_early {
            self.early.insert((jid.clone(), fingerprint));
            step.record(Change::KeySeenEarly { jid: jid.clone(), fingerprint });
        }
        trust
    }

    fn is_listed(&self, jid: &BareJid, device: DeviceId) -> bool {
        OmemoVersion::ALL.iter().any(|version| self.lists(jid, *version, device))
    }

    /// A person has decided, at that time. What is not newer than an earlier decision changes nothing; whether it was newer.
    pub(super) fn decide(
        &mut self,
        jid: &BareJid,
        fingerprint: Fingerprint,
        (trust, at): (Trust, Timestamp),
        step: &mut Step<'_>,
    ) -> bool {
        let keys = self.keys.get_mut(jid);
        let known = keys.and_then(|keys| keys.iter_mut().find(|known| known.fingerprint == fingerprint));
        let is_older = |known: &Known| known.decided.is_some_and(|decided| at <= decided);
        let Some(known) = known.filter(|known| !is_older(known)) else { return false };
        (known.trust, known.decided) = (trust, Some(at));
        step.record(Change::TrustSet { jid: jid.clone(), fingerprint, trust, at });
        true
    }

    /// A key that was ours is so no more.
    pub(super) fn refuse_our_own(
        &mut self,
        (device, fingerprint): (DeviceId, Fingerprint),
        step: &mut Step<'_>,
    ) {
        let (jid, trust, at) = (step.own.clone(), Trust::Distrusted, step.now.wall);
        let keys = self.keys.entry(jid.clone()).or_default();
        keys.retain(|known| known.fingerprint != fingerprint);
        keys.push(Known { device, fingerprint, trust, decided: Some(at) });
        step.record(Change::TrustSet { jid, fingerprint, trust, at });
    }

    /// Whether a person has decided about a key of somebody.
    pub(super) fn is_decided_about(&self, jid: &BareJid) -> bool {
        let mut keys = self.keys.get(jid).into_iter().flatten();
        keys.any(|known| matches!(known.trust, Trust::Verified | Trust::Distrusted))
    }

    /// Forgets a stranger.
    pub(super) fn forget_stranger(&mut self, jid: &BareJid) {
        self.keys.remove(jid);
        self.early.retain(|(owner, _)| owner != jid);
        self.lists.retain(|(owner, _), _| owner != jid);
        self.fresh.retain(|(owner, _), _| owner != jid);
        self.out_of_reach.retain(|(owner, _), _| owner != jid);
        self.vanished.retain(|(owner, _)| owner != jid);
        self.beyond.retain(|(owner, _), _| owner != jid);
        self.unlisted.remove(jid);
    }

    /// We went offline: lists may change without our being told.
    pub(super) fn forget(&mut self) {
        self.fresh.clear();
        self.asked.clear();
        self.unlisted.clear();
        self.out_of_reach.clear();
        self.vanished.clear();
        self.beyond.clear();
    }
}
