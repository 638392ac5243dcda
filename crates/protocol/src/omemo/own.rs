//! Our own keys: made when it is known which device ids are free, published before they are announced, renewed as they are used.
//!
//! Long because the order of all this is what matters: bundle before list, list before presence.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use causerie_model::{
    Alarm, BareJid, Change, DeviceId, Event, Notice, OmemoVersion, Problem, RestoredEncryption, Trust,
};
use causerie_omemo::{Moment, Opened, OwnKeys};

use super::alarms::Alarms;
use super::newcomers::Newcomers;
use super::used::Used;
use super::wire::{self, Listed};
use super::{Keys, Omemo, Open};
use crate::iq::{Answer, Ask, Recipient};
use crate::pubsub::{self, Options, Room};
use crate::step::Step;

/// The name of this device for others (XEP-0384 0.9.1 §5.3.1).
const LABEL: &str = match std::env::consts::OS.as_bytes() {
    b"linux" => "Causerie (Linux)",
    b"windows" => "Causerie (Windows)",
    b"macos" => "Causerie (macOS)",
    _ => "Causerie",
};
/// How often we put ourselves back on our lists before we give up. A server that takes us off each time is not fought.
const MOST_LISTINGS: u8 = 5;
/// So long after that it is tried again, as a connection can last for weeks.
const LIST_AGAIN: Duration = Duration::from_secs(3600);
/// So long after a one-time pre-key was used up the bundle is published without it: others may follow.
const TIDY_AFTER: Duration = Duration::from_secs(3);

/// What of our keys is published, since we are online.
#[derive(Default)]
pub(super) struct Publishing {
    lists: BTreeMap<OmemoVersion, OwnList>,
    bundles: BTreeMap<OmemoVersion, Bundle>,
    /// Lists of ours that the server has taken.
    out: BTreeSet<OmemoVersion>,
    listings: u8,
    /// We are taken off our lists again and again, and leave it at that until then.
    given_up_until: Option<Duration>,
    /// Devices of ours that a person does not want any more, or whose keys are lost.
    unwanted: BTreeSet<DeviceId>,
    /// Those of them that were taken off lists, as soon as the server has these.
    leaving: BTreeMap<DeviceId, BTreeSet<OmemoVersion>>,
    removals: u8,
    /// Bundles that were taken back in this run: once each, for a device that is listed again is in use.
    withdrawn: BTreeSet<(OmemoVersion, DeviceId)>,
    /// When our bundles are to be published without what was used up.
    tidy_at: Option<Duration>,
    /// What was used, and is kept for a while.
    pub(super) used: Used,
    newcomers: Newcomers,
    pub(super) alarms: Alarms,
    complaint: Complaint,
}

/// One of our lists of devices.
enum OwnList {
    Asked,
    Known(Vec<Listed>),
    /// It could not be had: it is not written over either.
    Unknown,
}

/// One of our bundles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bundle {
    Sent,
    /// Sent, and changed since.
    Outdated,
    Published,
    Refused,
}

/// Whether the person was told that something could not be published.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Complaint {
    #[default]
    Unsaid,
    Said,
}

/// Something that we publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Publication {
    /// By which device of ours: there may be another before the answer is there.
    device: DeviceId,
    what: What,
    version: OmemoVersion,
    options: Options,
}

/// A node of ours that is to be something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Configuration {
    /// As in [`Publication`].
    device: DeviceId,
    what: What,
    version: OmemoVersion,
    room: Room,
    /// How to publish when it can't be changed: perhaps it is not there yet.
    otherwise: Options,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Bundle,
    List,
}

/// What our keys are sealed for.
pub(super) fn seal_name(account: &BareJid) -> Vec<u8> {
    format!("own keys of {account}").into_bytes()
}

impl Publishing {
    /// With what the last run left, and what a person wanted that could not be done yet.
    pub(super) fn new(account: &BareJid, restored: &RestoredEncryption) -> Self {
        let unwanted = restored.unwanted.iter().copied().collect();
        let (newcomers, alarms) = (Newcomers::new(account, restored), Alarms::new(&restored.alarms));
        Self { unwanted, newcomers, alarms, ..Self::default() }
    }

    /// We are online: asks for our lists.
    pub(super) fn begin(&mut self, step: &mut Step<'_>) {
        for version in OmemoVersion::ALL {
            self.lists.insert(version, OwnList::Asked);
            let request = pubsub::request_newest(wire::list_node(version));
            step.get(Recipient::AccountAddress, request, Ask::DeviceList(step.own.clone(), version));
        }
    }

    /// We are offline.
    pub(super) fn stop(&mut self) {
        self.lists.clear();
        self.bundles.clear();
        self.out.clear();
        self.listings = 0;
        self.given_up_until = None;
        self.leaving.clear();
        self.removals = 0;
        self.complaint = Complaint::Unsaid;
        self.used.went_offline();
        // What was used is removed as soon as we are online again.
    }

    /// Our keys are others: nothing of them is published yet.
    pub(super) fn begin_anew(&mut self) {
        self.bundles.clear();
        self.out.clear();
        self.listings = 0;
        self.given_up_until = None;
        self.tidy_at = None;
        self.used.went_offline();
    }

    /// Whether our lists were asked for on this connection.
    pub(super) fn has_begun(&self) -> bool {
        !self.lists.is_empty()
    }

    /// Whether our lists are still to come.
    pub(super) fn is_asked(&self) -> bool {
        self.lists.values().any(|list| matches!(list, OwnList::Asked))
    }

    /// Whether nothing can be published here.
    pub(super) fn is_hopeless(&self) -> bool {
        !self.lists.is_empty() && self.lists.values().all(|list| matches!(list, OwnList::Unknown))
    }

    pub(super) fn next_wake(&self) -> Option<Duration> {
        let tidy_at = self.tidy_at.filter(|_| !self.lists.is_empty());
        [tidy_at, self.given_up_until, self.used.next_wake()].into_iter().flatten().min()
    }

    /// A device is to be taken off our lists, in this run or a later one.
    pub(super) fn unwant(&mut self, device: DeviceId, step: &mut Step<'_>) {
        if self.unwanted.insert(device) {
            step.record(Change::DeviceUnwanted(device));
        }
        self.alarms.unwanted(device, step);
    }

    /// Whether a person does not want that device of ours any more.
    pub(super) fn is_unwanted(&self, device: DeviceId) -> bool {
        self.unwanted.contains(&device)
    }

    fn complain(&mut self, problem: Problem, step: &mut Step<'_>) {
        if self.complaint == Complaint::Unsaid && problem != Problem::ConnectionLost {
            self.complaint = Complaint::Said;
            step.tell(Event::Notice(Notice::KeysNotPublished(problem)));
        }
    }
}

impl Omemo {
    /// One of our own lists is known, or has changed.
    pub(super) fn own_listed(&mut self, version: OmemoVersion, devices: Vec<Listed>, step: &mut Step<'_>) {
        self.tell_newcomers(&devices, step);
        if matches!(self.keys, Keys::Closed) {
            return;
        }
        let has_us = |devices: &[Listed]| devices.iter().any(|(id, _)| Some(*id) == self.device());
        let had_us = matches!(self.publishing.lists.get(&version), Some(OwnList::Known(was)) if has_us(was));
        let is_taken_off = had_us && !has_us(&devices);
        self.publishing.lists.insert(version, OwnList::Known(devices));
        if is_taken_off && self.publishing.listings < MOST_LISTINGS {
            self.publish_bundle_again(version, step);
        }
        self.settle(step);
    }

    /// We were taken off a list: whoever does that takes our bundle back as well, now or when the list is out. So it is published before
    /// we are listed again, and once more a little later.
    fn publish_bundle_again(&mut self, version: OmemoVersion, step: &mut Step<'_>) {
        if self.publishing.bundles.get(&version) == Some(&Bundle::Published) {
            self.publish_bundle(version, first_options(What::Bundle, version), step);
            self.publishing.tidy_at.get_or_insert(step.now.elapsed.saturating_add(TIDY_AFTER));
        }
    }

    fn tell_newcomers(&mut self, devices: &[Listed], step: &mut Step<'_>) {
        let own = self.device();
        for device in self.publishing.newcomers.on(devices) {
            if Some(device) != own && !self.publishing.is_unwanted(device) {
                self.publishing.alarms.raise(Alarm::NewDevice(device), step);
            }
        }
    }

    /// One of our own lists could not be had, or is none.
    pub(super) fn own_list_unknown(
        &mut self,
        version: OmemoVersion,
        answer: &Answer<'_>,
        step: &mut Step<'_>,
    ) {
        self.publishing.lists.insert(version, OwnList::Unknown);
        if self.publishing.is_hopeless() {
            self.publishing.complain(answer.problem().unwrap_or(Problem::Protocol), step);
        }
        self.settle(step);
    }

    /// Does what can be done once our lists are known, as far as it is not done.
    pub(super) fn settle(&mut self, step: &mut Step<'_>) {
        if self.publishing.is_asked() {
            return;
        }
        self.make_keys(step);
        for version in OmemoVersion::ALL {
            self.publish(version, step);
        }
        self.take_off(step);
        self.tell_decisions(step);
        self.repair_as_wished(step);
        self.ask_for_keyless(step);
    }

    /// Whether others who see us now could not write to us yet: our device is about to be on our lists. Where we have given that up, nothing
    /// waits for it.
    pub(crate) fn is_settling(&self) -> bool {
        let Some(device) = self.device() else {
            return !matches!(self.keys, Keys::Closed) && self.publishing.is_asked();
        };
        let is_missing = |(version, list): (&OmemoVersion, &OwnList)| match list {
            OwnList::Known(devices) => {
                devices.iter().all(|(id, _)| *id != device)
                    && self.publishing.given_up_until.is_none()
                    && self.publishing.bundles.get(version) != Some(&Bundle::Refused)
            }
            OwnList::Asked => true,
            OwnList::Unknown => false,
        };
        self.publishing.lists.iter().any(is_missing)
    }

    /// Makes our keys, under an id that no other device of ours has.
    fn make_keys(&mut self, step: &mut Step<'_>) {
        if !matches!(self.keys, Keys::ToBeMade(_)) || self.publishing.is_hopeless() {
            return;
        }
        let Keys::ToBeMade(vault) = std::mem::take(&mut self.keys) else { return };
        let taken = self.people.devices(step.own);
        let device = loop {
            let id = DeviceId::new(step.rng.next_u32() & DeviceId::MAX);
            if let Some(id) = id.filter(|id| !taken.contains_key(id) && !self.publishing.is_unwanted(*id)) {
                break id;
            }
        };
        let now = moment(step).now;
        let own = OwnKeys::generate(device, step.rng, now);
        let open = Open { vault, own };
        open.keep(step);
        self.keys = Keys::Open(Box::new(open));
        self.publishing.newcomers.begin();
    }

    /// Publishes the bundle of a version, and then our device on its list.
    fn publish(&mut self, version: OmemoVersion, step: &mut Step<'_>) {
        let Some(OwnList::Known(_)) = self.publishing.lists.get(&version) else { return };
        match self.publishing.bundles.get(&version) {
            None => self.publish_bundle(version, first_options(What::Bundle, version), step),
            Some(Bundle::Published) => self.announce_device(version, step),
            Some(Bundle::Sent | Bundle::Outdated | Bundle::Refused) => {}
        }
    }

    fn publish_bundle(&mut self, version: OmemoVersion, options: Options, step: &mut Step<'_>) {
        let Keys::Open(open) = &mut self.keys else { return };
        // When many were used at once, or before the program ended, nothing else has filled it again.
        if open.own.refill(step.rng) {
            open.keep(step);
        }
        let device = open.own.device();
        let (node, item) = wire::bundle_place(version, device);
        let bundle = wire::bundle(version, &open.own.bundle(version));
        self.publishing.bundles.insert(version, Bundle::Sent);
        let publication = Publication { device, what: What::Bundle, version, options };
        step.set(
            Recipient::Account,
            pubsub::publish(&node, &item, bundle, options),
            Ask::KeysPublished(publication),
        );
    }

    /// Puts our device on our list, when it is not there or a lost one is.
    fn announce_device(&mut self, version: OmemoVersion, step: &mut Step<'_>) {
        let Some(device) = self.device() else { return };
        let Some(OwnList::Known(devices)) = self.publishing.lists.get(&version) else { return };
        let label = (version == OmemoVersion::Omemo2).then(|| LABEL.to_owned());
        let us = (device, label);
        let lost = |(id, _): &Listed| self.publishing.is_unwanted(*id);
        if devices.contains(&us) && !devices.iter().any(lost) {
            return;
        }
        if self.publishing.listings >= MOST_LISTINGS {
            if devices.iter().all(|(id, _)| *id != device) && self.publishing.given_up_until.is_none() {
                self.publishing.given_up_until = Some(step.now.elapsed.saturating_add(LIST_AGAIN));
                // It was taken each time, and taken back.
                self.publishing.complain(Problem::Refused, step);
            }
            return;
        }
        let mut devices: Vec<Listed> =
            devices.iter().filter(|listed| listed.0 != device && !lost(listed)).cloned().collect();
        devices.push(us);
        self.publishing.listings += 1;
        self.leave(version);
        self.publish_list(version, devices, first_options(What::List, version), step);
    }

    fn publish_list(
        &mut self,
        version: OmemoVersion,
        devices: Vec<Listed>,
        options: Options,
        step: &mut Step<'_>,
    ) {
        let Some(device) = self.device() else { return };
        let list = wire::list(version, &devices);
        self.publishing.lists.insert(version, OwnList::Known(devices.clone()));
        self.people.listed(&step.own.clone(), version, &devices, step);
        let publication = Publication { device, what: What::List, version, options };
        let request = pubsub::publish(wire::list_node(version), "current", list, options);
        step.set(Recipient::Account, request, Ask::KeysPublished(publication));
    }

    /// The answer to what we published.
    pub(crate) fn published(&mut self, publication: Publication, answer: &Answer<'_>, step: &mut Step<'_>) {
        let Publication { device, what, version, options } = publication;
        // What became of the keys before says nothing of ours.
        if self.device() != Some(device) {
            return;
        }
        let is_crowded = what == What::Bundle && version == OmemoVersion::Omemo2;
        match (answer, options) {
            (Answer::Result(_), _) if what == What::List => self.list_is_out(version, step),
            // Made by a server that was not told how large it is to be: it may hold one item, and there is one for each device.
            (Answer::Result(_), Options::Open) if is_crowded => {
                self.configure(what, version, (Room::Most, Options::AsItIs), step);
            }
            (Answer::Result(_), _) => {
                let outdated =
                    self.publishing.bundles.insert(version, Bundle::Published) == Some(Bundle::Outdated);
                if outdated {
                    self.publish_bundle(version, first_options(what, version), step);
                } else {
                    self.announce_device(version, step);
                }
            }
            // Some servers know less of what a node can be told. If this one is there and small, it holds the keys of another device,
            // which ours would take the place of.
            (Answer::Refused(_), Options::OpenAndLarge) => {
                self.configure(what, version, (Room::Most, Options::Open), step);
            }
            // The node is there, and is something else than what we want: it is changed, and then taken as it is.
            (Answer::Refused(_), Options::Open) => {
                let room = if is_crowded { Room::Most } else { Room::AsItIs };
                self.configure(what, version, (room, Options::AsItIs), step);
            }
            (Answer::Refused(problem), Options::AsItIs | Options::Private) => {
                self.publishing.complain(problem.clone(), step);
                if what == What::Bundle {
                    self.publishing.bundles.insert(version, Bundle::Refused);
                    self.take_off(step);
                }
            }
            (Answer::Silence(_), _) => self.went_unanswered(what, version, step),
        }
        self.tell_decisions(step);
    }

    /// One of our lists is out. When all are, our own key is remembered beside those of the others: people can compare it, and write to
    /// us by it.
    fn list_is_out(&mut self, version: OmemoVersion, step: &mut Step<'_>) {
        self.publishing.out.insert(version);
        self.left(version, step);
        let is_out = |(version, list): (&OmemoVersion, &OwnList)| {
            self.publishing.out.contains(version)
                || matches!(list, OwnList::Unknown)
                || self.publishing.bundles.get(version) == Some(&Bundle::Refused)
        };
        let Some(open) = self.open().filter(|_| self.publishing.lists.iter().all(is_out)) else { return };
        let (device, fingerprint) = (open.own.device(), open.own.identity().public().fingerprint());
        let (jid, at) = (step.own.clone(), step.now.wall);
        step.record(Change::KeySeen { jid, device, fingerprint, trust: Trust::Verified, at });
    }

    /// Nothing is known: the next connection begins anew. On this one nothing waits for it any longer.
    fn went_unanswered(&mut self, what: What, version: OmemoVersion, step: &Step<'_>) {
        if what == What::Bundle && step.is_online() {
            self.publishing.bundles.insert(version, Bundle::Refused);
        }
    }

    fn configure(
        &mut self,
        what: What,
        version: OmemoVersion,
        (room, otherwise): (Room, Options),
        step: &mut Step<'_>,
    ) {
        let Some(device) = self.device() else { return };
        let node = match what {
            What::List => wire::list_node(version).to_owned(),
            What::Bundle => wire::bundle_place(version, device).0,
        };
        let configuration = Configuration { device, what, version, room, otherwise };
        step.set(Recipient::Account, pubsub::open_node(&node, room), Ask::NodeOpened(configuration));
    }

    /// A node was opened to everyone, or could not be.
    pub(crate) fn node_opened(&mut self, asked: Configuration, answer: &Answer<'_>, step: &mut Step<'_>) {
        let Configuration { device, what, version, room, otherwise } = asked;
        if self.device() != Some(device) {
            return;
        }
        match (answer, room) {
            (Answer::Silence(_), _) => self.went_unanswered(what, version, step),
            (Answer::Result(_), _) => self.publish_again(what, version, Options::AsItIs, step),
            (Answer::Refused(_), Room::Most) => {
                self.configure(what, version, (Room::Many, otherwise), step);
            }
            (Answer::Refused(_), Room::Many) if otherwise == Options::AsItIs => {
                self.configure(what, version, (Room::AsItIs, otherwise), step);
            }
            (Answer::Refused(_), _) => self.publish_again(what, version, otherwise, step),
        }
    }

    fn publish_again(&mut self, what: What, version: OmemoVersion, options: Options, step: &mut Step<'_>) {
        match what {
            What::Bundle => self.publish_bundle(version, options, step),
            What::List => {
                if let Some(OwnList::Known(devices)) = self.publishing.lists.get(&version) {
                    let devices = devices.clone();
                    self.publish_list(version, devices, options, step);
                }
            }
        }
    }

    /// Takes another device of ours off our lists, now or as soon as that can be done. Its key is trusted no more: whoever puts it back on a
    /// list, which a server can do, gives it nothing.
    pub(crate) fn remove_device(&mut self, device: DeviceId, step: &mut Step<'_>) {
        let is_listed = self.people.devices(step.own).contains_key(&device);
        if self.device() == Some(device) || !is_listed {
            return;
        }
        self.publishing.unwant(device, step);
        self.publishing.removals = 0;
        if let Some((fingerprint, trust)) = self.people.key_of(step.own, device)
            && trust != Trust::Distrusted
        {
            self.settle_on(&step.own.clone(), fingerprint, Trust::Distrusted, step);
        }
        if step.is_online() && !self.publishing.is_asked() {
            self.take_off(step);
        }
    }

    /// Publishes our lists without what a person does not want on them. One that is on none any more is done with: should it come back,
    /// its program still knows the password, and we do not fight it.
    fn take_off(&mut self, step: &mut Step<'_>) {
        // Until there are new keys the ledger may have those of one of them as ours.
        if self.device().is_none() {
            return;
        }
        for device in self.publishing.unwanted.clone() {
            let mut lists = self.publishing.lists.iter();
            let is_listed = |(version, list): (&OmemoVersion, &OwnList)| match list {
                OwnList::Known(devices) => devices.iter().any(|(id, _)| *id == device),
                // As far as was known before.
                OwnList::Asked | OwnList::Unknown => self.people.lists(step.own, *version, device),
            };
            if !lists.any(is_listed) && !self.publishing.leaving.contains_key(&device) {
                self.removed(device, step);
            }
        }
        let unwanted = self.publishing.unwanted.clone();
        for version in OmemoVersion::ALL {
            let Some(OwnList::Known(devices)) = self.publishing.lists.get(&version) else { continue };
            // The list that follows our bundle is without them as well, and at no time is nobody on it.
            let is_coming =
                matches!(self.publishing.bundles.get(&version), Some(Bundle::Sent | Bundle::Outdated))
                    && devices.iter().all(|(id, _)| Some(*id) != self.device());
            if is_coming
                || !devices.iter().any(|(id, _)| unwanted.contains(id))
                || self.publishing.removals >= MOST_LISTINGS
            {
                continue;
            }
            let devices = devices.iter().filter(|(id, _)| !unwanted.contains(id)).cloned().collect();
            self.publishing.removals += 1;
            self.leave(version);
            self.publish_list(version, devices, first_options(What::List, version), step);
        }
    }

    /// The list that is about to be published is without these.
    fn leave(&mut self, version: OmemoVersion) {
        let Some(OwnList::Known(devices)) = self.publishing.lists.get(&version) else { return };
        for device in devices.iter().map(|(id, _)| id).filter(|id| self.publishing.unwanted.contains(id)) {
            self.publishing.leaving.entry(*device).or_default().insert(version);
        }
    }

    /// A list is out: what has left it is done with, when it was the last.
    fn left(&mut self, version: OmemoVersion, step: &mut Step<'_>) {
        let leaving = self
            .publishing
            .leaving
            .extract_if(.., |_, versions| versions.remove(&version) && versions.is_empty());
        let gone: Vec<DeviceId> = leaving.map(|(device, _)| device).collect();
        gone.into_iter().for_each(|device| self.removed(device, step));
    }

    fn removed(&mut self, device: DeviceId, step: &mut Step<'_>) {
        self.publishing.unwanted.remove(&device);
        self.publishing.newcomers.forget(device);
        step.record(Change::DeviceRemoved(device));
        for version in OmemoVersion::ALL {
            self.withdraw(version, device, step);
        }
    }

    /// Takes the keys of a device back that is ours no more. That this may fail does no harm.
    fn withdraw(&mut self, version: OmemoVersion, device: DeviceId, step: &mut Step<'_>) {
        if self.device() != Some(device) && self.publishing.withdrawn.insert((version, device)) {
            step.set(Recipient::Account, wire::withdraw_bundle(version, device), Ask::KeysWithdrawn);
        }
    }

    /// A one-time pre-key has made a session: from the same commit on it is published no more. Others may have taken it before.
    pub(super) fn use_up(&mut self, opened: &Opened, step: &mut Step<'_>) {
        let Keys::Open(open) = &mut self.keys else { return };
        let (Some(prekey), version) = (opened.consumed_prekey, opened.record.version()) else { return };
        let before = open.own.prekeys_left(version);
        if !open.own.set_aside(opened, moment(step).now) {
            return;
        }
        open.keep(step);
        if step.is_online() {
            self.publishing.used.watch(version, prekey, step.now.elapsed);
        }
        if open.own.prekeys_left(version) < before {
            self.publishing.tidy_at.get_or_insert(step.now.elapsed.saturating_add(TIDY_AFTER));
        }
    }

    /// Puts us back on our lists, when that was given up some time ago.
    pub(super) fn list_again(&mut self, step: &mut Step<'_>) {
        if self.publishing.given_up_until.is_some_and(|until| until <= step.now.elapsed) {
            self.publishing.given_up_until = None;
            self.publishing.listings = 0;
            // Who took us off the list may have taken the keys, too, which come before it.
            self.publishing.bundles.clear();
            self.settle(step);
        }
    }

    /// Makes what is missing, and publishes what has changed.
    pub(super) fn tidy_own_keys(&mut self, step: &mut Step<'_>) {
        let Keys::Open(open) = &mut self.keys else { return };
        let now = moment(step);
        let mut changed = open.own.rotate(step.rng, now);
        if self.publishing.tidy_at.is_some_and(|at| at <= step.now.elapsed) {
            self.publishing.tidy_at = None;
            open.own.refill(step.rng);
            changed = true;
        }
        if !changed {
            return;
        }
        open.keep(step);
        for version in OmemoVersion::ALL {
            match self.publishing.bundles.get(&version) {
                Some(Bundle::Sent) => {
                    self.publishing.bundles.insert(version, Bundle::Outdated);
                }
                Some(Bundle::Published) => {
                    self.publish_bundle(version, first_options(What::Bundle, version), step);
                }
                // Refused ones are tried again by the next connection, others are about to be published anyway.
                Some(Bundle::Outdated | Bundle::Refused) | None => {}
            }
        }
    }
}

impl Open {
    /// Keeps our keys.
    pub(super) fn keep(&self, step: &mut Step<'_>) {
        let sealed = self.vault.seal(&seal_name(step.own), &self.own.encode(), step.rng);
        step.record(Change::OwnKeysSet { device: self.own.device(), sealed });
    }
}

fn first_options(what: What, version: OmemoVersion) -> Options {
    match (what, version) {
        // All devices of an address have their bundles in one node.
        (What::Bundle, OmemoVersion::Omemo2) => Options::OpenAndLarge,
        _ => Options::Open,
    }
}

/// The time as the locksmith counts it.
pub(super) fn moment(step: &Step<'_>) -> Moment {
    let seconds = |at: causerie_model::Timestamp| u64::try_from(at.as_millis() / 1000).unwrap_or_default();
    Moment { now: seconds(step.now.wall), passed: seconds(step.passed.at()) }
}
