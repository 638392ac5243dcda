//! The program does not end unasked while something that a person wrote is in memory alone.

use causerie_model::{AccountId, Storage};
use iced::Task;

use super::{App, Message};
use crate::screen::leaving;
use crate::widget::focus::focus;

/// Whether it is asked if the program is to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Leaving {
    #[default]
    No,
    Asked,
}

impl App {
    /// The disk takes nothing for now, or takes it again.
    pub(super) fn storage_changed(&mut self, account: AccountId, storage: Storage) {
        if let Some(state) = self.context.account_mut(account) {
            state.storage = storage;
        }
        if !self.has_unkept() {
            self.leaving = Leaving::No;
        }
    }

    fn has_unkept(&self) -> bool {
        self.context.accounts.iter().any(|account| account.storage.has_unkept())
    }

    /// Ends the program, unless something would be lost by that.
    pub(super) fn close_if_kept(&mut self) -> Task<Message> {
        if !self.has_unkept() || self.window.closing {
            return self.close();
        }
        self.leaving = Leaving::Asked;
        focus(leaving::STAY)
    }

    pub(super) fn update_leaving(&mut self, message: leaving::Message) -> Task<Message> {
        self.leaving = Leaving::No;
        match message {
            leaving::Message::StayPressed => self.focus_behind(),
            leaving::Message::QuitPressed => self.close(),
        }
    }
}

#[cfg(test)]
mod tests {
    use causerie_model::{Event, Problem, Storage};

    use super::super::tests::behaviour::lively;
    use super::*;
    use crate::app::window::{Message as Window, Shortcut};
    use crate::screen::samples::{self, HOME};

    #[test]
    fn who_quits_while_the_disk_is_full_is_told_what_would_be_lost() {
        let (mut app, _folder) = lively();
        let mut full = samples::lively(1000.0, 700.0);
        samples::disk_full(&mut full);
        let full = full.accounts.remove(0).storage;
        let quit = Message::Window(Window::Pressed(Shortcut::Quit));
        let _ = app.update(Message::Session(HOME, vec![Event::StorageChanged(full.clone())]));
        let _ = app.update(quit.clone());
        assert_eq!((app.leaving, app.window.closing), (Leaving::Asked, false));
        let _ = app.update(Message::Leaving(leaving::Message::StayPressed));
        assert_eq!((app.leaving, app.window.closing), (Leaving::No, false));
        let _ = app.update(Message::Window(Window::CloseRequested));
        // There is room meanwhile.
        let _ = app.update(Message::Session(HOME, vec![Event::StorageChanged(Storage::Working)]));
        assert_eq!((app.leaving, app.window.closing), (Leaving::No, false));
        let _ = app.update(Message::Session(HOME, vec![Event::StorageChanged(full)]));
        let _ = app.update(quit);
        let _ = app.update(Message::Leaving(leaving::Message::QuitPressed));
        assert!(app.window.closing);
    }

    #[test]
    fn who_has_written_nothing_quits_at_once() {
        let (mut app, _folder) = lively();
        let storage = Storage::Failing { problem: Problem::DiskFull, messages: Vec::new(), more: false };
        let _ = app.update(Message::Session(HOME, vec![Event::StorageChanged(storage)]));
        let _ = app.update(Message::Window(Window::CloseRequested));
        assert!(app.window.closing);
    }
}
