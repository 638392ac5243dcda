//! What the app may know of the account that is being made.

use causerie_model::{AccountId, BareJid};

use super::{Made, Outcome, Page, Wizard};
use crate::context::Context;
use crate::portrait;
use crate::providers::Provider;

impl Wizard {
    /// The page that is shown.
    #[cfg(test)]
    pub(crate) fn page(&self) -> Page {
        self.page
    }

    /// The name that was typed.
    #[cfg(test)]
    pub(crate) fn kept_name(&self) -> &str {
        self.identity.name()
    }

    /// Whether an account is there by now, so that no link leads away from the page.
    pub(crate) fn is_beyond_invitations(&self) -> bool {
        self.made != Made::No || self.account.is_some()
    }

    /// What is known of the provider of the account.
    pub(crate) fn provider_of_account(&self) -> Option<&Provider> {
        self.provider.providers.get(self.jid.as_ref()?.domain())
    }

    /// The address of the new account.
    pub(crate) fn jid(&self) -> Option<&BareJid> {
        self.jid.as_ref()
    }

    /// Whether it is that account.
    pub(crate) fn is_of(&self, account: AccountId) -> bool {
        self.account == Some(account)
    }

    /// The picture that others are to see could not be made ready.
    pub(crate) fn picture_failed(&mut self, fault: portrait::Fault) -> Outcome {
        self.ready.uncut(fault);
        (crate::widget::focus::reveal(), Vec::new())
    }

    /// Whether the clock has to be watched.
    pub(crate) fn is_ticking(&self, context: &Context) -> bool {
        let asks = self.page == Page::Asking && self.signing.is_none();
        self.waits_for_network() || asks && self.asking.is_ticking(context.now)
    }
}
