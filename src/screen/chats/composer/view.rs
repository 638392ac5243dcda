//! How the place to write looks.

use std::cell::Cell;
use std::rc::Rc;

use causerie_model::Direction;
use iced::widget::{column, container, row, space, stack, text, text_editor};
use iced::{Alignment, Length, Padding, keyboard};

use super::{About, Composer, Message};
use crate::context::Context;
use crate::icon::{self, Icon};
use crate::screen::chats::timeline::COLUMN;
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, LINE_HEIGHT, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{icon_button, icon_button_of};
use crate::widget::emoji::{self, InColour};
use crate::widget::list::BAR;
use crate::words;

/// The composer's name.
pub(crate) const COMPOSER: &str = "composer";
/// Above and below the text.
const PADDING: f32 = 7.0;
/// How high it grows before it scrolls: seven whole lines, so that none is cut, and what is around them.
const TALLEST: f32 = 7.0 * size::BODY * LINE_HEIGHT + 2.0 * PADDING;

/// The place to write, called so, and the button that sends.
pub(crate) fn view<'a>(composer: &'a Composer, label: &str, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    // The outline is drawn after the editor, which alone knows whether it has the focus.
    let focused = Rc::new(Cell::new(false));
    let wants_last = composer.text().is_empty() && *composer.about() == About::Nothing;
    let editor = text_editor(&composer.content)
        .id(COMPOSER)
        .placeholder(parts::shortened(label, parts::room(context.conversation_width() - 140.0, size::BODY)))
        .size(size::BODY)
        .line_height(LINE_HEIGHT)
        .padding([PADDING, gap::M])
        .min_height(22.0)
        .max_height(TALLEST)
        .style({
            let focused = Rc::clone(&focused);
            move |theme, status| {
                focused.set(matches!(status, text_editor::Status::Focused { .. }));
                style::composer(theme, status)
            }
        })
        .key_binding(move |press| binding(press, wants_last))
        .highlight_with::<InColour>((), emoji::format)
        .on_action(Message::Edited);
    let send = composer.can_send().then_some(Message::Sent);
    let send = icon_button_of(ButtonKind::Primary, Icon::Send, i18n.get("composer-send"), send);
    let line =
        row![labelled(Role::Editor, label.to_owned(), editor), send].spacing(gap::S).align_y(Alignment::End);
    let card = container(line).padding(gap::XS).width(Length::Fill).style(style::card);
    let outline = container(space::vertical()).width(Length::Fill).height(Length::Fill);
    let outline = outline.style(move |theme| style::composer_outline(theme, focused.get()));
    let mut lines = column![].spacing(gap::XS).push(about(composer, context)).push(stack![card, outline]);
    if composer.is_too_long() {
        lines = lines.push(parts::trouble(i18n.get("composer-too-long")));
    }
    let lines = container(lines).max_width(COLUMN).padding(Padding::from([0.0, gap::L]).bottom(gap::M));
    // Below the messages, which have a scroll bar beside them.
    container(lines).center_x(Length::Fill).padding(Padding::ZERO.right(BAR)).into()
}

/// What is answered or corrected, above the text, and the way back to a new message. Something is always there: what comes and goes is
/// not to take the keyboard from the text.
fn about<'a>(composer: &'a Composer, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let (sign, said) = match composer.about() {
        About::Nothing => return column![].into(),
        About::Answer(reply, name) => {
            let quote = words::one_line(&reply.quote);
            let said = match reply.author {
                Direction::Outgoing => i18n.with("composer-answers-us", &[("text", quote.into())]),
                Direction::Incoming => {
                    let variables = [("name", name.as_str().into()), ("text", quote.into())];
                    i18n.with("composer-answers", &variables)
                }
            };
            (Icon::Reply, said)
        }
        About::Correction { .. } => (Icon::Pencil, i18n.get("composer-corrects")),
    };
    let shown = parts::shortened(&said, parts::room(context.conversation_width() - 120.0, size::SECONDARY));
    let words = text(shown).size(size::SECONDARY).style(style::muted);
    let sign = icon::tinted(sign, size::ICON_SMALL, |tokens| tokens.muted);
    let line = row![sign, words].spacing(gap::XS).align_y(Alignment::Center);
    let line = labelled(Role::Status, said, line);
    let away = icon_button(Icon::X, i18n.get("action-cancel"), Some(Message::LetGo));
    row![container(line).width(Length::Fill), away].align_y(Alignment::Center).padding([0.0, gap::S]).into()
}

fn binding(press: text_editor::KeyPress, wants_last: bool) -> Option<text_editor::Binding<Message>> {
    use keyboard::{Key, key::Named};
    use text_editor::{Binding, Motion, Status};
    if !matches!(press.status, Status::Focused { .. }) {
        return None;
    }
    match press.key.as_ref() {
        Key::Named(Named::Enter) if press.modifiers.shift() => Some(Binding::Enter),
        Key::Named(Named::Enter) => Some(Binding::Custom(Message::Sent)),
        Key::Named(Named::ArrowUp) if wants_last && press.modifiers.is_empty() => {
            Some(Binding::Custom(Message::LastWanted))
        }
        Key::Named(Named::Backspace) if press.modifiers.jump() => {
            Some(Binding::Sequence(vec![Binding::Select(Motion::WordLeft), Binding::Backspace]))
        }
        Key::Named(Named::Delete) if press.modifiers.jump() => {
            Some(Binding::Sequence(vec![Binding::Select(Motion::WordRight), Binding::Delete]))
        }
        // These scroll the messages, or leave.
        Key::Named(Named::PageUp | Named::PageDown | Named::Escape | Named::Tab) => None,
        // Keys that work everywhere are not text.
        Key::Character(",") if press.modifiers.command() => None,
        _ => Binding::from_key_press(press),
    }
}
