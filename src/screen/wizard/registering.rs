//! What is asked of a provider, what it answers, and signing in when the account is there.

use causerie_model::registration::{
    Form, InvitationToken, Refusal, RefusalReason, RegistrationCommand, RegistrationEvent, Stage, Submission,
};
use causerie_model::{AccountId, BareJid, Connection, Problem};
use iced::Task;

use super::asking::{self, Trouble};
use super::invited::Invitation;
use super::{Action, Made, Message, Outcome, Page, Wizard, identity};
use crate::context::Context;
use crate::i18n::I18n;
use crate::providers::Registration;
use crate::screen::sign_in::{self, SignIn};

/// Something to be asked of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Of which.
    pub(crate) provider: BareJid,
    /// The secret of an invitation to it.
    pub(crate) invitation: Option<InvitationToken>,
    /// What.
    pub(crate) command: RegistrationCommand,
}

/// What was asked and is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    provider: BareJid,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Whether accounts are made.
    Probe,
    /// A form.
    Form,
    /// An account.
    Account,
}

impl Wizard {
    /// Asks whether a provider takes accounts.
    pub(super) fn probe(&mut self, provider: BareJid) -> Action {
        self.provider.asking(&provider);
        self.pending = Some(Pending { provider: provider.clone(), what: What::Probe });
        Action::Register(Wish {
            invitation: self.token(&provider),
            provider,
            command: RegistrationCommand::Probe,
        })
    }

    /// Fetches a form from the chosen provider.
    pub(super) fn fetch(&mut self) -> Action {
        self.ask(What::Form, RegistrationCommand::FetchForm)
    }

    fn ask(&mut self, what: What, command: RegistrationCommand) -> Action {
        let Some(provider) = self.provider.chosen().cloned() else { return Action::EndRegistration };
        self.provider.not_asking();
        self.stage = Stage::Connecting;
        self.pending = Some(Pending { provider: provider.clone(), what });
        Action::Register(Wish { invitation: self.token(&provider), provider, command })
    }

    /// The secret of the invitation, where it is one to that provider.
    fn token(&self, provider: &BareJid) -> Option<InvitationToken> {
        match self.invited.invitation()? {
            Invitation::Account { provider: inviting, token, .. } if inviting == provider => token.clone(),
            Invitation::Contact { jid, account: Some(token), .. } if jid.to_domain() == *provider => {
                Some(token.clone())
            }
            _ => None,
        }
    }

    pub(super) fn ask_as(&mut self, wish: asking::Wish) -> Outcome {
        match wish {
            asking::Wish::None => (Task::none(), Vec::new()),
            asking::Wish::Fetch => (Task::none(), vec![self.fetch()]),
            asking::Wish::Open(page) => (Task::none(), vec![Action::Open(page)]),
        }
    }

    /// Another provider is the chosen one from now on. Of what the one before has asked nothing is left.
    pub(super) fn choose(&mut self, provider: BareJid) {
        if self.provider.chosen() != Some(&provider) {
            self.asking.reset();
            self.web = None;
        }
        self.provider.choose(provider);
    }

    /// Goes on with the provider that is chosen on its page.
    pub(super) fn take_provider(&mut self, context: &Context) -> Outcome {
        if !self.provider.can_go_on() {
            return (Task::none(), Vec::new());
        }
        // A form of another provider is not shown again.
        if self.asked_of.as_ref() != self.provider.chosen() {
            self.asking.reset();
            self.web = None;
        }
        let on_web = self.provider.known().and_then(|known| match &known.registration {
            Registration::OnWeb(pages) => Some(pages.best(context.i18n.language().tag())?.to_owned()),
            _ => None,
        });
        match on_web {
            Some(page) => {
                self.web = Some(page);
                if self.identity.name().trim().is_empty() {
                    self.identity.ask_for_password();
                }
                self.go(Page::Web, context)
            }
            None => self.go(Page::Identity, context),
        }
    }

    /// Tries another provider with all that was typed.
    pub(super) fn go_elsewhere(&mut self, provider: Option<&str>, context: &Context) -> Outcome {
        self.pending = None;
        let chosen = provider.and_then(super::provider::domain);
        let page = if chosen.is_some() { Page::Identity } else { Page::Provider };
        if let Some(chosen) = chosen {
            self.choose(chosen);
        }
        self.asking.reset();
        self.identity.trouble = None;
        let mut outcome = self.go(page, context);
        if page == Page::Identity {
            outcome.1.extend(self.provider.to_ask().map(|provider| self.probe(provider)));
        }
        outcome
    }

    /// Tries again what did not work.
    pub(super) fn retry(&mut self, context: &Context) -> Outcome {
        if self.made == Made::Yes {
            return self.sign_in(context);
        }
        self.asking.trouble = None;
        (Task::none(), vec![self.fetch()])
    }

    /// Stops waiting.
    pub(super) fn cancel(&mut self) -> Outcome {
        let Some(pending) = self.pending.take() else { return (Task::none(), Vec::new()) };
        self.stage = Stage::Idle;
        self.provider.not_asking();
        if pending.what == What::Account {
            // What was sent is not taken back.
            self.doubt = self.jid.take();
        }
        if pending.what != What::Probe {
            self.page = Page::Identity;
        }
        (self.focus(), vec![Action::EndRegistration])
    }

    /// Sends the form.
    pub(super) fn submit(&mut self) -> Outcome {
        let Some(provider) = self.provider.chosen().cloned() else { return (Task::none(), Vec::new()) };
        if self.asking.form().is_none() {
            return (Task::none(), Vec::new());
        }
        let Some(jid) = self.identity.checked(&provider) else { return (self.focus(), Vec::new()) };
        let Ok((form, answers)) = self.asking.answers() else { return (self.asking.focus(), Vec::new()) };
        self.asking.trouble = None;
        self.identity.trouble = None;
        let name = jid.local().unwrap_or_default().to_owned();
        self.jid = Some(jid);
        let submission = Submission { form, name, password: self.identity.password(), answers };
        let action = self.ask(What::Account, RegistrationCommand::Submit(submission));
        self.stage = Stage::Submitting;
        (Task::none(), vec![action])
    }

    /// Something was told by the provider that was asked last.
    pub(super) fn registration(&mut self, event: RegistrationEvent, context: &Context) -> Outcome {
        let Some(Pending { provider, what }) = self.pending.clone() else {
            return (Task::none(), Vec::new());
        };
        match event {
            RegistrationEvent::StageChanged(Stage::Idle) => {}
            RegistrationEvent::StageChanged(stage) => self.stage = stage,
            RegistrationEvent::Offered(offer) => {
                self.provider.offered(&provider, offer);
                if what == What::Probe {
                    self.pending = None;
                }
            }
            RegistrationEvent::FormReceived(form) if what == What::Form => return self.form(form, context),
            RegistrationEvent::FormReceived(_) => {}
            RegistrationEvent::Created(jid) => {
                self.pending = None;
                self.jid = Some(jid);
                self.made = Made::Yes;
                let mut outcome = self.sign_in(context);
                outcome.1.insert(0, Action::KeepPassword);
                outcome.1.insert(1, Action::EndRegistration);
                return outcome;
            }
            RegistrationEvent::Refused(refusal) => {
                self.pending = None;
                self.stage = Stage::Idle;
                return match what {
                    What::Probe => {
                        self.provider.refused(&provider, &refusal);
                        (Task::none(), Vec::new())
                    }
                    What::Form | What::Account => self.refused(refusal, what, context),
                };
            }
        }
        (Task::none(), Vec::new())
    }

    /// A form has come. Where it asks nothing more it is sent at once.
    fn form(&mut self, form: Form, context: &Context) -> Outcome {
        self.pending = None;
        self.stage = Stage::Idle;
        self.asked_of = self.provider.chosen().cloned();
        let pictures = self.asking.take(form, context.now).map(Message::Asking);
        if self.page != Page::Asking {
            return (pictures, Vec::new());
        }
        if self.asking.asks_nothing() && self.identity.trouble.is_none() {
            return self.submit();
        }
        (Task::batch([pictures, self.focus()]), Vec::new())
    }

    /// It did not work. What was typed stays; what is wrong is said where it can be mended.
    fn refused(&mut self, refusal: Refusal, what: What, context: &Context) -> Outcome {
        let asks_nothing = self.asking.asks_nothing();
        self.asking.used_up();
        let Refusal { reason, words } = refusal.clone();
        match reason {
            // Perhaps by ourselves, a moment ago: signing in tells.
            RefusalReason::NameTaken if self.doubt.is_some() && self.doubt == self.jid => {
                self.doubt = None;
                self.made = Made::Perhaps;
                let mut outcome = self.sign_in(context);
                outcome.1.insert(0, Action::EndRegistration);
                return outcome;
            }
            RefusalReason::NameTaken => self.identity.taken(),
            RefusalReason::NameNotAllowed => {
                self.identity.trouble = Some(identity::Trouble::NameRefused(words));
            }
            RefusalReason::PasswordNotAllowed => {
                self.identity.trouble = Some(identity::Trouble::PasswordRefused(words));
            }
            RefusalReason::PuzzleFailed | RefusalReason::FormUsedUp if what == What::Account => {
                self.asking.trouble = Some(Trouble::Puzzle);
            }
            RefusalReason::AnswersNotAccepted if what == What::Account => {
                self.asking.trouble = Some(Trouble::Answers(words));
            }
            RefusalReason::OnTheWeb(page) => {
                self.web = page;
                return self.go(Page::Web, context);
            }
            RefusalReason::OutcomeUnknown => {
                self.made = Made::Perhaps;
                let mut outcome = self.sign_in(context);
                outcome.1.insert(0, Action::EndRegistration);
                return outcome;
            }
            _ => {
                self.asking.trouble = Some(Trouble::Blocked(refusal, context.now));
                return (self.asking.focus(), vec![Action::EndRegistration]);
            }
        }
        // Where nothing but name and password is asked, they are mended on their own page.
        if self.identity.trouble.is_some() && asks_nothing {
            return self.go(Page::Identity, context);
        }
        // Each form can be sent once: another one for another try.
        (Task::none(), vec![self.fetch()])
    }

    /// Signs in with what was chosen, as the form for signing in would.
    pub(super) fn sign_in(&mut self, context: &Context) -> Outcome {
        let Some(jid) = self.jid.clone().or_else(|| self.identity.checked(self.provider.chosen()?)) else {
            return (self.focus(), Vec::new());
        };
        self.jid = Some(jid.clone());
        let mut signing = SignIn::with_password(jid.as_str(), self.identity.password());
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
        let action = signing.update(message, context);
        // Whether the account was made was not known: now it is. It was not, or somebody else has it.
        if wrong && self.made == Made::Perhaps {
            self.signing = None;
            self.made = Made::No;
            self.jid = None;
            self.page = Page::Asking;
            self.asking.trouble = Some(Trouble::NotMade);
            return (Task::none(), vec![Action::SignIn(sign_in::Action::Leave), self.fetch()]);
        }
        if action == sign_in::Action::Leave {
            self.signing = None;
            if self.page == Page::Web {
                self.jid = None;
            }
        }
        (Task::none(), vec![Action::SignIn(action)])
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
                self.sign_in(context)
            }
            None => {
                self.signing = Some(SignIn::new(jid.as_str()));
                (self.focus(), Vec::new())
            }
        }
    }

    /// The account is signed in.
    pub(crate) fn signed_in(&mut self, account: AccountId, jid: BareJid, context: &Context) -> Outcome {
        self.signing = None;
        self.made = Made::Yes;
        self.jid = Some(jid);
        self.account = Some(account);
        let mut outcome = self.go(Page::Ready, context);
        let kept = self.kept();
        self.remembered = kept.clone();
        outcome.1.push(Action::Remember(kept));
        outcome
    }

    /// What is awaited, where the page waits for it. A question in the background is not waited for.
    pub(super) fn pending_words(&self) -> Option<&'static str> {
        let pending = self.pending.as_ref().filter(|pending| pending.what != What::Probe)?;
        Some(match (self.stage, pending.what) {
            (Stage::Connecting, _) => "wizard-waiting-connect",
            (_, What::Account) => "wizard-waiting-account",
            _ => "wizard-waiting-form",
        })
    }

    /// What is awaited, in a sentence.
    pub(super) fn awaited(&self, i18n: &I18n) -> Option<String> {
        let key = self.pending_words()?;
        let provider = self.pending.as_ref()?.provider.domain().to_owned();
        Some(i18n.with(key, &[("provider", provider.into())]))
    }
}
