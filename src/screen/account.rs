//! What accounts are told apart by, where there are several.

use causerie_model::AccountId;
use causerie_model::account::AccountColour;
use iced::widget::{Column, column, container, row, space};
use iced::{Alignment, Border, Color, Length};

use crate::context::Context;
use crate::screen::parts;
use crate::theme::{self, Element, Theme, space as gap};

/// The colour of an account, as a disc.
pub(crate) fn dot<'a, Message: 'a>(colour: AccountColour, side: f32) -> Element<'a, Message> {
    patch(Some(colour), side, side)
}

/// The colour of an account, as a stripe beside what is of it. Where accounts have colours, those without have an empty one, so that
/// everything stands in line.
pub(crate) fn stripe<'a, Message: 'a>(account: AccountId, context: &Context) -> Option<Element<'a, Message>> {
    let coloured = context.accounts.iter().any(|state| state.account.colour.is_some());
    let colour = context.account(account).and_then(|state| state.account.colour);
    (context.has_several_accounts() && coloured).then(|| patch(colour, 4.0, 36.0))
}

fn patch<'a, Message: 'a>(colour: Option<AccountColour>, width: f32, height: f32) -> Element<'a, Message> {
    let patch = container(space::horizontal()).width(width).height(height);
    patch
        .style(move |theme: &Theme| {
            let ground = colour.map(|colour| theme::colour::account_color(colour, theme.tone()));
            let border = Border { radius: (width / 2.0).into(), ..Border::default() };
            let ground = ground.unwrap_or(Color::TRANSPARENT);
            container::Style { background: Some(ground.into()), border, ..container::Style::default() }
        })
        .into()
}

/// The address of an account, where it has to be said which one something is of.
pub(crate) fn of_several(account: AccountId, context: &Context) -> Option<String> {
    let state = context.account(account).filter(|_| context.has_several_accounts())?;
    Some(state.account.jid.to_string())
}

/// The accounts, one of them chosen; nothing where there is no choice.
pub(crate) fn choices<'a, Message: Clone + 'a>(
    title: String,
    chosen: Option<AccountId>,
    context: &Context,
    on_choose: impl Fn(AccountId) -> Message,
) -> Option<Element<'a, Message>> {
    let list = list(chosen, context, on_choose)?;
    Some(column![parts::label(title), list].spacing(gap::XS).into())
}

/// The same without a title.
pub(crate) fn list<'a, Message: Clone + 'a>(
    chosen: Option<AccountId>,
    context: &Context,
    on_choose: impl Fn(AccountId) -> Message,
) -> Option<Element<'a, Message>> {
    if !context.has_several_accounts() {
        return None;
    }
    let choices = context.accounts.iter().map(|state| {
        let id = state.account.id;
        let choice = parts::choice(state.account.jid.to_string(), None, chosen == Some(id), on_choose(id));
        let colour = state.account.colour.map(|colour| dot(colour, 12.0));
        row![choice].push(colour).spacing(gap::S).align_y(Alignment::Center).into()
    });
    Some(Column::with_children(choices).width(Length::Fill).into())
}
