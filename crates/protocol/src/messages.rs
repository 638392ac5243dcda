//! One-to-one messages (RFC 6121 §5): in, out, and how far those have got.
//!
//! A message of ours is remembered before it is sent and stays pending until the server has taken it, which it says itself where the
//! stream is managed (XEP-0198). Elsewhere the server works on our stanzas in their order (RFC 6120 §10.1), so the answer to a ping says that it has taken all messages before it.
//! What is not known to be taken when a connection ends is looked for in the archive, and sent again where it is
//! not there or there is none, in order and under the same
//! identifier, by which the receiver can tell that it is the same.
//!
//! A server may refuse a message by ending the stream (RFC 6120 §4.9.3.14). So what is sent again goes out one message at a time
//! until one has been taken, and a message over which the server ends two streams has failed. That streams are lost says nothing of it.
//!
//! Long because what goes out, what comes in and what comes back are about the same few messages.

mod annotating;
mod content;
mod copied;
mod handed_back;
mod leaving;
mod privacy;
mod room;
pub(crate) mod strange;
mod wording;

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::time::Duration;

use causerie_model::{
    BareJid, Body, Change, Direction, Left, MessageState, NewMessage, OriginId, Privacy, Problem, Protection,
    Purpose, Reply, ReplyTo, Restored, Says,
};
use minidom::Element;

use crate::archive::{Place, Source, remembered};
use crate::chat_states::ChatStates;
use crate::iq::{Answer, Ask, Recipient};
use crate::omemo::{Omemo, Protected, Unsealed};
use crate::roster::Roster;
use crate::stanza::{self, Sender};
use crate::step::Step;
use crate::stream_management::{End, Name, Proof, SET_ASIDE};
use crate::xml::Draft;
use crate::{ns, receipts};
use annotating::Sealed;
pub(crate) use content::{Content, Marks, best_body, fits, naming, origin_id, sendable, stanza_id, written};
use content::{Heard, has_body, heard, list, protection};
use leaving::Trace;
use room::Room;
pub(crate) use room::Room as Window;
pub(crate) use wording::Wording;

/// How many messages that were taken are remembered, so that asking twice sends once and a late refusal finds its message.
const MOST_TAKEN: usize = 1000;
/// How many people are remembered as somebody we talk to.
const MOST_PEERS: usize = 2000;
/// Messages on their way.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    outbox: VecDeque<Outgoing>,
    pace: Pace,
    /// What was corrected encrypted.
    sealed: Sealed,
    sealed_now: copied::SealedNow,
    /// The last messages that the server has taken.
    taken: VecDeque<(BareJid, OriginId)>,
    /// When the first connection began after that on which something left last that may have arrived, in this run.
    doubted: Duration,
    /// Whether an answer to a ping is awaited.
    asking: Asking,
    /// With whom there is a conversation, and the same in the order in which they came, the oldest first.
    peers: BTreeSet<BareJid>,
    peers_in_order: VecDeque<BareJid>,
    /// To whom the person has written, in this run.
    written_to: BTreeSet<BareJid>,
    strange: strange::Strange,
}

struct Outgoing {
    peer: BareJid,
    id: OriginId,
    body: String,
    /// What it is for.
    purpose: Purpose,
    /// Whether it is to be encrypted: what was chosen when it was written, or since.
    privacy: Privacy,
    exposure: Exposure,
    progress: Progress,
    /// Since when it is to go out, in this run.
    since: Duration,
    /// How many streams the server has ended over it, as far as can be known.
    blame: u8,
    /// It was sent on a connection that is gone, or may have been: the archive may have it.
    uncertain: bool,
    /// Whether it has left encrypted.
    left: Left,
    /// What the ledger has of whether it has left.
    trace: Trace,
    /// The person has taken it back when it was on its way already.
    cancelled: bool,
}

impl Outgoing {
    /// Why it does not go out when it can't be encrypted and the person has chosen not to wait for that.
    fn given_up(&self) -> Problem {
        match self.left {
            Left::Unknown | Left::Never | Left::Clear => Problem::NotEncrypted,
            Left::Sealed => Problem::PerhapsSent,
        }
    }
}

impl fmt::Debug for Outgoing {
    /// Messages are private: the text is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { peer, id, body, purpose, privacy, exposure, progress, since, .. } = self;
        let Self { blame, uncertain, left, trace, cancelled, .. } = self;
        let size = body.len();
        write!(
            f,
            "Outgoing({peer}, {id:?}, {size} bytes, {purpose:?}, {privacy:?}, {exposure:?}, {progress:?}, {since:?}, {blame}, {uncertain}, {left:?}, {trace:?}, {cancelled})"
        )
    }
}

/// Whether others may have read a message on an earlier connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exposure {
    /// It is not known to have left in clear, in this run.
    Kept,
    /// It has left in clear.
    Exposed,
}

/// How many messages are sent before the first of them is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pace {
    /// As many as there is [`Room`] for.
    #[default]
    Free,
    /// One: it, or the one behind it, may be what ended the last stream.
    Careful,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// Not sent on this connection.
    Waiting,
    /// Sent, and no ping after it yet.
    Sent,
    /// Sent, and a ping after it.
    Asked,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asking {
    #[default]
    No,
    Yes,
}

impl Messages {
    /// With the messages that the last run left.
    pub(crate) fn new(restored: &Restored) -> Self {
        let outbox = restored.pending.iter().map(|message| Outgoing {
            peer: message.peer.clone(),
            id: message.id.clone(),
            body: message.body.clone(),
            purpose: message.purpose.clone(),
            privacy: message.privacy,
            exposure: Exposure::Kept,
            since: Duration::ZERO,
            progress: Progress::Waiting,
            blame: 0,
            uncertain: message.left != Left::Never,
            left: message.left,
            trace: Trace::restored(message.left),
            cancelled: false,
        });
        let outbox: VecDeque<Outgoing> = outbox.collect();
        // No stream was ended over what has not left.
        let pace = if outbox.iter().any(|message| message.uncertain) { Pace::Careful } else { Pace::Free };
        let mut messages = Self { outbox, pace, ..Self::default() };
        let awaiting = restored.pending.iter().map(|message| &message.peer);
        restored.conversations.iter().rev().chain(awaiting).for_each(|peer| messages.talk(peer));
        messages
    }

    /// Whether there is a conversation with somebody.
    pub(crate) fn knows(&self, peer: &BareJid) -> bool {
        self.peers.contains(peer)
    }

    /// Whether the person has written to somebody, who knows then that we are here.
    pub(crate) fn has_written_to(&self, peer: &BareJid) -> bool {
        self.written_to.contains(peer)
    }

    /// Whether something waits for somebody, or just that.
    pub(crate) fn awaits(&self, peer: &BareJid, id: Option<&OriginId>) -> bool {
        self.outbox.iter().any(|message| message.peer == *peer && id.is_none_or(|id| message.id == *id))
    }

    /// Somebody has written. Strangers do not make room for themselves: whoever we talk to is not forgotten for them.
    fn met(&mut self, peer: &BareJid) {
        if self.peers.len() < MOST_PEERS {
            self.talk(peer);
        }
    }

    /// There is a conversation with somebody.
    pub(crate) fn talk(&mut self, peer: &BareJid) {
        if self.peers.insert(peer.clone()) {
            self.peers_in_order.push_back(peer.clone());
        }
        if self.peers_in_order.len() > MOST_PEERS
            && let Some(oldest) = self.peers_in_order.pop_front()
        {
            self.peers.remove(&oldest);
        }
    }

    /// The person wrote a message. Asked twice for one identifier, it is sent once.
    pub(crate) fn write(
        &mut self,
        id: OriginId,
        peer: BareJid,
        (body, reply, privacy): (&str, Option<Reply>, Privacy),
        step: &mut Step<'_>,
    ) {
        let body = sendable(body);
        if body.trim().is_empty() || self.is_ours(&peer, &id) {
            return;
        }
        let state = match fits(&body, privacy) {
            true => MessageState::Pending,
            false => MessageState::Failed(Problem::OverLimits),
        };
        step.record(Change::MessageAdded(NewMessage {
            state: state.clone(),
            protection: protection(privacy),
            reply: reply.as_ref().map(|reply| ReplyTo { id: reply.to.clone(), author: Some(reply.author) }),
            ..written(peer.clone(), id.clone(), body.clone(), step.now.wall)
        }));
        if state == MessageState::Pending {
            let purpose = reply.map_or(Purpose::Message, Purpose::Reply);
            self.enqueue(id, peer, (body, purpose, privacy), step.now.elapsed);
        }
    }

    /// The person wants a failed message to be sent after all.
    pub(crate) fn write_again(
        &mut self,
        id: OriginId,
        peer: BareJid,
        (body, reply, privacy): (&str, Option<Reply>, Privacy),
        step: &mut Step<'_>,
    ) {
        let body = sendable(body);
        let mut known = self.outbox.iter_mut().filter(|message| message.peer == peer && message.id == id);
        let known = known.next();
        let on_its_way = known.is_some();
        // It has not been stopped after all.
        if let Some(known) = known.filter(|known| known.cancelled) {
            known.cancelled = false;
            step.record(Change::MessageStateChanged { peer, id, state: MessageState::Pending });
            return;
        }
        if body.trim().is_empty() || on_its_way || !fits(&body, privacy) {
            return;
        }
        self.taken.retain(|(taken_peer, taken)| (taken_peer, taken) != (&peer, &id));
        // Whoever has chosen since that nothing is encrypted there means this one as well.
        let (of, called) = (peer.clone(), id.clone());
        step.record(Change::MessageProtected { peer: of, id: called, protection: protection(privacy) });
        let state = MessageState::Pending;
        step.record(Change::MessageStateChanged { peer: peer.clone(), id: id.clone(), state });
        let purpose = reply.map_or(Purpose::Message, Purpose::Reply);
        self.enqueue(id, peer, (body, purpose, privacy), step.now.elapsed);
        // Some that failed have left all the same: one that was taken back on its way, or that a stream ended over.
        if let Some(message) = self.outbox.back_mut() {
            message.uncertain = true;
            message.trace = Trace::Waits;
            self.doubted = step.now.elapsed;
        }
    }

    /// The person does not want a message to be sent any more. One that has not left is taken back for certain; one that is on its way, or
    /// was when a connection ended, is not sent again, and may have arrived: what comes to be known of that still counts.
    pub(crate) fn cancel(&mut self, peer: BareJid, id: OriginId, step: &mut Step<'_>) {
        let is_it = |message: &Outgoing| message.peer == peer && message.id == id && !message.cancelled;
        let Some(at) = self.outbox.iter().position(is_it) else { return };
        let Some(message) = self.outbox.get_mut(at) else { return };
        let problem = match (message.progress, message.uncertain) {
            (Progress::Waiting, false) => Problem::Cancelled,
            (Progress::Waiting, true) | (Progress::Sent | Progress::Asked, _) => Problem::CancelledLate,
        };
        match message.progress {
            Progress::Waiting => drop(self.outbox.remove(at)),
            Progress::Sent | Progress::Asked => message.cancelled = true,
        }
        if self.outbox.is_empty() {
            self.pace = Pace::Free;
        }
        self.sealed_now.forget(&peer, &id);
        step.record(Change::MessageStateChanged { peer, id, state: MessageState::Failed(problem) });
    }

    fn enqueue(
        &mut self,
        id: OriginId,
        peer: BareJid,
        (body, purpose, privacy): (String, Purpose, Privacy),
        since: Duration,
    ) {
        self.talk(&peer);
        self.written_to.insert(peer.clone());
        self.outbox.push_back(Outgoing {
            peer,
            id,
            body,
            purpose,
            privacy,
            exposure: Exposure::Kept,
            since,
            progress: Progress::Waiting,
            blame: 0,
            uncertain: false,
            left: Left::Never,
            trace: Trace::None,
            cancelled: false,
        });
    }

    /// Sends what waits, with `<active/>` to whom it may be told. What can't be encrypted yet waits on, and what was written to the
    /// same person after it does, too. So does what may have arrived already, until it `is_settled` what the archive has with them. In clear
    /// goes only what was written so for a conversation that still is.
    pub(crate) fn flush(
        &mut self,
        chat_states: &mut ChatStates,
        omemo: &mut Omemo,
        is_settled: impl Fn(&BareJid) -> bool,
        step: &mut Step<'_>,
    ) {
        if !step.is_online() {
            return self.note_waiting(step);
        }
        let is_waiting = |message: &Outgoing| message.progress == Progress::Waiting;
        let mut room = Room::new(self.pace, &self.outbox);
        let mut held: BTreeSet<BareJid> = BTreeSet::new();
        let mut failed = Vec::new();
        let mut unsaid = Vec::new();
        for message in self.outbox.iter_mut().filter(|message| is_waiting(message)) {
            if room.is_full() {
                break;
            }
            if held.contains(&message.peer) {
                continue;
            }
            if message.uncertain && !is_settled(&message.peer) {
                held.insert(message.peer.clone());
                continue;
            }
            let chosen = omemo.privacy(&message.peer);
            let privacy = match chosen {
                Privacy::Clear => message.privacy,
                Privacy::Encrypted => Privacy::Encrypted,
            };
            let wording = Wording::new(&message.purpose, &message.body, (step.own, &message.peer), privacy);
            let content = match privacy {
                Privacy::Clear => {
                    message.exposure = Exposure::Exposed;
                    self.sealed_now.forget(&message.peer, &message.id);
                    wording.whole
                }
                Privacy::Encrypted if !fits(&message.body, Privacy::Encrypted) => {
                    failed.push((message.peer.clone(), message.id.clone(), Problem::OverLimits));
                    continue;
                }
                Privacy::Encrypted => {
                    match omemo.protect(&message.peer, (&message.id, &wording), message.since, step) {
                        Protected::Yes(content) => {
                            message.left = Left::Sealed;
                            self.sealed_now.add(&message.peer, &message.id);
                            content
                        }
                        Protected::Unsaid => {
                            unsaid.push((message.peer.clone(), message.id.clone()));
                            continue;
                        }
                        // The person has chosen since that nothing is encrypted there: it does not wait for ever, nor keep others from
                        // going.
                        Protected::Wait if chosen == Privacy::Clear && omemo.is_stuck(&message.peer) => {
                            failed.push((message.peer.clone(), message.id.clone(), message.given_up()));
                            continue;
                        }
                        Protected::Wait => {
                            held.insert(message.peer.clone());
                            continue;
                        }
                        Protected::No(problem) => {
                            failed.push((message.peer.clone(), message.id.clone(), problem));
                            continue;
                        }
                    }
                }
            };
            message.progress = Progress::Sent;
            message.uncertain = false;
            message.leaves(step);
            room.take(&message.body);
            let origin = Draft::new("origin-id", ns::STANZA_ID).attr("id", message.id.as_str());
            let stanza = Draft::new("message", ns::CLIENT)
                .attr("type", "chat")
                .attr("to", message.peer.as_str())
                .attr("id", message.id.as_str())
                .children(content);
            // What is said of a message is no sign of writing, and nothing that is read by itself.
            let is_message = matches!(message.purpose, Purpose::Message | Purpose::Reply(_));
            step.send(match is_message {
                true => stanza
                    .children(chat_states.with_message(&message.peer))
                    .child(origin)
                    .children(receipts::wishes()),
                // What is encrypted has the hint already.
                false if privacy == Privacy::Encrypted => stanza.child(origin),
                false => stanza.child(origin).child(Draft::new("store", ns::HINTS)),
            });
        }
        for (peer, id, problem) in failed {
            self.fail(peer, id, problem, step);
        }
        for (peer, id) in unsaid {
            self.proven(&peer, &id);
            step.record(Change::MessageStateChanged { peer, id, state: MessageState::Sent });
        }
        self.note_waiting(step);
        self.ask(step);
    }

    fn fail(&mut self, peer: BareJid, id: OriginId, problem: Problem, step: &mut Step<'_>) {
        self.outbox.retain(|message| message.peer != peer || message.id != id);
        self.sealed_now.forget(&peer, &id);
        step.record(Change::MessageStateChanged { peer, id, state: MessageState::Failed(problem) });
    }

    fn ask(&mut self, step: &mut Step<'_>) {
        let unasked = self.outbox.iter_mut().filter(|message| message.progress == Progress::Sent);
        if step.proof == Proof::Stream
            || self.asking == Asking::Yes
            || unasked.map(|message| message.progress = Progress::Asked).count() == 0
        {
            return;
        }
        self.asking = Asking::Yes;
        step.get(Recipient::Server, Draft::new("ping", ns::PING), Ask::Taken);
    }

    /// The server answered our ping, in whatever way: it has taken all before it. What waits can be sent (see [`Messages::flush`]).
    pub(crate) fn taken(&mut self, answer: &Answer<'_>, step: &mut Step<'_>) {
        self.asking = Asking::No;
        let silent = matches!(answer, Answer::Silence(_));
        for message in &mut self.outbox {
            match message.progress {
                Progress::Asked if silent => message.progress = Progress::Sent,
                Progress::Asked => {
                    let (peer, id) = (message.peer.clone(), message.id.clone());
                    step.record(Change::MessageStateChanged { peer, id, state: MessageState::Sent });
                }
                Progress::Waiting | Progress::Sent => {}
            }
        }
        if !silent {
            // One that waits to be encrypted may be in between.
            let (taken, left) = std::mem::take(&mut self.outbox)
                .into_iter()
                .partition(|message| message.progress == Progress::Asked);
            let taken: VecDeque<Outgoing> = taken;
            self.outbox = left;
            self.taken.extend(taken.into_iter().map(|message| (message.peer, message.id)));
            let excess = self.taken.len().saturating_sub(MOST_TAKEN);
            self.taken.drain(..excess);
            self.pace = Pace::Free;
        }
    }

    /// The server says that it has these.
    pub(crate) fn arrived(&mut self, names: &[Name], step: &mut Step<'_>) {
        for (peer, id) in names {
            let is_it = |message: &Outgoing| {
                message.progress != Progress::Waiting && message.peer == *peer && message.id == *id
            };
            let Some(message) = self.outbox.iter().position(is_it).and_then(|at| self.outbox.remove(at))
            else {
                continue;
            };
            let (peer, id) = (message.peer.clone(), message.id.clone());
            step.record(Change::MessageStateChanged { peer, id, state: MessageState::Sent });
            self.taken.push_back((message.peer, message.id));
            self.pace = Pace::Free;
        }
        let excess = self.taken.len().saturating_sub(MOST_TAKEN);
        self.taken.drain(..excess);
    }

    /// Whether no message is on its way whose arrival is not known.
    pub(crate) fn is_quiet(&self) -> bool {
        self.outbox.iter().all(|message| message.progress == Progress::Waiting && !message.uncertain)
    }

    /// Since when the archive can be asked whether something has arrived that left before the session went on, where there is such.
    pub(crate) fn doubted(&self) -> Option<Duration> {
        (!self.uncertain().is_empty()).then_some(self.doubted)
    }

    /// To whom something waits that may have arrived.
    pub(crate) fn uncertain(&self) -> BTreeSet<BareJid> {
        let uncertain = |message: &&Outgoing| message.progress == Progress::Waiting && message.uncertain;
        self.outbox.iter().filter(uncertain).map(|message| message.peer.clone()).collect()
    }

    /// This one has arrived, whatever the server has said of it. Says whether it was waited for.
    pub(crate) fn proven(&mut self, peer: &BareJid, id: &OriginId) -> bool {
        let is_it = |message: &Outgoing| message.peer == *peer && message.id == *id;
        if let Some(message) = self.outbox.iter().position(is_it).and_then(|at| self.outbox.remove(at)) {
            self.taken.push_back((message.peer, message.id));
            return true;
        }
        false
    }

    /// The same, of one that comes back to us.
    fn prove(&mut self, peer: &BareJid, id: &OriginId, step: &mut Step<'_>) {
        if self.proven(peer, id) {
            let (peer, id, state) = (peer.clone(), id.clone(), MessageState::Sent);
            step.record(Change::MessageStateChanged { peer, id, state });
        }
    }

    /// These are not sent any more: streams have ended over them.
    pub(crate) fn set_aside(&mut self, names: Vec<Name>, step: &mut Step<'_>) {
        for (peer, id) in names {
            let before = self.outbox.len();
            self.outbox.retain(|message| message.peer != peer || message.id != id);
            if self.outbox.len() < before {
                self.sealed_now.forget(&peer, &id);
                let state = MessageState::Failed(Problem::PolicyViolation);
                step.record(Change::MessageStateChanged { peer, id, state });
            }
        }
    }

    /// How many have left and are not known to be taken.
    pub(crate) fn on_their_way(&self) -> usize {
        self.outbox.iter().filter(|message| message.progress != Progress::Waiting).count()
    }

    /// The connection is gone: what is not known to be taken is sent again on the next one.
    pub(crate) fn interrupted(&mut self, end: End, step: &mut Step<'_>) {
        self.asking = Asking::No;
        let on_their_way = self.on_their_way();
        let first = self.outbox.iter().position(|message| message.progress != Progress::Waiting);
        if let Some(first) = first.and_then(|at| self.outbox.get_mut(at)) {
            first.blame = first.blame.saturating_add(end.blame_among(on_their_way));
        }
        let culprit = first.filter(|at| self.outbox.get(*at).is_some_and(|first| first.blame >= SET_ASIDE));
        if let Some(culprit) = culprit.and_then(|at| self.outbox.remove(at)) {
            let (peer, id) = (culprit.peer, culprit.id);
            self.sealed_now.forget(&peer, &id);
            let state = MessageState::Failed(Problem::PolicyViolation);
            step.record(Change::MessageStateChanged { peer, id, state });
        }
        self.outbox.retain(|message| !message.cancelled);
        for message in &mut self.outbox {
            message.uncertain |= message.progress != Progress::Waiting;
            message.progress = Progress::Waiting;
        }
        self.pace = if self.outbox.is_empty() { Pace::Free } else { Pace::Careful };
    }

    /// A message came, perhaps from somebody to whom the person has written before this run. Says what was in it.
    pub(crate) fn received(
        &mut self,
        stanza: &Element,
        sender: &Sender,
        unsealed: Unsealed,
        (roster, is_partner, place): (&Roster, bool, Place),
        step: &mut Step<'_>,
    ) -> Content {
        let Some(peer) = sender.bare(step.own).cloned() else {
            if stanza.attr("type") != Some("error") && has_body(stanza) {
                self.tell_of_nobody(step);
            }
            return Content::Refused;
        };
        let known = roster.has(&peer) || self.knows(&peer) || is_partner || peer == *step.own;
        match stanza.attr("type") {
            // Rooms are not joined: nobody has anything to say there.
            Some("groupchat") => return Content::Refused,
            Some("error") => {
                self.bounced(stanza, &peer, roster.has(&peer), step);
                return Content::Refused;
            }
            // News that nobody is to answer: from whom we know, not from strangers.
            Some("headline") if !known && peer != step.own.to_domain() => return Content::Nothing,
            _ => {}
        }
        // A note to ourselves is our own, whichever way it comes: an archive has it as sent.
        let is_note = peer == *step.own && matches!(sender, Sender::Jid(_));
        let direction = if is_note { Direction::Outgoing } else { Direction::Incoming };
        list(&unsealed, (&peer, direction), stanza, &place, step);
        let Some((said, protection)) = heard(stanza, unsealed, (step.own, &peer)) else {
            return Content::Nothing;
        };
        let origin = origin_id(stanza);
        let echo = matches!(sender, Sender::Jid(jid) if Some(jid) == step.bound);
        if echo && origin.as_ref().is_some_and(|id| self.is_ours(&peer, id)) {
            return Content::Refused;
        }
        let (body, reply) = match said {
            Heard::Message(body, reply) => (body, reply),
            Heard::Annotation(target, says) => {
                let said = (target, says, MessageState::Received, protection);
                // What the archive tells may come before the first message of whoever said it, and comes only once.
                let is_told = place.source == Source::Archive;
                if known || is_told || matches!(said.1, Says::Correction(_)) {
                    self.annotated(&peer, Direction::Incoming, (origin, place), said, step);
                }
                return Content::Nothing;
            }
            Heard::Doubted(target, text) => {
                let said = (target, Says::Correction(text.clone()), MessageState::Received, protection);
                self.annotated(&peer, Direction::Incoming, (origin.clone(), place.clone()), said, step);
                (Body::Text(text), None)
            }
        };
        let content = if matches!(body, Body::Text(_)) { Content::Body } else { Content::Unreadable };
        // Who has not written anything that can be read stays a stranger, of whom not everything is shown.
        let is_strange = matches!(body, Body::Unreadable(_)) && !known;
        let is_encrypted = matches!(protection, Protection::Encrypted(_));
        if is_strange && !(is_encrypted && self.shows_of_stranger(&peer, place.stanza.as_ref(), step)) {
            self.tell_of_stranger(peer, step);
            return Content::Refused;
        }
        if !is_strange {
            self.met(&peer);
        }
        let state = if is_note { MessageState::Sent } else { MessageState::Received };
        if let Some(id) = origin.as_ref().filter(|_| is_note) {
            self.prove(&peer, id, step);
        }
        let Place { stanza: named, at, order, source, past, .. } = place;
        let change = source.change(NewMessage {
            peer,
            direction,
            origin,
            stanza: named,
            body,
            at,
            state,
            protection,
            reply,
            order,
            naming: naming(stanza),
        });
        step.record(remembered(past, change));
        content
    }

    /// Another device of ours sent a message. Says what was in it.
    pub(crate) fn sent_elsewhere(
        &mut self,
        stanza: &Element,
        peer: &BareJid,
        unsealed: Unsealed,
        place: Place,
        step: &mut Step<'_>,
    ) -> Content {
        // Not elsewhere after all: it has arrived, and its text is here.
        if let Some(id) = origin_id(stanza) {
            self.prove(peer, &id, step);
        }
        list(&unsealed, (peer, Direction::Outgoing), stanza, &place, step);
        let Some((said, protection)) = heard(stanza, unsealed, (step.own, peer)) else {
            return Content::Nothing;
        };
        let (body, reply) = match said {
            Heard::Message(body, reply) => (body, reply),
            Heard::Annotation(target, says) => {
                let said = (target, says, MessageState::Sent, protection);
                let named = (origin_id(stanza), place);
                self.annotated(peer, Direction::Outgoing, named, said, step);
                return Content::Nothing;
            }
            Heard::Doubted(target, text) => {
                let said = (target, Says::Correction(text.clone()), MessageState::Sent, protection);
                let named = (origin_id(stanza), place.clone());
                self.annotated(peer, Direction::Outgoing, named, said, step);
                (Body::Text(text), None)
            }
        };
        self.talk(peer);
        let content = if matches!(body, Body::Text(_)) { Content::Body } else { Content::Unreadable };
        step.record(place.source.change(NewMessage {
            peer: peer.clone(),
            direction: Direction::Outgoing,
            origin: origin_id(stanza),
            stanza: place.stanza,
            body,
            at: place.at,
            state: MessageState::Sent,
            protection,
            reply,
            order: place.order,
            naming: naming(stanza),
        }));
        content
    }

    /// A message of ours came back. Whoever it comes from can only refuse what went to them.
    fn bounced(&mut self, stanza: &Element, peer: &BareJid, is_contact: bool, step: &mut Step<'_>) {
        let Some(id) = stanza.attr("id").and_then(OriginId::new) else { return };
        // Of what an earlier run sent nothing is remembered here; the ledger knows whether there is such a message.
        if !self.is_ours(peer, &id) && !is_contact {
            return;
        }
        self.outbox.retain(|message| message.peer != *peer || message.id != id);
        self.sealed_now.forget(peer, &id);
        // RFC 6121 §8.5.1 has one answer for an address that does not exist and for one that takes nothing from us.
        let problem = match stanza::problem(stanza) {
            Problem::NotSupported => Problem::Refused,
            problem => problem,
        };
        let state = MessageState::Failed(problem);
        step.record(Change::MessageStateChanged { peer: peer.clone(), id, state });
    }

    fn is_ours(&self, peer: &BareJid, id: &OriginId) -> bool {
        self.outbox.iter().any(|message| message.peer == *peer && message.id == *id)
            || self.taken.iter().any(|(taken_peer, taken)| taken_peer == peer && taken == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_shows_when_things_are_written_down_for_developers() {
        use causerie_model::{Fingerprint, OmemoVersion, Seal, Timestamp, Trust};
        let seal = Seal {
            version: OmemoVersion::Omemo2,
            fingerprint: Fingerprint([1; 32]),
            trust: Trust::Blind,
            written: None,
        };
        let peer = BareJid::new("bob@b.example").unwrap();
        let id = OriginId::new("m1").unwrap();
        let outgoing = Outgoing {
            peer: peer.clone(),
            id: id.clone(),
            body: "secret".to_owned(),
            purpose: Purpose::Message,
            privacy: Privacy::Encrypted,
            exposure: Exposure::Kept,
            progress: Progress::Waiting,
            since: Duration::ZERO,
            blame: 0,
            uncertain: false,
            left: Left::Never,
            trace: Trace::None,
            cancelled: false,
        };
        let added = NewMessage {
            protection: Protection::Encrypted(Some(seal)),
            ..written(peer, id, "secret".to_owned(), Timestamp::from_millis(0))
        };
        let unsealed = Unsealed::Text(crate::omemo::Inside::Older("secret".to_owned()), seal);
        for shown in [format!("{outgoing:?}"), format!("{added:?}"), format!("{unsealed:?}")] {
            assert!(!shown.contains("secret") && shown.contains("6 bytes"), "{shown}");
        }
    }
}
