//! What a screen reader is told: for each thing its role and its label, reported through `Widget::operate`.

use iced::advanced::widget::operation::{Focusable, Operation};
use iced::advanced::widget::{self, Tree};
use iced::advanced::{Clipboard, Layout, Shell, Widget, layout, mouse, overlay, renderer};
use iced::{Event, Length, Rectangle, Renderer, Size, Vector};

use crate::theme::{Element, Theme};

/// What a thing is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Does something when pressed.
    Button,
    /// Opens something elsewhere.
    Link,
    /// A row of a list.
    ListItem,
    /// One of several views, of which one is shown.
    Tab,
    /// On or off.
    CheckBox(Toggled),
    /// One of several values, of which one holds.
    Radio(Toggled),
    /// A row of a menu.
    MenuItem,
    /// A line to be typed.
    TextInput,
    /// A line to be typed that nobody should see.
    PasswordInput,
    /// Lines to be typed.
    Editor,
    /// Rows.
    List,
    /// A menu.
    Menu,
    /// A title.
    Heading,
    /// A picture.
    Image,
    /// Words that change by themselves.
    Status,
    /// Words that want to be read now.
    Alert,
    /// A question that has to be answered before anything else.
    Dialog,
    /// Things that belong together.
    Group,
}

impl Role {
    /// Whether a person can do something with it, so that the keyboard must reach it.
    pub(crate) fn is_interactive(self) -> bool {
        match self {
            Self::Button
            | Self::Link
            | Self::Tab
            | Self::CheckBox(_)
            | Self::Radio(_)
            | Self::MenuItem
            | Self::TextInput
            | Self::PasswordInput
            | Self::Editor => true,
            // A row may be there to be read only.
            Self::ListItem
            | Self::List
            | Self::Menu
            | Self::Heading
            | Self::Image
            | Self::Status
            | Self::Alert
            | Self::Dialog
            | Self::Group => false,
        }
    }
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toggled {
    /// It does.
    On,
    /// It does not.
    Off,
}

impl From<bool> for Toggled {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// What is reported of a thing, through `Operation::custom`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// What it is for.
    pub(crate) role: Role,
    /// What it is called.
    pub(crate) label: String,
    /// Whether it can be used now.
    pub(crate) usable: Usable,
}

/// Whether a control can be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usable {
    /// It can.
    Now,
    /// It can't.
    NotNow,
}

/// Gives content a role and a label. Around a text input or editor it is what makes it known to a screen reader.
pub(crate) fn labelled<'a, Message: 'a>(
    role: Role,
    label: impl Into<String>,
    content: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    Element::new(Labelled {
        node: Node { role, label: label.into(), usable: Usable::Now },
        content: content.into(),
    })
}

struct Labelled<'a, Message> {
    node: Node,
    content: Element<'a, Message>,
}

/// The methods of a widget that is its content and nothing more. Those named after it are written out instead.
macro_rules! as_content {
    () => {
        $crate::widget::access::as_content!(layout);

        fn update(
            &mut self,
            tree: &mut Tree,
            event: &Event,
            layout: Layout<'_>,
            cursor: mouse::Cursor,
            renderer: &Renderer,
            clipboard: &mut dyn Clipboard,
            shell: &mut Shell<'_, Message>,
            viewport: &Rectangle,
        ) {
            self.content
                .as_widget_mut()
                .update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
        }
    };
    (layout) => {
        fn tag(&self) -> widget::tree::Tag {
            self.content.as_widget().tag()
        }

        fn state(&self) -> widget::tree::State {
            self.content.as_widget().state()
        }

        fn children(&self) -> Vec<Tree> {
            self.content.as_widget().children()
        }

        fn diff(&self, tree: &mut Tree) {
            self.content.as_widget().diff(tree);
        }

        fn size(&self) -> Size<Length> {
            self.content.as_widget().size()
        }

        fn size_hint(&self) -> Size<Length> {
            self.content.as_widget().size_hint()
        }

        fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
            self.content.as_widget_mut().layout(tree, renderer, limits)
        }

        fn draw(
            &self,
            tree: &Tree,
            renderer: &mut Renderer,
            theme: &Theme,
            style: &renderer::Style,
            layout: Layout<'_>,
            cursor: mouse::Cursor,
            viewport: &Rectangle,
        ) {
            self.content.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
        }

        fn mouse_interaction(
            &self,
            tree: &Tree,
            layout: Layout<'_>,
            cursor: mouse::Cursor,
            viewport: &Rectangle,
            renderer: &Renderer,
        ) -> mouse::Interaction {
            self.content.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
        }

        fn overlay<'b>(
            &'b mut self,
            tree: &'b mut Tree,
            layout: Layout<'b>,
            renderer: &Renderer,
            viewport: &Rectangle,
            translation: Vector,
        ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
            self.content.as_widget_mut().overlay(tree, layout, renderer, viewport, translation)
        }
    };
}
pub(crate) use as_content;

impl<Message> Widget<Message, Theme, Renderer> for Labelled<'_, Message> {
    as_content!();

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        operation.custom(None, layout.bounds(), &mut self.node);
        operation.traverse(&mut |operation| {
            self.content.as_widget_mut().operate(tree, layout, renderer, operation);
        });
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
            self.found.push(Found { node: Some(node.clone()), bounds, focusable: false, focused: false });
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
                self.found.push(Found { node: None, bounds, focusable: true, focused: state.is_focused() });
            }
        }
    }
}
