//! Those who are online, and the one who answers.

use std::env;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use acceptance::server::Entry;
use acceptance::{Driven, Server};
use serde_json::json;
use tempfile::TempDir;

use crate::people::{ALICES_PASSWORD, ANSWERS, PEOPLE, password};

/// How long the partner seems to think, and to type.
const THINKING: Duration = Duration::from_millis(700);
const TYPING: Duration = Duration::from_millis(1_500);
/// As long as the program runs.
const LONG: Duration = Duration::from_secs(365 * 86_400);

/// Everybody but Alice, in one process.
pub(crate) struct Partners {
    _thread: JoinHandle<()>,
    _folder: TempDir,
}

impl Partners {
    /// Makes their accounts and contacts, signs those in who are there, and answers from then on.
    pub(crate) fn start(server: &Server) -> Result<Self, String> {
        let entry = |name: &str, called: &str| Entry { jid: server.jid(name), name: called.to_owned() };
        let contacts: Vec<Entry> = PEOPLE.iter().map(|person| entry(person.name, person.called)).collect();
        server.add_user_with_roster("alice", ALICES_PASSWORD, &contacts);
        for person in PEOPLE {
            server.add_user_with_roster(person.name, &password(person.name), &[entry("alice", "Alice")]);
        }
        let drive = env::current_exe().map_err(|error| error.to_string())?.with_file_name("drive");
        let drive = drive.to_str().ok_or("the program drive is in a folder with an odd name")?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut all = Driven::start(drive, folder.path());
        let alice = server.jid("alice");
        for person in PEOPLE {
            all.sign_in(server, person.name, &password(person.name));
            let account = server.jid(person.name);
            if let Some((show, status)) = person.presence {
                all.ask(&json!({ "do": "set_presence", "account": account, "show": show, "status": status }));
                all.ask(&json!({ "do": "look_up", "account": account, "peer": alice }));
                continue;
            }
            // Who is gone before Alice comes can't encrypt: she has no device yet that could read it.
            all.ask(&json!({ "do": "privacy", "account": account, "peer": alice, "privacy": "clear" }));
            for text in person.first {
                let sent = all.ask(&json!({ "do": "send", "account": account, "to": alice, "body": text }));
                all.event(&json!({ "event": "state", "message": sent["message"], "state": "sent" }));
            }
            all.ask(&json!({ "do": "sign_out", "account": account }));
        }
        let there: Vec<(String, &[&str])> = PEOPLE
            .iter()
            .filter(|person| person.presence.is_some())
            .map(|person| (server.jid(person.name), person.first))
            .collect();
        let bob = server.jid(PEOPLE.first().ok_or("nobody is there")?.name);
        let thread = thread::spawn(move || {
            greet(&mut all, &there, &alice);
            answer(all, &bob, &alice);
        });
        Ok(Self { _thread: thread, _folder: folder })
    }
}

/// Those who are there write as soon as Alice has a device that can read it.
fn greet(all: &mut Driven, people: &[(String, &[&str])], alice: &str) {
    for (account, texts) in people.iter().rev() {
        let ready = json!({ "event": "readiness", "account": account, "peer": alice, "readiness": "ready" });
        all.event_within(&ready, LONG);
        for text in *texts {
            all.ask(&json!({ "do": "send", "account": account, "to": alice, "body": text }));
        }
    }
}

/// Answers for as long as the program runs. Each answer is preceded by the signs of a person who types.
fn answer(mut all: Driven, bob: &str, alice: &str) {
    for text in ANSWERS.iter().cycle() {
        all.event_within(&json!({ "event": "message", "account": bob, "peer": alice }), LONG);
        thread::sleep(THINKING);
        all.ask(&json!({ "do": "mark_read", "account": bob, "peer": alice }));
        all.ask(&json!({ "do": "chat_state", "account": bob, "to": alice, "state": "composing" }));
        thread::sleep(TYPING);
        all.ask(&json!({ "do": "send", "account": bob, "to": alice, "body": text }));
    }
}
