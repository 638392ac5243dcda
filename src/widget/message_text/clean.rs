//! What of a text is shown.

use crate::i18n::is_bidi_control;

/// How many marks a letter may carry: real languages need three or four, and a tower of them covers other lines.
const MARKS: usize = 6;

/// The beginning of a text that has room in so many bytes, and whether there is more. It ends at a line or word where
/// there is one near.
pub(super) fn beginning(text: &str, most: usize) -> (&str, bool) {
    if text.len() <= most {
        return (text, false);
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let part = text.get(..end).unwrap_or_default();
    let near = part.rfind(char::is_whitespace).filter(|at| *at >= end - end / 4);
    (near.and_then(|at| part.get(..at)).unwrap_or(part), true)
}

/// Without what could turn the text around, cover its neighbours, or is not ink: direction controls, other controls, and
/// marks beyond a few on one letter. White space at the end goes.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.trim_end().chars() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        match c {
            '\n' => clean.push('\n'),
            '\t' => clean.push_str("    "),
            // A lone carriage return is an old line break; before a line feed it is nothing.
            '\r' => {}
            '\u{2028}' | '\u{2029}' => clean.push('\n'),
            _ if c.is_control() || is_bidi_control(c) || marks > MARKS => {}
            _ => clean.push(c),
        }
    }
    clean
}

/// The combining marks of any script that stand above or below others.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_deceive_or_cover_is_left_out() {
        assert_eq!(clean("a\u{202E}b\u{2066}c\u{0}d\u{1B}[31m\r\n e \n"), "abcd[31m\n e");
        assert_eq!(clean(&format!("e{}", "\u{0301}".repeat(100))), format!("e{}", "\u{0301}".repeat(MARKS)));
        assert_eq!(clean("👩\u{200D}👧 שלום"), "👩\u{200D}👧 שלום");
    }

    #[test]
    fn a_long_text_is_cut_between_words_and_characters() {
        assert_eq!(beginning("short", 10), ("short", false));
        assert_eq!(beginning("one two three", 9), ("one two", true));
        assert_eq!(beginning("ééééé", 5), ("éé", true));
    }
}
