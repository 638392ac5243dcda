//! The program `drive`, driven: commands are sent, answers and events are waited for with a time-out.

use std::collections::{HashSet, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::Server;

/// How long an answer or event may take: long, because the machine may have much else to do.
const PATIENCE: Duration = Duration::from_secs(180);
/// How long it may take to leave after `quit`.
const GOODBYE: Duration = Duration::from_secs(20);

/// A running `drive`. Dropped, it is killed.
#[derive(Debug)]
pub struct Driven {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    /// Events that nobody has taken yet.
    events: VecDeque<Value>,
}

impl Driven {
    /// Starts the program on a data folder.
    ///
    /// # Panics
    ///
    /// When it can't be started or isn't ready in time.
    pub fn start(program: &str, folder: &Path) -> Self {
        Self::start_with(program, folder, &[])
    }

    /// The same with more arguments.
    ///
    /// # Panics
    ///
    /// As [`Self::start`].
    pub fn start_with(program: &str, folder: &Path, arguments: &[&str]) -> Self {
        let mut driven = Self::spawn(program, folder, arguments);
        driven.event(&json!({ "event": "ready" }));
        driven
    }

    /// Starts the program without waiting until it is ready.
    ///
    /// # Panics
    ///
    /// When it can't be started.
    pub fn spawn(program: &str, folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.arg("--data-dir").arg(folder).args(arguments);
        Self::run(command)
    }

    /// Starts any program that speaks as `drive` does.
    ///
    /// # Panics
    ///
    /// When it can't be started.
    pub fn run(mut command: Command) -> Self {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let lines = BufReader::new(child.stdout.take().expect("its output"));
        let (send, output) = channel();
        thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                // A program that is killed may be in the midst of one.
                let Ok(value) = serde_json::from_str(&line) else { break };
                if send.send(value).is_err() {
                    return;
                }
            }
        });
        Self { input: child.stdin.take(), child, output, events: VecDeque::new() }
    }

    /// Signs an account of a server in, and waits until it is online.
    ///
    /// # Panics
    ///
    /// When that doesn't happen.
    pub fn sign_in(&mut self, server: &Server, name: &str, password: &str) {
        self.begin_sign_in(server, name, password, server.port());
        self.event(&json!({ "event": "connection", "account": server.jid(name), "state": "online" }));
    }

    /// Begins to sign an account of a server in, through that port of this machine.
    ///
    /// # Panics
    ///
    /// When the command is refused.
    pub fn begin_sign_in(&mut self, server: &Server, name: &str, password: &str, port: u16) {
        self.ask(&json!({
            "do": "sign_in",
            "jid": server.jid(name),
            "password": password,
            "server": format!("127.0.0.1:{port}"),
            "ca_file": server.ca_file(),
        }));
    }

    /// Gives a command and waits for its answer, which must be good.
    ///
    /// # Panics
    ///
    /// When it isn't, or doesn't come in time.
    pub fn ask(&mut self, command: &Value) -> Value {
        let answer = self.try_ask(command);
        assert_eq!(answer["ok"], true, "{command}: {answer}");
        answer
    }

    /// Gives a command and waits for its answer, good or not.
    ///
    /// # Panics
    ///
    /// When it doesn't come in time.
    pub fn try_ask(&mut self, command: &Value) -> Value {
        self.say(&command.to_string());
        self.answer().unwrap_or_else(|| panic!("no answer to {command}"))
    }

    /// Waits for the answer to a command that was written with [`Self::say`].
    pub fn answer(&mut self) -> Option<Value> {
        let end = Instant::now() + PATIENCE;
        loop {
            let value = self.next(end)?;
            if value.get("answer").is_some() {
                return Some(value);
            }
            self.events.push_back(value);
        }
    }

    /// Writes a line.
    ///
    /// # Panics
    ///
    /// When the program has ended.
    pub fn say(&mut self, line: &str) {
        let input = self.input.as_mut().expect("a running program");
        writeln!(input, "{line}").expect("a running program");
    }

    /// Waits for an event that has all fields of `like`, and takes it. Others stay.
    ///
    /// # Panics
    ///
    /// When none comes in time.
    pub fn event(&mut self, like: &Value) -> Value {
        self.event_within(like, PATIENCE)
    }

    /// The same with a time of its own.
    ///
    /// # Panics
    ///
    /// When none comes in time.
    pub fn event_within(&mut self, like: &Value, patience: Duration) -> Value {
        let end = Instant::now() + patience;
        let mut seen = 0;
        loop {
            if let Some(place) = self.events.iter().skip(seen).position(|event| is_like(event, like)) {
                return self.events.remove(seen + place).expect("the event found");
            }
            seen = self.events.len();
            match self.next(end) {
                Some(value) => self.events.push_back(value),
                None => panic!("no {like}; the last events are {:#?}", self.last_events()),
            }
        }
    }

    /// Writes a line, for a program that may have ended.
    pub fn try_say(&mut self, command: &Value) {
        if let Some(input) = self.input.as_mut() {
            let _ = writeln!(input, "{command}");
        }
    }

    /// Whether it still runs.
    ///
    /// # Panics
    ///
    /// When the system doesn't know.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("a process").is_none()
    }

    /// Whether it ends by itself, in the time that a goodbye takes: what it tells last is read before it is gone.
    ///
    /// # Panics
    ///
    /// When the system doesn't know.
    pub fn dies(&mut self) -> bool {
        let end = Instant::now() + GOODBYE;
        while self.is_alive() && Instant::now() < end {
            thread::sleep(Duration::from_millis(20));
        }
        !self.is_alive()
    }

    /// Waits for all that it has told, once it has ended.
    pub fn hear_the_last(&mut self) {
        while let Ok(value) = self.output.recv_timeout(GOODBYE) {
            self.events.push_back(value);
        }
    }

    /// Whether an event that has all fields of `like` has come. It stays.
    pub fn has_come(&mut self, like: &Value) -> bool {
        while let Ok(value) = self.output.try_recv() {
            self.events.push_back(value);
        }
        self.events.iter().any(|event| is_like(event, like))
    }

    /// Takes all events like this that have come so far.
    pub fn events_so_far(&mut self, like: &Value) -> Vec<Value> {
        while let Ok(value) = self.output.try_recv() {
            self.events.push_back(value);
        }
        let (taken, others) = self.events.drain(..).partition(|event| is_like(event, like));
        self.events = others;
        Vec::from(taken)
    }

    /// All messages of a conversation in reading order.
    ///
    /// Rows may be given another place between two pages, while the archive tells their order: what was read then is read again.
    ///
    /// # Panics
    ///
    /// When they can't be read.
    pub fn history(&mut self, account: &str, peer: &str) -> Vec<Value> {
        loop {
            let history = self.history_once(account, peer);
            let rows: HashSet<String> = history.iter().map(|message| message["id"].to_string()).collect();
            if rows.len() == history.len() {
                return history;
            }
        }
    }

    fn history_once(&mut self, account: &str, peer: &str) -> Vec<Value> {
        let mut history: Vec<Value> = Vec::new();
        loop {
            let before = history.first().map(|message| message["id"].clone());
            let mut command = json!({ "do": "page", "account": account, "peer": peer, "limit": 200 });
            if let Some(before) = before {
                command["before"] = before;
            }
            let mut answer = self.ask(&command);
            let page = answer["messages"].as_array_mut().map(std::mem::take).expect("a page");
            if page.is_empty() {
                return history;
            }
            history.splice(0..0, page);
        }
    }

    /// Asks the same again and again until what is answered pleases.
    ///
    /// # Panics
    ///
    /// When it doesn't in time.
    pub fn until(&mut self, command: &Value, pleases: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = self.ask(command);
            if pleases(&answer) {
                return answer;
            }
            assert!(Instant::now() < end, "{command} still answers {answer}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Says goodbye and waits until the program has ended. Answers whether it ended well.
    ///
    /// # Panics
    ///
    /// When it doesn't end.
    pub fn quit(mut self) -> bool {
        if let Some(mut input) = self.input.take() {
            let _ = writeln!(input, "{}", json!({ "do": "quit" }));
        }
        let end = Instant::now() + GOODBYE;
        while Instant::now() < end {
            if let Ok(Some(status)) = self.child.try_wait() {
                return status.success();
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("the program doesn't end");
    }

    /// Ends the program as a power cut would.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Stops the program where it is, as a machine that goes to sleep would.
    ///
    /// # Panics
    ///
    /// When the system doesn't do it.
    pub fn stand_still(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    ///
    /// # Panics
    ///
    /// When the system doesn't do it.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("/bin/kill").arg(signal).arg(self.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "{signal}");
    }

    /// The same; gives the events that it had told by then and nobody has taken.
    pub fn killed(&mut self) -> Vec<Value> {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Until its output ends.
        while let Ok(value) = self.output.recv_timeout(GOODBYE) {
            self.events.push_back(value);
        }
        self.events.drain(..).collect()
    }

    /// The operating system's name of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn next(&mut self, end: Instant) -> Option<Value> {
        match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(value) => Some(value),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                panic!("the program has ended; its last events are {:#?}", self.last_events())
            }
        }
    }

    fn last_events(&self) -> Vec<String> {
        self.events.iter().rev().take(12).rev().map(Value::to_string).collect()
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_like(event: &Value, like: &Value) -> bool {
    let fields = like.as_object().expect("an object");
    fields.iter().all(|(name, value)| event.get(name) == Some(value))
}
