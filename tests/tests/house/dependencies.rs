//! What may be in the tree of dependencies. The lists are in deny.toml, so that `cargo deny` and this test agree.

use std::collections::BTreeSet;

use super::metadata::metadata;
use super::spdx;
use super::tree::{text, verdict};

/// Crates whose absence the README promises: with them, more than Rust and a C compiler would be needed.
const PROMISED: &[&str] = &["alsa-sys", "aws-lc-sys", "cmake", "openssl-sys"];

/// Crates of which two major versions at once would mean two of something that must be one.
const ONE_MAJOR: &[&str] = &["iced_core", "rustls", "tokio", "xmpp-parsers", "zbus"];

#[test]
fn banned_crates_are_nowhere_in_the_tree() {
    let banned = denied();
    for name in PROMISED {
        assert!(banned.contains(*name), "deny.toml does not name {name}");
    }
    let faults: Vec<String> = metadata()
        .packages
        .iter()
        .filter(|package| banned.contains(&package.name))
        .map(|package| format!("{} {}: see `cargo tree --target all -i {0}`", package.name, package.version))
        .collect();
    verdict("Nothing to build but Rust and a C compiler, on every system.", &faults);
}

#[test]
fn there_is_one_of_what_must_be_one() {
    let mut faults = Vec::new();
    for name in ONE_MAJOR {
        let versions = metadata()
            .packages
            .iter()
            .filter(|package| package.name == *name)
            .map(|package| &*package.version);
        let majors: BTreeSet<&str> = versions.map(compatible_part).collect();
        if majors.len() > 1 {
            faults.push(format!("{name} is there as {majors:?}"));
        }
    }
    verdict("Two versions of these crates do not speak to each other.", &faults);
}

#[test]
fn every_licence_allows_what_ours_asks() {
    let allowed = array("allow");
    assert!(allowed.len() > 5, "deny.toml's list of licences was not read");
    let mut faults = Vec::new();
    for package in &metadata().packages {
        let Some(expression) = &package.license else {
            faults.push(format!("{} {} names no licence", package.name, package.version));
            continue;
        };
        match spdx::satisfied(expression, &allowed) {
            Ok(true) => {}
            Ok(false) => faults.push(format!("{} {}: {expression}", package.name, package.version)),
            Err(what) => faults.push(format!("{} {}: {what}", package.name, package.version)),
        }
    }
    verdict(
        "Every dependency has a licence compatible with AGPL-3.0-or-later (the list is in deny.toml).",
        &faults,
    );
}

#[test]
fn our_packages_carry_our_licence_and_are_not_published() {
    let mut faults = Vec::new();
    for package in metadata().ours() {
        if package.license.as_deref() != Some("AGPL-3.0-or-later") {
            faults.push(format!("{} has the licence {:?}", package.name, package.license));
        }
    }
    if !text("LICENSE").contains("GNU AFFERO GENERAL PUBLIC LICENSE") {
        faults.push("LICENSE is not the text of the AGPL".to_owned());
    }
    verdict("Causerie is AGPL-3.0-or-later throughout.", &faults);
}

#[test]
fn dependencies_come_from_the_public_registry() {
    let lock = text("Cargo.lock");
    let sources: BTreeSet<&str> = lock.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
    // The index that Rust's own organisation keeps, and no second one.
    let is_public =
        |source: &str| source.trim_matches('"').starts_with("registry+https://github.com/rust-lang/");
    let mut faults: Vec<String> = sources
        .iter()
        .filter(|source| !is_public(source))
        .map(|source| format!("Cargo.lock takes something from {source}"))
        .collect();
    if sources.len() > 1 {
        faults.push(format!("Cargo.lock has {} sources", sources.len()));
    }
    verdict("Anyone can fetch what Causerie is made of.", &faults);
}

/// The names in deny.toml's list of banned crates.
fn denied() -> BTreeSet<String> {
    array("deny").into_iter().collect()
}

/// The first string of each line in an array of deny.toml: a licence, or the crate of `{ crate = "…", reason = "…" }`.
/// Enough TOML for a file of our own.
fn array(key: &str) -> Vec<String> {
    let file = text("deny.toml");
    let mut lines = file.lines().skip_while(|line| line.trim() != format!("{key} = ["));
    lines.next();
    lines
        .take_while(|line| line.trim() != "]")
        .filter(|line| !line.trim_start().starts_with('#'))
        .filter_map(|line| line.split('"').nth(1))
        .map(str::to_owned)
        .collect()
}

/// The part of a version that must be equal for two versions to be compatible: `5` of 5.19.0, `0.23` of 0.23.4.
fn compatible_part(version: &str) -> &str {
    let parts = if version.starts_with("0.") { 2 } else { 1 };
    let end = version.match_indices('.').nth(parts - 1).map_or(version.len(), |(at, _)| at);
    version.get(..end).unwrap_or(version)
}
