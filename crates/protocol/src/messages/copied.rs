//! What another program sends under this device's own number: whoever has a copy of its keys, as a snapshot of the machine does.

use causerie_model::{
    BareJid, Body, Change, DeviceId, Direction, MessageState, NewMessage, OriginId, Privacy, Unreadable,
};
use minidom::Element;

use super::Messages;
use super::content::{naming, origin_id, protection};
use crate::archive::Place;
use crate::ns;
use crate::step::Step;

impl Messages {
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
