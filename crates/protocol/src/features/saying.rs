//! What the person says.

use causerie_model::{Command, Purpose};

use super::Features;
use crate::reactions;
use crate::step::Step;

impl Features {
    /// The person writes to somebody, or says something of a message.
    pub(super) fn say(&mut self, command: Command, step: &mut Step<'_>) {
        let (Command::SendMessage { peer, .. }
        | Command::SendReply { peer, .. }
        | Command::RetryMessage { peer, .. }
        | Command::CorrectMessage { peer, .. }
        | Command::RetractMessage { peer, .. }
        | Command::React { peer, .. }) = &command
        else {
            return;
        };
        let privacy = self.omemo.privacy(peer);
        self.omemo.written(peer, step);
        let is_early = self.archive.is_missing_something();
        let messages = &mut self.messages;
        match command {
            Command::SendMessage { id, peer, body } => messages.write(id, peer, (&body, None, privacy), step),
            Command::SendReply { id, peer, body, reply } => {
                messages.write(id, peer, (&body, Some(reply), privacy), step);
            }
            Command::RetryMessage { id, peer, body, reply } => {
                messages.write_again(id, peer, (&body, reply, privacy), step);
                self.archive.seek(self.messages.uncertain(), step);
            }
            Command::CorrectMessage { id, peer, target, target_privacy, body } => {
                let privacy = (privacy, target_privacy);
                messages.annotate(id, peer, (Purpose::Correction(target), &body), privacy, is_early, step);
            }
            Command::RetractMessage { id, peer, target, target_privacy, fallback } => {
                let privacy = (privacy, target_privacy);
                messages.annotate(
                    id,
                    peer,
                    (Purpose::Retraction(target), &fallback),
                    privacy,
                    is_early,
                    step,
                );
            }
            Command::React { id, peer, target, target_privacy, emoji } => {
                let text = reactions::text(&reactions::distinct(emoji));
                let privacy = (privacy, target_privacy);
                messages.annotate(id, peer, (Purpose::Reactions(target), &text), privacy, is_early, step);
            }
            _ => {}
        }
        self.flush(step);
    }
}
