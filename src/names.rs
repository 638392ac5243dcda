//! The name before the `@` of a new address: whether it can be one, and what to take where it is taken.

use causerie_model::{AddressError, BareJid};

use crate::i18n::I18n;

/// Signs that no name may have (RFC 7622, section 3.3.1).
const FORBIDDEN: [char; 8] = ['"', '&', '\'', '/', ':', '<', '>', '@'];
/// What a name is tried with: what is allowed before one `@` does not depend on what comes after.
const ANY_DOMAIN: &str = "a.example";
/// The longest name that is lengthened, in bytes. Nobody has one that is as long as the standard allows.
const MOST: usize = 1000;

/// What is wrong with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NameFault {
    /// There is nothing.
    Empty,
    /// There is a space in it; the same without, where that is a name.
    Space(Option<String>),
    /// There is an `@` in it; the name before it, where that is one.
    Address(Option<String>),
    /// There is a sign in it that no name may have.
    Forbidden(char),
    /// It is longer than a name may be (RFC 7622: 1,023 bytes).
    TooLong,
    /// There is a character in it that no name may have.
    NotPossible,
}

/// The name as it is in an address (RFC 7622, section 3.3), from how somebody types it.
pub(crate) fn check_name(text: &str) -> Result<String, NameFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NameFault::Empty);
    }
    if let Some((before, _)) = text.split_once('@') {
        return Err(NameFault::Address(check_name(before).ok()));
    }
    if text.contains(char::is_whitespace) {
        let without: String = text.split_whitespace().collect::<Vec<_>>().join(".");
        return Err(NameFault::Space(check_name(&without).ok()));
    }
    if let Some(sign) = text.chars().find(|sign| FORBIDDEN.contains(sign)) {
        return Err(NameFault::Forbidden(sign));
    }
    match BareJid::new(&format!("{text}@{ANY_DOMAIN}")) {
        Ok(address) => address.local().map(str::to_owned).ok_or(NameFault::NotPossible),
        Err(AddressError::TooLong) => Err(NameFault::TooLong),
        Err(_) => Err(NameFault::NotPossible),
    }
}

/// Three names like one that is taken: `alice.2`, `alice-75`, `alice486`. `chance` gives a number below the one that it is given.
pub(crate) fn like(name: &str, mut chance: impl FnMut(u32) -> u32) -> Vec<String> {
    let end = name.floor_char_boundary(MOST);
    let name = name.get(..end).unwrap_or_default();
    let wanted = [
        format!("{name}.{}", 2 + chance(8)),
        format!("{name}-{}", 10 + chance(90)),
        format!("{name}{}", 100 + chance(900)),
    ];
    wanted.iter().filter_map(|name| check_name(name).ok()).collect()
}

impl NameFault {
    /// The name that may have been meant.
    pub(crate) fn meant(&self) -> Option<&str> {
        match self {
            Self::Space(meant) | Self::Address(meant) => meant.as_deref(),
            _ => None,
        }
    }

    /// What is wrong, in a sentence.
    pub(crate) fn words(&self, i18n: &I18n) -> String {
        match self {
            Self::Empty => i18n.get("name-empty"),
            Self::Space(Some(name)) => i18n.with("name-space", &[("name", name.as_str().into())]),
            Self::Space(None) => i18n.get("name-space-alone"),
            Self::Address(Some(name)) => i18n.with("name-address", &[("name", name.as_str().into())]),
            Self::Address(None) => i18n.get("name-address-alone"),
            Self::Forbidden(sign) => i18n.with("name-forbidden", &[("sign", sign.to_string().into())]),
            Self::TooLong => i18n.get("name-too-long"),
            Self::NotPossible => i18n.get("name-not-possible"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_as_it_is_in_the_address() {
        for (typed, name) in [
            ("alice", "alice"),
            ("  Alice.Martin \n", "alice.martin"),
            ("Élodie", "élodie"),
            ("ｆｕｌｌ", "full"),
            ("Иван", "иван"),
            ("a+b_c~d", "a+b_c~d"),
            ("שלום", "שלום"),
        ] {
            assert_eq!(check_name(typed).as_deref(), Ok(name), "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_and_what_was_meant_is_offered() {
        let meant = |name: &str| Some(name.to_owned());
        for (typed, fault) in [
            ("", NameFault::Empty),
            (" \t", NameFault::Empty),
            ("Alice Martin", NameFault::Space(meant("alice.martin"))),
            ("a \u{7}", NameFault::Space(None)),
            ("alice@chapril.org", NameFault::Address(meant("alice"))),
            ("Alice Martin@chapril.org", NameFault::Address(None)),
            ("@chapril.org", NameFault::Address(None)),
            ("al/ice", NameFault::Forbidden('/')),
            ("al\"ice", NameFault::Forbidden('"')),
            ("l’ami:", NameFault::Forbidden(':')),
            ("al\u{7}ice", NameFault::NotPossible),
            ("al\u{202e}ice", NameFault::NotPossible),
        ] {
            assert_eq!(check_name(typed), Err(fault), "{typed:?}");
        }
        assert_eq!(check_name(&"a".repeat(1023)).map(|name| name.len()), Ok(1023));
        assert_eq!(check_name(&"a".repeat(1024)), Err(NameFault::TooLong));
        for tag in ["en", "fr"] {
            let i18n = I18n::choose(Some(tag), &[]);
            let fault = check_name("Alice Martin").unwrap_err();
            assert_eq!(fault.meant(), Some("alice.martin"));
            assert!(fault.words(&i18n).contains("alice.martin"));
            assert!(check_name("a<b").unwrap_err().words(&i18n).contains('<'));
        }
    }

    #[test]
    fn names_like_a_taken_one_are_names() {
        assert_eq!(like("name", |_| 0), ["name.2", "name-10", "name100"]);
        assert_eq!(like("name", |below| below - 1), ["name.9", "name-99", "name999"]);
        for name in ["é", "Иван", &"a".repeat(1023), &"é".repeat(511)] {
            let found = like(name, |below| below / 2);
            assert_eq!(found.len(), 3, "{name}");
            assert!(found.iter().all(|one| check_name(one).as_ref() == Ok(one)), "{found:?}");
        }
    }
}
