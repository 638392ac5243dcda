//! Where the links of a text are, and what they really lead to.

use std::ops::Range;

use icu::properties::CodePointMapData;
use icu::properties::props::Script;
use linkify::{LinkFinder, LinkKind};
use url::Url;

/// A link of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The bytes of the text that are it.
    pub(crate) range: Range<usize>,
    /// What to show in place of them, where they could deceive.
    pub(crate) shown: Option<String>,
    /// Where it leads: an `https`, `http`, `xmpp` or `mailto` URI.
    pub(crate) target: String,
}

/// The links of a text, in order. Addresses of other schemes, and of the web with a user name before the host (which is
/// there to deceive), are no links.
pub(crate) fn links(text: &str) -> Vec<Link> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]).url_must_have_scheme(true);
    let web = finder.links(text).filter_map(|found| web(text, found.start()..found.end()));
    let mut links: Vec<Link> = web.chain(PLAIN.iter().flat_map(|scheme| plain(text, scheme))).collect();
    links.sort_by_key(|link| link.range.start);
    let mut end = 0;
    links.retain(|link| {
        let free = link.range.start >= end;
        if free {
            end = link.range.end;
        }
        free
    });
    links
}

/// Schemes that have no `//`.
const PLAIN: [&str; 2] = ["xmpp:", "mailto:"];

fn web(text: &str, range: Range<usize>) -> Option<Link> {
    let written = text.get(range.clone())?;
    let scheme = written.split_once("://")?.0.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "https" | "http") {
        return None;
    }
    let url = Url::parse(written).ok()?;
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let honest = written_host(written).is_some_and(|written| written.is_ascii() || is_honest(written));
    let shown = (!honest).then(|| {
        let rest = written
            .split_once("://")
            .and_then(|(_, rest)| rest.find(['/', '?', '#']).and_then(|at| rest.get(at..)));
        format!(
            "{}://{host}{}{}",
            url.scheme(),
            url.port().map(|p| format!(":{p}")).unwrap_or_default(),
            rest.unwrap_or_default()
        )
    });
    Some(Link { range, shown, target: url.into() })
}

fn written_host(written: &str) -> Option<&str> {
    let rest = written.split_once("://")?.1;
    rest.split(['/', '?', '#', ':']).next()
}

/// Whether a host can be read as it is written. Cyrillic, Greek and others have letters that look like Latin ones: such a
/// name counts as honest only where the last part, too, is of its script.
fn is_honest(host: &str) -> bool {
    let scripts = CodePointMapData::<Script>::new();
    let script_of = |label: &str| -> Option<Script> {
        let mut found = None;
        for c in label.chars() {
            match (scripts.get(c), found) {
                (Script::Common | Script::Inherited, _) => {}
                (script, None) => found = Some(script),
                (script, Some(before)) if script == before || is_japanese(script) && is_japanese(before) => {}
                _ => return None,
            }
        }
        Some(found.unwrap_or(Script::Common))
    };
    let labels: Option<Vec<Script>> =
        host.split('.').filter(|label| !label.is_empty()).map(script_of).collect();
    let Some(labels) = labels else { return false };
    let last = labels.last().copied();
    let looks_latin = |script: &Script| {
        matches!(
            *script,
            Script::Cyrillic | Script::Greek | Script::Armenian | Script::Cherokee | Script::Coptic
        )
    };
    labels.iter().all(|script| !looks_latin(script) || Some(*script) == last)
}

fn is_japanese(script: Script) -> bool {
    matches!(script, Script::Han | Script::Hiragana | Script::Katakana)
}

fn plain<'t>(text: &'t str, scheme: &'static str) -> impl Iterator<Item = Link> + 't {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + find_ignoring_case(text.get(from..)?, scheme)?;
            let body = start + scheme.len();
            let rest = text.get(body..)?;
            let length = rest
                .find(|c: char| c.is_whitespace() || c.is_control() || "<>\"«»“”".contains(c))
                .unwrap_or(rest.len());
            let body_text = trimmed(rest.get(..length)?);
            from = body + body_text.len();
            let before = text.get(..start)?.chars().next_back();
            let apart = before.is_none_or(|c| !c.is_alphanumeric() && !"+-.".contains(c));
            let address = body_text.split(['?', ';', '/']).next().unwrap_or_default();
            if apart && (address.contains('@') || (scheme == "xmpp:" && address.contains('.'))) {
                let target = format!("{scheme}{body_text}");
                let Ok(url) = Url::parse(&target) else { continue };
                return Some(Link { range: start..from, shown: None, target: url.into() });
            }
        }
    })
}

fn find_ignoring_case(text: &str, scheme: &str) -> Option<usize> {
    text.char_indices()
        .map(|(at, _)| at)
        .find(|at| text.get(*at..at + scheme.len()).is_some_and(|part| part.eq_ignore_ascii_case(scheme)))
}

/// Without the punctuation of the sentence that it stands in. Brackets that were opened within belong to it.
fn trimmed(text: &str) -> &str {
    const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    let mut unopened =
        BRACKETS.map(|(open, close)| text.matches(close).count().saturating_sub(text.matches(open).count()));
    let mut text = text;
    while let Some(last) = text.chars().next_back() {
        let bracket =
            BRACKETS.iter().position(|(_, close)| *close == last).and_then(|at| unopened.get_mut(at));
        match bracket {
            Some(0) => break,
            Some(count) => *count -= 1,
            None if matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '…') => {}
            None => break,
        }
        text = text.get(..text.len() - last.len_utf8()).unwrap_or_default();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, String)> {
        links(text).into_iter().map(|link| (&text[link.range], link.target)).collect()
    }

    fn one(text: &str) -> String {
        let [link] = links(text).try_into().unwrap_or_else(|links| panic!("{text}: {links:?}"));
        link.target
    }

    #[test]
    fn punctuation_of_the_sentence_is_not_part_of_a_link() {
        for (text, link) in [
            ("See https://example.org.", "https://example.org"),
            ("(see https://example.org/a)", "https://example.org/a"),
            (
                "https://fr.wikipedia.org/wiki/Chat_(animal), oui",
                "https://fr.wikipedia.org/wiki/Chat_(animal)",
            ),
            ("« https://example.org/é »", "https://example.org/é"),
            ("xmpp:bob@example.org?", "xmpp:bob@example.org"),
            ("(mailto:bob@example.org)", "mailto:bob@example.org"),
            ("xmpp:room@muc.example.org?join!", "xmpp:room@muc.example.org?join"),
        ] {
            assert_eq!(found(text).iter().map(|link| link.0).collect::<Vec<_>>(), [link], "{text}");
        }
    }

    #[test]
    fn only_four_schemes_are_links() {
        for text in [
            "javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "file:///etc/passwd",
            "ftp://example.org",
            "data:text/html,x",
            "example.org",
            "notxmpp:a@b.org",
            "xmpp:",
            "mailto:nobody",
            "https://",
            "https://paypal.com@evil.example/",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
        assert_eq!(one("HTTPS://Example.ORG/A"), "https://example.org/A");
        assert_eq!(one("XMPP:bob@example.org"), "xmpp:bob@example.org");
    }

    #[test]
    fn a_host_that_could_be_mistaken_is_shown_as_it_is_called() {
        let shown = |text: &str| links(text).into_iter().next().and_then(|link| link.shown);
        // "а" is Cyrillic.
        assert_eq!(shown("https://p\u{0430}ypal.com/x").as_deref(), Some("https://xn--pypal-4ve.com/x"));
        assert_eq!(
            shown("https://\u{0430}\u{0440}\u{0440}\u{04CF}\u{0435}.com").as_deref(),
            Some("https://xn--80ak6aa92e.com")
        );
        assert_eq!(shown("https://пример.рф/"), None);
        assert_eq!(shown("https://équipe.example.org"), None);
        assert_eq!(shown("https://例え.jp"), None);
    }

    #[test]
    fn several_links_come_in_order_and_do_not_overlap() {
        let text = "xmpp:a@b.org https://c.org/xmpp:d@e.org mailto:f@g.org https://h.org";
        assert_eq!(
            found(text).iter().map(|link| link.0).collect::<Vec<_>>(),
            ["xmpp:a@b.org", "https://c.org/xmpp:d@e.org", "mailto:f@g.org", "https://h.org"]
        );
    }

    #[test]
    fn a_text_made_to_be_slow_is_not() {
        assert_eq!(links(&"xmpp:".repeat(2_000)), []);
        assert!(links(&"https://".repeat(1_250)).len() < 1_250);
        assert!(links(&"(".repeat(10_000)).is_empty());
        let brackets = format!("xmpp:a@b.org{}", ")".repeat(9_000));
        assert_eq!(links(&brackets).len(), 1);
    }
}
