//! ejabberd.
//!
//! It is started as an Erlang program, without its own script: so it needs no name, no port mapper and no user of its own.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Entry, Place, fill};
use crate::process::Process;

const MISSING: &str = "ejabberd: apt install ejabberd";

pub(super) fn prepare(place: &Place) {
    fs::create_dir_all(place.folder.join("spool")).expect("a folder for the server");
    fs::write(place.folder.join("ejabberd.yml"), fill(place, "ejabberd.yml")).expect("its configuration");
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
        .args(["-s", "ejabberd"])
        .env("ERL_INETRC", folder.join("inetrc"))
        .env("EJABBERD_CONFIG_PATH", folder.join("ejabberd.yml"))
        .env("EJABBERD_LOG_PATH", folder.join("server.log"))
        .env("SPOOL_DIR", &spool)
        .env("ERL_CRASH_DUMP", folder.join("crash.dump"))
        .env("ERL_LIBS", libraries().expect(MISSING))
        .env("ERL_MAX_PORTS", "4096")
        .env("HOME", folder)
        .current_dir(folder);
    Process::start(command, &folder.join("out.log")).expect(MISSING)
}

pub(super) fn add_user(place: &Place, name: &str, password: &str) {
    call(place, "register", &json!({ "user": name, "host": place.domain, "password": password }));
}

pub(super) fn fill_roster(place: &Place, name: &str, entries: &[Entry]) {
    for Entry { jid, name: nick } in entries {
        let (user, host) = jid.split_once('@').expect("a bare address");
        let entry = json!({
            "localuser": name, "localhost": place.domain, "user": user, "host": host,
            "nick": nick, "group": "", "subs": "both",
        });
        call(place, "add_rosteritem", &entry);
    }
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
fn call(place: &Place, command: &str, arguments: &Value) {
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
