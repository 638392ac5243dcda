//! Words: those for people are in one place, and those of one machine in none.

use super::source::{Source, line_of, words};
use super::tree::{File, files, rust_files, verdict};

/// What betrays the machine on which something was written. In pieces, so that the list does not find itself.
const OF_ONE_MACHINE: &[(&str, &str)] = &[
    ("/ro", "ot/"),
    ("/wo", "rk/main"),
    ("/wo", "rk/shared"),
    ("/wo", "rk/."),
    ("shared/", "facts"),
    ("shared/", "spikes"),
    ("/tmp/", "bash_jobs"),
    ("/tmp/", "brief"),
    ("target-", "pure"),
];

/// People who live in examples: their home folders may be written.
const EXAMPLE_HOMES: &[&str] = &["alice", "bob", "user", "you", "me", "…", "$"];

#[test]
fn nothing_tells_of_one_machine() {
    let mut faults = Vec::new();
    for file in files() {
        let Some(text) = &file.text else { continue };
        for (number, line) in text.lines().enumerate() {
            let found = OF_ONE_MACHINE.iter().map(|(start, end)| format!("{start}{end}"));
            let found = found.filter(|word| line.contains(word)).chain(homes(line));
            faults.extend(found.map(|word| format!("{}:{}: {word}", file.path, number + 1)));
        }
    }
    verdict("The project speaks of itself, not of the place where it was written.", &faults);
}

#[test]
fn sentences_for_people_are_written_in_the_app() {
    let mut faults = Vec::new();
    for (file, text) in rust_files().filter(|(file, _)| is_room(file)) {
        let source = Source::new(text);
        let end = source.code.find("#[cfg(test)]").unwrap_or(text.len());
        for literal in source.literals.iter().filter(|literal| literal.start < end) {
            let before = source.code.get(..literal.start).unwrap_or_default().trim_end();
            let for_developers =
                ["reason =", "expect(", "deprecated(note ="].iter().any(|what| before.ends_with(what));
            if !for_developers && reads_like_a_sentence(&literal.text) {
                faults.push(format!("{}:{}: “{}”", file.path, line_of(text, literal.start), literal.text));
            }
        }
    }
    verdict(
        "Only src/ holds words for humans, and they are in i18n/: a room tells a Problem, the app says what to do.",
        &faults,
    );
}

#[test]
fn a_problem_has_no_words_of_its_own() {
    let mut faults = Vec::new();
    for (file, text) in rust_files().filter(|(file, _)| file.path.starts_with("crates/model/")) {
        for (number, line) in Source::new(text).code.lines().enumerate() {
            let words: Vec<&str> = words(line).collect();
            if words.contains(&"impl") && words.windows(3).any(|three| three == ["Display", "for", "Problem"])
            {
                faults.push(format!("{}:{}", file.path, number + 1));
            }
        }
    }
    verdict(
        "A Problem becomes a sentence in src/i18n.rs, in the language of the person: it has no Display.",
        &faults,
    );
}

#[test]
fn catalogues_are_in_one_place() {
    let catalogues = files().iter().filter(|file| file.path.ends_with(".ftl"));
    let faults: Vec<String> = catalogues
        .filter(|file| {
            !matches!(file.path.split('/').collect::<Vec<_>>().as_slice(), ["i18n", _, "causerie.ftl"])
        })
        .map(|file| file.path.clone())
        .collect();
    verdict("Words for people are in i18n/<language>/causerie.ftl.", &faults);
}

/// Whether a file is code of a room that never speaks to people (its tests may).
fn is_room(file: &File) -> bool {
    let inside: Vec<&str> = file.path.split('/').collect();
    matches!(inside.as_slice(), ["crates", _, "src", ..])
        && !inside.contains(&"tests")
        && file.name() != "tests.rs"
}

/// A capital first, at least four words, a full stop, exclamation or question mark last. Errors and log lines, which
/// are for developers, begin with a small letter and have no stop.
fn reads_like_a_sentence(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
        && text.split_whitespace().count() >= 4
        && text.trim_end().ends_with(['.', '!', '?', '…'])
}

/// The home folders of real people that a line names.
fn homes(line: &str) -> impl Iterator<Item = String> {
    let starts = line.match_indices("/home/").filter_map(|(at, _)| line.get(at..));
    starts.filter_map(|path| {
        let owner = path.split('/').nth(2)?;
        let is_name = owner.starts_with(|first: char| first.is_ascii_lowercase());
        (is_name && !EXAMPLE_HOMES.iter().any(|known| owner.starts_with(known)))
            .then(|| format!("/home/{owner}"))
    })
}

#[test]
fn sentences_are_recognised() {
    assert!(reads_like_a_sentence("The password is wrong. Try again."));
    assert!(reads_like_a_sentence("Do you trust this device?"));
    assert!(!reads_like_a_sentence("the server closed the stream"));
    assert!(!reads_like_a_sentence("SELECT id FROM message"));
    assert!(!reads_like_a_sentence("PLAIN"));
}
