//! Walks over the widgets that move the focus.

use std::any::Any;

use iced::advanced::widget;
use iced::advanced::widget::operation::scrollable::AbsoluteOffset;
use iced::advanced::widget::operation::{Focusable, Operation, Outcome, Scrollable};
use iced::{Rectangle, Vector};

use super::Focus;

/// Where the focus goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To the next stop of Tab, around at the end.
    Next,
    /// To the previous one.
    Previous,
    /// To the next row of a group.
    Down,
    /// To the previous row.
    Up,
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

/// Which end of a group a walk passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Edge {
    #[default]
    Begin,
    End,
}

/// At which row Tab enters a group, whatever side it comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Entrance {
    #[default]
    First,
    Last,
}

/// What a group reports of itself.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) edge: Edge,
    pub(super) entrance: Entrance,
}

/// Something that can be focused, as a walk has met it.
#[derive(Clone, Copy, Debug)]
struct Stop {
    /// The number of the outermost group it is in.
    group: Option<usize>,
    entrance: Entrance,
    bounds: Rectangle,
    focused: bool,
}

/// Moves the focus among all that a walk meets. `walk` runs an operation over the widgets.
pub(super) fn go(step: Step, walk: &mut dyn FnMut(&mut dyn Operation)) {
    let stops = stops(walk);
    if let Some(target) = target(step, &stops) {
        focus(target, &stops, walk);
    }
}

/// Moves the focus within a group; false where it is not in it, so that the key is somebody else's.
pub(super) fn go_within(step: Step, walk: &mut dyn FnMut(&mut dyn Operation)) -> bool {
    let stops = stops(walk);
    if !stops.iter().any(|stop| stop.focused) {
        return false;
    }
    let Some(target) = target(step, &stops) else { return false };
    focus(target, &stops, walk);
    true
}

/// Moves the focus over the edge of a group, to or from what is beside it; false where it is not at that edge.
pub(super) fn cross(step: Step, walk: &mut dyn FnMut(&mut dyn Operation)) -> bool {
    let stops = stops(walk);
    let Some(at) = stops.iter().position(|stop| stop.focused) else { return false };
    let beside = if step == Step::Down { at.checked_add(1) } else { at.checked_sub(1) };
    let group = |at: usize| stops.get(at).map(|stop| stop.group);
    let Some(target) = beside.filter(|beside| group(*beside).is_some_and(|there| group(at) != Some(there)))
    else {
        return false;
    };
    focus(target, &stops, walk);
    true
}

/// Whether the focus is on something that a walk meets.
pub(super) fn is_within(walk: &mut dyn FnMut(&mut dyn Operation)) -> bool {
    stops(walk).iter().any(|stop| stop.focused)
}

fn stops(walk: &mut dyn FnMut(&mut dyn Operation)) -> Vec<Stop> {
    let mut survey = Survey::default();
    walk(&mut survey);
    survey.stops
}

fn target(step: Step, stops: &[Stop]) -> Option<usize> {
    let last = stops.len().checked_sub(1)?;
    let current = stops.iter().position(|stop| stop.focused);
    let group = current.and_then(|at| stops.get(at)?.group);
    let elsewhere = |stop: &Stop| group.is_none() || stop.group != group;
    match (step, current) {
        (Step::First, _) => Some(0),
        (Step::Next, None) => Some(entered(0, stops)),
        (Step::Last, _) => Some(last),
        (Step::Previous, None) => Some(entered(last, stops)),
        (Step::Down, current) => Some(current.map_or(0, |at| at + 1).min(last)),
        (Step::Up, current) => Some(current.unwrap_or(0).saturating_sub(1)),
        (Step::Next, Some(at)) => {
            let after = stops.iter().enumerate().skip(at + 1).find(|(_, stop)| elsewhere(stop));
            Some(entered(after.map_or(0, |(at, _)| at), stops))
        }
        (Step::Previous, Some(at)) => {
            let before = stops.iter().enumerate().take(at).rev().find(|(_, stop)| elsewhere(stop));
            Some(entered(before.map_or(last, |(at, _)| at), stops))
        }
    }
}

/// A group is entered at one row, from before and from behind.
fn entered(at: usize, stops: &[Stop]) -> usize {
    let Some(Stop { group: Some(group), entrance, .. }) = stops.get(at) else { return at };
    let within = |stop: &Stop| stop.group == Some(*group);
    let row = match entrance {
        Entrance::First => stops.iter().position(within),
        Entrance::Last => stops.iter().rposition(within),
    };
    row.unwrap_or(at)
}

fn focus(target: usize, stops: &[Stop], walk: &mut dyn FnMut(&mut dyn Operation)) {
    walk(&mut Place { target, met: 0 });
    if let Some(stop) = stops.get(target) {
        let mut reveal = Reveal::new(stop.bounds, target);
        walk(&mut reveal);
        if !reveal.enclosing.is_empty() {
            reveal.pass = Pass::Move;
            reveal.areas = 0;
            walk(&mut reveal);
        }
    }
}

/// Lists the stops.
#[derive(Default)]
struct Survey {
    stops: Vec<Stop>,
    groups: usize,
    depth: usize,
    entrance: Entrance,
}

impl Operation for Survey {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn custom(&mut self, _id: Option<&widget::Id>, _bounds: Rectangle, state: &mut dyn Any) {
        if let Some(group) = state.downcast_ref::<Group>() {
            match group.edge {
                Edge::Begin => {
                    if self.depth == 0 {
                        self.groups += 1;
                        self.entrance = group.entrance;
                    }
                    self.depth += 1;
                }
                Edge::End => self.depth = self.depth.saturating_sub(1),
            }
        }
    }

    fn focusable(&mut self, _id: Option<&widget::Id>, bounds: Rectangle, state: &mut dyn Focusable) {
        let group = (self.depth > 0).then_some(self.groups);
        self.stops.push(Stop { group, entrance: self.entrance, bounds, focused: state.is_focused() });
    }
}

/// Takes the ring from what has the focus, and leaves it the focus.
pub(super) struct Soften;

impl Operation for Soften {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn custom(&mut self, _id: Option<&widget::Id>, _bounds: Rectangle, state: &mut dyn Any) {
        if let Some(focus) = state.downcast_mut::<Focus>()
            && *focus == Focus::Keyboard
        {
            *focus = Focus::Pointer;
        }
    }
}

/// Focuses one stop and no other.
struct Place {
    target: usize,
    met: usize,
}

impl Operation for Place {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn focusable(&mut self, _id: Option<&widget::Id>, _bounds: Rectangle, state: &mut dyn Focusable) {
        if self.met == self.target {
            state.focus();
        } else if state.is_focused() {
            state.unfocus();
        }
        self.met += 1;
    }
}

/// Looks for what has the focus, then scrolls to it. Runs by itself, where no widget walks.
#[derive(Default)]
pub(super) struct Focused {
    met: usize,
    found: Option<(Rectangle, usize)>,
}

impl Operation for Focused {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn focusable(&mut self, _id: Option<&widget::Id>, bounds: Rectangle, state: &mut dyn Focusable) {
        if state.is_focused() {
            self.found = Some((bounds, self.met));
        }
        self.met += 1;
    }

    fn finish(&self) -> Outcome<()> {
        self.found.map_or(Outcome::None, |(bounds, at)| Outcome::Chain(Box::new(Reveal::new(bounds, at))))
    }
}

/// Scrolls what encloses a stop so that it is seen. The first walk finds which scrolled areas enclose it, the second moves
/// them.
struct Reveal {
    bounds: Rectangle,
    target: usize,
    met: usize,
    /// Scrolled areas met so far, and those that the walk is in.
    areas: usize,
    pending: Option<usize>,
    open: Vec<usize>,
    enclosing: Vec<usize>,
    pass: Pass,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Find,
    Move,
}

impl Reveal {
    fn new(bounds: Rectangle, target: usize) -> Self {
        Self {
            bounds,
            target,
            met: 0,
            areas: 0,
            pending: None,
            open: Vec::new(),
            enclosing: Vec::new(),
            pass: Pass::Find,
        }
    }
}

impl Operation for Reveal {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        let entered = self.pending.take();
        self.open.extend(entered);
        operate(self);
        if entered.is_some() {
            self.open.pop();
        }
    }

    fn scrollable(
        &mut self,
        _id: Option<&widget::Id>,
        bounds: Rectangle,
        content: Rectangle,
        translation: Vector,
        state: &mut dyn Scrollable,
    ) {
        self.pending = Some(self.areas);
        if self.pass == Pass::Move && self.enclosing.contains(&self.areas) {
            let (top, bottom) =
                (self.bounds.y - translation.y, self.bounds.y + self.bounds.height - translation.y);
            let by = if top < bounds.y {
                top - bounds.y - MARGIN
            } else if bottom > bounds.y + bounds.height {
                bottom - bounds.y - bounds.height + BELOW
            } else {
                0.0
            };
            if by != 0.0 {
                state.scroll_by(AbsoluteOffset { x: 0.0, y: by }, bounds, content);
            }
        }
        self.areas += 1;
    }

    fn focusable(&mut self, _id: Option<&widget::Id>, _bounds: Rectangle, _state: &mut dyn Focusable) {
        if self.met == self.target && self.pass == Pass::Find {
            self.enclosing = self.open.clone();
        }
        self.met += 1;
    }

    fn finish(&self) -> Outcome<()> {
        if self.pass == Pass::Move || self.enclosing.is_empty() {
            return Outcome::None;
        }
        let enclosing = self.enclosing.clone();
        Outcome::Chain(Box::new(Self { enclosing, pass: Pass::Move, ..Self::new(self.bounds, self.target) }))
    }
}

/// What stays visible above a control that was scrolled to.
const MARGIN: f32 = 8.0;
/// What stays visible below it: what is wrong with a field is said there, in a line.
const BELOW: f32 = 32.0;
