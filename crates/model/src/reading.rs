//! What is still to be told of how far somebody has read.

use crate::{BareJid, OriginId, StanzaId};

/// What has been told of a conversation, and what could not be told yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// With whom.
    pub peer: BareJid,
    /// What our devices know: the last that any of them has told (XEP-0490).
    pub told: Option<StanzaId>,
    /// What they are still to be told.
    pub archived: Option<StanzaId>,
    /// What the other side is still to be told (XEP-0333).
    pub marker: Option<OriginId>,
}

/// A message that was not read when the last run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Who wrote it.
    pub peer: BareJid,
    /// What they call it.
    pub id: OriginId,
    /// Whether they want to know when it is read.
    pub markable: bool,
}
