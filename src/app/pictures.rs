//! Pictures that are let fall onto the window, or pasted.

use std::path::PathBuf;

use iced::Task;

use super::{App, Message, Screen};
use crate::screen::{chats, keys, path, settings, welcome};

impl App {
    /// A picture is for the page where keys are compared, for the wizard, and for the page before it. Nothing else takes files yet.
    pub(super) fn dropped(&mut self, path: PathBuf) -> Task<Message> {
        if self.path.is_some() {
            return self.update_path(path::Message::Dropped(path));
        }
        let dropped = keys::Message::Dropped(path.clone());
        match &self.screen {
            Screen::Chats if self.chats.is_comparing() => {
                self.update_chats(chats::Message::Details(chats::details::Message::Keys(dropped)))
            }
            Screen::Settings(settings) if settings.is_comparing() => {
                self.update_settings(settings::Message::Keys(dropped))
            }
            Screen::Wizard(_) => self.drop_onto_wizard(path),
            Screen::Welcome => self.drop_onto_welcome(path),
            _ => Task::none(),
        }
    }

    pub(super) fn drop_onto_wizard(&mut self, path: PathBuf) -> Task<Message> {
        let Screen::Wizard(wizard) = &mut self.screen else { return Task::none() };
        let outcome = wizard.dropped(path, &self.context);
        self.do_wizard(outcome)
    }

    /// A picture on the first page is an invitation.
    pub(super) fn drop_onto_welcome(&mut self, path: PathBuf) -> Task<Message> {
        let shown = self.update_welcome(welcome::Message::InvitedPressed);
        // Where an account was made by now, another page comes, and a picture is something else there.
        let invites = matches!(&self.screen, Screen::Wizard(wizard) if !wizard.is_beyond_invitations());
        if !invites {
            return shown;
        }
        Task::batch([shown, self.drop_onto_wizard(path)])
    }

    /// The keys that paste were pressed.
    pub(super) fn paste_into_wizard(&mut self) -> Task<Message> {
        let Screen::Wizard(wizard) = &mut self.screen else { return Task::none() };
        let outcome = wizard.pasted(&self.context);
        self.do_wizard(outcome)
    }
}
