//! Words, dates, numbers and order in the language of the person.
//!
//! Messages are in Fluent files, one a language; `i18n.get("key")` and `i18n.with("key", &[("name", value.into())])` are
//! the only ways to words on the screen. What a language lacks is said in English. A test reads the sources and fails on
//! a key that is missing, unused, or given other variables than it has.

#[cfg(test)]
mod catalogue;
mod format;
mod pseudo;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use format::Format;

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Language {
    /// English: also what every other language falls back to.
    English,
    /// French.
    French,
    /// English with accents and a third longer: whatever stays plain is not translated, whatever is cut has no room.
    Pseudo,
}

impl Language {
    /// The languages that are offered.
    pub(crate) const OFFERED: [Self; 2] = [Self::English, Self::French];

    /// The tag, as kept in the settings (BCP 47).
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Pseudo => "en-XA",
        }
    }

    /// Its name in itself.
    pub(crate) fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::Pseudo => "Pseudo",
        }
    }

    /// The language of a tag such as `fr-CA` or `en_US.UTF-8`, if it is one of ours.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next()?.to_ascii_lowercase();
        match primary.as_str() {
            "en" if tag.eq_ignore_ascii_case("en-xa") => Some(Self::Pseudo),
            "en" => Some(Self::English),
            "fr" => Some(Self::French),
            _ => None,
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::English | Self::Pseudo => include_str!("../i18n/en/causerie.ftl"),
            Self::French => include_str!("../i18n/fr/causerie.ftl"),
        }
    }
}

/// Everything that depends on the language. Cheap to read from `view`: one look-up a message.
pub(crate) struct I18n {
    language: Language,
    /// The language in use, then what it falls back to.
    bundles: Vec<FluentBundle<FluentResource>>,
    format: Format,
}

impl fmt::Debug for I18n {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("I18n").field("language", &self.language).finish_non_exhaustive()
    }
}

impl I18n {
    /// The language of the tag, or where there is none or it isn't ours, the first of the system's that is; else English.
    pub(crate) fn new(tag: Option<&str>) -> Self {
        let system: Vec<String> = sys_locale::get_locales().collect();
        Self::choose(tag, &system)
    }

    /// The same for the given system, whose preferred languages come first.
    pub(crate) fn choose(tag: Option<&str>, system: &[String]) -> Self {
        let language = tag
            .and_then(Language::of_tag)
            .or_else(|| system.iter().find_map(|tag| Language::of_tag(tag)))
            .unwrap_or(Language::English);
        // The region of the system counts where it is one of the same language: en-US writes 2:32 PM.
        let region = system.iter().find(|tag| Language::of_tag(tag) == Some(language));
        let fallback = (language != Language::English).then_some(Language::English);
        Self {
            language,
            bundles: [Some(language), fallback].into_iter().flatten().map(bundle).collect(),
            format: Format::new(language, region.map(String::as_str)),
        }
    }

    /// The language in use.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The words of a message.
    pub(crate) fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The words of a message with its variables. What people chose themselves (names, addresses) and may be written
    /// from right to left is set apart by isolation marks, so that it can't turn the sentence around.
    pub(crate) fn with(&self, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(variables.len());
        for (name, value) in variables {
            args.set(*name, isolated(value));
        }
        for bundle in &self.bundles {
            if let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) {
                return bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned();
            }
        }
        tracing::error!(key, "no such message");
        key.to_owned()
    }

    /// The order of names as a dictionary of the language has it.
    pub(crate) fn compare(&self, a: &str, b: &str) -> Ordering {
        self.format.compare(a, b)
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    // What does not parse is left out here; a test sees that everything parses.
    let resource = match FluentResource::try_new(language.source().to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![identifier]);
    bundle.set_use_isolating(false);
    if language == Language::Pseudo {
        bundle.set_transform(Some(pseudo::transform));
    }
    bundle.set_formatter(Some(match language {
        Language::French => |value, _| format::plain_number(value, Language::French),
        Language::English | Language::Pseudo => |value, _| format::plain_number(value, Language::English),
    }));
    // A message that is there twice counts once; a test sees that none is.
    let _duplicates = bundle.add_resource(resource);
    bundle
}

/// U+2068 FIRST STRONG ISOLATE and U+2069 POP DIRECTIONAL ISOLATE around what could turn the text around.
fn isolated<'a>(value: &'a FluentValue<'a>) -> FluentValue<'a> {
    match value {
        FluentValue::String(text) if text.chars().any(turns) => {
            let inner: String = text.chars().filter(|c| !is_bidi_control(*c)).collect();
            FluentValue::String(Cow::Owned(format!("\u{2068}{inner}\u{2069}")))
        }
        FluentValue::String(text) => FluentValue::String(Cow::Borrowed(text)),
        other => other.clone(),
    }
}

/// Whether a character is written from right to left, or changes the direction of others.
fn turns(c: char) -> bool {
    is_bidi_control(c)
        || matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// The characters that change the direction of others, without ink of their own.
pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(tags: &[&str]) -> Vec<String> {
        tags.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_chosen_language_wins_then_the_first_of_the_system_that_is_ours() {
        let of = |tag, list: &[&str]| I18n::choose(tag, &system(list)).language();
        assert_eq!(of(Some("fr"), &["en-GB"]), Language::French);
        assert_eq!(of(None, &["de-DE", "fr_CA.UTF-8", "en-US"]), Language::French);
        assert_eq!(of(None, &["de-DE"]), Language::English);
        assert_eq!(of(None, &["C"]), Language::English);
        assert_eq!(of(Some("tlh"), &["fr"]), Language::French);
        assert_eq!(of(Some("en-XA"), &[]), Language::Pseudo);
    }

    #[test]
    fn what_is_written_from_right_to_left_is_set_apart_and_nothing_else_is() {
        assert_eq!(isolated(&"Bob".into()), FluentValue::from("Bob"));
        assert_eq!(isolated(&"שלום".into()), FluentValue::from("\u{2068}שלום\u{2069}"));
        assert_eq!(isolated(&"a\u{202E}b".into()), FluentValue::from("\u{2068}ab\u{2069}"));
    }

    #[test]
    fn the_pseudo_language_is_english_made_strange_and_longer() {
        let plain = I18n::choose(Some("en"), &[]);
        let strange = I18n::choose(Some("en-XA"), &[]);
        let (a, b) = (plain.get("action-cancel"), strange.get("action-cancel"));
        assert_ne!(a, b);
        assert!(b.chars().count() * 10 >= a.chars().count() * 13, "{b}");
    }
}
