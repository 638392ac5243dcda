//! The key of what is kept sealed is here, or is known to be out of reach.

use causerie_model::{BareJid, Vault};

use super::Features;
use crate::step::Step;

impl Features {
    /// The vault was looked for. One that is broken belongs to a ledger that is older than what was done last.
    pub(super) fn open_vault(&mut self, vault: &Vault, step: &mut Step<'_>) {
        if matches!(vault, Vault::Broken(_)) {
            self.messages.doubt_ledger(step);
            self.rooms.doubt_ledger(step);
        }
        let Self { omemo, roster, messages, .. } = self;
        let is_known = |jid: &BareJid| roster.has(jid) || messages.has_written_to(jid);
        omemo.open_vault(vault, is_known, step);
        self.flush(step);
    }
}
