//! The element that takes the place of a stanza that may not pass.

use std::collections::HashMap;

use minidom::Element;
use rxml::parser::CommentMode;
use rxml::{Options, RawEvent, RawParser, WithOptions, xml_ncname};

use super::judge::parse;
use super::limits::Reason;

/// The namespace of the child that makes an element a marker.
pub const REJECTED_NS: &str = "urn:causerie:guard";

/// Three parts of 1023 bytes, `@` and `/` (RFC 7622). A longer attribute isn't copied to a marker.
const LONGEST_ADDRESS: usize = 3 * 1023 + 2;
/// The attributes that a marker has of its stanza.
const ADDRESSES: [&str; 4] = ["from", "to", "id", "type"];

/// A marker made from as much of the stanza's start tag as there is.
pub(super) fn marker(header: &[u8], start_tag: &[u8], reason: Reason) -> Element {
    let mut names = Vec::new();
    let mut namespaces = HashMap::new();
    let mut addresses = Vec::new();
    let max_token_length = header.len().max(start_tag.len());
    let options = Options { max_token_length, context: None, comments: CommentMode::Discard };
    let mut parser = RawParser::with_options(options);
    let mut each = |event| match event {
        RawEvent::ElementHeadOpen(_, name) => names.push(name),
        RawEvent::Attribute(_, (None, name), namespace) if name == "xmlns" => {
            drop(namespaces.insert(None, namespace));
        }
        RawEvent::Attribute(_, (Some(xmlns), prefix), namespace) if xmlns == "xmlns" => {
            namespaces.insert(Some(prefix), namespace);
        }
        RawEvent::Attribute(_, (None, name), value) if names.len() == 2 && value.len() <= LONGEST_ADDRESS => {
            addresses.push((name, value));
        }
        _ => {}
    };
    // Whatever is wrong with the rest of the start tag, what came before it counts.
    let _ = parse(&mut parser, header, &mut each).and_then(|()| parse(&mut parser, start_tag, &mut each));

    let (prefix, name) =
        names.into_iter().nth(1).unwrap_or_else(|| (None, xml_ncname!("unknown").to_owned()));
    // Without a namespace the marker would inherit that of the stream.
    let namespace = namespaces.remove(&prefix).filter(|namespace| !namespace.is_empty());
    let mut marker = Element::builder(name, namespace.unwrap_or_else(|| REJECTED_NS.to_owned()));
    for (name, value) in addresses {
        if ADDRESSES.contains(&name.as_str()) {
            marker = marker.attr(name, value);
        }
    }
    marker.append(rejected(reason)).build()
}

/// A marker in the place of an element that was let in and did harm.
pub(crate) fn stand_in(element: &Element) -> Element {
    let mut marker = Element::bare(element.name(), element.ns());
    for ((namespace, name), value) in element.attrs() {
        if namespace.is_none() && ADDRESSES.contains(&name.as_str()) {
            marker.set_attr(namespace.clone(), name.clone(), value.clone());
        }
    }
    marker.append_child(rejected(Reason::Malformed));
    marker
}

fn rejected(reason: Reason) -> Element {
    Element::builder("rejected", REJECTED_NS).attr(xml_ncname!("reason").to_owned(), reason.as_str()).build()
}
