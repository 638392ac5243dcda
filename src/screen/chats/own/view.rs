//! How the menu of our own availability looks.

use causerie_model::Show;
use iced::Padding;
use iced::widget::{column, container, rule, scrollable};

use super::{Line, Message, Own};
use crate::context::Context;
use crate::screen::{account, parts};
use crate::theme::style::ButtonKind;
use crate::theme::{Element, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::focus;
use crate::words;

/// The name of the field for words.
const STATUS: &str = "own-status";
/// The name of the first choice.
pub(crate) const FIRST: &str = "own-first";
const WIDTH: f32 = 284.0;
/// What of the height of the window stays free.
const ABOVE_AND_BELOW: f32 = 72.0;
const SHOWS: [Show; 4] = [Show::Available, Show::Away, Show::ExtendedAway, Show::DoNotDisturb];

/// The menu.
pub(crate) fn view<'a>(own: &'a Own, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let on = own.line == Line::On;
    let mut choices: Vec<Element<'a, Message>> = Vec::new();
    for show in SHOWS {
        let chosen = on && own.show == show;
        let mut choice = parts::choice(words::show(i18n, show), None, chosen, Message::Chosen(show));
        if choices.is_empty() {
            choice = choice.id(FIRST);
        }
        choices.push(choice.into());
    }
    let offline = i18n.get("presence-offline");
    choices.push(parts::choice(offline, None, !on, Message::OfflineChosen).into());
    let status = parts::field(STATUS, i18n.get("own-status"), &own.status)
        .hint(i18n.get("own-status-hint"))
        .on_input(Some(Message::StatusChanged))
        .on_submit(Message::Submitted);
    let set = button(i18n.get("own-set")).kind(ButtonKind::Primary).on_press(Message::Submitted);
    let accounts = accounts(own, context)
        .map(|accounts| column![accounts, rule::horizontal(1).style(style::hairline)].spacing(gap::XS));
    let lines = column![
        focus::group(iced::widget::Column::with_children(choices)),
        rule::horizontal(1).style(style::hairline),
    ]
    .push(accounts)
    .push(container(column![Element::from(status), set].spacing(gap::M)).padding(gap::S))
    .spacing(gap::XS);
    let lines = scrollable(container(lines).padding(gap::S));
    let tallest = (context.window.height - ABOVE_AND_BELOW).max(120.0);
    let menu = container(lines).max_height(tallest).width(WIDTH).style(style::floating);
    labelled(Role::Menu, i18n.get("own-change"), menu)
}

/// Whose people are shown, where there are several accounts.
fn accounts<'a>(own: &'a Own, context: &'a Context) -> Option<Element<'a, Message>> {
    let all = context.i18n.get("own-all-accounts");
    let all = parts::choice(all, None, own.only.is_none(), Message::AccountChosen(None));
    let each = account::list(own.only, context, |account| Message::AccountChosen(Some(account)))?;
    let title = container(parts::label(context.i18n.get("own-show")))
        .padding(Padding::from([0.0, gap::S]).top(gap::S));
    Some(column![title, focus::group(column![Element::from(all), each])].spacing(gap::XS).into())
}
