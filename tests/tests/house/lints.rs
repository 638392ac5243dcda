//! Lints: inherited by every package, silenced only with a reason, and stricter where a room must stay pure.

use super::source::{Source, line_of, words};
use super::tree::{files, rust_files, text, verdict};

/// The rooms that read no clock, draw no chance and touch nothing outside.
const PURE: &[&str] = &["crates/protocol/clippy.toml", "crates/omemo/clippy.toml"];

#[test]
fn a_silenced_lint_says_why() {
    let mut faults = Vec::new();
    for (file, text) in rust_files() {
        for attribute in Source::new(text).attributes() {
            let inside: Vec<&str> = words(&attribute.inside).collect();
            let silences = match inside.as_slice() {
                ["allow" | "expect", ..] => true,
                ["cfg_attr", rest @ ..] => rest.contains(&"allow") || rest.contains(&"expect"),
                _ => false,
            };
            if silences && !inside.contains(&"reason") {
                faults.push(format!("{}:{}: add reason = \"…\"", file.path, line_of(text, attribute.start)));
            }
        }
    }
    verdict("Every allow and expect gives its reason.", &faults);
}

#[test]
fn every_package_takes_the_lints_of_the_house() {
    let root = text("Cargo.toml");
    let mut faults = Vec::new();
    for needed in ["unsafe_code = \"forbid\"", "missing_docs = \"warn\"", "too_many_lines = \"warn\""] {
        if !root.lines().any(|line| line.trim() == needed) {
            faults.push(format!("Cargo.toml no longer says {needed}"));
        }
    }
    for file in files().iter().filter(|file| file.name() == "Cargo.toml") {
        let lines: Vec<&str> = file.text.iter().flat_map(|text| text.lines()).map(str::trim).collect();
        if !lines.windows(2).any(|pair| pair == ["[lints]", "workspace = true"]) {
            faults.push(format!("{} must say [lints] workspace = true", file.path));
        }
        for field in ["edition", "license", "publish", "rust-version", "version"] {
            if !lines.contains(&&*format!("{field}.workspace = true")) {
                faults.push(format!("{} must inherit {field} from the workspace", file.path));
            }
        }
    }
    verdict("Lints, edition and licence are set once, in the workspace.", &faults);
}

#[test]
fn no_code_is_unsafe() {
    let mut faults = Vec::new();
    for (file, text) in rust_files() {
        let code = Source::new(text).code;
        let lines = code.lines().enumerate().filter(|(_, line)| words(line).any(|word| word == "unsafe"));
        faults.extend(lines.map(|(number, _)| format!("{}:{}", file.path, number + 1)));
    }
    verdict("There is no unsafe code, on any system.", &faults);
}

#[test]
fn pure_rooms_are_linted_as_pure() {
    let common = text("clippy.toml");
    let first = text(PURE[0]);
    let mut faults = Vec::new();
    for path in PURE {
        let own = text(path);
        let settings = common.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        faults.extend(
            settings.filter(|line| !own.contains(line)).map(|line| format!("{path} has lost {line}")),
        );
        if own != first {
            faults.push(format!("{path} and {} forbid different things", PURE[0]));
        }
    }
    for forbidden in [
        "getrandom::fill",
        "rand::rng",
        "std::env::var",
        "std::fs::read",
        "std::net::TcpStream",
        "std::thread::spawn",
        "std::time::Instant",
        "std::time::SystemTime",
    ] {
        if !first.contains(&format!("path = \"{forbidden}\"")) {
            faults.push(format!("{} no longer forbids {forbidden}", PURE[0]));
        }
    }
    verdict(
        "A per-crate clippy.toml replaces the common one: it repeats it, and adds what a pure room never calls.",
        &faults,
    );
}
