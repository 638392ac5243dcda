//! Links that are opened elsewhere while the wizard is on the screen.

use causerie_model::BareJid;
use iced::Task;

use super::contact::FirstContact;
use super::invited::{Invitation, Invited};
use super::{Action, Kept, Made, Outcome, Page, Wizard};
use crate::context::Context;
use crate::platform::links::waiting::Waiting;

impl Wizard {
    /// A link was opened elsewhere: it is shown as an invitation, and nothing that was typed is lost by it.
    pub(crate) fn take_link(&mut self, link: &str, context: &Context) -> Outcome {
        self.left = false;
        let outcome = if self.is_beyond_invitations() {
            self.use_link(link);
            (Task::none(), Vec::new())
        } else {
            self.invited.open(link, false);
            self.go(Page::Invited, context)
        };
        self.remembered = self.kept();
        let (task, mut actions) = outcome;
        actions.push(Action::Remember(self.remembered.clone()));
        (task, actions)
    }

    /// There is an account for it already; all it can bring is somebody to talk with. It waits where somebody else is to be added first,
    /// or where it is no invitation at all.
    fn use_link(&mut self, link: &str) {
        let brought = Invited::again(link, false, &[]);
        let address = self.contact.address.trim();
        match brought.invitation() {
            Some(Invitation::Contact { jid, .. }) if address.is_empty() || address == jid.as_str() => {
                self.invited.open(link, false);
                if address.is_empty() {
                    self.contact = FirstContact::new(jid.as_str());
                    self.jid.clone().iter().for_each(|own| self.contact.prepare(own));
                }
            }
            _ => self.waiting.push(link),
        }
    }

    /// A link was opened while an answer is awaited: it waits for that.
    pub(crate) fn hold(&mut self, link: &str) -> Outcome {
        self.waiting.push(link);
        self.remembered = self.kept();
        (Task::none(), vec![Action::Remember(self.remembered.clone())])
    }

    /// There is an account by now: what has waited may bring somebody to talk with, and so may every invitation. Whoever is not the first
    /// contact waits for the first steps to be done.
    pub(super) fn use_waiting(&mut self) {
        let newest = self.invited.contacts().last().map(|(_, link)| link.to_owned());
        if self.contact.address.trim().is_empty()
            && let Some(link) = newest
        {
            self.use_link(&link);
        }
        let first = self.contact.address.trim().to_owned();
        let mut links = self.inviting(|jid| jid.as_str() != first);
        links.append(std::mem::take(&mut self.waiting));
        while let Some(link) = links.next() {
            self.use_link(&link);
        }
        // None is left in there but those that had no place.
        self.waiting.append(links);
    }

    /// It is gone on with an account that is there: all that the wizard was given waits for that.
    pub(crate) fn pass_on(&mut self) {
        let mut links = self.inviting(|_| true);
        // Nobody is followed twice.
        let invited = self.invited.contacts().map(|(jid, link)| (jid.clone(), link.to_owned()));
        let freed: Vec<_> = invited.filter(|(_, link)| links.has(link)).collect();
        freed.iter().for_each(|(jid, _)| self.invited.forget(jid));
        links.append(std::mem::take(&mut self.waiting));
        self.waiting = links;
    }

    /// The links of those who invite to talk.
    fn inviting(&self, which: impl Fn(&BareJid) -> bool) -> Waiting {
        let mut links = Waiting::default();
        let inviting = self.invited.contacts().filter(|(jid, _)| which(jid));
        inviting.for_each(|(_, link)| links.push(link));
        links
    }

    /// Whether it has a page of the web behind which somebody may invite, or an invitation to an account.
    pub(crate) fn has_page(&self) -> bool {
        self.invited.has_page()
    }

    /// What is left of it for another account, when it is done with: pages of the web behind which somebody may invite, and invitations to
    /// accounts elsewhere.
    pub(crate) fn rest(&self) -> Option<Kept> {
        let made = self.jid.as_ref().filter(|_| self.made == Made::Yes || self.account.is_some());
        Kept::of_pages(self.invited.pages(made.map(BareJid::to_domain).as_ref()))
    }

    /// The first steps are done, and whoever invited and was not added waits for what comes then; so does whose link was pasted last.
    pub(super) fn keep_others(&mut self, added: Option<&BareJid>) {
        let others = self.inviting(|jid| Some(jid) != added);
        self.waiting.append(others);
        let pasted = self.contact.link().filter(|(jid, _)| Some(*jid) != added);
        pasted.iter().for_each(|(_, link)| self.waiting.push(link));
    }

    /// Somebody is added with all that their invitations say: those have not to be followed any more, and all others have.
    pub(super) fn is_added(&mut self, contact: &BareJid) {
        let links = self.inviting(|jid| jid == contact);
        self.waiting.remove(links);
        self.invited.forget(contact);
        self.keep_others(Some(contact));
    }

    /// What has waited, which is followed now; with what is to be remembered then.
    pub(crate) fn free_links(&mut self) -> Option<(Waiting, Kept)> {
        if self.waiting.is_empty() && self.links_dropped() == 0 {
            return None;
        }
        let mut freed = std::mem::take(&mut self.waiting);
        freed.drop_more(self.invited.take_dropped());
        self.remembered = self.kept();
        Some((freed, self.remembered.clone()))
    }

    /// How many links wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many links have found no place, which is to be said.
    pub(crate) fn links_dropped(&self) -> usize {
        self.waiting.dropped() + self.invited.dropped()
    }

    /// The invitation, as it was given.
    #[cfg(test)]
    pub(crate) fn link(&self) -> &str {
        self.invited.link()
    }

    /// All links that it was given, in the order in which they came.
    pub(crate) fn links(&self) -> Vec<String> {
        let earlier = self.invited.earlier().into_iter().rev().map(|(link, _)| link);
        let mut links: Vec<String> = earlier.chain([self.invited.link().to_owned()]).collect();
        links.extend(Vec::from(self.waiting.clone()));
        links
    }
}
