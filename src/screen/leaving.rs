//! What is asked, over whatever the window shows, when the program is to end and something written is not on the disk yet.

use iced::Length;
use iced::widget::{column, container, row, scrollable};

use crate::context::Context;
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::focus;

/// The name of the button with which nothing is lost.
pub(crate) const STAY: &str = "leaving-stay";
const WIDTH: f32 = 400.0;

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// The program goes on.
    StayPressed,
    /// It ends, and what is not kept is lost.
    QuitPressed,
}

/// The question.
pub(crate) fn view(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let said = i18n.get("leaving-unkept");
    let quit = button(i18n.get("leaving-quit")).kind(ButtonKind::Danger).on_press(Message::QuitPressed);
    let stay = button(i18n.get("leaving-stay")).kind(ButtonKind::Primary).id(STAY);
    let buttons = row![stay.on_press(Message::StayPressed), quit].spacing(gap::S).wrap();
    // In the smallest window with the largest text it is higher than that.
    let lines =
        scrollable(container(column![parts::words(said.clone()), buttons].spacing(gap::L)).padding(gap::L));
    let card = container(lines).max_width(WIDTH).style(style::floating);
    let card = labelled(Role::Alert, said, card);
    focus::scope(container(card).padding(gap::L).center_x(Length::Fill).center_y(Length::Fill))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;
    use crate::screen::walk::walk;

    #[test]
    fn it_is_asked_in_the_smallest_window() {
        for size in [(480.0, 420.0), (240.0, 210.0)] {
            let context = samples::lively(size.0, size.1);
            walk("leaving", size, view(&context));
        }
    }
}
