use causerie_model::{BareJid, NewContact};

use super::*;
use crate::screen::samples::{self, HOME};
use crate::screen::settings::{Action, Message as Outer, Page, Settings, view as page};
use crate::screen::walk::walk;
use crate::widget::harness::Harness;

fn open(context: &Context) -> Settings {
    let mut settings = Settings::at(Page::Accounts);
    settings.update(Outer::Upkeep(Message::Pressed(HOME)), context);
    settings
}

fn happen(settings: &mut Settings, message: Message, context: &Context) -> Option<Deed> {
    match settings.update(Outer::Upkeep(message), context) {
        Action::Upkeep(_, deed) => deed,
        other => panic!("{other:?}"),
    }
}

fn says(settings: &Settings, context: &Context, words: &str) -> bool {
    let found = Harness::new((1000.0, 1400.0), page(settings, context)).audit();
    found.iter().any(|found| found.label().contains(words))
}

#[test]
fn everything_is_walked_by_keyboard() {
    let mut context = samples::lively(1000.0, 1400.0);
    let other = samples::account(AccountId(2), "work@office.example", causerie_model::Connection::Online);
    context.accounts.push(other);
    context.adding.insert(HOME, crate::context::Adding { done: 3, failed: 1, waiting: 7 });
    let found = || ListRead { contacts: Vec::new(), unread: vec![2], unread_count: 1 };
    for message in [
        Message::Dismissed,
        Message::PasswordPressed,
        Message::DeletePressed,
        Message::SheetPressed,
        Message::Read(Some(Ok(found()))),
        Message::Exported(Some(Err(()))),
    ] {
        let mut settings = open(&context);
        happen(&mut settings, message, &context);
        walk("an account", (1000.0, 1400.0), page(&settings, &context));
    }
}

#[test]
fn the_sheet_asks_about_the_password_only_where_it_is_known() {
    let mut context = samples::lively(1000.0, 1400.0);
    let mut settings = open(&context);
    happen(&mut settings, Message::SheetPressed, &context);
    let tick = context.i18n.get("wizard-sheet-password");
    assert!(says(&settings, &context, &tick));
    assert!(happen(&mut settings, Message::Sheet(sheet::Message::WithPassword(true)), &context).is_none());
    let deed =
        happen(&mut settings, Message::Sheet(sheet::Message::Pressed(crate::recovery::Form::Pdf)), &context);
    let wanted = sheet::Wish::Write(crate::recovery::Form::Pdf, sheet::WithPassword::Yes);
    assert!(matches!(&deed, Some(Deed::Sheet(HOME, wish)) if *wish == wanted), "{deed:?}");
    let written = Some(Ok("/home/alice/alice.pdf".into()));
    settings.update(Outer::sheet_written(written), &context);
    assert!(says(&settings, &context, "/home/alice/alice.pdf"));
    let opened = happen(&mut settings, Message::Sheet(sheet::Message::OpenPressed), &context);
    let wanted = sheet::Wish::Open("/home/alice/alice.pdf".into());
    assert!(matches!(&opened, Some(Deed::Sheet(HOME, wish)) if *wish == wanted), "to be printed: {opened:?}");
    let wrong = causerie_model::Connection::Stopped(Problem::WrongPassword);
    context.accounts[0].connection = wrong;
    assert!(!says(&settings, &context, &tick));
}

#[test]
fn a_password_is_changed_when_the_provider_has_said_so() {
    let context = samples::lively(1000.0, 1400.0);
    let mut settings = open(&context);
    happen(&mut settings, Message::PasswordPressed, &context);
    happen(&mut settings, Message::PasswordTyped("correct horse".to_owned()), &context);
    let asked = happen(&mut settings, Message::PasswordConfirmed, &context);
    let Some(Deed::ChangePassword(HOME, password)) = asked else { panic!("{asked:?}") };
    assert_eq!(password.reveal(), "correct horse");
    assert!(says(&settings, &context, "Waiting for your provider"));
    settings.password_changed(HOME);
    assert!(says(&settings, &context, "The password is changed"));
    assert!(settings.noticed(HOME, &Notice::PasswordNotChanged(Problem::PasswordRefused)));
    assert!(says(&settings, &context, "Your password is still the old one."));
    assert!(!settings.noticed(AccountId(9), &Notice::PasswordUncertain));
}

#[test]
fn an_account_is_deleted_only_when_it_was_said_twice() {
    let context = samples::lively(1000.0, 1400.0);
    let mut settings = open(&context);
    assert!(happen(&mut settings, Message::DeleteConfirmed, &context).is_none());
    happen(&mut settings, Message::DeletePressed, &context);
    assert!(happen(&mut settings, Message::DeleteConfirmed, &context).is_none());
    happen(&mut settings, Message::DeleteTyped("alice@chat.exampl".to_owned()), &context);
    assert!(happen(&mut settings, Message::DeleteConfirmed, &context).is_none());
    happen(&mut settings, Message::DeleteTyped(" Alice@chat.example".to_owned()), &context);
    let deed = happen(&mut settings, Message::DeleteConfirmed, &context);
    assert!(matches!(deed, Some(Deed::Ask(HOME, Command::DeleteAccount))), "{deed:?}");
}

#[test]
fn contacts_of_a_file_are_counted_before_anybody_is_asked() {
    let context = samples::lively(1000.0, 1400.0);
    let mut settings = open(&context);
    let bob = NewContact { jid: BareJid::new("bob@far.example").unwrap(), name: None, groups: Vec::new() };
    let found = ListRead { contacts: vec![bob.clone()], unread: vec![2], unread_count: 1 };
    assert!(happen(&mut settings, Message::Read(Some(Ok(found))), &context).is_none());
    let deed = happen(&mut settings, Message::ImportConfirmed, &context);
    let Some(Deed::Ask(HOME, Command::AddContacts { contacts, moved_from: None })) = deed else {
        panic!("{deed:?}")
    };
    assert_eq!(contacts, [bob]);
    assert!(happen(&mut settings, Message::ImportConfirmed, &context).is_none());
    happen(&mut settings, Message::Read(Some(Err(Some(ListFault::NoAddresses)))), &context);
    assert!(says(&settings, &context, "no address in this file"));
}

#[test]
fn accounts_change_places_within_their_list() {
    let mut context = samples::lively(1000.0, 1400.0);
    let mut settings = open(&context);
    assert!(happen(&mut settings, Message::Moved(Way::Down), &context).is_none());
    let other = samples::account(AccountId(2), "work@office.example", causerie_model::Connection::Online);
    context.accounts.push(other);
    let deed = happen(&mut settings, Message::Moved(Way::Down), &context);
    assert!(matches!(deed, Some(Deed::Order(order)) if order == [AccountId(2), HOME]));
    assert!(happen(&mut settings, Message::Moved(Way::Up), &context).is_none());
}

#[test]
fn the_keyboard_stays_on_what_moves_an_account() {
    let mut context = samples::lively(1000.0, 1400.0);
    let other = samples::account(AccountId(2), "work@office.example", causerie_model::Connection::Online);
    context.accounts.push(other);
    let mut settings = open(&context);
    for (way, key) in [(Way::Down, "upkeep-down"), (Way::Up, "upkeep-up")] {
        let happened = settings.update(Outer::Upkeep(Message::Moved(way)), &context);
        let Action::Upkeep(task, Some(Deed::Order(order))) = happened else { panic!("{happened:?}") };
        context.accounts.sort_by_key(|state| order.iter().position(|id| *id == state.account.id));
        let mut window = Harness::new((1000.0, 1400.0), page(&settings, &context));
        window.perform(task);
        assert_eq!(window.focused(), Some(context.i18n.get(key)));
    }
}

#[test]
fn a_password_without_a_keyring_is_offered_to_be_noted() {
    use crate::platform::credentials::Fault;
    let mut context = samples::lively(1000.0, 1400.0);
    let mut settings = open(&context);
    happen(&mut settings, Message::PasswordPressed, &context);
    happen(&mut settings, Message::PasswordConfirmed, &context);
    let password = Password::new("correct horse".to_owned());
    context.accounts[0].unkept = Some((password.clone(), Fault::Absent));
    settings.password_changed(HOME);
    assert!(says(&settings, &context, "Note it down now"));
    assert!(!says(&settings, &context, "kept in your system’s keyring"));
    walk("a password to be noted", (1000.0, 1400.0), page(&settings, &context));
    let copied = happen(&mut settings, Message::UnkeptCopied, &context);
    assert!(matches!(copied, Some(Deed::Copy(copied)) if copied == password));
    assert!(matches!(happen(&mut settings, Message::UnkeptNoted, &context), Some(Deed::Noted(HOME))));
}

#[test]
fn name_and_picture_can_be_changed_afterwards() {
    use crate::screen::wizard::ready;
    let mut context = samples::lively(1000.0, 1400.0);
    context.accounts[0].account.profile.name = Some("Alice".to_owned());
    context.accounts[0].account.profile.picture = Some(causerie_model::AvatarHash([7; 20]));
    let mut settings = open(&context);
    happen(&mut settings, Message::ProfilePressed, &context);
    walk("name and picture", (1000.0, 1400.0), page(&settings, &context));
    assert!(happen(&mut settings, Message::ProfileConfirmed, &context).is_none(), "nothing differs");
    happen(&mut settings, Message::ProfilePressed, &context);
    let typed = ready::Message::NameChanged(" Alice Martin ".to_owned());
    happen(&mut settings, Message::Profile(typed), &context);
    let deed = happen(&mut settings, Message::ProfileConfirmed, &context);
    let name = Command::PublishName(Some("Alice Martin".to_owned()));
    assert!(matches!(deed, Some(Deed::Profile(HOME, commands, None)) if commands == [name]));
    assert!(says(&settings, &context, "Others will see it"));
    happen(&mut settings, Message::ProfilePressed, &context);
    happen(&mut settings, Message::Profile(ready::Message::NameChanged(String::new())), &context);
    happen(&mut settings, Message::Profile(ready::Message::RemovePressed), &context);
    let deed = happen(&mut settings, Message::ProfileConfirmed, &context);
    let gone = [Command::PublishName(None), Command::PublishPicture(None)];
    assert!(matches!(deed, Some(Deed::Profile(HOME, commands, None)) if commands == gone));
    let wish = causerie_model::ProfileWish::Name(None);
    assert!(settings.noticed(HOME, &Notice::ProfileNotPublished { wish, problem: Problem::TimedOut }));
    assert!(says(&settings, &context, "Your name is still what it was"));
}

#[test]
fn a_picture_that_is_being_read_is_waited_for() {
    use crate::portrait::Fault;
    use crate::screen::wizard::ready;
    let context = samples::lively(1000.0, 1400.0);
    let mut settings = open(&context);
    let can_save = |settings: &Settings| {
        let found = Harness::new((1000.0, 1400.0), page(settings, &context)).audit();
        found.iter().any(|found| found.label() == "Save" && found.focusable)
    };
    happen(&mut settings, Message::ProfilePressed, &context);
    assert!(can_save(&settings));
    happen(&mut settings, Message::Profile(ready::Message::Dropped("me.png".into())), &context);
    let reading = context.i18n.get("compare-reading");
    let texts = Harness::new((1000.0, 1400.0), page(&settings, &context)).texts();
    assert!(texts.iter().any(|(text, _)| *text == reading));
    assert!(!can_save(&settings));
    // Enter in the field of the name says the same as the button.
    let typed = ready::Message::NameChanged("Alice Martin".to_owned());
    happen(&mut settings, Message::Profile(typed), &context);
    assert!(happen(&mut settings, Message::ProfileConfirmed, &context).is_none());
    let Some(Part::Profile(typed, _)) = settings.upkeep.as_ref().map(|upkeep| &upkeep.part) else { panic!() };
    let unreadable = ready::Message::Opened(typed.opened(), Err(Fault::Unreadable));
    happen(&mut settings, Message::Profile(unreadable), &context);
    assert!(says(&settings, &context, "The file can’t be read") && can_save(&settings));
    assert!(happen(&mut settings, Message::ProfileConfirmed, &context).is_some());
}
