//! What is said in rooms.
//!
//! | what | rule |
//! |---|---|
//! | who says it | an occupant of the room, `room/nick`; the room itself says nothing but what moderators want gone |
//! | whether it is ours | as the room knows its occupants (XEP-0421), where it says so; else, of what comes by itself, our name there; of what is told of before, that may have been another's: it is ours if we have written just that under just that name |
//! | what the room calls it | where it gives names of its own, in its name, once (XEP-0359 §5) |
//! | when it was | as the room says (XEP-0203), and nobody else; not after now |
//! | a topic | is no message, and ends what a room tells at the door |
//! | what a moderator wants gone (XEP-0425) | from the room itself alone, which has said that it has moderators |
//! | what its author wants gone or otherwise | by whom the room knows for the same, and for nobody else |
//! | what somebody writes to us alone | nothing: it is no person's word |

use causerie_model::{
    Arrival, Author, Body, Change, Claim, Direction, Jid, MessageState, NewMessage, Nick, Order, OriginId,
    Protection, Retractor, RoomMessage, RoomRetraction, RoomSource, StanzaId, Timestamp, Unreadable,
};
use minidom::Element;

use super::presence::occupant_id;
use super::{History, Room, Rooms, Standing};
use crate::archive::{Kept, Place, Source};
use crate::messages::{Content, best_body, naming, origin_id};
use crate::omemo::Turn;
use crate::stanza::{self, Sender};
use crate::step::Step;
use crate::{Now, corrections, datetime, ns, reactions, retractions, xml};

/// 2000-01-01: XMPP is younger.
const EARLIEST: Timestamp = Timestamp::from_millis(946_684_800_000);

impl Rooms {
    /// A message came from a room, which it is for [`Rooms::has`] to say.
    pub(crate) fn message(&mut self, stanza: &Element, from: &Jid, step: &mut Step<'_>) {
        let Some(room) = self.rooms.get_mut(from.bare()) else { return };
        room.heard = room.heard.max(step.now.elapsed);
        if stanza.has_child("result", ns::ARCHIVE) {
            return room.listed(stanza, from, step);
        }
        match stanza.attr("type") {
            Some("error") => room.returned(stanza, step),
            Some("groupchat") if matches!(room.standing, Standing::In { .. }) => {
                room.came(stanza, from, step);
            }
            _ => return,
        }
        self.go_on(step);
    }
}

impl Room {
    /// The archive gives something.
    fn listed(&mut self, stanza: &Element, from: &Jid, step: &mut Step<'_>) {
        let Some(Kept::Said(inner, by, place)) = self.archive.open(stanza, &Sender::Jid(from.clone()), step)
        else {
            return;
        };
        let said = step.out.0.len();
        let content = self.said(inner, &by, place, step);
        self.archive.said(content, step.has_recorded(said));
    }

    /// Something comes by itself.
    fn came(&mut self, stanza: &Element, from: &Jid, step: &mut Step<'_>) {
        let stamp = told_at(stanza, from, step.now);
        let order = match (self.can.archive, stamp) {
            (true, Some(_)) => Order::ByTime,
            (true, None) => self.archive.order(),
            (false, _) => Order::Last,
        };
        let place = Place {
            stanza: self.name_of(stanza, from),
            at: stamp.unwrap_or(step.now.wall),
            arrival: if stamp.is_some() { Arrival::Kept } else { Arrival::Live },
            turn: Turn::Due,
            order,
            source: Source::Live,
        };
        let content = self.said(stanza, from, place.clone(), step);
        if stanza.has_child("subject", ns::CLIENT) && content == Content::Nothing {
            self.history = History::Over;
        }
        if matches!(content, Content::Body | Content::Unreadable) && stamp.is_none() && self.can.archive {
            self.archive.was_said(&place, step);
        }
    }

    /// What the room calls it, if that is sure.
    fn name_of(&self, stanza: &Element, from: &Jid) -> Option<StanzaId> {
        let by_room = |element: &&Element| {
            element
                .attr("by")
                .and_then(|by| Jid::new(by).ok())
                .is_some_and(|by| by.is_bare() && by.bare() == from.bare())
        };
        if !self.can.marks {
            return None;
        }
        let mut ids = xml::children(stanza, "stanza-id", ns::STANZA_ID).filter(by_room);
        let (Some(element), None) = (ids.next(), ids.next()) else { return None };
        let id = element.attr("id").filter(|id| !id.is_empty() && id.len() <= OriginId::MAX_BYTES)?;
        Some(StanzaId { by: from.bare().clone(), id: id.to_owned() })
    }

    /// Takes in what is said. Says what was in it.
    fn said(&mut self, stanza: &Element, from: &Jid, place: Place, step: &mut Step<'_>) -> Content {
        let Some(resource) = from.resource() else {
            self.moderated(stanza, step);
            return Content::Nothing;
        };
        let Some(nick) = Nick::new(resource) else { return Content::Refused };
        let occupant = if self.can.occupants { occupant_id(stanza) } else { None };
        let body = match stanza::is_rejected(stanza) {
            true => Some(Body::Unreadable(Unreadable::OverLimits)),
            false => best_body(stanza).map(Body::Text),
        };
        let is_encrypted =
            stanza.has_child("encrypted", ns::OMEMO_LEGACY) || stanza.has_child("encrypted", ns::OMEMO_2);
        let (direction, claim) = self.whose(&nick, occupant.as_deref(), place.arrival);
        if self.says_of_another(stanza, (direction, occupant.as_deref()), step) {
            return Content::Nothing;
        }
        // What is encrypted in a room is not read, and what stands beside it is for programs like that.
        let body = if is_encrypted { Some(Body::Unreadable(Unreadable::NotForThisDevice)) } else { body };
        let Some(body) = body else { return Content::Nothing };
        let content = if matches!(body, Body::Text(_)) { Content::Body } else { Content::Unreadable };
        let origin = origin_id(stanza);
        if let Some(id) = &origin {
            let text = match &body {
                Body::Text(text) => Some(text.as_str()),
                Body::Unreadable(_) | Body::Retracted => Some(""),
            };
            let is_proof = direction == Direction::Outgoing || claim == Claim::Perhaps;
            if is_proof && self.outbox.awaits(id, text) {
                self.outbox.proven(from.bare(), id, step);
            }
        }
        // What a room without an archive tells once more, and nobody has given a name, is known by its time.
        let is_old = self.last.is_some_and(|last| place.at < last);
        if origin.is_none() && place.stanza.is_none() && place.arrival == Arrival::Kept && is_old {
            return Content::Nothing;
        }
        self.last = self.last.max(Some(place.at));
        let author = (direction == Direction::Incoming).then_some(Author { nick, occupant });
        let state = match direction {
            Direction::Incoming => MessageState::Received,
            Direction::Outgoing => MessageState::Sent,
        };
        let protection = if is_encrypted { Protection::Encrypted(None) } else { Protection::Clear };
        let target = corrections::target(stanza, origin.as_ref()).filter(|_| !is_encrypted);
        let message = NewMessage {
            peer: from.bare().clone(),
            direction,
            origin,
            stanza: place.stanza,
            body,
            at: place.at,
            state,
            protection,
            reply: None,
            order: place.order,
            naming: naming(stanza),
        };
        let source = match place.source {
            Source::Live | Source::Copied => RoomSource::Live,
            Source::Archive => RoomSource::Archive,
        };
        let said = RoomMessage { message, author, claim, source };
        step.record(match target.filter(|_| claim == Claim::Certain && self.can.occupants) {
            Some(target) => Change::RoomCorrected { target, said },
            None => Change::RoomMessage(said),
        });
        content
    }

    /// Whose it is, and whether that is certain.
    fn whose(&self, nick: &Nick, occupant: Option<&str>, arrival: Arrival) -> (Direction, Claim) {
        if let (Some(occupant), Some(own)) = (occupant, self.occupant.as_deref()) {
            let direction = if occupant == own { Direction::Outgoing } else { Direction::Incoming };
            return (direction, Claim::Certain);
        }
        let is_called_so = self.nick_inside() == Some(nick);
        match arrival {
            Arrival::Live if is_called_so => (Direction::Outgoing, Claim::Certain),
            // Under which name we were there then is not known.
            Arrival::Kept | Arrival::Listed => (Direction::Incoming, Claim::Perhaps),
            Arrival::Live => (Direction::Incoming, Claim::Certain),
        }
    }

    /// Whether it says something of another message, and nothing else. It counts where it is certain that both are of the same.
    fn says_of_another(
        &self,
        stanza: &Element,
        (direction, occupant): (Direction, Option<&str>),
        step: &mut Step<'_>,
    ) -> bool {
        if reactions::read(stanza).is_some() {
            return true;
        }
        let Some(target) = retractions::read(stanza) else {
            return retractions::is_moderated(stanza).is_some();
        };
        if let Some(occupant) = occupant.filter(|_| self.can.marks) {
            let stanza = StanzaId { by: self.jid.clone(), id: target.as_str().to_owned() };
            let by = match direction {
                Direction::Incoming => Retractor::Occupant(occupant.to_owned()),
                Direction::Outgoing => Retractor::Ourselves,
            };
            step.record(Change::RoomRetracted(RoomRetraction { stanza, by }));
        }
        true
    }

    /// The room itself says that a moderator wants a message gone.
    fn moderated(&mut self, stanza: &Element, step: &mut Step<'_>) {
        if !self.can.moderation || !self.can.marks {
            return;
        }
        if let Some(target) = retractions::is_moderated(stanza) {
            let stanza = StanzaId { by: self.jid.clone(), id: target.as_str().to_owned() };
            step.record(Change::RoomRetracted(RoomRetraction { stanza, by: Retractor::Moderator }));
        }
    }
}

/// When it was said, if the room tells that it was before (XEP-0203 2.0).
fn told_at(stanza: &Element, from: &Jid, now: Now) -> Option<Timestamp> {
    let is_by_room = |delay: &&Element| {
        let by = delay.attr("from").and_then(|by| Jid::new(by).ok());
        by.is_some_and(|by| by.is_bare() && by.bare() == from.bare())
    };
    let delay = xml::children(stanza, "delay", ns::DELAY).filter(is_by_room).last()?;
    let at = delay.attr("stamp").and_then(datetime::parse).unwrap_or(now.wall);
    Some(at.max(EARLIEST).min(now.wall))
}
