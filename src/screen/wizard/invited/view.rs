//! How an invitation looks.

use iced::Padding;
use iced::widget::{column, container, row};

use super::{Given, Invitation, Invited, Message};
use crate::context::Context;
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::platform::scan::Fault;
use crate::screen::parts;
use crate::theme::{Element, space as gap};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, hint, link_button};

/// The link field's name.
pub(crate) const LINK: &str = "wizard-link";

/// The page.
pub(crate) fn view<'a, M: Clone + 'a>(
    invited: &'a Invited,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
    on_submit: M,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let link = parts::field(LINK, i18n.get("wizard-link"), &invited.link)
        .hint("xmpp:…".to_owned())
        .wrong(wrong(&invited.given, i18n))
        .note(i18n.get("wizard-link-note"))
        .on_input(Some(move |link| on(Message::LinkTyped(link))))
        .on_submit(on_submit);
    let paste = button(i18n.get("wizard-link-paste")).icon(Icon::Link).on_press(on(Message::PastePressed));
    let choose = button(i18n.get("wizard-link-picture")).icon(Icon::QrCode);
    let choose = choose.on_press(on(Message::ChoosePressed));
    let ways =
        row![Element::from(paste), Element::from(choose)].spacing(gap::S).wrap().vertical_spacing(gap::S);
    let mut lines = column![Element::from(link), Element::from(ways)].spacing(gap::L);
    let meant: Option<Element<'a, M>> = match &invited.given {
        Given::Page(page) => {
            let said = i18n.with("wizard-link-page", &[("page", page.clone().into())]);
            let open = button(i18n.get("wizard-open-page")).icon(Icon::ExternalLink);
            let open = open.on_press(on(Message::PagePressed)).into();
            Some(parts::banner(Icon::Info, |tokens| tokens.muted, said, vec![open]))
        }
        Given::PageWithToken(page, provider, _) => {
            let named = [("page", page.clone().into()), ("provider", provider.domain().to_owned().into())];
            let said = i18n.with("wizard-link-page-with-token", &named);
            let open = button(i18n.get("wizard-open-page")).icon(Icon::ExternalLink);
            let here = button(i18n.with("wizard-link-page-here", &named[1..]));
            let actions = vec![
                open.on_press(on(Message::PagePressed)).into(),
                here.on_press(on(Message::HostConfirmed)).into(),
            ];
            Some(parts::banner(Icon::Info, |tokens| tokens.muted, said, actions))
        }
        Given::Invitation(invitation) => Some(meaning(invitation, i18n, on)),
        Given::Reading | Given::Nothing | Given::NoCode(_) | Given::NothingPasted | Given::NoInvitation => {
            None
        }
    };
    if invited.given == Given::Reading {
        lines = lines.push(parts::waiting(i18n.get("compare-reading")));
    }
    for earlier in &invited.earlier {
        let whose = match &earlier.given {
            Given::Invitation(Invitation::Account { provider, .. }) => provider.domain().to_owned(),
            Given::Invitation(Invitation::Contact { jid, .. }) => jid.to_string(),
            Given::Page(page) | Given::PageWithToken(page, ..) => page.clone(),
            _ => continue,
        };
        let said = i18n.with("wizard-invited-before", &[("name", whose.into())]);
        lines = lines.push(labelled(Role::Status, said.clone(), parts::aside(said)));
        // What was pasted in its place invites to nothing: the way on is the way back.
        if earlier.invitation().is_none() || !invited.is_something() {
            let key = if earlier.invitation().is_none() {
                "wizard-invited-page-before"
            } else {
                "wizard-invited-again"
            };
            let again = on(Message::PageBefore(earlier.link.clone()));
            let again = link_button(i18n.get(key), Some(again));
            lines = lines.push(hint(again, earlier.link.clone()));
        }
    }
    // What it means comes first, and has a place when there is nothing yet: the field stays the same widget, with the keyboard in it.
    let below = if meant.is_some() { gap::XL } else { 0.0 };
    let meant = container(column![].push(meant)).padding(Padding::ZERO.bottom(below));
    column![meant, lines].into()
}

fn wrong(given: &Given, i18n: &I18n) -> Option<String> {
    Some(i18n.get(match given {
        Given::NoInvitation => "wizard-link-none",
        Given::NothingPasted => "wizard-link-nothing-pasted",
        Given::NoCode(Fault::Unreadable) => "compare-unreadable",
        Given::NoCode(Fault::NoPicture) => "compare-no-picture",
        Given::NoCode(Fault::NoCode) => "compare-no-code",
        _ => return None,
    }))
}

/// What the invitation is for, and what else can be done with it.
fn meaning<'a, M: Clone + 'a>(
    invitation: &Invitation,
    i18n: &I18n,
    on: impl Fn(Message) -> M,
) -> Element<'a, M> {
    let have = link_button(i18n.get("wizard-have-account"), Some(on(Message::HaveAccountPressed)));
    let (said, actions) = match invitation {
        Invitation::Account { provider, page, .. } => {
            let provider = provider.domain().to_owned();
            let open = page.as_ref().map(|page| {
                let open = link_button(i18n.get("wizard-open-page"), Some(on(Message::PagePressed)));
                hint(open, page.clone())
            });
            let said = i18n.with("wizard-invited-account", &[("provider", provider.into())]);
            (said, open.into_iter().collect())
        }
        Invitation::Contact { jid, account: None, .. } => {
            (i18n.with("wizard-invited-contact", &[("name", jid.to_string().into())]), vec![have])
        }
        Invitation::Contact { jid, account: Some(_), .. } => {
            let named = [("name", jid.to_string().into()), ("provider", jid.domain().to_owned().into())];
            let elsewhere =
                link_button(i18n.get("wizard-other-provider"), Some(on(Message::ElsewherePressed)));
            let both = row![have, elsewhere].spacing(gap::L).wrap();
            (i18n.with("wizard-invited-both", &named), vec![both.into()])
        }
    };
    parts::banner(Icon::CircleCheck, |tokens| tokens.good, said, actions)
}
