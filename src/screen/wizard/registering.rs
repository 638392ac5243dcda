//! What is asked of a provider, and what it answers.

use causerie_model::registration::{
    Form, Refusal, RefusalReason, RegistrationCommand, RegistrationEvent, Stage, Submission,
};
use causerie_model::{BareJid, InviteToken};
use iced::Task;

use super::asking::{self, Trouble};
use super::{Action, Made, Message, Outcome, Page, Wizard, identity};
use crate::context::Context;
use crate::i18n::I18n;
use crate::platform::credentials::Fault;
use crate::providers::Registration;
use crate::screen::sign_in;
use crate::widget::focus::focus;

/// Something to be asked of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Of which.
    pub(crate) provider: BareJid,
    /// The secret of an invitation to it.
    pub(crate) invitation: Option<InviteToken>,
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
        self.wish(provider, RegistrationCommand::Probe)
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
        self.wish(provider, command)
    }

    pub(super) fn ask_as(&mut self, wish: asking::Wish) -> Outcome {
        match wish {
            asking::Wish::None => (Task::none(), Vec::new()),
            asking::Wish::Fetch => (Task::none(), vec![self.fetch()]),
            asking::Wish::Open(page) => (Task::none(), vec![Action::Open(page)]),
        }
    }

    /// Another provider is the chosen one from now on. What the one before has asked is put aside.
    pub(super) fn choose(&mut self, provider: BareJid) {
        if self.provider.chosen() != Some(&provider) {
            self.put_form_aside();
            (self.web, self.web_words) = (None, None);
        }
        self.provider.choose(provider);
    }

    /// The form is not shown any more. What was answered is there again when its provider is.
    pub(super) fn put_form_aside(&mut self) {
        let of = self.asked_of.take();
        self.asking.put_aside(of.as_ref());
    }

    /// Whether one can go on with the provider that is chosen.
    pub(super) fn can_take_provider(&self) -> bool {
        let is_invited = self.provider.chosen().is_some_and(|chosen| self.token(chosen).is_some());
        self.provider.can_go_on(is_invited)
    }

    /// Goes on with the provider that is chosen on its page.
    pub(super) fn take_provider(&mut self, context: &Context) -> Outcome {
        if !self.can_take_provider() {
            return (Task::none(), Vec::new());
        }
        self.provider.rest_no_more();
        // A form of another provider is not shown again.
        if self.asked_of.as_ref() != self.provider.chosen() {
            self.put_form_aside();
            (self.web, self.web_words) = (None, None);
        }
        if !self.is_on_web(context) {
            return self.go(Page::Identity, context);
        }
        if self.identity.name().trim().is_empty() && !self.identity.has_own() {
            self.identity.ask_for_password();
        }
        self.go(Page::Web, context)
    }

    /// Whether the chosen provider makes accounts on a page of the web: it has said so, or the list does.
    pub(super) fn is_on_web(&mut self, context: &Context) -> bool {
        if self.web.is_none() && !self.invites_to_account() {
            self.web = self.provider.known().and_then(|known| match &known.registration {
                Registration::OnWeb(pages) => Some(pages.best(context.i18n.language().tag())?.to_owned()),
                _ => None,
            });
        }
        self.web.is_some()
    }

    /// Tries another provider with all that was typed.
    pub(super) fn go_elsewhere(&mut self, provider: Option<&str>, context: &Context) -> Outcome {
        self.pending = None;
        let chosen = provider.and_then(super::provider::domain);
        let page = if chosen.is_some() { Page::Identity } else { Page::Provider };
        match chosen {
            Some(chosen) => self.choose(chosen),
            None => self.provider.show_others(),
        }
        self.put_form_aside();
        self.identity.forget_troubles();
        let mut outcome = self.go(page, context);
        if page == Page::Provider {
            // Another one is what somebody is here for.
            outcome.0 = focus(super::provider::FILTER);
        }
        if page == Page::Identity {
            outcome.1.extend(self.provider.to_ask().map(|provider| self.probe(provider)));
        }
        outcome
    }

    /// Tries again what did not work.
    pub(super) fn retry(&mut self, context: &Context) -> Outcome {
        self.unreached = 0;
        if self.waits_for_network() {
            return self.update_sign_in(sign_in::Message::Submitted, context);
        }
        if self.made != Made::No {
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
        let mut actions = vec![self.end_line()];
        if pending.what == What::Account {
            if self.held.take().is_some() {
                actions.extend(self.forget_sent());
            } else {
                // What was sent is not taken back.
                self.secrets.doubt();
            }
            self.jid = None;
        }
        if pending.what != What::Probe {
            self.page = Page::Identity;
            self.identity.left();
        }
        (self.focus(), actions)
    }

    /// Sends the form, once its password is where it can't be lost.
    pub(super) fn submit(&mut self, context: &Context) -> Outcome {
        let Some(provider) = self.provider.chosen().cloned() else { return (Task::none(), Vec::new()) };
        if self.asking.form().is_none() {
            return (Task::none(), Vec::new());
        }
        self.drop_dead_form();
        if self.asking.form().is_none() {
            return (Task::none(), vec![self.fetch()]);
        }
        let Some(jid) = self.identity.checked(&provider) else { return (self.focus(), Vec::new()) };
        let Ok((form, answers)) = self.asking.answers() else { return (self.asking.focus(), Vec::new()) };
        self.asking.trouble = None;
        self.identity.forget_troubles();
        let name = jid.local().unwrap_or_default().to_owned();
        let password = self.identity.password();
        self.jid = Some(jid.clone());
        if self.secrets.is_doubted(&jid) && self.secrets.doubted(&jid) != Some(&password) {
            // Another password under the same name: first it is found out whether the one before counts. Perhaps only the keyring has it.
            self.secrets.send_doubted(&jid);
            return self.find_out(context);
        }
        self.secrets.send(&jid, &password);
        let submission = Submission { form, name, password: password.clone(), answers };
        let Action::Register(wish) = self.ask(What::Account, RegistrationCommand::Submit(submission)) else {
            return (Task::none(), Vec::new());
        };
        self.stage = Stage::Submitting;
        self.held = Some(wish);
        self.holds += 1;
        self.secrets.give(self.holds, &jid);
        self.remembered = self.kept();
        let safeguard = Action::Safeguard(self.holds, jid, password, self.remembered.clone());
        (Task::none(), vec![safeguard])
    }

    /// The password is in the keyring, or can't be: the form is sent.
    pub(super) fn safeguarded(&mut self, hold: u64, kept: &Result<(), Fault>) -> Outcome {
        if let Err(fault) = kept {
            tracing::warn!(?fault, "the password of an account to be is not in the keyring");
        }
        self.secrets.given(hold, kept.is_ok());
        let sent = self.held.take_if(|_| hold == self.holds).map(Action::Register);
        (Task::none(), sent.into_iter().collect())
    }

    /// What was sent has certainly made no account: its password need not be kept.
    fn forget_sent(&mut self) -> Option<Action> {
        let jid = self.jid.clone()?;
        let waited_for = self.secrets.is_doubted(&jid) || self.entrusted.as_ref() == Some(&jid);
        (!waited_for).then_some(Action::ForgetPassword(jid))
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
                self.secrets.created(&jid);
                self.jid = Some(jid);
                self.made = Made::Yes;
                let mut outcome = self.sign_in(context);
                outcome.1.insert(0, Action::EndRegistration);
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
        if self.asked_of.as_ref() != self.provider.chosen() {
            self.put_form_aside();
            self.asked_of = self.provider.chosen().cloned();
            self.asked_of.iter().for_each(|of| self.asking.take_up(of));
        }
        let pictures = self.asking.take(form, context.now).map(Message::Asking);
        if self.page != Page::Asking {
            return (pictures, Vec::new());
        }
        // What went wrong once is not tried again without a person.
        if self.asking.asks_nothing() && !self.identity.has_trouble() && self.asking.trouble.is_none() {
            return self.submit(context);
        }
        (Task::batch([pictures, self.focus()]), Vec::new())
    }

    /// It did not work.
    fn refused(&mut self, refusal: Refusal, what: What, context: &Context) -> Outcome {
        if what == What::Account {
            // Perhaps it is taken by ourselves, a moment ago: signing in tells.
            let by_us = self.jid.as_ref().is_some_and(|jid| self.secrets.is_doubted(jid));
            if refusal.reason == RefusalReason::OutcomeUnknown {
                self.asking.used_up();
                self.secrets.doubt();
                return self.find_out(context);
            }
            if refusal.reason == RefusalReason::NameTaken && by_us {
                self.asking.used_up();
                return self.find_out(context);
            }
        }
        if refusal.reason == RefusalReason::InvitationNeeded
            && let Some(provider) = self.provider.chosen().cloned()
        {
            // That is known from now on, however open it looks.
            self.provider.refused(&provider, &refusal);
        }
        let forgotten = if what == What::Account { self.forget_sent() } else { None };
        if what == What::Account {
            self.jid = None;
        }
        let mut outcome = self.mend(refusal, what, context);
        outcome.1.extend(forgotten);
        outcome
    }

    /// What was typed stays; what is wrong is said where it can be mended.
    fn mend(&mut self, refusal: Refusal, what: What, context: &Context) -> Outcome {
        let asks_nothing = self.asking.asks_nothing();
        self.asking.used_up();
        let Refusal { reason, words } = refusal.clone();
        match reason {
            RefusalReason::NameTaken => self.identity.taken(),
            RefusalReason::NameNotAllowed => {
                self.identity.is_wrong(identity::Trouble::NameRefused(words));
            }
            RefusalReason::PasswordNotAllowed => {
                self.identity.is_wrong(identity::Trouble::PasswordRefused(words));
            }
            RefusalReason::PuzzleFailed | RefusalReason::FormUsedUp if what == What::Account => {
                self.asking.trouble = Some(Trouble::Puzzle(words));
            }
            RefusalReason::AnswersNotAccepted if what == What::Account => {
                self.asking.trouble = Some(Trouble::Answers(words));
            }
            RefusalReason::OnTheWeb(page) => {
                (self.web, self.web_words) = (page, words);
                return self.go(Page::Web, context);
            }
            _ => {
                self.asking.trouble = Some(Trouble::Blocked(refusal, context.now));
                return (self.asking.focus(), vec![Action::EndRegistration]);
            }
        }
        // Where nothing but name and password is asked, they are mended on their own page.
        if self.identity.has_trouble() && asks_nothing {
            return self.go(Page::Identity, context);
        }
        // Each form can be sent once: another one for another try.
        (Task::none(), vec![self.fetch()])
    }

    /// Whether a form was sent that was not answered.
    pub(super) fn awaits_account(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| pending.what == What::Account)
    }

    /// What is awaited, where the page waits for it. A question in the background is not waited for.
    pub(super) fn pending_words(&self) -> Option<&'static str> {
        let pending = self.pending.as_ref().filter(|pending| pending.what != What::Probe)?;
        if self.held.is_some() {
            return Some("keyring-waiting");
        }
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
