//! People: their picture or initials, and how available they are.

use iced::advanced::widget::Tree;
use iced::advanced::{Layout, Renderer as _, Widget, layout, mouse, renderer};
use iced::widget::image::{self, Handle};
use iced::widget::{Stack, container, text};
use iced::{Background, Border, Color, Length, Rectangle, Renderer, Size, alignment};
use unicode_segmentation::UnicodeSegmentation;

use super::emoji;
use crate::theme::{EMOJI, Element, STRONG, Theme, colour};

/// How available somebody is. Each has a shape of its own, so that the colour is not all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Availability {
    /// There: a disc.
    Online,
    /// Away: a crescent.
    Away,
    /// Away for long: a thinner crescent, in the colour of hints.
    LongAway,
    /// Does not want to be disturbed: a disc with a bar.
    Busy,
}

/// A person's picture, or their initials on the colour of their address (XEP-0392); round, `side` pixels wide. The picture
/// is round already: not every renderer can cut.
pub(crate) fn avatar<'a, Message: 'a>(
    address: &str,
    name: &str,
    picture: Option<Handle>,
    side: f32,
) -> Element<'a, Message> {
    if let Some(handle) = picture {
        return image::Image::new(handle).width(side).height(side).into();
    }
    let initials = initials(name);
    let emoji = emoji::only_emoji(&initials).is_some();
    let address = address.to_owned();
    let letters = text(initials)
        .size((side * 0.4).round())
        .line_height(1.0)
        .font(if emoji { EMOJI } else { STRONG })
        .wrapping(text::Wrapping::None);
    container(letters)
        .center(side)
        .clip(true)
        .style(move |theme: &Theme| container::Style {
            text_color: Some(colour::on_address_color(theme.tone())),
            background: Some(colour::address_color(&address, theme.tone()).into()),
            border: Border { radius: (side / 2.0).into(), ..Border::default() },
            ..container::Style::default()
        })
        .into()
}

/// An [`avatar`] with how available the person is at its lower right.
pub(crate) fn avatar_with_dot<'a, Message: 'a>(
    avatar: Element<'a, Message>,
    availability: Availability,
    side: f32,
) -> Element<'a, Message> {
    let dot = container(status_dot((side * 0.3).round().max(10.0), availability))
        .width(side)
        .height(side)
        .align_x(alignment::Horizontal::Right)
        .align_y(alignment::Vertical::Bottom);
    Stack::with_children([avatar, dot.into()]).width(side).height(side).into()
}

/// The sign of an availability, `side` pixels wide, with a rim of the paper around it.
pub(crate) fn status_dot<'a, Message: 'a>(side: f32, availability: Availability) -> Element<'a, Message> {
    Element::new(Dot { side, availability })
}

/// The first letters of the first and the last word of a name, at most two; of a name without letters its first sign.
fn initials(name: &str) -> String {
    let first = |word: &str| {
        word.graphemes(true).find(|g| g.chars().any(char::is_alphanumeric)).map(str::to_uppercase)
    };
    let mut words = name.split([' ', '.', '-', '_', '@']).filter_map(first);
    let one = words.next();
    match (one, words.next_back()) {
        (Some(one), Some(two)) if !name.contains('@') => format!("{one}{two}"),
        (Some(one), _) => one,
        (None, _) => name.trim().graphemes(true).next().unwrap_or("?").to_owned(),
    }
}

struct Dot {
    side: f32,
    availability: Availability,
}

impl<Message> Widget<Message, Theme, Renderer> for Dot {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fixed(self.side), Length::Fixed(self.side))
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        layout::atomic(limits, self.side, self.side)
    }

    fn draw(
        &self,
        _tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
        let t = theme.tokens();
        let bounds = layout.bounds();
        let mut disc = |bounds: Rectangle, color: Color| {
            let border = Border { radius: (bounds.width / 2.0).into(), ..Border::default() };
            let quad = renderer::Quad { bounds, border, snap: false, ..renderer::Quad::default() };
            renderer.fill_quad(quad, Background::Color(color));
        };
        let part = |fraction: f32| bounds.width * fraction;
        let bite = |fraction: f32| Rectangle {
            x: bounds.x - part(0.04),
            y: bounds.y - part(0.04),
            width: part(fraction),
            height: part(fraction),
        };
        disc(bounds.expand(2.0), t.paper);
        match self.availability {
            Availability::Online => disc(bounds, t.good),
            Availability::Away => {
                disc(bounds, t.warn);
                disc(bite(0.66), t.paper);
            }
            Availability::LongAway => {
                disc(bounds, t.muted);
                disc(bite(0.76), t.paper);
            }
            Availability::Busy => {
                disc(bounds, t.bad);
                let bar = Rectangle {
                    x: bounds.x + part(0.22),
                    y: bounds.y + part(0.4),
                    width: part(0.56),
                    height: part(0.2),
                };
                let quad = renderer::Quad { bounds: bar, snap: false, ..renderer::Quad::default() };
                renderer.fill_quad(quad, Background::Color(t.paper));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        for (name, letters) in [
            ("Bob Martin", "BM"),
            ("alice", "A"),
            ("élodie de la Tour", "ÉT"),
            ("alice@example.org", "A"),
            ("jean.dupont", "JD"),
            ("👩‍👧", "👩‍👧"),
            ("🎉 Party", "P"),
            ("", "?"),
            ("  ", "?"),
            ("(!)", "("),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
