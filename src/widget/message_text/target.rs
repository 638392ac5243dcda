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
    overlay::Element::new(Box::new(Target { words, place, paragraph: Paragraph::default() }))
}

struct Target {
    words: String,
    place: Rectangle,
    paragraph: Paragraph,
}

impl<Message> Overlay<Message, Theme, Renderer> for Target {
    fn layout(&mut self, _renderer: &Renderer, bounds: Size) -> layout::Node {
        let room = (bounds.width - 4.0 * space::S).clamp(1.0, WIDEST);
        self.paragraph = Paragraph::with_text(text::Text {
            content: self.words.as_str(),
            bounds: Size::new(room, f32::INFINITY),
            size: Pixels(size::META),
            line_height: LineHeight::Relative(theme::LINE_HEIGHT),
            font: theme::TEXT,
            align_x: text::Alignment::Default,
            align_y: alignment::Vertical::Top,
            shaping: Shaping::Advanced,
            wrapping: Wrapping::WordOrGlyph,
        });
        let text = self.paragraph.min_bounds();
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
        let at = bounds.position() + iced::Vector::new(space::S, space::XS);
        renderer.fill_paragraph(&self.paragraph, at, theme.tokens().on_tooltip, bounds);
    }
}
