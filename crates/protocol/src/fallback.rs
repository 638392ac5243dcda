//! Which parts of a text are there only for programs that don't know what stands beside it (XEP-0428 0.2.1).
//!
//! Places are counted in code points (XEP-0426 0.3.0), and a stranger has counted: what is out of the text, turned around or no number
//! costs only itself, and a text is never taken away as a whole.

use std::ops::Range;

use minidom::Element;

use crate::ns;
use crate::xml::{self, Draft};

/// What others may know that we can do.
pub(crate) const FEATURES: &[&str] = &[ns::FALLBACK];
/// How many parts of one text are looked at.
const MOST_PARTS: usize = 16;

/// Whether what stands beside a text was said by its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// As much as the text was.
    Said,
    /// Whoever carried the text can have put it there. What takes a text away or puts nothing in its place is not believed.
    Carried,
}

/// All of the text is there for programs that don't know `of`.
pub(crate) fn whole(of: &str) -> Element {
    let body = Draft::new("body", ns::FALLBACK);
    Draft::new("fallback", ns::FALLBACK).attr("for", of).child(body).into()
}

/// The first code points are.
pub(crate) fn first(of: &str, count: usize) -> Element {
    let body = Draft::new("body", ns::FALLBACK).attr("start", "0").attr("end", &count.to_string());
    Draft::new("fallback", ns::FALLBACK).attr("for", of).child(body).into()
}

/// A text without what is there for programs that don't know `of`, unless nothing would be left. Whoever has only carried the text can
/// take nothing from it but the quote that it begins with.
pub(crate) fn cut((said, beside): (&Element, Beside), of: &str, text: String) -> String {
    let fallbacks = xml::children(said, "fallback", ns::FALLBACK).filter(|it| it.attr("for") == Some(of));
    let parts = fallbacks.flat_map(|fallback| xml::children(fallback, "body", ns::FALLBACK)).take(MOST_PARTS);
    let place = |part: &Element, name| part.attr(name).and_then(|number| number.trim().parse::<usize>().ok());
    let parts: Vec<_> = parts.filter_map(|part| Some(place(part, "start")?..place(part, "end")?)).collect();
    if parts.is_empty() || (beside == Beside::Carried && !are_a_quote(&parts, &text)) {
        return text;
    }
    let count = text.chars().count();
    let is_cut = |at: usize| parts.iter().any(|part| part.end <= count && part.contains(&at));
    let kept = text.chars().enumerate().filter(|(at, _)| !is_cut(*at)).map(|(_, c)| c);
    let kept: String = kept.collect();
    if kept.trim().is_empty() { text } else { kept }
}

/// Whether the parts are one, from the beginning to the end of a line, of which each line looks like a quote.
fn are_a_quote(parts: &[Range<usize>], text: &str) -> bool {
    let [Range { start: 0, end }] = parts else { return false };
    let at = text.char_indices().nth(*end).map_or(text.len(), |(at, _)| at);
    let (quote, rest) = text.split_at(at);
    // `>:(` begins no quote.
    quote.split_terminator('\n').all(|line| line == ">" || line.starts_with("> "))
        && (quote.ends_with('\n') || rest.starts_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_at(text: &str, parts: &[(&str, &str)]) -> String {
        cut_beside(Beside::Said, text, parts)
    }

    fn cut_beside(beside: Beside, text: &str, parts: &[(&str, &str)]) -> String {
        let parts = parts.iter().map(|(start, end)| {
            Draft::new("body", ns::FALLBACK).attr("start", start).attr("end", end).into()
        });
        let fallback = Draft::new("fallback", ns::FALLBACK).attr("for", ns::REPLY).children(parts);
        let said = Draft::new("message", ns::CLIENT).child(fallback).into();
        cut((&said, beside), ns::REPLY, text.to_owned())
    }

    #[test]
    fn code_points_are_cut_and_nothing_else() {
        assert_eq!(cut_at("> é\nOui", &[("0", "4")]), "Oui");
        assert_eq!(cut_at("> 👩🏽‍🚀\nOui", &[("0", "7")]), "Oui");
        // In the middle of what people see as one: strange, and no more than that.
        assert_eq!(cut_at("👩🏽‍🚀!", &[("0", "1")]), "🏽‍🚀!");
        assert_eq!(cut_at("abcdef", &[("0", "1"), ("4", "6")]), "bcd");
        for odd in [
            ("0", "99"),
            ("3", "1"),
            ("-1", "2"),
            ("2147483648", "2147483650"),
            ("0", "18446744073709551616"),
            ("99999999999999999999", "1"),
            ("a", "b"),
            ("", ""),
            ("2", "2"),
            ("1.0", "2"),
        ] {
            assert_eq!(cut_at("éàç", &[odd]), "éàç", "{odd:?}");
        }
        assert_eq!(cut_at("all", &[("0", "3")]), "all", "something is shown");
        assert_eq!(cut_at("all  ", &[("0", "3")]), "all  ");
        let many: Vec<(&str, &str)> = vec![("0", "1"); 100_000];
        assert_eq!(cut_at("abc", &many), "bc");
    }
    #[test]
    fn who_carried_a_text_takes_no_words_from_it() {
        let carried = |text: &str, parts: &[(&str, &str)]| cut_beside(Beside::Carried, text, parts);
        assert_eq!(carried("> é\n> à\nOui", &[("0", "8")]), "Oui");
        assert_eq!(carried("> é\nOui", &[("0", "3")]), "\nOui");
        for (text, parts) in [
            ("I do not agree", &[("5", "9")][..]),
            ("I do not agree", &[("0", "9")]),
            ("> é\nI do not agree", &[("0", "8")]),
            ("> é\nI do not agree", &[("0", "4"), ("9", "13")]),
            ("> é\n> à\nOui", &[("4", "8")]),
            // Half a line is none.
            ("> not mine\nOui", &[("0", "5")]),
            ("> é\n\n> à\nOui", &[("0", "9")]),
            (">:( I do not agree\nOui", &[("0", "19")]),
            ("Oui", &[("0", "99")]),
        ] {
            assert_eq!(carried(text, parts), text, "{parts:?}");
        }
    }
}
