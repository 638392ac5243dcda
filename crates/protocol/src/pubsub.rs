//! Reading nodes that belong to people (XEP-0060 1.24, XEP-0163 1.2).
//!
//! An event counts for the node of who sent it, and of nobody else: it has to come from the owner's bare address.

use minidom::Element;

use crate::ns;
use crate::xml::{self, Draft};

/// What happened to a node.
#[derive(Debug)]
pub(crate) enum Happened<'a> {
    /// This is its newest item, whose payload may be missing.
    Published(Option<&'a Element>),
    /// An item was taken back, or the node was emptied or removed.
    Emptied,
}

/// The node of an event, and what happened to it.
pub(crate) fn event(message: &Element) -> Option<(&str, Happened<'_>)> {
    let event = message.get_child("event", ns::PUBSUB_EVENT)?;
    let change = event.children().find(|child| child.has_ns(ns::PUBSUB_EVENT))?;
    let node = change.attr("node")?;
    let happened = match change.name() {
        "items" => match xml::children(change, "item", ns::PUBSUB_EVENT).last() {
            Some(item) => Happened::Published(item.children().next()),
            None if change.has_child("retract", ns::PUBSUB_EVENT) => Happened::Emptied,
            None => return None,
        },
        "purge" | "delete" => Happened::Emptied,
        _ => return None,
    };
    Some((node, happened))
}

/// A request for one item of somebody's node.
pub(crate) fn request_item(node: &str, id: &str) -> Element {
    let item = Draft::new("item", ns::PUBSUB).attr("id", id);
    let items = Draft::new("items", ns::PUBSUB).attr("node", node).child(item);
    Draft::new("pubsub", ns::PUBSUB).child(items).into()
}

/// The payload of an item in an answer.
pub(crate) fn payload<'a>(reply: &'a Element, node: &str, id: &str) -> Option<&'a Element> {
    let items = reply.get_child("pubsub", ns::PUBSUB)?.get_child("items", ns::PUBSUB)?;
    let mut of_node = xml::children(items, "item", ns::PUBSUB).filter(|_| items.attr("node") == Some(node));
    of_node.find(|item| item.attr("id") == Some(id))?.children().next()
}
