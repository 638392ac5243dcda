//! What leads on from a page: one button, which does something, and dots that say how far it is.

use causerie_model::Timestamp;
use causerie_model::registration::{Picture, RefusalReason};
use iced::Task;

use super::stages::*;
use super::{Message, Page, Wizard, invited, view};
use crate::context::Context;
use crate::screen::samples;
use crate::widget::harness::Harness;

const SIZE: (f32, f32) = (900.0, 1400.0);

/// What the keyboard is on.
fn focused(wizard: &Wizard, context: &Context) -> Option<String> {
    let mut window = Harness::new(SIZE, view(wizard, context));
    window.perform(wizard.focus() as Task<()>);
    window.focused()
}

/// Whether a button of that name can be pressed.
fn works(wizard: &Wizard, context: &Context, label: &str) -> bool {
    let mut window = Harness::new(SIZE, view(wizard, context));
    window.click(label);
    !window.messages().is_empty()
}

fn unsolvable(context: &Context) -> Wizard {
    let mut form = puzzle_form(1);
    form.fields[0].picture = Some(Picture { media_type: "image/png".to_owned(), bytes: Vec::new() });
    asked(form, context)
}

#[test]
fn a_picture_that_did_not_come_is_no_question_and_the_wait_for_another_one_is_counted() {
    let mut context = samples::empty(900.0, 1400.0);
    let mut wizard = unsolvable(&context);
    let start = context.now;
    assert!(says(&wizard, &context, "Another picture (7 s)"));
    assert!(!says(&wizard, &context, "2:00 left"), "there is nothing to be in a hurry about");
    assert!(!works(&wizard, &context, "Create the account"));
    context.now = Timestamp::from_millis(start.as_millis() + 5_200);
    assert!(says(&wizard, &context, "Another picture (2 s)"));
    context.now = Timestamp::from_millis(start.as_millis() + 7_000);
    assert!(works(&wizard, &context, "Another picture"));
    // Whoever has seen it on the provider’s page can answer.
    answer(&mut wizard, "516358", &context);
    assert!(works(&wizard, &context, "Create the account"));
    let wizard = asked(puzzle_form(1), &context);
    assert!(works(&wizard, &context, "Create the account"), "what is missing is said there");
}

#[test]
fn where_trying_again_is_of_no_use_something_else_comes_first() {
    let context = samples::empty(900.0, 1400.0);
    for reason in
        [RefusalReason::InvitationNeeded, RefusalReason::InvitationInvalid, RefusalReason::FormNotUnderstood]
    {
        let mut wizard = sent(&context);
        refuse(&mut wizard, reason.clone(), &context);
        assert!(!says(&wizard, &context, "Try again"), "{reason:?}");
        assert_eq!(focused(&wizard, &context).as_deref(), Some("Another provider"), "{reason:?}");
        assert!(says(&wizard, &context, "No account yet"), "{reason:?}");
    }
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::FormNotUnderstood, &context);
    let mut window = Harness::new(SIZE, view(&wizard, &context));
    window.click("Open its web page");
    let pressed = window.messages().remove(0);
    drop(window);
    let opened = happen(&mut wizard, pressed, &context);
    assert!(
        matches!(opened.as_slice(), [super::Action::Open(page)] if page.contains("chapril.org")),
        "{opened:?}"
    );
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::Closed, &context);
    assert_eq!(focused(&wizard, &context).as_deref(), Some("Try again"), "it may be open again");
}

#[test]
fn where_an_account_may_be_there_no_title_says_that_there_is_none() {
    let context = samples::empty(900.0, 1400.0);
    let wizard = uncertain(&context);
    assert!(says(&wizard, &context, "Is your account there?"));
    assert!(!says(&wizard, &context, "No account yet"));
}

/// How many steps there are on each page of a way, and which one each is.
fn counted(wizard: &Wizard) -> (usize, usize) {
    let steps = wizard.steps();
    (wizard.step(&steps) + 1, steps.len())
}

#[test]
fn steps_become_no_fewer_on_the_way() {
    let context = samples::empty(900.0, 1400.0);
    let (mut wizard, _) = Wizard::for_invited("", &context);
    let link = invited::Message::LinkTyped("xmpp:chat.test?register;preauth=x".to_owned());
    happen(&mut wizard, Message::Invited(link), &context);
    assert_eq!(counted(&wizard), (1, 4), "invited, name, ready, contact");
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!((wizard.page, counted(&wizard)), (Page::Identity, (2, 4)));
    let name = super::identity::Message::NameChanged("alice".to_owned());
    happen(&mut wizard, Message::Identity(name), &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!((wizard.page, counted(&wizard)), (Page::Asking, (2, 4)), "it may ask nothing more");
    // It asks more: there is one step more from now on.
    show(&mut wizard, puzzle_form(1), &context);
    assert_eq!(counted(&wizard), (3, 5));
    answer(&mut wizard, "516358", &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(counted(&wizard), (3, 5));
    // Of chapril.org it is known.
    let mut wizard = newcomer(&context);
    assert_eq!(counted(&wizard), (1, 5));
    tell(&mut wizard, open(), &context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(counted(&wizard), (2, 5));
    assert_eq!(counted(&asked(puzzle_form(1), &context)), (3, 5));
    assert_eq!(counted(&signed_in(&context)), (4, 5));
    // Who only wants to talk is no provider.
    let (wizard, _) = Wizard::for_invited("xmpp:bob@chat.test?roster", &context);
    assert_eq!(counted(&wizard), (1, 6));
}
