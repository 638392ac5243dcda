//! What is older than what is here, of one conversation: somebody looks at its oldest message.

use causerie_model::{BareJid, Event, Timestamp};

use super::page::{Bounds, Side};
use super::{Archive, MOST_WAITING, Progress, Question, What, end_of};
use crate::step::Step;

impl Archive {
    /// The person looks at the oldest message that is here.
    pub(crate) fn fetch_older(&mut self, peer: BareJid, before: Timestamp, step: &mut Step<'_>) {
        let is_asked = self.older.iter().any(|(asked, _)| *asked == peer)
            || matches!(&self.open, Some(Question { what: What::Older { peer: asked }, .. }) if *asked == peer);
        let has_archive =
            matches!(self.progress, Progress::Fetching { .. } | Progress::Done | Progress::Stopped)
                && step.is_online()
                && !self.told;
        if !has_archive || self.oldest.get(&peer) == Some(&None) {
            step.tell(Event::OlderFetched { peer, whole: self.told || has_archive });
            return;
        }
        if is_asked {
            return;
        }
        if self.older.len() >= MOST_WAITING {
            step.tell(Event::OlderFetched { peer, whole: false });
            return;
        }
        self.older.push_back((peer, before));
        self.go_on(step);
    }

    pub(super) fn ask_older(&mut self, peer: BareJid, before: Timestamp, step: &mut Step<'_>) {
        let cursor = self.oldest.get(&peer).cloned().flatten();
        let before = cursor.as_ref().map_or(before, |cursor| cursor.at);
        let end = cursor.is_none().then(|| end_of(before));
        let bounds = Bounds { with: self.whose.with(&peer), end, ..Bounds::default() };
        let side = Side::Before(cursor.map(|cursor| cursor.id));
        self.ask(What::Older { peer }, (bounds, side), Some(before), step);
    }
}
