//! Wanting a message gone (XEP-0424 0.4.2), and what rooms do with the messages of others (XEP-0425 0.3.0).
//!
//! | what comes | what it does |
//! |---|---|
//! | a retraction of the same address as the message | the message is gone here |
//! | one in the form of before 0.4 (XEP-0422 0.2.0) | the same |
//! | one that says to be made by a moderator | in a room, and from the room itself: the message is gone here. People have no moderators |
//! | one beside a text that is encrypted in the older version | nothing: whoever carries a message can put it there. The text is shown |

use causerie_model::OriginId;
use minidom::Element;

use crate::xml::{self, Draft};
use crate::{fallback, ns};

/// What others may know that we can do.
pub(crate) const FEATURES: &[&str] = &[ns::RETRACTION];

/// Asks that a message be forgotten.
pub(crate) fn element(target: &OriginId) -> Element {
    Draft::new("retract", ns::RETRACTION).attr("id", target.as_str()).into()
}

/// The same beside a text for programs that know of no such thing.
pub(crate) fn with_fallback(target: &OriginId) -> [Element; 2] {
    [element(target), fallback::whole(ns::RETRACTION)]
}

/// The message that is to be gone.
pub(crate) fn read(said: &Element) -> Option<OriginId> {
    let (id, inner) = match xml::only(said, "retract", ns::RETRACTION) {
        Some(retract) => (retract.attr("id"), retract),
        None => {
            let applied = xml::only(said, "apply-to", ns::FASTENING)?;
            applied.get_child("retract", ns::RETRACTION_BEFORE)?;
            (applied.attr("id"), applied)
        }
    };
    let is_moderated =
        [ns::MODERATION, ns::MODERATION_BEFORE].iter().any(|of| inner.has_child("moderated", *of));
    id.filter(|_| !is_moderated).and_then(OriginId::new)
}

/// Whether that is what an archive keeps in the place of a message that is gone, whoever wanted it gone.
pub(crate) fn is_tombstone(said: &Element) -> bool {
    let moderated = xml::only(said, "moderated", ns::MODERATION_BEFORE);
    let inner = moderated.unwrap_or(said);
    xml::only(said, "retracted", ns::RETRACTION).is_some()
        || xml::only(inner, "retracted", ns::RETRACTION_BEFORE).is_some()
}

/// The message that a moderator of a room wants gone, as the room calls it. Whether it is the room itself that says so is not looked at.
pub(crate) fn is_moderated(said: &Element) -> Option<OriginId> {
    let id = match xml::only(said, "retract", ns::RETRACTION) {
        Some(retract) if retract.has_child("moderated", ns::MODERATION) => retract.attr("id"),
        Some(_) => None,
        None => {
            // Before 0.3.
            let applied = xml::only(said, "apply-to", ns::FASTENING)?;
            let moderated = applied.get_child("moderated", ns::MODERATION_BEFORE)?;
            moderated.get_child("retract", ns::RETRACTION_BEFORE)?;
            applied.attr("id")
        }
    };
    id.and_then(OriginId::new)
}
