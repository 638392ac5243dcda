//! Of two passwords none is lost before it is known which one holds.

use causerie_model::{Event, Notice, Password};

use super::behaviour::lively;
use super::links::texts;
use super::*;
use crate::app::accounts::Message as OfAccount;
use crate::app::{App, Message, Screen};
use crate::platform::credentials::Fault;
use crate::screen::settings::Deed;
use samples::HOME;

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

fn told(app: &mut App, event: Event) {
    let _ = app.update(Message::Session(HOME, vec![event]));
}

#[test]
fn a_new_password_is_in_the_keyring_before_anybody_is_asked_and_said_to_be_kept_after() {
    let (mut app, _folder) = lively();
    let task = app.keep_up(Deed::ChangePassword(HOME, password("new")));
    assert!(task.units() > 0, "the keyring first");
    // One at a time: a second one would take the place of the first.
    let _ = app.keep_up(Deed::ChangePassword(HOME, password("newer")));
    assert_eq!(app.changing.get(&HOME), Some(&password("new")));
    told(&mut app, Event::PasswordChanged);
    assert!(app.changing.is_empty());
    let kept = OfAccount::ChangeKept(HOME, password("new"), Err(Fault::Failed));
    let _ = app.update(Message::Accounts(kept));
    assert_eq!(app.context.accounts[0].unkept, Some((password("new"), Fault::Failed)));
    let kept = OfAccount::ChangeKept(HOME, password("new"), Ok(()));
    let _ = app.update(Message::Accounts(kept));
    assert_eq!(app.context.accounts[0].unkept, None);
}

#[test]
fn what_signs_in_is_written_one_after_the_other_and_the_last_counts() {
    use causerie_model::{FastMechanism, FastToken};
    let (mut app, _folder) = lively();
    let token = |text: &str| FastToken::new(FastMechanism::HtSha256None, None, password(text));
    assert!(app.fast_token_changed(HOME, token("one")).units() > 0);
    assert_eq!(app.fast_token_changed(HOME, None).units(), 0, "the keyring is busy");
    assert_eq!(app.fast_token_changed(HOME, token("two")).units(), 0);
    let jid = app.context.accounts[0].account.jid.clone();
    assert!(app.token_kept(HOME, jid.clone(), &Ok(())).units() > 0, "the last one");
    assert_eq!(app.token_kept(HOME, jid.clone(), &Err(Fault::Failed)).units(), 0);
    // Signed out while one was written: it does not stay behind.
    let _ = app.fast_token_changed(HOME, token("three"));
    let _ = app.sign_out(HOME, crate::screen::settings::History::Keep);
    assert!(app.token_kept(HOME, jid, &Ok(())).units() > 0);
}

#[test]
fn a_no_forgets_the_new_password_and_silence_does_not() {
    let (mut app, _folder) = lively();
    let _ = app.keep_up(Deed::ChangePassword(HOME, password("new")));
    told(&mut app, Event::Notice(Notice::PasswordUncertain));
    assert!(app.changing.contains_key(&HOME));
    told(&mut app, Event::Notice(Notice::PasswordNotChanged(Problem::PasswordRefused)));
    assert!(app.changing.is_empty() && app.context.accounts[0].unkept.is_none());
}

#[test]
fn the_next_start_tries_the_new_one_and_then_the_old_one() {
    let (mut app, _folder) = lively();
    let read = || OfAccount::PasswordRead(HOME, Ok(Some(password("old"))), Some(password("new")), None);
    let _ = app.update(Message::Accounts(read()));
    assert!(app.doubts.contains_key(&HOME));
    told(&mut app, Event::ConnectionChanged(Connection::Connecting));
    assert!(app.doubts.contains_key(&HOME));
    let lets_in = app.settle_doubt(HOME, &Connection::Online);
    assert!(lets_in.units() > 0 && app.doubts.is_empty(), "it is kept as the account’s own");
    let _ = app.update(Message::Accounts(read()));
    let wrong = Connection::Stopped(Problem::WrongPassword);
    assert!(app.settle_doubt(HOME, &wrong).units() > 0 && app.doubts.is_empty());
    assert_eq!(app.settle_doubt(HOME, &wrong).units(), 0, "once");
}

#[test]
fn a_new_password_that_may_hold_is_not_forgotten_by_signing_out() {
    use crate::platform::credentials::Candidate;
    use crate::screen::settings::{self, History, Page};
    for (place, history, changing) in
        [(1, History::Keep, true), (2, History::Keep, false), (3, History::Delete, true)]
    {
        let (mut app, _folder) = lively();
        app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
        let jid = samples::jid(&format!("undecided{place}@chat.example"));
        app.context.accounts[0].account.jid = jid.clone();
        if changing {
            let _ = app.keep_up(Deed::ChangePassword(HOME, password("new")));
        } else {
            let read = (Ok(Some(password("old"))), Some(password("new")));
            let _ = app.update(Message::Accounts(OfAccount::PasswordRead(HOME, read.0, read.1, None)));
        }
        Candidate::Change.save(&jid, &password("new")).unwrap();
        let _ = app.show_settings(Page::Accounts);
        let said = "It isn’t known yet whether chat.example has taken the new password that you chose";
        let says = |app: &App| texts(app).iter().any(|text| text.contains(said));
        assert!(!says(&app));
        let _ = app.update(Message::Settings(settings::Message::SignOutPressed(HOME)));
        assert!(says(&app), "{:?}", texts(&app));
        let Screen::Settings(page) = &mut app.screen else { panic!("{:?}", app.screen) };
        let copied = page.update(settings::Message::UndecidedCopied(HOME), &app.context);
        let wanted = password("new");
        assert!(matches!(copied, settings::Action::Upkeep(_, Some(Deed::Copy(new))) if new == wanted));
        let task = app.sign_out(HOME, history);
        run(task);
        let left = Candidate::Change.load(&jid).unwrap();
        assert_eq!(left.is_some(), history == History::Keep);
        let _ = app.update(Message::Done);
        assert!(!app.is_undecided(HOME) && app.context.accounts[0].undecided.is_none());
    }
    // Where it is known which one holds, none stays.
    let (mut app, _folder) = lively();
    let jid = samples::jid("decided@chat.example");
    app.context.accounts[0].account.jid = jid.clone();
    Candidate::Change.save(&jid, &password("new")).unwrap();
    let task = app.sign_out(HOME, History::Keep);
    run(task);
    assert_eq!(Candidate::Change.load(&jid), Ok(None));
}

/// Does what a task does, to its end.
pub(super) fn run(task: iced::Task<Message>) {
    use iced_test::futures::futures::StreamExt;
    let Some(mut actions) = iced_test::runtime::task::into_stream(task) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { while actions.next().await.is_some() {} });
}
