//! An account that is there, or may be, and no network to sign in with.

use causerie_model::registration::{RefusalReason, RegistrationEvent};
use causerie_model::{BareJid, Connection, Problem};

use super::stages::*;
use super::*;
use crate::screen::samples;
use crate::widget::harness::Harness;

fn stopped(wizard: &mut Wizard, problem: Problem, context: &Context) -> Vec<Action> {
    let stopped = sign_in::Message::ConnectionChanged(Connection::Stopped(problem));
    happen(wizard, Message::SignIn(stopped), context)
}

fn starts(actions: &[Action]) -> bool {
    actions.iter().any(|action| matches!(action, Action::SignIn(sign_in::Action::Start { .. })))
}

fn made(context: &Context) -> Wizard {
    let mut wizard = sent(context);
    tell(&mut wizard, RegistrationEvent::Created(BareJid::new("alice@chapril.org").unwrap()), context);
    wizard
}

#[test]
fn an_account_that_is_there_waits_for_the_network_and_is_signed_in_by_itself() {
    let context = samples::empty(800.0, 600.0);
    for problem in [Problem::NoNetwork, Problem::TimedOut, Problem::UnknownHost, Problem::ConnectionLost] {
        let mut wizard = made(&context);
        let actions = stopped(&mut wizard, problem, &context);
        assert!(actions.contains(&Action::SignIn(sign_in::Action::Stop)));
        assert!(says(&wizard, &context, "Your account alice@chapril.org is there"));
        assert!(!says(&wizard, &context, "Password"), "there is nothing to fill in");
        let mut window = Harness::new((800.0, 600.0), view(&wizard, &context));
        window.perform(wizard.focus::<Message>());
        assert_eq!(window.focused().as_deref(), Some("Try again"));
        window.click("Try again");
        let pressed = window.messages().remove(0);
        drop(window);
        assert!(starts(&happen(&mut wizard, pressed, &context)));
        assert!(says(&wizard, &context, "Signing in to chapril.org"));
        stopped(&mut wizard, Problem::NoNetwork, &context);
        assert!(wizard.is_ticking(&context));
        let mut ticks = (1..).map(|_| starts(&happen(&mut wizard, Message::Ticked, &context)));
        assert_eq!(ticks.position(|started| started), Some(29), "now and then");
        assert!(!wizard.is_ticking(&context), "one try at a time");
    }
    let mut wizard = made(&context);
    stopped(&mut wizard, Problem::WrongPassword, &context);
    assert!(!wizard.waits_for_network() && says(&wizard, &context, "Password"), "that is mended in the form");
}

#[test]
fn an_account_that_may_be_there_waits_for_the_network_too() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::OutcomeUnknown, &context);
    stopped(&mut wizard, Problem::NoNetwork, &context);
    assert!(wizard.waits_for_network());
    assert!(says(&wizard, &context, "Whether alice@chapril.org was created isn’t known yet"));
    assert!(starts(&happen(&mut wizard, Message::RetryPressed, &context)));
    assert!(wizard.kept().perhaps.is_some());
}

#[test]
fn an_account_that_waits_is_not_lost_by_leaving() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = made(&context);
    stopped(&mut wizard, Problem::NoNetwork, &context);
    assert!(says(&wizard, &context, "Finish later"));
    let left = happen(&mut wizard, Message::BackPressed, &context);
    assert!(left.contains(&Action::Leave) && !left.contains(&Action::Forget), "{left:?}");
    assert_eq!(wizard.kept().created.as_deref(), Some("alice@chapril.org"));
    // The next start goes on with it.
    let (mut again, _) = Wizard::again(&wizard.kept(), &context);
    let password = causerie_model::Password::new("from the keyring".to_owned());
    assert!(starts(&again.resume(Some(&password), &context).1));
    stopped(&mut again, Problem::NoNetwork, &context);
    assert!(again.waits_for_network());
}

#[test]
fn a_limit_of_accounts_is_waited_for_or_left_by_another_network() {
    use std::time::Duration;
    let mut context = samples::empty(800.0, 600.0);
    let texts = |wizard: &Wizard, context: &Context| {
        let texts = Harness::new((800.0, 900.0), view(wizard, context)).texts();
        texts.into_iter().map(|(text, _)| text).collect::<Vec<_>>()
    };
    let again = |wizard: &Wizard, context: &Context| {
        let found = Harness::new((800.0, 900.0), view(wizard, context)).audit();
        found.into_iter().any(|found| found.label() == "Try again" && found.focusable)
    };
    for wait in [None, Some(Duration::from_secs(600))] {
        let mut wizard = sent(&context);
        refuse(&mut wizard, RefusalReason::TooManyAccounts { wait }, &context);
        assert!(!again(&wizard, &context) && wizard.is_ticking(&context));
        assert!(texts(&wizard, &context).contains(&"10:00 left".to_owned()));
        let before = context.now;
        context.now = asking::later(before, Duration::from_secs(90));
        assert!(texts(&wizard, &context).contains(&"8:30 left".to_owned()));
        context.now = asking::later(before, Duration::from_secs(600));
        assert!(again(&wizard, &context) && !wizard.is_ticking(&context));
        assert!(says(&wizard, &context, "Try again now"));
        context.now = before;
        assert_eq!(happen(&mut wizard, Message::NetworkChanged, &context), [], "a person decides that");
        assert!(again(&wizard, &context) && says(&wizard, &context, "Try again now"));
    }
}

#[test]
fn what_failed_for_lack_of_a_network_is_asked_again_when_there_is_one() {
    let context = samples::empty(800.0, 600.0);
    let registers = |actions: &[Action]| actions.iter().any(|action| matches!(action, Action::Register(_)));
    let mut wizard = newcomer(&context);
    refuse(&mut wizard, RefusalReason::Problem(Problem::NoNetwork), &context);
    let back = happen(&mut wizard, Message::NetworkChanged, &context);
    assert!(registers(&back) && back.contains(&Action::ListProviders), "{back:?}");
    tell(&mut wizard, open(), &context);
    let back = happen(&mut wizard, Message::NetworkChanged, &context);
    assert!(!registers(&back), "it has answered");
    let mut wizard = named("alice", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    refuse(&mut wizard, RefusalReason::Problem(Problem::NoNetwork), &context);
    assert!(registers(&happen(&mut wizard, Message::NetworkChanged, &context)));
    // What a provider has said itself stands.
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::Closed, &context);
    assert!(!registers(&happen(&mut wizard, Message::NetworkChanged, &context)));
}
