//! What strangers write that can't be read: what came encrypted is shown as rows, as far as it is not too much, and of everything else it is
//! told that it came.
//!
//! A row says why it can't be read and what can be done, as it does with anybody else. But what can't be read costs nothing to send: one
//! stranger does not fill the disk with it, and any number of addresses does not fill the list of conversations.

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::{BareJid, Event, Notice, StanzaId};

use super::Messages;
use crate::step::Step;

/// Of how many strangers what can't be decrypted is shown, in a day.
pub(crate) const MOST_SHOWN: usize = 20;
/// How many messages that can't be decrypted are shown of one stranger, in a day.
pub(crate) const MOST_ROWS: usize = 10;
/// Of how many strangers, with those, it is told in a day that something of theirs could not be read. More than that is somebody who wants to
/// be heard of: of all of those it is told once, without a name.
const MOST_STRANGERS: usize = 100;
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What came from strangers and could not be read, in this run.
#[derive(Debug, Default)]
pub(super) struct Strange {
    of: BTreeMap<BareJid, Unread>,
    /// When it was last told of those whose address is none, or who are too many.
    told_of_nobody: Option<Duration>,
}

/// What could not be read of one stranger.
#[derive(Debug)]
struct Unread {
    since: Duration,
    /// What our archive calls those that are shown.
    shown: Vec<Option<StanzaId>>,
    /// Whether it was told that there is more.
    told: bool,
}

impl Unread {
    fn since(since: Duration) -> Self {
        Self { since, shown: Vec::new(), told: false }
    }
}

impl Messages {
    /// Something encrypted from a stranger could not be read. Says whether it is shown.
    pub(super) fn shows_of_stranger(
        &mut self,
        from: &BareJid,
        named: Option<&StanzaId>,
        step: &Step<'_>,
    ) -> bool {
        let of = &mut self.strange.of;
        let since = step.now.elapsed;
        of.retain(|_, unread| since.saturating_sub(unread.since) < A_DAY);
        let shown = of.values().filter(|unread| !unread.shown.is_empty()).count();
        if shown >= MOST_SHOWN && of.get(from).is_none_or(|unread| unread.shown.is_empty()) {
            return false;
        }
        let unread = of.entry(from.clone()).or_insert_with(|| Unread::since(since));
        // It may have come a second time.
        let is_counted = named.is_some_and(|named| unread.shown.contains(&Some(named.clone())));
        let has_room = unread.shown.len() < MOST_ROWS;
        if has_room && !is_counted {
            unread.shown.push(named.cloned());
        }
        has_room || is_counted
    }

    /// Something from a stranger could not be read, and is not shown: they get no conversation by it, but it has come.
    pub(super) fn tell_of_stranger(&mut self, from: BareJid, step: &mut Step<'_>) {
        let of = &mut self.strange.of;
        let since = step.now.elapsed;
        of.retain(|_, unread| since.saturating_sub(unread.since) < A_DAY);
        if of.len() >= MOST_STRANGERS && !of.contains_key(&from) {
            return self.tell_of_nobody(step);
        }
        let unread = of.entry(from.clone()).or_insert_with(|| Unread::since(since));
        if !std::mem::replace(&mut unread.told, true) {
            step.tell(Event::Notice(Notice::Unreadable { from: Some(from) }));
        }
    }

    /// Something came from what is no address, or from too many, or could not be let in at all: it has no conversation. That is told once
    /// a day.
    pub(crate) fn tell_of_nobody(&mut self, step: &mut Step<'_>) {
        let now = step.now.elapsed;
        let told = &mut self.strange.told_of_nobody;
        if told.is_none_or(|told| now.saturating_sub(told) >= A_DAY) {
            *told = Some(now);
            step.tell(Event::Notice(Notice::Unreadable { from: None }));
        }
    }
}
