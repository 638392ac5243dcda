//! Whether somebody is writing (XEP-0085 2.1).

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::{BareJid, ChatState, Event};
use minidom::Element;

use crate::ns;
use crate::roster::Roster;
use crate::step::Step;
use crate::xml::Draft;

/// What we can do, for XEP-0030.
pub(crate) const FEATURES: &[&str] = &[ns::CHAT_STATES];

/// After so long nobody is still writing: their program, or the way to it, may be gone.
const EXPIRY: Duration = Duration::from_secs(60);
/// The most peers whose state is kept.
const MOST_PEERS: usize = 2000;

/// States of peers, and what they were told of ours.
#[derive(Debug, Default)]
pub(crate) struct ChatStates {
    peers: BTreeMap<BareJid, Peer>,
}

#[derive(Debug, Default)]
struct Peer {
    state: ChatState,
    /// When they are no longer believed to be writing.
    expires: Option<Duration>,
    /// What they were told last.
    told: ChatState,
    support: Support,
    spoken: Spoken,
}

/// Whether we have written to a peer in this run. To others it is not told that we are here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Spoken {
    #[default]
    No,
    Yes,
}

/// Whether a peer's program knows of chat states (§5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Support {
    /// Nothing was heard: our messages say `<active/>`, and nothing else is sent.
    #[default]
    Unknown,
    /// They have sent one, or say that they can.
    Yes,
    /// They have answered without, or say that they can't.
    No,
}

impl ChatStates {
    /// A message came from somebody who may tell us: `with_body` says that it was one to show.
    pub(crate) fn received(
        &mut self,
        peer: &BareJid,
        stanza: &Element,
        with_body: bool,
        step: &mut Step<'_>,
    ) {
        let state = stanza.children().filter(|child| child.has_ns(ns::CHAT_STATES)).find_map(read);
        let Some(entry) = self.peer(peer) else { return };
        match state {
            Some(_) => entry.support = Support::Yes,
            None if !with_body => return,
            None if entry.support == Support::Unknown => entry.support = Support::No,
            None => {}
        }
        // Whoever has just sent something is not writing it any more.
        let state = if with_body { ChatState::Active } else { state.unwrap_or_default() };
        entry.expires = (state == ChatState::Composing).then(|| step.now.elapsed.saturating_add(EXPIRY));
        entry.become_state(peer, state, step);
    }

    /// A device of theirs says what it can do.
    pub(crate) fn learned(&mut self, peer: &BareJid, features: &[String]) {
        let supported = features.iter().any(|feature| feature == ns::CHAT_STATES);
        if let Some(entry) = self.peer(peer)
            && entry.support != Support::Yes
        {
            entry.support = if supported { Support::Yes } else { Support::No };
        }
    }

    /// They went offline: nobody is writing.
    pub(crate) fn left(&mut self, peer: &BareJid, step: &mut Step<'_>) {
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.leave(peer, step);
            self.peers.remove(peer);
        }
    }

    /// Our own state changed. It is told to those who understand it and may know that we are here.
    pub(crate) fn choose(&mut self, peer: &BareJid, state: ChatState, roster: &Roster, step: &mut Step<'_>) {
        if !step.is_online() {
            return;
        }
        let Some(entry) = self.peers.get_mut(peer) else { return };
        let may_know = entry.spoken == Spoken::Yes || roster.subscription(peer).seen_by_them();
        if may_know && entry.support == Support::Yes && entry.told != state {
            entry.told = state;
            let message = Draft::new("message", ns::CLIENT).attr("type", "chat").attr("to", peer.as_str());
            step.send(message.child(element(state)));
        }
    }

    /// What goes with a message of ours.
    pub(crate) fn with_message(&mut self, peer: &BareJid) -> Option<Element> {
        let entry = self.peer(peer)?;
        entry.told = ChatState::Active;
        entry.spoken = Spoken::Yes;
        (entry.support != Support::No).then(|| element(ChatState::Active))
    }

    /// Those who were believed to be writing for too long have paused.
    pub(crate) fn expire(&mut self, step: &mut Step<'_>) {
        for (peer, entry) in &mut self.peers {
            if entry.expires.is_some_and(|at| at <= step.now.elapsed) {
                entry.expires = None;
                entry.become_state(peer, ChatState::Paused, step);
            }
        }
    }

    /// When the next one expires.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        self.peers.values().filter_map(|peer| peer.expires).min()
    }

    /// We went offline: nothing is known any more.
    pub(crate) fn forget(&mut self, step: &mut Step<'_>) {
        for (peer, entry) in &mut self.peers {
            entry.leave(peer, step);
        }
        self.peers.clear();
    }

    fn peer(&mut self, peer: &BareJid) -> Option<&mut Peer> {
        if self.peers.len() >= MOST_PEERS && !self.peers.contains_key(peer) {
            // One with whom nothing goes on makes room.
            let idle = |peer: &Peer| peer.expires.is_none() && peer.spoken == Spoken::No;
            let (idle, _) = self.peers.iter().find(|(_, peer)| idle(peer))?;
            let idle = idle.clone();
            self.peers.remove(&idle);
        }
        Some(self.peers.entry(peer.clone()).or_default())
    }
}

impl Peer {
    fn become_state(&mut self, peer: &BareJid, state: ChatState, step: &mut Step<'_>) {
        if self.state != state {
            self.state = state;
            step.tell(Event::ChatStateChanged { peer: peer.clone(), state });
        }
    }

    fn leave(&mut self, peer: &BareJid, step: &mut Step<'_>) {
        self.expires = None;
        if matches!(self.state, ChatState::Composing | ChatState::Paused) {
            self.become_state(peer, ChatState::Inactive, step);
        }
    }
}

fn read(element: &Element) -> Option<ChatState> {
    match element.name() {
        "active" => Some(ChatState::Active),
        "composing" => Some(ChatState::Composing),
        "paused" => Some(ChatState::Paused),
        "inactive" => Some(ChatState::Inactive),
        "gone" => Some(ChatState::Gone),
        _ => None,
    }
}

fn element(state: ChatState) -> Element {
    let name = match state {
        ChatState::Active => "active",
        ChatState::Composing => "composing",
        ChatState::Paused => "paused",
        ChatState::Inactive => "inactive",
        ChatState::Gone => "gone",
    };
    Draft::new(name, ns::CHAT_STATES).into()
}
