//! An account that is made on a page of the web: open the page, then sign in with what was chosen there.

mod view;

use super::identity;

pub(crate) use view::view;

/// What has happened.
#[derive(Clone)]
pub(crate) enum Message {
    /// The page is to be opened.
    OpenPressed,
    /// About name and password.
    Identity(identity::Message),
}
