//! The hands of Causerie: one actor per account, and everything between it and the network.
//!
//! The law: nothing is sent before it is committed, nothing is authenticated before TLS is verified for the account's own
//! domain, and nothing that a server or contact sends ends the process. The crate knows no feature of XMPP: what to say
//! is the brain's business (`causerie-protocol`), what to keep is the ledger's (`causerie-store`).
//!
//! The map, from the wire inwards: [`resolve`] finds the servers of a domain, [`connect`] races their addresses,
//! [`tls`] verifies who answers, [`guard`] keeps hostile XML from the parser, [`frame`] is what comes out of it.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod connect;
pub mod frame;
pub mod guard;
pub mod resolve;
pub mod tls;
pub mod transport;

pub use connect::{Connector, Patience};
pub use frame::Frame;
pub use guard::{Fault, Guard, Limits};
pub use resolve::Dns;
pub use tls::{Roots, Tls};
