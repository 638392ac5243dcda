//! Version, licence, where to read more.

use iced::Padding;
use iced::widget::{column, container, text};

use super::view::{group, rows};
use super::{Links, Message, Settings};
use crate::context::Context;
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::platform::handler::{self, Fault};
use crate::screen::parts;
use crate::theme::{self, Element, size, space as gap};
use crate::widget::button::button;

/// The part.
pub(super) fn view<'a>(settings: &'a Settings, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let version = i18n.with("about-version", &[("version", env!("CARGO_PKG_VERSION").into())]);
    let name = column![
        text("Causerie").size(size::HEADING).font(theme::STRONG),
        parts::aside(version),
        container(parts::words(i18n.get("welcome-what"))).padding(Padding::ZERO.top(gap::M)),
    ]
    .spacing(gap::XS);
    let links = handler::OFFERED.then(|| links(&settings.links, i18n));
    let mut all = vec![name.into()];
    all.extend(links);
    all.extend([
        group(i18n.get("about-licence"), parts::words(i18n.get("about-licence-words"))),
        group(
            i18n.get("about-parts"),
            column![
                parts::words(i18n.get("about-parts-words")),
                parts::words(i18n.get("about-parts-crates"))
            ]
            .spacing(gap::S),
        ),
    ]);
    rows(all)
}

/// Who opens `xmpp:` links.
fn links<'a>(links: &Links, i18n: &I18n) -> Element<'a, Message> {
    let press = (!matches!(links, Links::Asked)).then_some(Message::LinksPressed);
    let open = button(i18n.get("about-links-open")).icon(Icon::Link).on_press_maybe(press);
    let told: Option<Element<'a, Message>> = match links {
        Links::Unasked => None,
        Links::Asked => Some(parts::waiting(i18n.get("about-links-asked"))),
        Links::Told(told) => Some(match words(told, i18n) {
            Ok(said) => parts::banner(Icon::CircleCheck, |tokens| tokens.good, said, Vec::new()),
            Err(said) => parts::banner(Icon::CircleAlert, |tokens| tokens.warn, said, Vec::new()),
        }),
    };
    let lines = column![parts::words(i18n.get("about-links-what")), Element::from(open)].push(told);
    group(i18n.get("about-links"), lines.spacing(gap::S))
}

/// What was done, or why not.
fn words(told: &Result<handler::Done, handler::Fault>, i18n: &I18n) -> Result<String, String> {
    let at = |key, path: &std::path::Path| i18n.with(key, &[("path", path.display().to_string().into())]);
    match told {
        Ok(Some(file)) => Ok(at("about-links-done-file", file)),
        Ok(None) => Ok(i18n.get("about-links-done")),
        Err(Fault::NoPlace) => Err(i18n.get("about-links-no-place")),
        Err(Fault::Theirs(file)) => Err(at("about-links-theirs", file)),
        Err(Fault::NotWritten(file)) => Err(at("about-links-not-written", file)),
        Err(Fault::NoTool) => Err(i18n.get("about-links-no-tool")),
        Err(Fault::Refused) => Err(i18n.get("about-links-refused")),
    }
}
