//! Sending a list somewhere from `update`.

use std::any::Any;
use std::hash::Hash;

use iced::advanced::widget::{self, Operation};
use iced::{Rectangle, Task};

use super::state;

/// Where a list should go. See [`scroll_to`] and its kin.
#[derive(Clone, Debug)]
pub(super) enum Command<Key> {
    Bottom,
    To { key: Key, offset: f32 },
    Pages(f32),
}

/// Goes to a row: its top a little below the top of the list.
pub(crate) fn scroll_to<Key, Message>(id: impl Into<widget::Id>, key: Key) -> Task<Message>
where
    Key: Clone + Eq + Hash + Send + 'static,
    Message: Send + 'static,
{
    command(id, Command::To { key, offset: 48.0 })
}

/// Goes to the last row. The type of keys need not be told.
pub(crate) fn scroll_to_end<Message: Send + 'static>(id: impl Into<widget::Id>) -> Task<Message> {
    iced::advanced::widget::operate(Nudge { id: id.into(), command: Some(Command::Bottom) })
}

/// Goes so many pages down, or up when negative. The type of keys need not be told.
pub(crate) fn scroll_by_pages<Message: Send + 'static>(
    id: impl Into<widget::Id>,
    pages: f32,
) -> Task<Message> {
    iced::advanced::widget::operate(Nudge { id: id.into(), command: Some(Command::Pages(pages)) })
}

fn command<Key, Message>(id: impl Into<widget::Id>, command: Command<Key>) -> Task<Message>
where
    Key: Clone + Eq + Hash + Send + 'static,
    Message: Send + 'static,
{
    iced::advanced::widget::operate(Go { id: id.into(), command: Some(command) })
}

/// A command for the list with this name and these keys.
pub(super) struct Go<Key> {
    pub(super) id: widget::Id,
    pub(super) command: Option<Command<Key>>,
}

impl<Key, T> Operation<T> for Go<Key>
where
    Key: Clone + Eq + Hash + Send + 'static,
{
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation<T>)) {
        operate(self);
    }

    fn custom(&mut self, id: Option<&widget::Id>, _bounds: Rectangle, state: &mut dyn Any) {
        if id == Some(&self.id)
            && let Some(state) = state::reach::<Key>(state)
            && let Some(command) = self.command.take()
        {
            state.command(command);
        }
    }
}

/// A command for the list with this name, whatever its keys are.
struct Nudge {
    id: widget::Id,
    command: Option<Command<()>>,
}

impl<T> Operation<T> for Nudge {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation<T>)) {
        operate(self);
    }

    fn custom(&mut self, id: Option<&widget::Id>, _bounds: Rectangle, state: &mut dyn Any) {
        if id == Some(&self.id)
            && let Some(pull) = state.downcast_mut::<Pull>()
            && let Some(command) = self.command.take()
        {
            pull.0 = Some(command);
        }
    }
}

/// What a list offers to a [`Nudge`].
pub(super) struct Pull(pub(super) Option<Command<()>>);
