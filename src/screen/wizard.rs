//! From no account to a first conversation, one question a page.
//!
//! | file | page |
//! |---|---|
//! | `invited` | an invitation, and what it means |
//! | `provider` | which provider |
//! | `identity` | name and password |
//! | `asking`, `puzzle` | what the provider asks: a puzzle, mostly |
//! | `web` | an account that is made on a page of the web |
//! | `ready` | how others see us, and the sheet |
//! | `contact` | the first contact |
//! | `pages` | what those want done |
//! | `registering`, `line` | what comes from the provider and is asked of it; the line on which that is, and what ends with it |
//! | `signing`, `account` | signing in, when the account is there or may be; what the app may know of it |
//! | `actions`, `again` | what the app is to do; leaving, and coming back |
//! | `links` | links that come meanwhile |
//! | `secrets`, `doubts` | which password is whose; accounts that may be there |
//! | `kept` | what is remembered when the program ends in the middle |

mod account;
mod actions;
mod again;
mod asking;
mod contact;
mod doubts;
mod identity;
mod invited;
mod kept;
mod line;
mod links;
mod pages;
mod provider;
mod puzzle;
pub(crate) mod ready;
mod registering;
mod secrets;
mod signing;
#[cfg(test)]
pub(crate) mod stages;
mod view;
mod web;

use std::path::PathBuf;
use std::time::Duration;

use causerie_model::registration::{RegistrationEvent, Stage};
use causerie_model::{AccountId, BareJid, InviteToken};
use iced::Task;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::platform::credentials::Fault;
use crate::platform::links::waiting::Waiting;
use crate::providers::Providers;
use crate::recovery;
use crate::screen::sign_in::{self, SignIn};
use asking::Asking;
use contact::FirstContact;
use doubts::Doubts;
use identity::Identity;
use invited::Invited;
use provider::Choice;
use ready::Ready;
use registering::Pending;
use secrets::Secrets;

pub(crate) use actions::Action;
pub(crate) use again::Door;
pub(crate) use kept::{Kept, Turn, forget, load, save};
pub(crate) use registering::Wish;
pub(crate) use view::view;

/// How long after the last letter what was typed is remembered.
const REST: Duration = Duration::from_millis(800);

/// The wizard: the page that is shown, and what was typed on all of them.
#[derive(Debug)]
pub(crate) struct Wizard {
    page: Page,
    invited: Invited,
    provider: Choice,
    identity: Identity,
    asking: Asking,
    ready: Ready,
    contact: FirstContact,
    /// Whose form was shown last.
    asked_of: Option<BareJid>,
    /// Who was asked last, with which invitation: a form is good for the line on which it came.
    line: Option<(BareJid, Option<InviteToken>)>,
    /// Which invitation has given the name.
    named_by: Option<String>,
    /// The page of the web where the account is made.
    web: Option<String>,
    /// What the provider said when it named that page.
    web_words: Option<String>,
    /// Whose password was put into the keyring when that page was opened.
    entrusted: Option<BareJid>,
    /// What was asked of a provider and is not answered.
    pending: Option<Pending>,
    stage: Stage,
    /// The account's address, from when it is there or may be there.
    jid: Option<BareJid>,
    made: Made,
    secrets: Secrets,
    doubts: Doubts,
    /// What is sent as soon as its password is in the keyring, and how often that was.
    held: Option<Wish>,
    holds: u64,
    signing: Option<SignIn>,
    /// Seconds since the last try to sign in, where there was no network for it.
    unreached: u32,
    /// Whether it was said once that the account is not to be asked about any more.
    dismissing: bool,
    account: Option<AccountId>,
    /// Links that are of no use here until an answer has come, or the first steps are done.
    waiting: Waiting,
    /// Whether it was left, and nobody has come back to it: then it asks nobody, and remembers nothing more.
    left: bool,
    edits: u64,
    remembered: Kept,
}

/// A page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Page {
    /// An invitation.
    Invited,
    /// Which provider.
    #[default]
    Provider,
    /// Name and password.
    Identity,
    /// What the provider asks.
    Asking,
    /// An account that is made on a page of the web.
    Web,
    /// The account is there.
    Ready,
    /// The first contact.
    Contact,
}

/// Whether the account is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Made {
    /// It is not.
    #[default]
    No,
    /// It may be.
    Perhaps,
    /// It is.
    Yes,
}

/// What has happened.
#[derive(Clone)]
pub(crate) enum Message {
    /// The main button, or Enter.
    OnPressed,
    /// Back, or Escape.
    BackPressed,
    /// On the page of the invitation.
    Invited(invited::Message),
    /// On the page of the provider.
    Provider(provider::Message),
    /// About name and password.
    Identity(identity::Message),
    /// In a form.
    Asking(asking::Message),
    /// On the page of an account that is made on the web.
    Web(web::Message),
    /// On the page of the new account.
    Ready(ready::Message),
    /// On the page of the first contact.
    Contact(contact::Message),
    /// The provider that was asked has told something.
    Registration(RegistrationEvent),
    /// While signing in for the first time.
    SignIn(sign_in::Message),
    /// About an account that may be there.
    Doubts(doubts::Message),
    /// It can't go on there; it is tried again.
    RetryPressed,
    /// The machine is on another network, or on one again.
    NetworkChanged,
    /// An account that is there or may be is not to be asked about any more; twice, since its password goes with that.
    DismissPressed,
    /// The password of that account is to be copied first.
    CopyPressed,
    /// What is asked on this page is left out.
    SkipPressed,
    /// It can't go on there; that provider is tried.
    ElsewherePressed(Option<String>),
    /// It can't go on without an invitation; there is one.
    InvitationPressed,
    /// The password of an account to be is in the keyring, or can't be.
    Safeguarded(u64, Result<(), Fault>),
    /// A second has passed.
    Ticked,
    /// Nothing was typed since that edit.
    Rested(u64),
}

impl Message {
    /// The sheet was written, or could not be; nothing where the person thought better of it.
    pub(crate) fn sheet_written(written: Option<Result<PathBuf, recovery::Fault>>) -> Self {
        Self::Ready(ready::Message::Sheet(super::sheet::Message::Written(written)))
    }

    /// The first contact is left for later.
    #[cfg(test)]
    pub(crate) fn contact_later() -> Self {
        Self::Contact(contact::Message::LaterPressed)
    }

    /// A list of providers was read that is newer than the one built in.
    pub(crate) fn providers_listed(newer: Providers) -> Self {
        Self::Provider(provider::Message::ListCame(Box::new(newer)))
    }
}

impl std::fmt::Debug for Message {
    /// What was typed is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("wizard::Message")
    }
}

type Outcome = (Task<Message>, Vec<Action>);

impl Wizard {
    /// For somebody who is new.
    pub(crate) fn for_newcomer(context: &Context) -> (Self, Outcome) {
        let mut wizard = Self::with(&Kept::default());
        let outcome = wizard.go(Page::Provider, context);
        (wizard, outcome)
    }

    /// For somebody who was invited, with the link or without.
    pub(crate) fn for_invited(link: &str, context: &Context) -> (Self, Outcome) {
        let mut wizard = Self::with(&Kept { link: link.to_owned(), ..Kept::default() });
        let (task, mut actions) = wizard.go(Page::Invited, context);
        if !link.is_empty() {
            // Nobody else has it by now.
            wizard.remembered = wizard.kept();
            actions.push(Action::Remember(wizard.remembered.clone()));
        }
        (wizard, (task, actions))
    }

    fn with(kept: &Kept) -> Self {
        Self {
            page: Page::Provider,
            invited: Invited::again(&kept.link, kept.confirmed, &kept.earlier),
            provider: Choice::new(&kept.provider, &kept.other),
            identity: Identity::new(&kept.name),
            asking: Asking::default(),
            ready: Ready::again(&kept.shown_name, kept.shown, kept.gone),
            contact: FirstContact::new(&kept.contact),
            asked_of: None,
            line: None,
            named_by: Some(kept.link.clone()).filter(|_| !kept.name.trim().is_empty()),
            web: kept.web.clone(),
            web_words: None,
            entrusted: kept.entrusted.as_deref().and_then(|jid| BareJid::new(jid).ok()),
            pending: None,
            stage: Stage::Idle,
            jid: None,
            made: Made::No,
            secrets: Secrets::default(),
            doubts: Doubts::default(),
            held: None,
            holds: 0,
            signing: None,
            unreached: 0,
            dismissing: false,
            account: None,
            waiting: kept.waiting.clone(),
            left: false,
            edits: 0,
            remembered: kept.clone(),
        }
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Outcome {
        if let Message::Rested(edits) = message {
            let kept = self.kept();
            if edits != self.edits || kept == self.remembered {
                return (Task::none(), Vec::new());
            }
            self.remembered = kept.clone();
            return (Task::none(), vec![Action::Remember(kept)]);
        }
        let before = self.page;
        let (task, mut actions) = self.change(message, context);
        let kept = self.kept();
        if kept == self.remembered || self.is_left() || actions.iter().any(Action::is_last) {
            return (task, actions);
        }
        let asked = |kept: &Kept| {
            let Kept { created, perhaps, entrusted, doubts, trying, .. } = kept.clone();
            (created, perhaps, entrusted, doubts, trying)
        };
        if before != self.page || asked(&kept) != asked(&self.remembered) {
            self.remembered = kept.clone();
            actions.push(Action::Remember(kept));
            return (task, actions);
        }
        self.edits += 1;
        let edits = self.edits;
        let rest = Task::perform(async { tokio::time::sleep(REST).await }, move |()| Message::Rested(edits));
        (Task::batch([task, rest]), actions)
    }

    fn change(&mut self, message: Message, context: &Context) -> Outcome {
        match message {
            Message::OnPressed => self.go_on(context),
            Message::BackPressed => self.go_back(context),
            Message::Invited(message) => self.update_invited(message, context),
            Message::Provider(message) => self.update_provider(message, context),
            Message::Identity(message) => {
                let (task, copied) = self.identity.update(message);
                (task.map(Message::Identity), copied.map(Action::Copy).into_iter().collect())
            }
            Message::Asking(message) => {
                // A picture that has come moves what is below it.
                let moves = matches!(message, asking::Message::Decoded(..));
                if self.awaits_account() && matches!(message, asking::Message::ReloadPressed) {
                    return (Task::none(), Vec::new());
                }
                if matches!(message, asking::Message::Changed(..)) {
                    self.identity.turned_from();
                }
                let wish = self.asking.update(message, context.now);
                let (task, actions) = self.ask_as(wish);
                let shown = if moves { crate::widget::focus::reveal() } else { Task::none() };
                (Task::batch([task, shown]), actions)
            }
            Message::Web(message) => self.update_web(message, context),
            Message::Ready(message) => {
                let (task, wish) = self.ready.update(message, context);
                let sheet = match wish {
                    ready::Wish::None => Vec::new(),
                    ready::Wish::Sheet(wish) => vec![Action::Sheet(wish)],
                };
                (task.map(Message::Ready), sheet)
            }
            Message::Contact(message) => self.update_contact(message),
            Message::Registration(event) => self.registration(event, context),
            Message::SignIn(message) => self.update_sign_in(message, context),
            Message::Doubts(message) => self.update_doubts(message, context),
            Message::RetryPressed => self.retry(context),
            Message::NetworkChanged => self.network_changed(context),
            Message::DismissPressed => self.dismiss(),
            Message::CopyPressed => {
                let copied = self.dismissed_password().map(|password| password.reveal().to_owned());
                (Task::none(), copied.map(Action::Copy).into_iter().collect())
            }
            Message::SkipPressed => self.skip(context),
            Message::ElsewherePressed(provider) => self.go_elsewhere(provider.as_deref(), context),
            Message::InvitationPressed => self.go(Page::Invited, context),
            Message::Ticked if self.waits_for_network() => self.wait_for_network(context),
            // Whether the account is there depends on that answer, however old the form grows meanwhile.
            Message::Ticked if self.awaits_account() => (Task::none(), Vec::new()),
            Message::Ticked => {
                let wish = self.asking.tick(context.now);
                self.ask_as(wish)
            }
            Message::Safeguarded(hold, kept) => self.safeguarded(hold, &kept),
            Message::Rested(_) => (Task::none(), Vec::new()),
        }
    }
}

#[cfg(test)]
mod answers_tests;
#[cfg(test)]
mod doubts_tests;
#[cfg(test)]
mod letters_tests;
#[cfg(test)]
mod lost_tests;
#[cfg(test)]
mod mending_tests;
#[cfg(test)]
mod network_tests;
#[cfg(test)]
mod onward_tests;
#[cfg(test)]
mod picture_tests;
#[cfg(test)]
mod safety_tests;
#[cfg(test)]
mod shown_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod turning_tests;
