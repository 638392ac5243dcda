//! The pages before there is a conversation: a title, what is asked, and a line at the foot of the window with the way back and the way on.

use iced::widget::{Row, column, container, row, rule, scrollable, space};
use iced::{Alignment, Length, Padding};

use super::parts;
use crate::context::Context;
use crate::theme::{Element, size, space as gap, style};
use crate::widget::button::Button;
use crate::widget::focus;

/// The widest a page gets.
pub(crate) const WIDE: f32 = 560.0;
/// Below this width of the window what stands beside each other stands below each other.
pub(crate) const NARROW: f32 = 520.0;
/// Below this width there is room for the buttons alone at the foot, and for no more than their words.
const TIGHT: f32 = 380.0;

/// What is at the foot of the window.
pub(crate) struct Foot<'a, Message> {
    back: Option<Element<'a, Message>>,
    middle: Option<Element<'a, Message>>,
    ahead: Vec<Element<'a, Message>>,
    tight: bool,
}

impl<'a, Message: Clone + 'a> Foot<'a, Message> {
    /// With nothing yet.
    pub(crate) fn new(context: &Context) -> Self {
        Self { back: None, middle: None, ahead: Vec::new(), tight: context.window.width < TIGHT }
    }

    /// At the left: back, or whatever else does not go on.
    pub(crate) fn back(mut self, button: Button<Message>) -> Self {
        self.back = Some(self.fitting(button));
        self
    }

    /// In the middle, where there is room.
    pub(crate) fn middle(mut self, middle: Element<'a, Message>) -> Self {
        self.middle = Some(middle);
        self
    }

    /// At the right, one after the other: what goes on is the last.
    pub(crate) fn ahead(mut self, button: Button<Message>) -> Self {
        let button = self.fitting(button);
        self.ahead.push(button);
        self
    }

    fn fitting(&self, button: Button<Message>) -> Element<'a, Message> {
        if self.tight { button.narrow().into() } else { button.into() }
    }

    fn view(self, width: f32) -> Element<'a, Message> {
        let ahead = Row::with_children(self.ahead).spacing(gap::S);
        let back = row![].push(self.back);
        let foot = if self.tight {
            row![back, space::horizontal(), ahead]
        } else if width < NARROW {
            row![back, space::horizontal()].push(self.middle).push(space::horizontal()).push(ahead)
        } else {
            // What is in the middle stays there, however long the words beside it are.
            let ahead = container(ahead).width(Length::Fill).align_x(Alignment::End);
            row![back.width(Length::Fill)].push(self.middle).push(ahead)
        };
        let foot = foot.align_y(Alignment::Center).spacing(gap::S);
        let foot = container(foot).max_width(WIDE).padding([gap::L, gap::XL]);
        container(foot).center_x(Length::Fill).into()
    }
}

/// A page. Each of another depth begins at its top, however far down the one before was read: what is scrolled is another widget then.
pub(crate) fn page<'a, Message: Clone + 'a>(
    (title, below): (String, Option<Element<'a, Message>>),
    content: Element<'a, Message>,
    depth: usize,
    foot: Foot<'a, Message>,
    context: &Context,
) -> Element<'a, Message> {
    let above = ((context.window.height - 520.0) / 4.0).clamp(gap::L, 2.0 * gap::HUGE);
    let height = if context.window.width < NARROW { size::HEADING } else { size::DISPLAY };
    let title = column![parts::heading(title, height)].push(below).spacing(gap::S);
    // As wide as the foot, however short its words are.
    let page = column![title, content].spacing(gap::XL).width(Length::Fill);
    let page = container(page).max_width(WIDE).padding(Padding {
        top: above,
        bottom: gap::XL,
        left: gap::XL,
        right: gap::XL,
    });
    let page = scrollable(container(page).center_x(Length::Fill)).width(Length::Fill).height(Length::Fill);
    let page: Element<'a, Message> = (0..depth).fold(page.into(), |page, _| column![page].into());
    let line = rule::horizontal(1.0).style(style::hairline);
    let foot = foot.view(context.window.width);
    let whole = container(column![page, line, foot]).width(Length::Fill).height(Length::Fill);
    focus::scope(whole.style(style::paper))
}
