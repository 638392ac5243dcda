//! The offer to save a sheet that brings somebody back into their account, with the question about the password.

use std::path::PathBuf;

use causerie_model::BareJid;
use iced::Length;
use iced::widget::{column, container, row};

use super::parts;
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::recovery::{Fault, Form};
use crate::theme::{Element, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, checkbox};

/// The name of the button that saves it.
pub(crate) const SAVE: &str = "sheet-save";

/// The name of the button that shows what was written.
pub(crate) const OPEN: &str = "sheet-open";

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Write the sheet in that form, with the password or without.
    Write(Form, WithPassword),
    /// Show the file that was written in the program that the desktop has for it, which prints.
    Open(PathBuf),
}

/// Whether the password is on the sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum WithPassword {
    /// It is not.
    #[default]
    No,
    /// It is: the person has asked for it.
    Yes,
}

/// What was chosen, and how far it is.
#[derive(Debug, Default)]
pub(crate) struct Offer {
    with_password: WithPassword,
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
    /// The sheet is to be written in that form.
    Pressed(Form),
    /// What was written is to be shown, and printed.
    OpenPressed,
    /// It was written, or not; nothing where the person thought better of it.
    Written(Option<Result<PathBuf, Fault>>),
}

impl Offer {
    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message) -> Option<Wish> {
        match message {
            Message::WithPassword(on) => {
                self.with_password = if on { WithPassword::Yes } else { WithPassword::No };
            }
            Message::Pressed(form) => {
                self.state = State::Writing;
                return Some(Wish::Write(form, self.with_password));
            }
            Message::OpenPressed => {
                let State::Written(path) = &self.state else { return None };
                return Some(Wish::Open(path.clone()));
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

impl Message {
    /// The button to go on with, once the sheet was written or could not be.
    pub(crate) fn next(&self) -> Option<&'static str> {
        match self {
            Self::Written(Some(Ok(_))) => Some(OPEN),
            Self::Written(_) => Some(SAVE),
            _ => None,
        }
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
    let idle = offer.state != State::Writing;
    let save = |key: &str, form| {
        let press = idle.then(|| on(Message::Pressed(form)));
        button(i18n.get(key)).on_press_maybe(press)
    };
    let save = row![
        save("wizard-sheet-pdf", Form::Pdf).icon(Icon::File).id(SAVE),
        save("wizard-sheet-png", Form::Png).icon(Icon::Image),
    ]
    .spacing(gap::S)
    .wrap()
    .vertical_spacing(gap::S);
    let tick = known.then(|| {
        let label = i18n.get("wizard-sheet-password");
        checkbox(label, offer.with_password == WithPassword::Yes, move |with| on(Message::WithPassword(with)))
    });
    let state: Option<Element<'a, M>> = match &offer.state {
        State::Unasked => None,
        State::Writing => Some(parts::waiting(i18n.get("wizard-sheet-writing"))),
        State::Written(path) => {
            let said = i18n.with("wizard-sheet-written", &[("path", path.display().to_string().into())]);
            let open = button(i18n.get("wizard-sheet-open")).icon(Icon::ExternalLink);
            let open = open.id(OPEN).on_press(on(Message::OpenPressed)).into();
            Some(parts::banner(Icon::CircleCheck, |tokens| tokens.good, said, vec![open]))
        }
        State::Failed(fault) => Some(parts::trouble(fault.words(i18n))),
    };
    let what = i18n.with("wizard-sheet-what", &[("provider", jid.domain().to_owned().into())]);
    let lines = column![parts::label(i18n.get("wizard-sheet")), parts::aside(what)]
        .push(tick)
        .push(state)
        .push(Element::from(save))
        .spacing(gap::S);
    let card = container(lines).padding(gap::L).width(Length::Fill).style(style::card);
    labelled(Role::Group, i18n.get("wizard-sheet"), card)
}
