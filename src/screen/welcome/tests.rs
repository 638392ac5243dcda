use super::*;
use crate::screen::samples;
use crate::screen::walk::walk;
use crate::widget::harness::Harness;

#[test]
fn the_first_page_is_walked_by_keyboard() {
    let context = samples::empty(480.0, 600.0);
    walk("welcome", (480.0, 600.0), view(&context));
    let context = samples::lively(480.0, 600.0);
    walk("welcome to another account", (480.0, 600.0), view(&context));
}

#[test]
fn all_doors_open() {
    let context = samples::empty(800.0, 800.0);
    let mut window = Harness::new((800.0, 800.0), view(&context));
    for door in ["I’m new", "I have an account", "I was invited", "Network settings", "Français"] {
        window.click(door);
    }
    let said = window.messages();
    assert!(
        matches!(said.as_slice(), [
            Message::NewPressed,
            Message::SignInPressed,
            Message::InvitedPressed,
            Message::NetworkPressed,
            Message::LanguageChosen(tag),
        ] if tag == "fr"),
        "{said:?}"
    );
}
