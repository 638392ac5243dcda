//! What is done with an account that is there: its password, its end at the provider, its contacts as a file.

use causerie_model::{AccountId, Problem};
use causerie_store::Store;
use iced::Task;

use super::{App, Message};
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
            Deed::Copy(password) => iced::clipboard::write(password.reveal().to_owned()),
            Deed::Noted(account) => {
                if let Some(state) = self.context.account_mut(account) {
                    state.unkept = None;
                }
                Task::none()
            }
            Deed::Profile(account, commands, picture) => {
                commands.into_iter().for_each(|command| self.ask(account, command));
                self.publish(account, None, picture)
            }
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

    /// The account is gone from its provider: so it is from here.
    pub(super) fn account_deleted(&mut self, account: AccountId) -> Task<Message> {
        self.sign_out(account, History::Delete)
    }
}
