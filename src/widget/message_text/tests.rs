//! What a message's text does.

use iced::keyboard::key::Named;

use super::*;
use crate::widget::focus;
use crate::widget::harness::Harness;

#[derive(Clone, Debug, PartialEq)]
enum Said {
    Open(String),
    More,
}

fn ui(text: &str) -> Harness<'static, Said> {
    let text = message_text(text.to_owned()).on_link(Said::Open).on_more("Show more", Said::More);
    Harness::new((400.0, 300.0), focus::scope(Element::from(text)))
}

#[test]
fn its_words_are_found_by_tests_and_screen_readers() {
    let mut ui = ui("Salut 👋 https://example.org\u{202E}!");
    assert!(ui.texts().iter().any(|(text, _)| text == "Salut 👋 https://example.org!"));
    ui.fail_if_unlabelled();
}

#[test]
fn a_link_is_pressed_by_pointer_and_keyboard() {
    let mut ui = ui("Look at https://example.org/a. Or write to mailto:bob@example.org");
    ui.click("https://example.org/a");
    ui.key(Named::Tab);
    assert_eq!(ui.focused().as_deref(), Some("https://example.org/a"));
    ui.key(Named::Tab);
    ui.key(Named::Enter);
    assert_eq!(
        ui.messages(),
        [Said::Open("https://example.org/a".into()), Said::Open("mailto:bob@example.org".into())]
    );
    ui.click_at(iced::Point::new(4.0, 10.0));
    assert_eq!(ui.messages(), [], "plain words are no link");
}

#[test]
fn a_long_text_is_shown_in_part_with_a_link_to_the_rest() {
    let mut ui = ui(&"word ".repeat(4_000));
    assert!(ui.texts().iter().any(|(text, _)| text.len() < 11_000 && text.ends_with('…')));
    // It is far below the window's edge: reached by keyboard.
    ui.key(Named::Tab);
    ui.key(Named::Enter);
    assert_eq!(ui.messages(), [Said::More]);
}

#[test]
fn nothing_breaks_it() {
    for text in ["", "\u{202E}", "\0", "👩\u{200D}", "\u{FE0F}", "\u{0301}\u{0301}", "https://", "\n\n\n"] {
        ui(text).frame();
    }
}

#[test]
fn a_line_without_room_ends_in_an_ellipsis_and_stays_within() {
    let name = "Jean-Sébastien de la Tour-Maubourg 👩\u{200D}👧 et compagnie";
    for width in [60.0, 120.0, 200.0, 1_000.0] {
        let content = iced::widget::container(Element::from(line::<Said>(name, 15.0)));
        let mut ui: Harness<'_, Said> = Harness::new((width, 40.0), content);
        let (words, bounds) = ui.texts().remove(0);
        assert_eq!(words, name, "a screen reader has all of it");
        assert!(bounds.width <= width, "{width}: {}", bounds.width);
        assert!(bounds.height < 30.0);
    }
}
