//! What each kind of thing looks like.
//!
//! Long because looks that are to match are written side by side.

use iced::border::Radius;
use iced::widget::{container, progress_bar, rule, scrollable, text, text_editor, text_input};
use iced::{Background, Border, Color, Shadow};

use super::colour::mix;
use super::{Contrast, Theme, Tokens, radius};

/// How a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ButtonKind {
    /// The one thing that the eye should go to on a page.
    Primary,
    /// Everything beside it: an outline.
    #[default]
    Secondary,
    /// Words or an icon alone, until the pointer is over them.
    Quiet,
    /// What can't be undone.
    Danger,
    /// A row of a list or menu.
    Row(Selection),
}

/// Whether a row, tab or choice is the chosen one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Selection {
    /// It is not.
    #[default]
    Off,
    /// It is.
    On,
}

impl From<bool> for Selection {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// What a pointer does with a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pointer {
    /// Nothing.
    #[default]
    Away,
    /// Is over it.
    Over,
    /// Holds it down.
    Down,
    /// The control can't be used now.
    Disabled,
}

/// Ground, text and outline of a control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ControlStyle {
    /// Its ground, if any.
    pub(crate) ground: Option<Color>,
    /// Its text and icons.
    pub(crate) text: Color,
    /// Its outline.
    pub(crate) border: Border,
}

/// A button.
pub(crate) fn button(theme: &Theme, kind: ButtonKind, pointer: Pointer) -> ControlStyle {
    let t = theme.tokens();
    let border = Border { color: Color::TRANSPARENT, width: 0.0, radius: radius::CONTROL.into() };
    let outline = Border { color: t.muted, width: 1.0, radius: radius::CONTROL.into() };
    let over = match pointer {
        Pointer::Over => Some(t.hover),
        Pointer::Down => Some(t.pressed),
        Pointer::Away | Pointer::Disabled => None,
    };
    let filled =
        |ground: Color, text: Color| ControlStyle { ground: Some(tinted(ground, t, pointer)), text, border };
    let style = match kind {
        ButtonKind::Primary => filled(t.accent, t.on_accent),
        ButtonKind::Danger => filled(t.bad, t.on_bad),
        ButtonKind::Secondary => ControlStyle { ground: over, text: t.ink, border: outline },
        ButtonKind::Quiet => ControlStyle { ground: over, text: t.ink, border },
        ButtonKind::Row(Selection::Off) => ControlStyle { ground: over, text: t.ink, border },
        ButtonKind::Row(Selection::On) => ControlStyle {
            ground: Some(tinted(t.wash, t, pointer)),
            text: t.ink,
            border: match theme.contrast() {
                Contrast::Normal => border,
                Contrast::High => outline,
            },
        },
    };
    match (pointer, style.ground) {
        (Pointer::Disabled, Some(_)) if matches!(kind, ButtonKind::Primary | ButtonKind::Danger) => {
            ControlStyle { ground: Some(t.pressed), text: t.muted, border }
        }
        (Pointer::Disabled, _) => ControlStyle { text: t.muted, ..style },
        _ => style,
    }
}

/// The square or track of a check box or switch, and what is in it.
pub(crate) fn switch(theme: &Theme, on: Selection, pointer: Pointer) -> ControlStyle {
    let t = theme.tokens();
    let radius = Radius::from(radius::JOINED);
    match (on, pointer) {
        (_, Pointer::Disabled) => ControlStyle {
            ground: Some(t.pressed),
            text: t.muted,
            border: Border { color: t.muted, width: 1.0, radius },
        },
        (Selection::On, _) => ControlStyle {
            ground: Some(tinted(t.accent, t, pointer)),
            text: t.on_accent,
            border: Border { color: t.accent, width: 1.5, radius },
        },
        (Selection::Off, _) => ControlStyle {
            ground: Some(if pointer == Pointer::Away { t.surface } else { t.hover }),
            text: t.muted,
            border: Border { color: t.muted, width: 1.5, radius },
        },
    }
}

/// The ring around what the keyboard is on.
pub(crate) fn focus_ring(theme: &Theme, inside: Radius) -> Border {
    let out = |corner: f32| corner + 2.0;
    Border {
        color: theme.tokens().focus,
        width: 2.0,
        radius: Radius {
            top_left: out(inside.top_left),
            top_right: out(inside.top_right),
            bottom_right: out(inside.bottom_right),
            bottom_left: out(inside.bottom_left),
        },
    }
}

/// A line of text to be typed, with its outline.
pub(crate) fn input(theme: &Theme, status: text_input::Status) -> text_input::Style {
    let t = theme.tokens();
    let border = match status {
        text_input::Status::Focused { .. } => {
            Border { color: t.focus, width: 2.0, radius: radius::CONTROL.into() }
        }
        text_input::Status::Hovered => Border { color: t.ink, width: 1.0, radius: radius::CONTROL.into() },
        _ => Border { color: t.muted, width: 1.0, radius: radius::CONTROL.into() },
    };
    text_input::Style {
        background: Background::Color(if status == text_input::Status::Disabled {
            t.paper
        } else {
            t.surface
        }),
        border,
        icon: t.muted,
        placeholder: t.muted,
        value: t.ink,
        selection: selection(theme),
    }
}

/// A line of text to be typed that is wrong: its ground and its outline say so, and words beside it say why. With the focus it
/// has the outline of what has the focus, and keeps the ground.
pub(crate) fn field(wrong: bool) -> impl Fn(&Theme, text_input::Status) -> text_input::Style {
    move |theme, status| {
        let mut style = input(theme, status);
        if wrong {
            let t = theme.tokens();
            style.background = Background::Color(mix(t.bad, t.surface, 0.08));
            if !matches!(status, text_input::Status::Focused { .. }) {
                style.border.color = t.bad;
                style.border.width = 1.5;
            }
        }
        style
    }
}

/// Several lines of text to be typed, with an outline.
pub(crate) fn editor(theme: &Theme, status: text_editor::Status) -> text_editor::Style {
    let line = input(
        theme,
        match status {
            text_editor::Status::Active => text_input::Status::Active,
            text_editor::Status::Hovered => text_input::Status::Hovered,
            text_editor::Status::Focused { is_hovered } => text_input::Status::Focused { is_hovered },
            text_editor::Status::Disabled => text_input::Status::Disabled,
        },
    );
    text_editor::Style {
        background: line.background,
        border: line.border,
        placeholder: line.placeholder,
        value: line.value,
        selection: line.selection,
    }
}

/// The field where a message is written: the card around it has the outline.
pub(crate) fn composer(theme: &Theme, status: text_editor::Status) -> text_editor::Style {
    text_editor::Style {
        border: Border { radius: radius::CONTROL.into(), ..Border::default() },
        background: Background::Color(Color::TRANSPARENT),
        ..editor(theme, status)
    }
}

/// What is drawn around that card: the outline of what can be typed into, more while the keyboard is in it.
pub(crate) fn composer_outline(theme: &Theme, focused: bool) -> container::Style {
    let t = theme.tokens();
    let (color, width) = if focused { (t.focus, 2.0) } else { (t.muted, 1.0) };
    let border = Border { color, width, radius: radius::BUBBLE.into() };
    container::Style { border, ..container::Style::default() }
}

/// The window's own ground.
pub(crate) fn paper(theme: &Theme) -> container::Style {
    let t = theme.tokens();
    container::Style {
        text_color: Some(t.ink),
        background: Some(t.paper.into()),
        ..container::Style::default()
    }
}

/// The ground of a pane that stands before the paper.
pub(crate) fn pane(theme: &Theme) -> container::Style {
    let t = theme.tokens();
    container::Style {
        text_color: Some(t.ink),
        background: Some(t.surface.into()),
        ..container::Style::default()
    }
}

/// A group of things that belong together.
pub(crate) fn card(theme: &Theme) -> container::Style {
    let border = Border { color: theme.tokens().line, width: 1.0, radius: radius::BUBBLE.into() };
    container::Style { border, ..pane(theme) }
}

/// What floats: menus, dialogs. A line sets it apart, not a shadow: the renderer without a graphics card adds one more shadow at
/// each partial redraw, and does not keep it inside the part that is redrawn.
pub(crate) fn floating(theme: &Theme) -> container::Style {
    card(theme)
}

/// What lies over everything that can't be used while a dialog is open.
pub(crate) fn shade(_theme: &Theme) -> container::Style {
    container::Style {
        background: Some(Color::from_rgba(0.0, 0.0, 0.0, 0.4).into()),
        ..container::Style::default()
    }
}

/// Small words that explain what is under the pointer.
pub(crate) fn tooltip(theme: &Theme) -> container::Style {
    let t = theme.tokens();
    container::Style {
        text_color: Some(t.on_tooltip),
        background: Some(t.tooltip.into()),
        border: Border { radius: 6.0.into(), ..Border::default() },
        ..container::Style::default()
    }
}

/// A count that wants to be seen.
pub(crate) fn badge(theme: &Theme) -> container::Style {
    let t = theme.tokens();
    container::Style {
        text_color: Some(t.on_accent),
        background: Some(t.accent.into()),
        border: Border { radius: 10.0.into(), ..Border::default() },
        ..container::Style::default()
    }
}

/// A message across a pane, on the ground of a colour of the theme.
pub(crate) fn banner(colour: fn(&Tokens) -> Color) -> impl Fn(&Theme) -> container::Style {
    move |theme| {
        let t = theme.tokens();
        let colour = colour(t);
        container::Style {
            text_color: Some(t.ink),
            background: Some(mix(colour, t.surface, 0.10).into()),
            border: Border {
                color: mix(colour, t.surface, 0.45),
                width: 1.0,
                radius: radius::CONTROL.into(),
            },
            ..container::Style::default()
        }
    }
}

/// Whose bubble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BubbleSide {
    /// Mine, on the right.
    Mine,
    /// Theirs, on the left.
    Theirs,
}

/// The ground of a message; `corners` as its place in a group has them.
pub(crate) fn bubble(side: BubbleSide, corners: Radius) -> impl Fn(&Theme) -> container::Style {
    move |theme| {
        let t = theme.tokens();
        let (ground, line) = match (side, theme.contrast()) {
            (BubbleSide::Mine, Contrast::Normal) => (t.wash, t.wash),
            (BubbleSide::Mine, Contrast::High) => (t.wash, t.accent),
            (BubbleSide::Theirs, _) => (t.surface, t.line),
        };
        container::Style {
            text_color: Some(t.ink),
            background: Some(ground.into()),
            border: Border { color: line, width: 1.0, radius: corners },
            ..container::Style::default()
        }
    }
}

/// A line between two parts.
pub(crate) fn hairline(theme: &Theme) -> rule::Style {
    rule::Style {
        color: theme.tokens().line,
        radius: 0.0.into(),
        fill_mode: rule::FillMode::Full,
        snap: true,
    }
}

/// How far something has come.
pub(crate) fn progress(theme: &Theme) -> progress_bar::Style {
    let t = theme.tokens();
    progress_bar::Style {
        background: t.pressed.into(),
        bar: t.accent.into(),
        border: Border { radius: 4.0.into(), ..Border::default() },
    }
}

/// A scroll bar: nothing but its thumb.
pub(crate) fn scrollbar(theme: &Theme, status: scrollable::Status) -> scrollable::Style {
    let t = theme.tokens();
    let held = matches!(
        status,
        scrollable::Status::Hovered { is_vertical_scrollbar_hovered: true, .. }
            | scrollable::Status::Dragged { .. }
    );
    let rail = scrollable::Rail {
        background: None,
        border: Border::default(),
        scroller: scrollable::Scroller {
            background: scroller(theme, held).into(),
            border: Border { radius: 4.0.into(), ..Border::default() },
        },
    };
    scrollable::Style {
        container: container::Style::default(),
        vertical_rail: rail,
        horizontal_rail: rail,
        gap: None,
        auto_scroll: scrollable::AutoScroll {
            background: t.surface.into(),
            border: Border { color: t.line, width: 1.0, radius: 16.0.into() },
            shadow: Shadow::default(),
            icon: t.muted,
        },
    }
}

/// The thumb of a scroll bar.
pub(crate) fn scroller(theme: &Theme, held: bool) -> Color {
    let t = theme.tokens();
    mix(t.muted, t.paper, if held { 1.0 } else { 0.6 })
}

/// Text of second importance.
pub(crate) fn muted(theme: &Theme) -> text::Style {
    text::Style { color: Some(theme.tokens().muted) }
}

/// Text in the colour that everyone's program gives to it (XEP-0392).
pub(crate) fn own_colour(words: &str) -> impl Fn(&Theme) -> text::Style + use<> {
    let words = words.to_owned();
    move |theme| text::Style { color: Some(super::colour::address_color(&words, theme.tone())) }
}

/// Text of the accent.
pub(crate) fn accent(theme: &Theme) -> text::Style {
    text::Style { color: Some(theme.tokens().accent) }
}

/// Text that asks for care.
pub(crate) fn warn(theme: &Theme) -> text::Style {
    text::Style { color: Some(theme.tokens().warn) }
}

/// Text that says what failed.
pub(crate) fn bad(theme: &Theme) -> text::Style {
    text::Style { color: Some(theme.tokens().bad) }
}

/// The ground of selected text.
pub(crate) fn selection(theme: &Theme) -> Color {
    let t = theme.tokens();
    mix(t.accent, t.surface, 0.30)
}

fn tinted(ground: Color, t: &Tokens, pointer: Pointer) -> Color {
    match pointer {
        Pointer::Over => mix(t.ink, ground, 0.08),
        Pointer::Down => mix(t.ink, ground, 0.16),
        Pointer::Away | Pointer::Disabled => ground,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Tone;
    use crate::theme::colour::{contrast, distance};

    #[test]
    fn where_a_message_is_written_is_seen_before_the_keyboard_is_in_it() {
        for tone in [Tone::Light, Tone::Dark] {
            for contrasts in [Contrast::Normal, Contrast::High] {
                let theme = Theme::new(tone, contrasts);
                let t = theme.tokens();
                let [resting, focused] =
                    [false, true].map(|focused| composer_outline(&theme, focused).border);
                assert!(resting.width >= 1.0 && focused.width > resting.width);
                for outline in [resting.color, focused.color] {
                    for ground in [t.surface, t.paper] {
                        assert!(
                            contrast(outline, ground) >= 3.0,
                            "{tone:?}: {:.2}",
                            contrast(outline, ground)
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_focus_and_what_is_wrong_are_told_apart() {
        for (tone, contrasts) in
            [Tone::Light, Tone::Dark].map(|tone| (tone, [Contrast::Normal, Contrast::High]))
        {
            for theme in contrasts.map(|contrast| Theme::new(tone, contrast)) {
                let t = theme.tokens();
                for red in [t.bad, t.accent] {
                    assert!(distance(t.focus, red) > 0.4, "{tone:?}: {:?} and {red:?}", t.focus);
                }
                let focused = text_input::Status::Focused { is_hovered: false };
                let look = |wrong, status| {
                    let style = field(wrong)(&theme, status);
                    let Background::Color(ground) = style.background else {
                        panic!("{:?}", style.background)
                    };
                    (style.border.color, ground)
                };
                let plain = look(false, focused);
                let (outline, ground) = look(true, focused);
                assert_eq!((plain.0, outline), (t.focus, t.focus), "the focus is seen, wrong or not");
                assert_eq!(look(true, text_input::Status::Active), (t.bad, ground));
                assert_ne!(ground, plain.1, "what is wrong is seen, focused or not");
                for text in [t.ink, t.muted] {
                    assert!(contrast(text, ground) >= 4.5, "{tone:?}: {:.2}", contrast(text, ground));
                }
                for outline in [t.bad, t.focus] {
                    assert!(contrast(outline, ground) >= 3.0, "{tone:?}: {:.2}", contrast(outline, ground));
                }
            }
        }
    }
}
