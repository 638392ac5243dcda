//! How it is said that an account may be there.

use causerie_model::BareJid;
use iced::widget::column;

use super::super::view::{STAY, copied};
use super::super::{Made, Wizard};
use super::Message;
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, space as gap};
use crate::widget::button::button;

/// So many are told of at once.
const MOST: usize = 3;

/// What is said of each account that may be there; nothing where there is none.
pub(crate) fn notice<'a>(wizard: &'a Wizard, i18n: &I18n) -> Option<Element<'a, Message>> {
    let doubts = wizard.open_doubts();
    let banners = doubts.into_iter().take(MOST).map(|jid| banner(wizard, jid, i18n));
    let banners: Vec<Element<'a, Message>> = banners.collect();
    (!banners.is_empty()).then(|| iced::widget::Column::with_children(banners).spacing(gap::M).into())
}

fn banner<'a>(wizard: &'a Wizard, jid: &BareJid, i18n: &I18n) -> Element<'a, Message> {
    let named = [("address", jid.to_string().into()), ("provider", jid.domain().to_owned().into())];
    let known = wizard.password_in_doubt(jid).is_some();
    let copy = known.then(|| {
        let copy = button(i18n.get("wizard-password-copy")).icon(Icon::Copy);
        Element::from(copy.on_press(Message::CopyPressed(jid.clone())))
    });
    let forget = |kind| {
        let forget = button(i18n.get("wizard-never-forget")).kind(kind);
        Element::from(forget.on_press(Message::ForgetPressed(jid.clone())))
    };
    if wizard.doubts.forgetting.as_ref() == Some(jid) {
        let stay = button(i18n.get("wizard-never-stay")).id(STAY).on_press(Message::Kept);
        let mut actions = vec![stay.into()];
        actions.extend(copy);
        actions.push(forget(ButtonKind::Danger));
        let said = i18n.with("wizard-never-sure", &named[..1]);
        return parts::banner(Icon::TriangleAlert, |tokens| tokens.warn, said, actions);
    }
    let opened = wizard.entrusted.as_ref() == Some(jid);
    // What is in memory alone is said to be that, and so is what is not even there.
    let said = match (opened, wizard.secrets.is_unkept(jid), known) {
        (false, false, _) => "wizard-doubt",
        (true, false, _) => "wizard-doubt-web",
        (false, true, true) => "wizard-doubt-unkept",
        (true, true, true) => "wizard-doubt-web-unkept",
        (false, true, false) => "wizard-doubt-lost",
        (true, true, false) => "wizard-doubt-web-lost",
    };
    let said = i18n.with(said, &named);
    let find = (wizard.made == Made::No).then(|| {
        let find = button(i18n.get("wizard-doubt-find-out"));
        Element::from(find.on_press(Message::FindOutPressed(jid.clone())))
    });
    let actions = find.into_iter().chain(copy).chain([forget(ButtonKind::Quiet)]).collect();
    let banner = parts::banner(Icon::Info, |tokens| tokens.warn, said, actions);
    let done = wizard.doubts.copied.as_ref() == Some(jid);
    column![banner].push(done.then(|| copied(i18n))).spacing(gap::XS).into()
}

/// That the page of the web was opened with another password; nothing where it was not.
pub(crate) fn other_password<'a>(wizard: &Wizard, i18n: &I18n) -> Option<Element<'a, Message>> {
    wizard.taken_before()?;
    let back = button(i18n.get("wizard-web-other-password-back")).on_press(Message::TakeBackPressed);
    let said = i18n.get("wizard-web-other-password");
    Some(parts::banner(Icon::TriangleAlert, |tokens| tokens.warn, said, vec![back.into()]))
}
