//! What is written while the disk takes nothing: it waits in memory, and is seen waiting. And that the disk gives nothing.

use causerie_model::{Problem, Storage, Unkept};
use iced::widget::{column, container, row, scrollable, text};
use iced::{Alignment, Length, Padding};

use super::Message;
use super::timeline::COLUMN;
use crate::context::{Context, Key, Panes};
use crate::i18n::I18n;
use crate::icon::{self, Icon};
use crate::screen::parts;
use crate::theme::style::BubbleSide;
use crate::theme::{Element, LINE_HEIGHT, radius, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::list::BAR;
use crate::words;

/// So much of a text is enough to know it again, in characters.
const LETTERS: usize = 600;

/// Why nothing is kept, and that nothing is to be done but to make room, or that what is shown is of before; no words while all is well.
/// There is one disk for all accounts.
pub(super) fn banner(context: &Context) -> Option<Element<'_, Message>> {
    let failing = context.accounts.iter().find_map(|account| match &account.storage {
        Storage::Failing { problem, .. } => Some(problem),
        Storage::Working => None,
    });
    let said = match (failing, &context.unread) {
        (Some(problem), _) => why(&context.i18n, problem),
        // That one tells what is to be done.
        (None, Some(problem @ Problem::DatabaseDamaged)) => words::local_problem(&context.i18n, problem),
        (None, Some(_)) => context.i18n.get("unread"),
        (None, None) => return None,
    };
    let banner = parts::banner(Icon::CircleAlert, |tokens| tokens.bad, said, Vec::new());
    Some(container(banner).padding([gap::S, gap::M]).into())
}

fn why(i18n: &I18n, problem: &Problem) -> String {
    i18n.get(match problem {
        Problem::DiskFull => "unkept-full",
        Problem::DiskReadOnly => "unkept-read-only",
        _ => "unkept-failed",
    })
}

/// Above the place to write: what was written to somebody and waits, in the order of writing; and why, where that is not seen elsewhere.
pub(super) fn waiting<'a>(key: &Key, context: &'a Context) -> Option<Element<'a, Message>> {
    let theirs: Vec<Element<'a, Message>> = match &context.account(key.0)?.storage {
        Storage::Failing { messages, .. } => {
            let theirs = messages.iter().filter(|message| message.peer == key.1);
            theirs.map(|message| bubble(message, context)).collect()
        }
        Storage::Working => Vec::new(),
    };
    let bubbles = (!theirs.is_empty()).then(|| {
        let lines = iced::widget::Column::with_children(theirs).spacing(gap::XS).align_x(Alignment::End);
        let lines = container(lines).align_right(Length::Fill).max_width(COLUMN);
        // Below those of the list, which leaves room for its bar.
        let lines = lines.padding(Padding::from([0.0, gap::L]).bottom(gap::S));
        let lines = container(lines).center_x(Length::Fill).padding(Padding::ZERO.right(BAR));
        labelled(Role::List, context.i18n.get("unkept"), lines)
    });
    let why = banner(context).filter(|_| context.panes() == Panes::One);
    if bubbles.is_none() && why.is_none() {
        return None;
    }
    // The messages before and the place to write keep the greater part of the window.
    let lines = scrollable(column![].push(bubbles).push(why)).anchor_bottom();
    Some(container(lines).max_height(context.window.height * 0.4).into())
}

fn bubble<'a>(message: &Unkept, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let said = parts::shortened(&message.text, LETTERS);
    let state = i18n.get("unkept-message");
    let body = text(said.clone()).size(size::BODY).line_height(LINE_HEIGHT);
    let sign = icon::tinted(Icon::Clock, size::ICON_SMALL, |tokens| tokens.bad);
    let meta = row![sign, text(state.clone()).size(size::META).style(style::bad)];
    let meta = meta.spacing(gap::XS).align_y(Alignment::Center);
    let bubble = container(column![body, meta].spacing(2.0)).padding([7.0, gap::M]);
    let bubble = bubble.style(style::bubble(BubbleSide::Mine, radius::BUBBLE.into()));
    labelled(Role::ListItem, format!("{said}. {state}"), container(bubble).max_width(COLUMN * 0.8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::chats::{Chats, view};
    use crate::screen::samples::{self, bob};
    use crate::screen::walk::walk;
    use crate::widget::harness::Harness;

    #[test]
    fn what_waits_for_the_disk_is_seen_with_what_is_to_be_done() {
        for size in [(1000.0, 700.0), (480.0, 420.0)] {
            let mut context = samples::lively(size.0, size.1);
            let mut chats = Chats::default();
            let _ = chats.show(bob(), &context);
            let labels = |chats: &Chats, context: &Context| -> Vec<String> {
                let found = Harness::new(size, view(chats, context)).audit();
                found.iter().map(|found| found.label().to_owned()).collect()
            };
            let waiting = "See you at nine. Not kept yet";
            assert!(!labels(&chats, &context).contains(&waiting.to_owned()));
            samples::disk_full(&mut context);
            let said = labels(&chats, &context);
            assert!(said.contains(&waiting.to_owned()), "{said:?}");
            let told = said.iter().filter(|label| label.contains("as soon as there is room")).count();
            assert_eq!(told, 1, "{said:?}");
            walk("unkept", size, view(&chats, &context));
            context.accounts[0].storage = Storage::Working;
            assert!(!labels(&chats, &context).contains(&waiting.to_owned()));
        }
    }
}
