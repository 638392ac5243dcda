//! What a text that was given invites to.

use super::{Given, Invitation};
use crate::platform::links::received::{self, Received};
use crate::platform::links::uri::Action as Asked;
use crate::platform::links::uri::{AlsoAccount, NewContact, Uri};

/// Whether a text has taken the place of another one, and is not that one with some letters changed: they begin differently, but for the
/// scheme; or more than a letter has changed at once, and it invites by itself to something else than that one, or in another way.
pub(super) fn is_other(before: &str, now: &str) -> bool {
    let same = before.chars().zip(now.chars()).take_while(|(one, other)| one == other);
    let same: String = same.map(|(one, _)| one).collect();
    if same.split_once(':').is_none_or(|(_, rest)| rest.trim_matches('/').is_empty()) {
        return true;
    }
    let (gone, come) = (&before[same.len()..], &now[same.len()..]);
    let end = gone.chars().rev().zip(come.chars().rev()).take_while(|(one, other)| one == other).count();
    let changed = gone.chars().count().max(come.chars().count()) - end;
    changed > 1 && is_something_else(before, now)
}

/// Whether a text invites to something, and neither is the one before with more behind it, nor about the same.
fn is_something_else(before: &str, now: &str) -> bool {
    let invited = |text: &str| match given(text) {
        Given::Invitation(Invitation::Contact { jid, .. }) => Some(jid.to_string()),
        Given::Invitation(Invitation::Account { provider, name, .. }) => Some(format!("{name:?}@{provider}")),
        Given::Page(page) | Given::PageWithToken(page, ..) => Some(page),
        Given::Nothing | Given::Reading | Given::NoCode(_) | Given::NothingPasted | Given::NoInvitation => {
            None
        }
    };
    let whom = invited(now);
    whom.is_some() && (invited(before) != whom || !now.starts_with(before))
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
