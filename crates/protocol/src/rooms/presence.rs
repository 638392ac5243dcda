//! What a room's presences say of ourselves. Those of others are not looked at.

use causerie_model::{Jid, Nick, RoomProblem};
use minidom::Element;

use super::{Room, Rooms, Standing};
use crate::iq::{Ask, Recipient};
use crate::ns;
use crate::stanza;
use crate::step::Step;
use crate::xml::{self, Draft};

impl Rooms {
    /// A presence came. Says whether it is a room's.
    pub(crate) fn presence(
        &mut self,
        stanza: &Element,
        kind: Option<&str>,
        from: &Jid,
        step: &mut Step<'_>,
    ) -> bool {
        let Some(room) = self.rooms.get_mut(from.bare()).filter(|room| room.is_one || room.is_at_the_door())
        else {
            return false;
        };
        room.heard = room.heard.max(step.now.elapsed);
        // Nobody counts but we.
        if kind != Some("error") && !room.is_ours(stanza, from) {
            return true;
        }
        match kind {
            None => room.available(stanza, from, step),
            Some("unavailable") => room.unavailable(stanza, from, step),
            Some("error") => room.refused(stanza, from, step),
            _ => return true,
        }
        self.go_on(step);
        true
    }
}

impl Room {
    fn is_ours(&self, stanza: &Element, from: &Jid) -> bool {
        let is_called_so =
            from.resource().is_some() && from.resource() == self.nick_there().map(Nick::as_str);
        is_called_so || Codes::of(stanza).has("110")
    }

    fn available(&mut self, stanza: &Element, from: &Jid, step: &mut Step<'_>) {
        let Some(nick) = from.resource().and_then(Nick::new) else { return };
        let codes = Codes::of(stanza);
        if self.nick_there().is_none() || !codes.has("110") {
            return;
        }
        if self.can.occupants {
            self.occupant = occupant_id(stanza).or(self.occupant.take());
        }
        match &self.standing {
            Standing::Entering { .. } if codes.has("201") => {
                let open = Draft::new("x", ns::DATA_FORM).attr("type", "submit");
                let query = Draft::new("query", ns::ROOM_OWNER).child(open);
                let room = Recipient::Jid(self.jid.clone().into());
                step.set(room, query, Ask::RoomOpened(self.jid.clone()));
                self.standing = Standing::Opening { nick };
            }
            Standing::Entering { .. } => self.inside(nick, step),
            // We are called otherwise from now on (§7.6).
            Standing::In { nick: before } if *before != nick => self.inside(nick, step),
            _ => {}
        }
    }

    fn unavailable(&mut self, stanza: &Element, from: &Jid, step: &mut Step<'_>) {
        let codes = Codes::of(stanza);
        // Of another name the second half follows, under that.
        if from.resource().is_none() || self.nick_there().is_none() || codes.has("303") {
            return;
        }
        let is_destroyed =
            stanza.get_child("x", ns::ROOM_USER).is_some_and(|x| x.has_child("destroy", ns::ROOM_USER));
        match () {
            () if is_destroyed => self.stay_out(RoomProblem::Destroyed, step),
            () if codes.has("301") => self.stay_out(RoomProblem::Banned, step),
            () if codes.has("332") => self.try_again(RoomProblem::Stopped, step),
            // An error of the service is told as being put out, too (§9.1 of 1.34).
            () if codes.has("333") => self.try_again(RoomProblem::Stopped, step),
            () if codes.has("307") => self.stay_out(RoomProblem::Kicked, step),
            () if codes.has("321") || codes.has("322") => self.stay_out(RoomProblem::MembersOnly, step),
            // Another device of ours that is called so has gone, or the room has lost us.
            () => self.doubt = Some(step.now.elapsed),
        }
    }

    /// We are not let in.
    fn refused(&mut self, stanza: &Element, from: &Jid, step: &mut Step<'_>) {
        let Standing::Entering { nick, .. } = &self.standing else { return };
        if from.resource().is_some_and(|resource| resource != nick.as_str()) {
            return;
        }
        match stanza::condition(stanza) {
            "conflict" => {
                self.names = self.names.saturating_add(1);
                self.enter(step);
            }
            "not-authorized" => self.stay_out(RoomProblem::PasswordNeeded, step),
            "forbidden" => self.stay_out(RoomProblem::Banned, step),
            "registration-required" => self.stay_out(RoomProblem::MembersOnly, step),
            "item-not-found" | "gone" => self.stay_out(RoomProblem::NotFound, step),
            "not-allowed" => self.stay_out(RoomProblem::NotAllowed, step),
            "service-unavailable" => self.stay_out(RoomProblem::Full, step),
            "not-acceptable" | "jid-malformed" => self.stay_out(RoomProblem::NickTaken, step),
            "remote-server-not-found" | "remote-server-timeout" => {
                self.try_again(RoomProblem::Unreachable, step);
            }
            "resource-constraint" | "internal-server-error" | "recipient-unavailable" => {
                self.try_again(RoomProblem::Stopped, step);
            }
            _ => self.stay_out(RoomProblem::Refused, step),
        }
    }
}

/// What a room says about what it says (§15.6.2).
struct Codes<'a>(Option<&'a Element>);

impl<'a> Codes<'a> {
    fn of(stanza: &'a Element) -> Self {
        Self(stanza.get_child("x", ns::ROOM_USER))
    }

    fn has(&self, code: &str) -> bool {
        let mut codes = self.0.into_iter().flat_map(|x| xml::children(x, "status", ns::ROOM_USER));
        codes.any(|status| status.attr("code") == Some(code))
    }
}

/// By what the room knows who that is from, if it says that once.
pub(super) fn occupant_id(stanza: &Element) -> Option<String> {
    let id = xml::only(stanza, "occupant-id", ns::OCCUPANT_ID)?.attr("id")?;
    (!id.is_empty() && id.len() <= causerie_model::OriginId::MAX_BYTES).then(|| id.to_owned())
}
