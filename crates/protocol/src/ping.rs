//! Being asked whether we are alive (XEP-0199 2.0.1).

use crate::ns;

/// What we can do, for XEP-0030.
pub(crate) const FEATURES: &[&str] = &[ns::PING];
