//! A window without a screen, for tests: one interface that keeps its state while its view changes.

use std::path::Path;
use std::sync::Once;
use std::time::Instant;

use iced::advanced::clipboard;
use iced::advanced::renderer::{Headless, Style};
use iced::advanced::widget::operation::{Operation, Outcome};
use iced::keyboard::key::{Named, NativeCode, Physical};
use iced::keyboard::{Key, Location, Modifiers};
use iced::theme::Base;
use iced::{Event, Pixels, Point, Rectangle, Renderer, Size, Task, keyboard, mouse, window};
use iced_test::futures::futures::StreamExt as _;
use iced_test::futures::futures::executor::block_on;
use iced_test::runtime::task::into_stream;
use iced_test::runtime::user_interface::{Cache, State};
use iced_test::runtime::{Action, UserInterface};

use super::access::{Audit, Found};
use crate::theme::{self, Element, Theme};

/// A window of a size, with what is on it.
pub(crate) struct Harness<'a, Message> {
    ui: Option<UserInterface<'a, Message, Theme, Renderer>>,
    renderer: Renderer,
    size: Size,
    cursor: mouse::Cursor,
    messages: Vec<Message>,
}

impl<'a, Message: 'a> Harness<'a, Message> {
    /// Opens a window. The bundled fonts are the only ones it needs.
    pub(crate) fn new(size: impl Into<Size>, view: impl Into<Element<'a, Message>>) -> Self {
        load_fonts();
        let size = size.into();
        let backend = Some("tiny-skia");
        let mut renderer =
            block_on(<Renderer as Headless>::new(theme::TEXT, Pixels(theme::size::BODY), backend)).unwrap();
        let ui = UserInterface::build(view, size, Cache::default(), &mut renderer);
        let mut harness =
            Self { ui: Some(ui), renderer, size, cursor: mouse::Cursor::Unavailable, messages: Vec::new() };
        harness.frame();
        harness
    }

    /// Shows another view; what has state keeps it.
    pub(crate) fn show(&mut self, view: impl Into<Element<'a, Message>>) {
        let cache = self.ui.take().map(UserInterface::into_cache).unwrap_or_default();
        self.ui = Some(UserInterface::build(view, self.size, cache, &mut self.renderer));
        self.frame();
    }

    /// Lets go of what is shown, so that it can change. What has state keeps it.
    pub(crate) fn pause(self) -> Paused {
        let cache = self.ui.map(UserInterface::into_cache).unwrap_or_default();
        Paused { cache, renderer: self.renderer, size: self.size, cursor: self.cursor }
    }

    /// Gives the window another size.
    pub(crate) fn resize(&mut self, size: impl Into<Size>) {
        self.size = size.into();
        if let Some(ui) = self.ui.take() {
            self.ui = Some(ui.relayout(self.size, &mut self.renderer));
        }
        self.frame();
    }

    /// Draws a frame.
    pub(crate) fn frame(&mut self) {
        self.send([Event::Window(window::Event::RedrawRequested(Instant::now()))]);
    }

    /// Draws a frame at a time, and says when the next one is wanted.
    pub(crate) fn frame_at(&mut self, now: Instant) -> window::RedrawRequest {
        let frame = [Event::Window(window::Event::RedrawRequested(now))];
        let Some(ui) = &mut self.ui else { return window::RedrawRequest::Wait };
        let (state, _) =
            ui.update(&frame, self.cursor, &mut self.renderer, &mut clipboard::Null, &mut self.messages);
        match state {
            State::Updated { redraw_request, .. } => redraw_request,
            State::Outdated => window::RedrawRequest::NextFrame,
        }
    }

    /// Lets events happen, each followed by nothing.
    pub(crate) fn send(&mut self, events: impl IntoIterator<Item = Event>) {
        let events: Vec<Event> = events.into_iter().collect();
        if let Some(ui) = &mut self.ui {
            ui.update(&events, self.cursor, &mut self.renderer, &mut clipboard::Null, &mut self.messages);
        }
    }

    /// Runs an operation over the widgets, and draws a frame.
    pub(crate) fn operate(&mut self, operation: &mut dyn Operation) {
        if let Some(ui) = &mut self.ui {
            ui.operate(&self.renderer, operation);
        }
        // What an operation moved is laid out anew.
        self.resize(self.size);
    }

    /// Does what a task asks of the widgets: to move the focus, to scroll.
    pub(crate) fn perform<T: Send + 'static>(&mut self, task: Task<T>) {
        let Some(mut actions) = into_stream(task) else { return };
        while let Some(action) = block_on(actions.next()) {
            let Action::Widget(operation) = action else { continue };
            let mut next = Some(operation);
            while let Some(mut operation) = next.take() {
                self.operate(operation.as_mut());
                if let Outcome::Chain(more) = operation.finish() {
                    next = Some(more);
                }
            }
        }
    }

    /// Presses and releases a key, and draws a frame.
    pub(crate) fn key(&mut self, key: Named) {
        self.key_with(Key::Named(key), Modifiers::empty());
    }

    /// The same with modifiers.
    pub(crate) fn key_with(&mut self, key: Key, modifiers: Modifiers) {
        let text = match (&key, modifiers.is_empty()) {
            (Key::Named(Named::Space), true) => Some(" ".into()),
            (Key::Character(text), _) if !modifiers.command() => Some(text.clone()),
            _ => None,
        };
        self.send([
            Event::Keyboard(keyboard::Event::ModifiersChanged(modifiers)),
            Event::Keyboard(keyboard::Event::KeyPressed {
                key: key.clone(),
                modified_key: key.clone(),
                physical_key: Physical::Unidentified(NativeCode::Unidentified),
                location: Location::Standard,
                modifiers,
                text,
                repeat: false,
            }),
        ]);
        self.frame();
    }

    /// Moves the pointer.
    pub(crate) fn point(&mut self, at: Point) {
        self.cursor = mouse::Cursor::Available(at);
        self.send([Event::Mouse(mouse::Event::CursorMoved { position: at })]);
        self.frame();
    }

    /// Presses and releases the left button somewhere.
    pub(crate) fn click_at(&mut self, at: Point) {
        self.point(at);
        self.send([
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)),
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)),
        ]);
        self.frame();
    }

    /// Clicks the control with this label.
    pub(crate) fn click(&mut self, label: &str) {
        let found = self.audit();
        let Some(target) = found.iter().find(|found| found.label() == label) else {
            panic!(
                "nothing is called {label:?}; there are {:?}",
                found.iter().map(Found::label).collect::<Vec<_>>()
            );
        };
        self.click_at(target.bounds.center());
    }

    /// Turns the wheel, in pixels: down is negative.
    pub(crate) fn wheel(&mut self, pixels: f32) {
        let delta = mouse::ScrollDelta::Pixels { x: 0.0, y: pixels };
        self.send([Event::Mouse(mouse::Event::WheelScrolled { delta })]);
        self.frame();
    }

    /// Everything with a role, in order.
    pub(crate) fn audit(&mut self) -> Vec<Found> {
        let mut audit = Audit::default();
        if let Some(ui) = &mut self.ui {
            ui.operate(&self.renderer, &mut audit);
        }
        audit.into_found()
    }

    /// The label of what the keyboard is on.
    pub(crate) fn focused(&mut self) -> Option<String> {
        self.audit().into_iter().find(|found| found.focused).map(|found| found.label().to_owned())
    }

    /// Whether the whole height of what has the keyboard is seen, in the first scrolled area that it is in.
    pub(crate) fn sees_focus(&mut self) -> bool {
        #[derive(Default)]
        struct Areas(Vec<(Rectangle, Rectangle, f32)>);
        impl Operation for Areas {
            fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
                operate(self);
            }
            fn scrollable(
                &mut self,
                _id: Option<&iced::advanced::widget::Id>,
                bounds: Rectangle,
                content: Rectangle,
                translation: iced::Vector,
                _state: &mut dyn iced::advanced::widget::operation::Scrollable,
            ) {
                self.0.push((bounds, content, translation.y));
            }
        }
        let mut areas = Areas::default();
        if let Some(ui) = &mut self.ui {
            ui.operate(&self.renderer, &mut areas);
        }
        let Some(focused) = self.audit().into_iter().find(|found| found.focused) else { return false };
        let around = areas.0.iter().find(|(_, content, _)| content.contains(focused.bounds.center()));
        around.is_none_or(|(bounds, _, down)| {
            let (top, bottom) = (focused.bounds.y - down, focused.bounds.y + focused.bounds.height - down);
            top >= bounds.y && bottom <= bounds.y + bounds.height
        })
    }

    /// How far down the first scrolled area is, in logical pixels.
    pub(crate) fn scrolled(&mut self) -> f32 {
        #[derive(Default)]
        struct First(Option<f32>);
        impl Operation for First {
            fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
                operate(self);
            }
            fn scrollable(
                &mut self,
                _id: Option<&iced::advanced::widget::Id>,
                _bounds: Rectangle,
                _content: Rectangle,
                translation: iced::Vector,
                _state: &mut dyn iced::advanced::widget::operation::Scrollable,
            ) {
                self.0.get_or_insert(translation.y);
            }
        }
        let mut first = First::default();
        if let Some(ui) = &mut self.ui {
            ui.operate(&self.renderer, &mut first);
        }
        first.0.unwrap_or_default()
    }

    /// Fails on a control that has no label or that the keyboard can't reach.
    pub(crate) fn fail_if_unlabelled(&mut self) {
        let faults = Audit::faults(&self.audit());
        assert!(faults.is_empty(), "{faults:#?}");
    }

    /// All texts that are shown, with where they are.
    pub(crate) fn texts(&mut self) -> Vec<(String, Rectangle)> {
        #[derive(Default)]
        struct Texts(Vec<(String, Rectangle)>);
        impl Operation for Texts {
            fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
                operate(self);
            }
            fn text(&mut self, _id: Option<&iced::advanced::widget::Id>, bounds: Rectangle, text: &str) {
                self.0.push((text.to_owned(), bounds));
            }
        }
        let mut texts = Texts::default();
        if let Some(ui) = &mut self.ui {
            ui.operate(&self.renderer, &mut texts);
        }
        texts.0
    }

    /// What was said since the last time this was asked.
    pub(crate) fn messages(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.messages)
    }

    /// Writes a picture of the window (PNG, two pixels a logical one).
    pub(crate) fn picture(&mut self, theme: &Theme, path: impl AsRef<Path>) {
        self.frame();
        let base = theme.base();
        if let Some(ui) = &mut self.ui {
            ui.draw(&mut self.renderer, theme, &Style { text_color: base.text_color }, self.cursor);
        }
        let pixels = Size::new((self.size.width * 2.0) as u32, (self.size.height * 2.0) as u32);
        let rgba = self.renderer.screenshot(pixels, 2.0, base.background_color);
        image::RgbaImage::from_raw(pixels.width, pixels.height, rgba).unwrap().save(path).unwrap();
    }
}

/// A window that shows nothing for a moment.
pub(crate) struct Paused {
    cache: Cache,
    renderer: Renderer,
    size: Size,
    cursor: mouse::Cursor,
}

impl Paused {
    /// Shows that, with the state of what was shown before.
    pub(crate) fn show<'a, Message: 'a>(self, view: impl Into<Element<'a, Message>>) -> Harness<'a, Message> {
        let Self { cache, mut renderer, size, cursor } = self;
        let ui = UserInterface::build(view, size, cache, &mut renderer);
        let mut harness = Harness { ui: Some(ui), renderer, size, cursor, messages: Vec::new() };
        harness.frame();
        harness
    }
}

/// Loads the bundled fonts once a process.
fn load_fonts() {
    static LOADED: Once = Once::new();
    LOADED.call_once(|| {
        let mut system = iced_test::renderer::graphics::text::font_system().write().unwrap();
        for font in theme::fonts() {
            system.load_font(font);
        }
    });
}
