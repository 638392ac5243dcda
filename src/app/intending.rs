//! What is wanted of an account is kept before it is asked, and asked again until its provider has answered.

use causerie_model::{AccountId, BareJid, Command, Connection, Contact, Event, Notice, PendingOut, Problem};
use iced::Task;

use super::accounts::blocking;
use super::{App, Message, reading};
use crate::context::{AccountState, decode};
use crate::portrait;

impl App {
    /// Keeps what is wanted of an account, and asks it.
    pub(super) fn intend(&mut self, account: AccountId, command: Command) -> Task<Message> {
        // Who was only to be added is not known to the provider: it is enough not to want it any more.
        let only_wished = match &command {
            Command::RemoveContact(jid) => {
                let key = (account, jid.clone());
                let online = self.context.account(account).is_some_and(AccountState::is_online);
                !online && self.context.is_wished(&key) && self.context.contact(&key).is_none()
            }
            _ => false,
        };
        if let Some(own) = self.own(account) {
            self.intents.note(&own, &command);
        }
        // One that is being made ready is not what is wanted any more, or is what has come.
        if matches!(command, Command::PublishPicture(_)) {
            self.cuts.end(account);
        }
        let is_list = matches!(command, Command::AddContacts { .. });
        if !only_wished {
            self.ask(account, command);
        }
        // Nobody has heard it.
        if is_list && self.ending.contains(&account) {
            self.interrupted(account);
        }
        self.save_intents()
    }

    /// The account's actor ends: the next one does what this one has not come to the end of, when it is online.
    pub(super) fn interrupted(&mut self, account: AccountId) {
        self.context.adding.remove(&account);
        if let Some(own) = self.own(account) {
            self.intents.interrupted(&own);
        }
    }

    pub(super) fn own(&self, account: AccountId) -> Option<BareJid> {
        self.context.account(account).map(|state| state.account.jid.clone())
    }

    /// Writes to the disk what is wanted, and lets it be seen.
    pub(super) fn save_intents(&mut self) -> Task<Message> {
        let before = std::mem::replace(&mut self.context.wished, self.intents.wished());
        for (own, jid) in before.into_iter().filter(|wish| !self.context.wished.contains(wish)) {
            let account = self.context.accounts.iter().find(|state| state.account.jid == own);
            if let Some(account) = account.map(|state| state.account.id) {
                self.chats.wished_no_more(account, &jid);
            }
        }
        let (folder, intents) = (self.startup.folders.data.clone(), self.intents.clone());
        let kept = blocking(move || intents.save(&folder), false).map(|_| Message::Done);
        Task::batch([kept, self.show_faces()])
    }

    /// Lets it be seen how others are to see the accounts.
    pub(super) fn show_faces(&mut self) -> Task<Message> {
        self.context.faces = self.intents.faces();
        let wanted = self.context.pictures.wanted(self.intents.pictures().map(|(hash, _)| hash));
        let wanted = self.intents.pictures().filter(|(hash, _)| wanted.contains(hash));
        Task::batch(wanted.map(|(hash, bytes)| {
            let bytes = bytes.to_vec();
            blocking(move || decode(&bytes), None)
                .map(move |picture| Message::Read(reading::Message::Picture(hash, Ok(picture))))
        }))
    }

    /// The account is gone: nothing is wanted of it, and nobody is invited by it.
    pub(super) fn forget_wishes(&mut self, own: &BareJid) -> Task<Message> {
        self.context.invitations.forget(own);
        self.intents.forget(own);
        Task::batch([self.save_invitations(), self.save_intents()])
    }

    /// The account is online: what was not answered is asked again.
    pub(super) fn intend_again(&mut self, account: AccountId) -> Task<Message> {
        let Some(own) = self.own(account) else { return Task::none() };
        let given_up = self.intents.give_up(&own);
        let mut commands = self.intents.ask_again(&own);
        let context = &self.context;
        let is_added = |jid: &BareJid| context.contact(&(account, jid.clone())).is_some_and(is_asked);
        commands.extend(self.intents.list_again(&own, is_added));
        let part = self.intents.part(&own).filter(|_| !self.cuts.is_running(account));
        if commands.is_empty() && part.is_none() && given_up.is_empty() {
            return Task::none();
        }
        let told = given_up
            .into_iter()
            .map(|jid| self.notice(account, Notice::ContactNotAdded { jid, problem: Problem::TimedOut }));
        let told = Task::batch(told.collect::<Vec<_>>());
        commands.into_iter().for_each(|command| self.ask(account, command));
        // It was being made ready when the program ended.
        let cutting = part.map_or_else(Task::none, |(path, square)| {
            let cutting = async move {
                let (original, _) = portrait::open(path).await?;
                let square = original.within(square);
                portrait::cut(original, square).await
            };
            self.cut(account, cutting)
        });
        Task::batch([told, cutting, self.save_intents()])
    }

    /// What has happened in an account may be the answer.
    pub(super) fn answered(&mut self, account: AccountId, event: &Event) -> Task<Message> {
        let Some(own) = self.own(account) else { return Task::none() };
        match event {
            Event::ProfilePublished(wish) | Event::Notice(Notice::ProfileNotPublished { wish, .. }) => {
                self.intents.shown(&own, wish);
            }
            // It is tried again.
            Event::Notice(Notice::ContactNotAdded { problem: Problem::ConnectionLost, .. }) => {
                return Task::none();
            }
            Event::AddingContacts { waiting: 0, .. } => self.intents.list_done(&own),
            Event::Notice(Notice::ContactNotAdded { jid, .. }) => self.intents.added(&own, jid),
            _ => return Task::none(),
        }
        self.save_intents()
    }

    /// Contacts have changed: those that were to be added and are asked for their presence, or show it, are.
    pub(super) fn contacts_changed(&mut self, account: AccountId) -> Task<Message> {
        let Some(own) = self.own(account) else { return Task::none() };
        // A request of another time says nothing of what is only wanted.
        if self.context.account(account).is_none_or(|state| state.connection != Connection::Online) {
            return Task::none();
        }
        let added =
            |contact: &BareJid| self.context.contact(&(account, contact.clone())).is_some_and(is_asked);
        let done: Vec<BareJid> = self.intents.people(&own).into_iter().filter(added).collect();
        if done.is_empty() {
            return Task::none();
        }
        done.iter().for_each(|jid| self.intents.added(&own, jid));
        self.save_intents()
    }
}

/// Whether somebody is asked for their presence, or shows it.
fn is_asked(contact: &Contact) -> bool {
    contact.item.pending_out == PendingOut::Asked || contact.item.subscription.sees_them()
}
