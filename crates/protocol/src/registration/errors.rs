//! What a refusal means: the same condition says different things in answer to different questions.
//!
//! Conditions are those of RFC 6120 §8.3.3, as XEP-0077 2.4, ejabberd and Prosody use them. Texts are only looked at where the
//! condition leaves it open.

use std::time::Duration;

use causerie_model::Problem;
use causerie_model::registration::{Refusal, RefusalReason};
use minidom::Element;

use crate::forms::{line, sign_up_page};
use crate::xml::{children, lang};
use crate::{Now, datetime, ns, stanza};

/// ejabberd counts forms by the minute.
pub(crate) const FORMS_AGAIN: Duration = Duration::from_secs(60);
/// A longer wait is none that anybody would believe.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// What is needed for an account.
    Form,
    /// To make one.
    Account {
        /// With the answer to a puzzle.
        puzzle: bool,
        /// With other answers.
        more: bool,
        /// With an invitation.
        invited: bool,
    },
}

/// An `<error/>`, read.
struct Said<'a> {
    error: Option<&'a Element>,
    condition: &'a str,
    kind: &'a str,
    /// In small letters, for looking at.
    text: String,
    words: Option<String>,
}

/// What came of a question, from an `<iq/>` of type `error`.
pub(crate) fn refusal(iq: &Element, asked: Asked, language: Option<&str>, now: Now) -> Refusal {
    if stanza::is_rejected(iq) {
        let reason = match asked {
            Asked::Form => RefusalReason::FormNotUnderstood,
            Asked::Account { .. } => RefusalReason::Problem(Problem::OverLimits),
        };
        return Refusal { reason, words: None };
    }
    let said = Said::read(iq, language);
    let reason = match (said.page(), asked) {
        (Some(page), _) => RefusalReason::OnTheWeb(page),
        (None, Asked::Form) => form(&said, iq),
        (None, Asked::Account { puzzle, more, invited }) => account(&said, iq, (puzzle, more, invited), now),
    };
    Refusal { reason, words: said.words }
}

/// Whether a server that was given an invitation does not know what that is.
pub(crate) fn knows_no_invitations(iq: &Element) -> bool {
    let said = Said::read(iq, None);
    matches!(said.condition, "service-unavailable" | "feature-not-implemented" | "bad-request")
}

/// The provider's words in an `<iq/>` of type `error`.
pub(crate) fn words(iq: &Element, language: Option<&str>) -> Option<String> {
    Said::read(iq, language).words
}

/// The provider's words in a stream error (RFC 6120 §4.9.1).
pub(crate) fn stream_words(error: &Element, language: Option<&str>) -> Option<String> {
    words_among(error, ns::STREAM_ERROR, language)
}

/// The words in that language, or else the first ones.
fn words_among(error: &Element, namespace: &'static str, language: Option<&str>) -> Option<String> {
    let texts = || children(error, "text", namespace);
    let in_language = |text: &&Element| language.is_some() && lang(text) == language;
    let text = texts().find(in_language).or_else(|| texts().next());
    text.and_then(|text| line(&text.text()))
}

fn form(said: &Said<'_>, iq: &Element) -> RefusalReason {
    match said.condition {
        "service-unavailable" | "feature-not-implemented" | "not-allowed" => RefusalReason::Closed,
        "resource-constraint" => RefusalReason::TooManyForms { wait: FORMS_AGAIN },
        "policy-violation" => RefusalReason::TooManyAccounts { wait: None },
        "forbidden" => RefusalReason::NotAllowed,
        "not-authorized" => RefusalReason::OnTheWeb(None),
        "internal-server-error" => RefusalReason::Problem(Problem::ServerBusy),
        _ => RefusalReason::Problem(stanza::problem(iq)),
    }
}

fn account(
    said: &Said<'_>,
    iq: &Element,
    (puzzle, more, invited): (bool, bool, bool),
    now: Now,
) -> RefusalReason {
    match said.condition {
        "conflict" => RefusalReason::NameTaken,
        "jid-malformed" => RefusalReason::NameNotAllowed,
        "not-allowed" | "item-not-found" if puzzle => RefusalReason::PuzzleFailed,
        "resource-constraint" => RefusalReason::TooManyAccounts { wait: said.wait(now) },
        "policy-violation" if said.kind == "wait" => RefusalReason::TooManyAccounts { wait: said.wait(now) },
        "not-acceptable" | "policy-violation" if said.is_about(&["invit"]) => match invited {
            true => RefusalReason::InvitationInvalid,
            false => RefusalReason::InvitationNeeded,
        },
        "not-acceptable" | "policy-violation" if said.is_about(&["password", "mot de passe"]) => {
            RefusalReason::PasswordNotAllowed
        }
        "not-acceptable" | "policy-violation"
            if said.is_about(&["username", "user name", "nom d'utilisateur"]) =>
        {
            RefusalReason::NameNotAllowed
        }
        "not-acceptable" if more => RefusalReason::AnswersNotAccepted,
        // Without a word it is what servers that ask for nothing else look at.
        "not-acceptable" => RefusalReason::PasswordNotAllowed,
        "forbidden" if invited && said.is_about(&["invit", "token"]) => RefusalReason::InvitationInvalid,
        "forbidden" | "not-allowed" | "policy-violation" => RefusalReason::NotAllowed,
        "not-authorized" | "registration-required" => RefusalReason::OnTheWeb(None),
        "service-unavailable" | "feature-not-implemented" => RefusalReason::Closed,
        "internal-server-error" => RefusalReason::Problem(Problem::ServerBusy),
        _ => RefusalReason::Problem(stanza::problem(iq)),
    }
}

impl<'a> Said<'a> {
    fn read(iq: &'a Element, language: Option<&str>) -> Self {
        let error = iq.get_child("error", ns::CLIENT);
        let inside = || error.into_iter().flat_map(Element::children);
        let condition = inside().find(|child| child.has_ns(ns::STANZA_ERROR) && child.name() != "text");
        let words = error.and_then(|error| words_among(error, ns::STANZA_ERROR, language));
        Self {
            error,
            condition: condition.map_or("", Element::name),
            kind: error.and_then(|error| error.attr("type")).unwrap_or_default(),
            text: words.as_deref().unwrap_or_default().to_lowercase(),
            words,
        }
    }

    fn is_about(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }

    /// The web page that it points to: a page, or none that could be opened (XEP-0066, RFC 6120 §8.3.3.14).
    fn page(&self) -> Option<Option<String>> {
        let error = self.error?;
        let url = match error.get_child("x", ns::OUT_OF_BAND) {
            Some(oob) => children(oob, "url", ns::OUT_OF_BAND).next().map(Element::text),
            None => Some(error.get_child("redirect", ns::STANZA_ERROR)?.text()),
        };
        Some(url.and_then(|url| sign_up_page(&url)))
    }

    /// How long to wait, where that is said: as an instant (`<retry stamp='…'/>`, as in XEP-0363 §8), or in the text.
    fn wait(&self, now: Now) -> Option<Duration> {
        let retry = self.error?.children().find(|child| child.name() == "retry");
        let until = retry.and_then(|retry| datetime::parse(retry.attr("stamp")?));
        let wait = match until {
            Some(until) => until.since(now.wall),
            None => span(&self.text)?,
        };
        (!wait.is_zero() && wait <= LONGEST_WAIT).then_some(wait)
    }
}

/// The first span of time in a text: `600 seconds`, `10 minutes`.
fn span(text: &str) -> Option<Duration> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(2).find_map(|pair| {
        let [count, unit] = pair else { return None };
        let seconds = match *unit {
            unit if unit.starts_with("second") || unit == "s" => 1,
            unit if unit.starts_with("minute") || unit == "min" || unit == "mins" => 60,
            "hour" | "hours" | "heure" | "heures" | "h" => 3600,
            _ => return None,
        };
        count.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_texts() {
        let seconds = |text| span(text).map(|span| span.as_secs());
        assert_eq!(seconds("try again in 600 seconds."), Some(600));
        assert_eq!(seconds("attendez 10 minutes"), Some(600));
        assert_eq!(seconds("after 3 accounts, wait (45 s)"), Some(45));
        assert_eq!(seconds("again in 1 hour"), Some(3600));
        assert_eq!(seconds("dans 2 heures"), Some(7200));
        assert_eq!(seconds("wait 5 mins"), Some(300));
        assert_eq!(seconds("users are not allowed to register accounts so quickly"), None);
        assert_eq!(seconds("99999999999999999999 seconds"), None);
        assert_eq!(seconds("99999999999999999 minutes"), Some(5_999_999_999_999_999_940));
    }
}
