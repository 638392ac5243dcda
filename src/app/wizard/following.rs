//! Links that come while something else is on the screen: they wait for it, and are followed one after the other.

use std::time::Duration;

use iced::Task;

use crate::app::{App, Message, Screen};
use crate::platform::links::kept::When;
use crate::platform::links::received::{self, Received};
use crate::platform::links::uri::Uri;
use crate::platform::links::{self, Asked};
use crate::screen::wizard::Wizard;

impl App {
    /// Follows what has waited, as far as there is a place for it now, and keeps what still waits.
    pub(in crate::app) fn follow_next(&mut self) -> Task<Message> {
        let mut tasks = Vec::new();
        if self.chats.was_turned_away() {
            self.put_back_links();
        } else if self.is_answered() {
            self.links.answered();
        }
        let rest = self.links.is_resting() && !self.context.accounts.is_empty();
        let mut opened = false;
        while !rest
            && (self.has_place_for_link() || opened && self.has_more_for_form())
            && let Some(link) = self.links.next()
        {
            let Some(link) = within(&link) else { continue };
            tasks.push(self.link_came(&link));
            if !self.has_place_for_link() {
                opened = true;
                self.links.follow(&link);
                if let Some(typed) = self.links.typed(&link) {
                    self.chats.type_again(&typed, &self.context);
                }
            }
        }
        tasks.push(self.keep_links());
        Task::batch(tasks)
    }

    /// Somebody has turned to something else from what a link has brought, and has not answered: it waits again, and so do those behind it,
    /// until somebody asks for them.
    pub(in crate::app) fn put_back_links(&mut self) {
        if self.links.put_back() {
            self.links.rest();
        }
    }

    /// Whether the link that has waited longest says more of whom a form is about that another one has opened a moment ago.
    fn has_more_for_form(&self) -> bool {
        let next = self.links.first().and_then(within);
        let whom = match next.as_deref().and_then(links::read) {
            Some(Asked::Person(jid, _)) => jid,
            _ => return false,
        };
        self.trouble.is_none() && matches!(self.screen, Screen::Chats) && self.chats.is_adding(&whom)
    }

    /// What was typed into a form that a link has opened is kept with it.
    pub(super) fn note_typed(&mut self) {
        if let Some(typed) = self.chats.typed(&self.context) {
            self.links.note(typed);
        }
    }

    /// Writes the links that wait to the disk, where they have changed. What was taken is gone from there a moment later: whoever has taken
    /// it keeps it meanwhile.
    fn keep_links(&mut self) -> Task<Message> {
        /// As long as a slow disk takes.
        const MOMENT: Duration = Duration::from_secs(2);
        self.note_typed();
        let Some((links, when)) = self.links.due() else { return Task::none() };
        let folder = self.startup.folders.data.clone();
        let keeping = async move {
            if when == When::Soon {
                tokio::time::sleep(MOMENT).await;
                if !links.is_newest() {
                    return;
                }
            }
            let _ = tokio::task::spawn_blocking(move || links.save(&folder)).await;
        };
        Task::perform(keeping, |()| Message::Done)
    }

    /// Whether a link that has waited takes nothing away that somebody looks at.
    fn has_place_for_link(&self) -> bool {
        if self.is_too_early() || self.trouble.is_some() {
            return false;
        }
        // Behind another page something may be asked still.
        let answering = !self.context.accounts.is_empty() && self.chats.is_answering_link();
        match &self.screen {
            Screen::Wizard(wizard) => !wizard.is_awaiting() && !answering,
            Screen::Welcome => self.context.accounts.is_empty(),
            Screen::Chats => !self.context.accounts.is_empty() && !answering,
            // It waits for the account that is signed in there.
            Screen::SignIn(_) | Screen::Settings(_) | Screen::Opening | Screen::Refused(_) => false,
        }
    }

    /// Whether nothing is asked any more about a link that has waited: behind something else it may be asked still.
    fn is_answered(&self) -> bool {
        self.has_place_for_link() && !self.chats.is_answering_link()
    }

    /// How many links wait for a press, where there is a button for it.
    pub(in crate::app) fn links_to_show(&self) -> usize {
        let resting = self.links.is_resting() && !self.settling && !self.context.accounts.is_empty();
        if resting && !self.chats.is_answering_link() { self.links.len() } else { 0 }
    }

    /// Whether following a link takes away what another one has brought, and nobody has answered, or what was typed in the settings: then
    /// it waits.
    pub(in crate::app) fn takes_away(&self, link: &str) -> bool {
        if self.holds_links() {
            return false;
        }
        let typed = matches!(&self.screen, Screen::Settings(settings) if settings.is_typed_in());
        if self.trouble.is_some() || typed {
            return true;
        }
        let whom = match links::read(link) {
            Some(Asked::Person(jid, _)) => jid,
            Some(Asked::Keys(keys)) => keys.jid,
            _ => return false,
        };
        // Behind another page, too.
        !self.context.accounts.is_empty() && self.chats.is_answering_about_other(&whom)
    }

    /// Whether it is not known yet what a link leads to, or what was begun before.
    pub(in crate::app) fn is_too_early(&self) -> bool {
        self.settling || matches!(self.screen, Screen::Opening | Screen::Refused(_))
    }

    /// Whether what is on the screen keeps links, or takes them in.
    pub(in crate::app) fn holds_links(&self) -> bool {
        match &self.screen {
            Screen::Wizard(wizard) => wizard.is_awaiting() || wizard.is_beyond_invitations(),
            Screen::SignIn(sign_in) => sign_in.is_begun(),
            _ => false,
        }
    }

    /// A link does not take the page away where an account is being made or signed in, or was made a moment ago.
    pub(in crate::app) fn hold_link(&mut self, link: &str) -> Option<Task<Message>> {
        // It is followed when there is an answer, or when the page is left.
        match &mut self.screen {
            Screen::Wizard(wizard) if wizard.is_awaiting() => {
                let outcome = wizard.hold(link);
                Some(self.do_wizard(outcome))
            }
            Screen::Wizard(wizard) => wizard.is_beyond_invitations().then(|| self.show_invitation(link)),
            Screen::SignIn(sign_in) if sign_in.is_begun() => {
                self.links.push(link);
                Some(Task::none())
            }
            _ => None,
        }
    }

    /// What has waited in the wizard is followed as soon as there is an answer; where an account is there, when the wizard is over, or is
    /// left for another account that can do it.
    pub(super) fn free_links(&mut self) -> Task<Message> {
        let is_other = !self.context.accounts.is_empty();
        let freed = match &mut self.screen {
            Screen::Wizard(wizard) if wizard.is_awaiting() || wizard.is_beyond_invitations() => None,
            Screen::Wizard(wizard) => wizard.free_links(),
            _ => {
                let parked = self.parked.as_mut();
                let free = parked.filter(|wizard| is_other || !wizard.is_beyond_invitations());
                free.and_then(|wizard| wizard.free_links())
            }
        };
        let Some((links, kept)) = freed else { return Task::none() };
        self.links.append(links);
        self.remember_wizard(kept)
    }

    /// The wizard is over: what has waited in it is followed as soon as somebody asks for it, and not while they write to whom they have
    /// turned to. What may invite to another account stays beside; where an account may be there, the next start asks about that first.
    pub(super) fn free_finished(&mut self) {
        if let Some(mut wizard) = self.parked.take() {
            wizard.free_links().into_iter().for_each(|(links, _)| self.links.append(links));
            let rest = wizard.rest().filter(|_| !wizard.has_doubts());
            self.parked = rest.map(|rest| Box::new(Wizard::aside(&rest, &self.context)));
        }
        self.links.rest();
    }

    /// Shows what a link invites to.
    pub(in crate::app) fn show_invitation(&mut self, link: &str) -> Task<Message> {
        match &mut self.screen {
            Screen::Wizard(wizard) => {
                let outcome = wizard.take_link(link, &self.context);
                return self.do_wizard(outcome);
            }
            // It is followed when that account is signed in, or when the page is left.
            Screen::SignIn(sign_in) if sign_in.is_begun() => {
                self.links.push(link);
                return Task::none();
            }
            _ => {}
        }
        if let Some(mut wizard) = self.parked.take() {
            let outcome = wizard.take_link(link, &self.context);
            self.screen = Screen::Wizard(wizard);
            return self.do_wizard(outcome);
        }
        let (wizard, outcome) = Wizard::for_invited(link, &self.context);
        self.show_wizard(wizard, outcome)
    }
}

/// A link that has waited, as it is followed in here. What was pasted may be a page of the web, or words around a link: no page is opened
/// unasked, what they hold is followed.
fn within(link: &str) -> Option<String> {
    if Uri::read(link).is_some() {
        return Some(link.to_owned());
    }
    if let Received::Uri(uri) = received::read(link) { Some(uri.to_string()) } else { None }
}
