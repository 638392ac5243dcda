//! A file's path, asked for where the desktop has no window to choose files in.

use iced::Task;

use super::{App, Message};
use crate::platform::chooser;
use crate::screen::path::{self, Step, Typing};
use crate::widget::focus::focus;

impl App {
    /// Looks how files are chosen on this desktop.
    pub(super) fn look_for_chooser() -> Task<Message> {
        Task::perform(chooser::look(), Message::ChooserSeen)
    }

    /// Asks for a path, if something waits for one.
    pub(super) fn ask_for_path(&mut self) -> Task<Message> {
        let Some(asked) = self.context.chooser.asked() else { return Task::none() };
        self.path = Some(Typing::new(asked));
        let end = iced::widget::operation::move_cursor_to_end(path::FIELD);
        Task::batch([focus(path::FIELD), end])
    }

    pub(super) fn update_path(&mut self, message: path::Message) -> Task<Message> {
        let Some(typing) = &mut self.path else { return Task::none() };
        match typing.update(message) {
            Step::Stay(task) => return task.map(Message::Path),
            Step::Close => self.path = None,
            Step::Choose(path) => {
                if let Some(typing) = self.path.take() {
                    typing.answer(path);
                }
            }
        }
        self.focus_behind()
    }
}
