//! The list of attacks: which there are, and that none of them is let in.
//!
//! Each transcript's own test shows that what it expects is what comes out. This one looks at what they expect.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::script::{Script, Step, Vector};

/// How many attacks there are at least on who is believed to have sent something.
const LEAST: usize = 90;
/// The rows of that list that concern what is built. The others are not the brain's: what is kept in secret in nodes of our own
/// (A6: nothing is), and what other programs of the machine hand in (A15).
const ROWS: [u32; 14] = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 16];
/// The rows about streams that go on, and about coming back.
const STREAMS: [u32; 2] = [8, 9];

/// Prints a table, and says what is missing or let in.
pub fn check(root: &Path, files: &[PathBuf]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let mut rows: BTreeMap<(char, u32), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
        let script = Script::parse(&text, root)?;
        let name = file.strip_prefix(root).unwrap_or(file).display().to_string();
        for (index, vector) in script.vectors.iter().enumerate() {
            let steps: Vec<&Step> = script.steps.iter().filter(|step| step.vector == Some(index)).collect();
            if !seen.insert(vector.id.clone()) {
                wrong.push(format!("{name}: {} is there twice", vector.id));
            }
            if steps.is_empty() {
                wrong.push(format!("{name}: {} is not played", vector.id));
            }
            *rows.entry(row(vector)).or_default() += 1;
            if vector.id.starts_with('A') {
                let let_in =
                    steps.iter().flat_map(|step| step.lines()).filter(|line| !is_harmless(vector, line));
                wrong.extend(let_in.map(|line| format!("{name}: {} is let in: {line}", vector.id)));
            }
        }
        if script.vectors.iter().any(|vector| vector.id.starts_with('A')) && !is_honest_at_the_end(&script) {
            wrong.push(format!("{name}: nothing honest comes through after the last attack"));
        }
    }
    let all: usize = rows.iter().filter(|((list, _), _)| *list == 'A').map(|(_, count)| count).sum();
    for ((list, row), count) in &rows {
        println!("     {list}{row:<3} {count:>3} attacks, none let in");
    }
    println!("     A    {all:>3} attacks");
    let wanted = ROWS.map(|row| ('A', row)).into_iter().chain(STREAMS.map(|row| ('B', row)));
    wrong.extend(
        wanted.filter(|row| !rows.contains_key(row)).map(|(list, row)| format!("{list}{row} has none")),
    );
    if all < LEAST {
        wrong.push(format!("{all} attacks are fewer than {LEAST}"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn row(vector: &Vector) -> (char, u32) {
    let list = vector.id.chars().next().unwrap_or_default();
    let row = vector.id.trim_start_matches(['A', 'B']).split('.').next().unwrap_or_default();
    (list, row.parse().unwrap_or_default())
}

/// Whether an outcome changes nothing that the attack is after: a refusal to whoever asked, or what it may be taken as.
fn is_harmless(vector: &Vector, line: &str) -> bool {
    let is_refusal = line.starts_with("> <iq ") && line.contains(" type='error'");
    is_refusal
        || match vector.taken_as.as_deref() {
            Some("a request") => line.starts_with("+ RequestReceived("),
            // A message of theirs, or a word about what went to them.
            Some(whose) => {
                line.starts_with(&format!("+ MessageAdded Incoming {whose} Received "))
                    || ((line.starts_with("+ Room ") || line.starts_with("+ told "))
                        && line.contains(&format!(" Incoming {whose} Received ")))
                    || line.starts_with(&format!("+ Correction Incoming {whose} of "))
                    || line.starts_with(&format!("+ MessageStateChanged {{ peer: {whose}, "))
                    || line.starts_with(&format!("+ ReadByPeer {{ peer: {whose}, "))
            }
            None => false,
        }
}

/// Whether after all attacks something comes through: none of them has spoilt what is honest.
fn is_honest_at_the_end(script: &Script) -> bool {
    let last = script.steps.iter().rposition(|step| step.vector.is_some()).unwrap_or_default();
    script.steps.iter().skip(last).any(|step| step.vector.is_none() && step.lines().next().is_some())
}
