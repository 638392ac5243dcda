//! The roster (RFC 6121 §2).

use crate::{AvatarHash, BareJid, Timestamp};

/// Who sees whose presence (RFC 6121 §2.1.2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Subscription {
    /// Nobody.
    #[default]
    None,
    /// We see theirs.
    To,
    /// They see ours.
    From,
    /// Both.
    Both,
}

impl Subscription {
    /// Whether we see their presence.
    pub fn sees_them(self) -> bool {
        matches!(self, Self::To | Self::Both)
    }

    /// Whether they see our presence.
    pub fn seen_by_them(self) -> bool {
        matches!(self, Self::From | Self::Both)
    }
}

/// Whether our request to see their presence waits for an answer (`ask='subscribe'`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PendingOut {
    /// No request is open.
    #[default]
    No,
    /// They have not answered yet.
    Asked,
}

/// A roster entry as the server keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterItem {
    /// Their address.
    pub jid: BareJid,
    /// The name we gave them.
    pub name: Option<String>,
    /// Groups, sorted, each once.
    pub groups: Vec<String>,
    /// Who sees whose presence.
    pub subscription: Subscription,
    /// Whether our request waits.
    pub pending_out: PendingOut,
    /// They may see our presence as soon as they ask (RFC 6121 §3.4).
    pub approved: bool,
}

/// A contact as a screen shows it: the roster entry, and what else is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The roster entry.
    pub item: RosterItem,
    /// The name they gave themselves (XEP-0172 1.1).
    pub nickname: Option<String>,
    /// Their picture's name, when its bytes are stored.
    pub avatar: Option<AvatarHash>,
    /// Whether they are blocked (XEP-0191 1.3).
    pub blocked: bool,
}

impl Contact {
    /// The name to show: the one we gave, else the one they gave, else the address.
    pub fn display_name(&self) -> &str {
        let given = self.item.name.as_deref().or(self.nickname.as_deref());
        given.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| self.item.jid.as_str())
    }
}

/// Somebody wants to see our presence and waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRequest {
    /// Who.
    pub jid: BareJid,
    /// The name they gave themselves, at most 255 characters.
    pub nickname: Option<String>,
    /// Words they added, at most 1,024 characters.
    pub message: Option<String>,
    /// When it came.
    pub at: Timestamp,
    /// They are a contact of ours who had this address before: that address says so itself (XEP-0283 0.2.0 §4.3). To accept them gives
    /// them the old entry's name and groups, asks for their presence, and hides ours from the old address.
    pub moved_from: Option<BareJid>,
}

/// Somebody to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContact {
    /// Their address.
    pub jid: BareJid,
    /// The name to give them.
    pub name: Option<String>,
    /// Groups to put them into.
    pub groups: Vec<String>,
}
