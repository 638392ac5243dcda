//! How telling of another address looks.

use causerie_model::Connection;
use iced::widget::{Row, column};

use super::{Message, Moving, Trouble, after, before, left_behind};
use crate::context::{AccountState, Context};
use crate::icon::Icon;
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, space as gap};
use crate::widget::button::button;
use crate::words;

/// The name of the field for the new address.
pub(crate) const ADDRESS: &str = "moving-address";
/// The name of the button that takes the question back.
pub(crate) const CANCEL: &str = "moving-cancel";

/// What is being done about it.
pub(in super::super) fn view<'a>(
    moving: &'a Moving,
    account: &'a AccountState,
    context: &'a Context,
) -> Element<'a, Message> {
    let i18n = &context.i18n;
    match moving {
        Moving::Choosing(typed, trouble) => choose(typed, *trouble, account, context),
        Moving::Asking(new, _) => {
            let named = [("old", account.account.jid.as_str().into()), ("new", new.as_str().into())];
            let question = i18n.with("moving-question", &named);
            let actions = vec![
                button(i18n.get("action-cancel")).id(CANCEL).on_press(Message::Dismissed).into(),
                button(i18n.get("moving-confirm"))
                    .kind(ButtonKind::Primary)
                    .on_press(Message::Confirmed)
                    .into(),
            ];
            parts::banner(Icon::CircleAlert, |tokens| tokens.warn, question, actions)
        }
        Moving::Asked(Some(_)) => parts::waiting(i18n.get("moving-asked")),
        Moving::Asked(None) => parts::waiting(i18n.get("moving-back-asked")),
    }
}

fn choose<'a>(
    typed: &'a str,
    trouble: Option<Trouble>,
    account: &'a AccountState,
    context: &'a Context,
) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let wrong = trouble.map(|trouble| match trouble {
        Trouble::Address(error) => words::address_error(i18n, error),
        Trouble::Same => i18n.get("moving-same"),
        Trouble::Told => i18n.get("moving-told"),
    });
    let field = parts::field(ADDRESS, i18n.get("moving-address"), typed)
        .hint(i18n.get("sign-in-address-hint"))
        .wrong(wrong)
        .on_input(Some(Message::Typed))
        .on_submit(Message::Submitted);
    let others = context.accounts.iter().filter(|state| state.account.id != account.account.id);
    let others = others.map(|state| {
        let jid = state.account.jid.to_string();
        button(jid.clone()).narrow().on_press(Message::Chosen(jid)).into()
    });
    let others = Row::with_children(others).spacing(gap::S).wrap().vertical_spacing(gap::S);
    let others = context
        .has_several_accounts()
        .then(|| column![parts::aside(i18n.get("moving-mine")), others].spacing(gap::XS));
    let buttons = parts::buttons(
        button(i18n.get("action-cancel")).on_press(Message::Dismissed),
        button(i18n.get("wizard-on")).kind(ButtonKind::Primary).on_press(Message::Submitted),
    );
    let what = i18n.with("moving-what", &[("old", account.account.jid.as_str().into())]);
    column![parts::aside(what), Element::from(field)].push(others).push(buttons).spacing(gap::M).into()
}

/// Where the account says that it has moved to.
pub(in super::super) fn state<'a>(
    account: &'a AccountState,
    context: &'a Context,
) -> Option<Element<'a, Message>> {
    let i18n = &context.i18n;
    let online = account.connection == Connection::Online;
    let new = account.account.moved_to.as_ref()?;
    let said = i18n.with("moving-state", &[("new", new.as_str().into())]);
    let back = button(i18n.get("moving-back")).on_press_maybe(online.then_some(Message::BackPressed));
    let mut actions = vec![back.into()];
    if let Some(there) = after(account, context) {
        let along = button(i18n.get("moving-along"));
        actions.push(along.on_press(Message::AccountPressed(there.account.id)).into());
    }
    Some(parts::banner(Icon::ArrowRight, |tokens| tokens.muted, said, actions))
}

/// That the contacts of an account that has moved here can come along.
pub(in super::super) fn offer<'a>(
    account: &'a AccountState,
    context: &'a Context,
) -> Option<Element<'a, Message>> {
    let i18n = &context.i18n;
    let old = before(account, context)?;
    let going = context.adding.get(&account.account.id).is_some_and(|adding| adding.waiting > 0);
    let count = left_behind(old, account, context).len();
    if going || count == 0 {
        return None;
    }
    let named = [("old", old.account.jid.as_str().into()), ("count", count.into())];
    let said = i18n.with("moving-offer", &named);
    let take = button(i18n.get("moving-take")).kind(ButtonKind::Primary);
    let take = take.on_press(Message::TakePressed(old.account.id)).into();
    Some(parts::banner(Icon::UserPlus, |tokens| tokens.good, said, vec![take]))
}
