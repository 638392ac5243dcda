//! What the person wants of rooms.

use causerie_model::{BareJid, Command};

use super::Features;
use crate::step::Step;

impl Features {
    /// Does what is about a room; gives back what is not. What is written to a room goes to it as such, and nothing else does.
    pub(super) fn about_rooms(&mut self, command: Command, step: &mut Step<'_>) -> Option<Command> {
        self.rooms.fail_orphans(step);
        match command {
            Command::JoinRoom { room, nick } => {
                self.rooms.join(room.clone(), nick, self.is_person(&room), step);
            }
            Command::LeaveRoom(room) => self.rooms.leave(&room, step),
            Command::SendRoomMessage { .. } => self.rooms.say(command, step),
            Command::SendMessage { ref peer, .. }
            | Command::SendReply { ref peer, .. }
            | Command::CorrectMessage { ref peer, .. }
            | Command::RetractMessage { ref peer, .. }
            | Command::React { ref peer, .. }
                if self.rooms.takes(peer) =>
            {
                self.rooms.say(command, step);
            }
            Command::RetryMessage { ref peer, .. } if self.rooms.takes(peer) => {
                self.rooms.say_again(command, step);
            }
            // What was to be encrypted before there was a room waits as it did.
            Command::CancelMessage { ref id, ref peer } if self.messages.awaits(peer, Some(id)) => {
                return Some(command);
            }
            Command::CancelMessage { id, peer } if self.rooms.takes(&peer) => {
                self.rooms.cancel(&peer, &id, step);
            }
            Command::FetchOlder { peer, before } if self.rooms.takes(&peer) => {
                self.rooms.fetch_older(&peer, before, step);
            }
            // Rooms are not told who is writing.
            Command::SetChatState { peer, .. } if self.rooms.takes(&peer) => {}
            other => return Some(other),
        }
        None
    }

    /// Whether that is a person to us: what is written there is not to be read in a room, nor said in clear. Whoever was written to is one,
    /// in this run or another, and somebody with devices that encrypt. That somebody has written is not enough: rooms invite us.
    fn is_person(&self, jid: &BareJid) -> bool {
        let is_one =
            || self.omemo.is_partner(jid) || self.omemo.has_devices(jid) || self.messages.awaits(jid, None);
        self.roster.has(jid) || self.messages.has_written_to(jid) || (!self.rooms.takes(jid) && is_one())
    }
}
