//! What is typed letter by letter into the window goes into the field where it was begun, and is seen to its end.

use causerie_model::Password;
use causerie_model::registration::{RefusalReason, RegistrationCommand};
use iced::keyboard::{Key, Modifiers};

use super::stages::*;
use super::*;
use crate::screen::samples;
use crate::widget::harness::{Harness, Paused};

/// Somebody in front of the window: what they press happens, and is drawn before the next key.
struct Person<'c> {
    wizard: Wizard,
    context: &'c Context,
    window: Option<Paused>,
}

impl<'c> Person<'c> {
    fn at(wizard: Wizard, context: &'c Context) -> Self {
        let window = Harness::new((800.0, 1200.0), view(&wizard, context)).pause();
        let mut person = Self { wizard, context, window: Some(window) };
        let focus = person.wizard.focus::<Message>();
        person.does(|window| window.perform(focus));
        person
    }

    fn does<T>(&mut self, deed: impl FnOnce(&mut Harness<'_, Message>) -> T) -> T {
        let mut window = self.window.take().unwrap().show(view(&self.wizard, self.context));
        let (done, messages) = (deed(&mut window), window.messages());
        self.window = Some(window.pause());
        for message in messages {
            let (task, _) = self.wizard.change(message, self.context);
            let mut window = self.window.take().unwrap().show(view(&self.wizard, self.context));
            window.perform(task);
            self.window = Some(window.pause());
        }
        done
    }

    /// Types, and is in the same field after each letter.
    fn types(&mut self, text: &str, field: &str) {
        for letter in text.chars() {
            let letter = letter.to_string();
            self.does(|window| window.key_with(Key::Character(letter.as_str().into()), Modifiers::empty()));
            let focused = self.does(|window| window.focused());
            assert!(
                focused.as_deref().is_some_and(|label| label.starts_with(field)),
                "after {letter:?}: {focused:?}"
            );
        }
    }

    fn sees(&mut self, words: &str) -> bool {
        let labels = self.does(|window| window.audit());
        shows(&self.wizard, self.context, words) || labels.iter().any(|found| found.label().contains(words))
    }
}

/// Whether that is to be read somewhere.
fn shows(wizard: &Wizard, context: &Context, words: &str) -> bool {
    let texts = Harness::new((800.0, 1200.0), view(wizard, context)).texts();
    texts.iter().any(|(text, _)| text.contains(words))
}

/// At a new puzzle, after that refusal of the first.
fn refused(reason: RefusalReason, context: &Context) -> Wizard {
    let mut wizard = sent(context);
    refuse(&mut wizard, reason, context);
    show(&mut wizard, puzzle_form(2), context);
    wizard
}

/// The puzzle has become too old, and another one comes.
fn renewed(wizard: &mut Wizard, context: &Context) {
    wizard.asking.used_up();
    let _ = wizard.fetch();
    show(wizard, puzzle_form(3), context);
}

/// What goes to the provider with the answer to the puzzle.
fn submitted(wizard: &mut Wizard, context: &Context) -> (String, Password) {
    answer(wizard, "99", context);
    let sent = happen(wizard, Message::OnPressed, context);
    let command = sent.iter().find_map(|action| match action {
        Action::Register(wish) => Some(&wish.command),
        _ => None,
    });
    let Some(RegistrationCommand::Submit(submission)) = command else { panic!("{sent:?}") };
    (submission.name.clone(), submission.password.clone())
}

#[test]
fn a_name_is_typed_to_its_end_beside_a_new_puzzle() {
    let context = samples::empty(800.0, 600.0);
    for reason in [RefusalReason::NameTaken, RefusalReason::NameNotAllowed] {
        let mut person = Person::at(refused(reason, &context), &context);
        person.types("bert", "Name");
        assert_eq!(person.wizard.identity.name(), "alicebert");
        assert!(person.sees("Your address: alicebert@chapril.org"));
        // Another puzzle leaves it there; who was typing goes on typing.
        renewed(&mut person.wizard, &context);
        let focus = person.wizard.focus::<Message>();
        person.does(|window| window.perform(focus));
        person.types("a", "Name");
        let mut wizard = person.wizard;
        assert_eq!(submitted(&mut wizard, &context).0, "aliceberta");
    }
}

#[test]
fn a_password_is_typed_to_its_end_beside_a_new_puzzle() {
    let context = samples::empty(800.0, 600.0);
    let mut person = Person::at(refused(RefusalReason::PasswordNotAllowed, &context), &context);
    person.does(|window| window.key_with(Key::Character("a".into()), Modifiers::COMMAND));
    person.types("mountain9", "Password");
    assert_eq!(person.wizard.identity.password(), Password::new("mountain9".to_owned()));
    // One that is made up again stays to be seen, too.
    person.does(|window| window.click("Letters and digits"));
    assert!(person.sees("Another password"));
    let shown = person.wizard.identity.password();
    let mut wizard = person.wizard;
    assert_eq!(submitted(&mut wizard, &context).1, shown);
}

#[test]
fn a_proposed_name_can_be_changed_where_it_was_chosen() {
    let context = samples::empty(800.0, 600.0);
    let mut person = Person::at(refused(RefusalReason::NameTaken, &context), &context);
    let proposed: Vec<String> = {
        let found = person.does(|window| window.audit());
        found
            .iter()
            .map(|found| found.label().to_owned())
            .filter(|label| label.starts_with("alice"))
            .collect()
    };
    person.does(|window| window.click(&proposed[1]));
    assert!(person.sees(&format!("Your address: {}@chapril.org", proposed[1])));
    person.types("x", "Name");
    assert_eq!(person.wizard.identity.name(), format!("{}x", proposed[1]));
}

#[test]
fn what_was_mended_is_not_asked_again_after_it_was_sent_or_left() {
    let context = samples::empty(800.0, 600.0);
    let mended = || {
        let mut person = Person::at(refused(RefusalReason::NameTaken, &context), &context);
        person.types("b", "Name");
        person.wizard
    };
    let mut wizard = mended();
    submitted(&mut wizard, &context);
    refuse(&mut wizard, RefusalReason::PuzzleFailed, &context);
    show(&mut wizard, puzzle_form(3), &context);
    assert!(!shows(&wizard, &context, "Your address"));
    let mut wizard = mended();
    happen(&mut wizard, Message::BackPressed, &context);
    assert_eq!(wizard.page, Page::Identity);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(wizard.page, Page::Asking);
    assert!(!shows(&wizard, &context, "Your address"));
    // What is answered before the puzzle is new again keeps the keyboard at the puzzle.
    let mut wizard = mended();
    answer(&mut wizard, "9", &context);
    renewed(&mut wizard, &context);
    let mut person = Person::at(wizard, &context);
    assert!(person.does(|window| window.focused()).unwrap().starts_with("Your answer"));
    assert!(person.sees("Your address: aliceb@chapril.org"));
}
