//! Being asked which program this is (XEP-0092 1.1). The operating system is nobody's business.

use minidom::Element;

use crate::xml::Draft;
use crate::{disco, ns};

/// What we can do, for XEP-0030.
pub(crate) const FEATURES: &[&str] = &[ns::VERSION];

/// The answer.
pub(crate) fn answer() -> Element {
    let (_, _, name) = disco::IDENTITY;
    Draft::new("query", ns::VERSION)
        .child(Draft::new("name", ns::VERSION).text(name))
        .child(Draft::new("version", ns::VERSION).text(env!("CARGO_PKG_VERSION")))
        .into()
}
