//! What a timeline reads from the ledger, and what it has the provider asked for.

use std::time::Duration;

use causerie_model::Command;
use iced::Task;

use super::page::{Reach, STEP};
use super::{Action, AtEnd, Message, Older, Timeline, entries, older};
use crate::context::{AccountState, Context, Key};
use crate::widget::list;

impl Timeline {
    /// Something was read, could not be, or takes a while.
    pub(super) fn read(&mut self, message: Message, context: &Context) -> (Task<Message>, Vec<Action>) {
        match message {
            Message::Opened(key, opening) if key == self.key => {
                self.is_unread = false;
                self.page.mark_unread(opening.first_unread);
                self.page.newest_read(opening.messages, opening.limit, &context.zone);
                let unread = entries::Key::Unread;
                let scroll = match self.page.place(&unread) {
                    Some(_) => {
                        // What is below the line counts as read when one gets there.
                        self.at_end = AtEnd::No;
                        list::scroll_to(self.list_id(), unread)
                    }
                    None => Task::none(),
                };
                return (scroll, self.attend(context));
            }
            Message::NewestRead(key, messages, limit) if key == self.key => {
                self.mark_arrivals(&messages, context);
                self.page.newest_read(messages, limit, &context.zone);
                if self.at_end == AtEnd::Yes {
                    self.page.trim(&context.zone);
                }
                let is_partial = self.page.reach() == Reach::Partial;
                self.fetching.read(self.page.oldest(), is_partial, context.now);
                let (task, asked) = self.ask_provider(context);
                let mut actions = self.attend(context);
                actions.extend(asked);
                return (task, actions);
            }
            Message::OlderRead(key, messages) if key == self.key => {
                self.older = Older::Idle;
                self.page.older_read(messages, STEP, &context.zone);
            }
            Message::Unread(key) if key == self.key => {
                self.older = Older::Idle;
                self.is_unread = self.page.reach() == Reach::Unknown;
                self.fetching.unread();
            }
            Message::FetchingLasts(key, asked) if key == self.key => self.fetching.lasts(asked),
            Message::DevicesRead(key, devices) if key == self.key => self.devices = devices,
            // Of another conversation.
            _ => {}
        }
        (Task::none(), Vec::new())
    }

    /// Reads again what is in memory, because it changed.
    pub(crate) fn reload(&self, context: &Context) -> Task<Message> {
        let (key, limit) = (self.key.clone(), self.page.reload_limit());
        if self.is_unread {
            return read_opening(&key, context);
        }
        let read = context.ledger.clone().page(key.clone(), None, limit);
        Task::perform(read, move |read| match read {
            Ok(messages) => Message::NewestRead(key.clone(), messages, limit),
            Err(_) => Message::Unread(key.clone()),
        })
    }

    /// Which device a message came from is told in its menu.
    pub(super) fn read_devices(&self, context: &Context) -> Task<Message> {
        let Some(account) = context.account(self.key.0) else { return Task::none() };
        let key = self.key.clone();
        let read = context.ledger.clone().keys(key.clone(), account.account.jid.clone());
        let read = Task::perform(read, Result::ok);
        read.and_then(move |devices| Task::done(Message::DevicesRead(key.clone(), devices)))
    }

    /// Older messages are read before one gets there.
    pub(super) fn read_ahead(&mut self, context: &Context) -> Task<Message> {
        let near = self.is_near && self.page.reach() == Reach::Partial && self.older == Older::Idle;
        let Some(oldest) = self.page.oldest().filter(|_| near) else { return Task::none() };
        self.older = Older::Asked(oldest);
        let key = self.key.clone();
        let read = context.ledger.clone().page(key.clone(), Some(oldest), STEP);
        Task::perform(read, move |read| match read {
            Ok(messages) => Message::OlderRead(key.clone(), messages),
            Err(_) => Message::Unread(key.clone()),
        })
    }

    /// Where all that is here is in memory, the provider may have more.
    pub(super) fn ask_provider(&mut self, context: &Context) -> (Task<Message>, Option<Action>) {
        let is_online = context.account(self.key.0).is_some_and(AccountState::is_online);
        let near = self.is_near && self.page.reach() == Reach::Whole && is_online;
        let Some(oldest) = self.page.oldest().filter(|_| near && self.fetching.may_ask(context.now)) else {
            return (Task::none(), None);
        };
        let asked = self.fetching.ask(oldest);
        let key = self.key.clone();
        let unseen = async { tokio::time::sleep(Duration::from_millis(older::UNSEEN)).await };
        let lasts = Task::perform(unseen, move |()| Message::FetchingLasts(key.clone(), asked));
        let (account, peer) = self.key.clone();
        (lasts, Some(Action::Ask(account, Command::FetchOlder { peer, before: oldest.0 })))
    }

    /// The provider has given what it was asked for, or not.
    pub(crate) fn older_fetched(&mut self, whole: bool, context: &Context) -> Task<Message> {
        if self.fetching.answered(whole) { self.reload(context) } else { Task::none() }
    }

    /// The connection is another one.
    pub(crate) fn reconnected(&mut self) {
        self.fetching.reconnected();
    }

    /// The provider's archive can be asked.
    pub(crate) fn archive_is_there(&mut self, context: &Context) -> (Task<Message>, Option<Action>) {
        if self.fetching.is_there() { self.ask_provider(context) } else { (Task::none(), None) }
    }
}

/// Reads what a conversation is opened with.
pub(super) fn read_opening(key: &Key, context: &Context) -> Task<Message> {
    let (read, key) = (context.ledger.clone().opening(key.clone(), STEP), key.clone());
    Task::perform(read, move |read| match read {
        Ok(opening) => Message::Opened(key.clone(), opening),
        Err(_) => Message::Unread(key.clone()),
    })
}
