//! `stage`: a private server with people on it, for demonstrations, tests with a window, and measurements.
//!
//! `stage --help` documents it. | file | what |: [`people`] who they are · [`partner`] those who answer · [`newcomers`] servers for
//! those who come · [`failures`] servers on which they fail · [`seed`] a long history without a server.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use acceptance::server::Entry;
use acceptance::{Kind, Server};
use serde_json::{Value, json};

use newcomers::{Newcomers, Servers};

mod failures;
mod newcomers;
mod partner;
mod people;
mod seed;

const HELP: &str = "\
stage: a private server with people on it

Usage: stage serve [--silent | --crowd N | --newcomers ejabberd|prosody|invited|elsewhere|web]
       stage fail
       stage seed --data-dir PATH [--server HOST:PORT] [--contacts N] [--messages N]

serve   starts a private Prosody on loopback with an account for Alice and contacts of hers, some of whom are online and
        answer; with --silent nobody but Alice and Bob has an account, they do not know each other, and nobody is
        online; with --crowd the same, but Alice has Bob and the N contacts of `seed` in her list; with --newcomers there
        is only Bob, and accounts are made: by ejabberd under the name chapril.org, as that has it; by Prosody with
        no more than a name and a password, for those who are invited, neither at chapril.org nor at guests.test but at
        chat.test, or on a page of the web. Writes one line of JSON (jid, password, server, ca_file, bob with jid and
        password, domain, port, tls_port, puzzles: the file with the answers, seen: the file with what clients have sent,
        dns: each domain with its ports, invitations: six links, page: that of the web) when all is ready, and ends when
        its standard input ends. The server, its data and the certificates are gone then.
fail    starts servers on which nobody gets an account, each for another reason, under names that say it, and writes one
        line of JSON (ca_file, dns, heard: the file with what was sent to them, fetched: the file that says what was
        fetched of what they only mention); ends as serve does.
seed    fills a data folder with Alice's account, contacts (200) and messages (20000), without a server.
";

/// What the command line asks for.
enum Request {
    Serve(Manner),
    Fail,
    Seed(seed::Seed),
    Help,
}

/// What the people on the stage do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Lively,
    Silent,
    Crowd(usize),
    Newcomers(Newcomers),
}

fn main() -> ExitCode {
    let result = match parse(std::env::args().skip(1)) {
        Ok(Request::Help) => io::stdout().write_all(HELP.as_bytes()).map_err(|error| error.to_string()),
        Ok(Request::Serve(manner)) => serve(manner),
        Ok(Request::Fail) => failures::serve(),
        Ok(Request::Seed(seed)) => seed::seed(&seed),
        Err(what) => Err(format!("{what}; see --help")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            let _ = writeln!(io::stderr(), "stage: {what}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Request, String> {
    let what = arguments.next().ok_or("what is to be done?")?;
    match what.as_str() {
        "--help" | "-h" => Ok(Request::Help),
        "serve" => match arguments.next().as_deref() {
            None => Ok(Request::Serve(Manner::Lively)),
            Some("--silent") => Ok(Request::Serve(Manner::Silent)),
            Some("--crowd") => {
                let count = arguments.next().and_then(|count| count.parse().ok());
                count
                    .map(|count| Request::Serve(Manner::Crowd(count)))
                    .ok_or("--crowd needs a number".to_owned())
            }
            Some("--newcomers") => {
                let newcomers = arguments.next().as_deref().and_then(Newcomers::parse);
                newcomers
                    .map(|newcomers| Request::Serve(Manner::Newcomers(newcomers)))
                    .ok_or("--newcomers needs to know how".to_owned())
            }
            Some(other) => Err(format!("what is {other}?")),
        },
        "fail" => Ok(Request::Fail),
        "seed" => {
            let mut seed = seed::Seed::default();
            while let Some(name) = arguments.next() {
                let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
                let no_number = || format!("{value} is no number");
                match name.as_str() {
                    "--data-dir" => seed.folder = PathBuf::from(&value),
                    "--server" => seed.server = Some(value.clone()),
                    "--contacts" => seed.contacts = value.parse().map_err(|_| no_number())?,
                    "--messages" => seed.messages = value.parse().map_err(|_| no_number())?,
                    _ => return Err(format!("what is {name}?")),
                }
            }
            Ok(Request::Seed(seed))
        }
        other => Err(format!("what is {other}?")),
    }
}

fn serve(manner: Manner) -> Result<(), String> {
    if let Manner::Newcomers(newcomers) = manner {
        let servers = Servers::start(newcomers)?;
        let mut ready = ready(servers.main());
        merge(&mut ready, servers.ready());
        return until_the_end(&ready);
    }
    let server = Server::start(Kind::Prosody);
    let _partners = match manner {
        Manner::Lively => Some(partner::Partners::start(&server)?),
        Manner::Silent => {
            server.add_user("alice", people::ALICES_PASSWORD);
            server.add_user("bob", people::BOBS_PASSWORD);
            None
        }
        Manner::Crowd(count) => {
            let bob = Entry { jid: server.jid("bob"), name: "Bob Martin".to_owned() };
            let crowd = (0..count).map(|number| Entry { jid: seed::jid(number), name: seed::name(number) });
            let crowd: Vec<Entry> = crowd.chain([bob]).collect();
            server.add_user_with_roster("alice", people::ALICES_PASSWORD, &crowd);
            let alice = Entry { jid: server.jid("alice"), name: "Alice".to_owned() };
            server.add_user_with_roster("bob", people::BOBS_PASSWORD, &[alice]);
            None
        }
        Manner::Newcomers(_) => None,
    };
    until_the_end(&ready(&server))
}

/// What is to be known of a server.
fn ready(server: &Server) -> Value {
    json!({
        "jid": server.jid("alice"),
        "password": people::ALICES_PASSWORD,
        "server": format!("127.0.0.1:{}", server.port()),
        "ca_file": server.ca_file(),
        "bob": { "jid": server.jid("bob"), "password": people::BOBS_PASSWORD },
        "domain": server.domain(),
        "port": server.port(),
        "tls_port": server.tls_port(),
        "puzzles": server.puzzles_file(),
        "seen": server.seen_file(),
    })
}

fn merge(ready: &mut Value, more: Value) {
    if let (Value::Object(ready), Value::Object(more)) = (ready, more) {
        ready.extend(more);
    }
}

/// Says that all is ready, and waits until whoever has asked for it goes.
fn until_the_end(ready: &Value) -> Result<(), String> {
    writeln!(io::stdout(), "{ready}").map_err(|error| error.to_string())?;
    let _ = io::stdin().read_to_end(&mut Vec::new());
    Ok(())
}
