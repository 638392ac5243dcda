//! A password that may belong to an account is not lost, whatever the person turns to, and it is said that it is kept.

use causerie_model::registration::{RefusalReason, RegistrationEvent};
use causerie_model::{BareJid, Connection, Password, Problem};

use super::stages::*;
use super::*;
use crate::screen::samples;

const PAGE: &str = "https://chat.example/register";

fn alice() -> BareJid {
    BareJid::new("alice@chapril.org").unwrap()
}

fn started(actions: &[Action]) -> Option<(&BareJid, &Password)> {
    actions.iter().find_map(|action| match action {
        Action::SignIn(sign_in::Action::Start { jid, password, .. }) => Some((jid, password)),
        _ => None,
    })
}

fn safeguards(actions: &[Action]) -> bool {
    actions.iter().any(|action| matches!(action, Action::Safeguard(..)))
}

fn forgets(actions: &[Action]) -> bool {
    actions.iter().any(|action| matches!(action, Action::ForgetPassword(_)))
}

fn wrong(wizard: &mut Wizard, context: &Context) -> Vec<Action> {
    let wrong = Connection::Stopped(Problem::WrongPassword);
    happen(wizard, Message::SignIn(sign_in::Message::ConnectionChanged(wrong)), context)
}

fn press(wizard: &mut Wizard, message: doubts::Message, context: &Context) -> Vec<Action> {
    happen(wizard, Message::Doubts(message), context)
}

/// What is written down now, read at another start.
fn restarted(wizard: &Wizard, context: &Context) -> Wizard {
    let written = serde_json::to_string(&wizard.kept()).unwrap();
    Wizard::again(&serde_json::from_str(&written).unwrap(), context).0
}

#[test]
fn a_locked_keyring_and_a_way_back_lose_no_password() {
    let context = samples::empty(800.0, 600.0);
    let before = sent(&context);
    let password = before.identity.password();
    let mut wizard = restarted(&before, &context);
    let _ = wizard.resume(None, &context);
    for _ in 0..3 {
        assert!(!forgets(&happen(&mut wizard, Message::BackPressed, &context)));
        assert_eq!(wizard.kept().perhaps.as_deref(), Some("alice@chapril.org"));
    }
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!((wizard.page, wizard.identity.name()), (Page::Identity, "alice"));
    assert!(says(&wizard, &context, "Whether alice@chapril.org was created isn’t known"));
    // The same name with a password that was made up anew: the one before is in the keyring, and is not written over.
    happen(&mut wizard, Message::OnPressed, &context);
    show(&mut wizard, puzzle_form(2), &context);
    answer(&mut wizard, "7", &context);
    let asked = happen(&mut wizard, Message::OnPressed, &context);
    assert!(asked.contains(&Action::RecallPassword) && !safeguards(&asked), "{asked:?}");
    let (_, actions) = wizard.resume(Some(&password), &context);
    assert_eq!(started(&actions), Some((&alice(), &password)), "it is unlocked by now");
    online(&mut wizard, &context);
    let _ = wizard.signed_in(samples::HOME, alice(), &context);
    assert_eq!(wizard.secret(&context), Some(&password));
    assert_eq!((wizard.kept().perhaps, wizard.kept().doubts), (None, vec![]));
    // And through yet another start.
    let again = restarted(&restarted(&before, &context), &context);
    assert_eq!(again.waits_for_password(), Some(&alice()));
}

#[test]
fn who_turns_to_another_provider_keeps_what_may_be_there() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = uncertain(&context);
    let password = wizard.identity.password();
    let other = wizard.provider.alternatives(&context)[0].clone();
    happen(&mut wizard, Message::BackPressed, &context);
    happen(&mut wizard, Message::BackPressed, &context);
    assert_eq!(wizard.page, Page::Provider);
    assert!(says(&wizard, &context, "Whether alice@chapril.org was created isn’t known"));
    happen(&mut wizard, Message::Provider(provider::Message::Chosen(other.clone())), &context);
    tell(&mut wizard, open(), &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert!(says(&wizard, &context, "Its password is kept"));
    happen(&mut wizard, Message::OnPressed, &context);
    show(&mut wizard, puzzle_form(2), &context);
    answer(&mut wizard, "7", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    let new = BareJid::new(&format!("alice@{other}")).unwrap();
    let made = tell(&mut wizard, RegistrationEvent::Created(new.clone()), &context);
    assert!(!forgets(&made), "{made:?}");
    online(&mut wizard, &context);
    let _ = wizard.signed_in(samples::HOME, new, &context);
    assert!(says(&wizard, &context, "Whether alice@chapril.org was created isn’t known"));
    let copied = press(&mut wizard, doubts::Message::CopyPressed(alice()), &context);
    assert_eq!(copied, [Action::Copy(password.reveal().to_owned())]);
    happen(&mut wizard, Message::OnPressed, &context);
    let later = happen(&mut wizard, Message::Contact(contact::Message::LaterPressed), &context);
    let [Action::RememberRest(kept), Action::Finish] = later.as_slice() else { panic!("{later:?}") };
    assert!(!forgets(&later));

    // The next start finds out.
    let (mut next, _) = Wizard::again(kept, &context);
    assert_eq!(next.waits_for_password(), Some(&alice()));
    assert!(says(&next, &context, "before chapril.org answered"));
    let _ = next.resume(None, &context);
    assert!(next.signing_in().is_none(), "nobody is bothered with a form");
    let left = happen(&mut next, Message::BackPressed, &context);
    assert!(left.contains(&Action::Leave) && !left.contains(&Action::Forget), "{left:?}");
    let (_, actions) = next.resume(Some(&password), &context);
    assert_eq!(started(&actions), Some((&alice(), &password)));
    let ended = wrong(&mut next, &context);
    for wanted in [Action::ForgetPassword(alice()), Action::Forget, Action::Finish] {
        assert!(ended.contains(&wanted), "it is known: {ended:?}");
    }
}

#[test]
fn it_is_found_out_where_somebody_wants_to_know_it() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = uncertain(&context);
    let password = wizard.identity.password();
    happen(&mut wizard, Message::BackPressed, &context);
    let typed = identity::Message::NameChanged("alicia".to_owned());
    happen(&mut wizard, Message::Identity(typed), &context);
    let found = press(&mut wizard, doubts::Message::FindOutPressed(alice()), &context);
    assert_eq!(started(&found), Some((&alice(), &password)));
    let gone = wrong(&mut wizard, &context);
    assert!(gone.contains(&Action::ForgetPassword(alice())));
    assert!(!gone.iter().any(|action| matches!(action, Action::Register(_))), "{gone:?}");
    assert_eq!((wizard.page, wizard.identity.name()), (Page::Identity, "alicia"));
    assert!(!says(&wizard, &context, "alice@chapril.org was"));
    // It is forgotten otherwise only by who says so twice.
    let mut wizard = uncertain(&context);
    happen(&mut wizard, Message::BackPressed, &context);
    let forget = || doubts::Message::ForgetPressed(alice());
    assert!(!forgets(&press(&mut wizard, forget(), &context)));
    assert!(says(&wizard, &context, "forget the password that was chosen for alice@chapril.org"));
    press(&mut wizard, doubts::Message::Kept, &context);
    assert!(!forgets(&press(&mut wizard, forget(), &context)));
    assert!(forgets(&press(&mut wizard, forget(), &context)));
    assert_eq!(wizard.kept().perhaps, None);
}

fn on_the_web(context: &Context) -> Wizard {
    let mut wizard = sent(context);
    refuse(&mut wizard, RefusalReason::OnTheWeb(Some(PAGE.to_owned())), context);
    happen(&mut wizard, Message::Web(web::Message::OpenPressed), context);
    wizard
}

#[test]
fn another_password_after_the_page_was_opened_takes_the_first_one_from_nobody() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = on_the_web(&context);
    let first = wizard.identity.password();
    let warning = "You opened the page with another password";
    assert!(!says(&wizard, &context, warning));
    let identity = |message| Message::Web(web::Message::Identity(message));
    for other in [
        identity::Message::AnotherPressed,
        identity::Message::WayChosen(identity::Way::Own),
        identity::Message::PasswordChanged("typed".to_owned()),
    ] {
        happen(&mut wizard, identity(other), &context);
        assert!(says(&wizard, &context, warning));
        press(&mut wizard, doubts::Message::TakeBackPressed, &context);
        assert_eq!(wizard.identity.password(), first);
        assert!(!says(&wizard, &context, warning));
    }
    // Opened once more with another one: either may be the account's.
    happen(&mut wizard, identity(identity::Message::AnotherPressed), &context);
    let second = wizard.identity.password();
    happen(&mut wizard, Message::Web(web::Message::OpenPressed), &context);
    for wanted in [&first, &second, &first] {
        assert!(says(&wizard, &context, warning));
        press(&mut wizard, doubts::Message::TakeBackPressed, &context);
        assert_eq!(wizard.identity.password(), *wanted);
    }
    // Another name does not push the first one out either.
    happen(&mut wizard, identity(identity::Message::NameChanged("alicia".to_owned())), &context);
    assert!(says(&wizard, &context, "to create alice@chapril.org"));
    let opened = happen(&mut wizard, Message::Web(web::Message::OpenPressed), &context);
    assert!(!forgets(&opened), "{opened:?}");
    assert_eq!(wizard.kept().perhaps.as_deref(), Some("alice@chapril.org"));
    // After a restart the keyring gives back both.
    let mut again = restarted(&on_the_web(&context), &context);
    again.entrusted_back(&alice(), &second);
    again.earlier_back(&alice(), std::slice::from_ref(&first));
    assert_eq!(again.identity.password(), second);
    assert!(says(&again, &context, warning));
    press(&mut again, doubts::Message::TakeBackPressed, &context);
    assert_eq!(again.identity.password(), first);
}

#[test]
fn leaving_the_page_of_the_web_leaves_its_password_where_it_is() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = on_the_web(&context);
    let password = wizard.identity.password();
    assert!(!says(&wizard, &context, "to create alice@chapril.org"), "it is there to be seen");
    for page in [Page::Identity, Page::Provider] {
        assert!(!forgets(&happen(&mut wizard, Message::BackPressed, &context)));
        assert_eq!(wizard.page, page);
        assert!(says(&wizard, &context, "to create alice@chapril.org"));
    }
    let left = happen(&mut wizard, Message::BackPressed, &context);
    assert!(left.contains(&Action::Leave) && !left.contains(&Action::Forget) && !forgets(&left), "{left:?}");
    assert_eq!(wizard.kept().entrusted.as_deref(), Some("alice@chapril.org"));
    // Somebody who has an account elsewhere does not lose it either.
    let link = invited::Message::HaveAccountPressed;
    let have = happen(&mut wizard, Message::Invited(link), &context);
    assert!(have.iter().any(|action| matches!(action, Action::RememberRest(_))), "{have:?}");
    // The page may still be gone on with after a try to sign in that came too early.
    let found = press(&mut wizard, doubts::Message::FindOutPressed(alice()), &context);
    assert_eq!(started(&found), Some((&alice(), &password)));
    assert!(!forgets(&wrong(&mut wizard, &context)));
    assert_eq!(wizard.kept().entrusted.as_deref(), Some("alice@chapril.org"));
    // Signed in elsewhere in the program, it is in doubt no more.
    let settled = wizard.is_here_now(&alice());
    assert!(settled.contains(&Action::ForgetPassword(alice())) && settled.contains(&Action::Forget));
    assert!(!says(&wizard, &context, "alice@chapril.org"));
}

#[test]
fn a_puzzle_that_grows_old_takes_nothing_from_an_answer_that_is_awaited() {
    let mut context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    let later = |context: &mut Context| {
        context.now = causerie_model::Timestamp::from_millis(context.now.as_millis() + 121_000);
    };
    later(&mut context);
    assert_eq!(happen(&mut wizard, Message::Ticked, &context), [], "no form is fetched over it");
    let reload = Message::Asking(asking::Message::ReloadPressed);
    assert_eq!(happen(&mut wizard, reload, &context), []);
    assert!(wizard.kept().perhaps.is_some());
    let actions = refuse(&mut wizard, RefusalReason::OutcomeUnknown, &context);
    let starts = |action: &Action| matches!(action, Action::SignIn(sign_in::Action::Start { .. }));
    assert!(actions.iter().any(starts), "{actions:?}");
    assert_eq!(wizard.kept().perhaps.as_deref(), Some("alice@chapril.org"));
    // A keyring that asks for its own password for longer than the puzzle is good: the form is sent all the same.
    let mut wizard = asked(puzzle_form(1), &context);
    answer(&mut wizard, "516358", &context);
    let (_, actions) = wizard.update(Message::OnPressed, &context);
    let hold = actions.iter().find_map(|action| match action {
        Action::Safeguard(hold, ..) => Some(*hold),
        _ => None,
    });
    later(&mut context);
    assert_eq!(happen(&mut wizard, Message::Ticked, &context), []);
    let sent = happen(&mut wizard, Message::Safeguarded(hold.unwrap(), Ok(())), &context);
    assert!(matches!(sent.as_slice(), [Action::Register(_)]), "{sent:?}");
    refuse(&mut wizard, RefusalReason::FormUsedUp, &context);
    show(&mut wizard, puzzle_form(2), &context);
    assert!(wizard.asking.trouble.is_some(), "it is said that it was too late");
}

#[test]
fn what_no_keyring_has_taken_is_not_said_to_be_kept() {
    let context = samples::empty(800.0, 600.0);
    let given = |actions: &[Action]| {
        let hold = actions.iter().find_map(|action| match action {
            Action::Safeguard(hold, ..) => Some(*hold),
            _ => None,
        });
        hold.unwrap()
    };
    for fault in [Fault::Absent, Fault::Locked] {
        // The form was sent, and the answer lost.
        let mut wizard = asked(puzzle_form(1), &context);
        answer(&mut wizard, "7", &context);
        let (_, actions) = wizard.update(Message::OnPressed, &context);
        let sent = happen(&mut wizard, Message::Safeguarded(given(&actions), Err(fault)), &context);
        assert!(matches!(sent[0], Action::Register(_)), "{sent:?}");
        refuse(&mut wizard, RefusalReason::OutcomeUnknown, &context);
        let lost = Connection::Stopped(Problem::NoNetwork);
        happen(&mut wizard, Message::SignIn(sign_in::Message::ConnectionChanged(lost)), &context);
        for _ in 0..2 {
            happen(&mut wizard, Message::BackPressed, &context);
        }
        assert_eq!(wizard.page, Page::Identity);
        assert!(!says(&wizard, &context, "Its password is kept"));
        assert!(
            says(&wizard, &context, "Causerie forgets it when you quit"),
            "{:?}",
            labels(&wizard, &context)
        );
        let copied = press(&mut wizard, doubts::Message::CopyPressed(alice()), &context);
        assert!(matches!(copied.as_slice(), [Action::Copy(_)]));
        // Nobody has it after another start.
        let mut again = restarted(&restarted(&wizard, &context), &context);
        happen(&mut again, Message::BackPressed, &context);
        assert!(
            says(&again, &context, "Causerie doesn’t know it any more"),
            "{:?}",
            labels(&again, &context)
        );
        // Nor after the end of the first steps.
        let Action::RememberRest(kept) = wizard.last() else { panic!("nothing is remembered") };
        assert_eq!(kept.unkept, ["alice@chapril.org"]);
    }
    // The same with the page of the web. The keyring takes it the next time.
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::OnTheWeb(Some(PAGE.to_owned())), &context);
    for kept in [Err(Fault::Locked), Ok(())] {
        let (_, actions) = wizard.update(Message::Web(web::Message::OpenPressed), &context);
        happen(&mut wizard, Message::Safeguarded(given(&actions), kept), &context);
        happen(&mut wizard, Message::BackPressed, &context);
        let lost = says(&wizard, &context, "No keyring has taken the password that was shown for it");
        assert_eq!(lost, kept.is_err(), "{:?}", labels(&wizard, &context));
        assert_eq!(says(&wizard, &context, "is kept, until you say"), kept.is_ok());
        happen(&mut wizard, Message::OnPressed, &context);
    }
}

#[test]
fn a_page_that_may_invite_is_kept_beside_an_account_that_may_be_there() {
    let context = samples::empty(800.0, 600.0);
    let page = "https://invite.example/register?t=aB3_dE5-fG7h";
    let mut wizard = uncertain(&context);
    let password = wizard.identity.password();
    happen(&mut wizard, Message::BackPressed, &context);
    let _ = wizard.take_link(page, &context);
    let _ = wizard.signed_in(samples::HOME, BareJid::new("me@home.example").unwrap(), &context);
    happen(&mut wizard, Message::SkipPressed, &context);
    let later = happen(&mut wizard, Message::Contact(contact::Message::LaterPressed), &context);
    let [Action::RememberRest(kept), Action::Finish] = later.as_slice() else { panic!("{later:?}") };
    let (mut next, _) = Wizard::again(kept, &context);
    assert_eq!((next.waits_for_password(), next.link()), (Some(&alice()), page));
    let _ = next.resume(Some(&password), &context);
    let ended = wrong(&mut next, &context);
    assert!(!ended.contains(&Action::Forget) && ended.contains(&Action::Finish), "{ended:?}");
    let rest = ended.iter().find_map(|action| match action {
        Action::RememberRest(kept) => Some(kept),
        _ => None,
    });
    let (last, _) = Wizard::again(rest.unwrap(), &context);
    assert_eq!((last.link(), last.waits_for_password(), rest.unwrap().was_left()), (page, None, true));
}
