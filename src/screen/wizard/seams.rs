//! What other files are going to hold.

use causerie_model::BareJid;
use causerie_model::registration::InvitationToken;

/// What an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Invitation {
    /// An account.
    Account { provider: BareJid, name: Option<String>, token: InvitationToken },
    /// Somebody who wants to talk.
    Contact { jid: BareJid, account: Option<InvitationToken> },
}

pub(super) fn invitation(link: &str) -> Option<Invitation> {
    match crate::platform::links::read(link)? {
        crate::platform::links::Asked::Person(jid, _) => Some(Invitation::Contact { jid, account: None }),
        _ => None,
    }
}
