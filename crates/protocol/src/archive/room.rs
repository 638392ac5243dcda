//! The archive of a room. We hear what is said there from when we are in it, so that from then on what comes by itself is whole.

use causerie_model::{BareJid, Room};

use super::whose::Whose;
use super::{Archive, Place, Progress};
use crate::step::Step;

impl Archive {
    /// That of a room, with what the last run has reached.
    pub(crate) fn of_room(own: BareJid, room: &Room) -> Self {
        Self::of(Whose::Room(room.jid.clone()), own, (room.archive.clone(), room.gap))
    }

    /// We are in the room, and what was missed there may be fetched. It is asked once more when all has come: what was said meanwhile may
    /// have its place before.
    pub(crate) fn enter(&mut self, step: &mut Step<'_>) {
        if self.progress == Progress::Unknown && step.is_online() {
            self.begin(step);
            (self.whole, self.again) = (true, true);
        }
    }

    /// Whether it was not begun to read it since we are in the room.
    pub(crate) fn is_unread(&self) -> bool {
        self.progress == Progress::Unknown
    }

    /// Something was said in the room, which is in its archive.
    pub(crate) fn was_said(&mut self, place: &Place, step: &mut Step<'_>) {
        self.came(place, true, step);
    }
}
