//! What is seen before there is a ledger to show, or when there is none.

use std::path::Path;

use causerie_model::Problem;
use iced::widget::{column, container, row, space, text};
use iced::{Alignment, Length};

use super::parts;
use crate::context::Context;
use crate::icon::{self, Icon};
use crate::theme::style::ButtonKind;
use crate::theme::{self, Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::focus;
use crate::words;

/// The name of the button that tries again.
pub(crate) const TRY: &str = "opening-try";

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// It is to be tried again.
    Retried,
    /// The folder of the history is to be shown.
    FolderPressed,
    /// The program is to end.
    QuitPressed,
}

/// Nothing, for the moment it takes.
pub(crate) fn opening<'a, Message: 'a>() -> Element<'a, Message> {
    container(space::vertical()).width(Length::Fill).height(Length::Fill).style(style::paper).into()
}

/// Why the history can't be opened, and what to do about it.
pub(crate) fn refused<'a>(problem: &Problem, folder: &Path, context: &Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let said = words::local_problem(i18n, problem);
    let title = i18n.get("opening-refused");
    let heading = text(title.clone()).size(size::HEADING).font(theme::STRONG).align_x(Alignment::Center);
    focus::scope(parts::page(
        column![
            icon::tinted(Icon::CircleAlert, 40.0, |tokens| tokens.bad),
            labelled(Role::Heading, title, heading),
            parts::words(said).align_x(Alignment::Center),
            parts::aside(folder.display().to_string()).align_x(Alignment::Center),
            row![
                button(i18n.get("action-try-again"))
                    .kind(ButtonKind::Primary)
                    .id(TRY)
                    .on_press(Message::Retried),
                button(i18n.get("opening-folder")).icon(Icon::Folder).on_press(Message::FolderPressed),
                button(i18n.get("opening-quit")).on_press(Message::QuitPressed),
            ]
            .spacing(gap::S)
            .wrap(),
        ]
        .spacing(gap::L)
        .align_x(Alignment::Center),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;
    use crate::screen::walk::walk;

    #[test]
    fn a_history_that_is_refused_is_walked_by_keyboard() {
        let context = samples::empty(480.0, 600.0);
        for problem in
            [Problem::DatabaseNewer, Problem::DatabaseDamaged, Problem::AlreadyRunning, Problem::DiskFull]
        {
            let view = refused(&problem, Path::new("/a/folder"), &context);
            walk("refused", (480.0, 600.0), view);
        }
    }
}
