//! The path of a file, over whatever the window shows, where the desktop has no window to choose files in.

use std::path::PathBuf;

use iced::Task;
use iced::widget::{column, container};

use crate::context::Context;
use crate::platform::chooser::{self, Asked, Fault, Purpose};
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::focus;

/// The name of the field.
pub(crate) const FIELD: &str = "path-field";
const WIDTH: f32 = 440.0;
/// What is typed beyond this, in bytes, is no path.
const LONGEST: usize = 4096;

/// Somebody is asked for a path.
#[derive(Debug)]
pub(crate) struct Typing {
    asked: Asked,
    typed: String,
    fault: Option<Fault>,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The path was edited.
    Typed(String),
    /// A file was let fall onto the window.
    Dropped(PathBuf),
    /// Enter, or the button.
    Submitted,
    /// What was typed was looked for.
    Found(Result<PathBuf, Fault>),
    /// No file is wanted after all.
    Closed,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Step {
    /// Nothing but that.
    Stay(Task<Message>),
    /// It is over.
    Close,
    /// This file is chosen.
    Choose(PathBuf),
}

impl Typing {
    /// With what is proposed.
    pub(crate) fn new(asked: Asked) -> Self {
        Self { typed: asked.proposed.clone(), asked, fault: None }
    }

    /// Whoever waits is told of the file.
    pub(crate) fn answer(self, path: PathBuf) {
        self.asked.answer(path);
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message) -> Step {
        match message {
            Message::Typed(typed) if typed.len() <= LONGEST => (self.typed, self.fault) = (typed, None),
            Message::Typed(_) => {}
            Message::Dropped(path) if self.asked.purpose == Purpose::Read => return Step::Choose(path),
            Message::Dropped(_) => {}
            Message::Submitted => {
                let (typed, purpose) = (self.typed.clone(), self.asked.purpose);
                let find = async move {
                    let found = tokio::task::spawn_blocking(move || chooser::find(&typed, purpose)).await;
                    found.unwrap_or(Err(Fault::NoFile))
                };
                return Step::Stay(Task::perform(find, Message::Found));
            }
            Message::Found(Ok(path)) => return Step::Choose(path),
            Message::Found(Err(fault)) => {
                self.fault = Some(fault);
                return Step::Stay(focus::focus(FIELD));
            }
            Message::Closed => return Step::Close,
        }
        Step::Stay(Task::none())
    }
}

/// The question.
pub(crate) fn view<'a>(typing: &'a Typing, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let wrong = typing.fault.map(|fault| {
        i18n.get(match fault {
            Fault::NoFile => "path-no-file",
            Fault::NoFolder => "path-no-folder",
            Fault::Taken => "path-taken",
        })
    });
    let (note, on) = match typing.asked.purpose {
        Purpose::Read => ("path-note-read", "path-open"),
        Purpose::Write => ("path-note-write", "path-save"),
    };
    let field = parts::field(FIELD, i18n.get("path-field"), &typing.typed)
        .wrong(wrong)
        .note(i18n.get(note))
        .on_input(Some(Message::Typed))
        .on_submit(Message::Submitted);
    let lines = column![
        parts::heading(typing.asked.title.clone(), size::TITLE),
        parts::aside(i18n.get("path-why")),
        Element::from(field),
        parts::buttons(
            button(i18n.get("action-cancel")).on_press(Message::Closed),
            button(i18n.get(on)).kind(ButtonKind::Primary).on_press(Message::Submitted),
        ),
    ];
    let card = container(lines.spacing(gap::L)).padding(gap::L).max_width(WIDTH).style(style::floating);
    let card = labelled(Role::Group, typing.asked.title.clone(), card);
    focus::scope(parts::in_front(card))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::chooser::{Chooser, Way};
    use crate::screen::samples;
    use crate::screen::walk::walk;
    use crate::widget::harness::Harness;

    #[test]
    fn it_can_be_typed_with_large_letters_in_a_small_window() {
        let context = samples::empty(240.0, 210.0);
        let typing = asked(true);
        let mut window = Harness::new((240.0, 210.0), view(&typing, &context));
        window.perform(focus::focus::<Message>(FIELD));
        assert!(window.sees_focus());
    }

    fn asked(save: bool) -> Typing {
        let mut chooser = Chooser::default();
        chooser.set_way(Way::Typed);
        let _chosen = if save {
            chooser.save("Recovery sheet".to_owned(), "alice.pdf".to_owned(), "PDF", "pdf")
        } else {
            chooser.open("A picture".to_owned(), "Pictures".to_owned(), &["png"])
        };
        Typing::new(chooser.asked().unwrap())
    }

    #[test]
    fn it_is_walked_in_the_smallest_window_and_says_what_is_wrong() {
        let context = samples::empty(480.0, 420.0);
        for (save, fault, words) in [
            (false, Fault::NoFile, "There is no file of this name"),
            (true, Fault::NoFolder, "There is no such folder"),
            (true, Fault::Taken, "There is a file of this name already"),
        ] {
            let mut typing = asked(save);
            walk("path", (480.0, 420.0), view(&typing, &context));
            assert!(matches!(typing.update(Message::Found(Err(fault))), Step::Stay(_)));
            let found = Harness::new((480.0, 420.0), view(&typing, &context)).audit();
            assert!(found.iter().any(|found| found.label().contains(words)), "{words}");
        }
    }

    #[test]
    fn a_file_that_falls_is_taken_where_one_is_to_be_read() {
        let path = PathBuf::from("/tmp/face.png");
        let dropped = || Message::Dropped(path.clone());
        assert!(matches!(asked(false).update(dropped()), Step::Choose(chosen) if chosen == path));
        assert!(matches!(asked(true).update(dropped()), Step::Stay(_)));
        assert!(matches!(asked(true).update(Message::Closed), Step::Close));
    }
}
