//! Our accounts, and what is done for them.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use causerie_model::{
    AccountId, BareJid, Command, Direction, Event, MessageId, MessageState, OriginId, Password, Presence,
    Problem, ServerAddress, Vault, VaultKey,
};
use causerie_session::{Config, Events, Handle, Proxy, Roots, Route, Slept};
use causerie_store::{Reader, Store};
use serde_json::Value;

use crate::disk::Disk;
use crate::report;

/// Messages that were sent already and are watched at most.
const SENT_WATCHED: usize = 20;

/// What went wrong with what was asked.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A thing of the store or session.
    Problem(Problem),
    /// The asker's.
    Said(String),
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<&str> for Fault {
    fn from(text: &str) -> Self {
        Self::Said(text.to_owned())
    }
}

/// The accounts and where their things are kept.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) store: Store,
    /// Where accounts keep their things: the store, as long as the disk works.
    pub(crate) disk: Disk,
    pub(crate) reader: Reader,
    /// What seals the accounts' keys.
    key: VaultKey,
    /// For how long the machine is said to have slept.
    slept: Slept,
    accounts: BTreeMap<BareJid, Desked>,
}

/// One account.
#[derive(Debug)]
struct Desked {
    id: AccountId,
    actor: Option<Handle>,
    /// What is known of contacts' availability.
    presences: HashMap<BareJid, Presence>,
    /// All messages up to this one were told.
    told: MessageId,
    /// Messages that were sent from here, with the state last told: all that wait, and the last that were sent, which may still
    /// be refused by the other side.
    under_way: Vec<(BareJid, OriginId, MessageState)>,
}

impl Desk {
    /// The accounts that are already in the data folder, all of them offline.
    pub(crate) fn new(store: Store, reader: Reader, key: VaultKey) -> Result<Self, Problem> {
        let mut accounts = BTreeMap::new();
        for account in reader.accounts()? {
            accounts.insert(account.jid, Desked::new(account.id, last_message(&reader, account.id)?));
        }
        let (disk, slept) = (Disk::new(store.clone()), Slept::default());
        Ok(Self { accounts, disk, store, reader, key, slept })
    }

    /// The addresses of all accounts.
    pub(crate) fn addresses(&self) -> Vec<&str> {
        self.accounts.keys().map(BareJid::as_str).collect()
    }

    /// The account that is meant: the named one, else the only one.
    pub(crate) fn meant(&self, named: Option<&BareJid>) -> Result<(BareJid, AccountId), Fault> {
        let found = match named {
            Some(jid) => self.accounts.get_key_value(jid),
            None if self.accounts.len() > 1 => return Err("which account?".into()),
            None => self.accounts.first_key_value(),
        };
        let (jid, account) = found.ok_or("no such account")?;
        Ok((jid.clone(), account.id))
    }

    /// Adds an account if it is new and connects it. Answers the account's events when its actor is new.
    pub(crate) async fn sign_in(
        &mut self,
        jid: &BareJid,
        password: Option<Password>,
        server: Option<ServerAddress>,
        (extra, proxy): (Option<PathBuf>, Option<Proxy>),
    ) -> Result<Option<Events>, Fault> {
        let id = match (self.accounts.get(jid), server) {
            (Some(account), None) => account.id,
            (_, server) => self.store.add_account(jid, server).await?,
        };
        let account = self.accounts.entry(jid.clone()).or_insert_with(|| Desked::new(id, MessageId(0)));
        if let Some(actor) = &account.actor {
            if let Some(password) = password {
                actor.send(Command::SetPassword(password));
            }
            actor.send(Command::Connect);
            return Ok(None);
        }
        let mut config = Config::new(id, password);
        config.roots = Roots { extra };
        config.route = proxy.map_or(Route::Straight, Route::Through);
        config.slept = self.slept.clone();
        config.vault = Some(Vault::Open(self.key.clone()));
        let (actor, events) =
            causerie_session::spawn(config, self.disk.clone()).map_err(|_| Problem::Internal)?;
        actor.send(Command::Connect);
        account.actor = Some(actor);
        Ok(Some(events))
    }

    /// As if the machine had slept.
    pub(crate) fn sleep(&self, time: Duration) {
        self.slept.add(time);
    }

    /// Asks an account's actor for something.
    pub(crate) fn order(&self, account: &BareJid, command: Command) -> Result<(), Fault> {
        let actor = self.accounts.get(account).and_then(|account| account.actor.as_ref());
        actor.ok_or("sign in first")?.send(command);
        Ok(())
    }

    /// Puts the accounts into this order.
    pub(crate) async fn set_order(&self, jids: &[String]) -> Result<(), Fault> {
        let id = |jid: &String| {
            let jid = BareJid::new(jid).ok()?;
            Some(self.accounts.get(&jid)?.id)
        };
        let ids = jids.iter().map(id).collect::<Option<Vec<_>>>().ok_or("no such account")?;
        Ok(self.store.set_order(ids).await?)
    }

    /// Ends an account, and removes what is kept of it.
    pub(crate) async fn remove(&mut self, jid: &BareJid) -> Result<(), Fault> {
        let account = self.accounts.remove(jid).ok_or("no such account")?;
        if let Some(actor) = account.actor {
            actor.quit();
            actor.ended().await;
        }
        Ok(self.store.remove_account(account.id).await?)
    }

    /// Sends a message, and watches what comes of it.
    pub(crate) fn send(
        &mut self,
        account: &BareJid,
        peer: BareJid,
        body: String,
        id: OriginId,
    ) -> Result<(), Fault> {
        let command = Command::SendMessage { id: id.clone(), peer: peer.clone(), body: body.into() };
        self.order(account, command)?;
        self.watch(account, peer, id);
        Ok(())
    }

    /// Watches what comes of a message.
    pub(crate) fn watch(&mut self, account: &BareJid, peer: BareJid, id: OriginId) {
        if let Some(account) = self.accounts.get_mut(account) {
            account.under_way.push((peer, id, MessageState::Received));
        }
    }

    /// What is known of somebody's availability.
    pub(crate) fn presence(&self, account: &BareJid, jid: &BareJid) -> Presence {
        let account = self.accounts.get(account);
        account.and_then(|account| account.presences.get(jid)).cloned().unwrap_or_default()
    }

    /// What an account's event comes to, as JSON.
    pub(crate) fn told(&mut self, jid: &BareJid, event: &Event) -> Result<Vec<Value>, Problem> {
        let Some(account) = self.accounts.get_mut(jid) else { return Ok(Vec::new()) };
        match event {
            Event::PresenceChanged { peer, presence } => {
                account.presences.insert(peer.clone(), presence.clone());
            }
            Event::PresenceForgotten => account.presences.clear(),
            Event::MessageReceived { id, .. } => return account.received(*id, &self.reader),
            Event::ConversationChanged(peer) => {
                let mut values = vec![report::event(event)];
                values.extend(account.states(peer, &self.reader)?);
                return Ok(values);
            }
            _ => {}
        }
        Ok(vec![report::event(event)])
    }

    /// The actor of an account has ended.
    pub(crate) fn ended(&mut self, jid: &BareJid) {
        if let Some(account) = self.accounts.get_mut(jid) {
            account.actor = None;
        }
    }

    /// Says goodbye everywhere, and closes the store.
    pub(crate) async fn close(self) {
        let actors: Vec<Handle> = self.accounts.into_values().filter_map(|account| account.actor).collect();
        for actor in &actors {
            actor.quit();
        }
        for actor in &actors {
            actor.ended().await;
        }
        self.store.close();
    }
}

impl Desked {
    fn new(id: AccountId, told: MessageId) -> Self {
        Self { id, actor: None, presences: HashMap::new(), told, under_way: Vec::new() }
    }

    /// The messages that have come since the last call. One event may stand for many of them.
    fn received(&mut self, last: MessageId, reader: &Reader) -> Result<Vec<Value>, Problem> {
        let mut values = Vec::new();
        for id in self.told.0 + 1..=last.0 {
            let found = reader.message(MessageId(id))?.filter(|found| found.account == self.id);
            let Some(message) = found.map(|found| found.message) else { continue };
            if message.direction == Direction::Incoming {
                let mut value = report::message(&message);
                value["event"] = "message".into();
                values.push(value);
            }
        }
        self.told = self.told.max(last);
        Ok(values)
    }

    /// What has become of our messages to somebody.
    fn states(&mut self, peer: &BareJid, reader: &Reader) -> Result<Vec<Value>, Problem> {
        let mut values = Vec::new();
        let mut under_way = Vec::new();
        for (to, id, told) in std::mem::take(&mut self.under_way) {
            let message = if to == *peer { reader.sent(self.id, &to, &id)? } else { None };
            let Some(message) = message else {
                under_way.push((to, id, told));
                continue;
            };
            let state = message.state.clone();
            // One that is further than it was when it was looked at last went through what lies between.
            let between = [MessageState::Sent, MessageState::Delivered].into_iter();
            let between =
                between.filter(|step| (rank(&told)..rank(&state)).contains(&rank(step)) && *step != told);
            for state in between.chain((state != told).then(|| state.clone())) {
                let mut value = report::message(&message);
                value["event"] = "state".into();
                value["state"] = report::state(&state).into();
                values.push(value);
            }
            if !matches!(state, MessageState::Failed(_) | MessageState::Read) {
                under_way.push((to, id, state));
            }
        }
        let sent =
            |(_, _, state): &&(BareJid, OriginId, MessageState)| rank(state) >= rank(&MessageState::Sent);
        let mut too_many = under_way.iter().filter(sent).count().saturating_sub(SENT_WATCHED);
        under_way.retain(|message| {
            let goes = sent(&message) && too_many > 0;
            too_many -= usize::from(goes);
            !goes
        });
        self.under_way = under_way;
        Ok(values)
    }
}

/// How far a message of ours is.
fn rank(state: &MessageState) -> u8 {
    match state {
        MessageState::Received | MessageState::Pending | MessageState::Failed(_) => 0,
        MessageState::Sent => 1,
        MessageState::Delivered => 2,
        MessageState::Read => 3,
    }
}

/// The last message of an account: what was there before the program started isn't new.
fn last_message(reader: &Reader, account: AccountId) -> Result<MessageId, Problem> {
    let mut last = MessageId(0);
    for conversation in reader.conversations_of(account)? {
        let page = reader.page(account, &conversation.peer, None, 1)?;
        last = page.iter().map(|message| message.id).fold(last, MessageId::max);
    }
    Ok(last)
}
