//! What others have made is handed on with their licences.

use std::env;
use std::process::Command;

use super::tree::{root, text, verdict};

/// The name of the list in the packages.
const LIST: &str = "THIRD-PARTY-LICENCES.txt";

#[test]
fn both_packages_bring_the_list() {
    let makers =
        ["Cargo.toml", "packaging/linux/archive.sh", "packaging/linux/deb.sh", "packaging/linux/install"];
    let missing = makers.iter().filter(|path| !text(path).contains(LIST));
    let faults: Vec<String> = missing.map(|path| format!("{path} does not name {LIST}")).collect();
    verdict("The licences of what is linked in are in every package.", &faults);
}

#[test]
fn both_packages_bring_the_licences_of_the_fonts() {
    let mut faults = Vec::new();
    let mut found = 0;
    for entry in std::fs::read_dir(root().join("assets/fonts")).expect("the fonts are there") {
        let name = entry.expect("it can be read").file_name().to_string_lossy().into_owned();
        if !name.starts_with("LICENSE") {
            continue;
        }
        found += 1;
        if !text("packaging/linux/install").contains(&format!("share/doc/causerie/{name}\n")) {
            faults.push(format!("packaging/linux/install does not put {name} in place"));
        }
        if !text("packaging/linux/deb.sh").contains(&format!("indented assets/fonts/{name}\n")) {
            faults.push(format!("packaging/linux/deb.sh does not write {name}"));
        }
    }
    if !text("packaging/linux/archive.sh").contains("install -D -m 644 assets/fonts/LICENSE-*.txt -t ") {
        faults.push("packaging/linux/archive.sh does not bring them".to_owned());
    }
    assert!(found >= 3, "{found} licences of fonts");
    verdict("The licences of the fonts that are built in are in every package.", &faults);
}

#[test]
fn the_list_names_every_crate_that_is_linked() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let list = folder.path().join(LIST);
    let made = Command::new("python3").arg(root().join("packaging/licences.py")).arg(&list).output();
    let made = made.expect("Python is there, as for the packages");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let list = std::fs::read_to_string(list).expect("it was written");
    let lines: Vec<&str> = list.lines().collect();
    let mut faults = Vec::new();
    let tree = tree_of_crates();
    assert!(tree.len() > 100, "cargo tree names {} crates", tree.len());
    for named in tree {
        let entry = lines.iter().position(|line| *line == named).map(|at| &lines[at + 1..at + 3]);
        match entry {
            Some([licence, texts])
                if licence.len() > "    licence: ".len() && texts.trim_start().starts_with("text ") => {}
            // Those bring none, and are named once more above the texts that hold for them.
            Some(_) if lines.iter().any(|line| line.starts_with(&format!("{named} ("))) => {}
            _ => faults.push(named),
        }
    }
    // The last ones lie deeper in crates, for what those have from others.
    for words in [
        "Permission is hereby granted, free of charge",
        "Apache License",
        "Mozilla Public License",
        "Version 2.1, February 1999",
        "Bilal Elmoussaoui",
        "fiat-crypto authors",
        "Rust’s standard library",
    ] {
        if !list.contains(words) {
            faults.push(format!("“{words}”"));
        }
    }
    let above_mit = list.split("They are used under this one").nth(1).unwrap_or_default();
    if above_mit.split("Permission is hereby granted").next().is_some_and(|named| named.contains("CC0")) {
        faults.push("what is under CC0-1.0 stands above the text of the MIT licence".to_owned());
    }
    verdict("The list has every crate of `cargo tree -e normal`, and the texts.", &faults);
}

/// Name and version of all that is linked into the program on this system, without what is ours.
fn tree_of_crates() -> Vec<String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let asked = ["tree", "--locked", "--offline", "-p", "causerie", "-e", "normal", "--prefix", "none"];
    let told = Command::new(cargo).args(asked).args(["--format", "{p}"]).current_dir(root()).output();
    let told = String::from_utf8(told.expect("cargo runs").stdout).expect("it writes text");
    let mut crates: Vec<String> = told
        .lines()
        .filter(|line| !line.starts_with("causerie"))
        .filter_map(|line| {
            let (name, version) = line.split_once(" v")?;
            Some(format!("{name} {}", version.split(' ').next()?))
        })
        .collect();
    crates.sort();
    crates.dedup();
    crates
}
