//! Messages of ours that may have arrived, looked for though the person does not want to wait for what was missed, or while it is long: more
//! than one page.
//!
//! They are not sent again before the archive has told whether it has them. So only that is asked: what was said with these people after the
//! mark, which such a message keeps where it is, the newest first, until each of them is found or all was seen. What comes so has a place,
//! and comes again when what was missed is fetched after all. An archive that refuses, or does not answer, is not waited for. One that knows no
//! end of what was said with somebody is asked for [`MOST_PAGES`] of it, each in turn with what was missed: then that tells, if anything.

use std::collections::{BTreeSet, VecDeque};

use causerie_model::{BareJid, Reached};

use super::afterwards::Afterwards;
use super::page::{self, Bounds, Side};
use super::{Archive, MOST_HELD, MOST_REFUSALS, Progress, SHORT_PAGES, Trouble, What};
use crate::iq::Answer;
use crate::step::Step;

/// How many pages of what was said with one person are asked for.
const MOST_PAGES: usize = 200;

/// With whom something is looked for.
#[derive(Debug, Default)]
pub(super) struct Sought {
    open: VecDeque<Open>,
    /// With whom all was seen.
    seen: BTreeSet<BareJid>,
    /// With whom it is looked for no more.
    given_up: BTreeSet<BareJid>,
    /// What was missed has its turn before the next page.
    has_asked: bool,
}

#[derive(Clone, Debug)]
struct Open {
    peer: BareJid,
    /// Before what of that.
    before: Option<Reached>,
    /// How many pages have come.
    pages: usize,
}

impl Sought {
    pub(super) fn is_over(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether all was seen that was said with them since the mark.
    pub(super) fn has_seen(&self, peer: &BareJid) -> bool {
        self.seen.contains(peer)
    }

    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    fn add(&mut self, peers: BTreeSet<BareJid>) {
        let is_new = |peer: &BareJid| {
            !self.seen.contains(peer)
                && !self.given_up.contains(peer)
                && self.open.iter().all(|open| open.peer != *peer)
        };
        let open = |peer| Open { peer, before: None, pages: 0 };
        let new: Vec<_> = peers.into_iter().filter(is_new).map(open).collect();
        self.open.extend(new);
    }
}

impl Archive {
    /// The person does not want to wait. With these people something is on its way that may have arrived.
    pub(crate) fn stop(&mut self, uncertain: BTreeSet<BareJid>, step: &mut Step<'_>) {
        if self.is_fetching() {
            if !matches!(&self.open, Some(open) if matches!(open.what, What::Older { .. })) {
                self.open = None;
            }
            self.is_unwanted = true;
            self.sought.forget();
            self.sought.add(uncertain);
            self.end(Progress::Stopped, step);
        }
    }

    /// The session goes on, and it is not known whether what went to these people has arrived.
    pub(crate) fn seek(&mut self, uncertain: BTreeSet<BareJid>, step: &mut Step<'_>) {
        if self.progress != Progress::Stopped || !self.is_unwanted {
            return;
        }
        // It was seen what had arrived until then.
        self.sought.seen.clear();
        self.sought.given_up.clear();
        self.sought.add(uncertain);
        self.go_on(step);
    }

    /// Something has been answered, and is to be taken in. Where it is a page of what was missed, and not the last one, that is long: on a slow
    /// line a page takes half a minute, and nobody waits for all of them before what they have written goes out. What the server still
    /// reads of a connection that broke would be missed before it has begun anew ([`Archive::check`]).
    pub(crate) fn seek_ahead(
        &mut self,
        (name, answer): (&str, &Answer<'_>),
        uncertain: impl FnOnce() -> BTreeSet<BareJid>,
    ) {
        let Progress::Fetching { pages, .. } = self.progress else { return };
        let question = self.open.as_ref().filter(|open| open.name == name).map(|open| &open.what);
        let is_missed = !matches!(question, None | Some(What::Older { .. } | What::Sought { .. }));
        let is_long = match answer {
            Answer::Result(reply) if is_missed => !page::is_last(reply),
            _ => self.gap.is_some() || pages >= SHORT_PAGES,
        };
        if self.reached.is_some() && self.whole && is_long {
            self.sought.add(uncertain());
        }
    }

    /// Only these are still looked for.
    pub(crate) fn keep_seeking(&mut self, uncertain: impl FnOnce() -> BTreeSet<BareJid>) {
        if !self.sought.is_over() || self.afterwards.matters() {
            let uncertain = uncertain();
            self.sought.open.retain(|open| uncertain.contains(&open.peer));
            if uncertain.is_empty() {
                self.all_is_certain();
            }
        }
    }

    /// Nothing is looked for any more.
    pub(crate) fn all_is_certain(&mut self) {
        self.afterwards = Afterwards::default();
    }

    /// Asks for what was said with the next of them. Says whether there is one.
    pub(super) fn ask_sought(&mut self, step: &mut Step<'_>) -> bool {
        let is_asking = matches!(self.progress, Progress::Stopped | Progress::Fetching { .. })
            // It may still come.
            && self.afterwards.is_over();
        let Some(Open { peer, before, pages }) = self.sought.open.front().cloned().filter(|_| is_asking)
        else {
            return false;
        };
        let is_missed = self.is_fetching() && self.next.is_some();
        if std::mem::take(&mut self.sought.has_asked) && pages > 0 && is_missed {
            return false;
        }
        self.sought.has_asked = true;
        let start = self.reached.as_ref().map(|mark| mark.at);
        let bounds = Bounds { with: Some(peer.clone()), start, end: None };
        let (side, at) = before.map_or((None, None), |before| (Some(before.id), Some(before.at)));
        self.ask(What::Sought { peer }, (bounds, Side::Before(side)), at, step);
        true
    }

    /// A page of that has come; the oldest of it, where there is more. A page that got no further and is not the last has not told all.
    pub(super) fn sought(&mut self, peer: &BareJid, oldest: Option<Reached>, is_complete: bool) {
        let Some(open) = self.sought.open.front_mut().filter(|open| open.peer == *peer) else { return };
        let before = open.before.as_ref().map(|before| &before.id);
        open.pages += 1;
        match oldest.filter(|oldest| before != Some(&oldest.id)) {
            Some(oldest) if open.pages < MOST_PAGES => open.before = Some(oldest),
            oldest => {
                self.sought.open.pop_front();
                let is_seen = is_complete && oldest.is_none();
                let known = if is_seen { &mut self.sought.seen } else { &mut self.sought.given_up };
                known.insert(peer.clone());
            }
        }
    }

    /// It has not come: it is asked for again, unless it was too often, or all that was missed is fetched after all.
    pub(super) fn seeking_failed(&mut self, answer: &Answer<'_>, step: &mut Step<'_>) {
        match self.progress {
            Progress::Stopped => {
                self.trouble.count(answer, step.now.elapsed);
                if self.trouble.refusals >= MOST_REFUSALS || self.trouble.misses >= MOST_HELD {
                    self.sought.forget();
                    self.trouble = Trouble::default();
                }
            }
            // What was missed tells as well, later.
            Progress::Fetching { .. } => self.sought.open.clear(),
            Progress::Unknown | Progress::Done => {}
        }
        self.go_on(step);
    }
}

#[cfg(test)]
mod tests {
    use causerie_model::Timestamp;

    use super::super::whose::Whose;
    use super::*;

    #[test]
    fn what_has_no_end_is_looked_for_in_so_many_pages_and_no_more() {
        let (own, bob) = (BareJid::new("alice@a.example").unwrap(), BareJid::new("bob@b.example").unwrap());
        let mut archive = Archive::of(Whose::Account, own, (None, None, None));
        let page = |number: usize| {
            // Two names in turn, which would go on for ever.
            Some(Reached { id: (number % 2).to_string(), at: Timestamp::default() })
        };
        archive.sought.add([bob.clone()].into());
        for number in 0..MOST_PAGES {
            assert!(!archive.sought.is_over());
            archive.sought(&bob, page(number), false);
        }
        archive.sought.add([bob.clone()].into());
        assert!(archive.sought.is_over() && !archive.sought.has_seen(&bob));
    }
}
