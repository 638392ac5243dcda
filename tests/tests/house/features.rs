//! The table of features in README.md, compared with the files that it names and with packaging/causerie.doap.

use std::collections::BTreeSet;

use super::tree::{files, root, text, verdict};

/// The head of the table.
const HEAD: &str = "| Feature | Standard | Files |";

/// Files of the brain that serve every feature and are none: the switchboard and its vocabulary.
const NO_FEATURE: &[&str] = &[
    "b64.rs",
    "brain.rs",
    "effect.rs",
    "features.rs",
    "input.rs",
    "lib.rs",
    "ns.rs",
    "stanza.rs",
    "step.rs",
    "xml.rs",
];

/// One line of the table.
struct Row {
    feature: String,
    /// `XEP-0184`, `RFC 6121`.
    standards: Vec<String>,
    files: Vec<String>,
}

#[test]
fn the_table_names_files_that_exist_and_cite_their_standard() {
    let mut faults = Vec::new();
    for row in rows() {
        if row.files.is_empty() {
            faults.push(format!("“{}” names no file", row.feature));
        }
        let there = |path: &&String| root().join(path).is_file();
        faults.extend(
            row.files.iter().filter(|path| !there(path)).map(|path| format!("“{}”: no {path}", row.feature)),
        );
        let written: String = row.files.iter().filter(there).map(|path| text(path)).collect();
        let silent = row.standards.iter().filter(|standard| !written.contains(*standard));
        faults.extend(silent.map(|standard| format!("“{}”: no file of it cites {standard}", row.feature)));
    }
    verdict("README.md says which standard is where, and the code says it too.", &faults);
}

#[test]
fn every_feature_of_the_brain_is_in_the_table() {
    let named: BTreeSet<String> = rows().into_iter().flat_map(|row| row.files).collect();
    let faults: Vec<String> = files()
        .iter()
        .filter_map(|file| Some((file, file.path.strip_prefix("crates/protocol/src/")?)))
        .filter(|(file, inside)| file.is_rust() && !inside.contains('/') && !NO_FEATURE.contains(inside))
        .filter(|(file, _)| !named.contains(&file.path))
        .map(|(file, _)| format!("{} is not in the table of README.md", file.path))
        .collect();
    verdict("A feature that is not in the table cannot be found by those who look for it.", &faults);
}

#[test]
fn the_description_of_the_project_says_the_same() {
    let doap = text("packaging/causerie.doap");
    let described: BTreeSet<String> = doap
        .match_indices("/xep-")
        .filter_map(|(at, start)| doap.get(at + start.len()..at + start.len() + 4))
        .map(|number| format!("XEP-{number}"))
        .collect();
    let named =
        rows().into_iter().flat_map(|row| row.standards).filter(|standard| standard.starts_with("XEP-"));
    let named: BTreeSet<String> = named.collect();
    let mut faults: Vec<String> =
        named.difference(&described).map(|xep| format!("{xep} is in README.md only")).collect();
    faults
        .extend(described.difference(&named).map(|xep| format!("{xep} is in packaging/causerie.doap only")));
    verdict("The lists of software are told what the README says.", &faults);
}

fn rows() -> Vec<Row> {
    let readme = text("README.md");
    let mut lines = readme.lines().skip_while(|line| line.trim() != HEAD).skip(1);
    let ruler = lines.next().unwrap_or_default();
    assert!(ruler.starts_with("| ---") || ruler.starts_with("|---"), "README.md has lost its table: {HEAD}");
    lines.take_while(|line| line.starts_with('|')).map(row).collect()
}

fn row(line: &str) -> Row {
    let mut cells = line.trim_matches('|').split('|').map(str::trim);
    let mut next = || cells.next().unwrap_or_default();
    let (feature, standards, files) = (next(), next(), next());
    Row {
        feature: feature.to_owned(),
        standards: standards
            .split(',')
            .map(str::trim)
            .filter(|name| is_standard(name))
            .map(str::to_owned)
            .collect(),
        files: files.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
    }
}

fn is_standard(name: &str) -> bool {
    name.starts_with("XEP-") || name.starts_with("RFC ")
}
