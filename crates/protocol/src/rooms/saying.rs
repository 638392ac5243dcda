//! What we say in rooms, and of messages there.
//!
//! It is remembered before it goes out, and waits in the room's outbox ([`super::outbox`]) until the room gives it back. What is written to a room
//! that we are not in any more has failed at once, and is never a message to a person of that address.

use causerie_model::{
    Arrival, BareJid, Change, Claim, Command, Event, MessageState, NewMessage, OriginId, Privacy,
    PrivateText, Problem, Purpose, ReplyTo, RoomAnnotation, RoomMessage, RoomProblem, RoomSource, RoomState,
    Says,
};
use minidom::Element;

use super::outbox::{Item, MOST_RETURNS};
use super::{Rooms, Standing, Wish};
use crate::messages::{fits, sendable, written};
use crate::reactions;
use crate::stanza;
use crate::step::Step;

impl Rooms {
    /// The person says something in a room, or of a message there. Asked twice for one identifier, it is said once.
    pub(crate) fn say(&mut self, command: Command, step: &mut Step<'_>) {
        match command {
            Command::SendRoomMessage { id, room: jid, body }
            | Command::SendMessage { id, peer: jid, body } => {
                self.write((id, jid), (Purpose::Message, &body), step);
            }
            Command::SendReply { id, peer, body, reply } => {
                self.write((id, peer), (Purpose::Reply(reply), &body), step);
            }
            Command::CorrectMessage { id, peer, target, body, .. } => {
                let body = sendable(&body);
                let says = Says::Correction(body.clone());
                self.annotate((id, peer), (Purpose::Correction(target.clone()), target), (says, body), step);
            }
            Command::RetractMessage { id, peer, target, fallback, .. } => {
                let words = sendable(&fallback);
                let says = Says::Retraction(words.clone());
                self.annotate((id, peer), (Purpose::Retraction(target.clone()), target), (says, words), step);
            }
            Command::React { id, peer, target, emoji, .. } => {
                let emoji = reactions::distinct(emoji);
                let text = reactions::text(&emoji);
                let says = Says::Reactions(emoji);
                self.annotate((id, peer), (Purpose::Reactions(target.clone()), target), (says, text), step);
            }
            _ => {}
        }
    }

    /// Where something stands that is written to a room. None where there is no such room, which is told.
    fn state_in(&self, jid: &BareJid, text: &str, step: &mut Step<'_>) -> Option<MessageState> {
        let fits = fits(text, Privacy::Clear);
        Some(match self.rooms.get(jid) {
            // It is gone for good, or has banned us.
            Some(room) if room.wish == Wish::Gone => MessageState::Failed(Problem::Refused),
            Some(room) if fits && !room.outbox.is_full() => MessageState::Pending,
            Some(_) => MessageState::Failed(Problem::OverLimits),
            None if self.left.contains_key(jid) => MessageState::Failed(Problem::NotInRoom),
            None => {
                let state = RoomState::Out(RoomProblem::NotFound);
                step.tell(Event::RoomChanged { room: jid.clone(), state });
                return None;
            }
        })
    }

    fn write(
        &mut self,
        (id, jid): (OriginId, BareJid),
        (purpose, body): (Purpose, &PrivateText),
        step: &mut Step<'_>,
    ) {
        let body = sendable(body);
        if body.trim().is_empty() || self.rooms.get(&jid).is_some_and(|room| room.outbox.has(&id)) {
            return;
        }
        let Some(state) = self.state_in(&jid, &body, step) else { return };
        let reply = match &purpose {
            Purpose::Reply(reply) => Some(ReplyTo { id: reply.to.clone(), author: None }),
            _ => None,
        };
        let waits = state == MessageState::Pending;
        let now = step.now.wall;
        let message = NewMessage { state, reply, ..written(jid.clone(), id.clone(), body.clone(), now) };
        let (author, claim, source) = (None, Claim::Certain, RoomSource::Live);
        step.record(Change::RoomMessage(RoomMessage { message, author, claim, source }));
        if waits {
            self.enqueue(&jid, Item { id, body: body.into(), purpose }, false, step);
        }
    }

    /// The person says something of a message: a correction names it as it was called when it was written here, all else as the room calls it.
    fn annotate(
        &mut self,
        (id, jid): (OriginId, BareJid),
        (purpose, target): (Purpose, OriginId),
        (says, text): (Says, String),
        step: &mut Step<'_>,
    ) {
        let is_blank = matches!(says, Says::Correction(_)) && text.trim().is_empty();
        if is_blank || self.rooms.get(&jid).is_some_and(|room| room.outbox.has(&id)) {
            return;
        }
        let Some(state) = self.state_in(&jid, &text, step) else { return };
        let waits = state == MessageState::Pending;
        let room = self.rooms.get(&jid);
        let is_early = room.is_some_and(|room| room.can.archive && room.archive.is_missing_something());
        step.record(Change::RoomAnnotated(RoomAnnotation {
            room: jid.clone(),
            target,
            says,
            author: None,
            origin: Some(id.clone()),
            stanza: None,
            at: step.now.wall,
            arrival: Arrival::Live,
            is_early,
            is_placed: false,
            state,
            source: RoomSource::Live,
        }));
        if waits {
            self.enqueue(&jid, Item { id, body: text.into(), purpose }, false, step);
        }
    }

    fn enqueue(&mut self, jid: &BareJid, item: Item, again: bool, step: &mut Step<'_>) {
        let Some(room) = self.rooms.get_mut(jid) else { return };
        room.outbox.push(item, again);
        room.is_newly_doubted |= again;
        // It may be there: that is seen first, where it can be.
        match room.can.archive {
            true => room.again |= again,
            false if again && matches!(room.standing, Standing::In { .. }) => {
                (room.is_unseen, room.doubt) = (true, Some(step.now.elapsed));
            }
            false => {}
        }
        self.go_on(step);
    }

    /// The person wants a message that has failed to be said after all.
    pub(crate) fn say_again(&mut self, command: Command, step: &mut Step<'_>) {
        let Command::RetryMessage { id, peer: jid, body, reply } = command else { return };
        let body = sendable(&body);
        let known = self.rooms.get(&jid);
        if body.trim().is_empty() || known.is_some_and(|room| room.outbox.has(&id)) {
            return;
        }
        let state = match known.is_some_and(|room| room.outbox.has_heard(&id)) {
            true => MessageState::Sent,
            false => match self.state_in(&jid, &body, step) {
                Some(state) => state,
                None => return,
            },
        };
        let waits = state == MessageState::Pending;
        step.record(Change::MessageStateChanged { peer: jid.clone(), id: id.clone(), state });
        if waits {
            let purpose = reply.map_or(Purpose::Message, Purpose::Reply);
            self.enqueue(&jid, Item { id, body: body.into(), purpose }, true, step);
        }
    }

    /// The person does not want a message to be said any more.
    pub(crate) fn cancel(&mut self, jid: &BareJid, id: &OriginId, step: &mut Step<'_>) {
        if let Some(room) = self.rooms.get_mut(jid) {
            room.outbox.cancel(jid, id, step);
            room.flush(step);
        }
    }

    /// What the last run left for rooms that the person does not want to be in any more has failed.
    pub(crate) fn fail_orphans(&mut self, step: &mut Step<'_>) {
        for (peer, id) in std::mem::take(&mut self.orphans) {
            let state = MessageState::Failed(Problem::NotInRoom);
            step.record(Change::MessageStateChanged { peer, id, state });
        }
    }
}

impl super::Room {
    /// A message of ours comes back unheard.
    pub(super) fn returned(&mut self, stanza: &Element, step: &mut Step<'_>) {
        let Some(id) = stanza.attr("id").and_then(OriginId::new) else { return };
        // We are not in it, it says.
        let is_out = stanza::condition(stanza) == "not-acceptable";
        let Some(returns) = self.outbox.returned(&id, is_out) else { return };
        if is_out && returns < MOST_RETURNS {
            if matches!(self.standing, Standing::In { .. }) {
                self.was_lost(RoomProblem::Lost, step);
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
