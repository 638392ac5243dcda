//! The archive of a room. We hear what is said there from when we are in it, so that from then on what comes by itself is whole.

use std::time::Duration;

use causerie_model::{BareJid, Room};

use super::whose::Whose;
use super::{Archive, MOST_HELD, Place, Progress};
use crate::step::Step;

impl Archive {
    /// That of a room, with what the last run has reached.
    pub(crate) fn of_room(own: BareJid, room: &Room) -> Self {
        Self::of(Whose::Room(room.jid.clone()), own, (room.archive.clone(), room.gap, room.asked))
    }

    /// We are in the room, and what was missed there may be fetched. It is asked once more when all has come: what was said meanwhile may
    /// have its place before. `uncertain`: as [`Self::check`] has it.
    pub(crate) fn enter(&mut self, uncertain: Option<Duration>, step: &mut Step<'_>) {
        if self.progress == Progress::Unknown && step.is_online() {
            self.expect_ours(uncertain, step.now);
            self.begin(step);
            (self.whole, self.again) = (true, true);
        }
    }

    /// Whether messages are being fetched, and come: what does not answer is asked again, later and later, beside what else is read.
    pub(crate) fn is_answering(&self) -> bool {
        self.is_fetching() && self.trouble.misses < MOST_HELD
    }

    /// Whether it was not begun to read it since we are in the room.
    pub(crate) fn is_unread(&self) -> bool {
        self.progress == Progress::Unknown
    }

    /// It is read once more, from the mark on, because something of ours may be in it; from the beginning, where it was not given.
    pub(crate) fn look_again(&mut self, uncertain: Option<Duration>, step: &mut Step<'_>) {
        match self.progress {
            Progress::Stopped if step.is_online() => {
                self.expect_ours(uncertain, step.now);
                self.begin(step);
                (self.whole, self.again) = (true, true);
            }
            _ => self.check(uncertain, step),
        }
    }

    /// Whether all that was there when it was read last is here.
    pub(crate) fn is_whole(&self) -> bool {
        self.progress == Progress::Done
    }

    /// Something was said in the room, which is in its archive. `is_quiet`: nothing of ours is on its way there, or may have arrived. While it is,
    /// the mark stays before it, so that the archive tells after a crash whether it is there.
    pub(crate) fn was_said(&mut self, place: &Place, is_quiet: bool, step: &mut Step<'_>) {
        self.came(place, is_quiet, step);
    }
}
