//! The wizard as a person meets it: by keyboard, through every refusal, back and forth.

use std::collections::BTreeSet;
use std::time::Duration;

use causerie_model::registration::{FieldKind, RefusalReason, RegistrationCommand, RegistrationEvent, Stage};
use causerie_model::{BareJid, Connection, Problem, Timestamp};

use super::stages::*;
use super::*;
use crate::screen::samples;
use crate::screen::walk::walk;
use crate::widget::focus::focus;
use crate::widget::harness::Harness;

fn command(actions: &[Action]) -> Option<&RegistrationCommand> {
    actions.iter().find_map(|action| match action {
        Action::Register(wish) => Some(&wish.command),
        _ => None,
    })
}

fn fetches(actions: &[Action]) -> bool {
    command(actions) == Some(&RegistrationCommand::FetchForm)
}

#[test]
fn every_page_is_walked_by_keyboard() {
    let context = samples::empty(480.0, 420.0);
    for (name, wizard) in all(&context) {
        walk(name, (480.0, 420.0), view(&wizard, &context));
    }
}

#[test]
fn titles_are_short_in_every_language() {
    for language in ["en", "fr"] {
        let mut context = samples::empty(800.0, 600.0);
        context.i18n = crate::i18n::I18n::choose(Some(language), &[]);
        let titles: BTreeSet<String> = all(&context)
            .iter()
            .flat_map(|(_, wizard)| {
                let found = Harness::new((800.0, 600.0), view(wizard, &context)).audit();
                let heading = found.into_iter().find(|found| {
                    found.node.as_ref().is_some_and(|node| node.role == crate::widget::access::Role::Heading)
                });
                heading.map(|found| found.label().to_owned())
            })
            .collect();
        assert!(titles.len() >= 8, "{titles:?}");
        for title in &titles {
            assert!(title.split_whitespace().count() <= 6, "{title}");
        }
    }
}

/// From the first start to the conversation, where the provider asks for a puzzle, and where it asks for nothing.
#[test]
fn the_way_is_short() {
    let context = samples::empty(800.0, 600.0);
    let walked = |form: fn(u64) -> causerie_model::registration::Form| {
        // The first page and the conversation are not the wizard's.
        let mut pages = vec!["welcome".to_owned()];
        let mut see = |wizard: &Wizard| {
            let page = format!("{:?}", wizard.page);
            if wizard.pending_words().is_none() && wizard.signing.is_none() && pages.last() != Some(&page) {
                pages.push(page);
            }
        };
        let mut wizard = newcomer(&context);
        see(&wizard);
        tell(&mut wizard, open(), &context);
        happen(&mut wizard, Message::OnPressed, &context);
        see(&wizard);
        // 1: the name.
        let name = identity::Message::NameChanged("alice".to_owned());
        happen(&mut wizard, Message::Identity(name), &context);
        let asked = happen(&mut wizard, Message::OnPressed, &context);
        assert!(fetches(&asked));
        show(&mut wizard, form(1), &context);
        see(&wizard);
        if wizard.pending_words().is_none() {
            // 2: the puzzle.
            answer(&mut wizard, "516358", &context);
            happen(&mut wizard, Message::OnPressed, &context);
        }
        let jid = BareJid::new("alice@chapril.org").unwrap();
        let made = tell(&mut wizard, RegistrationEvent::Created(jid.clone()), &context);
        assert!(made.iter().any(|action| matches!(action, Action::SignIn(_))), "signed in at once");
        let _ = wizard.signed_in(samples::HOME, jid, &context);
        see(&wizard);
        happen(&mut wizard, Message::OnPressed, &context);
        see(&wizard);
        // 3: the contact. 4 is the message.
        let contact = contact::Message::AddressChanged("bob@chat.example".to_owned());
        happen(&mut wizard, Message::Contact(contact), &context);
        let added = happen(&mut wizard, Message::OnPressed, &context);
        assert!(added.iter().any(
            |action| matches!(action, Action::Add((_, peer), _) if peer.as_str() == "bob@chat.example")
        ));
        pages.push("conversation".to_owned());
        pages
    };
    let puzzle = walked(puzzle_form);
    assert!(puzzle.len() <= 7, "{puzzle:?}");
    let plain = walked(plain_form);
    assert_eq!(plain.len(), puzzle.len() - 1, "{plain:?}");
}

#[test]
fn enter_and_escape_go_the_whole_way() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = named("alice", &context);
    happen(&mut wizard, Message::BackPressed, &context);
    assert_eq!(wizard.page, Page::Provider);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!((wizard.page, wizard.identity.name()), (Page::Identity, "alice"), "nothing typed is lost");
    let password = wizard.identity.password();
    assert!(fetches(&happen(&mut wizard, Message::OnPressed, &context)));
    show(&mut wizard, puzzle_form(1), &context);
    answer(&mut wizard, "51", &context);
    happen(&mut wizard, Message::BackPressed, &context);
    assert_eq!(happen(&mut wizard, Message::OnPressed, &context).len(), 1, "the form is still good");
    assert_eq!(wizard.page, Page::Asking);
    assert!(wizard.asking.form().is_some());
    happen(&mut wizard, Message::BackPressed, &context);
    happen(&mut wizard, Message::BackPressed, &context);
    let left = happen(&mut wizard, Message::BackPressed, &context);
    assert!(left.contains(&Action::Leave));
    assert_eq!(wizard.identity.password(), password);
}

#[test]
fn waiting_says_for_what_and_is_cancelled() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = named("alice", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert!(says(&wizard, &context, "Connecting to chapril.org"));
    tell(&mut wizard, RegistrationEvent::StageChanged(Stage::Asking), &context);
    assert!(says(&wizard, &context, "Asking chapril.org"));
    assert!(labels(&wizard, &context).contains(&"Cancel".to_owned()));
    let ended = happen(&mut wizard, Message::BackPressed, &context);
    assert!(ended.contains(&Action::EndRegistration));
    assert_eq!((wizard.page, wizard.identity.name()), (Page::Identity, "alice"));
    let late = tell(&mut wizard, RegistrationEvent::FormReceived(puzzle_form(1)), &context);
    assert!(late.is_empty() && wizard.asking.form().is_none(), "what comes after that does not count");
}

#[test]
fn a_wrong_puzzle_is_another_one() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    assert!(fetches(&refuse(&mut wizard, RefusalReason::PuzzleFailed, &context)));
    show(&mut wizard, puzzle_form(2), &context);
    assert!(says(&wizard, &context, "That was not it"));
    let again = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(command(&again), None, "the answer to the one before is not sent again");
    let mut window = Harness::new((800.0, 600.0), view(&wizard, &context));
    window.perform(wizard.focus::<Message>());
    assert!(window.focused().unwrap().starts_with("Your answer"));
}

#[test]
fn a_taken_name_is_mended_beside_the_new_puzzle() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    assert!(fetches(&refuse(&mut wizard, RefusalReason::NameTaken, &context)));
    show(&mut wizard, puzzle_form(2), &context);
    assert_eq!(wizard.page, Page::Asking);
    let mut window = Harness::new((800.0, 1200.0), view(&wizard, &context));
    window.perform(wizard.focus::<Message>());
    assert!(window.focused().unwrap().contains("has this name already"));
    let proposed: Vec<String> =
        labels(&wizard, &context).into_iter().filter(|label| label.starts_with("alice")).collect();
    assert_eq!(proposed.len(), 3, "{proposed:?}");
    drop(window);
    let chosen = identity::Message::NameChosen(proposed[0].clone());
    happen(&mut wizard, Message::Identity(chosen), &context);
    answer(&mut wizard, "99", &context);
    let sent = happen(&mut wizard, Message::OnPressed, &context);
    let Some(RegistrationCommand::Submit(submission)) = command(&sent) else { panic!("{sent:?}") };
    assert_eq!(submission.name, proposed[0]);
    assert_eq!(submission.answers[0].values, ["99"]);
}

#[test]
fn where_nothing_more_is_asked_a_taken_name_is_mended_on_its_page() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = asked(plain_form(1), &context);
    assert!(wizard.pending_words().is_some(), "sent at once");
    let actions = refuse(&mut wizard, RefusalReason::NameTaken, &context);
    assert_eq!((wizard.page, command(&actions)), (Page::Identity, None));
    assert!(says(&wizard, &context, "has this name already"));
    let proposed: Vec<String> =
        labels(&wizard, &context).into_iter().filter(|label| label.starts_with("alice")).collect();
    assert_eq!(proposed.len(), 3, "{proposed:?}");
    // One of them and going on is all: no other page is seen before the answer.
    let chosen = identity::Message::NameChosen(proposed[0].clone());
    happen(&mut wizard, Message::Identity(chosen), &context);
    assert!(fetches(&happen(&mut wizard, Message::OnPressed, &context)));
    tell(&mut wizard, RegistrationEvent::FormReceived(plain_form(2)), &context);
    assert!(wizard.pending_words().is_some(), "sent at once");
}

#[test]
fn every_refusal_is_said_and_nothing_typed_is_lost() {
    let context = samples::empty(800.0, 600.0);
    let wait = Duration::from_secs(600);
    for (reason, words) in [
        (RefusalReason::NameNotAllowed, "does not allow this name"),
        (RefusalReason::PasswordNotAllowed, "does not take this password"),
        (RefusalReason::AnswersNotAccepted, "does not take one of the answers"),
        (RefusalReason::TooManyAccounts { wait: Some(wait) }, "next one is possible at 14:43"),
        (RefusalReason::TooManyAccounts { wait: None }, "ten minutes are usual. Try again at 14:43"),
        (RefusalReason::TooManyForms { wait: Duration::from_secs(60) }, "Try again at 14:34"),
        (RefusalReason::InvitationNeeded, "by invitation only"),
        (RefusalReason::InvitationInvalid, "used already"),
        (RefusalReason::Closed, "not taking new accounts"),
        (RefusalReason::NotAllowed, "did not allow it"),
        (RefusalReason::FormNotUnderstood, "does not understand"),
        (RefusalReason::Problem(Problem::TimedOut), "does not answer"),
    ] {
        let mut wizard = sent(&context);
        let password = wizard.identity.password();
        let actions = refuse(&mut wizard, reason.clone(), &context);
        if fetches(&actions) {
            show(&mut wizard, puzzle_form(2), &context);
        }
        assert!(says(&wizard, &context, words), "{reason:?}: {:#?}", labels(&wizard, &context));
        assert_eq!(wizard.identity.name(), "alice", "{reason:?}");
        assert_eq!(wizard.identity.password(), password, "{reason:?}");
    }
}

#[test]
fn another_provider_is_one_click_away_with_all_that_was_typed() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::Closed, &context);
    let password = wizard.identity.password();
    let mut window = Harness::new((900.0, 1400.0), view(&wizard, &context));
    let other = wizard.provider.alternatives(&context)[0].clone();
    window.click(&other);
    let pressed = window.messages().remove(0);
    drop(window);
    let actions = happen(&mut wizard, pressed, &context);
    assert_eq!(wizard.provider.chosen().map(BareJid::domain), Some(other.as_str()));
    assert_eq!((wizard.page, wizard.identity.name()), (Page::Identity, "alice"));
    assert_eq!(wizard.identity.password(), password);
    assert_eq!(command(&actions), Some(&RegistrationCommand::Probe));
    assert!(fetches(&happen(&mut wizard, Message::OnPressed, &context)));
}

#[test]
fn a_form_that_becomes_too_old_is_fetched_anew_without_a_word_but_not_for_ever() {
    let mut context = samples::empty(800.0, 600.0);
    let mut wizard = asked(puzzle_form(1), &context);
    assert!(says(&wizard, &context, "Your answer"));
    let shown = |wizard: &Wizard, context: &Context| {
        let texts = Harness::new((800.0, 900.0), view(wizard, context)).texts();
        texts.into_iter().map(|(text, _)| text).find(|text| text.ends_with(" left"))
    };
    assert_eq!(shown(&wizard, &context).as_deref(), Some("2:00 left"));
    assert!(wizard.is_ticking(&context));
    let start = context.now;
    let later = |seconds: i64| Timestamp::from_millis(start.as_millis() + seconds * 1000);
    context.now = later(75);
    assert!(happen(&mut wizard, Message::Ticked, &context).is_empty());
    assert_eq!(shown(&wizard, &context).as_deref(), Some("0:45 left"));
    for round in 1..=5 {
        context.now = later(round * 121);
        assert!(fetches(&happen(&mut wizard, Message::Ticked, &context)), "{round}");
        show(&mut wizard, puzzle_form(round as u64 + 1), &context);
    }
    context.now = later(6 * 121);
    assert!(happen(&mut wizard, Message::Ticked, &context).is_empty(), "nobody is there");
    assert!(says(&wizard, &context, "too old while you were away"));
    assert!(!wizard.is_ticking(&context));
    assert!(fetches(&happen(&mut wizard, Message::RetryPressed, &context)));
}

#[test]
fn a_question_about_a_picture_is_not_hidden_by_it() {
    let context = samples::empty(800.0, 600.0);
    let mut form = puzzle_form(1);
    form.fields[0].name = "picture_q".to_owned();
    form.fields[0].label = "How many cats are there?".to_owned();
    form.fields[0].hint = Some("A number".to_owned());
    let wizard = asked(form, &context);
    assert!(says(&wizard, &context, "How many cats are there?"));
    assert!(!says(&wizard, &context, "Your answer") && !says(&wizard, &context, "says what to type"));
    assert!(says(&asked(puzzle_form(1), &context), &context, "Your answer"));
}

#[test]
fn another_picture_is_not_asked_for_too_often() {
    let mut context = samples::empty(800.0, 600.0);
    let mut wizard = asked(puzzle_form(1), &context);
    let reload = || Message::Asking(asking::Message::ReloadPressed);
    assert!(happen(&mut wizard, reload(), &context).is_empty());
    context.now = Timestamp::from_millis(context.now.as_millis() + 7_000);
    assert!(fetches(&happen(&mut wizard, reload(), &context)));
}

#[test]
fn a_form_keeps_its_answers_when_it_comes_anew() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = asked(every_field(1), &context);
    let type_in = |wizard: &mut Wizard, place, typed| {
        happen(wizard, Message::Asking(asking::Message::Changed(place, typed)), &context)
    };
    let not_yet = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(command(&not_yet), None);
    assert!(says(&wizard, &context, "An answer is needed here"));
    let paste = |text: &str| {
        let edit = iced::widget::text_editor::Edit::Paste(std::sync::Arc::new(text.to_owned()));
        asking::Typed::Lines(iced::widget::text_editor::Action::Edit(edit))
    };
    type_in(&mut wizard, 1, asking::Typed::Line("alice@mail.example".to_owned()));
    type_in(&mut wizard, 5, paste("I like\nbooks"));
    type_in(&mut wizard, 6, asking::Typed::Option(2));
    type_in(&mut wizard, 7, asking::Typed::Option(0));
    type_in(&mut wizard, 7, asking::Typed::Option(1));
    type_in(&mut wizard, 8, asking::Typed::Ticked(true));
    let submitted = |wizard: &mut Wizard| {
        let sent = happen(wizard, Message::OnPressed, &context);
        let Some(RegistrationCommand::Submit(submission)) = command(&sent) else { panic!("{sent:?}") };
        let answers = submission.answers.iter().map(|answer| (answer.name.clone(), answer.values.join("|")));
        answers.collect::<Vec<_>>()
    };
    let first = submitted(&mut wizard);
    let wanted = [
        ("email", "alice@mail.example"),
        ("code", ""),
        ("friend", ""),
        ("friends", ""),
        ("why", "I like|books"),
        ("from", "Elsewhere"),
        ("interests", "A friend|A page of the web"),
        ("news", "true"),
    ];
    assert_eq!(first, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(fetches(&refuse(&mut wizard, RefusalReason::AnswersNotAccepted, &context)));
    show(&mut wizard, every_field(2), &context);
    assert_eq!(submitted(&mut wizard), first);
    assert!(every_field(1).fields.iter().any(|field| field.kind == FieldKind::JidMulti));
}

#[test]
fn whether_an_account_is_there_is_found_out_by_signing_in() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    let actions = refuse(&mut wizard, RefusalReason::OutcomeUnknown, &context);
    assert!(actions.iter().any(|action| matches!(action, Action::SignIn(sign_in::Action::Start { .. }))));
    assert!(says(&wizard, &context, "Signing in to chapril.org"));
    assert!(!says(&wizard, &context, "Your account is there"), "it is not known");
    let wrong = Connection::Stopped(Problem::WrongPassword);
    let wrong = Message::SignIn(sign_in::Message::ConnectionChanged(wrong));
    let actions = happen(&mut wizard, wrong, &context);
    assert!(actions.contains(&Action::SignIn(sign_in::Action::Leave)) && fetches(&actions));
    show(&mut wizard, puzzle_form(2), &context);
    assert!(says(&wizard, &context, "was not created"));
    assert_eq!(wizard.identity.name(), "alice");
}

#[test]
fn an_account_on_the_web_is_two_steps_and_opens_nothing_by_itself() {
    let context = samples::empty(800.0, 600.0);
    let page = "https://chat.example/register";
    let mut wizard = sent(&context);
    let actions = refuse(&mut wizard, RefusalReason::OnTheWeb(Some(page.to_owned())), &context);
    assert!(!actions.iter().any(|action| matches!(action, Action::Open(_))));
    assert_eq!(wizard.page, Page::Web);
    assert!(says(&wizard, &context, "write this one down"), "a lost password may be lost for good");
    let opened = happen(&mut wizard, Message::Web(web::Message::OpenPressed), &context);
    assert!(opened.contains(&Action::Open(page.to_owned())));
    let signing = happen(&mut wizard, Message::OnPressed, &context);
    assert!(signing.iter().any(|action| matches!(
        action,
        Action::SignIn(sign_in::Action::Start { jid, .. }) if jid.as_str() == "alice@chapril.org"
    )));
}

#[test]
fn back_and_on_again_leads_to_the_page_of_the_web() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = newcomer(&context);
    happen(&mut wizard, Message::Provider(provider::Message::Chosen("movim.eu".to_owned())), &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.page, Page::Web);
    for typed in [
        identity::Message::NameChanged("alice".to_owned()),
        identity::Message::PasswordChanged("swordfish".to_owned()),
    ] {
        happen(&mut wizard, Message::Identity(typed), &context);
    }
    happen(&mut wizard, Message::BackPressed, &context);
    assert_eq!(wizard.page, Page::Identity);
    let actions = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!((wizard.page, command(&actions)), (Page::Web, None));
    assert!(wizard.web.is_some());

    // The provider itself has said it.
    let page = Some("https://chat.example/register".to_owned());
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::OnTheWeb(page.clone()), &context);
    happen(&mut wizard, Message::BackPressed, &context);
    let actions = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!((wizard.page, command(&actions), &wizard.web), (Page::Web, None, &page));
}

#[test]
fn a_password_is_made_up_again_after_a_look_at_a_page_of_the_web() {
    let context = samples::empty(800.0, 600.0);
    let choose = |wizard: &mut Wizard, name: &str| {
        happen(wizard, Message::Provider(provider::Message::Chosen(name.to_owned())), &context);
        happen(wizard, Message::OnPressed, &context);
    };
    let mut wizard = newcomer(&context);
    choose(&mut wizard, "movim.eu");
    assert!(wizard.identity.is_own());
    happen(&mut wizard, Message::BackPressed, &context);
    choose(&mut wizard, "chalec.org");
    assert_eq!(wizard.page, Page::Identity);
    assert!(!wizard.identity.is_own() && !wizard.identity.password().reveal().is_empty());

    // What was typed stays, and so does the wish to type it.
    let mut wizard = newcomer(&context);
    choose(&mut wizard, "movim.eu");
    let typed = identity::Message::PasswordChanged("swordfish".to_owned());
    happen(&mut wizard, Message::Identity(typed), &context);
    happen(&mut wizard, Message::BackPressed, &context);
    choose(&mut wizard, "chalec.org");
    assert_eq!(wizard.identity.password().reveal(), "swordfish");
    let mut wizard = named("alice", &context);
    happen(&mut wizard, Message::Identity(identity::Message::WayChosen(identity::Way::Own)), &context);
    happen(&mut wizard, Message::BackPressed, &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert!(wizard.identity.is_own());
    assert!(Wizard::again(&wizard.kept(), &context).0.identity.is_own());
}

#[test]
fn an_invitation_fills_in() {
    let context = samples::empty(800.0, 600.0);
    let (mut wizard, _) = Wizard::for_invited("xmpp:alice@chat.example?register;preauth=secret", &context);
    assert!(says(&wizard, &context, "an account at chat.example"));
    assert!(
        happen(&mut wizard, Message::OnPressed, &context)
            .iter()
            .all(|action| matches!(action, Action::Remember(_)))
    );
    assert_eq!((wizard.page, wizard.identity.name()), (Page::Identity, "alice"));
    let asked = happen(&mut wizard, Message::OnPressed, &context);
    let Some(Action::Register(wish)) = asked.iter().find(|action| matches!(action, Action::Register(_)))
    else {
        panic!("{asked:?}")
    };
    assert_eq!(wish.provider.as_str(), "chat.example");
    assert_eq!(wish.invitation.as_ref().map(|token| token.as_str()), Some("secret"));

    let (mut wizard, _) = Wizard::for_invited("xmpp:bob@chat.example?roster;preauth=s;ibr=y", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.provider.chosen().map(BareJid::as_str), Some("chat.example"));
    assert_eq!(wizard.contact.address, "bob@chat.example");
    let (mut wizard, _) = Wizard::for_invited("xmpp:bob@chat.example", &context);
    let asked = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.page, Page::Provider);
    let Some(Action::Register(wish)) = asked.first() else { panic!("{asked:?}") };
    assert_eq!(wish.invitation, None, "a secret goes to nobody else");
    let have = happen(&mut wizard, Message::Invited(invited::Message::HaveAccountPressed), &context);
    assert!(
        have.iter()
            .any(|action| matches!(action, Action::HaveAccount(_, Some(link)) if link.contains("bob")))
    );
}

#[test]
fn a_provider_is_asked_as_it_is_typed_and_once() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = newcomer(&context);
    let type_in = |wizard: &mut Wizard, typed: &str| {
        happen(wizard, Message::Provider(provider::Message::Typed(typed.to_owned())), &context)
    };
    let rest = |wizard: &mut Wizard, letters| {
        happen(wizard, Message::Provider(provider::Message::Rested(letters)), &context)
    };
    happen(&mut wizard, Message::Provider(provider::Message::ListPressed), &context);
    type_in(&mut wizard, "example");
    assert_eq!(command(&rest(&mut wizard, 1)), None, "half a name is nobody’s");
    type_in(&mut wizard, "example.net");
    assert_eq!(command(&rest(&mut wizard, 1)), None, "there was another letter");
    assert_eq!(command(&rest(&mut wizard, 2)), Some(&RegistrationCommand::Probe));
    tell(&mut wizard, open(), &context);
    assert!(says(&wizard, &context, "Takes new accounts now"));
    assert_eq!(command(&rest(&mut wizard, 2)), None, "it has answered");
    refuse(&mut wizard, RefusalReason::Closed, &context);
    assert!(says(&wizard, &context, "Takes new accounts now"), "nothing was asked");
}

#[test]
fn a_newer_list_is_asked_for_on_its_page_and_does_not_move_what_is_shown() {
    use crate::providers::{CHAPRIL, Provider, Providers};
    let context = samples::empty(800.0, 600.0);
    let (mut wizard, (_, actions)) = Wizard::for_newcomer(&context);
    assert!(actions.contains(&Action::ListProviders));
    happen(&mut wizard, Message::Provider(provider::Message::ListPressed), &context);
    let shown = labels(&wizard, &context);
    let new = Provider { domain: "new.example".to_owned(), ..Provider::chapril() };
    let newer = || Message::providers_listed(Providers::new(vec![new.clone()]));
    assert!(happen(&mut wizard, newer(), &context).is_empty());
    assert_eq!(labels(&wizard, &context), shown);
    let typed = provider::Message::Typed("n".to_owned());
    happen(&mut wizard, Message::Provider(typed), &context);
    let found = labels(&wizard, &context);
    assert!(found.contains(&"new.example".to_owned()), "{found:?}");
    assert_eq!(wizard.provider.chosen().map(BareJid::domain), Some(CHAPRIL), "what was chosen stays so");
    assert!(found.contains(&CHAPRIL.to_owned()), "it is on every list");

    // Who comes back to the page finds it, too.
    let mut wizard = named("alice", &context);
    happen(&mut wizard, newer(), &context);
    assert!(wizard.provider.providers.get("new.example").is_none());
    let back = happen(&mut wizard, Message::BackPressed, &context);
    assert!(back.contains(&Action::ListProviders));
    assert!(wizard.provider.providers.get("new.example").is_some());

    // Nobody else's page asks for it.
    let (mut wizard, (_, actions)) = Wizard::for_invited("xmpp:bob@chat.example", &context);
    assert!(!actions.contains(&Action::ListProviders));
    let have = happen(&mut wizard, Message::Invited(invited::Message::HaveAccountPressed), &context);
    assert!(!have.contains(&Action::ListProviders), "{have:?}");
}

#[test]
fn another_provider_than_the_one_that_refused_is_on_an_open_list() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::NotAllowed, &context);
    happen(&mut wizard, Message::ElsewherePressed(None), &context);
    assert_eq!(wizard.page, Page::Provider);
    assert!(labels(&wizard, &context).contains(&"movim.eu".to_owned()));
}

#[test]
fn a_provider_by_invitation_is_not_said_to_be_open() {
    use causerie_model::registration::{Invitations, Offer};
    let context = samples::empty(800.0, 600.0);
    let mut wizard = newcomer(&context);
    let offer = Offer::Open { invitations: Invitations::Understood };
    tell(&mut wizard, RegistrationEvent::Offered(offer), &context);
    assert!(says(&wizard, &context, "perhaps only by invitation"));
    assert!(!says(&wizard, &context, "Takes new accounts now"));

    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::InvitationNeeded, &context);
    let actions = happen(&mut wizard, Message::ElsewherePressed(None), &context);
    assert_eq!(command(&actions), None, "it is known");
    assert!(says(&wizard, &context, "Only by invitation"));
    let again = happen(&mut wizard, Message::Provider(provider::Message::AskedAgain), &context);
    assert_eq!(command(&again), Some(&RegistrationCommand::Probe));
}

#[test]
fn a_closed_provider_is_not_gone_on_with() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = newcomer(&context);
    refuse(&mut wizard, RefusalReason::Closed, &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.page, Page::Provider);
    let other = wizard.provider.alternatives(&context)[0].clone();
    let actions = happen(&mut wizard, Message::Provider(provider::Message::Chosen(other)), &context);
    assert_eq!(command(&actions), Some(&RegistrationCommand::Probe));
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.page, Page::Identity);
}

#[test]
fn the_chosen_provider_is_seen_wherever_it_was_chosen() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = newcomer(&context);
    refuse(&mut wizard, RefusalReason::Closed, &context);
    let other = wizard.provider.alternatives(&context)[0].clone();
    let mut window = Harness::new((900.0, 2400.0), view(&wizard, &context));
    window.click(&other);
    let pressed = window.messages().remove(0);
    drop(window);
    happen(&mut wizard, pressed, &context);
    assert!(labels(&wizard, &context).contains(&other));
    assert!(says(&wizard, &context, &format!("Asking {other} whether")));
    tell(&mut wizard, open(), &context);
    assert!(says(&wizard, &context, "Takes new accounts now"));
    // Nor is it hidden by what is typed.
    let typed = provider::Message::Typed("nowhere".to_owned());
    happen(&mut wizard, Message::Provider(typed), &context);
    assert!(labels(&wizard, &context).contains(&other));
}

#[test]
fn what_was_copied_is_said_to_be() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = named("alice", &context);
    let copied = |wizard: &Wizard| labels(wizard, &context).iter().filter(|one| *one == "Copied.").count();
    assert_eq!(copied(&wizard), 0);
    happen(&mut wizard, Message::Identity(identity::Message::CopyPressed), &context);
    assert_eq!(copied(&wizard), 1);
    happen(&mut wizard, Message::Identity(identity::Message::AnotherPressed), &context);
    assert_eq!(copied(&wizard), 0, "this one was not");

    let mut wizard = signed_in(&context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(copied(&wizard), 0);
    for text in ["alice@chapril.org", "chapril@muc.chapril.org"] {
        happen(&mut wizard, Message::Contact(contact::Message::CopyPressed(text.to_owned())), &context);
        assert_eq!(copied(&wizard), 1, "{text}");
    }
}

#[test]
fn it_is_gone_on_with_after_a_restart() {
    let context = samples::empty(800.0, 600.0);
    let wizard = asked(puzzle_form(1), &context);
    let (again, (_, actions)) = Wizard::again(&wizard.kept(), &context);
    assert_eq!((again.page, again.identity.name()), (Page::Identity, "alice"));
    assert_eq!(actions, [], "nobody is asked by that");
    assert_ne!(again.identity.password(), wizard.identity.password(), "it was not written down");
    let renewed = "the one from before was not used";
    assert!(says(&again, &context, renewed) && !says(&named("alice", &context), &context, renewed));
    let mut changed = again;
    happen(&mut changed, Message::Identity(identity::Message::AnotherPressed), &context);
    assert!(!says(&changed, &context, renewed));

    let mut wizard = signed_in(&context);
    let typed = ready::Message::NameChanged("Alice Martin".to_owned());
    happen(&mut wizard, Message::Ready(typed), &context);
    let kept = wizard.kept();
    // The account is not in here: its password is in the keyring.
    let (again, _) = Wizard::again(&kept, &context);
    assert_eq!(again.waits_for_password().map(BareJid::as_str), Some("alice@chapril.org"));
    let mut context = context;
    context.accounts = vec![samples::account(samples::HOME, "alice@chapril.org", Connection::Online)];
    let (again, _) = Wizard::again(&kept, &context);
    assert_eq!((again.page, again.ready.name.as_str()), (Page::Ready, "Alice Martin"));
    assert_eq!(again.account, Some(samples::HOME));
}

#[test]
fn the_part_of_a_picture_is_chosen_by_keyboard_and_by_mouse() {
    use crate::portrait::{Original, Square};
    use iced::keyboard::{Key, Modifiers, key::Named};
    let context = samples::empty(800.0, 900.0);
    let published = |wizard: &mut Wizard| -> (Original, Square) {
        let actions = happen(wizard, Message::OnPressed, &context);
        let found = actions.into_iter().find_map(|action| match action {
            Action::Publish(_, _, picture) => picture.map(|(picture, _)| picture),
            _ => None,
        });
        found.unwrap()
    };
    let (original, middle) = published(&mut framed(&context));
    assert_eq!((original.size(), middle), ((400, 300), Square { x: 50, y: 0, side: 300 }));

    // By keyboard.
    let mut wizard = framed(&context);
    for key in [Key::Character("+".into()), Key::Named(Named::ArrowRight), Key::Named(Named::ArrowDown)] {
        let mut window = Harness::new((800.0, 900.0), view(&wizard, &context));
        window.perform(focus::<Message>(ready::CROP));
        assert_eq!(window.focused(), Some(context.i18n.get("wizard-crop")));
        window.key_with(key, Modifiers::empty());
        let said = window.messages();
        drop(window);
        for message in said {
            happen(&mut wizard, message, &context);
        }
    }
    assert_eq!(published(&mut wizard).1, Square { x: 65 + 17, y: 15 + 17 - 2, side: 270 });

    // By mouse: the buttons and the wheel; the crop's own tests drag it.
    let mut wizard = framed(&context);
    for button in ["wizard-crop-nearer", "wizard-crop-nearer", "wizard-crop-further"] {
        let mut window = Harness::new((800.0, 900.0), view(&wizard, &context));
        window.click(&context.i18n.get(button));
        let said = window.messages();
        drop(window);
        for message in said {
            happen(&mut wizard, message, &context);
        }
    }
    assert_eq!(published(&mut wizard).1.side, 270);
    happen(&mut wizard, Message::BackPressed, &context);
    happen(&mut wizard, Message::Ready(ready::Message::RemovePressed), &context);
    let actions = happen(&mut wizard, Message::OnPressed, &context);
    assert!(!actions.iter().any(|action| matches!(action, Action::Publish(..))), "{actions:?}");
    // Others have seen it.
    let gone = Action::Withdraw(samples::HOME, vec![causerie_model::ProfilePart::Picture]);
    assert!(actions.contains(&gone), "{actions:?}");
}

#[test]
fn what_is_remembered_holds_no_password() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = named("alice", &context);
    let typed = identity::Message::PasswordChanged("swordfish".to_owned());
    happen(&mut wizard, Message::Identity(typed), &context);
    let kept = serde_json::to_string(&wizard.kept()).unwrap();
    assert!(kept.contains("alice") && !kept.contains("swordfish"), "{kept}");
    let debug = format!("{wizard:?}");
    assert!(!debug.contains("swordfish"), "{debug}");
}

#[test]
fn who_gives_up_waiting_for_an_account_and_has_it_all_the_same_is_signed_in() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = sent(&context);
    let ended = happen(&mut wizard, Message::BackPressed, &context);
    assert!(ended.contains(&Action::EndRegistration));
    happen(&mut wizard, Message::OnPressed, &context);
    show(&mut wizard, puzzle_form(2), &context);
    answer(&mut wizard, "7", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    let actions = refuse(&mut wizard, RefusalReason::NameTaken, &context);
    assert!(actions.iter().any(|action| matches!(action, Action::SignIn(sign_in::Action::Start { .. }))));
    // It was somebody else.
    let wrong = Connection::Stopped(Problem::WrongPassword);
    happen(&mut wizard, Message::SignIn(sign_in::Message::ConnectionChanged(wrong)), &context);
    show(&mut wizard, puzzle_form(3), &context);
    answer(&mut wizard, "8", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert!(fetches(&refuse(&mut wizard, RefusalReason::NameTaken, &context)));
    show(&mut wizard, puzzle_form(4), &context);
    assert!(says(&wizard, &context, "has this name already"));
}

#[test]
fn escape_never_goes_on() {
    use iced::keyboard::key::Named;
    let context = samples::empty(800.0, 600.0);
    let mut wizard = signed_in(&context);
    let typed = ready::Message::NameChanged("Alice Martin".to_owned());
    happen(&mut wizard, Message::Ready(typed), &context);
    assert_eq!(happen(&mut wizard, Message::BackPressed, &context), []);
    assert_eq!(wizard.page, Page::Ready);
    // What leaves it out stands beside what goes on, not where the way back is.
    let mut window = Harness::new((800.0, 600.0), view(&wizard, &context));
    let place = |window: &mut Harness<'_, Message>, label: &str| {
        window.audit().into_iter().find(|found| found.label() == label).map(|found| found.bounds)
    };
    assert_eq!(place(&mut window, "Back"), None);
    let (skip, on) = (place(&mut window, "Skip").unwrap(), place(&mut window, "Continue").unwrap());
    assert!(skip.x > 400.0 && skip.x < on.x);
    window.click("Skip");
    let pressed = window.messages().remove(0);
    window.key(Named::Escape);
    drop(window);
    let actions = happen(&mut wizard, pressed, &context);
    assert_eq!(wizard.page, Page::Contact);
    assert!(!actions.iter().any(|action| matches!(action, Action::Publish(..))), "{actions:?}");
}

#[test]
fn the_answer_to_a_puzzle_is_in_sight_in_small_windows_too() {
    // The smallest window, and one of 800 by 600 where everything is twice as large.
    for size in [(480.0, 420.0), (400.0, 300.0), (800.0, 600.0)] {
        let context = samples::empty(size.0, size.1);
        let mut wizard = asked(puzzle_form(1), &context);
        refuse(&mut wizard, RefusalReason::PuzzleFailed, &context);
        show(&mut wizard, puzzle_form(2), &context);
        let mut window = Harness::new(size, view(&wizard, &context));
        window.perform(wizard.focus::<Message>());
        assert!(window.focused().unwrap().starts_with("Your answer"));
        assert!(window.sees_focus(), "{size:?}");
    }
}
