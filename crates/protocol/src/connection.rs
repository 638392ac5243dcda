//! When to connect, how long to wait, when to stop; whether the peer is alive.
//!
//! [`Connection::handle`] gets **every** input before the features do. What it needs none of, it leaves alone. Elements belong to
//! it alone as long as there was no [`Connection::bound`] address before the call; then it only takes note of them, and reads stream
//! errors.
//!
//! | state | left by |
//! |---|---|
//! | offline: the person wants it so | `Connect` |
//! | connecting: the session looks up, connects, encrypts | `Connected`, `ConnectFailed`, time |
//! | negotiating: signing in | the server's last answer, its refusal, time |
//! | online | the stream's end, silence |
//! | leaving: goodbye was said; what was on its way still comes and counts | the stream's end, time |
//! | waiting: a new try follows | time, `Connect`, `NetworkChanged` |
//! | stopped: only a person can mend it | `Connect`, a password where one is wanted, consent where it is |
//!
//! Long because it is one state machine, and a transition is understood beside the others.

mod account;
mod liveness;
pub(crate) mod stream_error;

use std::time::Duration;

use causerie_model::{
    Account, Change, Command, Connection as Shown, Event, Jid, Mechanism, Notice, Password, Problem, Retry,
    ServerAddress, Vault,
};
use minidom::Element;
use rand::RngCore;

use crate::backoff::Backoff;
use crate::negotiation::{Negotiation, Outcome, Tools};
use crate::sasl::credentials::{Credentials, Doubt};
use crate::step::Ways;
use crate::xml::Draft;
use crate::{Effect, Effects, Input, Link, Now, SaltedPassword, Target, ns};
use account::{Account as AtServer, Verdict as Said, What, is_sendable};
use liveness::{Liveness, Verdict};
use stream_error::Phase;

/// The session has limits for each of its steps; this is for when it says nothing at all.
const CONNECTING: Duration = Duration::from_secs(180);
/// The same for the end of a stream.
const LEAVING: Duration = Duration::from_secs(20);
/// A network that comes and goes makes no more tries than one in this time.
const APART: Duration = Duration::from_secs(5);

/// The life of one account's connection.
pub(crate) struct Connection {
    state: State,
    target: Target,
    credentials: Credentials,
    keys: KeysAtHand,
    backoff: Backoff,
    /// The resource of the last connection.
    resource: Option<String>,
    /// When the last try began.
    last_try: Option<Duration>,
    /// What was asked of the server about the account itself.
    account: AtServer,
}

/// Whether what comes encrypted could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum KeysAtHand {
    /// Nobody has said otherwise.
    #[default]
    Yes,
    Awaited,
    No,
}

/// What the rest of the brain has to know of a step.
#[derive(Debug)]
pub(crate) enum Transition {
    /// Nothing that matters to it.
    None,
    /// Signed in and bound: from now on elements are stanzas.
    WentOnline {
        /// The stream features after signing in.
        features: Element,
    },
    /// Was online, is no more: every answer that was awaited will not come, every presence is void.
    WentOffline {
        /// What ended it, unless we did.
        why: Option<Problem>,
    },
}

enum State {
    Offline,
    Connecting { until: Duration },
    Negotiating(Box<Negotiation>),
    Online(Online),
    Leaving(Leaving),
    Waiting { until: Duration, problem: Problem },
    Stopped(Problem),
}

struct Online {
    since: Duration,
    bound: Jid,
    liveness: Liveness,
}

struct Leaving {
    bound: Jid,
    until: Duration,
    then: Then,
}

/// What follows the end of a stream that we ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    StayOffline,
    Connect,
}

/// What a step works with.
struct Step<'a> {
    now: Duration,
    rng: &'a mut dyn RngCore,
    out: &'a mut Effects,
}

impl Connection {
    /// Offline until [`Command::Connect`].
    pub(crate) fn new(account: &Account, password: Option<Password>) -> Self {
        Self {
            state: State::Offline,
            target: Target { domain: account.jid.ascii_domain(), server: account.server.clone() },
            credentials: Credentials::new(account, password),
            keys: KeysAtHand::default(),
            backoff: Backoff::default(),
            resource: None,
            last_try: None,
            account: AtServer::default(),
        }
    }

    /// Takes one input. Tells the app of each new state by itself.
    pub(crate) fn handle(
        &mut self,
        input: &Input,
        now: Now,
        rng: &mut dyn RngCore,
        out: &mut Effects,
    ) -> Transition {
        let mut step = Step { now: now.elapsed, rng, out };
        let step = &mut step;
        match input {
            Input::Command(Command::Connect) => self.connect(step),
            Input::Command(Command::Disconnect) | Input::Quit => self.disconnect(step),
            Input::Command(Command::NetworkChanged) | Input::Check => self.reconsider(step),
            Input::Command(Command::SetPassword(password)) => self.set_password(password, step),
            Input::Command(Command::AllowPlain) => self.allow_plain(step),
            Input::Command(Command::AllowWeaker) => self.allow_weaker(step),
            Input::Command(Command::OpenVault(vault)) => self.open_vault(vault, step),
            Input::Command(Command::ChangePassword(password)) => self.change_password(password, step),
            Input::Command(Command::DeleteAccount) => self.delete_account(step),
            Input::Command(Command::SetServer(server)) => self.set_server(server, step),
            Input::Command(_) => Transition::None,
            Input::Connected(link) => self.connected(link, step),
            Input::ConnectFailed(problem) => self.connect_failed(problem, step),
            Input::Disconnected(problem) => self.disconnected(problem, step),
            Input::Element(element) => self.element(element, step),
            Input::KeyDerived { ticket, key } => self.key(*ticket, key, step),
            Input::Progress => self.progress(step),
            Input::Woke => self.woke(step),
        }
    }

    /// Which way stanzas go.
    pub(crate) fn ways(&self) -> Ways {
        match self.state {
            State::Online(_) => Ways::Both,
            State::Leaving(_) => Ways::In,
            _ => Ways::None,
        }
    }

    /// Our full address from when we have one until the end of the stream.
    pub(crate) fn bound(&self) -> Option<&Jid> {
        match &self.state {
            State::Online(online) => Some(&online.bound),
            State::Leaving(leaving) => Some(&leaving.bound),
            _ => None,
        }
    }

    /// When [`Input::Woke`] is wanted, on the clock of [`Now::elapsed`].
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        match &self.state {
            State::Offline | State::Stopped(_) => None,
            State::Connecting { until }
            | State::Waiting { until, .. }
            | State::Leaving(Leaving { until, .. }) => Some(*until),
            State::Negotiating(negotiation) => Some(negotiation.deadline()),
            State::Online(online) => {
                let wake = online.liveness.next_wake();
                Some(self.account.next_wake().map_or(wake, |answer| answer.min(wake)))
            }
        }
    }

    fn connect(&mut self, step: &mut Step<'_>) -> Transition {
        match &mut self.state {
            State::Offline | State::Waiting { .. } | State::Stopped(_) => {
                self.backoff.reset();
                self.begin(step)
            }
            State::Connecting { .. } | State::Negotiating(_) => Transition::None,
            State::Leaving(leaving) => {
                leaving.then = Then::Connect;
                Transition::None
            }
            State::Online(_) => self.doubt(step),
        }
    }

    /// Begins a try.
    fn begin(&mut self, step: &mut Step<'_>) -> Transition {
        if self.credentials.password().is_none() {
            return self.fail(Problem::PasswordNeeded, step);
        }
        match self.keys {
            KeysAtHand::Yes => {}
            KeysAtHand::Awaited => {
                return self.enter(State::Stopped(Problem::KeysLocked), Shown::Connecting, step);
            }
            KeysAtHand::No => return self.fail(Problem::KeysLocked, step),
        }
        self.last_try = Some(step.now);
        step.out.want(Effect::Connect(self.target.clone()));
        self.enter(State::Connecting { until: step.now + CONNECTING }, Shown::Connecting, step)
    }

    fn disconnect(&mut self, step: &mut Step<'_>) -> Transition {
        match &mut self.state {
            State::Offline => return Transition::None,
            State::Online(online) => {
                // RFC 6121 §4.5.1: our contacts hear it from us, before the stream ends.
                step.out.send(Draft::new("presence", ns::CLIENT).attr("type", "unavailable").into());
                step.out.want(Effect::Close);
                let (bound, until) = (online.bound.clone(), step.now + LEAVING);
                self.state = State::Leaving(Leaving { bound, until, then: Then::StayOffline });
                self.backoff.reset();
                return Transition::None;
            }
            State::Leaving(leaving) => {
                leaving.then = Then::StayOffline;
                return Transition::None;
            }
            State::Connecting { .. } | State::Negotiating(_) => step.out.want(Effect::Close),
            State::Waiting { .. } | State::Stopped(_) => {}
        }
        self.backoff.reset();
        self.enter(State::Offline, Shown::Offline, step)
    }

    /// The stream that we ended is over.
    fn left(&mut self, then: Then, step: &mut Step<'_>) -> Transition {
        match then {
            Then::StayOffline => self.enter(State::Offline, Shown::Offline, step),
            Then::Connect => self.begin(step),
        }
    }

    /// The network, or the machine, may not be what it was.
    fn reconsider(&mut self, step: &mut Step<'_>) -> Transition {
        match &self.state {
            State::Online(_) => self.doubt(step),
            State::Waiting { until, problem } => {
                let soonest = self.last_try.map_or(step.now, |last| (last + APART).max(step.now));
                if soonest == step.now {
                    return self.begin(step);
                }
                if soonest >= *until {
                    return Transition::None;
                }
                let problem = problem.clone();
                self.wait(soonest, problem, step)
            }
            State::Connecting { .. } | State::Negotiating(_) => {
                // Should this try fail for the old network's sake, the next one follows soon.
                self.backoff.reset();
                Transition::None
            }
            State::Offline | State::Leaving(_) | State::Stopped(_) => Transition::None,
        }
    }

    fn set_password(&mut self, password: &Password, step: &mut Step<'_>) -> Transition {
        self.credentials.set_password(password.clone());
        match &self.state {
            State::Stopped(Problem::WrongPassword | Problem::PasswordNeeded) => self.connect(step),
            _ => Transition::None,
        }
    }

    /// Asks the server to take another password. The old one is in use until it has.
    fn change_password(&mut self, password: &Password, step: &mut Step<'_>) -> Transition {
        let problem = match &self.state {
            State::Online(_) if self.account.is_busy() => Problem::ServerBusy,
            State::Online(_) if !is_sendable(password) => Problem::PasswordRefused,
            State::Online(_) => {
                let what = What::Password(password.clone());
                step.out.send(self.account.ask(what, &self.credentials.jid, step.now, step.rng));
                return Transition::None;
            }
            _ => Problem::ConnectionLost,
        };
        step.out.tell(Event::Notice(Notice::PasswordNotChanged(problem)));
        Transition::None
    }

    fn delete_account(&mut self, step: &mut Step<'_>) -> Transition {
        let problem = match &self.state {
            State::Online(_) if self.account.is_leaving() && !self.account.is_late() => {
                return Transition::None;
            }
            State::Online(_) if self.account.is_busy() && !self.account.is_leaving() => Problem::ServerBusy,
            State::Online(_) => {
                step.out.send(self.account.ask(What::Deletion, &self.credentials.jid, step.now, step.rng));
                return Transition::None;
            }
            _ => Problem::ConnectionLost,
        };
        step.out.tell(Event::Notice(Notice::AccountNotDeleted(problem)));
        Transition::None
    }

    /// What the server says of the account itself.
    fn said(&mut self, said: Said, step: &mut Step<'_>) {
        match said {
            Said::PasswordTaken(password) => {
                self.credentials.set_password(password);
                step.out.tell(Event::PasswordChanged);
            }
            Said::PasswordKept(problem) => {
                step.out.tell(Event::Notice(Notice::PasswordNotChanged(problem)));
            }
            Said::Deleted => self.deleted(step),
            Said::NotDeleted(problem) => step.out.tell(Event::Notice(Notice::AccountNotDeleted(problem))),
        }
    }

    /// The account is no more: there is nothing to come back to.
    fn deleted(&mut self, step: &mut Step<'_>) {
        step.out.tell(Event::AccountDeleted);
        self.backoff.reset();
        match &mut self.state {
            State::Online(online) => {
                step.out.want(Effect::Close);
                let (bound, until) = (online.bound.clone(), step.now + LEAVING);
                self.state = State::Leaving(Leaving { bound, until, then: Then::StayOffline });
            }
            State::Leaving(leaving) => leaving.then = Then::StayOffline,
            _ => {}
        }
    }

    /// Nothing has come in time of what was asked about the account. It may still.
    fn remind(&mut self, step: &mut Step<'_>) {
        let notice = match self.account.is_overdue(step.now) {
            Some(What::Password(_)) => Notice::PasswordUncertain,
            Some(What::Deletion) => Notice::AccountNotDeleted(Problem::TimedOut),
            None => return,
        };
        step.out.tell(Event::Notice(notice));
    }

    /// The stream is over. What the server was asked to take may be the password now, or not: the next tries will tell.
    fn left_unanswered(&mut self, step: &mut Step<'_>) {
        let was_told = self.account.is_late();
        let notice = match self.account.interrupted() {
            Some(What::Password(password)) => {
                self.credentials.doubt(password);
                Notice::PasswordUncertain
            }
            Some(What::Deletion) => Notice::AccountNotDeleted(Problem::ConnectionLost),
            None => return,
        };
        if !was_told {
            step.out.tell(Event::Notice(notice));
        }
    }

    /// Connects elsewhere from now on.
    fn set_server(&mut self, server: &Option<ServerAddress>, step: &mut Step<'_>) -> Transition {
        if self.target.server == *server {
            return Transition::None;
        }
        self.target.server.clone_from(server);
        step.out.record(Change::ServerSet(server.clone()));
        self.backoff.reset();
        match &self.state {
            State::Offline | State::Leaving(_) => Transition::None,
            State::Online(online) => {
                step.out.send(Draft::new("presence", ns::CLIENT).attr("type", "unavailable").into());
                step.out.want(Effect::Close);
                let (bound, until) = (online.bound.clone(), step.now + LEAVING);
                self.state = State::Leaving(Leaving { bound, until, then: Then::Connect });
                Transition::None
            }
            State::Connecting { .. } | State::Negotiating(_) => {
                step.out.want(Effect::Close);
                self.begin(step)
            }
            State::Waiting { .. } | State::Stopped(_) => self.begin(step),
        }
    }

    fn allow_plain(&mut self, step: &mut Step<'_>) -> Transition {
        if self.credentials.strongest_seen > Some(Mechanism::Plain) {
            return Transition::None;
        }
        if !self.credentials.plain_allowed {
            self.credentials.plain_allowed = true;
            step.out.record(Change::PlainAllowed);
        }
        match &self.state {
            State::Stopped(Problem::PlainOnly) => self.connect(step),
            _ => Transition::None,
        }
    }

    /// Without the account's keys, what comes encrypted would be lost: we stay offline until they are there.
    fn open_vault(&mut self, vault: &Vault, step: &mut Step<'_>) -> Transition {
        self.keys = match vault {
            Vault::Awaited => KeysAtHand::Awaited,
            Vault::Locked => KeysAtHand::No,
            Vault::Open(_) | Vault::Broken(_) => KeysAtHand::Yes,
        };
        match &self.state {
            State::Stopped(Problem::KeysLocked) => self.connect(step),
            _ => Transition::None,
        }
    }

    /// Only what has just been refused is allowed, not what may come later.
    fn allow_weaker(&mut self, step: &mut Step<'_>) -> Transition {
        if !matches!(&self.state, State::Stopped(Problem::Downgrade)) {
            return Transition::None;
        }
        self.credentials.strongest_seen = None;
        self.credentials.plain_allowed = false;
        step.out.record(Change::MechanismForgotten);
        self.connect(step)
    }

    fn connected(&mut self, link: &Link, step: &mut Step<'_>) -> Transition {
        match &self.state {
            State::Connecting { .. } => {
                let negotiation = Box::new(Negotiation::new(link.clone(), step.now));
                self.enter(State::Negotiating(negotiation), Shown::SigningIn, step)
            }
            // Nobody wants it any more.
            State::Offline | State::Waiting { .. } | State::Stopped(_) => {
                step.out.want(Effect::Abort);
                Transition::None
            }
            State::Negotiating(_) | State::Online(_) | State::Leaving(_) => Transition::None,
        }
    }

    fn connect_failed(&mut self, problem: &Problem, step: &mut Step<'_>) -> Transition {
        match &self.state {
            State::Connecting { .. } => self.fail(problem.clone(), step),
            _ => Transition::None,
        }
    }

    fn disconnected(&mut self, problem: &Problem, step: &mut Step<'_>) -> Transition {
        match &self.state {
            State::Negotiating(_) | State::Online(_) => self.fail(problem.clone(), step),
            State::Leaving(Leaving { then, .. }) => self.left(*then, step),
            // While connecting it is the end of the connection before.
            State::Offline | State::Connecting { .. } | State::Waiting { .. } | State::Stopped(_) => {
                Transition::None
            }
        }
    }

    fn element(&mut self, element: &Element, step: &mut Step<'_>) -> Transition {
        if let State::Online(Online { bound, .. }) | State::Leaving(Leaving { bound, .. }) = &self.state
            && let Some(said) = self.account.answered(element, &self.credentials.jid, bound)
        {
            if let State::Online(online) = &mut self.state {
                online.liveness.heard(step.now);
            }
            self.said(said, step);
            return Transition::None;
        }
        match &mut self.state {
            State::Negotiating(negotiation) => {
                if let Some(problem) = stream_error::problem_of(element, Phase::Negotiating) {
                    return self.give_up(problem, step);
                }
                let mut tools = tools(&mut self.credentials, &mut self.resource, step);
                let outcome = negotiation.element(element, &mut tools);
                self.negotiated(outcome, step)
            }
            State::Online(online) => {
                if let Some(problem) = stream_error::problem_of(element, Phase::Online) {
                    // XEP-0077 §3.2: so a server may say that it has done it.
                    if problem == Problem::AccountDisabled && self.account.is_leaving() {
                        self.account.interrupted();
                        self.deleted(step);
                        return Transition::None;
                    }
                    return self.give_up(problem, step);
                }
                online.liveness.heard(step.now);
                Transition::None
            }
            State::Offline
            | State::Connecting { .. }
            | State::Leaving(_)
            | State::Waiting { .. }
            | State::Stopped(_) => Transition::None,
        }
    }

    fn progress(&mut self, step: &mut Step<'_>) -> Transition {
        if let State::Online(online) = &mut self.state {
            online.liveness.heard(step.now);
        }
        Transition::None
    }

    fn key(&mut self, ticket: u64, key: &SaltedPassword, step: &mut Step<'_>) -> Transition {
        let State::Negotiating(negotiation) = &mut self.state else { return Transition::None };
        let mut tools = tools(&mut self.credentials, &mut self.resource, step);
        let outcome = negotiation.key(ticket, key, &mut tools);
        self.negotiated(outcome, step)
    }

    fn negotiated(&mut self, outcome: Outcome, step: &mut Step<'_>) -> Transition {
        match outcome {
            Outcome::Going => Transition::None,
            Outcome::Failed(problem) => self.give_up(problem, step),
            Outcome::Done { bound, features } => {
                let settled = match self.credentials.settle() {
                    Doubt::None => None,
                    Doubt::New { .. } => Some(Event::PasswordChanged),
                    Doubt::Old => Some(Event::Notice(Notice::PasswordNotChanged(Problem::ConnectionLost))),
                };
                settled.into_iter().for_each(|event| step.out.tell(event));
                let online = Online { since: step.now, bound, liveness: Liveness::new(step.now) };
                self.enter(State::Online(online), Shown::Online, step);
                Transition::WentOnline { features }
            }
        }
    }

    fn woke(&mut self, step: &mut Step<'_>) -> Transition {
        match &mut self.state {
            State::Waiting { until, .. } if step.now >= *until => self.begin(step),
            State::Leaving(Leaving { until, then, .. }) if step.now >= *until => {
                let then = *then;
                step.out.want(Effect::Abort);
                self.left(then, step)
            }
            State::Connecting { until } if step.now >= *until => self.give_up(Problem::TimedOut, step),
            State::Negotiating(negotiation) if step.now >= negotiation.deadline() => {
                self.give_up(Problem::TimedOut, step)
            }
            State::Online(online) => {
                let verdict = online.liveness.look(step.now);
                self.remind(step);
                self.judge(verdict, step)
            }
            _ => Transition::None,
        }
    }

    /// Asks the server for a sign of life.
    fn doubt(&mut self, step: &mut Step<'_>) -> Transition {
        let State::Online(online) = &mut self.state else { return Transition::None };
        let verdict = online.liveness.doubt(step.now);
        self.judge(verdict, step)
    }

    fn judge(&mut self, verdict: Verdict, step: &mut Step<'_>) -> Transition {
        match verdict {
            Verdict::Fine => Transition::None,
            Verdict::Dead => self.give_up(Problem::TimedOut, step),
            Verdict::Ask => {
                step.out.send(liveness::ping(self.credentials.jid.domain(), step.rng));
                Transition::None
            }
        }
    }

    /// Ends a connection that is there, or is being made.
    fn give_up(&mut self, problem: Problem, step: &mut Step<'_>) -> Transition {
        let is_current = match &self.state {
            State::Negotiating(negotiation) => negotiation.is_current(&self.credentials),
            _ => true,
        };
        step.out.want(match problem {
            // A peer that is dead, or not to be talked to.
            Problem::TimedOut
            | Problem::Protocol
            | Problem::OverLimits
            | Problem::Downgrade
            | Problem::ServerNotProved
            | Problem::WrongAddress => Effect::Abort,
            _ => Effect::Close,
        });
        if problem == Problem::WrongPassword && !is_current {
            // It was about the password before, and another one has been given since.
            return self.begin(step);
        }
        if problem == Problem::WrongPassword && self.credentials.fall_back() {
            return self.begin(step);
        }
        self.fail(problem, step)
    }

    /// The connection is no more. Waits for the next try, or stops.
    fn fail(&mut self, problem: Problem, step: &mut Step<'_>) -> Transition {
        if let State::Online(online) = &self.state {
            self.backoff.was_online(step.now.saturating_sub(online.since));
        }
        match problem.retry() {
            Retry::Automatic => {
                let wait = self.backoff.next(&problem, step.rng);
                self.wait(step.now + wait, problem, step)
            }
            Retry::OnRequest => {
                if problem == Problem::PlainOnly {
                    step.out.tell(Event::Notice(Notice::PlainOnly));
                }
                self.enter(State::Stopped(problem.clone()), Shown::Stopped(problem), step)
            }
        }
    }

    fn wait(&mut self, until: Duration, problem: Problem, step: &mut Step<'_>) -> Transition {
        let retry_in = until.saturating_sub(step.now);
        let shown = Shown::Waiting { problem: problem.clone(), retry_in };
        self.enter(State::Waiting { until, problem }, shown, step)
    }

    fn enter(&mut self, state: State, shown: Shown, step: &mut Step<'_>) -> Transition {
        let was_bound = self.bound().is_some();
        self.state = state;
        step.out.tell(Event::ConnectionChanged(shown));
        if !was_bound || self.bound().is_some() {
            return Transition::None;
        }
        self.left_unanswered(step);
        let why = match &self.state {
            State::Waiting { problem, .. } | State::Stopped(problem) => Some(problem.clone()),
            _ => None,
        };
        Transition::WentOffline { why }
    }
}

fn tools<'a>(
    credentials: &'a mut Credentials,
    resource: &'a mut Option<String>,
    step: &'a mut Step<'_>,
) -> Tools<'a> {
    Tools { credentials, resource, now: step.now, rng: &mut *step.rng, out: &mut *step.out }
}

#[cfg(test)]
mod tests;
