//! What a person wants of an account is asked until there is an answer, also after a restart.

use causerie_model::{
    Command, Connection, Event, InviteToken, Notice, PendingOut, Problem, ProfilePart, Subscription,
};

use super::behaviour::lively;
use crate::app::reading::Message as Read;
use crate::app::{App, Message};
use crate::intents;
use crate::screen::chats;
use crate::screen::samples::{HOME, jid};
use crate::widget::harness::Harness;

fn add() -> Command {
    let preauth = InviteToken::new("s3cr3t");
    Command::AddContact { jid: jid("nina@far.example"), name: None, groups: Vec::new(), preauth }
}

fn goes(app: &mut App, connection: Connection) {
    let _ = app.update(Message::Session(HOME, vec![Event::ConnectionChanged(connection)]));
}

fn asked(app: &App) -> Vec<Command> {
    app.asked.take().into_iter().map(|(_, command)| command).collect()
}

/// Nina is known, with that request.
fn is_known(app: &mut App, pending_out: PendingOut) {
    let (_, mut contact) = app.context.contacts[0].clone();
    contact.item.jid = jid("nina@far.example");
    (contact.item.subscription, contact.item.pending_out) = (Subscription::None, pending_out);
    let key = (HOME, contact.item.jid.clone());
    let _ = app.update(Message::Read(Read::Contact(key, Box::new(Some(contact)))));
}

#[test]
fn who_is_added_without_a_line_is_added_with_what_lets_in_when_it_is_back() {
    let (mut app, folder) = lively();
    goes(&mut app, Connection::Offline);
    let _ = app.do_chats(vec![chats::Action::Ask(HOME, add())]);
    let lost = Notice::ContactNotAdded { jid: jid("nina@far.example"), problem: Problem::ConnectionLost };
    let _ = app.update(Message::Session(HOME, vec![Event::Notice(lost)]));
    let found = Harness::new((1000.0, 700.0), app.view()).audit();
    assert!(found.iter().any(|found| found.label().contains("as soon as Causerie is connected")));
    // Another program, later, and no request of an earlier time is taken for the new one.
    app.intents.save(folder.path());
    app.intents = intents::load(folder.path());
    is_known(&mut app, PendingOut::Asked);
    asked(&app);
    goes(&mut app, Connection::Online);
    assert_eq!(asked(&app), [add()]);
    is_known(&mut app, PendingOut::No);
    goes(&mut app, Connection::Online);
    assert_eq!(asked(&app), [add()], "it is not seen to be done");
    is_known(&mut app, PendingOut::Asked);
    goes(&mut app, Connection::Online);
    assert_eq!(asked(&app), []);
}

#[test]
fn a_name_is_published_after_a_restart_and_not_once_it_is() {
    let (mut app, folder) = lively();
    let name = Command::PublishName(Some("Alice Martin".to_owned()));
    let _ = app.publish(HOME, Some("Alice Martin".to_owned()), None);
    assert_eq!(asked(&app), std::slice::from_ref(&name));
    app.intents.save(folder.path());
    for answer in [
        Event::ProfilePublished(ProfilePart::Name),
        Event::Notice(Notice::ProfileNotPublished { part: ProfilePart::Name, problem: Problem::Refused }),
    ] {
        app.intents = intents::load(folder.path());
        goes(&mut app, Connection::Online);
        assert_eq!(asked(&app), std::slice::from_ref(&name));
        let _ = app.update(Message::Session(HOME, vec![answer]));
        goes(&mut app, Connection::Online);
        assert_eq!(asked(&app), []);
    }
    // What was taken back meanwhile is not shown.
    app.intents = intents::load(folder.path());
    let _ = app.withdraw(HOME, vec![ProfilePart::Name]);
    asked(&app);
    goes(&mut app, Connection::Online);
    assert_eq!(asked(&app), [Command::PublishName(None)]);
}
