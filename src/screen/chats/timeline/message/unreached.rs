//! The devices that a message was not encrypted for, in words.

use causerie_model::{BareJid, Message as Stored, Unreached, UnreachedDevice};
use iced::Color;

use crate::context::{Context, Key};
use crate::icon::Icon;
use crate::screen::keys;
use crate::theme::Tokens;

/// How many are named beside a message.
const MOST_NAMED: usize = 2;

/// What stands beside the message: which devices can't read it. That those can't which were refused was meant so.
pub(super) fn in_short(found: &Stored, key: &Key, context: &Context) -> Option<String> {
    let missed = || found.unreached.iter().filter(|device| device.why != Unreached::Distrusted);
    let named: Vec<String> = missed().take(MOST_NAMED).map(|device| name(device, key, context)).collect();
    let beyond = usize::try_from(found.sealing.beyond).unwrap_or(usize::MAX);
    let more = (missed().count() - named.len()).saturating_add(beyond);
    let devices = named.join(", ");
    match (devices.is_empty(), more) {
        (true, 0) => None,
        (true, more) => Some(context.i18n.with("message-unreached-beyond", &[("count", more.into())])),
        (false, 0) => Some(context.i18n.with("message-unreached", &[("devices", devices.into())])),
        (false, more) => {
            let variables = [("devices", devices.into()), ("count", more.into())];
            Some(context.i18n.with("message-unreached-more", &variables))
        }
    }
}

/// A sign, its colour, and the words.
type Line = (Icon, fn(&Tokens) -> Color, String);

/// Each of them, with the reason.
pub(super) fn each(found: &Stored, key: &Key, context: &Context) -> Vec<Line> {
    let line = |device: &UnreachedDevice| {
        let (which, tone, said): (_, fn(&Tokens) -> Color, _) = match device.why {
            Unreached::NoKeys => (Icon::CircleAlert, |tokens| tokens.warn, "unreached-no-keys"),
            Unreached::Undecided => (Icon::ShieldAlert, |tokens| tokens.warn, "unreached-undecided"),
            Unreached::Distrusted => (Icon::Ban, |tokens| tokens.muted, "unreached-distrusted"),
        };
        let device = name_and_owner(device, key, context);
        (which, tone, context.i18n.with(said, &[("device", device.into())]))
    };
    let mut lines: Vec<Line> = found.unreached.iter().map(line).collect();
    if found.sealing.beyond > 0 {
        let variables = [("name", context.name(key).into()), ("count", found.sealing.beyond.into())];
        let said = context.i18n.with("unreached-beyond", &variables);
        lines.push((Icon::CircleAlert, |tokens| tokens.warn, said));
    }
    lines
}

/// Whose keys have to be decided about.
pub(super) fn undecided(found: &Stored) -> Vec<BareJid> {
    let waiting = found.unreached.iter().filter(|device| device.why == Unreached::Undecided);
    let mut owners: Vec<BareJid> = waiting.map(|device| device.jid.clone()).collect();
    owners.dedup();
    owners
}

/// The name of a device, marked where it is ours.
fn name(device: &UnreachedDevice, key: &Key, context: &Context) -> String {
    let name = keys::named(&context.i18n, device.label.as_deref(), device.device);
    match device.jid == key.1 {
        true => name,
        false => context.i18n.with("device-mine", &[("device", name.into())]),
    }
}

fn name_and_owner(device: &UnreachedDevice, key: &Key, context: &Context) -> String {
    let named = name(device, key, context);
    match device.jid == key.1 {
        true => {
            let variables = [("device", named.into()), ("name", context.name(key).into())];
            context.i18n.with("device-of", &variables)
        }
        false => named,
    }
}
