//! What is typed into the fields of a form.

use std::collections::BTreeSet;

use causerie_model::registration::{Answer, Field, FieldKind, FieldPurpose, Form};
use iced::widget::text_editor;
use zeroize::Zeroizing;

use crate::screen::wizard::puzzle::{Fault, Shown};

/// The most bytes that are typed into a field.
const LONGEST: usize = 8 * 1024;

/// What was typed into a field, and what belongs to it.
#[derive(Debug)]
pub(crate) struct Input {
    name: String,
    kind: FieldKind,
    /// Whether it is for one form alone, or nobody else's business: then it is not written down.
    passing: bool,
    /// Whether the person has answered, and not only the provider filled in.
    touched: bool,
    /// The values of its options.
    options: Vec<String>,
    pub(super) value: Value,
    /// Its picture, once it was decoded.
    pub(super) picture: Option<Result<Shown, Fault>>,
}

/// A value as it is typed.
pub(super) enum Value {
    Nothing,
    Line(Zeroizing<String>),
    Lines(text_editor::Content),
    Yes(bool),
    /// The values of options.
    Chosen(BTreeSet<String>),
}

impl std::fmt::Debug for Value {
    /// What was typed is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value(…)")
    }
}

/// What happened in a field.
#[derive(Clone)]
pub(crate) enum Typed {
    /// A line was edited.
    Line(String),
    /// Lines were edited.
    Lines(text_editor::Action),
    /// Something was ticked, or not.
    Ticked(bool),
    /// That option was pressed.
    Option(usize),
}

impl std::fmt::Debug for Typed {
    /// What was typed is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

impl Input {
    /// The field as the provider fills it in, or as somebody has filled in one of the same name before. Only the answer to a
    /// puzzle is good for one puzzle alone.
    pub(super) fn new(field: &Field, before: &[Self], recalled: &[Answer]) -> Self {
        let same = |input: &&Self| input.name == field.name && input.kind == field.kind;
        let known = before.iter().find(same).filter(|_| field.purpose != FieldPurpose::Puzzle);
        let passing = is_passing(field);
        let recalled = recalled.iter().find(|answer| answer.name == field.name).filter(|_| !passing);
        let value = match (known, recalled) {
            (Some(input), _) => input.value.again(field),
            (None, Some(answer)) => given(field, &answer.values),
            (None, None) => given(field, &field.values),
        };
        let options = field.options.iter().map(|option| option.value.clone()).collect();
        let touched = known.map_or(recalled.is_some(), |input| input.touched);
        Self { name: field.name.clone(), kind: field.kind, passing, touched, options, value, picture: None }
    }

    /// What the person has answered, where it may be written down. What the provider has filled in comes with its form again.
    pub(super) fn kept(&self) -> Option<Answer> {
        if self.passing || !self.touched {
            return None;
        }
        let values = match &self.value {
            Value::Nothing => return None,
            Value::Line(line) => vec![line.to_string()],
            Value::Lines(lines) => lines.text().lines().map(ToOwned::to_owned).collect(),
            Value::Yes(yes) => vec![yes.to_string()],
            Value::Chosen(chosen) => chosen.iter().cloned().collect(),
        };
        Some(Answer { name: self.name.clone(), values })
    }

    pub(super) fn change(&mut self, typed: Typed) {
        // A caret that is moved answers nothing.
        self.touched |= !matches!(&typed, Typed::Lines(action) if !action.is_edit());
        match (&mut self.value, typed) {
            (Value::Line(line), Typed::Line(typed)) if typed.len() <= LONGEST => {
                *line = Zeroizing::new(typed);
            }
            (Value::Lines(lines), Typed::Lines(action)) => {
                let grows = matches!(action, text_editor::Action::Edit(_));
                if !grows || lines.text().len() < LONGEST {
                    lines.perform(action);
                }
            }
            (Value::Yes(yes), Typed::Ticked(on)) => *yes = on,
            (Value::Chosen(chosen), Typed::Option(place)) => {
                let Some(value) = self.options.get(place) else { return };
                if self.kind == FieldKind::ListSingle {
                    *chosen = BTreeSet::from([value.clone()]);
                } else if !chosen.remove(value) {
                    chosen.insert(value.clone());
                }
            }
            _ => {}
        }
    }

    /// Whether its picture can't be shown.
    pub(super) fn is_unseen(&self) -> bool {
        matches!(self.picture, Some(Err(_)))
    }

    /// Whether it is a line or lines to be typed.
    pub(super) fn is_typed(&self) -> bool {
        matches!(self.value, Value::Line(_) | Value::Lines(_))
    }

    pub(super) fn is_missing(&self, field: &Field) -> bool {
        match &self.value {
            Value::Nothing | Value::Yes(_) => false,
            Value::Line(line) => line.trim().is_empty(),
            Value::Lines(lines) => lines.text().trim().is_empty(),
            Value::Chosen(chosen) => chosen.is_empty() && !field.options.is_empty(),
        }
    }

    /// The answer, where the field takes one.
    pub(super) fn answer(&self, field: &Field) -> Option<Answer> {
        let values = match &self.value {
            Value::Nothing => return None,
            // A password may begin or end with a blank.
            Value::Line(line) if field.kind == FieldKind::TextPrivate => vec![line.to_string()],
            Value::Line(line) => vec![line.trim().to_owned()],
            Value::Lines(lines) => lines
                .text()
                .lines()
                .map(str::trim_end)
                .filter(|line| !line.is_empty() || field.kind == FieldKind::TextMulti)
                .map(ToOwned::to_owned)
                .collect(),
            Value::Yes(yes) => vec![yes.to_string()],
            Value::Chosen(chosen) => {
                let mut left = chosen.clone();
                // In the provider's order, each once.
                let options = field.options.iter().filter(|option| left.remove(&option.value));
                options.map(|option| option.value.clone()).collect()
            }
        };
        Some(Answer { name: field.name.clone(), values })
    }
}

impl Value {
    /// The same in a field that was fetched again; options may have changed their places.
    fn again(&self, field: &Field) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Line(line) => Self::Line(line.clone()),
            Self::Lines(lines) => Self::Lines(text_editor::Content::with_text(&lines.text())),
            Self::Yes(yes) => Self::Yes(*yes),
            Self::Chosen(chosen) => {
                let options = field.options.iter().map(|option| &option.value);
                Self::Chosen(options.filter(|value| chosen.contains(*value)).cloned().collect())
            }
        }
    }
}

/// Whether an answer is not to be written down: that to a puzzle is good once, and what is hidden while it is typed is a secret, as is
/// whatever is called one.
fn is_passing(field: &Field) -> bool {
    const SECRETS: [&str; 4] = ["pass", "secret", "token", "captcha"];
    let named = |secret: &&str| field.name.to_ascii_lowercase().contains(*secret);
    field.purpose == FieldPurpose::Puzzle || field.kind == FieldKind::TextPrivate || SECRETS.iter().any(named)
}

/// A field that is filled in so: by the provider, or in an earlier run.
fn given(field: &Field, values: &[String]) -> Value {
    let first = values.first().cloned().unwrap_or_default();
    match field.kind {
        FieldKind::Fixed => Value::Nothing,
        FieldKind::Boolean => Value::Yes(first == "true" || first == "1"),
        FieldKind::TextSingle | FieldKind::TextPrivate | FieldKind::JidSingle => {
            Value::Line(Zeroizing::new(first))
        }
        FieldKind::TextMulti | FieldKind::JidMulti => {
            Value::Lines(text_editor::Content::with_text(&values.join("\n")))
        }
        FieldKind::ListSingle | FieldKind::ListMulti => {
            let options = field.options.iter().map(|option| &option.value);
            let most = if field.kind == FieldKind::ListSingle { 1 } else { usize::MAX };
            Value::Chosen(options.filter(|value| values.contains(value)).take(most).cloned().collect())
        }
    }
}

/// Whether there is anything that a person has to answer or read.
pub(super) fn asks_anything(form: &Form) -> bool {
    form.fields.iter().any(|field| {
        field.kind != FieldKind::Fixed
            || field.picture.is_some()
            || field.values.iter().any(|words| !words.trim().is_empty())
    })
}
