//! Which parts of a text are emoji, so that they are drawn in colour: the fonts that a system offers first for them are
//! often black and white.

use std::ops::Range;

use iced::Font;
use iced::advanced::text::highlighter::{Format, Highlighter};
use unicode_segmentation::UnicodeSegmentation;

use crate::theme::{EMOJI, Theme};

/// Whether a part of a text is emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters, digits, signs.
    Text,
    /// Pictures.
    Emoji,
}

/// The parts of a text by kind, as ranges of bytes at character boundaries that leave nothing out.
pub(crate) fn runs(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut runs: Vec<(Range<usize>, Kind)> = Vec::new();
    for (start, grapheme) in text.grapheme_indices(true) {
        let kind = if is_emoji(grapheme) { Kind::Emoji } else { Kind::Text };
        let end = start + grapheme.len();
        match runs.last_mut() {
            Some((range, last)) if *last == kind => range.end = end,
            _ => runs.push((start..end, kind)),
        }
    }
    runs
}

/// How many emoji a text is, if it is nothing else but white space.
pub(crate) fn only_emoji(text: &str) -> Option<usize> {
    let mut count = 0;
    for grapheme in text.graphemes(true) {
        match grapheme {
            _ if is_emoji(grapheme) => count += 1,
            _ if grapheme.chars().all(char::is_whitespace) => {}
            _ => return None,
        }
    }
    (count > 0).then_some(count)
}

fn is_emoji(grapheme: &str) -> bool {
    if grapheme.is_ascii() {
        return false;
    }
    if grapheme.contains('\u{FE0F}') || grapheme.contains('\u{20E3}') {
        return true;
    }
    // Signs that are text unless said otherwise (☎ ✓ ❤ without U+FE0F) stay text.
    let mut chars = grapheme.chars();
    let first = chars.next().map_or(0, u32::from);
    (first >= 0x1_F000 || chars.next().is_some() || is_presented(first)) && emojis::get(grapheme).is_some()
}

/// The few below U+1F000 that are pictures without being told so (Emoji_Presentation of Unicode 16).
fn is_presented(point: u32) -> bool {
    matches!(
        point,
        0x231A..=0x231B | 0x23E9..=0x23EC | 0x23F0 | 0x23F3 | 0x25FD..=0x25FE | 0x2614..=0x2615 | 0x2648..=0x2653 | 0x267F | 0x2693 | 0x26A1 | 0x26AA..=0x26AB | 0x26BD..=0x26BE | 0x26C4..=0x26C5 | 0x26CE | 0x26D4 | 0x26EA | 0x26F2..=0x26F3 | 0x26F5 | 0x26FA | 0x26FD | 0x2705 | 0x270A..=0x270B | 0x2728 | 0x274C | 0x274E | 0x2753..=0x2755 | 0x2757 | 0x2795..=0x2797 | 0x27B0 | 0x27BF | 0x2B1B..=0x2B1C | 0x2B50 | 0x2B55
    )
}

/// Colours the emoji of a text that is being written, for `text_editor::highlight_with`.
#[derive(Debug)]
pub(crate) struct InColour {
    line: usize,
}

impl Highlighter for InColour {
    type Settings = ();
    type Highlight = Kind;
    type Iterator<'a> = std::vec::IntoIter<(Range<usize>, Kind)>;

    fn new(_settings: &()) -> Self {
        Self { line: 0 }
    }

    fn update(&mut self, _settings: &()) {
        self.line = 0;
    }

    fn change_line(&mut self, line: usize) {
        self.line = self.line.min(line);
    }

    fn highlight_line(&mut self, line: &str) -> Self::Iterator<'_> {
        self.line += 1;
        let mut runs = runs(line);
        runs.retain(|(_, kind)| *kind == Kind::Emoji);
        runs.into_iter()
    }

    fn current_line(&self) -> usize {
        self.line
    }
}

/// The font of a part that [`InColour`] found.
pub(crate) fn format(kind: &Kind, _theme: &Theme) -> Format<Font> {
    Format { color: None, font: (*kind == Kind::Emoji).then_some(EMOJI) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&str, Kind)> {
        runs(text).into_iter().map(|(range, kind)| (&text[range], kind)).collect()
    }

    #[test]
    fn emoji_are_told_from_text_whole() {
        use Kind::{Emoji, Text};
        assert_eq!(kinds("Salut 👩‍👧👍🏽!"), [("Salut ", Text), ("👩‍👧👍🏽", Emoji), ("!", Text)]);
        assert_eq!(kinds("❤\u{FE0F}❤"), [("❤\u{FE0F}", Emoji), ("❤", Text)]);
        assert_eq!(kinds("🇫🇷1\u{FE0F}\u{20E3}"), [("🇫🇷1\u{FE0F}\u{20E3}", Emoji)]);
        assert_eq!(kinds("✓ ☎ é 12 ©"), [("✓ ☎ é 12 ©", Text)]);
        assert_eq!(kinds("☕⚡"), [("☕⚡", Emoji)]);
        assert_eq!(kinds(""), []);
    }

    #[test]
    fn a_text_of_emoji_alone_is_counted() {
        assert_eq!(only_emoji("🎉 👩‍👧\n"), Some(2));
        assert_eq!(only_emoji("🎉!"), None);
        assert_eq!(only_emoji("  "), None);
        assert_eq!(only_emoji("12"), None);
    }
}
