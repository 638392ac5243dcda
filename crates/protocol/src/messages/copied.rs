//! What another program sends under this device's own number: whoever has a copy of its keys, as a snapshot of the machine does.

use std::collections::VecDeque;

use causerie_model::{
    BareJid, Body, Change, DeviceId, Direction, MessageState, NewMessage, OriginId, Privacy, Problem,
    Unreadable,
};
use minidom::Element;

use super::content::{naming, origin_id, protection};
use super::{Messages, Progress};
use crate::archive::Place;
use crate::ns;
use crate::step::Step;

/// Of how many that have left encrypted it is known.
const MOST_SEALED: usize = 1000;

/// What has left encrypted in this run, the oldest first.
#[derive(Debug, Default)]
pub(super) struct SealedNow(VecDeque<(BareJid, OriginId)>);

impl SealedNow {
    pub(super) fn add(&mut self, peer: &BareJid, id: &OriginId) {
        self.forget(peer, id);
        self.0.push_back((peer.clone(), id.clone()));
        if self.0.len() > MOST_SEALED {
            self.0.pop_front();
        }
    }

    /// Something else is known of that one already.
    pub(super) fn forget(&mut self, peer: &BareJid, id: &OriginId) {
        self.0.retain(|(of, called)| (of, called) != (peer, id));
    }
}

impl Messages {
    /// Another program has used our keys: whoever gets what has left with them in this run may take it for a copy of what that one has
    /// sent. What arrived for certain the ledger keeps so, and what waits again goes out with other keys.
    pub(crate) fn doubt_sealed(&mut self, step: &mut Step<'_>) {
        for (peer, id) in std::mem::take(&mut self.sealed_now.0) {
            let mut on_their_way =
                self.outbox.iter().filter(|message| message.peer == peer && message.id == id);
            if !on_their_way.any(|message| message.cancelled || message.progress == Progress::Waiting) {
                self.fail(peer, id, Problem::PerhapsSent, step);
            }
        }
    }

    /// What says to be from this device may have been sent by another program: from a copy of this one's keys, if the ledger knows it under
    /// none of its names.
    pub(crate) fn sent_by_a_copy(
        &self,
        stanza: &Element,
        (peer, device): (&BareJid, DeviceId),
        place: Place,
        step: &mut Step<'_>,
    ) {
        let inner = stanza.get_child("origin-id", ns::STANZA_ID).and_then(|element| element.attr("id"));
        let also = inner.and_then(OriginId::new);
        let Some(id) = origin_id(stanza) else { return };
        if self.is_ours(peer, &id) || also.as_ref().is_some_and(|also| self.is_ours(peer, also)) {
            return;
        }
        let message = NewMessage {
            peer: peer.clone(),
            direction: Direction::Outgoing,
            origin: Some(id),
            stanza: place.stanza,
            body: Body::Unreadable(Unreadable::Copied),
            at: place.at,
            state: MessageState::Sent,
            protection: protection(Privacy::Encrypted),
            reply: None,
            order: place.order,
            naming: naming(stanza),
        };
        step.record(Change::MessageCopied { message, device, also });
    }
}
