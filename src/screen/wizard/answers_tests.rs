//! What was answered to a provider's form is there after a restart, as far as it may be written down.

use causerie_model::registration::{FieldKind, FieldOption, Form, RegistrationCommand};

use super::stages::*;
use super::*;
use crate::screen::samples;

fn type_in(wizard: &mut Wizard, place: usize, typed: asking::Typed, context: &Context) {
    happen(wizard, Message::Asking(asking::Message::Changed(place, typed)), context);
}

fn answers(actions: &[Action]) -> Vec<(String, String)> {
    let submitted = actions.iter().find_map(|action| match action {
        Action::Register(wish) => match &wish.command {
            RegistrationCommand::Submit(submission) => Some(&submission.answers),
            _ => None,
        },
        _ => None,
    });
    let answers = submitted.into_iter().flatten();
    answers.map(|answer| (answer.name.clone(), answer.values.join("|"))).collect()
}

/// The program ends and begins again, at the same form.
fn restarted(wizard: &Wizard, form: Form, context: &Context) -> Wizard {
    let written = serde_json::to_string(&wizard.kept()).unwrap();
    let (mut again, _) = Wizard::again(&serde_json::from_str(&written).unwrap(), context);
    happen(&mut again, Message::OnPressed, context);
    show(&mut again, form, context);
    again
}

#[test]
fn answers_outlive_a_restart_and_secrets_do_not() {
    let context = samples::empty(800.0, 600.0);
    let mut form = every_field(1);
    form.fields.push(field("club_token", "Code of the party", FieldKind::TextSingle));
    form.fields.extend(puzzle_form(1).fields);
    let mut wizard = asked(form.clone(), &context);
    let line = |text: &str| asking::Typed::Line(text.to_owned());
    type_in(&mut wizard, 1, line("alice@mail.example"), &context);
    type_in(&mut wizard, 2, line("s3cr3t of the club"), &context);
    let why = iced::widget::text_editor::Edit::Paste(std::sync::Arc::new("I like\nbooks".to_owned()));
    let why = asking::Typed::Lines(iced::widget::text_editor::Action::Edit(why));
    type_in(&mut wizard, 5, why, &context);
    type_in(&mut wizard, 6, asking::Typed::Option(1), &context);
    type_in(&mut wizard, 7, asking::Typed::Option(0), &context);
    type_in(&mut wizard, 7, asking::Typed::Option(2), &context);
    type_in(&mut wizard, 8, asking::Typed::Ticked(true), &context);
    type_in(&mut wizard, 9, line("s3cr3t of the party"), &context);
    type_in(&mut wizard, 10, line("516358"), &context);
    let written = serde_json::to_string(&wizard.kept()).unwrap();
    assert!(!written.contains("s3cr3t") && !written.contains("516358"), "{written}");
    assert!(!format!("{:?}", wizard.kept()).contains("books"));

    let mut again = restarted(&wizard, form.clone(), &context);
    type_in(&mut again, 10, line("99"), &context);
    let sent = answers(&happen(&mut again, Message::OnPressed, &context));
    for wanted in [
        ("email", "alice@mail.example"),
        ("code", ""),
        ("why", "I like|books"),
        ("from", "A page of the web"),
        ("interests", "A friend|Elsewhere"),
        ("news", "true"),
        ("club_token", ""),
        ("ocr", "99"),
    ] {
        assert!(sent.contains(&(wanted.0.to_owned(), wanted.1.to_owned())), "{wanted:?}: {sent:?}");
    }
    // Another provider does not get them.
    let (mut again, _) = Wizard::again(&wizard.kept(), &context);
    let other = again.provider.alternatives(&context)[0].clone();
    happen(&mut again, Message::ElsewherePressed(Some(other)), &context);
    assert_eq!(again.kept().answers, []);
    // Nor is more kept than there is room for.
    let mut wizard = asked(every_field(1), &context);
    for place in [1, 3] {
        type_in(&mut wizard, place, line(&"x".repeat(8 * 1024)), &context);
    }
    let kept: Vec<String> = wizard.kept().answers.into_iter().map(|(name, _)| name).collect();
    assert_eq!(kept, ["email"], "what has room, and was typed");
}

#[test]
fn a_choice_is_the_same_one_where_options_have_changed_their_places() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = asked(every_field(1), &context);
    let chosen = |wizard: &mut Wizard| {
        let why = iced::widget::text_editor::Edit::Paste(std::sync::Arc::new("books".to_owned()));
        let why = asking::Typed::Lines(iced::widget::text_editor::Action::Edit(why));
        type_in(wizard, 5, why, &context);
        let sent = answers(&happen(wizard, Message::OnPressed, &context));
        ["from", "interests"].map(|name| sent.iter().find(|(field, _)| field == name).unwrap().1.clone())
    };
    type_in(&mut wizard, 6, asking::Typed::Option(1), &context);
    type_in(&mut wizard, 7, asking::Typed::Option(0), &context);
    assert_eq!(chosen(&mut wizard), ["A page of the web", "A friend"]);
    let mut other = every_field(2);
    for field in &mut other.fields {
        field.options.reverse();
        if !field.options.is_empty() {
            let new = FieldOption { label: "New".to_owned(), value: "new".to_owned() };
            field.options.insert(0, new);
        }
    }
    refuse(&mut wizard, causerie_model::registration::RefusalReason::AnswersNotAccepted, &context);
    show(&mut wizard, other.clone(), &context);
    assert_eq!(chosen(&mut wizard), ["A page of the web", "A friend"]);
    // What is not offered any more is not chosen.
    let mut gone = other;
    for field in &mut gone.fields {
        field.options.retain(|option| option.value != "A page of the web" && option.value != "A friend");
    }
    refuse(&mut wizard, causerie_model::registration::RefusalReason::AnswersNotAccepted, &context);
    show(&mut wizard, gone, &context);
    assert_eq!(chosen(&mut wizard), ["", ""]);
}

/// A form whose provider fills in more than there is room for.
fn prefilled(id: u64) -> Form {
    let mut form = every_field(id);
    for place in 0..60 {
        let many = field(&format!("full-{place}"), "Full", FieldKind::TextMulti);
        form.fields.push(causerie_model::registration::Field { values: vec!["\"".repeat(8_000)], ..many });
    }
    form
}

#[test]
fn what_a_provider_fills_in_is_not_remembered() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = asked(prefilled(1), &context);
    type_in(&mut wizard, 1, asking::Typed::Line("alice@mail.example".to_owned()), &context);
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &wizard.kept(), &Turn::default());
    let kept = load(folder.path()).expect("it is not too long");
    assert_eq!(kept.answers, [("email".to_owned(), vec!["alice@mail.example".to_owned()])]);
    let why =
        asking::Typed::Lines(iced::widget::text_editor::Action::Move(iced::widget::text_editor::Motion::End));
    type_in(&mut wizard, 10, why, &context);
    assert_eq!(wizard.kept().answers.len(), 1, "who only looks has not answered");
}

#[test]
fn answers_are_there_again_after_a_look_at_another_provider() {
    let context = samples::empty(800.0, 600.0);
    let mut form = every_field(1);
    form.fields.push(field("club_token", "Code of the party", FieldKind::TextSingle));
    let first = |wizard: &mut Wizard| {
        let why = iced::widget::text_editor::Edit::Paste(std::sync::Arc::new("books".to_owned()));
        let why = asking::Typed::Lines(iced::widget::text_editor::Action::Edit(why));
        type_in(wizard, 5, why, &context);
        type_in(wizard, 1, asking::Typed::Line("alice@mail.example".to_owned()), &context);
        type_in(wizard, 9, asking::Typed::Line("s3cr3t".to_owned()), &context);
    };
    let elsewhere = |wizard: &mut Wizard, to: &str| {
        happen(wizard, Message::ElsewherePressed(Some(to.to_owned())), &context);
        tell(wizard, open(), &context);
        happen(wizard, Message::OnPressed, &context);
    };
    let mut wizard = asked(form.clone(), &context);
    let home = wizard.provider.chosen().unwrap().domain().to_owned();
    let other = wizard.provider.alternatives(&context)[0].clone();
    first(&mut wizard);
    elsewhere(&mut wizard, &other);
    show(&mut wizard, every_field(2), &context);
    assert_eq!(wizard.kept().answers, [], "the other one gets none of it");
    type_in(&mut wizard, 1, asking::Typed::Line("other@mail.example".to_owned()), &context);
    let mut restarted = Wizard::again(&wizard.kept(), &context).0;

    elsewhere(&mut wizard, &home);
    show(&mut wizard, Form { id: causerie_model::registration::FormId(3), ..form.clone() }, &context);
    let sent = answers(&happen(&mut wizard, Message::OnPressed, &context));
    for (name, value) in [("email", "alice@mail.example"), ("why", "books"), ("club_token", "s3cr3t")] {
        assert!(sent.contains(&(name.to_owned(), value.to_owned())), "{name}: {sent:?}");
    }

    // In another run as well, but for what is not written down.
    elsewhere(&mut restarted, &home);
    show(&mut restarted, Form { id: causerie_model::registration::FormId(4), ..form }, &context);
    let sent = answers(&happen(&mut restarted, Message::OnPressed, &context));
    for (name, value) in [("email", "alice@mail.example"), ("why", "books"), ("club_token", "")] {
        assert!(sent.contains(&(name.to_owned(), value.to_owned())), "{name}: {sent:?}");
    }
    elsewhere(&mut restarted, &other);
    show(&mut restarted, every_field(5), &context);
    assert_eq!(restarted.kept().answers[0].1, ["other@mail.example"]);
}

#[test]
fn a_provider_that_was_chosen_is_not_replaced_by_what_was_typed_before() {
    let context = samples::empty(800.0, 600.0);
    let tell_it = |wizard: &mut Wizard, message| happen(wizard, Message::Provider(message), &context);
    let chosen = |wizard: &Wizard| wizard.provider.chosen().map(ToString::to_string);
    for choose in [provider::Message::Chosen("movim.eu".to_owned()), provider::Message::Entered] {
        let mut wizard = newcomer(&context);
        tell_it(&mut wizard, provider::Message::ListPressed);
        tell_it(&mut wizard, provider::Message::Typed("movim.e".to_owned()));
        tell_it(&mut wizard, choose);
        tell_it(&mut wizard, provider::Message::Rested(1));
        assert_eq!(chosen(&wizard).as_deref(), Some("movim.eu"));
    }
    // Nor is the one that was gone on with.
    let mut wizard = newcomer(&context);
    tell_it(&mut wizard, provider::Message::Typed("jabber.example".to_owned()));
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(tell_it(&mut wizard, provider::Message::Rested(1)), []);
    assert_eq!(chosen(&wizard).as_deref(), Some("chapril.org"));
}
