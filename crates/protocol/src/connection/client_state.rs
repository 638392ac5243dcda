//! Whether somebody is looking (XEP-0352 1.0.0). A server forgets it with the stream, one that takes up a session as well (§4.2).

use causerie_model::ClientState;
use minidom::Element;

use super::{Connection, State, Step};
use crate::ns;
use crate::xml::Draft;

/// What the server is to know, and knows.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// What is so.
    pub(super) now: ClientState,
    /// Whether the server wants to hear of it, as it said when the session began.
    wanted: bool,
    /// What it takes to be so.
    last: ClientState,
}

impl Told {
    /// A session begins. `inline` is what was said together with signing in, where that could be said.
    pub(super) fn begin(&mut self, features: &Element, inline: Option<ClientState>) {
        self.wanted = inline.is_some() || features.has_child("csi", ns::CLIENT_STATE);
        self.last = inline.unwrap_or_default();
    }

    /// A session goes on, on a new stream.
    pub(super) fn resume(&mut self) {
        self.last = ClientState::Active;
    }
}

impl Connection {
    /// Somebody has begun to look, or stopped.
    pub(super) fn set_client_state(&mut self, state: ClientState, step: &mut Step<'_>) {
        self.client_state.now = state;
        self.tell_client_state(step);
    }

    /// Says what is so, where the server takes it to be otherwise.
    pub(super) fn tell_client_state(&mut self, step: &mut Step<'_>) {
        let Told { now, wanted, last } = &mut self.client_state;
        if !*wanted || now == last || !matches!(self.state, State::Online(_)) {
            return;
        }
        let name = match now {
            ClientState::Active => "active",
            ClientState::Inactive => "inactive",
        };
        *last = *now;
        step.out.send(Draft::new(name, ns::CLIENT_STATE).into());
    }
}
