//! Not hearing from somebody any more (XEP-0191 1.3). The server does the work; this keeps the list.

use causerie_model::{BareJid, Change, Problem};
use minidom::Element;

use crate::iq::{Answer, Ask, Recipient};
use crate::ns;
use crate::server::Support;
use crate::stanza::{Condition, Sender};
use crate::step::Step;
use crate::xml::{self, Draft};

/// Asks for the list.
pub(crate) fn fetch(step: &mut Step<'_>) {
    step.get(Recipient::Account, Draft::new("blocklist", ns::BLOCKING), Ask::BlockList);
}

/// Takes the list.
pub(crate) fn fetched(answer: &Answer<'_>, step: &mut Step<'_>) {
    if let Answer::Result(reply) = answer
        && let Some(list) = reply.get_child("blocklist", ns::BLOCKING)
    {
        step.record(Change::BlockListReplaced(addresses(list)));
    }
}

/// Takes a push, which only our own account may send (§3.3.4).
pub(crate) fn pushed(payload: &Element, sender: &Sender, step: &mut Step<'_>) -> Result<(), Condition> {
    if *sender != Sender::Account {
        return Err(Condition::ServiceUnavailable);
    }
    let addresses = addresses(payload);
    match payload.name() {
        "block" => addresses.into_iter().for_each(|jid| step.record(Change::Blocked(jid))),
        // Without items, nobody is blocked any more.
        "unblock" if !payload.has_child("item", ns::BLOCKING) => {
            step.record(Change::BlockListReplaced(Vec::new()));
        }
        "unblock" => addresses.into_iter().for_each(|jid| step.record(Change::Unblocked(jid))),
        _ => return Err(Condition::ServiceUnavailable),
    }
    Ok(())
}

/// The person blocks somebody.
pub(crate) fn block(jid: BareJid, support: Support, step: &mut Step<'_>) {
    request("block", jid, support, Ask::Blocked, step);
}

/// The person unblocks somebody.
pub(crate) fn unblock(jid: BareJid, support: Support, step: &mut Step<'_>) {
    request("unblock", jid, support, Ask::Unblocked, step);
}

fn request(name: &'static str, jid: BareJid, support: Support, ask: fn(BareJid) -> Ask, step: &mut Step<'_>) {
    if !step.is_online() {
        step.not_changed(jid, Problem::ConnectionLost);
    } else if support == Support::No {
        step.not_changed(jid, Problem::NotSupported);
    } else {
        let item = Draft::new("item", ns::BLOCKING).attr("jid", jid.as_str());
        step.set(Recipient::Account, Draft::new(name, ns::BLOCKING).child(item), ask(jid));
    }
}

/// It was done, or not.
pub(crate) fn done(done: fn(BareJid) -> Change, jid: BareJid, answer: &Answer<'_>, step: &mut Step<'_>) {
    match answer.problem() {
        None => step.record(done(jid)),
        Some(problem) => step.not_changed(jid, problem),
    }
}

fn addresses(list: &Element) -> Vec<BareJid> {
    let items = xml::children(list, "item", ns::BLOCKING);
    let mut addresses: Vec<BareJid> = items.filter_map(|item| BareJid::new(item.attr("jid")?).ok()).collect();
    addresses.sort();
    addresses.dedup();
    addresses
}
