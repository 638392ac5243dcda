//! Ready-made controls: buttons, rows, check boxes, choices, links.

use std::time::Duration;

use iced::advanced::widget;
use iced::widget::{Row, container, row, text, tooltip};
use iced::{Alignment, Border, Length, Padding};

use super::access::{Role, Toggled, labelled};
use super::control::{Control, Ring, control};
use crate::icon::{Icon, icon};
use crate::theme::style::{self, ButtonKind, ControlStyle, Pointer, Selection};
use crate::theme::{self, Element, Theme, radius, size, space};

/// A button with words. See [`button`].
pub(crate) struct Button<Message> {
    label: String,
    icon: Option<Icon>,
    kind: ButtonKind,
    on_press: Option<Message>,
    id: Option<widget::Id>,
    side: f32,
}

/// A button with words: an outline until it is given another kind, disabled until it is given an `on_press`.
pub(crate) fn button<Message>(label: impl Into<String>) -> Button<Message> {
    Button {
        label: label.into(),
        icon: None,
        kind: ButtonKind::Secondary,
        on_press: None,
        id: None,
        side: space::L,
    }
}

impl<Message> Button<Message> {
    /// An icon before the words.
    pub(crate) fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// How it stands out.
    pub(crate) fn kind(mut self, kind: ButtonKind) -> Self {
        self.kind = kind;
        self
    }

    /// What pressing it says.
    pub(crate) fn on_press(self, message: Message) -> Self {
        self.on_press_maybe(Some(message))
    }

    /// What pressing it says; `None` disables it.
    pub(crate) fn on_press_maybe(mut self, message: Option<Message>) -> Self {
        self.on_press = message;
        self
    }

    /// With less space beside its words, where several stand in a narrow place; least where there is no outline.
    pub(crate) fn narrow(mut self) -> Self {
        self.side = if self.kind == ButtonKind::Quiet { space::S } else { space::M };
        self
    }

    /// A name to find it by.
    pub(crate) fn id(mut self, id: impl Into<widget::Id>) -> Self {
        self.id = Some(id.into());
        self
    }
}

impl<'a, Message: Clone + 'a> From<Button<Message>> for Element<'a, Message> {
    fn from(button: Button<Message>) -> Self {
        let words = text(button.label.clone()).font(theme::STRONG).size(size::BODY);
        let content: Row<'a, Message, Theme> = row![]
            .push(button.icon.map(|which| icon(which, 18.0)))
            .push(words)
            .spacing(space::S)
            .align_y(Alignment::Center);
        let left = if button.icon.is_some() { space::M } else { button.side };
        let mut control = control(Role::Button, button.label, content)
            .kind(button.kind)
            .padding(Padding { top: 6.0, right: button.side, bottom: 6.0, left })
            .least_height(36.0)
            .align_x(Alignment::Center)
            .on_press_maybe(button.on_press);
        if let Some(id) = button.id {
            control = control.id(id);
        }
        control.into()
    }
}

/// A square button with an icon alone; its label is its tooltip, and what a screen reader says.
pub(crate) fn icon_button<'a, Message: Clone + 'a>(
    which: Icon,
    label: impl Into<String>,
    on_press: Option<Message>,
) -> Element<'a, Message> {
    let label = label.into();
    hint(square(ButtonKind::Quiet, which, label.clone(), on_press), label)
}

/// An [`icon_button`] of another kind: the primary one sends. Its tooltip is above it: it is at the end of a field.
pub(crate) fn icon_button_of<'a, Message: Clone + 'a>(
    kind: ButtonKind,
    which: Icon,
    label: impl Into<String>,
    on_press: Option<Message>,
) -> Element<'a, Message> {
    let label = label.into();
    hint_at(square(kind, which, label.clone(), on_press), label, tooltip::Position::Top)
}

/// An [`icon_button`] with a name by which the focus finds it: the way out of a page.
pub(crate) fn icon_button_named<'a, Message: Clone + 'a>(
    id: &'static str,
    which: Icon,
    label: impl Into<String>,
    on_press: Message,
) -> Element<'a, Message> {
    let label = label.into();
    hint(square(ButtonKind::Quiet, which, label.clone(), Some(on_press)).id(id), label)
}

fn square<'a, Message: Clone + 'a>(
    kind: ButtonKind,
    which: Icon,
    label: String,
    on_press: Option<Message>,
) -> Control<'a, Message> {
    control(Role::Button, label, icon(which, size::ICON))
        .kind(kind)
        .width(36.0)
        .height(36.0)
        .align_x(Alignment::Center)
        .on_press_maybe(on_press)
}

/// Shows words beside what the pointer rests on.
pub(crate) fn hint<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
    words: impl Into<String>,
) -> Element<'a, Message> {
    hint_at(content, words, tooltip::Position::Bottom)
}

/// The same on another side.
pub(crate) fn hint_at<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
    words: impl Into<String>,
    side: tooltip::Position,
) -> Element<'a, Message> {
    let words = container(text(words.into()).size(size::META))
        .padding(Padding::from([space::XS, space::S]))
        .max_width(360.0)
        .style(style::tooltip);
    tooltip(content, words, side).gap(space::XS).delay(Duration::from_millis(400)).into()
}

/// A row of a list: fills the width, carries what the selected one carries, and has its ring inside.
pub(crate) fn row_button<'a, Message>(
    label: impl Into<String>,
    content: impl Into<Element<'a, Message>>,
    selection: Selection,
) -> Control<'a, Message> {
    control(Role::ListItem, label, content)
        .kind(ButtonKind::Row(selection))
        .width(Length::Fill)
        .padding(Padding::from([space::S, space::M]))
        .ring(Ring::Inside)
}

/// A row of a menu.
pub(crate) fn menu_button<'a, Message: Clone + 'a>(
    which: Icon,
    label: impl Into<String>,
    on_press: Option<Message>,
) -> Element<'a, Message> {
    menu_row(which, label.into(), ButtonKind::Row(Selection::Off), on_press)
}

/// A row of a menu whose deed can't be undone: red.
pub(crate) fn menu_button_danger<'a, Message: Clone + 'a>(
    which: Icon,
    label: impl Into<String>,
    on_press: Option<Message>,
) -> Element<'a, Message> {
    let label = label.into();
    let content = row![icon(which, 18.0), text(label.clone()).size(size::BODY)]
        .spacing(space::M)
        .align_y(Alignment::Center);
    control(Role::MenuItem, label, content)
        .style(|theme, pointer| ControlStyle {
            text: theme.tokens().bad,
            ..style::button(theme, ButtonKind::Row(Selection::Off), pointer)
        })
        .width(Length::Fill)
        .padding(Padding::from([6.0, space::M]))
        .ring(Ring::Inside)
        .on_press_maybe(on_press)
        .into()
}

fn menu_row<'a, Message: Clone + 'a>(
    which: Icon,
    label: String,
    kind: ButtonKind,
    on_press: Option<Message>,
) -> Element<'a, Message> {
    let content = row![icon(which, 18.0), text(label.clone()).size(size::BODY)]
        .spacing(space::M)
        .align_y(Alignment::Center);
    control(Role::MenuItem, label, content)
        .kind(kind)
        .width(Length::Fill)
        .padding(Padding::from([6.0, space::M]))
        .ring(Ring::Inside)
        .on_press_maybe(on_press)
        .into()
}

/// A box to tick, with its words beside it; both can be pressed.
pub(crate) fn checkbox<'a, Message: Clone + 'a>(
    label: impl Into<String>,
    on: bool,
    on_toggle: impl Fn(bool) -> Message,
) -> Element<'a, Message> {
    let label = label.into();
    let mark = tick(on);
    let content = row![mark, text(label.clone()).size(size::BODY).width(Length::Fill)]
        .spacing(space::M)
        .align_y(Alignment::Center);
    control(Role::CheckBox(Toggled::from(on)), label, content)
        .style(|theme, pointer| ControlStyle {
            text: theme.tokens().ink,
            ..style::button(theme, ButtonKind::Quiet, pointer)
        })
        .padding(Padding::from([6.0, 0.0]))
        .reach(space::S)
        .width(Length::Fill)
        .on_press(on_toggle(!on))
        .into()
}

fn tick<'a, Message: 'a>(on: bool) -> Element<'a, Message> {
    let mark: Element<'a, Message> =
        if on { icon(Icon::Check, 14.0).into() } else { iced::widget::Space::new().into() };
    container(mark)
        .center(Length::Fixed(20.0))
        .style(move |theme: &Theme| {
            let look = style::switch(theme, Selection::from(on), Pointer::Away);
            container::Style {
                text_color: Some(look.text),
                background: look.ground.map(Into::into),
                border: look.border,
                ..container::Style::default()
            }
        })
        .into()
}

/// One of a few values, side by side; `label` names what is chosen.
pub(crate) fn choice<'a, Value, Message>(
    label: impl Into<String>,
    values: impl IntoIterator<Item = (Value, String)>,
    chosen: Value,
    on_choose: impl Fn(Value) -> Message,
) -> Element<'a, Message>
where
    Value: Copy + PartialEq,
    Message: Clone + 'a,
{
    let segments = values.into_iter().map(|(value, name)| {
        let on = value == chosen;
        let words = text(name.clone()).size(14.0).font(if on { theme::STRONG } else { theme::TEXT });
        control(Role::Radio(Toggled::from(on)), name, words)
            .style(move |theme, pointer| segment(theme, on, pointer))
            .padding(Padding::from([5.0, space::M]))
            .align_x(Alignment::Center)
            .on_press(on_choose(value))
            .into()
    });
    let segments =
        container(Row::with_children(segments).spacing(2.0).wrap()).padding(3.0).style(|theme: &Theme| {
            let t = theme.tokens();
            container::Style {
                background: Some(t.surface.into()),
                border: Border { color: t.muted, width: 1.0, radius: (radius::CONTROL + 3.0).into() },
                ..container::Style::default()
            }
        });
    labelled(Role::Group, label, segments)
}

fn segment(theme: &Theme, on: bool, pointer: Pointer) -> ControlStyle {
    let t = theme.tokens();
    let border = Border { radius: radius::CONTROL.into(), ..Border::default() };
    if on {
        ControlStyle { ground: Some(t.accent), text: t.on_accent, border }
    } else {
        style::button(theme, ButtonKind::Quiet, pointer)
    }
}

/// Words in the accent that open something or lead elsewhere, within a line of text.
pub(crate) fn link_button<'a, Message: Clone + 'a>(
    label: impl Into<String>,
    on_press: Option<Message>,
) -> Element<'a, Message> {
    let label = label.into();
    control(Role::Link, label.clone(), text(label).size(size::BODY).font(theme::STRONG))
        .style(|theme, pointer| {
            let t = theme.tokens();
            ControlStyle { text: t.accent, ..style::button(theme, ButtonKind::Quiet, pointer) }
        })
        .reach(space::XS)
        .on_press_maybe(on_press)
        .into()
}
