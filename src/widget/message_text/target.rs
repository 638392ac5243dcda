//! The words beside a link that say where it leads.

use iced::advanced::overlay::{self, Overlay};
use iced::advanced::renderer::{Quad, Style};
use iced::advanced::text::{self, LineHeight, Paragraph as _, Renderer as _, Shaping, Wrapping};
use iced::advanced::{Layout, Renderer as _, layout, mouse};
use iced::{Background, Color, Pixels, Point, Rectangle, Renderer, Size, alignment};

use super::Paragraph;
use crate::theme::{self, Theme, size, space, style};

/// The widest it gets.
const WIDEST: f32 = 420.0;
/// As much of a target as is shown at its beginning, in characters: the host is there.
const LONGEST: usize = 240;

/// Shows `target` below the place of its link.
pub(super) fn overlay<'a, Message>(
    target: &str,
    place: Rectangle,
) -> overlay::Element<'a, Message, Theme, Renderer> {
    let mut words: String = target.chars().take(LONGEST).collect();
    if words.len() < target.len() {
        words.push('…');
    }
    overlay::Element::new(Box::new(Target { words, place }))
}

struct Target {
    words: String,
    place: Rectangle,
}

impl Target {
    fn text<Content>(content: Content, bounds: Size) -> text::Text<Content> {
        text::Text {
            content,
            bounds,
            size: Pixels(size::META),
            line_height: LineHeight::Relative(theme::LINE_HEIGHT),
            font: theme::TEXT,
            align_x: text::Alignment::Default,
            align_y: alignment::Vertical::Top,
            shaping: Shaping::Advanced,
            wrapping: Wrapping::WordOrGlyph,
        }
    }
}

impl<Message> Overlay<Message, Theme, Renderer> for Target {
    fn layout(&mut self, _renderer: &Renderer, bounds: Size) -> layout::Node {
        let room = (bounds.width - 4.0 * space::S).clamp(1.0, WIDEST);
        let words = Target::text(self.words.as_str(), Size::new(room, f32::INFINITY));
        let text = Paragraph::with_text(words).min_bounds();
        let size = Size::new(text.width + 2.0 * space::S, text.height + 2.0 * space::XS);
        let under = self.place.y + self.place.height + space::XS;
        let y =
            if under + size.height <= bounds.height { under } else { self.place.y - size.height - space::XS };
        let x = self.place.x.min(bounds.width - size.width - space::S).max(space::S);
        layout::Node::new(size).move_to(Point::new(x, y.max(0.0)))
    }

    fn draw(
        &self,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
    ) {
        let (bounds, look) = (layout.bounds(), style::tooltip(theme));
        renderer.fill_quad(
            Quad { bounds, border: look.border, ..Quad::default() },
            look.background.unwrap_or(Background::Color(Color::TRANSPARENT)),
        );
        // The words go with the picture: this overlay is gone before they are drawn, and a paragraph would be with it. A
        // little more width than was measured, so that rounding does not break the last word off.
        let room = Size::new(bounds.width - 2.0 * space::S + 1.0, bounds.height);
        let at = bounds.position() + iced::Vector::new(space::S, space::XS);
        renderer.fill_text(Self::text(self.words.clone(), room), at, theme.tokens().on_tooltip, bounds);
    }
}
