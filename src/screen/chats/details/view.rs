//! How the page about a person looks.

use causerie_model::{Contact, Repair, Subscription};
use iced::widget::{column, container, row, rule, scrollable, space, text};
use iced::{Alignment, Length, Padding};

use super::super::privacy::can_encrypt;
use super::{Asked, Details, Message, Part};
use crate::context::Context;
use crate::icon::Icon;
use crate::screen::{handout, keys, parts};
use crate::theme::style::ButtonKind;
use crate::theme::{self, Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, icon_button, icon_button_named, menu_button, menu_button_danger};
use crate::widget::message_text::told;
use crate::words;

/// The name field's name.
const NAME: &str = "details-name";
/// The name of the button that closes the page.
pub(crate) const CLOSE: &str = "details-close";
/// The name of the button that takes a question back, and of what is scrolled to show it.
pub(crate) const CANCEL: &str = "details-cancel";
pub(crate) const PAGE: &str = "details-page";
const GROUPS: &str = "details-groups";
/// Width and height of the picture.
const PICTURE: f32 = 96.0;

/// The page.
pub(crate) fn view<'a>(details: &'a Details, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    if let Some(comparing) = keys::compare_page(&details.keys, context) {
        return page(comparing.map(Message::Keys));
    }
    let share = details.shared.as_ref().map(|shared| {
        let name = context.name(details.key());
        let what = i18n.with("details-share-what", &[("name", name.into())]);
        column![parts::aside(what), handout::view(shared, context, Message::ShareCopied)].spacing(gap::L)
    });
    let title = if share.is_some() {
        "details-share"
    } else if details.part == Part::Keys {
        "devices"
    } else {
        "details"
    };
    let top = row![
        parts::heading(i18n.get(title), size::TITLE),
        space::horizontal(),
        icon_button_named(CLOSE, Icon::X, i18n.get("action-close"), Message::Closed),
    ]
    .align_y(Alignment::Center);
    let mut lines = column![container(top).padding([gap::S, 0.0])].spacing(gap::L);
    if let Some(share) = share {
        lines = lines.push(share);
    } else if details.part == Part::Keys {
        let devices = keys::devices(&details.keys, context).map(Message::Keys);
        lines = lines.push(column![devices].push(repair(details, context)).spacing(gap::L));
    } else if let Some(person) = &details.person {
        lines = lines.push(who(details, person, context));
        lines = lines.push(known(details, person, context));
        lines = lines.push(rule::horizontal(1).style(style::hairline));
        let devices = keys::devices(&details.keys, context).map(Message::Keys);
        lines = lines.push(column![parts::label(i18n.get("devices")), devices].spacing(gap::S));
        lines = lines.push(rule::horizontal(1).style(style::hairline));
        lines = lines.push(deeds(details, person, context));
    }
    page(lines)
}

fn page<'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    let page = container(content).max_width(parts::PAGE).padding([gap::S, gap::L]);
    let page = container(page).center_x(Length::Fill);
    container(scrollable(page).id(PAGE).height(Length::Fill)).height(Length::Fill).style(style::paper).into()
}

fn who<'a>(details: &'a Details, person: &'a Contact, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let presence = context.presence(details.key());
    let name = person.display_name();
    let jid = person.item.jid.as_str();
    let mut lines = column![
        container(parts::person(jid, name, person.avatar, None, PICTURE, context))
            .padding(Padding::ZERO.bottom(gap::S)),
        Element::from(told(name.to_owned(), size::TITLE).font(theme::STRONG).centred()),
        parts::aside(words::presence(i18n, &presence)).align_x(Alignment::Center),
    ]
    .spacing(gap::XS)
    .align_x(Alignment::Center)
    .width(Length::Fill);
    if let Some(nickname) = person.nickname.as_deref().filter(|nickname| *nickname != name) {
        let said = i18n.with("details-nickname", &[("name", nickname.into())]);
        let said = told(said, size::SECONDARY).color(|tokens| tokens.muted).centred();
        lines = lines.push(Element::from(said));
    }
    lines.into()
}

fn known<'a>(details: &'a Details, person: &'a Contact, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let jid = text(person.item.jid.to_string()).size(size::BODY).width(Length::Fill);
    let address = row![jid, icon_button(Icon::Copy, i18n.get("details-copy"), Some(Message::CopyPressed))]
        .spacing(gap::S)
        .align_y(Alignment::Center);
    let mut lines = column![
        column![parts::label(i18n.get("details-address")), address],
        column![
            parts::label(i18n.get("details-availability")),
            parts::words(words::subscription(i18n, person)),
        ]
        .spacing(gap::XS),
    ]
    .spacing(gap::L);
    if is_listed(details, context) {
        let name = parts::field(NAME, i18n.get("details-name"), &details.name)
            .hint(person.nickname.clone().unwrap_or_else(|| person.item.jid.to_string()))
            .note(i18n.get("details-name-note"))
            .on_input(Some(Message::NameChanged))
            .on_submit(Message::Saved);
        let groups = parts::field(GROUPS, i18n.get("details-groups"), &details.groups)
            .note(i18n.get("details-groups-note"))
            .on_input(Some(Message::GroupsChanged))
            .on_submit(Message::Saved);
        lines = lines.push(Element::from(name)).push(Element::from(groups));
        if details.is_changed() {
            let save = button(i18n.get("action-save")).kind(ButtonKind::Primary).on_press(Message::Saved);
            lines = lines.push(save);
        }
    }
    lines.into()
}

/// Whether the person is on the list of contacts.
fn is_listed(details: &Details, context: &Context) -> bool {
    context.contact(details.key()).is_some()
}

fn deeds<'a>(details: &'a Details, person: &'a Contact, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let name = || person.display_name().to_owned();
    let ask = |question: String, deed: String| {
        let actions = vec![
            button(deed).kind(ButtonKind::Danger).on_press(Message::Confirmed).into(),
            button(i18n.get("action-cancel")).id(CANCEL).on_press(Message::Dismissed).into(),
        ];
        parts::banner(Icon::CircleAlert, |tokens| tokens.bad, question, actions)
    };
    match details.asked {
        Asked::Remove => {
            let question = i18n.with("details-remove-question", &[("name", name().into())]);
            return ask(question, i18n.get("details-remove"));
        }
        Asked::Block => {
            let question = i18n.with("details-block-question", &[("name", name().into())]);
            return ask(question, i18n.get("details-block"));
        }
        Asked::Nothing => {}
    }
    let mut lines = column![].spacing(2.0);
    let listed = is_listed(details, context);
    if !listed || person.item.subscription != Subscription::Both {
        let label = i18n.get(if listed { "details-ask-again" } else { "details-add" });
        lines = lines.push(menu_button(Icon::UserPlus, label, Some(Message::AddPressed)));
    }
    let share = i18n.get("details-share");
    lines = lines.push(menu_button(Icon::QrCode, share, Some(Message::SharePressed)));
    lines = lines.push(repair(details, context));
    let block = if person.blocked {
        menu_button(Icon::ShieldCheck, i18n.get("details-unblock"), Some(Message::UnblockPressed))
    } else {
        menu_button_danger(Icon::Ban, i18n.get("details-block"), Some(Message::BlockPressed))
    };
    lines = lines.push(block);
    if listed || context.is_wished(details.key()) {
        let remove = i18n.get("details-remove");
        lines = lines.push(menu_button_danger(Icon::UserMinus, remove, Some(Message::RemovePressed)));
    }
    lines.into()
}

/// What helps where nothing can be read any more, and how that goes.
fn repair<'a>(details: &Details, context: &'a Context) -> Option<Element<'a, Message>> {
    if details.keys.is_empty() || !can_encrypt(details.key(), context) {
        return None;
    }
    let going = context.repairs.get(details.key()).copied();
    let press = (going != Some(Repair::Begun)).then_some(Message::RepairPressed);
    let button = menu_button(Icon::RefreshCw, context.i18n.get("details-repair"), press);
    let said = going.map(|going| {
        let said = words::repair(&context.i18n, going);
        labelled(Role::Status, said.clone(), container(parts::aside(said)).padding([0.0, gap::M]))
    });
    Some(column![button].push(said).spacing(gap::XS).into())
}
