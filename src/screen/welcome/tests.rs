use super::*;
use crate::screen::samples;
use crate::screen::walk::walk;
use crate::widget::harness::Harness;

#[test]
fn the_first_page_is_walked_by_keyboard() {
    let context = samples::empty(480.0, 600.0);
    walk("welcome", (480.0, 600.0), view(&context));
}

#[test]
fn both_doors_open() {
    let context = samples::empty(800.0, 600.0);
    let mut window = Harness::new((800.0, 600.0), view(&context));
    window.click("I have an account");
    window.click("Français");
    let said = window.messages();
    assert!(matches!(said.as_slice(), [Message::SignInPressed, Message::LanguageChosen(tag)] if tag == "fr"));
}
