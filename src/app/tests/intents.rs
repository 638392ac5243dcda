//! What a person wants of an account is asked until there is an answer, also after a restart.

use causerie_model::{
    Command, Connection, Event, InviteToken, Notice, PendingOut, Problem, ProfilePart, ProfileWish,
    Subscription,
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
    let wish = ProfileWish::Name(Some("Alice Martin".to_owned()));
    app.intents.save(folder.path());
    for answer in [
        Event::ProfilePublished(wish.clone()),
        Event::Notice(Notice::ProfileNotPublished { wish: wish.clone(), problem: Problem::Refused }),
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

fn says(app: &App, words: &str) -> bool {
    let found = Harness::new((1000.0, 1600.0), app.view()).audit();
    found.iter().any(|found| found.label().contains(words))
}

fn is_not_added(app: &mut App, problem: Problem) {
    let notice = Notice::ContactNotAdded { jid: jid("nina@far.example"), problem };
    let _ = app.update(Message::Session(HOME, vec![Event::Notice(notice)]));
}

#[test]
fn who_is_given_up_is_spoken_of_and_only_who_is_kept_is_promised() {
    let (mut app, _folder) = lively();
    let _ = app.do_chats(vec![chats::Action::Ask(HOME, add())]);
    is_not_added(&mut app, Problem::ConnectionLost);
    assert!(says(&app, "as soon as Causerie is connected"));
    for _ in 0..5 {
        goes(&mut app, Connection::Offline);
        assert!(!says(&app, "could not be added"));
        goes(&mut app, Connection::Online);
    }
    assert!(says(&app, "nina@far.example could not be added"));
    assert!(!says(&app, "as soon as Causerie is connected"), "nobody does that any more");
    // Of many who are added from a list no wish is kept.
    let (mut app, _folder) = lively();
    is_not_added(&mut app, Problem::ConnectionLost);
    assert!(says(&app, "nina@far.example could not be added") && !says(&app, "as soon as Causerie"));
}

#[test]
fn who_is_only_wanted_can_be_taken_back() {
    let (mut app, folder) = lively();
    goes(&mut app, Connection::Offline);
    let _ = app.do_chats(vec![chats::Action::Ask(HOME, add())]);
    is_not_added(&mut app, Problem::ConnectionLost);
    let nina = (HOME, jid("nina@far.example"));
    assert!(app.context.is_wished(&nina));
    // Also in the next run.
    app.intents.save(folder.path());
    let mut startup = app.startup.clone();
    startup.intents = intents::load(folder.path());
    assert_eq!(App::new(startup).0.context.wished, app.context.wished);
    let _ = app.show(nina.clone());
    let _ = app.update(Message::Chats(chats::Message::DetailsPressed));
    let (_, mut stranger) = app.context.contacts[0].clone();
    stranger.item.jid = nina.1.clone();
    let read = chats::details::Message::Read(nina.clone(), Some(stranger));
    let _ = app.update(Message::Chats(chats::Message::Details(read)));
    assert!(says(&app, "Remove from contacts"));
    asked(&app);
    let _ = app.do_chats(vec![chats::Action::Ask(HOME, Command::RemoveContact(nina.1.clone()))]);
    assert_eq!(asked(&app), [], "no provider knows of it");
    assert!(!app.context.is_wished(&nina));
    assert!(!says(&app, "Remove from contacts") && !says(&app, "as soon as Causerie is connected"));
    goes(&mut app, Connection::Online);
    assert_eq!(asked(&app), []);
    // Where the provider may have done it, it is asked to undo it.
    let _ = app.do_chats(vec![chats::Action::Ask(HOME, add())]);
    let remove = Command::RemoveContact(nina.1.clone());
    let _ = app.do_chats(vec![chats::Action::Ask(HOME, remove.clone())]);
    assert_eq!(asked(&app), [add(), remove]);
}

#[test]
fn a_link_that_a_new_account_has_no_use_for_is_followed_when_its_wizard_is_over() {
    use crate::app::Screen;
    use crate::screen::wizard::{self, stages};
    for link in ["xmpp:chloe@chat.example", "xmpp:club@rooms.example?join"] {
        let (mut app, _folder) = lively();
        app.screen = Screen::Wizard(Box::new(stages::signed_in(&app.context)));
        let _ = app.open_link("xmpp:bob@chat.example?roster");
        let _ = app.open_link(link);
        assert!(matches!(&app.screen, Screen::Wizard(wizard) if wizard.waiting() == 1));
        let later = wizard::Message::contact_later();
        for message in [wizard::Message::SkipPressed, later] {
            assert!(matches!(app.screen, Screen::Wizard(_)));
            let _ = app.update(Message::Wizard(message));
        }
        assert!(matches!(app.screen, Screen::Chats));
        assert!(app.trouble.is_none(), "nothing takes the keyboard unasked");
        let _ = app.update(Message::Chats(crate::screen::chats::Message::LinkPressed));
        assert!(app.trouble.is_some(), "it is asked, or said what it is");
        // Whoever was not added comes after that.
        assert_eq!(app.links.next().as_deref(), Some("xmpp:bob@chat.example?roster"));
        assert!(app.links.is_empty());
    }
}

#[test]
fn a_list_of_contacts_is_gone_on_with_after_a_restart() {
    use crate::screen::settings::Deed;
    use causerie_model::NewContact;
    let (mut app, folder) = lively();
    let new = |who: &str| NewContact { jid: jid(who), name: Some("X".to_owned()), groups: Vec::new() };
    let list = |contacts: Vec<NewContact>, moved_from| Command::AddContacts { contacts, moved_from };
    let (nina, omar, pia) = (new("nina@far.example"), new("omar@far.example"), new("pia@far.example"));
    let old = Some(jid("alice@old.example"));
    let _ = app.keep_up(Deed::Ask(HOME, list(vec![nina, omar.clone()], None)));
    let _ = app.keep_up(Deed::Ask(HOME, list(vec![pia.clone()], old.clone())));
    assert_eq!(asked(&app).len(), 2);
    goes(&mut app, Connection::Online);
    assert_eq!(asked(&app), [], "the account goes on by itself");
    is_known(&mut app, PendingOut::Asked);
    let restart = |app: &mut App| {
        app.intents.save(folder.path());
        app.intents = intents::load(folder.path());
        goes(app, Connection::Online);
        asked(app)
    };
    let rest = [list(vec![omar], None), list(vec![pia.clone()], old.clone())];
    assert_eq!(restart(&mut app), rest, "but for whom is asked by now");
    is_not_added(&mut app, Problem::Refused);
    let refused = Notice::ContactNotAdded { jid: jid("omar@far.example"), problem: Problem::Refused };
    let _ = app.update(Message::Session(HOME, vec![Event::Notice(refused)]));
    assert_eq!(restart(&mut app), [list(vec![pia], old)], "nor who can't be added");
    let done = Event::AddingContacts { done: 2, failed: 1, waiting: 0 };
    let _ = app.update(Message::Session(HOME, vec![done]));
    assert_eq!(restart(&mut app), []);
    // Nor is it gone on with what was stopped.
    let _ = app.keep_up(Deed::Ask(HOME, list(vec![new("rosa@far.example")], None)));
    let _ = app.keep_up(Deed::Ask(HOME, Command::StopAddingContacts));
    asked(&app);
    assert_eq!(restart(&mut app), []);
}

/// What is new among our own devices was seen when they are shown, whichever way leads there; to compare keys shows no devices.
#[test]
fn what_is_new_among_our_devices_was_seen_when_they_are_shown() {
    use crate::screen::settings;
    let told = |app: &mut App| {
        let new = Notice::NewOwnDevice { device: causerie_model::DeviceId::new(4_242).unwrap() };
        let _ = app.update(Message::Session(HOME, vec![Event::Notice(new)]));
        asked(app)
    };
    let number = |app: &App| {
        let found = Harness::new((1000.0, 700.0), app.view()).audit();
        found.iter().any(|found| found.label().contains("4242"))
    };
    let (mut app, _folder) = lively();
    assert_eq!((told(&mut app), number(&app)), (Vec::new(), true));
    let alice = app.context.account(HOME).unwrap().account.jid.clone();
    let _ = app.do_chats(vec![chats::Action::Keys((HOME, alice))]);
    assert_eq!(asked(&app), [Command::OwnDevicesSeen]);
    app.turn_to(crate::app::Screen::Chats);
    assert!(!number(&app));

    let (mut app, _folder) = lively();
    told(&mut app);
    let _ = app.do_chats(vec![chats::Action::Settings]);
    assert_eq!(asked(&app), []);
    let _ = app.update_settings(settings::Message::KeysPressed(HOME));
    assert_eq!(asked(&app), [Command::OwnDevicesSeen]);
}
