//! Conversations that are looked at: whether what is written there can be encrypted is told, and told anew when it changes.

use causerie_model::{BareJid, Event};

use super::{Keys, Omemo};
use crate::step::Step;

/// For how many conversations it is told whether messages could be encrypted: those that were looked at last.
const MOST_WATCHED: usize = 16;

/// Whether we are told when somebody's devices change: it is who sees their presence (XEP-0163 1.2.2 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Yes,
    No,
}

impl Omemo {
    /// A conversation is looked at, with somebody of whose changes we are told or not.
    pub(crate) fn look_up(&mut self, peer: &BareJid, told: Told, step: &mut Step<'_>) {
        self.watched.retain(|(watched, _)| watched != peer);
        if self.watched.len() >= MOST_WATCHED {
            self.watched.remove(0);
        }
        match peer == step.own {
            true => self.look_at_our_own(step),
            false => self.bundles.try_again(peer),
        }
        if !matches!(self.keys, Keys::Closed) {
            // Of whom nobody tells us, only the person's looking there is a reason to ask.
            if told == Told::No || self.people.devices(peer).is_empty() {
                self.people.look_up_anew(peer, step);
            } else {
                self.people.look_up(peer, step);
            }
        }
        // Told anew in any case.
        let readiness = self.readiness(peer);
        self.watched.push((peer.clone(), readiness));
        step.tell(Event::ReadinessChanged { peer: peer.clone(), readiness });
    }

    /// Tells what has changed in conversations that are looked at.
    pub(super) fn review(&mut self, step: &mut Step<'_>) {
        for at in 0..self.watched.len() {
            let Some(readiness) = self.watched.get(at).map(|(peer, _)| self.readiness(peer)) else { return };
            if let Some((peer, told)) = self.watched.get_mut(at).filter(|(_, told)| *told != readiness) {
                *told = readiness;
                step.tell(Event::ReadinessChanged { peer: peer.clone(), readiness });
            }
        }
    }
}
