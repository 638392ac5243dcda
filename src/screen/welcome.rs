//! The first page: what this is, and the two doors.

mod view;

pub(crate) use view::{SIGN_IN, view};

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// “I have an account” was pressed.
    SignInPressed,
    /// Another language was chosen.
    LanguageChosen(String),
    /// The list of providers is to be opened.
    ProvidersPressed,
}

#[cfg(test)]
mod tests;
