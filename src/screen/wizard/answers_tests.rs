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
    assert_eq!(kept, ["email", "from", "news"], "those that have room");
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
