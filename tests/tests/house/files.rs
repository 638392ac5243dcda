//! Names, lengths and places of files.

use std::collections::BTreeSet;

use super::source::{Source, line_of, words};
use super::tree::{files, root, rust_files, text, verdict};

/// A file that is longer says in its head why it is: `//! Long because the table is easier to compare in one piece.`
/// Tests do not count: a list of cases is read case by case.
const LONG: usize = 400;
const TOO_LONG: usize = 800;
const EXCUSE: &str = "//! Long because ";

/// What lies at the top of the project, and nothing else: a newcomer should take it in at a glance.
const TOP: &[&str] = &[
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "assets",
    "clippy.toml",
    "crates",
    "deny.toml",
    "fuzz",
    "i18n",
    "packaging",
    "rustfmt.toml",
    "src",
    "tests",
];

/// Names that say nothing about what a thing is.
const EMPTY_WORDS: &[&str] = &["Manager", "Helper", "Util"];

#[test]
fn files_are_short_enough_to_be_read() {
    let mut faults = Vec::new();
    for (file, text) in rust_files() {
        let lines = text.lines().count();
        let code = text.find("#[cfg(test)]\nmod tests {").and_then(|end| text.get(..end)).unwrap_or(text);
        let excused = file.is_test() || text.lines().any(|line| line.starts_with(EXCUSE));
        if lines > TOO_LONG {
            faults.push(format!("{} has {lines} lines: cut it in two (the limit is {TOO_LONG})", file.path));
        } else if code.lines().count() > LONG && !excused {
            faults
                .push(format!("{} has {lines} lines: shorten it, or say “{EXCUSE}…” in its head", file.path));
        }
    }
    verdict("A file over 400 lines wants a reason, one over 800 is too long.", &faults);
}

#[test]
fn modules_are_named_after_what_they_hold() {
    let mut faults = Vec::new();
    for file in files() {
        if file.name() == "mod.rs" {
            faults.push(format!("{}: write foo.rs beside foo/, not foo/mod.rs", file.path));
        }
        let parts = file.path.split(['/', '.', '_', '-']).map(str::to_lowercase);
        for part in parts.filter(|part| is_empty_word(part.strip_suffix('s').unwrap_or(part))) {
            faults.push(format!("{}: “{part}” says nothing about what is in it", file.path));
        }
    }
    verdict("A file's name says what it holds.", &faults);
}

#[test]
fn types_are_named_after_what_they_are() {
    let mut faults = Vec::new();
    for (file, text) in rust_files() {
        let code = Source::new(text).code;
        for (number, line) in code.lines().enumerate() {
            let mut words = words(line);
            while let Some(word) = words.next() {
                if !["struct", "enum", "trait", "type", "union"].contains(&word) {
                    continue;
                }
                let Some(name) = words.next() else { break };
                if EMPTY_WORDS.iter().any(|empty| name.contains(empty)) {
                    faults.push(format!("{}:{}: {name}", file.path, number + 1));
                }
            }
        }
    }
    verdict("No type is a Manager, a Helper or a Util: name it after what it is.", &faults);
}

#[test]
fn every_room_opens_with_its_sentence() {
    let mut faults = Vec::new();
    for (file, text) in rust_files() {
        let parts: Vec<&str> = file.path.split('/').collect();
        if !matches!(parts.as_slice(), ["crates", _, "src", "lib.rs"]) {
            continue;
        }
        let sentence = text.lines().next().and_then(|line| line.strip_prefix("//! ")).unwrap_or_default();
        if sentence.split_whitespace().count() < 4 {
            faults.push(format!("{}: begin with a `//!` sentence that says what the room is", file.path));
        }
    }
    verdict("Each crate's lib.rs opens with its sentence.", &faults);
}

#[test]
fn the_top_level_is_what_the_documents_say() {
    let there: BTreeSet<&str> = files().iter().filter_map(|file| file.path.split('/').next()).collect();
    let meant: BTreeSet<&str> = TOP.iter().copied().collect();
    let mut faults: Vec<String> =
        there.difference(&meant).map(|name| format!("{name} lies at the top: find it a room")).collect();
    let missing = meant.iter().filter(|name| !name.starts_with('.') && !root().join(name).exists());
    faults.extend(missing.map(|name| format!("{name} is missing")));
    verdict("The top level can be taken in at a glance.", &faults);
}

#[test]
fn documents_name_files_that_exist() {
    let mut faults = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"] {
        let text = text(document);
        for (at, target) in
            text.match_indices("](").map(|(at, _)| (at, text.get(at + 2..).unwrap_or_default()))
        {
            let target = target.split([')', '#']).next().unwrap_or_default();
            // Pictures are made by tests/demo, once there is something to show.
            let is_checked = !target.is_empty() && !target.contains(':') && !target.ends_with(".png");
            if is_checked && !root().join(target).exists() {
                faults.push(format!("{document}:{}: {target} does not exist", line_of(&text, at)));
            }
        }
    }
    let architecture = text("ARCHITECTURE.md").lines().count();
    if architecture > 200 {
        faults.push(format!("ARCHITECTURE.md has {architecture} lines: over 200 nobody reads it"));
    }
    verdict("Links in the documents lead somewhere.", &faults);
}

fn is_empty_word(word: &str) -> bool {
    EMPTY_WORDS.iter().any(|empty| empty.eq_ignore_ascii_case(word))
}
