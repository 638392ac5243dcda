//! What the person lets others know.

use causerie_model::{Change, Confirming, Sharing};

use super::Features;
use crate::step::Step;

impl Features {
    /// Whether we are seen, and by whom.
    pub(super) fn share(&mut self, sharing: Sharing, step: &mut Step<'_>) {
        self.account.sharing = sharing;
        step.record(Change::SharingSet(sharing));
        self.announce_again(step);
    }

    /// What authors are told of their messages, from now on: what was read before and could not be told yet as well.
    pub(super) fn confirm(&mut self, confirming: Confirming, step: &mut Step<'_>) {
        self.account.confirming = confirming;
        self.receipts.keep_to_ourselves(confirming);
        step.record(Change::ConfirmingSet(confirming));
        self.announce_again(step);
    }
}
