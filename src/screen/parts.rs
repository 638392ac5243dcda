//! The parts that every screen is made of, put together from the widgets so that pages are of one hand.

use causerie_model::{AvatarHash, Presence, Show};
use iced::advanced::widget;
use iced::widget::{column, container, row, scrollable, space, text, text_input};
use iced::{Alignment, Border, Color, Length, Padding};

use unicode_segmentation::UnicodeSegmentation;

use crate::context::Context;
use crate::icon::{self, Icon};
use crate::theme::style::{self, ButtonKind};
use crate::theme::{self, Element, Theme, Tokens, size, space as gap};
use crate::widget::access::{Role, Toggled, labelled};
use crate::widget::avatar::{Availability, avatar, avatar_with_dot};
use crate::widget::button::button;
use crate::widget::control::{Control, Ring, control};
use crate::widget::message_text::told;

/// The widest a page of words gets.
pub(crate) const PAGE: f32 = 440.0;

/// Words in the size of messages.
pub(crate) fn words<'a>(said: impl Into<String>) -> iced::widget::Text<'a, Theme> {
    text(said.into()).size(size::BODY).line_height(theme::LINE_HEIGHT)
}

/// Words that stay in the background.
pub(crate) fn aside<'a>(said: impl Into<String>) -> iced::widget::Text<'a, Theme> {
    text(said.into()).size(size::SECONDARY).line_height(theme::LINE_HEIGHT).style(style::muted)
}

/// The name of what follows.
pub(crate) fn label<'a>(said: impl Into<String>) -> iced::widget::Text<'a, Theme> {
    text(said.into()).size(size::SECONDARY).font(theme::STRONG)
}

/// The heading of a page.
pub(crate) fn heading<'a, Message: 'a>(said: String, height: f32) -> Element<'a, Message> {
    let words = text(said.clone()).size(height).font(theme::STRONG).line_height(1.25);
    labelled(Role::Heading, said, words)
}

/// A line to be typed.
pub(crate) struct Field<'a, Message> {
    id: widget::Id,
    label: String,
    value: &'a str,
    hint: String,
    wrong: Option<String>,
    note: Option<String>,
    secure: bool,
    on_input: Option<Box<dyn Fn(String) -> Message + 'a>>,
    on_submit: Option<Message>,
    beside: Option<Element<'a, Message>>,
}

/// A line to be typed, with its name above and what is wrong below.
pub(crate) fn field<'a, Message: Clone + 'a>(
    id: impl Into<widget::Id>,
    label: String,
    value: &'a str,
) -> Field<'a, Message> {
    Field {
        id: id.into(),
        label,
        value,
        hint: String::new(),
        wrong: None,
        note: None,
        secure: false,
        on_input: None,
        on_submit: None,
        beside: None,
    }
}

impl<'a, Message: Clone + 'a> Field<'a, Message> {
    /// What it could look like, while it is empty.
    pub(crate) fn hint(mut self, hint: String) -> Self {
        self.hint = hint;
        self
    }

    /// What is wrong with it, in words.
    pub(crate) fn wrong(mut self, wrong: Option<String>) -> Self {
        self.wrong = wrong;
        self
    }

    /// What helps to fill it in.
    pub(crate) fn note(mut self, note: String) -> Self {
        self.note = Some(note);
        self
    }

    /// Dots in place of letters.
    pub(crate) fn secure(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// What typing says; without it nothing can be typed.
    pub(crate) fn on_input(mut self, on_input: Option<impl Fn(String) -> Message + 'a>) -> Self {
        self.on_input = on_input.map(|on_input| Box::new(on_input) as Box<dyn Fn(String) -> Message + 'a>);
        self
    }

    /// What Enter says.
    pub(crate) fn on_submit(mut self, message: Message) -> Self {
        self.on_submit = Some(message);
        self
    }

    /// A control at its right.
    pub(crate) fn beside(mut self, beside: Element<'a, Message>) -> Self {
        self.beside = Some(beside);
        self
    }
}

impl<'a, Message: Clone + 'a> From<Field<'a, Message>> for Element<'a, Message> {
    fn from(field: Field<'a, Message>) -> Self {
        let role = if field.secure { Role::PasswordInput } else { Role::TextInput };
        let usable = field.on_input.is_some();
        let input = text_input(&field.hint, field.value)
            .id(field.id)
            .secure(field.secure)
            .size(size::BODY)
            .padding([10.0, gap::M])
            .style(style::field(field.wrong.is_some()))
            .on_input_maybe(field.on_input)
            .on_submit_maybe(field.on_submit.filter(|_| usable));
        // A screen reader hears with the field what is wrong with it.
        let label = match &field.wrong {
            Some(wrong) => format!("{}. {wrong}", field.label),
            None => field.label.clone(),
        };
        let input = labelled(role, label, input);
        let line = match field.beside {
            Some(beside) => row![input, beside].spacing(gap::XS).align_y(Alignment::Center).into(),
            None => input,
        };
        let name = text(field.label).size(size::SECONDARY).font(theme::STRONG);
        let mut lines = column![name, line].spacing(gap::XS);
        if let Some(wrong) = field.wrong {
            lines = lines.push(trouble(wrong));
        } else if let Some(note) = field.note {
            lines = lines.push(aside(note));
        }
        lines.into()
    }
}

/// What is wrong, in words, with a sign that does not need the colour.
pub(crate) fn trouble<'a, Message: 'a>(said: String) -> Element<'a, Message> {
    let sign = icon::tinted(Icon::CircleAlert, size::ICON_SMALL, |tokens| tokens.bad);
    let words = text(said.clone())
        .size(size::SECONDARY)
        .line_height(theme::LINE_HEIGHT)
        .style(style::bad)
        .width(Length::Fill);
    let sign = container(sign).padding(Padding::ZERO.top(2.0));
    labelled(Role::Alert, said, row![sign, words].spacing(6.0))
}

/// Words across a pane that want to be read, with what can be done about them.
pub(crate) fn banner<'a, Message: Clone + 'a>(
    which: Icon,
    colour: fn(&Tokens) -> Color,
    said: String,
    actions: Vec<Element<'a, Message>>,
) -> Element<'a, Message> {
    let sign = container(icon::tinted(which, size::ICON, colour)).padding(Padding::ZERO.top(1.0));
    let mut lines = column![Element::from(told(said.clone(), size::SECONDARY))];
    lines = lines.spacing(gap::S).width(Length::Fill);
    if !actions.is_empty() {
        lines = lines.push(iced::widget::Row::with_children(actions).spacing(gap::S).wrap());
    }
    let content = row![sign, lines].spacing(gap::S);
    let banner = container(content).padding(gap::M).width(Length::Fill).style(style::banner(colour));
    labelled(Role::Alert, said, banner)
}

/// What is awaited.
pub(crate) fn waiting<'a, Message: 'a>(said: String) -> Element<'a, Message> {
    let sign = icon::tinted(Icon::Clock, size::ICON, |tokens| tokens.muted);
    let line = row![sign, words(said.clone()).width(Length::Fill)].spacing(gap::S).align_y(Alignment::Center);
    labelled(Role::Status, said, line)
}

/// One of several values.
pub(crate) fn choice<'a, Message: Clone + 'a>(
    label: String,
    note: Option<String>,
    chosen: bool,
    on_press: Message,
) -> Control<'a, Message> {
    let mut lines = column![text(label.clone()).size(size::BODY)].spacing(2.0);
    if let Some(note) = note {
        lines = lines.push(aside(note));
    }
    // Beside the first line, however many follow.
    let disc = container(disc(chosen)).padding(Padding::ZERO.top(1.0));
    let content = row![disc, lines.width(Length::Fill)].spacing(gap::M);
    control(Role::Radio(Toggled::from(chosen)), label, content)
        .kind(ButtonKind::Quiet)
        .ring(Ring::Inside)
        .padding([gap::S, gap::M])
        .width(Length::Fill)
        .on_press(on_press)
}

/// The sign of a value: a ring, filled where it is the chosen one.
fn disc<'a, Message: 'a>(chosen: bool) -> Element<'a, Message> {
    let round = |side: f32, look: fn(&Tokens) -> (Option<Color>, Color)| {
        let disc = container(space::horizontal()).width(side).height(side);
        disc.style(move |theme: &Theme| {
            let (ground, line) = look(theme.tokens());
            let border = Border { color: line, width: 2.0, radius: (side / 2.0).into() };
            container::Style { background: ground.map(Into::into), border, ..container::Style::default() }
        })
    };
    let ring: fn(&Tokens) -> (Option<Color>, Color) =
        if chosen { |t| (Some(t.surface), t.accent) } else { |t| (Some(t.surface), t.muted) };
    let ring = round(18.0, ring);
    if !chosen {
        return ring.into();
    }
    let middle = container(round(8.0, |t| (Some(t.accent), t.accent))).center(18.0);
    iced::widget::stack![ring, middle].into()
}

/// A page of one column in the middle of the window, which scrolls where the window is small.
pub(crate) fn page<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    let column = container(content).max_width(PAGE).padding([gap::XL, gap::XL]);
    let middle = container(column).center_x(Length::Fill);
    let whole = column![space::vertical(), scrollable(middle).width(Length::Fill), space::vertical()];
    container(whole.align_x(Alignment::Center)).center(Length::Fill).style(style::paper).into()
}

/// A card in front of everything: in the middle, and scrolled where the window is too small for it.
pub(crate) fn in_front<'a, Message: 'a>(card: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    let middle = container(card.into()).padding(gap::L).center_x(Length::Fill);
    let whole = column![space::vertical(), scrollable(middle).width(Length::Fill), space::vertical()];
    container(whole).center(Length::Fill).into()
}

/// The two buttons below a form: the one that goes on at the right.
pub(crate) fn buttons<'a, Message: 'a>(
    back: impl Into<Element<'a, Message>>,
    on: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    row![back.into(), space::horizontal(), on.into()].spacing(gap::S).align_y(Alignment::Center).into()
}

/// What an empty place says, and the button that fills it.
pub(crate) fn empty<'a, Message: Clone + 'a>(
    which: Icon,
    title: String,
    said: String,
    action: Option<(String, Message)>,
) -> Element<'a, Message> {
    let mut lines = column![
        icon::tinted(which, 40.0, |tokens| tokens.muted),
        text(title).size(size::TITLE).font(theme::STRONG),
        aside(said).align_x(Alignment::Center),
    ]
    .spacing(gap::S)
    .max_width(320.0)
    .align_x(Alignment::Center);
    if let Some((label, message)) = action {
        let button = button(label).kind(ButtonKind::Primary).on_press(message);
        lines = lines.push(container(button).padding(Padding::ZERO.top(gap::S)));
    }
    container(lines).center(Length::Fill).padding(gap::L).into()
}

/// About how many letters of that size have room in a width.
pub(crate) fn room(width: f32, letters: f32) -> usize {
    (width / (letters * 0.55)).clamp(4.0, 400.0) as usize
}

/// The start of a text, with an ellipsis where it was longer than `most` characters.
pub(crate) fn shortened(said: &str, most: usize) -> String {
    let mut letters = said.graphemes(true);
    let mut short: String = letters.by_ref().take(most).collect();
    if letters.next().is_some() {
        while short.ends_with(char::is_whitespace) {
            short.pop();
        }
        short.push('…');
    }
    short
}

/// How many are not read.
pub(crate) fn badge<'a, Message: 'a>(count: u32, context: &Context) -> Element<'a, Message> {
    const MOST: u32 = 999;
    let said = if count > MOST { format!("{MOST}+") } else { context.i18n.number(count.into()) };
    let number = text(said).size(size::META).font(theme::STRONG).line_height(1.0);
    container(number).padding([4.0, 7.0]).style(style::badge).into()
}

/// A person's picture or initials, with their availability at its corner when they are there.
pub(crate) fn person<'a, Message: 'a>(
    address: &str,
    name: &str,
    picture: Option<AvatarHash>,
    presence: Option<&Presence>,
    side: f32,
    context: &Context,
) -> Element<'a, Message> {
    let picture = avatar(address, name, context.pictures.get(picture), side);
    match presence {
        Some(Presence::Online { show, .. }) => avatar_with_dot(picture, availability(*show), side),
        Some(Presence::Offline) | None => picture,
    }
}

/// The sign of an availability.
pub(crate) fn availability(show: Show) -> Availability {
    match show {
        Show::Available | Show::Chat => Availability::Online,
        Show::Away => Availability::Away,
        Show::ExtendedAway => Availability::LongAway,
        Show::DoNotDisturb => Availability::Busy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so_and_is_cut_between_letters() {
        assert_eq!(shortened("Bob", 3), "Bob");
        assert_eq!(shortened("Bob Martin", 4), "Bob…");
        assert_eq!(shortened("👩\u{200D}👧👩\u{200D}👧", 1), "👩\u{200D}👧…");
    }
}
