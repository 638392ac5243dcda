//! Commands that a server offers (XEP-0050 1.3.0), as far as they are needed here: what there is, execute, one form, its result.

use minidom::Element;

use crate::ns;
use crate::xml::{self, Draft};

/// The most commands of a server that are looked at.
const MOST_COMMANDS: usize = 200;
/// The most fields of a form that are looked at.
const MOST_FIELDS: usize = 50;
/// The longest name of a session, in bytes.
const LONGEST_SESSION: usize = 1024;

/// Asks which commands there are.
pub(crate) fn list() -> Element {
    Draft::new("query", ns::DISCO_ITEMS).attr("node", ns::COMMANDS).into()
}

/// The commands in an answer.
pub(crate) fn listed(reply: &Element) -> impl Iterator<Item = &str> {
    let query = reply.get_child("query", ns::DISCO_ITEMS).into_iter();
    let items = query.flat_map(|query| xml::children(query, "item", ns::DISCO_ITEMS));
    items.take(MOST_COMMANDS).filter_map(|item| item.attr("node"))
}

/// Begins a command.
pub(crate) fn execute(node: &str) -> Element {
    Draft::new("command", ns::COMMANDS).attr("node", node).attr("action", "execute").into()
}

/// Sends a form back, and ends the command with it.
pub(crate) fn complete(node: &str, session: &str, fields: &[(String, String)]) -> Element {
    let fields = fields.iter().map(|(var, value)| {
        let value = Draft::new("value", ns::DATA_FORM).text(value);
        Draft::new("field", ns::DATA_FORM).attr("var", var).child(value).into()
    });
    let form = Draft::new("x", ns::DATA_FORM).attr("type", "submit").children(fields);
    command(node, session, "complete").child(form).into()
}

/// Gives a command up.
pub(crate) fn cancel(node: &str, session: &str) -> Element {
    command(node, session, "cancel").into()
}

fn command(node: &str, session: &str, action: &str) -> Draft {
    Draft::new("command", ns::COMMANDS).attr("node", node).attr("sessionid", session).attr("action", action)
}

/// How far a command has got.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is done, and this is what came of it.
    Completed(Vec<Field>),
    /// It wants to know more.
    Form {
        /// What it calls itself.
        session: String,
        /// What it wants to know.
        fields: Vec<Field>,
    },
    /// It can't be gone on with.
    Stuck {
        /// What it calls itself, if it waits for something.
        session: Option<String>,
    },
}

/// A field of a form, or of a result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) var: String,
    /// The first value.
    pub(crate) value: Option<String>,
    pub(crate) is_required: bool,
}

/// What the answer of a command says.
pub(crate) fn stage(reply: &Element, node: &str) -> Stage {
    let command =
        reply.get_child("command", ns::COMMANDS).filter(|command| command.attr("node") == Some(node));
    let Some(command) = command else { return Stage::Stuck { session: None } };
    let session =
        command.attr("sessionid").filter(|session| session.len() <= LONGEST_SESSION).map(str::to_owned);
    // Some servers give what came of it in a form that says to be one to fill in.
    let fields = command.get_child("x", ns::DATA_FORM).map(fields);
    match (command.attr("status"), session, fields) {
        (Some("completed"), _, Some(fields)) => Stage::Completed(fields),
        (Some("executing"), Some(session), Some(fields)) if may_complete(command) => {
            Stage::Form { session, fields }
        }
        (Some("executing"), session, _) => Stage::Stuck { session },
        _ => Stage::Stuck { session: None },
    }
}

/// Where no actions are named, `complete` is one (§3.4).
fn may_complete(command: &Element) -> bool {
    command
        .get_child("actions", ns::COMMANDS)
        .is_none_or(|actions| actions.has_child("complete", ns::COMMANDS))
}

fn fields(form: &Element) -> Vec<Field> {
    let fields = xml::children(form, "field", ns::DATA_FORM).take(MOST_FIELDS);
    let read = |field: &Element| {
        Some(Field {
            var: field.attr("var")?.to_owned(),
            value: field.get_child("value", ns::DATA_FORM).map(Element::text),
            is_required: field.has_child("required", ns::DATA_FORM),
        })
    };
    fields.filter_map(read).collect()
}
