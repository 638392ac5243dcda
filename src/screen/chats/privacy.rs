//! Whether a conversation is encrypted, as people see it: calm where it is, plain where it is not.

use causerie_model::{Connection, Privacy, Readiness};
use iced::widget::{container, row, text};
use iced::{Alignment, Color, Padding};

use super::Message;
use super::timeline::COLUMN;
use crate::context::{Context, Key, Panes};
use crate::icon::{self, Icon};
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, Tokens, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, hint};

/// How things stand in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Encrypted, or about to be: nothing has to be said.
    Encrypted,
    /// Not encrypted, because the person wants it so.
    Clear,
    /// The other side can't read what is encrypted.
    NoKeys,
    /// A person has to decide about the other side's keys.
    Undecided,
    /// This account can't encrypt.
    Unavailable,
}

fn standing(key: &Key, context: &Context) -> Standing {
    let privacy = context.conversation(key).map(|conversation| conversation.privacy).unwrap_or_default();
    if privacy == Privacy::Clear {
        return Standing::Clear;
    }
    let online = context.account(key.0).is_some_and(|account| account.connection == Connection::Online);
    match context.readiness.get(key).copied().unwrap_or_default() {
        Readiness::NoKeys if online => Standing::NoKeys,
        Readiness::Undecided => Standing::Undecided,
        Readiness::Unavailable if online => Standing::Unavailable,
        _ => Standing::Encrypted,
    }
}

/// The lock beside a name.
pub(super) fn lock<'a>(key: &Key, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let (which, said, why) = match standing(key, context) {
        Standing::Clear => (Icon::LockOpen, "not-encrypted", "not-encrypted-why"),
        Standing::Encrypted | Standing::Undecided => (Icon::Lock, "encrypted", "encrypted-why"),
        // Nothing is sent, so nothing is open to others either.
        Standing::NoKeys | Standing::Unavailable => {
            (Icon::Lock, "not-yet-encrypted", "not-yet-encrypted-why")
        }
    };
    let said = i18n.get(said);
    let open = which == Icon::LockOpen;
    let tone: fn(&Tokens) -> Color = if open { |tokens| tokens.warn } else { |tokens| tokens.muted };
    let sign = icon::tinted(which, size::ICON_SMALL, tone);
    let mut line = row![sign].spacing(gap::XS).align_y(Alignment::Center);
    if open && context.panes() != Panes::One {
        line = line.push(text(said.clone()).size(size::META).style(style::warn));
    }
    let line = container(line).padding([gap::XS, gap::S]);
    hint(labelled(Role::Image, said, line), i18n.get(why))
}

/// What has to be said before something is written, above the place to write.
pub(super) fn bar<'a>(key: &Key, context: &'a Context) -> Option<Element<'a, Message>> {
    let i18n = &context.i18n;
    let name = || context.name(key);
    let choose =
        |label: &str, privacy| button(i18n.get(label)).on_press(Message::PrivacyChosen(privacy)).into();
    let (which, tone, said, action): (_, fn(&Tokens) -> Color, _, Element<'a, Message>) =
        match standing(key, context) {
            Standing::Encrypted => return None,
            Standing::Clear => {
                let said = i18n.with("clear-bar", &[("name", name().into())]);
                (Icon::LockOpen, |tokens| tokens.warn, said, choose("action-encrypt", Privacy::Encrypted))
            }
            Standing::NoKeys => {
                let said = i18n.with("no-keys-bar", &[("name", name().into())]);
                (Icon::Lock, |tokens| tokens.warn, said, choose("action-send-clear", Privacy::Clear))
            }
            Standing::Unavailable => {
                let provider = key_provider(key, context);
                let said = i18n.with("no-encryption-bar", &[("provider", provider.into())]);
                (Icon::Lock, |tokens| tokens.warn, said, choose("action-send-clear", Privacy::Clear))
            }
            Standing::Undecided => {
                let said = i18n.with("undecided-bar", &[("name", name().into())]);
                let look = button(i18n.get("action-look-at-keys")).kind(ButtonKind::Primary);
                (Icon::CircleAlert, |tokens| tokens.warn, said, look.on_press(Message::DetailsPressed).into())
            }
        };
    let banner = parts::banner(which, tone, said, vec![action]);
    let banner = container(banner).max_width(COLUMN).padding(Padding::from([gap::S, gap::L]));
    Some(container(banner).center_x(iced::Length::Fill).into())
}

fn key_provider(key: &Key, context: &Context) -> String {
    context.account(key.0).map(|account| account.account.jid.domain().to_owned()).unwrap_or_default()
}
