//! What a provider asks: elements of XEP-0077, a form of XEP-0004, or both; and the answer to it.

use std::time::Duration;

use causerie_model::registration::{
    Answer, Field, FieldKind, FieldPurpose, Form, FormId, RefusalReason, Submission,
};
use minidom::Element;

use super::puzzle::{Part, Pictures};
use crate::forms::{DataField, DataForm, DataKind, line, paragraph, sign_up_page, web_page};
use crate::ns;
use crate::xml::{Draft, children, clean};

/// The most fields that a person is shown.
const MOST_SHOWN: usize = 64;
/// How long ejabberd keeps a puzzle; others keep it longer.
const PUZZLE_LIVES: Duration = Duration::from_secs(120);

/// A form that came.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) form: Form,
    pub(crate) template: Template,
    pub(crate) pictures: Pictures,
}

/// Why there is no form.
#[derive(Debug)]
pub(crate) struct Unfit {
    pub(crate) reason: RefusalReason,
    /// What the provider says instead.
    pub(crate) words: Option<String>,
}

/// How a form is answered.
#[derive(Debug)]
pub(crate) struct Template {
    shape: Shape,
    slots: Vec<Slot>,
    pub(crate) has_puzzle: bool,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    /// XEP-0004.
    Form,
    /// XEP-0077 §3.1.
    Elements,
}

#[derive(Debug)]
enum Slot {
    Name,
    Password,
    /// Sent back as it came.
    Echo {
        name: String,
        values: Vec<String>,
    },
    Question(Question),
}

#[derive(Debug)]
struct Question {
    name: String,
    kind: FieldKind,
    purpose: FieldPurpose,
    required: bool,
    values: Vec<String>,
    /// The values of the options.
    options: Vec<String>,
}

/// Reads the answer to the question what is asked. The form is preferred, where there are both (XEP-0077 §4).
pub(crate) fn read(query: &Element, id: FormId) -> Result<Read, Unfit> {
    let page = query.get_child("x", ns::OUT_OF_BAND).map(|oob| {
        let url = children(oob, "url", ns::OUT_OF_BAND).next();
        url.and_then(|url| sign_up_page(&url.text()))
    });
    let mut read = match data_form(query).or_else(|| elements(query)) {
        Some(built) => built.finish(id, query).ok_or(RefusalReason::FormNotUnderstood),
        None if page.is_some() => Err(RefusalReason::OnTheWeb(page.clone().flatten())),
        None => Err(RefusalReason::FormNotUnderstood),
    };
    if let Ok(read) = &mut read {
        read.form.web_page = read.form.web_page.take().or(page.flatten());
    }
    let words = || query.get_child("instructions", ns::REGISTER).and_then(|text| paragraph(&text.text()));
    read.map_err(|reason| Unfit { reason, words: words() })
}

/// A form that is being made.
struct Built {
    shape: Shape,
    title: Option<String>,
    instructions: Vec<String>,
    fields: Vec<Field>,
    slots: Vec<Slot>,
    pictures: Pictures,
    web_page: Option<String>,
}

impl Built {
    fn new(shape: Shape, title: Option<String>, instructions: Vec<String>) -> Self {
        let pictures = Pictures::default();
        let (fields, slots) = (Vec::new(), Vec::new());
        Self { shape, title, instructions, fields, slots, pictures, web_page: None }
    }

    fn ask(&mut self, field: Field) {
        if field.kind != FieldKind::Fixed {
            self.slots.push(Slot::Question(Question {
                name: field.name.clone(),
                kind: field.kind,
                purpose: field.purpose,
                required: field.required,
                values: field.values.clone(),
                options: field.options.iter().map(|option| option.value.clone()).collect(),
            }));
        }
        self.fields.push(field);
    }

    fn field(&mut self, field: &DataField) {
        let kind = match (field.name.as_str(), field.kind) {
            ("username", _) => return self.slots.push(Slot::Name),
            ("password", _) => return self.slots.push(Slot::Password),
            (_, DataKind::Hidden) => {
                let (name, values) = (field.name.clone(), field.values.clone());
                return self.slots.push(Slot::Echo { name, values });
            }
            (_, DataKind::Shown(kind)) => kind,
        };
        let part = Part::of(field);
        match part {
            Part::FallbackText => return,
            Part::FallbackUrl => {
                let page = field.values.first().and_then(|url| web_page(url));
                self.web_page = self.web_page.take().or(page);
                return;
            }
            Part::OtherAnswer if !field.required => return,
            Part::None | Part::Answer | Part::OtherAnswer => {}
        }
        self.pictures.announced(field);
        self.ask(Field {
            // What is only read says by itself what it is about.
            label: field
                .label
                .clone()
                .or_else(|| line(&field.name).filter(|_| !field.is_fixed()))
                .unwrap_or_default(),
            purpose: match (part, field.name.as_str()) {
                (Part::Answer | Part::OtherAnswer, _) => FieldPurpose::Puzzle,
                (_, "email") => FieldPurpose::Email,
                _ => FieldPurpose::Other,
            },
            hint: field.hint.clone(),
            kind,
            required: field.required,
            values: field.values.clone(),
            options: field.options.clone(),
            picture: None,
            name: if kind == FieldKind::Fixed { String::new() } else { field.name.clone() },
        });
    }

    /// `None` when nobody could have an account by it, or nobody could fill it in.
    fn finish(mut self, id: FormId, query: &Element) -> Option<Read> {
        let asks = |wanted: fn(&Slot) -> bool| self.slots.iter().any(wanted);
        let (name, password) =
            (asks(|slot| matches!(slot, Slot::Name)), asks(|slot| matches!(slot, Slot::Password)));
        if !name || !password || self.fields.len() > MOST_SHOWN {
            return None;
        }
        self.pictures.look_in(query);
        let has_puzzle = self.fields.iter().any(|field| field.purpose == FieldPurpose::Puzzle);
        Some(Read {
            form: Form {
                id,
                title: self.title,
                instructions: self.instructions,
                fields: self.fields,
                valid_for: has_puzzle.then_some(PUZZLE_LIVES),
                web_page: self.web_page,
            },
            template: Template { shape: self.shape, slots: self.slots, has_puzzle },
            pictures: self.pictures,
        })
    }
}

/// Of several forms it is the one that says that it is for registering, else the first that asks for a name.
fn data_form(query: &Element) -> Option<Built> {
    const MOST_FORMS: usize = 8;
    let forms = children(query, "x", ns::DATA_FORM).take(MOST_FORMS).filter_map(DataForm::read);
    let mut forms: Vec<DataForm> = forms.filter(|form| form.field("username").is_some()).collect();
    let says_so = forms.iter().position(|form| form.form_type() == Some(ns::REGISTER));
    let form = (!forms.is_empty()).then(|| forms.swap_remove(says_so.unwrap_or_default()))?;
    let mut built = Built::new(Shape::Form, form.title, form.instructions);
    form.fields.iter().for_each(|field| built.field(field));
    Some(built)
}

/// Everything that is listed must be given (XEP-0077 §3.1).
fn elements(query: &Element) -> Option<Built> {
    query.get_child("username", ns::REGISTER)?;
    let instructions = children(query, "instructions", ns::REGISTER).next();
    let instructions = instructions.and_then(|text| paragraph(&text.text()));
    let mut built = Built::new(Shape::Elements, None, instructions.into_iter().collect());
    for element in query.children().filter(|element| element.has_ns(ns::REGISTER)).take(MOST_SHOWN + 8) {
        let (name, text) = (element.name(), element.text());
        match name {
            "instructions" | "registered" | "remove" => {}
            "username" => built.slots.push(Slot::Name),
            "password" => built.slots.push(Slot::Password),
            "key" => built.slots.push(Slot::Echo { name: name.to_owned(), values: vec![text] }),
            _ if built.fields.iter().any(|field| field.name == name) => {}
            _ => built.ask(Field {
                name: name.to_owned(),
                label: line(name).unwrap_or_default(),
                hint: None,
                kind: FieldKind::TextSingle,
                purpose: if name == "email" { FieldPurpose::Email } else { FieldPurpose::Other },
                required: true,
                values: line(&text).into_iter().collect(),
                options: Vec::new(),
                picture: None,
            }),
        }
    }
    Some(built)
}

impl Template {
    /// Whether more is asked than a name, a password and a puzzle.
    pub(crate) fn asks_more(&self) -> bool {
        self.slots
            .iter()
            .any(|slot| matches!(slot, Slot::Question(question) if question.purpose != FieldPurpose::Puzzle))
    }

    /// The `<query/>` that answers the form.
    pub(crate) fn fill(&self, name: &str, submission: &Submission) -> Result<Draft, RefusalReason> {
        let password = submission.password.reveal();
        if password.is_empty() || password.chars().any(char::is_control) || clean(password) != password {
            return Err(RefusalReason::PasswordNotAllowed);
        }
        let (mut filled, mut named, mut kept) = (Vec::new(), false, false);
        for slot in &self.slots {
            let field = match slot {
                // Where it is asked twice, once is enough.
                Slot::Name if std::mem::replace(&mut named, true) => continue,
                Slot::Password if std::mem::replace(&mut kept, true) => continue,
                Slot::Name => self.field("username", [name]),
                Slot::Password => self.field("password", [password]),
                Slot::Echo { name, values } => self.field(name, values),
                Slot::Question(question) => {
                    let answer = submission.answers.iter().find(|answer| answer.name == question.name);
                    let values = question.answered(answer)?;
                    if values.is_empty() {
                        continue;
                    }
                    self.field(&question.name, &values)
                }
            };
            filled.push(field.into());
        }
        let query = Draft::new("query", ns::REGISTER);
        Ok(match self.shape {
            Shape::Elements => query.children(filled),
            Shape::Form => {
                query.child(Draft::new("x", ns::DATA_FORM).attr("type", "submit").children(filled))
            }
        })
    }

    fn field(&self, name: &str, values: impl IntoIterator<Item = impl AsRef<str>>) -> Draft {
        let mut values = values.into_iter();
        match self.shape {
            Shape::Elements => {
                let value = values.next();
                Draft::new(name, ns::REGISTER).text(value.as_ref().map_or("", AsRef::as_ref))
            }
            Shape::Form => {
                let kind = (name == "FORM_TYPE").then_some("hidden");
                let field = Draft::new("field", ns::DATA_FORM).attr("var", name).maybe_attr("type", kind);
                values.fold(field, |field, value| {
                    field.child(Draft::new("value", ns::DATA_FORM).text(value.as_ref()))
                })
            }
        }
    }
}

impl Question {
    /// What is sent: what was answered, else what was filled in before.
    fn answered(&self, answer: Option<&Answer>) -> Result<Vec<String>, RefusalReason> {
        let given = answer.map_or(&self.values, |answer| &answer.values);
        let values: Vec<String> = match self.kind {
            FieldKind::Boolean => {
                let yes = given.first().is_some_and(|value| value == "true" || value == "1");
                vec![yes.to_string()]
            }
            FieldKind::TextMulti => given.iter().flat_map(|text| text.lines()).map(str::to_owned).collect(),
            FieldKind::ListMulti => given.clone(),
            FieldKind::JidMulti => given.iter().map(|jid| jid.trim().to_owned()).collect(),
            FieldKind::JidSingle => given.iter().take(1).map(|jid| jid.trim().to_owned()).collect(),
            _ if self.purpose == FieldPurpose::Puzzle => {
                given.iter().take(1).map(|answer| answer.trim().to_owned()).collect()
            }
            _ => given.iter().take(1).cloned().collect(),
        };
        let chosen = matches!(self.kind, FieldKind::ListMulti | FieldKind::ListSingle);
        let unknown = |value: &String| chosen && !value.is_empty() && !self.options.contains(value);
        let nothing = values.iter().all(String::is_empty);
        if values.iter().any(unknown) || (nothing && self.required) {
            return Err(RefusalReason::AnswersNotAccepted);
        }
        Ok(if nothing { Vec::new() } else { values })
    }
}
