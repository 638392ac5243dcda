//! What is shown to others of a new account, and the sheet that brings its owner back into it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use causerie_model::{AccountId, Command, OwnPicture, ProfilePart};
use iced::Task;

use super::Told;
use crate::app::{App, Message, Screen};
use crate::portrait::{self, Fault, Original, Square};
use crate::recovery::{self, Form, Sheet};
use crate::screen::sheet::WithPassword;
use crate::screen::wizard;

/// A picture that is being made ready, with its number: a later one has a higher one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(super) account: AccountId,
    number: u64,
}

/// Pictures that are being made ready. Of an account only the newest counts, as long as no other one is wanted, or none.
#[derive(Debug, Default)]
pub(in crate::app) struct Cuts {
    newest: BTreeMap<AccountId, u64>,
    begun: u64,
}

impl Cuts {
    fn begin(&mut self, account: AccountId) -> Cut {
        self.begun += 1;
        self.newest.insert(account, self.begun);
        Cut { account, number: self.begun }
    }

    /// None of the account counts any more.
    pub(in crate::app) fn end(&mut self, account: AccountId) {
        self.newest.remove(&account);
    }

    /// Whether one of the account is being made ready.
    pub(in crate::app) fn is_running(&self, account: AccountId) -> bool {
        self.newest.contains_key(&account)
    }

    /// The one that counts.
    #[cfg(test)]
    pub(in crate::app) fn of(&self, account: AccountId) -> Option<Cut> {
        self.newest.get(&account).map(|number| Cut { account, number: *number })
    }

    pub(super) fn is_newest(&self, cut: Cut) -> bool {
        self.newest.get(&cut.account) == Some(&cut.number)
    }
}

impl App {
    /// Makes a picture ready and shows it to others, unless there is another one by then, or none.
    pub(in crate::app) fn cut(
        &mut self,
        account: AccountId,
        cutting: impl Future<Output = Result<OwnPicture, Fault>> + Send + 'static,
    ) -> Task<Message> {
        let cut = self.cuts.begin(account);
        Task::perform(cutting, move |done| match done {
            Ok(picture) => Message::Told(Told::Cut(cut, picture)),
            Err(fault) => Message::Told(Told::NotCut(cut, fault)),
        })
    }

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
        let cutting = self.cut(account, portrait::cut(original, square));
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
