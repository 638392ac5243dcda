//! How the two steps look.

use causerie_model::BareJid;
use iced::Length;
use iced::widget::{column, container};

use super::super::identity::{Identity, name_field, password_field, with_words};
use super::Message;
use crate::context::Context;
use crate::icon::Icon;
use crate::screen::parts;
use crate::theme::{Element, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;

/// The page. Where it leads is shown before it is opened.
pub(crate) fn view<'a, M: Clone + 'a>(
    (page, words): (Option<&str>, &Option<String>),
    identity: &'a Identity,
    provider: &BareJid,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
    on_submit: M,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let on_identity = move |message| on(Message::Identity(message));
    let named = [("provider", provider.domain().to_owned().into())];
    let open = page.map(|page| {
        let open = button(i18n.get("wizard-open-page")).icon(Icon::ExternalLink);
        column![Element::from(open.on_press(on(Message::OpenPressed))), parts::aside(page.to_owned())]
            .spacing(gap::XS)
    });
    let ours = identity.is_chosen_here();
    let note = match (page, ours) {
        (None, _) => "wizard-web-no-page",
        (Some(_), true) => "wizard-web-first-ours",
        (Some(_), false) => "wizard-web-first-note",
    };
    let first = column![
        parts::label(i18n.get("wizard-web-first")),
        parts::aside(with_words(i18n.with(note, &named), words, i18n))
    ]
    .push(open)
    .spacing(gap::S);
    let second = column![
        parts::label(i18n.get("wizard-web-second")),
        parts::aside(i18n.get(if ours { "wizard-web-second-ours" } else { "wizard-web-second-note" })),
        name_field(identity, provider, i18n, on_identity, on_submit.clone()),
        password_field(identity, context, on_identity, on_submit),
    ]
    .spacing(gap::M);
    let card = |label: &str, content: Element<'a, M>| {
        let card = container(content).padding(gap::L).width(Length::Fill).style(style::card);
        labelled(Role::Group, i18n.get(label), card)
    };
    column![card("wizard-web-first", first.into()), card("wizard-web-second", second.into())]
        .spacing(gap::L)
        .into()
}
