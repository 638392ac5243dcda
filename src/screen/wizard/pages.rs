//! What the pages want done.

use causerie_model::Command;
use iced::Task;

use super::contact::{self, FirstContact};
use super::seams::Invitation;
use super::{Action, Message, Outcome, Page, Wizard, invited, provider, web};
use crate::context::Context;
use crate::widget::focus::focus;

impl Wizard {
    pub(super) fn update_invited(&mut self, message: invited::Message, context: &Context) -> Outcome {
        let (task, wish) = self.invited.update(message, context);
        let task = task.map(Message::Invited);
        let (more, actions) = match wish {
            invited::Wish::None => return (task, Vec::new()),
            invited::Wish::Open(page) => (Task::none(), vec![Action::Open(page)]),
            invited::Wish::HaveAccount => {
                let link = self.invited.link().to_owned();
                (Task::none(), vec![Action::Forget, Action::HaveAccount(String::new(), Some(link))])
            }
            invited::Wish::Elsewhere => self.go(Page::Provider, context),
        };
        (Task::batch([task, more]), actions)
    }

    /// Goes on with the invitation: to the name where it is for an account, else to the provider.
    pub(super) fn accept(&mut self, context: &Context) -> Outcome {
        let Some(invitation) = self.invited.invitation().cloned() else {
            return (focus(invited::LINK), Vec::new());
        };
        match invitation {
            Invitation::Account { provider, name, .. } => {
                self.choose(provider);
                if let Some(name) = name {
                    self.identity.set_name(&name);
                }
                self.go(Page::Identity, context)
            }
            Invitation::Contact { jid, account } => {
                self.contact = FirstContact::new(jid.as_str());
                if account.is_none() {
                    return self.go(Page::Provider, context);
                }
                self.choose(jid.to_domain());
                self.go(Page::Identity, context)
            }
        }
    }

    pub(super) fn invites_to_account(&self) -> bool {
        let Some(chosen) = self.provider.chosen() else { return false };
        match self.invited.invitation() {
            Some(Invitation::Account { provider, .. }) => provider == chosen,
            Some(Invitation::Contact { jid, account: Some(_) }) => jid.to_domain() == *chosen,
            _ => false,
        }
    }

    pub(super) fn update_provider(&mut self, message: provider::Message, context: &Context) -> Outcome {
        let (task, wish) = self.provider.update(message, context);
        let task = task.map(Message::Provider);
        let action = match wish {
            provider::Wish::None => return (task, Vec::new()),
            provider::Wish::Probe(provider) => self.probe(provider),
            provider::Wish::Cancel => {
                self.pending = None;
                Action::EndRegistration
            }
            provider::Wish::Open(page) => Action::Open(page),
            provider::Wish::GoOn => return self.take_provider(context),
        };
        (task, vec![action])
    }

    pub(super) fn update_web(&mut self, message: web::Message, context: &Context) -> Outcome {
        match message {
            web::Message::OpenPressed => {
                (Task::none(), self.web.clone().map(Action::Open).into_iter().collect())
            }
            web::Message::Identity(message) => self.change(Message::Identity(message), context),
        }
    }

    pub(super) fn update_contact(&mut self, message: contact::Message) -> Outcome {
        let Some(own) = self.jid.clone() else { return (Task::none(), Vec::new()) };
        match self.contact.update(message, &own) {
            contact::Wish::None => (Task::none(), Vec::new()),
            contact::Wish::Copy(text) => (Task::none(), vec![Action::Copy(text)]),
            contact::Wish::Note => {
                let shown = self.account.map(|account| Action::Show((account, own)));
                (Task::none(), std::iter::once(Action::Forget).chain(shown).collect())
            }
            contact::Wish::Later => (Task::none(), vec![Action::Forget, Action::Finish]),
            contact::Wish::Focus => {
                let end = iced::widget::operation::move_cursor_to_end(contact::ADDRESS);
                (Task::batch([focus(contact::ADDRESS), end]), Vec::new())
            }
        }
    }

    pub(super) fn add_contact(&mut self) -> Outcome {
        let Some((own, account)) = self.jid.clone().zip(self.account) else {
            return (Task::none(), Vec::new());
        };
        match self.contact.checked(&own) {
            Some(jid) => {
                let command = Command::AddContact { jid: jid.clone(), name: None, groups: Vec::new() };
                (Task::none(), vec![Action::Forget, Action::Add((account, jid), command)])
            }
            None => (focus(contact::ADDRESS), Vec::new()),
        }
    }
}
