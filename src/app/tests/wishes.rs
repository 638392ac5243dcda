//! What is wanted of an account outlives the end of its actor, and what is thought better of is not done.

use causerie_model::{BareJid, Command, Connection, Event, NewContact, PendingOut, Subscription};
use iced::Task;

use super::behaviour::lively;
use crate::app::accounts::Message as Accounts;
use crate::app::reading::Message as Read;
use crate::app::{App, Message};
use crate::network::Way;
use crate::screen::samples::{HOME, jid};
use crate::screen::settings::{Deed, History};

fn happens(app: &mut App, event: Event) {
    let _ = app.update(Message::Session(HOME, vec![event]));
}

fn asked(app: &App) -> Vec<Command> {
    app.asked.take().into_iter().map(|(_, command)| command).collect()
}

fn new(who: &str) -> NewContact {
    NewContact { jid: jid(who), name: None, groups: Vec::new() }
}

fn list(contacts: Vec<NewContact>) -> Command {
    Command::AddContacts { contacts, moved_from: None }
}

/// Somebody is known, and asked.
fn is_asked(app: &mut App, who: &BareJid) {
    let (_, mut contact) = app.context.contacts[0].clone();
    contact.item.jid = who.clone();
    (contact.item.subscription, contact.item.pending_out) = (Subscription::None, PendingOut::Asked);
    let _ = app.update(Message::Read(Read::Contact((HOME, who.clone()), Box::new(Some(contact)))));
}

/// A way of ending an account's actor.
type End = fn(&mut App) -> Task<Message>;

#[test]
fn a_list_is_gone_on_with_when_the_account_is_started_anew() {
    let ways: [End; 2] =
        [|app| app.set_server(HOME, None), |app| app.set_way(None, Some(Way::Straight), None)];
    for anew in ways {
        let (mut app, _folder) = lively();
        happens(&mut app, Event::ConnectionChanged(Connection::Online));
        let [nina, omar, pia] = ["nina@far.example", "omar@far.example", "pia@far.example"].map(new);
        let _ = app.keep_up(Deed::Ask(HOME, list(vec![nina.clone(), omar.clone()])));
        happens(&mut app, Event::AddingContacts { done: 0, failed: 0, waiting: 2 });
        is_asked(&mut app, &nina.jid);
        let _ = anew(&mut app);
        assert!(app.context.adding.is_empty(), "nobody goes on with it before the account is online");
        // What the actor that ends had still to say.
        happens(&mut app, Event::AddingContacts { done: 1, failed: 0, waiting: 1 });
        assert!(app.context.adding.is_empty());
        // Nobody hears it, and it is not lost.
        let _ = app.keep_up(Deed::Ask(HOME, list(vec![pia.clone()])));
        asked(&app);
        let _ = app.update(Message::Accounts(Accounts::Ended(HOME)));
        happens(&mut app, Event::ConnectionChanged(Connection::Online));
        assert_eq!(asked(&app), [list(vec![omar, pia])]);
        happens(&mut app, Event::ConnectionChanged(Connection::Online));
        assert_eq!(asked(&app), [], "the account goes on by itself");
    }
}

#[test]
fn what_is_left_of_a_list_is_not_done_with_when_another_one_is() {
    let (mut app, _folder) = lively();
    let [nina, omar] = ["nina@far.example", "omar@far.example"].map(new);
    let _ = app.keep_up(Deed::Ask(HOME, list(vec![nina.clone()])));
    let _ = app.set_server(HOME, None);
    let _ = app.update(Message::Accounts(Accounts::Ended(HOME)));
    let _ = app.keep_up(Deed::Ask(HOME, list(vec![omar])));
    happens(&mut app, Event::AddingContacts { done: 1, failed: 0, waiting: 0 });
    asked(&app);
    happens(&mut app, Event::ConnectionChanged(Connection::Online));
    assert_eq!(asked(&app), [list(vec![nina])]);
}

#[test]
fn who_is_signed_out_adds_nobody_any_more() {
    let ends: [End; 2] = [
        |app| app.sign_out(HOME, History::Keep),
        |app| {
            let _ = app.sign_out(HOME, History::Delete);
            app.update(Message::Accounts(Accounts::Removed(HOME)))
        },
    ];
    for end in ends {
        let (mut app, _folder) = lively();
        let _ = app.keep_up(Deed::Ask(HOME, list(vec![new("nina@far.example")])));
        happens(&mut app, Event::AddingContacts { done: 0, failed: 0, waiting: 1 });
        let _ = end(&mut app);
        assert!(app.context.adding.is_empty());
    }
}
