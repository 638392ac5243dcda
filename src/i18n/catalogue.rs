//! The catalogues against each other and against the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::Language;

type Catalogue = BTreeMap<String, BTreeSet<String>>;

/// The keys of a language, each with its variables.
fn catalogue(language: Language) -> Catalogue {
    let source = language.source();
    let resource = parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{language:?}: {errors:?}"));
    let mut keys = Catalogue::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let mut variables = BTreeSet::new();
                let value =
                    message.value.as_ref().unwrap_or_else(|| panic!("{} says nothing", message.id.name));
                collect(value, &mut variables);
                let before = keys.insert(message.id.name.to_owned(), variables);
                assert!(before.is_none(), "{language:?}: {} is there twice", message.id.name);
            }
            Entry::Junk { content } => panic!("{language:?}: {content}"),
            Entry::Term(_) | Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    keys
}

fn collect(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, variables),
            Expression::Select { selector, variants } => {
                collect_inline(selector, variables);
                variants.iter().for_each(|variant| collect(&variant.value, variables));
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|inner| collect_inline(inner, variables));
        }
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inner) = expression.as_ref() {
                collect_inline(inner, variables);
            }
        }
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. } => {}
    }
}

/// The sources that are not tests, as (path, text up to the first test module, comments left out).
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("i18n/catalogue.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
                let code = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
                into.push((path, code.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 5);
    found
}

/// The string literals of a source.
fn literals(source: &str) -> Vec<String> {
    source.lines().flat_map(|line| line.split('"').skip(1).step_by(2).map(ToOwned::to_owned)).collect()
}

/// Each `.get("key"` and `.with("key", &[("a", …), ("b", …)])` on an `i18n`: the key and the variables given, if any are.
fn calls(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for (start, _) in source.match_indices("i18n") {
        let rest = source[start + 4..].trim_start_matches("()").trim_start();
        let Some((rest, with)) = (rest.strip_prefix(".get(").map(|rest| (rest, false)))
            .or_else(|| rest.strip_prefix(".with(").map(|rest| (rest, true)))
        else {
            continue;
        };
        let Some(after) = rest.trim_start().strip_prefix('"') else { continue };
        let Some((key, after)) = after.split_once('"') else { continue };
        if !with {
            found.push((key.to_owned(), BTreeSet::new()));
            continue;
        }
        // A list made elsewhere is checked where it runs: a missing variable shows in the words.
        let Some(list) = after.trim_start().trim_start_matches(',').trim_start().strip_prefix("&[") else {
            continue;
        };
        found.push((key.to_owned(), names(list)));
    }
    found
}

/// The first member of each pair of `("a", …), ("b", …)]`.
fn names(list: &str) -> BTreeSet<String> {
    let (mut depth, mut names) = (0_usize, BTreeSet::new());
    let mut chars = list.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ']' if depth == 0 => break,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '"' => {
                let text = list[at + 1..].split('"').next().unwrap_or_default();
                if depth == 1 && list[..at].trim_end().ends_with('(') {
                    names.insert(text.to_owned());
                }
                for (_, c) in chars.by_ref() {
                    if c == '"' {
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    names
}

#[test]
fn every_language_has_the_keys_of_english_with_the_same_variables() {
    let english = catalogue(Language::English);
    let french = catalogue(Language::French);
    for (key, variables) in &english {
        assert_eq!(french.get(key), Some(variables), "{key} in French");
    }
    for key in french.keys() {
        assert!(english.contains_key(key), "{key} is French only");
    }
}

#[test]
fn every_key_that_is_asked_for_exists_with_these_variables() {
    let english = catalogue(Language::English);
    for (path, source) in sources() {
        for (key, given) in calls(&source) {
            let Some(wanted) = english.get(&key) else { panic!("{}: no message {key}", path.display()) };
            assert_eq!(&given, wanted, "{}: variables of {key}", path.display());
        }
    }
}

#[test]
fn every_key_of_a_table_exists() {
    let english = catalogue(Language::English);
    let families: BTreeSet<&str> =
        english.keys().filter_map(|key| key.split_once('-')).map(|(first, _)| first).collect();
    for (path, source) in sources().into_iter().filter(|(path, _)| path.ends_with("src/words.rs")) {
        for literal in literals(&source) {
            let kebab = literal.contains('-') && literal.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            if kebab && literal.split_once('-').is_some_and(|(first, _)| families.contains(first)) {
                assert!(english.contains_key(&literal), "{}: no message {literal}", path.display());
            }
        }
    }
}

#[test]
fn every_key_is_used() {
    let used: BTreeSet<String> = sources().iter().flat_map(|(_, source)| literals(source)).collect();
    let unused: Vec<String> =
        catalogue(Language::English).into_keys().filter(|key| !used.contains(key)).collect();
    assert!(unused.is_empty(), "unused: {unused:?}");
}

#[test]
fn french_is_set_as_french_is_set() {
    const FINE: char = '\u{202F}';
    const FIXED: char = '\u{A0}';
    for line in Language::French.source().lines().filter(|line| !line.starts_with('#')) {
        let text = line.split_once(" = ").map_or(line, |(_, text)| text);
        assert!(!text.contains('\''), "a straight apostrophe: {line}");
        assert!(!text.contains("..."), "three dots for an ellipsis: {line}");
        assert!(!text.contains('"') || text.contains("{ \""), "straight quotation marks: {line}");
        let chars: Vec<char> = text.chars().collect();
        for (at, c) in chars.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied();
            let after = chars.get(at + 1).copied();
            let written = after.is_none_or(|c| c.is_whitespace() || "»)".contains(c));
            match c {
                ';' | '!' | '?' if written => assert_eq!(before, Some(FINE), "before {c}: {line}"),
                ':' if written => assert_eq!(before, Some(FIXED), "before {c}: {line}"),
                '»' => assert_eq!(before, Some(FIXED), "before {c}: {line}"),
                '«' => assert_eq!(after, Some(FIXED), "after {c}: {line}"),
                _ => {}
            }
        }
    }
}

#[test]
fn calls_are_found_with_their_variables() {
    let found =
        calls(r#"a.i18n.with("k-a", &[("x", f(&[("no", 1)]).into()), ("y", "(z".into())]); i18n.get("k-b")"#);
    let set = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    assert_eq!(found, [("k-a".to_owned(), set(&["x", "y"])), ("k-b".to_owned(), set(&[]))]);
}
