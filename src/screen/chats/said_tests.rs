//! What the list, an empty conversation and the foot say, which must be so.

use causerie_model::{Connection, Problem, Subscription};

use super::*;
use crate::context::Opening;
use crate::screen::samples::{self, HOME};
use crate::widget::harness::Harness;

const SIZE: (f32, f32) = (1000.0, 900.0);

fn said(chats: &Chats, context: &Context) -> Vec<String> {
    let mut ui = Harness::new(SIZE, view(chats, context));
    let labels: Vec<String> = ui.audit().iter().map(|found| found.label().to_owned()).collect();
    ui.texts().into_iter().map(|(text, _)| text).chain(labels).collect()
}

fn says(chats: &Chats, context: &Context, words: &str) -> bool {
    said(chats, context).iter().any(|said| said.contains(words))
}

fn empty_with(peer: Key, context: &Context) -> Chats {
    let mut chats = Chats::default();
    chats.people_changed(context);
    let _ = chats.show(peer.clone(), context);
    let message = timeline::Message::Opened(peer, Opening { limit: 60, ..Opening::default() });
    let _ = chats.update(Message::Timeline(message), context);
    chats
}

#[test]
fn who_has_not_answered_yet_is_not_said_to_be_offline_in_the_list() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    context.contacts = vec![samples::contact("nina@far.example", "Nina", Subscription::None)];
    context.conversations.clear();
    let mut chats = Chats::default();
    chats.people_changed(&context);
    assert!(says(&chats, &context, "Nina, Waiting for Nina to accept you"), "{:#?}", said(&chats, &context));
    assert!(!says(&chats, &context, "Nina, Offline"));
    // Nor where there is a conversation in which nothing was said.
    let mut context = samples::lively(SIZE.0, SIZE.1);
    context.contacts = vec![samples::contact("nina@far.example", "nina@far.example", Subscription::None)];
    context.conversations.truncate(1);
    let talk = &mut context.conversations[0];
    (talk.peer, talk.name) = (samples::jid("nina@far.example"), "nina@far.example".to_owned());
    (talk.last, talk.unread, talk.draft) = (None, 0, String::new());
    chats.people_changed(&context);
    assert!(says(&chats, &context, "Waiting for nina@far.example to accept you"));
    // Who has answered is where they are.
    context.contacts = vec![samples::contact("nina@far.example", "nina@far.example", Subscription::Both)];
    chats.people_changed(&context);
    assert!(says(&chats, &context, "nina@far.example, Offline"));
}

#[test]
fn a_note_to_oneself_is_not_said_to_greet_anybody() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let own = (HOME, context.accounts[0].account.jid.clone());
    let chats = empty_with(own, &context);
    assert!(says(&chats, &context, "Your notes") && !says(&chats, &context, "Say hello"));
    let chats = empty_with(samples::bob(), &context);
    assert!(says(&chats, &context, "Say hello") && !says(&chats, &context, "Your notes"));
}

#[test]
fn a_password_that_is_asked_for_at_each_start_is_what_to_do_and_can_be_typed_at_once() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    context.accounts[0].connection = Connection::Stopped(Problem::PasswordNeeded);
    let mut chats = Chats::default();
    chats.people_changed(&context);
    let mut ui = Harness::new(SIZE, view(&chats, &context));
    ui.click(&context.i18n.get("action-enter-password"));
    assert!(matches!(ui.messages().as_slice(), [Message::PasswordPressed(HOME)]));
}
