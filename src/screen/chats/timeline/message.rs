//! One message.

mod annotations;
mod menu;
mod unreached;

use causerie_model::{
    Body, Direction, Message as Stored, MessageId, MessageState, Privacy, Protection, Trust, Unreadable,
};
use iced::Border;
use iced::border::Radius;
use iced::widget::{column, container, row, text, tooltip};
use iced::{Alignment, Length, Padding};

use super::super::privacy::{can_encrypt, provider};
use super::entries::Place;
use super::view::COLUMN;
use super::{Message, Timeline};
use crate::context::{Context, Key};
use crate::icon::{self, Icon};
use crate::theme::style::{BubbleSide, ControlStyle, Pointer};
use crate::theme::{Element, Theme, radius, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::hint_at;
use crate::widget::control::{Ring, control};
use crate::widget::message_text::{MessageText, message_text};
use crate::words;

/// How much of the column a message may fill.
const WIDEST: f32 = 0.8;
/// The name of the first thing in the menu of a message.
pub(super) const MENU: &str = "message-menu";
/// The name of what leaves a message as it is, when it is asked whether it is to be deleted.
pub(super) const KEEP: &str = "message-keep";

/// What is opened at a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Opened {
    /// Its small menu.
    pub(super) menu: bool,
    /// All of its text, where that is long.
    pub(super) whole: bool,
}

/// One message of a conversation, with its small menu below when that is open.
pub(super) fn view<'a>(
    found: &'a Stored,
    place: Place,
    opened: Opened,
    timeline: &Timeline,
    context: &'a Context,
) -> Element<'a, Message> {
    let key = &timeline.key;
    let mine = found.direction == Direction::Outgoing;
    let i18n = &context.i18n;
    let time = i18n.time(found.at, &context.zone);
    let failed = matches!(found.state, MessageState::Failed(_));
    let quoted = found.annotations.reply.as_ref().map(|quoted| annotations::quote(quoted, key, context));
    let mut inner = column![].push(quoted).push(body(found, opened.whole, key, context)).spacing(2.0);
    let edited = annotations::edited(found, context);
    let is_marked = is_exposed(found, key, context) || doubt(found).is_some() || edited.is_some();
    if place.ends() || failed || found.state == MessageState::Pending || is_marked {
        inner = inner.push(meta(found, &time, key, context));
    }
    let side = if mine { BubbleSide::Mine } else { BubbleSide::Theirs };
    let look = container(inner).padding([7.0, gap::M]).style(style::bubble(side, corners(mine, place)));
    // In the free space beside it, where it covers nothing; one hint for all that there is to say.
    let beside = if mine { tooltip::Position::Left } else { tooltip::Position::Right };
    let moment = i18n.moment(found.at, context.now, &context.zone);
    let protection = words::protection(i18n, found.protection);
    let said = match mark(found, context) {
        Some((_, state)) => format!("{moment} · {state}\n{protection}"),
        None => format!("{moment}\n{protection}"),
    };
    let said = edited.iter().fold(said, |said, edited| format!("{said}\n{edited}"));
    let look = hint_at(look, said, beside);
    let bubble = control(Role::ListItem, label(found, &time, key, context), look)
        .style(plain)
        .id(name(found.id))
        .ring(Ring::Outside)
        .least_height(0.0)
        .on_context({
            let id = found.id;
            move |_| Message::MenuPressed(id)
        });
    let mut lines = column![bubble].spacing(gap::XS);
    lines = lines.align_x(if mine { Alignment::End } else { Alignment::Start });
    if let Some(said) = unreached::in_short(found, key, context) {
        lines = lines.push(text(said).size(size::META).style(style::muted).align_x(Alignment::End));
    }
    if let MessageState::Failed(problem) = &found.state {
        let why = words::problem(i18n, problem, &key.1);
        lines = lines.push(text(why).size(size::SECONDARY).style(style::bad).align_x(Alignment::End));
    }
    lines = lines.push(annotations::reactions(found, key, context));
    lines = lines.push(annotations::trouble(found, key, context));
    if place.ends() || failed {
        lines = lines.push(menu::remedy(found, timeline, context));
    }
    if opened.menu {
        lines = lines.push(menu::menu(found, timeline, context));
    }
    let lines = container(lines).max_width(COLUMN * WIDEST);
    let above = if place.begins() { gap::M } else { 2.0 };
    let line = container(lines).width(Length::Fill).padding(if mine {
        Padding::ZERO.top(above).left(gap::HUGE)
    } else {
        Padding::ZERO.top(above).right(gap::HUGE)
    });
    line.align_x(if mine { Alignment::End } else { Alignment::Start }).into()
}

/// Whether a message could be read by others in a conversation that is to be encrypted.
fn is_exposed(found: &Stored, key: &Key, context: &Context) -> bool {
    found.protection == Protection::Clear && privacy(key, context) == Privacy::Encrypted
}

/// How messages in a conversation are to be.
pub(super) fn privacy(key: &Key, context: &Context) -> Privacy {
    context.conversation(key).map(|conversation| conversation.privacy).unwrap_or_default()
}

/// What is to be said of a message whose author nobody vouched for when it came: somebody else may have written it.
fn doubt(found: &Stored) -> Option<&'static str> {
    let Protection::Encrypted(Some(seal)) = found.protection else { return None };
    match seal.trust {
        Trust::Undecided => Some("message-undecided-device"),
        Trust::Distrusted => Some("message-distrusted-device"),
        Trust::Blind | Trust::Verified => None,
    }
}

/// The name of a message, for the focus.
pub(super) fn name(id: MessageId) -> String {
    format!("message {}", id.0)
}

fn body<'a>(found: &'a Stored, whole: bool, key: &Key, context: &'a Context) -> Element<'a, Message> {
    match &found.body {
        Body::Text(said) => match said.strip_prefix("/me ") {
            Some(deed) => {
                let who = match found.direction {
                    Direction::Incoming => context.name(key),
                    Direction::Outgoing => {
                        context.account(key.0).map(|own| own.short_name().to_owned()).unwrap_or_default()
                    }
                };
                let said = message_text(format!("{who} {deed}")).italic().on_link(Message::LinkPressed);
                shown(said, found, whole, context)
            }
            None => shown(message_text(said.as_str()).on_link(Message::LinkPressed), found, whole, context),
        },
        Body::Unreadable(_) | Body::Retracted => {
            let which = if found.body == Body::Retracted { Icon::Trash } else { Icon::EyeOff };
            let sign = icon::tinted(which, size::ICON_SMALL, |tokens| tokens.muted);
            let said = text(said(found, key, context)).size(size::BODY);
            let sign = container(sign).padding(Padding::ZERO.top(4.0));
            row![sign, said.font(crate::theme::ITALIC).style(style::muted)].spacing(gap::S).into()
        }
    }
}

/// A text, or the beginning of a long one.
fn shown<'a>(
    text: MessageText<'a, Message>,
    found: &Stored,
    whole: bool,
    context: &'a Context,
) -> Element<'a, Message> {
    if whole {
        return text.whole().into();
    }
    text.on_more(context.i18n.get("message-show-more"), Message::MorePressed(found.id)).into()
}

/// The time, whether it can be believed to be secret and theirs, and where a message of ours stands.
fn meta<'a>(found: &Stored, time: &str, key: &Key, context: &'a Context) -> Element<'a, Message> {
    let time = text(time.to_owned()).size(size::META).style(style::muted);
    let mut line = row![time].spacing(gap::XS).align_y(Alignment::Center);
    if found.annotations.edited.is_some() {
        line = line.push(text(context.i18n.get("message-edited")).size(size::META).style(style::muted));
    }
    if found.protection == Protection::Clear {
        let said = context.i18n.get("not-encrypted");
        let sign = icon::tinted(Icon::LockOpen, size::ICON_SMALL, |tokens| tokens.warn);
        // Where everything is in clear, the words stand above the place to write.
        let mut open = row![sign].spacing(gap::XS).align_y(Alignment::Center);
        if is_exposed(found, key, context) {
            open = open.push(text(said.clone()).size(size::META).style(style::warn));
        }
        line = line.push(labelled(Role::Image, said, open));
    }
    if let Some(doubt) = doubt(found) {
        let said = context.i18n.get(doubt);
        let sign = icon::tinted(Icon::ShieldAlert, size::ICON_SMALL, |tokens| tokens.warn);
        let words = text(said.clone()).size(size::META).style(style::warn);
        let words = row![sign, words].spacing(gap::XS).align_y(Alignment::Center);
        line = line.push(labelled(Role::Image, said, words));
    }
    if let Some((which, said)) = mark(found, context) {
        let sign = match found.state {
            MessageState::Failed(_) => icon::tinted(which, size::ICON_SMALL, |tokens| tokens.bad),
            MessageState::Read => icon::tinted(which, size::ICON_SMALL, |tokens| tokens.accent),
            _ => icon::tinted(which, size::ICON_SMALL, |tokens| tokens.muted),
        };
        line = line.push(labelled(Role::Image, said, sign));
    }
    line.into()
}

fn mark(found: &Stored, context: &Context) -> Option<(Icon, String)> {
    let (which, key) = match &found.state {
        MessageState::Received => return None,
        MessageState::Pending => (Icon::Clock, "message-state-waiting"),
        MessageState::Sent => (Icon::Check, "message-state-sent"),
        MessageState::Delivered => (Icon::CheckCheck, "message-state-delivered"),
        MessageState::Read => (Icon::CheckCheck, "message-state-read"),
        MessageState::Failed(_) => (Icon::CircleAlert, "message-state-failed"),
    };
    Some((which, context.i18n.get(key)))
}

/// What a message says, or why it says nothing.
fn said(found: &Stored, key: &Key, context: &Context) -> String {
    match &found.body {
        Body::Text(said) => said.clone(),
        Body::Unreadable(Unreadable::KeysLost) if !can_encrypt(key, context) => {
            context.i18n.with("unreadable-no-keys-here", &[("provider", provider(key, context).into())])
        }
        Body::Unreadable(why) => words::unreadable(&context.i18n, *why),
        Body::Retracted => context.i18n.get("message-deleted"),
    }
}

/// What a screen reader says of the whole.
fn label(found: &Stored, time: &str, key: &Key, context: &Context) -> String {
    let i18n = &context.i18n;
    let said = said(found, key, context);
    let whole = match found.direction {
        Direction::Outgoing => {
            i18n.with("message-said-by-me", &[("time", time.into()), ("text", said.as_str().into())])
        }
        Direction::Incoming => {
            let name = context.name(key);
            i18n.with(
                "message-said-by",
                &[("name", name.into()), ("time", time.into()), ("text", said.as_str().into())],
            )
        }
    };
    let exposed = is_exposed(found, key, context).then(|| i18n.get("not-encrypted"));
    let doubt = doubt(found).map(|said| i18n.get(said));
    let state = mark(found, context).map(|(_, state)| state);
    let missing = unreached::in_short(found, key, context);
    let edited = annotations::edited(found, context);
    let quoted = found.annotations.reply.as_ref();
    let quoted = quoted.map(|quoted| annotations::answered(quoted, key, context));
    let reacted = annotations::reacted(found, key, context).into_iter().map(|reaction| reaction.who);
    let about = [quoted, Some(whole), edited, exposed, doubt, state, missing].into_iter().flatten();
    about.chain(reacted).collect::<Vec<_>>().join(". ")
}

/// The bubble is its own ground; what the control adds is the ring of the keyboard.
fn plain(theme: &Theme, _pointer: Pointer) -> ControlStyle {
    let border = Border { radius: radius::BUBBLE.into(), ..Border::default() };
    ControlStyle { ground: None, text: theme.tokens().ink, border }
}

/// Round outside, nearly square where bubbles of one group touch.
fn corners(mine: bool, place: Place) -> Radius {
    let above = if place.begins() { radius::BUBBLE } else { radius::JOINED };
    let below = if place.ends() { radius::BUBBLE } else { radius::JOINED };
    let round = Radius::new(radius::BUBBLE);
    if mine { round.top_right(above).bottom_right(below) } else { round.top_left(above).bottom_left(below) }
}
