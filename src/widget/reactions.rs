//! Who reacts to a message with what: one small button for each emoji, which adds or takes away our own.

use causerie_model::Emoji;
use iced::Alignment;
use iced::widget::{Row, text, tooltip};

use super::access::Role;
use super::button::hint_at;
use super::control::control;
use crate::theme::style::{ButtonKind, Selection};
use crate::theme::{EMOJI, Element, size, space};

/// One emoji, and who reacts with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reaction {
    /// Which.
    pub(crate) emoji: Emoji,
    /// By how many.
    pub(crate) count: usize,
    /// Whether we are one of them.
    pub(crate) ours: Selection,
    /// By whom, in words: what is shown on hover, and told.
    pub(crate) who: String,
}

/// A row of them, which wraps where there are many.
pub(crate) fn reactions<'a, Message: Clone + 'a>(
    all: Vec<Reaction>,
    on_press: impl Fn(Emoji) -> Message,
) -> Element<'a, Message> {
    let each = all.into_iter().map(|reaction| {
        let picture = text(reaction.emoji.as_str().to_owned()).font(EMOJI).size(size::BODY);
        let count = (reaction.count > 1).then(|| text(reaction.count.to_string()).size(size::META));
        let content = Row::new().push(picture).push(count).spacing(space::XS).align_y(Alignment::Center);
        let kind = match reaction.ours {
            Selection::On => ButtonKind::Row(Selection::On),
            Selection::Off => ButtonKind::Secondary,
        };
        let button = control(Role::Button, reaction.who.clone(), content)
            .kind(kind)
            .padding([2.0, space::S])
            .least_height(32.0)
            .on_press(on_press(reaction.emoji));
        hint_at(button, reaction.who, tooltip::Position::Bottom)
    });
    Row::with_children(each).spacing(space::XS).wrap().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widget::harness::Harness;

    #[test]
    fn pressing_one_says_which() {
        let reaction = |emoji, ours| Reaction {
            emoji: Emoji::new(emoji).unwrap(),
            count: 1,
            ours,
            who: format!("{emoji} Bob"),
        };
        let all = vec![reaction("👍", Selection::Off), reaction("🎉", Selection::On)];
        let mut ui = Harness::new((400.0, 100.0), reactions(all, |emoji| emoji));
        ui.fail_if_unlabelled();
        ui.click("👍 Bob");
        ui.click("🎉 Bob");
        let said = ui.messages();
        assert_eq!(said.iter().map(Emoji::as_str).collect::<Vec<_>>(), ["👍", "🎉"]);
    }
}
