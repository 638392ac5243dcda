//! Drawing a text whose links have the accent of the theme, which is not known when the text is laid out.

use iced::advanced::Renderer as _;
use iced::advanced::renderer::Quad;
use iced::advanced::text::Renderer as _;
use iced::border::Radius;
use iced::{Background, Border, Color, Point, Rectangle, Renderer, Size, Vector};

use super::Paragraph;
use crate::theme::{Theme, style};

/// Letters may reach this far out of their text.
const OVERHANG: f32 = 4.0;

/// Draws the text, and `links` (each a rectangle a line, relative to the text) in the accent, underlined.
pub(super) fn draw(
    renderer: &mut Renderer,
    theme: &Theme,
    paragraph: &Paragraph,
    bounds: Rectangle,
    viewport: &Rectangle,
    ink: Color,
    links: &[Vec<Rectangle>],
) {
    let mut fill = |part: Rectangle, color: Color| {
        if let Some(clip) = part.intersection(viewport) {
            renderer.fill_paragraph(paragraph, bounds.position(), color, clip);
        }
    };
    let whole = Rectangle {
        x: bounds.x - OVERHANG,
        width: bounds.width + 2.0 * OVERHANG,
        height: bounds.height + OVERHANG,
        ..bounds
    };
    let mut places: Vec<Rectangle> =
        links.iter().flatten().map(|place| *place + (bounds.position() - Point::ORIGIN)).collect();
    places.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    // What is not a link, in strips: the lines above each line with links, and what is between them.
    let mut y = whole.y;
    let mut rest = places.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|place| (place.y - first.y).abs() < 0.5).count();
        let (line, after) = rest.split_at(count);
        fill(strip(whole.x, y, whole.x + whole.width, first.y), ink);
        let bottom = first.y + first.height;
        let mut x = whole.x;
        for place in line {
            fill(strip(x, first.y, place.x, bottom), ink);
            x = place.x + place.width;
        }
        fill(strip(x, first.y, whole.x + whole.width, bottom), ink);
        (y, rest) = (bottom, after);
    }
    fill(strip(whole.x, y, whole.x + whole.width, whole.y + whole.height), ink);
    let accent = theme.tokens().accent;
    for place in &places {
        fill(*place, accent);
    }
    for place in places.iter().filter(|place| place.intersects(viewport)) {
        let under = Rectangle { y: place.y + place.height - 3.0, height: 1.0, ..*place };
        renderer.fill_quad(Quad { bounds: under, ..Quad::default() }, Background::Color(accent));
    }
}

/// The ring of the keyboard around a link.
pub(super) fn ring(renderer: &mut Renderer, theme: &Theme, origin: Point, places: &[Rectangle]) {
    for place in places {
        let bounds = (*place + Vector::new(origin.x, origin.y)).expand(2.0);
        let border = Border { radius: Radius::from(4.0), ..style::focus_ring(theme, 0.0.into()) };
        renderer.fill_quad(Quad { bounds, border, ..Quad::default() }, Background::Color(Color::TRANSPARENT));
    }
}

fn strip(left: f32, top: f32, right: f32, bottom: f32) -> Rectangle {
    Rectangle::new(Point::new(left, top), Size::new((right - left).max(0.0), (bottom - top).max(0.0)))
}
