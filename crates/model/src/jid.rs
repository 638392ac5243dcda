//! Addresses (RFC 7622) in one normal form, so that two spellings of one address are equal.
//!
//! The local part is prepared as servers of today do it (nodeprep), the domain is in its Unicode form without a final dot, and the
//! resource is taken as it comes: clients of other people put there what no profile of Unicode allows, and a message must
//! not be lost over it.
//!
//! Two addresses that belong to two people never have one form. So a local part with characters that nodeprep does not know (those of
//! Unicode 3.2 are all) is none: some servers leave them as they are, where a newer table makes others of them. And a domain stays in its
//! ASCII form where the old rules for domains (nameprep) and those of today are not of one mind: to the old ones `faß` and `fass` are
//! the same, and two people can own them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The longest part of an address, in bytes (RFC 7622 §3.1).
const MAX_PART: usize = 1023;

/// A bare address: `local@domain` or `domain`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BareJid(Arc<str>);

/// A bare or full address: `local@domain/resource`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jid {
    bare: BareJid,
    resource: Option<Arc<str>>,
}

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// There is nothing.
    Empty,
    /// The part before the `@` is missing.
    NoLocalPart,
    /// The part after the `@` is missing.
    NoDomain,
    /// A part has more than 1,023 bytes.
    TooLong,
    /// The part before the `@` has a character that may not be there.
    BadLocalPart,
    /// The part after the `@` is not a domain.
    BadDomain,
    /// The part after the `/` is empty or has a control character.
    BadResource,
    /// There is a `/` where a person's own address is wanted.
    HasResource,
    /// There is more than one `@`.
    SecondAt,
}

impl BareJid {
    /// Reads a bare address as it is on the wire. A resource is an error.
    pub fn new(text: &str) -> Result<Self, AddressError> {
        match Jid::new(text)? {
            Jid { bare, resource: None } => Ok(bare),
            Jid { .. } => Err(AddressError::HasResource),
        }
    }

    /// Reads the address of a person as somebody types or pastes it: white space around it and a leading `xmpp:` are
    /// dropped, and it must have a local part.
    pub fn parse_typed(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let text = match text.get(..5) {
            Some(scheme) if scheme.eq_ignore_ascii_case("xmpp:") => text.get(5..).unwrap_or_default(),
            _ => text,
        };
        let text = text.split_once('?').map_or(text, |(address, _)| address);
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if text.contains('/') {
            return Err(AddressError::HasResource);
        }
        match text.split_once('@') {
            None => return Err(AddressError::NoDomain),
            Some(("", _)) => return Err(AddressError::NoLocalPart),
            Some((_, "")) => return Err(AddressError::NoDomain),
            Some((_, domain)) if domain.contains('@') => return Err(AddressError::SecondAt),
            Some(_) => {}
        }
        Self::new(text)
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub fn local(&self) -> Option<&str> {
        self.0.split_once('@').map(|(local, _)| local)
    }

    /// The part after the `@`, in Unicode.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or(&self.0, |(_, domain)| domain)
    }

    /// The domain as DNS and certificates write it; IPv6 addresses without brackets.
    pub fn ascii_domain(&self) -> String {
        let domain = self.domain();
        if let Some(v6) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return v6.to_owned();
        }
        idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned())
    }

    /// The address of the server itself.
    pub fn to_domain(&self) -> Self {
        Self(self.domain().into())
    }

    /// The full address with that resource.
    pub fn with_resource(&self, resource: &str) -> Result<Jid, AddressError> {
        Ok(Jid { bare: self.clone(), resource: Some(prepare_resource(resource)?) })
    }
}

impl Jid {
    /// Reads a bare or full address as it is on the wire.
    pub fn new(text: &str) -> Result<Self, AddressError> {
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let (bare, resource) = match text.split_once('/') {
            Some((bare, resource)) => (bare, Some(prepare_resource(resource)?)),
            None => (text, None),
        };
        let (local, domain) = match bare.split_once('@') {
            Some(("", _)) => return Err(AddressError::NoLocalPart),
            Some((local, domain)) => (Some(prepare_local(local)?), domain),
            None => (None, bare),
        };
        let domain = prepare_domain(domain)?;
        let bare = match local {
            Some(local) => format!("{local}@{domain}"),
            None => domain,
        };
        Ok(Self { bare: BareJid(bare.into()), resource })
    }

    /// Without the resource.
    pub fn bare(&self) -> &BareJid {
        &self.bare
    }

    /// Without the resource.
    pub fn into_bare(self) -> BareJid {
        self.bare
    }

    /// The part after the `/`.
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// Whether there is no resource.
    pub fn is_bare(&self) -> bool {
        self.resource.is_none()
    }
}

fn prepare_local(local: &str) -> Result<String, AddressError> {
    if local.len() > MAX_PART {
        return Err(AddressError::TooLong);
    }
    if local.chars().any(stringprep::tables::unassigned_code_point) {
        return Err(AddressError::BadLocalPart);
    }
    match jid::NodePart::new(local) {
        Ok(local) => Ok(local.as_str().to_owned()),
        Err(jid::Error::NodeTooLong) => Err(AddressError::TooLong),
        Err(_) => Err(AddressError::BadLocalPart),
    }
}

fn prepare_domain(domain: &str) -> Result<String, AddressError> {
    if domain.is_empty() {
        return Err(AddressError::NoDomain);
    }
    if domain.len() > MAX_PART {
        return Err(AddressError::TooLong);
    }
    // Any label in its ASCII form becomes Unicode, and the full stops of other scripts become dots.
    let (unicode, result) = match domain.starts_with('[') {
        true => (domain.to_owned(), Ok(())),
        false => idna::domain_to_unicode(domain),
    };
    result.map_err(|_| AddressError::BadDomain)?;
    // The one at the end may have been of another script as well.
    let unicode = unicode.strip_suffix('.').unwrap_or(&unicode);
    let prepared = jid::DomainPart::new(unicode).map_err(|_| AddressError::BadDomain)?;
    let ascii;
    let prepared = match prepared.as_str() == unicode || unicode.starts_with('[') {
        true => prepared.as_str(),
        false => {
            ascii = idna::domain_to_ascii(unicode).map_err(|_| AddressError::BadDomain)?;
            ascii.as_str()
        }
    };
    if prepared.is_empty() || prepared.ends_with('.') || prepared.contains(['@', '/', ' ']) {
        return Err(AddressError::BadDomain);
    }
    Ok(prepared.to_owned())
}

fn prepare_resource(resource: &str) -> Result<Arc<str>, AddressError> {
    if resource.len() > MAX_PART {
        return Err(AddressError::TooLong);
    }
    if resource.is_empty() || resource.chars().any(char::is_control) {
        return Err(AddressError::BadResource);
    }
    Ok(resource.into())
}

impl From<BareJid> for Jid {
    fn from(bare: BareJid) -> Self {
        Self { bare, resource: None }
    }
}

impl FromStr for BareJid {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::new(text)
    }
}

impl FromStr for Jid {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::new(text)
    }
}

impl fmt::Display for BareJid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BareJid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.bare.as_str())?;
        match &self.resource {
            Some(resource) => write!(f, "/{resource}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for AddressError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_form() {
        let expected = BareJid::new("alice@bücher.example").unwrap();
        for spelling in [
            "Alice@bücher.example",
            "ALICE@BÜCHER.example",
            "alice@xn--bcher-kva.example",
            "alice@bücher.example.",
            "alice@XN--BCHER-KVA.EXAMPLE.",
        ] {
            assert_eq!(BareJid::new(spelling).unwrap(), expected, "{spelling}");
        }
        assert_eq!(expected.ascii_domain(), "xn--bcher-kva.example");
        assert_eq!(expected.local(), Some("alice"));
        assert_eq!(expected.to_domain().as_str(), "bücher.example");
    }

    #[test]
    fn two_peoples_addresses_never_have_one_form() {
        for (one, other) in [
            ("bob@fa\u{df}.example", "bob@fass.example"),
            ("bob@xn--fa-hia.example", "bob@fass.example"),
            (
                "bob@\u{3b2}\u{3cc}\u{3bb}\u{3bf}\u{3c2}.example",
                "bob@\u{3b2}\u{3cc}\u{3bb}\u{3bf}\u{3c3}.example",
            ),
        ] {
            let (one, other) = (BareJid::new(one).unwrap(), BareJid::new(other).unwrap());
            assert_ne!(one, other);
            assert_ne!(one.ascii_domain(), other.ascii_domain());
            for jid in [one, other] {
                assert_eq!(BareJid::new(jid.as_str()), Ok(jid.clone()), "its form is its own");
                assert_eq!(BareJid::new(&format!("bob@{}", jid.ascii_domain())), Ok(jid));
            }
        }
        assert_eq!(BareJid::new("bob@FA\u{df}.example").unwrap().as_str(), "bob@xn--fa-hia.example");
        // Letters that newer tables take for others.
        for local in ["\u{2090}lice", "a\u{2c7c}", "bo\u{1d43}", "\u{1f12b}arol", "\u{a7f8}"] {
            let jid = format!("{local}@example.org");
            assert_eq!(BareJid::new(&jid), Err(AddressError::BadLocalPart), "{jid}");
        }
        assert_eq!(BareJid::new("\u{ff42}ob@example.org").unwrap().as_str(), "bob@example.org");
        assert_eq!(BareJid::new("stra\u{df}e@example.org").unwrap().as_str(), "strasse@example.org");
    }

    #[test]
    fn a_form_is_its_own_form() {
        for domain in [
            "example.org.",
            "example.org..",
            "example.org\u{3002}",
            "example\u{3002}org.",
            "EXAMPLE.org",
            "\u{130}.org",
            "i\u{307}.org",
            "\u{1e9b}\u{323}.org",
            "\u{2090}x.org",
            "a\u{ad}b.org",
            "\u{1e9e}.org",
            "xn--a.org",
            "xn--.org",
            "xn--fa-hia.xn--fa-hia.",
            "[::1]",
            "[::1].",
            "[FE80::1]",
            "1.2.3.4",
            "1.2.3.4.",
            "a_b.org",
            "\u{2488}com",
            ".",
            "..",
            "\u{3002}",
        ] {
            for local in ["", "x@"] {
                let Ok(jid) = BareJid::new(&format!("{local}{domain}")) else { continue };
                assert_eq!(BareJid::new(jid.as_str()).as_ref(), Ok(&jid), "{domain}");
                assert!(!jid.as_str().ends_with('.'), "{domain}");
            }
        }
        let one = BareJid::new("x@example.org");
        assert_eq!(BareJid::new("x@example.org\u{3002}"), one);
        assert_eq!(BareJid::new("x@example.org.."), Err(AddressError::BadDomain));
    }

    #[test]
    fn resources_are_lenient() {
        for resource in ["phone", "Fox 🦊", "a/b@c", "\u{1FAE0}"] {
            let jid = Jid::new(&format!("room@muc.example/{resource}")).unwrap();
            assert_eq!(jid.resource(), Some(resource));
            assert_eq!(jid.bare().as_str(), "room@muc.example");
            assert_eq!(jid.to_string(), format!("room@muc.example/{resource}"));
        }
        assert_eq!(Jid::new("a@b/"), Err(AddressError::BadResource));
        assert_eq!(Jid::new("a@b/\n"), Err(AddressError::BadResource));
        assert_eq!(Jid::new(&format!("a@b/{}", "x".repeat(1024))), Err(AddressError::TooLong));
    }

    #[test]
    fn bad_addresses_say_why() {
        for (text, error) in [
            ("", AddressError::Empty),
            ("@b", AddressError::NoLocalPart),
            ("a@", AddressError::NoDomain),
            ("a b@c", AddressError::BadLocalPart),
            ("a@b c", AddressError::BadDomain),
            ("a@b@c", AddressError::BadDomain),
            ("a@b..c", AddressError::BadDomain),
            ("a@b/c", AddressError::HasResource),
        ] {
            assert_eq!(BareJid::new(text), Err(error), "{text}");
        }
        assert_eq!(BareJid::new(&format!("{}@b", "a".repeat(1024))), Err(AddressError::TooLong));
    }

    #[test]
    fn typed_addresses() {
        let parsed = |text| BareJid::parse_typed(text).map(|jid| jid.to_string());
        assert_eq!(parsed("  bob@chat.example\n").as_deref(), Ok("bob@chat.example"));
        assert_eq!(parsed("XMPP:bob@chat.example?message").as_deref(), Ok("bob@chat.example"));
        assert_eq!(parsed("bob"), Err(AddressError::NoDomain));
        assert_eq!(parsed("bob@"), Err(AddressError::NoDomain));
        assert_eq!(parsed("@chat.example"), Err(AddressError::NoLocalPart));
        assert_eq!(parsed("bob@chat@example"), Err(AddressError::SecondAt));
        assert_eq!(parsed("bob@chat.example/phone"), Err(AddressError::HasResource));
        assert_eq!(parsed("xmpp:"), Err(AddressError::Empty));
        assert_eq!(parsed("é"), Err(AddressError::NoDomain));
    }

    #[test]
    fn servers_and_ip_addresses() {
        assert_eq!(BareJid::new("chat.example").unwrap().local(), None);
        assert_eq!(BareJid::new("a@127.0.0.1").unwrap().ascii_domain(), "127.0.0.1");
        assert_eq!(BareJid::new("a@[::1]").unwrap().ascii_domain(), "::1");
    }
}
