//! What every screen may read. Only the app changes it, when something has happened.

mod ledger;
mod pictures;

use std::collections::{BTreeMap, HashMap};

use causerie_model::{
    Account, AccountId, BareJid, CatchUp, ChatState, Connection, Contact, Conversation, OwnPresence,
    Password, Presence, Problem, Readiness, Repair, Storage, SubscriptionRequest, Timestamp,
};
use iced::Size;
use jiff::tz::TimeZone;

use crate::i18n::I18n;
use crate::intents::{Face, Wanted};
use crate::invitations::Invitations;
use crate::network::Network;
use crate::platform::chooser::Chooser;
use crate::platform::credentials::Fault;
use crate::settings::Settings;
use crate::theme::Theme;

pub(crate) use ledger::{Devices, Ledger, Opening, Read};
pub(crate) use pictures::{Pictures, decode, decoded, read_picture};

/// A conversation's name: whose, and with whom.
pub(crate) type Key = (AccountId, BareJid);

/// What every screen may read.
#[derive(Debug)]
pub(crate) struct Context {
    /// Words, dates and sorting of the language in use.
    pub(crate) i18n: I18n,
    /// What the person has chosen.
    pub(crate) settings: Settings,
    /// How the network is reached, as it was chosen.
    pub(crate) network: Network,
    /// Colours and motion.
    pub(crate) theme: Theme,
    /// The reading side of the ledger.
    pub(crate) ledger: Ledger,
    /// Why something could not be read from it lately: what is shown is of before.
    pub(crate) unread: Option<Problem>,
    /// All accounts, in the order they were added.
    pub(crate) accounts: Vec<AccountState>,
    /// Conversations of all accounts, the last active first.
    pub(crate) conversations: Vec<Conversation>,
    /// Contacts of all accounts, by name.
    pub(crate) contacts: Vec<(AccountId, Contact)>,
    /// Who waits for an answer, the oldest request first.
    pub(crate) requests: Vec<(AccountId, SubscriptionRequest)>,
    /// Who is how available. Who is not in it is offline.
    pub(crate) presences: HashMap<Key, Presence>,
    /// With whom something could be encrypted now.
    pub(crate) readiness: HashMap<Key, Readiness>,
    /// How beginning anew with somebody's devices goes, or went last.
    pub(crate) repairs: HashMap<Key, Repair>,
    /// Who is writing.
    pub(crate) typing: BTreeMap<Key, ChatState>,
    /// How far adding many contacts has got, for each account where that was asked.
    pub(crate) adding: BTreeMap<AccountId, Adding>,
    /// Whom accounts are still to add, each by the address of the account.
    pub(crate) wished: Vec<(BareJid, BareJid)>,
    /// How others are to see accounts, as far as no provider has answered, each by the address of the account.
    pub(crate) faces: HashMap<BareJid, Face>,
    /// Pictures of people.
    pub(crate) pictures: Pictures,
    /// The time of the last event.
    pub(crate) now: Timestamp,
    /// The zone that times are shown in.
    pub(crate) zone: TimeZone,
    /// Size of the window, in logical pixels.
    pub(crate) window: Size,
    /// Whether the window has the focus of the desktop.
    pub(crate) attention: Attention,
    /// Whether passwords can be kept.
    pub(crate) keyring: Keyring,
    /// How files are chosen.
    pub(crate) chooser: Chooser,
    /// Invitations that were made and may still be good.
    pub(crate) invitations: Invitations,
}

/// Whether the desktop has a keyring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Keyring {
    /// Not known: nothing is promised.
    #[default]
    Unknown,
    /// It has one, locked or not.
    There,
    /// It has none.
    Absent,
}

impl Keyring {
    /// What was learned from using it.
    pub(crate) fn after<T>(used: &Result<T, Fault>) -> Self {
        match used {
            Ok(_) | Err(Fault::Locked) => Self::There,
            Err(Fault::Absent) => Self::Absent,
            Err(Fault::Failed) => Self::Unknown,
        }
    }
}

/// How far adding many contacts has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Adding {
    /// Asked, or contacts already.
    pub(crate) done: u32,
    /// Not to be added.
    pub(crate) failed: u32,
    /// Still to come.
    pub(crate) waiting: u32,
}

/// Whether somebody looks at the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Attention {
    /// It has the focus.
    #[default]
    Here,
    /// It has not.
    Elsewhere,
}

/// An account and its connection.
#[derive(Clone, Debug)]
pub(crate) struct AccountState {
    /// The stored part.
    pub(crate) account: Account,
    /// How it is connected.
    pub(crate) connection: Connection,
    /// Why the keyring gave no password, if it did not.
    pub(crate) keyring: Option<Fault>,
    /// A new password that the keyring did not take: the person is to note it.
    pub(crate) unkept: Option<(Password, Fault)>,
    /// A new password of which it is not known whether the provider has taken it.
    pub(crate) undecided: Option<Password>,
    /// How many messages have come of what was missed, while they are fetched.
    pub(crate) catching_up: Option<CatchUp>,
    /// Whether what it has to keep is kept.
    pub(crate) storage: Storage,
}

impl AccountState {
    /// An account that is not connected yet.
    pub(crate) fn new(account: Account) -> Self {
        Self {
            account,
            connection: Connection::Offline,
            keyring: None,
            unkept: None,
            undecided: None,
            catching_up: None,
            storage: Storage::Working,
        }
    }

    /// Whether it is connected.
    pub(crate) fn is_online(&self) -> bool {
        self.connection == Connection::Online
    }

    /// How available its owner wants to be seen.
    pub(crate) fn chosen(&self) -> Presence {
        let OwnPresence { show, status, .. } = self.account.presence.clone();
        Presence::Online { show, status }
    }

    /// The name to show: the one that others see, else the part before the `@`.
    pub(crate) fn short_name(&self) -> &str {
        let local = self.account.jid.local();
        self.account.profile.name.as_deref().or(local).unwrap_or_else(|| self.account.jid.as_str())
    }
}

/// Below this width, in logical pixels, there is room for one pane at a time.
const ONE_PANE: f32 = 760.0;
/// From this width on there is room for the details beside the conversation.
const THREE_PANES: f32 = 1080.0;

/// How many panes there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Panes {
    /// The list or the conversation or the details.
    One,
    /// The list, and the conversation or the details.
    Two,
    /// All of them.
    Three,
}

impl Context {
    /// With nothing in it yet.
    pub(crate) fn new(settings: Settings, ledger: Ledger) -> Self {
        let factor = settings.text_size.factor();
        let size = Size::new(settings.window.width / factor, settings.window.height / factor);
        Self {
            i18n: I18n::new(settings.language.as_deref()),
            network: Network::default(),
            theme: Theme::default(),
            ledger,
            unread: None,
            accounts: Vec::new(),
            conversations: Vec::new(),
            contacts: Vec::new(),
            requests: Vec::new(),
            presences: HashMap::new(),
            readiness: HashMap::new(),
            repairs: HashMap::new(),
            typing: BTreeMap::new(),
            adding: BTreeMap::new(),
            wished: Vec::new(),
            faces: HashMap::new(),
            pictures: Pictures::default(),
            now: now(),
            zone: TimeZone::system(),
            window: size,
            attention: Attention::Here,
            keyring: Keyring::Unknown,
            chooser: Chooser::default(),
            invitations: Invitations::default(),
            settings,
        }
    }

    /// An account by its name.
    pub(crate) fn account(&self, id: AccountId) -> Option<&AccountState> {
        self.accounts.iter().find(|account| account.account.id == id)
    }

    /// The same, to change it.
    pub(crate) fn account_mut(&mut self, id: AccountId) -> Option<&mut AccountState> {
        self.accounts.iter_mut().find(|account| account.account.id == id)
    }

    /// Whether there is more than one account, so that it has to be said whose something is.
    pub(crate) fn has_several_accounts(&self) -> bool {
        self.accounts.len() > 1
    }

    /// How available somebody is.
    pub(crate) fn presence(&self, key: &Key) -> Presence {
        // Nobody tells us how we are.
        let own = self.account(key.0).filter(|own| own.account.jid == key.1 && own.is_online());
        own.map(AccountState::chosen).or_else(|| self.presences.get(key).cloned()).unwrap_or_default()
    }

    /// Whether somebody is writing to us.
    pub(crate) fn is_typing(&self, key: &Key) -> bool {
        self.typing.get(key) == Some(&ChatState::Composing)
    }

    /// A contact, if there is one with that address in that account.
    pub(crate) fn contact(&self, key: &Key) -> Option<&Contact> {
        let found =
            self.contacts.iter().find(|(account, contact)| (*account, &contact.item.jid) == (key.0, &key.1));
        found.map(|(_, contact)| contact)
    }

    /// Whether the account is still to add somebody.
    pub(crate) fn is_wished(&self, key: &Key) -> bool {
        let own = self.account(key.0).map(|state| &state.account.jid);
        own.is_some_and(|own| self.wished.iter().any(|(whose, jid)| (whose, jid) == (own, &key.1)))
    }

    /// How others are to see an account: as its owner wants it, else as they do.
    pub(crate) fn face(&self, account: &Account) -> Face {
        let Face { name, picture } = self.faces.get(&account.jid).cloned().unwrap_or_default();
        let profile = &account.profile;
        Face {
            name: name.or_else(|| Some(profile.name.clone())),
            picture: picture.or(Some(profile.picture.map_or(Wanted::None, Wanted::Some))),
        }
    }

    /// A conversation of the list.
    pub(crate) fn conversation(&self, key: &Key) -> Option<&Conversation> {
        self.conversations.iter().find(|found| (found.account, &found.peer) == (key.0, &key.1))
    }

    /// The name to show of somebody.
    pub(crate) fn name(&self, key: &Key) -> String {
        let listed = self.conversation(key).map(|conversation| conversation.name.as_str());
        let known = || self.contact(key).map(Contact::display_name);
        listed.or_else(known).unwrap_or_else(|| key.1.as_str()).to_owned()
    }

    /// The width of the list of conversations.
    pub(crate) fn list_width(&self) -> f32 {
        match self.panes() {
            Panes::One => self.window.width,
            // A window that was made narrow leaves room for the conversation.
            Panes::Two | Panes::Three => f32::from(self.settings.list_width).min(self.window.width * 0.45),
        }
    }

    /// The width of the conversation, where nothing is beside it.
    pub(crate) fn conversation_width(&self) -> f32 {
        match self.panes() {
            Panes::One => self.window.width,
            Panes::Two | Panes::Three => self.window.width - self.list_width(),
        }
    }

    /// How many panes there is room for.
    pub(crate) fn panes(&self) -> Panes {
        match self.window.width {
            width if width < ONE_PANE => Panes::One,
            width if width < THREE_PANES => Panes::Two,
            _ => Panes::Three,
        }
    }
}

/// What the clock says.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
}
