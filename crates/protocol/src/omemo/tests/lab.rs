//! Some people with some devices, and a server between them that keeps nodes and sees everything.

mod ledger;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use causerie_model::account::Activity;
use causerie_model::{
    Account, AccountId, Annotation, BareJid, Body, Command, DeviceId, Direction, Event, Jid, MessageState,
    NewMessage, Notice, OmemoVersion, OriginId, OwnPresence, PendingOut, Reached, Readiness, Repair,
    Restored, RosterItem, Sealing, Sharing, Subscription, Timestamp, Unreached, Unreadable, Vault, VaultKey,
};
use minidom::Element;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::clock::Clock;
use crate::features::Features;
use crate::iq::Tracker;
use crate::omemo::wire;
use crate::step::{Step, Ways};
use crate::xml::Draft;
use crate::{Effect, Effects, Now, ns};

/// A device: a brain without its connection, and the ledger that it would have.
pub(super) struct Device {
    pub(super) jid: Jid,
    features: Features,
    clock: Clock,
    tracker: Tracker,
    rng: StdRng,
    pub(super) ledger: Restored,
    pub(super) rows: Vec<NewMessage>,
    /// What was said of messages.
    pub(super) said: Vec<Annotation>,
    /// The same by devices that are not trusted.
    pub(super) held_said: Vec<Annotation>,
    pub(super) notices: Vec<Notice>,
    pub(super) readiness: BTreeMap<BareJid, Readiness>,
    pub(super) online: bool,
    pub(super) vault: Vault,
    /// For each message the devices that it was not encrypted for.
    pub(super) unreached: BTreeMap<OriginId, Vec<(BareJid, DeviceId, Unreached)>>,
    pub(super) sealings: BTreeMap<OriginId, Sealing>,
    /// How beginning anew went.
    pub(super) repairs: Vec<Repair>,
    /// How many changes were recorded.
    pub(super) changes: usize,
    /// What the ledger has just found, and the brain is to hear.
    copy_seen: Option<DeviceId>,
    /// How many messages could not be read ahead of others, and came again.
    pub(super) early: usize,
}

type Node = Vec<(String, Element)>;

/// Everything.
pub(super) struct Lab {
    pub(super) devices: Vec<Device>,
    pub(super) nodes: BTreeMap<(BareJid, String), Node>,
    /// Whoever is not there finds it later.
    pub(super) offline: BTreeMap<BareJid, Vec<Element>>,
    queue: VecDeque<(usize, Element)>,
    /// Every message that went over the wire, as text.
    pub(super) wire: Vec<String>,
    /// The last messages, to be sent again or changed.
    pub(super) messages: Vec<Element>,
    now: Now,
    /// What the server refuses: parts of names of nodes, with the condition that it gives.
    pub(super) refuses: Vec<(&'static str, &'static str)>,
    /// Where nodes hold one item at first, and whoever publishes can't say how many: those that were made larger.
    pub(super) enlarged: Option<BTreeSet<(BareJid, String)>>,
    /// How many messages came from a device that was on no list when it sent them.
    pub(super) unlisted: usize,
    next_id: u32,
    /// After how many stanzas it is said that this goes on for ever.
    pub(super) most_turns: u32,
    /// To whom questions went.
    pub(super) asked: Vec<String>,
    /// What is answered to questions for lists of the newer version.
    pub(super) odd_list: Option<Element>,
    /// Whose server answers nothing.
    pub(super) silent: Option<BareJid>,
    /// Whether the server keeps what goes over the wire.
    pub(super) archives: bool,
    /// Whether it says nothing when it is asked for that.
    pub(super) hides_archives: bool,
    /// How far apart what it keeps came, in milliseconds.
    pub(super) apart: i64,
}

/// What there is of an account that is new here.
pub(in crate::omemo) fn nothing_yet(jid: BareJid) -> Restored {
    Restored {
        account: Account {
            id: AccountId(1),
            jid,
            server: None,
            activity: Activity::Active,
            strongest_seen: None,
            plain_allowed: false,
            presence: OwnPresence::default(),
            sharing: Sharing::Nobody,
            // What is told of messages is not what this is about.
            confirming: causerie_model::Confirming::Nothing,
            roster_version: None,
            profile: Default::default(),
            colour: None,
            moved_to: None,
        },
        roster: Vec::new(),
        blocked: Vec::new(),
        requests: Vec::new(),
        pending: Vec::new(),
        capabilities: Vec::new(),
        avatars: Vec::new(),
        conversations: Vec::new(),
        archive: None,
        gap: None,
        asked: None,
        encryption: causerie_model::RestoredEncryption::default(),
        user_agent: None,
        tokens: Vec::new(),
        reading: Vec::new(),
        unread: Vec::new(),
        rooms: Vec::new(),
        said: Vec::new(),
        left_rooms: Vec::new(),
    }
}

pub(super) fn jid(text: &str) -> BareJid {
    BareJid::new(text).unwrap()
}

impl Lab {
    pub(super) fn new() -> Self {
        let now =
            Now { wall: Timestamp::from_millis(1_795_000_000_000), elapsed: Duration::ZERO, utc_offset: 0 };
        Self {
            devices: Vec::new(),
            nodes: BTreeMap::new(),
            offline: BTreeMap::new(),
            queue: VecDeque::new(),
            wire: Vec::new(),
            messages: Vec::new(),
            now,
            refuses: Vec::new(),
            enlarged: None,
            unlisted: 0,
            next_id: 0,
            most_turns: 100_000,
            asked: Vec::new(),
            odd_list: None,
            silent: None,
            archives: false,
            hides_archives: false,
            apart: 0,
        }
    }

    /// One device each of Alice and Bob, who are contacts, online.
    pub(super) fn alice_and_bob() -> Self {
        let mut lab = Self::new();
        lab.add("alice@a.example/1", &["bob@b.example"]);
        lab.add("bob@b.example/1", &["alice@a.example"]);
        lab
    }

    /// Adds a device and brings it online.
    pub(super) fn add(&mut self, full: &str, contacts: &[&str]) -> usize {
        let full = Jid::new(full).unwrap();
        let roster = contacts.iter().map(|contact| RosterItem {
            jid: jid(contact),
            name: None,
            groups: Vec::new(),
            subscription: Subscription::Both,
            pending_out: PendingOut::No,
            approved: false,
        });
        let ledger = Restored { roster: roster.collect(), ..nothing_yet(full.bare().clone()) };
        let seed = 1 + self.devices.len() as u64;
        self.devices.push(Device {
            jid: full,
            features: Features::new(&ledger),
            clock: Clock::new(&ledger),
            tracker: Tracker::default(),
            rng: StdRng::seed_from_u64(seed),
            ledger,
            rows: Vec::new(),
            said: Vec::new(),
            held_said: Vec::new(),
            notices: Vec::new(),
            readiness: BTreeMap::new(),
            online: false,
            vault: Vault::Open(VaultKey([seed as u8; 32])),
            unreached: BTreeMap::new(),
            sealings: BTreeMap::new(),
            repairs: Vec::new(),
            changes: 0,
            copy_seen: None,
            early: 0,
        });
        let device = self.devices.len() - 1;
        self.start(device);
        device
    }

    /// Starts a device's program from what its ledger has, and brings it online.
    pub(super) fn start(&mut self, device: usize) {
        self.start_offline(device);
        self.connect(device);
    }

    /// As an earlier version has left it: of nothing that waits it is noted that it has not left.
    pub(super) fn forget_what_waits(&mut self, device: usize) {
        let waiting = self.devices[device].ledger.pending.iter_mut();
        waiting.for_each(|message| message.left = causerie_model::Left::Unknown);
    }

    pub(super) fn start_offline(&mut self, device: usize) {
        let own = &mut self.devices[device];
        let is_early = |row: &NewMessage| row.body == Body::Unreadable(Unreadable::Early);
        own.ledger.encryption.awaits_early = own.rows.iter().any(is_early);
        own.features = Features::new(&own.ledger);
        own.clock = Clock::new(&own.ledger);
        own.tracker = Tracker::default();
        own.online = false;
        let vault = own.vault.clone();
        self.ask(device, Command::OpenVault(vault));
    }

    pub(super) fn connect(&mut self, device: usize) {
        self.devices[device].online = true;
        let features = Draft::new("features", ns::STREAM).into();
        self.step(device, |own, step| own.went_online(&features, false, step));
        let bare = self.devices[device].jid.bare().clone();
        for stanza in self.offline.remove(&bare).unwrap_or_default() {
            self.queue.push_back((device, stanza));
        }
        self.run();
    }

    /// Brings a device online that hears of so many stanzas, before everything ends.
    pub(super) fn connect_briefly(&mut self, device: usize, stanzas: usize) {
        self.devices[device].online = true;
        let features = Draft::new("features", ns::STREAM).into();
        self.step(device, |own, step| own.went_online(&features, false, step));
        for _ in 0..stanzas {
            let Some((to, stanza)) = self.queue.pop_front() else { break };
            self.step(to, |own, step| own.stanza(&stanza, step));
        }
        self.lose_all();
    }

    /// Brings a device online that hears of one stanza after the other, until it is so far. What else is on its way still comes.
    pub(super) fn connect_until(&mut self, device: usize, mut is_so_far: impl FnMut(&Self) -> bool) {
        self.devices[device].online = true;
        let features = Draft::new("features", ns::STREAM).into();
        self.step(device, |own, step| own.went_online(&features, false, step));
        while !is_so_far(self) {
            let (to, stanza) = self.queue.pop_front().unwrap();
            self.step(to, |own, step| own.stanza(&stanza, step));
        }
    }

    /// Brings a device online that hears of what was kept for it, and then everything ends.
    pub(super) fn connect_briefly_with_offline(&mut self, device: usize) {
        self.devices[device].online = true;
        let features = Draft::new("features", ns::STREAM).into();
        self.step(device, |own, step| own.went_online(&features, false, step));
        let bare = self.devices[device].jid.bare().clone();
        let kept = self.offline.remove(&bare).unwrap_or_default();
        // What is asked is answered first: what the server can do, and which devices there are.
        let answers = self.queue.len();
        self.queue.extend(kept.iter().map(|stanza| (device, stanza.clone())));
        for _ in 0..answers + kept.len() {
            let Some((to, stanza)) = self.queue.pop_front() else { break };
            self.step(to, |own, step| own.stanza(&stanza, step));
        }
        self.lose_all();
    }

    pub(super) fn disconnect(&mut self, device: usize) {
        self.devices[device].online = false;
        self.step(device, |own, step| own.went_offline(crate::stream_management::End::Otherwise, step));
        self.queue.retain(|(to, _)| *to != device);
    }

    pub(super) fn ask(&mut self, device: usize, command: Command) {
        self.step(device, |own, step| own.command(command, step));
        self.run();
    }

    /// Asks for something, whose answers are still on their way.
    pub(super) fn ask_without_answers(&mut self, device: usize, command: Command) {
        self.step(device, |own, step| own.command(command, step));
    }

    /// Everything that is on its way is lost.
    pub(super) fn lose_all(&mut self) {
        self.queue.clear();
    }

    /// Everything that is on its way to a device is lost.
    pub(super) fn lose_all_to(&mut self, device: usize) {
        self.queue.retain(|(to, _)| *to != device);
        self.run();
    }

    /// All clocks are set back.
    pub(super) fn set_back(&mut self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).unwrap();
        self.now.wall = Timestamp::from_millis(self.now.wall.as_millis() - millis);
    }

    /// All clocks are set forward, and no time has passed.
    pub(super) fn set_forward(&mut self, span: Duration) {
        self.now.wall = self.now.wall.saturating_add(span);
    }

    /// A device's archive has said what time it is: that of the last run.
    pub(super) fn archive_says(&mut self, device: usize) {
        self.devices[device].ledger.archive = Some(Reached { id: String::new(), at: self.now.wall });
    }

    /// Somebody's node has this, and who is to hear of it does.
    pub(super) fn announce(&mut self, owner: &str, node: &str, content: Element) {
        let place = (jid(owner), node.to_owned());
        self.nodes.insert(place, vec![("current".to_owned(), content.clone())]);
        let item = Draft::new("item", ns::PUBSUB_EVENT).attr("id", "current").child(content);
        let items: Element = Draft::new("items", ns::PUBSUB_EVENT).attr("node", node).child(item).into();
        self.publish(&jid(owner), &items);
        self.run();
    }

    /// Somebody is a contact of a device's from its next start on.
    pub(super) fn befriend(&mut self, device: usize, contact: &str) {
        let mut item = self.devices[device].ledger.roster[0].clone();
        item.jid = jid(contact);
        self.devices[device].ledger.roster.push(item);
        self.start(device);
    }

    /// Sends a text, and gives what it is called.
    pub(super) fn send(&mut self, device: usize, to: &str, body: &str) -> OriginId {
        self.next_id += 1;
        let id = OriginId::new(&format!("m{}", self.next_id)).unwrap();
        self.ask(device, Command::SendMessage { id: id.clone(), peer: jid(to), body: body.into() });
        id
    }

    /// Has a device tell decisions, true or not.
    pub(super) fn tell(
        &mut self,
        device: usize,
        to: &str,
        told: &[(BareJid, [u8; 32], causerie_model::Trust)],
    ) {
        self.step(device, |own, step| own.omemo().tell_as_wanted(&jid(to), told, step));
        self.run();
    }

    /// Whether a device has something to do in that time, and nothing that is overdue.
    pub(super) fn wakes_within(&self, device: usize, span: Duration) -> bool {
        let wake = self.devices[device].features.next_wake(Ways::Both);
        wake.is_some_and(|at| self.now.elapsed < at && at <= self.now.elapsed + span)
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, span: Duration) {
        self.now.elapsed += span;
        self.now.wall = self.now.wall.saturating_add(span);
        for device in 0..self.devices.len() {
            self.step(device, |_, _| {});
        }
        self.run();
    }

    /// A stanza comes from somewhere.
    pub(super) fn deliver(&mut self, device: usize, stanza: Element) {
        self.queue.push_back((device, stanza));
        self.run();
    }

    /// What a device has received, in order.
    pub(super) fn received(&self, device: usize) -> Vec<&str> {
        let incoming = self.devices[device].rows.iter().filter(|row| row.direction == Direction::Incoming);
        incoming
            .map(|row| match &row.body {
                Body::Text(text) => text.as_str(),
                Body::Retracted => "<retracted>",
                Body::Unreadable(Unreadable::Altered) => "<altered>",
                Body::Unreadable(Unreadable::KeysLost) => "<keys lost>",
                Body::Unreadable(Unreadable::NotForThisDevice) => "<not for this device>",
                Body::Unreadable(Unreadable::Misdirected) => "<misdirected>",
                Body::Unreadable(Unreadable::KeyReplaced) => "<key replaced>",
                Body::Unreadable(Unreadable::Delayed) => "<delayed>",
                Body::Unreadable(Unreadable::Early) => "<early>",
                Body::Unreadable(Unreadable::KeyOfOther) => "<key of another>",
                Body::Unreadable(Unreadable::KeyOfOtherStranger) => "<key of another, of a stranger>",
                Body::Unreadable(Unreadable::NotKept) => "<not kept>",
                Body::Unreadable(_) => "<unreadable>",
            })
            .collect()
    }

    /// Where a message stands that a device has sent.
    pub(super) fn state(&self, device: usize, id: &OriginId) -> &MessageState {
        let mut rows = self.devices[device].rows.iter();
        &rows
            .find(|row| row.direction == Direction::Outgoing && row.origin.as_ref() == Some(id))
            .unwrap()
            .state
    }

    /// Whether a text was ever seen on the wire.
    pub(super) fn was_seen(&self, text: &str) -> bool {
        self.wire.iter().any(|stanza| stanza.contains(text))
    }

    pub(super) fn step(&mut self, device: usize, act: impl FnOnce(&mut Features, &mut Step<'_>)) {
        let own = &mut self.devices[device];
        let (now, passed) = own.clock.read(self.now);
        let mut out = Effects::default();
        let bare = own.jid.bare().clone();
        let ways = if own.online { Ways::Both } else { Ways::None };
        let step = &mut Step {
            now,
            passed,
            own: &bare,
            bound: own.online.then_some(&own.jid),
            ways,
            proof: crate::stream_management::Proof::Pings,
            tracker: &mut own.tracker,
            rng: &mut own.rng,
            out: &mut out,
        };
        act(&mut own.features, step);
        own.features.due(step);
        let mut sent = Vec::new();
        for effect in out.0 {
            match effect {
                Effect::Record(change) => own.commit(change),
                Effect::Send(stanza) => sent.push(stanza),
                // There is none here.
                Effect::Tell(Event::Notice(Notice::NoArchive)) => {}
                Effect::Tell(Event::Notice(notice)) => own.notices.push(notice),
                Effect::Tell(Event::ReadinessChanged { peer, readiness }) => {
                    own.readiness.insert(peer, readiness);
                }
                Effect::Tell(Event::RepairChanged { repair, .. }) => own.repairs.push(repair),
                _ => {}
            }
        }
        let from = own.jid.clone();
        for stanza in sent {
            self.route(device, &from, stanza);
        }
    }

    pub(super) fn run(&mut self) {
        let mut turns = 0;
        while let Some((device, stanza)) = self.queue.pop_front() {
            self.step(device, |own, step| own.stanza(&stanza, step));
            if let Some(seen) = self.devices[device].copy_seen.take() {
                self.step(device, |own, step| own.copy_seen(seen, step));
            }
            turns += 1;
            assert!(turns < self.most_turns, "this goes on for ever");
        }
    }

    fn route(&mut self, device: usize, from: &Jid, stanza: Element) {
        match stanza.name() {
            "iq" => {
                self.asked.extend(stanza.attr("to").map(str::to_owned));
                if self.silent.as_ref().is_some_and(|silent| stanza.attr("to") == Some(silent.as_str())) {
                    return;
                }
                if self.hides_archives && stanza.has_child("query", ns::ARCHIVE) {
                    return;
                }
                let (reply, news) = self.answer(from, &stanza);
                self.queue.push_back((device, reply));
                for (owner, event) in news {
                    self.publish(&owner, &event);
                }
            }
            "message" => {
                let mut bytes = Vec::new();
                stanza.write_to(&mut bytes).unwrap();
                self.wire.push(String::from_utf8(bytes).unwrap());
                self.unlisted += usize::from(!self.is_listed(from.bare(), &stanza));
                let stanza = with(stanza, "from", &from.to_string());
                self.messages.push(stanza.clone());
                let to = Jid::new(stanza.attr("to").unwrap()).unwrap().bare().clone();
                let reached: Vec<usize> = self.online(&to).filter(|other| *other != device).collect();
                if reached.is_empty()
                    && self.devices.iter().any(|other| *other.jid.bare() == to && !other.online)
                {
                    self.offline.entry(to).or_default().push(stanza.clone());
                }
                self.queue.extend(reached.into_iter().map(|to| (to, stanza.clone())));
            }
            _ => {}
        }
    }

    /// Whether the device that has encrypted a message is on a list, as careful receivers want it.
    fn is_listed(&self, owner: &BareJid, stanza: &Element) -> bool {
        OmemoVersion::ALL.into_iter().all(|version| {
            let Some(encrypted) = stanza.get_child("encrypted", wire::namespace(version)) else {
                return true;
            };
            let header = encrypted.get_child("header", wire::namespace(version)).unwrap();
            let node = (owner.clone(), wire::list_node(version).to_owned());
            let mut lists = self.nodes.get(&node).into_iter().flatten();
            lists.any(|(_, list)| list.children().any(|device| device.attr("id") == header.attr("sid")))
        })
    }

    fn online(&self, jid: &BareJid) -> impl Iterator<Item = usize> {
        let devices = self.devices.iter().enumerate();
        devices.filter(move |(_, device)| device.online && device.jid.bare() == jid).map(|(at, _)| at)
    }

    /// Tells a change of a node to its owner and all contacts who are online.
    pub(super) fn publish(&mut self, owner: &BareJid, items: &Element) {
        let event = Draft::new("event", ns::PUBSUB_EVENT).child(items.clone());
        let message: Element =
            Draft::new("message", ns::CLIENT).attr("from", owner.as_str()).child(event).into();
        for (at, device) in self.devices.iter().enumerate() {
            let knows = device.ledger.roster.iter().any(|item| item.jid == *owner);
            if device.online && (device.jid.bare() == owner || knows) {
                self.queue.push_back((at, message.clone()));
            }
        }
    }

    /// A page of somebody's archive (XEP-0313): its messages are on their way before its end is. They are called by their numbers.
    fn page(&mut self, from: &Jid, query: &Element) -> Element {
        let set = query.get_child("set", ns::RSM).unwrap();
        let number =
            |name: &'static str| -> Option<usize> { set.get_child(name, ns::RSM)?.text().parse().ok() };
        let most = number("max").unwrap();
        let is_theirs = |stanza: &Element| {
            let of = |name: &'static str| Jid::new(stanza.attr(name).unwrap()).unwrap().bare() == from.bare();
            stanza.has_child("body", ns::CLIENT)
                || stanza.has_child("encryption", ns::ENCRYPTION) && (of("from") || of("to"))
        };
        let all = self.messages.iter().enumerate().filter(|(_, stanza)| is_theirs(stanza));
        let (after, before) = (number("after"), number("before"));
        let within = all.filter(|(at, _)| {
            after.is_none_or(|after| *at > after) && before.is_none_or(|before| *at < before)
        });
        let within: Vec<(usize, Element)> = within.map(|(at, stanza)| (at, stanza.clone())).collect();
        let is_backwards = set.has_child("before", ns::RSM);
        let start = if is_backwards { within.len().saturating_sub(most) } else { 0 };
        let page: Vec<_> = within.iter().skip(start).take(most).collect();
        let me = self.devices.iter().position(|device| device.jid == *from).unwrap();
        for (at, stanza) in &page {
            let age = self.apart * i64::try_from(self.messages.len() - at).unwrap();
            let stamp = Timestamp::from_millis(self.now.wall.as_millis() - age);
            let stamp = crate::datetime::format(stamp);
            let delay = Draft::new("delay", ns::DELAY).attr("stamp", &stamp);
            let forwarded = Draft::new("forwarded", ns::FORWARD).child(delay).child(stanza.clone());
            let result = Draft::new("result", ns::ARCHIVE).attr("id", &at.to_string());
            let result = result.attr("queryid", query.attr("queryid").unwrap()).child(forwarded);
            let message = Draft::new("message", ns::CLIENT).attr("from", from.bare().as_str()).child(result);
            self.queue.push_back((me, message.into()));
        }
        let end = |name: &'static str, at: Option<&&(usize, Element)>| {
            at.map(|(at, _)| Draft::new(name, ns::RSM).text(&at.to_string()).into())
        };
        let set = Draft::new("set", ns::RSM)
            .children(end("first", page.first()))
            .children(end("last", page.last()));
        let is_whole = page.len() == within.len();
        let fin = Draft::new("fin", ns::ARCHIVE).maybe_attr("complete", is_whole.then_some("true"));
        fin.child(set).into()
    }

    fn answer(&mut self, from: &Jid, request: &Element) -> (Element, Vec<(BareJid, Element)>) {
        let owner = request.attr("to").map_or_else(|| from.bare().clone(), jid);
        let reply = Draft::new("iq", ns::CLIENT)
            .attr("id", request.attr("id").unwrap())
            .maybe_attr("from", request.attr("to"));
        let payload = request.children().next().unwrap();
        let refused = |condition: &str| -> Element {
            let error = Draft::new("error", ns::CLIENT).attr("type", "cancel");
            let error = error.child(Draft::new(condition, ns::STANZA_ERROR));
            let reply = Draft::new("iq", ns::CLIENT).attr("id", request.attr("id").unwrap());
            reply.maybe_attr("from", request.attr("to")).attr("type", "error").child(error).into()
        };
        if self.archives && payload.is("query", ns::DISCO_INFO) {
            let features = [ns::STANZA_ID, ns::ARCHIVE, ns::CARBONS];
            let features = features.map(|var| Draft::new("feature", ns::DISCO_INFO).attr("var", var).into());
            let query = Draft::new("query", ns::DISCO_INFO).children(features);
            return (reply.attr("type", "result").child(query).into(), Vec::new());
        }
        if payload.is("query", ns::ARCHIVE) {
            let fin = self.page(from, payload);
            return (reply.attr("type", "result").child(fin).into(), Vec::new());
        }
        if payload.is("query", ns::ROSTER) {
            // The version of the ledger is right.
            return (reply.attr("type", "result").into(), Vec::new());
        }
        if !payload.is("pubsub", ns::PUBSUB) && !payload.is("pubsub", ns::PUBSUB_OWNER) {
            return (reply.attr("type", "result").into(), Vec::new());
        }
        let part = payload.children().next().unwrap();
        let node = part.attr("node").unwrap().to_owned();
        let refuses = self.refuses.iter().find(|(name, _)| node.contains(name));
        if let Some((_, condition)) = refuses {
            return (refused(condition), Vec::new());
        }
        if let (Some(odd), "items", ns::OMEMO_2_DEVICES) = (&self.odd_list, part.name(), node.as_str()) {
            let id = request.attr("id").unwrap();
            let reply = with(odd.clone(), "id", id);
            return (with(reply, "from", owner.as_str()), Vec::new());
        }
        let place = (owner.clone(), node.clone());
        let told_how_many = || String::from(payload).contains("pubsub#max_items");
        match part.name() {
            "publish" if self.enlarged.is_some() && told_how_many() => {
                (refused("not-acceptable"), Vec::new())
            }
            "configure" if self.enlarged.is_some() => {
                if !self.nodes.contains_key(&place) {
                    return (refused("item-not-found"), Vec::new());
                }
                if let Some(enlarged) = self.enlarged.as_mut().filter(|_| told_how_many()) {
                    enlarged.insert(place);
                }
                (reply.attr("type", "result").into(), Vec::new())
            }
            "publish" => {
                let is_small = self.enlarged.as_ref().is_some_and(|enlarged| !enlarged.contains(&place));
                let item = part.get_child("item", ns::PUBSUB).unwrap();
                let (id, content) =
                    (item.attr("id").unwrap().to_owned(), item.children().next().unwrap().clone());
                let items = self.nodes.entry(place).or_default();
                items.retain(|(other, _)| *other != id && !is_small);
                items.push((id.clone(), content.clone()));
                let item = Draft::new("item", ns::PUBSUB_EVENT).attr("id", &id).child(content);
                let items = Draft::new("items", ns::PUBSUB_EVENT).attr("node", &node).child(item).into();
                (reply.attr("type", "result").into(), vec![(owner, items)])
            }
            "items" => {
                let Some(items) = self.nodes.get(&place) else {
                    return (refused("item-not-found"), Vec::new());
                };
                let wanted = part.get_child("item", ns::PUBSUB).and_then(|item| item.attr("id"));
                let found = items.iter().filter(|(id, _)| wanted.is_none_or(|wanted| wanted == id));
                let found = found.map(|(id, content)| {
                    Draft::new("item", ns::PUBSUB).attr("id", id).child(content.clone()).into()
                });
                let items = Draft::new("items", ns::PUBSUB).attr("node", &node).children(found);
                let content = Draft::new("pubsub", ns::PUBSUB).child(items);
                (reply.attr("type", "result").child(content).into(), Vec::new())
            }
            "retract" => {
                let id = part.get_child("item", ns::PUBSUB).and_then(|item| item.attr("id"));
                let items = self.nodes.get_mut(&place);
                items.into_iter().for_each(|items| items.retain(|(other, _)| Some(other.as_str()) != id));
                (reply.attr("type", "result").into(), Vec::new())
            }
            "delete" => {
                self.nodes.remove(&place);
                (reply.attr("type", "result").into(), Vec::new())
            }
            _ => (reply.attr("type", "result").into(), Vec::new()),
        }
    }
}

/// A stanza with another attribute.
pub(super) fn with(mut stanza: Element, name: &'static str, value: &str) -> Element {
    let name = minidom::rxml::NcName::try_from(name).unwrap();
    stanza.set_attr(minidom::rxml::Namespace::NONE, name, value.to_owned());
    stanza
}
