//! What is wanted of an account outlives the end of its actor, and what is thought better of is not done.

use causerie_model::{
    BareJid, Command, Connection, Event, NewContact, Notice, OwnPicture, PendingOut, PictureKind, Problem,
    ProfilePart, ProfileWish, Subscription,
};
use iced::Task;

use super::behaviour::lively;
use crate::app::accounts::Message as Accounts;
use crate::app::reading::Message as Read;
use crate::app::wizard::{Cut, Told};
use crate::app::{App, Message, Screen};
use crate::intents;
use crate::network::Way;
use crate::portrait::{Fault, Original, Square};
use crate::screen::samples::{HOME, jid};
use crate::screen::settings::{self, Deed, History, Page, Settings, UpkeepMessage};
use crate::screen::wizard::ready;
use crate::widget::harness::Harness;

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

#[test]
fn who_signs_out_is_told_who_was_to_be_added_and_is_not_yet() {
    let (mut app, _folder) = lively();
    app.context.i18n = crate::i18n::I18n::choose(Some("en"), &[]);
    let add =
        |who: &str| Command::AddContact { jid: jid(who), name: None, groups: Vec::new(), preauth: None };
    let asks = |app: &mut App| {
        app.screen = Screen::Settings(Box::new(Settings::at(Page::Accounts)));
        let _ = app.update(Message::Settings(settings::Message::SignOutPressed(HOME)));
    };
    asks(&mut app);
    assert!(!super::links::says(&app, "not among your contacts yet"));
    let _ = app.intend(HOME, add("nina@far.example"));
    asks(&mut app);
    assert!(super::links::says(&app, "nina@far.example is not among your contacts yet"));
    for who in ["omar@far.example", "pia@far.example"] {
        let _ = app.intend(HOME, add(who));
    }
    asks(&mut app);
    assert!(super::links::says(&app, "3 people are not among your contacts yet"));
    assert!(super::links::says(&app, "nina@far.example, omar@far.example, pia@far.example"));
}

fn name(name: &str) -> Command {
    Command::PublishName(Some(name.to_owned()))
}

fn picture(number: u8) -> OwnPicture {
    let colour = image::Rgb([number, 90, 90]);
    let mut file = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, colour).write_to(&mut file, image::ImageFormat::Png).unwrap();
    OwnPicture::new(PictureKind::Png, (8, 8), file.into_inner()).unwrap()
}

fn upkeep(app: &mut App, message: UpkeepMessage) {
    let _ = app.update(Message::Settings(settings::Message::Upkeep(message)));
}

/// How others see us, in the settings.
fn open_profile(app: &mut App) {
    app.screen = Screen::Settings(Box::new(Settings::at(Page::Accounts)));
    upkeep(app, UpkeepMessage::Pressed(HOME));
    upkeep(app, UpkeepMessage::ProfilePressed);
}

fn shows(app: &App, words: &str) -> bool {
    let mut window = Harness::new((1000.0, 1600.0), app.view());
    let texts = window.texts();
    texts.iter().any(|(text, _)| text == words)
}

#[test]
fn a_name_that_no_provider_has_answered_for_is_seen_and_taken_back() {
    let (mut app, folder) = lively();
    app.context.accounts[0].account.profile.name = Some("Alice".to_owned());
    happens(&mut app, Event::ConnectionChanged(Connection::Offline));
    open_profile(&mut app);
    upkeep(&mut app, UpkeepMessage::Profile(ready::Message::NameChanged("Bea".to_owned())));
    upkeep(&mut app, UpkeepMessage::ProfileConfirmed);
    assert_eq!(asked(&app), [name("Bea")]);
    // Also in the next run.
    app.intents.save(folder.path());
    let mut startup = app.startup.clone();
    startup.intents = intents::load(folder.path());
    assert_eq!(App::new(startup).0.context.faces, app.context.faces);
    open_profile(&mut app);
    upkeep(&mut app, UpkeepMessage::ProfileConfirmed);
    assert_eq!(asked(&app), [], "nothing differs");
    open_profile(&mut app);
    upkeep(&mut app, UpkeepMessage::Profile(ready::Message::NameChanged("Alice".to_owned())));
    upkeep(&mut app, UpkeepMessage::ProfileConfirmed);
    assert_eq!(asked(&app), [name("Alice")]);
    happens(&mut app, Event::ConnectionChanged(Connection::Online));
    assert_eq!(asked(&app), [name("Alice")]);
}

#[test]
fn a_picture_that_no_provider_has_answered_for_is_taken_back() {
    let (mut app, _folder) = lively();
    let remove = app.context.i18n.get("wizard-picture-remove");
    app.context.accounts[0].account.profile.picture = None;
    happens(&mut app, Event::ConnectionChanged(Connection::Offline));
    open_profile(&mut app);
    assert!(!shows(&app, &remove));
    let own = app.context.accounts[0].account.jid.clone();
    let pending: [fn(&mut App, BareJid) -> Task<Message>; 2] = [
        |app, _| app.intend(HOME, Command::PublishPicture(Some(picture(1)))),
        |app, own| {
            app.intents.note_part(&own, "/home/alice/me.png".into(), Square { x: 0, y: 0, side: 8 });
            app.save_intents()
        },
    ];
    for wanted in pending {
        let _ = wanted(&mut app, own.clone());
        asked(&app);
        open_profile(&mut app);
        assert!(shows(&app, &remove));
        upkeep(&mut app, UpkeepMessage::Profile(ready::Message::RemovePressed));
        assert!(!shows(&app, &remove));
        upkeep(&mut app, UpkeepMessage::ProfileConfirmed);
        assert_eq!(asked(&app), [Command::PublishPicture(None)]);
        open_profile(&mut app);
        assert!(!shows(&app, &remove));
    }
}

#[test]
fn a_picture_that_is_wanted_is_shown_before_anybody_has_it() {
    let (mut app, _folder) = lively();
    let task = app.intend(HOME, Command::PublishPicture(Some(picture(1))));
    assert_eq!(task.units(), 2, "it is kept, and made ready to be shown");
    assert_eq!(app.save_intents().units(), 1, "once");
}

/// A picture is chosen, and is being made ready.
fn begin(app: &mut App) -> Cut {
    let original = Original::of(picture(1).bytes()).unwrap();
    let square = original.middle();
    let _ = app.publish(HOME, None, Some(((original, square), Some("/home/alice/me.png".into()))));
    app.cuts.of(HOME).unwrap()
}

fn made(app: &mut App, cut: Cut, number: u8) -> Vec<Command> {
    let _ = app.update(Message::Told(Told::Cut(cut, picture(number))));
    asked(app)
}

#[test]
fn a_picture_that_was_taken_back_while_it_was_made_ready_is_not_shown() {
    let (mut app, _folder) = lively();
    let own = app.context.accounts[0].account.jid.clone();
    let cut = begin(&mut app);
    let _ = app.withdraw(HOME, vec![ProfilePart::Picture]);
    assert_eq!(asked(&app), [Command::PublishPicture(None)]);
    assert_eq!(made(&mut app, cut, 1), []);
    let failed = Message::Told(Told::NotCut(cut, Fault::TooLarge));
    let _ = app.update(failed);
    assert_eq!(app.intents.ask_again(&own), [Command::PublishPicture(None)]);
    // One that is chosen after that is.
    let cut = begin(&mut app);
    assert_eq!(made(&mut app, cut, 2), [Command::PublishPicture(Some(picture(2)))]);
    // Nor is anything shown of an account that is signed out.
    let cut = begin(&mut app);
    let _ = app.sign_out(HOME, History::Keep);
    asked(&app);
    assert_eq!(made(&mut app, cut, 3), []);
}

#[test]
fn of_two_pictures_the_one_chosen_last_is_shown_whichever_is_ready_first() {
    let shown = |number| [Command::PublishPicture(Some(picture(number)))];
    for early_first in [true, false] {
        let (mut app, _folder) = lively();
        let (first, second) = (begin(&mut app), begin(&mut app));
        if early_first {
            assert_eq!(made(&mut app, first, 1), []);
            assert_eq!(made(&mut app, second, 2), shown(2));
        } else {
            assert_eq!(made(&mut app, second, 2), shown(2));
            assert_eq!(made(&mut app, first, 1), []);
        }
    }
    // What is being made ready is not made ready a second time when the line comes back.
    let (mut app, _folder) = lively();
    let cut = begin(&mut app);
    happens(&mut app, Event::ConnectionChanged(Connection::Online));
    assert_eq!(app.cuts.of(HOME), Some(cut));
    // A picture that can't be made ready leaves the one that is asked for.
    assert_eq!(made(&mut app, cut, 1), shown(1));
    let original = Original::of(picture(2).bytes()).unwrap();
    let square = original.middle();
    let _ = app.publish(HOME, None, Some(((original, square), None)));
    let cut = app.cuts.of(HOME).unwrap();
    let _ = app.update(Message::Told(Told::NotCut(cut, Fault::TooLarge)));
    happens(&mut app, Event::ConnectionChanged(Connection::Online));
    assert_eq!(asked(&app), shown(1));
}

#[test]
fn an_answer_about_an_older_name_leaves_the_newer_one() {
    let answers = |name: &str| {
        let wish = ProfileWish::Name(Some(name.to_owned()));
        let problem = Problem::Refused;
        [Event::ProfilePublished(wish.clone()), Event::Notice(Notice::ProfileNotPublished { wish, problem })]
    };
    let (mut app, _folder) = lively();
    let _ = app.publish(HOME, Some("Alice".to_owned()), None);
    let _ = app.publish(HOME, Some("Bea".to_owned()), None);
    asked(&app);
    for answer in answers("Alice") {
        happens(&mut app, answer);
        happens(&mut app, Event::ConnectionChanged(Connection::Online));
        assert_eq!(asked(&app), [name("Bea")]);
    }
    let [published, refused] = answers("Bea");
    happens(&mut app, refused);
    happens(&mut app, Event::ConnectionChanged(Connection::Online));
    assert_eq!(asked(&app), []);
    let _ = app.publish(HOME, Some("Bea".to_owned()), None);
    asked(&app);
    happens(&mut app, published);
    happens(&mut app, Event::ConnectionChanged(Connection::Online));
    assert_eq!(asked(&app), []);
    // The same with pictures, and with none.
    let published = |number: Option<u8>| Event::ProfilePublished(ProfileWish::Picture(number.map(picture)));
    let _ = app.intend(HOME, Command::PublishPicture(Some(picture(1))));
    let _ = app.intend(HOME, Command::PublishPicture(None));
    happens(&mut app, published(Some(1)));
    asked(&app);
    happens(&mut app, Event::ConnectionChanged(Connection::Online));
    assert_eq!(asked(&app), [Command::PublishPicture(None)]);
    happens(&mut app, published(None));
    happens(&mut app, Event::ConnectionChanged(Connection::Online));
    assert_eq!(asked(&app), []);
    // One that is being made ready is newer than all that was asked.
    begin(&mut app);
    happens(&mut app, published(Some(1)));
    let own = app.context.accounts[0].account.jid.clone();
    assert!(app.intents.part(&own).is_some());
}
