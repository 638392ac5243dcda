//! A short storm with each server: `storm --help` tells what it is, and how to have a long one.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Seeds that have shown something once: what the archive lists in whole seconds, what was encrypted and is listed again, what a
/// server gives to a connection that is dead. The last is for the newer server where that is there, and for the older version of the
/// encryption anyway.
const SEEDS: [(&str, &str, &str); 3] =
    [("prosody", "omemo2", "3"), ("ejabberd", "none", "2"), ("prosody13", "legacy", "5")];

fn weather(place: usize) {
    let (server, encryption, seed) = SEEDS[place];
    let server = match server {
        "prosody13" if std::env::var_os("CAUSERIE_PROSODY_13").is_none() => "prosody",
        server => server,
    };
    let output = Command::new(env!("CARGO_BIN_EXE_storm"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .args([
            "--server",
            server,
            "--encryption",
            encryption,
            "--seed",
            seed,
            "--cuts",
            "14",
            "--kills",
            "10",
        ])
        .output()
        .expect("the storm");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{server}, seed {seed}: {report:#}\n{said}");
}

#[test]
fn prosody() {
    weather(0);
}

#[test]
fn ejabberd() {
    weather(1);
}

#[test]
fn prosody_13() {
    weather(2);
}
