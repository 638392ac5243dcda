//! The look: every colour, size, space, radius and font of the program. Nowhere else is there a number of these.

mod catalog;
pub(crate) mod colour;
pub(crate) mod style;

use std::borrow::Cow;

use iced::{Color, Font, font};

/// Elements drawn with this theme.
pub(crate) type Element<'a, Message> = iced::Element<'a, Message, Theme, iced::Renderer>;

/// The text face.
pub(crate) const TEXT: Font = Font::with_name("Inter");
/// The text face where it has to stand out: names, titles, buttons.
pub(crate) const STRONG: Font = Font { weight: font::Weight::Semibold, ..TEXT };
/// The text face, slanted: hints that stand for content.
pub(crate) const ITALIC: Font = Font { style: font::Style::Italic, ..TEXT };
/// The face of keys, fingerprints and addresses to be compared by eye.
#[allow(dead_code, reason = "there is no key to compare yet")]
pub(crate) const MONO: Font = Font::with_name("JetBrains Mono");
/// The face of emoji, in colour.
pub(crate) const EMOJI: Font = Font::with_name("Twemoji Mozilla");

/// The type scale, in logical pixels.
pub(crate) mod size {
    /// Times, badges.
    pub(crate) const META: f32 = 12.0;
    /// Second lines, hints.
    pub(crate) const SECONDARY: f32 = 13.0;
    /// Messages, controls.
    pub(crate) const BODY: f32 = 15.0;
    /// Titles of panes.
    pub(crate) const TITLE: f32 = 17.0;
    /// Headings of pages.
    pub(crate) const HEADING: f32 = 22.0;
    /// Headings of the wizard; a message of emoji alone.
    pub(crate) const DISPLAY: f32 = 28.0;
    /// Icons.
    pub(crate) const ICON: f32 = 20.0;
    /// Icons within a line of small text.
    pub(crate) const ICON_SMALL: f32 = 14.0;
    /// The least height of what can be pressed.
    pub(crate) const HIT: f32 = 32.0;
}

/// Height of a line relative to its text.
pub(crate) const LINE_HEIGHT: f32 = 1.4;

/// Distances, in logical pixels; there is nothing between them.
pub(crate) mod space {
    /// 4: between things that belong together.
    pub(crate) const XS: f32 = 4.0;
    /// 8
    pub(crate) const S: f32 = 8.0;
    /// 12
    pub(crate) const M: f32 = 12.0;
    /// 16: margins.
    pub(crate) const L: f32 = 16.0;
    /// 24
    pub(crate) const XL: f32 = 24.0;
    /// 48: around the content of an empty page.
    pub(crate) const HUGE: f32 = 48.0;
}

/// Radii of corners, in logical pixels.
pub(crate) mod radius {
    /// Buttons, inputs, rows.
    pub(crate) const CONTROL: f32 = 8.0;
    /// Bubbles, cards, dialogs.
    pub(crate) const BUBBLE: f32 = 14.0;
    /// Where bubbles of one group touch.
    pub(crate) const JOINED: f32 = 4.0;
}

/// The font files, for `application(..).font(..)`; the first is complete enough to be the default.
pub(crate) fn fonts() -> [Cow<'static, [u8]>; 7] {
    [
        Cow::Borrowed(include_bytes!("../assets/fonts/Inter-Regular.otf")),
        Cow::Borrowed(include_bytes!("../assets/fonts/Inter-SemiBold.otf")),
        Cow::Borrowed(include_bytes!("../assets/fonts/Inter-Bold.otf")),
        Cow::Borrowed(include_bytes!("../assets/fonts/Inter-Italic.otf")),
        Cow::Borrowed(include_bytes!("../assets/fonts/JetBrainsMono-Regular.ttf")),
        Cow::Borrowed(include_bytes!("../assets/fonts/TwemojiMozilla.ttf")),
        Cow::Borrowed(include_bytes!("../assets/fonts/lucide.ttf")),
    ]
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// How far colours stand apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Contrast {
    /// Text at 4.5 : 1 and more.
    #[default]
    Normal,
    /// Text at 7 : 1 and more, outlines everywhere.
    High,
}

/// The colours. All are opaque, so that contrast can be computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tokens {
    /// Window background, list.
    pub(crate) paper: Color,
    /// Cards, composer, bubbles of others.
    pub(crate) surface: Color,
    /// Separators only.
    pub(crate) line: Color,
    /// Text.
    pub(crate) ink: Color,
    /// Times, hints, second lines, outlines of controls.
    pub(crate) muted: Color,
    /// Primary buttons, links, unread badges.
    pub(crate) accent: Color,
    /// The ring around what has the focus: far from the accent and from `bad`, which are both red.
    pub(crate) focus: Color,
    /// Text and icons on the accent.
    pub(crate) on_accent: Color,
    /// My bubbles, the selected row.
    pub(crate) wash: Color,
    /// Under the pointer, on paper and surface.
    pub(crate) hover: Color,
    /// Pressed.
    pub(crate) pressed: Color,
    /// Presence, success.
    pub(crate) good: Color,
    /// Cautions.
    pub(crate) warn: Color,
    /// Failures, what can't be undone.
    pub(crate) bad: Color,
    /// Text on `bad`.
    pub(crate) on_bad: Color,
    /// Bubbles of small words that explain.
    pub(crate) tooltip: Color,
    /// Text on `tooltip`.
    pub(crate) on_tooltip: Color,
}

/// What iced calls a theme: the colours in use. Nothing moves in this program, so that nobody has to ask it to be still.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Theme {
    tone: Tone,
    contrast: Contrast,
    tokens: Tokens,
}

impl Theme {
    /// The theme of a tone and contrast.
    pub(crate) fn new(tone: Tone, contrast: Contrast) -> Self {
        let tokens = match (tone, contrast) {
            (Tone::Light, Contrast::Normal) => LIGHT,
            (Tone::Dark, Contrast::Normal) => DARK,
            (Tone::Light, Contrast::High) => {
                let ink = Color::BLACK;
                let accent = rgb(0x7A2413);
                Tokens {
                    paper: Color::WHITE,
                    line: rgb(0x6B645A),
                    ink,
                    muted: rgb(0x3F3932),
                    accent,
                    focus: rgb(0x0B4A52),
                    wash: colour::mix(accent, Color::WHITE, 0.10),
                    good: rgb(0x14521A),
                    warn: rgb(0x5C3B00),
                    bad: rgb(0x861B14),
                    ..LIGHT
                }
            }
            (Tone::Dark, Contrast::High) => {
                let accent = rgb(0xFFB79C);
                Tokens {
                    paper: Color::BLACK,
                    surface: rgb(0x0F0E0C),
                    line: rgb(0xA89F92),
                    ink: Color::WHITE,
                    muted: rgb(0xD9D1C5),
                    accent,
                    focus: rgb(0x66DDE8),
                    wash: colour::mix(accent, rgb(0x0F0E0C), 0.18),
                    good: rgb(0xA6E3A9),
                    warn: rgb(0xFFD36B),
                    bad: rgb(0xFFCFCB),
                    ..DARK
                }
            }
        };
        Self { tone, contrast, tokens }
    }

    /// The colours.
    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Light or dark.
    pub(crate) fn tone(&self) -> Tone {
        self.tone
    }

    /// How far colours stand apart.
    pub(crate) fn contrast(&self) -> Contrast {
        self.contrast
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::new(Tone::Light, Contrast::Normal)
    }
}

const LIGHT: Tokens = Tokens {
    paper: rgb(0xFAF8F5),
    surface: rgb(0xFFFFFF),
    line: rgb(0xE7E2DA),
    ink: rgb(0x1F1B16),
    muted: rgb(0x6B645A),
    accent: rgb(0xB5432A),
    focus: rgb(0x1D6B75),
    on_accent: rgb(0xFFFFFF),
    wash: rgb(0xF8ECEA),
    hover: rgb(0xF1EDE6),
    pressed: rgb(0xE8E2D9),
    good: rgb(0x2E7D32),
    warn: rgb(0x8A5A00),
    bad: rgb(0xB3261E),
    on_bad: rgb(0xFFFFFF),
    tooltip: rgb(0x2E2924),
    on_tooltip: rgb(0xFAF8F5),
};

const DARK: Tokens = Tokens {
    paper: rgb(0x1B1916),
    surface: rgb(0x24211D),
    line: rgb(0x38332C),
    ink: rgb(0xF2EDE6),
    muted: rgb(0xA89F92),
    accent: rgb(0xF0916F),
    focus: rgb(0x7CC7CF),
    on_accent: rgb(0x1B1916),
    wash: rgb(0x45332A),
    hover: rgb(0x2C2823),
    pressed: rgb(0x37322B),
    good: rgb(0x7BC67E),
    warn: rgb(0xE3B341),
    bad: rgb(0xF2B8B5),
    on_bad: rgb(0x3B0F0C),
    tooltip: rgb(0xEDE6DC),
    on_tooltip: rgb(0x1F1B16),
};

const fn rgb(hex: u32) -> Color {
    let [_, r, g, b] = hex.to_be_bytes();
    Color::from_rgb8(r, g, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use colour::contrast;

    fn themes() -> impl Iterator<Item = Theme> {
        [Tone::Light, Tone::Dark]
            .into_iter()
            .flat_map(|tone| [Contrast::Normal, Contrast::High].into_iter().map(move |c| Theme::new(tone, c)))
    }

    #[test]
    fn every_text_colour_is_readable_on_every_ground_it_is_used_on() {
        for theme in themes() {
            let t = theme.tokens();
            let least = if theme.contrast() == Contrast::High { 7.0 } else { 4.5 };
            for (ground_name, ground) in [
                ("paper", t.paper),
                ("surface", t.surface),
                ("wash", t.wash),
                ("hover", t.hover),
                ("pressed", t.pressed),
            ] {
                for (name, text) in [("ink", t.ink), ("muted", t.muted)] {
                    let found = contrast(text, ground);
                    assert!(found >= 4.5, "{name} on {ground_name} {:?} is {found:.2}", theme.tone());
                }
            }
            for (ground_name, ground) in [("paper", t.paper), ("surface", t.surface)] {
                for (name, text) in [
                    ("ink", t.ink),
                    ("muted", t.muted),
                    ("accent", t.accent),
                    ("good", t.good),
                    ("warn", t.warn),
                    ("bad", t.bad),
                ] {
                    let found = contrast(text, ground);
                    assert!(found >= least, "{name} on {ground_name} {:?} is {found:.2}", theme.tone());
                }
            }
            assert!(contrast(t.accent, t.wash) >= 4.5, "links in my bubbles {:?}", theme.tone());
            assert!(contrast(t.bad, t.wash) >= 4.5, "failures in my bubbles {:?}", theme.tone());
            assert!(contrast(t.on_accent, t.accent) >= 4.5);
            assert!(contrast(t.on_bad, t.bad) >= 4.5);
            assert!(contrast(t.on_tooltip, t.tooltip) >= 4.5);
        }
    }

    #[test]
    fn outlines_and_icons_stand_out_three_to_one() {
        for theme in themes() {
            let t = theme.tokens();
            for ground in [t.paper, t.surface, t.wash, t.hover] {
                for mark in [t.muted, t.accent, t.focus, t.good, t.warn, t.bad] {
                    assert!(contrast(mark, ground) >= 3.0, "{mark:?} on {ground:?}");
                }
            }
        }
    }

    #[test]
    fn the_wash_is_the_accent_over_the_surface() {
        assert!(colour::distance(LIGHT.wash, colour::mix(LIGHT.accent, LIGHT.surface, 0.10)) < 0.01);
        assert!(colour::distance(DARK.wash, colour::mix(DARK.accent, DARK.surface, 0.16)) < 0.01);
    }
}
