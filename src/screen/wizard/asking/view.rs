//! How a form looks.

use std::time::Duration;

use causerie_model::registration::{Field, FieldKind, FieldPurpose, Form, Refusal, RefusalReason};
use causerie_model::{BareJid, Timestamp};
use iced::advanced::widget::Id;
use iced::widget::image::Image;
use iced::widget::{column, container, row, text_editor};
use iced::{Alignment, ContentFit, Length};

use super::fields::{Input, Typed, Value};
use super::{Asking, Message, Trouble, labels};
use crate::context::Context;
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::screen::frame::WIDE;
use crate::screen::parts;
use crate::screen::wizard::identity::with_words;
use crate::screen::wizard::puzzle::{Fault, Shown};
use crate::theme::style::ButtonKind;
use crate::theme::{Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, checkbox, hint, link_button};
use crate::widget::focus;
use crate::widget::message_text::told;
use crate::words;

/// The name of the button that tries again.
pub(crate) const RETRY: &str = "wizard-retry";
/// The name of the button that leads to other providers.
pub(crate) const ELSEWHERE: &str = "wizard-elsewhere";
/// The height of a puzzle's picture at most, in logical pixels.
const TALLEST: f32 = 220.0;
/// What is left of it in the smallest window.
const LEAST: f32 = 72.0;
/// How long an address waits for its next account where the provider does not say: what ejabberd has where nobody has set
/// `registration_timeout` otherwise, as chapril.org's kind of provider does.
const USUAL_WAIT: Duration = Duration::from_secs(600);
/// How many times larger than it is a picture is shown at most.
const LARGEST: f32 = 3.0;
/// From so many seconds on, time left is in the colour of cautions.
const SOON: u64 = 20;

/// The name of a field of that place.
pub(crate) fn field_id(place: usize) -> Id {
    Id::from(format!("wizard-field-{place}"))
}

/// All fields of the form.
pub(crate) fn view<'a, M: Clone + 'a>(
    asking: &'a Asking,
    form: &'a Form,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
    on_submit: M,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let puzzle_alone = is_puzzle_alone(form);
    let mut lines = column![].spacing(gap::XL);
    if let Some(said) = said_above(asking, i18n) {
        lines = lines.push(parts::banner(Icon::CircleAlert, |tokens| tokens.bad, said, Vec::new()));
    }
    // What is told above a lone puzzle is for programs that ask name and password here.
    if !puzzle_alone {
        for paragraph in form.title.iter().chain(&form.instructions) {
            lines = lines.push(Element::from(told(paragraph.clone(), size::BODY)));
        }
    }
    for (place, (field, input)) in form.fields.iter().zip(&asking.inputs).enumerate() {
        let shown = Place { place, field, input, asking, context };
        lines = lines.push(shown.view(on, on_submit.clone()));
    }
    if let Some(page) = &form.web_page {
        let label = if asking.is_puzzle() { "wizard-puzzle-page" } else { "wizard-form-page" };
        let open = link_button(i18n.get(label), Some(on(Message::PagePressed)));
        let open = hint(open, page.clone());
        // Servers that make puzzles name such pages; what is typed there is no secret, but may be seen.
        let plain = !page.split_once(':').is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https"));
        let plain = plain.then(|| parts::aside(i18n.get("wizard-page-plain")));
        lines = lines.push(column![open, parts::aside(page.clone())].push(plain).spacing(2.0));
    }
    lines.into()
}

fn is_puzzle_alone(form: &Form) -> bool {
    matches!(form.fields.as_slice(), [only] if is_text_on_picture(only))
}

/// Whether the text on a picture is to be typed. Other puzzles with pictures say beside them what is asked.
fn is_text_on_picture(field: &Field) -> bool {
    /// The field's name (XEP-0158 1.2, §4).
    const TEXT: &str = "ocr";
    field.purpose == FieldPurpose::Puzzle && field.picture.is_some() && field.name == TEXT
}

fn said_above(asking: &Asking, i18n: &I18n) -> Option<String> {
    match asking.trouble.as_ref()? {
        Trouble::Answers(why) => {
            let said = i18n.get("wizard-answers-refused");
            Some(with_words(said, why, i18n))
        }
        Trouble::NotMade => Some(i18n.get("wizard-not-made")),
        _ => None,
    }
}

/// A field in its form.
struct Place<'a> {
    place: usize,
    field: &'a Field,
    input: &'a Input,
    asking: &'a Asking,
    context: &'a Context,
}

impl<'a> Place<'a> {
    fn view<M: Clone + 'a>(&self, on: impl Fn(Message) -> M + Copy + 'a, on_submit: M) -> Element<'a, M> {
        let mut lines = column![].spacing(gap::M);
        if self.field.picture.is_some() {
            lines = lines.push(self.picture());
        }
        if self.is_reloadable() {
            lines = lines.push(self.clock(on));
        }
        lines.push(self.control(on, on_submit)).into()
    }

    fn is_puzzle(&self) -> bool {
        self.field.purpose == FieldPurpose::Puzzle
    }

    /// Only once, below the first puzzle.
    fn is_reloadable(&self) -> bool {
        let form = self.asking.form.as_ref();
        let first =
            form.and_then(|form| form.fields.iter().position(|field| field.purpose == FieldPurpose::Puzzle));
        first == Some(self.place)
    }

    fn picture<M: 'a>(&self) -> Element<'a, M> {
        let i18n = &self.context.i18n;
        let said = |key: &str| -> Element<'a, M> { parts::aside(i18n.get(key)).into() };
        let content = match &self.input.picture {
            None => said("wizard-picture-coming"),
            Some(Err(Fault::TooLarge)) => said("wizard-picture-too-large"),
            Some(Err(Fault::Broken)) => said("wizard-picture-broken"),
            Some(Ok(shown)) => large(shown, self.context),
        };
        let card = container(content).center_x(Length::Fill).center_y(Length::Shrink).padding(gap::M);
        let card = card.style(style::card).width(Length::Fill);
        let label = if self.is_puzzle() { "wizard-puzzle-picture" } else { "wizard-field-picture" };
        labelled(Role::Image, i18n.get(label), card)
    }

    /// The time that is left, and another picture, with the seconds until there may be one.
    fn clock<M: Clone + 'a>(&self, on: impl Fn(Message) -> M) -> Element<'a, M> {
        let i18n = &self.context.i18n;
        let now = self.context.now;
        let label =
            i18n.get(if self.field.picture.is_some() { "wizard-reload" } else { "wizard-reload-question" });
        let (label, press) = match self.asking.until_reload(now) {
            0 => (label, Some(on(Message::ReloadPressed))),
            seconds => {
                let named = [("what", label.into()), ("seconds", seconds.into())];
                (i18n.with("wizard-reload-in", &named), None)
            }
        };
        let reload = button(label).icon(Icon::RefreshCw).on_press_maybe(press);
        // There is no hurry to answer what can't be seen.
        let left = self.asking.left(now).filter(|_| !self.input.is_unseen()).map(|left| {
            let said = i18n.with("wizard-time-left", &[("time", clock(left).into())]);
            let look = if left.as_secs() < SOON { style::warn } else { style::muted };
            iced::widget::text(said).size(size::SECONDARY).style(look)
        });
        row![]
            .push(left)
            .push(iced::widget::space::horizontal())
            .push(reload)
            .align_y(Alignment::Center)
            .into()
    }

    fn label(&self) -> String {
        let i18n = &self.context.i18n;
        // What is asked stands on the picture; without one it is the label.
        if is_text_on_picture(self.field) {
            return i18n.get("wizard-puzzle");
        }
        let label = labels::of(self.field, i18n);
        if self.field.required || self.field.kind == FieldKind::Fixed {
            label
        } else {
            i18n.with("wizard-field-optional", &[("name", label.into())])
        }
    }

    fn wrong(&self) -> Option<String> {
        let i18n = &self.context.i18n;
        match self.asking.trouble.as_ref()? {
            Trouble::Missing(place) if *place == self.place => Some(i18n.get("wizard-field-missing")),
            Trouble::Puzzle(why) if self.is_puzzle() => {
                Some(with_words(i18n.get("wizard-puzzle-wrong"), why, i18n))
            }
            _ => None,
        }
    }

    fn control<M: Clone + 'a>(&self, on: impl Fn(Message) -> M + Copy + 'a, on_submit: M) -> Element<'a, M> {
        let place = self.place;
        let changed = move |typed: Typed| on(Message::Changed(place, typed));
        let (label, wrong) = (self.label(), self.wrong());
        match &self.input.value {
            Value::Nothing => {
                let words = self.field.values.iter().map(|said| told(said.clone(), size::BODY).into());
                iced::widget::Column::with_children(words).spacing(gap::S).into()
            }
            Value::Line(line) => {
                let mut field = parts::field(field_id(place), label, line)
                    .secure(self.field.kind == FieldKind::TextPrivate)
                    .wrong(wrong)
                    .on_input(Some(move |typed| changed(Typed::Line(typed))))
                    .on_submit(on_submit);
                if let Some(note) = self.note() {
                    field = field.note(note);
                }
                field.into()
            }
            Value::Lines(content) => {
                let editor = text_editor(content)
                    .id(field_id(place))
                    .size(size::BODY)
                    .padding([10.0, gap::M])
                    .height(100.0)
                    .style(style::editor)
                    .on_action(move |action| changed(Typed::Lines(action)));
                self.under(label.clone(), wrong, labelled(Role::Editor, label, editor))
            }
            Value::Yes(yes) => {
                let tick = checkbox(label, *yes, move |on| changed(Typed::Ticked(on)));
                let mut lines = column![tick].spacing(gap::XS);
                lines = lines.push(wrong.map(parts::trouble));
                lines.push(self.note().map(parts::aside)).into()
            }
            Value::Chosen(chosen) => {
                let single = self.field.kind == FieldKind::ListSingle;
                let options = self.field.options.iter().enumerate().map(|(at, option)| {
                    let on = chosen.contains(&option.value);
                    if single {
                        parts::choice(option.label.clone(), None, on, changed(Typed::Option(at))).into()
                    } else {
                        checkbox(option.label.clone(), on, move |_| changed(Typed::Option(at)))
                    }
                });
                let options = iced::widget::Column::with_children(options).spacing(2.0);
                let options = labelled(Role::Group, label.clone(), focus::group(options));
                self.under(label, wrong, options)
            }
        }
    }

    fn under<M: Clone + 'a>(
        &self,
        label: String,
        wrong: Option<String>,
        content: Element<'a, M>,
    ) -> Element<'a, M> {
        let mut lines = column![parts::label(label), content].spacing(gap::XS);
        lines = match wrong {
            Some(wrong) => lines.push(parts::trouble(wrong)),
            None => lines.push(self.note().map(parts::aside)),
        };
        lines.into()
    }

    fn note(&self) -> Option<String> {
        let i18n = &self.context.i18n;
        match self.field.purpose {
            FieldPurpose::Puzzle
                if is_text_on_picture(self.field) && matches!(self.input.picture, Some(Ok(_))) =>
            {
                Some(i18n.get("wizard-puzzle-note"))
            }
            FieldPurpose::Email => Some(self.field.hint.clone().unwrap_or(i18n.get("wizard-email-note"))),
            // What a form asks for by name is nobody's business but the person's.
            _ if self.field.kind == FieldKind::TextPrivate => {
                let caution = i18n.get("wizard-secret-note");
                Some(self.field.hint.as_ref().map_or(caution.clone(), |hint| format!("{hint} {caution}")))
            }
            _ => self.field.hint.clone(),
        }
    }
}

/// A picture as large as there is room for, not blurred beyond reading.
fn large<'a, M: 'a>(shown: &Shown, context: &Context) -> Element<'a, M> {
    // The line to type the answer in is to be seen at the same time.
    let tallest = (context.window.height * 0.25).clamp(LEAST, TALLEST);
    let widest = (context.window.width.min(WIDE) - 2.0 * (gap::XL + gap::M)).max(LEAST);
    let factor = (tallest / shown.height).min(widest / shown.width).min(LARGEST);
    let (width, height) = (shown.width * factor, shown.height * factor);
    let picture = Image::new(shown.handle.clone()).content_fit(ContentFit::Contain);
    picture.width(width).height(height).into()
}

/// Minutes and seconds.
fn clock(left: Duration) -> String {
    let left = left.as_secs();
    format!("{}:{:02}", left / 60, left % 60)
}

/// When it can be tried again, where that is known.
pub(super) fn retry_at(refusal: &Refusal, since: Timestamp) -> Option<Timestamp> {
    match &refusal.reason {
        RefusalReason::TooManyForms { wait } => Some(super::later(since, *wait)),
        RefusalReason::TooManyAccounts { wait } => Some(super::later(since, wait.unwrap_or(USUAL_WAIT))),
        _ => None,
    }
}

/// Why it can't go on, and what can be done.
pub(crate) fn blocked<'a, M: Clone + 'a>(
    refusal: &Refusal,
    since: Timestamp,
    provider: &BareJid,
    context: &'a Context,
    actions: Actions<M>,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let at = retry_at(refusal, since);
    let waits = at.is_some_and(|at| at > context.now);
    let until = at.filter(|_| waits).map(|at| i18n.time(at, &context.zone));
    let said = words::refusal(i18n, &refusal.reason, provider, until);
    let said = with_words(said, &refusal.words, i18n);
    // One of them is what to do next: to try again, where that can be done now.
    let first = |first| if first { ButtonKind::Primary } else { ButtonKind::Secondary };
    let tries = actions.retry.is_some() && !waits;
    let retry = button(i18n.get("action-try-again")).id(RETRY).icon(Icon::RefreshCw).kind(first(tries));
    let mut buttons: Vec<Element<'a, M>> = Vec::new();
    if actions.retry.is_some() {
        buttons.push(retry.on_press_maybe(actions.retry.filter(|_| !waits)).into());
        buttons.extend(at.filter(|_| waits).map(|at| {
            let left = u64::try_from(at.as_millis().saturating_sub(context.now.as_millis())).unwrap_or(0);
            let left = i18n.with("wizard-time-left", &[("time", clock(Duration::from_millis(left)).into())]);
            container(parts::aside(left)).center_y(size::HIT).into()
        }));
    }
    if let Some(invitation) = actions.invitation {
        buttons.push(button(i18n.get("wizard-have-invitation")).on_press(invitation).into());
    }
    if let Some(page) = actions.page {
        buttons.push(button(i18n.get("wizard-website")).icon(Icon::Globe).on_press(page).into());
    }
    let banner = parts::banner(Icon::CircleAlert, |tokens| tokens.warn, said, buttons);
    let mut lines = column![banner].spacing(gap::XL);
    let others = actions
        .others
        .into_iter()
        .map(|(name, message)| button(name).icon(Icon::Globe).on_press(message).into());
    let elsewhere = button(i18n.get("wizard-other-provider")).id(ELSEWHERE).kind(first(!tries));
    let others = iced::widget::Row::with_children(others)
        .push(elsewhere.on_press(actions.elsewhere))
        .spacing(gap::S)
        .wrap()
        .vertical_spacing(gap::S);
    lines = lines.push(
        column![
            parts::label(i18n.get("wizard-elsewhere")),
            parts::aside(i18n.get("wizard-elsewhere-kept")),
            others
        ]
        .spacing(gap::S),
    );
    lines.into()
}

/// What can be done where it can't go on.
pub(crate) struct Actions<M> {
    /// To try again.
    pub(crate) retry: Option<M>,
    /// To give an invitation.
    pub(crate) invitation: Option<M>,
    /// To look at the provider's page, which may help.
    pub(crate) page: Option<M>,
    /// To go to one of these.
    pub(crate) others: Vec<(String, M)>,
    /// To look at the list.
    pub(crate) elsewhere: M,
}
