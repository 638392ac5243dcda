//! The accounts: how each is connected, where, and signing out.

use causerie_model::account::Activity;
use causerie_model::{BareJid, CatchUp, Connection, Problem, ServerAddress};
use iced::widget::{column, container, row};
use iced::{Alignment, Length};

use super::view::rows;
use super::{History, Message, Settings, upkeep};
use crate::context::{AccountState, Context};
use crate::icon::Icon;
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{self, Element, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::words;

/// The server field's name.
pub(super) const SERVER: &str = "account-server";

/// The name of the button that takes the question about signing out back.
pub(super) const CANCEL: &str = "account-cancel";

/// The part.
pub(super) fn view<'a>(settings: &'a Settings, context: &'a Context) -> Element<'a, Message> {
    let mut cards: Vec<Element<'a, Message>> =
        context.accounts.iter().map(|account| card(account, settings, context)).collect();
    let add = button(context.i18n.get("accounts-add")).icon(Icon::Plus).on_press(Message::AddAccountPressed);
    cards.push(add.into());
    rows(cards)
}

fn card<'a>(account: &'a AccountState, settings: &'a Settings, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let id = account.account.id;
    let jid = account.account.jid.as_str();
    let state = match words::catching_up(i18n, account) {
        Some(said) => said,
        None => words::connection(i18n, &account.connection, &account.account.jid),
    };
    let picture = parts::person(jid, jid, account.account.profile.picture, None, 40.0, context);
    let who =
        column![parts::words(jid.to_owned()).font(theme::STRONG), parts::aside(state).width(Length::Fill),]
            .width(Length::Fill);
    let moved = account
        .account
        .moved_to
        .as_ref()
        .map(|new| parts::aside(i18n.with("moving-state", &[("new", new.as_str().into())])));
    let who =
        who.push(moved.filter(|_| settings.upkeep.as_ref().is_none_or(|upkeep| upkeep.account() != id)));
    let colour = account.account.colour.map(|colour| crate::screen::account::dot(colour, 14.0));
    let mut lines =
        column![row![picture, who].push(colour).spacing(gap::M).align_y(Alignment::Center)].spacing(gap::M);
    lines = lines.push(if settings.leaving == Some(id) {
        leaving(account, context)
    } else {
        match &settings.server {
            Some((whose, typed)) if *whose == id => server(typed, context),
            _ => actions(account, context),
        }
    });
    if let Some(upkeep) = settings.upkeep.as_ref().filter(|upkeep| upkeep.account() == id) {
        lines = lines.push(upkeep::view(upkeep, account, context).map(Message::Upkeep));
    }
    let card = container(lines).padding(gap::L).width(Length::Fill).style(style::card);
    labelled(Role::Group, jid.to_owned(), card)
}

fn actions<'a>(account: &'a AccountState, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let id = account.account.id;
    let first = match (&account.connection, account.account.activity) {
        (Connection::Stopped(Problem::PasswordNeeded | Problem::WrongPassword), _) => {
            button(i18n.get("action-enter-password")).on_press(Message::PasswordPressed(id))
        }
        (Connection::Offline, Activity::Paused) | (Connection::Offline, Activity::Active) => {
            button(i18n.get("action-connect")).on_press(Message::ConnectPressed(id))
        }
        (Connection::Stopped(_) | Connection::Waiting { .. }, _) => {
            button(i18n.get("action-try-again")).on_press(Message::ConnectPressed(id))
        }
        (Connection::Connecting | Connection::SigningIn | Connection::Online, _) => {
            button(i18n.get("action-disconnect")).on_press(Message::DisconnectPressed(id))
        }
    };
    let server = button(i18n.get("server-address"));
    let keys = button(i18n.get("own-devices"));
    let leave = button(i18n.get("accounts-sign-out"));
    let more = button(i18n.get("accounts-more"));
    let fetching = words::is_catching_up(account).map(|progress| {
        let (label, message) = match progress {
            CatchUp::Fetching { .. } => ("account-stop-fetching", Message::StopFetchingPressed(id)),
            CatchUp::Stopped | CatchUp::Done => ("account-start-fetching", Message::FetchingPressed(id)),
        };
        button(i18n.get(label)).on_press(message)
    });
    let line = row![
        first,
        keys.on_press(Message::KeysPressed(id)),
        server.on_press(Message::ServerPressed(id)),
        leave.on_press(Message::SignOutPressed(id)),
        more.on_press(Message::Upkeep(upkeep::Message::Pressed(id))),
    ];
    let line = line.push(fetching);
    // With their outlines they stand in line, on whichever row.
    line.spacing(gap::S).wrap().vertical_spacing(gap::S).into()
}

fn server<'a>(typed: &'a str, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let bad = !typed.trim().is_empty() && ServerAddress::parse(typed).is_none();
    let field = parts::field(SERVER, i18n.get("server-address"), typed)
        .hint(i18n.get("server-address-hint"))
        .note(i18n.get("server-address-note"))
        .wrong(bad.then(|| i18n.get("server-address-wrong")))
        .on_input(Some(Message::ServerChanged))
        .on_submit(Message::ServerSaved);
    let buttons = parts::buttons(
        button(i18n.get("action-cancel")).on_press(Message::ServerDismissed),
        button(i18n.get("action-save"))
            .kind(ButtonKind::Primary)
            .on_press_maybe((!bad).then_some(Message::ServerSaved)),
    );
    column![Element::from(field), buttons].spacing(gap::M).into()
}

fn leaving<'a>(account: &'a AccountState, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let (id, jid) = (account.account.id, account.account.jid.as_str());
    let provider = account.account.jid.domain();
    let undecided = account.undecided.as_ref().map(|_| {
        let said = i18n.with("accounts-sign-out-undecided", &[("provider", provider.into())]);
        let copy = button(i18n.get("wizard-password-copy")).icon(Icon::Copy);
        let copy = vec![copy.on_press(Message::UndecidedCopied(id)).into()];
        parts::banner(Icon::TriangleAlert, |tokens| tokens.warn, said, copy)
    });
    let unadded = unadded(&account.account.jid, context)
        .map(|said| parts::banner(Icon::TriangleAlert, |tokens| tokens.warn, said, Vec::new()));
    let question = i18n.with("accounts-sign-out-question", &[("account", jid.into())]);
    let actions = vec![
        button(i18n.get("accounts-keep-history"))
            .on_press(Message::SignOutConfirmed(id, History::Keep))
            .into(),
        button(i18n.get("accounts-delete-history"))
            .kind(ButtonKind::Danger)
            .on_press(Message::SignOutConfirmed(id, History::Delete))
            .into(),
        button(i18n.get("action-cancel"))
            .kind(ButtonKind::Quiet)
            .narrow()
            .id(CANCEL)
            .on_press(Message::SignOutDismissed)
            .into(),
    ];
    let question = parts::banner(Icon::LogOut, |tokens| tokens.warn, question, actions);
    column![].push(undecided).push(unadded).push(question).spacing(gap::M).into()
}

/// That people who were to be added are not yet, and won't be.
fn unadded(own: &BareJid, context: &Context) -> Option<String> {
    /// More are counted.
    const NAMED: usize = 5;
    let people: Vec<&str> =
        context.wished.iter().filter(|(whose, _)| whose == own).map(|(_, jid)| jid.as_str()).collect();
    let named = people.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let said = [("count", people.len().into()), ("who", named.into())];
    (!people.is_empty()).then(|| context.i18n.with("accounts-sign-out-unadded", &said))
}
