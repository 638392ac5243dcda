//! Signing in when the account is there, or may be.

use causerie_model::{AccountId, BareJid, Connection, Password, Problem};
use iced::Task;

use super::asking::Trouble;
use super::{Action, Made, Outcome, Page, Wizard};
use crate::context::{AccountState, Context};
use crate::screen::sign_in::{self, SignIn};

/// After so many seconds without a network signing in is tried again.
const AGAIN: u32 = 30;

impl Wizard {
    /// The form for signing in, while that is being done and the form is of use.
    pub(crate) fn signing_in(&self) -> Option<&SignIn> {
        self.signing.as_ref().filter(|_| !self.waits_for_network())
    }

    /// Whether the account is there or may be, and only the network is missing to sign in.
    pub(crate) fn waits_for_network(&self) -> bool {
        self.made != Made::No && self.signing.as_ref().is_some_and(SignIn::is_unreached)
    }

    /// A second without a network has passed.
    pub(super) fn wait_for_network(&mut self, context: &Context) -> Outcome {
        self.unreached += 1;
        if self.unreached < AGAIN { (Task::none(), Vec::new()) } else { self.retry(context) }
    }

    /// The machine is on another network, or on one again: what failed for lack of one is tried again.
    pub(crate) fn network_changed(&mut self, context: &Context) -> Outcome {
        if self.waits_for_network() {
            return self.retry(context);
        }
        if self.is_awaiting() {
            return (Task::none(), Vec::new());
        }
        match self.page {
            Page::Provider => {
                let asked = self.provider.unreached().map(|provider| self.probe(provider));
                (Task::none(), asked.into_iter().chain([Action::ListProviders]).collect())
            }
            Page::Asking if self.made == Made::No && self.asking.network_changed() => self.retry(context),
            _ => (Task::none(), Vec::new()),
        }
    }

    /// Whether the account is there is found out by signing in.
    pub(super) fn find_out(&mut self, context: &Context) -> Outcome {
        self.made = Made::Perhaps;
        let ended = self.end_line();
        let mut outcome = self.sign_in(context);
        outcome.1.insert(0, ended);
        outcome
    }

    /// Signs in with what was chosen, as the form for signing in would.
    pub(super) fn sign_in(&mut self, context: &Context) -> Outcome {
        let Some(jid) = self.jid.clone().or_else(|| self.identity.checked(self.provider.chosen()?)) else {
            return (self.focus(), Vec::new());
        };
        self.jid = Some(jid.clone());
        let password = match self.made {
            Made::No => Some(self.identity.password()),
            // What is typed by now may be another one.
            Made::Perhaps | Made::Yes => self.secrets.sent(&jid).cloned(),
        };
        // After a restart only the keyring knows; it may be unlocked by now.
        let Some(password) = password else { return (Task::none(), vec![Action::RecallPassword]) };
        let mut signing = SignIn::with_password(jid.as_str(), password);
        let action = signing.update(sign_in::Message::Submitted, context);
        self.signing = Some(signing);
        (Task::none(), vec![Action::SignIn(action)])
    }

    /// What happens while signing in.
    pub(super) fn update_sign_in(&mut self, message: sign_in::Message, context: &Context) -> Outcome {
        let Some(signing) = &mut self.signing else { return (Task::none(), Vec::new()) };
        let wrong = matches!(
            message,
            sign_in::Message::ConnectionChanged(Connection::Stopped(Problem::WrongPassword))
        );
        let kept = matches!(message, sign_in::Message::Kept(Ok(())));
        let tried = self.jid.as_ref().and_then(|jid| self.secrets.sent(jid)).cloned();
        let wrong = wrong && tried.is_some_and(|tried| signing.tries(&tried));
        let action = signing.update(message, context);
        // Whether the account was made was not known: now it is. It was not, or somebody else has it.
        if wrong && self.made == Made::Perhaps {
            return self.was_not_made(context);
        }
        if let sign_in::Action::Keep(jid, password) = &action {
            // That is what the provider has let in with, whatever was typed before.
            self.secrets.prove(jid, password);
            self.secrets.settle(jid);
            self.jid = Some(jid.clone());
        }
        if self.waits_for_network() && action == sign_in::Action::Stop {
            self.unreached = 0;
            return (self.focus(), vec![Action::SignIn(action)]);
        }
        if action == sign_in::Action::Leave {
            self.signing = None;
            if self.page == Page::Web {
                self.jid = None;
            }
        }
        let mut actions = vec![Action::SignIn(action)];
        if kept {
            // An account of another name that was taken to the page of the web may be there all the same.
            let other = self.entrusted.take().filter(|entrusted| self.jid.as_ref() != Some(entrusted));
            if let Some(other) = other {
                let password = self.secrets.taken(&other).next().cloned();
                self.secrets.doubt_of(&other, password);
            }
            actions.extend(self.jid.clone().map(Action::ForgetPassword));
        }
        (Task::none(), actions)
    }

    /// There is no account with what was sent: it was not made, or somebody else has it.
    fn was_not_made(&mut self, context: &Context) -> Outcome {
        self.signing = None;
        self.made = Made::No;
        // On a page of the web it may still be made.
        let opened = self.entrusted.as_ref().filter(|_| self.is_finding_out()).cloned();
        let forgotten = self.jid.take().filter(|jid| {
            self.secrets.settle(jid);
            opened.as_ref() != Some(jid)
        });
        forgotten.iter().for_each(|jid| self.put_aside(jid));
        let mut actions = vec![Action::SignIn(sign_in::Action::Leave)];
        actions.extend(forgotten.map(Action::ForgetPassword));
        if let Some((task, more)) = self.not_there(context) {
            actions.extend(more);
            return (task, actions);
        }
        self.page = Page::Asking;
        self.asking.trouble = Some(Trouble::NotMade);
        actions.push(self.fetch());
        (Task::none(), actions)
    }

    /// Puts the password in that the keyring has kept for the account that was made, and signs in.
    pub(crate) fn resume(
        &mut self,
        password: Option<&causerie_model::Password>,
        context: &Context,
    ) -> Outcome {
        let Some(jid) = self.jid.clone() else { return (Task::none(), Vec::new()) };
        match password {
            Some(password) => {
                self.identity.set_password(password);
                self.secrets.send(&jid, password);
                if self.made == Made::Perhaps {
                    self.secrets.doubt();
                }
                self.sign_in(context)
            }
            // It is asked at the next start again, or when somebody wants that.
            None if self.doubts.ended => (self.focus(), Vec::new()),
            None => {
                self.signing = Some(SignIn::new(jid.as_str()));
                (self.focus(), Vec::new())
            }
        }
    }

    /// Whether the account may have a place in the ledger without being signed in.
    pub(super) fn is_trying(&self) -> bool {
        self.signing.is_some() && self.account.is_none()
    }

    /// The account is signed in.
    pub(crate) fn signed_in(&mut self, account: AccountId, jid: BareJid, context: &Context) -> Outcome {
        self.signing = None;
        self.made = Made::Yes;
        self.jid = Some(jid);
        self.account = Some(account);
        self.use_waiting();
        let mut outcome = self.go(Page::Ready, context);
        let kept = self.kept();
        self.remembered = kept.clone();
        outcome.1.push(Action::Remember(kept));
        outcome
    }

    /// The account that was made, or may have been, when it is not signed in yet and nobody is asked about it.
    pub(crate) fn waits_for_password(&self) -> Option<&BareJid> {
        let waits = self.made != Made::No && self.account.is_none();
        self.jid.as_ref().filter(|_| waits && self.signing.is_none() && self.pending.is_none())
    }

    /// Whose password the keyring has, where the page of the web was opened in an earlier run.
    pub(crate) fn misses_entrusted(&self) -> Option<&BareJid> {
        self.entrusted.as_ref().filter(|_| self.made == Made::No && self.holds == 0)
    }

    /// The keyring has that password: it is shown again.
    pub(crate) fn entrusted_back(&mut self, jid: &BareJid, password: &Password) {
        if self.misses_entrusted() == Some(jid) {
            self.identity.put_back(password);
        }
    }

    /// The account that is signed in, when its password is not known.
    pub(crate) fn wonders_about_password(&self) -> Option<&BareJid> {
        self.jid.as_ref().filter(|jid| self.account.is_some() && self.secrets.proven(jid).is_none())
    }

    /// The keyring has the password of the account that is signed in.
    pub(crate) fn learn_password(&mut self, jid: &BareJid, password: &Password) {
        if self.wonders_about_password() == Some(jid) {
            self.secrets.prove(jid, password);
        }
    }

    /// An account that was asked for without an answer.
    pub(super) fn perhaps(&self) -> Option<&BareJid> {
        let asked = self.made == Made::Perhaps || self.awaits_account();
        self.jid.as_ref().filter(|_| asked).or(self.secrets.doubts().next())
    }

    /// The account's password, where it is known to be that.
    pub(crate) fn secret(&self, context: &Context) -> Option<&Password> {
        let state = self.account.and_then(|account| context.account(account));
        let refused = |state: &AccountState| {
            matches!(state.connection, Connection::Stopped(Problem::WrongPassword | Problem::PasswordNeeded))
        };
        self.secrets.proven(self.jid.as_ref()?).filter(|_| !state.is_some_and(refused))
    }
}
