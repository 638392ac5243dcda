//! Data forms of any shape (XEP-0004 2.13.1), with the media that may be in them (XEP-0221 1.0).
//!
//! What is to be read is cleaned and shortened. What is to be sent back stays as it came: the values of hidden fields and of options.

use std::collections::BTreeSet;

use causerie_model::registration::{FieldKind, FieldOption};
use minidom::Element;

use crate::ns;
use crate::xml::{children, one_line, words};

/// The most fields of a form, hidden ones included. One with more is not read at all.
const MOST_FIELDS: usize = 256;
/// The most values of a field, and the most options.
const MOST_VALUES: usize = 256;
/// The longest name of a field and the longest value of an option, in bytes.
const LONGEST_NAME: usize = 1_024;
/// The longest value, in bytes.
const LONGEST_VALUE: usize = 8_192;
/// The longest line that is read, in characters.
const LONGEST_LINE: usize = 500;
/// The longest paragraph, in characters.
const LONGEST_TEXT: usize = 2_000;
/// The most paragraphs of instructions.
const MOST_PARAGRAPHS: usize = 16;

/// A form to fill in.
#[derive(Debug)]
pub(crate) struct DataForm {
    pub(crate) title: Option<String>,
    pub(crate) instructions: Vec<String>,
    /// No two that are answered have the same name.
    pub(crate) fields: Vec<DataField>,
}

/// A field of it.
#[derive(Debug)]
pub(crate) struct DataField {
    /// As it came (`var`). Empty for fixed text.
    pub(crate) name: String,
    pub(crate) label: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) kind: DataKind,
    pub(crate) required: bool,
    /// As they came, but for fixed text, which is cleaned.
    pub(crate) values: Vec<String>,
    pub(crate) options: Vec<FieldOption>,
    pub(crate) media: Vec<Medium>,
}

/// Whether a field is shown, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DataKind {
    /// Sent back as it came.
    Hidden,
    /// Answered, or at least read.
    Shown(FieldKind),
}

/// Where something to see or hear is (XEP-0221).
#[derive(Debug)]
pub(crate) struct Medium {
    pub(crate) media_type: Option<String>,
    pub(crate) uri: String,
}

impl DataForm {
    /// Reads an `<x/>` of type `form`. `None` when it is none, or over the limits.
    pub(crate) fn read(x: &Element) -> Option<Self> {
        if !x.is("x", ns::DATA_FORM) || x.attr("type").is_some_and(|kind| kind != "form") {
            return None;
        }
        if children(x, "field", ns::DATA_FORM).nth(MOST_FIELDS).is_some() {
            return None;
        }
        let mut names = BTreeSet::new();
        let mut fields = Vec::new();
        for field in children(x, "field", ns::DATA_FORM) {
            let Some(field) = DataField::read(field)? else { continue };
            if field.is_fixed() || names.insert(field.name.clone()) {
                fields.push(field);
            }
        }
        let title = children(x, "title", ns::DATA_FORM).next();
        let instructions = children(x, "instructions", ns::DATA_FORM).take(MOST_PARAGRAPHS);
        Some(Self {
            title: title.and_then(|title| line(&title.text())),
            instructions: instructions.filter_map(|text| paragraph(&text.text())).collect(),
            fields,
        })
    }

    /// What the form is (`FORM_TYPE`, XEP-0068 1.3).
    pub(crate) fn form_type(&self) -> Option<&str> {
        self.field("FORM_TYPE")?.values.first().map(String::as_str)
    }

    /// The field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&DataField> {
        self.fields.iter().find(|field| !field.is_fixed() && field.name == name)
    }
}

impl DataField {
    /// Outside `None`: over the limits. Inside `None`: nothing that could be shown or sent.
    fn read(field: &Element) -> Option<Option<Self>> {
        let name = field.attr("var").unwrap_or_default();
        let kind = match field.attr("type") {
            Some("hidden") => DataKind::Hidden,
            Some("boolean") => DataKind::Shown(FieldKind::Boolean),
            Some("fixed") => DataKind::Shown(FieldKind::Fixed),
            Some("jid-multi") => DataKind::Shown(FieldKind::JidMulti),
            Some("jid-single") => DataKind::Shown(FieldKind::JidSingle),
            Some("list-multi") => DataKind::Shown(FieldKind::ListMulti),
            Some("list-single") => DataKind::Shown(FieldKind::ListSingle),
            Some("text-multi") => DataKind::Shown(FieldKind::TextMulti),
            Some("text-private") => DataKind::Shown(FieldKind::TextPrivate),
            // Without a name it can't be answered, only be read.
            None if name.is_empty() => DataKind::Shown(FieldKind::Fixed),
            _ => DataKind::Shown(FieldKind::TextSingle),
        };
        let is_fixed = kind == DataKind::Shown(FieldKind::Fixed);
        if name.is_empty() && !is_fixed {
            return Some(None);
        }
        let values = children(field, "value", ns::DATA_FORM).map(Element::text);
        let mut values: Vec<String> = values.take(MOST_VALUES + 1).collect();
        let options = children(field, "option", ns::DATA_FORM).filter_map(option);
        let options: Vec<FieldOption> = options.take(MOST_VALUES + 1).collect();
        let too_long = |text: &String| text.len() > LONGEST_VALUE;
        if name.len() > LONGEST_NAME
            || values.len() > MOST_VALUES
            || options.len() > MOST_VALUES
            || values.iter().any(too_long)
            || options.iter().any(|option| option.value.len() > LONGEST_NAME)
        {
            return None;
        }
        if is_fixed {
            values = values.iter().filter_map(|value| paragraph(value)).collect();
        }
        let hint = children(field, "desc", ns::DATA_FORM).next();
        Some(Some(Self {
            name: name.to_owned(),
            label: field.attr("label").and_then(line),
            hint: hint.and_then(|hint| line(&hint.text())),
            kind: if options.is_empty() { kind.without_options() } else { kind },
            required: field.has_child("required", ns::DATA_FORM),
            values,
            options,
            media: media(field),
        }))
    }

    pub(crate) fn is_fixed(&self) -> bool {
        self.kind == DataKind::Shown(FieldKind::Fixed)
    }
}

impl DataKind {
    /// Where there is nothing to choose from, what is wanted can only be typed.
    fn without_options(self) -> Self {
        match self {
            Self::Shown(FieldKind::ListSingle) => Self::Shown(FieldKind::TextSingle),
            Self::Shown(FieldKind::ListMulti) => Self::Shown(FieldKind::TextMulti),
            kind => kind,
        }
    }
}

/// `None` when it has no value: nobody can choose it (XEP-0004 2.13.1 §3.2).
fn option(option: &Element) -> Option<FieldOption> {
    let value = option.get_child("value", ns::DATA_FORM)?.text();
    let label = option.attr("label").and_then(line).or_else(|| line(&value)).unwrap_or_default();
    Some(FieldOption { label, value })
}

fn media(field: &Element) -> Vec<Medium> {
    let uris = children(field, "media", ns::MEDIA).flat_map(|media| children(media, "uri", ns::MEDIA));
    let read = |uri: &Element| Medium {
        media_type: uri.attr("type").map(str::to_owned),
        uri: uri.text().trim().to_owned(),
    };
    uris.take(MOST_VALUES).map(read).collect()
}

/// A line to be read.
pub(crate) fn line(text: &str) -> Option<String> {
    one_line(&one_direction(text), LONGEST_LINE)
}

/// Lines to be read.
pub(crate) fn paragraph(text: &str) -> Option<String> {
    let text = words(&one_direction(text), LONGEST_TEXT);
    (!text.is_empty()).then_some(text)
}

/// Without the characters that make text run in another direction than it does by itself, which hide what is written (UTR 36).
fn one_direction(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')).collect()
}

/// An address of the web that may be shown and, at a click, opened: `https` or `http`, without blanks.
pub(crate) fn web_page(text: &str) -> Option<String> {
    const LONGEST: usize = 2_048;
    let text = text.trim();
    let (scheme, rest) = text.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let readable = rest.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // What stands before an @ looks like the place and isn't.
    let fits = known && readable && !host.is_empty() && !host.contains('@') && text.len() <= LONGEST;
    (fits && one_direction(text) == text).then(|| text.to_owned())
}

/// The same where a password is typed on the page: `https` only, since everything else is read by whoever is in between.
pub(crate) fn sign_up_page(text: &str) -> Option<String> {
    let secure =
        |page: &String| page.split_once(':').is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https"));
    web_page(text).filter(secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_a_web_page() {
        for good in ["https://example.org", "HTTP://example.org/a?b#c", " https://[::1]:5280/x "] {
            assert_eq!(web_page(good).as_deref(), Some(good.trim()));
        }
        for bad in [
            "",
            "example.org",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "https://",
            "https:///x",
            "https://chapril.org@evil.example/",
            "https://example.org/a b",
            "https://example.org/\u{202e}gpj.exe",
            "data:text/html,x",
            &format!("https://example.org/{}", "x".repeat(2_048)),
        ] {
            assert_eq!(web_page(bad), None, "{bad}");
        }
        assert_eq!(sign_up_page("HTTPS://example.org").as_deref(), Some("HTTPS://example.org"));
        assert_eq!(sign_up_page("HTTP://example.org"), None);
    }

    #[test]
    fn what_is_read_runs_one_way() {
        assert_eq!(line("a\u{202e}b\u{2066}\n c").as_deref(), Some("ab c"));
        assert_eq!(paragraph(" a\u{202d}\nb\u{7} ").as_deref(), Some("a\nb"));
        assert_eq!(paragraph("\u{202e}\u{0}"), None);
    }
}
