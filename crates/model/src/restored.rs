//! What an account's brain starts from: the ledger's memory of the last run.

use crate::{
    Account, AvatarHash, BareJid, Capabilities, OriginId, RosterItem, SubscriptionRequest, Timestamp,
};

/// Everything that the ledger gives to a brain at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The account's row; its roster version belongs to `roster`.
    pub account: Account,
    /// The roster as last seen.
    pub roster: Vec<RosterItem>,
    /// Who is blocked.
    pub blocked: Vec<BareJid>,
    /// Who waits for an answer.
    pub requests: Vec<SubscriptionRequest>,
    /// Outgoing messages that the provider has not taken, in the order they were written.
    pub pending: Vec<PendingMessage>,
    /// The verified sets of features that are known, the oldest first: the newest 500.
    pub capabilities: Vec<Capabilities>,
    /// Who has which picture, its bytes being stored.
    pub avatars: Vec<(BareJid, AvatarHash)>,
    /// With whom there is a conversation, the last active first, not more than 2,000.
    pub conversations: Vec<BareJid>,
}

/// An outgoing message that waits.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingMessage {
    /// To whom.
    pub peer: BareJid,
    /// What we called it.
    pub id: OriginId,
    /// Its text.
    pub body: String,
    /// When it was written.
    pub at: Timestamp,
}

impl std::fmt::Debug for PendingMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { peer, id, body, at } = self;
        write!(f, "PendingMessage({peer}, {id:?}, {} bytes, {at:?})", body.len())
    }
}
