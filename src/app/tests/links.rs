//! Links, and a wizard that was not finished: neither buries the other.

use causerie_model::{Account, Connection};

use super::behaviour::fresh;
use super::*;
use crate::app::reading::Everything;
use crate::app::window::{Message as Window, Shortcut};
use crate::app::wizard::Told;
use crate::app::{App, Message, Screen};
use crate::platform::instance::Wish;
use crate::screen::samples::HOME;
use crate::screen::welcome;
use crate::screen::wizard::{Kept, Page, Wizard, stages};

const LINK: &str = "xmpp:bob@far.example?roster;preauth=s3cr3t";

pub(super) fn wizard(app: &App) -> &Wizard {
    match &app.screen {
        Screen::Wizard(wizard) => wizard,
        other => panic!("{other:?}"),
    }
}

pub(super) fn texts(app: &App) -> Vec<String> {
    let found = Harness::new((1000.0, 1600.0), app.view()).audit();
    found.iter().map(|found| found.label().to_owned()).collect()
}

pub(super) fn says(app: &App, words: &str) -> bool {
    texts(app).iter().any(|text| text.contains(words))
}

pub(super) fn click(app: &mut App, label: &str) {
    let mut window = Harness::new((1000.0, 1600.0), app.view());
    window.click(label);
    let pressed = window.messages();
    drop(window);
    for message in pressed {
        let _ = app.update(message);
    }
}

pub(super) fn escape(app: &mut App) {
    let _ = app.update(Message::Window(Window::Pressed(Shortcut::Escape)));
}

pub(super) fn remembered(app: &mut App, kept: Option<&Kept>) {
    // As it is written.
    let written = kept.map(|kept| serde_json::from_str(&serde_json::to_string(kept).unwrap()).unwrap());
    let _ = app.update(Message::Told(Told::Remembered(written.map(Box::new))));
}

/// What is in the ledger at the start.
pub(super) fn ledger(accounts: &[&str]) -> Message {
    let account = |jid: &&str| -> Account { samples::account(HOME, jid, Connection::Offline).account };
    Message::EverythingRead(Everything::of_accounts(accounts.iter().map(account).collect()))
}

/// The program at its start, with these in the ledger.
pub(super) fn started(link: Option<&str>, accounts: &[&str]) -> (App, tempfile::TempDir) {
    let (mut app, folder) = fresh(link);
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    // No actor is started for them.
    app.store = None;
    let _ = app.update(ledger(accounts));
    (app, folder)
}

#[test]
fn a_link_at_the_start_does_not_bury_an_unfinished_wizard_beside_an_account() {
    let context = samples::empty(800.0, 600.0);
    for kept in [stages::uncertain(&context).kept(), stages::sent(&context).kept()] {
        let (mut app, _folder) = started(Some(LINK), &["carol@home.example"]);
        assert!(matches!(app.screen, Screen::Chats), "{:?}", app.screen);
        remembered(&mut app, Some(&kept));
        assert_eq!(wizard(&app).waits_for_password().map(|jid| jid.as_str()), Some("alice@chapril.org"));
        assert_eq!(wizard(&app).link(), LINK, "it goes into what was begun");
    }
    // An account that was only being tried when the program ended is none.
    let (mut app, _folder) = started(Some(LINK), &["alice@chapril.org"]);
    remembered(&mut app, Some(&stages::sent(&context).kept()));
    assert!(wizard(&app).waits_for_password().is_some());
    assert_eq!((app.context.accounts.len(), app.abandoned()), (0, Some(HOME)));
}

#[test]
fn a_link_at_the_start_is_followed_where_nothing_was_begun() {
    let (mut app, _folder) = started(Some(LINK), &["carol@home.example"]);
    assert!(!says(&app, "bob@far.example"), "it is not known yet whether something was begun");
    remembered(&mut app, None);
    assert!(matches!(app.screen, Screen::Chats));
    assert_eq!(app.chats.main_field(), crate::screen::chats::add_contact::ADDRESS);
}

#[test]
fn who_is_quicker_than_the_disk_does_not_bury_an_account_either() {
    let context = samples::empty(800.0, 600.0);
    for (kept, is_back) in
        [(stages::uncertain(&context).kept(), true), (stages::named("bob", &context).kept(), false)]
    {
        let (mut app, _folder) = started(None, &[]);
        let _ = app.update(Message::Welcome(welcome::Message::NewPressed));
        remembered(&mut app, Some(&kept));
        assert_eq!(wizard(&app).waits_for_password().is_some(), is_back);
    }
}

#[test]
fn a_link_that_comes_while_the_ledger_is_opened_waits_for_it() {
    let context = samples::empty(800.0, 600.0);
    let (mut app, _folder) = fresh(None);
    app.store = None;
    let _ = app.update(Message::Wished(Wish::Open(LINK.to_owned())));
    assert!(matches!(app.screen, Screen::Opening), "{:?}", app.screen);
    let _ = app.update(ledger(&["carol@home.example"]));
    remembered(&mut app, Some(&stages::uncertain(&context).kept()));
    assert!(wizard(&app).waits_for_password().is_some());
    assert_eq!(wizard(&app).link(), LINK);
}

#[test]
fn links_that_wait_are_said_kept_in_their_order_and_followed_one_after_the_other() {
    use crate::screen::link::Message as Pressed;
    use crate::screen::wizard::Message as Step;
    let links = ["xmpp:club@rooms.example?join", "xmpp:carol@far.example?roster", "xmpp:bob@chat.example"];
    let (app, _folder) = super::behaviour::lively();
    let mut app = app;
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    app.screen = Screen::Wizard(Box::new(stages::signed_in(&app.context)));
    let _ = app.update(Message::Wished(Wish::Open("xmpp:dora@far.example?roster".to_owned())));
    assert_eq!(wizard(&app).waiting(), 0, "that one is the first contact");
    assert!(!says(&app, "until these first steps are done"));
    for (place, link) in links.iter().enumerate() {
        let _ = app.update(Message::Wished(Wish::Open((*link).to_owned())));
        assert_eq!(wizard(&app).waiting(), place + 1);
    }
    let said = "3 links that you opened wait until these first steps are done";
    assert!(says(&app, said));
    let _ = app.update(Message::Wizard(Step::SkipPressed));
    assert!(says(&app, said), "on the page of the first contact, too");
    // Another run has them.
    let kept = wizard(&app).kept();
    let (mut again, _folder) = super::behaviour::lively();
    again.context.accounts[0].account.jid = samples::jid("alice@chapril.org");
    again.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    remembered(&mut again, Some(&kept));
    assert!(says(&again, said));
    for app in [&mut app, &mut again] {
        let _ = app.update(Message::Wizard(Step::contact_later()));
        assert!(matches!(app.screen, Screen::Chats));
        assert!(says(app, "4 links that you opened wait.") && !says(app, "club@rooms.example"));
        click(app, "Show");
        assert!(says(app, "club@rooms.example"), "the first one is answered first");
        assert_eq!(app.links.len(), 3, "with whoever was not added as the first contact");
        let _ = app.update(Message::Link(Pressed::Closed));
        assert_eq!(app.chats.main_field(), crate::screen::chats::add_contact::ADDRESS);
        assert_eq!(app.links.len(), 2, "the others wait for that");
        escape(app);
        assert_eq!(app.links.len(), 1);
        assert!(says(app, "bob@chat.example"));
        let _ = app.update(Message::Link(Pressed::Closed));
        assert!(app.links.is_empty());
        assert_eq!(app.chats.adding(), Some("dora@far.example"));
    }
}

#[test]
fn who_finishes_later_is_not_brought_back_by_a_link_that_waits() {
    use causerie_model::registration::RegistrationEvent;
    let (mut app, _folder) = started(None, &[]);
    remembered(&mut app, None);
    app.screen = Screen::Wizard(Box::new(stages::sent(&app.context)));
    let room = "xmpp:club@rooms.example?join";
    let _ = app.update(Message::Wished(Wish::Open(room.to_owned())));
    assert!(says(&app, "The link that you opened waits for this answer"));
    assert!(wizard(&app).waiting() == 1, "also after a restart");
    let made = RegistrationEvent::Created(samples::jid("alice@chapril.org"));
    let _ = app.update(Message::Wizard(crate::screen::wizard::Message::Registration(made)));
    let lost = Connection::Stopped(Problem::NoNetwork);
    let lost = crate::screen::sign_in::Message::ConnectionChanged(lost);
    let _ = app.update(Message::Wizard(crate::screen::wizard::Message::SignIn(lost)));
    assert!(says(&app, "until these first steps are done"), "{:?}", texts(&app));
    escape(&mut app);
    assert!(matches!(app.screen, Screen::Welcome));
    assert!(app.parked.as_ref().is_some_and(|wizard| wizard.waiting() == 1));
}

#[test]
fn what_was_typed_is_there_after_leaving_and_a_restart_and_asks_nobody_unasked() {
    use crate::screen::wizard as page;
    let (mut app, _folder) = started(None, &[]);
    remembered(&mut app, None);
    app.screen = Screen::Wizard(Box::new(stages::named("alice", &app.context)));
    for _ in 0..2 {
        escape(&mut app);
    }
    assert!(matches!(app.screen, Screen::Welcome), "{:?}", app.screen);
    // What comes late changes nothing.
    let newer = crate::providers::Providers::bundled();
    let _ = app.update(Message::Wizard(page::Message::providers_listed(newer)));
    assert!(app.registration.is_none());
    let kept = app.parked.as_ref().unwrap().kept();
    for accounts in [&[][..], &["carol@home.example"][..]] {
        let (mut app, _folder) = started(None, accounts);
        remembered(&mut app, Some(&kept));
        assert!(matches!(app.screen, Screen::Welcome | Screen::Chats), "it was left");
        assert!(app.registration.is_none());
        let _ = app.update(Message::Welcome(welcome::Message::NewPressed));
        assert_eq!((wizard(&app).page(), wizard(&app).kept_name()), (Page::Provider, "alice"));
        assert!(says(&app, "Asking chapril.org whether"), "it is asked now");
    }
}

#[test]
fn of_several_links_that_waited_for_an_answer_none_is_lost() {
    use crate::screen::wizard::Message as Step;
    use causerie_model::registration::{Refusal, RefusalReason, RegistrationEvent};
    let (mut app, _folder) = started(None, &[]);
    remembered(&mut app, None);
    app.screen = Screen::Wizard(Box::new(stages::sent(&app.context)));
    for whom in ["dora", "bob"] {
        let _ = app.update(Message::Wished(Wish::Open(format!("xmpp:{whom}@far.example?roster"))));
    }
    let refused = Refusal { reason: RefusalReason::Closed, words: None };
    let _ = app.update(Message::Wizard(Step::Registration(RegistrationEvent::Refused(refused))));
    assert_eq!((wizard(&app).link(), wizard(&app).waiting()), ("xmpp:bob@far.example?roster", 0));
    assert!(says(&app, "is kept: dora@far.example"));
    app.context.accounts = vec![samples::account(HOME, "alice@chapril.org", Connection::Online)];
    let Screen::Wizard(page) = &mut app.screen else { panic!() };
    let outcome = page.signed_in(HOME, samples::jid("alice@chapril.org"), &app.context);
    let _ = app.do_wizard(outcome);
    assert!(says(&app, "until these first steps are done"));
    let _ = app.update(Message::Wizard(Step::SkipPressed));
    assert_eq!(serde_json::to_value(wizard(&app).kept()).unwrap()["contact"], "bob@far.example");
    let _ = app.update(Message::Wizard(Step::contact_later()));
    assert!(matches!(app.screen, Screen::Chats));
    click(&mut app, "Show");
    assert_eq!(app.chats.adding(), Some("dora@far.example"));
}

#[test]
fn links_before_what_was_begun_is_known_go_into_it_all() {
    let context = samples::empty(800.0, 600.0);
    let kept = stages::named("carol", &context).kept();
    let (mut app, _folder) = started(None, &[]);
    let (mut new, _) = Wizard::for_invited("xmpp:dora@far.example?roster", &app.context);
    let _ = new.take_link(LINK, &app.context);
    app.screen = Screen::Wizard(Box::new(new));
    remembered(&mut app, Some(&kept));
    assert_eq!((wizard(&app).kept_name(), wizard(&app).link()), ("carol", LINK));
    assert!(says(&app, "is kept: dora@far.example"));
}

#[test]
fn a_link_that_comes_takes_away_nothing_that_another_one_has_brought() {
    use crate::screen::chats::add_contact::{ADDRESS, Message as Form};
    use crate::screen::link::Message as Pressed;
    let (mut app, _folder) = super::behaviour::lively();
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    let open = |app: &mut App, link: &str| app.update(Message::Wished(Wish::Open(link.to_owned())));
    let _ = open(&mut app, "xmpp:one@rooms.example?join");
    let _ = open(&mut app, "xmpp:two@rooms.example?join");
    let _ = open(&mut app, "xmpp:dora@far.example?roster");
    let _ = open(&mut app, "xmpp:omar@far.example?roster");
    for room in ["one@rooms.example", "two@rooms.example"] {
        assert!(says(&app, room), "{room}");
        let _ = app.update(Message::Link(Pressed::Closed));
    }
    assert_eq!((app.chats.main_field(), app.links.len()), (ADDRESS, 1));
    // More of the same person fills in, and somebody else waits.
    let _ = open(&mut app, "xmpp:dora@far.example?roster;name=Dora");
    let _ = open(&mut app, "xmpp:nina@far.example?roster");
    assert_eq!((app.chats.adding(), app.links.len()), (Some("dora@far.example"), 2));
    let typed = crate::screen::chats::Message::Add(Form::NameChanged("My Dora".to_owned()));
    let _ = app.update(Message::Chats(typed));
    for whom in ["omar@far.example", "nina@far.example"] {
        escape(&mut app);
        assert_eq!(app.chats.adding(), Some(whom));
    }
    // What is about nobody takes it in at once.
    escape(&mut app);
    let _ = app.chats.add("", &app.context);
    let _ = open(&mut app, "xmpp:lena@far.example?roster");
    assert_eq!((app.chats.adding(), app.links.len()), (Some("lena@far.example"), 0));
}
