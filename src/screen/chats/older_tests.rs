//! Older messages are asked of the provider as long as there may be some, and never without an end.

use super::*;
use crate::context::Opening;
use crate::screen::samples::{self, HOME, bob};
use crate::screen::walk::walk;
use crate::widget::harness::Harness;
use crate::widget::list::Visible;

fn opened(context: &Context) -> Chats {
    let mut chats = Chats::default();
    let _ = chats.show(bob(), context);
    let opening = Opening { messages: samples::messages(), limit: 60, ..Opening::default() };
    let _ = tell(&mut chats, timeline::Message::Opened(bob(), opening), context);
    chats
}

/// Whether older messages were asked for.
fn tell(chats: &mut Chats, message: timeline::Message, context: &Context) -> bool {
    asks(&chats.update(Message::Timeline(message), context).1)
}

fn asks(actions: &[Action]) -> bool {
    let asked =
        actions.iter().filter(|action| matches!(action, Action::Ask(HOME, Command::FetchOlder { .. })));
    asked.count() == 1
}

fn scroll(chats: &mut Chats, context: &Context) -> bool {
    let visible = Visible { first: 0, last: 6, at_top: true, at_bottom: false };
    tell(chats, timeline::Message::Scrolled(visible), context)
}

/// The provider gives nothing that is to be seen, or nothing at all.
fn nothing_comes(chats: &mut Chats, context: &Context) -> bool {
    assert!(chats.older_fetched(&bob(), false, context).units() > 0, "what is here is read");
    tell(chats, timeline::Message::NewestRead(bob(), samples::messages(), 60), context)
}

#[test]
fn what_brings_nothing_is_asked_again_by_itself_but_not_for_ever() {
    let mut context = samples::lively(1000.0, 900.0);
    let mut chats = opened(&context);
    assert!(scroll(&mut chats, &context));
    assert!(!scroll(&mut chats, &context), "one question at a time");
    let mut asked = 1;
    while nothing_comes(&mut chats, &context) {
        asked += 1;
        assert!(asked < 10);
    }
    assert!(asked > 1);
    assert!(!scroll(&mut chats, &context), "not at once");
    context.now = causerie_model::Timestamp::from_millis(context.now.as_millis() + 60_000);
    assert!(scroll(&mut chats, &context), "whoever scrolls again asks again");
    let _ = chats.older_fetched(&bob(), true, &context);
    context.now = causerie_model::Timestamp::from_millis(context.now.as_millis() + 60_000);
    assert!(!scroll(&mut chats, &context), "that was the beginning");
}

#[test]
fn another_connection_is_asked_again() {
    let mut context = samples::lively(1000.0, 900.0);
    let mut chats = opened(&context);
    assert!(scroll(&mut chats, &context));
    // Cut: no answer comes any more.
    context.accounts[0].connection = causerie_model::Connection::Connecting;
    assert!(!scroll(&mut chats, &context));
    context.accounts[0].connection = causerie_model::Connection::Online;
    let _ = chats.came_online(HOME);
    assert!(asks(&chats.archive_is_there(HOME, &context).1));
    assert!(!asks(&chats.archive_is_there(HOME, &context).1), "once for each connection");
}

#[test]
fn that_older_ones_are_fetched_is_said_when_it_takes_a_while() {
    for size in [(1000.0, 700.0), (480.0, 420.0)] {
        let context = samples::lively(size.0, size.1);
        let mut chats = opened(&context);
        let said = |chats: &Chats| {
            let label = context.i18n.get("timeline-older");
            Harness::new(size, view(chats, &context)).audit().iter().any(|found| found.label() == label)
        };
        assert!(scroll(&mut chats, &context));
        assert!(!said(&chats));
        let _ = tell(&mut chats, timeline::Message::FetchingLasts(bob(), 1), &context);
        assert!(said(&chats));
        walk("older", size, view(&chats, &context));
        let _ = chats.older_fetched(&bob(), true, &context);
        assert!(!said(&chats));
    }
}

#[test]
fn messages_that_cannot_be_read_stay() {
    let context = samples::lively(1000.0, 900.0);
    let mut chats = opened(&context);
    let shown = |chats: &Chats| {
        let found = Harness::new((1000.0, 900.0), view(chats, &context)).audit();
        found.iter().any(|found| found.label().contains("À midi") || found.label().contains("à midi"))
    };
    assert!(shown(&chats));
    let _ = tell(&mut chats, timeline::Message::Unread(bob()), &context);
    assert!(shown(&chats));
    // Nor is a conversation that could not even be opened said to be empty.
    let mut chats = Chats::default();
    let _ = chats.show(bob(), &context);
    let _ = tell(&mut chats, timeline::Message::Unread(bob()), &context);
    let found = Harness::new((1000.0, 900.0), view(&chats, &context)).audit();
    assert!(!found.iter().any(|found| found.label().contains(&context.i18n.get("timeline-empty-title"))));
}
