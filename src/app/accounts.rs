//! Accounts come and go: passwords, signing out, and the actor of each.

mod waiting;

use causerie_model::account::Activity;
use causerie_model::{
    Account, AccountId, BareJid, Command, Connection, Event, FastToken, Password, Problem, ServerAddress,
    Vault,
};
use causerie_session::{Config, Handle};
use causerie_store::Store;
use iced::Task;

use super::source::Source;
use super::{App, Kept, Screen};
use crate::context::AccountState;
use crate::platform::credentials::{self, Candidate, Fault};
use crate::platform::vault::{Keeper, Otherwise, Places};
use crate::screen::settings::History;
use crate::screen::sign_in;

pub(super) use waiting::{blocking, with_keyring};

/// The running actor of an account.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) handle: Handle,
    pub(super) events: Source<Vec<Event>>,
    pub(super) connection: Connection,
}

/// An account that is being tried.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(super) account: AccountId,
    pub(super) newness: Newness,
}

/// Whether an account was in Causerie before it was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Newness {
    New,
    Known,
}

impl Attempt {
    /// Which account it is.
    pub(super) fn account(&self) -> AccountId {
        self.account
    }
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The keyring has answered for an account: with its password, with one that it may have by now, and with what signs in in place of
    /// them.
    PasswordRead(AccountId, Kept, Option<Password>, Option<FastToken>),
    /// What signs an account in is in the keyring or gone from it, or can't be.
    TokenKept(AccountId, BareJid, Result<(), Fault>),
    /// A password that an account is to have is in the keyring, or can't be.
    CandidateKept(AccountId, Result<(), Fault>),
    /// A password that an account has by now is in the keyring, or can't be.
    ChangeKept(AccountId, Password, Result<(), Fault>),
    /// A new account has a place in the ledger and can be tried, or not.
    Added(Result<AccountId, Problem>, BareJid, Password),
    /// An actor has ended, and its account can be started again.
    Ended(AccountId),
    /// An account is gone.
    Removed(AccountId),
}

impl App {
    /// Takes the accounts in, and starts those that are new. An account that is only being tried is not one yet.
    pub(super) fn accounts_read(&mut self, accounts: Vec<Account>) -> Task<super::Message> {
        let trial = self.trial();
        let mut known: Vec<AccountState> = Vec::with_capacity(accounts.len());
        for account in accounts.into_iter().filter(|account| Some(account.id) != trial) {
            let state = match self.context.account(account.id) {
                Some(state) => AccountState { account, ..state.clone() },
                None => {
                    let session = self.sessions.get(&account.id);
                    let connection = session.map(|session| session.connection.clone());
                    let state = AccountState::new(account);
                    AccountState { connection: connection.unwrap_or(Connection::Offline), ..state }
                }
            };
            known.push(state);
        }
        self.context.accounts = known;
        if let Screen::Settings(settings) = &mut self.screen {
            settings.accounts_changed(&self.context);
        }
        let accounts: Vec<_> = self.context.accounts.iter().map(|state| state.account.clone()).collect();
        let starting = accounts
            .into_iter()
            .filter(|account| !self.sessions.contains_key(&account.id) && !self.ending.contains(&account.id));
        let starting: Vec<_> = starting.collect();
        let started = Task::batch(starting.into_iter().map(|account| self.start_known(&account)));
        Task::batch([started, self.keep_tokens()])
    }

    /// Starts the actor of an account: it keeps drafts and the like at once, and connects when there is a password.
    fn start_known(&mut self, account: &Account) -> Task<super::Message> {
        self.start(account.id, &account.jid, None);
        let (id, jid) = (account.id, account.jid.clone());
        let proxy = self.read_proxy_password(self.context.network.in_force(&jid));
        let load = move || {
            let token = credentials::load_token(&jid).ok().flatten();
            (credentials::load_or_adopt(&jid), Candidate::Change.load(&jid).ok().flatten(), token)
        };
        // The way out is known before anything is connected.
        proxy.chain(blocking(load, (Err(Fault::Failed), None, None)).map(move |(kept, new, token)| {
            super::Message::Accounts(Message::PasswordRead(id, kept, new, token))
        }))
    }

    fn start(&mut self, account: AccountId, jid: &BareJid, password: Option<Password>) {
        let Some(store) = &self.store else { return };
        let mut config = Config::new(account, password);
        config.roots.extra = self.startup.extra_ca.clone();
        config.dns = self.startup.dns;
        config.route = self.route(&self.context.network.in_force(jid));
        config.vault = Some(self.vault.clone());
        match causerie_session::spawn(config, store.clone()) {
            Ok((handle, events)) => {
                self.started += 1;
                let events = Source::of_session(self.started, events);
                handle.send(Command::SetClientState(self.looking.state));
                let session = Session { handle, events, connection: Connection::Offline };
                self.sessions.insert(account, session);
                self.devices_not_told(account);
                self.storage_changed(account, Default::default());
            }
            Err(error) => {
                tracing::error!(%error, "an account could not be started");
                if let Some(state) = self.context.account_mut(account) {
                    state.connection = Connection::Stopped(Problem::Internal);
                }
            }
        }
    }

    /// Counts from now on how often what is sealed has changed.
    pub(super) fn keep_vault(&mut self) -> Task<super::Message> {
        let Some(store) = self.store.clone() else { return Task::none() };
        let folders = &self.startup.folders;
        let keeper = Keeper::new(store, Places::new(folders.data.clone(), folders.state.clone()));
        self.keeper = Some(keeper.clone());
        Task::perform(keeper.watch(), |()| super::Message::Done)
    }

    /// Finds the key that seals the accounts' own keys.
    pub(super) fn open_vault(&self, otherwise: Otherwise) -> Task<super::Message> {
        let Some(keeper) = self.keeper.clone() else { return Task::none() };
        Task::perform(keeper.open(otherwise), super::Message::VaultOpened)
    }

    /// The key that seals is known, or can't be had now.
    pub(super) fn vault_opened(&mut self, vault: Vault) -> Task<super::Message> {
        self.sessions.keys().for_each(|account| self.ask(*account, Command::OpenVault(vault.clone())));
        self.vault = vault;
        Task::none()
    }

    /// Asks something of an account.
    pub(super) fn ask(&self, account: AccountId, command: Command) {
        #[cfg(test)]
        self.asked.borrow_mut().push((account, command.clone()));
        if let Some(session) = self.sessions.get(&account) {
            session.handle.send(command);
        }
    }

    /// Who waits tries again, who is online makes sure of it.
    pub(super) fn network_changed(&mut self) -> Task<super::Message> {
        self.sessions.keys().for_each(|account| self.ask(*account, Command::NetworkChanged));
        match &self.screen {
            Screen::Wizard(_) => self.update_wizard(crate::screen::wizard::Message::NetworkChanged),
            _ => Task::none(),
        }
    }

    /// Asks what a person wants of an account. Whether it is to be online is kept for the next start.
    pub(super) fn want(&mut self, account: AccountId, command: Command) -> Task<super::Message> {
        let activity = match command {
            Command::Connect => Some(Activity::Active),
            Command::Disconnect => Some(Activity::Paused),
            _ => None,
        };
        // What was in the way of the key that seals may be gone by now.
        let finds_key = activity == Some(Activity::Active) && matches!(self.vault, Vault::Failed(_));
        let found = if finds_key { self.open_vault(Otherwise::Wait) } else { Task::none() };
        let kept = Task::batch([self.intend(account, command), found]);
        let state = self.context.account_mut(account);
        let Some((state, activity)) =
            state.zip(activity).filter(|(state, activity)| state.account.activity != *activity)
        else {
            return kept;
        };
        state.account.activity = activity;
        let Some(store) = self.store.clone() else { return kept };
        let keeping = async move { store.set_activity(account, activity).await };
        Task::perform(keeping, |kept| {
            if let Err(problem) = kept {
                tracing::warn!(?problem, "the next start will not know whether to connect");
            }
            super::Message::Done
        })
    }

    pub(super) fn update_accounts(&mut self, message: Message) -> Task<super::Message> {
        match message {
            Message::CandidateKept(account, kept) => self.candidate_kept(account, &kept),
            Message::ChangeKept(account, password, kept) => self.change_kept(account, password, &kept),
            Message::TokenKept(account, jid, done) => self.token_kept(account, jid, &done),
            Message::PasswordRead(account, kept, new, token) => {
                let password = match kept {
                    Ok(password) => password,
                    Err(fault) => {
                        tracing::warn!(?fault, "no password from the keyring");
                        if let Some(state) = self.context.account_mut(account) {
                            state.keyring = Some(fault);
                        }
                        None
                    }
                };
                // Which of two passwords holds, a token would not tell.
                let token = token.filter(|_| new.is_none());
                let password = match new {
                    Some(new) => Some(self.try_new(account, new, password)),
                    None => password,
                };
                if let Some(password) = password {
                    self.ask(account, Command::SetPassword(password));
                }
                if let Some(token) = token {
                    self.ask(account, Command::SetFastToken(token));
                }
                let state = self.context.account(account);
                if state.is_some_and(|state| state.account.activity == Activity::Active) {
                    self.ask(account, Command::Connect);
                }
                Task::none()
            }
            Message::Added(Ok(account), jid, password) => {
                self.attempt = Some(Attempt { account, newness: Newness::New });
                self.start(account, &jid, Some(password));
                self.ask(account, Command::Connect);
                Task::none()
            }
            Message::Added(Err(problem), ..) => self.tell_sign_in(sign_in::Message::NotStarted(problem)),
            Message::Ended(account) => {
                self.ending.remove(&account);
                self.read_accounts()
            }
            Message::Removed(account) => {
                self.ending.remove(&account);
                self.context.accounts.retain(|state| state.account.id != account);
                self.context.conversations.retain(|conversation| conversation.account != account);
                self.context.contacts.retain(|(whose, _)| *whose != account);
                self.context.requests.retain(|(whose, _)| *whose != account);
                self.context.adding.remove(&account);
                self.chats.account_removed(account, &self.context);
                if self.context.accounts.is_empty()
                    && !matches!(self.screen, Screen::SignIn(_) | Screen::Wizard(_))
                {
                    self.screen = Screen::Welcome;
                }
                self.read_everything()
            }
        }
    }

    /// Gives a new account a place in the ledger. What was tried before under another address is taken away again.
    pub(super) fn add(
        &mut self,
        jid: BareJid,
        password: Password,
        server: Option<ServerAddress>,
    ) -> Task<super::Message> {
        let Some(store) = self.store.clone() else { return Task::none() };
        let before = self.take_trial();
        let adding = async move {
            if let Some((account, session)) = before {
                end(session).await;
                let _ = store.remove_account(account).await;
            }
            (store.add_account(&jid, server).await, jid, password)
        };
        Task::perform(adding, |(added, jid, password)| {
            super::Message::Accounts(Message::Added(added, jid, password))
        })
    }

    /// The account that is only being tried.
    fn trial(&self) -> Option<AccountId> {
        let attempt = self.attempt.as_ref().filter(|attempt| attempt.newness == Newness::New);
        attempt.map(|attempt| attempt.account)
    }

    pub(super) fn take_trial(&mut self) -> Option<(AccountId, Option<Session>)> {
        let account = self.trial()?;
        self.attempt = None;
        self.tokens.remove(&account);
        Some((account, self.sessions.remove(&account)))
    }

    /// What is to be removed from the ledger when the program ends now.
    pub(super) fn abandoned(&self) -> Option<AccountId> {
        self.trial()
    }

    /// Connects an account elsewhere from now on.
    pub(super) fn set_server(
        &mut self,
        account: AccountId,
        server: Option<ServerAddress>,
    ) -> Task<super::Message> {
        self.restart(account, move |store| async move {
            let _ = store.set_server(account, server).await;
        })
    }

    /// Signs an account out.
    pub(super) fn sign_out(&mut self, account: AccountId, history: History) -> Task<super::Message> {
        let Some(jid) = self.context.account(account).map(|state| state.account.jid.clone()) else {
            return Task::none();
        };
        // One that the provider may have taken is the only one that signs in then: it is tried first the next time.
        let undecided = self.is_undecided(account) && history == History::Keep;
        self.doubts.remove(&account);
        self.changing.remove(&account);
        self.tokens.remove(&account);
        self.context.adding.remove(&account);
        self.cuts.end(account);
        let network = self.forget_network(&jid);
        let network = Task::batch([network, self.forget_wishes(&jid)]);
        let forget = move || {
            let (token, own) = (credentials::forget_token(&jid), credentials::forget(&jid));
            let new = if undecided { Ok(()) } else { Candidate::Change.forget(&jid) };
            new.and(own).and(token)
        };
        let forgetting = blocking(forget, Err(Fault::Failed));
        let forgetting = forgetting.map(|_| super::Message::Done);
        self.ask(account, Command::Disconnect);
        let ending = match history {
            History::Keep => self.restart(account, move |store| async move {
                let _ = store.set_activity(account, Activity::Paused).await;
            }),
            History::Delete => {
                let (session, store) = (self.sessions.remove(&account), self.store.clone());
                self.ending.insert(account);
                let removing = async move {
                    end(session).await;
                    if let Some(store) = store {
                        let _ = store.remove_account(account).await;
                    }
                };
                Task::perform(removing, move |()| super::Message::Accounts(Message::Removed(account)))
            }
        };
        Task::batch([forgetting, ending, network])
    }

    /// Ends the actor of an account, does something, and starts it anew.
    pub(super) fn restart<F>(
        &mut self,
        account: AccountId,
        between: impl FnOnce(Store) -> F + Send + 'static,
    ) -> Task<super::Message>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (session, store) = (self.sessions.remove(&account), self.store.clone());
        self.ending.insert(account);
        self.interrupted(account);
        if let Some(state) = self.context.account_mut(account) {
            state.connection = Connection::Offline;
        }
        let restarting = async move {
            end(session).await;
            if let Some(store) = store {
                between(store).await;
            }
        };
        Task::perform(restarting, move |()| super::Message::Accounts(Message::Ended(account)))
    }
}

pub(super) async fn end(session: Option<Session>) {
    let Some(session) = session else { return };
    session.handle.quit();
    session.handle.ended().await;
}
