//! The messages of a conversation.

mod entries;
mod message;
mod older;
mod page;
mod reading;
mod view;

use std::collections::HashSet;

use causerie_model::{
    AccountId, BareJid, Command, Direction, Emoji, Message as Stored, MessageId, MessageState, Reply,
};
use iced::Task;

use super::saying::{self, Said, Target};
use crate::context::{Attention, Context, Devices, Key, Opening};
use crate::widget::focus::focus;
use crate::widget::list::{self, Visible};
use older::Fetching;
use page::{Cursor, Page};
use reading::read_opening;

pub(crate) use view::{COLUMN, view};

/// How many rows above the first visible one are read before one gets there.
const AHEAD: usize = 30;

/// What is in memory of a conversation, and what is looked at.
#[derive(Debug)]
pub(crate) struct Timeline {
    key: Key,
    page: Page,
    older: Older,
    /// Whether nothing could be read yet.
    is_unread: bool,
    /// Whether the provider is asked for what is older than what is here.
    fetching: Fetching,
    /// Whether the oldest messages are in sight, or nearly.
    is_near: bool,
    at_end: AtEnd,
    marked: Option<MessageId>,
    menu: Option<MessageId>,
    /// Whether it is asked in the menu if a message is to be deleted for everyone.
    deleting: Deleting,
    whole: HashSet<MessageId>,
    devices: Devices,
}

/// Whether older messages are being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Older {
    Idle,
    Asked(Cursor),
}

/// Whether it is asked if a message is to be deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Deleting {
    #[default]
    No,
    Asked,
}

/// Whether the newest message is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtEnd {
    Yes,
    No,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The conversation was read from the disk.
    Opened(Key, Opening),
    /// The newest messages were read again, at most so many.
    NewestRead(Key, Vec<Stored>, usize),
    /// Older messages were read.
    OlderRead(Key, Vec<Stored>),
    /// Something of a conversation could not be read.
    Unread(Key),
    /// The provider was asked for older messages a while ago, in the asking of that number.
    FetchingLasts(Key, u64),
    /// Other rows are visible.
    Scrolled(Visible),
    /// “Jump to latest” was pressed.
    JumpPressed,
    /// A link was clicked.
    LinkPressed(String),
    /// The small menu of a message was opened or closed.
    MenuPressed(MessageId),
    /// All of a long message is to be shown.
    MorePressed(MessageId),
    /// A message is to be copied.
    CopyPressed(MessageId),
    /// A message that failed is to be sent again.
    RetryPressed(MessageId),
    /// A message that waits is not to be sent.
    CancelPressed(MessageId),
    /// A message is to be answered.
    ReplyPressed(MessageId),
    /// A message of ours is to be corrected.
    EditPressed(MessageId),
    /// A correction that failed is to be sent again.
    EditAgainPressed(MessageId),
    /// Reactions that were not sent are to be sent once more.
    ReactAgainPressed(MessageId),
    /// A message of ours is perhaps to be deleted for everyone.
    DeletePressed,
    /// It is.
    DeleteConfirmed(MessageId),
    /// It is not.
    DeleteDismissed,
    /// One of our reactions is to be added to a message, or taken away.
    Reacted(MessageId, Emoji),
    /// The devices that messages come from were read.
    DevicesRead(Key, Devices),
    /// The keys of the other one, or our own, are to be looked at.
    KeysPressed(BareJid),
    /// What comes encrypted from somebody, or from another device of ours, can't be read: everything is to begin anew with them.
    RepairPressed(BareJid),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Ask this of the account.
    Ask(AccountId, Command),
    /// Open a link.
    Link(String),
    /// Put text onto the clipboard.
    Copy(String),
    /// Show somebody's keys.
    Keys(Key),
    /// Say this of a message.
    Say(Key, Said),
}

impl Timeline {
    /// An empty one, and the reading of its newest messages.
    pub(crate) fn open(key: Key, context: &Context) -> (Self, Task<Message>) {
        let task = read_opening(&key, context);
        let timeline = Self {
            key,
            page: Page::default(),
            older: Older::Idle,
            is_unread: false,
            fetching: Fetching::default(),
            is_near: false,
            at_end: AtEnd::Yes,
            marked: None,
            menu: None,
            deleting: Deleting::No,
            whole: HashSet::new(),
            devices: Devices::default(),
        };
        (timeline, task)
    }

    /// The scrolled list's name, another one for each conversation.
    pub(crate) fn list_id(&self) -> String {
        format!("timeline {} {}", self.key.0, self.key.1)
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> (Task<Message>, Vec<Action>) {
        match message {
            Message::Opened(..)
            | Message::NewestRead(..)
            | Message::OlderRead(..)
            | Message::Unread(..)
            | Message::DevicesRead(..)
            | Message::FetchingLasts(..) => return self.read(message, context),
            Message::Scrolled(visible) => {
                self.at_end = if visible.at_bottom { AtEnd::Yes } else { AtEnd::No };
                self.is_near = visible.first < AHEAD;
                let (task, asked) = self.ask_provider(context);
                let mut actions = self.attend(context);
                actions.extend(asked);
                return (Task::batch([task, self.read_ahead(context)]), actions);
            }
            Message::JumpPressed => return (list::scroll_to_end(self.list_id()), Vec::new()),
            Message::LinkPressed(link) => return (Task::none(), vec![Action::Link(link)]),
            Message::MenuPressed(id) => {
                if self.menu == Some(id) {
                    return (self.close_menu().unwrap_or_else(Task::none), Vec::new());
                }
                self.menu = Some(id);
                self.deleting = Deleting::No;
                return (Task::batch([focus(message::MENU), self.read_devices(context)]), Vec::new());
            }
            Message::MorePressed(id) => {
                self.whole.insert(id);
            }
            Message::CopyPressed(id) => {
                self.menu = None;
                let copied = self.page.find(id).and_then(text_of).map(|text| Action::Copy(text.to_owned()));
                return (Task::none(), copied.into_iter().collect());
            }
            Message::KeysPressed(jid) => return (Task::none(), vec![Action::Keys((self.key.0, jid))]),
            Message::RepairPressed(jid) => {
                return (Task::none(), vec![Action::Ask(self.key.0, Command::RepairSessions(jid))]);
            }
            Message::RetryPressed(id) => return (Task::none(), self.retry(id).into_iter().collect()),
            Message::CancelPressed(id) => {
                let task = self.close_menu().unwrap_or_else(Task::none);
                return (task, self.cancel(id).into_iter().collect());
            }
            Message::DeletePressed => {
                self.deleting = Deleting::Asked;
                return (focus(message::KEEP), Vec::new());
            }
            Message::DeleteDismissed => {
                self.deleting = Deleting::No;
                return (focus(message::MENU), Vec::new());
            }
            Message::DeleteConfirmed(id) => {
                let task = self.close_menu().unwrap_or_else(Task::none);
                let target = self.page.find(id).and_then(Target::of);
                let said = target.map(|target| Action::Say(self.key.clone(), Said::Retraction(target)));
                return (task, said.into_iter().collect());
            }
            Message::Reacted(id, emoji) => {
                let task = self.close_menu().unwrap_or_else(Task::none);
                let said = self.page.find(id).and_then(|found| self.toggled(found, emoji, context));
                return (task, said.map(|said| Action::Say(self.key.clone(), said)).into_iter().collect());
            }
            Message::EditAgainPressed(id) => {
                let found = self.page.find(id);
                let again = found.and_then(|found| Some((Target::of(found)?, text_of(found)?.to_owned())));
                let said = again.map(|(target, text)| Said::Correction(target, text));
                return (
                    Task::none(),
                    said.map(|said| Action::Say(self.key.clone(), said)).into_iter().collect(),
                );
            }
            Message::ReactAgainPressed(id) => {
                let said = self.page.find(id).and_then(saying::unsent).map(|(said, _)| said);
                let said = said.map(|said| Action::Say(self.key.clone(), said));
                return (Task::none(), said.into_iter().collect());
            }
            // Done where messages are written.
            Message::ReplyPressed(_) | Message::EditPressed(_) => {}
        }
        (Task::none(), Vec::new())
    }

    /// What an answer to a message needs, and whose the message is.
    pub(crate) fn answerable(&self, id: MessageId, context: &Context) -> Option<(Reply, String)> {
        let found = self.page.find(id).filter(|found| self.offered(found, context).answers)?;
        let name = match found.direction {
            Direction::Incoming => context.name(&self.key),
            Direction::Outgoing => context.i18n.get("you"),
        };
        Some((saying::reply(found)?, name))
    }

    /// A message of ours that can be corrected, or the last one that can, and its text.
    pub(crate) fn correctable(&self, id: Option<MessageId>, context: &Context) -> Option<(Target, String)> {
        let found = match id {
            Some(id) => self.page.find(id),
            None => self.page.last_of_ours(),
        };
        let found = found.filter(|found| self.offered(found, context).changes)?;
        Some((Target::of(found)?, text_of(found)?.to_owned()))
    }

    fn offered(&self, found: &Stored, context: &Context) -> saying::Offered {
        saying::offered(found, message::privacy(&self.key, context))
    }

    fn toggled(&self, found: &Stored, emoji: Emoji, context: &Context) -> Option<Said> {
        self.offered(found, context).reacts.then(|| saying::toggled(found, emoji)).flatten()
    }

    /// Closes the menu of a message, and puts the keyboard back onto it. `None` where there was no menu.
    pub(crate) fn close_menu<T: Send + 'static>(&mut self) -> Option<Task<T>> {
        self.menu.take().map(|id| focus(message::name(id)))
    }

    /// What was written by us is at the end: one wants to see it, and has seen what is above.
    pub(crate) fn sent(&mut self, context: &Context) -> Task<Message> {
        self.page.seen(&context.zone);
        list::scroll_to_end(self.list_id())
    }

    /// Says that the newest message was read, when somebody looks at it.
    pub(crate) fn attend(&mut self, context: &Context) -> Vec<Action> {
        let looked_at = self.at_end == AtEnd::Yes && context.attention == Attention::Here;
        let unread = context.conversation(&self.key).is_none_or(|conversation| conversation.unread > 0);
        if !unread {
            // What could not be read may be read later, and is unread then though nothing newer came.
            self.marked = None;
        }
        let newest = self.page.newest().map(|message| message.id);
        let Some(newest) = newest.filter(|newest| looked_at && unread && self.marked != Some(*newest)) else {
            return Vec::new();
        };
        self.marked = Some(newest);
        let (account, peer) = self.key.clone();
        let (origin, archived) = (self.page.newest_of_theirs(), self.page.newest_archived());
        vec![Action::Ask(account, Command::MarkRead { peer, up_to: newest, origin, archived })]
    }

    /// What arrived while nobody looked gets a line above it.
    fn mark_arrivals(&mut self, read: &[Stored], context: &Context) {
        let (Some(newest), Attention::Elsewhere) = (self.page.newest(), context.attention) else { return };
        if self.page.place(&entries::Key::Unread).is_some() {
            return;
        }
        // Where the newest is not among them, all of them came after it.
        let after = read.iter().position(|message| message.id == newest.id).map_or(0, |place| place + 1);
        let theirs = |message: &&Stored| message.direction == Direction::Incoming;
        if let Some(first) = read.iter().skip(after).find(theirs) {
            self.page.mark_unread(Some(first.id));
        }
    }

    fn cancel(&self, id: MessageId) -> Option<Action> {
        let message = self.page.find(id).filter(|message| message.state == MessageState::Pending)?;
        let id = message.origin.clone()?;
        let (account, peer) = self.key.clone();
        Some(Action::Ask(account, Command::CancelMessage { id, peer }))
    }

    fn retry(&self, id: MessageId) -> Option<Action> {
        let message = self.page.find(id)?;
        let failed = matches!(message.state, MessageState::Failed(_));
        let id = message.origin.clone().filter(|_| failed)?;
        let body = text_of(message)?.into();
        let reply = message.annotations.reply.as_ref().map(causerie_model::Quoted::again);
        let (account, peer) = self.key.clone();
        Some(Action::Ask(account, Command::RetryMessage { id, peer, body, reply }))
    }
}

fn text_of(message: &Stored) -> Option<&str> {
    match &message.body {
        causerie_model::Body::Text(text) => Some(text),
        causerie_model::Body::Unreadable(_) | causerie_model::Body::Retracted => None,
    }
}
