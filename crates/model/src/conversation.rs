//! A conversation as the list shows it.

use crate::{AccountId, AvatarHash, BareJid, Direction, MessageState, Privacy, Timestamp};

/// One row of the conversation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Whose conversation.
    pub account: AccountId,
    /// With whom.
    pub peer: BareJid,
    /// The name to show.
    pub name: String,
    /// The peer's picture, when stored.
    pub avatar: Option<AvatarHash>,
    /// The last message, if there is one.
    pub last: Option<LastMessage>,
    /// Received messages that were not read.
    pub unread: u32,
    /// What was typed and not sent; empty when there is none.
    pub draft: String,
    /// Whether messages in it are encrypted.
    pub privacy: Privacy,
    /// When something last happened, for sorting.
    pub active_at: Timestamp,
}

/// The last line of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastMessage {
    /// Whose it is.
    pub direction: Direction,
    /// The start of its text, at most 200 characters; empty when it could not be read, or was retracted.
    pub text: String,
    /// Whether it was retracted.
    pub is_retracted: bool,
    /// When it was sent.
    pub at: Timestamp,
    /// Its state.
    pub state: MessageState,
}
