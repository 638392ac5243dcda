//! With several accounts, the people of one of them alone.

use causerie_model::{AccountId, Connection, Presence, Show};

use super::*;
use crate::screen::samples;
use crate::screen::walk::walk;
use crate::widget::harness::Harness;

const WORK: AccountId = AccountId(2);

fn several() -> Context {
    let mut context = samples::lively(1000.0, 900.0);
    context.accounts.push(samples::account(WORK, "alice@office.example", Connection::Online));
    context
}

fn labels(chats: &Chats, context: &Context) -> Vec<String> {
    let found = Harness::new((1000.0, 900.0), view(chats, context)).audit();
    found.iter().map(|found| found.label().to_owned()).collect()
}

fn shows(chats: &Chats, context: &Context, said: &str) -> bool {
    labels(chats, context).iter().any(|label| label.contains(said))
}

fn choose(chats: &mut Chats, account: Option<AccountId>, context: &Context) {
    let _ = chats.update(Message::OwnPressed, context);
    walk("own", (1000.0, 900.0), view(chats, context));
    let _ = chats.update(Message::Own(own::Message::AccountChosen(account)), context);
    assert!(chats.own.is_none());
}

#[test]
fn whoever_writes_to_themselves_is_as_they_have_chosen() {
    let mut context = samples::lively(1000.0, 900.0);
    let own = &mut context.accounts[0];
    own.account.presence.show = Show::DoNotDisturb;
    let key = (own.account.id, own.account.jid.clone());
    assert_eq!(context.presence(&key), context.accounts[0].chosen());
    context.accounts[0].connection = Connection::Offline;
    assert_eq!(context.presence(&key), Presence::Offline);
}

#[test]
fn the_people_of_one_account_are_shown_and_nothing_new_is_missed() {
    let mut context = several();
    let mut chats = Chats::default();
    chats.people_changed(&context);
    assert!(shows(&chats, &context, "Bob Martin"));
    choose(&mut chats, Some(WORK), &context);
    assert!(!shows(&chats, &context, "Bob Martin"));
    let news = context.conversations.iter().filter(|one| one.unread > 0).count();
    let news = context.i18n.with("list-news-elsewhere", &[("count", news.into())]);
    assert!(labels(&chats, &context).contains(&news));
    let _ = chats.update(Message::List(list::Message::AllPressed), &context);
    assert!(shows(&chats, &context, "Bob Martin"));
    // Whoever is opened from elsewhere is in the list; whoever is added is added there.
    choose(&mut chats, Some(WORK), &context);
    let _ = chats.add("", &context);
    let (_, actions) = {
        let typed = add_contact::Message::AddressChanged("nina@far.example".to_owned());
        let _ = chats.update(Message::Add(typed), &context);
        chats.update(Message::Add(add_contact::Message::Submitted), &context)
    };
    assert!(actions.iter().any(|action| matches!(action, Action::Ask(WORK, Command::AddContact { .. }))));
    let _ = chats.show(samples::bob(), &context);
    assert!(shows(&chats, &context, "Chloé"));
    // An account that is gone is not chosen any more.
    choose(&mut chats, Some(WORK), &context);
    context.accounts.pop();
    chats.account_removed(WORK, &context);
    assert!(shows(&chats, &context, "Chloé"));
}

#[test]
fn a_form_for_an_account_that_is_gone_is_for_another_one() {
    let mut context = samples::lively(1000.0, 900.0);
    context.accounts.push(samples::account(WORK, "work@office.example", Connection::Online));
    let mut chats = Chats::default();
    choose(&mut chats, Some(WORK), &context);
    let _ = chats.add("nina@far.example", &context);
    context.accounts.pop();
    chats.account_removed(WORK, &context);
    let (_, actions) = chats.update(Message::Add(add_contact::Message::Submitted), &context);
    let first = context.accounts[0].account.id;
    assert!(
        actions
            .iter()
            .any(|action| matches!(action, Action::Ask(id, Command::AddContact { .. }) if *id == first))
    );
    // Where there is none, nobody can be added.
    let _ = chats.add("nina@far.example", &context);
    context.accounts.clear();
    chats.account_removed(first, &context);
    assert!(chats.adding().is_none() && chats.was_turned_away());
}

#[test]
fn one_account_is_no_choice() {
    let context = samples::lively(1000.0, 900.0);
    let mut chats = Chats::default();
    chats.people_changed(&context);
    let _ = chats.update(Message::OwnPressed, &context);
    assert!(!labels(&chats, &context).contains(&context.i18n.get("own-all-accounts")));
}
