//! Where a message belongs, and where it comes from.

use causerie_model::{Arrival, Change, NewMessage, Order, Past, StanzaId, Timestamp};

use super::{Archive, Progress, What};
use crate::omemo::Turn;
use crate::receipts::Came;

/// Where a message belongs: what our archive calls it, when it was, and whether it came then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) stanza: Option<StanzaId>,
    pub(crate) at: Timestamp,
    pub(crate) arrival: Arrival,
    /// Whether what was written before it has come.
    pub(crate) turn: Turn,
    pub(crate) order: Order,
    /// Whether what was said before it may be missing, so that the archive tells its place later.
    pub(crate) is_early: bool,
    pub(crate) source: Source,
    /// Why it is no news, if it is none.
    pub(crate) past: Option<Past>,
}

/// Where a message comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// By itself: once.
    Live,
    /// The same, as a copy of what another device of ours got or sent.
    Copied,
    /// From our archive, which is asked again for what was not kept.
    Archive,
}

impl Place {
    /// How it has come, where it is fetched because it was missed, in its turn or ahead of that.
    pub(crate) fn was_missed(&self) -> Option<Came> {
        match self.order {
            Order::Listed { .. } => Some(Came::Listed),
            _ => (self.turn == Turn::Early).then_some(Came::Ahead(self.at)),
        }
    }

    /// Whether what could not be read before its turn comes again for certain: not what came by itself, as it may never be listed.
    pub(crate) fn comes_again(&self) -> bool {
        self.source == Source::Archive && self.turn == Turn::Early
    }
}

impl Source {
    /// What is remembered of a message that has come from there.
    pub(crate) fn change(self, message: NewMessage) -> Change {
        match self {
            Self::Live | Self::Copied => Change::MessageAdded(message),
            Self::Archive => Change::MessageFetched(message),
        }
    }
}

/// What is remembered of something, whether it is news or not.
pub(crate) fn remembered(past: Option<Past>, change: Change) -> Change {
    match past {
        Some(past) => Change::Past(past, Box::new(change)),
        None => change,
    }
}

impl Archive {
    /// Why what was asked for is no news, if it is none. What is behind the mark was missed, even if somebody scrolls up to it before its turn; and
    /// where there is none yet, what was said since it was asked for.
    pub(super) fn past(&self, what: &What, at: Timestamp) -> Option<Past> {
        let is_since = |then: Timestamp| then.as_millis() <= at.as_millis();
        let is_missed = |then: Timestamp| self.progress != Progress::Done && is_since(then);
        let mark = self.reached.as_ref().map(|mark| mark.at);
        match what {
            What::First { .. } if self.was_asked().is_some_and(is_since) => None,
            What::First { .. } => Some(Past::BeforeUs),
            What::Older { .. } if mark.or(self.was_asked()).is_some_and(is_missed) => None,
            What::Older { .. } => Some(Past::LookedUp),
            // Without a mark all that was ever said with somebody is looked through.
            What::Sought { .. } if mark.is_none() && !self.first_asked().is_some_and(is_since) => {
                Some(Past::BeforeUs)
            }
            What::Newer | What::Since | What::Ahead { .. } | What::Sought { .. } => None,
        }
    }
}
