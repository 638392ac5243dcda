//! How the main window is laid out.

use iced::widget::{column, container, mouse_area, opaque, row, rule, space, stack};
use iced::{Length, Padding, mouse};

use super::{
    Beside, Chats, Message, Open, Panel, add_contact, composer, details, header, invite, list, own, privacy,
    timeline, unkept,
};
use crate::context::{Context, Panes};
use crate::icon::Icon;
use crate::screen::{link, parts};
use crate::settings::ListWidth;
use crate::theme::{Element, space as gap, style};
use crate::widget::focus;

/// The width of the page about a person, where it is beside the conversation.
const DETAILS: f32 = 320.0;

/// The main window.
#[cfg(test)]
pub(crate) fn view<'a>(chats: &'a Chats, context: &'a Context) -> Element<'a, Message> {
    view_above(chats, context, (0, 0))
}

/// The main window, and at its foot that so many links wait, with the button that shows the next one, and how many were not kept.
pub(crate) fn view_above<'a>(
    chats: &'a Chats,
    context: &'a Context,
    (links, dropped): (usize, usize),
) -> Element<'a, Message> {
    let panes = context.panes();
    let width = chats.dragged.map_or(context.list_width(), |width| ListWidth::from(width).into());
    let content: Element<'a, Message> = match panes {
        Panes::One => match (&chats.beside, &chats.open) {
            (Beside::Nothing, None) => list_pane(chats, context),
            _ => main_pane(chats, context, panes),
        },
        Panes::Two | Panes::Three => {
            let list = container(list_pane(chats, context)).width(width);
            row![list, border(), main_pane(chats, context, panes)].into()
        }
    };
    let content = container(content).width(Length::Fill).height(Length::Fill).style(style::paper);
    let foot = (links > 0).then(|| link::to_show(links, Message::LinkPressed, context));
    let below = (dropped > 0).then(|| link::dropped(dropped, Some(Message::DroppedPressed), context));
    let content = column![content].push(foot).push(below);
    // What is in the window keeps its place in the tree, whatever comes over it: there is its memory of scrolling and focus.
    let mut content = mouse_area(content);
    if chats.dragged.is_some() {
        content = content
            .on_move(|point| Message::BorderDragged(point.x))
            .on_release(Message::BorderDropped)
            .interaction(mouse::Interaction::ResizingHorizontally);
    }
    let below = Padding::ZERO.top(60.0).left(gap::S).right(gap::S);
    let (closing, place) = match (&chats.own, chats.panel, chats.open_key()) {
        (Some(own), ..) => {
            let menu = opaque(own::view(own, context).map(Message::Own));
            (Message::Own(own::Message::Closed), container(menu).padding(below))
        }
        (None, Panel::Open, Some(key)) => {
            let panel = container(opaque(privacy::panel(key, context))).padding(below.right(gap::HUGE));
            (Message::LockPressed, panel.align_right(Length::Fill))
        }
        (None, ..) => return focus::scope(stack![content]),
    };
    let shade = mouse_area(container(space::vertical()).width(Length::Fill).height(Length::Fill));
    focus::scope(stack![focus::inert(content), shade.on_press(closing), focus::scope(place)])
}

/// The edge of the list, which can be dragged.
fn border<'a>() -> Element<'a, Message> {
    // What is beside it begins at the line.
    let line = row![space::horizontal().width(3.0), rule::vertical(1).style(style::hairline)];
    mouse_area(line)
        .on_press(Message::BorderPressed)
        .interaction(mouse::Interaction::ResizingHorizontally)
        .into()
}

fn list_pane<'a>(chats: &'a Chats, context: &'a Context) -> Element<'a, Message> {
    let open = chats.open_key();
    column![
        header::own(chats.list.only(), context),
        list::view(&chats.list, open, context).map(Message::List),
        header::notices(&chats.notices, context),
        unkept::banner(context).unwrap_or_else(|| column![].into()),
        header::foot(context),
    ]
    .height(Length::Fill)
    .into()
}

fn main_pane<'a>(chats: &'a Chats, context: &'a Context, panes: Panes) -> Element<'a, Message> {
    match (&chats.beside, &chats.open) {
        (Beside::Add(form), _) => add_contact::view(form, context).map(Message::Add),
        (Beside::Invite(page), _) => invite::view(page, context).map(Message::Invite),
        (Beside::Details(page), Some(open)) if panes == Panes::Three => {
            let page = container(details::view(page, context).map(Message::Details)).width(DETAILS);
            row![conversation(open, context), rule::vertical(1).style(style::hairline), page].into()
        }
        (Beside::Details(page), _) => details::view(page, context).map(Message::Details),
        (Beside::Nothing, Some(open)) => row![conversation(open, context)].into(),
        (Beside::Nothing, None) => nothing_open(context),
    }
}

fn conversation<'a>(open: &'a Open, context: &'a Context) -> Element<'a, Message> {
    column![
        header::person(&open.key, context),
        rule::horizontal(1).style(style::hairline),
        timeline::view(&open.timeline, context).map(Message::Timeline),
    ]
    // Something is always there (what has no height at all would be left out): what comes and goes above the composer is not to take the keyboard from it.
    .push(unkept::waiting(&open.key, context).unwrap_or_else(|| column![].into()))
    .push(privacy::bar(&open.key, context).unwrap_or_else(|| column![].into()))
    .push(composer::view(&open.composer, &privacy::hint(&open.key, context), context).map(Message::Composer))
    .width(Length::Fill)
    .into()
}

fn nothing_open(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let nobody = context.conversations.is_empty() && context.contacts.is_empty();
    if nobody {
        return parts::empty(
            Icon::MessageCirclePlus,
            i18n.get("empty-nobody-title"),
            i18n.get("empty-nobody"),
            Some((i18n.get("add-contact"), Message::AddPressed)),
        );
    }
    parts::empty(Icon::MessageCircle, i18n.get("empty-choose-title"), i18n.get("empty-choose"), None)
}
