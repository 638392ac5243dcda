//! Light, dark, size of text, language.

use iced::Alignment;
use iced::widget::{column, container, row};

use super::Message;
use super::view::{group, rows};
use crate::context::Context;
use crate::i18n::Language;
use crate::icon::Icon;
use crate::screen::parts;
use crate::settings::{Acceleration, Appearance, TextSize};
use crate::theme::{Element, space as gap};
use crate::widget::access::{Role, labelled};
use crate::widget::button::icon_button;
use crate::widget::focus;

/// The part.
pub(super) fn view(context: &Context) -> Element<'_, Message> {
    rows(vec![colours(context), text_size(context), language(context), acceleration(context)])
}

fn colours(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let chosen = |appearance, key: &str| {
        let on = context.settings.appearance == appearance;
        parts::choice(i18n.get(key), None, on, Message::AppearanceChosen(appearance))
    };
    let choices = column![
        chosen(Appearance::System, "appearance-system"),
        chosen(Appearance::Light, "appearance-light"),
        chosen(Appearance::Dark, "appearance-dark"),
        chosen(Appearance::HighContrast, "appearance-contrast"),
    ];
    group(i18n.get("appearance-colours"), focus::group(choices))
}

fn text_size(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let now = context.settings.text_size;
    let smaller = TextSize::STEPS.into_iter().rev().find(|step| step.percent() < now.percent());
    let larger = TextSize::STEPS.into_iter().find(|step| step.percent() > now.percent());
    let said = i18n.with("appearance-percent", &[("percent", now.percent().to_string().into())]);
    let value =
        labelled(Role::Status, said.clone(), parts::words(said).align_x(Alignment::Center).width(64.0));
    let stepper = row![
        icon_button(Icon::Minus, i18n.get("appearance-smaller"), smaller.map(Message::TextSizeChosen)),
        value,
        icon_button(Icon::Plus, i18n.get("appearance-larger"), larger.map(Message::TextSizeChosen)),
    ];
    let stepper = container(stepper.align_y(Alignment::Center)).padding([0.0, gap::XS]);
    group(i18n.get("appearance-text-size"), stepper)
}

fn language(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let now = context.settings.language.as_deref().and_then(Language::of_tag);
    let system = i18n.get("language-system");
    let mut choices = column![parts::choice(system, None, now.is_none(), Message::LanguageChosen(None))];
    for language in Language::OFFERED {
        let chosen = Message::LanguageChosen(Some(language.tag().to_owned()));
        choices =
            choices.push(parts::choice(language.own_name().to_owned(), None, now == Some(language), chosen));
    }
    group(i18n.get("settings-language"), focus::group(choices))
}

fn acceleration(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let choice = |value, key: &str| {
        let on = context.settings.acceleration == value;
        parts::choice(i18n.get(key), None, on, Message::AccelerationChosen(value))
    };
    let choices = column![
        choice(Acceleration::Automatic, "acceleration-automatic"),
        choice(Acceleration::On, "acceleration-on"),
        choice(Acceleration::Off, "acceleration-off"),
        parts::aside(i18n.get("acceleration-note")),
    ];
    group(i18n.get("acceleration"), focus::group(choices))
}
