//! The devices of a person, whose keys can be compared and decided about.

use causerie_model::{DeviceKey, Fingerprint, Standing, Trust};
use iced::widget::{column, row, text};
use iced::{Alignment, Color, Length};

use super::{Details, Message};
use crate::context::Context;
use crate::icon::{self, Icon};
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{self, Element, Tokens, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;

/// All devices of the person, and what they mean.
pub(super) fn view<'a>(details: &'a Details, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let mut lines = column![parts::label(i18n.get("devices"))].spacing(gap::M);
    if details.devices.is_empty() {
        return lines.push(parts::aside(i18n.get("devices-none"))).into();
    }
    let name = context.name(details.key());
    lines = lines.push(parts::aside(i18n.with("devices-why", &[("name", name.into())])));
    for device in &details.devices {
        lines = lines.push(one(device, context));
    }
    lines.push(parts::aside(i18n.get("encryption-honesty"))).into()
}

fn one<'a>(device: &'a DeviceKey, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let name = match &device.label {
        Some(label) => label.clone(),
        None => i18n.with("device-number", &[("number", device.device.to_string().into())]),
    };
    let gone = device.standing == Standing::Gone;
    let seen = match (gone, device.last_used) {
        (true, _) => i18n.get("device-gone"),
        (false, Some(at)) => {
            let when = i18n.moment(at, context.now, &context.zone);
            i18n.with("device-last-used", &[("when", when.into())])
        }
        (false, None) => i18n.get("device-never-used"),
    };
    let (sign, tone, said) = trust(device.trust);
    let said = i18n.get(said);
    let state = row![
        icon::tinted(sign, size::ICON_SMALL, tone),
        text(said.clone()).size(size::SECONDARY).style(style::muted)
    ]
    .spacing(gap::XS)
    .align_y(Alignment::Center);
    let mut lines = column![
        text(name).size(size::BODY).font(theme::STRONG),
        parts::aside(seen),
        labelled(Role::Status, said, state),
        fingerprint(device.fingerprint),
    ]
    .spacing(gap::XS);
    if !gone {
        lines = lines.push(choices(device, context));
    }
    lines.width(Length::Fill).into()
}

fn trust(trust: Trust) -> (Icon, fn(&Tokens) -> Color, &'static str) {
    match trust {
        Trust::Verified => (Icon::ShieldCheck, |tokens| tokens.good, "trust-verified"),
        Trust::Blind => (Icon::Lock, |tokens| tokens.muted, "trust-blind"),
        Trust::Undecided => (Icon::CircleAlert, |tokens| tokens.warn, "trust-undecided"),
        Trust::Distrusted => (Icon::Ban, |tokens| tokens.bad, "trust-distrusted"),
    }
}

/// Eight groups of eight digits, each in the colour of its digits (XEP-0392 1.0), so that two can be compared at a glance.
fn fingerprint<'a>(fingerprint: Fingerprint) -> Element<'a, Message> {
    let shown = fingerprint.to_string();
    let groups: Vec<&str> = shown.split(' ').collect();
    let lines = groups.chunks(4).map(|groups| {
        let words = groups.iter().map(|group| {
            text((*group).to_owned())
                .size(size::SECONDARY)
                .font(theme::MONO)
                .style(style::own_colour(group))
                .into()
        });
        row(words).spacing(gap::S).into()
    });
    labelled(Role::Status, shown.clone(), column(lines).spacing(2.0))
}

fn choices<'a>(device: &DeviceKey, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let decide = |label: &str, trust| {
        let label = i18n.get(label);
        button(label).kind(ButtonKind::Quiet).on_press(Message::Decided(device.fingerprint, trust))
    };
    let mut line = row![].spacing(gap::S);
    if device.trust != Trust::Verified {
        line = line.push(decide("action-verified", Trust::Verified));
    }
    match device.trust {
        Trust::Undecided => line = line.push(decide("action-trust", Trust::Blind)),
        Trust::Distrusted => line = line.push(decide("action-trust", Trust::Blind)),
        Trust::Blind | Trust::Verified => {}
    }
    if device.trust != Trust::Distrusted {
        line = line.push(decide("action-distrust", Trust::Distrusted));
    }
    line.wrap().into()
}
