//! Adding somebody by address.

mod view;

use causerie_model::{AccountId, AddressError, BareJid, Command, InviteToken, Subscription};

use crate::context::{Context, Key};
use crate::platform::links::kept::Typed;
use crate::platform::links::received::{self, Received};
use crate::platform::links::uri;

pub(crate) use view::{ADDRESS, view};

/// What was typed.
#[derive(Debug)]
pub(crate) struct AddContact {
    address: String,
    name: String,
    /// Whether the name is what a link gave, and nothing that the person has typed.
    is_name_given: bool,
    account: Option<AccountId>,
    trouble: Option<Trouble>,
    /// What a link that was pasted or opened says of somebody.
    given: Option<Given>,
    /// What a link wants written, and to whom.
    text: Option<(BareJid, String)>,
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
    /// They are to be written to, and nothing else.
    WritePressed,
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
    /// Show the conversation.
    Write(Key),
    /// Invite somebody instead.
    Invite(AccountId),
    /// Close the form.
    Close,
}

impl AddContact {
    /// An empty form, or one with an address filled in; for that account, else for the first one.
    pub(crate) fn new(address: &str, account: Option<AccountId>, context: &Context) -> Self {
        let account = account.or_else(|| context.accounts.first().map(|account| account.account.id));
        let mut form = Self {
            address: String::new(),
            name: String::new(),
            is_name_given: false,
            account,
            trouble: None,
            given: None,
            text: None,
        };
        form.fill(address.to_owned());
        if !address.is_empty() {
            form.trouble = form.checked(context).err();
        }
        form
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Action {
        match message {
            Message::AddressChanged(address) => {
                self.fill(address);
                self.check_while_typing(context);
            }
            Message::NameChanged(name) => (self.name, self.is_name_given) = (name, false),
            Message::AccountChosen(account) => {
                self.account = Some(account);
                self.check_while_typing(context);
            }
            Message::Submitted => return self.submit(context),
            Message::WritePressed => match self.checked(context) {
                Ok(key) => return Action::Write(key),
                Err(trouble) => {
                    self.trouble = Some(trouble);
                    return Action::Focus;
                }
            },
            Message::InvitePressed => return self.account.map_or(Action::None, Action::Invite),
            Message::Cancelled => return Action::Close,
        }
        Action::None
    }

    /// That account is gone: the form is for another one, if there is one.
    pub(crate) fn account_removed(&mut self, account: AccountId, context: &Context) -> bool {
        if self.account == Some(account) {
            self.account = context.accounts.first().map(|state| state.account.id);
            self.check_while_typing(context);
        }
        self.account.is_some()
    }

    /// Whose address is in it.
    pub(crate) fn address(&self) -> &str {
        self.address.trim()
    }

    /// Takes what was typed, or a link that was pasted: of that the address is shown, and the rest is used, in place of what the link
    /// before it gave of somebody else.
    fn fill(&mut self, text: String) {
        let Some(given) = given(&text) else {
            self.address = text;
            return;
        };
        let before = self.given.take().filter(|before| before.jid == given.jid);
        let given = before.into_iter().fold(given, Given::or);
        self.address = given.jid.to_string();
        if self.is_name_given || self.name.trim().is_empty() {
            self.name = given.name.clone().unwrap_or_default();
            self.is_name_given = true;
        }
        self.given = Some(given);
    }

    /// It comes in place of another one: what that one had about the same person still counts.
    pub(crate) fn follow(&mut self, before: &Self, context: &Context) {
        let Ok(jid) = BareJid::parse_typed(&self.address) else { return };
        if BareJid::parse_typed(&before.address).ok().as_ref() != Some(&jid) {
            return;
        }
        let given = self.given.take().into_iter().chain(before.given_of(&jid).cloned());
        self.given = given.reduce(Given::or);
        if before.is_name_given || before.name.trim().is_empty() {
            self.name = self.given.as_ref().and_then(|given| given.name.clone()).unwrap_or_default();
            self.is_name_given = true;
        } else {
            (self.name, self.is_name_given) = (before.name.clone(), false);
        }
        self.account = before.account;
        self.text.clone_from(&before.text);
        self.trouble = self.checked(context).err();
    }

    /// What was typed, for the next start of the program.
    pub(crate) fn typed(&self, context: &Context) -> Typed {
        let account = self.account.and_then(|id| context.account(id));
        Typed {
            address: self.address.clone(),
            name: (!self.is_name_given).then(|| self.name.clone()),
            account: account.map(|state| state.account.jid.to_string()),
        }
    }

    /// What was typed the last time comes in place of what the link has filled in. What that gives still counts for whom it is about.
    pub(crate) fn type_again(&mut self, typed: &Typed, context: &Context) {
        self.address.clone_from(&typed.address);
        if let Some(name) = &typed.name {
            (self.name, self.is_name_given) = (name.clone(), false);
        }
        let accounts = context.accounts.iter().map(|state| &state.account);
        let mut chosen = accounts.filter(|one| Some(one.jid.as_str()) == typed.account.as_deref());
        self.account = chosen.next().map(|one| one.id).or(self.account);
        self.check_while_typing(context);
    }

    /// Keeps what a link wants written to that person, until the conversation is open.
    pub(crate) fn keep(&mut self, jid: BareJid, text: String) {
        self.text = Some((jid, text));
    }

    /// What a link wants written to that person, and to nobody else.
    pub(crate) fn text(&self, jid: &BareJid) -> Option<&str> {
        self.text.as_ref().filter(|(peer, _)| peer == jid).map(|(_, text)| text.as_str())
    }

    /// Whether a link wants something written to whose address is in the field.
    fn has_text(&self) -> bool {
        BareJid::parse_typed(&self.address).is_ok_and(|jid| self.text(&jid).is_some())
    }

    /// What lets us in with that person.
    fn preauth(&self, jid: &BareJid) -> Option<InviteToken> {
        self.given_of(jid)?.token.clone()
    }

    /// What a link says of that person, and of nobody else.
    fn given_of(&self, jid: &BareJid) -> Option<&Given> {
        self.given.as_ref().filter(|given| given.jid == *jid)
    }

    /// The groups that a link names for whose address is in the field.
    fn groups(&self) -> &[String] {
        let jid = BareJid::parse_typed(&self.address).ok();
        jid.and_then(|jid| self.given_of(&jid)).map_or(&[], |given| given.groups.as_slice())
    }

    /// Whether the address is that of somebody who has invited us.
    fn is_invited(&self) -> bool {
        BareJid::parse_typed(&self.address).is_ok_and(|jid| self.preauth(&jid).is_some())
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
                let (jid, preauth) = (key.1.clone(), self.preauth(&key.1));
                let groups = self.groups().to_vec();
                let command = Command::AddContact { jid, name, groups, preauth };
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

/// What a link says of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    /// Who it is about.
    pub(crate) jid: BareJid,
    /// What they are to be called.
    pub(crate) name: Option<String>,
    /// The groups that they are to be in.
    pub(crate) groups: Vec<String>,
    /// What lets us in with them.
    pub(crate) token: Option<InviteToken>,
}

impl Given {
    /// With what an earlier link says of the same person, where this one says nothing.
    pub(crate) fn or(self, earlier: Self) -> Self {
        Self {
            jid: self.jid,
            name: self.name.or(earlier.name),
            groups: if self.groups.is_empty() { earlier.groups } else { self.groups },
            token: self.token.or(earlier.token),
        }
    }
}

/// Reads a link, or a text with one in it. An address that is being typed is none.
pub(crate) fn given(text: &str) -> Option<Given> {
    if !(text.contains("://") || text.contains(':') && text.contains(['?', '#'])) {
        return None;
    }
    let Received::Uri(uri) = received::read(text) else { return None };
    let jid = uri.person()?.clone();
    match uri.action {
        uri::Action::Roster(new) => Some(Given { jid, name: new.name, groups: new.groups, token: new.token }),
        uri::Action::None | uri::Action::Subscribe(_) => {
            Some(Given { jid, name: None, groups: Vec::new(), token: None })
        }
        _ => None,
    }
}

/// Whether a link lets us in with somebody without a question.
pub(crate) fn is_invitation(link: &str) -> bool {
    given(link).is_some_and(|given| given.token.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples::{self, HOME, jid};

    fn typed(address: &str, context: &Context) -> AddContact {
        let mut form = AddContact::new("", None, context);
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
    fn an_invitation_is_used_with_whom_it_is_from_and_nobody_else() {
        let context = samples::lively(1000.0, 700.0);
        let token = |form: &mut AddContact| match form.update(Message::Submitted, &context) {
            Action::Add(_, Command::AddContact { preauth, name, .. }) => (preauth, name),
            other => panic!("{other:?}"),
        };
        let shown = InviteToken::new("s3cr3t");
        for link in [
            "xmpp:nina@far.example?roster;preauth=s3cr3t;name=Nina",
            "Come in: <https://xmpp.link/#nina@far.example?roster;preauth=s3cr3t;name=Nina>.",
        ] {
            assert!(is_invitation(link));
            let mut form = typed(link, &context);
            assert_eq!(form.address, "nina@far.example");
            assert!(form.is_invited());
            assert_eq!(token(&mut form), (shown.clone(), Some("Nina".to_owned())));
            form.update(Message::AddressChanged("mallory@far.example".to_owned()), &context);
            assert!(!form.is_invited());
            assert_eq!(token(&mut form).0, None);
        }
        let mut form = AddContact::new("xmpp:nina@far.example?roster", None, &context);
        assert_eq!(token(&mut form).0, None);
        assert!(!is_invitation("xmpp:nina@far.example?message;body=preauth=x"));
    }

    #[test]
    fn a_link_names_somebody_and_their_groups_and_nobody_else() {
        let context = samples::lively(1000.0, 700.0);
        let link = "xmpp:nina@far.example?roster;name=Nina%20B.;group=Club;group=Friends";
        let asked = |form: &mut AddContact| match form.update(Message::Submitted, &context) {
            Action::Add(_, Command::AddContact { name, groups, .. }) => (name, groups.join("|")),
            other => panic!("{other:?}"),
        };
        let mut form = AddContact::new(link, None, &context);
        assert_eq!(asked(&mut form), (Some("Nina B.".to_owned()), "Club|Friends".to_owned()));
        form.update(Message::AddressChanged("mallory@far.example".to_owned()), &context);
        assert_eq!(asked(&mut form).1, "");
    }

    #[test]
    fn what_a_link_gave_is_replaced_by_what_the_next_one_gives() {
        let context = samples::lively(1000.0, 700.0);
        let asked = |form: &mut AddContact| match form.update(Message::Submitted, &context) {
            Action::Add(_, Command::AddContact { name, groups, preauth, .. }) => {
                (name, groups.join("|"), preauth.map(|token| token.as_str().to_owned()))
            }
            other => panic!("{other:?}"),
        };
        let nina = "xmpp:nina@far.example?roster;name=Nina;group=Club;preauth=s3cr3t";
        let pasted = |form: &mut AddContact, link: &str| {
            form.update(Message::AddressChanged(link.to_owned()), &context);
        };
        for (next, name) in [
            ("xmpp:sami@far.example?roster;name=Sami", Some("Sami")),
            ("xmpp:sami@far.example?roster", None),
            ("xmpp:sami@far.example?subscribe", None),
        ] {
            let mut form = typed(nina, &context);
            pasted(&mut form, next);
            assert_eq!(asked(&mut form), (name.map(ToOwned::to_owned), String::new(), None), "{next}");
            // What the person has typed stays.
            let mut form = typed(nina, &context);
            form.update(Message::NameChanged("My friend".to_owned()), &context);
            pasted(&mut form, next);
            assert_eq!(asked(&mut form).0.as_deref(), Some("My friend"), "{next}");
        }
        // Another link to the same person takes nothing away.
        let mut form = typed(nina, &context);
        pasted(&mut form, "xmpp:nina@far.example?subscribe");
        let all = (Some("Nina".to_owned()), "Club".to_owned(), Some("s3cr3t".to_owned()));
        assert_eq!(asked(&mut form), all);
    }

    #[test]
    fn what_was_typed_comes_back_for_the_account_that_was_chosen() {
        let mut context = samples::lively(1000.0, 700.0);
        let second = AccountId(2);
        let online = causerie_model::Connection::Online;
        context.accounts.push(samples::account(second, "work@office.example", online));
        let link = "xmpp:nina@far.example?roster;name=Nina;preauth=s3cr3t";
        let mut before = AddContact::new(link, None, &context);
        before.update(Message::AccountChosen(second), &context);
        for name in [None, Some("My Nina")] {
            if let Some(name) = name {
                before.update(Message::NameChanged(name.to_owned()), &context);
            }
            let mut again = AddContact::new(link, None, &context);
            again.type_again(&before.typed(&context), &context);
            assert_eq!((again.account, again.trouble), (Some(second), None));
            let wanted = name.unwrap_or("Nina");
            let asked = again.update(Message::Submitted, &context);
            let Action::Add(_, Command::AddContact { name: Some(name), preauth, .. }) = asked else {
                panic!("{asked:?}")
            };
            assert_eq!((name.as_str(), preauth), (wanted, InviteToken::new("s3cr3t")));
        }
        // An account that is gone by then is not chosen.
        context.accounts.pop();
        let typed = Typed { account: Some("work@office.example".to_owned()), ..before.typed(&context) };
        let mut again = AddContact::new(link, None, &context);
        again.type_again(&typed, &context);
        assert_eq!(again.account, Some(HOME));
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
