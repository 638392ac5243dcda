//! Messages that come in, at once or when they can be read.

use causerie_model::{Arrival, BareJid, Change, DeviceId, Direction, Held, LetGo, Order, Unreadable};
use causerie_omemo::LentKeys;
use minidom::Element;

use super::Features;
use crate::archive::{Place, Source};
use crate::messages::Content;
use crate::ns;
use crate::omemo::{Coming, Envelope, Listed, Renewal, Tells, Terms, Turn, Unsealed};
use crate::receipts::Came;
use crate::receipts::{self, Said};
use crate::stanza::{self, Sender};
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
        // Copies and archives may have what somebody in a room wrote to us alone: it is no person's.
        if sender.bare(step.own).is_some_and(|peer| self.rooms.has(peer)) {
            return Content::Refused;
        }
        let unsealed = self.unseal(stanza, sender, (&place, None), step);
        if place.source != Source::Archive {
            self.came_early(&unsealed, &place);
        }
        let peer = sender.bare(step.own).cloned();
        // A note to ourselves is our own, whichever way it comes.
        let is_note = peer.as_ref() == Some(step.own);
        let direction = if is_note { Direction::Outgoing } else { Direction::Incoming };
        let tells = match (place.source, place.order) {
            (Source::Live, _) => Tells::Arrival,
            (Source::Archive, Order::Listed { .. }) => Tells::Reading,
            (Source::Archive | Source::Copied, _) => Tells::Nothing,
        };
        let (unsealed, held) = match &peer {
            Some(peer) => self.keep(stanza, (peer, direction), (&place, unsealed), tells, step),
            None => (unsealed, None),
        };
        let is_partner = peer.as_ref().is_some_and(|peer| self.omemo.is_partner(peer));
        let known = (&self.roster, is_partner, place.clone());
        let content = self.messages.received(stanza, sender, unsealed, known, step);
        if let (Content::Nothing, Some(peer)) = (content, &peer) {
            self.omemo.says_nothing((peer, direction), &place, step);
        }
        if is_note {
            self.look_for_a_copy(stanza, &step.own.clone(), place, step);
        }
        if let (Content::Unreadable, Some(held)) = (content, held) {
            self.hold(held, step);
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
        if self.rooms.has(peer) {
            return Content::Refused;
        }
        let unsealed = self.unseal_sent(stanza, peer, (&place, None), step);
        if place.source != Source::Archive {
            self.came_early(&unsealed, &place);
        }
        let kept = (&place, unsealed);
        let (unsealed, held) = self.keep(stanza, (peer, Direction::Outgoing), kept, Tells::Nothing, step);
        let content = self.messages.sent_elsewhere(stanza, peer, unsealed, place.clone(), step);
        if content == Content::Nothing {
            self.omemo.says_nothing((peer, Direction::Outgoing), &place, step);
        }
        self.look_for_a_copy(stanza, peer, place, step);
        if let Some(held) = held {
            self.hold(held, step);
        }
        for said in receipts::said(stanza) {
            if let Said::Read(id) = said {
                step.record(Change::ReadElsewhere { peer: peer.clone(), id });
            }
        }
        content
    }

    /// What is under our number, from whoever, may be from another copy of this device.
    fn look_for_a_copy(&self, stanza: &Element, peer: &BareJid, place: Place, step: &mut Step<'_>) {
        if let Some(device) = self.omemo.our_number_on(stanza, step) {
            self.messages.sent_by_a_copy(stanza, (peer, device), place, step);
        }
    }

    /// The ledger has found that there is one.
    pub(crate) fn copy_seen(&mut self, device: DeviceId, step: &mut Step<'_>) {
        self.omemo.copy_seen(device, step);
        self.answer_copy(step);
    }

    /// Does with our keys what has become due.
    pub(super) fn use_keys(&mut self, step: &mut Step<'_>) {
        self.answer_copy(step);
        let Self { omemo, roster, messages, .. } = self;
        let is_known =
            |jid: &BareJid| roster.subscription(jid).seen_by_them() || messages.has_written_to(jid);
        omemo.answer_owed(is_known, step);
    }

    /// Renews our keys where there is a copy of them, once what was missed is read, or there is no waiting for it any more.
    fn answer_copy(&mut self, step: &mut Step<'_>) {
        if !self.omemo.is_copied() || self.archive.is_settling() {
            return;
        }
        match self.omemo.renewal(step) {
            Renewal::Later => {}
            Renewal::Never => self.flush(step),
            Renewal::Now => self.renew_keys(step),
        }
    }

    fn renew_keys(&mut self, step: &mut Step<'_>) {
        if self.omemo.waits_for(self.archive.lists_more(), step) {
            return;
        }
        // What does not come in its turn any more is read now or never.
        for held in self.omemo.take_held(Listed::All, step) {
            self.try_again(held, step);
        }
        if self.omemo.waits_for(self.omemo.has_delayed(), step) {
            return;
        }
        self.omemo.renew_keys(step);
        self.messages.doubt_sealed(step);
        self.flush(step);
    }

    #[cfg(test)]
    pub(crate) fn omemo(&mut self) -> &mut crate::omemo::Omemo {
        &mut self.omemo
    }

    fn hold(&mut self, held: Held, step: &mut Step<'_>) {
        let Self { omemo, roster, messages, .. } = self;
        let is_known = |jid: &BareJid| roster.has(jid) || messages.has_written_to(jid);
        omemo.hold(held, is_known, step);
    }

    /// What is kept of a message that can't be read, and what its row says.
    fn keep(
        &mut self,
        stanza: &Element,
        whose: (&BareJid, Direction),
        (place, unsealed): (&Place, Unsealed),
        tells: Tells,
        step: &mut Step<'_>,
    ) -> (Unsealed, Option<Held>) {
        let Unsealed::Unreadable(why) = unsealed else { return (unsealed, None) };
        let (held, why) = self.omemo.keep(stanza, whose, (place, why), tells, step);
        (Unsealed::Unreadable(why), held)
    }

    /// Takes what is encrypted out of a message that may have something in it.
    fn unseal(
        &mut self,
        stanza: &Element,
        sender: &Sender,
        (place, lent): (&Place, Option<&LentKeys>),
        step: &mut Step<'_>,
    ) -> Unsealed {
        let Some(from) = sender.bare(step.own).filter(|_| !stanza::is_rejected(stanza)) else {
            return Unsealed::Clear;
        };
        if matches!(stanza.attr("type"), Some("error" | "groupchat")) {
            return Unsealed::Clear;
        }
        let known = from == step.own
            || self.roster.subscription(from).seen_by_them()
            || self.messages.has_written_to(from)
            || self.omemo.is_partner(from);
        let terms = if known { Terms::Known } else { Terms::Stranger };
        let is_contact = from == step.own || self.roster.has(from);
        let (from, own) = (from.clone(), step.own.clone());
        let Place { turn, at, .. } = *place;
        let coming = coming(place);
        self.omemo.unseal(
            stanza,
            Envelope { from: &from, to: &own, terms, is_contact, turn, at, coming, lent },
            step,
        )
    }

    fn unseal_sent(
        &mut self,
        stanza: &Element,
        peer: &BareJid,
        (place, lent): (&Place, Option<&LentKeys>),
        step: &mut Step<'_>,
    ) -> Unsealed {
        let own = step.own.clone();
        let Place { turn, at, .. } = *place;
        let coming = coming(place);
        let (terms, is_contact) = (Terms::Known, true);
        self.omemo.unseal(
            stanza,
            Envelope { from: &own, to: peer, terms, is_contact, turn, at, coming, lent },
            step,
        )
    }

    /// Reads what was held and can be read by now.
    pub(super) fn read_held(&mut self, step: &mut Step<'_>) {
        let listed = self.archive.listed();
        for held in self.omemo.take_held(listed, step) {
            self.try_again(held, step);
        }
        self.omemo.end_early(listed, step);
    }

    fn try_again(&mut self, held: Held, step: &mut Step<'_>) {
        let Ok(stanza) = held.stanza.parse::<Element>() else {
            return self.omemo.let_go(held.mark, LetGo::Says(Unreadable::NotKept), step);
        };
        let place = Place {
            stanza: held.archived.clone(),
            at: held.at,
            arrival: Arrival::Kept,
            turn: Turn::Due,
            order: Order::ByTime,
            is_early: false,
            source: Source::Live,
            past: None,
        };
        let sender = Sender::of(&stanza, step.own);
        let lent = self.omemo.lent(&held, step.own);
        let unsealed = match held.direction {
            Direction::Incoming => self.unseal(&stanza, &sender, (&place, lent.as_ref()), step),
            Direction::Outgoing => self.unseal_sent(&stanza, &held.peer, (&place, lent.as_ref()), step),
        };
        if let Unsealed::Unreadable(why) = unsealed {
            return self.omemo.hold_on(held, why, step);
        }
        let content = match held.direction {
            Direction::Incoming => {
                let known = (&self.roster, self.omemo.is_partner(&held.peer), place);
                self.messages.received(&stanza, &sender, unsealed, known, step)
            }
            Direction::Outgoing => self.messages.sent_elsewhere(&stanza, &held.peer, unsealed, place, step),
        };
        if content == Content::Body && held.direction == Direction::Incoming {
            self.read_late(&stanza, &held.peer, step);
        }
        let outcome = match content {
            Content::Body | Content::Unreadable => LetGo::Stays,
            // A copy, or what says something of another message.
            Content::Nothing => LetGo::Leaves,
            Content::Refused => LetGo::Says(Unreadable::NotKept),
        };
        self.omemo.let_go(held.mark, outcome, step);
    }

    /// A message was read that was held. What its author may be told is still with it.
    fn read_late(&mut self, stanza: &Element, peer: &BareJid, step: &mut Step<'_>) {
        if !self.roster.subscription(peer).seen_by_them() {
            return;
        }
        let confirming = self.account.confirming;
        match stanza.has_child("request", ns::RECEIPTS) {
            true => self.receipts.received(stanza, (peer, Came::Listed), confirming, step),
            false if stanza.has_child("markable", ns::CHAT_MARKERS) => {
                self.receipts.fetched(stanza, (peer, Came::Listed), confirming, step);
            }
            false => {}
        }
    }
}

/// How something has come, for what was read before.
fn coming(place: &Place) -> Coming {
    match (place.source, place.order) {
        (Source::Live | Source::Copied, _) => Coming::Itself,
        (Source::Archive, Order::Listed { .. }) => Coming::Listed,
        (Source::Archive, _) => Coming::Again,
    }
}
