//! Reads the lists of the XMPP Providers project (version 2 of its format). What is odd in an entry costs that entry or that field,
//! never the list.

use std::fmt;

use causerie_model::BareJid;
use serde::de::{Deserializer as _, IgnoredAny, SeqAccess, Visitor};
use serde_json::{Map, Value};
use url::Url;

use super::{Cost, Limit, Localized, Organisation, Provider, Question, Registration};

/// The most bytes of a list.
pub(crate) const MOST_BYTES: usize = 2 * 1024 * 1024;
/// The most entries that are looked at.
const MOST_ENTRIES: usize = 500;
/// The longest domain, in bytes, as in DNS.
const MOST_DOMAIN: usize = 253;
/// The longest address of a page, in bytes.
const MOST_URL: usize = 500;
/// The most languages, rooms or countries of one entry.
const MOST_OF_ONE: usize = 30;
/// Nobody promises more days or megabytes than so many; a larger number is a mistake.
const MOST_NUMBER: i64 = 10_000_000;

/// Why a list is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is larger than any list.
    TooLarge,
    /// It is no list.
    NoList,
}

/// The providers of a list, each once, as far as each can be understood. What the list advises against (categories C and D) is left
/// out.
pub(crate) fn providers_of(bytes: &[u8]) -> Result<Vec<Provider>, Fault> {
    let mut list: Vec<Provider> = Vec::new();
    for entry in entries(bytes)? {
        let found = entry.as_object().and_then(provider);
        list.extend(found.filter(|found| list.iter().all(|known| known.domain != found.domain)));
    }
    Ok(list)
}

/// The domains of a simple list, each once.
pub(crate) fn domains_of(bytes: &[u8]) -> Result<Vec<String>, Fault> {
    let mut list: Vec<String> = Vec::new();
    for entry in entries(bytes)? {
        list.extend(entry.as_str().and_then(domain).filter(|domain| !list.contains(domain)));
    }
    Ok(list)
}

fn entries(bytes: &[u8]) -> Result<Vec<Value>, Fault> {
    if bytes.len() > MOST_BYTES {
        return Err(Fault::TooLarge);
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let entries = reader.deserialize_seq(Entries).map_err(|_| Fault::NoList)?;
    reader.end().map_err(|_| Fault::NoList)?;
    Ok(entries)
}

/// Keeps the first entries of a list, and skips the rest without building them.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Value>, A::Error> {
        let mut entries = Vec::new();
        while entries.len() < MOST_ENTRIES {
            match list.next_element()? {
                Some(entry) => entries.push(entry),
                None => return Ok(entries),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(entries)
    }
}

fn provider(entry: &Map<String, Value>) -> Option<Provider> {
    let domain = domain(entry.get("jid")?.as_str()?)?;
    if matches!(entry.get("category").and_then(Value::as_str), Some("C" | "D")) {
        return None;
    }
    let pages = |key: &str| entry.get(key).map(localized).unwrap_or_default();
    let is = |key: &str| entry.get(key).and_then(Value::as_bool);
    let number = |key: &str| limit(entry.get(key));
    let (website, terms) = (pages("website"), pages("legalNotice"));
    // Addresses to ask at are listed under English where nobody says in which language; pages are listed under their own.
    let mut languages: Vec<String> =
        website.languages().chain(terms.languages()).map(str::to_owned).collect();
    languages.sort_unstable();
    languages.dedup();
    Some(Provider {
        languages,
        countries: countries(entry.get("serverLocations")),
        since: entry.get("since").and_then(Value::as_str).and_then(year),
        cost: match is("freeOfCharge") {
            Some(true) => Cost::Free,
            Some(false) => Cost::Paid,
            None => Cost::Unknown,
        },
        organisation: organisation(entry.get("organization").and_then(Value::as_str)),
        file_size: number("maximumHttpFileUploadFileSize"),
        files_size: number("maximumHttpFileUploadTotalSize"),
        files_kept: number("maximumHttpFileUploadStorageTime"),
        archive_kept: number("maximumMessageArchiveManagementStorageTime"),
        registration: match pages("registrationWebPage") {
            _ if is("inBandRegistration") == Some(true) => Registration::Here(
                [
                    ("inBandRegistrationCaptchaRequired", Question::Puzzle),
                    ("inBandRegistrationEmailAddressRequired", Question::Email),
                ]
                .into_iter()
                .filter_map(|(key, question)| (is(key) == Some(true)).then_some(question))
                .collect(),
            ),
            pages if pages.is_empty() => Registration::Unknown,
            pages => Registration::OnWeb(pages),
        },
        password_reset: pages("passwordReset"),
        terms,
        website,
        rooms: entry.get("groupChatSupport").map(rooms).unwrap_or_default(),
        domain,
    })
}

/// A domain as people write it. One that no DNS knows is none.
fn domain(text: &str) -> Option<String> {
    if text.len() > MOST_DOMAIN {
        return None;
    }
    let jid = BareJid::new(text).ok()?;
    let is_name = jid.local().is_none()
        && jid.domain().contains('.')
        && jid.ascii_domain().split('.').all(is_label)
        && jid.ascii_domain().parse::<std::net::IpAddr>().is_err();
    is_name.then(|| jid.domain().to_owned())
}

fn is_label(label: &str) -> bool {
    let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
}

fn localized(value: &Value) -> Localized {
    let Some(pages) = value.as_object() else { return Localized::default() };
    let page = |(tag, page): (&String, &Value)| Some((language(tag)?, page_of(page.as_str()?)?));
    let mut found: Vec<(String, String)> = Vec::new();
    for (language, page) in pages.iter().take(MOST_OF_ONE).filter_map(page) {
        if found.iter().all(|(known, _)| *known != language) {
            found.push((language, page));
        }
    }
    Localized(found)
}

/// The address of a page, where it is one of the web, encrypted, and names nobody.
fn page_of(text: &str) -> Option<String> {
    if text.len() > MOST_URL {
        return None;
    }
    let page = Url::parse(text).ok()?;
    let is_plain = page.scheme() == "https"
        && page.host_str().is_some_and(|host| host.contains('.'))
        && page.username().is_empty()
        && page.password().is_none();
    (is_plain && page.as_str().len() <= MOST_URL).then(|| page.to_string())
}

/// The language of a tag, without the region.
fn language(tag: &str) -> Option<String> {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    let is_one = matches!(language.len(), 2 | 3) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_one.then(|| language.to_ascii_lowercase())
}

fn countries(value: Option<&Value>) -> Vec<String> {
    let codes = value.and_then(Value::as_array).into_iter().flatten().take(MOST_OF_ONE);
    let mut found: Vec<String> = Vec::new();
    for code in codes.filter_map(Value::as_str) {
        let code = code.to_ascii_uppercase();
        if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) && !found.contains(&code) {
            found.push(code);
        }
    }
    found
}

fn year(date: &str) -> Option<u16> {
    // XMPP began in 1999.
    date.get(..4)?.parse().ok().filter(|year| (1999..2200).contains(year))
}

fn organisation(words: Option<&str>) -> Organisation {
    match words {
        Some("private person") => Organisation::Person,
        Some("non-governmental") => Organisation::Association,
        Some("company" | "commercial person") => Organisation::Company,
        Some("governmental") => Organisation::Public,
        _ => Organisation::Unknown,
    }
}

/// −1 is unknown, 0 is no limit.
fn limit(value: Option<&Value>) -> Limit {
    match value.and_then(Value::as_i64) {
        Some(0) => Limit::None,
        Some(number @ 1..=MOST_NUMBER) => u32::try_from(number).map_or(Limit::Unknown, Limit::Of),
        _ => Limit::Unknown,
    }
}

fn rooms(value: &Value) -> Vec<(String, BareJid)> {
    let Some(languages) = value.as_object() else { return Vec::new() };
    let mut found = Vec::new();
    for (tag, rooms) in languages.iter().take(MOST_OF_ONE) {
        let Some(language) = language(tag) else { continue };
        for room in rooms.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let room = BareJid::new(room).ok().filter(|room| room.local().is_some());
            let Some(room) = room.filter(|room| domain(room.domain()).is_some()) else { continue };
            if found.len() < MOST_OF_ONE {
                found.push((language.clone(), room));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(entry: &str) -> Option<Provider> {
        let mut list = providers_of(format!("[{entry}]").as_bytes()).unwrap();
        assert!(list.len() < 2);
        list.pop()
    }

    #[test]
    fn what_is_missing_is_unknown() {
        let bare = one(r#"{"jid":"Chat.Example"}"#).unwrap();
        assert_eq!(bare.domain, "chat.example");
        assert_eq!((bare.cost, bare.organisation, bare.since), (Cost::Unknown, Organisation::Unknown, None));
        assert_eq!((bare.file_size, bare.archive_kept), (Limit::Unknown, Limit::Unknown));
        assert_eq!(bare.registration, Registration::Unknown);
        assert!(bare.languages.is_empty() && bare.rooms.is_empty() && bare.terms.is_empty());
    }

    #[test]
    fn an_odd_entry_costs_itself_alone() {
        let list = br#"[{"jid":"a.example"}, 7, null, [], {"jid":7}, {}, {"jid":"b@c.example"}, {"jid":"localhost"},
            {"jid":"10.0.0.1"}, {"jid":"a b.example"}, {"jid":"d.example","category":"D"}, {"jid":"A.EXAMPLE"},
            {"jid":"evil.example/x"}, {"jid":"-x.example"}, {"jid":"[::1]"}, {"jid":"z.example","website":7,"since":[],
            "serverLocations":"de","maximumHttpFileUploadFileSize":"x","groupChatSupport":[1]}]"#;
        let domains: Vec<_> = providers_of(list).unwrap().into_iter().map(|one| one.domain).collect();
        assert_eq!(domains, ["a.example", "z.example"]);
        assert_eq!(
            domains_of(br#"["a.example", 7, "a.example", "x y", "b\u00fccher.example"]"#).unwrap().len(),
            2
        );
    }

    #[test]
    fn an_odd_field_costs_itself_alone() {
        let odd = one(
            r#"{"jid":"a.example","since":"2019-13-99","serverLocations":["de","DE","xyz",1,"f1"],
            "website":{"fr":"https://a.example/fr","de":"http://a.example","es":"javascript:alert(1)","it":"file:///etc/passwd",
            "pt-br":"https://user:pass@a.example/","nl":"https://a.example/nl","english":"https://a.example/"},
            "groupChatSupport":{"en":["room@muc.a.example","not a room","muc.a.example"]},
            "maximumHttpFileUploadFileSize":-1,"maximumHttpFileUploadTotalSize":0,
            "maximumHttpFileUploadStorageTime":99999999999999999999,"maximumMessageArchiveManagementStorageTime":30,
            "inBandRegistration":true,"inBandRegistrationEmailAddressRequired":true}"#,
        )
        .unwrap();
        assert_eq!(odd.languages, ["fr", "nl"]);
        assert_eq!((odd.since, odd.countries), (Some(2019), vec!["DE".to_owned()]));
        assert_eq!(odd.rooms.len(), 1);
        assert_eq!((odd.file_size, odd.files_size), (Limit::Unknown, Limit::None));
        assert_eq!((odd.files_kept, odd.archive_kept), (Limit::Unknown, Limit::Of(30)));
        assert_eq!(odd.registration, Registration::Here(vec![Question::Email]));
    }

    #[test]
    fn what_is_no_list_is_refused_and_a_long_one_is_cut() {
        for bad in [&b""[..], b"{}", b"7", b"[", b"[{]", b"[] x", b"\xFF\xFE", b"<html></html>"] {
            assert_eq!(providers_of(bad), Err(Fault::NoList), "{bad:?}");
        }
        assert_eq!(providers_of(&vec![b' '; MOST_BYTES + 1]), Err(Fault::TooLarge));
        let deep = format!("[{}{}]", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(providers_of(deep.as_bytes()), Err(Fault::NoList));
        let many: Vec<String> = (0..5000).map(|at| format!(r#"{{"jid":"p{at}.example"}}"#)).collect();
        assert_eq!(providers_of(format!("[{}]", many.join(",")).as_bytes()).unwrap().len(), MOST_ENTRIES);
        let long = format!(r#"{{"jid":"{}.example"}}"#, "a".repeat(300));
        assert_eq!(one(&long), None);
        let page =
            format!(r#"{{"jid":"a.example","website":{{"en":"https://a.example/{}"}}}}"#, "a".repeat(600));
        assert!(one(&page).unwrap().website.is_empty());
    }
}
