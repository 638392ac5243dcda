//! How the first page looks.

use iced::widget::{column, container, row, text};
use iced::{Alignment, Length, Padding};

use super::Message;
use crate::context::Context;
use crate::i18n::Language;
use crate::icon::{Icon, icon};
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{self, Element, size, space as gap};
use crate::widget::access::Role;
use crate::widget::button::{button, choice};
use crate::widget::control::control;
use crate::widget::focus;

/// The first door's name.
pub(crate) const NEW: &str = "welcome-new";

/// The first page.
pub(crate) fn view(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let doors = column![
        door(
            Icon::UserPlus,
            [i18n.get("welcome-new"), i18n.get("welcome-new-note")],
            ButtonKind::Primary,
            Message::NewPressed,
        ),
        door(
            Icon::LogIn,
            [i18n.get("welcome-sign-in"), i18n.get("welcome-sign-in-note")],
            ButtonKind::Secondary,
            Message::SignInPressed,
        ),
        door(
            Icon::Link,
            [i18n.get("welcome-invited"), i18n.get("welcome-invited-note")],
            ButtonKind::Secondary,
            Message::InvitedPressed,
        ),
    ]
    .spacing(gap::S);
    let languages = choice(
        i18n.get("settings-language"),
        Language::OFFERED.map(|language| (language, language.own_name().to_owned())),
        i18n.language(),
        |language| Message::LanguageChosen(language.tag().to_owned()),
    );
    let network =
        button(i18n.get("network-settings")).kind(ButtonKind::Quiet).on_press(Message::NetworkPressed);
    // Who has an account already came from somewhere.
    let back = (!context.accounts.is_empty())
        .then(|| button(i18n.get("action-back")).kind(ButtonKind::Quiet).on_press(Message::BackPressed));
    let content = column![
        text("Causerie").size(size::DISPLAY).font(theme::STRONG),
        parts::words(i18n.get("welcome-what")).align_x(Alignment::Center),
        container(doors).padding(Padding::ZERO.top(gap::S)).max_width(400.0),
        parts::aside(i18n.get("welcome-private")).align_x(Alignment::Center),
        row![languages, network].push(back).spacing(gap::M).wrap(),
    ]
    .spacing(gap::L)
    .align_x(Alignment::Center);
    focus::scope(parts::page(content))
}

/// A way in: what it is called, and for whom it is.
fn door<'a>(
    which: Icon,
    [name, note]: [String; 2],
    kind: ButtonKind,
    message: Message,
) -> Element<'a, Message> {
    let lines = column![
        text(name.clone()).size(size::BODY).font(theme::STRONG),
        text(note).size(size::SECONDARY).line_height(theme::LINE_HEIGHT),
    ]
    .width(Length::Fill);
    let content = row![icon(which, size::ICON), lines].spacing(gap::M).align_y(Alignment::Center);
    let door = control(Role::Button, name, content).kind(kind).padding([gap::M, gap::L]).width(Length::Fill);
    let door = if kind == ButtonKind::Primary { door.id(NEW) } else { door };
    door.on_press(message).into()
}
