//! How the page of a new account looks.

use iced::widget::image::Handle;
use iced::widget::{column, row};
use iced::{Alignment, Length};

use causerie_model::BareJid;

use super::{Framed, Message, Picture, Ready};
use crate::context::Context;
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::portrait::{Fault, Shift};
use crate::screen::{parts, sheet};
use crate::theme::style::ButtonKind;
use crate::theme::{Element, space as gap};
use crate::widget::access::{Role, labelled};
use crate::widget::avatar::avatar;
use crate::widget::button::{button, icon_button_of, link_button};
use crate::widget::crop::crop;

/// The name field's name.
pub(crate) const SHOWN_NAME: &str = "wizard-shown-name";
/// The name of the button that chooses a picture.
pub(crate) const CHOOSE: &str = "wizard-picture-choose";
/// The name of the picture of which a part is chosen.
pub(crate) const CROP: &str = "wizard-crop";
/// The side of one's own picture.
const SIDE: f32 = 72.0;
/// The side of the part of it that is chosen.
const PART: f32 = 160.0;

/// The page. Only a password that is known to be the account's can be on the sheet.
pub(crate) fn view<'a, M: Clone + 'a>(
    ready: &'a Ready,
    jid: &BareJid,
    known: bool,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
    on_submit: M,
) -> Element<'a, M> {
    let sheet =
        sheet::view(&ready.sheet, jid, known, &context.i18n, move |message| on(Message::Sheet(message)));
    column![profile(ready, jid, None, context, on, on_submit), sheet].spacing(gap::XL).into()
}

/// How others see us: the picture and the name. One that they see already, or are to see, is shown until there is another one, as soon
/// as it can be.
pub(crate) fn profile<'a, M: Clone + 'a>(
    ready: &'a Ready,
    jid: &BareJid,
    before: Option<Option<Handle>>,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
    on_submit: M,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let name = parts::field(SHOWN_NAME, i18n.get("wizard-shown-name"), &ready.name)
        .hint(i18n.get("wizard-shown-name-hint"))
        .note(i18n.get("wizard-shown-name-note"))
        .on_input(Some(move |name| on(Message::NameChanged(name))))
        .on_submit(on_submit);
    column![picture(ready, jid, before, context, on), Element::from(name)].spacing(gap::XL).into()
}

fn picture<'a, M: Clone + 'a>(
    ready: &'a Ready,
    jid: &BareJid,
    before: Option<Option<Handle>>,
    context: &Context,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    if let Picture::Chosen(framed) = &ready.picture {
        return part(framed, ready.wrong, i18n, on);
    }
    let some = before.is_some() || ready.is_seen();
    let called = ready.shown_name().unwrap_or_else(|| jid.local().unwrap_or(jid.as_str()).to_owned());
    let face = avatar(jid.as_str(), &called, before.flatten(), SIDE);
    let label = i18n.get(if some { "wizard-picture-other" } else { "wizard-picture-choose" });
    let choose = button(label).icon(Icon::Image).id(CHOOSE).on_press(on(Message::ChoosePressed));
    let remove = some.then(|| {
        button(i18n.get("wizard-picture-remove")).kind(ButtonKind::Quiet).on_press(on(Message::RemovePressed))
    });
    let buttons = row![choose].push(remove).spacing(gap::S).wrap();
    // What was only asked of the provider nobody sees yet.
    let own = context.accounts.iter().find(|state| state.account.jid == *jid);
    let theirs = own.is_some_and(|state| state.account.profile.picture.is_some());
    let seen = theirs && ready.is_seen() && !matches!(ready.picture, Picture::Reading);
    let seen = seen.then(|| {
        let said = i18n.get("wizard-picture-seen");
        labelled(Role::Status, said.clone(), parts::aside(said))
    });
    let note: Element<'a, M> = match &ready.picture {
        Picture::Failed(fault) => parts::trouble(fault.words(i18n)),
        Picture::Reading => {
            let said = i18n.get("compare-reading");
            let said = labelled(Role::Status, said.clone(), parts::aside(said));
            let cancel = link_button(i18n.get("action-cancel"), Some(on(Message::ReadingCancelled)));
            row![said, cancel].spacing(gap::S).align_y(Alignment::Center).wrap().into()
        }
        Picture::None | Picture::Chosen(_) => parts::aside(i18n.get("wizard-picture-note")).into(),
    };
    let side = column![Element::from(buttons), note].push(seen).spacing(gap::XS).width(Length::Fill);
    row![face, side].spacing(gap::L).align_y(Alignment::Center).into()
}

/// The part of a picture that others are to see.
fn part<'a, M: Clone + 'a>(
    framed: &'a Framed,
    wrong: Option<Fault>,
    i18n: &I18n,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let picture = (framed.shown.clone(), framed.original.size());
    let shifted = move |shift| on(Message::Shifted(shift));
    let crop = crop(CROP, i18n.get("wizard-crop"), picture, framed.square, PART, shifted);
    let sized =
        |which, key, shift| icon_button_of(ButtonKind::Secondary, which, i18n.get(key), Some(shifted(shift)));
    let sizes = row![
        sized(Icon::Plus, "wizard-crop-nearer", Shift::NEARER),
        sized(Icon::Minus, "wizard-crop-further", Shift::FURTHER),
    ]
    .spacing(gap::S);
    let other = button(i18n.get("wizard-picture-other")).icon(Icon::Image);
    let other = other.id(CHOOSE).on_press(on(Message::ChoosePressed));
    let remove = button(i18n.get("wizard-picture-remove")).kind(ButtonKind::Quiet);
    let remove = remove.on_press(on(Message::RemovePressed));
    let notes = [parts::aside(i18n.get("wizard-crop-note")), parts::aside(i18n.get("wizard-picture-note"))];
    let notes = column(notes.map(Element::from)).spacing(gap::XS);
    let wrong = wrong.map(|fault| parts::trouble(fault.words(i18n)));
    let side = column![row![other, remove].spacing(gap::S).wrap()].push(wrong).push(sizes).push(notes);
    row![crop, side.spacing(gap::S).width(Length::Fill)].spacing(gap::L).into()
}
