//! Providers that an account can be made with.
//!
//! What is known comes from the list of the XMPP Providers project (version 2 of its format): a copy is built in, a newer one is
//! fetched now and then. What a list says is only believed as far as it can be shown: anybody may have written it. chapril.org is
//! described by us, whatever a list says of it.
//!
//! | file | what |
//! |---|---|
//! | `read` | from the list's JSON to [`Provider`]s |
//! | `facts` | what is told of a provider, in plain words |
//! | `find` | the filter, and the completion of addresses |
//! | `refresh` | a newer list |

mod facts;
mod find;
mod read;
pub(crate) mod refresh;

use causerie_model::BareJid;

pub(crate) use facts::{Fact, Weight, country_name};
pub(crate) use find::country_here;
use read::{domains_of, providers_of};

/// The provider that we propose.
pub(crate) const CHAPRIL: &str = "chapril.org";
/// How many others of a language are proposed where one does not do.
const ALTERNATIVES: usize = 3;

const BUNDLED: &[u8] = include_bytes!("../assets/providers/providers.json");
const BUNDLED_DOMAINS: &[u8] = include_bytes!("../assets/providers/domains.json");

/// Somebody who gives addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Provider {
    /// What comes after the `@`, in Unicode.
    pub(crate) domain: String,
    /// The languages that it speaks to people (ISO 639, small letters), in alphabetical order.
    pub(crate) languages: Vec<String>,
    /// Where its servers are (ISO 3166-1, capitals).
    pub(crate) countries: Vec<String>,
    /// The year of its beginning.
    pub(crate) since: Option<u16>,
    /// What it costs.
    pub(crate) cost: Cost,
    /// Who runs it.
    pub(crate) organisation: Organisation,
    /// The largest file that can be sent, in megabytes.
    pub(crate) file_size: Limit,
    /// All files of an account together, in megabytes.
    pub(crate) files_size: Limit,
    /// How long files are kept, in days.
    pub(crate) files_kept: Limit,
    /// How long messages are kept for an account's other devices, in days.
    pub(crate) archive_kept: Limit,
    /// How an account is made.
    pub(crate) registration: Registration,
    /// Where a lost password can be replaced; nothing where it can't be.
    pub(crate) password_reset: Localized,
    /// What the provider asks of those who use it, and what it promises.
    pub(crate) terms: Localized,
    /// Its pages.
    pub(crate) website: Localized,
    /// Rooms in which one can ask, each with the language that it is listed under.
    pub(crate) rooms: Vec<(String, BareJid)>,
}

/// What an account costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// Nothing.
    Free,
    /// Money.
    Paid,
    /// Nobody says.
    Unknown,
}

/// Who runs a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Organisation {
    /// April, an association for free software in France.
    April,
    /// Somebody in their spare time.
    Person,
    /// An association or another body that makes no profit.
    Association,
    /// A company, or somebody who lives on it.
    Company,
    /// A public body.
    Public,
    /// Nobody says.
    Unknown,
}

/// A limit that a list names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Nobody says.
    Unknown,
    /// There is none.
    None,
    /// So much.
    Of(u32),
}

/// How an account is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Registration {
    /// In this program (XEP-0077), after these questions.
    Here(Vec<Question>),
    /// On a page of the web.
    OnWeb(Localized),
    /// The list names no way.
    Unknown,
}

/// What a provider asks besides a name and a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// What can be read on a picture.
    Puzzle,
    /// An e-mail address.
    Email,
}

/// Pages of the web, each in a language. All are `https`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Localized(Vec<(String, String)>);

impl Localized {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The page for somebody who reads this language: else the English one, else the first.
    pub(crate) fn best(&self, language: &str) -> Option<&str> {
        let of = |wanted: &str| self.0.iter().find(|(language, _)| language == wanted);
        of(language).or_else(|| of("en")).or_else(|| self.0.first()).map(|(_, page)| page.as_str())
    }

    fn languages(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(language, _)| language.as_str())
    }
}

impl Provider {
    /// chapril.org as it describes itself: <https://www.chapril.org/cgu> and its page for administrators. Nothing else decides what is
    /// told of it.
    pub(crate) fn chapril() -> Self {
        let page = |page: &str| Localized(vec![("fr".to_owned(), page.to_owned())]);
        let room = BareJid::new("chapril@muc.chapril.org").ok();
        Self {
            domain: CHAPRIL.to_owned(),
            languages: vec!["fr".to_owned()],
            countries: vec!["DE".to_owned()],
            since: Some(2020),
            cost: Cost::Free,
            organisation: Organisation::April,
            file_size: Limit::Of(250),
            files_size: Limit::Of(500),
            files_kept: Limit::Of(380),
            archive_kept: Limit::None,
            registration: Registration::Here(vec![Question::Puzzle]),
            password_reset: Localized::default(),
            terms: page("https://www.chapril.org/cgu"),
            website: page("https://www.chapril.org/xmpp"),
            rooms: room.map(|room| ("fr".to_owned(), room)).into_iter().collect(),
        }
    }

    /// Whether accounts are made in this program, as far as the list knows.
    pub(crate) fn registers_here(&self) -> bool {
        matches!(self.registration, Registration::Here(_))
    }

    /// Whether it speaks that language to people.
    pub(crate) fn speaks(&self, language: &str) -> bool {
        self.languages.iter().any(|spoken| spoken == language)
    }

    /// The room to ask in, for somebody who reads this language.
    pub(crate) fn room(&self, language: &str) -> Option<&BareJid> {
        let of = |wanted: &str| self.rooms.iter().find(|(language, _)| language == wanted);
        of(language).or_else(|| of("en")).or_else(|| self.rooms.first()).map(|(_, room)| room)
    }
}

/// All providers that are known, chapril.org among them, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Providers {
    list: Vec<Provider>,
    /// Domains that addresses end with, those of the list first.
    domains: Vec<String>,
}

impl Providers {
    /// Those that are built in.
    pub(crate) fn bundled() -> Self {
        // A test reads both.
        let list = providers_of(BUNDLED).unwrap_or_default();
        Self::new(list)
    }

    /// Those of a list. What it says of chapril.org does not count.
    pub(crate) fn new(list: Vec<Provider>) -> Self {
        let mut all = vec![Provider::chapril()];
        for provider in list {
            if all.iter().all(|known| known.domain != provider.domain) {
                all.push(provider);
            }
        }
        let mut domains: Vec<String> = all.iter().map(|provider| provider.domain.clone()).collect();
        for domain in domains_of(BUNDLED_DOMAINS).unwrap_or_default() {
            if !domains.contains(&domain) {
                domains.push(domain);
            }
        }
        Self { list: all, domains }
    }

    /// One of them.
    pub(crate) fn get(&self, domain: &str) -> Option<&Provider> {
        self.list.iter().find(|provider| provider.domain == domain)
    }

    /// All, in the order to propose them to somebody who reads this language and lives in this country (of the system's setting, if it
    /// says): chapril.org, then those that speak the language and are in the country, that speak it, that are in the country, and the
    /// rest; of each those first that make accounts in this program.
    pub(crate) fn sorted(&self, language: &str, country: Option<&str>) -> Vec<&Provider> {
        let place = |provider: &&Provider| {
            let near = country.is_some_and(|country| {
                provider.countries.iter().any(|one| one.eq_ignore_ascii_case(country))
            });
            let way = match provider.registration {
                Registration::Here(_) => 0,
                Registration::OnWeb(_) => 1,
                Registration::Unknown => 2,
            };
            (
                provider.domain != CHAPRIL,
                !provider.speaks(language),
                !near,
                way,
                provider.cost == Cost::Paid,
                provider.domain.clone(),
            )
        };
        let mut all: Vec<&Provider> = self.list.iter().collect();
        all.sort_by_cached_key(place);
        all
    }

    /// A few others for somebody who reads this language, where chapril.org takes no accounts: those first that speak little else, and of
    /// those the associations. All make accounts in this program. Where none speaks the language, those that speak English. Those that speak French follow, as
    /// whoever was led to chapril.org may have been looking for that.
    pub(crate) fn alternatives(&self, language: &str) -> Vec<&Provider> {
        let speaking = |language: &str| {
            let mut found: Vec<&Provider> = self
                .list
                .iter()
                .filter(|one| one.domain != CHAPRIL && one.registers_here() && one.speaks(language))
                .collect();
            found.sort_by_key(|one| {
                let common = matches!(one.organisation, Organisation::Association | Organisation::Public);
                (one.cost == Cost::Paid, one.languages.len(), !common, one.domain.as_str())
            });
            found.truncate(ALTERNATIVES);
            found
        };
        let mut found = speaking(language);
        if found.is_empty() {
            found = speaking("en");
        }
        for french in speaking("fr") {
            if found.iter().all(|one| one.domain != french.domain) {
                found.push(french);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains<'a>(list: &[&'a Provider]) -> Vec<&'a str> {
        list.iter().map(|provider| provider.domain.as_str()).collect()
    }

    #[test]
    fn the_bundled_lists_are_read_whole() {
        let lines = |file: &[u8]| file.iter().filter(|byte| **byte == b'\n').count() - 2;
        assert_eq!(providers_of(BUNDLED).unwrap().len(), lines(BUNDLED));
        assert_eq!(domains_of(BUNDLED_DOMAINS).unwrap().len(), lines(BUNDLED_DOMAINS));
        let all = Providers::bundled();
        assert_eq!(all.list.len(), 30);
        for domain in ["chapril.org", "chalec.org", "jabber.fr", "gayfr.live"] {
            assert!(all.get(domain).unwrap().speaks("fr"), "{domain}");
        }
    }

    #[test]
    fn chapril_is_what_we_say_whatever_a_list_says() {
        let lie =
            br#"[{"jid":"chapril.org","category":"A","freeOfCharge":false,"inBandRegistration":false}]"#;
        for all in
            [Providers::bundled(), Providers::new(providers_of(lie).unwrap()), Providers::new(Vec::new())]
        {
            let found = all.list.iter().filter(|one| one.domain == CHAPRIL).collect::<Vec<_>>();
            let [chapril] = found.as_slice() else { panic!("once") };
            assert_eq!((chapril.cost, chapril.organisation), (Cost::Free, Organisation::April));
            assert_eq!((chapril.file_size, chapril.files_size), (Limit::Of(250), Limit::Of(500)));
            assert_eq!((chapril.files_kept, chapril.since), (Limit::Of(380), Some(2020)));
            assert_eq!(chapril.registration, Registration::Here(vec![Question::Puzzle]));
            assert!(chapril.password_reset.is_empty());
            assert_eq!(chapril.terms.best("en"), Some("https://www.chapril.org/cgu"));
            assert_eq!(chapril.room("en").map(BareJid::as_str), Some("chapril@muc.chapril.org"));
        }
    }

    #[test]
    fn the_order_is_that_of_language_and_country() {
        let all = Providers::bundled();
        let french = domains(&all.sorted("fr", Some("fr")));
        assert_eq!(
            french[..6],
            ["chapril.org", "chalec.org", "jabber.fr", "jabjab.de", "gayfr.live", "monocles.eu"]
        );
        assert_eq!(french[6], "movim.eu", "in France, in another language, on the web");
        let english = domains(&all.sorted("en", Some("US")));
        assert_eq!(
            english[..4],
            ["chapril.org", "chat.between-us.online", "chatterboxtown.us", "xmpp.party"]
        );
        assert_eq!(english[4], "xmpp.is", "in the country, on the web");
        let mut shuffled = all.list.clone();
        shuffled.reverse();
        assert_eq!(domains(&Providers::new(shuffled).sorted("fr", Some("FR"))), french);
        assert_eq!(all.sorted("tlh", None).len(), all.list.len());
    }

    #[test]
    fn where_one_does_not_do_there_are_others() {
        let all = Providers::bundled();
        assert_eq!(domains(&all.alternatives("fr")), ["chalec.org", "jabber.fr", "jabjab.de"]);
        let english = domains(&all.alternatives("en"));
        assert_eq!(english[0], "yax.im", "an association");
        assert!(all.get(english[0]).is_some_and(|first| first.speaks("en")), "{english:?}");
        for french in all.alternatives("fr") {
            assert_eq!(english.iter().filter(|one| **one == french.domain).count(), 1, "{english:?}");
        }
        assert_eq!(domains(&all.alternatives("tlh")), domains(&all.alternatives("en")));
        assert!(Providers::new(Vec::new()).alternatives("fr").is_empty());
    }

    #[test]
    fn a_page_is_in_the_language_of_the_reader_where_there_is_one() {
        let all = Providers::bundled();
        let reset = &all.get("jabjab.de").unwrap().password_reset;
        assert_eq!(reset.best("fr"), Some("https://www.jabjab.de/resetpassword?lang=fr"));
        assert_eq!(reset.best("nl"), Some("https://www.jabjab.de/resetpassword?lang=en"));
        let terms = &all.get("jabber.fr").unwrap().terms;
        assert!(terms.best("en").is_some());
        assert_eq!(Localized::default().best("en"), None);
    }
}
