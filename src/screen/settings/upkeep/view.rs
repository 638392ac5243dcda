//! How that looks.

use causerie_model::account::AccountColour;
use causerie_model::contact_list::ListFault;
use causerie_model::{Connection, Problem, ProfilePart};
use iced::widget::{Column, column, row};

use super::{Before, Message, Part, Said, Upkeep, Way, moving};
use crate::context::{AccountState, Context, Keyring};
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::intents::Wanted;
use crate::platform::credentials::Fault;
use crate::screen::wizard::ready::{self, Ready};
use crate::screen::{parts, sheet};
use crate::theme::style::ButtonKind;
use crate::theme::{Element, space as gap};
use crate::widget::button::{Button, button, choice, icon_button, icon_button_named};
use crate::widget::focus;
use crate::words;

/// The password field's name.
pub(super) const PASSWORD: &str = "upkeep-password";
/// The name of the field that an account's end is confirmed in.
pub(super) const DELETE: &str = "upkeep-delete";

/// The name of what moves the account that way among the others.
pub(super) fn mover(way: Way) -> &'static str {
    match way {
        Way::Up => "upkeep-up",
        Way::Down => "upkeep-down",
    }
}

/// What is open of the account.
pub(crate) fn view<'a>(
    upkeep: &'a Upkeep,
    account: &'a AccountState,
    context: &'a Context,
) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let part = match &upkeep.part {
        Part::Menu => menu(account, context),
        Part::Password(password) => choose_password(password, i18n),
        Part::PasswordAsked => parts::waiting(i18n.get("upkeep-password-asked")),
        Part::Deleting(typed) => delete(typed, upkeep.may_delete(context), account, i18n),
        Part::DeletionAsked => parts::waiting(i18n.get("upkeep-deletion-asked")),
        Part::Moving(moving) => moving::view(moving, account, context).map(Message::Moving),
        Part::Profile(typed, before) => profile(typed, *before, account, context),
        Part::Sheet(offer) => {
            let known = knows_password(account, context);
            let back = button(i18n.get("action-close")).on_press(Message::Dismissed);
            let offered = sheet::view(offer, &account.account.jid, known, i18n, Message::Sheet);
            column![offered, Element::from(back)].spacing(gap::M).into()
        }
        Part::Found(found) => {
            let named = [("count", found.contacts.len().into()), ("unread", found.unread_count.into())];
            column![
                parts::words(i18n.with("upkeep-found", &named)),
                parts::buttons(
                    button(i18n.get("action-cancel")).on_press(Message::Dismissed),
                    button(i18n.get("upkeep-add-them"))
                        .kind(ButtonKind::Primary)
                        .on_press(Message::ImportConfirmed),
                ),
            ]
            .spacing(gap::M)
            .into()
        }
    };
    let said = upkeep.said.as_ref().map(|said| told(said, account, i18n));
    let moved = matches!(upkeep.part, Part::Menu).then(|| moving::state(account, context)).flatten();
    let follow = moving::offer(account, context);
    // All of it in one place that is always there: what comes and goes above a field is not to take the keyboard from it.
    let above = column![]
        .push(said)
        .push(unkept(account, i18n))
        .push(moved.map(|state| state.map(Message::Moving)))
        .push(adding(account, context))
        .push(follow.map(|offer| offer.map(Message::Moving)));
    column![above.spacing(gap::M), part].spacing(gap::M).into()
}

fn menu<'a>(account: &'a AccountState, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let online = account.connection == Connection::Online;
    // With their outlines they stand in line with what is above them, and look like what can be pressed.
    let deed = |key: &str| -> Button<Message> { button(i18n.get(key)) };
    let when_online = |message: Message| online.then_some(message);
    let mut lines = Column::new().spacing(gap::M);
    if context.has_several_accounts() {
        let order = [(Way::Up, Icon::ChevronUp), (Way::Down, Icon::ChevronDown)].map(|(way, icon)| {
            icon_button_named(mover(way), icon, i18n.get(mover(way)), Message::Moved(way))
        });
        let order = iced::widget::Row::with_children(order);
        lines = lines.push(column![parts::label(i18n.get("upkeep-order")), order].spacing(gap::XS));
    }
    let colours = std::iter::once(None).chain(AccountColour::ALL.into_iter().map(Some));
    let colours = colours.map(|colour| (colour, i18n.get(colour_key(colour))));
    let colours = choice(
        i18n.get("upkeep-colour"),
        colours.collect::<Vec<_>>(),
        account.account.colour,
        Message::ColourChosen,
    );
    lines =
        lines.push(column![parts::label(i18n.get("upkeep-colour")), focus::group(colours)].spacing(gap::XS));
    let deeds = row![
        Element::from(deed("upkeep-profile").on_press(Message::ProfilePressed)),
        Element::from(deed("upkeep-password").on_press_maybe(when_online(Message::PasswordPressed))),
        Element::from(deed("wizard-sheet").on_press(Message::SheetPressed)),
        Element::from(deed("upkeep-export").on_press(Message::ExportPressed)),
        Element::from(deed("upkeep-import").on_press(Message::ImportPressed)),
        Element::from(
            deed("upkeep-move").on_press_maybe(when_online(Message::Moving(moving::Message::Pressed)))
        ),
        Element::from(deed("upkeep-delete").on_press_maybe(when_online(Message::DeletePressed))),
    ];
    let note = (!online).then(|| parts::aside(i18n.get("upkeep-online-only")));
    lines.push(deeds.spacing(gap::S).wrap().vertical_spacing(gap::S)).push(note).into()
}

/// Whether there is a password that is known to be the account's.
fn knows_password(account: &AccountState, context: &Context) -> bool {
    let refused =
        matches!(account.connection, Connection::Stopped(Problem::WrongPassword | Problem::PasswordNeeded));
    let kept = context.keyring == Keyring::There && account.keyring.is_none();
    !refused && (kept || account.unkept.is_some())
}

fn choose_password<'a>(password: &'a str, i18n: &I18n) -> Element<'a, Message> {
    let another =
        icon_button(Icon::RefreshCw, i18n.get("wizard-password-another"), Some(Message::PasswordMade));
    let field = parts::field(PASSWORD, i18n.get("upkeep-new-password"), password)
        .note(i18n.get("upkeep-password-note"))
        .on_input(Some(Message::PasswordTyped))
        .on_submit(Message::PasswordConfirmed)
        .beside(another);
    let usable = (!password.is_empty()).then_some(Message::PasswordConfirmed);
    column![
        Element::from(field),
        parts::buttons(
            button(i18n.get("action-cancel")).on_press(Message::Dismissed),
            button(i18n.get("upkeep-password")).kind(ButtonKind::Primary).on_press_maybe(usable),
        ),
    ]
    .spacing(gap::M)
    .into()
}

fn delete<'a>(typed: &'a str, usable: bool, account: &'a AccountState, i18n: &I18n) -> Element<'a, Message> {
    let jid = account.account.jid.to_string();
    let named = [("account", jid.into()), ("provider", account.account.jid.domain().to_owned().into())];
    let caution = i18n.with("upkeep-delete-what", &named);
    let field = parts::field(DELETE, i18n.get("upkeep-delete-type"), typed)
        .on_input(Some(Message::DeleteTyped))
        .on_submit(Message::DeleteConfirmed);
    column![
        parts::banner(Icon::TriangleAlert, |tokens| tokens.bad, caution, Vec::new()),
        Element::from(field),
        parts::buttons(
            button(i18n.get("action-cancel")).on_press(Message::Dismissed),
            button(i18n.get("upkeep-delete-confirm"))
                .kind(ButtonKind::Danger)
                .on_press_maybe(usable.then_some(Message::DeleteConfirmed)),
        ),
    ]
    .spacing(gap::M)
    .into()
}

/// A password that is in no keyring.
fn unkept<'a>(account: &'a AccountState, i18n: &I18n) -> Option<Element<'a, Message>> {
    let (_, fault) = account.unkept.as_ref()?;
    let why = i18n.get(match fault {
        Fault::Absent => "keyring-absent",
        Fault::Locked => "keyring-locked",
        Fault::Failed => "keyring-failed",
    });
    let said = i18n.with("upkeep-password-unkept", &[("why", why.into())]);
    let copy = button(i18n.get("wizard-password-copy")).icon(Icon::Copy).on_press(Message::UnkeptCopied);
    let noted = button(i18n.get("upkeep-password-noted")).on_press(Message::UnkeptNoted);
    Some(parts::banner(Icon::TriangleAlert, |tokens| tokens.warn, said, vec![copy.into(), noted.into()]))
}

/// How others see us.
fn profile<'a>(
    typed: &'a Ready,
    before: Before,
    account: &'a AccountState,
    context: &'a Context,
) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let picture = context.face(&account.account).picture.filter(|_| before == Before::Stays);
    let shown = match picture {
        None | Some(Wanted::None) => None,
        Some(Wanted::Coming) => Some(None),
        Some(Wanted::Some(hash)) => Some(context.pictures.get(Some(hash))),
    };
    let jid = &account.account.jid;
    let ready = (!typed.is_reading()).then_some(Message::ProfileConfirmed);
    column![
        ready::profile(typed, jid, shown, context, Message::Profile, Message::ProfileConfirmed),
        parts::buttons(
            button(i18n.get("action-cancel")).on_press(Message::Dismissed),
            button(i18n.get("action-save")).kind(ButtonKind::Primary).on_press_maybe(ready),
        ),
    ]
    .spacing(gap::M)
    .into()
}

/// How far adding contacts has got.
fn adding<'a>(account: &'a AccountState, context: &'a Context) -> Option<Element<'a, Message>> {
    let i18n = &context.i18n;
    let adding = context.adding.get(&account.account.id)?;
    let named =
        [("done", adding.done.into()), ("failed", adding.failed.into()), ("waiting", adding.waiting.into())];
    if adding.waiting == 0 {
        let said =
            i18n.with("upkeep-added", &[("done", adding.done.into()), ("failed", adding.failed.into())]);
        return Some(parts::banner(Icon::CircleCheck, |tokens| tokens.good, said, Vec::new()));
    }
    let stop = button(i18n.get("upkeep-stop")).on_press(Message::ImportStopped).into();
    let said = i18n.with("upkeep-adding", &named);
    Some(parts::banner(Icon::UserPlus, |tokens| tokens.accent, said, vec![stop]))
}

fn told<'a>(said: &Said, account: &AccountState, i18n: &I18n) -> Element<'a, Message> {
    let why = |key: &str, problem| {
        let why = words::provider_problem(i18n, problem, &account.account.jid);
        i18n.with(key, &[("why", why.into())])
    };
    let (good, words) = match said {
        Said::PasswordChanged if account.unkept.is_some() => {
            (true, i18n.get("upkeep-password-changed-alone"))
        }
        Said::PasswordChanged => (true, i18n.get("upkeep-password-changed")),
        Said::ProfileAsked => (true, i18n.get("upkeep-profile-asked")),
        Said::NotShown(ProfilePart::Name, problem) => (false, why("notice-name-not-published", problem)),
        Said::NotShown(ProfilePart::Picture, problem) => {
            (false, why("notice-picture-not-published", problem))
        }
        Said::NotChanged(problem) => (false, why("notice-password-not-changed", problem)),
        Said::Uncertain => (false, i18n.get("notice-password-uncertain")),
        Said::NotDeleted(problem @ (Problem::ConnectionLost | Problem::TimedOut)) => {
            (false, why("notice-account-maybe-deleted", problem))
        }
        Said::NotDeleted(problem) => (false, why("notice-account-not-deleted", problem)),
        Said::Exported(path) => {
            let path = path.display().to_string();
            (true, i18n.with("upkeep-exported", &[("path", path.into())]))
        }
        Said::NotExported => (false, i18n.get("upkeep-not-exported")),
        Said::NoFile => (false, i18n.get("upkeep-no-file")),
        Said::MovedBack => (true, i18n.get("moving-back-done")),
        Said::NotMoved(problem) => (false, why("notice-move-not-announced", problem)),
        Said::NotMovedBack(problem) => (false, why("moving-not-back", problem)),
        Said::NoList(fault) => (
            false,
            i18n.get(match fault {
                ListFault::TooLarge => "upkeep-too-large",
                ListFault::TooManyRows => "upkeep-too-many",
                ListFault::NoAddresses => "upkeep-no-addresses",
            }),
        ),
    };
    if good {
        parts::banner(Icon::CircleCheck, |tokens| tokens.good, words, Vec::new())
    } else {
        parts::banner(Icon::CircleAlert, |tokens| tokens.warn, words, Vec::new())
    }
}

fn colour_key(colour: Option<AccountColour>) -> &'static str {
    match colour {
        None => "colour-none",
        Some(AccountColour::Blue) => "colour-blue",
        Some(AccountColour::Teal) => "colour-teal",
        Some(AccountColour::Green) => "colour-green",
        Some(AccountColour::Amber) => "colour-amber",
        Some(AccountColour::Orange) => "colour-orange",
        Some(AccountColour::Red) => "colour-red",
        Some(AccountColour::Pink) => "colour-pink",
        Some(AccountColour::Violet) => "colour-violet",
    }
}
