//! What is said of a link that led nowhere, or that waits for a click, over whatever the window shows.

use causerie_model::BareJid;
use iced::widget::{column, container, row};
use iced::{Alignment, Length};

use crate::context::Context;
use crate::icon::{self, Icon};
use crate::platform::links::keys;
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::focus;

/// The main button's name.
pub(crate) const CLOSE: &str = "link-close";
const WIDTH: f32 = 400.0;
/// Room for so much of an address that does not fit into the smallest window.
const LETTERS: usize = 300;

/// Why a link led nowhere, or not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no program that opens this address.
    NoProgram(String),
    /// It leads to a room.
    Room(BareJid),
    /// It asks to make an account that is here.
    AccountKnown(BareJid),
    /// It asks to remove a contact.
    Remove(BareJid),
    /// It asks to delete an account.
    Unregister(BareJid),
    /// It asks for something else.
    Unknown(String),
    /// It has no address of anybody.
    NoAddress(String),
    /// It has no keys that can be compared.
    Keys(String, keys::Fault),
    /// It has keys of somebody with whom nobody here talks.
    KeysOfStranger(BareJid),
    /// It leads to somebody who is known here, from elsewhere: nobody is asked anything about them before a click.
    Known {
        /// Who.
        jid: BareJid,
        /// What they are called here.
        name: String,
        /// The link as it came.
        link: String,
    },
}

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// The link is to be put onto the clipboard.
    CopyPressed,
    /// It is to be followed.
    FollowPressed,
    /// It was read.
    Closed,
}

impl Trouble {
    /// The link, for the clipboard.
    pub(crate) fn link(&self) -> String {
        match self {
            Self::NoProgram(link) | Self::Unknown(link) | Self::NoAddress(link) | Self::Keys(link, _) => {
                link.clone()
            }
            Self::Known { link, .. } => link.clone(),
            Self::KeysOfStranger(jid) => format!("xmpp:{jid}"),
            Self::AccountKnown(jid) => format!("xmpp:{jid}?register"),
            Self::Remove(jid) => format!("xmpp:{jid}?remove"),
            Self::Unregister(jid) => format!("xmpp:{jid}?unregister"),
            Self::Room(room) => format!("xmpp:{room}?join"),
        }
    }
}

/// What is said.
pub(crate) fn view<'a>(trouble: &Trouble, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let said = match trouble {
        Trouble::NoProgram(_) => i18n.get("link-no-program"),
        Trouble::Room(room) => i18n.with("link-room", &[("name", room.as_str().into())]),
        Trouble::AccountKnown(jid) => i18n.with("link-account-known", &[("name", jid.as_str().into())]),
        Trouble::Remove(jid) => i18n.with("link-remove", &[("name", jid.as_str().into())]),
        Trouble::Unregister(jid) => i18n.with("link-unregister", &[("name", jid.as_str().into())]),
        Trouble::Unknown(_) => i18n.get("link-unknown"),
        Trouble::NoAddress(_) => i18n.get("link-no-address"),
        Trouble::Keys(_, fault) => i18n.get(crate::screen::keys::refusal(*fault)),
        // An address that stands in for the name is not said twice.
        Trouble::Known { jid, name, .. } if name == jid.as_str() => {
            i18n.with("link-known-address", &[("address", jid.as_str().into())])
        }
        Trouble::Known { jid, name, .. } => {
            i18n.with("link-known", &[("name", name.as_str().into()), ("address", jid.as_str().into())])
        }
        Trouble::KeysOfStranger(jid) => i18n.with("link-keys-of-stranger", &[("name", jid.as_str().into())]),
    };
    let copy = button(i18n.get("action-copy")).icon(Icon::Copy).on_press(Message::CopyPressed);
    let close = button(i18n.get("action-close")).on_press(Message::Closed);
    // Of somebody who is known the link is of no use but to be followed.
    let known = matches!(trouble, Trouble::Known { .. });
    let link = (!known).then(|| parts::shortened(&trouble.link(), LETTERS));
    let link = link.map(|link| parts::aside(link).wrapping(iced::widget::text::Wrapping::WordOrGlyph));
    let buttons = if known {
        let follow = button(i18n.get("link-follow")).kind(ButtonKind::Primary).id(CLOSE);
        parts::buttons(close, follow.on_press(Message::FollowPressed))
    } else {
        parts::buttons(copy, close.kind(ButtonKind::Primary).id(CLOSE))
    };
    let lines = column![parts::words(said.clone())].push(link).push(buttons).spacing(gap::L);
    let card = container(lines).padding(gap::L).max_width(WIDTH).style(style::floating);
    let card = labelled(Role::Alert, said, card);
    focus::scope(parts::in_front(card))
}

/// That so many links wait, in those words.
pub(crate) fn waiting<'a, M: 'a>(key: &str, count: usize, context: &Context) -> Element<'a, M> {
    foot(context.i18n.with(key, &[("count", count.into())]), None)
}

/// That so many links wait for a press, and the button for that.
pub(crate) fn to_show<'a, M: Clone + 'a>(count: usize, message: M, context: &Context) -> Element<'a, M> {
    let said = context.i18n.with("link-waits-press", &[("count", count.into())]);
    let show = button(context.i18n.get("link-waits-show")).on_press(message);
    foot(said, Some(show.into()))
}

/// That so many links were not kept; where there is a place for it, with a button for having read it.
pub(crate) fn dropped<'a, M: Clone + 'a>(count: usize, seen: Option<M>, context: &Context) -> Element<'a, M> {
    let said = context.i18n.with("link-dropped", &[("count", count.into())]);
    let seen = seen.map(|seen| button(context.i18n.get("link-dropped-seen")).on_press(seen).into());
    foot(said, seen)
}

fn foot<'a, M: 'a>(said: String, beside: Option<Element<'a, M>>) -> Element<'a, M> {
    let sign = icon::tinted(Icon::Clock, size::ICON_SMALL, |tokens| tokens.muted);
    let line = row![sign, parts::aside(said.clone()).width(Length::Fill)].push(beside).spacing(gap::S);
    let line = container(line.align_y(Alignment::Center)).padding([gap::S, gap::M]).style(style::paper);
    labelled(Role::Status, said, line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;
    use crate::screen::walk::walk;
    use crate::widget::harness::Harness;

    fn known(name: &str) -> Trouble {
        let link = "xmpp:bob@chat.example?omemo-sid-27=aa".to_owned();
        Trouble::Known { jid: samples::jid("bob@chat.example"), name: name.to_owned(), link }
    }

    #[test]
    fn of_who_is_known_the_name_is_said_and_the_address_once() {
        let context = samples::lively(480.0, 420.0);
        for (name, said) in [
            ("Bob Martin", "This link leads to Bob Martin (bob@chat.example)."),
            ("bob@chat.example", "This link leads to bob@chat.example."),
        ] {
            let texts = Harness::new((480.0, 420.0), view(&known(name), &context)).texts();
            assert!(texts.iter().any(|(text, _)| text == said), "{texts:?}");
            assert!(!texts.iter().any(|(text, _)| text.contains("omemo")), "{texts:?}");
        }
    }

    #[test]
    fn each_is_said_in_the_smallest_window() {
        let context = samples::lively(480.0, 420.0);
        let long = format!("https://example.org/{}", "a".repeat(8000));
        for trouble in [
            Trouble::NoProgram(long),
            Trouble::Room(samples::jid("room@rooms.example")),
            Trouble::AccountKnown(samples::jid("alice@chat.example")),
            Trouble::Remove(samples::jid("bob@chat.example")),
            Trouble::Unregister(samples::jid("alice@chat.example")),
            Trouble::Unknown("xmpp:bob@chat.example?sendfile".to_owned()),
            Trouble::NoAddress("xmpp:@@@".to_owned()),
            Trouble::Keys("xmpp:bob@chat.example?omemo-sid-1=0".to_owned(), keys::Fault::Malformed),
            Trouble::KeysOfStranger(samples::jid("stranger@far.example")),
            known("Bob Martin"),
        ] {
            walk("link", (480.0, 420.0), view(&trouble, &context));
            // The same with letters twice as large.
            let mut window = Harness::new((240.0, 210.0), view(&trouble, &context));
            window.perform(focus::focus::<Message>(CLOSE));
            assert!(window.sees_focus(), "{trouble:?}");
        }
    }
}
