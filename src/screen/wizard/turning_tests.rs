//! Who turns to something else, or leaves, gets nobody's form, is led to no dead end, and leaves nothing behind that asks.

use causerie_model::registration::{RefusalReason, RegistrationCommand};
use causerie_model::{BareJid, Problem};

use super::stages::*;
use super::*;
use crate::screen::samples;
use crate::widget::harness::Harness;

fn asks(actions: &[Action]) -> Option<(&str, &RegistrationCommand)> {
    actions.iter().find_map(|action| match action {
        Action::Register(wish) => Some((wish.provider.as_str(), &wish.command)),
        _ => None,
    })
}

fn typed(wizard: &mut Wizard, name: &str, context: &Context) {
    happen(wizard, Message::Provider(provider::Message::Typed(name.to_owned())), context);
}

#[test]
fn a_wizard_that_was_left_asks_nobody_and_writes_nothing() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = newcomer(&context);
    tell(&mut wizard, open(), &context);
    typed(&mut wizard, "jabber.example", &context);
    let left = happen(&mut wizard, Message::BackPressed, &context);
    assert!(left.contains(&Action::Leave), "{left:?}");
    assert_eq!(happen(&mut wizard, Message::Provider(provider::Message::Rested(1)), &context), []);
    let newer = Message::providers_listed(crate::providers::Providers::bundled());
    let (task, actions) = wizard.update(newer, &context);
    assert_eq!((actions, task.units()), (vec![], 0), "nothing is on its way to the disk");
    let edits = wizard.edits;
    assert_eq!(happen(&mut wizard, Message::Rested(edits), &context), []);
    // Who comes back is remembered again.
    let (_, back) = wizard.enter(Door::New, &context);
    assert!(back.iter().any(|action| matches!(action, Action::Remember(_))), "{back:?}");
    typed(&mut wizard, "jabber.example.", &context);
    let edits = wizard.edits;
    let kept = happen(&mut wizard, Message::Rested(edits), &context);
    assert!(matches!(kept.as_slice(), [Action::Remember(_)]), "{kept:?}");
}

#[test]
fn the_form_of_one_provider_is_not_shown_for_another_after_finding_something_out() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = uncertain(&context);
    // Another name at the same provider: its form is there, with an answer in it.
    happen(&mut wizard, Message::BackPressed, &context);
    let name = identity::Message::NameChanged("alicia".to_owned());
    happen(&mut wizard, Message::Identity(name), &context);
    happen(&mut wizard, Message::OnPressed, &context);
    show(&mut wizard, every_field(2), &context);
    let secret = asking::Typed::Line("for chapril.org alone".to_owned());
    happen(&mut wizard, Message::Asking(asking::Message::Changed(2, secret)), &context);
    for _ in 0..2 {
        happen(&mut wizard, Message::BackPressed, &context);
    }
    assert_eq!(wizard.page, Page::Provider);
    let other = wizard.provider.alternatives(&context)[0].clone();
    happen(&mut wizard, Message::Provider(provider::Message::Chosen(other.clone())), &context);
    tell(&mut wizard, open(), &context);
    // Instead of going on with it, it is to be found out whether the first one is there; then not after all.
    let doubted = BareJid::new("alice@chapril.org").unwrap();
    happen(&mut wizard, Message::Doubts(doubts::Message::FindOutPressed(doubted)), &context);
    for _ in 0..3 {
        if wizard.page != Page::Identity {
            happen(&mut wizard, Message::BackPressed, &context);
        }
    }
    assert_eq!(wizard.page, Page::Identity);
    let asked = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(asks(&asked), Some((other.as_str(), &RegistrationCommand::FetchForm)), "{asked:?}");
    assert!(wizard.asking.form().is_none());
    show(&mut wizard, every_field(3), &context);
    let shown = Harness::new((900.0, 2400.0), view(&wizard, &context)).texts();
    assert!(!shown.iter().any(|(text, _)| text.contains("for chapril.org alone")));
}

#[test]
fn a_page_of_the_web_is_that_of_the_chosen_provider() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    refuse(
        &mut wizard,
        RefusalReason::OnTheWeb(Some("https://chat.chapril.org/register".to_owned())),
        &context,
    );
    assert_eq!(wizard.page, Page::Web);
    for _ in 0..2 {
        happen(&mut wizard, Message::BackPressed, &context);
    }
    typed(&mut wizard, "jabber.example", &context);
    happen(&mut wizard, Message::Provider(provider::Message::Entered), &context);
    assert_eq!(wizard.provider.chosen().map(BareJid::as_str), Some("jabber.example"));
    assert_eq!(wizard.kept().web, None, "nobody else's");
}

#[test]
fn a_provider_that_is_known_to_be_a_dead_end_is_not_gone_on_with() {
    let context = samples::empty(800.0, 600.0);
    for (reason, ahead) in [
        (RefusalReason::Problem(Problem::UnknownHost), false),
        (RefusalReason::Problem(Problem::NoService), false),
        (RefusalReason::Problem(Problem::NotServed), false),
        (RefusalReason::Problem(Problem::NotSupported), false),
        (RefusalReason::InvitationNeeded, false),
        (RefusalReason::Closed, false),
        // Perhaps it is only our network, or a bad moment.
        (RefusalReason::Problem(Problem::NoNetwork), true),
        (RefusalReason::Problem(Problem::TimedOut), true),
        (RefusalReason::Problem(Problem::ConnectionRefused), true),
        (RefusalReason::OnTheWeb(None), true),
    ] {
        let mut wizard = newcomer(&context);
        tell(&mut wizard, open(), &context);
        typed(&mut wizard, "jabber.example", &context);
        let probe = happen(&mut wizard, Message::Provider(provider::Message::Rested(1)), &context);
        assert_eq!(asks(&probe), Some(("jabber.example", &RegistrationCommand::Probe)));
        refuse(&mut wizard, reason.clone(), &context);
        let found = Harness::new((900.0, 2400.0), view(&wizard, &context)).audit();
        let on = found.iter().find(|found| found.label() == "Continue").unwrap();
        assert_eq!(on.focusable, ahead, "{reason:?}");
        // It can always be tried again, and why it can't go on is said.
        assert!(found.iter().any(|found| found.label() == "Try again" && found.focusable), "{reason:?}");
        let mut entered = newcomer(&context);
        std::mem::swap(&mut entered, &mut wizard);
        happen(&mut entered, Message::Provider(provider::Message::Entered), &context);
        assert_eq!(entered.page == Page::Identity, ahead, "{reason:?}");
        if !ahead {
            let again = happen(&mut entered, Message::Provider(provider::Message::AskedAgain), &context);
            assert_eq!(asks(&again), Some(("jabber.example", &RegistrationCommand::Probe)));
            happen(&mut entered, Message::OnPressed, &context);
            assert_eq!(entered.page, Page::Identity, "nothing is known against it any more");
        }
    }
    // What the list knows is there, though not from here.
    let mut wizard = newcomer(&context);
    refuse(&mut wizard, RefusalReason::Problem(Problem::UnknownHost), &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.page, Page::Identity);
}

#[test]
fn an_invitation_leads_on_where_nobody_is_taken_without_one() {
    let context = samples::empty(800.0, 600.0);
    let (mut wizard, _) = Wizard::for_invited("xmpp:jabber.example?register;preauth=s3cr3t", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.page, Page::Identity);
    let refusal =
        causerie_model::registration::Refusal { reason: RefusalReason::InvitationNeeded, words: None };
    wizard.provider.refused(&BareJid::new("jabber.example").unwrap(), &refusal);
    let _ = wizard.go(Page::Provider, &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.page, Page::Identity);
}
