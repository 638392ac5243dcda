//! Moving to another address (XEP-0283 0.2.0): saying so from the old one, and believing others only when their old address says it.
//!
//! Anybody can ask to be added and claim to be somebody else. So the old address is asked itself, and only where it may see us already;
//! and even then the person decides.

use std::collections::BTreeSet;

use causerie_model::{BareJid, Change, Event, Jid, Notice, Problem};
use minidom::Element;

use crate::iq::{Answer, Ask, Recipient};
use crate::pubsub::{self, Options};
use crate::roster::Roster;
use crate::step::Step;
use crate::xml::Draft;
use crate::{ns, stanza};

/// The item in which it is said.
const ITEM: &str = "current";
/// The most old addresses that are asked in one connection.
const MOST_ASKED: usize = 10;

/// A claim that is being looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    old: BareJid,
    new: BareJid,
}

/// Whose claims were looked into, in this connection.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    asked: BTreeSet<BareJid>,
}

impl Moves {
    /// Somebody whose request waits for the person may say that they are a contact with another address.
    pub(crate) fn claimed(&mut self, new: &BareJid, stanza: &Element, roster: &Roster, step: &mut Step<'_>) {
        let Some(old) = old_address(stanza) else { return };
        // §4.3: who did not see us before gains nothing by it.
        let fits = old != *new && old != *step.own && roster.subscription(&old).seen_by_them();
        if !fits || self.asked.len() >= MOST_ASKED || !self.asked.insert(new.clone()) {
            return;
        }
        let recipient = Recipient::Jid(Jid::from(old.clone()));
        let claim = Claim { old, new: new.clone() };
        step.get(recipient, pubsub::request_item(ns::MOVED, ITEM), Ask::MoveStatement(claim));
    }

    /// We went offline: what was not answered is asked again when the request comes again.
    pub(crate) fn forget(&mut self) {
        self.asked.clear();
    }
}

/// The old address has answered. Gives who has moved (new, old), if it says so.
pub(crate) fn answered(claim: Claim, answer: &Answer<'_>) -> Option<(BareJid, BareJid)> {
    let Answer::Result(reply) = answer else { return None };
    let stated = match gone_to(reply) {
        Some(address) => Some(address),
        None => pubsub::payload(reply, ns::MOVED, ITEM)
            .filter(|moved| moved.is("moved", ns::MOVED))
            .and_then(|moved| BareJid::new(moved.get_child("new-jid", ns::MOVED)?.text().trim()).ok()),
    };
    (stated.as_ref() == Some(&claim.new)).then_some((claim.new, claim.old))
}

/// Where an address that is gone has gone to, if the error says it: that is a statement too (§4.3).
pub(crate) fn gone_to(reply: &Element) -> Option<BareJid> {
    if reply.attr("type") != Some("error") || stanza::is_rejected(reply) {
        return None;
    }
    let error = reply.children().find(|child| child.name() == "error")?;
    let link = error.get_child("gone", ns::STANZA_ERROR)?.text();
    let address = link.trim().strip_prefix("xmpp:")?;
    BareJid::new(address.split(['?', '#']).next()?).ok()
}

/// Tells those whom we ask that they know us by another address.
pub(crate) fn notification(old: &BareJid) -> Element {
    let old = Draft::new("old-jid", ns::MOVED).text(old.as_str());
    Draft::new("moved", ns::MOVED).child(old).into()
}

/// The old address in a request, which has to be a bare one.
fn old_address(stanza: &Element) -> Option<BareJid> {
    let moved = stanza.get_child("moved", ns::MOVED)?;
    BareJid::new(moved.get_child("old-jid", ns::MOVED)?.text().trim()).ok()
}

/// Says that we have moved, or no longer. The node is for those who see us, as nodes of people are by themselves (§6.1).
pub(crate) fn announce(to: Option<BareJid>, step: &mut Step<'_>) {
    if !step.is_online() {
        not_announced(Problem::ConnectionLost, step);
        return;
    }
    let payload = match &to {
        Some(new) if new == step.own => {
            not_announced(Problem::Refused, step);
            return;
        }
        Some(new) => {
            let moved =
                Draft::new("moved", ns::MOVED).child(Draft::new("new-jid", ns::MOVED).text(new.as_str()));
            pubsub::publish(ns::MOVED, ITEM, moved.into(), Options::AsItIs)
        }
        None => pubsub::retract(ns::MOVED, ITEM),
    };
    step.set(Recipient::Account, payload, Ask::MoveAnnounced(to));
}

/// The server has taken it, or not. What is not there can't be taken back, and is as if it were.
pub(crate) fn announced(to: Option<BareJid>, answer: &Answer<'_>, step: &mut Step<'_>) {
    match answer.problem() {
        None => step.record(Change::MoveAnnounced(to)),
        Some(Problem::NoSuchAddress) if to.is_none() => step.record(Change::MoveAnnounced(to)),
        Some(problem) => not_announced(problem, step),
    }
}

fn not_announced(problem: Problem, step: &mut Step<'_>) {
    step.tell(Event::Notice(Notice::MoveNotAnnounced(problem)));
}
