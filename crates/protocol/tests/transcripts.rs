//! Transcripts: what the brain does, as text. See `transcripts/README.md` for the language.
//!
//! `cargo test -p causerie-protocol --test transcripts [-- WORD…]` runs all, or those whose name contains a word.
//! `UPDATE=1` writes what really comes out into the files; look at the difference before you believe it.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test of its own: reads its scripts, prints its verdict, and is no library"
)]

#[path = "transcripts/closings.rs"]
mod closings;
#[path = "transcripts/inputs.rs"]
mod inputs;
#[path = "transcripts/mutations.rs"]
mod mutations;
#[path = "transcripts/outbox.rs"]
mod outbox;
#[path = "transcripts/pattern.rs"]
mod pattern;
#[path = "transcripts/player.rs"]
mod player;
#[path = "transcripts/registrar.rs"]
mod registrar;
#[path = "transcripts/scram.rs"]
mod scram;
#[path = "transcripts/script.rs"]
mod script;
#[path = "transcripts/tokens.rs"]
mod tokens;
#[path = "transcripts/vectors.rs"]
mod vectors;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use script::Script;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort_by_key(|file| (file.components().count(), file.clone()));

    let named = files.iter().map(|file| {
        let name = file.strip_prefix(&root).unwrap_or(file).with_extension("");
        (name.to_string_lossy().replace('\\', "/"), Some(file))
    });
    let (mut passed, mut failed, mut left_out) = (0, Vec::new(), 0);
    let others = ["closings", "mutations", "mutations-of-registration", "outbox", "vectors"];
    let others = others.map(|name| (name.to_owned(), None));
    for (name, file) in named.chain(others) {
        if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
            left_out += 1;
            continue;
        }
        let test = || match file {
            Some(file) => check(&root, file, update),
            None if name == "mutations" => mutations::check(&root, &files),
            None if name == "closings" => closings::check(&root),
            None if name == "outbox" => outbox::check(&root),
            None if name == "vectors" => vectors::check(&root, &files),
            None => mutations::check_registration(&root, &files),
        };
        let outcome =
            catch_unwind(AssertUnwindSafe(test)).unwrap_or_else(|_| Err("the brain panicked".to_owned()));
        match outcome {
            Ok(()) => {
                passed += 1;
                println!("test {name} ... ok");
            }
            Err(why) => {
                println!("test {name} ... FAILED");
                failed.push((name, why));
            }
        }
    }
    for (name, why) in &failed {
        println!("\n---- {name} ----\n{why}");
    }
    let result = if failed.is_empty() { "ok" } else { "FAILED" };
    println!("\ntest result: {result}. {passed} passed; {} failed; {left_out} filtered out", failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Plays one transcript. Says what differs, or mends the file.
fn check(root: &Path, file: &Path, update: bool) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let script = Script::parse(&text, root)?;
    let played = match registrar::is_registration(&script) {
        true => registrar::play(&script)?,
        false => player::play(&script)?,
    };
    if update {
        let mended = script.rewrite(&played);
        if mended != text {
            std::fs::write(file, mended).map_err(|error| error.to_string())?;
        }
        return Ok(());
    }
    match script.differences(&played) {
        None => Ok(()),
        Some(differences) => Err(differences),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of transcripts") {
        let path = entry.expect("an entry of that folder").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            files.push(path);
        }
    }
}
