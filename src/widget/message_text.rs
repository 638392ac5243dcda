//! The text of a message: links that can be pressed and say where they lead, emoji in colour, and nothing in it that could
//! spoil what is around it.
//!
//! Long because what is measured, drawn, hovered and read aloud is the same paragraph.

mod clean;
mod draw;
mod ellipsis;
mod links;
mod target;

use iced::advanced::text::{self, LineHeight, Paragraph as _, Shaping, Span, Wrapping};
use iced::advanced::widget::operation::{Focusable, Operation};
use iced::advanced::widget::{Tree, tree};
use iced::advanced::{Clipboard, Layout, Shell, Widget, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::widget::column;
use iced::{Event, Font, Length, Pixels, Rectangle, Renderer, Size, Vector, alignment, keyboard};
use unicode_segmentation::UnicodeSegmentation;

use super::access::{Node, Role, Usable};
use super::button::link_button;
use super::emoji::{self, Kind};
use crate::theme::{self, EMOJI, Element, Theme, size};
use links::Link;

pub(crate) use links::links;

type Paragraph = <Renderer as text::Renderer>::Paragraph;

/// At most so many bytes are shown until the person asks for more: shaping takes 0.7 ms a kilobyte.
const FIRST: usize = 10_000;
/// At most so many bytes are shown at all.
const MOST: usize = 200_000;
/// At most so many emoji alone are shown large.
const LARGE: usize = 8;
/// What is between two emoji.
const HAIR_SPACE: &str = "\u{200A}";

/// The text of a message. See [`message_text`].
pub(crate) struct MessageText<'a, Message> {
    source: std::borrow::Cow<'a, str>,
    font: Font,
    size: f32,
    color: Option<fn(&theme::Tokens) -> iced::Color>,
    wrapping: Wrapping,
    align: text::Alignment,
    on_link: Option<Box<dyn Fn(String) -> Message + 'a>>,
    more: Option<(String, Message)>,
    most: usize,
}

/// The text of a message, as it was received. Emoji alone are large.
pub(crate) fn message_text<'a, Message>(
    text: impl Into<std::borrow::Cow<'a, str>>,
) -> MessageText<'a, Message> {
    let source = text.into();
    let few = source.len() <= 1_000 && emoji::only_emoji(&source).is_some_and(|count| count <= LARGE);
    MessageText {
        source,
        font: theme::TEXT,
        size: if few { size::DISPLAY } else { size::BODY },
        color: None,
        wrapping: Wrapping::WordOrGlyph,
        align: text::Alignment::Default,
        on_link: None,
        more: None,
        most: FIRST,
    }
}

/// A single line that stands for a text: a name, or the last message in a list. Line breaks become spaces, and what has
/// no room becomes an ellipsis.
pub(crate) fn line<'a, Message>(text: &str, letters: f32) -> MessageText<'a, Message> {
    let joined = text.chars().take(400).map(|c| if c.is_whitespace() { ' ' } else { c }).collect::<String>();
    MessageText { size: letters, wrapping: Wrapping::None, ..message_text(joined) }
}

/// Words of the program with a name in them, over as many lines as they need: names have emoji.
pub(crate) fn told<'a, Message>(text: String, letters: f32) -> MessageText<'a, Message> {
    MessageText { size: letters, ..message_text(text) }
}

impl<'a, Message> MessageText<'a, Message> {
    /// What pressing a link says: its target, of scheme `https`, `http`, `xmpp` or `mailto`. Without it there are no
    /// links.
    pub(crate) fn on_link(mut self, message: impl Fn(String) -> Message + 'a) -> Self {
        self.on_link = Some(Box::new(message));
        self
    }

    /// Slanted: a `/me`, a hint.
    pub(crate) fn italic(mut self) -> Self {
        self.font = theme::ITALIC;
        self
    }

    /// In another face.
    pub(crate) fn font(mut self, font: Font) -> Self {
        self.font = font;
        self
    }

    /// Its lines in the middle.
    pub(crate) fn centred(mut self) -> Self {
        self.align = text::Alignment::Center;
        self
    }

    /// In a colour of the theme, as in `.color(|tokens| tokens.muted)`; else in that of the text around it.
    pub(crate) fn color(mut self, color: fn(&theme::Tokens) -> iced::Color) -> Self {
        self.color = Some(color);
        self
    }

    /// The words of the link below a text that is too long to be shown whole, and what pressing it says.
    pub(crate) fn on_more(mut self, label: impl Into<String>, message: Message) -> Self {
        self.more = Some((label.into(), message));
        self
    }

    /// Shows a long text whole, as far as that is sensible.
    pub(crate) fn whole(mut self) -> Self {
        self.most = MOST;
        self
    }
}

impl<'a, Message: Clone + 'a> From<MessageText<'a, Message>> for Element<'a, Message> {
    fn from(mut text: MessageText<'a, Message>) -> Self {
        let more = text.more.take();
        let (shown, cut) = clean::beginning(&text.source, text.most);
        let clean = clean::clean(shown);
        let content = Element::new(Content::new(text, clean, cut));
        match more.filter(|_| cut) {
            Some((label, message)) => column![content, link_button(label, Some(message))].into(),
            None => content,
        }
    }
}

/// The widget itself.
struct Content<'a, Message> {
    plain: String,
    spans: Vec<Span<'static, usize, Font>>,
    links: Vec<Link>,
    font: Font,
    size: f32,
    color: Option<fn(&theme::Tokens) -> iced::Color>,
    wrapping: Wrapping,
    align: text::Alignment,
    on_link: Option<Box<dyn Fn(String) -> Message + 'a>>,
}

impl<'a, Message> Content<'a, Message> {
    fn new(text: MessageText<'a, Message>, mut plain: String, cut: bool) -> Self {
        let links = if text.on_link.is_some() { links(&plain) } else { Vec::new() };
        let mut spans = Vec::new();
        let mut from = 0;
        for (number, link) in links.iter().enumerate() {
            push(&mut spans, plain.get(from..link.range.start), None);
            push(&mut spans, link.shown.as_deref().or_else(|| plain.get(link.range.clone())), Some(number));
            from = link.range.end;
        }
        push(&mut spans, plain.get(from..), None);
        if cut {
            plain.push('…');
            spans.push(Span::new("…"));
        }
        Self {
            plain,
            spans,
            links,
            font: text.font,
            size: text.size,
            color: text.color,
            wrapping: text.wrapping,
            align: text.align,
            on_link: text.on_link,
        }
    }

    fn paragraph(&self, bounds: Size) -> text::Text<&[Span<'static, usize, Font>], Font> {
        text::Text {
            content: &self.spans,
            bounds,
            size: Pixels(self.size),
            line_height: LineHeight::Relative(theme::LINE_HEIGHT),
            font: self.font,
            align_x: self.align,
            align_y: alignment::Vertical::Top,
            shaping: Shaping::Advanced,
            wrapping: self.wrapping,
        }
    }

    /// Lays the text out, as far as it is not what it was.
    fn shape(&self, state: &mut State, bounds: Size) {
        let text = self.paragraph(bounds);
        let same = state.spans == self.spans;
        match state.paragraph.compare(text.with_content(())) {
            text::Difference::None if same => {}
            text::Difference::Bounds if same => state.paragraph.resize(text.bounds),
            _ => {
                state.paragraph = Paragraph::with_spans(text);
                state.spans.clone_from(&self.spans);
            }
        }
    }

    /// Where a link is, a rectangle a line, relative to the text.
    fn regions(&self, state: &State, link: usize) -> Vec<Rectangle> {
        let of_link = self.spans.iter().enumerate().filter(|(_, span)| span.link == Some(link));
        of_link.flat_map(|(number, _)| state.paragraph.span_bounds(number)).collect()
    }

    /// Whether the text shows all of where a link leads, so that there is nothing to add.
    fn is_plain(&self, link: &Link) -> bool {
        let written = self.plain.get(link.range.clone()).unwrap_or_default();
        link.shown.is_none() && written.trim_end_matches('/') == link.target.trim_end_matches('/')
    }

    fn open(&self, link: usize, shell: &mut Shell<'_, Message>) {
        if let (Some(message), Some(link)) = (&self.on_link, self.links.get(link)) {
            shell.publish(message(link.target.clone()));
        }
    }
}

/// Adds a part of the text, emoji in their font. Its pictures have no space around them: side by side each gets a little.
fn push(spans: &mut Vec<Span<'static, usize, Font>>, text: Option<&str>, link: Option<usize>) {
    let text = text.unwrap_or_default();
    for (range, kind) in emoji::runs(text) {
        let Some(part) = text.get(range) else { continue };
        if kind == Kind::Text {
            spans.push(Span::new(part.to_owned()).link_maybe(link));
            continue;
        }
        for (number, picture) in part.graphemes(true).enumerate() {
            if number > 0 {
                spans.push(Span::new(HAIR_SPACE).link_maybe(link));
            }
            spans.push(Span::new(picture.to_owned()).link_maybe(link).font(EMOJI));
        }
    }
}

/// Whether the keyboard is on a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Focus(bool);

impl Focusable for Focus {
    fn is_focused(&self) -> bool {
        self.0
    }

    fn focus(&mut self) {
        self.0 = true;
    }

    fn unfocus(&mut self) {
        self.0 = false;
    }
}

#[derive(Default)]
struct State {
    paragraph: Paragraph,
    spans: Vec<Span<'static, usize, Font>>,
    focus: Vec<Focus>,
    hovered: Option<usize>,
    pressed: Option<usize>,
    shortened: Option<ellipsis::Shortened>,
}

impl State {
    fn focused(&self) -> Option<usize> {
        self.focus.iter().position(|focus| focus.0)
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Content<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn diff(&self, tree: &mut Tree) {
        let state = tree.state.downcast_mut::<State>();
        state.focus.resize(self.links.len(), Focus::default());
        state.hovered = state.hovered.filter(|link| *link < self.links.len());
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Shrink, Length::Shrink)
    }

    fn layout(&mut self, tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let state = tree.state.downcast_mut::<State>();
        state.focus.resize(self.links.len(), Focus::default());
        layout::sized(limits, Length::Shrink, Length::Shrink, |limits| {
            if self.wrapping == Wrapping::None {
                self.shorten(state, limits.max().width);
            }
            self.shape(state, limits.max());
            state.paragraph.min_bounds()
        })
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        _renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        operation.text(None, layout.bounds(), &self.plain);
        let state = tree.state.downcast_mut::<State>();
        for (number, link) in self.links.iter().enumerate() {
            let first = self.regions(state, number).first().copied().unwrap_or_default();
            let bounds = first + (layout.position() - iced::Point::ORIGIN);
            let mut node = Node { role: Role::Link, label: link.target.clone(), usable: Usable::Now };
            operation.custom(None, bounds, &mut node);
            if let Some(focus) = state.focus.get_mut(number) {
                operation.focusable(None, bounds, focus);
            }
        }
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
        if self.links.is_empty() {
            return;
        }
        let state = tree.state.downcast_mut::<State>();
        let over = cursor.position_in(layout.bounds()).and_then(|at| state.paragraph.hit_span(at));
        let hovered = over.and_then(|span| self.spans.get(span)?.link);
        if hovered != state.hovered {
            state.hovered = hovered;
            shell.request_redraw();
        }
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(button)) => {
                if state.focused().is_some() {
                    state.focus.fill(Focus::default());
                    shell.request_redraw();
                }
                if *button == mouse::Button::Left && hovered.is_some() {
                    state.pressed = hovered;
                    shell.capture_event();
                }
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
                if let Some(pressed) = state.pressed.take().filter(|pressed| Some(*pressed) == hovered) {
                    self.open(pressed, shell);
                    shell.capture_event();
                }
            }
            Event::Keyboard(keyboard::Event::KeyPressed {
                key: keyboard::Key::Named(Named::Enter),
                repeat: false,
                ..
            }) => {
                if let Some(focused) = state.focused() {
                    self.open(focused, shell);
                    shell.capture_event();
                }
            }
            _ => {}
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
        let state = tree.state.downcast_ref::<State>();
        let ink = self.color.map_or(style.text_color, |color| color(theme.tokens()));
        let regions: Vec<Vec<Rectangle>> =
            (0..self.links.len()).map(|link| self.regions(state, link)).collect();
        draw::draw(renderer, theme, &state.paragraph, layout.bounds(), viewport, ink, &regions);
        if let Some(regions) = state.focused().and_then(|link| regions.get(link)) {
            draw::ring(renderer, theme, layout.position(), regions);
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        _layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        match tree.state.downcast_ref::<State>().hovered {
            Some(_) => mouse::Interaction::Pointer,
            None => mouse::Interaction::None,
        }
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        _renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        let state = tree.state.downcast_ref::<State>();
        let number = state.hovered.or_else(|| state.focused())?;
        let region = *self.regions(state, number).last()?;
        let below = region + (layout.position() - iced::Point::ORIGIN);
        if !below.intersects(viewport) {
            return None;
        }
        let link = self.links.get(number).filter(|link| !self.is_plain(link))?;
        Some(target::overlay(&link.target, below + translation))
    }
}

#[cfg(test)]
mod tests;
