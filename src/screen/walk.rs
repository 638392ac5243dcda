//! A person without a mouse: goes over a screen by keyboard alone, and a screen reader says where they are.

use std::collections::BTreeSet;

use iced::keyboard::key::Named;

use crate::theme::Element;
use crate::widget::access::Found;
use crate::widget::harness::Harness;

/// Fails when something that can be used has no label, or can't be reached with Tab and arrows alone.
pub(crate) fn walk<'a, Message: 'a>(name: &str, size: (f32, f32), view: Element<'a, Message>) {
    let mut window = Harness::new(size, view);
    window.fail_if_unlabelled();
    let stops: Vec<String> =
        window.audit().iter().filter(|found| found.focusable).map(|found| found.label().to_owned()).collect();
    // Several may be called the same.
    let all: BTreeSet<String> = stops.iter().cloned().collect();
    assert!(!all.is_empty(), "{name}: nothing can be reached");
    let mut reached = BTreeSet::new();
    for _ in 0..=stops.len() {
        window.key(Named::Tab);
        let Some(stop) = focused(&mut window) else { continue };
        let typed = stop.node.as_ref().is_some_and(|node| is_typed(node.role));
        reached.insert(stop.label().to_owned());
        if typed {
            continue;
        }
        for arrow in [Named::ArrowUp, Named::ArrowDown, Named::ArrowRight] {
            for _ in 0..stops.len() {
                window.key(arrow);
                reached.extend(focused(&mut window).map(|found| found.label().to_owned()));
            }
        }
        window.key(Named::Home);
    }
    let missed: Vec<_> = all.difference(&reached).collect();
    assert!(missed.is_empty(), "{name}: not reached: {missed:#?}, reached: {reached:#?}");
}

fn focused<'a, Message: 'a>(window: &mut Harness<'a, Message>) -> Option<Found> {
    window.audit().into_iter().find(|found| found.focused)
}

fn is_typed(role: crate::widget::access::Role) -> bool {
    use crate::widget::access::Role;
    matches!(role, Role::TextInput | Role::PasswordInput | Role::Editor)
}
