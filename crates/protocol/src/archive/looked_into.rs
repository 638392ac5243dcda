//! Whether it is seen in the archive what has arrived, before it is sent again.

use super::{Archive, Progress};

impl Archive {
    /// Whether what may have arrived is looked for, when the session goes on. It is asked in the same step ([`Archive::check`]), or will be,
    /// and tells by [`Archive::is_settling`] when it has been seen, or when there is no waiting for it any more.
    pub(crate) fn is_looked_into(&self) -> bool {
        match self.progress {
            // It is not known yet whether it is still there.
            Progress::Unknown => self.reached.is_some() && !self.told,
            Progress::Fetching { .. } => self.is_settling(),
            Progress::Done => true,
            Progress::Stopped => false,
        }
    }
}
