//! The time, as it ages keys.

/// The time in two readings, both in seconds since 1970. What is lost when it ages, ages by the one, whatever the other says: a machine's
/// clock may be a year ahead, and right again tomorrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What the machine's clock says.
    pub now: u64,
    /// So late it is at least, for certain: not later than `now`.
    pub passed: u64,
}

impl From<u64> for Moment {
    /// Where the clock is believed.
    fn from(now: u64) -> Self {
        Self { now, passed: now }
    }
}
