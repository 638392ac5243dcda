//! A wizard that was left in the middle: what was begun, and the password that the keyring has for it.

use causerie_model::BareJid;
use iced::Task;

use super::Told;
use crate::app::accounts::blocking;
use crate::app::{App, Kept, Message, Screen};
use crate::platform::credentials::{self, Candidate, Fault};
use crate::screen::wizard::{self, Wizard};

impl App {
    /// Goes on where the wizard was left the last time.
    pub(super) fn recalled(&mut self, kept: &wizard::Kept) -> Task<Message> {
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
        let of = jid.clone();
        blocking(move || kept_of(&of, is_here), Err(Fault::Failed))
            .map(move |kept| Message::Told(Told::Password(jid.clone(), kept)))
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
