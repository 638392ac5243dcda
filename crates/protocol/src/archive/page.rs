//! A question for a page of an archive (XEP-0313 1.1.3 §4, XEP-0059 1.0).

use causerie_model::{BareJid, Timestamp};
use minidom::Element;

use crate::xml::Draft;
use crate::{datetime, ns};

/// Of whom, and from when to when. None is no bound.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    pub(super) with: Option<BareJid>,
    pub(super) start: Option<Timestamp>,
    pub(super) end: Option<Timestamp>,
}

/// On which side of a message; none is the end of all that there is.
#[derive(Debug)]
pub(super) enum Side {
    After(Option<String>),
    Before(Option<String>),
}

/// The question of that name for at most so many messages.
pub(super) fn query(name: &str, bounds: &Bounds, side: &Side, most: usize) -> Draft {
    let field = |var: &str, value: &str| {
        let value = Draft::new("value", ns::DATA_FORM).text(value);
        Element::from(Draft::new("field", ns::DATA_FORM).attr("var", var).child(value))
    };
    let kind = Draft::new("field", ns::DATA_FORM).attr("var", "FORM_TYPE").attr("type", "hidden");
    let kind = kind.child(Draft::new("value", ns::DATA_FORM).text(ns::ARCHIVE));
    let Bounds { with, start, end } = bounds;
    let form = Draft::new("x", ns::DATA_FORM)
        .attr("type", "submit")
        .child(kind)
        .children(with.as_ref().map(|with| field("with", with.as_str())))
        .children(start.map(|start| field("start", &datetime::format(start))))
        .children(end.map(|end| field("end", &datetime::format(end))));
    let set = Draft::new("set", ns::RSM).child(Draft::new("max", ns::RSM).text(&most.to_string()));
    let set = match side {
        Side::After(Some(id)) if !id.is_empty() => set.child(Draft::new("after", ns::RSM).text(id)),
        Side::After(_) => set,
        // Without an identifier it is the last page.
        Side::Before(id) => set.child(Draft::new("before", ns::RSM).text(id.as_deref().unwrap_or_default())),
    };
    Draft::new("query", ns::ARCHIVE).attr("queryid", name).child(form).child(set)
}

/// Whether nothing comes after what that answers.
pub(super) fn is_last(reply: &Element) -> bool {
    let Some(fin) = reply.get_child("fin", ns::ARCHIVE) else { return false };
    let last = fin.get_child("set", ns::RSM).and_then(|set| set.get_child("last", ns::RSM));
    matches!(fin.attr("complete"), Some("true" | "1")) || last.is_none_or(|last| last.text().is_empty())
}
