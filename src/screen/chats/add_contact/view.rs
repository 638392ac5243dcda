//! How the form for a new contact looks.

use iced::widget::{column, rule};

use super::{AddContact, Message, Trouble};
use crate::context::Context;
use crate::icon::Icon;
use crate::screen::{account, parts};
use crate::theme::style::ButtonKind;
use crate::theme::{Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::words;

/// The address field's name.
pub(crate) const ADDRESS: &str = "add-address";
/// The name field's name.
const NAME: &str = "add-name";

/// The form.
pub(crate) fn view<'a>(form: &'a AddContact, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let wrong = form.trouble.map(|trouble| match trouble {
        Trouble::Address(error) => words::address_error(i18n, error),
        Trouble::Own => i18n.get("address-own"),
        Trouble::Known => i18n.get("address-known"),
    });
    let invited = form.is_invited().then(|| i18n.get("add-invited"));
    let address = parts::field(ADDRESS, i18n.get("add-address"), &form.address)
        .note(invited.unwrap_or_else(|| i18n.get("add-address-note")))
        .hint(i18n.get("sign-in-address-hint"))
        .wrong(wrong)
        .on_input(Some(Message::AddressChanged))
        .on_submit(Message::Submitted);
    let name = parts::field(NAME, i18n.get("add-name"), &form.name)
        .note(i18n.get("add-name-note"))
        .on_input(Some(Message::NameChanged))
        .on_submit(Message::Submitted);
    let groups = Some(form.groups().join(", ")).filter(|groups| !groups.is_empty());
    let groups = groups.map(|groups| {
        let said = i18n.with("add-groups", &[("groups", groups.into())]);
        labelled(Role::Status, said.clone(), parts::aside(said))
    });
    let lines = column![
        parts::heading(i18n.get("add-contact"), size::HEADING),
        parts::aside(i18n.get("add-what")),
        Element::from(address),
        Element::from(name),
    ]
    .push(groups)
    .spacing(gap::L);
    let accounts = account::choices(i18n.get("add-account"), form.account, context, Message::AccountChosen);
    let buttons = parts::buttons(
        button(i18n.get("action-cancel")).on_press(Message::Cancelled),
        button(i18n.get("add-submit")).kind(ButtonKind::Primary).on_press(Message::Submitted),
    );
    let invite = column![
        parts::aside(i18n.get("add-invite-note")),
        button(i18n.get("invite"))
            .icon(Icon::QrCode)
            .on_press_maybe(form.account.map(|_| Message::InvitePressed)),
    ]
    .spacing(gap::S);
    let line = rule::horizontal(1).style(style::hairline);
    let kept = form.has_text().then(|| {
        let write = button(i18n.get("add-write")).on_press(Message::WritePressed);
        column![parts::aside(i18n.get("add-text-kept")), write].spacing(gap::S)
    });
    parts::page(lines.push(accounts).push(kept).push(buttons).push(line).push(invite))
}
