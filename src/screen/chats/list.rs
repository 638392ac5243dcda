//! The conversations and contacts of all accounts, and a box to find one of them.

mod item;
mod rows;
mod view;

use causerie_model::{AccountId, BareJid, Command};

use crate::context::{Context, Key};
use rows::{People, Row};

pub(crate) use view::{FILTER, view};

/// What was typed into the filter, and the rows that it leaves.
#[derive(Debug, Default)]
pub(crate) struct List {
    filter: String,
    only: Option<AccountId>,
    rows: Vec<Row>,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The filter was edited.
    Filtered(String),
    /// Enter in the filter.
    FirstChosen,
    /// The people of all accounts are to be shown again.
    AllPressed,
    /// A row was pressed.
    Chosen(Key),
    /// Somebody new is to be added.
    AddPressed(String),
    /// A request was accepted.
    Accepted(AccountId, BareJid),
    /// A request was declined.
    Declined(AccountId, BareJid),
    /// Who made a request is to be blocked.
    Blocked(AccountId, BareJid),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    None,
    /// Show a conversation.
    Open(Key),
    /// Fill in the form for a new contact.
    Add(String),
    /// Ask this of an account.
    Ask(AccountId, Vec<Command>),
}

impl List {
    /// Makes the rows anew, because people or conversations changed.
    pub(crate) fn arrange(&mut self, context: &Context) {
        // An account that is gone, or the only one that is left, is not told apart.
        self.only =
            self.only.filter(|only| context.has_several_accounts() && context.account(*only).is_some());
        let people = People {
            conversations: &context.conversations,
            contacts: &context.contacts,
            requests: &context.requests,
            only: self.only,
        };
        self.rows = rows::rows(people, &self.filter);
    }

    /// The account whose people alone are shown.
    pub(crate) fn only(&self) -> Option<AccountId> {
        self.only
    }

    /// Shows the people of one account alone, or of all.
    pub(crate) fn show_only(&mut self, account: Option<AccountId>, context: &Context) {
        self.only = account;
        self.arrange(context);
    }

    /// How many conversations with something new, and requests, are of accounts that are not shown.
    fn news_elsewhere(&self, context: &Context) -> usize {
        let Some(only) = self.only else { return 0 };
        let unread = context.conversations.iter().filter(|one| one.account != only && one.unread > 0);
        let requests = context.requests.iter().filter(|(account, _)| *account != only);
        unread.count() + requests.count()
    }

    /// Whether the filter hides anything.
    pub(crate) fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Empties the filter.
    pub(crate) fn clear(&mut self, context: &Context) {
        self.filter.clear();
        self.arrange(context);
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Action {
        match message {
            Message::Filtered(filter) => {
                self.filter = filter;
                self.arrange(context);
                Action::None
            }
            Message::AllPressed => {
                self.show_only(None, context);
                Action::None
            }
            Message::FirstChosen => self.choose_first(context),
            Message::Chosen(key) => {
                if self.is_filtered() {
                    self.clear(context);
                }
                Action::Open(key)
            }
            Message::AddPressed(address) => Action::Add(address),
            Message::Accepted(account, jid) => Action::Ask(account, vec![Command::AcceptRequest(jid)]),
            Message::Declined(account, jid) => Action::Ask(account, vec![Command::DeclineRequest(jid)]),
            Message::Blocked(account, jid) => {
                Action::Ask(account, vec![Command::DeclineRequest(jid.clone()), Command::Block(jid)])
            }
        }
    }

    fn choose_first(&mut self, context: &Context) -> Action {
        let chosen = self.rows.iter().find_map(|row| match row {
            Row::Conversation(place) => {
                let found = context.conversations.get(*place)?;
                Some(Message::Chosen((found.account, found.peer.clone())))
            }
            Row::Contact(place) => {
                let (account, contact) = context.contacts.get(*place)?;
                Some(Message::Chosen((*account, contact.item.jid.clone())))
            }
            Row::Add(address) => Some(Message::AddPressed(address.to_string())),
            Row::Heading(_) | Row::Request(_) => None,
        });
        chosen.map_or(Action::None, |message| self.update(message, context))
    }
}
