//! How the first page looks.

use iced::widget::{column, container, row, text};
use iced::{Alignment, Length, Padding};

use super::Message;
use crate::context::Context;
use crate::i18n::Language;
use crate::icon::Icon;
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, size, space as gap};
use crate::widget::button::{button, choice, link_button};
use crate::widget::focus;

/// The first page.
pub(crate) fn view(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let sign_in = button(i18n.get("welcome-sign-in"))
        .kind(ButtonKind::Primary)
        .icon(Icon::LogIn)
        .width(Length::Fill)
        .id(SIGN_IN)
        .on_press(Message::SignInPressed);
    let providers = column![
        parts::aside(i18n.get("welcome-no-account")).align_x(Alignment::Center),
        link_button(i18n.get("welcome-providers"), Some(Message::ProvidersPressed)),
    ]
    .spacing(gap::XS)
    .align_x(Alignment::Center);
    let languages = choice(
        i18n.get("settings-language"),
        Language::OFFERED.map(|language| (language, language.own_name().to_owned())),
        i18n.language(),
        |language| Message::LanguageChosen(language.tag().to_owned()),
    );
    let name = text("Causerie").size(size::DISPLAY).font(crate::theme::STRONG);
    let content = column![
        name,
        parts::words(i18n.get("welcome-what")).align_x(Alignment::Center),
        container(sign_in).padding(Padding::ZERO.top(gap::L)).max_width(320.0),
        providers,
        row![languages].padding(Padding::ZERO.top(gap::XL)),
    ]
    .spacing(gap::L)
    .align_x(Alignment::Center);
    focus::scope(parts::page(content))
}

/// The main button's name.
pub(crate) const SIGN_IN: &str = "welcome-sign-in";
