//! The first page: what this is, and the three doors.

mod view;

pub(crate) use view::{NEW, view};

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// “I’m new” was pressed.
    NewPressed,
    /// “I have an account” was pressed.
    SignInPressed,
    /// “I was invited” was pressed.
    InvitedPressed,
    /// Back to where one came from, or Escape.
    BackPressed,
    /// The settings of the network are wanted: who goes through a proxy wants so from the first connection on.
    NetworkPressed,
    /// Another language was chosen.
    LanguageChosen(String),
}

#[cfg(test)]
mod tests;
