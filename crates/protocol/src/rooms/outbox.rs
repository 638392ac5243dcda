//! What is on its way to a room.
//!
//! Whoever takes our stanzas, something has arrived when the room gives it back to us. What may have arrived all the same (a [`Doubt`]) waits until
//! it is known, and with it all that was written after it. Where nobody can say, it is not sent again by itself: it has failed, which says so,
//! and the person may try again. As many are on their way as in one-to-one conversations.

use std::collections::VecDeque;
use std::time::Duration;

use causerie_model::{
    BareJid, Change, Left, MessageState, OriginId, PendingMessage, PrivateText, Problem, Purpose,
};

use super::wording::{self, Heard};
use crate::messages::Window;
use crate::ns;
use crate::step::Step;
use crate::stream_management::{End, SET_ASIDE};
use crate::xml::Draft;

/// How often a room may give one back unheard, or be quiet about it, until it is not said again.
pub(super) const MOST_RETURNS: u8 = 3;
/// How many messages wait for one room.
const MOST_WAITING: usize = 10_000;
/// After so long without being given back, it is asked whether we are still there.
pub(super) const GIVEN_BACK_WITHIN: Duration = Duration::from_secs(30);
/// Of how many that have failed and then came back it is remembered that they did.
const MOST_HEARD: usize = 100;

/// What is on its way to a room, in its order.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Outgoing>,
    /// A stream has ended over one of them, perhaps: one at a time goes out, until one has come back.
    is_careful: bool,
    /// The last that have come back.
    heard: VecDeque<OriginId>,
}

#[derive(Debug)]
struct Outgoing {
    id: OriginId,
    body: PrivateText,
    purpose: Purpose,
    /// Since when it has been on its way, since we are in the room; and whether the room was asked since whether we are still there.
    sent: Option<Duration>,
    is_asked: bool,
    doubt: Doubt,
    /// An earlier run has left it.
    is_old: bool,
    blame: u8,
    returns: u8,
}

/// Whether it may be there, though the room has not given it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubt {
    /// It has not left, or it is known not to be there.
    No,
    /// It may, and the person wants it to be sent in any case: where it can be seen whether it is there, that is seen first.
    Wanted,
    /// It may.
    Yes,
}

/// Whether it can be seen what of ours is in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Not yet.
    NotYet,
    /// It was seen: what has not come back is not there.
    Clear,
    /// It can't.
    None,
}

/// What goes out for the person.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: OriginId,
    pub(super) body: PrivateText,
    pub(super) purpose: Purpose,
}

impl Item {
    fn outgoing(self, doubt: Doubt) -> Outgoing {
        let Self { id, body, purpose } = self;
        Outgoing {
            id,
            body,
            purpose,
            sent: None,
            is_asked: false,
            doubt,
            is_old: false,
            blame: 0,
            returns: 0,
        }
    }
}

impl Outbox {
    /// With what the last run left.
    pub(super) fn new<'a>(pending: impl Iterator<Item = &'a PendingMessage>) -> Self {
        let outgoing = |message: &PendingMessage| {
            let PendingMessage { id, body, purpose, left, .. } = message;
            let item = Item { id: id.clone(), body: body.clone().into(), purpose: purpose.clone() };
            let doubt = if *left == Left::Never { Doubt::No } else { Doubt::Yes };
            Outgoing { is_old: true, ..item.outgoing(doubt) }
        };
        Self { waiting: pending.map(outgoing).collect(), ..Self::default() }
    }

    /// The ledger is older than what this device did last: what waits in it may be there. That is noted: the next run is not told how old it is.
    pub(super) fn doubt_ledger(&mut self, room: &BareJid, step: &mut Step<'_>) {
        let is_old = |message: &&mut Outgoing| message.is_old && message.sent.is_none();
        for message in self.waiting.iter_mut().filter(is_old) {
            if std::mem::replace(&mut message.doubt, Doubt::Yes) == Doubt::No {
                step.record(Change::RoomSent { room: room.clone(), id: message.id.clone() });
            }
        }
    }

    /// Something is to go out. `again`: it has failed, and may be there.
    pub(super) fn push(&mut self, item: Item, again: bool) {
        self.waiting.push_back(item.outgoing(if again { Doubt::Wanted } else { Doubt::No }));
    }

    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= MOST_WAITING
    }

    pub(super) fn has(&self, id: &OriginId) -> bool {
        self.waiting.iter().any(|message| message.id == *id)
    }

    /// Whether it waits for that to be given back.
    pub(super) fn awaits(&self, id: &OriginId, heard: &Heard) -> bool {
        self.waiting
            .iter()
            .any(|message| message.id == *id && wording::is_said(&message.purpose, &message.body, heard))
    }

    /// Whether that has come back, though it had failed before.
    pub(super) fn has_heard(&self, id: &OriginId) -> bool {
        self.heard.contains(id)
    }

    /// Something of ours came back from the room.
    pub(super) fn heard(&mut self, id: &OriginId) {
        if !self.heard.contains(id) {
            self.heard.push_back(id.clone());
        }
        if self.heard.len() > MOST_HEARD {
            self.heard.pop_front();
        }
    }

    /// Whether nothing is on its way whose arrival is not known.
    pub(super) fn is_quiet(&self) -> bool {
        self.waiting.iter().all(|message| message.sent.is_none() && message.doubt == Doubt::No)
    }

    /// Whether that is the first of what may be there: what is told from there on has all of it.
    pub(super) fn is_first_in_doubt(&self, id: &OriginId) -> bool {
        let mut doubtful = self.waiting.iter().filter(|message| message.doubt != Doubt::No);
        doubtful.next().is_some_and(|first| first.id == *id)
    }

    /// Whether something may be there.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.waiting.iter().any(|message| message.doubt != Doubt::No)
    }

    /// The room has it.
    pub(super) fn proven(&mut self, room: &BareJid, id: &OriginId, step: &mut Step<'_>) {
        if self.take(id) {
            self.is_careful = false;
            let (peer, id) = (room.clone(), id.clone());
            step.record(Change::MessageStateChanged { peer, id, state: MessageState::Sent });
        }
    }

    pub(super) fn fail(&mut self, room: &BareJid, id: &OriginId, problem: Problem, step: &mut Step<'_>) {
        if self.take(id) {
            let (peer, id, state) = (room.clone(), id.clone(), MessageState::Failed(problem));
            step.record(Change::MessageStateChanged { peer, id, state });
        }
    }

    fn take(&mut self, id: &OriginId) -> bool {
        let place = self.waiting.iter().position(|message| message.id == *id);
        place.and_then(|place| self.waiting.remove(place)).is_some()
    }

    /// All of it has failed. What may be there has for that reason, if it is not to be sent again by itself.
    pub(super) fn fail_all(&mut self, room: &BareJid, problem: &Problem, step: &mut Step<'_>) {
        for message in self.waiting.drain(..) {
            let problem = match message.is_perhaps_there() {
                true => Problem::ArrivalUnknown,
                false => problem.clone(),
            };
            let (peer, state) = (room.clone(), MessageState::Failed(problem));
            step.record(Change::MessageStateChanged { peer, id: message.id, state });
        }
    }

    /// The person leaves the room.
    pub(super) fn give_up(&mut self, room: &BareJid, step: &mut Step<'_>) {
        for message in self.waiting.drain(..) {
            let (peer, state) = (room.clone(), MessageState::Failed(message.cancelled()));
            step.record(Change::MessageStateChanged { peer, id: message.id, state });
        }
    }

    /// The person does not want it to be said any more.
    pub(super) fn cancel(&mut self, room: &BareJid, id: &OriginId, step: &mut Step<'_>) {
        let known = self.waiting.iter().find(|message| message.id == *id);
        if let Some(problem) = known.map(Outgoing::cancelled) {
            self.fail(room, id, problem, step);
        }
    }

    /// How many were sent and not given back.
    pub(super) fn on_their_way(&self) -> usize {
        self.waiting.iter().filter(|message| message.sent.is_some()).count()
    }

    /// We are not in the room any more: what was not given back may be there. `end`: how the stream ended, and how many were on their way
    /// to whatever room.
    pub(super) fn interrupted(
        &mut self,
        room: &BareJid,
        (end, on_their_way): (End, usize),
        step: &mut Step<'_>,
    ) {
        self.is_careful |= end == End::Closed && self.on_their_way() > 0;
        let first = self.waiting.iter_mut().find(|message| message.sent.is_some());
        let blamed = first.and_then(|message| {
            message.blame = message.blame.saturating_add(end.blame_among(on_their_way));
            (message.blame >= SET_ASIDE).then(|| message.id.clone())
        });
        if let Some(id) = blamed {
            self.fail(room, &id, Problem::PolicyViolation, step);
        }
        for message in &mut self.waiting {
            if message.sent.take().is_some() {
                message.doubt = Doubt::Yes;
            }
        }
    }

    /// The stream's management does not keep it any more.
    pub(super) fn handed_back(
        &mut self,
        room: &BareJid,
        id: &OriginId,
        (has_left, blame): (bool, u8),
        step: &mut Step<'_>,
    ) {
        let Some(message) = self.waiting.iter_mut().find(|message| message.id == *id) else { return };
        message.sent = None;
        if has_left {
            message.doubt = Doubt::Yes;
        }
        message.blame = message.blame.saturating_add(blame);
        if message.blame >= SET_ASIDE {
            self.fail(room, id, Problem::PolicyViolation, step);
        }
    }

    /// It was taken back before it went out.
    pub(super) fn waits_again(&mut self, id: &OriginId) {
        if let Some(message) = self.waiting.iter_mut().find(|message| message.id == *id) {
            message.sent = None;
        }
    }

    /// What may be there and has not come back by now: it is not there, if that was seen, and goes out again. If it can't be seen, that is told.
    pub(super) fn settle(&mut self, room: &BareJid, sight: Sight, step: &mut Step<'_>) {
        let doubtful = self.waiting.iter().filter(|message| message.doubt == Doubt::Yes);
        let lost: Vec<OriginId> = match sight {
            Sight::NotYet => return,
            Sight::Clear => Vec::new(),
            Sight::None => doubtful.map(|message| message.id.clone()).collect(),
        };
        for id in lost {
            self.fail(room, &id, Problem::ArrivalUnknown, step);
        }
        self.waiting.iter_mut().for_each(|message| message.doubt = Doubt::No);
    }

    /// Sends what waits, as far as there is room for it on the way. What may be there waits, and all that was written after it.
    pub(super) fn flush(&mut self, room: &BareJid, names: bool, step: &mut Step<'_>) {
        let on_their_way = self.waiting.iter().filter(|message| message.sent.is_some());
        let mut window = Window::of(on_their_way.map(|message| message.body.len()));
        let mut impossible = Vec::new();
        let mut is_any = self.on_their_way() > 0;
        for message in self.waiting.iter_mut().filter(|message| message.sent.is_none()) {
            if window.is_full() || message.doubt != Doubt::No || (self.is_careful && is_any) {
                break;
            }
            let Some(content) = wording::content(&message.purpose, &message.body, names) else {
                impossible.push(message.id.clone());
                continue;
            };
            (message.sent, message.is_asked, is_any) = (Some(step.now.elapsed), false, true);
            window.take(&message.body);
            step.record(Change::RoomSent { room: room.clone(), id: message.id.clone() });
            let origin = Draft::new("origin-id", ns::STANZA_ID).attr("id", message.id.as_str());
            let stanza = Draft::new("message", ns::CLIENT)
                .attr("type", "groupchat")
                .attr("to", room.as_str())
                .attr("id", message.id.as_str());
            step.send(stanza.children(content).child(origin));
        }
        // The room gives no names by which something could be said of a message.
        for id in impossible {
            self.fail(room, &id, Problem::NotSupported, step);
        }
    }

    /// Until when the first should have been given back.
    pub(super) fn overdue(&self) -> Option<Duration> {
        let unasked = self.waiting.iter().filter(|message| !message.is_asked);
        unasked.filter_map(|message| message.sent).min().map(|sent| sent.saturating_add(GIVEN_BACK_WITHIN))
    }

    /// The room says that we are still there, and can be looked into. Says whether it is to be seen what has become of something that it did not
    /// give back.
    pub(super) fn doubt(&mut self, room: &BareJid, step: &mut Step<'_>) -> bool {
        let mut is_any = false;
        let mut lost = Vec::new();
        for message in self.waiting.iter_mut().filter(|message| message.is_asked && message.sent.is_some()) {
            if message.returns >= MOST_RETURNS {
                lost.push(message.id.clone());
                continue;
            }
            (message.sent, message.doubt, is_any) = (None, Doubt::Yes, true);
            message.returns += 1;
        }
        for id in lost {
            self.fail(room, &id, Problem::ArrivalUnknown, step);
        }
        is_any
    }

    /// The room says that we are still there, and can't be looked into: what it was to give back before it said so is nowhere, or was not
    /// given back to us.
    pub(super) fn despair(&mut self, room: &BareJid, step: &mut Step<'_>) {
        let lost = self.waiting.iter().filter(|message| message.is_asked && message.sent.is_some());
        let lost: Vec<OriginId> = lost.map(|message| message.id.clone()).collect();
        for id in lost {
            self.fail(room, &id, Problem::ArrivalUnknown, step);
        }
    }

    /// Whether the room was asked since something was sent that it did not give back.
    pub(super) fn is_asked_about(&self) -> bool {
        self.waiting.iter().any(|message| message.is_asked && message.sent.is_some())
    }

    /// The room was asked whether we are still there.
    pub(super) fn asked(&mut self) {
        self.waiting.iter_mut().for_each(|message| message.is_asked = message.sent.is_some());
    }

    /// One that is on its way comes back unheard. Says how often it has; none, where it is none of ours.
    pub(super) fn returned(&mut self, id: &OriginId, is_to_go_again: bool) -> Option<u8> {
        let is_it = |message: &&mut Outgoing| message.id == *id && message.sent.is_some();
        let message = self.waiting.iter_mut().find(is_it)?;
        message.returns = message.returns.saturating_add(1);
        if is_to_go_again && message.returns < MOST_RETURNS {
            message.sent = None;
        }
        Some(message.returns)
    }
}

impl Outgoing {
    /// Whether it may be there.
    fn is_perhaps_there(&self) -> bool {
        self.sent.is_some() || self.doubt != Doubt::No
    }

    /// Why it has failed when the person does not want it any more.
    fn cancelled(&self) -> Problem {
        if self.is_perhaps_there() { Problem::CancelledLate } else { Problem::Cancelled }
    }
}
