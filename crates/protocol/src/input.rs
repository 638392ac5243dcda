//! What goes into the brain.

use std::fmt;
use std::time::Duration;

use causerie_model::{Command, DeviceId, Problem, Timestamp};
use minidom::Element;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Something that the brain should know.
#[derive(Debug)]
pub enum Input {
    /// A person asks for something.
    Command(Command),
    /// The connection that [`crate::Effect::Connect`] asked for is there: encrypted, its certificate verified, the stream header
    /// exchanged. The features follow as an element, then and after each [`crate::Effect::RestartStream`].
    Connected(Link),
    /// The connection that was asked for could not be made.
    ConnectFailed(Problem),
    /// A top-level element of the stream, or the marker in its place (see [`crate::REJECTED_NS`]).
    Element(Element),
    /// Part of an element came, the rest is awaited: the peer lives. Told about once a second at most.
    Progress,
    /// The stream is over and cannot be used any more, whoever ended it. After [`crate::Effect::Close`] the problem is of no matter.
    Disconnected(Problem),
    /// The same, where the server has ended the stream in good order (RFC 6120 §4.4).
    Closed,
    /// The program ends: as [`Command::Disconnect`], but it says nothing of what the person wants next time.
    Quit,
    /// The time that [`crate::Effect::WakeAt`] named has come, or passed.
    Woke,
    /// The key that [`crate::Effect::DeriveKey`] asked for. A ticket of an earlier connection is ignored.
    KeyDerived {
        /// The ticket that was given.
        ticket: u64,
        /// The key.
        key: SaltedPassword,
    },
    /// The ledger has found that another copy of this device has sent something under this number ([`causerie_model::Event::CopySeen`]).
    CopySeen(DeviceId),
    /// The stream was silent for a while although it should not be: check that it lives.
    Check,
    /// The machine slept, or the program was stopped, and goes on. What it waited for may be gone without a word, and what it finds in
    /// its buffers may be from before.
    StoodStill,
}

/// What is known of a fresh connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The TLS channel's `tls-exporter` binding (RFC 9266), where the TLS version has a safe one.
    pub tls_exporter: Option<[u8; 32]>,
    /// The `id` of the server's stream header, where it gave one.
    pub stream_id: Option<String>,
}

/// The time, as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Of the machine's clock. It may jump.
    pub wall: Timestamp,
    /// Since the brain was made, never backwards; does not count while the machine sleeps, on some systems.
    pub elapsed: Duration,
    /// How far local time is ahead of UTC, in minutes.
    pub utc_offset: i16,
}

/// `SaltedPassword` of RFC 5802 §3. Wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SaltedPassword(pub Vec<u8>);

impl fmt::Debug for SaltedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SaltedPassword(…)")
    }
}
