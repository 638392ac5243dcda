//! Whether a conversation is encrypted, as people see it: calm where it is, plain where it is not.

use causerie_model::{Connection, Privacy, Readiness};
use iced::widget::{column, container, row, scrollable, text};
use iced::{Alignment, Color, Length, Padding};

use super::Message;
use super::timeline::COLUMN;
use crate::context::{Context, Key, Panes};
use crate::icon::{self, Icon};
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{self, Element, Tokens, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, hint as hint_below};
use crate::widget::control::control;
use crate::widget::list::BAR;

/// The lock's name.
pub(super) const LOCK: &str = "lock";
/// The name of the first button of what it opens.
pub(super) const FIRST: &str = "lock-first";
const WIDTH: f32 = 340.0;
/// What of the height of the window stays free.
const ABOVE_AND_BELOW: f32 = 72.0;

/// How things stand in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Encrypted: nothing has to be said.
    Encrypted,
    /// To be encrypted, and whether it can be is not known yet. Nothing has to be said, and nothing is claimed.
    Unknown,
    /// Not encrypted, because the person wants it so.
    Clear,
    /// The other side can't read what is encrypted.
    NoKeys,
    /// The keys of the other side's devices can't be had now.
    OutOfReach,
    /// A person has to decide about the other side's keys.
    Undecided,
    /// A person has refused all of them.
    Refused,
    /// This account can't encrypt.
    Unavailable,
}

fn standing(key: &Key, context: &Context) -> Standing {
    let privacy = context.conversation(key).map(|conversation| conversation.privacy).unwrap_or_default();
    if privacy == Privacy::Clear {
        return Standing::Clear;
    }
    let online = is_online(key, context);
    match context.readiness.get(key).copied().unwrap_or_default() {
        Readiness::NoKeys if online => Standing::NoKeys,
        Readiness::OutOfReach if online => Standing::OutOfReach,
        Readiness::Undecided => Standing::Undecided,
        Readiness::Distrusted => Standing::Refused,
        Readiness::Unavailable if online => Standing::Unavailable,
        Readiness::Ready => Standing::Encrypted,
        _ => Standing::Unknown,
    }
}

fn is_online(key: &Key, context: &Context) -> bool {
    context.account(key.0).is_some_and(|account| account.connection == Connection::Online)
}

/// Whether this account has keys, as far as is known. Without any, nothing encrypted can be read here, and nothing repaired.
pub(super) fn can_encrypt(key: &Key, context: &Context) -> bool {
    !is_online(key, context) || context.readiness.get(key) != Some(&Readiness::Unavailable)
}

/// The lock beside a name, which leads to the [`panel`].
pub(super) fn lock<'a>(key: &Key, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let (which, said, why) = heading(standing(key, context));
    let said = i18n.get(said);
    let open = which == Icon::LockOpen;
    let tone: fn(&Tokens) -> Color = if open { |tokens| tokens.warn } else { |tokens| tokens.muted };
    let mut line = row![icon::tinted(which, size::ICON_SMALL, tone)];
    line = line.spacing(gap::XS).align_y(Alignment::Center);
    if open && context.panes() != Panes::One {
        line = line.push(text(said.clone()).size(size::META).style(style::warn));
    }
    let lock = control(Role::Button, said.clone(), line)
        .id(LOCK)
        .kind(ButtonKind::Quiet)
        .padding([gap::XS, gap::S])
        .least_height(36.0)
        .on_press(Message::LockPressed);
    let why = i18n.with(why, &[("name", context.name(key).into())]);
    hint_below(lock, if open { why } else { said })
}

fn heading(standing: Standing) -> (Icon, &'static str, &'static str) {
    match standing {
        Standing::Clear => (Icon::LockOpen, "not-encrypted", "not-encrypted-why"),
        Standing::Encrypted => (Icon::Lock, "encrypted", "encrypted-what"),
        Standing::Unknown => (Icon::Shield, "to-be-encrypted", "to-be-encrypted-what"),
        // Nothing is sent, so nothing is open to others either.
        Standing::Undecided
        | Standing::NoKeys
        | Standing::OutOfReach
        | Standing::Refused
        | Standing::Unavailable => (Icon::Lock, "not-yet-encrypted", "not-yet-encrypted-why"),
    }
}

/// What is protected, and what is not.
pub(super) fn panel<'a>(key: &Key, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let standing = standing(key, context);
    let (which, title, what) = heading(standing);
    let name = context.name(key);
    let point = |which, said: String| {
        let sign = container(icon::tinted(which, size::ICON, |tokens| tokens.muted));
        let words = text(said).size(size::SECONDARY).line_height(theme::LINE_HEIGHT).width(Length::Fill);
        row![sign.padding(Padding::ZERO.top(1.0)), words].spacing(gap::M)
    };
    let with_name = |key: &str| i18n.with(key, &[("name", name.as_str().into())]);
    let mut lines = column![parts::heading(i18n.get(title), size::TITLE)].spacing(gap::M);
    lines = lines.push(point(which, with_name(what)));
    lines = lines.push(point(Icon::Eye, i18n.get("encryption-honesty")));
    lines = lines.push(point(Icon::Monitor, with_name("encryption-on-disk")));
    if standing != Standing::Clear {
        lines = lines.push(point(Icon::Key, with_name("encryption-compare")));
    }
    let look = button(i18n.get("devices")).id(FIRST).on_press(Message::KeysPressed(key.clone()));
    let mut actions = row![look].spacing(gap::S);
    if standing == Standing::Clear {
        actions = actions.push(
            button(i18n.get("action-encrypt"))
                .kind(ButtonKind::Primary)
                .on_press(Message::PrivacyChosen(Privacy::Encrypted)),
        );
    }
    let lines = scrollable(container(lines.push(actions.wrap())).padding(gap::L));
    let tallest = (context.window.height - ABOVE_AND_BELOW).max(120.0);
    let panel = container(lines).max_height(tallest).width(WIDTH).style(style::floating);
    labelled(Role::Group, i18n.get(title), panel)
}

/// What the place to write is called.
pub(super) fn hint(key: &Key, context: &Context) -> String {
    let said = match standing(key, context) {
        Standing::Clear => "composer-hint-clear",
        _ => "composer-hint",
    };
    context.i18n.with(said, &[("name", context.name(key).into())])
}

/// What has to be said before something is written, above the place to write.
pub(super) fn bar<'a>(key: &Key, context: &'a Context) -> Option<Element<'a, Message>> {
    let i18n = &context.i18n;
    let name = || context.name(key);
    let choose =
        |label: &str, privacy| button(i18n.get(label)).on_press(Message::PrivacyChosen(privacy)).into();
    let look = || -> Element<'a, Message> {
        let look = button(i18n.get("action-look-at-keys")).kind(ButtonKind::Primary);
        look.on_press(Message::KeysPressed(key.clone())).into()
    };
    let with_name = |said: &str| i18n.with(said, &[("name", name().into())]);
    let (which, said, actions) = match standing(key, context) {
        Standing::Encrypted | Standing::Unknown => return None,
        Standing::Clear => {
            let encrypt = choose("action-encrypt", Privacy::Encrypted);
            (Icon::LockOpen, with_name("clear-bar"), vec![encrypt])
        }
        Standing::NoKeys => {
            (Icon::CircleAlert, with_name("no-keys-bar"), vec![choose("action-send-clear", Privacy::Clear)])
        }
        Standing::OutOfReach => {
            let again = button(i18n.get("action-try-again")).kind(ButtonKind::Primary);
            let again = again.on_press(Message::LookUpPressed).into();
            let actions = vec![again, choose("action-send-clear", Privacy::Clear)];
            (Icon::CircleAlert, with_name("out-of-reach-bar"), actions)
        }
        Standing::Unavailable => {
            let said = i18n.with("no-encryption-bar", &[("provider", provider(key, context).into())]);
            (Icon::CircleAlert, said, vec![choose("action-send-clear", Privacy::Clear)])
        }
        Standing::Undecided => (Icon::CircleAlert, with_name("undecided-bar"), vec![look()]),
        Standing::Refused => (Icon::CircleAlert, with_name("refused-bar"), vec![look()]),
    };
    let banner = parts::banner(which, |tokens| tokens.warn, said, actions);
    let banner = container(banner).max_width(COLUMN).padding(Padding::from([gap::S, gap::L]));
    // As wide as what is below, beside the scroll bar.
    Some(container(banner).center_x(Length::Fill).padding(Padding::ZERO.right(BAR)).into())
}

/// The provider of the account.
pub(super) fn provider(key: &Key, context: &Context) -> String {
    context.account(key.0).map(|account| account.account.jid.domain().to_owned()).unwrap_or_default()
}
