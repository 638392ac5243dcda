//! What the brain wants done.

use std::time::Duration;

use causerie_model::{BareJid, Change, Event, Password, ServerAddress};
use minidom::Element;

/// Something that the brain wants done. All effects of one input belong together: its changes are committed in one transaction
/// *before* anything is sent or told.
#[derive(Debug)]
pub enum Effect {
    /// Remember this.
    Record(Change),
    /// Send this.
    Send(Element),
    /// Tell the app. Only for what is not in a [`Change`]: the ledger tells those itself.
    Tell(Event),
    /// Connect. Answered by [`crate::Input::Connected`] or [`crate::Input::ConnectFailed`].
    Connect(Target),
    /// Begin the stream anew on the same connection, after SASL.
    RestartStream,
    /// The server has proved itself and we ourselves: strict limits on what it sends may go.
    Authenticated,
    /// End the stream in good order: what was sent goes out, then the footer; its answer is not awaited for long. Answered by
    /// [`crate::Input::Disconnected`]. Also gives up a connection that is still being made.
    Close,
    /// Drop the connection: the peer is dead or not to be talked to. Answered by [`crate::Input::Disconnected`].
    Abort,
    /// Compute a key, off the actor's thread. Answered by [`crate::Input::KeyDerived`].
    DeriveKey(DeriveKey),
    /// Give [`crate::Input::Woke`] when `elapsed` is this. Takes the place of the one before.
    WakeAt(Duration),
}

/// Where to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The domain of the account in ASCII: the name that is looked up, and that the certificate must bear whatever DNS says.
    pub domain: String,
    /// Where to connect in place of what DNS says.
    pub server: Option<ServerAddress>,
    /// Who will sign in, as the header of the encrypted stream says (RFC 6120 §4.7.1): servers may offer more to whom they know.
    pub account: Option<BareJid>,
}

/// `Hi(password, salt, iterations)` of RFC 5802 §2.2, which is PBKDF2. Takes up to seconds by design.
#[derive(Debug)]
pub struct DeriveKey {
    /// Comes back with the key.
    pub ticket: u64,
    /// The hash.
    pub hash: HashFunction,
    /// The password, prepared already (RFC 4013).
    pub password: Password,
    /// The salt.
    pub salt: Vec<u8>,
    /// 4,096 to 10,000,000.
    pub iterations: u32,
}

/// A hash function for SCRAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashFunction {
    /// RFC 5802.
    Sha1,
    /// RFC 7677.
    Sha256,
}

/// The effects of one input, in order.
#[derive(Debug, Default)]
pub struct Effects(pub Vec<Effect>);

impl Effects {
    /// Remembers.
    pub fn record(&mut self, change: Change) {
        self.0.push(Effect::Record(change));
    }

    /// Sends.
    pub fn send(&mut self, element: Element) {
        self.0.push(Effect::Send(element));
    }

    /// Tells.
    pub fn tell(&mut self, event: Event) {
        self.0.push(Effect::Tell(event));
    }

    /// Wants anything else.
    pub fn want(&mut self, effect: Effect) {
        self.0.push(effect);
    }
}
