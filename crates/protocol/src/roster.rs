//! The roster (RFC 6121 §2): fetched at sign-in, kept up to date by pushes, changed by requests.
//!
//! Pushes are taken only from our own account, never from a resource or the domain: anybody could send one, and whoever
//! changes the roster decides whom the person believes to talk to.

use std::collections::BTreeMap;

use causerie_model::{
    BareJid, Change, Event, Notice, PendingOut, Problem, Restored, RosterItem, Subscription,
};
use minidom::Element;

use crate::iq::{Answer, Ask, Recipient};
use crate::ns;
use crate::stanza::{Condition, Sender};
use crate::step::Step;
use crate::subscription::Shown;
use crate::xml::{self, Draft};

/// The longest name of a contact or group, in characters.
const LONGEST_NAME: usize = 255;
/// The most groups of a contact that are kept.
const MOST_GROUPS: usize = 100;
/// The longest version that is kept, in bytes; without one the whole roster is fetched.
const LONGEST_VERSION: usize = 1024;

/// The roster as it is known.
#[derive(Debug)]
pub(crate) struct Roster {
    items: BTreeMap<BareJid, RosterItem>,
    version: Option<String>,
}

impl Roster {
    /// The roster of the last run.
    pub(crate) fn new(restored: &Restored) -> Self {
        let items = restored.roster.iter().map(|item| (item.jid.clone(), item.clone())).collect();
        Self { items, version: restored.account.roster_version.clone() }
    }

    /// Whether somebody is on it.
    pub(crate) fn has(&self, jid: &BareJid) -> bool {
        self.items.contains_key(jid)
    }

    /// Somebody's entry.
    pub(crate) fn get(&self, jid: &BareJid) -> Option<&RosterItem> {
        self.items.get(jid)
    }

    /// Who sees whose presence.
    pub(crate) fn subscription(&self, jid: &BareJid) -> Subscription {
        self.get(jid).map_or(Subscription::None, |item| item.subscription)
    }

    /// Asks for the roster, or for what changed since our version where the server has versions (§2.6).
    pub(crate) fn fetch(&self, versioned: bool, step: &mut Step<'_>) {
        let version = versioned.then(|| self.version.as_deref().unwrap_or_default());
        let query = Draft::new("query", ns::ROSTER).maybe_attr("ver", version);
        step.get(Recipient::Account, query, Ask::Roster);
    }

    /// Takes the answer. One without a query says that our version is the last. A server may also say that there is no roster yet.
    pub(crate) fn fetched(&mut self, answer: &Answer<'_>, step: &mut Step<'_>) {
        let reply = match answer {
            Answer::Result(reply) => reply,
            Answer::Refused(Problem::NoSuchAddress) | Answer::Silence(Problem::ConnectionLost) => return,
            Answer::Refused(problem) | Answer::Silence(problem) => {
                step.tell(Event::Notice(Notice::NoRoster(problem.clone())));
                return;
            }
        };
        let Some(query) = reply.get_child("query", ns::ROSTER) else { return };
        let items = xml::children(query, "item", ns::ROSTER).filter_map(read_item);
        self.items = items.map(|item| (item.jid.clone(), item)).collect();
        self.version = version(query);
        let items = self.items.values().cloned().collect();
        step.record(Change::RosterReplaced { version: self.version.clone(), items });
    }

    /// Takes a push (§2.1.6). Says who is no longer on the roster.
    pub(crate) fn pushed(
        &mut self,
        query: &Element,
        sender: &Sender,
        step: &mut Step<'_>,
    ) -> Result<Option<BareJid>, Condition> {
        if *sender != Sender::Account {
            return Err(Condition::ServiceUnavailable);
        }
        let mut items = xml::children(query, "item", ns::ROSTER);
        let (Some(element), None) = (items.next(), items.next()) else { return Err(Condition::BadRequest) };
        let jid = element.attr("jid").map(BareJid::new).and_then(Result::ok).ok_or(Condition::BadRequest)?;
        self.version = version(query);
        if element.attr("subscription") == Some("remove") {
            self.items.remove(&jid);
            step.record(Change::RosterItemRemoved { version: self.version.clone(), jid: jid.clone() });
            return Ok(Some(jid));
        }
        let item = read_item(element).ok_or(Condition::BadRequest)?;
        self.items.insert(jid, item.clone());
        step.record(Change::RosterItemSet { version: self.version.clone(), item });
        Ok(None)
    }

    /// Puts somebody on the roster. Asking for their presence follows when that is done (see `subscription`).
    pub(crate) fn add(
        &self,
        jid: BareJid,
        name: Option<&str>,
        groups: &[String],
        shown: Shown,
        step: &mut Step<'_>,
    ) {
        if !step.is_online() {
            step.not_added(jid, Problem::ConnectionLost);
        } else if jid == *step.own {
            step.not_added(jid, Problem::Refused);
        } else {
            // Whoever is there already keeps what they are called when nothing else is said.
            let known = self.get(&jid);
            let name = name.or_else(|| known?.name.as_deref());
            let groups = if groups.is_empty() { known.map_or(groups, |item| &item.groups) } else { groups };
            step.set(Recipient::Account, set(&jid, name, groups), Ask::ContactAdded(jid, shown));
        }
    }

    /// Changes name and groups.
    pub(crate) fn edit(jid: BareJid, name: Option<&str>, groups: &[String], step: &mut Step<'_>) {
        if step.is_online() {
            step.set(Recipient::Account, set(&jid, name, groups), Ask::ContactChanged(jid));
        } else {
            step.not_changed(jid, Problem::ConnectionLost);
        }
    }

    /// Takes somebody off, which ends both subscriptions (§2.5).
    pub(crate) fn remove(jid: BareJid, step: &mut Step<'_>) {
        if step.is_online() {
            let item =
                Draft::new("item", ns::ROSTER).attr("jid", jid.as_str()).attr("subscription", "remove");
            let query = Draft::new("query", ns::ROSTER).child(item);
            step.set(Recipient::Account, query, Ask::ContactChanged(jid));
        } else {
            step.not_changed(jid, Problem::ConnectionLost);
        }
    }
}

fn set(jid: &BareJid, name: Option<&str>, groups: &[String]) -> Draft {
    let name = name.and_then(|name| xml::one_line(name, LONGEST_NAME));
    let mut groups: Vec<String> =
        groups.iter().filter_map(|group| xml::one_line(group, LONGEST_NAME)).take(MOST_GROUPS).collect();
    groups.sort();
    groups.dedup();
    let groups = groups.iter().map(|group| Draft::new("group", ns::ROSTER).text(group).into());
    let item = Draft::new("item", ns::ROSTER).attr("jid", jid.as_str()).maybe_attr("name", name.as_deref());
    Draft::new("query", ns::ROSTER).child(item.children(groups))
}

fn version(query: &Element) -> Option<String> {
    query.attr("ver").filter(|version| version.len() <= LONGEST_VERSION).map(str::to_owned)
}

/// Reads an entry part by part: only one without an address is none.
fn read_item(item: &Element) -> Option<RosterItem> {
    let jid = BareJid::new(item.attr("jid")?).ok()?;
    let subscription = match item.attr("subscription") {
        Some("to") => Subscription::To,
        Some("from") => Subscription::From,
        Some("both") => Subscription::Both,
        Some("remove") => return None,
        _ => Subscription::None,
    };
    let pending_out = if item.attr("ask") == Some("subscribe") { PendingOut::Asked } else { PendingOut::No };
    let groups = xml::children(item, "group", ns::ROSTER);
    let mut groups: Vec<String> =
        groups.filter_map(|group| xml::one_line(&group.text(), LONGEST_NAME)).take(MOST_GROUPS).collect();
    groups.sort();
    groups.dedup();
    Some(RosterItem {
        jid,
        name: item.attr("name").and_then(|name| xml::one_line(name, LONGEST_NAME)),
        groups,
        subscription,
        pending_out,
        approved: matches!(item.attr("approved"), Some("true" | "1")),
    })
}
