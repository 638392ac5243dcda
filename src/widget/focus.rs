//! The keyboard's way through the controls: Tab and Shift+Tab, arrows in lists, scrolling to what has the focus.
//!
//! [`scope`] goes once around everything a window shows. Within it, [`group`] makes a list one stop of Tab, with arrows
//! inside, [`field_above`] joins such a list to the field that filters it, and [`inert`] takes what lies behind a dialog out of
//! the way.

mod walk;

use iced::advanced::widget::{self, Operation, Tree};
use iced::advanced::{Clipboard, Layout, Shell, Widget, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::{Event, Length, Rectangle, Renderer, Size, Task, Vector, keyboard};

use super::access::as_content;
use crate::theme::{Element, Theme};

/// How a control came to have the focus: only the keyboard's shows a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// It does not have it.
    None,
    /// By pointer or finger.
    Pointer,
    /// By keyboard.
    Keyboard,
}

/// Puts the keyboard on the control or input of this name, and scrolls to it.
pub(crate) fn focus<Message: Send + 'static>(id: impl Into<widget::Id>) -> Task<Message> {
    iced::widget::operation::focus(id).chain(reveal())
}

/// Scrolls to what has the focus: what is around it has changed its size.
pub(crate) fn reveal<Message: Send + 'static>() -> Task<Message> {
    widget::operate(walk::Focused::default()).discard()
}

/// The whole of a window or overlay: Tab and Shift+Tab go around in it.
pub(crate) fn scope<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    Element::new(Scope { content: content.into() })
}

/// A list: one stop of Tab; arrows, Home and End go from row to row. `Left` and `Right` too where it lies on its side.
pub(crate) fn group<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    Element::new(Group { content: content.into(), marker: walk::Group::default() })
}

/// The same, entered at its last row: messages, of which the newest is at the end.
pub(crate) fn group_from_end<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    let marker = walk::Group { entrance: walk::Entrance::Last, ..walk::Group::default() };
    Element::new(Group { content: content.into(), marker })
}

/// A field and, below, the list that it filters: Down goes from the field into the list, and Up from the first row back.
pub(crate) fn field_above<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    Element::new(FieldAbove { content: content.into() })
}

/// What lies behind a dialog: drawn, but neither pointer nor keyboard reaches it.
pub(crate) fn inert<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    Element::new(Inert { content: content.into() })
}

/// Whether the keyboard is on something that this walk meets.
pub(super) fn is_within(walk: &mut dyn FnMut(&mut dyn Operation)) -> bool {
    walk::is_within(walk)
}

/// Puts the keyboard on the first or last thing that this walk meets.
pub(super) fn to_end(first: bool, walk: &mut dyn FnMut(&mut dyn Operation)) {
    walk::go(if first { walk::Step::First } else { walk::Step::Last }, walk);
}

struct Scope<'a, Message> {
    content: Element<'a, Message>,
}

/// What a person has used last. Where the program moves the focus because of a click, there is no ring around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hand {
    #[default]
    Keyboard,
    Pointer,
}

impl<Message> Widget<Message, Theme, Renderer> for Scope<'_, Message> {
    as_content!(child);

    fn tag(&self) -> widget::tree::Tag {
        widget::tree::Tag::of::<Hand>()
    }

    fn state(&self) -> widget::tree::State {
        widget::tree::State::new(Hand::default())
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        let hand = *tree.state.downcast_ref::<Hand>();
        let Some(child) = tree.children.first_mut() else { return };
        self.content.as_widget_mut().operate(child, layout, renderer, operation);
        if hand == Hand::Pointer {
            self.content.as_widget_mut().operate(child, layout, renderer, &mut walk::Soften);
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
        let hand = tree.state.downcast_mut::<Hand>();
        match event {
            Event::Keyboard(keyboard::Event::KeyPressed { .. }) => *hand = Hand::Keyboard,
            Event::Mouse(mouse::Event::ButtonPressed(_)) | Event::Touch(_) => *hand = Hand::Pointer,
            _ => {}
        }
        let Some(child) = tree.children.first_mut() else { return };
        let content = self.content.as_widget_mut();
        content.update(child, event, layout, cursor, renderer, clipboard, shell, viewport);
        let Event::Keyboard(keyboard::Event::KeyPressed {
            key: keyboard::Key::Named(Named::Tab),
            modifiers,
            ..
        }) = event
        else {
            return;
        };
        if shell.is_event_captured() || modifiers.command() || modifiers.alt() {
            return;
        }
        let step = if modifiers.shift() { walk::Step::Previous } else { walk::Step::Next };
        walk::go(step, &mut |operation| content.operate(child, layout, renderer, operation));
        moved(shell);
    }
}

/// The focus is elsewhere now: what has it may have been scrolled to.
fn moved<Message>(shell: &mut Shell<'_, Message>) {
    shell.capture_event();
    shell.invalidate_layout();
    shell.request_redraw();
}

struct FieldAbove<'a, Message> {
    content: Element<'a, Message>,
}

impl<Message> Widget<Message, Theme, Renderer> for FieldAbove<'_, Message> {
    as_content!(layout);

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        self.content.as_widget_mut().operate(tree, layout, renderer, operation);
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
        let content = self.content.as_widget_mut();
        let step = match event {
            Event::Keyboard(keyboard::Event::KeyPressed {
                key: keyboard::Key::Named(key),
                modifiers,
                ..
            }) if modifiers.is_empty() => match key {
                Named::ArrowDown => Some(walk::Step::Down),
                Named::ArrowUp => Some(walk::Step::Up),
                _ => None,
            },
            _ => None,
        };
        if let Some(step) = step.filter(|_| !shell.is_event_captured())
            && walk::cross(step, &mut |operation| content.operate(tree, layout, renderer, operation))
        {
            moved(shell);
            return;
        }
        content.update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
    }
}

struct Group<'a, Message> {
    content: Element<'a, Message>,
    marker: walk::Group,
}

impl<Message> Widget<Message, Theme, Renderer> for Group<'_, Message> {
    as_content!(layout);

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        self.marker.edge = walk::Edge::Begin;
        operation.custom(None, layout.bounds(), &mut self.marker);
        self.content.as_widget_mut().operate(tree, layout, renderer, operation);
        self.marker.edge = walk::Edge::End;
        operation.custom(None, layout.bounds(), &mut self.marker);
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
        self.content
            .as_widget_mut()
            .update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
        let Event::Keyboard(keyboard::Event::KeyPressed {
            key: keyboard::Key::Named(key), modifiers, ..
        }) = event
        else {
            return;
        };
        let step = match key {
            Named::ArrowDown | Named::ArrowRight => walk::Step::Down,
            Named::ArrowUp | Named::ArrowLeft => walk::Step::Up,
            Named::Home => walk::Step::First,
            Named::End => walk::Step::Last,
            _ => return,
        };
        if shell.is_event_captured() || !modifiers.is_empty() {
            return;
        }
        let content = self.content.as_widget_mut();
        if walk::go_within(step, &mut |operation| content.operate(tree, layout, renderer, operation)) {
            moved(shell);
        }
    }
}

struct Inert<'a, Message> {
    content: Element<'a, Message>,
}

impl<Message> Widget<Message, Theme, Renderer> for Inert<'_, Message> {
    fn tag(&self) -> widget::tree::Tag {
        self.content.as_widget().tag()
    }

    fn state(&self) -> widget::tree::State {
        self.content.as_widget().state()
    }

    fn children(&self) -> Vec<Tree> {
        self.content.as_widget().children()
    }

    fn diff(&self, tree: &mut Tree) {
        self.content.as_widget().diff(tree);
    }

    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn size_hint(&self) -> Size<Length> {
        self.content.as_widget().size_hint()
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        self.content.as_widget_mut().layout(tree, renderer, limits)
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        // Frames go on, so that what lies behind stays up to date; hands are kept off.
        if matches!(event, Event::Window(_)) {
            self.content.as_widget_mut().update(
                tree,
                event,
                layout,
                mouse::Cursor::Unavailable,
                renderer,
                clipboard,
                shell,
                viewport,
            );
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        self.content.as_widget().draw(
            tree,
            renderer,
            theme,
            style,
            layout,
            mouse::Cursor::Unavailable,
            viewport,
        );
    }

    fn overlay<'b>(
        &'b mut self,
        _tree: &'b mut Tree,
        _layout: Layout<'b>,
        _renderer: &Renderer,
        _viewport: &Rectangle,
        _translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        None
    }
}
