//! The one wrapper that makes anything a control: focus, ring, Enter and Space, role and label, hover and press.
//!
//! Long because one widget answers for every way of being pressed, and its parts make no sense apart.

use iced::advanced::widget::operation::{Focusable, Operation};
use iced::advanced::widget::{self, Tree, tree};
use iced::advanced::{Clipboard, Layout, Renderer as _, Shell, Widget, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::{
    Background, Color, Event, Length, Padding, Point, Rectangle, Renderer, Size, Vector, keyboard, touch,
    window,
};

use super::access::{Node, Role, Usable};
use super::focus::Focus;
use crate::theme::style::{self, ButtonKind, ControlStyle, Pointer};
use crate::theme::{Element, Theme, size};

type StyleFn<'a> = Box<dyn Fn(&Theme, Pointer) -> ControlStyle + 'a>;

/// Where the ring of the keyboard is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ring {
    /// Around the control.
    Outside,
    /// Within its edge: for rows, which have neighbours.
    Inside,
}

/// Content that can be pressed, by pointer, finger and keyboard. See [`control`].
pub(crate) struct Control<'a, Message> {
    id: Option<widget::Id>,
    node: Node,
    content: Element<'a, Message>,
    on_press: Option<Message>,
    on_context: Option<Box<dyn Fn(Point) -> Message + 'a>>,
    style: StyleFn<'a>,
    width: Length,
    height: Length,
    least_height: f32,
    padding: Padding,
    align: iced::Alignment,
    ring: Ring,
    reach: f32,
    pointer: Pointer,
}

/// Makes content a control with this role and label. Until it has an `on_press` it is disabled.
pub(crate) fn control<'a, Message>(
    role: Role,
    label: impl Into<String>,
    content: impl Into<Element<'a, Message>>,
) -> Control<'a, Message> {
    let content = content.into();
    let fluid = content.as_widget().size_hint();
    Control {
        id: None,
        node: Node { role, label: label.into(), usable: Usable::NotNow },
        content,
        on_press: None,
        on_context: None,
        style: Box::new(|theme, pointer| style::button(theme, ButtonKind::Quiet, pointer)),
        width: fluid.width.fluid(),
        height: fluid.height.fluid(),
        least_height: size::HIT,
        padding: Padding::ZERO,
        align: iced::Alignment::Start,
        ring: Ring::Outside,
        reach: 0.0,
        pointer: Pointer::Away,
    }
}

impl<'a, Message> Control<'a, Message> {
    /// A name by which `iced::widget::operation::focus` and tests find it.
    pub(crate) fn id(mut self, id: impl Into<widget::Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// What pressing it says.
    pub(crate) fn on_press(self, message: Message) -> Self {
        self.on_press_maybe(Some(message))
    }

    /// What pressing it says; `None` disables it.
    pub(crate) fn on_press_maybe(mut self, message: Option<Message>) -> Self {
        self.node.usable = if message.is_some() { Usable::Now } else { Usable::NotNow };
        self.on_press = message;
        self
    }

    /// What the right button, or the menu key, says: where the menu should open.
    pub(crate) fn on_context(mut self, message: impl Fn(Point) -> Message + 'a) -> Self {
        self.on_context = Some(Box::new(message));
        self
    }

    /// How it looks.
    pub(crate) fn style(mut self, style: impl Fn(&Theme, Pointer) -> ControlStyle + 'a) -> Self {
        self.style = Box::new(style);
        self
    }

    /// How it looks, as a button of this kind.
    pub(crate) fn kind(self, kind: ButtonKind) -> Self {
        self.style(move |theme, pointer| style::button(theme, kind, pointer))
    }

    /// Its width.
    pub(crate) fn width(mut self, width: impl Into<Length>) -> Self {
        self.width = width.into();
        self
    }

    /// Its height; at least [`size::HIT`] unless [`Self::least_height`] says otherwise.
    pub(crate) fn height(mut self, height: impl Into<Length>) -> Self {
        self.height = height.into();
        self
    }

    /// The least height, for what stands within a line of text.
    pub(crate) fn least_height(mut self, height: f32) -> Self {
        self.least_height = height;
        self
    }

    /// The space around the content.
    pub(crate) fn padding(mut self, padding: impl Into<Padding>) -> Self {
        self.padding = padding.into();
        self
    }

    /// Where the content stands when there is more width than it needs.
    pub(crate) fn align_x(mut self, align: iced::Alignment) -> Self {
        self.align = align;
        self
    }

    /// How far its ground and its ring reach out to both sides, in logical pixels: what stands in a column of text begins where the text does.
    pub(crate) fn reach(mut self, reach: f32) -> Self {
        self.reach = reach;
        self
    }

    /// Where the ring of the keyboard is drawn.
    pub(crate) fn ring(mut self, ring: Ring) -> Self {
        self.ring = ring;
        self
    }
}

struct State {
    focus: Focus,
    pressed: bool,
}

impl Focusable for State {
    fn is_focused(&self) -> bool {
        self.focus != Focus::None
    }

    fn focus(&mut self) {
        self.focus = Focus::Keyboard;
    }

    fn unfocus(&mut self) {
        self.focus = Focus::None;
    }
}

impl<Message: Clone> Control<'_, Message> {
    fn press(&self, shell: &mut Shell<'_, Message>) {
        if let Some(message) = &self.on_press {
            shell.publish(message.clone());
        }
    }

    fn usable(&self) -> bool {
        self.on_press.is_some() || self.on_context.is_some()
    }

    fn on_pointer(
        &self,
        state: &mut State,
        event: &Event,
        bounds: Rectangle,
        cursor: mouse::Cursor,
        shell: &mut Shell<'_, Message>,
    ) {
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerPressed { .. }) => {
                if self.on_press.is_some() && cursor.is_over(bounds) {
                    state.pressed = true;
                    state.focus = Focus::Pointer;
                    shell.capture_event();
                    shell.request_redraw();
                } else if state.focus != Focus::None {
                    state.focus = Focus::None;
                    shell.request_redraw();
                }
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerLifted { .. }) => {
                let was_pressed = std::mem::take(&mut state.pressed);
                if was_pressed && cursor.is_over(bounds) {
                    self.press(shell);
                }
                if was_pressed {
                    shell.capture_event();
                    shell.request_redraw();
                }
            }
            Event::Touch(touch::Event::FingerLost { .. }) => state.pressed = false,
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Right)) => {
                if let (Some(context), Some(point)) = (&self.on_context, cursor.position_over(bounds)) {
                    shell.publish(context(point));
                    shell.capture_event();
                }
            }
            _ => {}
        }
    }

    fn on_key(&self, state: &State, event: &Event, bounds: Rectangle, shell: &mut Shell<'_, Message>) {
        let Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, repeat: false, .. }) = event else {
            return;
        };
        if !state.is_focused() {
            return;
        }
        match key.as_ref() {
            keyboard::Key::Named(Named::Enter | Named::Space) | keyboard::Key::Character(" ")
                if self.on_press.is_some() && modifiers.is_empty() =>
            {
                self.press(shell);
                shell.capture_event();
            }
            // What has a menu and nothing else opens it by the key that comes to mind first.
            keyboard::Key::Named(Named::Enter) if self.on_press.is_none() && modifiers.is_empty() => {
                self.open_context(bounds, shell);
            }
            keyboard::Key::Named(Named::ContextMenu) => self.open_context(bounds, shell),
            keyboard::Key::Named(Named::F10) if modifiers.shift() => self.open_context(bounds, shell),
            _ => {}
        }
    }

    fn open_context(&self, bounds: Rectangle, shell: &mut Shell<'_, Message>) {
        if let Some(context) = &self.on_context {
            shell.publish(context(bounds.center()));
            shell.capture_event();
        }
    }
}

impl<Message: Clone> Widget<Message, Theme, Renderer> for Control<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State { focus: Focus::None, pressed: false })
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.content));
        if !self.usable() {
            let state = tree.state.downcast_mut::<State>();
            *state = State { focus: Focus::None, pressed: false };
        }
    }

    fn size(&self) -> Size<Length> {
        Size { width: self.width, height: self.height }
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let limits = limits.min_height(self.least_height.min(limits.max().height));
        let (padding, align, content) = (self.padding, self.align, &mut self.content);
        let Some(child) = tree.children.first_mut() else { return layout::Node::new(Size::ZERO) };
        layout::positioned(
            &limits,
            self.width,
            self.height,
            padding,
            |limits| content.as_widget_mut().layout(child, renderer, &limits.loose()),
            |content, size| content.align(align, iced::Alignment::Center, size),
        )
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        let bounds = layout.bounds();
        operation.custom(self.id.as_ref(), bounds, &mut self.node);
        if self.usable() {
            let state = tree.state.downcast_mut::<State>();
            operation.custom(None, bounds, &mut state.focus);
            operation.focusable(self.id.as_ref(), bounds, state);
        }
        operation.text(self.id.as_ref(), bounds, &self.node.label);
        operation.container(self.id.as_ref(), bounds);
        operation.traverse(&mut |operation| {
            if let (Some(child), Some(layout)) = (tree.children.first_mut(), layout.children().next()) {
                self.content.as_widget_mut().operate(child, layout, renderer, operation);
            }
        });
    }

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
        if let (Some(child), Some(layout)) = (tree.children.first_mut(), layout.children().next()) {
            self.content
                .as_widget_mut()
                .update(child, event, layout, cursor, renderer, clipboard, shell, viewport);
        }
        let state = tree.state.downcast_mut::<State>();
        let bounds = layout.bounds();
        if shell.is_event_captured() {
            // A press on something within, or elsewhere, takes the focus away.
            if matches!(event, Event::Mouse(mouse::Event::ButtonPressed(_))) {
                state.focus = Focus::None;
            }
        } else {
            self.on_pointer(state, event, bounds, cursor, shell);
            self.on_key(state, event, bounds, shell);
        }
        let pointer = if self.on_press.is_none() {
            if self.on_context.is_some() { Pointer::Away } else { Pointer::Disabled }
        } else if cursor.is_over(bounds) {
            if state.pressed { Pointer::Down } else { Pointer::Over }
        } else {
            Pointer::Away
        };
        if let Event::Window(window::Event::RedrawRequested(_)) = event {
            self.pointer = pointer;
        } else if self.pointer != pointer {
            shell.request_redraw();
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds().expand(Padding::from([0.0, self.reach]));
        let style = (self.style)(theme, self.pointer);
        if style.ground.is_some() || style.border.width > 0.0 {
            renderer.fill_quad(
                renderer::Quad { bounds, border: style.border, ..renderer::Quad::default() },
                Background::Color(style.ground.unwrap_or(Color::TRANSPARENT)),
            );
        }
        if let (Some(child), Some(layout)) = (tree.children.first(), layout.children().next()) {
            let text = renderer::Style { text_color: style.text };
            self.content.as_widget().draw(child, renderer, theme, &text, layout, cursor, viewport);
        }
        if tree.state.downcast_ref::<State>().focus == Focus::Keyboard {
            let (bounds, border) = match self.ring {
                Ring::Outside => (bounds.expand(3.0), style::focus_ring(theme, style.border.radius)),
                Ring::Inside => (
                    bounds,
                    iced::Border { radius: style.border.radius, ..style::focus_ring(theme, 0.0.into()) },
                ),
            };
            renderer.fill_quad(
                renderer::Quad { bounds, border, ..renderer::Quad::default() },
                Background::Color(Color::TRANSPARENT),
            );
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
        if !cursor.is_over(layout.bounds()) {
            return mouse::Interaction::None;
        }
        let inner = match (tree.children.first(), layout.children().next()) {
            (Some(child), Some(layout)) => {
                self.content.as_widget().mouse_interaction(child, layout, cursor, viewport, renderer)
            }
            _ => mouse::Interaction::None,
        };
        let own =
            if self.on_press.is_some() { mouse::Interaction::Pointer } else { mouse::Interaction::default() };
        inner.max(own)
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        let (child, layout) = (tree.children.first_mut()?, layout.children().next()?);
        self.content.as_widget_mut().overlay(child, layout, renderer, viewport, translation)
    }
}

impl<'a, Message: Clone + 'a> From<Control<'a, Message>> for Element<'a, Message> {
    fn from(control: Control<'a, Message>) -> Self {
        Element::new(control)
    }
}

#[cfg(test)]
mod tests {
    use iced::widget::{column, scrollable, text};

    use super::*;
    use crate::widget::access::labelled;
    use crate::widget::button::{button, checkbox, choice, icon_button, row_button};
    use crate::widget::focus;
    use crate::widget::harness::Harness;
    use crate::{icon::Icon, theme::style::Selection};

    #[derive(Clone, Debug, PartialEq)]
    enum Said {
        Save,
        Delete,
        Tick(bool),
        Chose(u8),
        Opened(u8),
        Typed(String),
    }

    fn form<'a>(value: &'a str) -> Element<'a, Said> {
        focus::scope(
            column![
                button("Save").icon(Icon::Check).on_press(Said::Save),
                button("Later"),
                icon_button(Icon::Trash, "Delete", Some(Said::Delete)),
                checkbox("Loud", false, Said::Tick),
                labelled(Role::TextInput, "Name", iced::widget::text_input("", value).on_input(Said::Typed),),
                choice("Colour", [(1, "Red".to_owned()), (2, "Blue".to_owned())], 1, Said::Chose),
                focus::group(
                    scrollable(column((0..20).map(|n| {
                        row_button(format!("Row {n}"), text(n), Selection::Off)
                            .on_press(Said::Opened(n))
                            .into()
                    })))
                    .height(120.0)
                ),
            ]
            .spacing(4.0),
        )
    }

    fn tabbed(ui: &mut Harness<'_, Said>, times: usize) -> String {
        (0..times).for_each(|_| ui.key(Named::Tab));
        ui.focused().unwrap_or_default()
    }

    #[test]
    fn tab_goes_through_what_can_be_used_and_around() {
        let mut ui = Harness::new((400.0, 500.0), form(""));
        ui.fail_if_unlabelled();
        for label in ["Save", "Delete", "Loud", "Name", "Red", "Blue", "Row 0", "Save"] {
            assert_eq!(tabbed(&mut ui, 1), label);
        }
        for label in ["Row 0", "Blue", "Red", "Name"] {
            ui.key_with(keyboard::Key::Named(Named::Tab), keyboard::Modifiers::SHIFT);
            assert_eq!(ui.focused().as_deref(), Some(label));
        }
    }

    #[test]
    fn enter_and_space_press_what_has_the_focus_once() {
        let mut ui = Harness::new((400.0, 500.0), form(""));
        ui.key(Named::Enter);
        assert_eq!(ui.messages(), []);
        tabbed(&mut ui, 1);
        ui.key(Named::Enter);
        tabbed(&mut ui, 1);
        ui.key(Named::Space);
        tabbed(&mut ui, 1);
        ui.key(Named::Space);
        assert_eq!(ui.messages(), [Said::Save, Said::Delete, Said::Tick(true)]);
    }

    #[test]
    fn arrows_go_from_row_to_row_and_scroll_to_it() {
        let mut ui = Harness::new((400.0, 500.0), form(""));
        assert_eq!(tabbed(&mut ui, 7), "Row 0");
        let place = |ui: &mut Harness<'_, Said>, label: &str| {
            ui.audit().into_iter().find(|found| found.label() == label).unwrap().bounds
        };
        ui.key(Named::ArrowDown);
        assert_eq!(ui.focused().as_deref(), Some("Row 1"));
        ui.key(Named::End);
        assert_eq!(ui.focused().as_deref(), Some("Row 19"));
        ui.key(Named::Enter);
        assert_eq!(ui.messages(), [Said::Opened(19)]);
        // It was scrolled to: the row is where a click finds it.
        let (list, row) = (place(&mut ui, "Row 0"), place(&mut ui, "Row 19"));
        ui.click_at(Point::new(row.center_x(), list.y + 100.0));
        assert!(matches!(ui.messages().as_slice(), [Said::Opened(17..=19)]));
        ui.key(Named::ArrowUp);
        ui.key(Named::Home);
        assert_eq!(ui.focused().as_deref(), Some("Row 0"));
        ui.key(Named::ArrowUp);
        assert_eq!(ui.focused().as_deref(), Some("Row 0"), "it stays within the list");
    }

    #[test]
    fn what_gets_the_focus_is_scrolled_to_whoever_moves_it() {
        let view = |above: f32| -> Element<'static, Said> {
            let field = iced::widget::text_input("", "").id("below").on_input(Said::Typed);
            let tall = iced::widget::space::vertical().height(above);
            let inside = column![tall, labelled(Role::TextInput, "Below", field), button("On")];
            focus::scope(column![scrollable(inside).height(200.0), button("Save").on_press(Said::Save)])
        };
        let mut ui = Harness::new((400.0, 300.0), view(600.0));
        ui.perform(focus::focus::<Said>("below"));
        assert_eq!(ui.focused().as_deref(), Some("Below"));
        assert!(ui.sees_focus(), "by the program");
        // What is above it grows, as a picture does that comes later.
        ui.show(view(900.0));
        assert!(!ui.sees_focus());
        ui.perform(focus::reveal::<Said>());
        assert!(ui.sees_focus());
    }

    #[test]
    fn a_click_presses_focuses_and_shows_no_ring() {
        let mut ui = Harness::new((400.0, 500.0), form(""));
        ui.click("Delete");
        assert_eq!(ui.messages(), [Said::Delete]);
        assert_eq!(ui.focused().as_deref(), Some("Delete"));
        ui.click("Blue");
        assert_eq!(ui.messages(), [Said::Chose(2)]);
        assert_eq!(ui.focused().as_deref(), Some("Blue"), "one thing has the focus");
        ui.click_at(Point::new(390.0, 490.0));
        assert_eq!(ui.focused(), None);
    }

    #[test]
    fn the_ring_comes_with_the_keyboard_alone_whoever_moves_the_focus() {
        let view = || {
            let named = control(Role::Button, "Close", text("Close")).id("close").on_press(Said::Delete);
            focus::scope(column![button("Save").on_press(Said::Save), named])
        };
        let mut ui = Harness::new((400.0, 200.0), view());
        let close = |ui: &mut Harness<'_, Said>| {
            ui.operate(&mut iced::advanced::widget::operation::focusable::focus::<()>("close".into()));
            let found = ui.audit().into_iter().find(|found| found.label() == "Close").unwrap();
            assert!(found.focused);
            found.ring
        };
        assert!(close(&mut ui), "nobody has used a pointer");
        ui.click("Save");
        assert!(!close(&mut ui), "a click has brought it here");
        ui.key(Named::Enter);
        ui.show(view());
        assert!(close(&mut ui), "a key has");
    }

    #[test]
    fn down_goes_from_a_field_into_its_list_and_up_comes_back() {
        let rows = (0..3).map(|n| {
            row_button(format!("Row {n}"), text(n), Selection::Off).on_press(Said::Opened(n)).into()
        });
        let input = iced::widget::text_input("", "").on_input(Said::Typed);
        let field = labelled(Role::TextInput, "Filter", input);
        let all = column![focus::field_above(column![field, focus::group(column(rows))]), button("Save")];
        let mut ui = Harness::new((400.0, 300.0), focus::scope(all));
        ui.key(Named::ArrowDown);
        assert_eq!(ui.focused(), None, "the focus is elsewhere");
        tabbed(&mut ui, 1);
        for (key, label) in [
            (Named::ArrowUp, "Filter"),
            (Named::ArrowDown, "Row 0"),
            (Named::ArrowDown, "Row 1"),
            (Named::ArrowUp, "Row 0"),
            (Named::ArrowUp, "Filter"),
            (Named::ArrowDown, "Row 0"),
            (Named::End, "Row 2"),
            (Named::ArrowDown, "Row 2"),
        ] {
            ui.key(key);
            assert_eq!(ui.focused().as_deref(), Some(label), "{key:?}");
        }
        ui.key(Named::Enter);
        assert_eq!(ui.messages(), [Said::Opened(2)]);
    }

    #[test]
    fn what_is_disabled_is_told_but_not_reached() {
        let mut ui = Harness::new((400.0, 500.0), form(""));
        let later = ui.audit().into_iter().find(|found| found.label() == "Later").unwrap();
        assert!(!later.focusable);
        assert_eq!(later.node.map(|node| node.usable), Some(Usable::NotNow));
        ui.click("Later");
        assert_eq!(ui.messages(), []);
    }

    #[test]
    fn an_input_without_a_label_is_found() {
        let bare: Element<'_, Said> = iced::widget::text_input("", "").on_input(Said::Typed).into();
        let mut ui = Harness::new((400.0, 100.0), bare);
        assert_eq!(crate::widget::access::Audit::faults(&ui.audit()).len(), 1);
        let mut ui: Harness<'_, Said> =
            Harness::new((400.0, 100.0), icon_button(Icon::X, "", Some(Said::Save)));
        assert_eq!(crate::widget::access::Audit::faults(&ui.audit()).len(), 1);
    }

    #[test]
    fn what_is_inert_is_out_of_reach() {
        let behind: Element<'_, Said> = focus::scope(focus::inert(button("Save").on_press(Said::Save)));
        let mut ui = Harness::new((400.0, 100.0), behind);
        assert_eq!(tabbed(&mut ui, 1), "");
        ui.click_at(Point::new(30.0, 18.0));
        assert_eq!(ui.messages(), []);
    }
}
