//! A wizard that was left in the middle: what was begun, and the password that the keyring has for it.

use causerie_model::BareJid;
use iced::Task;

use super::Told;
use crate::app::accounts::{Attempt, Newness, blocking};
use crate::app::{App, Kept, Message, Screen};
use crate::platform::credentials::{self, Candidate, Fault};
use crate::screen::wizard::{self, Wizard};

impl App {
    /// Goes on where the wizard was left the last time.
    pub(super) fn recalled(&mut self, kept: &wizard::Kept) -> Task<Message> {
        if let Some(account) = kept.trial(&self.context) {
            // It was being tried when the program ended, and is no account before that has come to its end.
            self.attempt = Some(Attempt { account, newness: Newness::New });
            self.context.accounts.retain(|state| state.account.id != account);
        }
        let (wizard, outcome) = Wizard::again(kept, &self.context);
        let shown = self.show_wizard(wizard, outcome);
        Task::batch([shown, self.recall_password()])
    }

    /// Asks the keyring for the password of the wizard's account, where it is not known.
    pub(super) fn recall_password(&self) -> Task<Message> {
        let Screen::Wizard(wizard) = &self.screen else { return Task::none() };
        let is_here = wizard.wonders_about_password().is_some();
        let wanted = wizard.waits_for_password().or(wizard.wonders_about_password());
        let Some(jid) = wanted.or(wizard.misses_entrusted()).cloned() else { return Task::none() };
        let (of, other) = (jid.clone(), jid.clone());
        let newest = blocking(move || kept_of(&of, is_here), Err(Fault::Failed))
            .map(move |kept| Message::Told(Told::Password(jid.clone(), kept)));
        let beside = other.clone();
        let earlier = blocking(move || credentials::load_earlier(&beside).unwrap_or_default(), Vec::new())
            .map(move |earlier| Message::Told(Told::Earlier(other.clone(), earlier)));
        newest.chain(earlier)
    }
}

/// What the keyring has for an account that is in here; else for one that was asked for.
fn kept_of(jid: &BareJid, is_here: bool) -> Kept {
    if is_here {
        return credentials::load_or_adopt(jid);
    }
    match Candidate::Account.load(jid)? {
        Some(password) => Ok(Some(password)),
        None => credentials::load(jid),
    }
}
