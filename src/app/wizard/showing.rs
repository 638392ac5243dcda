//! What is shown to others of a new account, and the sheet that brings its owner back into it.

use std::path::PathBuf;

use causerie_model::{AccountId, Command, ProfilePart};
use iced::Task;

use super::Told;
use crate::app::{App, Message, Screen};
use crate::portrait::{self, Original, Square};
use crate::recovery::{self, Form, Sheet};
use crate::screen::sheet::WithPassword;
use crate::screen::wizard;

impl App {
    /// Shows a name and a picture to others, as soon as the account is online.
    pub(in crate::app) fn publish(
        &mut self,
        account: AccountId,
        name: Option<String>,
        picture: Option<((Original, Square), Option<PathBuf>)>,
    ) -> Task<Message> {
        let named =
            name.map_or_else(Task::none, |name| self.intend(account, Command::PublishName(Some(name))));
        let Some(((original, square), source)) = picture else { return named };
        if let Some((own, source)) = self.own(account).zip(source) {
            self.intents.note_part(&own, source, square);
        }
        let cutting = Task::perform(portrait::cut(original, square), move |cut| match cut {
            Ok(picture) => Message::Told(Told::Cut(account, picture)),
            Err(fault) => Message::Told(Told::NotCut(account, fault)),
        });
        Task::batch([named, self.save_intents(), cutting])
    }

    /// Shows no name or picture any more to others.
    pub(in crate::app) fn withdraw(&mut self, account: AccountId, parts: Vec<ProfilePart>) -> Task<Message> {
        let gone = parts.into_iter().map(|part| match part {
            ProfilePart::Name => Command::PublishName(None),
            ProfilePart::Picture => Command::PublishPicture(None),
        });
        let gone: Vec<Command> = gone.collect();
        Task::batch(gone.into_iter().map(|command| self.intend(account, command)).collect::<Vec<_>>())
    }

    /// Asks where the sheet is to be, and writes it there.
    pub(super) fn write_sheet(&mut self, form: Form, with: WithPassword) -> Task<Message> {
        let Screen::Wizard(wizard) = &self.screen else { return Task::none() };
        let Some(jid) = wizard.jid() else { return Task::none() };
        let i18n = &self.context.i18n;
        let known = wizard.provider_of_account();
        let password = wizard.secret(&self.context).filter(|_| with == WithPassword::Yes).cloned();
        let sheet = Sheet::new(jid, known, password, i18n);
        let name = jid.local().unwrap_or("causerie");
        let chosen = recovery::choose(&self.context.chooser, i18n.get("recovery-title"), name, form);
        Task::perform(recovery::keep(chosen, form, move || Ok(sheet)), |written| {
            Message::Wizard(wizard::Message::sheet_written(written))
        })
    }
}
