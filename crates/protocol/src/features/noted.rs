//! What was told of reading, and what could not be told yet: kept, so that it is told in another run.

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{BareJid, Change, Reading, Restored};

use crate::displayed::Displayed;
use crate::receipts::Receipts;
use crate::step::Step;

/// What the ledger has of it.
#[derive(Debug)]
pub(crate) struct Noted(BTreeMap<BareJid, Reading>);

impl Noted {
    /// What the last run has kept.
    pub(crate) fn new(restored: &Restored) -> Self {
        Self(restored.reading.iter().map(|reading| (reading.peer.clone(), reading.clone())).collect())
    }

    /// Keeps what has changed.
    pub(crate) fn keep(&mut self, receipts: &mut Receipts, displayed: &mut Displayed, step: &mut Step<'_>) {
        let mut changed: BTreeSet<BareJid> = std::mem::take(&mut receipts.changed);
        changed.append(&mut displayed.changed);
        for peer in changed {
            let (told, archived) = displayed.state(&peer);
            let marker = receipts.untold(&peer);
            let is_nothing = told.is_none() && archived.is_none() && marker.is_none();
            let reading = Reading { peer: peer.clone(), told, archived, marker };
            let is_noted = match self.0.get(&peer) {
                Some(noted) => *noted == reading,
                None => is_nothing,
            };
            if is_noted {
                continue;
            }
            match is_nothing {
                true => drop(self.0.remove(&peer)),
                false => drop(self.0.insert(peer, reading.clone())),
            }
            step.record(Change::ReadingNoted(reading));
        }
    }
}
