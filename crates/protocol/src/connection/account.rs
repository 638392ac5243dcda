//! Our own account at its server (XEP-0077 2.4 §3.2, §3.3): changing its password, and deleting it.
//!
//! It belongs to the connection, because it decides with what the next one is begun, and whether there is a next one. One question at a
//! time. What is not answered in time may still be answered as long as the stream lives; what is not answered at all is not known, and
//! is never taken for a yes.

use std::time::Duration;

use causerie_model::{BareJid, Jid, Password, Problem};
use minidom::Element;
use rand::RngCore;

use crate::ns;
use crate::stanza::{self, Sender};
use crate::xml::{self, Draft};

/// How long an answer is awaited before the person hears that none has come.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest password, in bytes: RFC 6120 and SASLprep know no limit, servers do.
const LONGEST: usize = 1023;

/// The question that waits for its answer.
#[derive(Default)]
pub(super) struct Account(Option<Asked>);

struct Asked {
    id: String,
    what: What,
    /// When the person hears that nothing has come; none when they have.
    until: Option<Duration>,
}

/// What was asked.
pub(super) enum What {
    /// To take this password.
    Password(Password),
    /// To delete the account.
    Deletion,
}

/// What the server says to it.
pub(super) enum Verdict {
    /// It took the password.
    PasswordTaken(Password),
    /// It keeps the old one.
    PasswordKept(Problem),
    /// The account is gone.
    Deleted,
    /// It is not.
    NotDeleted(Problem),
}

impl Account {
    /// Whether something is asked.
    pub(super) fn is_busy(&self) -> bool {
        self.0.is_some()
    }

    /// Whether to delete the account was asked.
    pub(super) fn is_leaving(&self) -> bool {
        matches!(self.0, Some(Asked { what: What::Deletion, .. }))
    }

    /// Whether the person has heard that no answer came.
    pub(super) fn is_late(&self) -> bool {
        matches!(self.0, Some(Asked { until: None, .. }))
    }

    /// The question to send.
    pub(super) fn ask(&mut self, what: What, jid: &BareJid, now: Duration, rng: &mut dyn RngCore) -> Element {
        let mut random = [0; 12];
        rng.fill_bytes(&mut random);
        let id: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let query = Draft::new("query", ns::REGISTER);
        let iq = Draft::new("iq", ns::CLIENT).attr("type", "set").attr("id", &id);
        let iq = match &what {
            What::Password(password) => {
                let username = jid.local().unwrap_or_default();
                let query = query.child(Draft::new("username", ns::REGISTER).text(username));
                let query = query.child(Draft::new("password", ns::REGISTER).text(password.reveal()));
                iq.attr("to", jid.domain()).child(query)
            }
            // §3.2: to one's own server without an address.
            What::Deletion => iq.child(query.child(Draft::new("remove", ns::REGISTER))),
        };
        self.0 = Some(Asked { id, what, until: Some(now.saturating_add(PATIENCE)) });
        iq.into()
    }

    /// What an element answers, if it is the answer, and from our own server.
    pub(super) fn answered(&mut self, reply: &Element, own: &BareJid, bound: &Jid) -> Option<Verdict> {
        let asked = self.0.as_ref()?;
        let is_reply = reply.is("iq", ns::CLIENT) && matches!(reply.attr("type"), Some("result" | "error"));
        if !is_reply || reply.attr("id") != Some(&asked.id) || !is_from_our_server(reply, own, bound) {
            return None;
        }
        let problem = match reply.attr("type") {
            Some("result") if !stanza::is_rejected(reply) => None,
            _ => Some(refusal(reply, &asked.what)),
        };
        Some(match (self.0.take()?.what, problem) {
            (What::Password(password), None) => Verdict::PasswordTaken(password),
            (What::Password(_), Some(problem)) => Verdict::PasswordKept(problem),
            (What::Deletion, None) => Verdict::Deleted,
            (What::Deletion, Some(problem)) => Verdict::NotDeleted(problem),
        })
    }

    /// Whether it is time to say that no answer has come.
    pub(super) fn is_overdue(&mut self, now: Duration) -> Option<&What> {
        let asked = self.0.as_mut().filter(|asked| asked.until.is_some_and(|until| until <= now))?;
        asked.until = None;
        Some(&asked.what)
    }

    /// When it will be.
    pub(super) fn next_wake(&self) -> Option<Duration> {
        self.0.as_ref()?.until
    }

    /// The stream is over: no answer will come.
    pub(super) fn interrupted(&mut self) -> Option<What> {
        self.0.take().map(|asked| asked.what)
    }
}

/// Whether a password arrives as it is: XML carries it unaltered, and no server cuts it short.
pub(super) fn is_sendable(password: &Password) -> bool {
    let text = password.reveal();
    let plain = !text.chars().any(char::is_control) && xml::clean(text) == text;
    plain && !text.is_empty() && text.len() <= LONGEST
}

fn is_from_our_server(reply: &Element, own: &BareJid, bound: &Jid) -> bool {
    match Sender::of(reply, own) {
        Sender::Account => true,
        Sender::Jid(jid) => jid == *bound || (jid.is_bare() && *jid.bare() == own.to_domain()),
        Sender::Unreadable => false,
    }
}

/// What a no means. The server's own words are not shown.
fn refusal(reply: &Element, what: &What) -> Problem {
    let query = reply.get_child("query", ns::REGISTER);
    if query.is_some_and(|query| query.has_child("x", ns::DATA_FORM)) {
        return Problem::FormRequired;
    }
    let error = reply.children().find(|child| child.name() == "error");
    let says = |name: &'static str| error.is_some_and(|error| error.has_child(name, ns::STANZA_ERROR));
    if matches!(what, What::Password(_)) && (says("not-acceptable") || says("bad-request")) {
        // The rest of the question is what every server takes, so that this is about the password.
        return Problem::PasswordRefused;
    }
    stanza::problem(reply)
}
