//! What the pages want done.

use std::path::PathBuf;

use causerie_model::{BareJid, Command};
use iced::Task;

use super::contact::{self, FirstContact};
use super::invited::Invitation;
use super::{Action, Made, Message, Outcome, Page, Wizard, asking, invited, provider, ready, view, web};
use crate::context::Context;
use crate::screen::chats::add_contact::Given;
use crate::screen::sign_in;
use crate::widget::focus::focus;

impl Wizard {
    /// Shows a page.
    pub(super) fn go(&mut self, page: Page, context: &Context) -> Outcome {
        self.page = page;
        self.doubts.forget_question();
        self.identity.left();
        match page {
            Page::Provider => {
                self.provider.entered();
                let asked = self.provider.to_ask().map(|provider| self.probe(provider));
                (focus(view::ON), asked.into_iter().chain([Action::ListProviders]).collect())
            }
            Page::Asking => {
                // A form of another provider is not shown, whichever way led here.
                if self.asked_of.is_some() && self.asked_of.as_ref() != self.provider.chosen() {
                    self.put_form_aside();
                }
                self.drop_dead_form();
                if self.asking.form().is_none() && self.pending_words().is_none() {
                    return (Task::none(), vec![self.fetch()]);
                }
                (self.focus(), Vec::new())
            }
            Page::Contact => {
                if let Some(jid) = &self.jid {
                    self.contact.prepare(jid);
                }
                (self.focus(), Vec::new())
            }
            Page::Identity => {
                self.identity.choose_here();
                (self.focus(), Vec::new())
            }
            Page::Invited | Page::Web | Page::Ready => {
                let _ = context;
                (self.focus(), Vec::new())
            }
        }
    }

    /// Puts the keyboard where one goes on.
    pub(crate) fn focus<T: Send + 'static>(&self) -> Task<T> {
        if self.waits_for_network() {
            return focus(asking::RETRY);
        }
        if let Some(signing) = &self.signing {
            return focus(signing.field_in_trouble());
        }
        match self.page {
            Page::Invited if self.invited.invitation().is_some() => focus(view::ON),
            Page::Invited => focus(invited::LINK),
            Page::Provider => focus(view::ON),
            Page::Identity => focus(self.identity.field()),
            Page::Asking if self.identity.is_being_mended() => focus(self.identity.field()),
            Page::Asking => self.asking.focus(),
            Page::Web => focus(self.identity.field()),
            Page::Ready => focus(ready::SHOWN_NAME),
            Page::Contact => focus(contact::ADDRESS),
        }
    }

    pub(super) fn go_on(&mut self, context: &Context) -> Outcome {
        if self.pending_words().is_some() {
            return (Task::none(), Vec::new());
        }
        match self.page {
            Page::Invited => self.accept(context),
            Page::Provider => self.take_provider(context),
            Page::Identity => {
                let Some(provider) = self.provider.chosen().cloned() else {
                    return self.go(Page::Provider, context);
                };
                match self.identity.checked(&provider) {
                    Some(_) if self.is_on_web(context) => self.go(Page::Web, context),
                    Some(_) => self.go(Page::Asking, context),
                    None => (self.focus(), Vec::new()),
                }
            }
            Page::Asking => self.submit(context),
            Page::Web => self.sign_in(context),
            Page::Ready => {
                // A picture that is being read would be left behind.
                if self.ready.is_reading() {
                    return (Task::none(), Vec::new());
                }
                let mut outcome = self.go(Page::Contact, context);
                let Some(account) = self.account else { return outcome };
                let gone = self.ready.told();
                if !gone.is_empty() {
                    outcome.1.push(Action::Withdraw(account, gone));
                }
                let (name, picture) = (self.ready.shown_name(), self.ready.picture());
                if name.is_some() || picture.is_some() {
                    let picture = picture.map(|picture| (picture, self.ready.source.clone()));
                    outcome.1.push(Action::Publish(account, name, picture));
                }
                outcome
            }
            Page::Contact => self.add_contact(),
        }
    }

    pub(super) fn go_back(&mut self, context: &Context) -> Outcome {
        if self.waits_for_network() && self.made == Made::Yes {
            // It is gone on with at the next start, or from the first page.
            let mut outcome = self.update_sign_in(sign_in::Message::Cancelled, context);
            let (_, actions) = self.leave();
            outcome.1.extend(actions);
            return outcome;
        }
        if self.signing.is_some() {
            return self.update_sign_in(sign_in::Message::Cancelled, context);
        }
        if self.pending_words().is_some() {
            return self.cancel();
        }
        let invited = self.invited.invitation().is_some();
        match self.page {
            Page::Invited => self.leave(),
            Page::Provider if !invited => self.leave(),
            Page::Provider => self.go(Page::Invited, context),
            Page::Identity if self.invites_to_account() => self.go(Page::Invited, context),
            Page::Identity => self.go(Page::Provider, context),
            Page::Asking if self.dismissing => {
                self.dismissing = false;
                (self.focus(), Vec::new())
            }
            // An account that is there can't be taken back by going back.
            Page::Asking if self.made == Made::Yes || self.doubts.ended => self.leave(),
            Page::Asking => {
                // Whether the account is there stays to be found out, under the same name.
                self.made = Made::No;
                self.jid = None;
                self.go(Page::Identity, context)
            }
            Page::Web if self.identity.name().trim().is_empty() => self.go(Page::Provider, context),
            Page::Web => self.go(Page::Identity, context),
            // An account that is there can't be taken back, and going back is never going on.
            Page::Ready => (Task::none(), Vec::new()),
            Page::Contact => self.go(Page::Ready, context),
        }
    }

    /// Leaves out what the page asks. Nothing more is shown to others, and what was removed is not; what was typed stays, for a second look.
    pub(super) fn skip(&mut self, context: &Context) -> Outcome {
        match self.page {
            Page::Ready => {
                let mut outcome = self.go(Page::Contact, context);
                let gone = self.ready.withdrawn();
                if let Some(account) = self.account.filter(|_| !gone.is_empty()) {
                    outcome.1.push(Action::Withdraw(account, gone));
                }
                outcome
            }
            _ => (Task::none(), Vec::new()),
        }
    }

    /// The keys that paste were pressed.
    pub(crate) fn pasted(&mut self, context: &Context) -> Outcome {
        match self.page {
            Page::Invited => self.update(Message::Invited(invited::Message::PasteTyped), context),
            _ => (Task::none(), Vec::new()),
        }
    }

    /// A file was let fall onto the window.
    pub(crate) fn dropped(&mut self, path: PathBuf, context: &Context) -> Outcome {
        match self.page {
            Page::Invited => self.update(Message::Invited(invited::Message::Dropped(path)), context),
            Page::Ready => self.update(Message::Ready(ready::Message::Dropped(path)), context),
            _ => (Task::none(), Vec::new()),
        }
    }

    pub(super) fn update_invited(&mut self, message: invited::Message, context: &Context) -> Outcome {
        let (task, wish) = self.invited.update(message, context);
        let task = task.map(Message::Invited);
        let (more, actions) = match wish {
            invited::Wish::None => return (task, Vec::new()),
            invited::Wish::Open(page) => (Task::none(), vec![Action::Open(page)]),
            invited::Wish::HaveAccount => {
                // Nothing of what is on its way may be remembered any more.
                (self.edits, self.left) = (self.edits + 1, true);
                let link = self.invited.link().to_owned();
                self.pass_on();
                // The app ends the line with that.
                let _ = self.end_line();
                (Task::none(), vec![self.last(), Action::HaveAccount(String::new(), Some(link))])
            }
            invited::Wish::Elsewhere => self.go_elsewhere(None, context),
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
                // What somebody has made of it stays when they look at the invitation again.
                let link = self.invited.link().to_owned();
                if let Some(name) = name.filter(|_| self.named_by.as_ref() != Some(&link)) {
                    self.identity.set_name(&name);
                    self.named_by = Some(link);
                }
                self.go(Page::Identity, context)
            }
            Invitation::Contact { jid, account, .. } => {
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
        self.invited.invitations().any(|invitation| match invitation {
            Invitation::Account { provider, .. } => provider == chosen,
            Invitation::Contact { jid, account: Some(_), .. } => jid.to_domain() == *chosen,
            Invitation::Contact { account: None, .. } => false,
        })
    }

    pub(super) fn update_provider(&mut self, message: provider::Message, context: &Context) -> Outcome {
        let before = self.provider.chosen().cloned();
        let (task, wish) = self.provider.update(message, context);
        let task = task.map(Message::Provider);
        if self.provider.chosen() != before.as_ref() {
            // That page was another one's.
            (self.web, self.web_words) = (None, None);
        }
        let action = match wish {
            provider::Wish::None => return (task, Vec::new()),
            provider::Wish::Probe(provider) => self.probe(provider),
            provider::Wish::Cancel => {
                self.pending = None;
                self.end_line()
            }
            provider::Wish::Open(page) => Action::Open(page),
            provider::Wish::GoOn => return self.take_provider(context),
        };
        (task, vec![action])
    }

    pub(super) fn update_web(&mut self, message: web::Message, context: &Context) -> Outcome {
        match message {
            web::Message::OpenPressed => self.open_page(),
            web::Message::Identity(message) => self.change(Message::Identity(message), context),
        }
    }

    pub(super) fn update_contact(&mut self, message: contact::Message) -> Outcome {
        let Some(own) = self.jid.clone() else { return (Task::none(), Vec::new()) };
        match self.contact.update(message, &own) {
            contact::Wish::None => (Task::none(), Vec::new()),
            contact::Wish::Copy(text) => (Task::none(), vec![Action::Copy(text)]),
            contact::Wish::Note => {
                self.keep_others(None);
                let shown = self.account.map(|account| Action::Show((account, own)));
                (Task::none(), std::iter::once(self.last()).chain(shown).collect())
            }
            contact::Wish::Later => {
                self.keep_others(None);
                (Task::none(), vec![self.last(), Action::Finish])
            }
            contact::Wish::Focus => {
                let end = iced::widget::operation::move_cursor_to_end(contact::ADDRESS);
                (Task::batch([focus(contact::ADDRESS), end]), Vec::new())
            }
        }
    }

    /// What links say of somebody: the one that was pasted on the page of the first contact, and all invitations, the newest first.
    pub(super) fn given_of(&self, contact: &BareJid) -> Given {
        let invited = self.invited.invitations().filter_map(|invitation| match invitation {
            Invitation::Contact { jid, name, groups, greeting, .. } if jid == contact => Some(Given {
                jid: jid.clone(),
                name: name.clone(),
                groups: groups.clone(),
                token: greeting.clone(),
            }),
            _ => None,
        });
        let nothing = Given { jid: contact.clone(), name: None, groups: Vec::new(), token: None };
        let pasted = self.contact.given(contact).cloned();
        pasted.into_iter().chain(invited).fold(nothing, Given::or)
    }

    pub(super) fn add_contact(&mut self) -> Outcome {
        let Some((own, account)) = self.jid.clone().zip(self.account) else {
            return (Task::none(), Vec::new());
        };
        match self.contact.checked(&own) {
            Some(jid) => {
                let Given { name, groups, token: preauth, .. } = self.given_of(&jid);
                let command = Command::AddContact { jid: jid.clone(), name, groups, preauth };
                self.is_added(&jid);
                // First it is remembered what is wanted, then the rest is forgotten.
                (Task::none(), vec![Action::Add((account, jid), command), self.last()])
            }
            None => (focus(contact::ADDRESS), Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::stages;
    use super::*;
    use crate::screen::samples;

    #[test]
    fn of_somebody_counts_what_all_their_invitations_say() {
        let context = samples::empty(800.0, 600.0);
        let links = [
            "xmpp:bob@far.example?roster;preauth=s3cr3t;name=Bob",
            "xmpp:bob@far.example?roster;group=Club;name=Robert",
            "xmpp:carol@far.example?roster;preauth=other;name=Carol",
            "xmpp:bob@far.example",
        ];
        let mut wizard = stages::newcomer(&context);
        for link in links {
            let _ = wizard.take_link(link, &context);
        }
        let bob = BareJid::new("bob@far.example").unwrap();
        let Given { jid, name, groups, token } = wizard.given_of(&bob);
        assert_eq!((jid, groups), (bob, vec!["Club".to_owned()]));
        assert_eq!(name.as_deref(), Some("Robert"), "the newest that says something");
        assert_eq!(token.as_ref().map(|token| token.as_str()), Some("s3cr3t"));
    }
}
