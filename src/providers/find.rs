//! Finding a provider by what somebody types.

use icu::normalizer::DecomposingNormalizerBorrowed;

use super::facts::language_name;
use super::{Fact, Organisation, Provider, Providers, country_name};
use crate::i18n::I18n;

/// How many completions are offered.
const MOST: usize = 6;
/// What is typed beyond this, in bytes, finds nothing.
const MOST_TYPED: usize = 1024;

impl Providers {
    /// Of these providers those that fit what was typed: each word of it is in the domain, the name of a country or of a language, or
    /// who runs it. Case and accents do not matter. Everything fits nothing.
    pub(crate) fn matching<'a>(list: &[&'a Provider], typed: &str, i18n: &I18n) -> Vec<&'a Provider> {
        if typed.len() > MOST_TYPED {
            return Vec::new();
        }
        let typed = folded(typed);
        let words: Vec<&str> = typed.split_whitespace().collect();
        let fits = |provider: &Provider| {
            let about = about(provider, i18n);
            words.iter().all(|word| about.contains(word))
        };
        list.iter().copied().filter(|provider| fits(provider)).collect()
    }

    /// Domains that an address may go on with after its `@`, at most six: those of people who are known already, in the order given,
    /// then chapril.org, the providers of the list, and others. Nothing before the `@` was typed, or where nothing is missing.
    pub(crate) fn complete<'a>(
        &'a self,
        typed: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Vec<String> {
        match typed.trim_start().split_once('@') {
            Some((local, domain)) if !local.is_empty() => self.complete_domain(domain, known),
            _ => Vec::new(),
        }
    }

    /// The same for what is a domain alone.
    pub(crate) fn complete_domain<'a>(
        &'a self,
        typed: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Vec<String> {
        if typed.len() > MOST_TYPED || typed.contains(['@', '/']) {
            return Vec::new();
        }
        let typed = folded(typed.trim());
        let all: Vec<&str> = known.into_iter().chain(self.domains.iter().map(String::as_str)).collect();
        if all.iter().any(|domain| folded(domain) == typed) {
            return Vec::new();
        }
        let begins = |domain: &str| folded(domain).starts_with(&typed);
        // `hot` finds jabber.hot-chilli.net, after those that begin so.
        let within = |domain: &str| {
            !begins(domain) && folded(domain).split('.').any(|label| label.starts_with(&typed))
        };
        let mut found: Vec<String> = Vec::new();
        let first = all.iter().filter(|domain| begins(domain));
        for domain in first.chain(all.iter().filter(|domain| within(domain))) {
            if found.len() == MOST {
                break;
            }
            if !found.iter().any(|known| known == domain) {
                found.push((*domain).to_owned());
            }
        }
        found
    }
}

/// The country that the system's settings name, as in `fr_CA.UTF-8`: where somebody lives, most likely.
pub(crate) fn country_here() -> Option<String> {
    sys_locale::get_locales().find_map(|tag| country_of(&tag))
}

fn country_of(tag: &str) -> Option<String> {
    let parts = tag.split(['.', '@']).next()?.split(['-', '_']).skip(1);
    let mut countries = parts.filter(|part| part.len() == 2 && part.bytes().all(|c| c.is_ascii_alphabetic()));
    countries.next().map(str::to_ascii_uppercase)
}

/// All by which a provider can be found, folded.
fn about(provider: &Provider, i18n: &I18n) -> String {
    let mut about = provider.domain.clone();
    let countries = provider.countries.iter().map(|code| country_name(i18n, code));
    let languages = provider.languages.iter().map(|code| language_name(i18n, code));
    for name in countries.chain(languages) {
        about.push(' ');
        about.push_str(&name);
    }
    if provider.organisation != Organisation::Unknown {
        about.push(' ');
        about.push_str(&Fact::RunBy(provider.organisation).words(i18n));
    }
    folded(&about)
}

/// In small letters, without accents.
fn folded(text: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(&text.to_lowercase()).into_owned();
    decomposed.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str, tag: &str) -> Vec<String> {
        let (all, i18n) = (Providers::bundled(), I18n::choose(Some(tag), &[]));
        let list = all.sorted("fr", Some("FR"));
        Providers::matching(&list, typed, &i18n).iter().map(|one| one.domain.clone()).collect()
    }

    #[test]
    fn a_provider_is_found_by_domain_country_language_and_owner() {
        assert_eq!(found("CHALEC", "en"), ["chalec.org"]);
        assert_eq!(found("pays-bas", "fr"), ["disroot.org"]);
        assert_eq!(found("Netherlands", "en"), ["disroot.org"]);
        assert_eq!(found("Perou", "fr"), ["jabber.vg"]);
        assert_eq!(found("  hébreu ", "fr"), ["monocles.eu"]);
        assert_eq!(found("jabber france", "en"), ["jabber.fr"]);
        assert_eq!(found("april", "en"), ["chapril.org"]);
        assert!(found("france", "fr").contains(&"chapril.org".to_owned()));
        assert_eq!(found("", "en").len(), 30);
        assert!(found("no such thing", "en").is_empty());
        assert!(found(&"a".repeat(100_000), "en").is_empty());
    }

    #[test]
    fn the_country_is_that_of_the_system() {
        for (tag, country) in [
            ("fr_CA.UTF-8", Some("CA")),
            ("de-de", Some("DE")),
            ("zh-Hans-CN", Some("CN")),
            ("C", None),
            ("fr", None),
        ] {
            assert_eq!(country_of(tag).as_deref(), country, "{tag}");
        }
    }

    #[test]
    fn the_provider_of_an_address_is_completed() {
        let all = Providers::bundled();
        let complete = |typed| all.complete(typed, ["chat.friends.example", "home.example"]);
        assert_eq!(
            complete("bob@ch"),
            [
                "chat.friends.example",
                "chapril.org",
                "chalec.org",
                "chat.between-us.online",
                "chatrix.one",
                "chatterboxtown.us"
            ]
        );
        assert_eq!(complete("bob@CHAP"), ["chapril.org"]);
        assert_eq!(complete("bob@hot"), ["jabber.hot-chilli.net"]);
        assert_eq!(complete("bob@")[..3], ["chat.friends.example", "home.example", "chapril.org"]);
        assert_eq!(complete("bob@").len(), MOST);
        for nothing in ["", "bob", "@ch", "bob@chapril.org", "bob@ch@x", "bob@ch/x", "bob@zzzz"] {
            assert!(complete(nothing).is_empty(), "{nothing}");
        }
        assert!(complete(&format!("bob@{}", "x".repeat(1 << 20))).is_empty());
        assert_eq!(all.complete_domain("blah", []), ["blah.im"], "of the long list");
    }
}
