//! What a person can choose.

mod about;
mod accounts;
mod appearance;
mod network;
mod upkeep;
mod view;

use causerie_model::{AccountId, BareJid, Command, Confirming, Notice, Password, ServerAddress, Sharing};
use iced::Task;

use crate::context::Context;
use crate::network::{Way, Whose};
use crate::platform::handler;
use crate::platform::links::keys::KeyLink;
use crate::screen::keys::{self, Keys};
use crate::settings::{Acceleration, Appearance, Notifications, Settings as Chosen, TextSize, Typing};

pub(crate) use upkeep::Deed;
use upkeep::Upkeep;
#[cfg(test)]
pub(crate) use upkeep::{Message as UpkeepMessage, moving};
#[cfg(test)]
pub(crate) use view::DEVICES;
pub(crate) use view::{BACK, view};

/// The page that is shown, and what is being typed on it.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    page: Page,
    server: Option<(AccountId, String)>,
    leaving: Option<AccountId>,
    keys: Option<Keys>,
    upkeep: Option<Box<Upkeep>>,
    links: Box<Links>,
    network: network::Network,
}

/// Whether `xmpp:` links open with this program, as far as that was asked for here.
#[derive(Debug, Default)]
enum Links {
    /// It was not.
    #[default]
    Unasked,
    /// The desktop is being told.
    Asked,
    /// It was told, or why not.
    Told(Result<handler::Done, handler::Fault>),
}

/// A part of the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Page {
    /// Light, dark, size of text, language.
    #[default]
    Appearance,
    /// Accounts.
    Accounts,
    /// Notifications.
    Notifications,
    /// What others learn.
    Privacy,
    /// How the network is reached.
    Network,
    /// Version, licence, where data lie.
    About,
}

impl Page {
    const ALL: [Self; 6] =
        [Self::Appearance, Self::Accounts, Self::Notifications, Self::Privacy, Self::Network, Self::About];
}

/// What becomes of the history when somebody signs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum History {
    /// It stays on this machine.
    Keep,
    /// It is deleted from this machine.
    Delete,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// Another part is to be shown.
    PageChosen(Page),
    /// Light or dark.
    AppearanceChosen(Appearance),
    /// Another size of text.
    TextSizeChosen(TextSize),
    /// Another language, or that of the system.
    LanguageChosen(Option<String>),
    /// Draw with the graphics card or not.
    AccelerationChosen(Acceleration),
    /// What notifications show.
    NotificationsChosen(Notifications),
    /// Whether others see that we are writing.
    TypingChosen(Typing),
    /// Whether contacts may ask for version and time.
    SharingChosen(Sharing),
    /// What was missed is not to be fetched now.
    StopFetchingPressed(AccountId),
    /// What was missed is to be fetched after all.
    FetchingPressed(AccountId),
    /// What people are told of their messages was chosen.
    ConfirmingChosen(Confirming),
    /// Another account is to be added.
    AddAccountPressed,
    /// A password is to be entered.
    PasswordPressed(AccountId),
    /// An account is to be connected.
    ConnectPressed(AccountId),
    /// An account is to be disconnected.
    DisconnectPressed(AccountId),
    /// The server address of an account is to be changed.
    ServerPressed(AccountId),
    /// The server address was edited.
    ServerChanged(String),
    /// Enter, or the button.
    ServerSaved,
    /// The server address is to stay.
    ServerDismissed,
    /// The devices of an account are to be shown.
    KeysPressed(AccountId),
    /// Among them.
    Keys(keys::Message),
    /// On the page of the network.
    Network(network::Message),
    /// More is to be done with an account.
    Upkeep(upkeep::Message),
    /// An account is to be signed out.
    SignOutPressed(AccountId),
    /// It is meant.
    SignOutConfirmed(AccountId, History),
    /// The password of which it is not known whether it holds is to be copied.
    UndecidedCopied(AccountId),
    /// It is not meant.
    SignOutDismissed,
    /// `xmpp:` links are to be opened with this program.
    LinksPressed,
    /// The desktop was told, or not.
    LinksTold(Result<handler::Done, handler::Fault>),
    /// The settings are to be closed; or what is open on them.
    Closed,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Action {
    /// Nothing.
    None,
    /// Wait for this, and ask these of the account.
    Keys(Task<Message>, AccountId, Vec<keys::Action>),
    /// Wait for this, and do that.
    Upkeep(Task<Message>, Option<upkeep::Deed>),
    /// These are the settings from now on.
    Change(Chosen),
    /// Ask this of these accounts.
    Ask(Vec<AccountId>, Command),
    /// Connect an account elsewhere.
    SetServer(AccountId, Option<ServerAddress>),
    /// Reach the network so, for an account or for all; with a password of the proxy, if one was typed.
    SetWay(Whose, Option<Way>, Option<Password>),
    /// Sign an account out.
    SignOut(AccountId, History),
    /// Add an account.
    AddAccount,
    /// Ask for the password of an account.
    EnterPassword(AccountId),
    /// Tell the desktop to open links with this program.
    HandleLinks,
    /// Put the caret there.
    Focus(&'static str),
    /// Back to the conversations.
    Close,
}

impl Message {
    /// The sheet of an account was written, or not.
    pub(crate) fn sheet_written(written: Option<Result<std::path::PathBuf, crate::recovery::Fault>>) -> Self {
        Self::Upkeep(upkeep::Message::Sheet(super::sheet::Message::Written(written)))
    }
}

impl Settings {
    /// Beginning with that part.
    pub(crate) fn at(page: Page) -> Self {
        Self { page, ..Self::default() }
    }

    /// The devices of an account, perhaps with a link to compare them with; and the reading of them.
    pub(crate) fn at_keys(
        account: AccountId,
        link: Option<KeyLink>,
        context: &Context,
    ) -> (Self, Task<Message>) {
        let mut settings = Self::at(Page::Accounts);
        let Some(state) = context.account(account) else { return (settings, Task::none()) };
        let (mut keys, reading) = Keys::open((account, state.account.jid.clone()), context);
        if let Some(link) = link {
            keys.compare_with(link);
        }
        settings.keys = Some(keys);
        (settings, reading.map(Message::Keys))
    }

    /// Whether a picture that is let fall onto the window is for this page.
    pub(crate) fn is_comparing(&self) -> bool {
        self.keys.as_ref().is_some_and(Keys::is_comparing)
    }

    /// Whether something is begun here that would be lost by leaving.
    pub(crate) fn is_typed_in(&self) -> bool {
        let upkeep = self.upkeep.as_ref().is_some_and(|upkeep| upkeep.is_begun());
        upkeep || self.server.is_some() || self.network.is_typed_in()
    }

    /// Devices or keys of somebody changed.
    pub(crate) fn keys_changed(&self, account: AccountId, jid: &BareJid, context: &Context) -> Task<Message> {
        let shown = self.keys.as_ref().filter(|keys| (keys.key().0, &keys.key().1) == (account, jid));
        shown.map_or_else(Task::none, |keys| keys.reload(context).map(Message::Keys))
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Action {
        let change = |change: &dyn Fn(&mut Chosen)| {
            let mut chosen = context.settings.clone();
            change(&mut chosen);
            Action::Change(chosen)
        };
        match message {
            Message::PageChosen(page) => *self = Self::at(page),
            Message::AppearanceChosen(appearance) => return change(&|c| c.appearance = appearance),
            Message::TextSizeChosen(size) => return change(&|c| c.text_size = size),
            Message::LanguageChosen(language) => return change(&|c| c.language.clone_from(&language)),
            Message::AccelerationChosen(acceleration) => return change(&|c| c.acceleration = acceleration),
            Message::NotificationsChosen(shown) => return change(&|c| c.notifications = shown),
            Message::TypingChosen(typing) => return change(&|c| c.typing = typing),
            Message::SharingChosen(sharing) => {
                let all = context.accounts.iter().map(|account| account.account.id).collect();
                return Action::Ask(all, Command::SetSharing(sharing));
            }
            Message::ConfirmingChosen(confirming) => {
                let all = context.accounts.iter().map(|account| account.account.id).collect();
                return Action::Ask(all, Command::SetConfirming(confirming));
            }
            Message::StopFetchingPressed(account) => {
                return Action::Ask(vec![account], Command::StopCatchUp);
            }
            Message::FetchingPressed(account) => return Action::Ask(vec![account], Command::StartCatchUp),
            Message::AddAccountPressed => return Action::AddAccount,
            Message::PasswordPressed(account) => return Action::EnterPassword(account),
            Message::ConnectPressed(account) => return Action::Ask(vec![account], Command::Connect),
            Message::DisconnectPressed(account) => return Action::Ask(vec![account], Command::Disconnect),
            Message::ServerPressed(account) => {
                let server = context.account(account).and_then(|account| account.account.server.as_ref());
                let text = server.map(ServerAddress::to_string).unwrap_or_default();
                *self = Self { server: Some((account, text)), ..Self::at(self.page) };
                return Action::Focus(accounts::SERVER);
            }
            Message::ServerChanged(text) => {
                if let Some((_, server)) = &mut self.server {
                    *server = text;
                }
            }
            Message::ServerSaved => return self.save_server(),
            // What had the focus is gone with what was open: it goes to the way out.
            Message::ServerDismissed | Message::SignOutDismissed => {
                *self = Self::at(self.page);
                return Action::Focus(BACK);
            }
            Message::KeysPressed(account) => {
                let (settings, reading) = Self::at_keys(account, None, context);
                *self = settings;
                let task = Task::batch([reading, crate::widget::focus::focus(BACK)]);
                return Action::Keys(task, account, Vec::new());
            }
            Message::Keys(message) => {
                let Some(keys) = &mut self.keys else { return Action::None };
                let (task, wishes) = keys.update(message, context);
                return Action::Keys(task.map(Message::Keys), keys.key().0, wishes);
            }
            Message::Network(message) => return self.network.update(message, context),
            Message::Upkeep(message) => return self.update_upkeep(message, context),
            Message::SignOutPressed(account) => {
                *self = Self { leaving: Some(account), ..Self::at(self.page) };
                return Action::Focus(accounts::CANCEL);
            }
            Message::SignOutConfirmed(account, history) => {
                self.leaving = None;
                return Action::SignOut(account, history);
            }
            Message::UndecidedCopied(account) => {
                let new = context.account(account).and_then(|state| state.undecided.clone());
                return Action::Upkeep(Task::none(), new.map(Deed::Copy));
            }
            Message::LinksPressed if !matches!(*self.links, Links::Asked) => {
                *self.links = Links::Asked;
                return Action::HandleLinks;
            }
            Message::LinksPressed => {}
            Message::LinksTold(told) => *self.links = Links::Told(told),
            Message::Closed if self.keys.as_mut().is_some_and(Keys::step_back) => return Action::Focus(BACK),
            Message::Closed if self.upkeep.as_mut().is_some_and(|upkeep| upkeep.step_back()) => {
                return Action::Focus(BACK);
            }
            Message::Closed if self.upkeep.is_some() => {
                *self = Self::at(self.page);
                return Action::Focus(BACK);
            }
            Message::Closed if self.server.is_some() || self.leaving.is_some() || self.keys.is_some() => {
                *self = Self::at(self.page);
                return Action::Focus(BACK);
            }
            Message::Closed if self.network.step_back() => return Action::Focus(BACK),
            Message::Closed => return Action::Close,
        }
        Action::None
    }

    /// Something came of what was asked of an account. The answer is whether it is said here.
    pub(crate) fn noticed(&mut self, account: AccountId, notice: &Notice) -> bool {
        self.upkeep.as_mut().is_some_and(|upkeep| upkeep.noticed(account, notice))
    }

    /// Accounts were read again.
    pub(crate) fn accounts_changed(&mut self, context: &Context) {
        if let Some(upkeep) = &mut self.upkeep {
            upkeep.accounts_changed(context);
        }
    }

    /// A provider has taken a new password.
    pub(crate) fn password_changed(&mut self, account: AccountId) {
        if let Some(upkeep) = &mut self.upkeep {
            upkeep.password_changed(account);
        }
    }

    fn update_upkeep(&mut self, message: upkeep::Message, context: &Context) -> Action {
        if let upkeep::Message::Pressed(account) = message {
            let open = self.upkeep.as_ref().is_some_and(|upkeep| upkeep.account() == account);
            *self = Self { upkeep: (!open).then(|| Box::new(Upkeep::new(account))), ..Self::at(self.page) };
            return Action::None;
        }
        let Some(upkeep) = &mut self.upkeep else { return Action::None };
        let (task, deed) = upkeep.update(message, context);
        Action::Upkeep(task.map(Message::Upkeep), deed)
    }

    fn save_server(&mut self) -> Action {
        let Some((account, text)) = self.server.take() else { return Action::None };
        if text.trim().is_empty() {
            return Action::SetServer(account, None);
        }
        match ServerAddress::parse(&text) {
            Some(server) => Action::SetServer(account, Some(server)),
            None => {
                self.server = Some((account, text));
                Action::Focus(accounts::SERVER)
            }
        }
    }
}

/// What is told of this machine, by any account.
fn sharing(context: &Context) -> Sharing {
    let shares = context.accounts.iter().any(|account| account.account.sharing == Sharing::Contacts);
    if shares { Sharing::Contacts } else { Sharing::Nobody }
}

/// What people are told of their messages, by the account that tells most.
fn confirming(context: &Context) -> Confirming {
    let told = context.accounts.iter().map(|account| account.account.confirming);
    told.max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
