//! The hands of Causerie: one actor per account, and everything between it and the network.
//!
//! The law: nothing is sent before it is committed, nothing is authenticated before TLS is verified for the account's own
//! domain, and nothing that a server or contact sends ends the process. The crate knows no feature of XMPP: what to say
//! is the brain's business (`causerie-protocol`), what to keep is the ledger's (`causerie-store`).
//!
//! | file | what |
//! |---|---|
//! | [`handle`] | the app's hold on an actor: spawn, orders, supervision |
//! | `actor` | one account's actor: inputs to the brain, effects from it |
//! | `apply` | the order of effects: commit, send, tell |
//! | `together` | changes of several inputs, in one transaction |
//! | `unkept` | what a person has written while the disk takes nothing |
//! | [`events`] | what has happened, on its way to the app |
//! | [`ledger`] | what an actor needs of the ledger |
//! | `line` | the connection, in whatever state it is |
//! | [`transport`] | an open XML stream |
//! | `outgoing` | what waits to be written to it |
//! | [`connect`] | from a domain to an open stream: time-outs, racing addresses, `<starttls/>` |
//! | [`proxy`] | straight out to the network, or through a proxy and never past it |
//! | [`wire`] | a TCP connection that remembers how the other side began |
//! | `portal` | whether a network wants somebody to sign in first |
//! | [`network`] | when this machine is on another network than before |
//! | `standstill` | when the process was stopped and goes on |
//! | [`resolve`] | the servers of a domain, in DNS |
//! | [`tls`] | encryption, and who may be at its other end |
//! | [`guard`] | the door between TLS and the parser: what is over the limits stays outside |
//! | [`registration`] | creating an account: an actor for before there is one |
//! | [`breaker`] | what has broken something once, and shall not do so again |
//! | [`vault`] | the key that seals the accounts' own keys, in a file |
//! | [`frame`] | what comes out of the parser |
//! | [`fetch`] | small public pages of the web |

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod actor;
mod apply;
pub mod breaker;
pub mod connect;
pub mod events;
pub mod fetch;
pub mod frame;
pub mod guard;
pub mod handle;
pub mod ledger;
mod line;
pub mod network;
mod outgoing;
mod portal;
pub mod proxy;
pub mod registration;
pub mod resolve;
mod standstill;
pub mod tls;
mod together;
pub mod transport;
mod unkept;
pub mod vault;
pub mod wire;

#[cfg(test)]
mod tests;

pub use breaker::Breaker;
pub use connect::{Connector, Patience};
pub use events::Events;
pub use fetch::Web;
pub use frame::Frame;
pub use guard::{Fault, Guard, Limits};
pub use handle::{Config, Handle, Slept, spawn};
pub use ledger::Ledger;
pub use proxy::{Proxy, ProxyKind, Route};
pub use resolve::Dns;
pub use tls::{Roots, Tls};
