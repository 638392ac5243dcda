//! What a screen reader is told: for each thing its role and its label, reported through `Widget::operate`.

#[cfg(test)]
mod audit;

use iced::advanced::widget::operation::Operation;
use iced::advanced::widget::{self, Tree};
use iced::advanced::{Clipboard, Layout, Shell, Widget, layout, mouse, overlay, renderer};
use iced::{Event, Length, Rectangle, Renderer, Size, Vector, keyboard};

use crate::theme::{Element, Theme};

#[cfg(test)]
pub(crate) use audit::{Audit, Found};

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
    /// Something that the arrows move.
    Adjustable,
    /// A title.
    Heading,
    /// A picture.
    Image,
    /// Words that change by themselves.
    Status,
    /// Words that want to be read now.
    Alert,
    /// Things that belong together.
    Group,
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

/// Gives content a role and a label. Around a text input or editor it is what makes it known to a screen reader, and calms its
/// caret.
pub(crate) fn labelled<'a, Message: 'a>(
    role: Role,
    label: impl Into<String>,
    content: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    let content = match role {
        Role::TextInput | Role::PasswordInput | Role::Editor => super::caret::calm(content.into()),
        _ => content.into(),
    };
    Element::new(Labelled { node: Node { role, label: label.into(), usable: Usable::Now }, content })
}

struct Labelled<'a, Message> {
    node: Node,
    content: Element<'a, Message>,
}

/// The methods of a widget that is its content and nothing more. `layout` leaves out `update`, and `child` is for a widget that
/// has a state of its own besides: it writes `tag`, `state`, `operate` and `update` out.
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
    (child) => {
        fn children(&self) -> Vec<Tree> {
            vec![Tree::new(&self.content)]
        }

        fn diff(&self, tree: &mut Tree) {
            tree.diff_children(std::slice::from_ref(&self.content));
        }

        fn size(&self) -> Size<Length> {
            self.content.as_widget().size()
        }

        fn size_hint(&self) -> Size<Length> {
            self.content.as_widget().size_hint()
        }

        fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
            match tree.children.first_mut() {
                Some(child) => self.content.as_widget_mut().layout(child, renderer, limits),
                None => layout::Node::default(),
            }
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
            if let Some(child) = tree.children.first() {
                self.content.as_widget().draw(child, renderer, theme, style, layout, cursor, viewport);
            }
        }

        fn mouse_interaction(
            &self,
            tree: &Tree,
            layout: Layout<'_>,
            cursor: mouse::Cursor,
            viewport: &Rectangle,
            renderer: &Renderer,
        ) -> mouse::Interaction {
            tree.children.first().map_or(mouse::Interaction::None, |child| {
                self.content.as_widget().mouse_interaction(child, layout, cursor, viewport, renderer)
            })
        }

        fn overlay<'b>(
            &'b mut self,
            tree: &'b mut Tree,
            layout: Layout<'b>,
            renderer: &Renderer,
            viewport: &Rectangle,
            translation: Vector,
        ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
            let child = tree.children.first_mut()?;
            self.content.as_widget_mut().overlay(child, layout, renderer, viewport, translation)
        }
    };
}
pub(crate) use as_content;

/// Whether a key is a command to the program. An input would take the sign on it for text, as the comma of Ctrl and comma.
fn is_command(event: &Event) -> bool {
    let Event::Keyboard(keyboard::Event::KeyPressed {
        key: keyboard::Key::Character(sign), modifiers, ..
    }) = event
    else {
        return false;
    };
    let edits = ["a", "c", "v", "x", "y", "z"];
    modifiers.command() && !modifiers.alt() && !edits.contains(&sign.to_lowercase().as_str())
}

impl<Message> Widget<Message, Theme, Renderer> for Labelled<'_, Message> {
    as_content!(layout);

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
        if matches!(self.node.role, Role::TextInput | Role::PasswordInput) && is_command(event) {
            return;
        }
        self.content
            .as_widget_mut()
            .update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
    }

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
