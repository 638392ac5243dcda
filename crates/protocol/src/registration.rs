//! Creating an account (XEP-0077 2.4): a brain of its own, as there is no account yet, and nothing to remember.
//!
//! Nothing is asked but what a person asks for: whether a provider takes new accounts is read from what it announces, a form is fetched
//! when it is needed, and sent once. Where a stream dies meanwhile (ejabberd ends those of people without an account after 30 s), the
//! next request goes on a new one; only the answer to a form that was sent is never awaited on another stream, nor the form sent again.
//!
//! | state of the stream | left by |
//! |---|---|
//! | down | a command |
//! | connecting: the session looks up, connects, encrypts | `Connected`, `ConnectFailed`, time |
//! | opening: what the server announces is awaited | the features, time |
//! | open: at most one request waits | the stream's end, time |
//! | leaving: goodbye was said | the stream's end, time |
//!
//! Long because it is one state machine, and a transition is understood beside the others.
//!
//! | file | what |
//! |---|---|
//! | `forms` | what is asked, and the answer |
//! | `puzzle` | puzzles and their pictures |
//! | `errors` | what a refusal means |

mod errors;
mod forms;
mod puzzle;

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use causerie_model::registration::{
    Form, FormId, Invitations, Offer, Refusal, RefusalReason, Stage, Submission,
};
use causerie_model::{
    BareJid, InviteToken, Jid, Problem, RegistrationCommand, RegistrationEvent, ServerAddress,
};
use minidom::Element;
use rand::RngCore;

use crate::connection::stream_error::{self, Phase};
use crate::negotiation::letters;
use crate::xml::{Draft, children};
use crate::{Input, Now, Target, ns, stanza};
use errors::Asked;
use forms::{Read, Template};
use puzzle::Pictures;

/// The session has limits for each of its steps; this is for when it says nothing at all.
const CONNECTING: Duration = Duration::from_secs(180);
/// How long what the server announces is awaited.
const OPENING: Duration = Duration::from_secs(30);
/// How long an answer is awaited. Making a picture may take a while.
const ANSWER: Duration = Duration::from_secs(60);
/// How long pictures are awaited that did not come with the form.
const PICTURES: Duration = Duration::from_secs(15);
/// The same for the end of a stream.
const LEAVING: Duration = Duration::from_secs(20);
/// Elements that make no sense where they come are ignored, up to so many on a stream.
const MOST_STRAYS: u32 = 32;
/// Forms that are fetched at most within [`errors::FORMS_AGAIN`]: ejabberd refuses the eleventh, whoever on this network fetched the
/// others.
const MOST_FORMS: usize = 8;

/// The brain of one registration.
pub struct Registrar {
    domain: BareJid,
    target: Target,
    token: Option<InviteToken>,
    language: Option<String>,
    line: Line,
    job: Option<Job>,
    stage: Stage,
    /// The form that can be sent.
    held: Option<(FormId, Template)>,
    last_form: u64,
    /// When forms were fetched lately.
    fetched: VecDeque<Duration>,
    /// When the last one was asked for.
    asked: Duration,
    /// When the server gives forms again.
    no_form_before: Duration,
    /// When [`Input::Woke`] is due.
    wake: Option<Duration>,
    rng: Box<dyn RngCore + Send>,
}

/// Something that a [`Registrar`] wants done. Those of one input belong together, in order.
#[derive(Debug)]
pub enum Effect {
    /// As [`crate::Effect::Send`].
    Send(Element),
    /// As [`crate::Effect::Connect`].
    Connect(Target),
    /// As [`crate::Effect::Close`].
    Close,
    /// As [`crate::Effect::Abort`].
    Abort,
    /// As [`crate::Effect::WakeAt`].
    WakeAt(Duration),
    /// Tell the app.
    Tell(RegistrationEvent),
}

enum Line {
    Down,
    Connecting { until: Duration },
    Opening { until: Duration, strays: u32 },
    Open(Box<Open>),
    Leaving { until: Duration },
}

struct Open {
    offer: Offer,
    token: Token,
    request: Option<Request>,
    strays: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    None,
    ToBeShown,
    Taken,
}

struct Request {
    until: Duration,
    what: What,
}

enum What {
    Token { id: String },
    Form { id: String },
    Pictures { ids: Vec<String>, read: Box<Read> },
    Account { id: String, jid: BareJid, asked: Asked },
}

/// What is being done.
struct Job {
    task: Task,
    stream: Stream,
}

enum Task {
    Probe,
    Fetch,
    Submit(Submission),
}

/// Whether the stream was opened for what is being done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stream {
    Older,
    Own,
}

struct Step {
    now: Now,
    out: Vec<Effect>,
}

impl fmt::Debug for Registrar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registrar").field("domain", &self.domain).finish_non_exhaustive()
    }
}

impl Registrar {
    /// A registration with the provider of that domain, that does nothing yet. With an invitation, what is asked is asked by it. The
    /// language is one of RFC 5646, for the provider's words.
    ///
    /// `rng` must be fit for cryptography, except in tests.
    pub fn new(
        domain: &BareJid,
        server: Option<ServerAddress>,
        token: Option<InviteToken>,
        language: Option<String>,
        rng: Box<dyn RngCore + Send>,
    ) -> Self {
        Self {
            domain: domain.to_domain(),
            target: Target { domain: domain.ascii_domain(), server, account: None },
            token,
            language,
            line: Line::Down,
            job: None,
            stage: Stage::Idle,
            held: None,
            last_form: 0,
            fetched: VecDeque::new(),
            asked: Duration::ZERO,
            no_form_before: Duration::ZERO,
            wake: None,
            rng,
        }
    }

    /// Does what a person asks.
    pub fn command(&mut self, command: RegistrationCommand, now: Now) -> Vec<Effect> {
        let mut step = Step { now, out: Vec::new() };
        match command {
            RegistrationCommand::Probe if self.job.is_none() => self.begin(Task::Probe, &mut step),
            RegistrationCommand::Probe => {}
            RegistrationCommand::FetchForm => self.fetch(&mut step),
            RegistrationCommand::Submit(submission) => self.submit(submission, &mut step),
            RegistrationCommand::Cancel => self.cancel(&mut step),
        }
        self.done(step)
    }

    /// Takes what comes from the session. Inputs that are of no matter here are ignored.
    pub fn handle(&mut self, input: Input, now: Now) -> Vec<Effect> {
        let mut step = Step { now, out: Vec::new() };
        match input {
            Input::Connected(_) => self.connected(&mut step),
            Input::ConnectFailed(problem) => {
                if let Line::Connecting { .. } = self.line {
                    self.lost(problem, Line::Down, &mut step);
                }
            }
            Input::Element(element) => self.element(&element, &mut step),
            Input::Closed => return self.handle(Input::Disconnected(Problem::ConnectionLost), now),
            Input::Disconnected(problem) => match self.line {
                // While connecting it is the end of the connection before.
                Line::Down | Line::Connecting { .. } => {}
                Line::Leaving { .. } => {
                    self.line = Line::Down;
                    self.go_on(&mut step);
                }
                Line::Opening { .. } | Line::Open(_) => self.lost(problem, Line::Down, &mut step),
            },
            Input::Progress => {
                if let Line::Open(open) = &mut self.line
                    && let Some(request) = &mut open.request
                {
                    request.until = request.until.max(now.elapsed + ANSWER);
                }
            }
            Input::Woke => {
                self.wake = None;
                self.woke(&mut step);
            }
            Input::Quit => self.cancel(&mut step),
            Input::Command(_)
            | Input::CopySeen(_)
            | Input::KeyDerived { .. }
            | Input::Check
            | Input::StoodStill => {}
        }
        self.done(step)
    }

    fn done(&mut self, mut step: Step) -> Vec<Effect> {
        let wake = match &self.line {
            Line::Down => None,
            Line::Connecting { until } | Line::Opening { until, .. } | Line::Leaving { until } => {
                Some(*until)
            }
            Line::Open(open) => open.request.as_ref().map(|request| request.until),
        };
        if wake != self.wake {
            self.wake = wake;
            step.out.extend(wake.map(Effect::WakeAt));
        }
        step.out
    }

    fn begin(&mut self, task: Task, step: &mut Step) {
        self.job = Some(Job { task, stream: Stream::Older });
        self.go_on(step);
    }

    fn fetch(&mut self, step: &mut Step) {
        match &self.job {
            Some(Job { task: Task::Fetch, .. }) => return,
            // What was sent can't be taken back: its answer comes first.
            Some(Job { task: Task::Submit(_), .. }) if self.was_sent() => return,
            _ => {}
        }
        if let Some(wait) = self.wait_for_form(step.now) {
            let reason = RefusalReason::TooManyForms { wait };
            return step.tell(RegistrationEvent::Refused(Refusal { reason, words: None }));
        }
        self.held = None;
        self.begin(Task::Fetch, step);
    }

    fn submit(&mut self, submission: Submission, step: &mut Step) {
        if let Some(Job { task: Task::Submit(_), .. }) = self.job {
            return;
        }
        let held = self.held.as_ref().filter(|(id, _)| *id == submission.form);
        let fault = match (held, self.address(&submission)) {
            (None, _) => Some(RefusalReason::FormUsedUp),
            (Some(_), None) => Some(RefusalReason::NameNotAllowed),
            (Some((_, template)), Some(jid)) => {
                template.fill(jid.local().unwrap_or_default(), &submission).err()
            }
        };
        match fault {
            // Whatever else is being done goes on.
            Some(reason) => step.tell(RegistrationEvent::Refused(Refusal { reason, words: None })),
            None => self.begin(Task::Submit(submission), step),
        }
    }

    fn cancel(&mut self, step: &mut Step) {
        if self.was_sent() {
            self.refuse(RefusalReason::OutcomeUnknown, None, step);
        }
        self.job = None;
        self.leave(step);
        self.go_on(step);
    }

    /// The address that is wished for.
    fn address(&self, submission: &Submission) -> Option<BareJid> {
        let jid = BareJid::new(&format!("{}@{}", submission.name, self.domain)).ok()?;
        jid.local().is_some().then_some(jid)
    }

    /// Whether a form was sent and its answer is awaited.
    fn was_sent(&self) -> bool {
        let Line::Open(open) = &self.line else { return false };
        matches!(open.request, Some(Request { what: What::Account { .. }, .. }))
    }

    /// How long no form can be fetched, if so.
    fn wait_for_form(&mut self, now: Now) -> Option<Duration> {
        let now = now.elapsed;
        while self.fetched.front().is_some_and(|at| *at + errors::FORMS_AGAIN <= now) {
            self.fetched.pop_front();
        }
        let ours = self.fetched.len() >= MOST_FORMS;
        let ours = self.fetched.front().filter(|_| ours).map(|at| *at + errors::FORMS_AGAIN);
        let next = ours.unwrap_or_default().max(self.no_form_before);
        (next > now).then(|| next.saturating_sub(now))
    }

    /// Does the next thing that can be done.
    fn go_on(&mut self, step: &mut Step) {
        let Some(job) = &mut self.job else { return self.set_stage(Stage::Idle, step) };
        match &mut self.line {
            Line::Down => {
                job.stream = Stream::Own;
                self.line = Line::Connecting { until: step.now.elapsed + CONNECTING };
                self.set_stage(Stage::Connecting, step);
                step.out.push(Effect::Connect(self.target.clone()));
            }
            Line::Connecting { .. } | Line::Opening { .. } | Line::Leaving { .. } => {
                self.set_stage(Stage::Connecting, step);
            }
            Line::Open(open) => match (&job.task, &open.request, open.token, &self.token) {
                (Task::Probe, ..) => {
                    let offer = open.offer;
                    step.tell(RegistrationEvent::Offered(offer));
                    self.finish(step);
                }
                (_, Some(_), ..) => {}
                (task, None, Token::ToBeShown, Some(token)) => {
                    let stage = if let Task::Fetch = task { Stage::Asking } else { Stage::Submitting };
                    let token = Draft::new("preauth", ns::PREAUTH).attr("token", token.as_str());
                    self.set_stage(stage, step);
                    self.ask("set", token, |id| What::Token { id }, step);
                }
                (Task::Fetch, ..) => self.ask_for_form(step),
                (Task::Submit(_), ..) => self.send(step),
            },
        }
    }

    fn ask_for_form(&mut self, step: &mut Step) {
        if let Some(wait) = self.wait_for_form(step.now) {
            return self.refuse(RefusalReason::TooManyForms { wait }, None, step);
        }
        self.fetched.push_back(step.now.elapsed);
        self.asked = step.now.elapsed;
        self.set_stage(Stage::Asking, step);
        self.ask("get", Draft::new("query", ns::REGISTER), |id| What::Form { id }, step);
    }

    /// Sends the form, which is used up by it.
    fn send(&mut self, step: &mut Step) {
        let Some(Job { task: Task::Submit(submission), .. }) = &self.job else { return };
        let held = self.held.take().filter(|(id, _)| *id == submission.form);
        let (Some((_, template)), Some(jid)) = (held, self.address(submission)) else {
            return self.refuse(RefusalReason::FormUsedUp, None, step);
        };
        let invited = matches!(&self.line, Line::Open(open) if open.token == Token::Taken);
        let asked = Asked::Account { puzzle: template.has_puzzle, more: template.asks_more(), invited };
        match template.fill(jid.local().unwrap_or_default(), submission) {
            Err(reason) => self.refuse(reason, None, step),
            Ok(query) => {
                self.set_stage(Stage::Submitting, step);
                self.ask("set", query, |id| What::Account { id, jid, asked }, step);
            }
        }
    }

    /// Sends a request to the server, and waits for its answer.
    fn ask(
        &mut self,
        kind: &'static str,
        payload: Draft,
        what: impl FnOnce(String) -> What,
        step: &mut Step,
    ) {
        let Line::Open(open) = &mut self.line else { return };
        let id = letters(16, &mut self.rng);
        let iq = request(&id, kind, &self.domain, self.language.as_deref(), payload);
        step.out.push(Effect::Send(iq));
        open.request = Some(Request { until: step.now.elapsed + ANSWER, what: what(id) });
    }

    fn connected(&mut self, step: &mut Step) {
        match self.line {
            Line::Connecting { .. } if self.job.is_some() => {
                self.line = Line::Opening { until: step.now.elapsed + OPENING, strays: 0 };
            }
            // Nobody wants it any more.
            Line::Down | Line::Connecting { .. } => {
                self.line = Line::Down;
                step.out.push(Effect::Abort);
            }
            Line::Opening { .. } | Line::Open(_) | Line::Leaving { .. } => {}
        }
    }

    fn element(&mut self, element: &Element, step: &mut Step) {
        if matches!(self.line, Line::Down | Line::Connecting { .. } | Line::Leaving { .. }) {
            return;
        }
        if let Some(problem) = stream_error::problem_of(element, Phase::Online) {
            let line = Line::Leaving { until: step.now.elapsed + LEAVING };
            let words = errors::stream_words(element, self.language.as_deref());
            step.out.push(Effect::Close);
            // There is no account yet that could be disabled.
            if problem == Problem::AccountDisabled {
                return self.not_authorized(words, line, step);
            }
            return self.ended(problem, words, line, step);
        }
        if matches!(self.line, Line::Opening { .. }) && element.is("features", ns::STREAM) {
            self.features(element, step);
        } else if !self.answer(element, step) {
            self.stray(step);
        }
    }

    /// What is asked before signing in is not answered. A server that has not announced that it makes accounts makes none then.
    fn not_authorized(&mut self, words: Option<String>, line: Line, step: &mut Step) {
        let asks = match &self.line {
            Line::Open(open) if open.offer == Offer::Closed => {
                matches!(open.request, Some(Request { what: What::Form { .. } | What::Token { .. }, .. }))
            }
            _ => false,
        };
        if !asks {
            return self.ended(Problem::Refused, words, line, step);
        }
        self.line = line;
        step.tell(RegistrationEvent::Offered(Offer::Closed));
        self.refuse(RefusalReason::Closed, words, step);
    }

    /// Takes note of what nobody has asked for.
    fn stray(&mut self, step: &mut Step) {
        let strays = match &mut self.line {
            Line::Opening { strays, .. } => strays,
            Line::Open(open) => &mut open.strays,
            Line::Down | Line::Connecting { .. } | Line::Leaving { .. } => return,
        };
        *strays += 1;
        if *strays > MOST_STRAYS {
            step.out.push(Effect::Abort);
            self.lost(Problem::Protocol, Line::Down, step);
        }
    }

    fn features(&mut self, features: &Element, step: &mut Step) {
        let knows = |name, namespace| features.has_child(name, namespace);
        let invitations = match knows("register", ns::INVITATION_TOKENS) || knows("invite", ns::INVITATIONS) {
            true => Invitations::Understood,
            false => Invitations::Unknown,
        };
        let offer = match knows("register", ns::REGISTER_FEATURE) {
            true => Offer::Open { invitations },
            false => Offer::Closed,
        };
        let token = if self.token.is_some() { Token::ToBeShown } else { Token::None };
        self.line = Line::Open(Box::new(Open { offer, token, request: None, strays: 0 }));
        let probes = matches!(&self.job, Some(Job { task: Task::Probe, .. }));
        // There are servers that take accounts and don't say so: what they offer is known when they were asked.
        if offer != Offer::Closed && !probes {
            step.tell(RegistrationEvent::Offered(offer));
        }
        self.go_on(step);
    }

    /// Takes an answer, if it is one to us, from the server (RFC 6120 §8.1.2.1: nobody else can be at the other end).
    fn answer(&mut self, iq: &Element, step: &mut Step) -> bool {
        let Line::Open(open) = &mut self.line else { return false };
        let (Some(id), Some(kind)) = (iq.attr("id"), iq.attr("type")) else { return false };
        let from_server =
            |from: &str| Jid::new(from).is_ok_and(|from| from == Jid::from(self.domain.clone()));
        let is_answer = iq.is("iq", ns::CLIENT) && matches!(kind, "result" | "error");
        if !is_answer || !iq.attr("from").is_none_or(from_server) {
            return false;
        }
        let is_result = kind == "result";
        let asked = match &mut open.request {
            Some(Request { what: What::Pictures { ids, read }, .. }) => {
                let Some(place) = ids.iter().position(|asked| asked == id) else { return false };
                ids.remove(place);
                if is_result {
                    children(iq, "data", ns::BOB).for_each(|data| read.pictures.take(data));
                }
                if ids.is_empty() {
                    self.deliver(step);
                }
                return true;
            }
            Some(Request {
                what: What::Token { id } | What::Form { id } | What::Account { id, .. }, ..
            }) => &*id,
            None => return false,
        };
        if asked != id {
            return false;
        }
        match open.request.take().map(|request| request.what) {
            Some(What::Token { .. }) => self.token_answered(iq, is_result, step),
            Some(What::Form { .. }) => self.form_came(iq, is_result, step),
            Some(What::Account { jid, .. }) if is_result => {
                self.leave(step);
                step.tell(RegistrationEvent::Created(jid));
                self.finish(step);
            }
            Some(What::Account { asked, .. }) => {
                let refusal = errors::refusal(iq, asked, self.language.as_deref(), step.now);
                self.refuse(refusal.reason, refusal.words, step);
            }
            Some(What::Pictures { .. }) | None => {}
        }
        true
    }

    fn token_answered(&mut self, iq: &Element, is_result: bool, step: &mut Step) {
        if !is_result && !errors::knows_no_invitations(iq) {
            let words = errors::words(iq, self.language.as_deref());
            return self.refuse(RefusalReason::InvitationInvalid, words, step);
        }
        if let Line::Open(open) = &mut self.line {
            open.token = if is_result { Token::Taken } else { Token::None };
        }
        self.go_on(step);
    }

    fn form_came(&mut self, iq: &Element, is_result: bool, step: &mut Step) {
        if !is_result {
            let refusal = errors::refusal(iq, Asked::Form, self.language.as_deref(), step.now);
            if let RefusalReason::TooManyForms { wait } = refusal.reason {
                self.no_form_before = step.now.elapsed + wait;
            }
            if refusal.reason == RefusalReason::Closed
                && let Line::Open(open) = &mut self.line
            {
                open.offer = Offer::Closed;
                step.tell(RegistrationEvent::Offered(Offer::Closed));
            }
            return self.refuse(refusal.reason, refusal.words, step);
        }
        let id = FormId(self.last_form + 1);
        let query = iq.get_child("query", ns::REGISTER).filter(|_| !stanza::is_rejected(iq));
        let read = match query.map(|query| forms::read(query, id)) {
            Some(Ok(read)) => read,
            Some(Err(unfit)) => return self.refuse(unfit.reason, unfit.words, step),
            None => return self.refuse(RefusalReason::FormNotUnderstood, None, step),
        };
        self.last_form += 1;
        self.ask_for_pictures(read, step);
    }

    /// Fetches what pictures did not come with the form, from the server itself (XEP-0231 §2.2).
    fn ask_for_pictures(&mut self, read: Read, step: &mut Step) {
        let mut ids = Vec::new();
        for picture in read.pictures.missing() {
            let id = letters(16, &mut self.rng);
            let iq = request(&id, "get", &self.domain, None, picture.request());
            step.out.push(Effect::Send(iq));
            ids.push(id);
        }
        let none = ids.is_empty();
        if let Line::Open(open) = &mut self.line {
            let what = What::Pictures { ids, read: Box::new(read) };
            open.request = Some(Request { until: step.now.elapsed + PICTURES, what });
        }
        if none {
            self.deliver(step);
        }
    }

    /// Hands a form out, with the pictures that came.
    fn deliver(&mut self, step: &mut Step) {
        let Line::Open(open) = &mut self.line else { return };
        let Some(Request { what: What::Pictures { read, .. }, .. }) = open.request.take() else { return };
        if let Offer::Closed = open.offer {
            open.offer = Offer::Open { invitations: Invitations::Unknown };
            step.tell(RegistrationEvent::Offered(open.offer));
        }
        let Read { mut form, template, mut pictures } = *read;
        hang(&mut form, &mut pictures);
        // When the server made the puzzle is not known; not before it was asked, which is the safe side.
        let on_its_way = step.now.elapsed.saturating_sub(self.asked);
        form.valid_for = form.valid_for.map(|valid| valid.saturating_sub(on_its_way));
        self.held = Some((form.id, template));
        step.tell(RegistrationEvent::FormReceived(form));
        self.finish(step);
    }

    /// The stream is over, without a word.
    fn lost(&mut self, problem: Problem, line: Line, step: &mut Step) {
        self.ended(problem, None, line, step);
    }

    /// The stream is over, perhaps with words of the provider. What was not sent yet goes on a new one, unless this was a new one.
    fn ended(&mut self, problem: Problem, words: Option<String>, line: Line, step: &mut Step) {
        let sent = self.was_sent();
        let waits_for_pictures = match &self.line {
            Line::Open(open) => matches!(open.request, Some(Request { what: What::Pictures { .. }, .. })),
            _ => false,
        };
        if waits_for_pictures {
            self.deliver(step);
        }
        let was_open = matches!(self.line, Line::Open(_));
        self.line = line;
        let Some(job) = &self.job else { return };
        if sent {
            self.refuse(RefusalReason::OutcomeUnknown, None, step);
        } else if was_open && job.stream == Stream::Older {
            self.go_on(step);
        } else if was_open && problem == Problem::OverLimits {
            self.refuse(RefusalReason::FormNotUnderstood, None, step);
        } else {
            self.refuse(RefusalReason::Problem(problem), words, step);
        }
    }

    fn woke(&mut self, step: &mut Step) {
        let now = step.now.elapsed;
        match &self.line {
            Line::Connecting { until } if now >= *until => {
                step.out.push(Effect::Close);
                self.lost(Problem::TimedOut, Line::Down, step);
            }
            Line::Opening { until, .. } if now >= *until => {
                step.out.push(Effect::Abort);
                self.lost(Problem::TimedOut, Line::Down, step);
            }
            Line::Leaving { until } if now >= *until => {
                step.out.push(Effect::Abort);
                self.line = Line::Down;
                self.go_on(step);
            }
            Line::Open(open) => match &open.request {
                Some(Request { until, what: What::Pictures { .. } }) if now >= *until => self.deliver(step),
                Some(Request { until, .. }) if now >= *until => {
                    step.out.push(Effect::Abort);
                    self.lost(Problem::TimedOut, Line::Down, step);
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Says goodbye, or gives up what is being opened.
    fn leave(&mut self, step: &mut Step) {
        self.line = match self.line {
            Line::Down => Line::Down,
            Line::Connecting { .. } => {
                step.out.push(Effect::Close);
                Line::Down
            }
            Line::Opening { .. } | Line::Open(_) => {
                step.out.push(Effect::Close);
                Line::Leaving { until: step.now.elapsed + LEAVING }
            }
            Line::Leaving { until } => Line::Leaving { until },
        };
    }

    fn refuse(&mut self, reason: RefusalReason, words: Option<String>, step: &mut Step) {
        step.tell(RegistrationEvent::Refused(Refusal { reason, words }));
        self.finish(step);
    }

    fn finish(&mut self, step: &mut Step) {
        self.job = None;
        self.set_stage(Stage::Idle, step);
    }

    fn set_stage(&mut self, stage: Stage, step: &mut Step) {
        if stage != self.stage {
            self.stage = stage;
            step.tell(RegistrationEvent::StageChanged(stage));
        }
    }
}

impl Step {
    fn tell(&mut self, event: RegistrationEvent) {
        self.out.push(Effect::Tell(event));
    }
}

/// Puts pictures to their fields.
fn hang(form: &mut Form, pictures: &mut Pictures) {
    for field in &mut form.fields {
        field.picture = pictures.of(&field.name);
    }
}

fn request(
    id: &str,
    kind: &'static str,
    domain: &BareJid,
    language: Option<&str>,
    payload: Draft,
) -> Element {
    let iq = Draft::new("iq", ns::CLIENT).attr("type", kind).attr("id", id).attr("to", domain.as_str());
    iq.maybe_lang(language).child(payload).into()
}
