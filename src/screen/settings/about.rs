//! Version, licence, where to read more.

use iced::Padding;
use iced::widget::{column, container, text};

use super::Message;
use super::view::{group, rows};
use crate::context::Context;
use crate::screen::parts;
use crate::theme::{self, Element, size, space as gap};

/// The part.
pub(super) fn view(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let version = i18n.with("about-version", &[("version", env!("CARGO_PKG_VERSION").into())]);
    let name = column![
        text("Causerie").size(size::HEADING).font(theme::STRONG),
        parts::aside(version),
        container(parts::words(i18n.get("welcome-what"))).padding(Padding::ZERO.top(gap::M)),
    ]
    .spacing(gap::XS);
    rows(vec![
        name.into(),
        group(i18n.get("about-licence"), parts::words(i18n.get("about-licence-words"))),
        group(i18n.get("about-parts"), parts::words(i18n.get("about-parts-words"))),
    ])
}
