//! Who may see whose presence (RFC 6121 §3): asking, being asked, answering.
//!
//! Nobody sees our presence without that the person said so: by accepting a request, or by adding a contact.

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{BareJid, Change, PendingOut, Problem, Restored, Subscription, SubscriptionRequest};
use minidom::Element;

use crate::ns;
use crate::roster::Roster;
use crate::stanza;
use crate::step::Step;
use crate::xml::{self, Draft};

/// The most requests that wait at a time; more are not noted, and the server will tell of them again at the next sign-in.
const MOST_REQUESTS: usize = 200;
/// The longest nickname in a request, in characters.
const LONGEST_NICKNAME: usize = 255;
/// The longest message in a request, in characters.
const LONGEST_MESSAGE: usize = 1024;
/// The most contacts whose answer to our own request is looked for.
const MOST_ASKED: usize = 200;

/// Requests that wait for the person, and those of the person that wait for others.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    requests: BTreeMap<BareJid, SubscriptionRequest>,
    /// Whom the person added in this run: their request back is expected, and their refusal is news.
    added: BTreeSet<BareJid>,
}

impl Subscriptions {
    /// The requests of the last run.
    pub(crate) fn new(restored: &Restored) -> Self {
        let requests = restored.requests.iter().map(|request| (request.jid.clone(), request.clone()));
        Self { requests: requests.collect(), added: BTreeSet::new() }
    }

    /// The person added somebody who is on the roster now: ask for their presence, and let them see ours.
    pub(crate) fn added(&mut self, jid: BareJid, pre_approval: bool, roster: &Roster, step: &mut Step<'_>) {
        let subscription = roster.subscription(&jid);
        if !subscription.sees_them() {
            step.send(presence("subscribe", &jid));
        }
        if self.requests.contains_key(&jid) {
            step.send(presence("subscribed", &jid));
            self.close(&jid, step);
        } else if pre_approval && !subscription.seen_by_them() {
            step.send(presence("subscribed", &jid));
        }
        if self.added.len() < MOST_ASKED {
            self.added.insert(jid);
        }
    }

    /// Somebody wants to see our presence (§3.1.3).
    pub(crate) fn requested(
        &mut self,
        jid: &BareJid,
        stanza: &Element,
        roster: &Roster,
        step: &mut Step<'_>,
    ) {
        if jid == step.own {
            return;
        }
        let item = roster.get(jid);
        let agreed = item.is_some_and(|item| item.approved || item.subscription.seen_by_them());
        if agreed || (item.is_some() && self.added.contains(jid)) {
            step.send(presence("subscribed", jid));
            return;
        }
        if self.requests.contains_key(jid) || self.requests.len() >= MOST_REQUESTS {
            return;
        }
        let nickname = stanza.get_child("nick", ns::NICK).map(Element::text);
        let message = stanza.get_child("status", ns::CLIENT).map(Element::text);
        let request = SubscriptionRequest {
            jid: jid.clone(),
            nickname: nickname.and_then(|nickname| xml::one_line(&nickname, LONGEST_NICKNAME)),
            message: message.map(|text| xml::words(&text, LONGEST_MESSAGE)).filter(|text| !text.is_empty()),
            at: step.now.wall,
        };
        self.requests.insert(jid.clone(), request.clone());
        step.record(Change::RequestReceived(request));
    }

    /// Somebody no longer wants to see our presence (§3.3.3). The roster is the server's affair.
    pub(crate) fn withdrawn(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        self.close(jid, step);
    }

    /// The roster changed: whoever sees us now was accepted, perhaps on another device. To decline them would undo that.
    pub(crate) fn answered_elsewhere(&mut self, roster: &Roster, step: &mut Step<'_>) {
        let accepted = |jid: &&BareJid| roster.subscription(jid).seen_by_them();
        let accepted: Vec<BareJid> = self.requests.keys().filter(accepted).cloned().collect();
        accepted.iter().for_each(|jid| self.close(jid, step));
    }

    /// What we asked could not be delivered.
    pub(crate) fn bounced(&mut self, jid: &BareJid, stanza: &Element, roster: &Roster, step: &mut Step<'_>) {
        if self.added.remove(jid) && !roster.subscription(jid).sees_them() {
            step.not_added(jid.clone(), stanza::problem(stanza));
        }
    }

    /// Somebody refused us, or is no longer on the roster: what they ask from now on is for the person to answer.
    pub(crate) fn refused(&mut self, jid: &BareJid) {
        self.added.remove(jid);
    }

    /// The person says yes.
    pub(crate) fn accept(&mut self, jid: BareJid, roster: &Roster, step: &mut Step<'_>) {
        if !step.is_online() {
            step.not_changed(jid, Problem::ConnectionLost);
            return;
        }
        step.send(presence("subscribed", &jid));
        let asked = roster.get(&jid).is_some_and(|item| item.pending_out == PendingOut::Asked);
        if matches!(roster.subscription(&jid), Subscription::None | Subscription::From) && !asked {
            step.send(presence("subscribe", &jid));
        }
        self.close(&jid, step);
    }

    /// The person says no.
    pub(crate) fn decline(&mut self, jid: BareJid, step: &mut Step<'_>) {
        if !step.is_online() {
            step.not_changed(jid, Problem::ConnectionLost);
            return;
        }
        step.send(presence("unsubscribed", &jid));
        self.close(&jid, step);
    }

    /// Somebody is being blocked: an open request of theirs is declined.
    pub(crate) fn blocked(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        if self.requests.contains_key(jid) {
            step.send(presence("unsubscribed", jid));
            self.close(jid, step);
        }
    }

    fn close(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        if self.requests.remove(jid).is_some() {
            step.record(Change::RequestClosed(jid.clone()));
        }
    }
}

fn presence(kind: &'static str, to: &BareJid) -> Draft {
    Draft::new("presence", ns::CLIENT).attr("type", kind).attr("to", to.as_str())
}
