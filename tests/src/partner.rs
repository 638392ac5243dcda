//! A partner with an OMEMO of its own, made by other people: `partners/omemo_peer.py`, driven.
//!
//! It needs a Python with the packages of `partners/requirements.txt`. `tests/run` makes one and says where it is by the variable
//! `CAUSERIE_PARTNER_PYTHON`.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::driven::Driven;
use crate::server::Server;

const PYTHON: &str = "CAUSERIE_PARTNER_PYTHON";
const MISSING: &str = "CAUSERIE_PARTNER_PYTHON names no Python for the partner: `tests/run --partners` makes one and prints what to set";

/// The versions of OMEMO that a partner has, or that a message of its is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    /// `eu.siacs.conversations.axolotl`.
    Legacy,
    /// `urn:xmpp:omemo:2`.
    Omemo2,
    /// Both. A message in both gives each device the newest that it has.
    Both,
}

/// A running partner. Dropped, it is killed.
#[derive(Debug)]
pub struct Partner {
    driven: Driven,
    device: u64,
    key: String,
}

/// A message that was encrypted.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its stanza.
    pub xml: String,
    /// How many devices it is for, in the older and in the newer version.
    pub devices: (usize, usize),
}

impl Speaks {
    /// As the partner and `drive` call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Omemo2 => "omemo2",
            Self::Both => "both",
        }
    }

    /// The newest of these versions, which a device prefers.
    pub fn newest(self) -> Self {
        match self {
            Self::Both => Self::Omemo2,
            one => one,
        }
    }
}

impl Partner {
    /// Starts a partner and waits until it is online. A new file is a new device.
    ///
    /// # Panics
    ///
    /// When there is no Python for it, or it isn't ready in time.
    pub fn start(server: &Server, name: &str, password: &str, speaks: Speaks, store: &Path) -> Self {
        let python = std::env::var_os(PYTHON).filter(|python| Path::new(python).is_file());
        let mut command = Command::new(python.expect(MISSING));
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("partners/omemo_peer.py"))
            .args(["--jid", &server.jid(name), "--server", &format!("127.0.0.1:{}", server.port())])
            .args(["--omemo", speaks.name(), "--ca"])
            .arg(server.ca_file())
            .arg("--store")
            .arg(store);
        let mut driven = Driven::run(command);
        driven.say(password);
        let ready = driven.event(&json!({ "event": "ready" }));
        let device = ready["device"].as_u64().expect("its number");
        Self { driven, device, key: ready["key"].as_str().expect("its key").to_owned() }
    }

    /// The number of its device.
    pub fn device(&self) -> u64 {
        self.device
    }

    /// The fingerprint of its key, as `drive` writes it.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Fetches the devices of somebody anew, until there are so many in each version that it speaks.
    ///
    /// # Panics
    ///
    /// When there are not, in time.
    pub fn look_up(&mut self, jid: &str, count: usize) {
        self.driven.until(&json!({ "do": "look_up", "jid": jid }), |answer| {
            let versions = answer["devices"].as_object().expect("devices by version");
            versions.values().all(|devices| devices.as_array().is_some_and(|devices| devices.len() == count))
        });
    }

    /// Lets its account have bundles of many devices: its library leaves that to servers, and ejabberd 23 keeps one.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn make_room(&mut self) {
        self.driven.ask(&json!({ "do": "make_room" }));
    }

    /// Encrypts and sends.
    ///
    /// # Panics
    ///
    /// When it can't be encrypted for all devices.
    pub fn send(&mut self, to: &str, body: &str, version: Speaks) -> Written {
        self.encrypt("send", to, body, version)
    }

    /// Encrypts, and sends nothing.
    ///
    /// # Panics
    ///
    /// When it can't be encrypted for all devices.
    pub fn write(&mut self, to: &str, body: &str, version: Speaks) -> Written {
        self.encrypt("write", to, body, version)
    }

    /// Sends XML as it is.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn hand_in(&mut self, xml: &str) {
        self.driven.ask(&json!({ "do": "raw", "xml": xml }));
    }

    /// Puts aside what comes from now on.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn keep(&mut self) {
        self.driven.ask(&json!({ "do": "keep" }));
    }

    /// Waits until so many messages were put aside.
    ///
    /// # Panics
    ///
    /// When they don't come.
    pub fn wait_for_kept(&mut self, count: usize) {
        self.driven.event(&json!({ "event": "kept", "count": count }));
    }

    /// Has these of the messages that were put aside read, in this order.
    ///
    /// # Panics
    ///
    /// When there are fewer.
    pub fn take(&mut self, order: &[usize]) {
        self.driven.ask(&json!({ "do": "take", "order": order }));
    }

    /// Has what comes read at once again, and what was put aside forgotten.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn release(&mut self) {
        self.driven.ask(&json!({ "do": "release" }));
    }

    /// Waits for a message that says nothing, and takes it.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub fn empty(&mut self, from: &str) -> Value {
        self.driven.event(&json!({ "event": "empty", "from": from }))
    }

    /// Waits for a message with that text from somebody, and takes it.
    ///
    /// # Panics
    ///
    /// When it doesn't come.
    pub fn message(&mut self, from: &str, body: &str) -> Value {
        self.driven.event(&json!({ "event": "message", "from": from, "body": body }))
    }

    /// Waits for the next message, whatever it says, and takes it.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub fn next_message(&mut self) -> Value {
        self.driven.event(&json!({ "event": "message" }))
    }

    /// Takes everything that it could not decrypt so far.
    pub fn unreadable(&mut self) -> Vec<Value> {
        self.driven.events_so_far(&json!({ "event": "unreadable" }))
    }

    /// Leaves in good order.
    ///
    /// # Panics
    ///
    /// When it doesn't.
    pub fn quit(self) {
        assert!(self.driven.quit(), "the partner did not end well");
    }

    fn encrypt(&mut self, how: &str, to: &str, body: &str, version: Speaks) -> Written {
        let command = json!({ "do": how, "to": to, "body": body, "version": version.name() });
        let answer = self.driven.ask(&command);
        let count = |version: &str| answer["devices"][version].as_array().map_or(0, Vec::len);
        Written {
            xml: answer["xml"].as_str().expect("a stanza").to_owned(),
            devices: (count("legacy"), count("omemo2")),
        }
    }
}
