//! Building the rows that are seen, from the one that stays where it is.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use iced::advanced::layout::{self, Limits};
use iced::advanced::widget::Tree;
use iced::{Point, Renderer, Size};

use super::state::{Anchor, Placed, State};
use super::{BAR, Start, VirtualList};
use crate::theme::Element;

/// A row that was just built.
struct Built<'a, Key, Message> {
    key: Key,
    index: usize,
    top: f32,
    element: Element<'a, Message>,
    tree: Tree,
    node: layout::Node,
}

impl<Key, Message> Built<'_, Key, Message> {
    fn bottom(&self) -> f32 {
        self.top + self.node.size().height
    }
}

/// The rows in the making.
struct Fill<'l, 'a, Key, Message> {
    list: &'l VirtualList<'a, Key, Message>,
    renderer: &'l Renderer,
    limits: Limits,
    height: f32,
    /// Widget state of the rows of the last frame.
    old: HashMap<Key, Tree>,
    rows: VecDeque<Built<'a, Key, Message>>,
    average: f32,
    measured: u16,
    #[cfg(test)]
    built: usize,
}

/// Rows are kept this many pixels beyond what is seen, so that the keyboard finds the next one.
const OVERSCAN: f32 = 240.0;

/// Lays the list out: afterwards `state.rows`, `tree.children` and `list.rows` are of one length and order.
pub(super) fn fill<Key, Message>(
    list: &mut VirtualList<'_, Key, Message>,
    tree: &mut Tree,
    renderer: &Renderer,
    size: Size,
) -> layout::Node
where
    Key: Clone + Eq + Hash + 'static,
{
    let state = tree.state.downcast_mut::<State<Key>>();
    let keys: Vec<Key> = state.rows.iter().map(|row| row.key.clone()).collect();
    let mut fill = Fill {
        list,
        renderer,
        limits: Limits::new(Size::ZERO, Size::new((size.width - BAR).max(1.0), f32::INFINITY)),
        height: size.height,
        old: keys.into_iter().zip(tree.children.drain(..)).collect(),
        rows: VecDeque::new(),
        average: state.average,
        measured: state.measured,
        #[cfg(test)]
        built: 0,
    };
    state.size = size;
    state.len = fill.list.len;
    if let Some((index, top)) = fill.begin(state) {
        fill.around(index, top);
    }
    #[cfg(test)]
    {
        state.built += fill.built;
    }
    let Fill { rows, average, measured, .. } = fill;
    (state.average, state.measured, state.delta, state.moved) = (average, measured, 0.0, false);
    state.rows.clear();
    let mut elements = Vec::with_capacity(rows.len());
    let mut nodes = Vec::with_capacity(rows.len());
    for row in rows {
        let height = row.node.size().height;
        state.rows.push(Placed { key: row.key, index: row.index, top: row.top, height });
        tree.children.push(row.tree);
        elements.push(row.element);
        nodes.push(row.node.move_to(Point::new(0.0, row.top)));
    }
    settle(state, list.start);
    list.rows = elements;
    layout::Node::with_children(size, nodes)
}

/// Chooses what stays where it is from now on: the end that is reached where the list sticks to it, else the first row
/// that is seen.
fn settle<Key: Clone + PartialEq>(state: &mut State<Key>, start: Start) {
    let anchor = match start {
        Start::Bottom if state.at_bottom() => Some(Anchor::Bottom),
        Start::Top if state.at_top() => Some(Anchor::Top),
        _ => state.seen().next().map(|row| Anchor::Row {
            key: row.key.clone(),
            hint: row.index,
            offset: row.top,
        }),
    };
    if let Some(anchor) = anchor {
        state.anchor = anchor;
    }
}

impl<'a, Key, Message> Fill<'_, 'a, Key, Message>
where
    Key: Clone + Eq + Hash + 'static,
{
    /// The row to begin with and its top, none to have it end at the bottom; nothing where there are no rows.
    fn begin(&self, state: &State<Key>) -> Option<(usize, Option<f32>)> {
        let last = self.list.len.checked_sub(1)?;
        let (index, top) = match &state.anchor {
            Anchor::Bottom if state.delta == 0.0 => return Some((last, None)),
            Anchor::Top if state.delta == 0.0 => return Some((0, Some(0.0))),
            Anchor::Row { key, hint, offset } => match self.find(key, *hint) {
                Some(index) => (index, *offset),
                None => self.survivor(state).unwrap_or(((*hint).min(last), *offset)),
            },
            // To be moved away from an end: from the first row that was seen there.
            Anchor::Top | Anchor::Bottom => match self.survivor(state) {
                Some(found) => found,
                None if state.anchor == Anchor::Top => (0, 0.0),
                None => (last, self.height),
            },
        };
        let (index, top) = self.moved(index, top, state.delta);
        Some((index, Some(top)))
    }

    /// A large step goes by the average height of rows instead of building all those between.
    fn moved(&self, index: usize, top: f32, delta: f32) -> (usize, f32) {
        let top = top + delta;
        if top.abs() <= self.height * 3.0 + OVERSCAN {
            return (index, top);
        }
        let rows = (-top / self.average.max(1.0)).trunc();
        let target = (index as f32 + rows).clamp(0.0, self.list.len.saturating_sub(1) as f32);
        (target as usize, 0.0)
    }

    fn find(&self, key: &Key, hint: usize) -> Option<usize> {
        if hint < self.list.len && (self.list.key)(hint) == *key {
            return Some(hint);
        }
        (self.list.index_of)(key).filter(|index| *index < self.list.len)
    }

    /// The first row of the last frame that was seen and is still there.
    fn survivor(&self, state: &State<Key>) -> Option<(usize, f32)> {
        state.seen().find_map(|row| Some((self.find(&row.key, row.index)?, row.top)))
    }

    fn around(&mut self, index: usize, top: Option<f32>) {
        let mut first = self.build(index, 0.0);
        first.top = top.unwrap_or_else(|| self.height - first.node.size().height);
        self.rows.push_back(first);
        self.down();
        self.up();
        // A gap below the last row: all moves down.
        if let Some(gap) = self.gap_below() {
            self.shift(gap);
            self.up();
        }
        // A gap above the first row: all moves up.
        if let Some(gap) = self.gap_above() {
            self.shift(-gap);
            self.down();
        }
        // Rows that are too few for the list stand where it begins.
        if let Some(gap) = self.gap_below().filter(|_| self.list.start == Start::Bottom) {
            self.shift(gap);
        }
        self.trim();
    }

    fn build(&mut self, index: usize, top: f32) -> Built<'a, Key, Message> {
        let key = (self.list.key)(index);
        let mut element = (self.list.view)(index);
        let mut tree = match self.old.remove(&key) {
            Some(mut tree) => {
                tree.diff(&element);
                tree
            }
            None => Tree::new(&element),
        };
        let node = element.as_widget_mut().layout(&mut tree, self.renderer, &self.limits);
        self.measured = self.measured.saturating_add(1).min(256);
        let height = node.size().height + self.list.spacing;
        self.average += (height - self.average) / f32::from(self.measured);
        #[cfg(test)]
        {
            self.built += 1;
        }
        Built { key, index, top, element, tree, node }
    }

    /// Builds rows below the last one until there are enough.
    fn down(&mut self) {
        while let Some(last) = self.rows.back() {
            let (next, top) = (last.index + 1, last.bottom() + self.list.spacing);
            if next >= self.list.len || top >= self.height + OVERSCAN {
                break;
            }
            let row = self.build(next, top);
            self.rows.push_back(row);
        }
    }

    /// Builds rows above the first one until there are enough.
    fn up(&mut self) {
        while let Some(first) = self.rows.front() {
            let bottom = first.top - self.list.spacing;
            let Some(previous) = first.index.checked_sub(1).filter(|_| bottom > -OVERSCAN) else { break };
            let mut row = self.build(previous, 0.0);
            row.top = bottom - row.node.size().height;
            self.rows.push_front(row);
        }
    }

    fn gap_below(&self) -> Option<f32> {
        let last = self.rows.back().filter(|_| self.ends())?;
        Some(self.height - last.bottom()).filter(|gap| *gap > 0.0)
    }

    fn gap_above(&self) -> Option<f32> {
        self.rows.front().filter(|first| first.index == 0 && first.top > 0.0).map(|first| first.top)
    }

    /// Whether the last row is built.
    fn ends(&self) -> bool {
        self.rows.back().is_some_and(|last| last.index + 1 == self.list.len)
    }

    fn shift(&mut self, by: f32) {
        self.rows.iter_mut().for_each(|row| row.top += by);
    }

    /// Lets go of rows that moving has taken too far away.
    fn trim(&mut self) {
        while self.rows.len() > 1 && self.rows.back().is_some_and(|row| row.top > self.height + OVERSCAN) {
            self.rows.pop_back();
        }
        while self.rows.len() > 1 && self.rows.front().is_some_and(|row| row.bottom() < -OVERSCAN) {
            self.rows.pop_front();
        }
    }
}
