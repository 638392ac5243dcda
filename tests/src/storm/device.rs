//! A device: a program of somebody's, its wire, and what it has been asked to send.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use acceptance::rough::Rough;
use acceptance::{Driven, Server};
use serde_json::{Value, json};

use crate::sayings::Sayings;
use crate::verdict::Name;
use acceptance::chance::Chance;

/// How long it may take until a device is online when nothing is in its way, and how long where page after page comes meanwhile.
const CALM: Duration = Duration::from_secs(120);
const AT_MOST: Duration = Duration::from_secs(600);

/// What a device has of the conversation.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Each message with the text and the reactions that count.
    pub(crate) what_counts: BTreeSet<String>,
    /// How much of its own waits.
    pub(crate) waiting: u64,
}

/// Somebody's device.
pub(crate) struct Device {
    /// The account.
    pub(crate) name: &'static str,
    /// What its messages begin with.
    pub(crate) tag: &'static str,
    /// To whom it writes.
    pub(crate) peer: &'static str,
    pub(crate) folder: PathBuf,
    pub(crate) wire: Rough,
    pub(crate) driven: Option<Driven>,
    pub(crate) link: Link,
    /// Since when it is so.
    pub(crate) since: Instant,
    /// When the last try began.
    trying: Instant,
    /// Whether everything that was missed is there, since it was last online.
    pub(crate) caught_up: bool,
    /// How often it was told that it fetches what it missed.
    fetched: usize,
    stopped_by: Option<String>,
    /// When it is to be started or to connect again.
    pub(crate) next: Option<Instant>,
    /// The number of its next message.
    pub(crate) count: u32,
    /// What its messages are called.
    pub(crate) asked: BTreeMap<String, u32>,
    /// What it has said of messages.
    pub(crate) sayings: Sayings,
    /// The last of each that it had heard when it wrote a message, by the number of that.
    heard_at: BTreeMap<u32, BTreeMap<String, u32>>,
    /// The last of each that it has heard.
    last_heard: BTreeMap<String, u32>,
    /// Those that were kept, as it has said.
    pub(crate) kept: BTreeSet<u32>,
    /// Those that the server has, and since when that is known.
    pub(crate) taken: BTreeMap<u32, Instant>,
    /// What it has heard from others.
    pub(crate) heard: BTreeSet<String>,
    /// What it has said that is worth telling.
    pub(crate) remarks: BTreeMap<String, usize>,
    pub(crate) online: usize,
    /// How long tries took that succeeded, in milliseconds.
    pub(crate) took: Vec<u128>,
    /// Whether it says something of messages, and does not only write and read.
    pub(crate) remarks_on: bool,
    program: String,
    log: bool,
}

/// What its connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The program does not run.
    Dead,
    Offline,
    Trying,
    Online,
    Waiting,
    Stopped,
}

impl Device {
    pub(crate) fn new(
        (name, tag, peer): (&'static str, &'static str, &'static str),
        (server, seed): (&Server, u64),
        (folder, program, log): (&Path, &str, bool),
    ) -> Self {
        Self {
            name,
            tag,
            peer,
            folder: folder.join(tag),
            wire: Rough::to(server.port(), seed),
            driven: None,
            link: Link::Dead,
            since: Instant::now(),
            trying: Instant::now(),
            caught_up: false,
            fetched: 0,
            stopped_by: None,
            next: None,
            count: 0,
            asked: BTreeMap::new(),
            sayings: Sayings::default(),
            heard_at: BTreeMap::new(),
            last_heard: BTreeMap::new(),
            kept: BTreeSet::new(),
            taken: BTreeMap::new(),
            heard: BTreeSet::new(),
            remarks: BTreeMap::new(),
            online: 0,
            took: Vec::new(),
            remarks_on: true,
            program: program.to_owned(),
            log,
        }
    }

    /// Somebody's password.
    pub(crate) fn password(name: &str) -> String {
        format!("Pass-Wörd of {name}")
    }

    /// Starts the program and has it sign in.
    pub(crate) fn start(&mut self, server: &Server) {
        let mut arguments = vec!["--forget"];
        let log = self.folder.with_extension("log");
        if self.log {
            arguments.extend(["--log", log.to_str().expect("a plain name")]);
        }
        let mut driven = Driven::start_with(&self.program, &self.folder, &arguments);
        driven.begin_sign_in(server, self.name, &Self::password(self.name), self.wire.port());
        self.driven = Some(driven);
        self.become_so(Link::Trying);
        self.next = None;
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        self.listen();
        if let Some(mut driven) = self.driven.take() {
            // What it had said before counts.
            let said = driven.killed();
            said.iter().for_each(|event| self.hear(event));
        }
        self.sayings.killed(&self.kept);
        self.become_so(Link::Dead);
    }

    /// Sends the next message.
    pub(crate) fn write(&mut self, server: &Server) {
        let body = format!("{} {}", self.tag, self.count);
        let Some(driven) = &mut self.driven else { return };
        let answer = driven.ask(&json!({ "do": "send", "to": server.jid(self.peer), "body": body }));
        let id = answer["message"].as_str().expect("its name").to_owned();
        self.sayings.wrote(&id, self.count);
        self.heard_at.insert(self.count, self.last_heard.clone());
        self.asked.insert(id, self.count);
        self.count += 1;
    }

    /// Says something of a message, or has read everything. `part` is which of the person's devices this is, of how many.
    pub(crate) fn remark_on(&mut self, server: &Server, part: (usize, usize), chance: &mut Chance) {
        let Some(driven) = &mut self.driven else { return };
        let peer = server.jid(self.peer);
        if chance.in_hundred(20) || !self.remarks_on {
            // Of nothing nothing can be read.
            driven.try_ask(&json!({ "do": "mark_read", "peer": peer }));
            return;
        }
        let Some((mut command, place, what)) = self.sayings.think(self.tag, part, chance) else { return };
        command["to"] = peer.into();
        let answer = driven.ask(&command);
        self.sayings.said(answer["message"].as_str().expect("its name"), place, what, self.count);
    }

    /// What it had surely when it wrote that message.
    pub(crate) fn heard_before(&self, number: u32) -> Vec<Name> {
        let heard = self.heard_at.get(&number).into_iter().flatten();
        heard.map(|(tag, number)| (tag.clone(), *number)).collect()
    }

    /// The text of a message that it wrote, before any correction.
    pub(crate) fn original(&self, id: &str) -> String {
        self.asked.get(id).map(|number| format!("{} {number}", self.tag)).unwrap_or_default()
    }

    /// Hears what has happened.
    pub(crate) fn listen(&mut self) {
        let Some(driven) = &mut self.driven else { return };
        for event in driven.events_so_far(&json!({})) {
            self.hear(&event);
        }
    }

    fn hear(&mut self, event: &Value) {
        match event["event"].as_str() {
            Some("connection") => {
                let link = match event["state"].as_str() {
                    Some("online") => Link::Online,
                    Some("waiting") => Link::Waiting,
                    Some("stopped") => Link::Stopped,
                    Some("offline") => Link::Offline,
                    _ => Link::Trying,
                };
                let problem = event["problem"].as_str();
                if let Some(problem) = problem {
                    self.remark(problem);
                }
                self.stopped_by = problem.map(str::to_owned);
                if link == Link::Online {
                    self.online += 1;
                }
                if link != self.link {
                    self.become_so(link);
                }
            }
            Some("catch_up") => match event["state"].as_str() {
                Some("done") => self.caught_up = true,
                Some("stopped") => self.remark("catch_up stopped"),
                _ => (self.caught_up, self.fetched) = (false, self.fetched + 1),
            },
            Some("state") => {
                let number = event["message"].as_str().and_then(|id| self.asked.get(id));
                if let Some(number) = number {
                    self.kept.insert(*number);
                    self.sayings.kept(*number);
                    if event["state"] != "pending" {
                        self.taken.entry(*number).or_insert_with(Instant::now);
                    }
                }
                if event["state"] == "failed" {
                    let problem = event["problem"].as_str().unwrap_or_default();
                    self.remark(&format!("failed: {problem}"));
                }
            }
            Some("notice") => {
                let notice = format!("notice: {} {}", event["notice"], event["problem"]);
                self.remark(&notice);
            }
            Some("message") => match event["text"].as_str() {
                Some(text) => {
                    self.heard.insert(text.to_owned());
                    if let Some((tag, number)) =
                        crate::verdict::name_of(text).filter(|name| name.0 != self.tag)
                    {
                        let last = self.last_heard.entry(tag).or_default();
                        *last = number.max(*last);
                    }
                    if let Some(id) = event["message"].as_str().filter(|_| event["direction"] == "in") {
                        self.sayings.heard(id);
                    }
                }
                None => self.remark("unreadable"),
            },
            Some("repair") => self.remark(&format!("repair: {}", event["repair"])),
            _ => {}
        }
    }

    fn remark(&mut self, what: &str) {
        *self.remarks.entry(what.to_owned()).or_default() += 1;
    }

    fn become_so(&mut self, link: Link) {
        match link {
            Link::Trying => self.trying = Instant::now(),
            Link::Online => self.took.push(self.trying.elapsed().as_millis()),
            _ => {}
        }
        self.link = link;
        self.since = Instant::now();
    }

    /// Waits until it is online and has caught up.
    pub(crate) fn come_online(&mut self) -> Result<(), String> {
        let (last, mut end) = (Instant::now() + AT_MOST, Instant::now() + CALM);
        let (mut asked, mut fetched) = (Instant::now(), self.fetched);
        loop {
            self.listen();
            // A starved server may need long for pages of what is here already.
            if self.fetched != fetched {
                (fetched, end) = (self.fetched, (Instant::now() + CALM).min(last));
            }
            if self.link == Link::Online && self.caught_up {
                return Ok(());
            }
            if (self.link == Link::Waiting || self.is_refused()) && asked.elapsed() > Duration::from_secs(1) {
                asked = Instant::now();
                self.reconnect();
            }
            if Instant::now() > end {
                return Err(format!(
                    "{} is {:?} and has {}caught up",
                    self.tag,
                    self.link,
                    if self.caught_up { "" } else { "not " }
                ));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The server did not know the password, as some do not while they start: a person tries again.
    pub(crate) fn is_refused(&self) -> bool {
        self.link == Link::Stopped && self.stopped_by.as_deref() == Some("wrong_password")
    }

    /// Has it connect at once.
    pub(crate) fn reconnect(&mut self) {
        if let Some(driven) = &mut self.driven {
            driven.ask(&json!({ "do": "reconnect" }));
        }
    }

    /// What it has. Messages that were retracted are left out: one that had not left is nowhere else.
    pub(crate) fn standing(&mut self, server: &Server) -> Standing {
        let peer = server.jid(self.peer);
        let Some(driven) = &mut self.driven else { return Standing::default() };
        let page = driven.ask(&json!({ "do": "page", "peer": peer, "limit": 1_000_000 }));
        let messages = page["messages"].as_array().into_iter().flatten();
        let counting = messages.filter(|message| message["retracted"] != true);
        let what_counts: BTreeSet<String> = counting
            .map(|message| {
                let reactions = message["reactions"].as_array().into_iter().flatten();
                let reactions: BTreeSet<String> = reactions
                    .filter(|by| by["with"] != json!([]))
                    .map(|by| {
                        let who = if by["by"] == "out" { self.name } else { self.peer };
                        format!("{who} {}", by["with"])
                    })
                    .collect();
                format!("{} {} {reactions:?}", message["message"], message["text"])
            })
            .collect();
        let waiting = driven.ask(&json!({ "do": "waiting" }))["count"].as_u64();
        Standing { what_counts, waiting: waiting.unwrap_or_default() }
    }

    /// Hears of a text that can be read by now.
    pub(crate) fn look_for(&mut self, text: &str, server: &Server) {
        let peer = server.jid(self.peer);
        let Some(driven) = &mut self.driven else { return };
        let page = driven.ask(&json!({ "do": "page", "peer": peer, "limit": 50 }));
        if page["messages"].as_array().is_some_and(|all| all.iter().any(|message| message["text"] == *text)) {
            self.heard.insert(text.to_owned());
        }
    }

    /// Leaves in good order.
    pub(crate) fn quit(&mut self) -> bool {
        self.listen();
        let good = self.driven.take().is_none_or(Driven::quit);
        if good {
            self.sayings.ended();
        }
        self.become_so(Link::Dead);
        good
    }
}
