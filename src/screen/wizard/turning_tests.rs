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

/// Chooses a provider of the list, or one by name.
fn choose(wizard: &mut Wizard, provider: &str, context: &Context) -> Vec<Action> {
    happen(wizard, Message::Provider(provider::Message::Chosen(provider.to_owned())), context)
}

#[test]
fn a_form_is_not_shown_again_when_its_line_has_ended() {
    let context = samples::empty(800.0, 600.0);
    let form = || every_field(1);
    let secret = |wizard: &mut Wizard| {
        let said = asking::Typed::Line("I was told of you".to_owned());
        happen(wizard, Message::Asking(asking::Message::Changed(3, said)), &context);
    };
    let fetched = Some(("chapril.org", &RegistrationCommand::FetchForm));
    // Another provider was asked meanwhile.
    let mut wizard = asked(form(), &context);
    secret(&mut wizard);
    for _ in 0..2 {
        happen(&mut wizard, Message::BackPressed, &context);
    }
    assert_eq!(
        asks(&choose(&mut wizard, "jabber.example", &context)),
        Some(("jabber.example", &RegistrationCommand::Probe))
    );
    choose(&mut wizard, "chapril.org", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    let on = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(asks(&on), fetched);
    show(&mut wizard, every_field(2), &context);
    assert!(
        wizard.asking.kept().iter().any(|answer| answer.values == ["I was told of you"]),
        "what was typed stays"
    );
    // Somebody does not want to wait for what came of it.
    let mut wizard = sent(&context);
    happen(&mut wizard, Message::BackPressed, &context);
    assert_eq!(wizard.page, Page::Identity);
    let on = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(asks(&on), fetched);
    // Or has left.
    let mut wizard = asked(form(), &context);
    for _ in 0..3 {
        happen(&mut wizard, Message::BackPressed, &context);
    }
    assert!(wizard.is_left());
    let _ = wizard.enter(Door::New, &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(asks(&happen(&mut wizard, Message::OnPressed, &context)), fetched);
    // An invitation to the same provider has come: the form is asked for with it.
    let mut wizard = asked(form(), &context);
    let _ = wizard.take_link("xmpp:chapril.org?register;preauth=s3cr3t", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(asks(&happen(&mut wizard, Message::OnPressed, &context)), fetched);
    // Where nothing of that has happened, it is there still.
    let mut wizard = asked(form(), &context);
    happen(&mut wizard, Message::BackPressed, &context);
    assert_eq!(asks(&happen(&mut wizard, Message::OnPressed, &context)), None);
    assert!(wizard.asking.form().is_some());
}

#[test]
fn a_password_of_ones_own_is_there_after_looking_at_the_others() {
    use crate::passwords::Form;
    use identity::Way;
    let context = samples::empty(800.0, 600.0);
    let mut wizard = named("", &context);
    let way = |way| Message::Identity(identity::Message::WayChosen(way));
    happen(&mut wizard, way(Way::Own), &context);
    let typed = identity::Message::PasswordChanged("my own words".to_owned());
    happen(&mut wizard, Message::Identity(typed), &context);
    let password = |wizard: &Wizard| wizard.identity.password().reveal().to_owned();
    happen(&mut wizard, way(Way::Own), &context);
    assert_eq!(password(&wizard), "my own words", "it was chosen already");
    happen(&mut wizard, way(Way::Made(Form::Readable)), &context);
    let made = password(&wizard);
    assert_ne!(made, "my own words");
    happen(&mut wizard, way(Way::Made(Form::Readable)), &context);
    assert_eq!(password(&wizard), made, "somebody may have written it down");
    happen(&mut wizard, way(Way::Own), &context);
    assert_eq!(password(&wizard), "my own words");
    // A provider that makes accounts on a page of the web asks for one, too.
    happen(&mut wizard, Message::BackPressed, &context);
    wizard.asked_of = wizard.provider.chosen().cloned();
    wizard.web = Some("https://chat.example/register".to_owned());
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!((wizard.page, password(&wizard).as_str()), (Page::Web, "my own words"));
}

#[test]
fn a_name_that_was_changed_stays_when_one_looks_at_the_invitation_again() {
    let context = samples::empty(800.0, 600.0);
    let link = "xmpp:alice@jabber.example?register;preauth=s3cr3t";
    let (mut wizard, _) = Wizard::for_invited(link, &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!((wizard.page, wizard.identity.name()), (Page::Identity, "alice"));
    let name = identity::Message::NameChanged("alice.martin".to_owned());
    happen(&mut wizard, Message::Identity(name), &context);
    happen(&mut wizard, Message::BackPressed, &context);
    assert_eq!(wizard.page, Page::Invited);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.identity.name(), "alice.martin");
    happen(&mut wizard, Message::BackPressed, &context);
    let (mut again, _) = Wizard::again(&wizard.kept(), &context);
    happen(&mut again, Message::OnPressed, &context);
    assert_eq!(again.identity.name(), "alice.martin", "after a restart, too");
    // Another invitation is for another name.
    let _ = wizard.take_link("xmpp:bob@jabber.example?register;preauth=0ther", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.identity.name(), "bob");
}
