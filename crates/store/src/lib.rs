//! The ledger of Causerie: everything that is remembered, in one SQLite database per data folder.
//!
//! Law: what [`Store::commit`] was given is on the disk whole or not at all before it answers, it tells what was *really*
//! new, and no file that cannot be understood is ever written to, replaced or deleted. No stanza, no key that is not sealed and no word
//! for people comes in here, and no SQL goes out.
//!
//! | file | what |
//! |---|---|
//! | [`store`] | the handle, and the one thread that writes |
//! | [`open`] | opening a data folder: lock, permissions, what is refused |
//! | `migrate`, `migrations/` | the schema, as steps that are never changed, only followed by others |
//! | `commit`, `commit/` | changes → rows and events, in one transaction |
//! | `restore`, `restore/` | what a brain starts from |
//! | [`reader`], `reader/` | typed queries on a second, read-only connection |
//! | `text` | what the search index sees of a text, and what a search asks it |
//! | `rest` | when the log is moved into the database while the program runs |
//! | `codes` | the stable words for closed enums |
//! | [`vault`] | whether this is the database that was used last |
//! | [`error`] | SQLite's errors as problems |
//!
//! `README.md` tells what becomes of messages when the disk fails or the program dies, and how that was tried.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod codes;
mod commit;
pub mod error;
mod migrate;
pub mod open;
pub mod reader;
mod rest;
mod restore;
mod scrub;
pub mod store;
mod text;
pub mod vault;

#[cfg(test)]
mod tests;

pub use error::OpenError;
pub use open::Options;
pub use reader::{Found, Reader};
pub use store::{Committed, Store};
pub use vault::{Epoch, Origin};
