//! What is known of a message besides itself: what it answers, when it was corrected, who reacts to it, and what of that was not
//! sent.

use causerie_model::{Direction, Emoji, Message as Stored, MessageState, Quoted};
use iced::widget::{column, container, row, text};
use iced::{Alignment, Padding};

use super::super::super::saying;
use super::super::Message;
use super::privacy;
use crate::context::{Context, Key};
use crate::icon::{self, Icon};
use crate::theme::style::Selection;
use crate::theme::{self, Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::reactions::{Reaction, reactions as buttons};
use crate::words;

/// What is offered to react with. Others are shown where somebody else has chosen them.
pub(super) const QUICK: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/// The message that is answered, above the answer.
pub(super) fn quote<'a>(quoted: &Quoted, key: &Key, context: &Context) -> Element<'a, Message> {
    let said = answered(quoted, key, context);
    let sign = icon::tinted(Icon::Reply, size::ICON_SMALL, |tokens| tokens.muted);
    let words = text(said.clone()).size(size::SECONDARY).style(style::muted);
    let line = row![container(sign).padding(Padding::ZERO.top(3.0)), words].spacing(gap::XS);
    labelled(Role::Status, said, line)
}

/// What a message answers, in words.
pub(super) fn answered(quoted: &Quoted, key: &Key, context: &Context) -> String {
    let i18n = &context.i18n;
    let said = match &quoted.text {
        Some(said) => words::one_line(said),
        None => i18n.get(if quoted.id.is_some() { "message-deleted" } else { "message-not-here" }),
    };
    match quoted.author {
        Some(Direction::Outgoing) => i18n.with("message-answers-us", &[("text", said.into())]),
        Some(Direction::Incoming) => {
            let name = who(Direction::Incoming, key, context);
            i18n.with("message-answers", &[("name", name.into()), ("text", said.into())])
        }
        None => said,
    }
}

/// Whose it is, in words.
pub(super) fn who(author: Direction, key: &Key, context: &Context) -> String {
    match author {
        Direction::Incoming => context.name(key),
        Direction::Outgoing => context.i18n.get("you"),
    }
}

/// When a message was corrected, in words.
pub(super) fn edited(found: &Stored, context: &Context) -> Option<String> {
    let edited = found.annotations.edited.as_ref()?;
    let moment = context.i18n.moment_within(edited.at, context.now, &context.zone);
    Some(context.i18n.with("message-edited-at", &[("moment", moment.into())]))
}

/// Who reacts with what, in words.
pub(super) fn reacted(found: &Stored, key: &Key, context: &Context) -> Vec<Reaction> {
    let mut all: Vec<(Emoji, Vec<String>, Selection)> = Vec::new();
    for by in &found.annotations.reactions {
        let mut name = who(by.author, key, context);
        match &by.state {
            MessageState::Pending => name += &format!(" ({})", context.i18n.get("message-state-waiting")),
            MessageState::Failed(_) => name += &format!(" ({})", context.i18n.get("message-state-failed")),
            _ => {}
        }
        for emoji in &by.emoji {
            let place = all.iter().position(|(other, ..)| other == emoji).unwrap_or(all.len());
            if place == all.len() {
                all.push((emoji.clone(), Vec::new(), Selection::Off));
            }
            if let Some((_, names, ours)) = all.get_mut(place) {
                names.push(name.clone());
                if by.author == Direction::Outgoing {
                    *ours = Selection::On;
                }
            }
        }
    }
    let words = |(emoji, names, ours): (Emoji, Vec<String>, Selection)| {
        let variables = [("emoji", emoji.as_str().into()), ("names", names.join(", ").into())];
        let who = context.i18n.with("message-reacted", &variables);
        Reaction { count: names.len(), emoji, ours, who }
    };
    all.into_iter().map(words).collect()
}

/// Who reacts, below the message.
pub(super) fn reactions<'a>(found: &Stored, key: &Key, context: &Context) -> Option<Element<'a, Message>> {
    let all = reacted(found, key, context);
    let (id, some) = (found.id, !all.is_empty());
    some.then(|| buttons(all, move |emoji| Message::Reacted(id, emoji)))
}

/// What can be reacted with, in the menu.
pub(super) fn quick<'a>(found: &Stored, key: &Key, context: &Context) -> Option<Element<'a, Message>> {
    if !saying::offered(found, privacy(key, context)).reacts {
        return None;
    }
    let ours = found.annotations.reactions.iter().find(|by| by.author == Direction::Outgoing);
    let each = QUICK.into_iter().filter_map(Emoji::new).map(|emoji| {
        let is_ours = ours.is_some_and(|by| by.emoji.contains(&emoji));
        let key = if is_ours { "message-react-no-more" } else { "message-react" };
        let who = context.i18n.with(key, &[("emoji", emoji.as_str().into())]);
        Reaction { emoji, count: 1, ours: is_ours.into(), who }
    });
    let id = found.id;
    let offered = buttons(each.collect(), move |emoji| Message::Reacted(id, emoji));
    Some(container(offered).padding(Padding::ZERO.bottom(gap::XS)).into())
}

/// What we said of a message and was not sent, and what to do.
pub(super) fn trouble<'a>(found: &Stored, key: &Key, context: &'a Context) -> Option<Element<'a, Message>> {
    let i18n = &context.i18n;
    let edited = found.annotations.edited.as_ref().map(|edited| &edited.state);
    let ours = found.direction == Direction::Outgoing;
    let (said, again, problem) = match (edited, &found.annotations.retracting) {
        (_, Some(MessageState::Failed(problem))) => {
            ("message-deletion-failed", Message::DeleteConfirmed(found.id), problem)
        }
        (Some(MessageState::Failed(problem)), _) if ours => {
            ("message-edit-failed", Message::EditAgainPressed(found.id), problem)
        }
        _ => {
            let (_, problem) = saying::unsent(found)?;
            ("message-reaction-failed", Message::ReactAgainPressed(found.id), problem)
        }
    };
    let line = |said: String, tone: fn(&crate::theme::Theme) -> iced::widget::text::Style| {
        text(said).size(size::SECONDARY).line_height(theme::LINE_HEIGHT).style(tone)
    };
    let again = button(i18n.get("action-try-again")).narrow().on_press(again);
    let lines =
        column![line(i18n.get(said), style::bad), line(words::problem(i18n, problem, &key.1), style::muted)]
            .push(again)
            .spacing(gap::XS)
            .align_x(Alignment::End);
    Some(lines.into())
}
