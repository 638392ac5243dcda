//! Answering a message (XEP-0461 0.2.1), with what programs read that know of no answers (XEP-0428 0.2.1).
//!
//! A quote before the text is for such programs; here the message itself is looked up. So what is said to be one is taken away, as far as
//! something is left.

use causerie_model::{BareJid, Direction, Jid, OriginId, Reply, ReplyTo};
use minidom::Element;

use crate::fallback::Beside;
use crate::xml::{self, Draft};
use crate::{fallback, ns};

/// What others may know that we can do.
pub(crate) const FEATURES: &[&str] = &[ns::REPLY];
/// The longest quote, in characters and in lines.
const LONGEST_QUOTE: usize = 300;
const MOST_LINES: usize = 4;

/// Says which message is answered, and who its author is, where that is known.
pub(crate) fn element(to: &OriginId, author: Option<&BareJid>) -> Element {
    Draft::new("reply", ns::REPLY)
        .maybe_attr("to", author.map(BareJid::as_str))
        .attr("id", to.as_str())
        .into()
}

/// A text with the quote before it, and what stands beside: what it answers, and which part is the quote.
pub(crate) fn with_quote(
    reply: &Reply,
    (own, peer): (&BareJid, &BareJid),
    text: &str,
) -> (String, Vec<Element>) {
    quoted(reply, text, without_quote(reply, (own, peer)))
}

/// The same in a room, where whoever reads it finds the author by the message.
pub(crate) fn in_room(reply: &Reply, text: &str) -> (String, Vec<Element>) {
    quoted(reply, text, vec![element(&reply.to, None)])
}

fn quoted(reply: &Reply, text: &str, mut said: Vec<Element>) -> (String, Vec<Element>) {
    let quote: String = reply.quote.chars().take(LONGEST_QUOTE).collect();
    let lines = quote.lines().filter(|line| !line.trim().is_empty()).take(MOST_LINES);
    let quote: String = lines.map(|line| format!("> {line}\n")).collect();
    if quote.is_empty() {
        return (text.to_owned(), said);
    }
    said.push(fallback::first(ns::REPLY, quote.chars().count()));
    (quote + text, said)
}

/// What stands beside a text without a quote.
pub(crate) fn without_quote(reply: &Reply, (own, peer): (&BareJid, &BareJid)) -> Vec<Element> {
    let author = match reply.author {
        Direction::Incoming => peer,
        Direction::Outgoing => own,
    };
    vec![element(&reply.to, Some(author))]
}

/// What a message answers, and its text without the quote.
pub(crate) fn read(
    (said, beside): (&Element, Beside),
    text: String,
    (own, peer): (&BareJid, &BareJid),
) -> (String, Option<ReplyTo>) {
    let reply = xml::only(said, "reply", ns::REPLY);
    let target = reply.and_then(|reply| reply.attr("id")).and_then(OriginId::new);
    let Some((reply, id)) = reply.zip(target) else { return (text, None) };
    let author = reply.attr("to").and_then(|to| Jid::new(to).ok()).and_then(|to| match to.bare() {
        bare if bare == peer => Some(Direction::Incoming),
        bare if bare == own => Some(Direction::Outgoing),
        _ => None,
    });
    (fallback::cut((said, beside), ns::REPLY, text), Some(ReplyTo { id, author }))
}
