//! What we say in rooms, and what is heard there, in stanzas.
//!
//! In a room messages are named as it names them (XEP-0444 §4.2, XEP-0424 §5.1, XEP-0461 §3.1), but for corrections, which name them as their
//! author does (XEP-0308 §5). Where a room gives no names, nothing but a correction can be said of a message; an answer has its quote.

use causerie_model::{Emoji, OriginId, Purpose, ReplyTo};
use minidom::Element;

use crate::fallback::Beside;
use crate::messages::best_body;
use crate::xml::{self, Draft};
use crate::{corrections, fallback, ns, reactions, replies, retractions};

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A message, which may answer another.
    Message(String, Option<ReplyTo>),
    /// What its author meant to say in that one.
    Correction(OriginId, String),
    /// That one is to be gone.
    Retraction(OriginId),
    /// These are the reactions to that one.
    Reactions(OriginId, Vec<Emoji>),
    /// Nothing to show.
    Nothing,
}

/// What a stanza of that name says.
pub(super) fn heard(stanza: &Element, own: Option<&OriginId>) -> Heard {
    if let Some(target) = retractions::read(stanza) {
        return Heard::Retraction(target);
    }
    if retractions::is_moderated(stanza).is_some() {
        return Heard::Nothing;
    }
    if let Some((target, emoji)) = reactions::read(stanza) {
        return Heard::Reactions(target, emoji);
    }
    let Some(text) = best_body(stanza) else { return Heard::Nothing };
    let reply = xml::only(stanza, "reply", ns::REPLY);
    let reply = reply.and_then(|reply| reply.attr("id")).and_then(OriginId::new);
    let (text, reply) = match reply {
        Some(id) => {
            let text = fallback::cut((stanza, Beside::Said), ns::REPLY, text);
            (text, Some(ReplyTo { id, author: None }))
        }
        None => (text, None),
    };
    match corrections::target(stanza, own) {
        Some(target) => Heard::Correction(target, text),
        None => Heard::Message(text, reply),
    }
}

/// Whether what was heard is what was said for that purpose.
pub(super) fn is_said(purpose: &Purpose, text: &str, heard: &Heard) -> bool {
    match (purpose, heard) {
        (Purpose::Message | Purpose::Reply(_), Heard::Message(heard, _)) => text == heard,
        (Purpose::Correction(target), Heard::Correction(of, heard)) => target == of && text == heard,
        (Purpose::Retraction(target), Heard::Retraction(of)) => target == of,
        (Purpose::Reactions(target), Heard::Reactions(of, emoji)) => {
            target == of && reactions::from_text(text) == *emoji
        }
        _ => false,
    }
}

/// What goes out with a text for some purpose. None where that can't be said: `names`, whether the room gives names to messages.
pub(super) fn content(purpose: &Purpose, text: &str, names: bool) -> Option<Vec<Element>> {
    let body = |text: &str| Element::from(Draft::new("body", ns::CLIENT).text(text));
    let kept = || Element::from(Draft::new("store", ns::HINTS));
    Some(match purpose {
        Purpose::Message => vec![body(text)],
        Purpose::Reply(reply) => {
            let (text, beside) = replies::in_room(reply, text);
            std::iter::once(body(&text)).chain(beside).collect()
        }
        Purpose::Correction(target) => vec![body(text), corrections::element(target)],
        Purpose::Retraction(target) if names => {
            let beside = retractions::with_fallback(target);
            std::iter::once(body(text)).chain(beside).chain([kept()]).collect()
        }
        Purpose::Reactions(target) if names => {
            vec![reactions::element(target, &reactions::from_text(text)), kept()]
        }
        Purpose::Retraction(_) | Purpose::Reactions(_) => return None,
    })
}
