//! `catchup`: how long it takes to catch up with a long absence, what it costs, and how quickly a message that comes is there.
//!
//! `catchup --help` documents it. | file | what |: [`client`] the whole client in a process of its own, so that what it costs can be told from what
//! measuring costs · [`stamps`] when something passes where in it.

mod client;
mod stamps;

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use acceptance::server::Entry;
use acceptance::{Kind, Server};
use serde_json::Value;

const HELP: &str = "\
catchup: measures catching up with an archive, and the way of single messages

Usage: catchup [--messages N] [--conversations N] [prosody] [ejabberd]

Starts each server on loopback, fills Alice's archive with N messages (20000) of N contacts (200) while she is away, signs her in, and
prints for each what it took until all was committed: seconds, messages a second, CPU seconds of the client and of the server, the most memory,
and how often the app was told something, as it would look 60 times a second: each time it draws. Then it sends 200 messages from Bob to Alice
in one process, 50 ms apart, and prints the time from sending one to its being committed at the other side, which takes the server's share in,
and to its having been read for the screen; and the same from where it has come out of the socket, with when the app is told.
A release build, on a machine that has nothing else to do: cargo run --release -p acceptance --bin catchup
";

/// The password of everybody here.
const PASSWORD: &str = "secret";
/// How long it is waited for a client.
const PATIENCE: Duration = Duration::from_secs(900);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match asked.as_slice() {
        ["client", rest @ ..] => client::run(rest),
        ["--help" | "-h"] => io::stdout().write_all(HELP.as_bytes()).map_err(|error| error.to_string()),
        rest => measure(rest),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            let _ = writeln!(io::stderr(), "catchup: {what}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &[&str]) -> Result<(), String> {
    let (mut messages, mut conversations, mut kinds) = (20_000, 200, Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || rest.next().and_then(|number| number.parse().ok()).ok_or("a number is missing");
        match *argument {
            "--messages" => messages = number()?,
            "--conversations" => conversations = number()?,
            "prosody" => kinds.push(Kind::Prosody),
            "ejabberd" => kinds.push(Kind::Ejabberd),
            other => return Err(format!("what is {other}? See catchup --help")),
        }
    }
    if kinds.is_empty() {
        kinds = vec![Kind::Prosody, Kind::Ejabberd];
    }
    kinds.into_iter().try_for_each(|kind| one(kind, messages, conversations))
}

fn one(kind: Kind, messages: usize, conversations: usize) -> Result<(), String> {
    // What ejabberd comes with takes no message any more from some thousands on.
    let server = Server::start_lasting(kind);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let entry = |number: usize| Entry {
        jid: format!("contact{number}@{}", server.domain()),
        name: format!("Contact {number}"),
    };
    let roster: Vec<Entry> = (0..conversations).map(entry).collect();
    server.add_user_with_roster("alice", PASSWORD, &roster);
    server.add_user("bob", PASSWORD);
    if kind == Kind::Ejabberd {
        // It keeps nothing for who is nobody.
        roster.iter().for_each(|entry| {
            let name = entry.jid.split('@').next().unwrap_or_default();
            server.add_user(name, PASSWORD);
        });
    }
    let client = |data: &str, what: &[&str]| client(&server, &folder.path().join(data), what);
    // Something is there, so that it is known where to go on.
    let peers: Vec<String> = roster.into_iter().map(|entry| entry.jid).collect();
    finish(client("other", &["way", "1"])?)?;
    finish(client("alice", &["catch-up"])?)?;
    server.wait_until_gone("alice");
    // Another device of hers takes what would be kept for her besides.
    let other = client("device", &["stay"])?;
    thread::sleep(Duration::from_secs(3));
    let began = Instant::now();
    server.fill_archive("alice", &peers, messages);
    say(&format!(
        "{kind:?}: {messages} messages of {conversations} people, filled in {:.1} s",
        began.elapsed().as_secs_f64()
    ));
    thread::sleep(Duration::from_secs(5));
    drop(other);
    server.wait_until_gone("alice");
    let before = server.cpu();
    let caught = finish(client("alice", &["catch-up"])?)?;
    say(&format!("{kind:?}: caught up: {caught}; server_cpu_s {:.2}", server.cpu() - before));
    let here = caught["messages"].as_u64().unwrap_or_default();
    if here < messages as u64 {
        return Err(format!("{here} of {messages} messages are here"));
    }
    let way = finish(client("way", &["way", "200"])?)?;
    say(&format!("{kind:?}: single messages: {way}"));
    Ok(())
}

/// A client in a process of its own, which ends when its input does.
struct Client(std::process::Child);

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let end = Instant::now() + Duration::from_secs(30);
        while matches!(self.0.try_wait(), Ok(None)) && Instant::now() < end {
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn client(server: &Server, data: &Path, what: &[&str]) -> Result<Client, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let child = Command::new(program)
        .arg("client")
        .arg(data)
        .arg(server.domain())
        .arg(format!("127.0.0.1:{}", server.port()))
        .arg(server.ca_file())
        .args(what)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    child.map(Client).map_err(|error| error.to_string())
}

/// Waits for what a client says at its end.
fn finish(mut client: Client) -> Result<Value, String> {
    let end = Instant::now() + PATIENCE;
    while matches!(client.0.try_wait(), Ok(None)) {
        if Instant::now() > end {
            return Err("a client does not end".to_owned());
        }
        thread::sleep(Duration::from_millis(20));
    }
    let output =
        io::read_to_string(client.0.stdout.take().ok_or("no output")?).map_err(|error| error.to_string())?;
    serde_json::from_str(output.trim()).map_err(|error| format!("{error}: {output}"))
}

fn say(line: &str) {
    let mut out = io::stdout();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
