//! Finding controls that have no label or that the keyboard can't reach.

use iced::Rectangle;
use iced::advanced::widget;
use iced::advanced::widget::operation::{Focusable, Operation};

use super::{Node, Role, Usable};
use crate::widget::focus::Focus;

impl Role {
    /// Whether a person can do something with it, so that the keyboard must reach it.
    fn is_interactive(self) -> bool {
        match self {
            Self::Button
            | Self::Link
            | Self::Tab
            | Self::CheckBox(_)
            | Self::Radio(_)
            | Self::MenuItem
            | Self::TextInput
            | Self::PasswordInput
            | Self::Editor
            | Self::Adjustable => true,
            // A row may be there to be read only.
            Self::ListItem
            | Self::List
            | Self::Menu
            | Self::Heading
            | Self::Image
            | Self::Status
            | Self::Alert
            | Self::Group => false,
        }
    }
}

/// A thing that a walk over the widgets found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// Its role and label; nothing for an input that nobody labelled.
    pub(crate) node: Option<Node>,
    /// Where it is.
    pub(crate) bounds: Rectangle,
    /// Whether the keyboard can be on it.
    pub(crate) focusable: bool,
    /// Whether the keyboard is on it.
    pub(crate) focused: bool,
    /// Whether it shows the ring of the keyboard.
    pub(crate) ring: bool,
}

impl Found {
    /// Its label, empty where there is none.
    pub(crate) fn label(&self) -> &str {
        self.node.as_ref().map_or("", |node| &node.label)
    }
}

/// An operation that lists everything that has a role or can be focused.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    found: Vec<Found>,
    /// The last node seen that has not met its input yet.
    open: Option<usize>,
}

impl Audit {
    /// What was found, in the order of the tree.
    pub(crate) fn into_found(self) -> Vec<Found> {
        self.found
    }

    /// What is wrong with what was found: controls without a label, inputs without a role, controls that the keyboard
    /// can't reach.
    pub(crate) fn faults(found: &[Found]) -> Vec<String> {
        found
            .iter()
            .filter_map(|found| match &found.node {
                None => Some(format!("an input without a label at {:?}", found.bounds)),
                Some(node) if node.label.trim().is_empty() => {
                    Some(format!("{:?} without a label", node.role))
                }
                Some(node)
                    if node.role.is_interactive() && node.usable == Usable::Now && !found.focusable =>
                {
                    Some(format!("{:?} {:?} can't be reached by keyboard", node.role, node.label))
                }
                Some(_) => None,
            })
            .collect()
    }
}

impl Operation for Audit {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn custom(&mut self, _id: Option<&widget::Id>, bounds: Rectangle, state: &mut dyn std::any::Any) {
        if let Some(node) = state.downcast_ref::<Node>() {
            self.open = Some(self.found.len());
            let node = Some(node.clone());
            self.found.push(Found { node, bounds, focusable: false, focused: false, ring: false });
        } else if let Some(focus) = state.downcast_ref::<Focus>()
            && let Some(found) = self.found.last_mut()
        {
            found.ring = *focus == Focus::Keyboard;
        }
    }

    fn focusable(&mut self, _id: Option<&widget::Id>, bounds: Rectangle, state: &mut dyn Focusable) {
        let open = self.open.take().and_then(|open| self.found.get_mut(open)).filter(|found| {
            found.node.as_ref().is_some_and(|node| node.role.is_interactive() || node.role == Role::ListItem)
        });
        match open {
            Some(found) => {
                found.focusable = true;
                found.focused = state.is_focused();
            }
            None => {
                let focused = state.is_focused();
                self.found.push(Found { node: None, bounds, focusable: true, focused, ring: false });
            }
        }
    }
}
