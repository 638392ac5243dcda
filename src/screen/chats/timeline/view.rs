//! How the messages look.

use iced::widget::{column, container, row, rule, stack, text};
use iced::{Alignment, Length, Padding};

use super::entries::{Entry, Key};
use super::page::Reach;
use super::{AtEnd, Message, Timeline, message};
use crate::context::{AccountState, Context};
use crate::icon::Icon;
use crate::screen::parts;
use crate::theme::{self, Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::focus;
use crate::widget::list::{Start, VirtualList};

/// The widest the column of messages gets.
pub(crate) const COLUMN: f32 = 720.0;

/// The messages, the newest at the bottom.
pub(crate) fn view<'a>(timeline: &'a Timeline, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let rows = timeline.page.rows();
    if rows.is_empty() {
        return match timeline.page.reach() {
            Reach::Unknown => container(column![]).height(Length::Fill).into(),
            Reach::Partial | Reach::Whole => {
                let (account, peer) = &timeline.key;
                let to_oneself = context.account(*account).is_some_and(|own| own.account.jid == *peer);
                let (icon, title, said) = if to_oneself {
                    (Icon::Pencil, "timeline-notes-title", "timeline-notes")
                } else {
                    (Icon::MessageCircle, "timeline-empty-title", "timeline-empty")
                };
                parts::empty(icon, i18n.get(title), i18n.get(said), None)
            }
        };
    }
    let list = VirtualList::new(
        rows.len(),
        move |place| rows.get(place).map_or(Key::Unread, Entry::key),
        move |key: &Key| timeline.page.place(key),
        move |place| entry(timeline, place, context),
    )
    .id(timeline.list_id())
    .start(Start::Bottom)
    .on_change(Message::Scrolled);
    let list = labelled(Role::List, i18n.get("timeline"), focus::group_from_end(list));
    let list = container(list).height(Length::Fill);
    // The list stays at its place in the tree, with what is over it or without: there is its memory of where it is.
    let jump: Element<'a, Message> = match timeline.at_end {
        AtEnd::Yes => column![].into(),
        AtEnd::No => {
            let jump = button(i18n.get("timeline-jump")).icon(Icon::ArrowDown).on_press(Message::JumpPressed);
            let jump = container(container(jump).style(style::floating)).align_bottom(Length::Fill);
            jump.center_x(Length::Fill).padding(Padding::ZERO.bottom(gap::M)).into()
        }
    };
    stack![list, jump, fetching(timeline, context)].into()
}

/// Over the oldest messages, that older ones are fetched. What is below it can be clicked and scrolled.
fn fetching<'a>(timeline: &'a Timeline, context: &'a Context) -> Element<'a, Message> {
    let is_online = context.account(timeline.key.0).is_some_and(AccountState::is_online);
    if !timeline.fetching.is_seen() || !is_online {
        return column![].into();
    }
    let said = context.i18n.get("timeline-older");
    let words = text(said.clone()).size(size::META).style(style::muted);
    let words = container(words).padding([gap::XS, gap::M]).style(style::floating);
    let words = labelled(Role::Status, said, words);
    container(words).center_x(Length::Fill).padding(Padding::ZERO.top(gap::S)).into()
}

fn entry<'a>(timeline: &'a Timeline, place: usize, context: &'a Context) -> Element<'a, Message> {
    let row = match timeline.page.rows().get(place) {
        Some(Entry::Day(_, at)) => day(context.i18n.day(*at, context.now, &context.zone)),
        Some(Entry::Unread) => unread(context),
        Some(Entry::Message { index, place, .. }) => match timeline.page.message(*index) {
            Some(found) => {
                let menu = timeline.menu == Some(found.id);
                let opened = message::Opened { menu, whole: timeline.whole.contains(&found.id) };
                message::view(found, *place, opened, timeline, context)
            }
            None => row![].into(),
        },
        None => row![].into(),
    };
    let last = place + 1 == timeline.page.rows().len();
    let below = if last { gap::M } else { 0.0 };
    let column = container(row).max_width(COLUMN).padding(Padding::from([0.0, gap::L]).bottom(below));
    container(column).center_x(Length::Fill).into()
}

fn day<'a>(said: String) -> Element<'a, Message> {
    let words = text(said.clone()).size(size::META).font(theme::STRONG).style(style::muted);
    let line = || container(rule::horizontal(1).style(style::hairline)).width(Length::Fill);
    let content = row![line(), words, line()].spacing(gap::M).align_y(Alignment::Center);
    labelled(Role::Heading, said, container(content).padding([gap::L, 0.0]))
}

fn unread(context: &Context) -> Element<'_, Message> {
    let said = context.i18n.get("timeline-new");
    let words = text(said.clone()).size(size::META).font(theme::STRONG).style(style::accent);
    let words = container(words).center_x(Length::Fill).padding([gap::S, 0.0]);
    labelled(Role::Heading, said, words)
}
