//! What every test begins with.

use std::path::{Path, PathBuf};

use acceptance::partner::Speaks;
use acceptance::{Driven, Kind, Partner, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::watch::{Expects, Watched};

/// The program under test.
pub(crate) const DRIVE: &str = env!("CARGO_BIN_EXE_drive");

/// Makes two tests of each function: one with Prosody and one with ejabberd.
macro_rules! on_both_servers {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            #[test]
            fn prosody() {
                super::$test(acceptance::Kind::Prosody);
            }

            #[test]
            fn ejabberd() {
                super::$test(acceptance::Kind::Ejabberd);
            }
        })+
    };
}
pub(crate) use on_both_servers;

/// A server whose wires are watched, and a place for the data of people.
pub(crate) struct Scene {
    pub(crate) server: Watched,
    folder: TempDir,
}

/// Somebody's password.
pub(crate) fn password(name: &str) -> String {
    format!("Pass-Wörd of {name} \"\\<&>'")
}

impl Scene {
    /// A fresh server with accounts for these people.
    pub(crate) fn new(kind: Kind, people: &[&str]) -> Self {
        Self::expecting(kind, people, Expects::Nothing)
    }

    /// The same, for people who have secrets.
    pub(crate) fn of_secrets(kind: Kind, people: &[&str]) -> Self {
        Self::expecting(kind, people, Expects::Secrets)
    }

    fn expecting(kind: Kind, people: &[&str], expects: Expects) -> Self {
        let server = Server::start(kind);
        for name in people {
            server.add_user(name, &password(name));
        }
        Self { server: Watched::new(server, expects), folder: folder() }
    }

    /// A server that is there.
    pub(crate) fn at(server: Server) -> Self {
        Self { server: Watched::new(server, Expects::Nothing), folder: folder() }
    }

    /// Where somebody's data are.
    pub(crate) fn data_of(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Somebody's program, started and not signed in.
    pub(crate) fn start(&self, name: &str) -> Driven {
        Driven::start(DRIVE, &self.data_of(name))
    }

    /// Somebody, online.
    pub(crate) fn online(&self, name: &str) -> Driven {
        let mut driven = self.start(name);
        driven.sign_in(&self.server, name, &password(name));
        self.wait_for_keys(&mut driven, name);
        driven
    }

    /// A program of somebody's that is not ours, online. What it keeps has that name; a new one is a new device.
    pub(crate) fn partner(&self, name: &str, speaks: Speaks, kept: &str) -> Partner {
        Partner::start(&self.server, name, &password(name), speaks, &self.data_of(kept))
    }

    /// Makes somebody and a partner, who are online, see each other.
    pub(crate) fn befriend_partner(&self, one: &mut Driven, other: &str) {
        let jid = self.server.jid(other);
        one.ask(&json!({ "do": "add_contact", "jid": jid }));
        // A partner accepts, and asks in turn, which is granted to whom we have asked.
        one.until(&json!({ "do": "contacts" }), |answer| {
            contact(answer, &jid).is_some_and(|contact| contact["subscription"] == "both")
        });
        one.event(&json!({ "event": "presence", "jid": jid, "show": "available" }));
    }

    /// Waits until others can write to somebody's program encrypted.
    pub(crate) fn wait_for_keys(&self, driven: &mut Driven, name: &str) {
        let jid = self.server.jid(name);
        let listed = |key: &Value| key["standing"] == "listed" && key["trust"] == "verified";
        driven.until(&json!({ "do": "keys", "account": jid, "jid": jid }), |answer| {
            answer["keys"].as_array().is_some_and(|keys| keys.iter().any(listed))
        });
    }

    /// Makes two people who are online see each other.
    pub(crate) fn befriend(&self, one: &mut Driven, ones: &str, other: &mut Driven, others: &str) {
        let (ones, others) = (self.server.jid(ones), self.server.jid(others));
        one.ask(&json!({ "do": "add_contact", "jid": others }));
        other.until(&json!({ "do": "requests" }), |answer| answer["requests"][0]["jid"] == *ones);
        other.ask(&json!({ "do": "accept", "jid": ones }));
        for (driven, peer) in [(one, others), (other, ones)] {
            driven.event(&json!({ "event": "presence", "jid": peer, "show": "available" }));
        }
    }
}

/// A folder that is gone at the end.
pub(crate) fn folder() -> TempDir {
    tempfile::Builder::new().prefix("causerie-people-").tempdir().expect("a folder")
}

/// The texts of all messages of a conversation that went this way, in reading order.
pub(crate) fn texts(driven: &mut Driven, account: &str, peer: &str, direction: &str) -> Vec<String> {
    let history = driven.history(account, peer);
    let messages = history.iter().filter(|message| message["direction"] == *direction);
    messages.map(|message| message["text"].as_str().unwrap_or("(unreadable)").to_owned()).collect()
}

/// The entry of a roster.
pub(crate) fn contact(answer: &Value, jid: &str) -> Option<Value> {
    answer["contacts"].as_array()?.iter().find(|contact| contact["jid"] == *jid).cloned()
}

/// The most memory that a process has had at once, in bytes.
pub(crate) fn peak_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"));
    let status = status.expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib * 1024
}
