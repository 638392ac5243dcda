//! Telling each other that a message has arrived (XEP-0184 1.4.0), and that it was read (XEP-0333 1.0.0).
//!
//! Who says so of a message is believed in the conversation with them and nowhere else: it can only be about what we wrote to them.
//! What we tell goes to who sees our presence, as far as the person wants it ([`Confirming`]); never about what could not be read or a
//! copy of what another device of ours got. That something has arrived is not told of what an archive kept; that it was read is, where it
//! was fetched because it is new, and so it is of what an earlier run received. Who does not see our presence any more, or what the person
//! does not want told any more when it could be, is not told.
//!
//! Where the stream is managed, what was told is kept until the server has it (XEP-0198): what a session took with it that is not taken up is
//! told once more. That is no harm, as it says the same. That something was read is told in another run as well.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use causerie_model::{BareJid, Change, Confirming, MessageState, OriginId, Restored, Timestamp};
use minidom::Element;

use crate::negotiation::letters;
use crate::ns;
use crate::step::Step;
use crate::stream_management::{Name, Proof};
use crate::xml::{self, Draft};

/// What others may know that we can do, as far as we do it.
pub(crate) fn features(confirming: Confirming) -> &'static [&'static str] {
    match confirming {
        Confirming::Nothing => &[],
        Confirming::Arrival => &[ns::RECEIPTS],
        Confirming::Reading => &[ns::CHAT_MARKERS, ns::RECEIPTS],
    }
}

/// How many messages of one person are remembered to be told that they were read.
const MOST_UNREAD: usize = 100;
/// Of how many people.
const MOST_PEOPLE: usize = 500;
/// How many receipts wait for the server to have them.
const MOST_ARRIVED: usize = 500;
/// How many receipts of one stanza are looked at.
const MOST_AT_ONCE: usize = 16;

/// What can be told to others of their messages.
#[derive(Debug, Default)]
pub(crate) struct Receipts {
    /// Messages that were not read yet, the oldest first, and whether their authors want to know when they are.
    unread: BTreeMap<BareJid, Vec<Unread>>,
    /// What was read while there was no stream.
    untold: BTreeMap<BareJid, OriginId>,
    /// What was told to have been read and the server is not known to have: how that was called, and what was read.
    told: BTreeMap<BareJid, (OriginId, OriginId)>,
    /// What has arrived, and the server is not known to have our word for.
    arrived: VecDeque<Arrived>,
    /// Of which conversations something has become different that is to be kept.
    pub(crate) changed: BTreeSet<BareJid>,
}

#[derive(Debug)]
struct Unread {
    id: OriginId,
    wish: Wish,
    came: Came,
}

/// How a message has come, which tells where it is among those that were not read. No clock of ours does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Came {
    /// From the archive, in its turn.
    Listed,
    /// From the archive, which has told then when it was, while what is before it is missing.
    Ahead(Timestamp),
    /// By itself, meanwhile.
    Early,
    /// By itself: it is behind all that is here.
    Last,
}

#[derive(Debug)]
struct Arrived {
    peer: BareJid,
    to: String,
    id: OriginId,
    /// How our word for it is called; none, where it is to be said once more.
    told: Option<OriginId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    No,
    Yes,
}

/// What somebody says of messages of ours.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// It has arrived.
    Arrived(OriginId),
    /// It was read, and all before it.
    Read(OriginId),
}

/// The wish to be told, for a message of ours (XEP-0184 §5.1, XEP-0333 §4).
pub(crate) fn wishes() -> [Element; 2] {
    [Draft::new("request", ns::RECEIPTS).into(), Draft::new("markable", ns::CHAT_MARKERS).into()]
}

/// What a stanza says of messages of whoever it is for.
pub(crate) fn said(stanza: &Element) -> Vec<Said> {
    if matches!(stanza.attr("type"), Some("error" | "groupchat")) {
        return Vec::new();
    }
    let id = |element: &Element| element.attr("id").and_then(OriginId::new);
    let arrived = xml::children(stanza, "received", ns::RECEIPTS).filter_map(id).map(Said::Arrived);
    let read = xml::children(stanza, "displayed", ns::CHAT_MARKERS).filter_map(id).map(Said::Read);
    arrived.chain(read).take(MOST_AT_ONCE).collect()
}

/// What is remembered of it.
pub(crate) fn record(peer: &BareJid, said: Said, step: &mut Step<'_>) {
    let peer = peer.clone();
    step.record(match said {
        Said::Arrived(id) => Change::MessageStateChanged { peer, id, state: MessageState::Delivered },
        Said::Read(id) => Change::ReadByPeer { peer, id },
    });
}

impl Receipts {
    /// What the last run left unread, and could not tell.
    pub(crate) fn new(restored: &Restored) -> Self {
        let mut receipts = Self::default();
        for unread in &restored.unread {
            let wish = if unread.markable { Wish::Yes } else { Wish::No };
            receipts.await_reading((&unread.peer, Came::Last), unread.id.clone(), wish);
        }
        for reading in restored.reading.iter().take(MOST_PEOPLE) {
            receipts.untold.extend(reading.marker.clone().map(|marker| (reading.peer.clone(), marker)));
        }
        receipts
    }

    /// What somebody is still to be told, as far as is known.
    pub(crate) fn untold(&self, peer: &BareJid) -> Option<OriginId> {
        self.untold.get(peer).or_else(|| Some(&self.told.get(peer)?.1)).cloned()
    }

    /// The server has these.
    pub(crate) fn are_there(&mut self, names: &[Name]) {
        for (peer, name) in names {
            if self.told.get(peer).is_some_and(|(told, _)| told == name) {
                self.told.remove(peer);
                self.changed.insert(peer.clone());
            }
            self.arrived.retain(|arrived| arrived.peer != *peer || arrived.told.as_ref() != Some(name));
        }
    }

    /// The connection is gone, and what was told with it, for all that is known.
    pub(crate) fn went_offline(&mut self) {
        for (peer, (_, id)) in std::mem::take(&mut self.told) {
            self.untold.entry(peer).or_insert(id);
        }
        self.arrived.iter_mut().for_each(|arrived| arrived.told = None);
    }

    /// A text was fetched that is new, from somebody who may know that we are here.
    pub(crate) fn fetched(
        &mut self,
        stanza: &Element,
        (peer, came): (&BareJid, Came),
        confirming: Confirming,
        step: &mut Step<'_>,
    ) {
        if confirming == Confirming::Reading
            && let Some(id) = stanza.attr("id").and_then(OriginId::new)
        {
            self.is_new(stanza, (peer, came), id, step);
        }
    }

    fn is_new(
        &mut self,
        stanza: &Element,
        (peer, came): (&BareJid, Came),
        id: OriginId,
        step: &mut Step<'_>,
    ) {
        let wish = if stanza.has_child("markable", ns::CHAT_MARKERS) { Wish::Yes } else { Wish::No };
        if wish == Wish::Yes {
            step.record(Change::MarkerWanted { peer: peer.clone(), id: id.clone() });
        }
        self.await_reading((peer, came), id, wish);
    }

    fn await_reading(&mut self, (peer, came): (&BareJid, Came), id: OriginId, wish: Wish) {
        if self.unread.len() >= MOST_PEOPLE && !self.unread.contains_key(peer) {
            return;
        }
        let unread = self.unread.entry(peer.clone()).or_default();
        if unread.iter().any(|known| known.id == id) {
            return;
        }
        let place = unread.iter().rposition(|known| known.came <= came).map_or(0, |before| before + 1);
        unread.insert(place, Unread { id, wish, came });
        if came == Came::Last {
            // All of them are in their turn.
            unread.iter_mut().for_each(|known| known.came = Came::Listed);
        }
        if unread.len() > MOST_UNREAD {
            unread.remove(0);
        }
    }

    /// A text came from somebody who may know that we are here. It is live, or was kept for us: not a copy.
    pub(crate) fn received(
        &mut self,
        stanza: &Element,
        (peer, came): (&BareJid, Came),
        confirming: Confirming,
        step: &mut Step<'_>,
    ) {
        let Some(id) = stanza.attr("id").and_then(OriginId::new) else { return };
        if confirming == Confirming::Nothing || peer == step.own {
            return;
        }
        // A receipt never asks for one (XEP-0184 §5.6).
        if stanza.has_child("request", ns::RECEIPTS)
            && !stanza.has_child("received", ns::RECEIPTS)
            && step.is_online()
        {
            let to = stanza.attr("from").unwrap_or(peer.as_str()).to_owned();
            let told = send(&to, received(&id), step);
            if step.proof == Proof::Stream && self.arrived.len() < MOST_ARRIVED {
                self.arrived.push_back(Arrived { peer: peer.clone(), to, id: id.clone(), told });
            }
        }
        if confirming == Confirming::Reading {
            self.is_new(stanza, (peer, came), id, step);
        }
    }

    /// The person has read what somebody wrote, up to that message; without one, all of it.
    pub(crate) fn read(&mut self, peer: &BareJid, up_to: Option<&OriginId>, confirming: Confirming) {
        let Some(unread) = self.unread.get_mut(peer) else { return };
        let count = match up_to {
            Some(id) => unread.iter().rposition(|unread| unread.id == *id).map_or(0, |at| at + 1),
            None => unread.len(),
        };
        let last = unread.drain(..count).rfind(|unread| unread.wish == Wish::Yes);
        if unread.is_empty() {
            self.unread.remove(peer);
        }
        let Some(Unread { id, .. }) = last.filter(|_| confirming == Confirming::Reading) else { return };
        self.untold.insert(peer.clone(), id);
        self.changed.insert(peer.clone());
    }

    /// Tells what could not be told before, to whom it `may_be_told` now.
    pub(crate) fn tell(&mut self, may_be_told: impl Fn(&BareJid) -> bool, step: &mut Step<'_>) {
        if !step.is_online() {
            return;
        }
        for (peer, id) in std::mem::take(&mut self.untold) {
            self.told.remove(&peer);
            self.changed.insert(peer.clone());
            if may_be_told(&peer) {
                let displayed = Draft::new("displayed", ns::CHAT_MARKERS).attr("id", id.as_str());
                let name = send(peer.as_str(), displayed, step).filter(|_| step.proof == Proof::Stream);
                self.told.extend(name.map(|name| (peer, (name, id))));
            }
        }
        self.arrived.retain(|arrived| arrived.told.is_some() || may_be_told(&arrived.peer));
        for arrived in self.arrived.iter_mut().filter(|arrived| arrived.told.is_none()) {
            arrived.told = send(&arrived.to, received(&arrived.id), step);
        }
        if step.proof != Proof::Stream {
            self.arrived.clear();
        }
    }

    /// The person does not want to be told any more what was read, or not even what has arrived.
    pub(crate) fn keep_to_ourselves(&mut self, confirming: Confirming) {
        if confirming == Confirming::Nothing {
            self.arrived.clear();
        }
        if confirming != Confirming::Reading {
            self.changed.extend(std::mem::take(&mut self.untold).into_keys());
            self.changed.extend(std::mem::take(&mut self.told).into_keys());
        }
    }
}

fn received(id: &OriginId) -> Draft {
    Draft::new("received", ns::RECEIPTS).attr("id", id.as_str())
}

/// Sends something that is kept, but is nothing to read. Gives what it is called.
fn send(to: &str, what: Draft, step: &mut Step<'_>) -> Option<OriginId> {
    let id = letters(16, step.rng);
    let message = Draft::new("message", ns::CLIENT).attr("type", "chat").attr("to", to).attr("id", &id);
    step.send(message.child(what).child(Draft::new("store", ns::HINTS)));
    OriginId::new(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who comes back after days reads the newest at once, while what lies before it is fetched, and something comes by itself; and our clock was
    /// a day ahead when others came.
    #[test]
    fn the_newest_are_known_however_much_is_fetched_before_them() {
        let bob = BareJid::new("bob@example.org").unwrap();
        let id = |name: &str| OriginId::new(name).unwrap();
        let mut receipts = Receipts::default();
        let mut came = |name: String, came| receipts.await_reading((&bob, came), id(&name), Wish::Yes);
        (0..150).for_each(|number| came(format!("before {number}"), Came::Last));
        for page in [2, 1] {
            for number in 0..40 {
                let at = Timestamp::from_millis(page * 1_000 + number);
                came(format!("ahead {page}.{number}"), Came::Ahead(at));
            }
        }
        came("meanwhile".to_owned(), Came::Early);
        (0..500).for_each(|number| came(format!("missed {number}"), Came::Listed));
        let names: Vec<&str> = receipts.unread[&bob].iter().map(|unread| unread.id.as_str()).collect();
        assert_eq!(names.len(), MOST_UNREAD);
        assert_eq!(&names[18..20], ["missed 499", "ahead 1.0"]);
        assert_eq!(&names[98..], ["ahead 2.39", "meanwhile"]);
        receipts.read(&bob, Some(&id("ahead 2.39")), Confirming::Reading);
        assert_eq!(receipts.untold(&bob), Some(id("ahead 2.39")));
        // What comes in its turn is behind all of that.
        receipts.await_reading((&bob, Came::Last), id("after"), Wish::Yes);
        receipts.await_reading((&bob, Came::Listed), id("missed since"), Wish::Yes);
        receipts.read(&bob, Some(&id("missed since")), Confirming::Reading);
        assert_eq!(receipts.untold(&bob), Some(id("missed since")));
        assert!(!receipts.unread.contains_key(&bob));
    }
}
