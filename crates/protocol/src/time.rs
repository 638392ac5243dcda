//! What time it is (XEP-0202 2.0): we are asked, and ask our server where our own clock has gone on for much longer than is known to have
//! passed. That is so after a long absence, or it is wrong.

use causerie_model::Timestamp;
use minidom::Element;

use crate::iq::{Answer, Ask, Recipient};
use crate::step::Step;
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

/// Asks our server.
pub(crate) fn ask(step: &mut Step<'_>) {
    step.get(Recipient::Server, Draft::new("time", ns::TIME), Ask::ServerTime);
}

/// What it says.
pub(crate) fn told(answer: &Answer<'_>) -> Option<Timestamp> {
    let Answer::Result(reply) = answer else { return None };
    datetime::parse(reply.get_child("time", ns::TIME)?.get_child("utc", ns::TIME)?.text().trim())
}
