//! The caret of a field blinks while somebody is at work and comes to rest when nobody is: a program that is left alone does
//! nothing.

use std::time::{Duration, Instant};

use iced::advanced::widget::{Operation, Tree, tree};
use iced::advanced::{Clipboard, Layout, Shell, Widget, layout, mouse, overlay, renderer};
use iced::window::RedrawRequest;
use iced::{Event, Length, Rectangle, Renderer, Size, Vector, window};

use super::access::as_content;
use crate::theme::{Element, Theme};

/// How long after the last key or click it still blinks.
const BLINKS_FOR: Duration = Duration::from_secs(5);

/// A field or editor whose caret comes to rest, visible.
pub(super) fn calm<'a, Message: 'a>(content: Element<'a, Message>) -> Element<'a, Message> {
    Element::new(Calm { content })
}

struct Calm<'a, Message> {
    content: Element<'a, Message>,
}

struct State {
    /// Before anything was typed.
    began: Instant,
    /// When the last key or button was pressed.
    touched: Instant,
}

impl<Message> Widget<Message, Theme, Renderer> for Calm<'_, Message> {
    as_content!(child);

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        let now = Instant::now();
        tree::State::new(State { began: now, touched: now })
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        if let Some(child) = tree.children.first_mut() {
            self.content.as_widget_mut().operate(child, layout, renderer, operation);
        }
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let state = tree.state.downcast_mut::<State>();
        let Some(child) = tree.children.first_mut() else { return };
        let content = self.content.as_widget_mut();
        let rests = match event {
            Event::Window(window::Event::RedrawRequested(now)) => {
                now.saturating_duration_since(state.touched) >= BLINKS_FOR
            }
            Event::Keyboard(_)
            | Event::InputMethod(_)
            | Event::Touch(_)
            | Event::Mouse(mouse::Event::ButtonPressed(_))
            | Event::Window(window::Event::Focused) => {
                state.touched = Instant::now();
                false
            }
            _ => false,
        };
        if !rests {
            content.update(child, event, layout, cursor, renderer, clipboard, shell, viewport);
            return;
        }
        // At a time before it had the focus the field shows its caret; and the frame it asks for, to hide it, is not made.
        let before = shell.redraw_request();
        let still = Event::Window(window::Event::RedrawRequested(state.began));
        content.update(child, &still, layout, cursor, renderer, clipboard, shell, viewport);
        if matches!(shell.redraw_request(), RedrawRequest::At(_)) {
            Shell::replace_redraw_request(shell, before);
        }
    }
}

#[cfg(test)]
mod tests {
    use iced::keyboard::key::Named;
    use iced::widget::{text_editor, text_input};

    use super::*;
    use crate::widget::access::{Role, labelled};
    use crate::widget::focus;
    use crate::widget::harness::Harness;

    #[test]
    fn a_caret_comes_to_rest_and_asks_for_no_more_frames() {
        let content = text_editor::Content::with_text("half a");
        let input: Element<'_, ()> = text_input("", "").on_input(|_| ()).into();
        let editor: Element<'_, ()> = text_editor(&content).on_action(|_| ()).into();
        for (role, field) in [(Role::TextInput, input), (Role::Editor, editor)] {
            let mut ui = Harness::new((300.0, 100.0), focus::scope(labelled(role, "Name", field)));
            let later = || Instant::now() + BLINKS_FOR;
            assert_eq!(
                ui.frame_at(Instant::now()),
                RedrawRequest::Wait,
                "without the focus there is no caret"
            );
            ui.key(Named::Tab);
            assert!(matches!(ui.frame_at(Instant::now()), RedrawRequest::At(_)), "{role:?} blinks");
            assert_eq!(ui.frame_at(later()), RedrawRequest::Wait, "{role:?} rests");
            ui.key(Named::ArrowLeft);
            assert!(matches!(ui.frame_at(Instant::now()), RedrawRequest::At(_)), "{role:?} blinks again");
        }
    }
}
