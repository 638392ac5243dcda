//! Being asked what time it is here (XEP-0202 2.0).

use causerie_model::Timestamp;
use minidom::Element;

use crate::xml::Draft;
use crate::{Now, datetime, ns};

/// What we can do, for XEP-0030.
pub(crate) const FEATURES: &[&str] = &[ns::TIME];

/// The answer, to the second.
pub(crate) fn answer(now: Now) -> Element {
    let seconds = now.wall.as_millis().div_euclid(1000).saturating_mul(1000);
    Draft::new("time", ns::TIME)
        .child(Draft::new("tzo", ns::TIME).text(&datetime::format_offset(now.utc_offset)))
        .child(Draft::new("utc", ns::TIME).text(&datetime::format(Timestamp::from_millis(seconds))))
        .into()
}
