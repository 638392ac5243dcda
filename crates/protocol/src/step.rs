//! What each feature needs to take its part in a step.

use causerie_model::{BareJid, Change, Event, Jid, Notice, Problem};
use minidom::Element;
use rand::RngCore;

use crate::clock::Passed;
use crate::iq::{Ask, Recipient, Tracker};
use crate::stream_management::Proof;
use crate::{Effect, Effects, Now};

/// One step of a brain: the time, who we are, and where effects go.
pub(crate) struct Step<'a> {
    /// The time.
    pub(crate) now: Now,
    /// How much of it has passed for certain: what is lost when it is let go is let go by that.
    pub(crate) passed: Passed,
    /// Our address.
    pub(crate) own: &'a BareJid,
    /// Our full address from when we have one until the end of the stream.
    pub(crate) bound: Option<&'a Jid>,
    /// Which way stanzas go.
    pub(crate) ways: Ways,
    /// How it is known what the server has taken.
    pub(crate) proof: Proof,
    /// Requests that wait.
    pub(crate) tracker: &'a mut Tracker,
    /// Chance.
    pub(crate) rng: &'a mut dyn RngCore,
    /// What is to be done.
    pub(crate) out: &'a mut Effects,
}

/// Which way stanzas go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ways {
    /// There is no stream, or we are not signed in.
    None,
    /// We have ended the stream: what was on its way still comes, and nothing can be sent.
    In,
    /// Both.
    Both,
}

impl Step<'_> {
    /// Whether stanzas can be sent.
    pub(crate) fn is_online(&self) -> bool {
        self.ways == Ways::Both
    }

    /// Asks for something. `payload` is in an `iq` of type `get`.
    pub(crate) fn get(&mut self, recipient: Recipient, payload: impl Into<Element>, ask: Ask) {
        self.request(recipient, ("get", payload.into()), ask);
    }

    /// Asks for a change. `payload` is in an `iq` of type `set`.
    pub(crate) fn set(&mut self, recipient: Recipient, payload: impl Into<Element>, ask: Ask) {
        self.request(recipient, ("set", payload.into()), ask);
    }

    fn request(&mut self, recipient: Recipient, request: (&'static str, Element), ask: Ask) {
        let request = self.tracker.request(self.own, recipient, request, ask, self.now, self.rng);
        self.out.send(request);
    }

    /// Sends a stanza.
    pub(crate) fn send(&mut self, stanza: impl Into<Element>) {
        self.out.send(stanza.into());
    }

    /// Remembers.
    pub(crate) fn record(&mut self, change: Change) {
        self.out.record(change);
    }

    /// Whether anything is to be remembered from that effect on.
    pub(crate) fn has_recorded(&self, from: usize) -> bool {
        self.out.0.iter().skip(from).any(|effect| matches!(effect, Effect::Record(_)))
    }

    /// Tells the app.
    pub(crate) fn tell(&mut self, event: Event) {
        self.out.tell(event);
    }

    /// Tells that somebody could not be added.
    pub(crate) fn not_added(&mut self, jid: BareJid, problem: Problem) {
        self.tell(Event::Notice(Notice::ContactNotAdded { jid, problem }));
    }

    /// Tells that somebody could not be changed, removed, answered, blocked or unblocked.
    pub(crate) fn not_changed(&mut self, jid: BareJid, problem: Problem) {
        self.tell(Event::Notice(Notice::ContactNotChanged { jid, problem }));
    }
}
