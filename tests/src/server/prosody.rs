//! Prosody.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Entry, Place, Registration, fill};
use crate::process::Process;

pub(super) fn prepare(place: &Place) {
    for folder in ["data", "certs"] {
        fs::create_dir_all(place.folder.join(folder)).expect("a folder for the server");
    }
    fs::write(place.folder.join("prosody.cfg.lua"), fill(place, "prosody.cfg.lua"))
        .expect("its configuration");
    if let Some(newer) = &place.newer {
        prepare_newer(place, newer);
    }
}

/// Where a newer Prosody is unpacked, if it is.
pub(super) fn newer() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("CAUSERIE_PROSODY_13")?);
    folder.join("usr/bin/prosody").exists().then_some(folder)
}

/// What only the newer one has, as its configuration lists it.
pub(super) fn newer_modules(is_newer: bool) -> &'static str {
    match is_newer {
        true => r#""sasl2", "sasl2_bind2", "sasl2_sm", "sasl2_fast", "sasl_ssdp","#,
        false => "",
    }
}

/// The program itself, told where its other parts are.
fn prepare_newer(place: &Place, newer: &Path) {
    let text = fs::read_to_string(newer.join("usr/bin/prosody")).expect("the program");
    let parts = newer.join("usr/lib/prosody");
    let parts = parts.to_str().expect("a folder with a plain name");
    let line = |line: &str| match line.split_once('=') {
        Some(("CFG_SOURCEDIR", _)) => format!("CFG_SOURCEDIR='{parts}';\n"),
        Some(("CFG_PLUGINDIR", _)) => format!("CFG_PLUGINDIR='{parts}/modules/';\n"),
        _ => format!("{line}\n"),
    };
    fs::write(place.folder.join("prosody"), text.lines().map(line).collect::<String>()).expect("a program");
}

/// Tokens are read from their file each time.
pub(super) fn void_tokens(place: &Place, name: &str) {
    let file = place.folder.join("data").join(escaped(place.domain)).join("fast_tokens");
    fs::remove_file(file.join(format!("{}.dat", escaped(name)))).expect("the tokens of somebody");
}

pub(super) fn start(place: &Place) -> Process {
    let mut command = match &place.newer {
        None => Process::command("prosody"),
        Some(_) => {
            let mut command = Process::command("lua5.4");
            command.arg(place.folder.join("prosody"));
            command
        }
    };
    command.arg("-F").arg("--config").arg(place.folder.join("prosody.cfg.lua")).current_dir(&place.folder);
    Process::start(command, &place.folder.join("out.log"))
        .expect("Prosody: apt install prosody lua-dbi-sqlite3")
}

/// What its configuration says of registration: options, and modules.
pub(super) fn registration(place: &Place) -> (String, String) {
    let (options, modules) = match place.registration {
        Registration::Closed => ("allow_registration = false", ""),
        Registration::Members => {
            ("allow_registration = false", "\"invites\", \"invites_adhoc\", \"invites_register\",")
        }
        Registration::Open => ("allow_registration = true", "\"register_ibr\","),
        Registration::Invitations => (
            "allow_registration = true\nregistration_invite_only = true",
            "\"register_ibr\", \"invites\", \"invites_register\",",
        ),
        // It would make an exception of this machine.
        Registration::Limited => (
            "allow_registration = true\nregistration_allowlist = {}\nregistration_throttle_max = 1\n\
             registration_throttle_period = 600",
            "\"register_ibr\", \"register_limits\",",
        ),
        Registration::OnTheWeb => {
            let page = sign_up_page(place);
            let options = format!(
                "allow_registration = true\nhttps_ports = {{ {} }}\nregistration_page = \"{page}\"",
                place.http
            );
            return (options, "\"http\", \"web_registration\",".to_owned());
        }
        Registration::Puzzle => unreachable!("not with Prosody"),
    };
    (options.to_owned(), modules.to_owned())
}

/// The page where accounts are made.
pub(super) fn sign_up_page(place: &Place) -> String {
    format!("https://{}:{}/signup", place.domain, place.http)
}

/// Makes an invitation for an account, and gives its token.
pub(super) fn invite(place: &Place) -> String {
    let output = Command::new("prosodyctl")
        .arg("--root")
        .arg("--config")
        .arg(place.folder.join("prosody.cfg.lua"))
        .args(["mod_invites", "generate", place.domain])
        .output()
        .expect("prosodyctl");
    let said = String::from_utf8_lossy(&output.stdout);
    let token = said.split("preauth=").nth(1).and_then(|rest| rest.split([';', '&', '\n', ' ']).next());
    token
        .unwrap_or_else(|| panic!("no invitation: {said} {}", String::from_utf8_lossy(&output.stderr)))
        .to_owned()
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
