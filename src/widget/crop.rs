//! A square of a picture as others will see it: moved and sized by pointer, wheel and finger, and by arrows, + and −.

use iced::advanced::image::Renderer as _;
use iced::advanced::widget::operation::{Focusable, Operation};
use iced::advanced::widget::{self, Tree, tree};
use iced::advanced::{Clipboard, Layout, Renderer as _, Shell, Widget, image, layout, mouse, renderer};
use iced::keyboard::key::Named;
use iced::widget::image::Handle;
use iced::{
    Background, Border, Color, Event, Length, Point, Rectangle, Renderer, Size, Vector, keyboard, touch,
};

use super::access::{Node, Role, Usable};
use super::focus::Focus;
use crate::portrait::{Shift, Square};
use crate::theme::style::focus_ring;
use crate::theme::{Element, Theme, radius};

/// What a notch of the wheel makes of the side.
const STEP: f32 = 0.9;
/// So many pixels of a wheel that counts in pixels are a notch.
const NOTCH: f32 = 40.0;
/// The arrows move by this part of the side.
const PART: f32 = 1.0 / 16.0;

/// A picture of so many pixels, of which a square is shown, `side` logical pixels wide. What a person does to it comes as shifts.
pub(crate) fn crop<'a, Message: 'a>(
    id: &'static str,
    label: String,
    picture: (Handle, (u32, u32)),
    square: Square,
    side: f32,
    on_shift: impl Fn(Shift) -> Message + 'a,
) -> Element<'a, Message> {
    let node = Node { role: Role::Adjustable, label, usable: Usable::Now };
    let (handle, size) = picture;
    let on_shift = Box::new(on_shift);
    Element::new(Crop { id: id.into(), node, handle, size, square, side, on_shift })
}

struct Crop<'a, Message> {
    id: widget::Id,
    node: Node,
    handle: Handle,
    size: (u32, u32),
    square: Square,
    side: f32,
    on_shift: Box<dyn Fn(Shift) -> Message + 'a>,
}

struct State {
    focus: Focus,
    /// Where the pointer or finger was last, while it holds the picture.
    held: Option<Point>,
    /// What of its way is less than a pixel of the picture.
    rest: Vector,
}

impl Focusable for State {
    fn is_focused(&self) -> bool {
        self.focus != Focus::None
    }

    fn focus(&mut self) {
        self.focus = Focus::Keyboard;
    }

    fn unfocus(&mut self) {
        self.focus = Focus::None;
    }
}

impl<Message> Crop<'_, Message> {
    /// Logical pixels a pixel of the picture.
    fn scale(&self) -> f32 {
        self.side / self.square.side.max(1) as f32
    }

    fn hold(&self, state: &mut State, at: Option<Point>, shell: &mut Shell<'_, Message>) {
        match at {
            Some(at) => {
                *state = State { focus: Focus::Pointer, held: Some(at), rest: Vector::ZERO };
                shell.capture_event();
                shell.request_redraw();
            }
            None if state.focus != Focus::None => {
                state.focus = Focus::None;
                shell.request_redraw();
            }
            None => {}
        }
    }

    /// The picture goes with the pointer: the square the other way.
    fn drag(&self, state: &mut State, to: Point, shell: &mut Shell<'_, Message>) {
        let Some(from) = state.held.replace(to) else { return };
        let way = state.rest + (from - to) * (1.0 / self.scale());
        let whole = Vector::new(way.x.trunc(), way.y.trunc());
        state.rest = way - whole;
        shell.capture_event();
        if whole != Vector::ZERO {
            shell.publish((self.on_shift)(Shift::Move(whole.x as i32, whole.y as i32)));
        }
    }

    fn press(&self, key: &keyboard::Key, modifiers: keyboard::Modifiers, shell: &mut Shell<'_, Message>) {
        if modifiers.command() || modifiers.alt() {
            return;
        }
        let step = (self.square.side as f32 * PART).ceil() as i32;
        let shift = match key.as_ref() {
            keyboard::Key::Named(Named::ArrowLeft) => Shift::Move(-step, 0),
            keyboard::Key::Named(Named::ArrowRight) => Shift::Move(step, 0),
            keyboard::Key::Named(Named::ArrowUp) => Shift::Move(0, -step),
            keyboard::Key::Named(Named::ArrowDown) => Shift::Move(0, step),
            keyboard::Key::Character("+" | "=") => Shift::NEARER,
            keyboard::Key::Character("-" | "−") => Shift::FURTHER,
            _ => return,
        };
        shell.capture_event();
        shell.publish((self.on_shift)(shift));
    }

    fn turn(&self, delta: mouse::ScrollDelta, shell: &mut Shell<'_, Message>) {
        let notches = match delta {
            mouse::ScrollDelta::Lines { y, .. } => y,
            mouse::ScrollDelta::Pixels { y, .. } => y / NOTCH,
        };
        shell.capture_event();
        if notches.is_finite() && notches != 0.0 {
            shell.publish((self.on_shift)(Shift::Scale(STEP.powf(notches.clamp(-8.0, 8.0)))));
        }
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Crop<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State { focus: Focus::None, held: None, rest: Vector::ZERO })
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fixed(self.side), Length::Fixed(self.side))
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        layout::atomic(limits, self.side, self.side)
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        _renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        let (bounds, state) = (layout.bounds(), tree.state.downcast_mut::<State>());
        operation.custom(Some(&self.id), bounds, &mut self.node);
        operation.custom(None, bounds, &mut state.focus);
        operation.focusable(Some(&self.id), bounds, state);
        operation.text(Some(&self.id), bounds, &self.node.label);
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _renderer: &Renderer,
        _clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        _viewport: &Rectangle,
    ) {
        let (bounds, state) = (layout.bounds(), tree.state.downcast_mut::<State>());
        if shell.is_event_captured() {
            return;
        }
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
                self.hold(state, cursor.position_over(bounds), shell);
            }
            Event::Touch(touch::Event::FingerPressed { position, .. }) => {
                self.hold(state, bounds.contains(*position).then_some(*position), shell);
            }
            Event::Mouse(mouse::Event::CursorMoved { position })
            | Event::Touch(touch::Event::FingerMoved { position, .. })
                if state.held.is_some() =>
            {
                // Where it is scrolled, the cursor is elsewhere than the event says.
                let to = cursor.land().position().unwrap_or(*position);
                self.drag(state, to, shell);
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerLifted { .. } | touch::Event::FingerLost { .. }) => {
                state.held = None;
            }
            Event::Mouse(mouse::Event::WheelScrolled { delta }) if cursor.is_over(bounds) => {
                self.turn(*delta, shell);
            }
            Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, .. }) if state.is_focused() => {
                self.press(key, *modifiers, shell);
            }
            _ => {}
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        let (scale, t) = (self.scale(), theme.tokens());
        let whole = Rectangle {
            x: bounds.x - self.square.x as f32 * scale,
            y: bounds.y - self.square.y as f32 * scale,
            width: self.size.0 as f32 * scale,
            height: self.size.1 as f32 * scale,
        };
        let ring = |border| renderer::Quad { bounds, border, ..renderer::Quad::default() };
        let clear = Background::Color(Color::TRANSPARENT);
        if let Some(seen) = bounds.intersection(viewport) {
            renderer.with_layer(seen, |renderer| {
                renderer.fill_quad(ring(Border::default()), Background::Color(t.surface));
                renderer.draw_image(image::Image::new(self.handle.clone()), whole, bounds);
            });
            // Others see it round: what is outside of the ring, they don't, and it is dark here.
            renderer.with_layer(seen, |renderer| {
                // From the middle of a side to the corner, and a little more.
                let out = self.side * 0.21;
                let radius = (self.side / 2.0 + out).into();
                let border = Border { color: Color::BLACK.scale_alpha(0.5), width: out, radius };
                let corners =
                    renderer::Quad { bounds: bounds.expand(out), border, ..renderer::Quad::default() };
                renderer.fill_quad(corners, clear);
                for (color, width) in [(Color::BLACK.scale_alpha(0.5), 3.0), (Color::WHITE, 1.5)] {
                    let border = Border { color, width, radius: (self.side / 2.0).into() };
                    renderer.fill_quad(ring(border), clear);
                }
            });
        }
        if tree.state.downcast_ref::<State>().focus == Focus::Keyboard {
            let border = focus_ring(theme, radius::CONTROL.into());
            let around = renderer::Quad { bounds: bounds.expand(3.0), border, ..renderer::Quad::default() };
            renderer.fill_quad(around, clear);
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        if tree.state.downcast_ref::<State>().held.is_some() {
            mouse::Interaction::Grabbing
        } else if cursor.is_over(layout.bounds()) {
            mouse::Interaction::Grab
        } else {
            mouse::Interaction::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widget::focus;
    use crate::widget::harness::Harness;

    fn view<'a>() -> Element<'a, Shift> {
        let handle = Handle::from_rgba(4, 2, vec![0x80; 32]);
        let square = Square { x: 100, y: 0, side: 320 };
        focus::scope(crop("crop", "Your picture".to_owned(), (handle, (640, 320)), square, 160.0, |shift| {
            shift
        }))
    }

    #[test]
    fn the_picture_goes_with_the_pointer() {
        let mut ui = Harness::new((300.0, 300.0), view());
        ui.fail_if_unlabelled();
        let press = |button| Event::Mouse(button);
        ui.point(Point::new(80.0, 80.0));
        ui.send([press(mouse::Event::ButtonPressed(mouse::Button::Left))]);
        ui.point(Point::new(60.0, 85.0));
        ui.point(Point::new(280.0, 85.0));
        ui.send([press(mouse::Event::ButtonReleased(mouse::Button::Left))]);
        ui.point(Point::new(10.0, 10.0));
        assert_eq!(ui.messages(), [Shift::Move(40, -10), Shift::Move(-440, 0)]);
        assert_eq!(ui.focused().as_deref(), Some("Your picture"));
    }

    #[test]
    fn the_wheel_sizes_it_where_the_pointer_is_over_it() {
        let mut ui = Harness::new((300.0, 300.0), view());
        ui.point(Point::new(200.0, 200.0));
        ui.wheel(-40.0);
        assert_eq!(ui.messages(), []);
        ui.point(Point::new(80.0, 80.0));
        ui.wheel(40.0);
        ui.wheel(-40.0);
        assert_eq!(ui.messages(), [Shift::NEARER, Shift::FURTHER]);
    }

    #[test]
    fn the_keyboard_moves_and_sizes_it_once_it_is_there() {
        let mut ui = Harness::new((300.0, 300.0), view());
        ui.key(Named::ArrowLeft);
        assert_eq!(ui.messages(), [], "the focus is elsewhere");
        ui.key(Named::Tab);
        for key in [Named::ArrowLeft, Named::ArrowRight, Named::ArrowUp, Named::ArrowDown] {
            ui.key(key);
        }
        for letter in ["+", "-"] {
            ui.key_with(keyboard::Key::Character(letter.into()), keyboard::Modifiers::empty());
        }
        // That is the whole window's.
        ui.key_with(keyboard::Key::Character("+".into()), keyboard::Modifiers::COMMAND);
        let moves = [(-20, 0), (20, 0), (0, -20), (0, 20)].map(|(x, y)| Shift::Move(x, y));
        let sizes = [Shift::NEARER, Shift::FURTHER];
        assert_eq!(ui.messages(), [&moves[..], &sizes].concat());
    }
}
