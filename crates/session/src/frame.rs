//! A stanza, or any other child of the stream, before anything is known about it.

use minidom::Element;
use rxml::{AttrMap, Event, QName};
use xso::error::{Error, FromEventsError};
use xso::{AsXml, Context, FromEventsBuilder, FromXml};

use crate::guard::REJECTED_NS;

/// Any element at the top level of an XML stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame(pub Element);

impl Frame {
    /// Why the guard put this element in the place of a stanza, if it did.
    pub fn rejection(&self) -> Option<&str> {
        self.0.get_child("rejected", REJECTED_NS)?.attr("reason")
    }
}

/// Builds a [`Frame`] on a stack of its own: the cost of an event doesn't grow with the depth, as it does with the
/// builder of `Element`, and text that arrives in many pieces becomes one node.
#[derive(Debug)]
pub struct FrameBuilder {
    open: Vec<Element>,
}

impl FromXml for Frame {
    type Builder = FrameBuilder;

    fn from_events(
        name: QName,
        attributes: AttrMap,
        _: &Context<'_>,
    ) -> Result<FrameBuilder, FromEventsError> {
        Ok(FrameBuilder { open: vec![element(name, attributes)] })
    }
}

impl FromEventsBuilder for FrameBuilder {
    type Output = Frame;

    fn feed(&mut self, event: Event, _: &Context<'_>) -> Result<Option<Frame>, Error> {
        match event {
            Event::XmlDeclaration(..) => {}
            Event::StartElement(_, name, attributes) => self.open.push(element(name, attributes)),
            Event::Text(_, text) => {
                if let Some(open) = self.open.last_mut() {
                    open.append_text(text);
                }
            }
            Event::EndElement(_) => {
                let Some(ended) = self.open.pop() else {
                    return Err(Error::Other("an end without a beginning"));
                };
                let Some(parent) = self.open.last_mut() else { return Ok(Some(Frame(ended))) };
                parent.append_child(ended);
            }
        }
        Ok(None)
    }
}

impl AsXml for Frame {
    type ItemIter<'a> = <Element as AsXml>::ItemIter<'a>;

    fn as_xml_iter(&self) -> Result<Self::ItemIter<'_>, Error> {
        self.0.as_xml_iter()
    }
}

fn element((namespace, name): QName, attributes: AttrMap) -> Element {
    let mut builder = Element::builder(name, namespace);
    for ((namespace, name), value) in attributes {
        builder = builder.attr_ns(namespace, name, value);
    }
    builder.build()
}
