//! The loop: a command, its answer, and what happens meanwhile.

use std::io::{self, BufRead, Write};
use std::thread;
use std::time::Duration;

use causerie_model::{
    BareJid, Body, ClientState, Command, Direction, Event, Message, MessageId, OriginId, OwnPresence,
    RegistrationCommand, RegistrationEvent, Timestamp,
};
use causerie_session::{Events, registration};
use causerie_store::{Options, Store};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{Instant, sleep_until};
use zeroize::Zeroize;

use crate::arguments::Arguments;
use crate::backlog::Backlog;
use crate::desk::{Desk, Fault};
use crate::people;
use crate::registrations::{self, Provider, Registrations};
use crate::report;
use crate::request::{Entry, Order, Request, Whom};
use crate::rooms;

/// What an unanswered `wait` is given.
const PATIENCE: f64 = 30.0;
/// The messages of a page.
const PAGE: usize = 50;
/// How long a message that was ordered may take until it is kept.
const KEPT_WITHIN: Duration = Duration::from_secs(1);

struct Driver {
    desk: Desk,
    registrations: Registrations,
    backlog: Backlog,
    happened: Receiver<Happened>,
    tell: Sender<Happened>,
}

/// Something has happened; nothing more will when there are no events.
enum Happened {
    /// To an account.
    Account(BareJid, Option<Vec<Event>>),
    /// To an account that is being made.
    Registration(BareJid, Option<Vec<RegistrationEvent>>),
}

/// Drives until the input ends or says so.
pub(crate) async fn run(arguments: &Arguments) -> Result<(), String> {
    let temporary;
    let folder = match &arguments.data_dir {
        Some(folder) => folder,
        None => {
            let made: io::Result<TempDir> = tempfile::Builder::new().prefix("drive-").tempdir();
            temporary = made.map_err(|error| error.to_string())?;
            temporary.path()
        }
    };
    let (store, reader) = match Store::open(folder, Options::default()) {
        Ok(opened) => opened,
        Err(error) => {
            let mut value = json!({ "event": "refused" });
            report::add_problem(&mut value, &error.problem());
            say(&value);
            return Err(error.to_string());
        }
    };
    let key = causerie_session::vault::read_or_make(folder).map_err(|error| error.to_string())?;
    let desk = Desk::new(store, reader, key).map_err(|problem| format!("{problem:?}"))?;
    say(&json!({ "event": "ready", "version": env!("CARGO_PKG_VERSION"), "accounts": desk.addresses() }));
    let (tell, happened) = mpsc::channel(1_000);
    let backlog = Backlog::new(arguments.forget);
    let mut driver = Driver { desk, registrations: Registrations::default(), backlog, happened, tell };
    let mut lines = lines();
    while let Some(line) = driver.next(&mut lines).await {
        if line.trim().is_empty() {
            continue;
        }
        if driver.line(line).await == Next::Quit {
            break;
        }
    }
    driver.registrations.close().await;
    driver.desk.close().await;
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Next {
    Go,
    Quit,
}

impl Driver {
    /// The next line of input; meanwhile what happens is told.
    async fn next(&mut self, lines: &mut Receiver<String>) -> Option<String> {
        loop {
            tokio::select! {
                biased;
                Some(happened) = self.happened.recv() => self.take(happened),
                line = lines.recv() => return line,
            }
        }
    }

    async fn line(&mut self, mut line: String) -> Next {
        let name = |line: &str| {
            let value: Option<Value> = serde_json::from_str(line).ok();
            value.and_then(|mut value| value.get_mut("do").map(Value::take)).unwrap_or(Value::Null)
        };
        let answered = name(&line);
        let request = serde_json::from_str::<Request>(&line);
        // It may have held a password.
        line.zeroize();
        let (tag, result, next) = match request {
            Ok(Request { tag, order: Order::Quit, .. }) => (tag, Ok(Map::new()), Next::Quit),
            Ok(Request { tag, account, order }) => (tag, self.obey(account.as_ref(), order).await, Next::Go),
            Err(error) => (None, Err(Fault::Said(error.to_string())), Next::Go),
        };
        let mut answer = Map::new();
        answer.insert("answer".to_owned(), answered);
        answer.insert("ok".to_owned(), result.is_ok().into());
        if let Some(tag) = tag {
            answer.insert("tag".to_owned(), tag);
        }
        match result {
            Ok(fields) => answer.extend(fields),
            Err(Fault::Said(text)) => {
                answer.insert("fault".to_owned(), text.into());
            }
            Err(Fault::Problem(problem)) => {
                answer.insert("fault".to_owned(), report::problem(&problem));
            }
        }
        say(&Value::Object(answer));
        next
    }

    async fn obey(&mut self, named: Option<&BareJid>, order: Order) -> Result<Map<String, Value>, Fault> {
        let command = match order {
            Order::SignIn { jid, password, server, ca_file, proxy } => {
                if let Some(events) = self.desk.sign_in(&jid, password, server, (ca_file, proxy)).await? {
                    tokio::spawn(forward(jid, events, self.tell.clone()));
                }
                return Ok(Map::new());
            }
            Order::RegisterProbe(_)
            | Order::RegisterForm(_)
            | Order::RegisterSubmit(_)
            | Order::RegisterCancel(_)
            | Order::RegisterEnd(_) => return self.order_account(order),
            Order::Wait { r#for, seconds } => return self.wait(&r#for, seconds.unwrap_or(PATIENCE)).await,
            Order::Send { to, body } => {
                let (account, _) = self.desk.meant(named)?;
                let id = fresh()?;
                self.desk.send(&account, to, body, id.clone())?;
                return Ok(field("message", id.as_str()));
            }
            Order::JoinRoom { .. } | Order::LeaveRoom { .. } | Order::SendRoom { .. } => {
                return rooms::order(&mut self.desk, named, order);
            }
            Order::Retry { to, message } => self.again(named, to, message)?,
            Order::Answer(saying) => {
                let (account, id) = self.desk.meant(named)?;
                let (name, peer) = (fresh()?, saying.peer());
                let command = saying.answer(name.clone(), id, &self.desk.reader)?;
                self.desk.order(&account, command)?;
                self.desk.watch(&account, peer, name.clone());
                return Ok(field("message", name.as_str()));
            }
            Order::Correct(_) | Order::Retract(_) | Order::React(_) => {
                return self.remark(named, order).await;
            }
            Order::MarkRead { peer, up_to } => self.read(named, peer, up_to)?,
            Order::FetchOlder { peer } => {
                let (_, id) = self.desk.meant(named)?;
                let page = self.desk.reader.page(id, &peer, None, 100_000)?;
                let before = page.first().ok_or("there are no messages")?.at;
                Command::FetchOlder { peer, before }
            }
            Order::Cancel { to, message } => Command::CancelMessage { id: message, peer: to },
            Order::StopCatchUp => Command::StopCatchUp,
            Order::StartCatchUp => Command::StartCatchUp,
            Order::AllowPlain => Command::AllowPlain,
            Order::AllowWeaker => Command::AllowWeaker,
            Order::SignOut => Command::Disconnect,
            Order::Reconnect => Command::Connect,
            Order::Network => Command::NetworkChanged,
            Order::Look { away: true } => Command::SetClientState(ClientState::Inactive),
            Order::Look { away: false } => Command::SetClientState(ClientState::Active),
            Order::ChatState { to, state } => Command::SetChatState { peer: to, state },
            Order::Privacy { peer, privacy } => Command::SetPrivacy { peer, privacy },
            Order::LookUp { peer } => Command::LookUpKeys(peer),
            Order::Trust { jid, key, trust } => Command::DecideTrust { jid, fingerprint: key, trust },
            Order::Repair(Whom { jid }) => Command::RepairSessions(jid),
            Order::RemoveDevice { device } => Command::RemoveDevice(device),
            Order::Draft { peer, text } => Command::SaveDraft { peer, text: text.into() },
            Order::EditContact(Entry { jid, name, groups }) => Command::EditContact { jid, name, groups },
            Order::RemoveContact(Whom { jid }) => Command::RemoveContact(jid),
            Order::Accept(Whom { jid }) => Command::AcceptRequest(jid),
            Order::Decline(Whom { jid }) => Command::DeclineRequest(jid),
            Order::Block(Whom { jid }) => Command::Block(jid),
            Order::Unblock(Whom { jid }) => Command::Unblock(jid),
            Order::SetPresence { show, status, priority } => {
                Command::SetPresence(OwnPresence { show, status, priority })
            }
            Order::Arrange { jids } => {
                self.desk.set_order(&jids).await?;
                return Ok(Map::new());
            }
            Order::Colour { colour } => {
                let (_, id) = self.desk.meant(named)?;
                let colour = colour.as_deref().map(people::colour).transpose()?;
                self.desk.store.set_colour(id, colour).await?;
                return Ok(Map::new());
            }
            Order::Disk(plan) => return Ok(field("commits", self.desk.disk.plan(plan))),
            Order::Sleep { .. } | Order::Waiting => return self.look_inside(named, order).await,
            Order::Remove => {
                let (jid, _) = self.desk.meant(named)?;
                self.desk.remove(&jid).await?;
                return Ok(Map::new());
            }
            other => match people::command(other)? {
                Ok(command) => command,
                Err(question) => return self.answer(named, question),
            },
        };
        let (account, _) = self.desk.meant(named)?;
        self.desk.order(&account, command)?;
        Ok(Map::new())
    }

    /// Something is said of a message. One that was ordered a moment ago is kept a moment later, and said to be encrypted or not only then:
    /// so nobody can point at it in a window before.
    async fn remark(&self, named: Option<&BareJid>, order: Order) -> Result<Map<String, Value>, Fault> {
        let (account, id) = self.desk.meant(named)?;
        let (name, reader) = (fresh()?, &self.desk.reader);
        if let Order::Correct(saying) | Order::Retract(saying) | Order::React(saying) = &order {
            let end = Instant::now() + KEPT_WITHIN;
            while !saying.is_of_something_here(id, reader)? && Instant::now() < end {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        let command = match order {
            Order::Correct(saying) => saying.correct(name.clone(), id, reader)?,
            Order::Retract(saying) => saying.retract(name.clone(), id, reader)?,
            Order::React(saying) => saying.react(name.clone(), id, reader)?,
            _ => return Err("it is said of no message".into()),
        };
        self.desk.order(&account, command)?;
        Ok(field("message", name.as_str()))
    }

    /// What is asked about an account that is to be made.
    fn order_account(&mut self, order: Order) -> Result<Map<String, Value>, Fault> {
        match order {
            Order::RegisterProbe(provider) => self.register(provider, RegistrationCommand::Probe),
            Order::RegisterForm(provider) => self.register(provider, RegistrationCommand::FetchForm),
            Order::RegisterSubmit(filled_in) => self.registrations.submit(filled_in).map(|()| Map::new()),
            Order::RegisterCancel(provider) => {
                let cancelled = self.registrations.order(&provider.domain, RegistrationCommand::Cancel);
                cancelled.map(|()| Map::new())
            }
            Order::RegisterEnd(provider) => {
                self.registrations.end(&provider.domain);
                Ok(Map::new())
            }
            _ => Err("it is about no new account".into()),
        }
    }

    /// A message that failed, once more.
    fn again(&mut self, named: Option<&BareJid>, to: BareJid, message: OriginId) -> Result<Command, Fault> {
        let (account, id) = self.desk.meant(named)?;
        let failed = self.desk.reader.sent(id, &to, &message)?.ok_or("no such message")?;
        let Body::Text(body) = failed.body else { return Err("it has no text".into()) };
        let reply = failed.annotations.reply.map(|quoted| quoted.again());
        self.desk.watch(&account, to.clone(), message.clone());
        Ok(Command::RetryMessage { id: message, peer: to, body: body.into(), reply })
    }

    /// What was read, for everybody who is told of that.
    fn read(&self, named: Option<&BareJid>, peer: BareJid, up_to: Option<i64>) -> Result<Command, Fault> {
        let (_, id) = self.desk.meant(named)?;
        let page = self.desk.reader.page(id, &peer, None, 100)?;
        let last = page.last().map(|message| message.id);
        let up_to = up_to.map(MessageId).or(last).ok_or("there are no messages")?;
        let seen = |message: &&Message| message.direction == Direction::Incoming && message.id <= up_to;
        let origin = page.iter().rev().find(seen).and_then(|message| message.origin.clone());
        let mut until = page.iter().rev().filter(|message| message.id <= up_to);
        let archived = until.find_map(|message| message.archived.clone());
        Ok(Command::MarkRead { peer, up_to, origin, archived })
    }

    /// Does what no person asks for.
    async fn look_inside(&self, named: Option<&BareJid>, order: Order) -> Result<Map<String, Value>, Fault> {
        if let Order::Sleep { seconds } = order {
            self.desk.sleep(Duration::from_secs(seconds));
            return Ok(Map::new());
        }
        let (_, id) = self.desk.meant(named)?;
        let restored = self.desk.store.restore(id).await?;
        Ok(field("count", restored.pending.len() + restored.said.len()))
    }

    /// Asks a provider for something.
    fn register(
        &mut self,
        provider: Provider,
        command: RegistrationCommand,
    ) -> Result<Map<String, Value>, Fault> {
        let domain = provider.domain.clone();
        if let Some(events) = self.registrations.ask(provider, command)? {
            tokio::spawn(forward_registration(domain, events, self.tell.clone()));
        }
        Ok(Map::new())
    }

    /// Answers what is only read.
    fn answer(&self, named: Option<&BareJid>, question: Order) -> Result<Map<String, Value>, Fault> {
        let reader = &self.desk.reader;
        if let Order::Accounts = question {
            let accounts: Vec<String> =
                reader.accounts()?.into_iter().map(|account| account.jid.to_string()).collect();
            return Ok(field("accounts", accounts));
        }
        if let Order::Import { text } = &question {
            return people::read(text);
        }
        if let (Order::Search { words, peer, limit }, None) = (&question, named) {
            let found = reader.search(words, None, peer.as_ref(), None, limit.unwrap_or(PAGE))?;
            let messages = found.iter().map(|found| report::message(&found.message));
            return Ok(field("messages", messages.collect::<Value>()));
        }
        let (jid, id) = self.desk.meant(named)?;
        Ok(match question {
            Order::Contacts => {
                let contacts = reader.contacts(id)?;
                let contacts = contacts
                    .iter()
                    .map(|contact| report::contact(contact, &self.desk.presence(&jid, &contact.item.jid)));
                field("contacts", contacts.collect::<Value>())
            }
            Order::Account => people::account(&reader.account(id)?.ok_or("no such account")?),
            Order::Export => field("text", reader.contact_list(id)?),
            Order::Requests => {
                field("requests", reader.requests(id)?.iter().map(report::request).collect::<Value>())
            }
            Order::Conversations => {
                let conversations = reader.conversations_of(id)?;
                field("conversations", conversations.iter().map(report::conversation).collect::<Value>())
            }
            Order::Page { peer, before, limit } => {
                let before = match before {
                    Some(before) => {
                        let found = reader.message(MessageId(before))?.ok_or("no such message")?;
                        Some((found.message.at, found.message.id))
                    }
                    None => None,
                };
                let before: Option<(Timestamp, MessageId)> = before;
                let messages = reader.page(id, &peer, before, limit.unwrap_or(PAGE))?;
                field("messages", messages.iter().map(report::message).collect::<Value>())
            }
            Order::Keys(Whom { jid }) => {
                field("keys", reader.device_keys(id, &jid)?.iter().map(report::key).collect::<Value>())
            }
            Order::Count { peer } => field("count", reader.count(id, &peer)?),
            Order::Search { words, peer, limit } => {
                let found = reader.search(&words, Some(id), peer.as_ref(), None, limit.unwrap_or(PAGE))?;
                let messages = found.iter().map(|found| report::message(&found.message));
                field("messages", messages.collect::<Value>())
            }
            other => return Err(Fault::Said(format!("{other:?} is no question"))),
        })
    }

    /// Waits for an event that has these fields.
    async fn wait(&mut self, fields: &Map<String, Value>, seconds: f64) -> Result<Map<String, Value>, Fault> {
        let patience = Duration::try_from_secs_f64(seconds).map_err(|_| "seconds: a number from 0")?;
        let end = Instant::now() + patience.min(Duration::from_secs(86_400));
        loop {
            if let Some(event) = self.backlog.take(fields) {
                return Ok(field("event", event));
            }
            tokio::select! {
                Some(happened) = self.happened.recv() => self.take(happened),
                () = sleep_until(end) => return Err("nothing of that kind has happened".into()),
            }
        }
    }

    /// Tells what has happened, and keeps it for who waits for it.
    fn take(&mut self, happened: Happened) {
        let (account, events) = match happened {
            Happened::Account(account, events) => (account, events),
            Happened::Registration(domain, events) => return self.take_registration(&domain, events),
        };
        let Some(events) = events else {
            self.desk.ended(&account);
            return self.tell(&account, json!({ "event": "ended" }));
        };
        for event in events {
            match self.desk.told(&account, &event) {
                Ok(values) => values.into_iter().for_each(|value| self.tell(&account, value)),
                Err(problem) => {
                    let mut value = json!({ "event": "unreadable_history" });
                    report::add_problem(&mut value, &problem);
                    self.tell(&account, value);
                }
            }
        }
    }

    fn take_registration(&mut self, domain: &BareJid, events: Option<Vec<RegistrationEvent>>) {
        let values: Vec<Value> = match &events {
            Some(events) => events.iter().map(registrations::event).collect(),
            None => vec![json!({ "event": "registration_ended" })],
        };
        for mut value in values {
            value["domain"] = domain.as_str().into();
            say(&value);
            self.backlog.push(value);
        }
    }

    fn tell(&mut self, account: &BareJid, mut event: Value) {
        event["account"] = account.as_str().into();
        say(&event);
        self.backlog.push(event);
    }
}

/// Hands on the events of an account.
async fn forward(account: BareJid, mut events: Events, to: Sender<Happened>) {
    while let Some(batch) = events.recv_batch().await {
        if to.send(Happened::Account(account.clone(), Some(batch))).await.is_err() {
            return;
        }
    }
    // At the very end nobody listens any more.
    let _ = to.send(Happened::Account(account, None)).await;
}

/// Hands on the events of a registration.
async fn forward_registration(domain: BareJid, mut events: registration::Events, to: Sender<Happened>) {
    while let Some(batch) = events.recv_batch().await {
        if to.send(Happened::Registration(domain.clone(), Some(batch))).await.is_err() {
            return;
        }
    }
    let _ = to.send(Happened::Registration(domain, None)).await;
}

/// The lines of the standard input, read by a thread that may block.
fn lines() -> Receiver<String> {
    let (send, receive) = mpsc::channel(100);
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if send.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receive
}

/// Writes a line. Nobody may be there to read it any more, which the end of the input will tell.
pub(crate) fn say(value: &Value) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{value}").and_then(|()| out.flush());
}

fn field(name: &str, value: impl Into<Value>) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value.into())])
}

pub(crate) fn fresh() -> Result<OriginId, Fault> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| "the system gives no random numbers")?;
    Ok(OriginId::from_random(bytes))
}
