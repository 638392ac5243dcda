//! Nothing typed is lost by what happens meanwhile.

use causerie_model::registration::{Refusal, RefusalReason, RegistrationEvent};

use super::behaviour::{fresh, lively};
use super::*;
use crate::app::window::{Message as Window, Shortcut};
use crate::app::{App, Message, Screen};
use crate::screen::wizard::{Page, Wizard, stages};
use crate::screen::{sign_in, welcome};
use crate::widget::harness::Harness;

fn texts(app: &App) -> Vec<String> {
    let found = Harness::new((1000.0, 1600.0), app.view()).audit();
    found.iter().map(|found| found.label().to_owned()).collect()
}

fn wizard(app: &App) -> &Wizard {
    match &app.screen {
        Screen::Wizard(wizard) => wizard,
        other => panic!("{other:?}"),
    }
}

fn escape(app: &mut App) {
    let _ = app.update(Message::Window(Window::Pressed(Shortcut::Escape)));
}

fn with_wizard(mut app: App, wizard: impl Fn(&crate::context::Context) -> Wizard) -> App {
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    app.screen = Screen::Wizard(Box::new(wizard(&app.context)));
    app
}

#[test]
fn who_leaves_the_wizard_finds_everything_again() {
    let (app, _folder) = fresh(None);
    let mut app = with_wizard(app, |context| stages::named("alice", context));
    escape(&mut app);
    assert_eq!(wizard(&app).page(), Page::Provider);
    escape(&mut app);
    assert!(matches!(app.screen, Screen::Welcome));
    let _ = app.update(Message::Welcome(welcome::Message::NewPressed));
    assert_eq!(wizard(&app).page(), Page::Provider);
    assert_eq!(wizard(&app).kept_name(), "alice");
    escape(&mut app);
    let _ = app.update(Message::Welcome(welcome::Message::InvitedPressed));
    assert_eq!((wizard(&app).page(), wizard(&app).kept_name()), (Page::Invited, "alice"));
}

#[test]
fn a_link_fills_in_the_running_wizard() {
    let (app, _folder) = fresh(None);
    let mut app = with_wizard(app, |context| stages::named("alice", context));
    let _ = app.open_link("xmpp:bob@chat.example?roster;preauth=secret");
    assert_eq!((wizard(&app).page(), wizard(&app).kept_name()), (Page::Invited, "alice"));
    assert!(texts(&app).iter().any(|text| text.contains("bob@chat.example")));
    // Where the account is made by now, it is the first contact.
    let (app, _folder) = fresh(None);
    let mut app = with_wizard(app, stages::signed_in);
    let _ = app.open_link("xmpp:bob@chat.example");
    assert_eq!(wizard(&app).page(), Page::Ready);
    escape(&mut app);
    assert_eq!(wizard(&app).page(), Page::Ready, "Escape never goes on");
    let _ = app.update(Message::Wizard(crate::screen::wizard::Message::SkipPressed));
    assert_eq!(wizard(&app).page(), Page::Contact);
    assert!(texts(&app).iter().any(|text| text.contains("Somebody’s address")));
}

#[test]
fn a_link_waits_for_the_form_that_somebody_signs_in_with() {
    let (mut app, _folder) = fresh(None);
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    app.screen = Screen::SignIn(sign_in::SignIn::new("alice@chat.example"));
    let _ = app.open_link("xmpp:bob@chat.example");
    assert!(matches!(app.screen, Screen::SignIn(_)));
    escape(&mut app);
    assert_eq!(wizard(&app).page(), Page::Invited);
    app.screen = Screen::SignIn(sign_in::SignIn::new(""));
    let _ = app.open_link("xmpp:bob@chat.example");
    assert_eq!(wizard(&app).page(), Page::Invited, "nothing was typed");
}

#[test]
fn links_and_clicks_wait_for_the_sign_in_to_a_second_account() {
    let (mut app, _folder) = lively();
    app.screen = Screen::SignIn(sign_in::SignIn::new("dora@chat.example"));
    let _ = app.update(Message::NotificationClicked(samples::bob()));
    let _ = app.open_link("xmpp:chloe@chat.example");
    assert!(matches!(&app.screen, Screen::SignIn(sign_in) if sign_in.is_begun()), "what was typed is there");
    escape(&mut app);
    assert!(matches!(app.screen, Screen::Chats), "then they are done");
    assert_eq!(app.chats.open_key(), Some(&samples::bob()));
    let _ = app.update(Message::Link(crate::screen::link::Message::FollowPressed));
    assert_eq!(app.chats.open_key().map(|key| key.1.as_str()), Some("chloe@chat.example"));
    // Where nothing was typed, nothing waits.
    app.screen = Screen::SignIn(sign_in::SignIn::new(""));
    let _ = app.update(Message::NotificationClicked(samples::bob()));
    assert!(matches!(app.screen, Screen::Chats));
}

#[test]
fn links_and_clicks_wait_for_the_answer_to_a_form() {
    let (app, _folder) = lively();
    let mut app = with_wizard(app, stages::sent);
    let _ = app.update(Message::NotificationClicked(samples::bob()));
    let _ = app.open_link("xmpp:chloe@chat.example");
    assert!(matches!(app.screen, Screen::Wizard(_)));
    let reason = RefusalReason::Problem(Problem::NoNetwork);
    let refused = RegistrationEvent::Refused(Refusal { reason, words: None });
    let _ = app.update(Message::Wizard(crate::screen::wizard::Message::Registration(refused)));
    assert!(matches!(app.screen, Screen::Chats), "then they are done");
    assert_eq!(app.chats.open_key(), Some(&samples::bob()));
    // A link from elsewhere waits for a click.
    let _ = app.update(Message::Link(crate::screen::link::Message::FollowPressed));
    assert_eq!(app.chats.open_key().map(|key| key.1.as_str()), Some("chloe@chat.example"));
    // What was typed is still there.
    let _ = app.update(Message::Welcome(welcome::Message::NewPressed));
    assert_eq!(wizard(&app).kept_name(), "alice");
}

#[test]
fn the_wizard_promises_nothing_that_it_does_not_do() {
    let (app, _folder) = fresh(None);
    let mut app = with_wizard(app, stages::sent);
    for problem in [Problem::NoNetwork, Problem::ConnectionLost, Problem::ServerShutdown, Problem::ServerBusy]
    {
        app.screen = Screen::Wizard(Box::new(stages::sent(&app.context)));
        let reason = RefusalReason::Problem(problem);
        let refused = RegistrationEvent::Refused(Refusal { reason, words: None });
        let _ = app.update(Message::Wizard(crate::screen::wizard::Message::Registration(refused)));
        let texts = texts(&app);
        assert!(!texts.iter().any(|text| text.contains("Causerie connects") || text.contains("tries again")));
        assert!(texts.iter().any(|text| text.to_lowercase().contains("try again")), "{texts:?}");
    }
}

#[test]
fn a_keyring_is_spoken_of_only_where_there_is_one() {
    use crate::context::Keyring;
    let (app, _folder) = fresh(None);
    let mut app = with_wizard(app, |context| stages::named("alice", context));
    for (keyring, kept, noted) in
        [(Keyring::There, true, false), (Keyring::Absent, false, true), (Keyring::Unknown, false, false)]
    {
        let _ = app.update(Message::KeyringSeen(keyring));
        let texts = Harness::new((1000.0, 1600.0), app.view()).texts();
        let says = |words: &str| texts.iter().any(|(text, _)| text.contains(words));
        assert_eq!((says("kept in your system’s keyring"), says("note it down now")), (kept, noted));
    }
}

#[test]
fn an_account_that_waits_can_be_let_go() {
    let (app, _folder) = fresh(None);
    let mut app = with_wizard(app, stages::uncertain);
    assert!(texts(&app).iter().any(|text| text == "Don’t ask again"));
    let dismissed = crate::screen::wizard::Message::DismissPressed;
    let _ = app.update(Message::Wizard(dismissed.clone()));
    assert!(texts(&app).iter().any(|text| text.contains("about to forget the password")));
    let _ = app.update(Message::Wizard(dismissed));
    assert!(matches!(app.screen, Screen::Welcome) && app.parked.is_none());
}

#[test]
fn a_link_at_the_start_does_not_bury_an_account_that_may_be_there() {
    use crate::app::wizard::Told;
    let link = "xmpp:bob@chat.example?roster;preauth=secret";
    let (mut app, _folder) = fresh(Some(link));
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    let _ = app.update(Message::EverythingRead(Default::default()));
    let kept = stages::sent(&app.context).kept();
    let _ = app.update(Message::Told(Told::Remembered(Some(Box::new(kept)))));
    assert_eq!(
        wizard(&app).waits_for_password().map(ToString::to_string).as_deref(),
        Some("alice@chapril.org")
    );
    assert_eq!(wizard(&app).link(), link);
    // What was only typed is there as well.
    let (mut app, _folder) = fresh(Some(link));
    let _ = app.update(Message::EverythingRead(Default::default()));
    let kept = stages::named("alice", &app.context).kept();
    let _ = app.update(Message::Told(Told::Remembered(Some(Box::new(kept)))));
    assert_eq!((wizard(&app).page(), wizard(&app).kept_name()), (Page::Invited, "alice"));
}

#[test]
fn a_picture_that_falls_onto_the_first_page_is_an_invitation() {
    let (mut app, _folder) = fresh(None);
    let _ = app.update(Message::EverythingRead(Default::default()));
    let dropped = || Message::Window(Window::Dropped("code.png".into()));
    let _ = app.update(dropped());
    assert_eq!(wizard(&app).page(), Page::Invited);
    assert!(texts(&app).contains(&app.context.i18n.get("compare-reading")));
    // An account that is there already is not lost from sight, and gets no picture that was meant for something else.
    let (app, _folder) = fresh(None);
    let mut app = with_wizard(app, stages::signed_in);
    let made = std::mem::replace(&mut app.screen, Screen::Welcome);
    let Screen::Wizard(made) = made else { panic!("no wizard") };
    app.parked = Some(made);
    let _ = app.update(dropped());
    assert_eq!(wizard(&app).page(), Page::Ready);
    assert!(!texts(&app).contains(&app.context.i18n.get("compare-reading")));
}

#[test]
fn a_link_from_elsewhere_to_somebody_known_asks_nobody_before_a_click() {
    use causerie_model::Command;

    use crate::platform::instance::Wish;
    use crate::screen::link::Message as Pressed;
    let key = "ab".repeat(32);
    for link in [
        "xmpp:bob@chat.example".to_owned(),
        "xmpp:bob@chat.example?message;body=hi".to_owned(),
        format!("xmpp:bob@chat.example?omemo-sid-7={key}"),
    ] {
        let (mut app, _folder) = lively();
        app.asked.take();
        let _ = app.update(Message::Wished(Wish::Open(link.clone())));
        assert_eq!((app.asked.take(), app.chats.open_key()), (Vec::new(), None), "{link}");
        assert!(texts(&app).iter().any(|said| said.contains("Bob Martin (bob@chat.example)")), "{link}");
        let _ = app.update(Message::Link(Pressed::Closed));
        assert_eq!((app.asked.take(), app.chats.open_key()), (Vec::new(), None), "{link}");
        let _ = app.update(Message::Wished(Wish::Open(link.clone())));
        let _ = app.update(Message::Link(Pressed::FollowPressed));
        assert_eq!(app.chats.open_key(), Some(&samples::bob()), "{link}");
        let asked: Vec<Command> = app.asked.take().into_iter().map(|(_, command)| command).collect();
        assert!(asked.contains(&Command::LookUpKeys(samples::bob().1)), "{link}: {asked:?}");
    }
}

#[test]
fn a_path_is_asked_for_where_the_desktop_has_no_window_for_files() {
    use crate::platform::chooser::Way;
    use crate::screen::path::Message as Path;
    let (app, _folder) = fresh(None);
    let mut app = with_wizard(app, stages::signed_in);
    let _ = app.update(Message::ChooserSeen(Way::Typed));
    let mut window = Harness::new((1000.0, 1600.0), app.view());
    window.click("Add a picture");
    let pressed = window.messages();
    drop(window);
    for message in pressed {
        let _ = app.update(message);
    }
    assert!(texts(&app).contains(&"Path of the file".to_owned()), "{:?}", texts(&app));
    escape(&mut app);
    assert!(!texts(&app).contains(&"Path of the file".to_owned()));
    assert!(matches!(app.screen, Screen::Wizard(_)), "Escape closes that alone");
    // The sheet has a place proposed.
    let mut window = Harness::new((1000.0, 1600.0), app.view());
    window.click("Save as PDF");
    let pressed = window.messages();
    drop(window);
    for message in pressed {
        let _ = app.update(message);
    }
    assert!(texts(&app).contains(&"Path of the file".to_owned()));
    let _ = app.update(Message::Path(Path::Dropped("/tmp/x.pdf".into())));
    assert!(texts(&app).contains(&"Path of the file".to_owned()), "nothing is written over what falls");
}

#[test]
fn what_was_only_being_tried_when_the_power_went_is_not_said_to_be_ready() {
    use causerie_model::Connection;
    for lost in [true, false] {
        let (mut app, _folder) = fresh(None);
        app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
        // The form was sent, signing in had begun, and the row of that was in the ledger.
        let mut before = stages::sent(&app.context);
        let event = if lost {
            let reason = RefusalReason::OutcomeUnknown;
            RegistrationEvent::Refused(Refusal { reason, words: None })
        } else {
            RegistrationEvent::Created(samples::jid("alice@chapril.org"))
        };
        let _ = before.update(crate::screen::wizard::Message::Registration(event), &app.context);
        let kept = before.kept();
        app.context.accounts =
            vec![samples::account(samples::HOME, "alice@chapril.org", Connection::Offline)];
        app.screen = Screen::Chats;
        let _ = app.update(Message::Told(crate::app::wizard::Told::Remembered(Some(Box::new(kept.clone())))));
        assert_ne!(wizard(&app).page(), Page::Ready);
        let said = if lost { "whether your account was created" } else { "You are not signed in yet" };
        assert!(texts(&app).iter().any(|text| text.contains(said)), "{:?}", texts(&app));
        assert_eq!(app.abandoned(), Some(samples::HOME), "it is no account before that has come to its end");
        // An account for which things have come in is one.
        let (mut app, _folder) = lively();
        let mine = app.context.accounts[0].account.jid.clone();
        let mut kept = serde_json::to_value(&kept).unwrap();
        kept["perhaps"] = mine.as_str().into();
        kept["created"] = serde_json::Value::Null;
        let kept = serde_json::from_value(kept).unwrap();
        let _ = app.update(Message::Told(crate::app::wizard::Told::Remembered(Some(Box::new(kept)))));
        assert_eq!((wizard(&app).page(), app.abandoned()), (Page::Ready, None));
    }
}

#[test]
fn an_account_that_was_signed_in_by_the_other_door_is_in_doubt_no_more() {
    let (app, folder) = fresh(None);
    let mut app = with_wizard(app, stages::uncertain);
    for _ in 0..4 {
        escape(&mut app);
    }
    assert!(matches!(app.screen, Screen::Welcome), "{:?}", app.screen);
    app.screen = Screen::SignIn(sign_in::SignIn::new("alice@chapril.org"));
    let _ = app.do_sign_in(sign_in::Action::Finish);
    assert!(app.parked.as_ref().is_some_and(|wizard| !wizard.is_bound()));
    drop(folder);
}

/// A full disk, for instance: once there is room, to try again is all that it takes.
#[test]
fn who_tries_again_has_the_key_looked_for_again_if_something_was_in_its_way() {
    use causerie_model::{Command, Problem, Vault, VaultKey};

    use crate::screen::chats;
    use crate::screen::samples::HOME;
    let (mut app, _folder) = lively();
    let tries = |app: &mut App, vault: Vault| {
        let _ = app.update(Message::VaultOpened(vault));
        app.asked.take();
        let task = app.update(Message::Chats(chats::Message::TryPressed(HOME)));
        assert_eq!(app.asked.take(), [(HOME, Command::Connect)]);
        task.units()
    };
    tries(&mut app, Vault::Locked);
    let usual = tries(&mut app, Vault::Locked);
    assert_eq!(tries(&mut app, Vault::Open(VaultKey([1; 32]))), usual);
    assert_eq!(tries(&mut app, Vault::Failed(Problem::DiskFull)), usual + 1);
}

#[test]
fn the_address_of_an_account_is_there_when_one_comes_back_to_its_door() {
    let (mut app, _folder) = fresh(None);
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    app.screen = Screen::Welcome;
    let enter = |app: &mut App| app.update(Message::Welcome(welcome::Message::SignInPressed));
    let _ = enter(&mut app);
    for typed in [
        sign_in::Message::AddressChanged("alice@chat.example".to_owned()),
        sign_in::Message::PasswordChanged("correct horse".to_owned()),
        sign_in::Message::OptionsToggled,
        sign_in::Message::ServerChanged("xmpp.chat.example:5223".to_owned()),
    ] {
        let _ = app.update(Message::SignIn(typed));
    }
    escape(&mut app);
    assert!(matches!(app.screen, Screen::Welcome), "{:?}", app.screen);
    let _ = enter(&mut app);
    let Screen::SignIn(form) = &app.screen else { panic!("{:?}", app.screen) };
    assert_eq!(form.typed(), ("alice@chat.example", "", "xmpp.chat.example:5223"), "but for the password");
    assert_eq!(form.first_field(), sign_in::PASSWORD);
}
