//! Whose archive it is: whom to ask, whose answers count, and what may be in them.

use causerie_model::{BareJid, CatchUp, Event, Jid};
use minidom::Element;

use super::{Archive, Kept, Place};
use crate::iq::{Ask, Recipient};
use crate::ns;
use crate::stanza::Sender;
use crate::step::Step;

/// How many pages of our own archive one connection may take, and of a room's: one that never ends is not read for ever.
const MOST_PAGES: usize = 20_000;
const MOST_PAGES_OF_ROOM: usize = 1_000;

/// Whose archive it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Our account's.
    Account,
    /// That room's (XEP-0313 §8).
    Room(BareJid),
}

impl Whose {
    pub(super) fn recipient(&self) -> Recipient {
        match self {
            Self::Account => Recipient::Account,
            Self::Room(room) => Recipient::Jid(room.clone().into()),
        }
    }

    pub(super) fn ask(&self, name: String) -> Ask {
        match self {
            Self::Account => Ask::ArchivePage(name),
            Self::Room(room) => Ask::RoomPage(room.clone(), name),
        }
    }

    /// Whether results from there are those that were asked for.
    pub(super) fn is_answering(&self, sender: &Sender) -> bool {
        match (self, sender) {
            (Self::Account, sender) => *sender == Sender::Account,
            (Self::Room(room), Sender::Jid(jid)) => jid.is_bare() && jid.bare() == room,
            (Self::Room(_), Sender::Account | Sender::Unreadable) => false,
        }
    }

    /// Whether such a thing may be in it: what is said in rooms in theirs alone, and nothing else there.
    pub(super) fn may_keep(&self, inner: &Element) -> bool {
        let is_of_room = inner.attr("type") == Some("groupchat");
        match self {
            Self::Account => {
                !is_of_room
                    && !inner.has_child("x", ns::ROOM_USER)
                    && inner.attr("type") != Some("error")
                    && !crate::carbons::is_carbon(inner)
            }
            Self::Room(_) => is_of_room,
        }
    }

    /// Who has said to whom what is in it. None, where that is nobody whose word it can keep.
    pub(super) fn kept<'a>(&self, inner: &'a Element, place: Place, own: &BareJid) -> Option<Kept<'a>> {
        if let Self::Room(room) = self {
            let from = Jid::new(inner.attr("from")?).ok().filter(|from| from.bare() == room)?;
            return Some(Kept::Said(inner, from, place));
        }
        let to = match inner.attr("to") {
            Some(to) => Jid::new(to).ok()?.bare().clone(),
            None => own.clone(),
        };
        match Sender::of(inner, own) {
            Sender::Jid(from) if from.bare() != own => {
                (to == *own).then_some(Kept::Received(inner, Sender::Jid(from), place))
            }
            Sender::Account if inner.attr("from").is_none() => None,
            Sender::Account | Sender::Jid(_) => Some(Kept::Sent(inner, to, place)),
            Sender::Unreadable => None,
        }
    }

    /// Of what is older with somebody, with whom.
    pub(super) fn with(&self, peer: &BareJid) -> Option<BareJid> {
        match self {
            Self::Account => Some(peer.clone()),
            Self::Room(_) => None,
        }
    }

    pub(super) fn most_pages(&self) -> usize {
        match self {
            Self::Account => MOST_PAGES,
            Self::Room(_) => MOST_PAGES_OF_ROOM,
        }
    }
}

impl Archive {
    /// Whose it is.
    pub(super) fn address(&self) -> &BareJid {
        match &self.whose {
            Whose::Account => &self.own,
            Whose::Room(room) => room,
        }
    }

    /// Tells how far our own was read: that is what the person waits for.
    pub(super) fn tell(&self, progress: CatchUp, step: &mut Step<'_>) {
        if self.whose == Whose::Account {
            step.tell(Event::CatchUp(progress));
        }
    }
}
