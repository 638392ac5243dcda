//! How the list looks.

use iced::widget::{column, container, row, text_input};
use iced::{Alignment, Length, Padding};

use super::rows::{Heading, Row};
use super::{List, Message, item};
use crate::context::{Context, Key};
use crate::icon::{self, Icon};
use crate::screen::parts;
use crate::theme::{Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::link_button;
use crate::widget::focus;
use crate::widget::list::{BAR, VirtualList};

/// The filter's name.
pub(crate) const FILTER: &str = "filter";
/// The list's name.
const LIST: &str = "conversations";

/// What names a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Name {
    Heading(Heading),
    Request(Key),
    Person(Key),
    Add,
}

/// The filter and the rows that it leaves.
pub(crate) fn view<'a>(list: &'a List, open: Option<&'a Key>, context: &'a Context) -> Element<'a, Message> {
    let lines = column![filter(list, context)].push(elsewhere(list, context)).push(rows(list, open, context));
    focus::field_above(lines.height(Length::Fill))
}

/// What is new in the accounts that are not shown: nothing is missed by having chosen one.
fn elsewhere<'a>(list: &'a List, context: &'a Context) -> Option<Element<'a, Message>> {
    let news = list.news_elsewhere(context);
    let said = context.i18n.with("list-news-elsewhere", &[("count", news.into())]);
    let all = (news > 0).then(|| link_button(said, Some(Message::AllPressed)));
    all.map(|all| container(all).padding([0.0, gap::M]).into())
}

fn filter<'a>(list: &'a List, context: &'a Context) -> Element<'a, Message> {
    let label = context.i18n.get("list-filter");
    let input = text_input(&label, &list.filter)
        .id(FILTER)
        .size(14.0)
        .padding(Padding { top: gap::S, right: gap::M, bottom: gap::S, left: 34.0 })
        .style(style::input)
        .on_input(Message::Filtered)
        .on_submit(Message::FirstChosen);
    let sign = container(icon::tinted(Icon::Search, 16.0, |tokens| tokens.muted)).padding([9.0, gap::M]);
    let input = labelled(Role::TextInput, label, input);
    container(iced::widget::stack![input, sign]).padding([gap::XS, gap::M]).into()
}

fn rows<'a>(list: &'a List, open: Option<&'a Key>, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    if list.rows.is_empty() {
        let said = if list.is_filtered() { "list-no-result" } else { "list-empty" };
        let said = i18n.get(said);
        let words = parts::aside(said.clone()).align_x(Alignment::Center).width(Length::Fill);
        let words = container(words).height(Length::Fill).padding([gap::XL, gap::L]);
        return labelled(Role::Status, said, words);
    }
    let virtual_list = VirtualList::new(
        list.rows.len(),
        move |place| list.rows.get(place).map_or(Name::Add, |row| name(row, context)),
        move |wanted: &Name| list.rows.iter().position(|row| name(row, context) == *wanted),
        move |place| match list.rows.get(place) {
            Some(row) => item::view(row, open, context),
            None => row![].into(),
        },
    )
    .id(LIST)
    .spacing(2.0);
    // As wide as the filter above; the scroll bar has its place beside.
    let around = Padding { top: gap::XS, right: gap::M - BAR, bottom: gap::XS, left: gap::M };
    let content = container(focus::group(virtual_list)).padding(around).height(Length::Fill);
    labelled(Role::List, i18n.get("list"), content)
}

fn name(row: &Row, context: &Context) -> Name {
    let found = match row {
        Row::Heading(heading) => Some(Name::Heading(*heading)),
        Row::Request(place) => context
            .requests
            .get(*place)
            .map(|(account, request)| Name::Request((*account, request.jid.clone()))),
        Row::Conversation(place) => {
            let found = context.conversations.get(*place);
            found.map(|found| Name::Person((found.account, found.peer.clone())))
        }
        Row::Contact(place) => {
            let found = context.contacts.get(*place);
            found.map(|(account, contact)| Name::Person((*account, contact.item.jid.clone())))
        }
        Row::Add(_) => None,
    };
    found.unwrap_or(Name::Add)
}

/// The height of icons in rows that are not people.
pub(super) const SIGN: f32 = size::ICON;
