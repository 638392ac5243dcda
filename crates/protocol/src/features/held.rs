//! Messages that come in, at once or when they can be read.

use causerie_model::{Arrival, BareJid, Change, Direction, Held, LetGo, Order, Unreadable};
use minidom::Element;

use super::Features;
use crate::archive::{Place, Source};
use crate::messages::Content;
use crate::omemo::{Envelope, Terms, Turn, Unsealed};
use crate::receipts::{self, Said};
use crate::stanza::Sender;
use crate::step::Step;

impl Features {
    /// Takes in what somebody's message says. What can't be read yet is held.
    pub(super) fn received(
        &mut self,
        stanza: &Element,
        sender: &Sender,
        place: Place,
        step: &mut Step<'_>,
    ) -> Content {
        let unsealed = self.unseal(stanza, sender, &place, step);
        if place.source == Source::Live {
            self.came_early(&unsealed, &place);
        }
        let why = unreadable(&unsealed);
        let content = self.messages.received(stanza, sender, unsealed, (&self.roster, place.clone()), step);
        if let (Content::Unreadable, Some(why), Some(peer)) = (content, why, sender.bare(step.own)) {
            let peer = peer.clone();
            self.omemo.hold(stanza, (&peer, Direction::Incoming), (&place, why), step);
        }
        content
    }

    /// Takes in what another device of ours sent.
    pub(super) fn sent_elsewhere(
        &mut self,
        stanza: &Element,
        peer: &BareJid,
        place: Place,
        step: &mut Step<'_>,
    ) -> Content {
        let unsealed = self.unseal_sent(stanza, peer, &place, step);
        if place.source == Source::Live {
            self.came_early(&unsealed, &place);
        }
        let why = unreadable(&unsealed);
        let content = self.messages.sent_elsewhere(stanza, peer, unsealed, place.clone(), step);
        if let Some(why) = why {
            self.omemo.hold(stanza, (peer, Direction::Outgoing), (&place, why), step);
        }
        for said in receipts::said(stanza) {
            if let Said::Read(id) = said {
                step.record(Change::ReadElsewhere { peer: peer.clone(), id });
            }
        }
        content
    }

    fn unseal_sent(
        &mut self,
        stanza: &Element,
        peer: &BareJid,
        place: &Place,
        step: &mut Step<'_>,
    ) -> Unsealed {
        let own = step.own.clone();
        let Place { turn, at, .. } = *place;
        self.omemo.unseal(stanza, Envelope { from: &own, to: peer, terms: Terms::Known, turn, at }, step)
    }

    /// Reads what was held and can be read by now, and follows what devices have said that are trusted by now.
    pub(super) fn read_held(&mut self, step: &mut Step<'_>) {
        let Self { messages, omemo, .. } = self;
        messages.trust(|jid, fingerprint| omemo.trust_in(jid, fingerprint), step);
        for held in self.omemo.take_held(step) {
            self.try_again(held, step);
        }
    }

    fn try_again(&mut self, held: Held, step: &mut Step<'_>) {
        let Ok(stanza) = held.stanza.parse::<Element>() else {
            return self.omemo.let_go(held.mark, LetGo::Stays, step);
        };
        let place = Place {
            stanza: held.archived.clone(),
            at: held.at,
            arrival: Arrival::Kept,
            turn: Turn::Due,
            order: Order::ByTime,
            source: Source::Live,
        };
        let sender = Sender::of(&stanza, step.own);
        let unsealed = match held.direction {
            Direction::Incoming => self.unseal(&stanza, &sender, &place, step),
            Direction::Outgoing => self.unseal_sent(&stanza, &held.peer, &place, step),
        };
        if let Some(why @ (Unreadable::KeyReplaced | Unreadable::Delayed)) = unreadable(&unsealed) {
            return self.omemo.hold_on(held, why);
        }
        let content = match held.direction {
            Direction::Incoming => {
                self.messages.received(&stanza, &sender, unsealed, (&self.roster, place), step)
            }
            Direction::Outgoing => self.messages.sent_elsewhere(&stanza, &held.peer, unsealed, place, step),
        };
        let outcome = match content {
            Content::Body | Content::Unreadable => LetGo::Stays,
            Content::Nothing | Content::Refused => LetGo::Leaves,
        };
        self.omemo.let_go(held.mark, outcome, step);
    }
}

fn unreadable(unsealed: &Unsealed) -> Option<Unreadable> {
    match unsealed {
        Unsealed::Unreadable(why) => Some(*why),
        Unsealed::Clear | Unsealed::Text(..) | Unsealed::Nothing => None,
    }
}
