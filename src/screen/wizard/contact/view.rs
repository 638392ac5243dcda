//! How the page of the first contact looks.

use iced::Length;
use iced::widget::{column, container, row};

use causerie_model::BareJid;

use super::super::view::copied;
use super::{FirstContact, Message, Own, Trouble};
use crate::context::Context;
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::providers::Providers;
use crate::screen::chats::add_contact::Given;
use crate::screen::{frame, parts};
use crate::theme::{Element, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, link_button};
use crate::words;

/// The address field's name.
pub(crate) const ADDRESS: &str = "wizard-contact";
/// The side of one's own code.
const CODE: f32 = 148.0;

/// The page.
pub(crate) fn view<'a, M: Clone + 'a>(
    contact: &'a FirstContact,
    (own, given, providers): (&BareJid, Option<Given>, &Providers),
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
    on_submit: M,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let wrong = contact.trouble.map(|trouble| match trouble {
        Trouble::Address(error) => words::address_error(i18n, error),
        Trouble::Own => i18n.get("address-own"),
    });
    let field = parts::field(ADDRESS, i18n.get("wizard-contact"), &contact.address)
        .hint(i18n.get("sign-in-address-hint"))
        .wrong(wrong)
        .note(i18n.get("wizard-contact-note"))
        .on_input(Some(move |address| on(Message::AddressChanged(address))))
        .on_submit(on_submit);
    let name = contact.address.split('@').next().unwrap_or_default();
    let completions = contact.completions(providers, own).into_iter().map(|domain| {
        let label = format!("{name}@{domain}");
        button(label).narrow().on_press(on(Message::Completed(domain))).into()
    });
    let completions = iced::widget::Row::with_children(completions).spacing(gap::S).wrap();
    let named = given.and_then(|given| {
        let groups = Some(given.groups.join(", ")).filter(|groups| !groups.is_empty());
        let groups = groups.map(|groups| i18n.with("add-groups", &[("groups", groups.into())]));
        let name = given.name.map(|name| i18n.with("wizard-contact-named", &[("name", name.into())]));
        let said: Vec<String> = name.into_iter().chain(groups).collect();
        let said = Some(said.join(" ")).filter(|said| !said.is_empty())?;
        Some(labelled(Role::Status, said.clone(), parts::aside(said)))
    });
    let typed = column![Element::from(field)].push(named).push(completions).spacing(gap::S);
    let mut lines = column![typed].spacing(gap::XL);
    if let Some(mine) = &contact.own {
        let texts = [own.as_str(), &mine.link, &mine.page];
        let done = contact.copied.as_deref().is_some_and(|text| texts.contains(&text));
        lines = lines.push(handed_out(mine, own, done, context, on));
    }
    let room = providers.get(own.domain()).and_then(|provider| provider.room(i18n.language().tag()));
    let room = room.map(|room| {
        let named = [("provider", own.domain().to_owned().into()), ("room", room.as_str().to_owned().into())];
        let copy = Some(on(Message::CopyPressed(room.as_str().to_owned())));
        let copy = link_button(i18n.get("wizard-room-copy"), copy);
        let done = contact.copied.as_deref() == Some(room.as_str());
        column![parts::aside(i18n.with("wizard-room", &named)), copy]
            .push(done.then(|| copied(i18n)))
            .spacing(gap::XS)
    });
    lines.push(later(i18n, on)).push(room).into()
}

/// One's own address, for others.
fn handed_out<'a, M: Clone + 'a>(
    mine: &'a Own,
    own: &BareJid,
    done: bool,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let copy = |key: &str, text: &str| {
        button(i18n.get(key)).icon(Icon::Copy).on_press(on(Message::CopyPressed(text.to_owned())))
    };
    let buttons = row![
        Element::from(copy("wizard-copy-address", own.as_str())),
        Element::from(copy("wizard-copy-link", &mine.link)),
        Element::from(copy("wizard-copy-page", &mine.page)),
    ]
    .spacing(gap::S)
    .wrap()
    .vertical_spacing(gap::S);
    let words = column![
        parts::label(i18n.get("wizard-own")),
        parts::words(own.to_string()),
        parts::aside(i18n.get("wizard-own-note")),
        buttons,
    ]
    .push(done.then(|| copied(i18n)))
    .spacing(gap::S)
    .width(Length::Fill);
    let code = mine.code.as_ref().map(|code| code.view(i18n.get("wizard-own-code"), CODE));
    // Beside each other where there is room.
    let content: Element<'a, M> = if context.window.width < frame::NARROW {
        column![words].push(code).spacing(gap::L).into()
    } else {
        row![words].push(code).spacing(gap::L).into()
    };
    let card = container(content).padding(gap::L).width(Length::Fill).style(style::card);
    labelled(Role::Group, i18n.get("wizard-own"), card)
}

fn later<'a, M: Clone + 'a>(i18n: &I18n, on: impl Fn(Message) -> M) -> Element<'a, M> {
    row![
        link_button(i18n.get("wizard-note"), Some(on(Message::NotePressed))),
        link_button(i18n.get("wizard-later"), Some(on(Message::LaterPressed))),
    ]
    .spacing(gap::L)
    .wrap()
    .into()
}
