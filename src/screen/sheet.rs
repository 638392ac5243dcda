//! The offer to save a sheet that brings somebody back into their account, with the question about the password.

use std::path::PathBuf;

use causerie_model::BareJid;
use iced::Length;
use iced::widget::{column, container};

use super::parts;
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::recovery::Fault;
use crate::theme::{Element, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, checkbox};

/// The name of the button that saves it.
pub(crate) const SAVE: &str = "sheet-save";

/// What was chosen, and how far it is.
#[derive(Debug, Default)]
pub(crate) struct Offer {
    with_password: bool,
    state: State,
}

/// How far the sheet is.
#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    /// It was not asked for.
    #[default]
    Unasked,
    /// It is being written.
    Writing,
    /// It is there.
    Written(PathBuf),
    /// It could not be written.
    Failed(Fault),
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// Whether the password is on the sheet.
    WithPassword(bool),
    /// The sheet is to be written.
    Pressed,
    /// It was written, or not; nothing where the person thought better of it.
    Written(Option<Result<PathBuf, Fault>>),
}

impl Offer {
    /// Changes what is shown; a sheet that is to be written is with the password, or without.
    pub(crate) fn update(&mut self, message: Message) -> Option<bool> {
        match message {
            Message::WithPassword(on) => self.with_password = on,
            Message::Pressed => {
                self.state = State::Writing;
                return Some(self.with_password);
            }
            Message::Written(written) => {
                self.state = match written {
                    None => State::Unasked,
                    Some(Ok(path)) => State::Written(path),
                    Some(Err(fault)) => State::Failed(fault),
                };
            }
        }
        None
    }
}

/// The offer. Only a password that is known to be the account's can be on the sheet.
pub(crate) fn view<'a, M: Clone + 'a>(
    offer: &'a Offer,
    jid: &BareJid,
    known: bool,
    i18n: &I18n,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let press = (offer.state != State::Writing).then(|| on(Message::Pressed));
    let save = button(i18n.get("wizard-sheet-save")).icon(Icon::File).id(SAVE).on_press_maybe(press);
    let tick = known.then(|| {
        let label = i18n.get("wizard-sheet-password");
        checkbox(label, offer.with_password, move |with| on(Message::WithPassword(with)))
    });
    let state: Option<Element<'a, M>> = match &offer.state {
        State::Unasked => None,
        State::Writing => Some(parts::waiting(i18n.get("wizard-sheet-writing"))),
        State::Written(path) => {
            let said = i18n.with("wizard-sheet-written", &[("path", path.display().to_string().into())]);
            Some(parts::banner(Icon::CircleCheck, |tokens| tokens.good, said, Vec::new()))
        }
        State::Failed(fault) => Some(parts::trouble(fault.words(i18n))),
    };
    let what = i18n.with("wizard-sheet-what", &[("provider", jid.domain().to_owned().into())]);
    let lines = column![parts::label(i18n.get("wizard-sheet")), parts::aside(what)]
        .push(tick)
        .push(Element::from(save))
        .push(state)
        .spacing(gap::S);
    let card = container(lines).padding(gap::L).width(Length::Fill).style(style::card);
    labelled(Role::Group, i18n.get("wizard-sheet"), card)
}
