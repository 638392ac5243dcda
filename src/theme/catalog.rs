//! What iced's own widgets ask of a theme.
//!
//! Buttons, check boxes, radio buttons, sliders, pick lists and togglers are left out on purpose: with this theme they do
//! not compile, so that every control goes through [`crate::widget::control`] and has focus, a role and a label.

use iced::theme::{Base, Mode, Palette, Style};
use iced::widget::{container, progress_bar, rule, scrollable, text, text_editor, text_input};

use super::{Contrast, Theme, Tone, style};

impl Base for Theme {
    fn default(preference: Mode) -> Self {
        let tone = if preference == Mode::Dark { Tone::Dark } else { Tone::Light };
        Self::new(tone, Contrast::Normal)
    }

    fn mode(&self) -> Mode {
        match self.tone {
            Tone::Light => Mode::Light,
            Tone::Dark => Mode::Dark,
        }
    }

    fn base(&self) -> Style {
        Style { background_color: self.tokens.paper, text_color: self.tokens.ink }
    }

    fn palette(&self) -> Option<Palette> {
        let t = self.tokens;
        Some(Palette {
            background: t.paper,
            text: t.ink,
            primary: t.accent,
            success: t.good,
            warning: t.warn,
            danger: t.bad,
        })
    }

    fn name(&self) -> &'static str {
        match (self.tone, self.contrast) {
            (Tone::Light, Contrast::Normal) => "light",
            (Tone::Light, Contrast::High) => "light, high contrast",
            (Tone::Dark, Contrast::Normal) => "dark",
            (Tone::Dark, Contrast::High) => "dark, high contrast",
        }
    }
}

impl text::Catalog for Theme {
    type Class<'a> = text::StyleFn<'a, Self>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(|_| text::Style::default())
    }

    fn style(&self, class: &Self::Class<'_>) -> text::Style {
        class(self)
    }
}

impl container::Catalog for Theme {
    type Class<'a> = container::StyleFn<'a, Self>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(|_| container::Style::default())
    }

    fn style(&self, class: &Self::Class<'_>) -> container::Style {
        class(self)
    }
}

impl text_input::Catalog for Theme {
    type Class<'a> = text_input::StyleFn<'a, Self>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(style::input)
    }

    fn style(&self, class: &Self::Class<'_>, status: text_input::Status) -> text_input::Style {
        class(self, status)
    }
}

impl text_editor::Catalog for Theme {
    type Class<'a> = text_editor::StyleFn<'a, Self>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(style::editor)
    }

    fn style(&self, class: &Self::Class<'_>, status: text_editor::Status) -> text_editor::Style {
        class(self, status)
    }
}

impl scrollable::Catalog for Theme {
    type Class<'a> = scrollable::StyleFn<'a, Self>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(style::scrollbar)
    }

    fn style(&self, class: &Self::Class<'_>, status: scrollable::Status) -> scrollable::Style {
        class(self, status)
    }
}

impl rule::Catalog for Theme {
    type Class<'a> = rule::StyleFn<'a, Self>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(style::hairline)
    }

    fn style(&self, class: &Self::Class<'_>) -> rule::Style {
        class(self)
    }
}

impl progress_bar::Catalog for Theme {
    type Class<'a> = progress_bar::StyleFn<'a, Self>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(style::progress)
    }

    fn style(&self, class: &Self::Class<'_>) -> progress_bar::Style {
        class(self)
    }
}
