//! How inviting somebody looks.

use causerie_model::{BareJid, InvitationIssuer, InvitationKind};
use iced::widget::{Column, column, row, text};
use iced::{Alignment, Length};

use super::{Invite, Made, Message, State, Terms, Wanted};
use crate::context::Context;
use crate::icon::{Icon, icon};
use crate::screen::{account, handout, parts};
use crate::theme::style::{ButtonKind, Selection};
use crate::theme::{Element, size, space as gap};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, row_button};
use crate::widget::focus;
use crate::words;

/// The name of the first choice.
pub(crate) const FIRST: &str = "invite-first";
/// The name of the field for the new account's name.
pub(crate) const NAME: &str = "invite-name";
/// The name of the button that makes one.
pub(crate) const MAKE: &str = "invite-make";
/// The name of the button that ends the waiting.
pub(crate) const CANCEL: &str = "invite-cancel";

/// The page.
pub(crate) fn view<'a>(invite: &'a Invite, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let Some(own) = context.account(invite.account).map(|state| &state.account.jid) else {
        return column![].into();
    };
    let heading = parts::heading(i18n.get("invite"), size::HEADING);
    let content = match &invite.state {
        State::Made(made) => handed(made, own, context),
        State::Waiting => {
            let said = i18n.with("invite-waiting", &[("provider", own.domain().into())]);
            let cancel = button(i18n.get("action-cancel")).id(CANCEL).on_press(Message::CancelPressed);
            column![parts::waiting(said), cancel].spacing(gap::L).into()
        }
        State::Choosing => choosing(invite, own, None, context),
        State::Failed(problem) => {
            let why = words::provider_problem(i18n, problem, own);
            let said = i18n.with("notice-invitation-not-made", &[("why", why.into())]);
            choosing(invite, own, Some(said), context)
        }
    };
    parts::page(column![heading, content].spacing(gap::L))
}

fn choosing<'a>(
    invite: &'a Invite,
    own: &BareJid,
    failed: Option<String>,
    context: &'a Context,
) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let again = failed.is_some();
    let failed = failed.map(|said| parts::banner(Icon::CircleAlert, |tokens| tokens.warn, said, Vec::new()));
    let choice = |wanted, label: String, note: String| {
        let choice = parts::choice(label, Some(note), invite.wanted == wanted, Message::Chosen(wanted));
        if wanted == Wanted::Talk { choice.id(FIRST).into() } else { choice.into() }
    };
    let provider = [("provider", own.domain().to_owned().into())];
    let talk = match invite.offered {
        Some(offered) if !offered.contact => i18n.with("invite-talk-here", &provider),
        _ => i18n.get("invite-talk-note"),
    };
    let mut choices: Vec<Element<'a, Message>> = vec![choice(Wanted::Talk, i18n.get("invite-talk"), talk)];
    if invite.offered.is_some_and(|offered| offered.account) {
        let label = i18n.with("invite-account", &provider);
        choices.push(choice(Wanted::Account, label, i18n.get("invite-account-note")));
    }
    choices.push(choice(Wanted::Address, i18n.get("invite-address"), i18n.get("invite-address-note")));
    let choices = focus::group(Column::with_children(choices));
    let choices = column![parts::label(i18n.get("invite-kind")), choices].spacing(gap::XS);
    let name = (invite.wanted == Wanted::Account).then(|| {
        let wrong = invite.fault.as_ref().map(|fault| fault.words(i18n));
        let field = parts::field(NAME, i18n.get("invite-name"), &invite.name)
            .note(i18n.with("invite-name-note", &provider))
            .wrong(wrong)
            .on_input(Some(Message::NameChanged))
            .on_submit(Message::MakePressed);
        Element::from(field)
    });
    let accounts =
        account::choices(i18n.get("add-account"), Some(invite.account), context, Message::AccountChosen);
    let make = if again { "action-try-again" } else { "invite-make" };
    let buttons = parts::buttons(
        button(i18n.get("action-cancel")).on_press(Message::Closed),
        button(i18n.get(make)).id(MAKE).kind(ButtonKind::Primary).on_press(Message::MakePressed),
    );
    column![parts::aside(i18n.get("invite-what"))]
        .push(failed)
        .push(choices)
        .push(name)
        .push(accounts)
        .push(buttons)
        .push(given(own, context))
        .spacing(gap::L)
        .into()
}

/// Those that were made earlier and may still be good; nothing where there are none.
fn given<'a>(own: &BareJid, context: &'a Context) -> Option<Element<'a, Message>> {
    let i18n = &context.i18n;
    let time = |at| i18n.moment_within(at, context.now, &context.zone);
    let rows: Vec<Element<'a, Message>> = context
        .invitations
        .open(own, context.now)
        .map(|given| {
            let invitation = &given.invitation;
            let what = match invitation.kind {
                InvitationKind::Contact => i18n.get("invite-talk"),
                InvitationKind::Account => {
                    i18n.with("invite-account", &[("provider", own.domain().to_owned().into())])
                }
            };
            let made = time(given.made);
            let said = match invitation.expires {
                Some(end) => {
                    let times = [("made", made.into()), ("end", time(end).into())];
                    i18n.with("invite-given-until", &times)
                }
                None => i18n.with("invite-made", &[("time", made.into())]),
            };
            let unknown = (invitation.issuer == InvitationIssuer::Server)
                .then(|| parts::aside(i18n.get("invite-given-unknown")));
            let words =
                column![text(what.clone()).size(size::BODY), parts::aside(said.clone())].push(unknown);
            let content = row![words.width(Length::Fill), icon(Icon::QrCode, size::ICON)];
            let content = content.spacing(gap::M).align_y(Alignment::Center);
            row_button(format!("{what}. {said}"), content, Selection::Off)
                .on_press(Message::GivenPressed(Box::new(given.clone())))
                .into()
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let rows = labelled(
        Role::List,
        i18n.get("invite-given"),
        focus::group(Column::with_children(rows).spacing(2.0)),
    );
    Some(column![parts::label(i18n.get("invite-given")), rows].spacing(gap::XS).into())
}

/// What can be handed out, and what it is good for.
fn handed<'a>(made: &'a Made, own: &BareJid, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let mut lines: Vec<String> = Vec::new();
    let provider = [("provider", own.domain().to_owned().into())];
    match made.terms {
        None => lines.push(i18n.get("invite-is-address")),
        Some(Terms { kind, issuer, expires, made }) => {
            lines.push(match kind {
                InvitationKind::Contact => i18n.get("invite-is-talk"),
                InvitationKind::Account => i18n.with("invite-is-account", &provider),
            });
            let once = match expires {
                Some(end) => {
                    let end = i18n.moment_within(end, context.now, &context.zone);
                    i18n.with("invite-once-until", &[("time", end.into())])
                }
                None => i18n.get("invite-once"),
            };
            lines.push(once);
            lines.extend(made.map(|made| {
                let made = i18n.moment_within(made, context.now, &context.zone);
                i18n.with("invite-made", &[("time", made.into())])
            }));
            match issuer {
                InvitationIssuer::ThisDevice => lines.push(i18n.with("invite-by-us", &provider)),
                InvitationIssuer::Server => {}
            }
        }
    }
    let mut lines = lines.into_iter();
    let first = lines.next().map(parts::words);
    let terms = column![].push(first).extend(lines.map(|line| parts::aside(line).into())).spacing(gap::XS);
    let handout = handout::view(&made.handout, context, Message::CopyPressed);
    let buttons = parts::buttons(
        button(i18n.get("invite-another")).on_press(Message::AnotherPressed),
        button(i18n.get("action-close")).kind(ButtonKind::Primary).on_press(Message::Closed),
    );
    column![terms, handout, buttons].spacing(gap::L).into()
}
