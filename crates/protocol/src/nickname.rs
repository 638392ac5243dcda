//! The names people give themselves (XEP-0172 1.1), by their own node.

use std::collections::BTreeMap;

use causerie_model::{BareJid, Change};
use minidom::Element;

use crate::ns;
use crate::pubsub::Happened;
use crate::step::Step;
use crate::xml;

/// What we can do, for XEP-0030: be told of new ones.
pub(crate) const FEATURES: &[&str] = &["http://jabber.org/protocol/nick+notify"];

/// The longest, in characters.
const LONGEST: usize = 255;

/// The names that were seen in this run, so that one that is sent again is no change.
#[derive(Debug, Default)]
pub(crate) struct Nicknames {
    seen: BTreeMap<BareJid, Option<String>>,
}

impl Nicknames {
    /// The owner of a node, who is a contact or ourselves, changed it.
    pub(crate) fn changed(&mut self, owner: &BareJid, happened: &Happened<'_>, step: &mut Step<'_>) {
        let nickname = match happened {
            Happened::Published(Some(nick)) if nick.is("nick", ns::NICK) => {
                xml::one_line(&Element::text(nick), LONGEST)
            }
            Happened::Published(_) => return,
            Happened::Emptied => None,
        };
        self.set(owner, nickname, step);
    }

    /// Somebody is called so, or is not called anything.
    pub(crate) fn set(&mut self, owner: &BareJid, nickname: Option<String>, step: &mut Step<'_>) {
        if self.seen.get(owner) != Some(&nickname) {
            self.seen.insert(owner.clone(), nickname.clone());
            step.record(Change::NicknameSet { jid: owner.clone(), nickname });
        }
    }
}
