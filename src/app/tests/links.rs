//! Links, and a wizard that was not finished: neither buries the other.

use causerie_model::{Account, Connection};

use super::behaviour::fresh;
use super::*;
use crate::app::reading::Everything;
use crate::app::wizard::Told;
use crate::app::{App, Message, Screen};
use crate::platform::instance::Wish;
use crate::screen::samples::HOME;
use crate::screen::wizard::{Kept, Wizard, stages};

const LINK: &str = "xmpp:bob@far.example?roster;preauth=s3cr3t";

fn wizard(app: &App) -> &Wizard {
    match &app.screen {
        Screen::Wizard(wizard) => wizard,
        other => panic!("{other:?}"),
    }
}

fn texts(app: &App) -> Vec<String> {
    let found = Harness::new((1000.0, 1600.0), app.view()).audit();
    found.iter().map(|found| found.label().to_owned()).collect()
}

fn says(app: &App, words: &str) -> bool {
    texts(app).iter().any(|text| text.contains(words))
}

fn remembered(app: &mut App, kept: Option<&Kept>) {
    // As it is written.
    let written = kept.map(|kept| serde_json::from_str(&serde_json::to_string(kept).unwrap()).unwrap());
    let _ = app.update(Message::Told(Told::Remembered(written.map(Box::new))));
}

/// What is in the ledger at the start.
fn ledger(accounts: &[&str]) -> Message {
    let account = |jid: &&str| -> Account { samples::account(HOME, jid, Connection::Offline).account };
    Message::EverythingRead(Everything::of_accounts(accounts.iter().map(account).collect()))
}

/// The program at its start, with these in the ledger.
fn started(link: Option<&str>, accounts: &[&str]) -> (App, tempfile::TempDir) {
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
