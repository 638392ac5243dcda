//! What is above and below: ourselves and the state of the connections on the left, the other person on the right.

use causerie_model::account::Activity;
use causerie_model::{AccountId, BareJid, CatchUp, Connection, Notice, Presence, Problem, ProfileWish};
use iced::widget::{Row, column, container, row, scrollable, space, text};
use iced::{Alignment, Color, Length, Padding};

use super::{Message, News, privacy};
use crate::context::{AccountState, Context, Key, Panes};
use crate::icon::{self, Icon};
use crate::platform::credentials::Fault;
use crate::screen::{account as accounts, parts};
use crate::theme::style::ButtonKind;
use crate::theme::{self, Element, Tokens, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{Button, button, hint, icon_button};
use crate::widget::control::{Ring, control};
use crate::widget::message_text::line;
use crate::words;

/// The name of the button that opens the menu of our own availability.
pub(super) const OWN: &str = "own";
/// The height of both headers.
const HEIGHT: f32 = 60.0;

/// Ourselves, and what begins something.
pub(super) fn own(only: Option<AccountId>, context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let Some(first) = context.accounts.first() else { return space::vertical().height(HEIGHT).into() };
    let only = only.and_then(|only| context.account(only));
    let name = match (only, context.accounts.as_slice()) {
        (Some(only), _) | (None, [only]) => only.short_name().to_owned(),
        (None, several) => i18n.with("own-accounts", &[("count", several.len().into())]),
    };
    let shown = own_presence(context, only.unwrap_or(first), only.is_some());
    let words_of = words::presence(i18n, &shown);
    let colours: Vec<Element<'_, Message>> = several(context)
        .filter(|state| only.is_none_or(|only| only.account.id == state.account.id))
        .filter_map(|state| state.account.colour)
        .map(|colour| accounts::dot(colour, 10.0))
        .collect();
    let colours = Row::with_children(colours).spacing(gap::XS);
    let first_line = row![Element::from(line(&name, size::BODY).font(theme::STRONG)), colours];
    let lines = column![
        first_line.spacing(gap::S).align_y(Alignment::Center),
        Element::from(line(&words_of, size::SECONDARY).color(|tokens| tokens.muted)),
    ];
    let shown_one = only.unwrap_or(first);
    let (jid, short) = (shown_one.account.jid.as_str(), shown_one.short_name());
    let face = shown_one.account.profile.picture;
    let picture = parts::person(jid, short, face, Some(&shown), 36.0, context);
    let content = row![picture, lines.width(Length::Fill), icon::icon(Icon::ChevronDown, size::ICON_SMALL)]
        .spacing(gap::S)
        .align_y(Alignment::Center);
    let all = several(context).filter(|state| only.is_none_or(|only| only.account.id == state.account.id));
    let all: Vec<&str> = all.map(|state| state.account.jid.as_str()).collect();
    let all = if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) };
    let label = format!("{name}{all}, {words_of}. {}", i18n.get("own-change"));
    let me = control(Role::Button, label, content)
        .id(OWN)
        .kind(ButtonKind::Quiet)
        .ring(Ring::Inside)
        .padding([gap::XS, gap::S])
        .width(Length::Fill)
        .on_press(Message::OwnPressed);
    let actions = row![
        icon_button(Icon::UserPlus, i18n.get("add-contact"), Some(Message::AddPressed)),
        icon_button(Icon::Settings, i18n.get("settings"), Some(Message::SettingsPressed)),
    ];
    container(row![me, actions].spacing(gap::XS).align_y(Alignment::Center))
        .height(HEIGHT)
        .align_y(Alignment::Center)
        .padding([0.0, gap::S])
        .into()
}

/// The accounts, where there are several.
fn several(context: &Context) -> impl Iterator<Item = &AccountState> {
    context.accounts.iter().filter(|_| context.has_several_accounts())
}

/// How available we are: with one account alone, or with any.
fn own_presence(context: &Context, account: &AccountState, alone: bool) -> Presence {
    let online =
        if alone { account.is_online() } else { context.accounts.iter().any(AccountState::is_online) };
    if online { account.chosen() } else { Presence::Offline }
}

/// Whom one writes with.
pub(super) fn person<'a>(key: &Key, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let name = context.name(key);
    let presence = context.presence(key);
    let second = if context.is_typing(key) {
        i18n.with("typing", &[("name", name.as_str().into())])
    } else {
        words::whereabouts(i18n, &presence, context.contact(key))
    };
    let second = match context.account(key.0).filter(|_| context.has_several_accounts()) {
        Some(account) => format!("{second} · {}", account.account.jid),
        None => second,
    };
    let avatar = context.conversation(key).and_then(|conversation| conversation.avatar);
    let avatar = avatar.or_else(|| context.contact(key).and_then(|contact| contact.avatar));
    let picture = parts::person(key.1.as_str(), &name, avatar, Some(&presence), 36.0, context);
    let lines = column![
        Element::from(line(&name, size::TITLE).font(theme::STRONG)),
        Element::from(line(&second, size::SECONDARY).color(|tokens| tokens.muted)),
    ];
    let content = row![picture, lines.width(Length::Fill)].spacing(gap::M).align_y(Alignment::Center);
    let label = format!("{name}, {second}. {}", i18n.get("details"));
    let who = control(Role::Button, label, content)
        .kind(ButtonKind::Quiet)
        .ring(Ring::Inside)
        .padding([gap::XS, gap::S])
        .width(Length::Fill)
        .on_press(Message::DetailsPressed);
    let mut line = row![].spacing(gap::XS).align_y(Alignment::Center);
    if context.panes() == Panes::One {
        line = line.push(icon_button(Icon::ArrowLeft, i18n.get("action-back"), Some(Message::BackPressed)));
    }
    let line = line.push(who).push(privacy::lock(key, context)).push(icon_button(
        Icon::Info,
        i18n.get("details"),
        Some(Message::DetailsPressed),
    ));
    container(line).height(HEIGHT).align_y(Alignment::Center).padding([0.0, gap::S]).into()
}

/// How the accounts are connected.
pub(super) fn foot(context: &Context) -> Element<'_, Message> {
    let troubled = context.accounts.iter().filter(|account| account.connection != Connection::Online);
    let lines: Vec<Element<'_, Message>> = troubled.map(|account| state(account, context)).collect();
    let fetching = context.accounts.iter().filter_map(|account| fetching(account, context));
    let mut lines: Vec<Element<'_, Message>> = lines.into_iter().chain(fetching).collect();
    if lines.is_empty() {
        lines.push(connected(context));
    }
    let lines = iced::widget::Column::with_children(lines).spacing(gap::S);
    // With many accounts in trouble, something of the list still has its place.
    let tallest = (context.window.height * 0.45).max(96.0);
    container(scrollable(container(lines).padding([gap::S, gap::M]))).max_height(tallest).into()
}

fn connected(context: &Context) -> Element<'_, Message> {
    let said = context.i18n.get("connection-online");
    let sign = icon::tinted(Icon::Check, size::ICON_SMALL, |tokens| tokens.good);
    let line = row![sign, text(said.clone()).size(size::META).style(style::muted)];
    labelled(Role::Status, said, line.spacing(6.0).align_y(Alignment::Center))
}

/// How far what was missed has been fetched; and that it can wait, or should go on.
fn fetching<'a>(account: &'a AccountState, context: &'a Context) -> Option<Element<'a, Message>> {
    let i18n = &context.i18n;
    let (id, progress) = (account.account.id, words::is_catching_up(account)?);
    let said = words::catching_up(i18n, account)?;
    let jid = &account.account.jid;
    let said = if context.has_several_accounts() { format!("{jid} – {said}") } else { said };
    let (label, message) = match progress {
        CatchUp::Fetching { .. } => ("account-stop-fetching", Message::FetchingStopped(id)),
        CatchUp::Stopped | CatchUp::Done => ("account-start-fetching", Message::FetchingStarted(id)),
    };
    let words = text(said.clone()).size(size::META).style(style::muted).width(Length::Fill);
    let button = button(i18n.get(label)).kind(ButtonKind::Quiet).narrow().on_press(message);
    let line = row![labelled(Role::Status, said, words), button];
    Some(line.spacing(gap::S).align_y(Alignment::Center).into())
}

fn state<'a>(account: &'a AccountState, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let (id, jid) = (account.account.id, &account.account.jid);
    // Who wants to be offline is not told what would be in the way of being online.
    let connection = match account.account.activity {
        Activity::Paused if matches!(account.connection, Connection::Stopped(_)) => &Connection::Offline,
        Activity::Paused | Activity::Active => &account.connection,
    };
    let said = match (connection, account.keyring) {
        (Connection::Stopped(Problem::PasswordNeeded), Some(fault)) => i18n.get(match fault {
            Fault::Absent => "password-needed-absent",
            Fault::Locked => "password-needed-locked",
            Fault::Failed => "password-needed-failed",
        }),
        (Connection::Stopped(Problem::PlainOnly), _) => {
            i18n.with("plain-question", &[("provider", jid.domain().into())])
        }
        (connection, _) => words::connection(i18n, connection, jid),
    };
    let said = if context.has_several_accounts() { format!("{jid} – {said}") } else { said };
    let action = match connection {
        Connection::Stopped(Problem::PasswordNeeded) => {
            let enter = button(i18n.get("action-enter-password")).kind(ButtonKind::Primary);
            Some(enter.on_press(Message::PasswordPressed(id)))
        }
        Connection::Stopped(Problem::WrongPassword) => {
            Some(button(i18n.get("action-enter-password")).on_press(Message::PasswordPressed(id)))
        }
        Connection::Stopped(Problem::PlainOnly) => {
            Some(button(i18n.get("plain-allow")).on_press(Message::PlainAllowed(id)))
        }
        Connection::Stopped(Problem::KeysLocked | Problem::KeysUnreadable) => {
            Some(button(i18n.get("action-try-again")).on_press(Message::UnlockPressed))
        }
        Connection::Stopped(Problem::Downgrade) => {
            Some(button(i18n.get("downgrade-allow")).on_press(Message::WeakerAllowed(id)))
        }
        Connection::Waiting { problem: Problem::SignInToNetwork, .. } => {
            Some(button(i18n.get("network-open-page")).on_press(Message::PagePressed))
        }
        Connection::Stopped(Problem::Proxy(_)) | Connection::Waiting { problem: Problem::Proxy(_), .. } => {
            Some(button(i18n.get("network-settings")).on_press(Message::NetworkPressed))
        }
        Connection::Stopped(_) | Connection::Waiting { .. } => {
            Some(button(i18n.get("action-try-again")).on_press(Message::TryPressed(id)))
        }
        Connection::Offline => Some(button(i18n.get("action-connect")).on_press(Message::TryPressed(id))),
        Connection::Connecting | Connection::SigningIn | Connection::Online => None,
    };
    if let Connection::Stopped(_) = connection {
        let is_keyless =
            matches!(connection, Connection::Stopped(Problem::KeysLocked | Problem::KeysUnreadable));
        let anew = is_keyless.then(|| {
            button(i18n.get("action-new-keys")).kind(ButtonKind::Quiet).on_press(Message::NewKeysPressed)
        });
        let again = matches!(connection, Connection::Stopped(Problem::Proxy(_))).then(|| {
            button(i18n.get("action-try-again")).kind(ButtonKind::Quiet).on_press(Message::TryPressed(id))
        });
        let actions = action.into_iter().chain(anew).chain(again).map(Element::from).collect();
        // Nothing has failed where the person is only to be asked: many want that at each start.
        let (sign, colour): (Icon, fn(&Tokens) -> Color) = match connection {
            Connection::Stopped(Problem::PasswordNeeded) => (Icon::Key, |tokens| tokens.muted),
            _ => (Icon::CircleAlert, |tokens| tokens.bad),
        };
        return parts::banner(sign, colour, said, actions);
    }
    if let Connection::Waiting { problem: problem @ (Problem::SignInToNetwork | Problem::Proxy(_)), .. } =
        connection
    {
        // Only a person can help here, though it is tried on.
        let why = words::problem(i18n, problem, jid);
        let said = if context.has_several_accounts() { format!("{jid} – {why}") } else { why };
        let again =
            button(i18n.get("action-try-again")).kind(ButtonKind::Quiet).on_press(Message::TryPressed(id));
        let actions = action.into_iter().chain([again]).map(Element::from).collect();
        return parts::banner(Icon::WifiOff, |tokens| tokens.warn, said, actions);
    }
    let why = match connection {
        Connection::Waiting { problem, .. } => Some(words::problem(i18n, problem, jid)),
        _ => None,
    };
    let sign = icon::tinted(Icon::WifiOff, size::ICON_SMALL, |tokens| tokens.muted);
    let words = text(said.clone()).size(size::META).style(style::muted).width(Length::Fill);
    let line = row![sign, words].spacing(6.0).align_y(Alignment::Center);
    let line = labelled(Role::Status, said, line);
    let line = match why {
        Some(why) => hint(line, why),
        None => line,
    };
    match action {
        Some(action) => row![line, action].spacing(gap::S).align_y(Alignment::Center).into(),
        None => container(line).padding(Padding::from([gap::XS, 0.0])).into(),
    }
}

/// What the person should hear, one thing after the other: when one is put away the next one is there.
pub(super) fn notices<'a>(notices: &'a [(AccountId, News)], context: &'a Context) -> Element<'a, Message> {
    let Some((account, news)) = notices.first() else { return column![].into() };
    let close = button(context.i18n.get("action-close")).on_press(Message::NoticeDismissed(0));
    let notice = match news {
        News::Notice(notice) => notice,
        News::Arrived(jid) => return arrived((*account, jid.clone()), close, context),
    };
    let said = notice_words(*account, notice, context);
    let (which, look) = match notice {
        Notice::KeyReplaced { jid, .. } => {
            let look = button(context.i18n.get("action-look-at-keys")).kind(ButtonKind::Primary);
            (Icon::ShieldAlert, Some(look.on_press(Message::KeysPressed((*account, jid.clone())))))
        }
        Notice::NewOwnDevice { .. } => {
            let own = context.account(*account).map(|state| state.account.jid.clone());
            let look = button(context.i18n.get("own-devices")).kind(ButtonKind::Primary);
            let look = own.map(|own| look.on_press(Message::KeysPressed((*account, own))));
            (Icon::ShieldAlert, look)
        }
        _ => (Icon::Info, None),
    };
    let actions = look.into_iter().chain([close]).map(Element::from).collect();
    let banner = parts::banner(which, |tokens| tokens.warn, said, actions);
    container(banner).padding([gap::S, gap::M]).into()
}

fn arrived<'a>(key: Key, close: Button<Message>, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let said = i18n.with("notice-arrived", &[("name", context.name(&key).into())]);
    let write = button(i18n.get("action-write")).kind(ButtonKind::Primary);
    let actions = vec![write.on_press(Message::WritePressed(key)).into(), close.into()];
    let banner = parts::banner(Icon::UserPlus, |tokens| tokens.good, said, actions);
    container(banner).padding([gap::S, gap::M]).into()
}

fn notice_words(account: AccountId, notice: &Notice, context: &Context) -> String {
    let i18n = &context.i18n;
    let about = |key: &str, jid: &BareJid, problem: &Problem| {
        let why = words::problem(i18n, problem, jid);
        i18n.with(key, &[("name", context.name(&(account, jid.clone())).into()), ("why", why.into())])
    };
    let provider = |key: &str, problem: &Problem| {
        let own = context.account(account).map(|account| &account.account.jid);
        let why = own.map(|own| words::provider_problem(i18n, problem, own)).unwrap_or_default();
        i18n.with(key, &[("why", why.into())])
    };
    match notice {
        Notice::KeyReplaced { jid, .. } => {
            let name = context.name(&(account, jid.clone()));
            i18n.with("notice-key-replaced", &[("name", name.into())])
        }
        Notice::NewOwnDevice { device } => {
            let device = i18n.with("device-number", &[("number", device.to_string().into())]);
            i18n.with("notice-new-own-device", &[("device", device.into())])
        }
        Notice::KeysRenewed => i18n.get("notice-keys-renewed"),
        Notice::KeysUsedElsewhere => i18n.get("notice-keys-used-elsewhere"),
        Notice::KeysNotPublished(problem) => {
            let own = context.account(account).map(|account| &account.account.jid);
            let why = own.map(|own| words::problem(i18n, problem, own)).unwrap_or_default();
            i18n.with("notice-keys-not-published", &[("why", why.into())])
        }
        Notice::ProfileNotPublished { wish: ProfileWish::Name(_), problem } => {
            provider("notice-name-not-published", problem)
        }
        Notice::ProfileNotPublished { wish: ProfileWish::Picture(_), problem } => {
            provider("notice-picture-not-published", problem)
        }
        Notice::PasswordNotChanged(problem) => provider("notice-password-not-changed", problem),
        Notice::PasswordUncertain => i18n.get("notice-password-uncertain"),
        Notice::AccountNotDeleted(problem @ (Problem::ConnectionLost | Problem::TimedOut)) => {
            provider("notice-account-maybe-deleted", problem)
        }
        Notice::AccountNotDeleted(problem) => provider("notice-account-not-deleted", problem),
        Notice::MoveNotAnnounced(problem) => provider("notice-move-not-announced", problem),
        Notice::InvitationNotMade { problem, .. } => provider("notice-invitation-not-made", problem),
        // Asked in the foot line.
        Notice::PlainOnly => i18n.with("problem-plain-only", &[("provider", "".into())]),
        // What was wanted is kept until then.
        Notice::ContactNotAdded { jid, problem: Problem::ConnectionLost }
            if context.is_wished(&(account, jid.clone())) =>
        {
            let name = context.name(&(account, jid.clone()));
            i18n.with("notice-added-later", &[("name", name.into())])
        }
        Notice::ContactNotAdded { jid, problem } => about("notice-not-added", jid, problem),
        Notice::ContactNotChanged { jid, problem } => about("notice-not-changed", jid, problem),
        Notice::Unreadable { from: Some(from) } => {
            let name = context.name(&(account, from.clone()));
            i18n.with("notice-unreadable-from", &[("name", name.into())])
        }
        Notice::Unreadable { from: None } => i18n.get("notice-unreadable"),
        Notice::NoArchive => i18n.get("notice-no-archive"),
        Notice::ReadingNotShared => i18n.get("notice-reading-not-shared"),
        Notice::NoRoster(_) => i18n.get("notice-no-roster"),
        Notice::NotStored(problem) => {
            let why = words::local_problem(i18n, problem);
            i18n.with("notice-not-stored", &[("why", why.into())])
        }
    }
}
