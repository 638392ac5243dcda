//! What a message says, and what it is called.

use causerie_model::{
    BareJid, Body, Change, Direction, MessageState, Naming, NewMessage, Order, OriginId, Privacy, Protection,
    ReplyTo, Says, StanzaId, Timestamp, Unreadable,
};
use minidom::Element;

use crate::archive::Place;
use crate::fallback::Beside;
use crate::omemo::{Inside, Unsealed};
use crate::stanza;
use crate::step::Step;
use crate::{corrections, ns, reactions, replies, retractions, xml};

/// The longest text that is sent, in bytes as they are in XML. Servers take 256 KiB in a stanza, some more, and some as little as
/// RFC 6120 §13.12 lets them; most end the stream over what is longer.
const LONGEST: usize = 200_000;
/// The same for what is encrypted: in base64 it is a third longer, it may go out in both versions at once, and there is a key with it
/// for each device.
const LONGEST_ENCRYPTED: usize = 80_000;
/// What came with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Something to read.
    Body,
    /// That something came which could not be read.
    Unreadable,
    /// Nothing to show.
    Nothing,
    /// Not to be looked at any further.
    Refused,
}

/// Whether our account marks messages with identifiers of its own (XEP-0359 §5, XEP-0313 §5.1.3). If it does not, the marks of
/// others are not taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Marks {
    /// It does not, or we don't know.
    #[default]
    Forgeable,
    /// It does.
    Trusted,
}

/// How a message of ours is to be protected.
pub(super) fn protection(privacy: Privacy) -> Protection {
    match privacy {
        Privacy::Encrypted => Protection::Encrypted(None),
        Privacy::Clear => Protection::Clear,
    }
}

/// A message that the person has just written, and that waits in clear.
pub(crate) fn written(peer: BareJid, id: OriginId, body: String, at: Timestamp) -> NewMessage {
    NewMessage {
        peer,
        direction: Direction::Outgoing,
        origin: Some(id),
        stanza: None,
        body: Body::Text(body),
        at,
        state: MessageState::Pending,
        protection: Protection::Clear,
        reply: None,
        order: Order::Last,
        naming: Naming::Unique,
    }
}

/// The text as it will arrive: without what XML cannot carry, with its line ends (XML 1.0 §2.2, §2.11).
pub(crate) fn sendable(text: &str) -> String {
    xml::clean(&text.replace("\r\n", "\n").replace('\r', "\n")).into_owned()
}

/// Whether a text is short enough to be sent.
pub(crate) fn fits(text: &str, privacy: Privacy) -> bool {
    let most = match privacy {
        Privacy::Encrypted => LONGEST_ENCRYPTED,
        Privacy::Clear => LONGEST,
    };
    let written = |c: char| match c {
        '&' => "&amp;".len(),
        '<' | '>' => "&lt;".len(),
        '\'' | '"' => "&quot;".len(),
        c => c.len_utf8(),
    };
    text.chars().map(written).sum::<usize>() <= most
}

/// What a stanza says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// It is a message, and may be an answer.
    Message(Body, Option<ReplyTo>),
    /// It says something of that message.
    Annotation(OriginId, Says),
    /// It corrects that message, by a device that is not trusted: it is a message, until the device is.
    Doubted(OriginId, String),
}

/// What a stanza says, and how that was protected. `people` are ourselves and the peer.
///
/// What is said of messages by a device that nobody has decided about, or whose key a person does not want, changes none of them: a
/// correction is a message until then, with what is to be said of it, and the rest waits (see `annotating`).
pub(super) fn heard(
    stanza: &Element,
    unsealed: Unsealed,
    people: (&BareJid, &BareJid),
) -> Option<(Heard, Protection)> {
    let own = origin_id(stanza);
    let message = |body| Heard::Message(body, None);
    Some(match unsealed {
        Unsealed::Clear if stanza::is_rejected(stanza) => {
            (message(Body::Unreadable(Unreadable::OverLimits)), Protection::Clear)
        }
        Unsealed::Clear => {
            let said = read(stanza, best_body(stanza), own.as_ref(), Beside::Said, people)?;
            (said, Protection::Clear)
        }
        Unsealed::Text(inside, seal) => {
            let text = inside.text();
            let said = match &inside {
                Inside::Older(_) => read(stanza, text, own.as_ref(), Beside::Carried, people),
                Inside::Newer(content) => read(content, text, own.as_ref(), Beside::Said, people),
            };
            let said = match said? {
                Heard::Annotation(target, Says::Correction(text)) if !seal.trust.may_read() => {
                    Heard::Doubted(target, text)
                }
                said => said,
            };
            (said, Protection::Encrypted(Some(seal)))
        }
        Unsealed::Nothing => return None,
        Unsealed::Unreadable(why) => (message(Body::Unreadable(why)), Protection::Encrypted(None)),
    })
}

fn read(
    said: &Element,
    text: Option<String>,
    own: Option<&OriginId>,
    beside: Beside,
    people: (&BareJid, &BareJid),
) -> Option<Heard> {
    if beside == Beside::Said {
        if let Some(target) = retractions::read(said) {
            return Some(Heard::Annotation(target, Says::Retraction(String::new())));
        }
        if let Some((target, emoji)) = reactions::read(said) {
            return Some(Heard::Annotation(target, Says::Reactions(emoji)));
        }
    }
    let (text, reply) = replies::read((said, beside), text?, people);
    Some(match corrections::target(said, own) {
        Some(target) => Heard::Annotation(target, Says::Correction(text)),
        None => Heard::Message(Body::Text(text), reply),
    })
}

/// What was encrypted is read once. Where the archive lists it again, it says no more than where its place is.
pub(super) fn list(
    unsealed: &Unsealed,
    (peer, direction): (&BareJid, Direction),
    stanza: &Element,
    place: &Place,
    step: &mut Step<'_>,
) {
    if let (Unsealed::Nothing, Order::Listed { since }, Some(named)) = (unsealed, place.order, &place.stanza)
    {
        let (peer, origin, stanza, at) = (peer.clone(), origin_id(stanza), named.clone(), place.at);
        step.record(Change::MessageListed { peer, direction, stanza, origin, at, since });
    }
}

pub(super) fn has_body(stanza: &Element) -> bool {
    stanza::is_rejected(stanza) || best_body(stanza).is_some()
}

/// The text in the language of the stanza itself, else the first there is. Of several in one language the first counts.
pub(crate) fn best_body(stanza: &Element) -> Option<String> {
    let lang = xml::lang(stanza);
    let bodies = || xml::children(stanza, "body", ns::CLIENT);
    let own_language = bodies().find(|body| xml::lang(body).is_none_or(|of_body| Some(of_body) == lang));
    let text = own_language.or_else(|| bodies().next())?.text();
    (!text.trim().is_empty()).then_some(text)
}

/// What the author called it. Both names mean the same; the stanza's own is the one that others refer to.
pub(crate) fn origin_id(stanza: &Element) -> Option<OriginId> {
    let from_stanza = stanza.attr("id").and_then(OriginId::new);
    from_stanza.or_else(|| OriginId::new(stanza.get_child("origin-id", ns::STANZA_ID)?.attr("id")?))
}

/// Whether the author says that what it calls its messages is used once.
pub(crate) fn naming(stanza: &Element) -> Naming {
    let said = stanza.get_child("origin-id", ns::STANZA_ID).and_then(|element| element.attr("id"));
    match origin_id(stanza) {
        Some(id) if said == Some(id.as_str()) => Naming::Unique,
        _ => Naming::Unsure,
    }
}

/// What our archive called it, if that is sure (XEP-0359 §5, business rules; §6, security): by us, once, on something that an archive
/// keeps. Our server takes away what others wrote there, but not what it does not take for the same: there are servers (ejabberd) to
/// which a domain with a full stop behind it is another one. So the domain has to be in its own spelling. And there are servers that
/// write theirs beside what was there (Prosody 0.12): of two nobody knows which is theirs.
pub(crate) fn stanza_id(stanza: &Element, own: &BareJid, marks: Marks) -> Option<StanzaId> {
    if marks == Marks::Forgeable || !is_archived(stanza) {
        return None;
    }
    let by_us = |element: &&Element| {
        let Some(by) = element.attr("by") else { return false };
        let domain = by.split_once('@').map_or(by, |(_, domain)| domain);
        BareJid::new(by).as_ref() == Ok(own) && domain.eq_ignore_ascii_case(own.domain())
    };
    let mut ids = xml::children(stanza, "stanza-id", ns::STANZA_ID).filter(by_us);
    let (Some(element), None) = (ids.next(), ids.next()) else { return None };
    let id = element.attr("id").filter(|id| !id.is_empty() && id.len() <= OriginId::MAX_BYTES)?;
    Some(StanzaId { by: own.clone(), id: id.to_owned() })
}

/// Whether archives keep messages of this kind (XEP-0313 §5.1.1, XEP-0334 §4).
fn is_archived(stanza: &Element) -> bool {
    !matches!(stanza.attr("type"), Some("error" | "groupchat" | "headline"))
        && !stanza.has_child("no-store", ns::HINTS)
        && !stanza.has_child("no-permanent-store", ns::HINTS)
}
