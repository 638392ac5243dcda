//! Links that wait are there after the program has ended, whatever was gone on with instead, and take nothing away that is typed.

use causerie_model::Connection;

use super::behaviour::{fresh, lively};
use super::links::{click, escape, remembered, says, started, texts, wizard};
use super::passwords::run;
use super::*;
use crate::app::accounts::{Attempt, Newness};
use crate::app::wizard::Told;
use crate::app::{App, Message, Screen};
use crate::platform::instance::Wish;
use crate::platform::links::kept;
use crate::screen::samples::HOME;
use crate::screen::settings::{self, Page, UpkeepMessage};
use crate::screen::wizard::{Page as Step, Turn, load, save, stages};
use crate::screen::{sign_in, welcome};

const LINK: &str = "xmpp:bob@far.example?roster;preauth=s3cr3t";

/// The program at its start, with a link and nothing that was kept.
fn begun(link: &str) -> (App, tempfile::TempDir) {
    let (mut app, folder) = started(Some(link), &[]);
    let _ = app.update(Message::Told(Told::LinksRead(Default::default())));
    remembered(&mut app, None);
    (app, folder)
}

/// What is on the disk when the program ends now, and another start of it.
fn again(app: &mut App, link: Option<&str>, accounts: &[&str]) -> (App, tempfile::TempDir) {
    app.remember_now();
    let folder = &app.startup.folders.data;
    let (links, wizard) = (kept::load(folder), load(folder));
    let (mut next, folder) = started(link, accounts);
    let _ = next.update(Message::Told(Told::LinksRead(links)));
    remembered(&mut next, wizard.as_ref());
    (next, folder)
}

/// An account is signed in that is new in here.
fn signed_in(app: &mut App, address: &str) {
    app.screen = Screen::SignIn(sign_in::SignIn::new(address));
    app.attempt = Some(Attempt { account: HOME, newness: Newness::New });
    app.context.accounts = vec![samples::account(HOME, address, Connection::Online)];
    let _ = app.do_sign_in(sign_in::Action::Finish);
    app.settling = false;
    let _ = app.update(Message::Done);
}

#[test]
fn an_invitation_outlives_the_program_that_ends_while_one_signs_in() {
    let (mut app, _folder) = begun(LINK);
    assert_eq!(wizard(&app).page(), Step::Invited);
    click(&mut app, "I have an account already");
    assert!(matches!(app.screen, Screen::SignIn(_)), "{:?}", app.screen);
    assert!(says(&app, "The link that you opened waits until you are signed in."));
    let (next, _folder) = again(&mut app, None, &[]);
    assert_eq!((wizard(&next).page(), wizard(&next).link()), (Step::Invited, LINK));
    assert!(says(&next, "bob@far.example would like to talk with you"));
    // There is an account by then.
    let (mut next, _folder) = again(&mut app, None, &["carol@home.example"]);
    assert_eq!(next.chats.adding(), Some("bob@far.example"));
    // As long as nobody has answered, it is asked again; what was answered is not followed once more.
    let (mut next, _folder) = again(&mut next, None, &["carol@home.example"]);
    assert_eq!(next.chats.adding(), Some("bob@far.example"));
    escape(&mut next);
    let (next, _folder) = again(&mut next, None, &["carol@home.example"]);
    assert_eq!(next.chats.adding(), None);
}

#[test]
fn links_that_come_while_one_signs_in_outlive_the_program_in_their_order() {
    let (mut app, _folder) = begun("xmpp:alice@far.example?roster");
    app.screen = Screen::SignIn(sign_in::SignIn::new("alice@chat.example"));
    for link in ["xmpp:dora@far.example?roster", LINK] {
        let _ = app.update(Message::Wished(Wish::Open(link.to_owned())));
    }
    assert!(says(&app, "2 links that you opened wait until you are signed in."));
    let (mut next, _folder) = again(&mut app, Some("xmpp:omar@far.example?roster"), &[]);
    assert_eq!(wizard(&next).link(), "xmpp:omar@far.example?roster", "the newest one is shown");
    assert!(
        says(&next, "invitation is kept: bob@far.example")
            && says(&next, "invitation is kept: dora@far.example")
    );
    // Those that wait behind a form that another one has filled in.
    let (mut next, _folder) = {
        let _ = next.update(Message::Done);
        again(&mut app, None, &["carol@home.example"])
    };
    assert_eq!((next.chats.adding(), next.links.len()), (Some("dora@far.example"), 1));
    assert!(says(&next, "One more link that you opened waits until you are done with this one."));
    let (mut next, _folder) = again(&mut next, None, &["carol@home.example"]);
    assert_eq!((next.chats.adding(), next.links.len()), (Some("dora@far.example"), 1), "nobody has answered");
    escape(&mut next);
    let (mut last, _folder) = again(&mut next, None, &["carol@home.example"]);
    assert_eq!(last.chats.adding(), Some("bob@far.example"));
    escape(&mut last);
    assert!(last.links.is_empty() && !says(&last, "waits until you are done"));
}

#[test]
fn an_invitation_is_there_after_signing_in_by_the_other_door() {
    let (mut app, _folder) = begun("xmpp:dora@far.example?roster");
    let _ = app.update(Message::Wished(Wish::Open(LINK.to_owned())));
    escape(&mut app);
    assert!(matches!(app.screen, Screen::Welcome));
    signed_in(&mut app, "me@home.example");
    assert!(app.parked.is_none());
    assert_eq!((app.chats.adding(), app.links.len()), (Some("dora@far.example"), 1));
    escape(&mut app);
    assert_eq!(app.chats.adding(), Some("bob@far.example"));
}

#[test]
fn an_invitation_to_an_account_is_there_after_signing_in_by_the_other_door() {
    let account = "xmpp:chat.example?register;preauth=s3cr3t";
    let (mut app, _folder) = begun(account);
    escape(&mut app);
    signed_in(&mut app, "me@home.example");
    assert!(matches!(app.screen, Screen::Chats) && app.links.is_empty());
    assert_eq!(app.parked.as_ref().map(|wizard| wizard.link()), Some(account));
}

#[test]
fn who_was_followed_after_signing_in_is_not_kept_beside_a_page() {
    let (mut app, _folder) = begun(LINK);
    let page = "https://invite.example/register?t=aB3_dE5-fG7h";
    let _ = app.show_invitation(page);
    escape(&mut app);
    signed_in(&mut app, "me@home.example");
    assert_eq!(app.chats.adding(), Some("bob@far.example"));
    assert_eq!(app.parked.as_ref().map(|wizard| wizard.links()), Some(vec![page.to_owned()]));
    escape(&mut app);
    signed_in(&mut app, "other@home.example");
    assert_eq!((app.chats.adding(), app.links.len()), (None, 0), "not once more");
}

/// The same click, and what it asks for is done to its end.
fn click_and_wait(app: &mut App, label: &str) {
    let mut window = Harness::new((1000.0, 1600.0), app.view());
    window.click(label);
    let pressed = window.messages();
    drop(window);
    pressed.into_iter().for_each(|message| run(app.update(message)));
}

#[test]
fn what_may_invite_elsewhere_is_there_when_the_wizard_has_made_an_account_without_it() {
    use crate::screen::wizard::Message as Happens;
    let page = "https://invite.example/register?t=aB3_dE5-fG7h";
    let (elsewhere, used) =
        ("xmpp:other.example?register;preauth=s3cr3t", "xmpp:home.example?register;preauth=t0k3n");
    for last in ["Later", "Write a note to myself"] {
        let (mut app, _folder) = begun("");
        for link in [elsewhere, used, page] {
            let _ = app.show_invitation(link);
        }
        escape(&mut app);
        let _ = app.update(Message::Welcome(welcome::Message::NewPressed));
        app.context.accounts = vec![samples::account(HOME, "me@home.example", Connection::Online)];
        let Screen::Wizard(wizard) = &mut app.screen else { panic!("{:?}", app.screen) };
        let outcome = wizard.signed_in(HOME, samples::jid("me@home.example"), &app.context);
        run(app.do_wizard(outcome));
        run(app.update(Message::Wizard(Happens::SkipPressed)));
        click_and_wait(&mut app, last);
        assert!(matches!(app.screen, Screen::Chats), "{:?}", app.screen);
        let (next, _folder) = again(&mut app, None, &["me@home.example"]);
        for app in [app, next] {
            assert!(matches!(app.screen, Screen::Chats), "nobody is interrupted by it: {:?}", app.screen);
            let links = app.parked.as_ref().map(|wizard| wizard.links());
            assert_eq!(links, Some(vec![elsewhere.to_owned(), page.to_owned()]));
        }
    }
}

#[test]
fn what_was_opened_before_is_there_when_the_program_ends_while_one_signs_in_instead() {
    let account = "xmpp:chat.example?register;preauth=t0k3n";
    let page = "https://invite.example/register?t=aB3_dE5-fG7h";
    for link in [account, page] {
        let (mut app, _folder) = begun("");
        let _ = app.show_invitation(link);
        run(app.update(Message::Wished(Wish::Open(LINK.to_owned()))));
        click_and_wait(&mut app, "I have an account already");
        assert!(matches!(app.screen, Screen::SignIn(_)), "{:?}", app.screen);
        let (next, _folder) = again(&mut app, None, &[]);
        assert_eq!((wizard(&next).page(), wizard(&next).link()), (Step::Invited, LINK));
        assert_eq!(wizard(&next).links(), [link, LINK]);
        // In the same run it is there as before.
        signed_in(&mut app, "me@home.example");
        let mut links = app.parked.as_ref().map(|wizard| wizard.links()).unwrap_or_default();
        links.retain(|link| !link.is_empty());
        assert_eq!(links, [link]);
    }
}

#[test]
fn a_link_at_the_start_leaves_on_the_disk_what_was_begun_until_it_is_known() {
    let context = samples::empty(800.0, 600.0);
    let doubted = stages::uncertain(&context).kept();
    let (mut app, folder) = fresh(Some(LINK));
    app.store = None;
    save(&app.startup.folders.data, &doubted, &Turn::default());
    let begun = app.update(super::links::ledger(&[]));
    assert_eq!(wizard(&app).link(), LINK);
    app.remember_now();
    let is_there = |app: &App| load(&app.startup.folders.data).is_some_and(|kept| kept.is_bound());
    assert!(is_there(&app), "it was not read yet");
    run(begun);
    assert!(is_there(&app), "what is done at the start has not taken its place either");
    let _ = app.update(Message::Told(Told::LinksRead(Default::default())));
    remembered(&mut app, Some(&doubted));
    app.remember_now();
    let kept = load(&app.startup.folders.data).unwrap();
    assert!(kept.is_bound());
    assert!(serde_json::to_string(&kept).unwrap().contains(LINK), "both are kept from then on");
    drop(folder);
}

#[test]
fn who_turns_to_something_else_after_the_first_steps_is_not_interrupted_by_a_link() {
    use crate::screen::wizard::Message as Happens;
    let (mut app, _folder) = lively();
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    let _ = app.update(Message::Told(Told::LinksRead(Default::default())));
    app.screen = Screen::Wizard(Box::new(stages::signed_in(&app.context)));
    for whom in ["dora", "bob"] {
        let _ = app.update(Message::Wished(Wish::Open(format!("xmpp:{whom}@far.example?roster"))));
    }
    let _ = app.update(Message::Wizard(Happens::SkipPressed));
    click(&mut app, "Write a note to myself");
    assert!(matches!(app.screen, Screen::Chats), "{:?}", app.screen);
    app.settling = false;
    let _ = app.update(Message::Done);
    assert_eq!((app.chats.adding(), app.links.len()), (None, 2), "the note is being typed");
    assert!(says(&app, "2 links that you opened wait."));
    crate::screen::walk::walk("links that wait", (1000.0, 700.0), app.view());
    crate::screen::walk::walk("links that wait", (480.0, 420.0), app.view());
    // A restart before that has them still.
    app.remember_now();
    assert_eq!(kept::load(&app.startup.folders.data).len(), 2);
    click(&mut app, "Show");
    assert_eq!(app.links.len(), 1);
    let first = app.chats.adding().map(ToOwned::to_owned);
    assert!(first.is_some() && says(&app, "One more link that you opened waits"));
    escape(&mut app);
    assert!(app.links.is_empty() && app.chats.adding().map(ToOwned::to_owned) != first);
}

#[test]
fn a_page_that_may_invite_is_not_opened_unasked_and_stays() {
    let page = "https://invite.example/register?t=aB3_dE5-fG7h";
    let (mut app, _folder) = begun("");
    let _ = app.show_invitation(page);
    escape(&mut app);
    signed_in(&mut app, "me@home.example");
    assert!(matches!(app.screen, Screen::Chats) && app.links.is_empty());
    assert_eq!(app.parked.as_ref().map(|wizard| wizard.link()), Some(page));
    // What the page of another kind holds is followed in here.
    let (mut app, _folder) = begun("");
    let _ = app.show_invitation("Come: <https://xmpp.link/#bob@far.example?roster;preauth=s3cr3t>");
    click(&mut app, "I have an account already");
    signed_in(&mut app, "me@home.example");
    assert_eq!(app.chats.adding(), Some("bob@far.example"));
}

#[test]
fn a_link_waits_while_something_is_typed_in_the_settings() {
    let typed = |app: &mut App, messages: Vec<settings::Message>| {
        app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
        let _ = app.show_settings(Page::Accounts);
        for message in messages {
            let _ = app.update(Message::Settings(message));
        }
    };
    let upkeep = |message| settings::Message::Upkeep(message);
    let password = || {
        let own = UpkeepMessage::PasswordTyped("half typed".to_owned());
        vec![upkeep(UpkeepMessage::Pressed(HOME)), upkeep(UpkeepMessage::PasswordPressed), upkeep(own)]
    };
    let server = || {
        let host = settings::Message::ServerChanged("far.example:5223".to_owned());
        vec![settings::Message::ServerPressed(HOME), host]
    };
    for messages in [password(), server()] {
        let (mut app, _folder) = lively();
        typed(&mut app, messages);
        let before = texts(&app);
        let _ = app.update(Message::Wished(Wish::Open("xmpp:nina@far.example?roster".to_owned())));
        let mut after = texts(&app);
        let said = "The link that you opened waits until you leave the settings.";
        assert_eq!(after.pop().as_deref(), Some(said));
        assert_eq!(after, before, "what was typed is there");
        while matches!(app.screen, Screen::Settings(_)) {
            assert_eq!(app.links.len(), 1);
            escape(&mut app);
        }
        assert_eq!((app.chats.adding(), app.links.len()), (Some("nina@far.example"), 0));
    }
    // Where nothing is begun it is followed at once.
    let (mut app, _folder) = lively();
    typed(&mut app, vec![upkeep(UpkeepMessage::Pressed(HOME))]);
    let _ = app.update(Message::Wished(Wish::Open("xmpp:nina@far.example?roster".to_owned())));
    assert_eq!(app.chats.adding(), Some("nina@far.example"));
}

/// The program with an account, started anew: nothing waits, and nothing was begun.
fn begun_beside_an_account() -> (App, tempfile::TempDir) {
    let (mut app, folder) = started(None, &["carol@home.example"]);
    let _ = app.update(Message::Told(Told::LinksRead(Default::default())));
    remembered(&mut app, None);
    (app, folder)
}

#[test]
fn a_form_that_a_link_has_opened_is_there_after_a_restart_with_what_was_typed() {
    use crate::screen::chats::Message as Happens;
    use crate::screen::chats::add_contact::Message as Form;
    let restarted = |app: &mut App| again(app, None, &["carol@home.example"]);
    let form = |app: &mut App, message| {
        let _ = app.update(Message::Chats(Happens::Add(message)));
    };
    let (mut app, _folder) = begun_beside_an_account();
    let _ = app.update(Message::Wished(Wish::Open(format!("{LINK};group=Club"))));
    assert_eq!(app.chats.adding(), Some("bob@far.example"));
    form(&mut app, Form::NameChanged("My Bob".to_owned()));
    let (mut app, _folder) = restarted(&mut app);
    assert_eq!(app.chats.adding(), Some("bob@far.example"));
    // The address is being changed, and what the link gave is lost by that no more than the name.
    form(&mut app, Form::AddressChanged("nina@f".to_owned()));
    let (mut app, _folder) = restarted(&mut app);
    assert_eq!(app.chats.adding(), Some("nina@f"));
    form(&mut app, Form::AddressChanged("bob@far.example".to_owned()));
    app.asked.take();
    form(&mut app, Form::Submitted);
    let asked = app.asked.take();
    let wanted = |command: &causerie_model::Command| {
        matches!(command, causerie_model::Command::AddContact { name: Some(name), groups, preauth: Some(token), .. }
            if name == "My Bob" && groups == &["Club"] && token.as_str() == "s3cr3t")
    };
    let wished = app.context.wished.clone();
    assert!(asked.iter().any(|(_, command)| wanted(command)), "{asked:?} {wished:?}");
    // Whoever was added is not asked about again.
    let (app, _folder) = restarted(&mut app);
    assert_eq!(app.chats.adding(), None);
}

#[test]
fn what_a_link_wants_written_is_there_after_a_restart_until_it_is_answered() {
    let (mut app, _folder) = begun_beside_an_account();
    let _ = app.open_link("xmpp:dora@far.example?message;body=Hello%20Dora");
    let (mut app, _folder) = again(&mut app, None, &["carol@home.example"]);
    assert_eq!(app.chats.adding(), Some("dora@far.example"));
    click(&mut app, "Write without adding");
    assert_eq!(app.chats.adding(), None);
    let (app, _folder) = again(&mut app, None, &["carol@home.example"]);
    assert_eq!(app.chats.adding(), None);
}

#[test]
fn a_form_in_whose_place_another_one_was_wanted_waits() {
    let (mut app, _folder) = begun_beside_an_account();
    // As by a press on each of them in a message.
    for whom in ["dora", "bob"] {
        let _ = app.open_link(&format!("xmpp:{whom}@far.example?roster"));
    }
    let (app, _folder) = again(&mut app, None, &["carol@home.example"]);
    assert_eq!((app.chats.adding(), app.links.len()), (Some("bob@far.example"), 1));
}

#[test]
fn more_of_who_is_in_the_form_goes_into_it_after_a_restart_too() {
    let (mut app, _folder) = begun_beside_an_account();
    for link in ["xmpp:bob@far.example?roster;name=Bob", LINK] {
        let _ = app.update(Message::Wished(Wish::Open(link.to_owned())));
    }
    let (mut app, _folder) = again(&mut app, None, &["carol@home.example"]);
    assert_eq!((app.chats.adding(), app.links.len()), (Some("bob@far.example"), 0));
    escape(&mut app);
    assert_eq!(app.chats.adding(), None);
}

#[test]
fn a_link_for_which_there_is_no_place_is_said_to_be_dropped() {
    let (mut app, _folder) = begun("");
    app.screen = Screen::SignIn(sign_in::SignIn::new("alice@chat.example"));
    let open = |app: &mut App, number: usize| {
        let link = format!("xmpp:bob{number}@far.example?roster");
        app.update(Message::Wished(Wish::Open(link)))
    };
    for number in 0..8 {
        let _ = open(&mut app, number);
    }
    assert!(says(&app, "8 links that you opened wait") && !says(&app, "not kept"));
    let _ = open(&mut app, 3);
    assert!(!says(&app, "not kept"), "that one waits already");
    let _ = open(&mut app, 8);
    assert!(says(&app, "8 links that you opened wait until you are signed in."));
    assert!(says(&app, "A link that you opened was not kept, as too many wait or it is too long."));
    let _ = open(&mut app, 9);
    assert!(says(&app, "2 links that you opened were not kept"));
    crate::screen::walk::walk("too many links", (480.0, 420.0), app.view());
    signed_in(&mut app, "me@home.example");
    assert_eq!(app.links.len(), 7);
    for _ in 0..8 {
        assert!(app.chats.adding().is_some());
        escape(&mut app);
    }
    // It is said until somebody says that they have read it.
    assert!(app.links.is_empty() && says(&app, "2 links that you opened were not kept"));
    crate::screen::walk::walk("too many links", (480.0, 420.0), app.view());
    click(&mut app, "All right");
    assert!(!says(&app, "not kept"));
}

#[test]
fn one_that_is_too_long_is_said_to_be_dropped_where_none_waits() {
    let (mut app, _folder) = begun("");
    app.screen = Screen::SignIn(sign_in::SignIn::new("alice@chat.example"));
    let long = format!("xmpp:bob@far.example?message;body={}", "x".repeat(9_000));
    let _ = app.update(Message::Wished(Wish::Open(long)));
    assert!(app.links.is_empty() && says(&app, "A link that you opened was not kept"), "{:?}", texts(&app));
    signed_in(&mut app, "me@home.example");
    assert!(says(&app, "A link that you opened was not kept"), "nobody has said that they have read it");
}

#[test]
fn the_wizard_says_which_links_it_drops() {
    let (mut app, _folder) = lively();
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    app.screen = Screen::Wizard(Box::new(stages::signed_in(&app.context)));
    for number in 0..10 {
        let link = format!("xmpp:club{number}@rooms.example?join");
        let _ = app.update(Message::Wished(Wish::Open(link)));
    }
    assert!(says(&app, "8 links that you opened wait until these first steps are done."));
    assert!(says(&app, "2 links that you opened were not kept"));
}

#[test]
fn an_invitation_that_too_many_others_push_out_is_said() {
    let (mut app, _folder) = begun("xmpp:bob0@far.example?roster");
    for number in 1..6 {
        assert!(!says(&app, "not kept"), "{number}");
        let link = format!("xmpp:bob{number}@far.example?roster");
        let _ = app.update(Message::Wished(Wish::Open(link)));
    }
    assert!(says(&app, "A link that you opened was not kept"), "{:?}", texts(&app));
}

#[test]
fn what_is_followed_leaves_all_that_wait_their_place_on_the_disk() {
    let (mut app, _folder) = begun_beside_an_account();
    for number in 0..9 {
        let link = format!("xmpp:bob{number}@far.example?roster");
        let _ = app.update(Message::Wished(Wish::Open(link)));
    }
    assert_eq!((app.chats.adding(), app.links.len()), (Some("bob0@far.example"), 8));
    let (mut app, _folder) = again(&mut app, None, &["carol@home.example"]);
    assert_eq!((app.chats.adding(), app.links.len()), (Some("bob0@far.example"), 8));
    assert!(!says(&app, "not kept"));
    for number in 1..9 {
        escape(&mut app);
        assert_eq!(app.chats.adding(), Some(format!("bob{number}@far.example").as_str()));
    }
}

/// A way of turning to something else, with what it is called.
type Way = (&'static str, fn(&mut App) -> iced::Task<Message>);

/// Two invitations wait behind one another: of the first one is asked, with a name typed for her.
fn invited_by_two() -> (App, tempfile::TempDir) {
    use crate::screen::chats::add_contact::Message as Form;
    let (mut app, folder) = lively();
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    let _ = app.update(Message::Told(Told::LinksRead(Default::default())));
    for whom in ["dora", "nina"] {
        let link = format!("xmpp:{whom}@far.example?roster;preauth=s3cr3t");
        let _ = app.update(Message::Wished(Wish::Open(link)));
    }
    assert_eq!((app.chats.adding(), app.links.len()), (Some("dora@far.example"), 1));
    let _ = app.update(Message::Chats(chats::Message::Add(Form::NameChanged("My Dora".to_owned()))));
    (app, folder)
}

/// The name in the form for a new contact.
fn name_in_form(app: &App) -> Option<String> {
    app.chats.typed(&app.context).and_then(|typed| typed.name)
}

#[test]
fn who_turns_to_something_else_loses_no_invitation_and_is_not_interrupted_by_the_next() {
    use crate::screen::chats::add_contact::Message as Form;
    let shown = |app: &mut App| app.update(Message::NotificationClicked(samples::bob()));
    let ways: [Way; 4] = [
        ("a conversation", shown),
        ("another form", |app| app.update(Message::Chats(chats::Message::AddPressed))),
        ("inviting", |app| app.update(Message::Chats(chats::Message::Add(Form::InvitePressed)))),
        ("the page about somebody", |app| app.update(Message::Chats(chats::Message::DetailsPressed))),
    ];
    for (what, turn) in ways {
        let (mut app, _folder) = invited_by_two();
        if what == "the page about somebody" {
            // It is there beside a conversation.
            let _ = shown(&mut app);
            click(&mut app, "Show");
        }
        let _ = turn(&mut app);
        assert_ne!(app.chats.adding(), Some("dora@far.example"), "{what}");
        assert_eq!(app.links.len(), 2, "{what}");
        if what == "a conversation" {
            assert_eq!(app.chats.open_key(), Some(&samples::bob()));
            assert_eq!(app.chats.main_field(), crate::screen::chats::composer::COMPOSER);
        } else {
            escape(&mut app);
        }
        assert_eq!(app.chats.adding(), None, "{what}");
        assert!(says(&app, "2 links that you opened wait."), "{what}: {:?}", texts(&app));
        let (next, _folder) = again(&mut app, None, &["carol@home.example"]);
        assert_eq!((next.chats.adding(), next.links.len()), (Some("dora@far.example"), 1), "{what}");
        assert_eq!(name_in_form(&next).as_deref(), Some("My Dora"), "{what}");
        // They are asked for.
        click(&mut app, "Show");
        assert_eq!(app.chats.adding(), Some("dora@far.example"), "{what}");
        assert_eq!(name_in_form(&app).as_deref(), Some("My Dora"), "{what}");
        escape(&mut app);
        assert_eq!((app.chats.adding(), app.links.len()), (Some("nina@far.example"), 0), "{what}");
        escape(&mut app);
        let (next, _folder) = again(&mut app, None, &["carol@home.example"]);
        assert_eq!((next.chats.adding(), next.links.len()), (None, 0), "{what}: all are answered");
    }
}

#[test]
fn an_invitation_that_somebody_turned_away_from_and_opens_again_has_what_was_typed_and_is_answered_once() {
    use crate::screen::chats::add_contact::Message as Form;
    let (mut app, _folder) = invited_by_two();
    let _ = app.update(Message::NotificationClicked(samples::bob()));
    assert_eq!((app.chats.adding(), app.links.len()), (None, 2));
    let again_opened = Wish::Open("xmpp:dora@far.example?roster;preauth=s3cr3t".to_owned());
    let _ = app.update(Message::Wished(again_opened));
    assert_eq!((app.chats.adding(), app.links.len()), (Some("dora@far.example"), 1));
    assert_eq!(name_in_form(&app).as_deref(), Some("My Dora"));
    let _ = app.update(Message::Chats(chats::Message::Add(Form::Cancelled)));
    let (next, _folder) = again(&mut app, None, &["carol@home.example"]);
    assert_eq!((next.chats.adding(), next.links.len()), (Some("nina@far.example"), 0));
}

#[test]
fn a_form_whose_address_was_emptied_goes_to_no_other_link() {
    use crate::screen::chats::add_contact::Message as Form;
    let (mut app, _folder) = invited_by_two();
    let _ = app.update(Message::Chats(chats::Message::Add(Form::AddressChanged(String::new()))));
    let _ = app.open_link("xmpp:omar@far.example?roster;preauth=s3cr3t");
    let _ = app.update(Message::Done);
    assert_eq!((app.chats.adding(), app.links.len()), (Some("omar@far.example"), 2));
    escape(&mut app);
    let (next, _folder) = again(&mut app, None, &["carol@home.example"]);
    assert_eq!(next.links.len(), 1, "one of the two is asked about");
}

#[test]
fn a_link_that_is_pressed_in_a_conversation_takes_no_other_ones_form_away() {
    let (mut app, _folder) = invited_by_two();
    let _ = app.open_link("xmpp:omar@far.example?roster;preauth=s3cr3t");
    let _ = app.update(Message::Done);
    assert_eq!((app.chats.adding(), app.links.len()), (Some("omar@far.example"), 2));
    escape(&mut app);
    assert!(says(&app, "2 links that you opened wait."), "{:?}", texts(&app));
    click(&mut app, "Show");
    assert_eq!(app.chats.adding(), Some("dora@far.example"));
    assert_eq!(name_in_form(&app).as_deref(), Some("My Dora"));
}

#[test]
fn a_form_behind_another_page_is_not_replaced_by_a_link() {
    let ways: [Way; 4] = [
        ("until you leave the settings", |app| app.show_settings(Page::Accounts)),
        ("until you are back in the main window", App::show_welcome),
        ("until you are back in the main window", |app| {
            let shown = app.show_welcome();
            iced::Task::batch([shown, app.update(Message::Welcome(welcome::Message::NewPressed))])
        }),
        ("until you are signed in", |app| {
            app.screen = Screen::SignIn(sign_in::SignIn::new(""));
            iced::Task::none()
        }),
    ];
    for (said, away) in ways {
        let (mut app, _folder) = invited_by_two();
        let _ = away(&mut app);
        let _ = app.update(Message::Wished(Wish::Open(LINK.to_owned())));
        assert!(!matches!(app.screen, Screen::Chats), "{said}");
        assert_eq!(app.links.len(), 2, "{said}");
        assert!(says(&app, said), "{said}: {:?}", texts(&app));
        let _ = app.show_chats();
        let _ = app.update(Message::Done);
        assert_eq!((app.chats.adding(), app.links.len()), (Some("dora@far.example"), 2), "{said}");
        assert_eq!(name_in_form(&app).as_deref(), Some("My Dora"), "{said}");
        for whom in ["nina@far.example", "bob@far.example"] {
            escape(&mut app);
            assert_eq!(app.chats.adding(), Some(whom), "{said}");
        }
    }
}
