use causerie_model::{Connection, Notice, Problem};

use super::*;
use crate::context::Adding;
use crate::screen::samples::{self, HOME, jid};
use crate::screen::settings::{Action, Message as Outer, Page, Settings, upkeep, view as page};
use crate::screen::walk::walk;
use crate::widget::harness::Harness;

const SIZE: (f32, f32) = (1000.0, 1800.0);
const OTHER: AccountId = AccountId(2);

/// Alice, who has another account with another provider.
fn two() -> Context {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    context.accounts.push(samples::account(OTHER, "alice@new.example", Connection::Online));
    context
}

fn open(account: AccountId, context: &Context) -> Settings {
    let mut settings = Settings::at(Page::Accounts);
    settings.update(Outer::Upkeep(upkeep::Message::Pressed(account)), context);
    settings
}

fn happen(settings: &mut Settings, message: Message, context: &Context) -> Option<Deed> {
    match settings.update(Outer::Upkeep(upkeep::Message::Moving(message)), context) {
        Action::Upkeep(_, deed) => deed,
        other => panic!("{other:?}"),
    }
}

fn says(settings: &Settings, context: &Context, words: &str) -> bool {
    let mut window = Harness::new(SIZE, page(settings, context));
    let labels: Vec<String> = window.audit().iter().map(|found| found.label().to_owned()).collect();
    let texts = window.texts().into_iter().map(|(text, _)| text);
    labels.into_iter().chain(texts).any(|said| said.contains(words))
}

#[test]
fn a_move_is_announced_when_it_was_asked_twice() {
    let mut context = two();
    let mut settings = open(HOME, &context);
    happen(&mut settings, Message::Pressed, &context);
    walk("where to", SIZE, page(&settings, &context));
    assert!(happen(&mut settings, Message::Confirmed, &context).is_none(), "nothing was chosen");
    happen(&mut settings, Message::Chosen("alice@new.example".to_owned()), &context);
    assert!(happen(&mut settings, Message::Submitted, &context).is_none());
    walk("asked once more", SIZE, page(&settings, &context));
    // Escape takes the question back, and keeps what was typed.
    settings.update(Outer::Closed, &context);
    assert!(happen(&mut settings, Message::Submitted, &context).is_none());
    let deed = happen(&mut settings, Message::Confirmed, &context);
    let new = Some(jid("alice@new.example"));
    let Some(Deed::Ask(HOME, Command::AnnounceMove(asked))) = deed else { panic!("{deed:?}") };
    assert_eq!(asked, new);
    settings.accounts_changed(&context);
    assert!(says(&settings, &context, "Telling your contacts…"));
    context.accounts[0].account.moved_to = new;
    settings.accounts_changed(&context);
    assert!(!says(&settings, &context, "Telling your contacts…"));
    assert!(says(&settings, &context, "told that you moved to alice@new.example"));
    walk("moved", SIZE, page(&settings, &context));
    let deed = happen(&mut settings, Message::BackPressed, &context);
    assert!(matches!(deed, Some(Deed::Ask(HOME, Command::AnnounceMove(None)))), "{deed:?}");
    context.accounts[0].account.moved_to = None;
    settings.accounts_changed(&context);
    assert!(says(&settings, &context, "Nobody is told any more that you moved."));
}

#[test]
fn an_address_that_makes_no_sense_is_explained() {
    let mut context = two();
    context.accounts[0].account.moved_to = Some(jid("alice@new.example"));
    let mut settings = open(HOME, &context);
    happen(&mut settings, Message::Pressed, &context);
    for (typed, words) in [
        ("", "Enter an address"),
        ("alice", "The provider after the @ is missing"),
        ("alice@chat.example", "This is the old address."),
        ("Alice@New.example", "Your contacts know this already."),
    ] {
        happen(&mut settings, Message::Typed(typed.to_owned()), &context);
        happen(&mut settings, Message::Submitted, &context);
        assert!(says(&settings, &context, words), "{typed}");
        assert!(happen(&mut settings, Message::Confirmed, &context).is_none());
    }
}

#[test]
fn what_was_not_told_or_not_taken_back_is_said_apart() {
    let context = two();
    let mut settings = open(HOME, &context);
    let notice = Notice::MoveNotAnnounced(Problem::ConnectionLost);
    happen(&mut settings, Message::Pressed, &context);
    happen(&mut settings, Message::Typed("alice@new.example".to_owned()), &context);
    happen(&mut settings, Message::Submitted, &context);
    happen(&mut settings, Message::Confirmed, &context);
    assert!(settings.noticed(HOME, &notice));
    assert!(says(&settings, &context, "Your contacts were not told about your new address."));
    happen(&mut settings, Message::BackPressed, &context);
    assert!(settings.noticed(HOME, &notice));
    assert!(says(&settings, &context, "Your contacts are still told that you moved."));
}

#[test]
fn the_contacts_come_along_from_the_new_account_as_far_as_they_are_not_there() {
    let mut context = two();
    assert!(!says(&open(OTHER, &context), &context, "has moved here"), "nobody has said so");
    context.accounts[0].account.moved_to = Some(jid("alice@new.example"));
    let (_, chloe) = samples::contact("chloe@chat.example", "Chloé", Subscription::Both);
    context.contacts.push((OTHER, chloe));
    let mut settings = open(HOME, &context);
    happen(&mut settings, Message::AccountPressed(OTHER), &context);
    assert!(says(&settings, &context, "alice@chat.example has moved here. 2 contacts are not here yet"));
    walk("taking along", SIZE, page(&settings, &context));
    let deed = happen(&mut settings, Message::TakePressed(HOME), &context);
    let Some(Deed::Ask(OTHER, Command::AddContacts { contacts, moved_from })) = deed else {
        panic!("{deed:?}")
    };
    assert_eq!(moved_from, Some(jid("alice@chat.example")));
    let names: Vec<_> = contacts.iter().map(|contact| contact.name.as_deref().unwrap_or_default()).collect();
    assert_eq!(names, ["Bob Martin", "David"]);
    assert!(contacts.iter().all(|contact| contact.groups == ["Friends"]));
    // While that goes on it is not offered again.
    context.adding.insert(OTHER, Adding { done: 0, failed: 0, waiting: 2 });
    assert!(!says(&settings, &context, "has moved here"));
    // An account that has not said that it moved here gives nothing.
    context.accounts[0].account.moved_to = None;
    assert!(happen(&mut settings, Message::TakePressed(HOME), &context).is_none());
}
