//! What counts at the end: the last correction, what was retracted, and everybody's reactions are the same in all databases.

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{Body, Direction, Emoji, Message, MessageState};
use serde_json::{Value, json};

use crate::device::Device;
use crate::sayings::{Kind, sorted};

/// What a message comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    /// None, where it was retracted.
    text: Option<String>,
    /// By who reacts; nobody without any.
    reactions: BTreeMap<&'static str, String>,
}

/// Compares. Gives what was found, and whether nothing is wrong.
pub(crate) fn compare(devices: &[Device], books: &[&[Message]]) -> (Value, bool) {
    let mut outcomes: Vec<BTreeMap<String, Outcome>> = Vec::new();
    let mut unsent = Vec::new();
    for (device, messages) in devices.iter().zip(books) {
        let origin = |message: &Message| message.origin.as_ref().map(|origin| origin.as_str().to_owned());
        let named = messages.iter().filter_map(|message| Some((origin(message)?, message)));
        let mut book = BTreeMap::new();
        for (origin, message) in named {
            unsent.extend(waiting(message).map(|what| format!("{} {origin}: {what}", device.tag)));
            book.insert(origin, outcome(device, message));
        }
        outcomes.push(book);
    }
    let all: BTreeSet<&String> = outcomes.iter().flat_map(BTreeMap::keys).collect();
    let mut differing = Vec::new();
    for origin in all {
        // One that is missing is told as lost.
        let here: Vec<(&str, &Outcome)> = devices
            .iter()
            .zip(&outcomes)
            .filter_map(|(device, book)| Some((device.tag, book.get(origin)?)))
            .collect();
        if here.iter().any(|(_, outcome)| Some(*outcome) != here.first().map(|first| first.1)) {
            differing.push(format!("{origin}: {here:?}"));
        }
    }
    let (mut wrong, mut said) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for (device, book) in devices.iter().zip(&outcomes) {
        for ((target, kind), history) in &device.sayings.of {
            let Some(outcome) = book.get(target) else { continue };
            let gone = device.sayings.of.get(&(target.clone(), Kind::Gone));
            let is_good = match kind {
                Kind::Gone => outcome.text.is_none() || history.sure == 0,
                Kind::Text => outcome
                    .text
                    .as_ref()
                    .map_or(gone.is_some(), |text| history.allowed(&device.original(target)).contains(text)),
                // There is nothing to react to any more.
                Kind::Reactions if outcome.text.is_none() => true,
                Kind::Reactions => {
                    let own = outcome.reactions.get(device.name).cloned().unwrap_or_default();
                    history.allowed("").contains(&own)
                }
            };
            let name = match kind {
                Kind::Gone => "retractions",
                Kind::Text => "corrections",
                Kind::Reactions => "reactions",
            };
            *said.entry(name).or_default() += history.all.len();
            if !is_good {
                wrong.push(format!("{} {target} {kind:?}: {outcome:?} after {history:?}", device.tag));
            }
        }
    }
    let good = differing.is_empty() && wrong.is_empty() && unsent.is_empty();
    (json!({ "said": said, "differing": differing, "wrong": wrong, "unsent": unsent }), good)
}

fn outcome(device: &Device, message: &Message) -> Outcome {
    let text = match &message.body {
        Body::Text(text) => Some(text.clone()),
        Body::Unreadable(_) => Some(String::new()),
        Body::Retracted => None,
    };
    let person = |author| match author {
        Direction::Outgoing => device.name,
        Direction::Incoming => device.peer,
    };
    let reactions = message.annotations.reactions.iter().map(|by| {
        let emoji: Vec<&str> = by.emoji.iter().map(Emoji::as_str).collect();
        (person(by.author), sorted(&emoji))
    });
    Outcome { text, reactions: reactions.collect() }
}

/// What is said of a message and has not left.
fn waiting(message: &Message) -> impl Iterator<Item = String> {
    let known = &message.annotations;
    let states = known.edited.iter().map(|edited| ("corrected", &edited.state));
    let states = states.chain(known.retracting.iter().map(|state| ("retracted", state)));
    let states = states.chain(known.reactions.iter().map(|by| ("reacted to", &by.state)));
    let left_behind =
        states.filter(|(_, state)| matches!(state, MessageState::Pending | MessageState::Failed(_)));
    left_behind.map(|(what, state)| format!("{what}, {state:?}")).collect::<Vec<_>>().into_iter()
}
