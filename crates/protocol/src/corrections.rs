//! Saying what a message was meant to be (XEP-0308 1.2.1).
//!
//! Whose message it may be is decided by who is heard: only a message of the same address in the same conversation (§6). What names no
//! other message than itself corrects nothing, and is a message like any other (§3).

use causerie_model::OriginId;
use minidom::Element;

use crate::ns;
use crate::xml::{self, Draft};

/// What others may know that we can do.
pub(crate) const FEATURES: &[&str] = &[ns::CORRECTION];

/// Says which message a text corrects: always the first one, whatever was corrected since (§3).
pub(crate) fn element(target: &OriginId) -> Element {
    Draft::new("replace", ns::CORRECTION).attr("id", target.as_str()).into()
}

/// The message that is corrected by the one that is called `own`.
pub(crate) fn target(said: &Element, own: Option<&OriginId>) -> Option<OriginId> {
    let target = xml::only(said, "replace", ns::CORRECTION)?.attr("id").and_then(OriginId::new)?;
    (own != Some(&target)).then_some(target)
}
