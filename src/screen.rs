//! The screens. Each is a state, what can happen on it (`Message`), what it wants done (`Action`), and how it looks (`view`).

mod account;
pub(crate) mod chats;
mod frame;
pub(crate) mod handout;
pub(crate) mod keys;
pub(crate) mod leaving;
pub(crate) mod link;
pub(crate) mod opening;
mod parts;
pub(crate) mod path;
#[cfg(test)]
pub(crate) mod samples;
pub(crate) mod settings;
pub(crate) mod sheet;
pub(crate) mod sign_in;
#[cfg(test)]
pub(crate) mod walk;
pub(crate) mod welcome;
pub(crate) mod wizard;
