//! Adding somebody by address.

mod view;

use causerie_model::{AccountId, AddressError, BareJid, Command, Subscription};

use crate::context::{Context, Key};

pub(crate) use view::{ADDRESS, view};

/// What was typed.
#[derive(Debug)]
pub(crate) struct AddContact {
    address: String,
    name: String,
    account: Option<AccountId>,
    trouble: Option<Trouble>,
}

/// What is wrong with the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Address(AddressError),
    Own,
    Known,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The address was edited.
    AddressChanged(String),
    /// The name was edited.
    NameChanged(String),
    /// Another account was chosen.
    AccountChosen(AccountId),
    /// Enter, or the button.
    Submitted,
    /// Somebody is to be invited instead.
    InvitePressed,
    /// Cancel, or Escape.
    Cancelled,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    None,
    /// Put the caret into the address.
    Focus,
    /// Ask this of the account, and show the conversation.
    Add(Key, Command),
    /// Invite somebody instead.
    Invite(AccountId),
    /// Close the form.
    Close,
}

impl AddContact {
    /// An empty form, or one with an address filled in.
    pub(crate) fn new(address: &str, context: &Context) -> Self {
        let account = context.accounts.first().map(|account| account.account.id);
        let mut form = Self { address: address.to_owned(), name: String::new(), account, trouble: None };
        if !address.is_empty() {
            form.trouble = form.checked(context).err();
        }
        form
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Action {
        match message {
            Message::AddressChanged(address) => {
                self.address = address;
                self.check_while_typing(context);
            }
            Message::NameChanged(name) => self.name = name,
            Message::AccountChosen(account) => {
                self.account = Some(account);
                self.check_while_typing(context);
            }
            Message::Submitted => return self.submit(context),
            Message::InvitePressed => return self.account.map_or(Action::None, Action::Invite),
            Message::Cancelled => return Action::Close,
        }
        Action::None
    }

    /// Says early what can't become right by typing on.
    fn check_while_typing(&mut self, context: &Context) {
        self.trouble = self.checked(context).err().filter(|trouble| {
            let unfinished = [
                AddressError::Empty,
                AddressError::NoDomain,
                AddressError::NoLocalPart,
                AddressError::BadDomain,
            ];
            !matches!(trouble, Trouble::Address(error) if unfinished.contains(error))
        });
    }

    fn submit(&mut self, context: &Context) -> Action {
        match self.checked(context) {
            Ok(key) => {
                let name = Some(self.name.trim().to_owned()).filter(|name| !name.is_empty());
                let command =
                    Command::AddContact { jid: key.1.clone(), name, groups: Vec::new(), preauth: None };
                Action::Add(key, command)
            }
            Err(trouble) => {
                self.trouble = Some(trouble);
                Action::Focus
            }
        }
    }

    fn checked(&self, context: &Context) -> Result<Key, Trouble> {
        let jid = BareJid::parse_typed(&self.address).map_err(Trouble::Address)?;
        let account = self.account.and_then(|id| context.account(id)).ok_or(Trouble::Own)?;
        if account.account.jid == jid {
            return Err(Trouble::Own);
        }
        let key = (account.account.id, jid);
        // Somebody who is on the list but does not see us, or whom we don't see, may be asked once more.
        let both =
            context.contact(&key).is_some_and(|contact| contact.item.subscription == Subscription::Both);
        if both { Err(Trouble::Known) } else { Ok(key) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples::{self, HOME, jid};

    fn typed(address: &str, context: &Context) -> AddContact {
        let mut form = AddContact::new("", context);
        form.update(Message::AddressChanged(address.to_owned()), context);
        form
    }

    #[test]
    fn an_address_is_checked_as_it_is_typed() {
        let context = samples::lively(1000.0, 700.0);
        for (address, wrong) in [
            ("nin", None),
            ("nina@", None),
            ("nina@far", None),
            ("nina@@far", Some(Trouble::Address(AddressError::SecondAt))),
            ("alice@chat.example", Some(Trouble::Own)),
            ("bob@chat.example", Some(Trouble::Known)),
            // Not seen by them yet: they may be asked again.
            ("david@chat.example", None),
        ] {
            assert_eq!(typed(address, &context).trouble, wrong, "{address}");
        }
    }

    #[test]
    fn what_is_missing_is_said_when_one_goes_on() {
        let context = samples::lively(1000.0, 700.0);
        let mut form = typed("nina", &context);
        assert_eq!(form.update(Message::Submitted, &context), Action::Focus);
        assert_eq!(form.trouble, Some(Trouble::Address(AddressError::NoDomain)));
    }

    #[test]
    fn a_contact_is_added_to_the_chosen_account_under_the_chosen_name() {
        let mut context = samples::lively(1000.0, 700.0);
        let second = AccountId(2);
        let online = causerie_model::Connection::Online;
        context.accounts.push(samples::account(second, "work@office.example", online));
        let mut form = typed(" xmpp:nina@faraway.example ", &context);
        form.update(Message::NameChanged("  Nina ".to_owned()), &context);
        let add = |account| {
            let jid = jid("nina@faraway.example");
            let command = Command::AddContact {
                jid: jid.clone(),
                name: Some("Nina".to_owned()),
                groups: Vec::new(),
                preauth: None,
            };
            Action::Add((account, jid), command)
        };
        assert_eq!(form.update(Message::Submitted, &context), add(HOME));
        form.update(Message::AccountChosen(second), &context);
        assert_eq!(form.update(Message::Submitted, &context), add(second));
    }
}
