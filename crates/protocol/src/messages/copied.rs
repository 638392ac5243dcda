//! What another program sends under this device's own number: whoever has a copy of its keys, as a snapshot of the machine does.

use causerie_model::{BareJid, Body, Change, Direction, MessageState, NewMessage, Privacy, Unreadable};
use minidom::Element;

use super::Messages;
use super::content::{naming, origin_id, protection};
use crate::archive::Place;
use crate::step::Step;

impl Messages {
    /// What says to be from this device was sent by another program: from a copy of this one's keys, if the ledger does not know it.
    pub(crate) fn sent_by_a_copy(
        &mut self,
        stanza: &Element,
        peer: &BareJid,
        place: Place,
        step: &mut Step<'_>,
    ) {
        let Some(id) = origin_id(stanza).filter(|id| !self.is_ours(peer, id)) else { return };
        step.record(Change::MessageCopied(NewMessage {
            peer: peer.clone(),
            direction: Direction::Outgoing,
            origin: Some(id),
            stanza: place.stanza,
            body: Body::Unreadable(Unreadable::NotForThisDevice),
            at: place.at,
            state: MessageState::Sent,
            protection: protection(Privacy::Encrypted),
            reply: None,
            order: place.order,
            naming: naming(stanza),
        }));
    }
}
