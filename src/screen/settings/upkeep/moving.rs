//! Having moved to another address (XEP-0283): saying so, taking it back, and taking the contacts along.

mod view;

use causerie_model::{AccountId, AddressError, BareJid, Command, NewContact, Subscription};
use iced::Task;

use super::{Deed, Outcome, Part, Said, Upkeep};
use crate::context::{AccountState, Context};
use crate::widget::focus::focus;

#[cfg(test)]
pub(crate) use view::{ADDRESS, CANCEL};
pub(super) use view::{offer, state, view};

/// What is typed beyond this, in bytes, is no address.
const LONGEST: usize = 3_100;

/// How far telling of it has got.
#[derive(Debug)]
pub(super) enum Moving {
    /// The new address is being chosen.
    Choosing(String, Option<Trouble>),
    /// It is asked once more; what was typed is kept.
    Asking(BareJid, String),
    /// The provider was asked to tell it, or that it is not so.
    Asked(Option<BareJid>),
}

/// What is wrong with the new address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Address(AddressError),
    /// It is the old one.
    Same,
    /// It was told before.
    Told,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// It is to be told.
    Pressed,
    /// The new address was edited.
    Typed(String),
    /// It is that of another account here.
    Chosen(String),
    /// It is the one.
    Submitted,
    /// It is meant.
    Confirmed,
    /// It is not so any more.
    BackPressed,
    /// What is open is to be closed.
    Dismissed,
    /// The other account, from which the contacts can be taken along.
    AccountPressed(AccountId),
    /// The contacts of that account are to come along to this one.
    TakePressed(AccountId),
}

impl Moving {
    /// Closes the question: the answer is whether there was one.
    pub(super) fn step_back(&mut self) -> bool {
        let Self::Asking(_, typed) = self else { return false };
        *self = Self::Choosing(std::mem::take(typed), None);
        true
    }

    /// Whether it is being taken back.
    pub(super) fn goes_back(&self) -> bool {
        matches!(self, Self::Asked(None))
    }
}

impl Upkeep {
    /// Accounts were read again: what was asked may have been done.
    pub(in crate::screen::settings) fn accounts_changed(&mut self, context: &Context) {
        let Part::Moving(Moving::Asked(wanted)) = &self.part else { return };
        let told = context.account(self.account).map(|state| &state.account.moved_to);
        if told == Some(wanted) {
            // Where to is said as long as it is told.
            self.said = wanted.is_none().then_some(Said::MovedBack);
            self.part = Part::Menu;
        }
    }

    pub(super) fn update_moving(&mut self, message: Message, context: &Context) -> Outcome {
        let account = self.account;
        match message {
            Message::Pressed => {
                self.open(Part::Moving(Moving::Choosing(String::new(), None)));
                return (focus(view::ADDRESS), None);
            }
            Message::Typed(typed) if typed.len() <= LONGEST => {
                self.part = Part::Moving(Moving::Choosing(typed, None));
            }
            Message::Typed(_) => {}
            Message::Chosen(address) => {
                self.part = Part::Moving(Moving::Choosing(address, None));
                return (focus(view::ADDRESS), None);
            }
            Message::Submitted => return (self.submit(context), None),
            Message::Confirmed => {
                if let Part::Moving(Moving::Asking(new, _)) = &self.part {
                    let new = Some(new.clone());
                    self.open(Part::Moving(Moving::Asked(new.clone())));
                    return (Task::none(), Some(Deed::Ask(account, Command::AnnounceMove(new))));
                }
            }
            Message::BackPressed => {
                self.open(Part::Moving(Moving::Asked(None)));
                return (Task::none(), Some(Deed::Ask(account, Command::AnnounceMove(None))));
            }
            Message::Dismissed => {
                if !self.step_back() {
                    self.open(Part::Menu);
                }
            }
            Message::AccountPressed(other) => *self = Self::new(other),
            Message::TakePressed(old) => {
                let (old, new) = (context.account(old), context.account(account));
                return (Task::none(), old.zip(new).and_then(|(old, new)| take_along(old, new, context)));
            }
        }
        (Task::none(), None)
    }

    fn submit(&mut self, context: &Context) -> Task<super::Message> {
        let Part::Moving(Moving::Choosing(typed, trouble)) = &mut self.part else { return Task::none() };
        let own = context.account(self.account).map(|state| &state.account);
        let found = BareJid::parse_typed(typed).map_err(Trouble::Address).and_then(|new| match own {
            Some(own) if own.jid == new => Err(Trouble::Same),
            Some(own) if own.moved_to.as_ref() == Some(&new) => Err(Trouble::Told),
            _ => Ok(new),
        });
        match found {
            Ok(new) => {
                let typed = std::mem::take(typed);
                self.open(Part::Moving(Moving::Asking(new, typed)));
                focus(view::CANCEL)
            }
            Err(wrong) => {
                *trouble = Some(wrong);
                focus(view::ADDRESS)
            }
        }
    }
}

/// The account here that says that it has moved to this one.
fn before<'a>(new: &AccountState, context: &'a Context) -> Option<&'a AccountState> {
    context.accounts.iter().find(|state| state.account.moved_to.as_ref() == Some(&new.account.jid))
}

/// The account here that one has moved to.
fn after<'a>(old: &AccountState, context: &'a Context) -> Option<&'a AccountState> {
    let moved_to = old.account.moved_to.as_ref()?;
    context.accounts.iter().find(|state| state.account.jid == *moved_to)
}

/// Who of an old account is not seen from the new one yet.
fn left_behind(old: &AccountState, new: &AccountState, context: &Context) -> Vec<NewContact> {
    let is_own = |jid: &BareJid| *jid == old.account.jid || *jid == new.account.jid;
    let of_old = context.contacts.iter().filter(|(account, contact)| {
        let jid = &contact.item.jid;
        let known = context.contact(&(new.account.id, jid.clone()));
        *account == old.account.id
            && !contact.blocked
            && contact.item.subscription != Subscription::None
            && !is_own(jid)
            && !known.is_some_and(|known| known.item.subscription.sees_them() || known.blocked)
    });
    let contact = |(_, contact): &(AccountId, causerie_model::Contact)| NewContact {
        jid: contact.item.jid.clone(),
        name: contact.item.name.clone(),
        groups: contact.item.groups.clone(),
    };
    of_old.map(contact).collect()
}

/// Those who are left behind are asked from the new account, which says that it is the old one.
fn take_along(old: &AccountState, new: &AccountState, context: &Context) -> Option<Deed> {
    if old.account.moved_to.as_ref() != Some(&new.account.jid) {
        return None;
    }
    let contacts = left_behind(old, new, context);
    let moved_from = Some(old.account.jid.clone());
    let command = Command::AddContacts { contacts, moved_from };
    (!matches!(&command, Command::AddContacts { contacts, .. } if contacts.is_empty()))
        .then_some(Deed::Ask(new.account.id, command))
}

#[cfg(test)]
mod tests;
