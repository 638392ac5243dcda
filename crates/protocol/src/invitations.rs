//! Invitations: made by our server where it makes them (XEP-0401 0.6.0), else by ourselves (XEP-0379 0.3.3), and redeemed by those who
//! got one.
//!
//! Who shows a token of ours is let in without a question, once and within a week. A token that is not ours, or no longer, is as none.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use causerie_model::{
    BareJid, Change, Event, Invitation, InvitationIssuer, InvitationKind, InvitationsOffered, InviteToken,
    IssuedToken, Notice, Problem, Restored, Timestamp,
};
use minidom::Element;

use crate::adhoc::{self, Field, Stage};
use crate::iq::{Answer, Ask, Recipient};
use crate::step::Step;
use crate::{datetime, ns};

/// How long a token of ours is good.
const GOOD_FOR: Duration = Duration::from_secs(7 * 24 * 3600);
/// The most tokens that are good at a time: of more, those that end first go.
const MOST_TOKENS: usize = 50;
/// The most invitations that are waited for.
const MOST_WANTED: usize = 8;
/// The longest link, in bytes.
const LONGEST_LINK: usize = 2048;

/// An invitation that somebody wants to hand out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    kind: InvitationKind,
    name: Option<String>,
    step: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Begun,
    FilledIn,
}

/// What is known of invitations.
#[derive(Debug, Default)]
pub(crate) struct Invitations {
    tokens: BTreeMap<InviteToken, Timestamp>,
    /// What the server gives, since we are online.
    offered: Option<InvitationsOffered>,
    /// Wait for that to be known.
    wanted: VecDeque<Wanted>,
    asked: Asked,
}

/// Whether the server was asked what it gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    No,
    /// For an invitation.
    Quietly,
    /// For the person.
    Aloud,
}

impl Invitations {
    /// The tokens of the last run.
    pub(crate) fn new(restored: &Restored) -> Self {
        let tokens = restored.tokens.iter().map(|issued| (issued.token.clone(), issued.expires));
        Self { tokens: tokens.collect(), ..Self::default() }
    }

    /// The person wants to know what the server gives.
    pub(crate) fn look_up(&mut self, step: &mut Step<'_>) {
        match self.offered {
            Some(offered) => step.tell(Event::InvitationsOffered(offered)),
            None if step.is_online() => self.ask(Asked::Aloud, step),
            None => step.tell(Event::InvitationsOffered(InvitationsOffered::default())),
        }
    }

    fn ask(&mut self, how: Asked, step: &mut Step<'_>) {
        if self.asked == Asked::No {
            step.get(Recipient::Server, adhoc::list(), Ask::Commands);
        }
        if self.asked != Asked::Aloud {
            self.asked = how;
        }
    }

    /// The server has said what it gives, or not.
    pub(crate) fn listed(&mut self, answer: &Answer<'_>, step: &mut Step<'_>) {
        let mut offered = InvitationsOffered::default();
        if let Answer::Result(reply) = answer {
            for node in adhoc::listed(reply) {
                offered.contact |= node == ns::INVITE;
                offered.account |= node == ns::INVITE_ACCOUNT;
            }
        }
        if !matches!(answer, Answer::Silence(_)) {
            self.offered = Some(offered);
        }
        if std::mem::take(&mut self.asked) == Asked::Aloud {
            step.tell(Event::InvitationsOffered(offered));
        }
        for wanted in std::mem::take(&mut self.wanted) {
            self.begin(wanted, offered, step);
        }
    }

    /// The person wants one.
    pub(crate) fn make(&mut self, kind: InvitationKind, name: Option<String>, step: &mut Step<'_>) {
        let wanted = Wanted { kind, name, step: Progress::Begun };
        match self.offered {
            None if step.is_online() && self.wanted.len() < MOST_WANTED => {
                self.wanted.push_back(wanted);
                self.ask(Asked::Quietly, step);
            }
            None if step.is_online() => not_made(kind, Problem::ServerBusy, step),
            // Ours is good whether we are online or not.
            offered => self.begin(wanted, offered.unwrap_or_default(), step),
        }
    }

    fn begin(&mut self, wanted: Wanted, offered: InvitationsOffered, step: &mut Step<'_>) {
        let is_offered = match wanted.kind {
            InvitationKind::Contact => offered.contact,
            InvitationKind::Account => offered.account,
        };
        match wanted.kind {
            kind if is_offered && step.is_online() => {
                step.set(Recipient::Server, adhoc::execute(node(kind)), Ask::Invitation(wanted));
            }
            InvitationKind::Contact => self.make_here(step),
            kind if step.is_online() => not_made(kind, Problem::NotSupported, step),
            kind => not_made(kind, Problem::ConnectionLost, step),
        }
    }

    /// The server has made one, or wants to know more, or refuses.
    pub(crate) fn answered(&mut self, wanted: Wanted, answer: &Answer<'_>, step: &mut Step<'_>) {
        let kind = wanted.kind;
        let reply = match answer {
            Answer::Result(reply) => reply,
            Answer::Refused(problem) | Answer::Silence(problem) => {
                not_made(kind, problem.clone(), step);
                return;
            }
        };
        match adhoc::stage(reply, node(kind)) {
            Stage::Completed(fields) => match read(kind, &fields, step.own) {
                Some(invitation) => step.tell(Event::InvitationMade(invitation)),
                None => not_made(kind, Problem::Protocol, step),
            },
            Stage::Form { session, fields } => match fill_in(&fields, wanted.name.as_deref()) {
                Some(filled) if wanted.step == Progress::Begun => {
                    let payload = adhoc::complete(node(kind), &session, &filled);
                    let wanted = Wanted { step: Progress::FilledIn, ..wanted };
                    step.set(Recipient::Server, payload, Ask::Invitation(wanted));
                }
                _ => give_up(kind, &session, step),
            },
            Stage::Stuck { session: Some(session) } => give_up(kind, &session, step),
            Stage::Stuck { session: None } => not_made(kind, Problem::Refused, step),
        }
    }

    /// Makes one that we redeem ourselves.
    fn make_here(&mut self, step: &mut Step<'_>) {
        self.expire(step);
        while self.tokens.len() >= MOST_TOKENS {
            let first =
                self.tokens.iter().min_by_key(|(_, expires)| **expires).map(|(token, _)| token.clone());
            first.into_iter().for_each(|token| self.void(token, step));
        }
        let mut random = [0; 16];
        step.rng.fill_bytes(&mut random);
        let Some(token) = InviteToken::new(&base32(&random)) else { return };
        let expires = step.now.wall.saturating_add(GOOD_FOR);
        let uri = format!("xmpp:{}?roster;preauth={}", escaped(step.own.as_str()), token.as_str());
        self.tokens.insert(token.clone(), expires);
        step.record(Change::TokenIssued(IssuedToken { token, expires }));
        step.tell(Event::InvitationMade(Invitation {
            kind: InvitationKind::Contact,
            issuer: InvitationIssuer::ThisDevice,
            uri,
            landing: None,
            expires: Some(expires),
        }));
    }

    /// The token of ours that somebody shows who asks to see us. It is used up by that.
    pub(crate) fn redeem(&mut self, stanza: &Element, step: &mut Step<'_>) -> Option<InviteToken> {
        self.expire(step);
        let shown = stanza.get_child("preauth", ns::PREAUTH).and_then(|preauth| preauth.attr("token"));
        // By the clock, and kept in spite of it: it may be ahead.
        let is_good = |token: &InviteToken| self.tokens.get(token).is_some_and(|end| *end > step.now.wall);
        let token = shown.and_then(InviteToken::new).filter(is_good)?;
        self.void(token.clone(), step);
        Some(token)
    }

    fn expire(&mut self, step: &mut Step<'_>) {
        let over: Vec<InviteToken> = self
            .tokens
            .iter()
            .filter(|(_, end)| **end <= step.passed.at())
            .map(|(token, _)| token.clone())
            .collect();
        over.into_iter().for_each(|token| self.void(token, step));
    }

    fn void(&mut self, token: InviteToken, step: &mut Step<'_>) {
        self.tokens.remove(&token);
        step.record(Change::TokenVoid(token));
    }

    /// We went offline: the next connection may be to a server that has learned something.
    pub(crate) fn forget(&mut self) {
        self.offered = None;
    }
}

fn node(kind: InvitationKind) -> &'static str {
    match kind {
        InvitationKind::Contact => ns::INVITE,
        InvitationKind::Account => ns::INVITE_ACCOUNT,
    }
}

fn not_made(kind: InvitationKind, problem: Problem, step: &mut Step<'_>) {
    step.tell(Event::Notice(Notice::InvitationNotMade { kind, problem }));
}

fn give_up(kind: InvitationKind, session: &str, step: &mut Step<'_>) {
    if step.is_online() {
        step.set(Recipient::Server, adhoc::cancel(node(kind), session), Ask::CommandCancelled);
    }
    not_made(kind, Problem::FormRequired, step);
}

/// Fills in what we know. `None` where something is wanted that we don't.
fn fill_in(fields: &[Field], name: Option<&str>) -> Option<Vec<(String, String)>> {
    let mut filled = Vec::new();
    for Field { var, value, is_required } in fields {
        let value = match var.as_str() {
            "username" => name.map(str::to_owned).or_else(|| value.clone()),
            // Whom we bring is a contact of ours.
            "roster-subscription" => Some("1".to_owned()),
            _ => value.clone(),
        };
        match value.filter(|value| !value.is_empty()) {
            Some(value) => filled.push((var.clone(), value)),
            None if *is_required => return None,
            None => {}
        }
    }
    Some(filled)
}

/// Reads what the server has made. A link that leads to somebody else is none.
fn read(kind: InvitationKind, fields: &[Field], own: &BareJid) -> Option<Invitation> {
    let value = |var: &str| fields.iter().find(|field| field.var == var)?.value.as_deref().map(str::trim);
    let is_link =
        |link: &&str| link.len() <= LONGEST_LINK && link.bytes().all(|byte| byte.is_ascii_graphic());
    let uri = value("uri").filter(is_link)?;
    let address = uri.strip_prefix("xmpp:")?.split('?').next().and_then(unescaped)?;
    let address = BareJid::new(&address).ok()?;
    let fits = match kind {
        InvitationKind::Contact => address == *own,
        InvitationKind::Account => address.domain() == own.domain(),
    };
    fits.then(|| Invitation {
        kind,
        issuer: InvitationIssuer::Server,
        uri: uri.to_owned(),
        landing: value("landing-url")
            .filter(is_link)
            .filter(|link| link.starts_with("https://"))
            .map(str::to_owned),
        // In one place the standard calls it otherwise.
        expires: value("expire").or_else(|| value("expiry")).and_then(datetime::parse),
    })
}

/// RFC 4648 §6 in small letters, without padding: letters and digits that nobody mistakes for others.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut text = String::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            text.extend(LETTERS.get((bits >> count) as usize & 31).map(|letter| char::from(*letter)));
        }
    }
    if count > 0 {
        text.extend(LETTERS.get((bits << (5 - count)) as usize & 31).map(|letter| char::from(*letter)));
    }
    text
}

/// An address in a link (RFC 5122 §2.2).
fn escaped(address: &str) -> String {
    let mut text = String::new();
    for byte in address.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'@' | b'.' | b'-' | b'_' | b'~' => {
                text.push(char::from(byte));
            }
            byte => text += &format!("%{byte:02X}"),
        }
    }
    text
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(var: &str, value: &str) -> Field {
        Field { var: var.to_owned(), value: Some(value.to_owned()), is_required: false }
    }

    #[test]
    fn links_that_a_server_gives_lead_to_us() {
        let own = BareJid::new("l\u{e9}a@example.org").unwrap();
        let made = |kind, uri: &str| read(kind, &[field("uri", uri)], &own).map(|made| made.uri);
        let contact = |uri| made(InvitationKind::Contact, uri).is_some();
        assert!(contact("xmpp:l%C3%A9a@example.org?roster;preauth=x;ibr=y"));
        for bad in [
            "xmpp:mallory@example.org?roster;preauth=x",
            "xmpp:example.org?register;preauth=x",
            "https://example.org/",
            "javascript:alert(1)",
            "xmpp:l%C3%A9a@example.org?roster;preauth=x y",
            "xmpp:l%C3@example.org?roster",
            "xmpp:l%zz@example.org",
            "xmpp:l%C",
            "",
        ] {
            assert!(!contact(bad), "{bad}");
        }
        assert!(!contact(&format!("xmpp:l%C3%A9a@example.org?{}", "x".repeat(LONGEST_LINK))));
        assert!(made(InvitationKind::Account, "xmpp:example.org?register;preauth=x").is_some());
        assert!(made(InvitationKind::Account, "xmpp:evil.example?register;preauth=x").is_none());
    }

    #[test]
    fn pages_are_taken_when_they_are_safe_to_open() {
        let own = BareJid::new("a@example.org").unwrap();
        let landing = |link: &str| {
            let fields = [field("uri", "xmpp:a@example.org?roster"), field("landing-url", link)];
            read(InvitationKind::Contact, &fields, &own).unwrap().landing
        };
        assert_eq!(landing("https://example.org/i/#x").as_deref(), Some("https://example.org/i/#x"));
        for bad in ["http://example.org/", "file:///etc/passwd", "javascript:alert(1)", "https://a b/", ""] {
            assert_eq!(landing(bad), None, "{bad}");
        }
    }

    #[test]
    fn letters() {
        assert_eq!(base32(b"foobar"), "mzxw6ytboi");
        assert_eq!(base32(&[0xff; 16]).len(), 26);
        assert_eq!(escaped("a+b%?é@x.y"), "a%2Bb%25%3F%C3%A9@x.y");
        assert_eq!(unescaped(&escaped("a+b%?é@x.y")).as_deref(), Some("a+b%?é@x.y"));
    }
}
