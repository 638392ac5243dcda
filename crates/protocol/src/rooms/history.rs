//! What was said before we came in, which a room without an archive tells at the door (XEP-0045 §7.2.13).
//!
//! It is asked for by number and not by time: only the room's own clock is in what it tells, and what we have heard there has no time of that. So
//! it tells again what is here already, which is known by its order and by what it says, when all has come: the ledger compares
//! ([`causerie_model::Change::RoomHistory`]). That is when the topic comes, or what is said now, or nothing for [`PATIENCE`].
//!
//! Whoever is in a room for the first time has missed nothing of what it tells. That it was the first time is remembered when all was told, so that what
//! is said later and told again is news, even if it is the first that was ever said there.
//!
//! What of ours may have arrived is looked for in it. Where it goes back to what was said last before, what is not in it is not there.
//! Else nobody can say.

use std::time::Duration;

use causerie_model::{Body, Change, Direction, LastSaid, Past, RoomMessage};

use super::Room;
use super::outbox::Sight;
use crate::archive::remembered;
use crate::ns;
use crate::step::Step;
use crate::xml::Draft;

/// How long the end of it is awaited.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of it is wanted where nothing is known yet, and else: more than rooms without an archive keep.
const FIRST: &str = "50";
const ALL: &str = "1000";
/// How much of it is compared at once, and how many bytes of text.
const MOST: usize = 1_000;
const MOST_BYTES: usize = 4 << 20;

/// What a room tells at the door.
#[derive(Debug, Default)]
pub(super) enum History {
    /// It is told until then at the latest: so far these messages, and what was said of messages.
    Coming { until: Duration, told: Vec<RoomMessage>, bytes: usize, said_of: Vec<Change>, reaches_back: bool },
    #[default]
    Over,
}

impl History {
    /// It is about to come.
    pub(super) fn begin(now: Duration) -> Self {
        let until = now.saturating_add(PATIENCE);
        Self::Coming { until, told: Vec::new(), bytes: 0, said_of: Vec::new(), reaches_back: false }
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::Over)
    }

    /// The rest of it comes later, as there was no stream.
    pub(super) fn is_awaited_on(&mut self, now: Duration) {
        if let Self::Coming { until, .. } = self {
            *until = now.saturating_add(PATIENCE);
        }
    }

    /// When it is over at the latest.
    pub(super) fn until(&self) -> Option<Duration> {
        match self {
            Self::Coming { until, .. } => Some(*until),
            Self::Over => None,
        }
    }
}

/// What is wanted of it.
pub(super) fn wanted(has_archive: bool, is_known: bool) -> Draft {
    let most = match (has_archive, is_known) {
        (true, _) => "0",
        (false, true) => ALL,
        (false, false) => FIRST,
    };
    Draft::new("history", ns::ROOM).attr("maxstanzas", most)
}

impl Room {
    /// Something is told that was said before.
    pub(super) fn was_told(&mut self, said: RoomMessage, step: &mut Step<'_>) {
        let is_last = self.last.as_ref().is_some_and(|last| is_same(last, &said));
        let size = match &said.message.body {
            Body::Text(text) => text.len(),
            Body::Unreadable(_) | Body::Retracted => 0,
        };
        let past = self.is_past();
        let History::Coming { told, bytes, reaches_back, .. } = &mut self.history else {
            return step.record(remembered(past, Change::RoomHistory(vec![said])));
        };
        *reaches_back |= is_last;
        *bytes += size;
        told.push(said);
        if told.len() >= MOST || *bytes >= MOST_BYTES {
            *bytes = 0;
            step.record(remembered(past, Change::RoomHistory(std::mem::take(told))));
        }
    }

    /// Something is told that was said of a message before.
    pub(super) fn was_told_of(&mut self, change: Change, step: &mut Step<'_>) {
        match &mut self.history {
            History::Coming { said_of, .. } if said_of.len() < MOST => said_of.push(change),
            _ => step.record(change),
        }
    }

    /// That of ours was in it, so that it goes back to before what was said after it.
    pub(super) fn was_told_ours(&mut self) {
        if let History::Coming { reaches_back, .. } = &mut self.history {
            *reaches_back = true;
        }
    }

    /// Why what is told is no news, if it is none.
    pub(super) fn is_past(&self) -> Option<Past> {
        (self.last.is_none() && self.archive.is_new()).then_some(Past::BeforeUs)
    }

    /// All has been told. `is_whole`: and nothing was cut off.
    pub(super) fn history_is_over(&mut self, is_whole: bool, step: &mut Step<'_>) {
        let past = self.is_past();
        let History::Coming { told, said_of, reaches_back, .. } = std::mem::take(&mut self.history) else {
            return;
        };
        // What was cut off may be what we look for, before what comes next.
        if let Some(last) = told.last().filter(|_| is_whole || reaches_back) {
            self.last = Some(last_said(last));
        }
        if !told.is_empty() {
            step.record(remembered(past, Change::RoomHistory(told)));
        }
        if is_whole && past.is_some() {
            self.archive.first_is_asked(step);
        }
        said_of.into_iter().for_each(|change| step.record(change));
        self.sight = if is_whole && reaches_back { Sight::Clear } else { Sight::None };
    }
}

/// What is said last, from then on.
pub(super) fn last_said(said: &RoomMessage) -> LastSaid {
    LastSaid {
        nick: said.author.as_ref().map(|author| author.nick.clone()),
        origin: said.message.origin.clone(),
        text: match &said.message.body {
            Body::Text(text) => Some(text.clone()),
            Body::Unreadable(_) | Body::Retracted => None,
        },
    }
}

/// Whether that was said last. Under which name we were there then is not known.
fn is_same(last: &LastSaid, said: &RoomMessage) -> bool {
    let heard = last_said(said);
    let is_by_same =
        last.nick == heard.nick || said.message.direction == Direction::Outgoing || last.nick.is_none();
    is_by_same && last.origin == heard.origin && last.text == heard.text
}
