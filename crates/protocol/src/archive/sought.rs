//! Messages of ours that may have arrived, looked for though the person does not want to wait for what was missed, or while it is long.
//!
//! They are not sent again before the archive has told whether it has them. So only that is asked: what was said with these people after the
//! mark, which such a message keeps where it is, the newest first, until each of them is found or all was seen. What comes so has a place,
//! and comes again when what was missed is fetched after all. An archive that refuses, or does not answer, is not waited for.

use std::collections::{BTreeSet, VecDeque};

use causerie_model::{BareJid, Reached};

use super::afterwards::Afterwards;
use super::page::{Bounds, Side};
use super::{Archive, MOST_HELD, MOST_REFUSALS, Progress, SHORT_PAGES, Trouble, What};
use crate::iq::Answer;
use crate::step::Step;

/// With whom something is looked for.
#[derive(Debug, Default)]
pub(super) struct Sought {
    /// And before what of that.
    open: VecDeque<(BareJid, Option<Reached>)>,
    /// With whom all was seen.
    seen: BTreeSet<BareJid>,
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
        let is_new =
            |peer: &BareJid| !self.seen.contains(peer) && self.open.iter().all(|(open, _)| open != peer);
        let new: Vec<_> = peers.into_iter().filter(is_new).map(|peer| (peer, None)).collect();
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
        self.sought.add(uncertain);
        self.go_on(step);
    }

    /// What was missed is long: nobody waits for all of it before what they have written goes out. What the server still reads of a connection
    /// that broke would be missed before it has begun anew ([`Archive::check`]).
    pub(crate) fn seek_ahead(&mut self, uncertain: impl FnOnce() -> BTreeSet<BareJid>) {
        let Progress::Fetching { pages, .. } = self.progress else { return };
        let is_long = self.gap.is_some() || pages >= SHORT_PAGES;
        if self.reached.is_some() && self.whole && is_long {
            self.sought.add(uncertain());
        }
    }

    /// Only these are still looked for.
    pub(crate) fn keep_seeking(&mut self, uncertain: impl FnOnce() -> BTreeSet<BareJid>) {
        if !self.sought.is_over() || self.afterwards.matters() {
            let uncertain = uncertain();
            self.sought.open.retain(|(peer, _)| uncertain.contains(peer));
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
        let Some((peer, before)) = self.sought.open.front().cloned().filter(|_| is_asking) else {
            return false;
        };
        let start = self.reached.as_ref().map(|mark| mark.at);
        let bounds = Bounds { with: Some(peer.clone()), start, end: None };
        let (side, at) = before.map_or((None, None), |before| (Some(before.id), Some(before.at)));
        self.ask(What::Sought { peer }, (bounds, Side::Before(side)), at, step);
        true
    }

    /// A page of that has come; the oldest of it, where there is more.
    pub(super) fn sought(&mut self, peer: &BareJid, oldest: Option<Reached>) {
        let Some((_, before)) = self.sought.open.front_mut().filter(|(front, _)| front == peer) else {
            return;
        };
        let moved = |oldest: &Reached| before.as_ref().is_none_or(|before| before.id != oldest.id);
        match oldest.filter(moved) {
            Some(oldest) => *before = Some(oldest),
            None => {
                self.sought.open.pop_front();
                self.sought.seen.insert(peer.clone());
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
