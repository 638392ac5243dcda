//! What a device says of messages after them: corrections, retractions, reactions; and how much of that is surely kept.
//!
//! A device corrects and retracts what was written on it, and of a person's devices one alone reacts to a message, so that what was said
//! last of a message is known.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use acceptance::chance::Chance;
use serde_json::{Value, json};

/// How far back somebody goes.
const RECENT: usize = 60;
/// With what people react.
const EMOJI: [&str; 5] = ["🦔", "🪗", "👍", "❤️", "☕"];

/// What kind of thing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Text,
    Gone,
    Reactions,
}

/// All that was said of one kind of one message, one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// The texts, or the reactions with blanks between, in order.
    pub(crate) all: Vec<String>,
    /// How many of them are surely kept.
    pub(crate) sure: usize,
}

impl History {
    /// What may count at the end, where without any of them it is what is given.
    pub(crate) fn allowed(&self, without: &str) -> BTreeSet<String> {
        let surely =
            self.sure.checked_sub(1).and_then(|last| self.all.get(last)).map_or(without, String::as_str);
        let later = self.all.iter().skip(self.sure).cloned();
        later.chain([surely.to_owned()]).collect()
    }
}

/// What a device has said.
#[derive(Debug, Default)]
pub(crate) struct Sayings {
    /// By the message and the kind.
    pub(crate) of: BTreeMap<(String, Kind), History>,
    /// What the stanzas are called.
    pub(crate) names: BTreeSet<String>,
    /// What is not known to be kept: its place, and the number of the message that was to be written next.
    under_way: Vec<((String, Kind), usize, u32)>,
    /// What was written here lately: its name, number, and how often it was corrected.
    own: VecDeque<(String, u32, u32)>,
    /// What was heard of the peer lately.
    heard: VecDeque<String>,
}

impl Sayings {
    /// A message is written.
    pub(crate) fn wrote(&mut self, id: &str, number: u32) {
        self.own.push_back((id.to_owned(), number, 0));
        self.own.drain(..self.own.len().saturating_sub(RECENT));
    }

    /// A message of the peer is there.
    pub(crate) fn heard(&mut self, id: &str) {
        self.heard.push_back(id.to_owned());
        self.heard.drain(..self.heard.len().saturating_sub(RECENT));
    }

    /// Something to be said, as a command without `to`, and its place. `tag` is what messages begin with, `part` which of the person's
    /// devices this is, of how many.
    pub(crate) fn think(
        &mut self,
        tag: &str,
        (part, parts): (usize, usize),
        chance: &mut Chance,
    ) -> Option<(Value, (String, Kind), String)> {
        let kind = chance.below(100);
        if kind < 50 {
            let mine: Vec<&String> = self.heard.iter().filter(|id| share(id) % parts == part).collect();
            let of = (*mine.get(chance.place(mine.len()))?).clone();
            let count = chance.place(3);
            let first = chance.place(EMOJI.len());
            let with: Vec<&str> = EMOJI.iter().cycle().skip(first).take(count).copied().collect();
            let said = sorted(&with);
            return Some((json!({ "do": "react", "of": of, "with": with }), (of, Kind::Reactions), said));
        }
        let place = chance.place(self.own.len());
        if kind < 60 {
            let (of, ..) = self.own.remove(place)?;
            return Some((json!({ "do": "retract", "of": of }), (of, Kind::Gone), String::new()));
        }
        let (of, number, times) = self.own.get_mut(place)?;
        *times += 1;
        let body = format!("{tag} {number} v{times}");
        Some((json!({ "do": "correct", "of": of, "body": body }), (of.clone(), Kind::Text), body))
    }

    /// It was said, before the message of that number was written.
    pub(crate) fn said(&mut self, id: &str, place: (String, Kind), what: String, next: u32) {
        self.names.insert(id.to_owned());
        let history = self.of.entry(place.clone()).or_default();
        history.all.push(what);
        self.under_way.push((place, history.all.len(), next));
    }

    /// A message is kept, and so is all that was asked for before it.
    pub(crate) fn kept(&mut self, number: u32) {
        self.keep(|next| next <= number);
    }

    /// The program has left in good order, and has kept everything.
    pub(crate) fn ended(&mut self) {
        self.keep(|_| true);
    }

    fn keep(&mut self, is_kept: impl Fn(u32) -> bool) {
        let of = &mut self.of;
        self.under_way.retain(|(place, count, next)| {
            if is_kept(*next)
                && let Some(history) = of.get_mut(place)
            {
                history.sure = history.sure.max(*count);
            }
            !is_kept(*next)
        });
    }

    /// The program was killed: of what was under way nobody knows, and of what is not known as kept nothing is said any more.
    pub(crate) fn killed(&mut self, kept: &BTreeSet<u32>) {
        self.under_way.clear();
        self.own.retain(|(_, number, _)| kept.contains(number));
    }
}

/// Reactions as they are compared: whoever has them in another order has the same.
pub(crate) fn sorted(emoji: &[&str]) -> String {
    let mut emoji = emoji.to_vec();
    emoji.sort_unstable();
    emoji.join(" ")
}

/// A number that is the same on all devices.
fn share(id: &str) -> usize {
    id.bytes().map(usize::from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_count_is_what_was_surely_said_last_and_what_came_after() {
        let mut sayings = Sayings::default();
        let place = ("m".to_owned(), Kind::Text);
        for (number, text) in ["one", "two", "three"].into_iter().enumerate() {
            let number = u32::try_from(number).unwrap();
            sayings.said(&format!("s{number}"), place.clone(), text.to_owned(), number);
        }
        let allowed = |sayings: &Sayings| Vec::from_iter(sayings.of[&place].allowed("zero"));
        assert_eq!(allowed(&sayings), ["one", "three", "two", "zero"]);
        sayings.kept(1);
        assert_eq!(allowed(&sayings), ["three", "two"]);
        sayings.killed(&BTreeSet::new());
        sayings.kept(9);
        assert_eq!(allowed(&sayings), ["three", "two"]);
    }
}
