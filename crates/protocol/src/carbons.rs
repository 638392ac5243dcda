//! What our other devices receive and send (XEP-0280 1.0.1).
//!
//! A copy counts only when our own account sends it, and only one level deep: in anybody else's hands it would be a way to write in
//! everybody's name.

use causerie_model::{BareJid, Jid};
use minidom::Element;

use crate::iq::{Ask, Recipient};
use crate::ns;
use crate::stanza::Sender;
use crate::step::Step;
use crate::xml::{self, Draft};

/// A copy of a message.
#[derive(Debug)]
pub(crate) enum Carbon<'a> {
    /// Another device of ours got it, from this sender.
    Received(&'a Element, Sender),
    /// Another device of ours sent it, to this address.
    Sent(&'a Element, BareJid),
}

/// Asks for copies from now on (§4).
pub(crate) fn enable(step: &mut Step<'_>) {
    step.set(Recipient::Account, Draft::new("enable", ns::CARBONS), Ask::CarbonsEnabled);
}

/// Whether a message says that it is a copy of another.
pub(crate) fn is_carbon(stanza: &Element) -> bool {
    stanza.children().any(|child| child.has_ns(ns::CARBONS) && matches!(child.name(), "received" | "sent"))
}

/// The message that is in a copy, if it is one that counts (§7, §11).
pub(crate) fn open<'a>(stanza: &'a Element, sender: &Sender, own: &BareJid) -> Option<Carbon<'a>> {
    if *sender != Sender::Account {
        return None;
    }
    let wrapper =
        only(stanza.children().filter(|child| child.has_ns(ns::CARBONS) && child.name() != "private"))?;
    let forwarded = only(xml::children(wrapper, "forwarded", ns::FORWARD))?;
    let inner = only(xml::children(forwarded, "message", ns::CLIENT))?;
    // What is said in rooms is no conversation between two people, nor is what one occupant writes to another (§6.1): the room's
    // address stands for all of them.
    let is_of_room = inner.has_child("x", ns::ROOM_USER);
    if is_carbon(inner) || is_of_room || matches!(inner.attr("type"), Some("groupchat" | "error")) {
        return None;
    }
    let from = Sender::of(inner, own);
    let to = inner
        .attr("to")
        .map_or_else(|| Some(own.clone()), |to| Jid::new(to).ok().map(|to| to.bare().clone()))?;
    match wrapper.name() {
        "received" if to == *own && inner.attr("from").is_some() => Some(Carbon::Received(inner, from)),
        "sent" if from.bare(own) == Some(own) && inner.attr("from").is_some() => {
            Some(Carbon::Sent(inner, to))
        }
        _ => None,
    }
}

/// The one there is, unless there are several.
fn only<'a>(mut elements: impl Iterator<Item = &'a Element>) -> Option<&'a Element> {
    elements.next().filter(|_| elements.next().is_none())
}
