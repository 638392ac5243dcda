//! How the settings are laid out.

use causerie_model::{Confirming, Sharing};
use iced::widget::{Column, column, container, row, rule, scrollable, space, text};
use iced::{Alignment, Length};

use super::{Message, Page, Settings, about, accounts, appearance, confirming, sharing};
use crate::context::{Context, Panes};
use crate::i18n::I18n;
use crate::icon::{self, Icon};
use crate::screen::{keys, parts};
use crate::settings::{Notifications, Typing};
use crate::theme::style::{ButtonKind, Selection};
use crate::theme::{Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{checkbox, icon_button_named};
use crate::widget::control::{Ring, control};
use crate::widget::focus;

/// The name of the button that leaves the settings.
pub(crate) const BACK: &str = "settings-back";
/// The name of the page of devices, as what is scrolled.
pub(crate) const DEVICES: &str = "settings-devices";
/// The width of the list of parts.
const PARTS: f32 = 220.0;
/// The widest a part gets.
const WIDEST: f32 = 620.0;

/// The settings.
pub(crate) fn view<'a>(settings: &'a Settings, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let title = if settings.keys.is_some() { "own-devices" } else { "settings" };
    let top = row![
        icon_button_named(BACK, Icon::ArrowLeft, i18n.get("action-back"), Message::Closed),
        parts::heading(i18n.get(title), size::TITLE),
    ]
    .spacing(gap::S)
    .align_y(Alignment::Center);
    let top = container(top).padding(gap::M);
    if let Some(keys) = &settings.keys {
        return devices(keys, top.into(), context);
    }
    let page = container(page(settings, context)).max_width(WIDEST).padding([gap::L, gap::XL]);
    let names = Page::ALL.map(|page| part(page, settings.page == page, context));
    let body: Element<'a, Message> = if context.panes() == Panes::One {
        let names = container(focus::group(row(names).spacing(2.0).wrap())).padding([0.0, gap::M]);
        let all = column![names, rule::horizontal(1).style(style::hairline), page].spacing(gap::S);
        scrollable(all).width(Length::Fill).height(Length::Fill).into()
    } else {
        let names = container(focus::group(column(names).spacing(2.0))).width(PARTS).padding([0.0, gap::S]);
        let page = scrollable(page).width(Length::Fill).height(Length::Fill);
        row![names, rule::vertical(1).style(style::hairline), page].into()
    };
    let whole = container(column![top, body]).width(Length::Fill).height(Length::Fill).style(style::paper);
    focus::scope(whole)
}

/// The devices of an account: a page of its own, in place of all others.
fn devices<'a>(
    keys: &'a keys::Keys,
    top: Element<'a, Message>,
    context: &'a Context,
) -> Element<'a, Message> {
    let (top, content) = match keys::compare_page(keys, context) {
        Some(comparing) => (None, comparing),
        None => {
            let address = parts::words(keys.key().1.to_string());
            (Some(top), column![address, keys::devices(keys, context)].spacing(gap::S).into())
        }
    };
    let page = container(content.map(Message::Keys)).max_width(parts::PAGE).padding([gap::S, gap::L]);
    let page = scrollable(container(page).center_x(Length::Fill)).id(DEVICES);
    let page = page.width(Length::Fill).height(Length::Fill);
    let whole = column![].push(top).push(page);
    focus::scope(container(whole).width(Length::Fill).height(Length::Fill).style(style::paper))
}

fn part<'a>(page: Page, chosen: bool, context: &'a Context) -> Element<'a, Message> {
    let (which, key) = match page {
        Page::Appearance => (Icon::Palette, "settings-appearance"),
        Page::Accounts => (Icon::User, "settings-accounts"),
        Page::Notifications => (Icon::Bell, "settings-notifications"),
        Page::Privacy => (Icon::ShieldCheck, "settings-privacy"),
        Page::Network => (Icon::Globe, "settings-network"),
        Page::About => (Icon::Info, "settings-about"),
    };
    let label = context.i18n.get(key);
    let narrow = context.panes() == Panes::One;
    let mut content = row![].spacing(gap::M).align_y(Alignment::Center);
    if !narrow {
        content = content.push(icon::icon(which, size::ICON));
    }
    let content = content.push(text(label.clone()).size(size::BODY));
    control(Role::Tab, label, content)
        .kind(ButtonKind::Row(Selection::from(chosen)))
        .ring(Ring::Inside)
        .padding([gap::S, gap::M])
        .width(if narrow { Length::Shrink } else { Length::Fill })
        .on_press(Message::PageChosen(page))
        .into()
}

fn page<'a>(settings: &'a Settings, context: &'a Context) -> Element<'a, Message> {
    match settings.page {
        Page::Appearance => appearance::view(context),
        Page::Accounts => accounts::view(settings, context),
        Page::Notifications => notifications(context),
        Page::Privacy => privacy(context),
        Page::Network => super::network::view(&settings.network, context).map(Message::Network),
        Page::About => about::view(settings, context),
    }
}

/// A part of a page: its name, and what can be chosen.
pub(super) fn group<'a>(title: String, content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    let group = column![parts::label(title.clone()), content.into()].spacing(gap::S);
    labelled(Role::Group, title, group)
}

fn notifications(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let choice = |shown, key: &str, note: Option<&str>| {
        let chosen = context.settings.notifications == shown;
        let note = note.map(|note| i18n.get(note));
        parts::choice(i18n.get(key), note, chosen, Message::NotificationsChosen(shown))
    };
    let choices = column![
        choice(Notifications::None, "notifications-none", None),
        choice(Notifications::Name, "notifications-name", Some("notifications-name-note")),
        choice(Notifications::NameAndText, "notifications-text", Some("notifications-text-note")),
    ];
    group(i18n.get("notifications-what"), focus::group(choices))
}

fn privacy(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let noted = |check: Element<'static, Message>, note: &str| {
        column![check, container(parts::aside(i18n.get(note))).padding([0.0, gap::XL + gap::S])].spacing(2.0)
    };
    let typing = context.settings.typing == Typing::Shown;
    let shares = sharing(context) == Sharing::Contacts;
    let (arrival, reading) = match confirming(context) {
        Confirming::Nothing => (false, false),
        Confirming::Arrival => (true, false),
        Confirming::Reading => (true, true),
    };
    let lines = column![
        noted(checkbox(i18n.get("privacy-typing"), typing, typing_chosen), "privacy-typing-note"),
        noted(checkbox(i18n.get("privacy-arrival"), arrival, arrival_chosen), "privacy-arrival-note"),
        noted(checkbox(i18n.get("privacy-reading"), reading, reading_chosen), "privacy-reading-note"),
        noted(checkbox(i18n.get("privacy-sharing"), shares, sharing_chosen), "privacy-sharing-note"),
        space::vertical().height(gap::S),
        honesty(i18n),
    ];
    group(i18n.get("settings-privacy"), lines.spacing(gap::M))
}

fn typing_chosen(on: bool) -> Message {
    Message::TypingChosen(if on { Typing::Shown } else { Typing::Hidden })
}

/// Who tells that something was read tells that it has arrived.
fn arrival_chosen(on: bool) -> Message {
    Message::ConfirmingChosen(if on { Confirming::Arrival } else { Confirming::Nothing })
}

fn reading_chosen(on: bool) -> Message {
    Message::ConfirmingChosen(if on { Confirming::Reading } else { Confirming::Arrival })
}

fn sharing_chosen(on: bool) -> Message {
    Message::SharingChosen(if on { Sharing::Contacts } else { Sharing::Nobody })
}

fn honesty<'a>(i18n: &I18n) -> Element<'a, Message> {
    let said = format!("{} {}", i18n.get("encryption-honesty"), i18n.get("encryption-on-disk"));
    parts::banner(Icon::Eye, |tokens| tokens.muted, said, Vec::new())
}

/// Rows one below the other.
pub(super) fn rows<'a>(rows: Vec<Element<'a, Message>>) -> Element<'a, Message> {
    Column::with_children(rows).spacing(gap::XL).into()
}
