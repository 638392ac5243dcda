//! What must hold of a list, whatever is scrolled, added or removed.

use std::cell::RefCell;
use std::rc::Rc;

use iced::advanced::widget::Operation;
use iced::widget::{container, text};
use iced::{Point, keyboard::key::Named};

use super::command::{Command, Go};
use super::*;
use crate::theme::style::Selection;
use crate::widget::button::row_button;
use crate::widget::focus;
use crate::widget::harness::Harness;

/// Rows with their heights.
type Rows = Rc<RefCell<Vec<(u32, f32)>>>;

#[derive(Clone, Debug, PartialEq)]
enum Said {
    Seen(Visible),
    Pressed(u32),
}

fn rows(numbers: impl IntoIterator<Item = u32>) -> Rows {
    Rc::new(RefCell::new(numbers.into_iter().map(|n| (n, 40.0)).collect()))
}

fn view(rows: &Rows, start: Start) -> Element<'static, Said> {
    let (a, b, c) = (rows.clone(), rows.clone(), rows.clone());
    let list = VirtualList::new(
        rows.borrow().len(),
        move |index| a.borrow()[index].0,
        move |key| b.borrow().iter().position(|row| row.0 == *key),
        move |index| {
            let (n, height) = c.borrow()[index];
            let words = container(text(format!("row {n}"))).height(height);
            row_button(format!("row {n}"), words, Selection::Off)
                .padding(0.0)
                .on_press(Said::Pressed(n))
                .into()
        },
    )
    .id("list")
    .start(start)
    .on_change(Said::Seen);
    focus::scope(focus::group(list))
}

struct List {
    ui: Harness<'static, Said>,
    rows: Rows,
    start: Start,
}

impl List {
    fn new(count: u32, start: Start) -> Self {
        let rows = rows(0..count);
        Self { ui: Harness::new((300.0, 400.0), view(&rows, start)), rows, start }
    }

    fn change(&mut self, change: impl FnOnce(&mut Vec<(u32, f32)>)) {
        change(&mut self.rows.borrow_mut());
        let view = view(&self.rows, self.start);
        self.ui.show(view);
    }

    /// The rows that are in memory and their tops.
    fn tops(&mut self) -> Vec<(u32, f32)> {
        let found = self.ui.audit();
        found
            .iter()
            .filter_map(|found| Some((found.label().strip_prefix("row ")?.parse().ok()?, found.bounds.y)))
            .collect()
    }

    fn top(&mut self, number: u32) -> Option<f32> {
        self.tops().into_iter().find(|row| row.0 == number).map(|row| row.1)
    }

    fn seen(&mut self) -> Option<Visible> {
        self.ui
            .messages()
            .into_iter()
            .filter_map(|said| if let Said::Seen(seen) = said { Some(seen) } else { None })
            .next_back()
    }

    fn command(&mut self, command: Command<u32>) {
        let mut go = Go { id: "list".into(), command: Some(command) };
        self.ui.operate(&mut go as &mut dyn Operation);
    }

    fn wheel(&mut self, pixels: f32) {
        self.ui.point(Point::new(100.0, 200.0));
        self.ui.wheel(pixels);
    }
}

#[test]
fn it_begins_at_its_end_and_only_what_is_near_is_built() {
    let mut list = List::new(1_000_000, Start::Bottom);
    assert_eq!(list.seen(), Some(Visible { first: 999_990, last: 999_999, at_top: false, at_bottom: true }));
    assert_eq!(list.top(999_999), Some(360.0));
    assert!(list.tops().len() < 20);

    let mut list = List::new(1_000_000, Start::Top);
    assert_eq!(list.seen(), Some(Visible { first: 0, last: 9, at_top: true, at_bottom: false }));
    assert!(list.tops().len() < 20);
}

#[test]
fn few_rows_stand_where_the_list_begins() {
    assert_eq!(List::new(3, Start::Top).top(0), Some(0.0));
    let mut list = List::new(3, Start::Bottom);
    assert_eq!(list.top(2), Some(360.0));
    assert_eq!(list.seen(), Some(Visible { first: 0, last: 2, at_top: true, at_bottom: true }));
    list.wheel(500.0);
    assert_eq!(list.top(2), Some(360.0), "there is nothing to scroll");
    assert_eq!(List::new(0, Start::Bottom).tops(), []);
}

#[test]
fn what_is_read_stays_where_it_is() {
    let mut list = List::new(100, Start::Bottom);
    list.wheel(1010.0);
    let before = list.top(70).unwrap();
    list.change(|rows| {
        rows.splice(0..0, (1000..1050).map(|n| (n, 33.0)));
    });
    assert_eq!(list.top(70), Some(before), "older rows came");
    list.change(|rows| rows.extend((2000..2010).map(|n| (n, 55.0))));
    assert_eq!(list.top(70), Some(before), "newer rows came");
    let first = list.tops().iter().find(|row| row.1 + 40.0 > 0.0).unwrap().0;
    list.change(|rows| rows.iter_mut().filter(|row| row.0 < first).for_each(|row| row.1 = 90.0));
    assert_eq!(list.top(70), Some(before), "rows above grew");
    list.change(|rows| rows.retain(|row| row.0 >= 60 || row.0 % 2 == 0));
    assert_eq!(list.top(70), Some(before), "rows above went");
    list.ui.resize((300.0, 300.0));
    assert_eq!(list.top(70), Some(before), "the window changed");
}

#[test]
fn the_row_that_held_the_place_may_go() {
    let mut list = List::new(100, Start::Bottom);
    list.wheel(1010.0);
    let first = list.tops().iter().find(|row| row.1 + 40.0 > 0.0).unwrap().0;
    let (next, top) = (first + 1, list.top(first + 1));
    list.change(|rows| rows.retain(|row| row.0 != first));
    assert_eq!(list.top(next), top);
    list.change(|rows| rows.clear());
    assert_eq!(list.tops(), []);
    list.change(|rows| rows.extend((0..50).map(|n| (n, 40.0))));
    assert!(list.tops().len() >= 10);
}

#[test]
fn it_sticks_to_the_end_it_begins_at() {
    let mut list = List::new(100, Start::Bottom);
    list.change(|rows| rows.push((500, 80.0)));
    assert_eq!(list.top(500), Some(320.0));
    list.change(|rows| rows.last_mut().unwrap().1 = 120.0);
    assert_eq!(list.top(500), Some(280.0), "the last row grew");

    let mut list = List::new(100, Start::Top);
    list.change(|rows| rows.insert(0, (500, 80.0)));
    assert_eq!(list.top(500), Some(0.0));
}

#[test]
fn it_scrolls_by_wheel_as_far_as_there_are_rows_and_no_delta_is_too_large() {
    let mut list = List::new(100_000, Start::Bottom);
    list.wheel(100.0);
    assert_eq!(list.top(99_999), Some(460.0));
    for pixels in [1e9, f32::MAX, f32::INFINITY, f32::NAN] {
        list.wheel(pixels);
        assert!(list.tops().len() < 40, "{pixels}: {}", list.tops().len());
    }
    assert!(list.seen().is_some_and(|seen| seen.at_top));
    assert_eq!(list.top(0), Some(0.0));
    list.wheel(-1e9);
    assert!(list.seen().is_some_and(|seen| seen.at_bottom));
    assert_eq!(list.top(99_999), Some(360.0));
}

#[test]
fn keys_go_by_pages_and_to_the_ends() {
    let mut list = List::new(1_000, Start::Bottom);
    list.ui.point(Point::new(100.0, 200.0));
    list.ui.key(Named::PageUp);
    assert_eq!(list.top(999), Some(720.0_f32.min(360.0 + 360.0)).filter(|_| list.top(999).is_some()));
    assert!(list.seen().is_some_and(|seen| seen.first == 981 && !seen.at_bottom));
    list.ui.key(Named::PageDown);
    assert!(list.seen().is_some_and(|seen| seen.at_bottom));
    list.ui.key(Named::Home);
    assert!(list.seen().is_some_and(|seen| seen.at_top));
    list.ui.key(Named::End);
    assert!(list.seen().is_some_and(|seen| seen.at_bottom));
}

#[test]
fn arrows_walk_through_rows_that_were_not_there_yet() {
    let mut list = List::new(1_000, Start::Top);
    list.ui.key(Named::Tab);
    assert_eq!(list.ui.focused().as_deref(), Some("row 0"));
    for _ in 0..50 {
        list.ui.key(Named::ArrowDown);
    }
    assert_eq!(list.ui.focused().as_deref(), Some("row 50"));
    let top = list.top(50).unwrap();
    assert!((0.0..=360.0).contains(&top), "it is seen: {top}");
    list.ui.key(Named::Enter);
    assert!(list.ui.messages().contains(&Said::Pressed(50)));
    list.ui.key(Named::End);
    assert_eq!(list.ui.focused().as_deref(), Some("row 999"));
    list.ui.key(Named::Home);
    assert_eq!(list.ui.focused().as_deref(), Some("row 0"));
}

#[test]
fn it_goes_where_it_is_sent() {
    let mut list = List::new(1_000, Start::Bottom);
    list.command(Command::To { key: 500, offset: 48.0 });
    assert_eq!(list.top(500), Some(48.0));
    list.command(Command::To { key: 12_345, offset: 48.0 });
    assert!(!list.tops().is_empty(), "a row that is not there");
    list.command(Command::Bottom);
    assert_eq!(list.top(999), Some(360.0));
    list.command(Command::To { key: 999, offset: 48.0 });
    assert_eq!(list.top(999), Some(360.0), "not beyond the end");
    list.command(Command::Pages(-1.0));
    assert!(list.seen().is_some_and(|seen| !seen.at_bottom));
    list.command(Command::Pages(-1e6));
    assert_eq!(list.top(0), Some(0.0));
}

#[test]
fn the_scroll_bar_is_dragged() {
    let mut list = List::new(10_000, Start::Bottom);
    let press = |list: &mut List, at: Point| {
        list.ui.point(at);
        list.ui.send([Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left))]);
    };
    press(&mut list, Point::new(295.0, 390.0));
    list.ui.point(Point::new(295.0, 200.0));
    let seen = list.seen().unwrap();
    assert!((4_000..6_000).contains(&seen.first), "{seen:?}");
    list.ui.point(Point::new(150.0, -50.0));
    assert!(list.seen().is_some_and(|seen| seen.at_top), "it is held outside too");
    list.ui.send([Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left))]);
    list.ui.point(Point::new(295.0, 300.0));
    assert_eq!(list.seen(), None, "it was let go");
    assert!(!list.ui.messages().iter().any(|said| matches!(said, Said::Pressed(_))));
}
