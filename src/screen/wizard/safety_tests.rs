//! No password is lost with an account that is there, and none is printed that is not the account's.

use causerie_model::registration::{RefusalReason, RegistrationCommand, RegistrationEvent};
use causerie_model::{BareJid, Connection, Password, Problem};

use super::stages::*;
use super::*;
use crate::screen::samples;

fn alice() -> BareJid {
    BareJid::new("alice@chapril.org").unwrap()
}

fn started(actions: &[Action]) -> Option<&Password> {
    actions.iter().find_map(|action| match action {
        Action::SignIn(sign_in::Action::Start { password, .. }) => Some(password),
        _ => None,
    })
}

fn submits(actions: &[Action]) -> bool {
    actions.iter().any(
        |action| matches!(action, Action::Register(wish) if matches!(wish.command, RegistrationCommand::Submit(_))),
    )
}

fn wrong(wizard: &mut Wizard, context: &Context) -> Vec<Action> {
    let wrong = Connection::Stopped(Problem::WrongPassword);
    happen(wizard, Message::SignIn(sign_in::Message::ConnectionChanged(wrong)), context)
}

#[test]
fn the_sheet_has_the_password_that_did_sign_in() {
    let context = samples::empty(800.0, 600.0);
    let wizard = signed_in(&context);
    assert_eq!(wizard.secret(&context), Some(&wizard.identity.password()));
    // Typed while signing in, under another address.
    let mut wizard = sent(&context);
    tell(&mut wizard, RegistrationEvent::Created(alice()), &context);
    wrong(&mut wizard, &context);
    for message in [
        sign_in::Message::AddressChanged("alicia@chapril.org".to_owned()),
        sign_in::Message::PasswordChanged("typed by hand".to_owned()),
        sign_in::Message::Submitted,
    ] {
        happen(&mut wizard, Message::SignIn(message), &context);
    }
    online(&mut wizard, &context);
    let jid = wizard.jid().cloned().unwrap();
    assert_eq!(jid.as_str(), "alicia@chapril.org");
    let _ = wizard.signed_in(samples::HOME, jid, &context);
    assert_eq!(wizard.secret(&context).map(Password::reveal), Some("typed by hand"));
    assert!(says(&wizard, &context, "With the password on it"));
}

#[test]
fn after_a_restart_the_sheet_has_what_the_keyring_has_or_nothing() {
    let mut context = samples::empty(800.0, 600.0);
    let kept = signed_in(&context).kept();
    context.accounts = vec![samples::account(samples::HOME, "alice@chapril.org", Connection::Online)];
    let (mut wizard, _) = Wizard::again(&kept, &context);
    assert_eq!(wizard.page, Page::Ready);
    assert_eq!(wizard.secret(&context), None, "what was made up anew is not the account’s");
    assert!(!says(&wizard, &context, "With the password on it"));
    assert_eq!(wizard.wonders_about_password(), Some(&alice()));
    let password = Password::new("from the keyring".to_owned());
    wizard.learn_password(&BareJid::new("bob@chapril.org").unwrap(), &password);
    assert_eq!(wizard.secret(&context), None);
    wizard.learn_password(&alice(), &password);
    assert_eq!(wizard.secret(&context), Some(&password));
    assert!(says(&wizard, &context, "With the password on it"));
    context.accounts[0].connection = Connection::Stopped(Problem::WrongPassword);
    assert_eq!(wizard.secret(&context), None, "the provider says that it is another one by now");
}

#[test]
fn a_password_is_in_the_keyring_before_it_is_sent() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = asked(puzzle_form(1), &context);
    answer(&mut wizard, "7", &context);
    let (_, actions) = wizard.update(Message::OnPressed, &context);
    let [Action::Safeguard(hold, jid, password, kept)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!((jid, password), (&alice(), &wizard.identity.password()));
    assert_eq!(kept.perhaps.as_deref(), Some("alice@chapril.org"));
    assert!(says(&wizard, &context, "Waiting for the keyring"));
    assert!(wizard.update(Message::Safeguarded(hold + 1, Ok(())), &context).1.is_empty());
    // A desktop without a keyring makes accounts all the same.
    assert!(submits(&wizard.update(Message::Safeguarded(*hold, Err(Fault::Absent)), &context).1));
    assert!(!submits(&wizard.update(Message::Safeguarded(*hold, Ok(())), &context).1), "once");
    // Signed in, it is kept as that of the account, and not a second time.
    tell(&mut wizard, RegistrationEvent::Created(alice()), &context);
    online(&mut wizard, &context);
    let kept = happen(&mut wizard, Message::SignIn(sign_in::Message::Kept(Ok(()))), &context);
    assert!(kept.contains(&Action::ForgetPassword(alice())));
}

#[test]
fn who_cancels_while_the_keyring_waits_has_sent_nothing() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = asked(puzzle_form(1), &context);
    answer(&mut wizard, "7", &context);
    let (_, actions) = wizard.update(Message::OnPressed, &context);
    let [Action::Safeguard(hold, ..)] = actions.as_slice() else { panic!("{actions:?}") };
    let cancelled = happen(&mut wizard, Message::BackPressed, &context);
    assert!(cancelled.contains(&Action::ForgetPassword(alice())));
    assert_eq!(wizard.kept().perhaps, None);
    assert!(!submits(&wizard.update(Message::Safeguarded(*hold, Ok(())), &context).1));
}

#[test]
fn a_definite_refusal_forgets_and_an_answer_that_is_missing_does_not() {
    let context = samples::empty(800.0, 600.0);
    for reason in [RefusalReason::NameTaken, RefusalReason::PuzzleFailed, RefusalReason::Closed] {
        let mut wizard = sent(&context);
        let actions = refuse(&mut wizard, reason, &context);
        assert!(actions.contains(&Action::ForgetPassword(alice())), "{actions:?}");
        assert_eq!(wizard.kept().perhaps, None);
    }
    let mut wizard = sent(&context);
    let forgets = |actions: &[Action]| actions.iter().any(|one| matches!(one, Action::ForgetPassword(_)));
    assert!(!forgets(&happen(&mut wizard, Message::BackPressed, &context)), "given up waiting");
    assert_eq!(wizard.kept().perhaps.as_deref(), Some("alice@chapril.org"));
    let mut wizard = sent(&context);
    assert!(!forgets(&refuse(&mut wizard, RefusalReason::OutcomeUnknown, &context)));
    assert_eq!(wizard.kept().perhaps.as_deref(), Some("alice@chapril.org"));
}

#[test]
fn an_answer_that_did_not_come_is_said_as_that() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = uncertain(&context);
    let password = wizard.identity.password();
    assert!(says(&wizard, &context, "The connection broke off before chapril.org answered"));
    assert!(!says(&wizard, &context, "too old"));
    assert_eq!(started(&happen(&mut wizard, Message::RetryPressed, &context)), Some(&password));
    let mut wizard = uncertain(&context);
    let password = wizard.identity.password();
    // Back to the form, with the same name and another password.
    happen(&mut wizard, Message::BackPressed, &context);
    assert_eq!(wizard.page, Page::Identity);
    let typed = identity::Message::PasswordChanged("another one".to_owned());
    happen(&mut wizard, Message::Identity(typed), &context);
    happen(&mut wizard, Message::OnPressed, &context);
    show(&mut wizard, puzzle_form(2), &context);
    answer(&mut wizard, "7", &context);
    let sent = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(started(&sent), Some(&password), "the one that may count is tried before it is replaced");
    assert!(!submits(&sent));
    online(&mut wizard, &context);
    let _ = wizard.signed_in(samples::HOME, alice(), &context);
    assert_eq!(wizard.secret(&context), Some(&password));
}

#[test]
fn a_password_that_was_taken_to_the_web_is_there_after_a_restart() {
    let context = samples::empty(800.0, 600.0);
    let page = "https://chat.example/register";
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::OnTheWeb(Some(page.to_owned())), &context);
    assert_eq!(wizard.kept().entrusted, None);
    let password = wizard.identity.password();
    let opened = happen(&mut wizard, Message::Web(web::Message::OpenPressed), &context);
    let safe = opened.iter().position(|action| {
        matches!(action, Action::Safeguard(_, jid, kept, what) if *jid == alice() && *kept == password
            && what.entrusted.as_deref() == Some("alice@chapril.org"))
    });
    let open = opened.iter().position(|action| *action == Action::Open(page.to_owned()));
    assert!(safe.is_some() && safe < open, "{opened:?}");
    assert!(!submits(&opened));

    let (mut again, _) = Wizard::again(&wizard.kept(), &context);
    assert_eq!((again.page, again.web.as_deref()), (Page::Web, Some(page)));
    assert_ne!(again.identity.password(), password);
    assert_eq!(again.misses_entrusted(), Some(&alice()));
    again.entrusted_back(&BareJid::new("eve@chapril.org").unwrap(), &Password::new("no".to_owned()));
    assert!(says(&again, &context, "If you have used the one from before already"));
    again.entrusted_back(&alice(), &password);
    assert!(!says(&again, &context, "from before"));
    assert_eq!(again.identity.password(), password);
    let signing = happen(&mut again, Message::OnPressed, &context);
    assert_eq!(started(&signing), Some(&password));
    online(&mut again, &context);
    let kept = happen(&mut again, Message::SignIn(sign_in::Message::Kept(Ok(()))), &context);
    assert!(kept.contains(&Action::ForgetPassword(alice())), "the account's own entry has it now: {kept:?}");
    assert_eq!(again.kept().entrusted, None);
}

#[test]
fn a_start_after_the_end_in_the_middle_signs_in_with_what_was_sent() {
    let context = samples::empty(800.0, 600.0);
    let before = sent(&context);
    let (password, kept) = (before.identity.password(), before.kept());
    let (mut wizard, _) = Wizard::again(&kept, &context);
    assert_eq!(wizard.waits_for_password(), Some(&alice()));
    let (_, actions) = wizard.resume(Some(&password), &context);
    assert_eq!(started(&actions), Some(&password));
    let actions = wrong(&mut wizard, &context);
    assert!(actions.contains(&Action::ForgetPassword(alice())), "there is none");
    show(&mut wizard, puzzle_form(2), &context);
    assert!(says(&wizard, &context, "was not created"));
    assert_eq!((wizard.kept().perhaps, wizard.identity.name()), (None, "alice"));
    // The keyring may be unlocked by the time of another try. Without one the person is asked.
    let (mut wizard, _) = Wizard::again(&kept, &context);
    assert_eq!(happen(&mut wizard, Message::RetryPressed, &context), [Action::RecallPassword]);
    let (mut wizard, _) = Wizard::again(&kept, &context);
    let (_, actions) = wizard.resume(None, &context);
    assert!(actions.is_empty() && wizard.signing_in().is_some());
    happen(&mut wizard, Message::SignIn(sign_in::Message::PasswordChanged("guess".to_owned())), &context);
    happen(&mut wizard, Message::SignIn(sign_in::Message::Submitted), &context);
    wrong(&mut wizard, &context);
    assert!(wizard.signing_in().is_some(), "a guess says nothing about what was sent");
}

#[test]
fn who_does_not_want_to_be_asked_again_leaves_no_secret_behind_and_is_told_so() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = uncertain(&context);
    let password = wizard.identity.password();
    assert_eq!(happen(&mut wizard, Message::DismissPressed, &context), [], "it is asked first");
    assert!(says(&wizard, &context, "forget the password that was chosen for alice@chapril.org"));
    let copied = happen(&mut wizard, Message::CopyPressed, &context);
    assert_eq!(copied, [Action::Copy(password.reveal().to_owned())]);
    happen(&mut wizard, Message::BackPressed, &context);
    assert!(says(&wizard, &context, "The connection broke off"), "thought better of");
    happen(&mut wizard, Message::DismissPressed, &context);
    let done = happen(&mut wizard, Message::DismissPressed, &context);
    for wanted in [Action::ForgetPassword(alice()), Action::Forget, Action::Finish] {
        assert!(done.contains(&wanted), "{done:?}");
    }
    // A page of the web that is not gone on with.
    let mut wizard = sent(&context);
    let page = Some("https://chat.example/register".to_owned());
    refuse(&mut wizard, RefusalReason::OnTheWeb(page), &context);
    happen(&mut wizard, Message::Web(web::Message::OpenPressed), &context);
    happen(&mut wizard, Message::BackPressed, &context);
    happen(&mut wizard, Message::BackPressed, &context);
    let forget = || Message::Doubts(doubts::Message::ForgetPressed(alice()));
    assert_eq!(happen(&mut wizard, forget(), &context), [], "it is asked first");
    assert!(says(&wizard, &context, "forget the password that was chosen for alice@chapril.org"));
    let done = happen(&mut wizard, forget(), &context);
    assert!(done.contains(&Action::ForgetPassword(alice())), "{done:?}");
    let left = happen(&mut wizard, Message::BackPressed, &context);
    let [Action::EndRegistration, Action::Remember(kept), Action::Leave] = left.as_slice() else {
        panic!("{left:?}")
    };
    assert!(kept.was_left() && kept.name == "alice", "what was typed, to be gone on with");
    assert_eq!((&kept.entrusted, &kept.perhaps, kept.doubts.len()), (&None, &None, 0), "and no account");
    // Where nothing was typed, there is nothing to remember.
    let left = happen(&mut newcomer(&context), Message::BackPressed, &context);
    assert!(left.contains(&Action::Forget) && left.contains(&Action::Leave), "{left:?}");
}

#[test]
fn another_name_in_the_end_keeps_the_password_of_the_one_before() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    happen(&mut wizard, Message::BackPressed, &context);
    let other = identity::Message::NameChanged("alicia".to_owned());
    happen(&mut wizard, Message::Identity(other), &context);
    happen(&mut wizard, Message::OnPressed, &context);
    show(&mut wizard, puzzle_form(2), &context);
    answer(&mut wizard, "7", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    let created = RegistrationEvent::Created(BareJid::new("alicia@chapril.org").unwrap());
    let made = tell(&mut wizard, created, &context);
    assert!(!made.contains(&Action::ForgetPassword(alice())), "that account may be there, too: {made:?}");
    assert_eq!(wizard.kept().doubts, ["alice@chapril.org"]);
}
