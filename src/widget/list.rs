//! A list of rows of any height of which only those that are seen cost anything.
//!
//! Rows are built within `layout`, from the one that stays where it is: the scroll position is a row's key and its
//! distance from the top, never a number of pixels from an end. So older rows above, newer ones below, or a row that changes
//! its height never move what is being read; and a list that sticks to an end goes with it.
//!
//! Long because laying out, scrolling and drawing share one state of what is visible.

mod command;
mod fill;
mod state;
#[cfg(test)]
mod tests;

use std::hash::Hash;

use iced::advanced::widget::{self, Operation, Tree, tree};
use iced::advanced::{Clipboard, Layout, Renderer as _, Shell, Widget, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::{Background, Border, Event, Length, Rectangle, Renderer, Size, Vector, keyboard, touch, window};

use super::focus;
use crate::theme::{Element, Theme, style};
use command::{Command, Pull};
use state::{Anchor, End, State};

pub(crate) use command::{scroll_by_pages, scroll_to, scroll_to_end};

/// Which end a list begins at and sticks to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Start {
    /// The first row: a list of people.
    #[default]
    Top,
    /// The last row: a conversation.
    Bottom,
}

/// What is seen of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visible {
    /// The first row of which something is seen.
    pub(crate) first: usize,
    /// The last row of which something is seen.
    pub(crate) last: usize,
    /// Whether there is nothing above.
    pub(crate) at_top: bool,
    /// Whether there is nothing below.
    pub(crate) at_bottom: bool,
}

/// Finds a row by its key.
type Find<'a, Key> = dyn Fn(&Key) -> Option<usize> + 'a;

/// The list. See the module.
pub(crate) struct VirtualList<'a, Key, Message> {
    id: Option<widget::Id>,
    len: usize,
    key: Box<dyn Fn(usize) -> Key + 'a>,
    index_of: Box<Find<'a, Key>>,
    view: Box<dyn Fn(usize) -> Element<'a, Message> + 'a>,
    on_change: Option<Box<dyn Fn(Visible) -> Message + 'a>>,
    spacing: f32,
    start: Start,
    rows: Vec<Element<'a, Message>>,
}

/// Room at the right for the scroll bar, in pixels.
pub(crate) const BAR: f32 = 10.0;

impl<'a, Key, Message> VirtualList<'a, Key, Message> {
    /// `len` rows, of which `key` names one for good, `index_of` finds it again (asked only when it is not where it was),
    /// and `view` builds it. It begins at the top.
    pub(crate) fn new(
        len: usize,
        key: impl Fn(usize) -> Key + 'a,
        index_of: impl Fn(&Key) -> Option<usize> + 'a,
        view: impl Fn(usize) -> Element<'a, Message> + 'a,
    ) -> Self {
        Self {
            id: None,
            len,
            key: Box::new(key),
            index_of: Box::new(index_of),
            view: Box::new(view),
            on_change: None,
            spacing: 0.0,
            start: Start::Top,
            rows: Vec::new(),
        }
    }

    /// A name for [`scroll_to`] and its kin. Lists that show different things (another conversation) must have different
    /// names or keys.
    pub(crate) fn id(mut self, id: impl Into<widget::Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The end it begins at and sticks to.
    pub(crate) fn start(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// Space between rows.
    pub(crate) fn spacing(mut self, spacing: f32) -> Self {
        self.spacing = spacing;
        self
    }

    /// What to say when other rows are seen.
    pub(crate) fn on_change(mut self, message: impl Fn(Visible) -> Message + 'a) -> Self {
        self.on_change = Some(Box::new(message));
        self
    }
}

impl<Key, Message> VirtualList<'_, Key, Message>
where
    Key: Clone + Eq + Hash + 'static,
{
    fn on_key(&self, state: &mut State<Key>, named: Named, inside: bool) -> bool {
        match named {
            Named::PageUp => state.scroll_by(state.page()),
            Named::PageDown => state.scroll_by(-state.page()),
            Named::Home => {
                state.go_to(Anchor::Top);
                state.focus = inside.then_some(End::Top);
            }
            Named::End => {
                state.go_to(Anchor::Bottom);
                state.focus = inside.then_some(End::Bottom);
            }
            _ => return false,
        }
        true
    }

    /// Drags the thumb to where the pointer is.
    fn drag(&self, state: &mut State<Key>, grab: f32, y: f32) {
        let Some((_, height)) = state.thumb() else { return };
        let part = ((y - grab) / (state.size.height - height).max(1.0)).clamp(0.0, 1.0);
        if part >= 0.999 {
            return state.go_to(Anchor::Bottom);
        }
        let position = part * (self.len as f32 - state.shown()).max(0.0);
        let index = (position as usize).min(self.len.saturating_sub(1));
        let offset = -position.fract() * state.average;
        state.go_to(Anchor::Row { key: (self.key)(index), hint: index, offset });
    }

    fn on_pointer(
        &self,
        state: &mut State<Key>,
        event: &Event,
        bounds: Rectangle,
        cursor: mouse::Cursor,
    ) -> bool {
        let rail = Rectangle { x: bounds.x + bounds.width - BAR, width: BAR, ..bounds };
        match event {
            Event::Mouse(mouse::Event::WheelScrolled { delta }) if cursor.is_over(bounds) => {
                let pixels = match delta {
                    mouse::ScrollDelta::Lines { y, .. } => y * 60.0,
                    mouse::ScrollDelta::Pixels { y, .. } => *y,
                };
                state.scroll_by(pixels);
                true
            }
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
                let (Some((top, height)), Some(at)) = (state.thumb(), cursor.position_over(rail)) else {
                    return false;
                };
                let y = at.y - bounds.y;
                let grab = if (top..top + height).contains(&y) { y - top } else { height / 2.0 };
                state.grab = Some(grab);
                self.drag(state, grab, y);
                true
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
                state.grab = None;
                false
            }
            Event::Mouse(mouse::Event::CursorMoved { .. }) => {
                let (Some(grab), Some(at)) = (state.grab, cursor.land().position()) else { return false };
                self.drag(state, grab, at.y - bounds.y);
                true
            }
            Event::Touch(touch::Event::FingerPressed { position, .. }) => {
                state.finger = bounds.contains(*position).then_some(position.y);
                false
            }
            Event::Touch(touch::Event::FingerMoved { position, .. }) => {
                let Some(before) = state.finger.replace(position.y).filter(|_| bounds.contains(*position))
                else {
                    return false;
                };
                state.scroll_by(position.y - before);
                true
            }
            Event::Touch(touch::Event::FingerLifted { .. } | touch::Event::FingerLost { .. }) => {
                state.finger = None;
                false
            }
            _ => false,
        }
    }

    /// Says what is seen when that has changed, and puts the keyboard where it was sent. True where a command has moved
    /// the list since it was laid out.
    fn on_frame(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        shell: &mut Shell<'_, Message>,
    ) -> bool {
        let state = tree.state.downcast_mut::<State<Key>>();
        if state.moved {
            return true;
        }
        let visible = state.visible();
        if visible.is_some() && visible != state.told {
            state.told = visible;
            if let (Some(message), Some(visible)) = (&self.on_change, visible) {
                shell.publish(message(visible));
            }
        }
        if let Some(end) = state.focus.take() {
            focus::to_end(end == End::Top, &mut |operation| {
                Self::each(&mut self.rows, tree, layout, |row, tree, layout| {
                    row.operate(tree, layout, renderer, operation);
                });
            });
        }
        false
    }

    fn has_focus(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer) -> bool {
        focus::is_within(&mut |operation| {
            Self::each(&mut self.rows, tree, layout, |row, tree, layout| {
                row.operate(tree, layout, renderer, operation);
            });
        })
    }

    fn each<'s>(
        rows: &'s mut [Element<'_, Message>],
        tree: &'s mut Tree,
        layout: Layout<'s>,
        mut visit: impl FnMut(&mut dyn Widget<Message, Theme, Renderer>, &mut Tree, Layout<'s>),
    ) {
        for ((row, tree), layout) in rows.iter_mut().zip(&mut tree.children).zip(layout.children()) {
            visit(row.as_widget_mut(), tree, layout);
        }
    }
}

impl<Key, Message> Widget<Message, Theme, Renderer> for VirtualList<'_, Key, Message>
where
    Key: Clone + Eq + Hash + 'static,
{
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State<Key>>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::<Key>::new(self.start))
    }

    fn diff(&self, _tree: &mut Tree) {
        // Rows are compared with those of the last frame when they are built, in `layout`.
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let size = limits.resolve(Length::Fill, Length::Fill, Size::ZERO);
        fill::fill(self, tree, renderer, size)
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        let bounds = layout.bounds();
        let state = tree.state.downcast_mut::<State<Key>>();
        operation.custom(self.id.as_ref(), bounds, state);
        let mut pull = Pull(None);
        operation.custom(self.id.as_ref(), bounds, &mut pull);
        match pull.0 {
            Some(Command::Bottom) => state.command(Command::Bottom),
            Some(Command::Pages(pages)) => state.command(Command::Pages(pages)),
            Some(Command::To { .. }) | None => {}
        }
        operation.scrollable(self.id.as_ref(), bounds, bounds, Vector::ZERO, state);
        operation.traverse(&mut |operation| {
            Self::each(&mut self.rows, tree, layout, |row, tree, layout| {
                row.operate(tree, layout, renderer, operation);
            });
        });
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
        let bounds = layout.bounds();
        let Some(clip) = bounds.intersection(viewport) else { return };
        let held = tree.state.downcast_ref::<State<Key>>().grab.is_some();
        let inner = if cursor.is_over(bounds) && !held { cursor } else { cursor.levitate() };
        Self::each(&mut self.rows, tree, layout, |row, tree, layout| {
            row.update(tree, event, layout, inner, renderer, clipboard, shell, &clip);
        });
        let mut moved = false;
        match event {
            Event::Window(window::Event::RedrawRequested(_)) => {
                moved = self.on_frame(tree, layout, renderer, shell);
            }
            Event::Keyboard(keyboard::Event::KeyPressed {
                key: keyboard::Key::Named(named),
                modifiers,
                ..
            }) if !shell.is_event_captured() && modifiers.is_empty() => {
                let inside = self.has_focus(tree, layout, renderer);
                if inside || cursor.is_over(bounds) {
                    let state = tree.state.downcast_mut::<State<Key>>();
                    moved = self.on_key(state, *named, inside);
                }
                if moved {
                    shell.capture_event();
                }
            }
            Event::Mouse(_) | Event::Touch(_) if !shell.is_event_captured() || held => {
                let state = tree.state.downcast_mut::<State<Key>>();
                moved = self.on_pointer(state, event, bounds, cursor);
                if moved {
                    shell.capture_event();
                }
            }
            _ => {}
        }
        if moved {
            shell.invalidate_layout();
            shell.request_redraw();
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        let Some(clip) = bounds.intersection(viewport) else { return };
        let state = tree.state.downcast_ref::<State<Key>>();
        let inner = if cursor.is_over(bounds) && state.grab.is_none() { cursor } else { cursor.levitate() };
        renderer.with_layer(clip, |renderer| {
            for ((row, tree), layout) in self.rows.iter().zip(&tree.children).zip(layout.children()) {
                if layout.bounds().intersects(&clip) {
                    row.as_widget().draw(tree, renderer, theme, style, layout, inner, &clip);
                }
            }
        });
        if let Some((top, height)) = state.thumb() {
            let rail = Rectangle { x: bounds.x + bounds.width - BAR, width: BAR, ..bounds };
            let held = state.grab.is_some() || cursor.is_over(rail);
            let bounds = Rectangle {
                x: rail.x + 2.0,
                y: bounds.y + top + 2.0,
                width: BAR - 4.0,
                height: (height - 4.0).max(1.0),
            };
            let border = Border::default().rounded(3.0);
            renderer.with_layer(clip, |renderer| {
                renderer.fill_quad(
                    renderer::Quad { bounds, border, ..renderer::Quad::default() },
                    Background::Color(style::scroller(theme, held)),
                );
            });
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        if !cursor.is_over(layout.bounds()) {
            return mouse::Interaction::None;
        }
        let rows = self.rows.iter().zip(&tree.children).zip(layout.children());
        rows.map(|((row, tree), layout)| {
            row.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
        })
        .max()
        .unwrap_or_default()
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        overlay::from_children(&mut self.rows, tree, layout, renderer, viewport, translation)
    }
}

impl<'a, Key, Message> From<VirtualList<'a, Key, Message>> for Element<'a, Message>
where
    Key: Clone + Eq + Hash + 'static,
    Message: 'a,
{
    fn from(list: VirtualList<'a, Key, Message>) -> Self {
        Element::new(list)
    }
}
