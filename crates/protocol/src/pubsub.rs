//! Reading nodes that belong to people (XEP-0060 1.24, XEP-0163 1.2).
//!
//! An event counts for the node of who sent it, and of nobody else: it has to come from the owner's bare address. Where the service
//! says who put an item there (`publisher`, XEP-0060 §7.1.2.3), it has to be the owner as well: nodes may be open to others.

use causerie_model::{BareJid, Jid};
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

/// The node of an event of that owner, and what happened to it.
pub(crate) fn event<'a>(message: &'a Element, owner: &BareJid) -> Option<(&'a str, Happened<'a>)> {
    let event = message.get_child("event", ns::PUBSUB_EVENT)?;
    let change = event.children().find(|child| child.has_ns(ns::PUBSUB_EVENT))?;
    let node = change.attr("node")?;
    let happened = match change.name() {
        "items" => match xml::children(change, "item", ns::PUBSUB_EVENT).last() {
            Some(item) if !is_owners(item, owner) => return None,
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

/// A request for the newest item of somebody's node.
pub(crate) fn request_newest(node: &str) -> Element {
    let items = Draft::new("items", ns::PUBSUB).attr("node", node).attr("max_items", "1");
    Draft::new("pubsub", ns::PUBSUB).child(items).into()
}

/// A request for all items of a node.
pub(crate) fn request_all(node: &str) -> Element {
    let items = Draft::new("items", ns::PUBSUB).attr("node", node);
    Draft::new("pubsub", ns::PUBSUB).child(items).into()
}

/// The items of a node in an answer or an event: what each is called, and what is in it.
pub(crate) fn items<'a>(
    items: Option<&'a Element>,
    node: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Element)> {
    let items = items.filter(|items| items.attr("node") == Some(node));
    let all = items.into_iter().flat_map(|items| items.children().filter(|item| item.name() == "item"));
    all.filter_map(|item| Some((item.attr("id")?, item.children().next()?)))
}

/// The newest item of a node.
#[derive(Debug)]
pub(crate) enum Newest<'a> {
    /// Its content, whatever it is called.
    Item(&'a Element),
    /// There is none.
    None,
    /// The answer is something else.
    Odd,
}

fn is_owners(item: &Element, owner: &BareJid) -> bool {
    item.attr("publisher").is_none_or(|jid| Jid::new(jid).is_ok_and(|jid| jid.bare() == owner))
}

/// The newest item in an answer about a node of that owner.
pub(crate) fn newest<'a>(reply: &'a Element, node: &str, owner: &BareJid) -> Newest<'a> {
    let items =
        reply.get_child("pubsub", ns::PUBSUB).and_then(|pubsub| pubsub.get_child("items", ns::PUBSUB));
    let Some(items) = items.filter(|items| items.attr("node") == Some(node)) else { return Newest::Odd };
    match xml::children(items, "item", ns::PUBSUB).last() {
        None => Newest::None,
        Some(item) if !is_owners(item, owner) => Newest::Odd,
        Some(item) => item.children().next().map_or(Newest::Odd, Newest::Item),
    }
}

/// How a node is to be when it is made by what is put into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Options {
    /// As it is.
    AsItIs,
    /// Open to everyone.
    Open,
    /// Open to everyone, with room for as many items as the server takes.
    OpenAndLarge,
    /// For ourselves alone.
    Private,
}

/// Puts an item into a node of our own.
pub(crate) fn publish(node: &str, id: &str, payload: Element, options: Options) -> Element {
    let item = Draft::new("item", ns::PUBSUB).attr("id", id).child(payload);
    let publish = Draft::new("publish", ns::PUBSUB).attr("node", node).child(item);
    let form = |fields: &[(&str, &str)]| -> Element {
        let form = form("http://jabber.org/protocol/pubsub#publish-options", fields);
        Draft::new("publish-options", ns::PUBSUB).child(form).into()
    };
    let options = match options {
        Options::AsItIs => None,
        Options::Open => Some(form(&[OPEN])),
        Options::Private => Some(form(&[PRIVATE])),
        Options::OpenAndLarge => {
            Some(form(&[OPEN, ("pubsub#persist_items", "true"), ("pubsub#max_items", "max")]))
        }
    };
    Draft::new("pubsub", ns::PUBSUB).child(publish).children(options).into()
}

/// Takes an item of a node of our own back, and tells so.
pub(crate) fn retract(node: &str, id: &str) -> Element {
    let item = Draft::new("item", ns::PUBSUB).attr("id", id);
    let retract = Draft::new("retract", ns::PUBSUB).attr("node", node).attr("notify", "true").child(item);
    Draft::new("pubsub", ns::PUBSUB).child(retract).into()
}

/// Removes a node of our own.
pub(crate) fn delete(node: &str) -> Element {
    let delete = Draft::new("delete", ns::PUBSUB_OWNER).attr("node", node);
    Draft::new("pubsub", ns::PUBSUB_OWNER).child(delete).into()
}

/// How many items a node of ours is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// As many as it does.
    AsItIs,
    /// As many as the server lets it.
    Most,
    /// So many, for servers that know no word for it.
    Many,
}

/// Opens a node of our own to everyone, and makes room in it.
pub(crate) fn open_node(node: &str, room: Room) -> Element {
    let most = match room {
        Room::AsItIs => None,
        Room::Most => Some("max"),
        Room::Many => Some("100"),
    };
    let room = most.map(|most| [("pubsub#persist_items", "true"), ("pubsub#max_items", most)]);
    let fields: Vec<(&str, &str)> = [OPEN].into_iter().chain(room.into_iter().flatten()).collect();
    let form = form("http://jabber.org/protocol/pubsub#node_config", &fields);
    let configure = Draft::new("configure", ns::PUBSUB_OWNER).attr("node", node).child(form);
    Draft::new("pubsub", ns::PUBSUB_OWNER).child(configure).into()
}

/// Makes a node of our own for ourselves alone, which remembers so many items.
pub(crate) fn create_private(node: &str, most: &str) -> Element {
    let create = Draft::new("create", ns::PUBSUB).attr("node", node);
    let configure = Draft::new("configure", ns::PUBSUB).child(private(most));
    Draft::new("pubsub", ns::PUBSUB).child(create).child(configure).into()
}

/// Makes a node of our own that is there already so.
pub(crate) fn make_private(node: &str, most: &str) -> Element {
    let configure = Draft::new("configure", ns::PUBSUB_OWNER).attr("node", node).child(private(most));
    Draft::new("pubsub", ns::PUBSUB_OWNER).child(configure).into()
}

/// Asks what a node of our own is like.
pub(crate) fn request_configuration(node: &str) -> Element {
    let configure = Draft::new("configure", ns::PUBSUB_OWNER).attr("node", node);
    Draft::new("pubsub", ns::PUBSUB_OWNER).child(configure).into()
}

/// What an answer says that a node is like: a field's value.
pub(crate) fn configuration<'a>(reply: &'a Element, node: &str) -> impl Fn(&str) -> Option<String> + use<'a> {
    let configure = reply
        .get_child("pubsub", ns::PUBSUB_OWNER)
        .and_then(|it| it.get_child("configure", ns::PUBSUB_OWNER));
    let configure = configure.filter(|configure| configure.attr("node").is_none_or(|named| named == node));
    let form = configure.and_then(|configure| configure.get_child("x", ns::DATA_FORM));
    move |name| {
        let mut fields = form?.children().filter(|field| field.is("field", ns::DATA_FORM));
        Some(fields.find(|field| field.attr("var") == Some(name))?.get_child("value", ns::DATA_FORM)?.text())
    }
}

fn private(most: &str) -> Element {
    let fields = [PRIVATE, ("pubsub#persist_items", "true"), ("pubsub#max_items", most)];
    form("http://jabber.org/protocol/pubsub#node_config", &fields)
}

const OPEN: (&str, &str) = ("pubsub#access_model", "open");
const PRIVATE: (&str, &str) = ("pubsub#access_model", "whitelist");

/// A form that is handed in (XEP-0004).
fn form(kind: &str, fields: &[(&str, &str)]) -> Element {
    let field = |name: &str, value: &str| {
        let value = Draft::new("value", ns::DATA_FORM).text(value);
        Draft::new("field", ns::DATA_FORM).attr("var", name).child(value)
    };
    let fields = fields.iter().map(|(name, value)| field(name, value).into());
    let kind = field("FORM_TYPE", kind).attr("type", "hidden");
    Draft::new("x", ns::DATA_FORM).attr("type", "submit").child(kind).children(fields).into()
}
