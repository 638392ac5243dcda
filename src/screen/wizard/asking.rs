//! What a provider asks besides name and password: a puzzle, mostly. Any form is shown, whatever is in it.

mod aside;
mod fields;
mod labels;
mod view;

use std::time::Duration;

use causerie_model::registration::{Answer, Field, FieldPurpose, Form, FormId, Refusal, RefusalReason};
use causerie_model::{Problem, Timestamp};
use iced::Task;

use super::puzzle::{self, Shown};
use crate::widget::focus::focus;
use aside::Aside;

pub(crate) use fields::{Input, Typed};
pub(crate) use view::{Actions, ELSEWHERE, RETRY, blocked, field_id, view};

/// Between two forms that a person asks for: some providers give ten a minute.
const PAUSE: Duration = Duration::from_secs(7);
/// So many times a form that has become too old is fetched anew without anybody having touched it.
const MOST_UNTOUCHED: u8 = 5;
/// Of the file that remembers, for the answers to one provider and again for those to all others, in bytes.
const ROOM: usize = 16 * 1024;

/// A form, and what was typed into it.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    form: Option<Form>,
    inputs: Vec<Input>,
    /// From when on the form is too old.
    until: Option<Timestamp>,
    /// From when on another one may be asked for.
    again: Option<Timestamp>,
    untouched: u8,
    /// What was answered in an earlier run.
    recalled: Vec<Answer>,
    aside: Aside,
    pub(super) trouble: Option<Trouble>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The puzzle was solved wrongly, or too late, and the provider perhaps says more.
    Puzzle(Option<String>),
    /// The form became too old while nobody was there.
    TooOld,
    /// An answer is needed there.
    Missing(usize),
    /// The provider does not take an answer, and perhaps says why.
    Answers(Option<String>),
    /// Nothing was made, though it was not known for a while.
    NotMade,
    /// It can't go on with this form.
    Blocked(Refusal, Timestamp),
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// Something was typed or chosen in that field.
    Changed(usize, Typed),
    /// The picture of that field was decoded.
    Decoded(FormId, usize, Result<Shown, puzzle::Fault>),
    /// Another form, with another puzzle, is wanted.
    ReloadPressed,
    /// The page of the web that does the same is wanted.
    PagePressed,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Nothing.
    None,
    /// Fetch a form.
    Fetch,
    /// Open a page of the web.
    Open(String),
}

impl Asking {
    /// A form has come. What was typed into the one before stays, but for the answer to its puzzle.
    pub(super) fn take(&mut self, form: Form, now: Timestamp) -> Task<Message> {
        let before = std::mem::take(&mut self.inputs);
        self.inputs = form.fields.iter().map(|field| Input::new(field, &before, &self.recalled)).collect();
        self.until = form.valid_for.map(|valid| later(now, valid));
        self.again = Some(later(now, PAUSE));
        if matches!(self.trouble, Some(Trouble::Blocked(..) | Trouble::Missing(_))) {
            self.trouble = None;
        }
        let id = form.id;
        let pictures = form.fields.iter().enumerate().filter_map(|(place, field)| {
            let picture = field.picture.clone()?;
            Some(Task::perform(puzzle::decode(picture), move |shown| Message::Decoded(id, place, shown)))
        });
        let pictures = Task::batch(pictures.collect::<Vec<_>>());
        self.form = Some(form);
        pictures
    }

    /// What was answered, to be remembered: what the person has typed or chosen, neither a secret nor the answer to a puzzle, and not more
    /// than there is room for.
    pub(super) fn kept(&self) -> Vec<Answer> {
        worth_keeping(&self.inputs, &self.recalled, &mut { ROOM })
    }

    /// What was answered in an earlier run is filled in when the form comes.
    pub(super) fn recall(&mut self, answers: Vec<Answer>) {
        self.recalled = answers;
    }

    /// The form is used up. What was typed stays for the next one.
    pub(super) fn used_up(&mut self) {
        self.form = None;
        self.until = None;
    }

    /// The form, when there is one.
    pub(super) fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    /// Whether nothing but name and password is asked.
    pub(super) fn asks_nothing(&self) -> bool {
        self.form.as_ref().is_some_and(|form| !fields::asks_anything(form))
    }

    /// Whether the provider has asked more, also where its form is used up by now.
    pub(super) fn has_asked(&self) -> bool {
        match &self.form {
            Some(form) => fields::asks_anything(form),
            None => !self.inputs.is_empty(),
        }
    }

    /// Whether a puzzle is asked.
    pub(super) fn is_puzzle(&self) -> bool {
        let puzzle = |field: &Field| field.purpose == FieldPurpose::Puzzle;
        self.form.as_ref().is_some_and(|form| form.fields.iter().any(puzzle))
    }

    /// Whether the clock has to be watched.
    pub(super) fn is_ticking(&self, now: Timestamp) -> bool {
        let waits = match &self.trouble {
            Some(Trouble::Blocked(refusal, since)) => {
                view::retry_at(refusal, *since).is_some_and(|at| at > now)
            }
            _ => false,
        };
        (self.form.is_some() && (self.until.is_some() || self.again.is_some_and(|again| again > now)))
            || waits
    }

    /// The machine is on another network. Whether what could not be done for lack of one is to be tried again by itself.
    pub(super) fn network_changed(&mut self) -> bool {
        let Some(Trouble::Blocked(refusal, since)) = &mut self.trouble else { return false };
        if let RefusalReason::TooManyAccounts { .. } = refusal.reason {
            // Providers count by the address of the network: this is another one, and may be tried from.
            *since = Timestamp::from_millis(0);
        }
        matches!(refusal.reason, RefusalReason::Problem(Problem::NoNetwork))
    }

    /// The clock has moved on: a form that is too old is fetched anew, as long as somebody seems to be there.
    pub(super) fn tick(&mut self, now: Timestamp) -> Wish {
        if self.form.is_none() || self.until.is_none_or(|until| until > now) {
            return Wish::None;
        }
        self.used_up();
        if self.untouched >= MOST_UNTOUCHED {
            self.trouble = Some(Trouble::TooOld);
            return Wish::None;
        }
        self.untouched += 1;
        Wish::Fetch
    }

    /// How long the form can still be sent.
    pub(super) fn left(&self, now: Timestamp) -> Option<Duration> {
        let left = self.until?.as_millis().saturating_sub(now.as_millis());
        Some(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
    }

    /// Whether another form may be asked for now.
    fn may_reload(&self, now: Timestamp) -> bool {
        self.until_reload(now) == 0
    }

    /// In how many seconds another form may be asked for.
    fn until_reload(&self, now: Timestamp) -> u64 {
        let wait = self.again.map_or(0, |again| again.as_millis().saturating_sub(now.as_millis()));
        u64::try_from(wait).unwrap_or(0).div_ceil(1000)
    }

    /// Whether it can be sent as far as it is seen: a puzzle whose picture did not come has to be another one first, unless the person
    /// has an answer from elsewhere, such as the provider’s page.
    pub(super) fn can_be_sent(&self) -> bool {
        let Some(form) = &self.form else { return false };
        let unsolvable = |(field, input): (&Field, &Input)| {
            field.purpose == FieldPurpose::Puzzle && input.is_unseen() && input.is_missing(field)
        };
        !form.fields.iter().zip(&self.inputs).any(unsolvable)
    }

    /// Changes what is shown, and says what is to be done.
    pub(super) fn update(&mut self, message: Message, now: Timestamp) -> Wish {
        match message {
            Message::Changed(place, typed) => {
                self.untouched = 0;
                if let Some(input) = self.inputs.get_mut(place) {
                    input.change(typed);
                }
                if self.trouble == Some(Trouble::Missing(place)) {
                    self.trouble = None;
                }
            }
            Message::Decoded(form, place, shown) => {
                let current = self.form.as_ref().is_some_and(|current| current.id == form);
                if let Some(input) = self.inputs.get_mut(place).filter(|_| current) {
                    input.picture = Some(shown);
                }
            }
            Message::ReloadPressed if self.may_reload(now) => {
                self.untouched = 0;
                self.trouble = None;
                self.used_up();
                return Wish::Fetch;
            }
            Message::ReloadPressed => {}
            Message::PagePressed => {
                let page = self.form.as_ref().and_then(|form| form.web_page.clone());
                return page.map_or(Wish::None, Wish::Open);
            }
        }
        Wish::None
    }

    /// The answers, or where one is missing.
    pub(super) fn answers(&mut self) -> Result<(FormId, Vec<Answer>), usize> {
        let Some(form) = &self.form else { return Err(0) };
        let fields = form.fields.iter().zip(&self.inputs);
        if let Some(missing) =
            fields.clone().position(|(field, input)| field.required && input.is_missing(field))
        {
            self.trouble = Some(Trouble::Missing(missing));
            return Err(missing);
        }
        Ok((form.id, fields.filter_map(|(field, input)| input.answer(field)).collect()))
    }

    /// Puts the keyboard where something is wrong, else on the first thing to be typed.
    pub(super) fn focus<T: Send + 'static>(&self) -> Task<T> {
        if let Some(Trouble::Blocked(refusal, since)) = &self.trouble {
            let waits = since.as_millis() != 0 && view::retry_at(refusal, *since).is_some();
            if waits || !is_worth_a_try(&refusal.reason) {
                // What can be done now is something else.
                return focus(ELSEWHERE);
            }
        }
        if self.form.is_none() {
            return focus(RETRY);
        }
        let missing = match self.trouble {
            Some(Trouble::Missing(place)) => Some(place),
            _ => self.inputs.iter().position(Input::is_typed),
        };
        missing.map_or_else(Task::none, |place| focus(field_id(place)))
    }
}

/// Whether the same may be answered otherwise when it is asked again, with nothing else changed.
pub(super) fn is_worth_a_try(reason: &RefusalReason) -> bool {
    use RefusalReason::{FormNotUnderstood, InvitationInvalid, InvitationNeeded};
    !matches!(
        reason,
        InvitationNeeded
            | InvitationInvalid
            | FormNotUnderstood
            | RefusalReason::Problem(Problem::NotSupported)
    )
}

/// What may be written down of a form, as far as there is room.
fn worth_keeping(inputs: &[Input], recalled: &[Answer], left: &mut usize) -> Vec<Answer> {
    let answers: Vec<Answer> = match inputs {
        [] => recalled.to_vec(),
        inputs => inputs.iter().filter_map(Input::kept).collect(),
    };
    let mut fits = |answer: &Answer| {
        // As it is written: some letters take more room there.
        let written = serde_json::to_string(&(&answer.name, &answer.values));
        let rest = written.ok().and_then(|written| left.checked_sub(written.len()));
        *left = rest.unwrap_or(*left);
        rest.is_some()
    };
    let filled = |answer: &Answer| answer.values.iter().any(|value| !value.is_empty());
    answers.into_iter().filter(filled).filter(&mut fits).collect()
}

/// A time after another one.
pub(super) fn later(now: Timestamp, wait: Duration) -> Timestamp {
    /// Whoever promises more does not know what they promise.
    const MOST: Duration = Duration::from_secs(30 * 86_400);
    let wait = i64::try_from(wait.min(MOST).as_millis()).unwrap_or(0);
    Timestamp::from_millis(now.as_millis().saturating_add(wait))
}
