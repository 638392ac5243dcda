//! What becomes of what waits when a person chooses that a conversation is encrypted, or that it is not.

use causerie_model::{BareJid, Change, OriginId, Privacy, Problem};

use super::content::{fits, protection};
use super::{Exposure, Messages, Outgoing, Progress};
use crate::step::Step;

impl Messages {
    /// The person has chosen that everything is encrypted in a conversation: what waits there as well. What may have been read by others
    /// already is still called so, though it leaves encrypted from now on (see [`Messages::flush`]).
    pub(crate) fn encrypt_waiting(&mut self, peer: &BareJid, step: &mut Step<'_>) {
        let is_open = |message: &&mut Outgoing| {
            message.peer == *peer
                && message.privacy == Privacy::Clear
                && message.progress == Progress::Waiting
                && message.exposure == Exposure::Kept
                && !message.uncertain
        };
        let mut too_long = Vec::new();
        for message in self.outbox.iter_mut().filter(is_open) {
            message.privacy = Privacy::Encrypted;
            let (peer, id) = (peer.clone(), message.id.clone());
            step.record(Change::MessageProtected { peer, id, protection: protection(Privacy::Encrypted) });
            if !fits(&message.body, Privacy::Encrypted) {
                too_long.push(message.id.clone());
            }
        }
        for id in too_long {
            self.fail(peer.clone(), id, Problem::OverLimits, step);
        }
    }

    /// The person has chosen that nothing is encrypted in a conversation where messages wait that could not be. They do not wait for ever,
    /// nor keep others from going: each is sent in clear when the person says so of it. Of what may have arrived nothing is said until it
    /// `is_settled` what the archive has.
    pub(crate) fn give_up_encrypting(&mut self, peer: &BareJid, is_settled: bool, step: &mut Step<'_>) {
        let is_stuck = |message: &&Outgoing| {
            message.peer == *peer
                && message.privacy == Privacy::Encrypted
                && message.progress == Progress::Waiting
                && (is_settled || !message.uncertain)
        };
        let stuck: Vec<(OriginId, Problem)> = self
            .outbox
            .iter()
            .filter(is_stuck)
            .map(|message| (message.id.clone(), message.given_up()))
            .collect();
        for (id, problem) in stuck {
            self.fail(peer.clone(), id, problem, step);
        }
    }
}
