//! What is done with an account that is there: its password, its end at the provider, its contacts as a file.

use causerie_model::{AccountId, Command, Invitation, Problem};
use causerie_store::Store;
use iced::Task;

use super::accounts::blocking;
use super::{App, Message, doing};
use crate::i18n::I18n;
use crate::invitations;
use crate::platform::credentials;
use crate::providers::refresh;
use crate::recovery::{self, Fault, Form, Sheet};
use crate::screen::settings::{self, Deed, History};
use crate::screen::sheet::{Wish, WithPassword};

impl App {
    /// Does what the settings want of an account.
    pub(super) fn keep_up(&mut self, deed: Deed) -> Task<Message> {
        match deed {
            Deed::Ask(account, command) => {
                let listed = matches!(command, Command::AddContacts { .. } | Command::StopAddingContacts);
                if listed {
                    return self.intend(account, command);
                }
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
                let wanted = commands.into_iter().map(|command| self.intend(account, command));
                let wanted = Task::batch(wanted.collect::<Vec<_>>());
                Task::batch([wanted, self.publish(account, None, picture.map(|picture| (picture, None)))])
            }
            Deed::Sheet(account, Wish::Write(form, with)) => self.write_sheet_of(account, form, with),
            Deed::Sheet(_, Wish::Open(path)) => doing::open_file(path),
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

    /// Writes the sheet of an account. A password that is only thought to be the account's is not put on it.
    fn write_sheet_of(&self, account: AccountId, form: Form, with: WithPassword) -> Task<Message> {
        let Some(state) = self.context.account(account) else { return Task::none() };
        let (jid, unkept) = (state.account.jid.clone(), state.unkept.clone());
        let doubtful = self.is_undecided(account);
        let (folder, language) = (self.startup.folders.cache.clone(), self.context.settings.language.clone());
        let make = move || {
            let password = match unkept {
                _ if with == WithPassword::No => None,
                _ if doubtful => return Err(Fault::NoPassword),
                Some((password, _)) => Some(password),
                None => Some(credentials::load(&jid).ok().flatten().ok_or(Fault::NoPassword)?),
            };
            let providers = refresh::at_hand(&folder);
            Ok(Sheet::new(&jid, providers.get(jid.domain()), password, &I18n::new(language.as_deref())))
        };
        let name = state.account.jid.local().unwrap_or("causerie");
        let title = self.context.i18n.get("recovery-title");
        let chosen = recovery::choose(&self.context.chooser, title, name, form);
        Task::perform(recovery::keep(chosen, form, make), |written| {
            Message::Settings(settings::Message::sheet_written(written))
        })
    }

    /// An invitation was made: it can be handed out once more until it is over.
    pub(super) fn keep_invitation(&mut self, account: AccountId, made: Invitation) -> Task<Message> {
        let Some(own) = self.context.account(account).map(|state| state.account.jid.clone()) else {
            return Task::none();
        };
        self.context.invitations.add(own, made, self.context.now);
        self.save_invitations()
    }

    /// Writes the invitations that were made to the disk.
    pub(super) fn save_invitations(&self) -> Task<Message> {
        let (folder, all) = (self.startup.folders.data.clone(), self.context.invitations.clone());
        blocking(move || invitations::save(&folder, &all), ()).map(|()| Message::Done)
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
