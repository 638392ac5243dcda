//! What becomes of messages on their way when the session goes on without them.
//!
//! What the server's count does not cover may have arrived all the same: a server can have read more of the old connection than it has said.
//! So it is looked for in the archive and sent again where it is not there, as where no session goes on. What was written to the same person
//! after it goes after it.

use causerie_model::{Change, MessageState, Problem};

use super::{Messages, Outgoing, Progress};
use crate::step::Step;
use crate::stream_management::{HandedBack, Name, SET_ASIDE};

impl Messages {
    /// These wait again, in their places.
    pub(crate) fn handed_back(&mut self, handed_back: Vec<HandedBack>, step: &mut Step<'_>) {
        for HandedBack { name: (peer, id), has_left, blame } in handed_back {
            let is_it = |message: &Outgoing| message.peer == peer && message.id == id;
            let Some(at) = self.outbox.iter().position(is_it) else { continue };
            let Some(message) = self.outbox.get_mut(at) else { continue };
            message.progress = Progress::Waiting;
            if has_left {
                message.uncertain = true;
                self.doubted = step.now.elapsed;
            }
            message.blame = message.blame.saturating_add(blame);
            if message.blame >= SET_ASIDE {
                self.outbox.remove(at);
                self.sealed_now.forget(&peer, &id);
                let state = MessageState::Failed(Problem::PolicyViolation);
                step.record(Change::MessageStateChanged { peer, id, state });
            }
        }
    }

    /// These have been taken back before they went out.
    pub(crate) fn never_left(&mut self, names: &[Name]) {
        let is_named = |message: &&mut Outgoing| {
            names.iter().any(|(peer, id)| message.peer == *peer && message.id == *id)
        };
        let named = self.outbox.iter_mut().filter(is_named);
        named.for_each(|message| message.progress = Progress::Waiting);
    }

    /// The session goes on. What was taken back is not sent again, and nothing more will be heard of whether it is there.
    pub(crate) fn resumed(&mut self) {
        self.outbox.retain(|message| !message.cancelled);
    }
}
