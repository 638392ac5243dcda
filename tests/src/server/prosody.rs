//! Prosody.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use super::{Entry, Place, fill};
use crate::process::Process;

pub(super) fn prepare(place: &Place) {
    for folder in ["data", "certs"] {
        fs::create_dir_all(place.folder.join(folder)).expect("a folder for the server");
    }
    fs::write(place.folder.join("prosody.cfg.lua"), fill(place, "prosody.cfg.lua"))
        .expect("its configuration");
}

pub(super) fn start(place: &Place) -> Process {
    let mut command = Process::command("prosody");
    command.arg("-F").arg("--config").arg(place.folder.join("prosody.cfg.lua")).current_dir(&place.folder);
    Process::start(command, &place.folder.join("out.log"))
        .expect("Prosody: apt install prosody lua-dbi-sqlite3")
}

/// Prosody reads an account from its file when somebody signs in, and replaces the password by its hash then.
pub(super) fn add_user(place: &Place, name: &str, password: &str, roster: &[Entry]) {
    let text = format!("return {{ [\"password\"] = {}; }};\n", quoted(password));
    write(place, "accounts", name, &text);
    if !roster.is_empty() {
        write(place, "roster", name, &written(roster));
    }
}

fn written(roster: &[Entry]) -> String {
    let mut text = String::from("return {\n[false] = { [\"version\"] = 1; [\"pending\"] = {}; };\n");
    for Entry { jid, name } in roster {
        let (jid, name) = (quoted(jid), quoted(name));
        let _ = writeln!(
            text,
            "[{jid}] = {{ [\"subscription\"] = \"both\"; [\"name\"] = {name}; [\"groups\"] = {{}}; }};"
        );
    }
    text.push_str("};\n");
    text
}

fn write(place: &Place, store: &str, name: &str, text: &str) {
    let folder: PathBuf = place.folder.join("data").join(escaped(place.domain)).join(store);
    fs::create_dir_all(&folder).expect("a folder for accounts");
    fs::write(folder.join(format!("{}.dat", escaped(name))), text).expect("a file of the account");
}

/// A name as Prosody writes it in the names of files.
fn escaped(name: &str) -> String {
    let escape = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02x}"),
    };
    name.bytes().map(escape).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
