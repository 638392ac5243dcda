//! How the page for comparing keys looks: ours to show, theirs to look at, and what came of it.

use causerie_model::Fingerprint;
use iced::widget::{Column, column, container, row, rule};
use iced::{Alignment, Color, Length};

use super::super::compare::{Compare, Compared, Given};
use super::super::{BACK, Keys, Message, OwnCode, Whose};
use super::fingerprint;
use crate::context::Context;
use crate::icon::Icon;
use crate::platform::links::keys::Fault;
use crate::platform::scan;
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, Tokens, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, icon_button_named};

/// The name of the field for a link.
const LINK: &str = "keys-link";
/// The widest a code gets.
const CODE: f32 = 264.0;
/// What is beside a code, at least.
const BESIDE: f32 = 32.0;

/// The page; nothing while nothing is compared.
pub(crate) fn compare_page<'a>(keys: &'a Keys, context: &'a Context) -> Option<Element<'a, Message>> {
    let comparing = keys.comparing.as_ref()?;
    let i18n = &context.i18n;
    let top = row![
        icon_button_named(BACK, Icon::ArrowLeft, i18n.get("action-back"), Message::CompareClosed),
        parts::heading(i18n.get("compare-title"), size::TITLE),
    ]
    .spacing(gap::S)
    .align_y(Alignment::Center);
    let mut lines = column![container(top).padding([gap::S, 0.0])].spacing(gap::L).width(Length::Fill);
    if !matches!(comparing.given(), Given::Nothing) {
        lines = lines.push(outcome(keys, comparing, context));
    }
    let theirs = theirs(keys, comparing, context);
    let line = rule::horizontal(1).style(style::hairline);
    // What came of it is looked at together with what it came from.
    lines = match comparing.given() {
        Given::Nothing => lines.push(ours(keys, context)).push(line).push(theirs),
        _ => lines.push(theirs).push(line).push(ours(keys, context)),
    };
    Some(lines.into())
}

/// Who is meant: by name, or as our own other device.
fn name(keys: &Keys, context: &Context) -> String {
    context.name(&keys.key)
}

fn ours<'a>(keys: &'a Keys, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let mut lines = column![parts::label(i18n.get("compare-ours"))].spacing(gap::S);
    let Some(OwnCode { fingerprint: own, code, .. }) = &keys.own else {
        return lines.push(parts::aside(i18n.get("own-devices-none"))).into();
    };
    lines = lines.push(parts::aside(match keys.whose {
        Whose::Mine => i18n.get("compare-show-mine"),
        Whose::Theirs => i18n.with("compare-show", &[("name", name(keys, context).into())]),
    }));
    if let Some(code) = code {
        let most = CODE.min(context.window.width - BESIDE);
        lines = lines.push(code.view(i18n.get("compare-code"), most));
    }
    let copy = button(i18n.get("compare-copy")).icon(Icon::Copy).on_press(Message::CopyPressed);
    lines.push(fingerprint(*own, context)).push(copy).into()
}

fn theirs<'a>(keys: &Keys, comparing: &'a Compare, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let (title, how) = match keys.whose {
        Whose::Mine => (i18n.get("compare-other"), i18n.get("compare-take-mine")),
        Whose::Theirs => {
            let with = |key| i18n.with(key, &[("name", name(keys, context).into())]);
            (with("compare-theirs"), with("compare-take"))
        }
    };
    let choose = button(i18n.get("compare-choose")).icon(Icon::Image).on_press(Message::ChoosePressed);
    let link = parts::field(LINK, i18n.get("compare-link"), comparing.typed())
        .hint("xmpp:…".to_owned())
        .on_input(Some(Message::LinkTyped));
    column![parts::label(title), parts::aside(how), choose, Element::from(link)].spacing(gap::S).into()
}

/// What came of it, in as many boxes as there is to say.
fn outcome<'a>(keys: &Keys, comparing: &Compare, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let alarm = |said: String| parts::banner(Icon::ShieldAlert, |t| t.bad, said, Vec::new());
    let caution = |said: String| parts::banner(Icon::CircleAlert, |t| t.warn, said, Vec::new());
    let one = |said| column![said].into();
    match comparing.given() {
        Given::Nothing => column![].into(),
        Given::Reading => {
            one(parts::banner(Icon::Clock, |t| t.muted, i18n.get("compare-reading"), Vec::new()))
        }
        Given::NoCode(fault) => one(caution(i18n.get(match fault {
            scan::Fault::Unreadable => "compare-unreadable",
            scan::Fault::NoPicture => "compare-no-picture",
            scan::Fault::NoCode => "compare-no-code",
        }))),
        Given::NoLink => one(caution(i18n.get("compare-no-link"))),
        Given::Refused(fault) => one(caution(i18n.get(refusal(*fault)))),
        Given::Link(link) => match keys.compared(comparing) {
            Some(compared) => found(keys, &compared, context),
            None => {
                let names = [("name", name(keys, context).into()), ("other", link.jid.as_str().into())];
                one(alarm(i18n.with("compare-somebody-else", &names)))
            }
        },
    }
}

/// Why the keys of a link are not taken.
pub(crate) fn refusal(fault: Fault) -> &'static str {
    match fault {
        Fault::TooLong => "compare-too-long",
        Fault::Malformed => "compare-malformed",
        Fault::NoKeys => "compare-no-keys",
    }
}

/// What is alarming comes first.
fn found<'a>(keys: &Keys, compared: &Compared, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let name = name(keys, context);
    let mut boxes: Vec<Element<'a, Message>> = Vec::new();
    for (claim, known) in &compared.differing {
        let said = i18n.with("compare-differs", &[("name", name.as_str().into())]);
        let keys = [("compare-in-link", claim.fingerprint), ("compare-known-here", *known)];
        boxes.push(with_keys(Icon::ShieldAlert, |t| t.bad, said, &keys, context));
    }
    if !compared.unknown.is_empty() {
        let count = compared.unknown.len();
        let said = i18n.with("compare-unknown", &[("name", name.as_str().into()), ("count", count.into())]);
        // A list that nobody reads says no more than its beginning.
        let keys: Vec<_> =
            compared.unknown.iter().take(4).map(|claim| ("compare-in-link", claim.fingerprint)).collect();
        boxes.push(with_keys(Icon::ShieldAlert, |t| t.bad, said, &keys, context));
    }
    let unnamed = || i18n.with("compare-unnamed", &[("count", compared.unnamed.into())]);
    if !compared.awaited.is_empty() {
        let mut said = vec![match keys.knows_none() {
            true => i18n.with("compare-nothing-known", &[("name", name.as_str().into())]),
            false => i18n.with("compare-awaited", &[("count", compared.awaited.len().into())]),
        }];
        if compared.unnamed > 0 && compared.matching.is_empty() {
            said.push(unnamed());
        }
        boxes.push(parts::banner(Icon::CircleAlert, |t| t.warn, said.join(" "), Vec::new()));
    }
    if !compared.matching.is_empty() {
        let count = compared.matching.len();
        let said = i18n.with("compare-matches", &[("name", name.as_str().into()), ("count", count.into())]);
        let mut said = vec![said];
        if compared.unnamed > 0 {
            said.push(unnamed());
        }
        let action = if compared.undecided.is_empty() {
            said.push(i18n.get("compare-done"));
            Vec::new()
        } else {
            said.push(i18n.with("compare-before-confirming", &[("name", name.as_str().into())]));
            let all_well =
                [compared.differing.len(), compared.unknown.len(), compared.awaited.len()] == [0; 3];
            let kind = if all_well { ButtonKind::Primary } else { ButtonKind::Secondary };
            let confirm = button(i18n.get("compare-confirm")).kind(kind).on_press(Message::MatchConfirmed);
            vec![confirm.into()]
        };
        boxes.push(parts::banner(Icon::ShieldCheck, |t| t.good, said.join(" "), action));
    }
    Column::with_children(boxes).spacing(gap::S).into()
}

fn with_keys<'a>(
    which: Icon,
    colour: fn(&Tokens) -> Color,
    said: String,
    keys: &[(&str, Fingerprint)],
    context: &'a Context,
) -> Element<'a, Message> {
    let shown = keys.iter().map(|(label, key)| {
        let label = parts::aside(context.i18n.get(label));
        Element::from(column![label, fingerprint(*key, context)].spacing(2.0))
    });
    let banner = parts::banner(which, colour, said.clone(), Vec::new());
    let keys = container(Column::with_children(shown).spacing(gap::S)).padding([0.0, gap::M]);
    labelled(Role::Group, said, column![banner, keys].spacing(gap::S))
}
