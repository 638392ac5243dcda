//! Our own account at its server (XEP-0077 2.4 §3.2, §3.3): changing its password, and deleting it.
//!
//! It belongs to the connection, because it decides with what the next one is begun, and whether there is a next one. One question at a
//! time. What is not answered in time may still be answered as long as the session lives (XEP-0198), on one stream or the next; what is not
//! answered at all is not known, and is never taken for a yes.

use std::time::Duration;

use causerie_model::{BareJid, Event, Jid, Notice, Password, Problem};
use minidom::Element;
use rand::RngCore;

use super::{Connection, LEAVING, Leaving, Online, State, Step, Then, Transition};
use crate::stanza::{self, Sender};
use crate::xml::{self, Draft};
use crate::{Effect, ns};

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

    /// The password that was asked for.
    pub(super) fn password(&self) -> Option<&Password> {
        match &self.0.as_ref()?.what {
            What::Password(password) => Some(password),
            What::Deletion => None,
        }
    }

    /// The session goes on: the server gets as much time as if asked now, if the person has not heard that no answer came.
    pub(super) fn resumed(&mut self, now: Duration) {
        if let Some(Asked { until: Some(until), .. }) = &mut self.0 {
            *until = now.saturating_add(PATIENCE);
        }
    }

    /// No answer will come.
    pub(super) fn interrupted(&mut self) -> Option<What> {
        self.0.take().map(|asked| asked.what)
    }
}

impl Connection {
    /// Asks the server to take another password. The old one is in use until it has.
    pub(super) fn change_password(&mut self, password: &Password, step: &mut Step<'_>) -> Transition {
        let problem = match &self.state {
            State::Online(_) if self.account.is_busy() => Problem::ServerBusy,
            State::Online(_) if !is_sendable(password) => Problem::PasswordRefused,
            State::Online(_) => {
                let what = What::Password(password.clone());
                self.ask(what, step);
                return Transition::None;
            }
            _ => Problem::ConnectionLost,
        };
        step.out.tell(Event::Notice(Notice::PasswordNotChanged(problem)));
        Transition::None
    }

    pub(super) fn delete_account(&mut self, step: &mut Step<'_>) -> Transition {
        let problem = match &self.state {
            State::Online(_) if self.account.is_leaving() && !self.account.is_late() => {
                return Transition::None;
            }
            State::Online(_) if self.account.is_busy() && !self.account.is_leaving() => Problem::ServerBusy,
            State::Online(_) => {
                self.ask(What::Deletion, step);
                return Transition::None;
            }
            _ => Problem::ConnectionLost,
        };
        step.out.tell(Event::Notice(Notice::AccountNotDeleted(problem)));
        Transition::None
    }

    fn ask(&mut self, what: What, step: &mut Step<'_>) {
        let said = step.out.0.len();
        step.out.send(self.account.ask(what, &self.credentials.jid, step.now, step.rng));
        self.management.keep(said, step.out);
        self.management.ask(said, step.now, step.out);
    }

    /// Something came that may be the answer.
    pub(super) fn answered(&mut self, element: &Element, step: &mut Step<'_>) {
        let (State::Online(Online { bound, .. }) | State::Leaving(Leaving { bound, .. })) = &self.state
        else {
            return;
        };
        if let Some(said) = self.account.answered(element, &self.credentials.jid, bound) {
            self.said(said, step);
        }
    }

    /// What the server says of the account itself.
    fn said(&mut self, said: Verdict, step: &mut Step<'_>) {
        match said {
            Verdict::PasswordTaken(password) => {
                self.credentials.set_password(password);
                step.out.tell(Event::PasswordChanged);
            }
            Verdict::PasswordKept(problem) => {
                step.out.tell(Event::Notice(Notice::PasswordNotChanged(problem)));
            }
            Verdict::Deleted => self.deleted(step),
            Verdict::NotDeleted(problem) => step.out.tell(Event::Notice(Notice::AccountNotDeleted(problem))),
        }
    }

    /// The account is no more: there is nothing to come back to.
    pub(super) fn deleted(&mut self, step: &mut Step<'_>) {
        self.credentials.forget_token();
        step.out.tell(Event::AccountDeleted);
        self.backoff.reset();
        match &mut self.state {
            State::Online(online) => {
                step.out.want(Effect::Close);
                self.management.end();
                let (bound, until) = (online.bound.clone(), step.now + LEAVING);
                self.state = State::Leaving(Leaving { bound, until, then: Then::StayOffline });
            }
            State::Leaving(leaving) => leaving.then = Then::StayOffline,
            _ => {}
        }
    }

    /// Nothing has come in time of what was asked about the account. It may still.
    pub(super) fn remind(&mut self, step: &mut Step<'_>) {
        let notice = match self.account.is_overdue(step.now) {
            Some(What::Password(_)) => Notice::PasswordUncertain,
            Some(What::Deletion) => Notice::AccountNotDeleted(Problem::TimedOut),
            None => return,
        };
        step.out.tell(Event::Notice(notice));
    }

    /// The stream is over. What the server was asked to take may be the password now, or not: the next tries will tell.
    pub(super) fn doubt_password(&mut self) {
        if let Some(password) = self.account.password() {
            self.credentials.doubt(password.clone());
        }
    }

    /// No answer will come any more of what was asked about the account.
    pub(super) fn left_unanswered(&mut self, step: &mut Step<'_>) {
        let was_told = self.account.is_late();
        let notice = match self.account.interrupted() {
            Some(What::Password(_)) => Notice::PasswordUncertain,
            Some(What::Deletion) => Notice::AccountNotDeleted(Problem::ConnectionLost),
            None => return,
        };
        if !was_told {
            step.out.tell(Event::Notice(notice));
        }
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
