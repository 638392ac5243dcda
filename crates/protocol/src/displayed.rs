//! How far the person has read, on whatever device (XEP-0490 1.0.1): a node of the account's own, with an item for each conversation.
//!
//! Conversations that are encrypted too: what is told is the name that our archive gave to a message, not what is in it.
//!
//! | what | rule |
//! |---|---|
//! | whose events count | our own account's bare address alone |
//! | which names count | those that our own archive gives |
//! | what is older than what was read here | changes nothing: the ledger never goes back |
//! | a node that others could read | gets nothing. It is asked what it is like, and made private, before anything is put into it; whether the server does that, and keeps it so with each publication (publish-options), is not taken on trust. Where it does not, that is said, once a run |
//! | what another device has told since | is newer than what was to be told from here, as far as is known: ours is dropped |
//! | what was read offline, or told and not answered | is told on the next stream, in another run as well: what is known, and what is to be told, are kept |
//! | while something that was missed is still to be fetched | nothing is told: what is read here may be older than what was read there |

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{BareJid, Change, Event, Notice, Problem, Restored, StanzaId};
use minidom::Element;

use crate::iq::{Answer, Ask, Recipient};
use crate::ns;
use crate::pubsub::{self, Options};
use crate::stanza;
use crate::step::Step;
use crate::xml::Draft;

/// What we can do, for XEP-0030.
pub(crate) const FEATURES: &[&str] = &["urn:xmpp:mds:displayed:0+notify"];

/// How many conversations are remembered of what others tell, and wait to be told.
const MOST: usize = 2_000;
/// The longest name of a message that is taken, in bytes.
const LONGEST_ID: usize = 512;
/// Of how many that were told one after the other, and may be there, it is remembered.
const MOST_TRIED: usize = 16;
/// How many items the node is to hold: as many as can be, or so many for servers that know no word for that.
const ROOM: [&str; 3] = ["max", "10000", "1000"];

/// What our devices have read.
#[derive(Debug, Default)]
pub(crate) struct Displayed {
    /// What the node says last, as far as it is known.
    known: BTreeMap<BareJid, StanzaId>,
    /// What is to be told.
    untold: BTreeMap<BareJid, Untold>,
    /// What was told last, and is not answered yet.
    unanswered: BTreeMap<BareJid, Untold>,
    node: Node,
    complaint: Complaint,
    /// Of which conversations something has become different that is to be kept.
    pub(crate) changed: BTreeSet<BareJid>,
}

/// What is to be told of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Untold {
    stanza: StanzaId,
    /// What was known when it was read. If the node says something else, another device has told it.
    known: Option<StanzaId>,
    /// What was told from here, and may be there.
    tried: Vec<StanzaId>,
}

/// What is known of the node, since we are online.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Node {
    /// It is not known yet what it has.
    #[default]
    Unread,
    /// What it has is known, and what it is like is not.
    Unseen,
    Asked,
    /// It is for ourselves alone.
    Private,
    /// Others could read it, or there can be none.
    Unfit,
}

/// What was asked of the node, and how often it has been made what it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// What it is like.
    Look { made: bool },
    /// To be made, or changed, with so much room.
    Make { change: bool, room: usize },
}

/// Whether the person has heard that nothing can be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Complaint {
    #[default]
    Unsaid,
    Said,
}

impl Displayed {
    /// What the last run knew, and could not tell.
    pub(crate) fn new(restored: &Restored) -> Self {
        let mut displayed = Self::default();
        for reading in restored.reading.iter().take(MOST) {
            let known = reading.told.clone();
            if let Some(archived) = &reading.archived {
                let (stanza, known) = (archived.clone(), known.clone());
                displayed.untold.insert(reading.peer.clone(), Untold { stanza, known, tried: Vec::new() });
            }
            displayed.known.extend(known.map(|known| (reading.peer.clone(), known)));
        }
        displayed
    }

    /// What our devices know of a conversation, and what they are still to be told.
    pub(crate) fn state(&self, peer: &BareJid) -> (Option<StanzaId>, Option<StanzaId>) {
        let (untold, unanswered) = (self.untold.get(peer), self.unanswered.get(peer));
        let archived = untold.or(unanswered).map(|untold| untold.stanza.clone());
        // What was told and is not answered may not be there.
        let known = match (untold, unanswered) {
            (None, Some(unanswered)) => unanswered.known.as_ref(),
            _ => self.known.get(peer),
        };
        (known.cloned(), archived)
    }

    /// Asks for what our other devices have told.
    pub(crate) fn fetch(step: &mut Step<'_>) {
        step.get(Recipient::Account, pubsub::request_all(ns::DISPLAYED), Ask::Displayed);
    }

    /// One of our questions is answered.
    pub(crate) fn answered(&mut self, ask: Ask, answer: &Answer<'_>, step: &mut Step<'_>) {
        match ask {
            Ask::Displayed => self.fetched(answer, step),
            Ask::DisplayedNode(asked) => self.configured(asked, answer, step),
            _ => {}
        }
    }

    /// It came, or will not.
    fn fetched(&mut self, answer: &Answer<'_>, step: &mut Step<'_>) {
        self.node = match answer {
            Answer::Result(reply) => {
                let pubsub = reply.get_child("pubsub", ns::PUBSUB);
                self.take(pubsub.and_then(|pubsub| pubsub.get_child("items", ns::PUBSUB)), step);
                Node::Unseen
            }
            // There is none yet.
            Answer::Refused(Problem::NoSuchAddress) => Node::Unseen,
            Answer::Refused(_) => Node::Unfit,
            Answer::Silence(_) => Node::Unread,
        };
    }

    /// Our account says that its node has changed.
    pub(crate) fn changed(&mut self, message: &Element, step: &mut Step<'_>) {
        // What was kept for us may be older than what is known.
        if message.has_child("delay", ns::DELAY) {
            return;
        }
        let event = message.get_child("event", ns::PUBSUB_EVENT);
        self.take(event.and_then(|event| event.get_child("items", ns::PUBSUB_EVENT)), step);
    }

    fn take(&mut self, items: Option<&Element>, step: &mut Step<'_>) {
        for (id, payload) in pubsub::items(items, ns::DISPLAYED).take(MOST) {
            let Ok(peer) = BareJid::new(id) else { continue };
            let Some(stanza) = archived(payload, step.own) else { continue };
            if self.known.get(&peer) == Some(&stanza) {
                continue;
            }
            if self.known.len() < MOST || self.known.contains_key(&peer) {
                self.known.insert(peer.clone(), stanza.clone());
                self.changed.insert(peer.clone());
            }
            step.record(Change::Displayed { peer, stanza });
        }
    }

    /// The person has read up to that message.
    pub(crate) fn read(&mut self, peer: BareJid, archived: StanzaId, step: &Step<'_>) {
        let is_ours = archived.by == *step.own;
        let known = self.known.get(&peer).cloned();
        let is_full = self.untold.len() >= MOST && !self.untold.contains_key(&peer);
        if is_ours && known.as_ref() != Some(&archived) && !is_full {
            self.changed.insert(peer.clone());
            let tried = self.untold.get(&peer).map(|before| before.tried.clone()).unwrap_or_default();
            self.untold.insert(peer, Untold { stanza: archived, known, tried });
        }
    }

    /// Tells what was read, if there is something, and the node is fit for it.
    pub(crate) fn tell(&mut self, step: &mut Step<'_>) {
        if self.untold.is_empty() || !step.is_online() {
            return;
        }
        match self.node {
            Node::Private => {}
            Node::Unseen => return self.ask(Asked::Look { made: false }, step),
            Node::Unread | Node::Asked | Node::Unfit => return,
        }
        for (peer, mut untold) in std::mem::take(&mut self.untold) {
            self.changed.insert(peer.clone());
            let known = self.known.get(&peer);
            let is_ours =
                known == untold.known.as_ref() || known.is_some_and(|known| untold.tried.contains(known));
            // Another device has told something since: that one has read further, as far as we know. Or ours has arrived.
            if !is_ours || known == Some(&untold.stanza) {
                continue;
            }
            let stanza = &untold.stanza;
            let by =
                Draft::new("stanza-id", ns::STANZA_ID).attr("by", stanza.by.as_str()).attr("id", &stanza.id);
            let payload = Draft::new("displayed", ns::DISPLAYED).child(by);
            let publish = pubsub::publish(ns::DISPLAYED, peer.as_str(), payload.into(), Options::Private);
            self.known.insert(peer.clone(), stanza.clone());
            let ask = Ask::DisplayedTold(peer.clone(), stanza.clone());
            if let Some(before) = self.unanswered.remove(&peer) {
                untold.follow(before);
            }
            self.unanswered.insert(peer, untold);
            step.set(Recipient::Account, publish, ask);
        }
    }

    /// What was read has been told, or not. What has no answer is told again, if it is not there by then.
    pub(crate) fn told(
        &mut self,
        peer: &BareJid,
        stanza: &StanzaId,
        answer: &Answer<'_>,
        step: &mut Step<'_>,
    ) {
        let is_last = self.unanswered.get(peer).is_some_and(|last| last.stanza == *stanza);
        let unanswered = if is_last { self.unanswered.remove(peer) } else { None };
        self.changed.insert(peer.clone());
        let Some(problem) = answer.problem() else {
            // What was told since comes after that.
            if let Some(last) = self.unanswered.get_mut(peer).filter(|last| last.tried.contains(stanza)) {
                last.known = Some(stanza.clone());
            }
            return;
        };
        // What the node says is not known any more.
        if is_last {
            self.known.remove(peer);
        }
        match answer {
            // It is not what it was (XEP-0060 §7.1.5).
            Answer::Refused(_) if problem != Problem::ServerBusy => self.give_up(step),
            _ => self.tell_again(peer, unanswered),
        }
    }

    fn tell_again(&mut self, peer: &BareJid, unanswered: Option<Untold>) {
        let Some(unanswered) = unanswered else { return };
        let known = unanswered.known.clone();
        let mut tried = unanswered.tried;
        tried.push(unanswered.stanza.clone());
        // Until the node has been read once more, it is taken to say what it said.
        self.known.extend(known.clone().map(|known| (peer.clone(), known)));
        let stanza = self.untold.remove(peer).map_or(unanswered.stanza, |newer| newer.stanza);
        self.untold.insert(peer.clone(), Untold { stanza, known, tried });
    }

    fn ask(&mut self, asked: Asked, step: &mut Step<'_>) {
        self.node = Node::Asked;
        match asked {
            Asked::Look { .. } => {
                let request = pubsub::request_configuration(ns::DISPLAYED);
                step.get(Recipient::Account, request, Ask::DisplayedNode(asked));
            }
            Asked::Make { change, room } => {
                let most = ROOM.get(room).copied().unwrap_or_default();
                let request = match change {
                    true => pubsub::make_private(ns::DISPLAYED, most),
                    false => pubsub::create_private(ns::DISPLAYED, most),
                };
                step.set(Recipient::Account, request, Ask::DisplayedNode(asked));
            }
        }
    }

    /// The server says what the node is like, or that it has made it so.
    fn configured(&mut self, asked: Asked, answer: &Answer<'_>, step: &mut Step<'_>) {
        match (asked, answer) {
            (_, Answer::Silence(_)) => self.node = Node::Unfit,
            (Asked::Look { made }, Answer::Result(reply)) => {
                let value = pubsub::configuration(reply, ns::DISPLAYED);
                let is_private = value("pubsub#access_model").as_deref() == Some("whitelist");
                // One item is the newest conversation alone.
                let is_large = value("pubsub#max_items").as_deref() != Some("1");
                match (is_private && (is_large || made), made) {
                    (true, _) => self.node = Node::Private,
                    (false, false) => self.ask(Asked::Make { change: true, room: 0 }, step),
                    (false, true) => self.give_up(step),
                }
            }
            (Asked::Look { made: false }, Answer::Refused(Problem::NoSuchAddress)) => {
                self.ask(Asked::Make { change: false, room: 0 }, step);
            }
            (Asked::Look { .. }, Answer::Refused(_)) => self.give_up(step),
            (Asked::Make { .. }, Answer::Result(_)) => self.ask(Asked::Look { made: true }, step),
            (Asked::Make { change, room }, Answer::Refused(_)) if room + 1 < ROOM.len() => {
                self.ask(Asked::Make { change, room: room + 1 }, step);
            }
            // Whatever it says, what the node is like counts.
            (Asked::Make { .. }, Answer::Refused(_)) => self.ask(Asked::Look { made: true }, step),
        }
    }

    fn give_up(&mut self, step: &mut Step<'_>) {
        self.node = Node::Unfit;
        if self.complaint == Complaint::Unsaid {
            self.complaint = Complaint::Said;
            step.tell(Event::Notice(Notice::ReadingNotShared));
        }
    }

    /// The connection is gone. What was to be told still is, if nothing else has been told by then.
    pub(crate) fn went_offline(&mut self) {
        self.node = Node::Unread;
    }
}

impl Untold {
    /// It is told, and what was told `before` is not answered yet: that may be there, or what was before that.
    fn follow(&mut self, before: Self) {
        // Our own word for one before may have come back to us meanwhile.
        let is_ours = |known: &StanzaId| *known == before.stanza || before.tried.contains(known);
        if !self.known.as_ref().is_some_and(is_ours) {
            return;
        }
        let Self { stanza, known, tried } = before;
        let excess = (tried.len() + 1).saturating_sub(MOST_TRIED);
        self.known = known;
        self.tried = tried.into_iter().skip(excess).chain([stanza]).collect();
    }
}

/// What our archive calls the message of an item.
fn archived(payload: &Element, own: &BareJid) -> Option<StanzaId> {
    if !payload.is("displayed", ns::DISPLAYED) || stanza::is_rejected(payload) {
        return None;
    }
    let mut ids = payload.children().filter(|child| child.is("stanza-id", ns::STANZA_ID));
    let (id, None) = (ids.next()?, ids.next()) else { return None };
    let by = BareJid::new(id.attr("by")?).ok().filter(|by| by == own)?;
    let id = id.attr("id").filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)?;
    Some(StanzaId { by, id: id.to_owned() })
}
