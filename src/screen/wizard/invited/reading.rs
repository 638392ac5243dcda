//! What a text that was given invites to.

use super::{Given, Invitation};
use crate::platform::links::received::{self, Received};
use crate::platform::links::uri::Action as Asked;
use crate::platform::links::uri::{AlsoAccount, NewContact, Uri};

/// Whether a text has taken the place of another one, and is not that one with some letters changed: they begin differently, but for the
/// scheme.
pub(super) fn is_other(before: &str, now: &str) -> bool {
    let same = before.chars().zip(now.chars()).take_while(|(one, other)| one == other);
    let same: String = same.map(|(one, _)| one).collect();
    same.split_once(':').is_none_or(|(_, rest)| rest.trim_matches('/').is_empty())
}

/// What a text is, as it was typed or opened.
pub(super) fn given(link: &str) -> Given {
    if link.trim().is_empty() {
        return Given::Nothing;
    }
    match received::read(link) {
        Received::Uri(uri) => invitation(uri).map_or(Given::NoInvitation, Given::Invitation),
        // Who hands out the page need not be who makes the account, and is not told what proves the invitation by a guess.
        Received::Invitation { page, provider, token } => Given::PageWithToken(page, provider, token),
        Received::Page(page) => Given::Page(page),
        Received::Nothing => Given::NoInvitation,
    }
}

/// What a link invites to, if it does.
fn invitation(uri: Uri) -> Option<Invitation> {
    let address = uri.address.bare().clone();
    let contact = match uri.action {
        Asked::Register(token) => {
            let name = address.local().map(ToOwned::to_owned);
            return Some(Invitation::Account { provider: address.to_domain(), name, token, page: None });
        }
        Asked::Roster(contact) | Asked::Subscribe(contact) => contact,
        Asked::None | Asked::Message { .. } | Asked::Keys(_) => NewContact::default(),
        _ => return None,
    };
    let account = match contact.account {
        AlsoAccount::Yes => contact.token.clone(),
        AlsoAccount::No => None,
    };
    address.local()?;
    let NewContact { name, groups, token, .. } = contact;
    Some(Invitation::Contact { jid: address, name, groups, greeting: token, account })
}
