//! What is seen before there is a ledger to show, or when there is none.

use causerie_model::Problem;
use iced::widget::{column, container, space};
use iced::{Alignment, Length};

use super::parts;
use crate::context::Context;
use crate::icon::{self, Icon};
use crate::theme::{Element, size, space as gap, style};
use crate::words;

/// Nothing, for the moment it takes.
pub(crate) fn opening<'a, Message: 'a>() -> Element<'a, Message> {
    container(space::vertical()).width(Length::Fill).height(Length::Fill).style(style::paper).into()
}

/// Why the history can't be opened, and what to do about it.
pub(crate) fn refused<'a, Message: 'a>(problem: &Problem, context: &Context) -> Element<'a, Message> {
    let said = words::local_problem(&context.i18n, problem);
    parts::page(
        column![
            icon::tinted(Icon::CircleAlert, 40.0, |tokens| tokens.bad),
            parts::heading(context.i18n.get("opening-refused"), size::HEADING),
            parts::words(said).align_x(Alignment::Center),
        ]
        .spacing(gap::L)
        .align_x(Alignment::Center),
    )
}
