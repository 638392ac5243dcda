//! The server and its people.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance::{Driven, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::crowd::Crowd;
use crate::device::Device;
use crate::options::{Encryption, Options};

/// The devices: whose it is, what its messages begin with, to whom it writes.
const DEVICES: [(&str, &str, &str); 3] =
    [("alice", "a", "bob"), ("bob", "b", "alice"), ("alice", "c", "bob")];

/// A server, and devices that are online and know each other.
pub(crate) struct Scene {
    pub(crate) server: Server,
    pub(crate) devices: Vec<Device>,
    folder: TempDir,
    program: String,
}

impl Scene {
    /// Everybody is online, and can read what the others write.
    pub(crate) fn new(options: &Options) -> Result<Self, String> {
        let server = options.server.start()?;
        for name in ["alice", "bob"] {
            server.add_user(name, &Device::password(name));
        }
        if options.encryption == Encryption::Legacy {
            server.hide_newer_lists();
        }
        let folder = tempfile::Builder::new().prefix("causerie-storm-").tempdir().expect("a folder");
        let program = std::env::current_exe().expect("a program").with_file_name("drive");
        let program = program.to_str().expect("a plain name");
        let devices = DEVICES.iter().zip(1..).map(|(names, number)| {
            let seed = (&server, options.seed.wrapping_add(number));
            let mut device = Device::new(*names, seed, (folder.path(), program, options.log));
            // What is said of messages is not part of what the older version encrypts, and counts for nothing beside it.
            device.remarks_on = options.encryption != Encryption::Legacy;
            device
        });
        let (devices, program) = (devices.collect(), program.to_owned());
        let mut scene = Self { devices, server, folder, program };
        scene.begin(options.encryption);
        Ok(scene)
    }

    fn begin(&mut self, encryption: Encryption) {
        let server = &self.server;
        for device in &mut self.devices {
            device.start(server);
            let jid = server.jid(device.name);
            let driven = device.driven.as_mut().expect("it runs");
            driven.event(&json!({ "event": "connection", "state": "online" }));
            wait_for_keys(driven, &jid);
            if encryption == Encryption::None {
                let peer = server.jid(device.peer);
                driven.ask(&json!({ "do": "privacy", "peer": peer, "privacy": "clear" }));
            }
        }
        let [alice, bob, ..] = self.devices.as_mut_slice() else { return };
        let (alices, bobs) = (server.jid("alice"), server.jid("bob"));
        let (alice, bob) = (alice.driven.as_mut().expect("it runs"), bob.driven.as_mut().expect("it runs"));
        alice.ask(&json!({ "do": "add_contact", "jid": bobs }));
        bob.until(&json!({ "do": "requests" }), |answer| answer["requests"][0]["jid"] == *alices);
        bob.ask(&json!({ "do": "accept", "jid": alices }));
        alice.event(&json!({ "event": "presence", "jid": bobs, "show": "available" }));
        bob.event(&json!({ "event": "presence", "jid": alices, "show": "available" }));
        for device in &mut self.devices {
            device.listen();
            device.link = crate::device::Link::Online;
            device.caught_up = true;
        }
    }

    /// Puts everybody into a room with a crowd.
    pub(crate) fn gather(&mut self) -> Crowd {
        Crowd::gather(&self.server, &mut self.devices, self.folder.path(), &self.program)
    }

    /// Keeps what was written, where it is wanted or something is wrong.
    pub(crate) fn keep(&mut self, to: Option<&Path>, good: bool) -> Option<PathBuf> {
        if good && to.is_none() {
            return None;
        }
        let _ = fs::create_dir(self.folder.path().join("server"));
        self.server.keep(&self.folder.path().join("server"));
        self.folder.disable_cleanup(true);
        let place = self.folder.path().to_owned();
        match to {
            Some(to) if fs::rename(&place, to).is_ok() => Some(to.to_owned()),
            _ => Some(place),
        }
    }
}

fn wait_for_keys(driven: &mut Driven, jid: &str) {
    let listed = |key: &Value| key["standing"] == "listed" && key["trust"] == "verified";
    driven.until(&json!({ "do": "keys", "account": jid, "jid": jid }), |answer| {
        answer["keys"].as_array().is_some_and(|keys| keys.iter().any(listed))
    });
}
