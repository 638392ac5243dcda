//! What is done with an account that is there: its password, its end at the provider, its contacts as a file.

use causerie_model::{AccountId, Command, Password, Problem};
use causerie_store::Store;
use iced::Task;

use super::accounts::blocking;
use super::{App, Message, Screen};
use crate::platform::credentials;
use crate::screen::settings::{Deed, History};

impl App {
    /// Does what the settings want of an account.
    pub(super) fn keep_up(&mut self, deed: Deed) -> Task<Message> {
        match deed {
            Deed::Ask(account, command) => {
                self.ask(account, command);
                Task::none()
            }
            Deed::ChangePassword(account, password) => self.change_password(account, password),
            Deed::Order(order) => {
                self.context.accounts.sort_by_key(|state| {
                    order.iter().position(|id| *id == state.account.id).unwrap_or(usize::MAX)
                });
                self.write(|store| async move { store.set_order(order).await })
            }
            Deed::Colour(account, colour) => {
                if let Some(state) = self.context.account_mut(account) {
                    state.account.colour = colour;
                }
                self.write(move |store| async move { store.set_colour(account, colour).await })
            }
        }
    }

    fn write<F>(&self, what: impl FnOnce(Store) -> F) -> Task<Message>
    where
        F: Future<Output = Result<(), Problem>> + Send + 'static,
    {
        let Some(store) = self.store.clone() else { return Task::none() };
        Task::perform(what(store), |written| {
            if let Err(problem) = written {
                tracing::warn!(?problem, "an account could not be kept as it was chosen");
            }
            Message::Done
        })
    }

    /// Asks the provider for another password. The old one stays in the keyring until the provider has said yes.
    fn change_password(&mut self, account: AccountId, password: Password) -> Task<Message> {
        self.changing.insert(account, password.clone());
        self.ask(account, Command::ChangePassword(password));
        Task::none()
    }

    /// The provider has said yes.
    pub(super) fn password_changed(&mut self, account: AccountId) -> Task<Message> {
        let jid = self.context.account(account).map(|state| state.account.jid.clone());
        if let Screen::Settings(settings) = &mut self.screen {
            settings.password_changed(account);
        }
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
