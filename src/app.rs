//! The app: what has happened comes in, goes to the screen or the account that it concerns, and what they want is done.

mod accounts;
mod changing;
mod choosing;
mod doing;
mod events;
mod intending;
mod leaving;
mod looking;
mod network;
mod opening;
mod pictures;
mod reading;
mod signing_in;
mod source;
mod tokens;
mod unread;
mod upkeep;
mod view;
mod window;
mod wizard;

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{AccountId, Event, Password, Problem, Vault};
use causerie_store::Store;
use iced::{Subscription, Task};

use crate::context::{Context, Key, Keyring, Ledger};
use crate::intents::Intents;
use crate::network::Whose;
use crate::platform::chooser::Way;
use crate::platform::credentials::Fault;
use crate::platform::instance::Wish;
use crate::platform::links::kept::Links;
use crate::platform::notifications::Notifier;
use crate::platform::vault::Keeper;
use crate::screen::wizard::{Turn, Wizard};
use crate::screen::{self, chats, link, path, settings, sign_in, welcome};
use crate::startup::{Opened, Startup};
use accounts::{Attempt, Session};
use reading::{Everything, Reading};
use source::Source;

/// The whole program.
#[derive(Debug)]
pub(crate) struct App {
    startup: Startup,
    context: Context,
    screen: Screen,
    chats: chats::Chats,
    store: Option<Store>,
    vault: Vault,
    keeper: Option<Keeper>,
    sessions: BTreeMap<AccountId, Session>,
    started: u64,
    /// Accounts whose actor is ending: until it has, no other one is started.
    ending: BTreeSet<AccountId>,
    attempt: Option<Attempt>,
    registration: Option<wizard::Registration>,
    /// The wizard while something else is shown: nothing typed is lost by looking elsewhere.
    parked: Option<Box<Wizard>>,
    /// The form for signing in that was left, without the password.
    left_sign_in: Option<sign_in::SignIn>,
    /// A conversation that is shown when the wizard has its answer.
    awaiting: Option<Key>,
    /// New passwords that a provider has not taken yet.
    changing: BTreeMap<AccountId, Password>,
    /// What is wanted of accounts and not answered.
    intents: Intents,
    /// Pictures that are being made ready to be seen by others.
    cuts: wizard::Cuts,
    /// In which order the wizard is remembered and forgotten.
    turns: Turn,
    /// Passwords of proxies, as far as the keyring was asked for them or somebody typed them.
    proxy_passwords: BTreeMap<Whose, Password>,
    /// Accounts of which it is not known whether their new password holds.
    doubts: BTreeMap<AccountId, changing::Doubt>,
    tokens: tokens::Tokens,
    looking: looking::Looking,
    reading: Reading,
    notifier: Notifier,
    clicks: Source<Key>,
    wishes: Option<Source<Wish>>,
    troubles: unread::Troubles,
    /// Whether the ledger is being opened, or read for the first time.
    reopening: opening::Reopening,
    window: window::Window,
    /// Links that are followed as soon as there is a place for them, one after the other.
    links: Links,
    /// Whether what they lead to is being read, or whether there is a wizard that was not finished.
    settling: bool,
    /// Why a link led nowhere, in front of everything until it was read.
    trouble: Option<link::Trouble>,
    /// A path that is asked for, in front of everything as well.
    path: Option<path::Typing>,
    /// Whether it is asked if the program is to end though something is not kept yet, in front of all that.
    leaving: leaving::Leaving,
    /// What was asked of accounts.
    #[cfg(test)]
    asked: std::cell::RefCell<Vec<(AccountId, causerie_model::Command)>>,
}

/// What fills the window. The conversations stay as they are behind the others.
#[derive(Debug)]
enum Screen {
    Opening,
    Refused(Problem),
    Welcome,
    SignIn(sign_in::SignIn),
    Wizard(Box<Wizard>),
    Chats,
    Settings(Box<settings::Settings>),
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The ledger is open, or is not.
    LedgerOpened(Option<Opened>),
    /// All that the screens show was read.
    EverythingRead(Everything),
    /// It could not be read.
    NothingRead(Problem),
    /// Something could not be read.
    Unread(Problem),
    /// What could not be read is to be tried again.
    ReadAgain,
    /// A part of it was read again.
    Read(reading::Message),
    /// Something about an account and its password.
    Accounts(accounts::Message),
    /// Something happened in an account.
    Session(AccountId, Vec<Event>),
    /// The key that seals was found, or could not be.
    VaultOpened(Vault),
    /// The machine is on another network, or on none.
    NetworkChanged,
    /// The keyring has answered for a proxy.
    ProxyPasswordRead(Whose, Option<Password>),
    /// On the page of a ledger that can't be opened.
    Refused(screen::opening::Message),
    /// On the first page.
    Welcome(welcome::Message),
    /// While signing in.
    SignIn(sign_in::Message),
    /// In the wizard.
    Wizard(crate::screen::wizard::Message),
    /// Something that concerns the wizard.
    Told(wizard::Told),
    /// In the main window.
    Chats(chats::Message),
    /// In the settings.
    Settings(settings::Message),
    /// With the window, the keyboard or the desktop.
    Window(window::Message),
    /// Since somebody has stopped to look at it.
    Looking(looking::Message),
    /// The program was started a second time.
    Wished(Wish),
    /// What a notification is to show was read.
    NotificationRead(Key, Box<Option<causerie_model::Message>>),
    /// A notification was clicked.
    NotificationClicked(Key),
    /// It was looked whether there is a keyring, or it was used.
    KeyringSeen(Keyring),
    /// There is no program for this link.
    LinkFailed(String),
    /// On what is said of a link.
    Link(link::Message),
    /// It was looked how files are chosen here.
    ChooserSeen(Way),
    /// On the question for a file's path.
    Path(path::Message),
    /// On the question whether the program is to end.
    Leaving(screen::leaving::Message),
    /// Something was done that needs no more.
    Done,
}

impl App {
    /// The program at its start, and the opening of its ledger.
    pub(crate) fn new(startup: Startup) -> (Self, Task<Message>) {
        let (notifier, clicks) = Notifier::new();
        let mut app = Self {
            context: Context::new(startup.settings.clone(), Ledger::default()),
            screen: Screen::Opening,
            chats: chats::Chats::default(),
            store: None,
            vault: Vault::Awaited,
            keeper: None,
            sessions: BTreeMap::new(),
            started: 0,
            ending: BTreeSet::new(),
            attempt: None,
            registration: None,
            parked: None,
            left_sign_in: None,
            awaiting: None,
            changing: BTreeMap::new(),
            intents: startup.intents.clone(),
            cuts: wizard::Cuts::default(),
            turns: Turn::default(),
            proxy_passwords: BTreeMap::new(),
            doubts: BTreeMap::new(),
            tokens: BTreeMap::new(),
            looking: looking::Looking::default(),
            reading: Reading::default(),
            notifier,
            clicks: Source::of_channel("clicks", clicks),
            wishes: startup.wishes().map(|wishes| Source::of_channel("wishes", wishes)),
            troubles: unread::Troubles::default(),
            reopening: opening::Reopening::default(),
            window: window::Window::default(),
            links: startup.uri.iter().collect(),
            settling: false,
            trouble: None,
            path: None,
            leaving: leaving::Leaving::default(),
            #[cfg(test)]
            asked: std::cell::RefCell::default(),
            startup,
        };
        app.context.network.clone_from(&app.startup.network);
        app.context.invitations.clone_from(&app.startup.invitations);
        app.context.wished = app.intents.wished();
        let faces = app.show_faces();
        let startup = app.startup.clone();
        let opening = async move {
            let opened = tokio::task::spawn_blocking(move || startup.ledger()).await;
            opened.unwrap_or(Some(Err(Problem::Internal)))
        };
        let looked = accounts::blocking(crate::platform::credentials::look, Err(Fault::Failed));
        let task = Task::batch([
            Task::perform(opening, Message::LedgerOpened),
            looked.map(|looked| Message::KeyringSeen(Keyring::after(&looked))),
            app.read_proxy_password(None),
            Self::look_for_chooser(),
            faces,
            window::first_look(),
            window::next_day(),
        ]);
        (app, task)
    }

    /// Brings what has happened to whom it concerns.
    pub(crate) fn update(&mut self, message: Message) -> Task<Message> {
        self.context.now = crate::context::now();
        let done = match message {
            Message::LedgerOpened(opened) => self.ledger_opened(opened),
            Message::EverythingRead(everything) => self.everything_read(everything),
            Message::NothingRead(problem) => self.nothing_read(problem),
            Message::Unread(problem) => self.unread(problem),
            Message::ReadAgain => self.read_unread(),
            Message::Read(message) => self.read(message),
            Message::Accounts(message) => self.update_accounts(message),
            Message::Session(account, events) => self.session_events(account, events),
            Message::VaultOpened(vault) => self.vault_opened(vault),
            Message::NetworkChanged => self.network_changed(),
            Message::ProxyPasswordRead(whose, password) => self.proxy_password_read(whose, password),
            Message::Refused(message) => self.update_refused(message),
            Message::Welcome(message) => self.update_welcome(message),
            Message::SignIn(message) => self.update_sign_in(message),
            Message::Wizard(message) => self.update_wizard(message),
            Message::Told(told) => self.told(told),
            Message::Chats(message) => self.update_chats(message),
            Message::Settings(message) => self.update_settings(message),
            Message::Window(message) => self.update_window(message),
            Message::Looking(message) => self.update_looking(message),
            Message::Wished(wish) => self.wished(wish),
            Message::NotificationRead(key, read) => self.notification_read(key, *read),
            Message::NotificationClicked(key) => Task::batch([self.come_to_front(), self.show(key)]),
            Message::KeyringSeen(keyring) => {
                self.context.keyring = keyring;
                Task::none()
            }
            Message::LinkFailed(link) => self.say_of_link(link::Trouble::NoProgram(link)),
            Message::Link(message) => self.update_link(message),
            Message::ChooserSeen(way) => {
                self.context.chooser.set_way(way);
                Task::none()
            }
            Message::Path(message) => self.update_path(message),
            Message::Leaving(message) => self.update_leaving(message),
            Message::Done => Task::none(),
        };
        let next = self.follow_up();
        Task::batch([done, next, self.ask_for_path()])
    }

    /// Where things happen without being asked.
    pub(crate) fn subscription(&self) -> Subscription<Message> {
        let sessions = self.sessions.iter().map(|(id, session)| {
            session.events.subscription().with(*id).map(|(id, events)| Message::Session(id, events))
        });
        let network = Subscription::run(causerie_session::network::changes).map(|()| Message::NetworkChanged);
        let wakings = Subscription::run(crate::platform::sleep::wakings).map(|()| Message::NetworkChanged);
        let clicks = self.clicks.subscription().map(Message::NotificationClicked);
        let ticking = matches!(&self.screen, Screen::Wizard(wizard) if wizard.is_ticking(&self.context));
        let ticks = ticking.then(|| {
            iced::time::every(std::time::Duration::from_secs(1))
                .map(|_| Message::Wizard(crate::screen::wizard::Message::Ticked))
        });
        let registration = self.registration_events();
        let again = self.reopening_ticks().into_iter().chain(self.unread_ticks());
        let troubles = [self.troubles.subscription().map(Message::Unread)];
        let wishes = self.wishes.iter().map(|wishes| wishes.subscription().map(Message::Wished));
        Subscription::batch(
            sessions
                .chain([network, wakings, clicks, window::subscription().map(Message::Window)])
                .chain(wishes)
                .chain(again)
                .chain(troubles)
                .chain(ticks)
                .chain(registration),
        )
    }

    fn everything_read(&mut self, everything: Everything) -> Task<Message> {
        let starting = self.take_in(everything);
        self.reopening = opening::Reopening::No;
        let first = matches!(self.screen, Screen::Opening | Screen::Refused(_));
        let shown = match self.screen {
            Screen::Opening | Screen::Refused(_) if self.context.accounts.is_empty() => self.show_welcome(),
            Screen::Opening | Screen::Refused(_) => self.show_chats(),
            _ => Task::none(),
        };
        self.settling = false;
        if !first {
            return Task::batch([starting, shown]);
        }
        // Nothing is written in the place of what was begun before that was read.
        self.turns.hold();
        // Without an account it can be shown at once: it goes into what was begun, which must not be lost for it.
        let link = if self.context.accounts.is_empty() { self.follow_next() } else { Task::none() };
        Task::batch([starting, shown, link, self.recall_wizard()])
    }

    fn show_sign_in(&mut self, sign_in: sign_in::SignIn) -> Task<Message> {
        let focus = crate::widget::focus::focus(sign_in.first_field());
        self.turn_to(Screen::SignIn(sign_in));
        focus
    }

    /// Shows something else. The wizard is put aside with all that was typed.
    fn turn_to(&mut self, screen: Screen) {
        if let Screen::Wizard(wizard) = std::mem::replace(&mut self.screen, screen) {
            self.parked = Some(wizard);
        }
    }

    /// Whether an answer is awaited that something else on the screen would leave unheard, or a sign-in is begun that it would drop.
    fn is_awaiting(&self) -> bool {
        match &self.screen {
            Screen::Wizard(wizard) => wizard.is_awaiting(),
            Screen::SignIn(sign_in) => sign_in.is_begun(),
            _ => false,
        }
    }

    fn show_chats(&mut self) -> Task<Message> {
        self.turn_to(Screen::Chats);
        let actions = self.chats.people_changed(&self.context);
        let focus = crate::widget::focus::focus(self.chats.main_field());
        Task::batch([self.do_chats(actions), focus])
    }

    /// Shows a conversation, wherever one is.
    fn show(&mut self, key: Key) -> Task<Message> {
        if self.context.account(key.0).is_none() {
            return Task::none();
        }
        if self.is_awaiting() {
            self.awaiting = Some(key);
            return Task::none();
        }
        self.turn_to(Screen::Chats);
        let (task, actions) = self.chats.show(key, &self.context);
        Task::batch([task.map(Message::Chats), self.do_chats(actions)])
    }
}

/// What a keyring says of an account.
pub(crate) type Kept = Result<Option<Password>, Fault>;

#[cfg(test)]
mod tests;
