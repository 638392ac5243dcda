//! How devices and keys look.

mod comparing;

use causerie_model::{DeviceId, DeviceKey, Fingerprint, KeylessDevice, Readiness, Standing, Trust};
use iced::widget::{Column, Row, column, container, row, text};
use iced::{Alignment, Color, Length};

use super::{CANCEL, COMPARE, Fold, Keys, Message, Whose, has_choice, waits};
use crate::context::Context;
use crate::i18n::I18n;
use crate::icon::{self, Icon};
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{self, Element, Tokens, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::control::{Ring, control};
use crate::widget::message_text::told;

pub(crate) use comparing::{compare_page, refusal};

/// The narrowest window in which four groups of a fingerprint are in one line.
const FOUR_GROUPS: f32 = 350.0;

/// All devices, and what can be done about them.
pub(crate) fn devices<'a>(keys: &'a Keys, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let compare = button(i18n.get("action-compare")).icon(Icon::QrCode).id(COMPARE);
    let compare = compare.on_press(Message::ComparePressed);
    let mut lines = column![].spacing(gap::M).width(Length::Fill);
    lines = match keys.whose {
        Whose::Mine => lines.push(parts::aside(i18n.get("own-devices-why"))),
        Whose::Theirs => {
            let name = context.name(&keys.key);
            lines.push(parts::aside(i18n.with(why(keys, context), &[("name", name.into())])))
        }
    };
    let is_here = |key: &&DeviceKey| keys.whose == Whose::Mine && is_here(keys, key);
    lines = lines.push(compare);
    if keys.whose == Whose::Mine {
        let here = keys.devices.theirs.iter().find(is_here);
        lines = lines.push(match here {
            Some(here) => one(keys, here, context),
            None => parts::aside(i18n.get("own-devices-none")).into(),
        });
    }
    let others = || keys.devices.theirs.iter().filter(|key| !is_here(key));
    // What is on no list and waits for a decision is not put away: something may have come from it.
    let is_put_away = |key: &&DeviceKey| key.standing == Standing::Gone && !has_choice(key);
    let listed: Vec<_> = others().filter(|key| !is_put_away(key)).collect();
    let keyless = &keys.devices.keyless;
    if keys.whose == Whose::Mine && !(listed.is_empty() && keyless.is_empty()) {
        lines = lines.push(parts::label(i18n.get("own-devices-others")));
    }
    for device in listed {
        lines = lines.push(one(keys, device, context));
    }
    lines = lines.extend(keyless.iter().map(|device| without_key(keys, device, context)));
    let gone: Vec<_> = others().filter(is_put_away).collect();
    if !gone.is_empty() {
        lines = lines.push(fold(keys, gone.len(), context));
        if keys.gone == Fold::Open {
            lines = lines.extend(gone.into_iter().map(|device| one(keys, device, context)));
        }
    }
    lines.into()
}

/// What another one's devices are about, or that there are none.
fn why(keys: &Keys, context: &Context) -> &'static str {
    match context.readiness.get(&keys.key) {
        _ if !keys.knows_none() => "devices-why",
        Some(Readiness::NoKeys) => "devices-none",
        _ => "devices-unknown",
    }
}

/// Whether a key is that of this machine.
fn is_here(keys: &Keys, key: &DeviceKey) -> bool {
    keys.own.as_ref().is_some_and(|own| own.fingerprint == key.fingerprint)
}

/// What a device is called.
pub(crate) fn device_name(i18n: &I18n, device: &DeviceKey) -> String {
    named(i18n, device.label.as_deref(), device.device)
}

/// A device by the name that its owner gave it, else by its number.
pub(crate) fn named(i18n: &I18n, label: Option<&str>, device: DeviceId) -> String {
    /// What its owner may call it.
    const LONGEST: usize = 53;
    match label.map(str::trim).filter(|label| !label.is_empty()) {
        Some(label) => parts::shortened(&crate::words::one_line(label), LONGEST),
        None => i18n.with("device-number", &[("number", device.to_string().into())]),
    }
}

/// What is decided about a key: a sign, its colour, and the words.
pub(crate) fn trust(trust: Trust) -> (Icon, fn(&Tokens) -> Color, &'static str) {
    match trust {
        Trust::Verified => (Icon::ShieldCheck, |tokens| tokens.good, "trust-verified"),
        Trust::Blind => (Icon::Shield, |tokens| tokens.muted, "trust-blind"),
        Trust::Undecided => (Icon::ShieldAlert, |tokens| tokens.warn, "trust-undecided"),
        Trust::Distrusted => (Icon::Ban, |tokens| tokens.bad, "trust-distrusted"),
    }
}

fn one<'a>(keys: &'a Keys, device: &'a DeviceKey, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let here = keys.whose == Whose::Mine && is_here(keys, device);
    let name = device_name(i18n, device);
    let (sign, tone, said) = match (here, keys.has_changed(device)) {
        (true, _) => (Icon::Monitor, (|tokens| tokens.good) as fn(&Tokens) -> Color, "device-here"),
        (false, true) => (Icon::ShieldAlert, (|tokens| tokens.warn) as fn(&Tokens) -> Color, "trust-changed"),
        (false, false) => trust(device.trust),
    };
    let said = i18n.get(said);
    let label = format!("{name}. {said}");
    let mut lines =
        column![Element::from(told(name.clone(), size::BODY).font(theme::STRONG))].spacing(gap::XS);
    if !here {
        lines = lines.push(parts::aside(seen(device, context)));
        let since = i18n.moment_within(device.first_seen, context.now, &context.zone);
        lines = lines.push(parts::aside(i18n.with("device-known-since", &[("when", since.into())])));
    }
    lines = lines.push(state(sign, tone, said));
    lines = lines.push(container(fingerprint(device.fingerprint, context)).padding([gap::XS, 0.0]));
    if keys.removing == Some(device.device) && keys.whose == Whose::Mine {
        lines = lines.push(removing(name, context));
    } else if !here && has_choice(device) {
        lines = lines.push(choices(keys, device, context));
    }
    let card = container(lines).padding(gap::M).width(Length::Fill);
    let card =
        if waits(device) { card.style(style::banner(|tokens| tokens.warn)) } else { card.style(style::card) };
    labelled(Role::Group, label, card)
}

/// A device on a list, of which there is no key to be shown or compared. Ours can be removed.
fn without_key<'a>(keys: &'a Keys, device: &'a KeylessDevice, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let name = named(i18n, device.label.as_deref(), device.device);
    let is_unwanted = device.standing == Standing::Unwanted;
    let said = i18n.get(match keys.whose {
        Whose::Mine if is_unwanted => "device-unwanted",
        Whose::Mine => "device-keyless",
        Whose::Theirs => "device-keyless-theirs",
    });
    let label = format!("{name}. {said}");
    let mut lines =
        column![Element::from(told(name.clone(), size::BODY).font(theme::STRONG))].spacing(gap::XS);
    lines = lines.push(state(Icon::Key, |tokens| tokens.muted, said));
    if keys.removing == Some(device.device) && keys.whose == Whose::Mine {
        lines = lines.push(removing(name, context));
    } else if keys.whose == Whose::Mine && !is_unwanted {
        lines = lines.push(row![remove(device.device, context)]);
    }
    labelled(Role::Group, label, container(lines).padding(gap::M).width(Length::Fill).style(style::card))
}

fn state<'a>(sign: Icon, tone: fn(&Tokens) -> Color, said: String) -> Element<'a, Message> {
    let words = text(said).size(size::SECONDARY).line_height(theme::LINE_HEIGHT).width(Length::Fill);
    let state = row![icon::tinted(sign, size::ICON_SMALL, tone), words].spacing(gap::XS);
    state.align_y(Alignment::Center).into()
}

fn seen(device: &DeviceKey, context: &Context) -> String {
    let i18n = &context.i18n;
    let last = device.last_used.map(|at| i18n.moment_within(at, context.now, &context.zone));
    match (device.standing, last) {
        (Standing::Gone, _) if has_choice(device) => i18n.get("device-unlisted"),
        (Standing::Gone, _) => i18n.get("device-gone"),
        (Standing::Unwanted, _) => i18n.get("device-unwanted"),
        (Standing::Listed, Some(when)) => i18n.with("device-last-used", &[("when", when.into())]),
        (Standing::Listed, None) => i18n.get("device-never-used"),
    }
}

/// Eight groups of eight digits, each in the colour of its digits (XEP-0392 1.0), so that two can be compared at a glance.
fn fingerprint<'a>(fingerprint: Fingerprint, context: &Context) -> Element<'a, Message> {
    let shown = fingerprint.to_string();
    let groups: Vec<&str> = shown.split(' ').collect();
    let in_a_line = if context.window.width < FOUR_GROUPS { 2 } else { 4 };
    let lines = groups.chunks(in_a_line).map(|groups| {
        let words = groups.iter().map(|group| {
            let word = text((*group).to_owned()).size(size::META).font(theme::MONO);
            word.style(style::own_colour(group)).into()
        });
        Row::with_children(words).spacing(gap::S).into()
    });
    labelled(Role::Status, shown.clone(), Column::with_children(lines).spacing(2.0))
}

fn choices<'a>(keys: &Keys, device: &DeviceKey, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let decide = |label: &str, trust| {
        let kind = if waits(device) { ButtonKind::Secondary } else { ButtonKind::Quiet };
        let choice = button(i18n.get(label)).kind(kind).narrow();
        Element::from(choice.on_press(Message::Decided(device.fingerprint, trust)))
    };
    let mut choices = match device.trust {
        Trust::Verified => vec![decide("action-unverify", Trust::Blind)],
        Trust::Blind => vec![decide("action-verified", Trust::Verified)],
        Trust::Undecided | Trust::Distrusted => {
            vec![decide("action-verified", Trust::Verified), decide("action-trust", Trust::Blind)]
        }
    };
    if device.trust != Trust::Distrusted {
        choices.push(decide("action-distrust", Trust::Distrusted));
    }
    if keys.whose == Whose::Mine && device.standing == Standing::Listed {
        choices.push(remove(device.device, context));
    }
    Row::with_children(choices).spacing(gap::S).wrap().vertical_spacing(gap::XS).into()
}

fn remove<'a>(device: DeviceId, context: &'a Context) -> Element<'a, Message> {
    let remove = button(context.i18n.get("action-remove-device")).kind(ButtonKind::Quiet).narrow();
    remove.on_press(Message::RemovePressed(device)).into()
}

fn removing<'a>(name: String, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let question = i18n.with("remove-device-question", &[("device", name.into())]);
    let remove = button(i18n.get("action-remove-device")).kind(ButtonKind::Danger);
    let cancel = button(i18n.get("action-cancel")).id(CANCEL).on_press(Message::RemoveDismissed);
    let actions = vec![remove.on_press(Message::RemoveConfirmed).into(), cancel.into()];
    parts::banner(Icon::CircleAlert, |tokens| tokens.bad, question, actions)
}

fn fold<'a>(keys: &Keys, count: usize, context: &'a Context) -> Element<'a, Message> {
    let label = context.i18n.with("devices-gone", &[("count", count.into())]);
    let sign = if keys.gone == Fold::Open { Icon::ChevronDown } else { Icon::ChevronRight };
    let words = text(label.clone()).size(size::SECONDARY).style(style::muted);
    let line = row![icon::icon(sign, size::ICON_SMALL), words].spacing(gap::S).align_y(Alignment::Center);
    control(Role::Button, label, line)
        .kind(ButtonKind::Quiet)
        .ring(Ring::Inside)
        .padding([gap::XS, gap::S])
        .width(Length::Fill)
        .on_press(Message::GonePressed)
        .into()
}
