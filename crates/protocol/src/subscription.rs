//! Who may see whose presence (RFC 6121 §3): asking, being asked, answering.
//!
//! Nobody sees our presence without that the person said so: by accepting a request, by adding a contact, or by an invitation.

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{
    BareJid, Change, Event, InviteToken, PendingOut, Problem, Restored, Subscription, SubscriptionRequest,
};
use minidom::Element;

use crate::invitations::Invitations;
use crate::roster::Roster;
use crate::step::Step;
use crate::xml::{self, Draft};
use crate::{moved, ns, stanza};

/// The most requests that wait at a time; more are not noted, and the server will tell of them again at the next sign-in.
const MOST_REQUESTS: usize = 200;
/// The longest nickname in a request, in characters.
const LONGEST_NICKNAME: usize = 255;
/// The longest message in a request, in characters.
const LONGEST_MESSAGE: usize = 1024;
/// The most contacts whose answer to our own request is looked for.
const MOST_ASKED: usize = 5_000;

/// What we show to somebody whom we ask, so that they know us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// What their invitation gave us (XEP-0379 0.3.3 §3.4).
    pub(crate) preauth: Option<InviteToken>,
    /// Our address before (XEP-0283 0.2.0 §4.2).
    pub(crate) moved_from: Option<BareJid>,
}

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
    pub(crate) fn added(
        &mut self,
        jid: BareJid,
        shown: &Shown,
        pre_approval: bool,
        roster: &Roster,
        step: &mut Step<'_>,
    ) {
        let subscription = roster.subscription(&jid);
        if !subscription.sees_them() {
            let token =
                |token: &InviteToken| Draft::new("preauth", ns::PREAUTH).attr("token", token.as_str()).into();
            let shown =
                shown.preauth.iter().map(token).chain(shown.moved_from.iter().map(moved::notification));
            step.send(presence("subscribe", &jid).children(shown));
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

    /// Somebody wants to see our presence (§3.1.3). Whether that is for the person to decide.
    pub(crate) fn requested(
        &mut self,
        jid: &BareJid,
        stanza: &Element,
        (roster, invitations): (&Roster, &mut Invitations),
        step: &mut Step<'_>,
    ) -> bool {
        if jid == step.own {
            return false;
        }
        let item = roster.get(jid);
        let agreed = item.is_some_and(|item| item.approved || item.subscription.seen_by_them());
        if agreed || (item.is_some() && self.added.contains(jid)) {
            step.send(presence("subscribed", jid));
            return false;
        }
        if let Some(token) = invitations.redeem(stanza, step) {
            self.let_in(jid, token, roster, step);
            return false;
        }
        if self.requests.contains_key(jid) {
            return true;
        }
        if self.requests.len() >= MOST_REQUESTS {
            return false;
        }
        let nickname = stanza.get_child("nick", ns::NICK).map(Element::text);
        let message = stanza.get_child("status", ns::CLIENT).map(Element::text);
        let request = SubscriptionRequest {
            jid: jid.clone(),
            nickname: nickname.and_then(|nickname| xml::one_line(&nickname, LONGEST_NICKNAME)),
            message: message.map(|text| xml::words(&text, LONGEST_MESSAGE)).filter(|text| !text.is_empty()),
            at: step.now.wall,
            moved_from: None,
        };
        self.requests.insert(jid.clone(), request.clone());
        step.record(Change::RequestReceived(request));
        true
    }

    /// Somebody has an invitation of ours (XEP-0379 0.3.3 §3.5): they see us, and we ask to see them.
    fn let_in(&mut self, jid: &BareJid, token: InviteToken, roster: &Roster, step: &mut Step<'_>) {
        step.send(presence("subscribed", jid));
        self.close(jid, step);
        roster.add(jid.clone(), None, &[], Shown::default(), step);
        step.tell(Event::InvitationUsed(jid.clone(), token));
    }

    /// The old address of somebody whose request waits says that they have moved.
    pub(crate) fn moved(&mut self, jid: &BareJid, old: BareJid, step: &mut Step<'_>) {
        let Some(request) = self.requests.get_mut(jid) else { return };
        request.moved_from = Some(old);
        step.record(Change::RequestReceived(request.clone()));
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
        let old = self.requests.get(&jid).and_then(|request| request.moved_from.clone());
        if let Some(item) = old.as_ref().and_then(|old| roster.get(old))
            && !roster.has(&jid)
        {
            Roster::edit(jid.clone(), item.name.as_deref(), &item.groups, step);
        }
        step.send(presence("subscribed", &jid));
        let asked = roster.get(&jid).is_some_and(|item| item.pending_out == PendingOut::Asked);
        if matches!(roster.subscription(&jid), Subscription::None | Subscription::From) && !asked {
            step.send(presence("subscribe", &jid));
        }
        // XEP-0283 §6.2: who has moved once has moved, and whoever gets the old address does not see us.
        old.iter().for_each(|old| step.send(presence("unsubscribed", old)));
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
