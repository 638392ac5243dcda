//! One row of the list.

use causerie_model::conversation::LastMessage;
use causerie_model::{
    AccountId, BareJid, Contact, Conversation, Direction, MessageState, SubscriptionRequest,
};
use iced::widget::{column, container, row, text};
use iced::{Alignment, Length, Padding};

use super::Message;
use super::rows::{Heading, Row};
use super::view::SIGN;
use crate::context::{Context, Key};
use crate::icon::{self, Icon};
use crate::screen::{account, parts};
use crate::theme::style::{ButtonKind, Selection};
use crate::theme::{self, Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, row_button};
use crate::widget::message_text::{line, told};
use crate::words;

/// Width and height of pictures.
const PICTURE: f32 = 40.0;

/// One row.
pub(super) fn view<'a>(row: &Row, open: Option<&Key>, context: &'a Context) -> Element<'a, Message> {
    match row {
        Row::Heading(which) => heading(*which, context),
        Row::Request(place) => match context.requests.get(*place) {
            Some((account, asked)) => request(*account, asked, context),
            None => row![].into(),
        },
        Row::Conversation(place) => match context.conversations.get(*place) {
            Some(found) => conversation(found, open, context),
            None => row![].into(),
        },
        Row::Contact(place) => match context.contacts.get(*place) {
            Some((account, found)) => contact(*account, found, open, context),
            None => row![].into(),
        },
        Row::Add(address) => add(address, context),
    }
}

fn heading(which: Heading, context: &Context) -> Element<'_, Message> {
    let said = context.i18n.get(match which {
        Heading::Requests => "list-requests",
        Heading::Contacts => "list-contacts",
    });
    let words = text(said.clone()).size(size::META).font(theme::STRONG).style(style::muted);
    let words =
        container(words).padding(Padding { top: gap::M, right: gap::M, bottom: gap::XS, left: gap::M });
    labelled(Role::Heading, said, words)
}

fn conversation<'a>(
    found: &'a Conversation,
    open: Option<&Key>,
    context: &'a Context,
) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let key = (found.account, found.peer.clone());
    let presence = context.presence(&key);
    let time = found.last.as_ref().map(|last| i18n.short(last.at, context.now, &context.zone));
    let time = time.unwrap_or_default();
    let unread = found.unread > 0;
    let face = if unread { theme::STRONG } else { theme::TEXT };
    let name = line(&found.name, size::BODY).font(face);
    let first = row![
        container(Element::from(name)).width(Length::Fill).clip(true),
        text(time.clone()).size(size::META).style(if unread { style::accent } else { style::muted }),
    ]
    .spacing(gap::S)
    .align_y(Alignment::Center);
    let (before, said) = last_line(found, &key, context);
    let colour = before_colour(found);
    let mut second = row![container(second_line(&before, colour, &said)).width(Length::Fill).clip(true)]
        .spacing(gap::S)
        .align_y(Alignment::Center);
    if unread {
        second = second.push(parts::badge(found.unread, context));
    }
    let picture =
        parts::person(found.peer.as_str(), &found.name, found.avatar, Some(&presence), PICTURE, context);
    let content = row![]
        .push(account::stripe(found.account, context))
        .push(picture)
        .push(column![first, second].spacing(2.0).width(Length::Fill))
        .spacing(gap::M)
        .align_y(Alignment::Center);
    let count = i18n.with("unread-count", &[("count", found.unread.into())]);
    let presence = whereabouts(found, &key, context);
    let label = match unread {
        true => format!("{}, {presence}, {count}, {before}{said}, {time}", found.name),
        false => format!("{}, {presence}, {before}{said}, {time}", found.name),
    };
    let label = of_account(label, found.account, context);
    let chosen = Selection::from(open == Some(&key));
    row_button(label, content, chosen).on_press(Message::Chosen(key)).into()
}

/// What is told of a row, with the account that it is of: a colour says it to those who see it.
fn of_account(label: String, account: AccountId, context: &Context) -> String {
    match account::of_several(account, context) {
        Some(own) => format!("{label}, {}", context.i18n.with("list-of-account", &[("account", own.into())])),
        None => label,
    }
}

/// Where the other side is. Who has written something is not looked up among the contacts, which may be thousands.
fn whereabouts(found: &Conversation, key: &Key, context: &Context) -> String {
    let contact = if found.last.is_none() { context.contact(key) } else { None };
    words::whereabouts(&context.i18n, &context.presence(key), contact)
}

/// What a conversation shows in its second line: who or what it is of, and the text.
fn last_line(found: &Conversation, key: &Key, context: &Context) -> (String, String) {
    let i18n = &context.i18n;
    if context.is_typing(key) {
        return (String::new(), i18n.get("list-typing"));
    }
    if !found.draft.trim().is_empty() {
        return (i18n.get("list-draft"), words::one_line(&found.draft));
    }
    let Some(last) = &found.last else {
        // An address that stands in for the name is not said twice.
        let named = found.name != found.peer.as_str();
        let second = if named { found.peer.to_string() } else { whereabouts(found, key, context) };
        return (String::new(), second);
    };
    let said = match last.text.trim() {
        _ if last.is_retracted => i18n.get("message-deleted"),
        "" => i18n.get("list-unreadable"),
        _ => words::one_line(&last.text),
    };
    match (last.direction, &last.state) {
        (Direction::Outgoing, MessageState::Failed(_)) => (i18n.get("list-failed"), said),
        (Direction::Outgoing, _) => (i18n.get("list-you"), said),
        (Direction::Incoming, _) => (String::new(), said),
    }
}

/// What waits for the person stands out, and what went wrong; who wrote does not.
fn before_colour(found: &Conversation) -> fn(&theme::Tokens) -> iced::Color {
    let failed = |last: &LastMessage| matches!(last.state, MessageState::Failed(_));
    if !found.draft.trim().is_empty() {
        |tokens| tokens.accent
    } else if found.last.as_ref().is_some_and(failed) {
        |tokens| tokens.bad
    } else {
        |tokens| tokens.muted
    }
}

fn second_line<'a>(
    before: &str,
    colour: fn(&theme::Tokens) -> iced::Color,
    said: &str,
) -> Element<'a, Message> {
    let before = text(if before.is_empty() { String::new() } else { format!("{before} ") })
        .size(size::SECONDARY)
        .line_height(theme::LINE_HEIGHT)
        .style(move |theme: &theme::Theme| text::Style { color: Some(colour(theme.tokens())) })
        .wrapping(text::Wrapping::None);
    row![before, line(said, size::SECONDARY).color(|tokens| tokens.muted)].into()
}

fn contact<'a>(
    account: AccountId,
    found: &'a Contact,
    open: Option<&Key>,
    context: &'a Context,
) -> Element<'a, Message> {
    let key = (account, found.item.jid.clone());
    let presence = context.presence(&key);
    let said = words::whereabouts(&context.i18n, &presence, Some(found));
    let name = found.display_name();
    let picture =
        parts::person(found.item.jid.as_str(), name, found.avatar, Some(&presence), PICTURE, context);
    let lines = column![
        Element::from(line(name, size::BODY)),
        Element::from(line(&said, size::SECONDARY).color(|tokens| tokens.muted)),
    ]
    .spacing(2.0)
    .clip(true)
    .width(Length::Fill);
    let content = row![].push(account::stripe(account, context)).push(picture).push(lines);
    let content = content.spacing(gap::M).align_y(Alignment::Center);
    let label = of_account(format!("{name}, {said}"), account, context);
    let chosen = Selection::from(open == Some(&key));
    row_button(label, content, chosen).on_press(Message::Chosen(key)).into()
}

fn add<'a>(address: &BareJid, context: &Context) -> Element<'a, Message> {
    let said = context.i18n.with("list-add", &[("address", address.as_str().into())]);
    let content = row![
        icon::tinted(Icon::UserPlus, SIGN, |tokens| tokens.accent),
        text(said.clone()).size(size::BODY).width(Length::Fill),
    ]
    .spacing(gap::M)
    .align_y(Alignment::Center);
    row_button(said, content, Selection::Off).on_press(Message::AddPressed(address.to_string())).into()
}

fn request<'a>(
    account: AccountId,
    asked: &'a SubscriptionRequest,
    context: &'a Context,
) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let name = asked.nickname.as_deref().filter(|name| !name.trim().is_empty());
    // Who has moved is called what their old address is called here: the nickname is only what they say of themselves.
    let before = asked.moved_from.as_ref().map(|old| context.name(&(account, old.clone())));
    let shown = before.as_deref().or(name).unwrap_or(asked.jid.as_str());
    let said = match &before {
        Some(before) => i18n.with("request-moved", &[("name", before.as_str().into())]),
        None => i18n.with("request-from", &[("name", shown.into())]),
    };
    let picture = parts::person(asked.jid.as_str(), shown, None, None, PICTURE, context);
    let mut lines = column![Element::from(told(said.clone(), size::BODY).font(theme::STRONG))];
    lines = lines.spacing(2.0).width(Length::Fill);
    if name.is_some() || before.is_some() {
        lines = lines.push(parts::aside(asked.jid.to_string()));
    }
    if let Some(own) = account::of_several(account, context) {
        lines = lines.push(parts::aside(i18n.with("request-to", &[("account", own.into())])));
    }
    if let Some(old) = &asked.moved_from {
        lines = lines.push(parts::aside(i18n.with("request-moved-note", &[("old", old.as_str().into())])));
    }
    if let Some(message) = asked.message.as_deref().filter(|message| !message.trim().is_empty()) {
        let said = told(parts::shortened(&words::one_line(message), 160), size::SECONDARY);
        lines = lines.push(Element::from(said.color(|tokens| tokens.muted)));
    }
    let jid = asked.jid.clone();
    let quiet =
        |label: &str, message| button(i18n.get(label)).kind(ButtonKind::Quiet).narrow().on_press(message);
    let answers = row![
        button(i18n.get(if before.is_some() { "add-submit" } else { "request-accept" }))
            .kind(ButtonKind::Primary)
            .narrow()
            .on_press(Message::Accepted(account, jid.clone())),
        quiet("request-decline", Message::Declined(account, jid.clone())),
        quiet("request-block", Message::Blocked(account, jid)),
    ]
    .spacing(gap::XS)
    .wrap();
    let content = column![row![picture, lines].spacing(gap::M), answers].spacing(gap::S);
    let card = container(content).padding(gap::M).width(Length::Fill).style(style::card);
    let said = if before.is_some() { format!("{said}: {}", asked.jid) } else { said };
    labelled(Role::Group, said, card)
}
