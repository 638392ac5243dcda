//! Where a list is scrolled to, and what is in memory of its rows.

use std::any::Any;

use iced::advanced::widget::operation::Scrollable;
use iced::advanced::widget::operation::scrollable::{AbsoluteOffset, RelativeOffset};
use iced::{Rectangle, Size};

use super::command::Command;
use super::{Start, Visible};

/// What stays where it is when rows come, go or change their height.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Anchor<Key> {
    /// The first row is at the top.
    Top,
    /// The last row is at the bottom.
    Bottom,
    /// A row is so far below the top of the list; `hint` is where it was found last.
    Row { key: Key, hint: usize, offset: f32 },
}

/// A row that is in memory: those that are seen, and some more on either side.
#[derive(Clone, Debug)]
pub(super) struct Placed<Key> {
    pub(super) key: Key,
    pub(super) index: usize,
    /// Below the top of the list.
    pub(super) top: f32,
    pub(super) height: f32,
}

impl<Key> Placed<Key> {
    pub(super) fn bottom(&self) -> f32 {
        self.top + self.height
    }

    fn is_seen(&self, height: f32) -> bool {
        self.bottom() > 0.0 && self.top < height
    }
}

/// What the list keeps from frame to frame.
#[derive(Debug)]
pub(super) struct State<Key> {
    pub(super) anchor: Anchor<Key>,
    /// By how much the content is to be moved down at the next layout.
    pub(super) delta: f32,
    pub(super) rows: Vec<Placed<Key>>,
    pub(super) size: Size,
    /// The number of rows when it was laid out.
    pub(super) len: usize,
    /// Height of a row with its space, on average of the last ones built.
    pub(super) average: f32,
    pub(super) measured: u16,
    /// Whether something has moved that is not laid out yet.
    pub(super) moved: bool,
    pub(super) told: Option<Visible>,
    /// Where the thumb of the scroll bar is held, below its top.
    pub(super) grab: Option<f32>,
    /// Where a finger was last.
    pub(super) finger: Option<f32>,
    /// Where the keyboard goes once the rows there are built.
    pub(super) focus: Option<End>,
    /// How many rows were ever built.
    #[cfg(test)]
    pub(super) built: usize,
}

/// One end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Top,
    Bottom,
}

impl<Key: Clone + PartialEq> State<Key> {
    pub(super) fn new(start: Start) -> Self {
        Self {
            anchor: match start {
                Start::Top => Anchor::Top,
                Start::Bottom => Anchor::Bottom,
            },
            delta: 0.0,
            rows: Vec::new(),
            size: Size::ZERO,
            len: 0,
            average: 48.0,
            measured: 0,
            moved: false,
            told: None,
            grab: None,
            finger: None,
            focus: None,
            #[cfg(test)]
            built: 0,
        }
    }

    /// Moves the content down by so many pixels: towards the top of the list when positive.
    pub(super) fn scroll_by(&mut self, pixels: f32) {
        if pixels.is_finite() {
            self.delta += pixels;
            self.moved = true;
        }
    }

    pub(super) fn go_to(&mut self, anchor: Anchor<Key>) {
        self.anchor = anchor;
        self.delta = 0.0;
        self.moved = true;
    }

    pub(super) fn command(&mut self, command: Command<Key>) {
        match command {
            Command::Bottom => self.go_to(Anchor::Bottom),
            Command::To { key, offset } => self.go_to(Anchor::Row { key, hint: usize::MAX, offset }),
            Command::Pages(pages) => self.scroll_by(-pages * self.page()),
        }
    }

    /// How far a page goes: a little less than what is seen.
    pub(super) fn page(&self) -> f32 {
        (self.size.height * 0.9).max(1.0)
    }

    pub(super) fn at_top(&self) -> bool {
        self.rows.first().is_none_or(|row| row.index == 0 && row.top >= -0.5)
    }

    pub(super) fn at_bottom(&self) -> bool {
        self.rows.last().is_none_or(|row| row.index + 1 == self.len && row.bottom() <= self.size.height + 0.5)
    }

    pub(super) fn fits(&self) -> bool {
        self.at_top() && self.at_bottom()
    }

    /// The rows that are seen, at least in part.
    pub(super) fn seen(&self) -> impl DoubleEndedIterator<Item = &Placed<Key>> {
        self.rows.iter().filter(|row| row.is_seen(self.size.height))
    }

    pub(super) fn visible(&self) -> Option<Visible> {
        let (first, last) = (self.seen().next()?.index, self.seen().next_back()?.index);
        Some(Visible { first, last, at_top: self.at_top(), at_bottom: self.at_bottom() })
    }

    /// The thumb of the scroll bar, within the list. Its place follows the number of rows, not their pixels, so it costs
    /// the same however many there are.
    pub(super) fn thumb(&self) -> Option<(f32, f32)> {
        if self.fits() || self.rows.is_empty() {
            return None;
        }
        let total = self.len as f32 * self.average;
        let view = self.size.height;
        let height = (view * view / total.max(view)).clamp(32.0_f32.min(view), view);
        let part = if self.at_bottom() {
            1.0
        } else if self.at_top() {
            0.0
        } else {
            (self.position() / (self.len as f32 - self.shown()).max(1.0)).clamp(0.0, 1.0)
        };
        Some((part * (view - height), height))
    }

    /// The number of the first row that is seen, with how much of it is above.
    fn position(&self) -> f32 {
        self.seen()
            .next()
            .map_or(0.0, |row| row.index as f32 + (-row.top / row.height.max(1.0)).clamp(0.0, 1.0))
    }

    /// How many rows are seen, parts as parts.
    pub(super) fn shown(&self) -> f32 {
        let seen =
            |row: &Placed<Key>| (row.bottom().min(self.size.height) - row.top.max(0.0)) / row.height.max(1.0);
        self.seen().map(seen).sum()
    }
}

impl<Key: Clone + PartialEq + 'static> Scrollable for State<Key> {
    fn snap_to(&mut self, offset: RelativeOffset<Option<f32>>) {
        match offset.y {
            Some(part) if part >= 1.0 => self.go_to(Anchor::Bottom),
            Some(part) if part <= 0.0 => self.go_to(Anchor::Top),
            _ => {}
        }
    }

    fn scroll_to(&mut self, offset: AbsoluteOffset<Option<f32>>) {
        if offset.y == Some(0.0) {
            self.go_to(Anchor::Top);
        }
    }

    fn scroll_by(&mut self, offset: AbsoluteOffset, _bounds: Rectangle, _content: Rectangle) {
        Self::scroll_by(self, -offset.y);
    }
}

/// Reaches the state of the list that an operation meets.
pub(super) fn reach<Key: Clone + PartialEq + 'static>(state: &mut dyn Any) -> Option<&mut State<Key>> {
    state.downcast_mut()
}
