//! Links that hold keys: a person shows one, as a picture or in words, so that another one can compare.
//!
//! Two kinds are in use: trust message URIs (XEP-0434 0.6.0, §4), as Kaidan has them, and those of Conversations, Dino, Gajim and
//! Monal, which name the device of each key: `xmpp:bob@chat.example?omemo-sid-27=<hex>;omemo-sid-31=<hex>`. What we write is read by
//! both, what either writes is read here.

use causerie_model::{BareJid, DeviceId, Fingerprint};

use super::decoded;
use super::uri::encoded;

/// The newer version of OMEMO; its keys are those of the older one.
const OMEMO_2: &str = "urn:xmpp:omemo:2";
const LEGACY: &str = "eu.siacs.conversations.axolotl";
/// Nobody has so many devices.
const MOST: usize = 64;
/// No link with so many keys is longer, in bytes.
const LONGEST: usize = 16 * 1024;
/// What stands before the number of a device.
const DEVICE: &str = "omemo-sid-";

/// What a link says of somebody's keys. It proves nothing: who made it is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyLink {
    /// Whose keys they would be.
    pub(crate) jid: BareJid,
    /// Which; each is there once.
    pub(crate) keys: Vec<Claim>,
}

/// A key that a link names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The device that would have it, where the link says so.
    pub(crate) device: Option<DeviceId>,
    /// The key.
    pub(crate) fingerprint: Fingerprint,
}

/// Why a link with keys is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There are more keys in it than anybody has, or more of something else.
    TooLong,
    /// A key in it is none.
    Malformed,
    /// It has no keys of OMEMO.
    NoKeys,
}

/// Reads the part of an `xmpp:` link behind the `?`, where it is about keys. A link is taken whole or not at all.
pub(super) fn read(jid: &BareJid, query: &str) -> Option<Result<KeyLink, Fault>> {
    let parts = query.split([';', '&']);
    let is_message = parts.clone().next().is_some_and(|first| first.eq_ignore_ascii_case("trust-message"));
    let is_numbered = parts.clone().any(|part| part_of(part, DEVICE).is_some());
    if !is_message && !is_numbered {
        return None;
    }
    if query.len() > LONGEST {
        return Some(Err(Fault::TooLong));
    }
    let values = |wanted: &'static str| {
        parts.clone().filter_map(move |part| {
            let (name, value) = part.split_once('=')?;
            name.eq_ignore_ascii_case(wanted).then(|| decoded(value))
        })
    };
    // Keys of another kind of encryption are none here. What is asked not to be trusted is left out: a person decides that.
    let is_ours = is_message && values("encryption").any(|of| of == OMEMO_2 || of == LEGACY);
    let trusted = values("trust").filter(|_| is_ours).map(|key| claim(None, &key));
    let numbered = parts.clone().filter_map(|part| part_of(part, DEVICE)).map(|rest| {
        let (device, key) = rest.split_once('=').ok_or(Fault::Malformed)?;
        let device = device.parse().ok().and_then(DeviceId::new).ok_or(Fault::Malformed)?;
        claim(Some(device), key)
    });
    Some(collect(jid, numbered.chain(trusted)))
}

fn collect(jid: &BareJid, claims: impl Iterator<Item = Result<Claim, Fault>>) -> Result<KeyLink, Fault> {
    let mut keys: Vec<Claim> = Vec::new();
    for claim in claims {
        let claim = claim?;
        if keys.iter().any(|key| key.fingerprint == claim.fingerprint) {
            continue;
        }
        if keys.len() == MOST {
            return Err(Fault::TooLong);
        }
        keys.push(claim);
    }
    if keys.is_empty() { Err(Fault::NoKeys) } else { Ok(KeyLink { jid: jid.clone(), keys }) }
}

fn claim(device: Option<DeviceId>, key: &str) -> Result<Claim, Fault> {
    // No spaces and no signs: only what a program writes.
    let hex = key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fingerprint = Fingerprint::from_hex(key).filter(|_| hex).ok_or(Fault::Malformed)?;
    Ok(Claim { device, fingerprint })
}

/// What follows a beginning, whatever the case of that.
fn part_of<'a>(part: &'a str, beginning: &str) -> Option<&'a str> {
    let (start, rest) = part.split_at_checked(beginning.len())?;
    start.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// The link that shows the key of a device, and those of other devices of the same person. Conversations refuses a link in which a
/// name is there twice, so there is one `trust`.
pub(crate) fn write(
    jid: &BareJid,
    own: (DeviceId, Fingerprint),
    others: impl IntoIterator<Item = (DeviceId, Fingerprint)>,
) -> String {
    let hex = |key: Fingerprint| key.to_string().replace(' ', "");
    let mut link =
        format!("xmpp:{}?trust-message;encryption={OMEMO_2};trust={}", encoded(jid.as_str()), hex(own.1));
    for (device, key) in std::iter::once(own).chain(others) {
        link.push_str(&format!(";{DEVICE}{device}={}", hex(key)));
    }
    link
}

/// The part of such a link from the `?` on.
pub(super) fn query(link: &KeyLink) -> String {
    let hex = |key: &Claim| key.fingerprint.to_string().replace(' ', "");
    let numbered = |key: &Claim| key.device.map(|device| format!("{DEVICE}{device}={}", hex(key)));
    let parts: Vec<String> = link.keys.iter().filter_map(numbered).collect();
    let unnumbered: Vec<&Claim> = link.keys.iter().filter(|key| key.device.is_none()).collect();
    let trusted = unnumbered.iter().map(|key| format!(";trust={}", hex(key)));
    match unnumbered.is_empty() {
        true => format!("?{}", parts.join(";")),
        false => {
            let parts: String = parts.iter().map(|part| format!(";{part}")).collect();
            format!("?trust-message;encryption={OMEMO_2}{parts}{}", trusted.collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Asked, read};
    use super::*;

    fn jid(text: &str) -> BareJid {
        BareJid::new(text).unwrap()
    }

    fn key(byte: u8) -> Fingerprint {
        Fingerprint([byte; 32])
    }

    fn hex(byte: u8) -> String {
        format!("{byte:02x}").repeat(32)
    }

    fn claimed(device: u32, byte: u8) -> Claim {
        Claim { device: DeviceId::new(device), fingerprint: key(byte) }
    }

    fn found(link: &str) -> Result<KeyLink, Fault> {
        match read(link) {
            Some(Asked::Keys(link)) => Ok(link),
            Some(Asked::NoKeys(_, fault)) => Err(fault),
            other => panic!("{link}: {other:?}"),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let number = |id| DeviceId::new(id).unwrap();
        for address in ["bob@chat.example", "d\u{e9}sir\u{e9}e@caf\u{e9}.example", "odd%23x@chat.example"] {
            let address = jid(address);
            let link = write(&address, (number(27), key(1)), [(number(31), key(0xab))]);
            assert!(link.is_ascii() && link.matches('?').count() == 1, "{link}");
            assert_eq!(
                found(&link),
                Ok(KeyLink { jid: address, keys: vec![claimed(27, 1), claimed(31, 0xab)] })
            );
        }
        let link = write(&jid("bob@chat.example"), (number(27), key(2)), []);
        let (key, start) = (hex(2), "xmpp:bob@chat.example?trust-message;encryption=urn:xmpp:omemo:2");
        assert_eq!(link, format!("{start};trust={key};omemo-sid-27={key}"));
    }

    #[test]
    fn both_kinds_are_read() {
        let bob = jid("bob@chat.example");
        let both = vec![claimed(27, 1), claimed(31, 2)];
        for separator in [";", "&"] {
            let link = format!(
                "xmpp:bob@chat.example?omemo-sid-27={}{separator}OMEMO-SID-31={}",
                hex(1),
                hex(2).to_uppercase()
            );
            assert_eq!(found(&link), Ok(KeyLink { jid: bob.clone(), keys: both.clone() }));
        }
        let link = format!("xmpp:bob@chat.example?message;omemo-sid-27={};x=y", hex(1));
        assert_eq!(found(&link), Ok(KeyLink { jid: bob.clone(), keys: vec![claimed(27, 1)] }));
        let link = format!(
            "XMPP:bob@chat.example?Trust-Message;encryption=urn%3Axmpp%3Aomemo%3A2;distrust={};trust={};trust={}",
            hex(9),
            hex(1),
            hex(1)
        );
        assert_eq!(
            found(&link),
            Ok(KeyLink { jid: bob, keys: vec![claimed(0, 1)] }),
            "once, and no distrust"
        );
    }

    #[test]
    fn the_address_is_the_one_before_the_question_mark() {
        let keys = format!("trust-message;encryption=urn:xmpp:omemo:2;trust={}", hex(1));
        let link = format!("xmpp:mallory@evil.example/bob@chat.example?{keys};jid=bob@chat.example");
        assert_eq!(found(&link).unwrap().jid, jid("mallory@evil.example"));
        for bad in ["", "//alice@chat.example/bob@chat.example", "@", "%00@chat.example"] {
            assert_eq!(read(&format!("xmpp:{bad}?{keys}")), Some(Asked::NoAddress), "{bad}");
        }
    }

    #[test]
    fn hostile_links_are_refused_whole() {
        let message = "xmpp:bob@chat.example?trust-message;encryption=urn:xmpp:omemo:2";
        let good = hex(1);
        for bad in [
            &good[1..],
            &format!("{good}0"),
            &good.replace('0', "g"),
            &good.replace('0', "\u{e9}"),
            &format!("{} {}", &good[..32], &good[32..]),
            &format!("+{}", &good[1..]),
            "",
        ] {
            assert_eq!(found(&format!("{message};trust={good};trust={bad}")), Err(Fault::Malformed), "{bad}");
            let link = format!("xmpp:bob@chat.example?omemo-sid-1={good};omemo-sid-2={bad}");
            assert_eq!(found(&link), Err(Fault::Malformed), "{bad}");
        }
        for bad in ["0", "-1", "2147483648", "99999999999999999999", "1.5", "x", ""] {
            let link = format!("xmpp:bob@chat.example?omemo-sid-{bad}={good}");
            assert_eq!(found(&link), Err(Fault::Malformed), "{bad}");
        }
        assert_eq!(found("xmpp:bob@chat.example?omemo-sid-5"), Err(Fault::Malformed));
        assert_eq!(found(message), Err(Fault::NoKeys));
        let other = format!("xmpp:bob@chat.example?trust-message;encryption=urn:xmpp:openpgp:0;trust={good}");
        assert_eq!(found(&other), Err(Fault::NoKeys), "keys of another kind");
        assert_eq!(found(&format!("xmpp:bob@chat.example?trust-message;trust={good}")), Err(Fault::NoKeys));
    }

    #[test]
    fn thousands_of_keys_cost_nothing() {
        let many = |count: usize| {
            let keys: String = (0..count).map(|at| format!(";trust={at:064x}")).collect::<Vec<_>>().concat();
            found(&format!("xmpp:bob@chat.example?trust-message;encryption=urn:xmpp:omemo:2{keys}"))
        };
        assert_eq!(many(MOST).map(|link| link.keys.len()), Ok(MOST));
        assert_eq!(many(MOST + 1), Err(Fault::TooLong));
        assert_eq!(many(100_000), Err(Fault::TooLong));
        assert_eq!(
            found(&format!("xmpp:bob@chat.example?omemo-sid-1={}", "0".repeat(1_000_000))),
            Err(Fault::TooLong)
        );
    }
}
