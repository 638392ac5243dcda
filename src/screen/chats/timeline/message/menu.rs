//! What can be done with a message, below it; and how it was protected.

use causerie_model::{
    BareJid, Body, DeviceKey, Direction, Fingerprint, Message as Stored, MessageState, Privacy, Protection,
    Repair, Unreadable,
};
use iced::Alignment;
use iced::widget::{column, row, text};

use super::super::super::privacy::can_encrypt;
use super::super::super::saying;
use super::super::{Deleting, Message, Timeline};
use super::{KEEP, MENU, annotations, privacy, unreached};
use crate::context::{Context, Key};
use crate::icon::{self, Icon};
use crate::screen::keys;
use crate::theme::style::ButtonKind;
use crate::theme::{self, Element, Tokens, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::control::{Ring, control};
use crate::widget::message_text::links;
use crate::words;

/// From so many links on, a menu is no help.
const MOST_LINKS: usize = 12;

/// The open menu of a message: what can be done, where it leads, and how it was protected.
pub(super) fn menu<'a>(found: &Stored, timeline: &Timeline, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let mut lines = column![].spacing(gap::XS);
    if timeline.deleting == Deleting::Asked {
        return deleting(found, context);
    }
    if let Body::Text(said) = &found.body {
        let copy = button(i18n.get("action-copy")).icon(Icon::Copy).kind(ButtonKind::Quiet).id(MENU);
        lines = lines.push(copy.on_press(Message::CopyPressed(found.id)));
        lines = lines.extend(deeds(found, timeline, context));
        let mut targets: Vec<String> = Vec::new();
        for link in links(said).into_iter().take(MOST_LINKS) {
            if !targets.contains(&link.target) {
                targets.push(link.target);
            }
        }
        lines = lines.extend(targets.into_iter().map(link));
    }
    if found.state == MessageState::Pending {
        let cancel = button(i18n.get("action-cancel-message")).icon(Icon::X).kind(ButtonKind::Quiet);
        lines = lines.push(cancel.on_press(Message::CancelPressed(found.id)));
    }
    lines.push(protection(found, timeline, context)).into()
}

/// What can be said of a message, and to it.
fn deeds<'a>(found: &Stored, timeline: &Timeline, context: &'a Context) -> Vec<Element<'a, Message>> {
    let i18n = &context.i18n;
    let offered = saying::offered(found, privacy(&timeline.key, context));
    let deed = |label, which, message| {
        button(i18n.get(label)).icon(which).kind(ButtonKind::Quiet).on_press(message).into()
    };
    let mut deeds: Vec<Element<'a, Message>> = Vec::new();
    if offered.answers {
        deeds.push(deed("action-reply", Icon::Reply, Message::ReplyPressed(found.id)));
    }
    if offered.changes {
        deeds.push(deed("action-edit-message", Icon::Pencil, Message::EditPressed(found.id)));
        deeds.push(deed("action-delete-for-everyone", Icon::Trash, Message::DeletePressed));
    }
    deeds.extend(annotations::quick(found, &timeline.key, context));
    deeds
}

/// Whether a message is really to be deleted for everyone, and what that can't do.
fn deleting<'a>(found: &Stored, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let why = text(i18n.get("message-delete-why")).size(size::SECONDARY).line_height(theme::LINE_HEIGHT);
    let keep = button(i18n.get("action-cancel")).id(KEEP).on_press(Message::DeleteDismissed);
    let delete = button(i18n.get("action-delete-for-everyone")).kind(ButtonKind::Danger);
    let delete = delete.on_press(Message::DeleteConfirmed(found.id));
    column![why.style(style::muted), row![keep, delete].spacing(gap::S).wrap()].spacing(gap::S).into()
}

/// What can be done about a message that was not sent, or could not be read.
pub(super) fn remedy<'a>(
    found: &Stored,
    timeline: &Timeline,
    context: &'a Context,
) -> Option<Element<'a, Message>> {
    let (label, message) = match (&found.state, &found.body) {
        (MessageState::Failed(_), _) => {
            // What was to be secret goes the way of the conversation now: whoever presses must know.
            let is_opened =
                found.protection != Protection::Clear && privacy(&timeline.key, context) == Privacy::Clear;
            let label = if is_opened { "action-try-again-clear" } else { "action-try-again" };
            (label, Message::RetryPressed(found.id))
        }
        (_, Body::Unreadable(Unreadable::KeyReplaced | Unreadable::KeyOfOther)) => {
            ("action-look-at-keys", Message::KeysPressed(whose(found, timeline, context)))
        }
        (_, Body::Unreadable(Unreadable::KeysLost | Unreadable::Altered)) => {
            return can_encrypt(&timeline.key, context)
                .then(|| repair((timeline.key.0, whose(found, timeline, context)), context));
        }
        _ => return None,
    };
    Some(button(context.i18n.get(label)).narrow().on_press(message).into())
}

/// Whose device has encrypted a message: that of the other one, or one of our own.
fn whose(found: &Stored, timeline: &Timeline, context: &Context) -> BareJid {
    let own = context.account(timeline.key.0).map(|account| &account.account.jid);
    match (found.direction, own) {
        (Direction::Outgoing, Some(own)) => own.clone(),
        _ => timeline.key.1.clone(),
    }
}

/// Everything is to begin anew with somebody; or that is being done, or was.
fn repair<'a>(with: Key, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let going = context.repairs.get(&with).copied();
    let said = going.map(|going| {
        let said = words::repair(i18n, going);
        let words = text(said.clone()).size(size::SECONDARY).style(style::muted);
        labelled(Role::Status, said, words)
    });
    let repair = button(i18n.get("details-repair")).narrow().on_press(Message::RepairPressed(with.1));
    let repair = (!matches!(going, Some(Repair::Begun | Repair::Waiting))).then_some(Element::from(repair));
    column![].push(said).push(repair).spacing(gap::XS).into()
}

/// In which version, from which device, and what was decided about that: one line each, as words that can be pressed for more.
fn protection<'a>(found: &Stored, timeline: &Timeline, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let (which, tone): (_, fn(&Tokens) -> _) = match found.protection {
        Protection::Clear => (Icon::LockOpen, |tokens| tokens.warn),
        Protection::Encrypted(_) => (Icon::Lock, |tokens| tokens.muted),
    };
    let said = match found.protection {
        Protection::Encrypted(None) => words::encrypted_in(i18n, &found.sealing.versions),
        other => words::protection_alone(i18n, other),
    };
    let mut lines = column![line(which, tone, said)].spacing(gap::XS);
    if let Protection::Encrypted(Some(seal)) = found.protection {
        let device = match device(timeline, seal.fingerprint) {
            Some(device) => keys::device_name(i18n, device),
            None => i18n.get("device-unknown"),
        };
        lines = lines.push(line(Icon::Monitor, |tokens| tokens.muted, device));
        let (sign, tone, said) = keys::trust(seal.trust);
        lines = lines.push(line(sign, tone, i18n.get(said)));
        if let Some(written) = seal.written {
            let moment = i18n.moment_within(written, context.now, &context.zone);
            let said = i18n.with("message-written-then", &[("moment", moment.into())]);
            lines = lines.push(line(Icon::Clock, |tokens| tokens.warn, said));
        }
    }
    if found.protection == Protection::Clear {
        lines = lines.push(text(i18n.get("not-encrypted-why")).size(size::META).style(style::muted));
        return lines.into();
    }
    // Our own messages are sealed by us, here if they can be read.
    let whose = match found.direction {
        Direction::Incoming => timeline.key.1.clone(),
        Direction::Outgoing => {
            if found.protection == Protection::Encrypted(None) && matches!(found.body, Body::Text(_)) {
                lines = lines.push(line(Icon::Monitor, |tokens| tokens.muted, i18n.get("device-here")));
            }
            let missing = unreached::each(found, &timeline.key, context);
            let missing = missing.into_iter().map(|(which, tone, said)| line(which, tone, said));
            lines = lines.extend(missing);
            let look = |whose| {
                let look = button(i18n.get("action-look-at-keys")).icon(Icon::Key).kind(ButtonKind::Quiet);
                look.narrow().on_press(Message::KeysPressed(whose)).into()
            };
            return lines.extend(unreached::undecided(found).into_iter().map(look)).into();
        }
    };
    let look = button(i18n.get("devices")).icon(Icon::Key).kind(ButtonKind::Quiet).narrow();
    let look = if matches!(found.body, Body::Text(_)) { look } else { look.id(MENU) };
    lines.push(look.on_press(Message::KeysPressed(whose))).into()
}

/// The device whose key that is.
fn device(timeline: &Timeline, fingerprint: Fingerprint) -> Option<&DeviceKey> {
    let known = timeline.devices.theirs.iter().chain(&timeline.devices.mine);
    known.into_iter().find(|key| key.fingerprint == fingerprint)
}

fn line<'a>(which: Icon, tone: fn(&Tokens) -> iced::Color, said: String) -> Element<'a, Message> {
    let words = text(said.clone()).size(size::SECONDARY).line_height(theme::LINE_HEIGHT).style(style::muted);
    let line = row![icon::tinted(which, size::ICON_SMALL, tone), words];
    labelled(Role::Status, said, line.spacing(gap::S).align_y(Alignment::Center).padding([0.0, gap::M]))
}

/// Where a link leads, to be opened by keyboard.
fn link<'a>(target: String) -> Element<'a, Message> {
    let sign = icon::icon(Icon::ExternalLink, 18.0);
    let words = text(target.clone()).size(size::SECONDARY).wrapping(text::Wrapping::WordOrGlyph);
    let content = row![sign, words.style(style::accent)].spacing(gap::S).align_y(Alignment::Center);
    control(Role::Link, target.clone(), content)
        .kind(ButtonKind::Quiet)
        .ring(Ring::Inside)
        .padding([6.0, gap::M])
        .on_press(Message::LinkPressed(target))
        .into()
}
