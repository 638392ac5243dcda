//! What is done with an account that is there: its password, its end at the provider, its contacts as a file.

use causerie_model::{AccountId, Command, Password};
use iced::Task;

use super::accounts::blocking;
use super::{App, Message};
use crate::platform::credentials;
use crate::screen::settings::History;

impl App {
    /// Asks the provider for another password. The old one stays in the keyring until the provider has said yes.
    pub(super) fn change_password(&mut self, account: AccountId, password: Password) -> Task<Message> {
        self.changing.insert(account, password.clone());
        self.ask(account, Command::ChangePassword(password));
        Task::none()
    }

    /// The provider has said yes.
    pub(super) fn password_changed(&mut self, account: AccountId) -> Task<Message> {
        let jid = self.context.account(account).map(|state| state.account.jid.clone());
        let Some((password, jid)) = self.changing.remove(&account).zip(jid) else { return Task::none() };
        let keep = move || {
            if let Err(fault) = credentials::save(&jid, &password) {
                tracing::warn!(?fault, "the keyring did not take the new password");
            }
        };
        blocking(keep, ()).map(|()| Message::Done)
    }

    /// The account is gone from its provider: so it is from here.
    pub(super) fn account_deleted(&mut self, account: AccountId) -> Task<Message> {
        self.sign_out(account, History::Delete)
    }
}
