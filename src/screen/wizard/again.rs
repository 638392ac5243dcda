//! Leaving the wizard and coming back: in the same run with all that was typed, in another one with what was remembered.

use causerie_model::registration::Answer;
use causerie_model::{BareJid, Password};
use iced::Task;

use super::identity::Renewed;
use super::{Action, Kept, Made, Message, Outcome, Page, Wizard, view};
use crate::context::Context;
use crate::widget::focus::focus;

/// The door through which somebody comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// “I’m new here.”
    New,
    /// “I was invited.”
    Invited,
}

impl Wizard {
    /// Where it was left the last time.
    pub(crate) fn again(kept: &Kept, context: &Context) -> (Self, Outcome) {
        let mut wizard = Self::with(kept);
        let picture = wizard.ready.recall(kept.picture.as_ref()).map(Message::Ready);
        let (task, actions) = wizard.come_again(kept, context);
        wizard.left = kept.left;
        (wizard, (Task::batch([picture, task]), actions))
    }

    /// The same, where something else is on the screen: nobody is asked before somebody comes back to it.
    pub(crate) fn aside(kept: &Kept, context: &Context) -> Self {
        let (mut wizard, _) = Self::again(kept, context);
        wizard.ask_nobody();
        wizard
    }

    /// Whether it was left before there was an account, or may be one.
    pub(crate) fn is_left(&self) -> bool {
        self.left && !self.is_bound()
    }

    /// Nothing was typed or chosen.
    fn is_untouched(&self) -> bool {
        let (kept, empty) = (self.kept(), Self::with(&Kept::default()).kept());
        Kept { page: empty.page, left: empty.left, ..kept } == empty
    }

    /// The chosen provider is not asked any more, nor the one that is being typed.
    fn ask_nobody(&mut self) {
        self.pending = None;
        self.provider.not_asking();
        self.provider.rest_no_more();
    }

    fn come_again(&mut self, kept: &Kept, context: &Context) -> Outcome {
        let wizard = self;
        let address = |kept: &Option<String>| kept.as_deref().and_then(|jid| BareJid::new(jid).ok());
        let (created, perhaps) = (address(&kept.created), address(&kept.perhaps));
        let made = if created.is_some() { Made::Yes } else { Made::Perhaps };
        let here = |jid: &BareJid| {
            context.accounts.iter().find(|state| state.account.jid == *jid).map(|state| state.account.id)
        };
        // Their passwords are in the keyring, which may be locked for now.
        let doubts = kept.doubts.iter().rev().filter_map(|jid| BareJid::new(jid).ok());
        for jid in doubts.chain(perhaps.clone()).filter(|jid| here(jid).is_none()) {
            wizard.secrets.doubt_of(&jid, None);
        }
        kept.unkept
            .iter()
            .filter_map(|jid| BareJid::new(jid).ok())
            .for_each(|jid| wizard.secrets.recall_unkept(jid));
        wizard.doubts.ended = kept.ended;
        let first = wizard.secrets.doubts().next().cloned().filter(|_| kept.ended);
        let created = created.or(perhaps).or(first);
        let known = created.as_ref().and_then(here);
        wizard.jid = created;
        wizard.account = known;
        wizard.asked_of = super::provider::domain(&kept.asked_of);
        let answer = |(name, values): (String, Vec<String>)| Answer { name, values };
        wizard.asking.recall(kept.answers.iter().cloned().map(answer).collect());
        for (of, answers) in &kept.aside {
            let Some(of) = super::provider::domain(of) else { continue };
            wizard.asking.recall_aside(of, answers.iter().cloned().map(answer).collect());
        }
        let page = match (kept.page, known) {
            (page @ (Page::Ready | Page::Contact), Some(_)) => page,
            (_, Some(_)) => Page::Ready,
            // A form is fetched when it is needed, with a password that is there.
            (Page::Asking | Page::Ready | Page::Contact, None) => Page::Identity,
            (page, None) => page,
        };
        let seen = matches!(kept.page, Page::Identity | Page::Asking | Page::Web);
        if !kept.own && (seen || !kept.name.trim().is_empty()) {
            let used = wizard.jid.is_some() || wizard.entrusted.is_some();
            wizard.identity.renew(if used { Renewed::Perhaps } else { Renewed::Unused });
        }
        if wizard.jid.is_some() && known.is_none() {
            // The account is there or may be, but not in here: only its password is needed.
            wizard.made = made;
            wizard.page = Page::Asking;
            return (Task::none(), vec![]);
        }
        // It is nowhere but with the person.
        match page {
            Page::Web if kept.own => wizard.identity.ask_for_password(),
            _ if kept.own => wizard.identity.type_own(),
            _ => {}
        }
        wizard.go(page, context)
    }

    /// It is gone on with where it was left in this run.
    pub(crate) fn enter(&mut self, door: Door, context: &Context) -> Outcome {
        self.left = false;
        let page = match (door, self.page) {
            _ if self.is_beyond_invitations() => self.page,
            (Door::Invited, _) => Page::Invited,
            (Door::New, Page::Invited) if self.invited.invitation().is_none() => Page::Provider,
            (Door::New, page) => page,
        };
        let (task, mut actions) = if page == self.page && page != Page::Provider {
            (self.focus(), Vec::new())
        } else {
            self.go(page, context)
        };
        if self.waits_for_password().is_some_and(|jid| self.secrets.sent(jid).is_none()) {
            actions.push(Action::RecallPassword);
        }
        self.remembered = self.kept();
        actions.push(Action::Remember(self.remembered.clone()));
        (task, actions)
    }

    /// Whether what is shown is not to be replaced by anything but its own end: a provider or a keyring is about to answer.
    pub(crate) fn is_awaiting(&self) -> bool {
        self.pending_words().is_some() || self.signing.as_ref().is_some_and(|signing| signing.is_waiting())
    }

    /// Whether there is nothing in it but a link.
    pub(crate) fn is_fresh(&self) -> bool {
        self.page == Page::Invited && self.identity.name().is_empty() && !self.is_bound()
    }

    /// Whether there is an account that would be lost with it, or may be.
    pub(crate) fn is_bound(&self) -> bool {
        self.is_beyond_invitations() || self.perhaps().is_some() || self.entrusted.is_some()
    }

    /// The account that is there or may be is not asked about any more: the second time its password goes, too.
    pub(super) fn dismiss(&mut self) -> Outcome {
        if !std::mem::replace(&mut self.dismissing, true) {
            return (focus(view::STAY), Vec::new());
        }
        let forgotten = self.jid.take();
        forgotten.iter().for_each(|jid| self.put_aside(jid));
        (self.made, self.dismissing) = (Made::No, false);
        let mut actions: Vec<Action> = forgotten.into_iter().map(Action::ForgetPassword).collect();
        actions.extend([Action::EndRegistration, self.last(), Action::Finish]);
        (Task::none(), actions)
    }

    /// The password that would go with that, where it is known.
    pub(super) fn dismissed_password(&self) -> Option<&Password> {
        self.secrets.sent(self.jid.as_ref()?).filter(|_| self.dismissing)
    }

    /// Leaves, with all that was typed still here, and on the disk: the next start does not show it unasked, unless there may be an account.
    pub(super) fn leave(&mut self) -> Outcome {
        self.ask_nobody();
        self.left = true;
        self.edits += 1;
        let mut actions = vec![self.end_line()];
        // What was put into the keyring for a page of the web stays until somebody says that it is of no use.
        if !self.is_bound() {
            self.remembered = self.kept();
            let nothing = self.is_untouched();
            actions.push(if nothing { Action::Forget } else { Action::Remember(self.remembered.clone()) });
        }
        actions.push(Action::Leave);
        (Task::none(), actions)
    }
}
