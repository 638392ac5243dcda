//! What is told of a provider, in plain words.

use super::{Cost, Limit, Organisation, Provider, Question, Registration};
use crate::i18n::I18n;

/// The size from which megabytes are told as gigabytes.
const GIGABYTE: u32 = 1000;

/// Something that is told of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// Who runs it.
    RunBy(Organisation),
    /// It costs nothing.
    Free,
    /// It costs money.
    Paid,
    /// The account is made on a page of the web.
    OnWeb,
    /// Nobody knows how to make an account.
    NoRegistration,
    /// A picture puzzle is to be solved.
    Puzzle,
    /// An e-mail address is asked for.
    Email,
    /// A lost password can be replaced.
    Reset,
    /// A lost password can't be replaced.
    NoReset,
    /// The largest file, in megabytes.
    FileSize(u32),
    /// All files together, in megabytes.
    FilesSize(u32),
    /// How long files are kept, in days.
    FilesKept(u32),
    /// Files are kept without an end.
    FilesKeptAlways,
    /// How long messages are kept for other devices, in days.
    ArchiveKept(u32),
    /// Messages are kept without an end.
    ArchiveKeptAlways,
    /// Where its servers are (ISO 3166-1).
    Countries(Vec<String>),
    /// The year of its beginning.
    Since(u16),
}

/// How a fact weighs in a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It speaks for the provider.
    Good,
    /// It is as it is.
    Plain,
    /// It should be known before.
    Mind,
}

impl Provider {
    /// What is told, the most telling first. What nobody knows is not told.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        if self.organisation != Organisation::Unknown {
            facts.push(Fact::RunBy(self.organisation));
        }
        match self.cost {
            Cost::Free => facts.push(Fact::Free),
            Cost::Paid => facts.push(Fact::Paid),
            Cost::Unknown => {}
        }
        match &self.registration {
            Registration::Here(questions) => {
                facts.extend(questions.iter().map(|question| match question {
                    Question::Puzzle => Fact::Puzzle,
                    Question::Email => Fact::Email,
                }));
            }
            Registration::OnWeb(_) => facts.push(Fact::OnWeb),
            Registration::Unknown => facts.push(Fact::NoRegistration),
        }
        facts.push(if self.password_reset.is_empty() { Fact::NoReset } else { Fact::Reset });
        if let Limit::Of(size) = self.file_size {
            facts.push(Fact::FileSize(size));
        }
        if let Limit::Of(size) = self.files_size {
            facts.push(Fact::FilesSize(size));
        }
        match self.files_kept {
            Limit::Of(days) => facts.push(Fact::FilesKept(days)),
            Limit::None => facts.push(Fact::FilesKeptAlways),
            Limit::Unknown => {}
        }
        match self.archive_kept {
            Limit::Of(days) => facts.push(Fact::ArchiveKept(days)),
            Limit::None => facts.push(Fact::ArchiveKeptAlways),
            Limit::Unknown => {}
        }
        if !self.countries.is_empty() {
            facts.push(Fact::Countries(self.countries.clone()));
        }
        facts.extend(self.since.map(Fact::Since));
        facts
    }
}

impl Fact {
    /// In words, a few, without a full stop.
    pub(crate) fn words(&self, i18n: &I18n) -> String {
        match self {
            Self::RunBy(who) => organisation(i18n, *who),
            Self::Free => i18n.get("provider-free"),
            Self::Paid => i18n.get("provider-paid"),
            Self::OnWeb => i18n.get("provider-on-web"),
            Self::NoRegistration => i18n.get("provider-no-registration"),
            Self::Puzzle => i18n.get("provider-puzzle"),
            Self::Email => i18n.get("provider-email"),
            Self::Reset => i18n.get("provider-reset"),
            Self::NoReset => i18n.get("provider-no-reset"),
            Self::FileSize(megabytes) => {
                i18n.with("provider-file-size", &[("size", size(i18n, *megabytes).into())])
            }
            Self::FilesSize(megabytes) => {
                i18n.with("provider-files-size", &[("size", size(i18n, *megabytes).into())])
            }
            Self::FilesKept(days) => i18n.with("provider-files-kept", &[("count", (*days).into())]),
            Self::FilesKeptAlways => i18n.get("provider-files-kept-always"),
            Self::ArchiveKept(days) => i18n.with("provider-archive-kept", &[("count", (*days).into())]),
            Self::ArchiveKeptAlways => i18n.get("provider-archive-kept-always"),
            Self::Countries(codes) => {
                let names: Vec<String> = codes.iter().map(|code| country_name(i18n, code)).collect();
                i18n.with("provider-countries", &[("countries", names.join(", ").into())])
            }
            // A year has no separators.
            Self::Since(year) => i18n.with("provider-since", &[("year", year.to_string().into())]),
        }
    }

    /// How it weighs.
    pub(crate) fn weight(&self) -> Weight {
        match self {
            Self::Free | Self::Reset => Weight::Good,
            Self::Paid | Self::OnWeb | Self::NoRegistration | Self::Puzzle | Self::Email | Self::NoReset => {
                Weight::Mind
            }
            _ => Weight::Plain,
        }
    }
}

/// The country of a code (ISO 3166-1), or the code where the catalogue has no name for it.
pub(crate) fn country_name(i18n: &I18n, code: &str) -> String {
    i18n.with("country-name", &[("code", code.into())])
}

/// The language of a code (ISO 639), or the code.
pub(super) fn language_name(i18n: &I18n, code: &str) -> String {
    i18n.with("language-name", &[("code", code.into())])
}

fn organisation(i18n: &I18n, who: Organisation) -> String {
    i18n.get(match who {
        Organisation::April => "provider-run-by-april",
        Organisation::Person => "provider-run-by-person",
        Organisation::Association => "provider-run-by-association",
        Organisation::Company => "provider-run-by-company",
        Organisation::Public => "provider-run-by-public-body",
        Organisation::Unknown => "provider-run-by-unknown",
    })
}

fn size(i18n: &I18n, megabytes: u32) -> String {
    if megabytes < GIGABYTE {
        return i18n.with("size-megabytes", &[("count", megabytes.into())]);
    }
    let gigabytes = (megabytes + GIGABYTE / 2) / GIGABYTE;
    i18n.with("size-gigabytes", &[("count", gigabytes.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Providers;

    fn said(tag: &str, provider: &Provider) -> Vec<String> {
        let i18n = I18n::choose(Some(tag), &[]);
        provider.facts().iter().map(|fact| fact.words(&i18n)).collect()
    }

    #[test]
    fn chapril_is_told_in_both_languages() {
        let chapril = Provider::chapril();
        assert_eq!(
            said("en", &chapril),
            [
                "Run by April, an association for free software in France",
                "Free of charge",
                "Asks you to solve a picture puzzle",
                "Can’t replace a lost password",
                "Files up to 250 MB each",
                "500 MB of files in all",
                "Files are kept for 380 days",
                "Messages are kept as long as the account, for your other devices",
                "Servers in Germany",
                "Since 2020",
            ]
        );
        assert_eq!(
            said("fr", &chapril),
            [
                "Géré par l’April, une association pour le logiciel libre en France",
                "Gratuit",
                "Demande de résoudre une petite énigme en image",
                "Ne peut pas remplacer un mot de passe perdu",
                "Fichiers jusqu’à 250 Mo chacun",
                "500 Mo de fichiers en tout",
                "Fichiers gardés 380 jours",
                "Messages gardés aussi longtemps que le compte, pour vos autres appareils",
                "Serveurs : Allemagne",
                "Depuis 2020",
            ]
            .map(|line| line.replace(" Mo", "\u{a0}Mo").replace(" :", "\u{a0}:"))
        );
    }

    #[test]
    fn everything_that_is_told_has_words_and_no_letters_of_categories() {
        for tag in ["en", "fr"] {
            for provider in &Providers::bundled().list {
                for line in said(tag, provider) {
                    assert!(!line.contains(['{', '}']) && line.chars().count() > 3, "{tag}: {line}");
                    assert!(!line.contains("-run-by") && !line.to_lowercase().contains("categor"), "{line}");
                }
            }
        }
    }

    #[test]
    fn countries_have_names_and_large_files_gigabytes() {
        let all = Providers::bundled();
        let (english, french) = (I18n::choose(Some("en"), &[]), I18n::choose(Some("fr"), &[]));
        for provider in &all.list {
            for code in &provider.countries {
                assert_ne!(country_name(&english, code), *code);
                assert_ne!(country_name(&french, code), *code);
            }
            for code in &provider.languages {
                assert_ne!(language_name(&french, code), *code);
            }
        }
        assert_eq!(country_name(&english, "ZZ"), "ZZ");
        assert_eq!(Fact::FileSize(5368).words(&english), "Files up to 5 GB each");
        assert_eq!(Fact::FilesKept(1).words(&english), "Files are kept for one day");
    }
}
