//! What we say of messages: it goes the way of messages, as their equal, and is remembered before it is sent.

use std::collections::VecDeque;

use causerie_model::{
    Annotation, Arrival, BareJid, Change, Direction, MessageState, OriginId, Privacy, Problem, Protection,
    Purpose, Says,
};

use super::content::{fits, protection, sendable};
use super::{Messages, Outgoing, Progress};
use crate::archive::{Place, remembered};
use crate::reactions;
use crate::step::Step;

/// How many are remembered of what was encrypted lately.
const MOST_SEALED: usize = 1_000;

/// What was corrected encrypted in this run. Whoever asks to say something of it may have read the ledger before that: what they say of it in
/// clear would be refused by the ledger after it has left.
#[derive(Debug, Default)]
pub(super) struct Sealed(VecDeque<(BareJid, OriginId)>);

impl Sealed {
    fn add(&mut self, peer: &BareJid, id: &OriginId) {
        if !self.has(peer, id) {
            self.0.push_back((peer.clone(), id.clone()));
        }
        if self.0.len() > MOST_SEALED {
            self.0.pop_front();
        }
    }

    fn has(&self, peer: &BareJid, id: &OriginId) -> bool {
        self.0.iter().any(|(of, named)| (of, named) == (peer, id))
    }
}

impl Messages {
    /// What a message is corrected to is encrypted.
    fn seal(&mut self, peer: &BareJid, says: &Says, names: [Option<&OriginId>; 2], protection: Protection) {
        if matches!((says, protection), (Says::Correction(_), Protection::Encrypted(_))) {
            names.into_iter().flatten().for_each(|name| self.sealed.add(peer, name));
        }
    }

    /// Something was said of a message, by its author or by somebody whom the conversation is with.
    pub(super) fn annotated(
        &mut self,
        peer: &BareJid,
        author: Direction,
        (origin, place): (Option<OriginId>, Place),
        (target, says, state, protection): (OriginId, Says, MessageState, Protection),
        step: &mut Step<'_>,
    ) {
        if matches!(says, Says::Correction(_)) {
            match author {
                Direction::Incoming => self.met(peer),
                Direction::Outgoing => self.talk(peer),
            }
        }
        self.seal(peer, &says, [Some(&target), origin.as_ref()], protection);
        let Place { at, arrival, is_early, past, .. } = place;
        let peer = peer.clone();
        let annotation =
            Annotation { peer, author, target, says, origin, at, arrival, is_early, state, protection };
        let change = match protection {
            // It counts when the device is trusted: as soon as that is on a list, or a person has decided.
            Protection::Encrypted(Some(seal)) if !seal.trust.may_read() => Change::AnnotationHeld(annotation),
            _ => Change::Annotated(annotation),
        };
        step.record(remembered(past, change));
    }

    /// The person says something of a message. Asked twice for one identifier, it is sent once. What was said before of the same and has
    /// not left this machine is not sent any more. Of a message that was encrypted, which whoever asks knows from the ledger, nothing is said
    /// in clear: in a conversation that is to be in clear it goes encrypted all the same, or fails (see [`Messages::flush`]). `is_early`:
    /// what was missed is not all here.
    pub(crate) fn annotate(
        &mut self,
        id: OriginId,
        peer: BareJid,
        (purpose, text): (Purpose, &str),
        (chosen, of_target): (Privacy, Privacy),
        is_early: bool,
        step: &mut Step<'_>,
    ) {
        let text = sendable(text);
        let (target, says) = match &purpose {
            Purpose::Correction(_) if text.trim().is_empty() => return,
            Purpose::Correction(target) => (target.clone(), Says::Correction(text.clone())),
            Purpose::Retraction(target) => (target.clone(), Says::Retraction(text.clone())),
            Purpose::Reactions(target) => (target.clone(), Says::Reactions(reactions::from_text(&text))),
            Purpose::Message | Purpose::Reply(_) => return,
        };
        if self.is_ours(&peer, &id) {
            return;
        }
        let privacy = match of_target {
            Privacy::Clear if !self.sealed.has(&peer, &target) => chosen,
            Privacy::Clear | Privacy::Encrypted => Privacy::Encrypted,
        };
        self.seal(&peer, &says, [Some(&target), Some(&id)], protection(privacy));
        let outdated = self.unsent(&peer, |other| match (&purpose, other) {
            (Purpose::Correction(_), Purpose::Correction(of))
            | (Purpose::Retraction(_), Purpose::Correction(of) | Purpose::Reactions(of))
            | (Purpose::Reactions(_), Purpose::Reactions(of)) => *of == target,
            _ => false,
        });
        self.drop(&peer, &outdated);
        // A message that nobody has seen can be taken back for good.
        let kept_back = match purpose {
            Purpose::Retraction(_) => {
                self.unsent(&peer, |of| matches!(of, Purpose::Message | Purpose::Reply(_)))
            }
            _ => Vec::new(),
        };
        let was_kept_back = kept_back.contains(&target);
        let state = if was_kept_back {
            self.drop(&peer, std::slice::from_ref(&target));
            MessageState::Sent
        } else if fits(&text, privacy) {
            MessageState::Pending
        } else {
            MessageState::Failed(Problem::OverLimits)
        };
        step.record(Change::Annotated(Annotation {
            peer: peer.clone(),
            author: Direction::Outgoing,
            target,
            says,
            origin: Some(id.clone()),
            at: step.now.wall,
            arrival: Arrival::Live,
            is_early,
            state: state.clone(),
            protection: protection(privacy),
        }));
        if state == MessageState::Pending {
            self.enqueue(id, peer, (text, purpose, privacy), step.now.elapsed);
        }
    }

    /// What waits for somebody, has not left this machine in any run, and is for that.
    fn unsent(&self, peer: &BareJid, is_meant: impl Fn(&Purpose) -> bool) -> Vec<OriginId> {
        let waits = |message: &&Outgoing| {
            message.peer == *peer
                && message.progress == Progress::Waiting
                && !message.uncertain
                && is_meant(&message.purpose)
        };
        self.outbox.iter().filter(waits).map(|message| message.id.clone()).collect()
    }

    fn drop(&mut self, peer: &BareJid, ids: &[OriginId]) {
        self.outbox.retain(|message| message.peer != *peer || !ids.contains(&message.id));
    }
}
