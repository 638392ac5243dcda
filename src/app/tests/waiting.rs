//! Links that wait are there after the program has ended, whatever was gone on with instead, and take nothing away that is typed.

use causerie_model::Connection;

use super::behaviour::{fresh, lively};
use super::links::{click, escape, remembered, says, started, texts, wizard};
use super::*;
use crate::app::accounts::{Attempt, Newness};
use crate::app::wizard::Told;
use crate::app::{App, Message, Screen};
use crate::platform::instance::Wish;
use crate::platform::links::kept;
use crate::screen::samples::HOME;
use crate::screen::settings::{self, Page, UpkeepMessage};
use crate::screen::sign_in;
use crate::screen::wizard::{Page as Step, Turn, load, save, stages};

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

#[test]
fn a_link_at_the_start_leaves_on_the_disk_what_was_begun_until_it_is_known() {
    let context = samples::empty(800.0, 600.0);
    let doubted = stages::uncertain(&context).kept();
    let (mut app, folder) = fresh(Some(LINK));
    app.store = None;
    save(&app.startup.folders.data, &doubted, &Turn::default());
    let _ = app.update(super::links::ledger(&[]));
    assert_eq!(wizard(&app).link(), LINK);
    app.remember_now();
    assert!(load(&app.startup.folders.data).is_some_and(|kept| kept.is_bound()), "it was not read yet");
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
