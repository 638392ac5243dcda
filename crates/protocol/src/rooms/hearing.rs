//! What is said in rooms.
//!
//! | what | rule |
//! |---|---|
//! | who says it | an occupant of the room, `room/nick`; the room itself says nothing but what moderators want gone |
//! | whether it is ours | as the room knows its occupants (XEP-0421), where it says so; else, of what comes by itself, our name there; of what is told of before, that may have been another's: it is ours if we have written just that under just that name |
//! | what the room calls it | where it gives names of its own, in its name, once (XEP-0359 §5) |
//! | what has become of what we said | a room may change or part it: what comes back under our name for it, and is ours for certain, says that it has arrived |
//! | when it was | as the room says (XEP-0203), and nobody else, while it tells what was said before; not after now. Later it is now: rooms hand on a time that an occupant has put in |
//! | a topic | is no message, and ends what a room tells at the door |
//! | what a moderator wants gone (XEP-0425) | from the room itself alone, which has said that it has moderators |
//! | what its author wants gone or otherwise | by whom the room knows for the same, and for nobody else |
//! | reactions (XEP-0444) | by whom the room knows: one set each |
//! | which message is answered (XEP-0461), reacted to, wanted gone | as the room calls it, where it gives names |
//! | what a room without an archive tells of before | all at once, when it has told everything ([`super::history`]) |
//! | what somebody writes to us alone | nothing: it is no person's word |

use causerie_model::{
    Arrival, Author, BareJid, Body, Change, Claim, Direction, Jid, MessageState, NewMessage, Nick, Order,
    OriginId, Protection, Retractor, RoomAnnotation, RoomMessage, RoomRetraction, RoomSource, Says, StanzaId,
    Timestamp, Unreadable,
};
use minidom::Element;

use super::history::last_said;
use super::presence::occupant_id;
use super::wording::{self, Heard};
use super::{Room, Rooms, Standing};
use crate::archive::{Kept, Place, Source, remembered};
use crate::messages::{Content, naming, origin_id};
use crate::omemo::Turn;
use crate::stanza::{self, Sender};
use crate::step::Step;
use crate::{Now, datetime, ns, retractions, xml};

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
        let (said, past) = (step.out.0.len(), place.past);
        let (content, change) = self.said(inner, &by, place, step);
        change.into_iter().for_each(|change| step.record(remembered(past, change)));
        self.archive.said(content, step.has_recorded(said));
    }

    /// Something comes by itself.
    fn came(&mut self, stanza: &Element, from: &Jid, step: &mut Step<'_>) {
        // Else it may be an occupant's: a room with an archive was asked to tell nothing of before by itself.
        let tells_of_before = !self.can.archive && !self.history.is_over();
        let stamp = told_at(stanza, from, step.now).filter(|_| tells_of_before);
        let order = if self.can.archive { self.archive.order() } else { Order::Last };
        let place = Place {
            stanza: self.name_of(stanza, from),
            at: stamp.unwrap_or(step.now.wall),
            arrival: if stamp.is_some() { Arrival::Kept } else { Arrival::Live },
            turn: Turn::Due,
            order,
            is_early: self.can.archive && self.archive.is_missing_something(),
            source: Source::Live,
            past: None,
        };
        let (content, change) = self.said(stanza, from, place.clone(), step);
        let is_message = matches!(content, Content::Body | Content::Unreadable);
        // A topic, or what is said now, comes behind all that was said before.
        let is_topic = stanza.has_child("subject", ns::CLIENT) && content == Content::Nothing;
        if is_topic || (is_message && stamp.is_none()) {
            self.history_is_over(true, step);
        }
        match change {
            Some(Change::RoomMessage(said)) if stamp.is_some() => self.was_told(said, step),
            Some(change) if stamp.is_some() => self.was_told_of(change, step),
            Some(change) => {
                if let (Change::RoomMessage(said), false) = (&change, self.can.archive) {
                    self.last = Some(last_said(said));
                }
                step.record(change);
            }
            None => {}
        }
        if is_message && stamp.is_none() && self.can.archive {
            let is_quiet = self.outbox.is_quiet();
            self.archive.was_said(&place, is_quiet, step);
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

    /// Takes in what is said. Says what was in it, and what is to be remembered of it.
    fn said(
        &mut self,
        stanza: &Element,
        from: &Jid,
        place: Place,
        step: &mut Step<'_>,
    ) -> (Content, Option<Change>) {
        let gone = is_gone(stanza, &place);
        let Some(resource) = from.resource() else {
            self.moderated(stanza, step);
            return (Content::Nothing, gone);
        };
        let Some(nick) = Nick::new(resource) else { return (Content::Refused, None) };
        let occupant = if self.can.occupants { occupant_id(stanza) } else { None };
        let is_encrypted =
            stanza.has_child("encrypted", ns::OMEMO_LEGACY) || stanza.has_child("encrypted", ns::OMEMO_2);
        let is_dated = told_at(stanza, from, step.now).is_some();
        let (mut direction, mut claim) = self.whose(&nick, occupant.as_deref(), (place.arrival, is_dated));
        let origin = origin_id(stanza);
        let heard = wording::heard(stanza, origin.as_ref());
        if let Some(id) = &origin {
            let is_ours = match (direction, claim) {
                // A room may change or part what is said there. Nobody else has said it, whatever has become of it.
                (Direction::Outgoing, Claim::Certain) => self.outbox.has(id),
                (Direction::Incoming, Claim::Certain) => false,
                // Nothing is left to be compared, and nobody knows our name for it before it is there.
                (_, Claim::Perhaps) if gone.is_some() => self.outbox.has(id),
                (_, Claim::Perhaps) => self.outbox.awaits(id, &heard),
            };
            if is_ours && self.outbox.is_first_in_doubt(id) && place.arrival == Arrival::Kept {
                self.was_told_ours();
            }
            if is_ours {
                self.outbox.proven(from.bare(), id, step);
            }
            if direction == Direction::Outgoing && claim == Claim::Certain {
                self.outbox.heard(id);
            }
            // Nobody else has said just that of that message under just that name.
            if is_ours && !matches!(heard, Heard::Message(..)) {
                (direction, claim) = (Direction::Outgoing, Claim::Certain);
            }
        }
        if gone.is_some() {
            return (Content::Nothing, gone);
        }
        let author = (direction == Direction::Incoming).then_some(Author { nick, occupant });
        let said_of =
            Some(heard.clone()).filter(|_| !is_encrypted || !matches!(heard, Heard::Correction(..)));
        if let Some(said_of) = said_of.and_then(|heard| self.said_of(heard, (author.as_ref(), claim))) {
            let change = said_of.map(|said| said.change(author, origin, &place, self.jid.clone()));
            return (Content::Nothing, change);
        }
        // What is encrypted in a room is not read, and what stands beside it is for programs like that.
        let (body, reply) = match heard {
            _ if stanza::is_rejected(stanza) => (Body::Unreadable(Unreadable::OverLimits), None),
            _ if is_encrypted => (Body::Unreadable(Unreadable::InRoom), None),
            // What nobody certain has meant otherwise is what they have said.
            Heard::Correction(_, text) => (Body::Text(text), None),
            Heard::Message(text, reply) => (Body::Text(text), reply),
            Heard::Retraction(_) | Heard::Reactions(..) | Heard::Nothing => return (Content::Nothing, None),
        };
        let content = if matches!(body, Body::Text(_)) { Content::Body } else { Content::Unreadable };
        let state = match direction {
            Direction::Incoming => MessageState::Received,
            Direction::Outgoing => MessageState::Sent,
        };
        let source = room_source(&place);
        let message = NewMessage {
            peer: from.bare().clone(),
            direction,
            origin,
            stanza: place.stanza,
            body,
            at: place.at,
            state,
            protection: if is_encrypted { Protection::Encrypted(None) } else { Protection::Clear },
            reply,
            order: place.order,
            naming: naming(stanza),
        };
        (content, Some(Change::RoomMessage(RoomMessage { message, author, claim, source })))
    }

    /// Whose it is, and whether that is certain. `is_dated`: it says that it was said before.
    fn whose(
        &self,
        nick: &Nick,
        occupant: Option<&str>,
        (arrival, is_dated): (Arrival, bool),
    ) -> (Direction, Claim) {
        if let (Some(occupant), Some(own)) = (occupant, self.occupant.as_deref()) {
            let direction = if occupant == own { Direction::Outgoing } else { Direction::Incoming };
            return (direction, Claim::Certain);
        }
        let is_called_so = self.nick_inside() == Some(nick);
        match arrival {
            // Should the room tell of before so late, it may be of who was called so then.
            Arrival::Live if is_called_so && is_dated => (Direction::Incoming, Claim::Perhaps),
            Arrival::Live if is_called_so => (Direction::Outgoing, Claim::Certain),
            // Under which name we were there then is not known.
            Arrival::Queued | Arrival::Kept | Arrival::Listed => (Direction::Incoming, Claim::Perhaps),
            Arrival::Live => (Direction::Incoming, Claim::Certain),
        }
    }

    /// What it says of another message, and nothing else: none, where it is a message itself; nothing of it counts, where it is not certain who
    /// says so.
    fn said_of(&self, heard: Heard, (author, claim): (Option<&Author>, Claim)) -> Option<Option<SaidOf>> {
        let is_known = author.is_none_or(|author| author.occupant.is_some());
        let is_certain = claim == Claim::Certain && is_known;
        match heard {
            Heard::Message(..) | Heard::Nothing => None,
            Heard::Correction(..) if !is_certain => None,
            Heard::Correction(target, text) => Some(Some(SaidOf { target, says: Says::Correction(text) })),
            Heard::Retraction(target) => {
                let says = Says::Retraction(String::new());
                Some(Some(SaidOf { target, says }).filter(|_| is_certain && self.can.marks))
            }
            Heard::Reactions(target, emoji) => {
                let says = Says::Reactions(emoji);
                Some(Some(SaidOf { target, says }).filter(|_| is_certain && self.can.marks))
            }
        }
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

/// That a message is gone, where the room's archive keeps but the word for it in its place (XEP-0424 0.4.2 §5.2, XEP-0425 0.3.0 §5): whoever
/// has put that there, it concerns what the room calls so alone.
fn is_gone(stanza: &Element, place: &Place) -> Option<Change> {
    let kept = place.stanza.clone().filter(|_| place.source == Source::Archive)?;
    let is_gone = retractions::is_tombstone(stanza) && wording::heard(stanza, None) == Heard::Nothing;
    is_gone.then(|| Change::RoomRetracted(RoomRetraction { stanza: kept, by: Retractor::Moderator }))
}

/// What is said of a message.
struct SaidOf {
    target: OriginId,
    says: Says,
}

impl SaidOf {
    /// What is remembered of it.
    fn change(
        self,
        author: Option<Author>,
        origin: Option<OriginId>,
        place: &Place,
        room: BareJid,
    ) -> Change {
        let Self { target, says } = self;
        if let Says::Retraction(_) = says {
            let by = match author.and_then(|author| author.occupant) {
                Some(occupant) => Retractor::Occupant(occupant),
                None => Retractor::Ourselves,
            };
            let stanza = StanzaId { by: room, id: target.as_str().to_owned() };
            return Change::RoomRetracted(RoomRetraction { stanza, by });
        }
        Change::RoomAnnotated(RoomAnnotation {
            room,
            target,
            says,
            state: if author.is_some() { MessageState::Received } else { MessageState::Sent },
            author,
            origin,
            stanza: place.stanza.clone(),
            at: place.at,
            arrival: place.arrival,
            is_early: place.is_early,
            // What is fetched ahead of what is missing before it is listed once more.
            is_placed: place.source == Source::Archive && place.turn != Turn::Early,
            source: room_source(place),
        })
    }
}

fn room_source(place: &Place) -> RoomSource {
    match place.source {
        Source::Live | Source::Copied => RoomSource::Live,
        Source::Archive => RoomSource::Archive,
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
