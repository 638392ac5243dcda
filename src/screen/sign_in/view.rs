//! How signing in looks.

use causerie_model::Connection;
use iced::Length;
use iced::widget::{column, row};

use super::{Field, Message, Purpose, Shown, SignIn, Stage, What};
use crate::context::Context;
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::platform::credentials::Fault;
use crate::screen::frame::{self, Foot};
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, space as gap};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, icon_button, link_button};
use crate::words;

/// The name of the address field.
pub(crate) const ADDRESS: &str = "sign-in-address";
/// The name of the password field.
pub(crate) const PASSWORD: &str = "sign-in-password";
/// The name of the button that asks at each start.
pub(crate) const ASK: &str = "sign-in-ask";
/// The name of the button that does not send the password as it is.
pub(crate) const REFUSE: &str = "sign-in-refuse";
/// The name of the server field.
pub(crate) const SERVER: &str = "sign-in-server";

/// The page.
pub(crate) fn view<'a>(sign_in: &'a SignIn, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let foot = Foot::new(context);
    let (depth, title, content, foot) = match &sign_in.stage {
        Stage::Form | Stage::Trying(_) => form(sign_in, i18n, foot),
        Stage::Plain => plain(sign_in, i18n, foot),
        Stage::Keeping => keeping(i18n, foot),
        Stage::NotKept(fault) => not_kept(*fault, i18n, foot),
    };
    frame::page((title, None), content, depth, foot, context)
}

/// How deep it lies, its title, what is asked, and what is at the foot of the window.
type Page<'a> = (usize, String, Element<'a, Message>, Foot<'a, Message>);

fn form<'a>(sign_in: &'a SignIn, i18n: &'a I18n, foot: Foot<'a, Message>) -> Page<'a> {
    let idle = sign_in.stage == Stage::Form;
    let known = sign_in.purpose != Purpose::New;
    let title = i18n.get(if known { "sign-in-again" } else { "sign-in-title" });
    let address = parts::field(ADDRESS, i18n.get("sign-in-address"), &sign_in.address)
        .hint(i18n.get("sign-in-address-hint"))
        .wrong(wrong(sign_in, Field::Address, i18n))
        .on_input((idle && !known).then_some(Message::AddressChanged))
        .on_submit(Message::Submitted);
    let shown = sign_in.password_shown == Shown::Yes;
    let (eye, say) = if shown { (Icon::EyeOff, "sign-in-hide") } else { (Icon::Eye, "sign-in-show") };
    let password = parts::field(PASSWORD, i18n.get("sign-in-password"), &sign_in.password)
        .secure(!shown)
        .wrong(wrong(sign_in, Field::Password, i18n))
        .on_input(idle.then_some(Message::PasswordChanged))
        .on_submit(Message::Submitted)
        .beside(icon_button(eye, i18n.get(say), idle.then_some(Message::PasswordShown)));
    let mut lines = column![Element::from(address), Element::from(password)].spacing(gap::L);
    if !known {
        lines = lines.push(options(sign_in, i18n, idle));
    }
    if let Stage::Trying(connection) = &sign_in.stage {
        lines = lines.push(progress(connection, i18n));
    }
    let back = button(i18n.get(if idle { "action-back" } else { "action-cancel" }));
    let on = button(i18n.get("sign-in-submit")).kind(ButtonKind::Primary);
    let on = on.on_press_maybe(idle.then_some(Message::Submitted));
    (0, title, lines.into(), foot.back(back.on_press(Message::Cancelled)).ahead(on))
}

fn options<'a>(sign_in: &'a SignIn, i18n: &'a I18n, idle: bool) -> Element<'a, Message> {
    let open = sign_in.options == Shown::Yes;
    let label = i18n.get(if open { "sign-in-fewer-options" } else { "sign-in-more-options" });
    let toggle = link_button(label, idle.then_some(Message::OptionsToggled));
    let mut lines = column![toggle].spacing(gap::S);
    if open {
        let server = parts::field(SERVER, i18n.get("server-address"), &sign_in.server)
            .hint(i18n.get("server-address-hint"))
            .note(i18n.get("server-address-note"))
            .wrong(wrong(sign_in, Field::Server, i18n))
            .on_input(idle.then_some(Message::ServerChanged))
            .on_submit(Message::Submitted);
        lines = lines.push(Element::from(server));
    }
    lines.into()
}

fn wrong(sign_in: &SignIn, field: Field, i18n: &I18n) -> Option<String> {
    let trouble = sign_in.trouble.as_ref().filter(|trouble| trouble.field == field)?;
    Some(match &trouble.what {
        What::Address(error) => words::address_error(i18n, *error),
        What::AccountKnown => i18n.get("address-account-known"),
        What::NoPassword => i18n.get("sign-in-no-password"),
        What::NotAServer => i18n.get("server-address-wrong"),
        What::Problem(problem, jid) => words::failed_try(i18n, problem, jid),
    })
}

fn progress<'a>(connection: &Connection, i18n: &I18n) -> Element<'a, Message> {
    let said = i18n.get(match connection {
        Connection::SigningIn | Connection::Online => "connection-signing-in",
        _ => "connection-connecting",
    });
    parts::waiting(said)
}

fn plain<'a>(sign_in: &SignIn, i18n: &I18n, foot: Foot<'a, Message>) -> Page<'a> {
    let provider = sign_in.address.rsplit('@').next().unwrap_or_default().trim().to_owned();
    let asked = parts::words(i18n.with("plain-question", &[("provider", provider.into())]));
    let refuse = button(i18n.get("plain-refuse")).id(REFUSE).on_press(Message::Cancelled);
    let allow = button(i18n.get("plain-allow")).kind(ButtonKind::Primary).on_press(Message::PlainAllowed);
    (1, i18n.get("plain-title"), asked.into(), foot.back(refuse).ahead(allow))
}

fn keeping<'a>(i18n: &I18n, foot: Foot<'a, Message>) -> Page<'a> {
    let skip = button(i18n.get("keyring-ask-each-time")).on_press(Message::AskedEachTime);
    (2, i18n.get("keyring-title"), parts::waiting(i18n.get("keyring-waiting")), foot.back(skip))
}

fn not_kept<'a>(fault: Fault, i18n: &I18n, foot: Foot<'a, Message>) -> Page<'a> {
    let said = i18n.get(match fault {
        Fault::Absent => "keyring-absent",
        Fault::Locked => "keyring-locked",
        Fault::Failed => "keyring-failed",
    });
    let copy = button(i18n.get("wizard-password-copy")).icon(Icon::Copy).on_press(Message::CopyPressed);
    let lines = column![
        labelled(Role::Alert, said.clone(), parts::words(said)),
        parts::words(i18n.get("keyring-note-now")),
        row![Element::from(copy)].width(Length::Fill),
    ];
    let again = button(i18n.get("action-try-again")).on_press(Message::KeepRetried);
    let ask = button(i18n.get("keyring-ask-each-time")).id(ASK).kind(ButtonKind::Primary);
    let foot = foot.back(again).ahead(ask.on_press(Message::AskedEachTime));
    (3, i18n.get("keyring-not-kept"), lines.spacing(gap::L).into(), foot)
}
