//! The brain of Causerie: everything that XMPP is, as pure code.
//!
//! Law: [`Brain::handle`] takes an [`Input`] and the time, and gives [`Effect`]s. It does no I/O, reads no clock, and draws from no
//! randomness but the generator it was given. What a peer or server sends is never an error here: malformed input is normal.
//!
//! | file | what |
//! |---|---|
//! | [`input`], [`effect`] | what goes in, what comes out |
//! | [`brain`], `step` | an input's way; what each feature gets |
//! | `features` | the switchboard: which feature a command, a stanza or an answer belongs to |
//! | `connection`, `backoff` | when to connect, how long to wait, when to stop; dead peers |
//! | `stream_management` | what the server has of ours; going on where a connection broke |
//! | `negotiation`, `sasl` | stream features, proving a password or a token, bind |
//! | `iq`, `stanza`, `xml`, `ns` | requests that wait; senders, answers, errors; reading and writing part by part |
//! | `server`, `disco`, `caps` | what the server, we, and contacts' programs can do |
//! | `roster`, `subscription`, `presence` | contacts; who may see whom; availability |
//! | `archive` | what the server keeps |
//! | `messages`, `delay`, `chat_states` | what is said, when it was, who is writing |
//! | `rooms` | where several are: entering, hearing, saying |
//! | `receipts`, `displayed` | what has arrived and was read; on any device of ours |
//! | `corrections`, `retractions`, `reactions`, `replies`, `fallback` | what is said of a message after it, and what it answers |
//! | `pubsub`, `nickname`, `avatars`, `profile` | what people say of themselves, and we |
//! | `adding`, `invitations`, `adhoc`, `moved` | how contacts come: many, by invitation, from another address |
//! | `blocking`, `ping`, `version`, `time` | one small protocol each |
//! | [`registration`], `forms`, `bob` | creating an account: a brain of its own, for before there is one |
//! | [`datetime`], `clock` | dates and times as text; what time has passed, whatever the clock says |
//!
//! A feature is a file with its state, what it does in a step, and what it tells of in XEP-0030 (`FEATURES`). Its rules are told as
//! transcripts in `tests/transcripts`.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

mod adding;
mod adhoc;
mod archive;
mod avatars;
mod b64;
mod backoff;
mod blocking;
mod bob;
pub mod brain;
mod caps;
mod carbons;
mod chat_states;
mod clock;
mod connection;
mod corrections;
pub mod datetime;
mod delay;
mod disco;
mod displayed;
pub mod effect;
mod fallback;
mod features;
mod forms;
pub mod input;
mod invitations;
mod iq;
mod messages;
mod moved;
mod negotiation;
mod nickname;
mod ns;
mod omemo;
mod ping;
mod presence;
mod profile;
mod pubsub;
mod reactions;
mod receipts;
pub mod registration;
mod replies;
mod retractions;
mod rooms;
mod roster;
mod sasl;
mod server;
mod stanza;
mod step;
mod stream_management;
mod subscription;
mod time;
mod version;
mod xml;

#[cfg(any(test, fuzzing))]
pub use omemo::fuzzed;

pub use brain::{Brain, derive_key};
pub use effect::{DeriveKey, Effect, Effects, HashFunction, Target};
pub use input::{Input, Link, Now, SaltedPassword};
pub use registration::Registrar;

/// The namespace of the child that marks a stanza which was not let in because it was over a limit:
/// `<message from='…' …><rejected xmlns='urn:causerie:guard' reason='depth'/></message>`.
pub const REJECTED_NS: &str = "urn:causerie:guard";
