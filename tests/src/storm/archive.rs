//! What the server has, as a program sees it that has nothing to do with ours.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use acceptance::Server;
use serde_json::Value;

use crate::device::Device;

const PYTHON: &str = "CAUSERIE_PARTNER_PYTHON";

/// A message of an archive.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// What its author calls it.
    pub(crate) origin: String,
}

/// All messages of an account's archive, in its order.
pub(crate) fn of(server: &Server, name: &str) -> Result<Vec<Kept>, String> {
    let python = std::env::var_os(PYTHON).ok_or_else(|| format!("{PYTHON} is not set: see --help"))?;
    let mut reader = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("partners/archive.py"))
        .args(["--jid", &server.jid(name), "--server", &format!("127.0.0.1:{}", server.port()), "--ca"])
        .arg(server.ca_file())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the archive can't be read: {error}"))?;
    if let Some(mut input) = reader.stdin.take() {
        writeln!(input, "{}", Device::password(name)).map_err(|error| error.to_string())?;
    }
    let output = reader.wait_with_output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut kept = Vec::new();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        if value["end"] == true {
            return Ok(kept);
        }
        let origin = value["origin"].as_str().unwrap_or_default().to_owned();
        kept.push(Kept { origin });
    }
    Err(format!("the archive of {name} has no end"))
}
