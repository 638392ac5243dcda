//! ejabberd.
//!
//! It is started as an Erlang program, without its own script: so it needs no name, no port mapper and no user of its own.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Entry, Place, Registration, Storage, fill, servers};
use crate::process::Process;

const MISSING: &str = "ejabberd: apt install ejabberd erlang-p1-sqlite3";

pub(super) fn prepare(place: &Place) {
    for folder in [place.folder.join("spool"), folder_of_modules(place)] {
        fs::create_dir_all(folder).expect("a folder for the server");
    }
    fs::write(place.folder.join("ejabberd.yml"), fill(place, "ejabberd.yml")).expect("its configuration");
    if place.storage == Storage::Lasting {
        let made = Command::new("python3")
            .args([
                "-c",
                "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read())",
            ])
            .args([&database(place), Path::new("/usr/share/ejabberd/sql/lite.sql")])
            .status()
            .expect("python3");
        assert!(made.success(), "ejabberd's database can't be made: {made}");
    }
    let compiled = Command::new("erlc")
        .args(["-o".as_ref(), folder_of_modules(place).as_os_str()])
        .args(
            ["mod_record.erl", "mod_device_lists.erl"]
                .map(|file| servers().join("ejabberd-modules").join(file)),
        )
        .status()
        .expect(MISSING);
    assert!(compiled.success(), "a module of ejabberd can't be compiled: {compiled}");
    // No look-ups: everybody is here.
    fs::write(place.folder.join("inetrc"), "{resolv_conf,\"\"}.\n{lookup,[file]}.\n").expect("its resolver");
}

pub(super) fn start(place: &Place) -> Process {
    let folder = &place.folder;
    let spool = folder.join("spool");
    let mut command = Process::command("erl");
    command
        .args(["-noinput", "+K", "true", "+P", "250000", "-mnesia", "dir"])
        .arg(format!("\"{}\"", spool.display()))
        .arg("-pa")
        .arg(folder_of_modules(place))
        .args(["-s", "ejabberd"])
        .env("ERL_INETRC", folder.join("inetrc"))
        .env("EJABBERD_CONFIG_PATH", folder.join("ejabberd.yml"))
        .env("EJABBERD_LOG_PATH", folder.join("server.log"))
        .env("SPOOL_DIR", &spool)
        .env("ERL_CRASH_DUMP", folder.join("crash.dump"))
        .env("ERL_LIBS", libraries().expect(MISSING))
        .env("ERL_MAX_PORTS", "4096")
        .env("CAUSERIE_CAPTCHA", puzzles(place))
        .env("HOME", folder)
        .current_dir(folder);
    Process::start(command, &folder.join("out.log")).expect(MISSING)
}

/// What its configuration says of a storage that outlives it.
pub(super) fn storage(place: &Place) -> String {
    let database = database(place);
    format!("default_db: sql\nauth_method: sql\nsql_type: sqlite\nsql_database: \"{}\"", database.display())
}

fn database(place: &Place) -> PathBuf {
    place.folder.join("ejabberd.sqlite")
}

/// Where the answers to its puzzles are written down, the last one last.
pub(super) fn puzzles(place: &Place) -> PathBuf {
    place.folder.join("puzzles.txt")
}

/// What its configuration says of registration: options, and modules.
pub(super) fn registration(registration: Registration, script: &str, http: u16) -> (String, String) {
    let options = match registration {
        // As chapril.org has it, as far as is known.
        Registration::Puzzle => format!(
            "registration_timeout: 600\ncaptcha_cmd: \"{script}\"\ncaptcha_url: \"http://localhost:{http}/captcha\"\n\
             captcha_limit: 10"
        ),
        _ => "registration_timeout: infinity".to_owned(),
    };
    let modules = match registration {
        Registration::Closed => "",
        Registration::Members => "mod_register: { ip_access: all, access: none },",
        Registration::Puzzle => "mod_register: { captcha_protected: true, access: register },",
        Registration::OnTheWeb => "mod_register: { redirect_url: \"https://example.org/signup\" },",
        Registration::Open => "mod_register: { access: register, password_strength: 32 },",
        Registration::Invitations | Registration::Limited => unreachable!("not with ejabberd"),
    };
    (options, modules.to_owned())
}

pub(super) fn add_user(place: &Place, name: &str, password: &str, roster: &[Entry]) {
    if roster.is_empty() {
        call(place, "register", &json!({ "user": name, "host": place.domain, "password": password }));
        return;
    }
    // All entries in one transaction: entry by entry the time would grow with the square of their number.
    let file = place.folder.join(format!("{name}.xml"));
    fs::write(&file, written(place.domain, name, password, roster)).expect("a file for the server");
    call(place, "import_piefxis", &json!({ "file": file.to_str() }));
}

/// Whether the server knows of a connection of somebody.
pub(super) fn is_online(place: &Place, name: &str) -> bool {
    let asked = json!({ "user": name, "host": place.domain }).to_string();
    let answer = post(place.http, "user_resources", asked.as_bytes()).expect("ejabberd's administration");
    !answer.trim_end().ends_with("[]")
}

/// How many messages wait for somebody.
pub(super) fn kept_messages(place: &Place, name: &str) -> usize {
    let asked = json!({ "user": name, "host": place.domain }).to_string();
    let answer = post(place.http, "get_offline_count", asked.as_bytes()).expect("ejabberd's administration");
    let digits =
        answer.trim_end().trim_end_matches('}').rsplit(|letter: char| !letter.is_ascii_digit()).next();
    let count = digits.and_then(|count| count.parse().ok());
    count.unwrap_or_else(|| panic!("get_offline_count: {answer}"))
}

/// An account in the format of XEP-0227 1.1.
fn written(domain: &str, name: &str, password: &str, roster: &[Entry]) -> String {
    let (domain, name, password) = (escaped(domain), escaped(name), escaped(password));
    let mut text = format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<server-data xmlns='urn:xmpp:pie:0'><host jid='{domain}'>\
         <user name='{name}' password='{password}'><query xmlns='jabber:iq:roster'>\n"
    );
    for Entry { jid, name } in roster {
        let (jid, name) = (escaped(jid), escaped(name));
        let _ = writeln!(text, "<item jid='{jid}' name='{name}' subscription='both'/>");
    }
    text.push_str("</query></user></host></server-data>\n");
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;")
}

/// Where our own modules are.
fn folder_of_modules(place: &Place) -> PathBuf {
    place.folder.join("modules")
}

/// The folder in which Debian keeps Erlang's libraries, ejabberd among them.
fn libraries() -> Option<PathBuf> {
    let is_ejabberd = |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with("ejabberd-");
    let holds = |folder: &Path| {
        fs::read_dir(folder).is_ok_and(|mut all| all.any(|entry| entry.is_ok_and(is_ejabberd)))
    };
    let folders = fs::read_dir("/usr/lib").ok()?;
    let mut folders = folders.filter_map(|entry| Some(entry.ok()?.path()));
    folders.find(|folder| folder.is_dir() && holds(folder))
}

/// Asks the server's administration for something.
pub(super) fn call(place: &Place, command: &str, arguments: &Value) {
    let answer =
        post(place.http, command, arguments.to_string().as_bytes()).expect("ejabberd's administration");
    assert!(answer.starts_with("HTTP/1.1 200"), "{command} {arguments}: {answer}");
}

fn post(port: u16, command: &str, body: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let length = body.len();
    let mut request = format!(
        "POST /api/{command} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .into_bytes();
    request.extend_from_slice(body);
    stream.write_all(&request)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
