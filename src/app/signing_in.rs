//! Signing in: from its own page, and at the end of the wizard.

use causerie_model::Command;
use iced::Task;

use super::accounts::{Attempt, Newness, blocking, end};
use super::{App, Screen};
use crate::platform::credentials::{self, Fault};
use crate::screen::{sign_in, wizard};

impl App {
    pub(super) fn update_sign_in(&mut self, message: sign_in::Message) -> Task<super::Message> {
        let Screen::SignIn(sign_in) = &mut self.screen else { return Task::none() };
        let action = sign_in.update(message, &self.context);
        self.do_sign_in(action)
    }

    /// Tells whoever signs in: the page for that, or the wizard.
    pub(super) fn tell_sign_in(&mut self, message: sign_in::Message) -> Task<super::Message> {
        match self.screen {
            Screen::Wizard(_) => self.update_wizard(wizard::Message::SignIn(message)),
            _ => self.update_sign_in(message),
        }
    }

    /// The form for signing in that is shown.
    fn signing_in(&self) -> Option<&sign_in::SignIn> {
        match &self.screen {
            Screen::SignIn(sign_in) => Some(sign_in),
            Screen::Wizard(wizard) => wizard.signing_in(),
            _ => None,
        }
    }

    pub(super) fn do_sign_in(&mut self, action: sign_in::Action) -> Task<super::Message> {
        match action {
            sign_in::Action::None => Task::none(),
            sign_in::Action::Focus(field) => crate::widget::focus::focus(field),
            sign_in::Action::Start { account: Some(account), password, .. } => {
                self.attempt = Some(Attempt { account, newness: Newness::Known });
                // What the person enters counts more than what the keyring has.
                self.doubts.remove(&account);
                self.ask(account, Command::SetPassword(password));
                self.want(account, Command::Connect)
            }
            sign_in::Action::Start { account: None, jid, password, server } => {
                self.add(jid, password, server)
            }
            sign_in::Action::Stop => {
                let field = self.signing_in().map(sign_in::SignIn::field_in_trouble);
                if let Some(attempt) = &self.attempt {
                    self.ask(attempt.account, Command::Disconnect);
                }
                field.map_or_else(Task::none, crate::widget::focus::focus)
            }
            sign_in::Action::AllowPlain => {
                if let Some(attempt) = &self.attempt {
                    self.ask(attempt.account, Command::AllowPlain);
                    self.ask(attempt.account, Command::Connect);
                }
                Task::none()
            }
            sign_in::Action::Copy(password) => iced::clipboard::write(password.reveal().to_owned()),
            sign_in::Action::Keep(jid, password) => {
                let keeping = blocking(move || credentials::save(&jid, &password), Err(Fault::Failed));
                let in_wizard = matches!(self.screen, Screen::Wizard(_));
                keeping.map(move |kept| {
                    let kept = sign_in::Message::Kept(kept);
                    if in_wizard {
                        super::Message::Wizard(wizard::Message::SignIn(kept))
                    } else {
                        super::Message::SignIn(kept)
                    }
                })
            }
            sign_in::Action::Finish => {
                let attempt = self.attempt.take();
                self.settling = true;
                let shown = match (&self.screen, attempt) {
                    (Screen::Wizard(_), Some(attempt)) => self.wizard_signed_in(attempt.account),
                    (_, attempt) => {
                        let (here, mut forgotten) = (self.settle_parked(), Task::none());
                        if attempt.is_some_and(|attempt| attempt.newness == Newness::New) {
                            forgotten = self.give_up_parked();
                        }
                        Task::batch([here, forgotten, self.show_chats(), self.show_awaited()])
                    }
                };
                Task::batch([self.read_everything(), shown])
            }
            sign_in::Action::Leave => self.leave_sign_in(),
        }
    }

    /// The account that was signed in here may be the one that the wizard, put aside, was not sure about.
    fn settle_parked(&mut self) -> Task<super::Message> {
        let Screen::SignIn(sign_in) = &self.screen else { return Task::none() };
        let Some((jid, wizard)) = sign_in.jid().zip(self.parked.as_mut()) else { return Task::none() };
        let actions = wizard.is_here_now(&jid);
        self.do_wizard((Task::none(), actions))
    }

    /// There is an account now: what was begun for one is not gone on with, unless one may be there. Whoever has invited is not forgotten
    /// by that, nor is a page of the web behind which somebody may do so, or an invitation to another account.
    fn give_up_parked(&mut self) -> Task<super::Message> {
        let Some(mut wizard) = self.parked.take_if(|wizard| !wizard.is_bound()) else { return Task::none() };
        wizard.pass_on();
        if let Some((links, _)) = wizard.free_links() {
            self.links.append(links);
        }
        if !wizard.has_page() {
            return self.forget_wizard();
        }
        let kept = wizard.kept();
        self.parked = Some(wizard);
        self.remember_wizard(kept)
    }

    /// Shows the conversation that has waited for the form to be done with.
    fn show_awaited(&mut self) -> Task<super::Message> {
        self.awaiting.take().map_or_else(Task::none, |key| self.show(key))
    }

    fn leave_sign_in(&mut self) -> Task<super::Message> {
        let before = self.take_trial();
        self.attempt = None;
        if let Screen::SignIn(sign_in) = &self.screen {
            self.left_sign_in = sign_in.left();
        }
        let shown = if matches!(self.screen, Screen::Wizard(_)) {
            Task::none()
        } else if self.context.accounts.is_empty() {
            self.show_welcome()
        } else {
            Task::batch([self.show_chats(), self.show_awaited()])
        };
        let Some(((account, session), store)) = before.zip(self.store.clone()) else { return shown };
        let removing = async move {
            end(session).await;
            let _ = store.remove_account(account).await;
        };
        Task::batch([shown, Task::perform(removing, |()| super::Message::Done)])
    }
}
