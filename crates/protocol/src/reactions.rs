//! Reacting to messages with emoji (XEP-0444 0.2.1).
//!
//! A person's reactions to a message are a set: what is said last is all of it (§4). What is no emoji is not looked at; who says
//! nothing but that has said nothing. Whoever takes part in a conversation may react to all that is in it.

use causerie_model::{Emoji, MOST_REACTIONS, OriginId};
use minidom::Element;

use crate::ns;
use crate::xml::{self, Draft};

/// What others may know that we can do.
pub(crate) const FEATURES: &[&str] = &[ns::REACTIONS];
/// How many of one stanza are looked at.
const MOST_AT_ONCE: usize = 256;

/// Reacts with these.
pub(crate) fn element(target: &OriginId, emoji: &[Emoji]) -> Element {
    let each = |emoji: &Emoji| Draft::new("reaction", ns::REACTIONS).text(emoji.as_str()).into();
    Draft::new("reactions", ns::REACTIONS).attr("id", target.as_str()).children(emoji.iter().map(each)).into()
}

/// What a stanza reacts to, and with what.
pub(crate) fn read(said: &Element) -> Option<(OriginId, Vec<Emoji>)> {
    let reactions = xml::only(said, "reactions", ns::REACTIONS)?;
    let target = reactions.attr("id").and_then(OriginId::new)?;
    let mut some = false;
    let said = xml::children(reactions, "reaction", ns::REACTIONS).take(MOST_AT_ONCE);
    let emoji = said.inspect(|_| some = true).filter_map(|reaction| Emoji::new(reaction.text().trim()));
    let emoji = distinct(emoji);
    (!some || !emoji.is_empty()).then_some((target, emoji))
}

/// Each once, as many as count.
pub(crate) fn distinct(emoji: impl IntoIterator<Item = Emoji>) -> Vec<Emoji> {
    let mut set: Vec<Emoji> = Vec::new();
    for emoji in emoji {
        if set.len() < MOST_REACTIONS && !set.contains(&emoji) {
            set.push(emoji);
        }
    }
    set
}

/// Emoji as the text of a stanza of ours, and back.
pub(crate) fn text(emoji: &[Emoji]) -> String {
    emoji.iter().map(Emoji::as_str).collect::<Vec<_>>().join(" ")
}

/// See [`text`].
pub(crate) fn from_text(text: &str) -> Vec<Emoji> {
    distinct(text.split_whitespace().filter_map(Emoji::new))
}
