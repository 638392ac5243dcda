//! Accounts that are being made, one registration for each provider.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use causerie_model::registration::{
    Answer, Field, Form, FormId, Invitations, Offer, Refusal, RefusalReason, Submission,
};
use causerie_model::{
    BareJid, InviteToken, Password, Problem, RegistrationCommand, RegistrationEvent, ServerAddress,
};
use causerie_session::Roots;
use causerie_session::registration::{Config, Events, Handle, spawn};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value, json};

use crate::desk::Fault;
use crate::report::{add_problem, small};
use crate::request;

/// With which provider, and how to reach it.
#[derive(Debug, Deserialize)]
pub(crate) struct Provider {
    #[serde(deserialize_with = "request::jid")]
    pub(crate) domain: BareJid,
    #[serde(default, deserialize_with = "request::server")]
    server: Option<ServerAddress>,
    ca_file: Option<PathBuf>,
    #[serde(default, deserialize_with = "invitation")]
    invitation: Option<InviteToken>,
    language: Option<String>,
}

/// A form that was filled in.
#[derive(Debug, Deserialize)]
pub(crate) struct FilledIn {
    #[serde(deserialize_with = "request::jid")]
    domain: BareJid,
    form: u64,
    name: String,
    #[serde(deserialize_with = "password")]
    password: Password,
    #[serde(default)]
    answers: Map<String, Value>,
}

/// Registrations by their providers.
#[derive(Debug, Default)]
pub(crate) struct Registrations(BTreeMap<BareJid, Handle>);

impl Registrations {
    /// Asks a provider for something. Gives the events of a registration that is new: one without its own, or whose provider is to be
    /// reached in a way that is told.
    pub(crate) fn ask(
        &mut self,
        provider: Provider,
        command: RegistrationCommand,
    ) -> Result<Option<Events>, Fault> {
        let Provider { domain, server, ca_file, invitation, language } = provider;
        let told = server.is_some() || ca_file.is_some() || invitation.is_some() || language.is_some();
        if let Some(handle) = self.0.get(&domain).filter(|_| !told) {
            handle.send(command);
            return Ok(None);
        }
        let mut config = Config::new(domain.clone());
        config.server = server;
        config.roots = Roots { extra: ca_file };
        config.invitation = invitation;
        config.language = language;
        let (handle, events) = spawn(config).map_err(|_| Problem::Internal)?;
        handle.send(command);
        self.0.insert(domain, handle);
        Ok(Some(events))
    }

    /// Sends a form.
    pub(crate) fn submit(&self, filled_in: FilledIn) -> Result<(), Fault> {
        let FilledIn { domain, form, name, password, answers } = filled_in;
        let answers = answers.into_iter().map(|(name, value)| Answer { name, values: values(value) });
        let submission = Submission { form: FormId(form), name, password, answers: answers.collect() };
        self.order(&domain, RegistrationCommand::Submit(submission))
    }

    /// Asks for something where something was asked before.
    pub(crate) fn order(&self, domain: &BareJid, command: RegistrationCommand) -> Result<(), Fault> {
        self.0.get(domain).ok_or("ask for a form first")?.send(command);
        Ok(())
    }

    /// Says goodbye to a provider.
    pub(crate) fn end(&mut self, domain: &BareJid) {
        self.0.remove(domain);
    }

    /// Says goodbye to all.
    pub(crate) async fn close(self) {
        for handle in self.0.into_values() {
            handle.ended().await;
        }
    }
}

fn values(value: Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.into_iter().flat_map(self::values).collect(),
        Value::String(text) => vec![text],
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

/// An event, as JSON.
pub(crate) fn event(event: &RegistrationEvent) -> Value {
    match event {
        RegistrationEvent::StageChanged(stage) => {
            json!({ "event": "registration_stage", "stage": small(&format!("{stage:?}")) })
        }
        RegistrationEvent::Offered(offer) => {
            let (open, invitations) = match offer {
                Offer::Open { invitations } => (true, *invitations == Invitations::Understood),
                Offer::Closed => (false, false),
            };
            json!({ "event": "registration_offered", "open": open, "invitations": invitations })
        }
        RegistrationEvent::FormReceived(received) => form(received),
        RegistrationEvent::Created(jid) => json!({ "event": "registration_created", "jid": jid.as_str() }),
        RegistrationEvent::Refused(refusal) => refused(refusal),
    }
}

fn form(form: &Form) -> Value {
    json!({
        "event": "registration_form",
        "form": form.id.0,
        "title": form.title,
        "instructions": form.instructions,
        "fields": form.fields.iter().map(field).collect::<Value>(),
        "valid_for_s": form.valid_for.map(|time| time.as_secs()),
        "web_page": form.web_page,
    })
}

fn field(field: &Field) -> Value {
    let options = field.options.iter();
    let options = options.map(|option| json!({ "label": option.label, "value": option.value }));
    let picture = field.picture.as_ref();
    let picture = picture
        .map(|picture| json!({ "type": picture.media_type, "base64": STANDARD.encode(&picture.bytes) }));
    json!({
        "name": field.name,
        "label": field.label,
        "hint": field.hint,
        "kind": small(&format!("{:?}", field.kind)),
        "purpose": small(&format!("{:?}", field.purpose)),
        "required": field.required,
        "values": field.values,
        "options": options.collect::<Value>(),
        "picture": picture,
    })
}

fn refused(refusal: &Refusal) -> Value {
    let named = format!("{:?}", refusal.reason);
    let name = named.split(['(', ' ']).next().unwrap_or_default();
    let mut value = json!({ "event": "registration_refused", "reason": small(name), "words": refusal.words });
    match &refusal.reason {
        RefusalReason::TooManyAccounts { wait } => value["wait_s"] = wait.map(|wait| wait.as_secs()).into(),
        RefusalReason::TooManyForms { wait } => value["wait_s"] = wait.as_secs().into(),
        RefusalReason::OnTheWeb(page) => value["web_page"] = page.as_deref().into(),
        RefusalReason::Problem(problem) => add_problem(&mut value, problem),
        _ => {}
    }
    value
}

fn password<'de, D: Deserializer<'de>>(from: D) -> Result<Password, D::Error> {
    String::deserialize(from).map(Password::new)
}

fn invitation<'de, D: Deserializer<'de>>(from: D) -> Result<Option<InviteToken>, D::Error> {
    let token = InviteToken::new(&String::deserialize(from)?);
    token.map(Some).ok_or_else(|| de::Error::custom("no invitation: empty, or too long"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn refusals_have_names() {
        let refusal = |reason| refused(&Refusal { reason, words: None });
        assert_eq!(refusal(RefusalReason::NameTaken)["reason"], "name_taken");
        let forms = refusal(RefusalReason::TooManyForms { wait: Duration::from_secs(60) });
        assert_eq!((&forms["reason"], &forms["wait_s"]), (&"too_many_forms".into(), &60.into()));
        let problem = refusal(RefusalReason::Problem(Problem::NoTls));
        assert_eq!((&problem["reason"], &problem["problem"]), (&"problem".into(), &"no_tls".into()));
        assert_eq!(refusal(RefusalReason::OnTheWeb(None))["web_page"], Value::Null);
    }
}
