//! What we say in rooms.
//!
//! Whoever takes our stanzas, a message has arrived when the room gives it back to us. What it has not given back when we are put out, or when a
//! stream ends, is looked for in what the room tells of before we came, and sent again under the same name where it is not there. Where a room is
//! quiet about one, it is asked whether it has lost us; if it has not, its archive is looked into in the same way.

use std::collections::VecDeque;
use std::time::Duration;

use causerie_model::{
    BareJid, Change, Claim, MessageState, NewMessage, OriginId, PendingMessage, Privacy, PrivateText,
    Problem, RoomMessage, RoomSource,
};
use minidom::Element;

use super::{Rooms, Standing, Wish};
use crate::messages::{fits, sendable, written};
use crate::step::Step;
use crate::stream_management::{End, SET_ASIDE};
use crate::xml::Draft;
use crate::{ns, stanza};

/// How often a room may give one back unheard, or be quiet about it, until it is not said again.
const MOST_RETURNS: u8 = 3;
/// How many messages wait for one room.
const MOST_WAITING: usize = 10_000;
/// After so long without being given back, it is asked whether we are still there.
pub(super) const GIVEN_BACK_WITHIN: Duration = Duration::from_secs(30);

/// What is on its way to a room, in its order.
#[derive(Debug, Default)]
pub(super) struct Outbox(VecDeque<Outgoing>);

#[derive(Debug)]
struct Outgoing {
    id: OriginId,
    body: PrivateText,
    /// Since when it has been on its way, since we are in the room; and whether the room was asked since whether we are still there.
    sent: Option<Duration>,
    is_asked: bool,
    /// It may have arrived all the same.
    uncertain: bool,
    blame: u8,
    returns: u8,
}

impl Outbox {
    /// With what the last run left: any of it may have arrived.
    pub(super) fn new<'a>(pending: impl Iterator<Item = &'a PendingMessage>) -> Self {
        let outgoing = |message: &PendingMessage| Outgoing {
            id: message.id.clone(),
            body: message.body.clone().into(),
            sent: None,
            is_asked: false,
            uncertain: true,
            blame: 0,
            returns: 0,
        };
        Self(pending.map(outgoing).collect())
    }

    /// Whether it waits for that to be given back, and has that text.
    pub(super) fn awaits(&self, id: &OriginId, body: Option<&str>) -> bool {
        self.0.iter().any(|message| message.id == *id && body.is_none_or(|body| *message.body == *body))
    }

    /// The room has it.
    pub(super) fn proven(&mut self, room: &BareJid, id: &OriginId, step: &mut Step<'_>) {
        if self.take(id) {
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
        let before = self.0.len();
        self.0.retain(|message| message.id != *id);
        self.0.len() < before
    }

    pub(super) fn fail_all(&mut self, room: &BareJid, problem: Problem, step: &mut Step<'_>) {
        for message in self.0.drain(..) {
            let (peer, state) = (room.clone(), MessageState::Failed(problem.clone()));
            step.record(Change::MessageStateChanged { peer, id: message.id, state });
        }
    }

    /// The person leaves the room.
    pub(super) fn give_up(&mut self, room: &BareJid, step: &mut Step<'_>) {
        for message in self.0.drain(..) {
            let problem = match message.sent.is_some() || message.uncertain {
                true => Problem::CancelledLate,
                false => Problem::Cancelled,
            };
            let (peer, state) = (room.clone(), MessageState::Failed(problem));
            step.record(Change::MessageStateChanged { peer, id: message.id, state });
        }
    }

    /// We are not in the room any more: what was not given back may be there.
    pub(super) fn interrupted(&mut self, room: &BareJid, end: End, step: &mut Step<'_>) {
        let first = self.0.iter_mut().find(|message| message.sent.is_some());
        let blamed = first.and_then(|message| {
            message.blame = message.blame.saturating_add(end.blame());
            (message.blame >= SET_ASIDE).then(|| message.id.clone())
        });
        if let Some(id) = blamed {
            self.fail(room, &id, Problem::PolicyViolation, step);
        }
        for message in &mut self.0 {
            message.uncertain |= message.sent.take().is_some();
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
        let Some(message) = self.0.iter_mut().find(|message| message.id == *id) else { return };
        message.sent = None;
        message.uncertain |= has_left;
        message.blame = message.blame.saturating_add(blame);
        if message.blame >= SET_ASIDE {
            self.fail(room, id, Problem::PolicyViolation, step);
        }
    }

    /// It was taken back before it went out.
    pub(super) fn waits_again(&mut self, id: &OriginId) {
        if let Some(message) = self.0.iter_mut().find(|message| message.id == *id) {
            message.sent = None;
        }
    }

    /// Sends what waits. What may have arrived waits until it `is_settled` whether it has, and all that was written after it.
    pub(super) fn flush(&mut self, room: &BareJid, is_settled: bool, step: &mut Step<'_>) {
        for message in self.0.iter_mut().filter(|message| message.sent.is_none()) {
            if message.uncertain && !is_settled {
                return;
            }
            (message.sent, message.is_asked) = (Some(step.now.elapsed), false);
            message.uncertain = false;
            let origin = Draft::new("origin-id", ns::STANZA_ID).attr("id", message.id.as_str());
            let stanza = Draft::new("message", ns::CLIENT)
                .attr("type", "groupchat")
                .attr("to", room.as_str())
                .attr("id", message.id.as_str());
            step.send(stanza.child(Draft::new("body", ns::CLIENT).text(&message.body)).child(origin));
        }
    }

    /// Until when the first should have been given back.
    pub(super) fn overdue(&self) -> Option<Duration> {
        let unasked = self.0.iter().filter(|message| !message.is_asked);
        unasked.filter_map(|message| message.sent).min().map(|sent| sent.saturating_add(GIVEN_BACK_WITHIN))
    }

    /// The room says that we are still there. Says whether it is to be seen what has become of something that it did not give back.
    pub(super) fn doubt(&mut self) -> bool {
        let asked = self.0.iter_mut().filter(|message| message.is_asked && message.sent.is_some());
        let mut is_any = false;
        for message in asked.filter(|message| message.returns < MOST_RETURNS) {
            (message.sent, message.uncertain, is_any) = (None, true, true);
            message.returns += 1;
        }
        is_any
    }

    /// Whether the room was asked since something was sent that it did not give back.
    pub(super) fn is_asked_about(&self) -> bool {
        self.0.iter().any(|message| message.is_asked && message.sent.is_some())
    }

    /// The room was asked whether we are still there.
    pub(super) fn asked(&mut self) {
        self.0.iter_mut().for_each(|message| message.is_asked = message.sent.is_some());
    }
}

impl Rooms {
    /// The person says something. Asked twice for one identifier, it is said once.
    pub(crate) fn say(&mut self, id: OriginId, jid: BareJid, body: &str, step: &mut Step<'_>) {
        let Some(room) = self.rooms.get_mut(&jid) else { return };
        let body = sendable(body);
        if body.trim().is_empty() || room.outbox.awaits(&id, None) {
            return;
        }
        let state = match fits(&body, Privacy::Clear) && room.outbox.0.len() < MOST_WAITING {
            // It is gone for good, or has banned us.
            _ if room.wish == Wish::Gone => MessageState::Failed(Problem::Refused),
            true => MessageState::Pending,
            false => MessageState::Failed(Problem::OverLimits),
        };
        let message =
            NewMessage { state: state.clone(), ..written(jid, id.clone(), body.clone(), step.now.wall) };
        let (author, claim, source) = (None, Claim::Certain, RoomSource::Live);
        step.record(Change::RoomMessage(RoomMessage { message, author, claim, source }));
        if state == MessageState::Pending {
            room.enqueue(id, body);
            room.flush(step);
        }
    }

    /// The person wants a message that has failed to be said after all.
    pub(crate) fn say_again(&mut self, id: OriginId, jid: BareJid, body: &str, step: &mut Step<'_>) {
        let Some(room) = self.rooms.get_mut(&jid) else { return };
        let body = sendable(body);
        let may_go = room.wish != Wish::Gone && room.outbox.0.len() < MOST_WAITING;
        if body.trim().is_empty() || room.outbox.awaits(&id, None) || !fits(&body, Privacy::Clear) || !may_go
        {
            return;
        }
        let state = MessageState::Pending;
        step.record(Change::MessageStateChanged { peer: jid, id: id.clone(), state });
        room.enqueue(id, body);
        room.flush(step);
    }

    /// The person does not want a message to be said any more.
    pub(crate) fn cancel(&mut self, jid: &BareJid, id: &OriginId, step: &mut Step<'_>) {
        let Some(room) = self.rooms.get_mut(jid) else { return };
        let known = room.outbox.0.iter().find(|message| message.id == *id);
        let Some(problem) = known.map(|message| match message.sent.is_some() || message.uncertain {
            true => Problem::CancelledLate,
            false => Problem::Cancelled,
        }) else {
            return;
        };
        room.outbox.fail(jid, id, problem, step);
    }
}

impl super::Room {
    fn enqueue(&mut self, id: OriginId, body: String) {
        self.outbox.0.push_back(Outgoing {
            id,
            body: body.into(),
            sent: None,
            is_asked: false,
            uncertain: false,
            blame: 0,
            returns: 0,
        });
    }

    /// A message of ours comes back unheard.
    pub(super) fn returned(&mut self, stanza: &Element, step: &mut Step<'_>) {
        let Some(id) = stanza.attr("id").and_then(OriginId::new) else { return };
        let is_it = |message: &&mut Outgoing| message.id == id && message.sent.is_some();
        let Some(message) = self.outbox.0.iter_mut().find(is_it) else { return };
        message.returns = message.returns.saturating_add(1);
        // We are not in it, it says.
        if stanza::condition(stanza) == "not-acceptable" && message.returns < MOST_RETURNS {
            message.sent = None;
            if matches!(self.standing, Standing::In { .. }) {
                self.was_lost(causerie_model::RoomProblem::Lost, step);
            }
            return;
        }
        let problem = match stanza::problem(stanza) {
            Problem::NotSupported => Problem::Refused,
            problem => problem,
        };
        self.outbox.fail(&self.jid.clone(), &id, problem, step);
    }
}
