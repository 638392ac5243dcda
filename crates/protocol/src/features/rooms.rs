//! What the person wants of rooms.

use causerie_model::Command;

use super::Features;
use crate::step::Step;

impl Features {
    /// Does what is about a room; gives back what is not. What is written to a room goes to it as such, and nothing else does.
    pub(super) fn about_rooms(&mut self, command: Command, step: &mut Step<'_>) -> Option<Command> {
        self.rooms.fail_orphans(step);
        match command {
            Command::JoinRoom { room, nick } => {
                let is_person = self.roster.has(&room) || self.messages.has_written_to(&room);
                self.rooms.join(room, nick, is_person, step);
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
}
