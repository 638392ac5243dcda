//! What is made of the archive's answers besides what is in them: what has arrived and is not sent again, and where the mark may be.

use super::{Archive, Progress};
use crate::messages::Content;

impl Archive {
    /// Whether what may have arrived is looked for, when the session goes on. It is asked in the same step ([`Archive::check`]), or will be,
    /// and tells by [`Archive::is_settling`] when it has been seen, or when there is no waiting for it any more.
    pub(crate) fn is_looked_into(&self) -> bool {
        match self.progress {
            // It is not known yet whether it is still there.
            Progress::Unknown => self.reached.is_some() && !self.told,
            Progress::Fetching { .. } => self.is_settling(),
            Progress::Done => true,
            // Where the person does not want the rest, only they are looked for.
            Progress::Stopped => self.is_unwanted,
        }
    }

    /// What there was in the last result, and whether anything of it is remembered: if not, the mark is never there. What was encrypted and
    /// had come before says where its place is, and what is said of messages is remembered, though there is nothing to show.
    pub(crate) fn said(&mut self, content: Content, is_remembered: bool) {
        let is_nothing = matches!(content, Content::Nothing | Content::Refused) && !is_remembered;
        if let Some(open) = self.open.as_mut().filter(|_| is_nothing) {
            open.latest = None;
        }
    }
}
