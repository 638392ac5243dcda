//! Our own availability, and whose people are shown: a small menu.

mod view;

use causerie_model::{AccountId, Connection, OwnPresence, Show};

use crate::context::Context;

pub(crate) use view::{FIRST, view};

/// The open menu.
#[derive(Debug)]
pub(crate) struct Own {
    show: Show,
    status: String,
    line: Line,
    only: Option<AccountId>,
}

/// Whether we are on the line at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    On,
    Off,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// Another availability was chosen.
    Chosen(Show),
    /// Offline was chosen.
    OfflineChosen,
    /// The account whose people alone are to be shown, or all of them.
    AccountChosen(Option<AccountId>),
    /// The words were edited.
    StatusChanged(String),
    /// Enter, or the button.
    Submitted,
    /// The menu was left.
    Closed,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    None,
    /// Close the menu.
    Close,
    /// Show this to contacts.
    Show(Show, String),
    /// Go offline.
    Disconnect,
    /// Show the people of this account alone, or of all.
    Only(Option<AccountId>),
}

impl Own {
    /// The menu with what is shown now; without an account there is none.
    pub(crate) fn open(only: Option<AccountId>, context: &Context) -> Option<Self> {
        let first = context.accounts.first()?;
        let off = context.accounts.iter().all(|account| account.connection == Connection::Offline);
        let line = if off { Line::Off } else { Line::On };
        let OwnPresence { show, status, .. } = first.account.presence.clone();
        Some(Self { show, status, line, only })
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Chosen(show) => {
                self.show = show;
                Action::Show(show, self.status.trim().to_owned())
            }
            Message::AccountChosen(only) => Action::Only(only),
            Message::OfflineChosen => Action::Disconnect,
            Message::StatusChanged(status) => {
                self.status = status;
                Action::None
            }
            Message::Submitted => Action::Show(self.show, self.status.trim().to_owned()),
            Message::Closed => Action::Close,
        }
    }
}
