//! Inviting somebody: a link that lets one person in, or one's own address for as many as one likes.

mod view;

use causerie_model::{
    AccountId, Command, Invitation, InvitationIssuer, InvitationKind, InvitationsOffered, Notice, Problem,
    Timestamp,
};

use crate::context::Context;
use crate::invitations::Given;
use crate::names::{NameFault, check_name};
use crate::screen::handout::{Form, Handout};

pub(crate) use view::{CANCEL, FIRST, MAKE, NAME, view};

/// What is typed beyond this, in bytes, is no name.
const LONGEST: usize = 1023;

/// Inviting somebody.
#[derive(Debug)]
pub(crate) struct Invite {
    account: AccountId,
    wanted: Wanted,
    name: String,
    fault: Option<NameFault>,
    /// What the provider gives; nothing as long as it has not said.
    offered: Option<InvitationsOffered>,
    state: State,
}

/// What somebody is invited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// To talk with us.
    Talk,
    /// To an account at our provider.
    Account,
    /// Nothing in particular: our address alone.
    Address,
}

/// How far it has got.
#[derive(Debug)]
enum State {
    /// It is being chosen.
    Choosing,
    /// The provider was asked.
    Waiting,
    /// None was made.
    Failed(Problem),
    /// It can be handed out.
    Made(Made),
}

/// What can be handed out.
#[derive(Debug)]
struct Made {
    handout: Handout,
    /// What is known of it, unless it is our address alone.
    terms: Option<Terms>,
}

/// What an invitation is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Terms {
    kind: InvitationKind,
    issuer: InvitationIssuer,
    expires: Option<Timestamp>,
    /// When it was made, unless that is a moment ago.
    made: Option<Timestamp>,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// Another account was chosen.
    AccountChosen(AccountId),
    /// What it is to was chosen.
    Chosen(Wanted),
    /// The name of the new account was edited.
    NameChanged(String),
    /// Enter, or the button.
    MakePressed,
    /// It is not waited for any longer.
    CancelPressed,
    /// Another one is wanted.
    AnotherPressed,
    /// One that was made earlier is to be handed out once more.
    GivenPressed(Box<Given>),
    /// The link is to be copied.
    CopyPressed(Form),
    /// The page is to be closed.
    Closed,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    None,
    /// Ask this of the account.
    Ask(AccountId, Command),
    /// Put the focus there.
    Focus(&'static str),
    /// Put text onto the clipboard.
    Copy(String),
    /// Close the page.
    Close,
}

impl Invite {
    /// In the name of an account, and the question what its provider gives.
    pub(crate) fn new(account: AccountId) -> (Self, Command) {
        let invite = Self {
            account,
            wanted: Wanted::Talk,
            name: String::new(),
            fault: None,
            offered: None,
            state: State::Choosing,
        };
        (invite, Command::LookUpInvitations)
    }

    /// In whose name.
    pub(crate) fn account(&self) -> AccountId {
        self.account
    }

    /// Whether the provider was asked for one.
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.state, State::Waiting)
    }

    /// The provider has said what it gives.
    pub(crate) fn offered(&mut self, account: AccountId, offered: InvitationsOffered) {
        if account != self.account {
            return;
        }
        self.offered = Some(offered);
        if self.wanted == Wanted::Account && !offered.account && matches!(self.state, State::Choosing) {
            self.wanted = Wanted::Talk;
        }
    }

    /// An invitation was made. Whether it is the one that is waited for.
    pub(crate) fn made(&mut self, account: AccountId, invitation: &Invitation) -> bool {
        let fits = account == self.account && self.is_waiting() && self.kind() == Some(invitation.kind);
        if fits {
            self.hand_out(invitation, None);
        }
        fits
    }

    fn hand_out(&mut self, invitation: &Invitation, made: Option<Timestamp>) {
        let Invitation { kind, issuer, expires, .. } = *invitation;
        let handout = Handout::of_invitation(invitation);
        self.state = State::Made(Made { handout, terms: Some(Terms { kind, issuer, expires, made }) });
    }

    /// Something came of what was asked of an account. The answer is whether it is said here, or need not be said any more.
    pub(crate) fn noticed(&mut self, account: AccountId, notice: &Notice) -> bool {
        let Notice::InvitationNotMade { kind, problem } = notice else { return false };
        if account != self.account {
            return false;
        }
        if self.is_waiting() && self.kind() == Some(*kind) {
            self.state = State::Failed(problem.clone());
        }
        true
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Action {
        match message {
            Message::AccountChosen(account) if account != self.account => {
                let wanted = if self.wanted == Wanted::Address { Wanted::Address } else { Wanted::Talk };
                let (invite, command) = Self::new(account);
                *self = Self { wanted, ..invite };
                return Action::Ask(account, command);
            }
            Message::AccountChosen(_) => {}
            Message::Chosen(wanted) => {
                self.wanted = wanted;
                self.state = State::Choosing;
            }
            Message::NameChanged(name) if name.len() <= LONGEST => {
                self.fault = check_name(&name).err().filter(|fault| *fault != NameFault::Empty);
                self.name = name;
            }
            Message::NameChanged(_) => {}
            Message::MakePressed => return self.make(context),
            Message::CancelPressed | Message::AnotherPressed => {
                self.state = State::Choosing;
                return Action::Focus(MAKE);
            }
            Message::GivenPressed(given) => {
                self.hand_out(&given.invitation, Some(given.made));
                return Action::Focus(crate::screen::handout::COPY);
            }
            Message::CopyPressed(form) => {
                if let State::Made(made) = &mut self.state {
                    return Action::Copy(made.handout.copy(form));
                }
            }
            Message::Closed if self.is_waiting() => {
                self.state = State::Choosing;
                return Action::Focus(MAKE);
            }
            Message::Closed => return Action::Close,
        }
        Action::None
    }

    fn make(&mut self, context: &Context) -> Action {
        if self.is_waiting() {
            return Action::None;
        }
        let Some(kind) = self.kind() else {
            let Some(state) = context.account(self.account) else { return Action::None };
            let handout = Handout::of_person(&state.account.jid);
            self.state = State::Made(Made { handout, terms: None });
            return Action::Focus(crate::screen::handout::COPY);
        };
        let name = match check_name(&self.name) {
            _ if kind == InvitationKind::Contact => None,
            Ok(name) => Some(name),
            Err(NameFault::Empty) => None,
            Err(fault) => {
                self.fault = Some(fault);
                return Action::Focus(NAME);
            }
        };
        self.state = State::Waiting;
        Action::Ask(self.account, Command::MakeInvitation { kind, name })
    }

    fn kind(&self) -> Option<InvitationKind> {
        match self.wanted {
            Wanted::Talk => Some(InvitationKind::Contact),
            Wanted::Account => Some(InvitationKind::Account),
            Wanted::Address => None,
        }
    }
}

#[cfg(test)]
mod tests;
