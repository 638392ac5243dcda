//! What is fetched because it is new, and what is told of it when it was read.

use causerie_model::{BareJid, OriginId, StanzaId, Unreadable};
use minidom::Element;

use super::Features;
use crate::archive::Place;
use crate::omemo::Unsealed;
use crate::receipts::Came;
use crate::stanza::Sender;
use crate::step::Step;

impl Features {
    /// The person has read up to there, as its author and as our archive call it.
    pub(super) fn read(
        &mut self,
        peer: &BareJid,
        (origin, archived): (Option<&OriginId>, Option<StanzaId>),
        step: &mut Step<'_>,
    ) {
        // Of what is read in rooms nobody is told.
        if self.rooms.has(peer) {
            return;
        }
        self.receipts.read(peer, origin, self.account.confirming);
        self.tell_read(step);
        if let Some(archived) = archived {
            self.displayed.read(peer.clone(), archived, step);
            self.tell_displayed(step);
        }
    }

    /// Tells the authors of what was read, as far as they see our presence, once it is known who does.
    pub(super) fn tell_read(&mut self, step: &mut Step<'_>) {
        let Self { receipts, roster, server, .. } = self;
        if server.is_roster_known() {
            receipts.tell(|peer| roster.subscription(peer).seen_by_them(), step);
        }
    }

    /// What came by itself and could not be read before its turn is fetched once more.
    pub(super) fn came_early(&mut self, unsealed: &Unsealed, place: &Place) {
        if matches!(unsealed, Unsealed::Unreadable(Unreadable::Early)) {
            self.archive.came_early(place);
        }
    }

    /// A text was fetched that is new. Its author may want to know when it is read.
    pub(super) fn fetched(&mut self, stanza: &Element, sender: &Sender, came: Came, step: &mut Step<'_>) {
        let Sender::Jid(jid) = sender else { return };
        if jid.bare() != step.own && self.roster.subscription(jid.bare()).seen_by_them() {
            self.receipts.fetched(stanza, (jid.bare(), came), self.account.confirming, step);
        }
    }

    /// Tells our other devices what was read, once it is known what they have read.
    pub(super) fn tell_displayed(&mut self, step: &mut Step<'_>) {
        if !self.archive.is_behind() {
            self.displayed.tell(step);
        }
    }
}
