//! What the search index sees of a text, and what a search asks it.
//!
//! The index cuts words at spaces and punctuation, which finds nothing in scripts that write without spaces. There every
//! character becomes a word of its own, in the text and in the question alike, and a word of the question becomes a phrase.

use std::fmt::Write;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// The most words of a question that are looked at.
const MAX_WORDS: usize = 32;

/// The most characters of a question that are looked at.
const MAX_CHARS: usize = 1_000;

/// Makes `fts_text(text)` known to a connection. Without it no message can be written there.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("fts_text", 1, flags, |context| {
        let text = context.get_raw(0).as_str()?;
        Ok(fts_text(text))
    })
}

/// The text with a space round each character of a script that writes without spaces.
pub(crate) fn fts_text(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 8);
    let mut after_split = false;
    for character in text.chars() {
        let split = is_written_without_spaces(character);
        if (split || after_split) && !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push(character);
        after_split = split;
    }
    spaced
}

/// What to ask the index for the words that a person typed: all of them, the last one perhaps not finished yet; in some
/// conversations only, unless none is named. `None` when there is nothing that the index could know.
///
/// Each word is quoted, so that nothing in it can be taken for the index's own query language.
pub(crate) fn fts_query(typed: &str, conversations: &[i64]) -> Option<String> {
    let typed: String =
        typed.chars().take(MAX_CHARS).map(|c| if c.is_control() || c == '"' { ' ' } else { c }).collect();
    let words = typed.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let words: Vec<&str> = words.take(MAX_WORDS).collect();
    let last = words.last()?;
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{}\"", fts_text(word))).collect();
    // The beginning of a word is enough for the last one, unless something was typed after it. A single letter begins half
    // of all words: it stands for itself.
    let unfinished = typed.ends_with(|last: char| !last.is_whitespace()) && last.chars().nth(1).is_some();
    let star = if unfinished { "*" } else { "" };
    let mut query = format!("body : ({}{star})", quoted.join(" "));
    if !conversations.is_empty() {
        let numbers: Vec<String> = conversations.iter().map(|number| format!("\"{number}\"")).collect();
        // Writing to a string cannot fail.
        let _ = write!(query, " AND conversation : ({})", numbers.join(" OR "));
    }
    Some(query)
}

fn is_written_without_spaces(character: char) -> bool {
    matches!(u32::from(character),
        0x0E00..=0x0EFF      // Thai, Lao
        | 0x1000..=0x109F    // Myanmar
        | 0x1100..=0x11FF    // Hangul Jamo
        | 0x1780..=0x17FF    // Khmer
        | 0x2E80..=0x2FDF    // radicals
        | 0x3005..=0x3007
        | 0x3040..=0x30FF    // Hiragana, Katakana
        | 0x3100..=0x31FF    // Bopomofo, compatibility Jamo, Katakana extensions
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF    // ideographs
        | 0xA960..=0xA97F
        | 0xAC00..=0xD7FF    // Hangul
        | 0xF900..=0xFAFF
        | 0xFF66..=0xFFDC    // half-width Katakana and Hangul
        | 0x1AFF0..=0x1B16F  // Kana supplements
        | 0x20000..=0x3FFFF) // ideographs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_for_the_index() {
        assert_eq!(fts_text("hello world"), "hello world");
        assert_eq!(fts_text("日本語"), "日 本 語");
        assert_eq!(fts_text("on va à 東京 demain"), "on va à  東 京  demain");
        assert_eq!(fts_text("v2日本"), "v2 日 本");
        assert_eq!(fts_text("日本v2"), "日 本 v2");
        assert_eq!(fts_text("안녕"), "안 녕");
        assert_eq!(fts_text(""), "");
    }

    #[test]
    fn questions_for_the_index() {
        let query = |typed| fts_query(typed, &[]);
        assert_eq!(query("bon jour").as_deref(), Some("body : (\"bon\" \"jour\"*)"));
        assert_eq!(query("bon jour ").as_deref(), Some("body : (\"bon\" \"jour\")"));
        assert_eq!(query("bon j").as_deref(), Some("body : (\"bon\" \"j\")"));
        assert_eq!(query("日本 xy").as_deref(), Some("body : (\"日 本\" \"xy\"*)"));
        assert_eq!(query("ab\"cd").as_deref(), Some("body : (\"ab\" \"cd\"*)"));
        assert_eq!(query("NEAR(a").as_deref(), Some("body : (\"NEAR(a\"*)"));
        assert_eq!(
            fts_query("mot", &[12, 5]).as_deref(),
            Some("body : (\"mot\"*) AND conversation : (\"12\" OR \"5\")")
        );
        for empty in ["", "  ", "\"", "* ^ {", "--", "\0", "🎉"] {
            assert_eq!(query(empty), None, "{empty:?}");
        }
        let long = "mot ".repeat(10_000);
        assert_eq!(query(&long).unwrap().matches("mot").count(), MAX_WORDS);
    }
}
