//! A wizard that was left in the middle: what was begun, and the password that the keyring has for it.

use std::path::Path;

use causerie_model::BareJid;
use iced::Task;

use super::Told;
use crate::app::accounts::{Attempt, Newness, blocking};
use crate::app::{App, Kept, Message, Screen};
use crate::intents::Intents;
use crate::platform::credentials::{self, Candidate, Fault};
use crate::platform::links::kept::{self, Links};
use crate::screen::wizard::{self, Wizard};

impl App {
    /// Looks for links that have waited, and for a wizard that was not finished. Nothing is remembered in its place before it is known.
    pub(in crate::app) fn recall_wizard(&mut self) -> Task<Message> {
        self.settling = true;
        self.turns.hold();
        let folder = self.startup.folders.data.clone();
        let of_links = folder.clone();
        let links = blocking(move || kept::load(&of_links), kept::Remembered::default());
        let read = blocking(move || wizard::load(&folder), None);
        let read = read.map(|kept| Message::Told(Told::Remembered(kept.map(Box::new))));
        links.map(|links| Message::Told(Told::LinksRead(links))).chain(read)
    }

    /// Links that have waited are followed as soon as there is a place for them, before the one that the program was started with.
    pub(super) fn links_read(&mut self, kept: kept::Remembered) -> Task<Message> {
        let begun = match &self.screen {
            Screen::Wizard(new) if new.is_fresh() && !kept.is_empty() => new.links(),
            _ => Vec::new(),
        };
        self.links.take_in(kept);
        begun.iter().for_each(|link| self.links.push(link));
        Task::none()
    }

    /// The program ends: what is in memory alone goes to the disk.
    pub(in crate::app) fn remember_now(&mut self) {
        self.note_typed();
        let folder = &self.startup.folders.data;
        self.links.save(folder);
        if let Screen::Wizard(wizard) = &self.screen {
            wizard::save(folder, &wizard.kept(), &self.turns.next());
        }
    }

    /// What was remembered of a wizard was read, if there is one. Links that have waited for that go into it.
    pub(super) fn remembered(&mut self, kept: Option<&wizard::Kept>) -> Task<Message> {
        self.settling = false;
        self.turns.free();
        let Some(kept) = kept else { return self.remember_shown() };
        let links = match &self.screen {
            Screen::Welcome | Screen::Chats if !kept.was_left() => return self.recalled(kept),
            // The program was started with a link, and without an account.
            Screen::Wizard(new) if new.is_fresh() => new.links(),
            // Somebody was quicker than the disk: what is lost for that is nothing but what was typed.
            Screen::Wizard(new) if new.is_bound() || !kept.is_bound() => return self.remember_shown(),
            Screen::Wizard(_) => return self.recalled(kept),
            // It is gone on with as soon as somebody wants that.
            _ => {
                self.parked.get_or_insert_with(|| Box::new(Wizard::aside(kept, &self.context)));
                return Task::none();
            }
        };
        let recalled = self.recalled(kept);
        let shown: Vec<_> = links.iter().map(|link| self.show_invitation(link)).collect();
        Task::batch([recalled, Task::batch(shown)])
    }

    /// Remembers what is in a wizard that was begun before it was known that none was kept.
    fn remember_shown(&mut self) -> Task<Message> {
        let Screen::Wizard(wizard) = &self.screen else { return Task::none() };
        let kept = wizard.kept();
        self.remember_wizard(kept)
    }

    /// Goes on where the wizard was left the last time.
    fn recalled(&mut self, kept: &wizard::Kept) -> Task<Message> {
        if let Some(account) = kept.trial(&self.context) {
            // It was being tried when the program ended, and is no account before that has come to its end.
            self.attempt = Some(Attempt { account, newness: Newness::New });
            self.context.accounts.retain(|state| state.account.id != account);
        }
        let (wizard, outcome) = Wizard::again(kept, &self.context);
        let shown = self.show_wizard(wizard, outcome);
        Task::batch([shown, self.recall_password()])
    }

    /// Asks the keyring for the password of the wizard's account, where it is not known.
    pub(super) fn recall_password(&self) -> Task<Message> {
        let Screen::Wizard(wizard) = &self.screen else { return Task::none() };
        let is_here = wizard.wonders_about_password().is_some();
        let wanted = wizard.waits_for_password().or(wizard.wonders_about_password());
        let Some(jid) = wanted.or(wizard.misses_entrusted()).cloned() else { return Task::none() };
        let (of, other) = (jid.clone(), jid.clone());
        let newest = blocking(move || kept_of(&of, is_here), Err(Fault::Failed))
            .map(move |kept| Message::Told(Told::Password(jid.clone(), kept)));
        let beside = other.clone();
        let earlier = blocking(move || credentials::load_earlier(&beside).unwrap_or_default(), Vec::new())
            .map(move |earlier| Message::Told(Told::Earlier(other.clone(), earlier)));
        newest.chain(earlier)
    }
}

/// The wizard is done with, and nothing is remembered of it but accounts that may be there. Where it can't be kept what is wanted of the
/// account, or which links have waited, it stays as it was remembered, which is all that there is of that. Blocks: not for the GUI thread.
pub(super) fn settle(
    folder: &Path,
    (intents, links): &(Intents, Links),
    doubts: Option<&wizard::Kept>,
    turn: &wizard::Turn,
) {
    match doubts {
        _ if !intents.save(folder) || !links.save_new(folder) => {}
        Some(doubts) => wizard::save(folder, doubts, turn),
        None => wizard::forget(folder, turn),
    }
}

/// What the keyring has for an account that is in here; else for one that was asked for.
fn kept_of(jid: &BareJid, is_here: bool) -> Kept {
    if is_here {
        return credentials::load_or_adopt(jid);
    }
    match Candidate::Account.load(jid)? {
        Some(password) => Ok(Some(password)),
        None => credentials::load(jid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::folders::create_private;
    use crate::screen::wizard::Turn;

    #[test]
    fn a_wizard_is_not_forgotten_before_what_it_wanted_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut turns = Turn::default();
        let kept = wizard::Kept::default();
        wizard::save(folder.path(), &kept, &turns.next());
        let mut intents = Intents::default();
        let own = BareJid::new("alice@chat.example").unwrap();
        intents.note(&own, &causerie_model::Command::PublishName(Some("Alice".to_owned())));
        // Something is in the way.
        let way = folder.path().join("intents.json");
        create_private(&way).unwrap();
        let mut elsewhere = (intents, Links::default());
        settle(folder.path(), &elsewhere, None, &turns.next());
        assert_eq!(wizard::load(folder.path()), Some(kept.clone()));
        std::fs::remove_dir(way).unwrap();
        settle(folder.path(), &elsewhere, None, &turns.next());
        assert_eq!(wizard::load(folder.path()), None);
        // The same with links that have waited in it.
        wizard::save(folder.path(), &kept, &turns.next());
        elsewhere.1.take_in(kept::Remembered::default());
        elsewhere.1.push("xmpp:bob@far.example");
        let way = folder.path().join("links.json");
        create_private(&way).unwrap();
        settle(folder.path(), &elsewhere, None, &turns.next());
        assert_eq!(wizard::load(folder.path()), Some(kept));
        std::fs::remove_dir(way).unwrap();
        settle(folder.path(), &elsewhere, None, &turns.next());
        assert_eq!((wizard::load(folder.path()), kept::load(folder.path()).len()), (None, 1));
    }
}
