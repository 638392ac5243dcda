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
//! While it connects, negotiates or waits, the session of the stream before may still be there to be taken up (XEP-0198 §5): it is
//! *suspended*, until a new one is bound, the person goes offline, or it has been kept for longer than the server said. So long what
//! was asked about the account may still be answered, but a password that was asked for is tried already.
//!
//! Long because it is one state machine, and a transition is understood beside the others.

mod account;
mod client_state;
mod liveness;
mod network;
mod second_try;
mod standstill;
pub(crate) mod stream_error;

use std::time::Duration;

use causerie_model::{
    Account, Change, ClientState, Command, Connection as Shown, Event, FastToken, Jid, Mechanism, Notice,
    Password, Problem, Retry, ServerAddress, Timestamp, UserAgentId, Vault,
};
use minidom::Element;
use rand::RngCore;

use crate::backoff::Backoff;
use crate::negotiation::{Done, Negotiation, Outcome, Tools};
use crate::sasl::credentials::{Credentials, Doubt};
use crate::step::Ways;
use crate::stream_management::{End, StreamManagement};
use crate::xml::Draft;
use crate::{Effect, Effects, Input, Link, Now, SaltedPassword, Target, ns};
use account::Account as AtServer;
use client_state::Told;
use liveness::{Liveness, Verdict};
use second_try::SecondTry;
use stream_error::Phase;

/// The session has limits for each of its steps; this is for when it says nothing at all.
const CONNECTING: Duration = Duration::from_secs(180);
/// The same for the end of a stream.
const LEAVING: Duration = Duration::from_secs(20);

/// The life of one account's connection.
pub(crate) struct Connection {
    state: State,
    target: Target,
    credentials: Credentials,
    keys: KeysAtHand,
    backoff: Backoff,
    second_try: SecondTry,
    /// What this input says of the stream's end.
    end: End,
    /// What the server has of ours, and what is kept for the next stream.
    pub(crate) management: StreamManagement,
    /// The session that may be taken up.
    suspended: Option<Suspended>,
    /// The resource of the last connection.
    resource: Option<String>,
    /// When the last try began.
    last_try: Option<Duration>,
    /// Whether it began in place of one that the network had left behind.
    is_anew: bool,
    /// What was asked of the server about the account itself.
    account: AtServer,
    client_state: Told,
}

/// Whether what comes encrypted could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum KeysAtHand {
    /// Nobody has said otherwise.
    #[default]
    Yes,
    Awaited,
    No(Problem),
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
        /// Copies of what other devices get come already.
        copying: bool,
        /// What came is a stanza already.
        is_early: bool,
    },
    /// The stream is over, and its session may be taken up by the next one.
    Suspended,
    /// The session goes on, on a new stream.
    Resumed,
    /// Was online, is no more: every answer that was awaited will not come, every presence is void.
    WentOffline {
        /// Whether it may have been what we sent.
        end: End,
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

/// A session between two streams.
struct Suspended {
    bound: Jid,
    until: Duration,
    end: End,
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
    wall: Timestamp,
    rng: &'a mut dyn RngCore,
    out: &'a mut Effects,
}

impl Connection {
    /// Offline until [`Command::Connect`].
    pub(crate) fn new(
        account: &Account,
        password: Option<Password>,
        user_agent: Option<UserAgentId>,
    ) -> Self {
        Self {
            state: State::Offline,
            target: Target {
                domain: account.jid.ascii_domain(),
                server: account.server.clone(),
                account: Some(account.jid.clone()),
            },
            credentials: Credentials::new(account, password, user_agent),
            keys: KeysAtHand::default(),
            backoff: Backoff::default(),
            second_try: SecondTry::default(),
            end: End::default(),
            management: StreamManagement::default(),
            suspended: None,
            resource: None,
            last_try: None,
            is_anew: false,
            account: AtServer::default(),
            client_state: Told::default(),
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
        self.end = End::default();
        let mut step = Step { now: now.elapsed, wall: now.wall, rng, out };
        let step = &mut step;
        let transition = match self.take(input, step) {
            Transition::None if self.has_lost_session(step.now) => self.lose_session(step),
            transition => transition,
        };
        let token = self.credentials.changed_token();
        token.into_iter().for_each(|token| step.out.tell(Event::FastTokenChanged(token)));
        transition
    }

    fn take(&mut self, input: &Input, step: &mut Step<'_>) -> Transition {
        match input {
            Input::Command(Command::Connect) => self.connect(step),
            Input::Command(Command::Disconnect) | Input::Quit => self.disconnect(step),
            Input::Command(Command::NetworkChanged) => self.network_changed(step),
            Input::Command(
                Command::SendMessage { .. }
                | Command::SendReply { .. }
                | Command::RetryMessage { .. }
                | Command::CorrectMessage { .. }
                | Command::SendRoomMessage { .. },
            ) => self.written(step),
            Input::Check => self.reconsider(step),
            Input::Command(Command::SetPassword(password)) => self.set_password(password, step),
            Input::Command(Command::SetFastToken(token)) => self.set_fast_token(token, step),
            Input::Command(Command::SetClientState(state)) => {
                self.set_client_state(*state, step);
                Transition::None
            }
            Input::Command(Command::AllowPlain) => self.allow_plain(step),
            Input::Command(Command::AllowWeaker) => self.allow_weaker(step),
            Input::Command(Command::OpenVault(vault)) => self.open_vault(vault, step),
            Input::Command(Command::ChangePassword(password)) => self.change_password(password, step),
            Input::Command(Command::DeleteAccount) => self.delete_account(step),
            Input::Command(Command::SetServer(server)) => self.set_server(server, step),
            Input::Command(_) | Input::CopySeen(_) => Transition::None,
            Input::Connected(link) => self.connected(link, step),
            Input::ConnectFailed(problem) => self.connect_failed(problem, step),
            Input::Disconnected(problem) => self.disconnected(problem, step),
            Input::Closed => {
                self.end = End::Closed;
                self.disconnected(&Problem::ConnectionLost, step)
            }
            Input::Element(element) => self.element(element, step),
            Input::KeyDerived { ticket, key } => self.key(*ticket, key, step),
            Input::Progress => self.progress(step),
            Input::Woke => self.woke(step),
            Input::StoodStill => self.stood_still(step),
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
            State::Connecting { until } | State::Waiting { until, .. } => {
                let session = self.suspended.as_ref().map(|suspended| suspended.until);
                [Some(*until), session, self.account.next_wake()].into_iter().flatten().min()
            }
            State::Leaving(Leaving { until, .. }) => Some(*until),
            State::Negotiating(negotiation) => {
                [Some(negotiation.deadline()), self.account.next_wake()].into_iter().flatten().min()
            }
            State::Online(online) => {
                let others = [self.management.next_wake(), self.account.next_wake()];
                others.into_iter().flatten().chain([online.liveness.next_wake()]).min()
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
        if !self.credentials.has_any() {
            return self.fail(Problem::PasswordNeeded, step);
        }
        match &self.keys {
            KeysAtHand::Yes => {}
            KeysAtHand::Awaited => {
                return self.enter(State::Stopped(Problem::KeysLocked), Shown::Connecting, step);
            }
            // Whatever it is, another try finds no other keys before a person has had them looked for again.
            KeysAtHand::No(problem) => {
                let problem = problem.clone();
                return self.enter(State::Stopped(problem.clone()), Shown::Stopped(problem), step);
            }
        }
        (self.last_try, self.is_anew) = (Some(step.now), false);
        step.out.want(Effect::Connect(self.target.clone()));
        self.enter(State::Connecting { until: step.now + CONNECTING }, Shown::Connecting, step)
    }

    fn disconnect(&mut self, step: &mut Step<'_>) -> Transition {
        match &mut self.state {
            State::Offline => return Transition::None,
            State::Online(online) => {
                let bound = online.bound.clone();
                self.leave(bound, Then::StayOffline, step);
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

    /// Ends the stream in good order, and the session with it.
    fn leave(&mut self, bound: Jid, then: Then, step: &mut Step<'_>) {
        self.management.acknowledge(step.out);
        // RFC 6121 §4.5.1: our contacts hear it from us, before the stream ends.
        let said = step.out.0.len();
        step.out.send(Draft::new("presence", ns::CLIENT).attr("type", "unavailable").into());
        self.management.keep(said, step.out);
        step.out.want(Effect::Close);
        self.management.end();
        self.state = State::Leaving(Leaving { bound, until: step.now + LEAVING, then });
    }

    /// The stream that we ended is over.
    fn left(&mut self, then: Then, step: &mut Step<'_>) -> Transition {
        match then {
            Then::StayOffline => self.enter(State::Offline, Shown::Offline, step),
            Then::Connect => self.begin(step),
        }
    }

    fn set_password(&mut self, password: &Password, step: &mut Step<'_>) -> Transition {
        self.credentials.set_password(password.clone());
        match &self.state {
            State::Stopped(Problem::WrongPassword | Problem::PasswordNeeded) => self.connect(step),
            _ => Transition::None,
        }
    }

    fn set_fast_token(&mut self, token: &FastToken, step: &mut Step<'_>) -> Transition {
        self.credentials.restore_token(token.clone());
        match &self.state {
            State::Stopped(Problem::PasswordNeeded) => self.connect(step),
            _ => Transition::None,
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
                let bound = online.bound.clone();
                self.leave(bound, Then::Connect, step);
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
        let keys = match vault {
            Vault::Awaited => KeysAtHand::Awaited,
            Vault::Locked => KeysAtHand::No(Problem::KeysLocked),
            Vault::Unreadable => KeysAtHand::No(Problem::KeysUnreadable),
            Vault::Failed(problem) => KeysAtHand::No(problem.clone()),
            Vault::Open(_) | Vault::Broken(_) => KeysAtHand::Yes,
        };
        let before = std::mem::replace(&mut self.keys, keys);
        match (&self.state, before) {
            (State::Stopped(Problem::KeysLocked), KeysAtHand::Awaited) => self.connect(step),
            (State::Stopped(problem), KeysAtHand::No(why)) if *problem == why => self.connect(step),
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
        match &mut self.state {
            State::Negotiating(negotiation) => {
                if let Some(problem) = stream_error::problem_of(element, Phase::Negotiating) {
                    return self.give_up(problem, step);
                }
                let (client_state, session) =
                    (self.client_state.now, (&mut self.resource, &mut self.management));
                let mut tools = tools(&mut self.credentials, session, client_state, step);
                let outcome = negotiation.element(element, &mut tools);
                let transition = self.negotiated(outcome, step);
                if matches!(transition, Transition::WentOnline { is_early: true, .. }) {
                    // A stanza acknowledges nothing, so that there is nothing to fail.
                    let _ = self.management.element(element, step.now, step.out);
                }
                transition
            }
            State::Online(online) => {
                if let Some(problem) = stream_error::problem_of(element, Phase::Online) {
                    // XEP-0077 §3.2: so a server may say that it has done it.
                    if problem == Problem::AccountDisabled && self.account.is_leaving() {
                        self.account.interrupted();
                        self.deleted(step);
                        return Transition::None;
                    }
                    self.end = stream_error::end_of(element);
                    self.second_try.told();
                    return self.give_up(problem, step);
                }
                online.liveness.heard(Some(element), step.now);
                if self.management.is_full() {
                    return self.give_up(Problem::TimedOut, step);
                }
                match self.management.element(element, step.now, step.out) {
                    Ok(()) => {
                        self.answered(element, step);
                        Transition::None
                    }
                    Err(problem) => self.say_goodbye(problem, step),
                }
            }
            State::Leaving(_) => {
                // What is acknowledged still counts; nothing can be said about it.
                let _ = self.management.element(element, step.now, &mut Effects::default());
                self.answered(element, step);
                Transition::None
            }
            State::Offline | State::Connecting { .. } | State::Waiting { .. } | State::Stopped(_) => {
                Transition::None
            }
        }
    }

    fn progress(&mut self, step: &mut Step<'_>) -> Transition {
        if let State::Online(online) = &mut self.state {
            online.liveness.heard(None, step.now);
            self.management.flows(None, step.now);
        }
        Transition::None
    }

    fn key(&mut self, ticket: u64, key: &SaltedPassword, step: &mut Step<'_>) -> Transition {
        let State::Negotiating(negotiation) = &mut self.state else { return Transition::None };
        let (client_state, session) = (self.client_state.now, (&mut self.resource, &mut self.management));
        let mut tools = tools(&mut self.credentials, session, client_state, step);
        let outcome = negotiation.key(ticket, key, &mut tools);
        self.negotiated(outcome, step)
    }

    fn negotiated(&mut self, outcome: Outcome, step: &mut Step<'_>) -> Transition {
        match outcome {
            Outcome::Going => Transition::None,
            Outcome::Failed(problem) => self.give_up(problem, step),
            Outcome::Done(done) => {
                let Done { bound, features, managed, copying, client_state, is_early } = *done;
                let settled = match self.credentials.settle() {
                    Doubt::None => None,
                    Doubt::New { .. } => Some(Event::PasswordChanged),
                    Doubt::Old => Some(Event::Notice(Notice::PasswordNotChanged(Problem::ConnectionLost))),
                };
                settled.into_iter().for_each(|event| step.out.tell(event));
                match managed {
                    Some(enabled) => self.management.enabled(&enabled),
                    None if StreamManagement::is_offered(&features) => {
                        self.management.enable(step.now, step.out);
                    }
                    None => {}
                }
                self.client_state.begin(&features, client_state);
                self.online(bound, step);
                Transition::WentOnline { features, copying, is_early }
            }
            Outcome::Resumed => {
                let Some(Suspended { bound, .. }) = self.suspended.take() else {
                    return self.give_up(Problem::Protocol, step);
                };
                match self.credentials.settle() {
                    Doubt::New { .. } => {
                        // That it counts is an answer as well.
                        self.account.interrupted();
                        step.out.tell(Event::PasswordChanged);
                    }
                    // The question has been sent again, or its answer is on its way.
                    Doubt::Old | Doubt::None => self.account.resumed(step.now),
                }
                self.client_state.resume();
                self.online(bound, step);
                Transition::Resumed
            }
        }
    }

    fn online(&mut self, bound: Jid, step: &mut Step<'_>) {
        self.second_try.online();
        let online = Online { since: step.now, bound, liveness: Liveness::new(step.now) };
        self.enter(State::Online(online), Shown::Online, step);
        self.tell_client_state(step);
    }

    /// Nobody will take up the session any more.
    fn lose_session(&mut self, step: &mut Step<'_>) -> Transition {
        self.management.forget();
        self.left_unanswered(step);
        match self.suspended.take() {
            Some(Suspended { end, .. }) => Transition::WentOffline { end },
            None => Transition::None,
        }
    }

    /// Whether nothing can come of the session between two streams any more: the server has said so, or does not keep it for longer.
    /// While it is being taken up, only the server can say.
    fn has_lost_session(&self, now: Duration) -> bool {
        let waits = matches!(self.state, State::Waiting { .. } | State::Connecting { .. });
        let over =
            |suspended: &Suspended| !self.management.is_suspended() || (waits && suspended.until <= now);
        self.suspended.as_ref().is_some_and(over)
    }

    fn woke(&mut self, step: &mut Step<'_>) -> Transition {
        if !matches!(self.state, State::Leaving(_)) {
            self.remind(step);
        }
        match &mut self.state {
            State::Waiting { until, .. } if step.now >= *until => self.begin(step),
            State::Leaving(Leaving { until, then, .. }) if step.now >= *until => {
                let then = *then;
                step.out.want(Effect::Abort);
                self.left(then, step)
            }
            State::Connecting { until } if step.now >= *until => self.give_up(Problem::TimedOut, step),
            State::Negotiating(negotiation) if step.now >= negotiation.deadline() => {
                let outcome = negotiation.overdue();
                self.negotiated(outcome, step)
            }
            State::Online(online) => {
                let verdict = online.liveness.look(step.now);
                match self.management.due(step.now, step.out) {
                    Ok(()) => self.judge(verdict, step),
                    Err(problem) => self.give_up(problem, step),
                }
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
            Verdict::Ask if self.management.is_on() => {
                self.management.ask_now(step.now, step.out);
                Transition::None
            }
            Verdict::Ask => {
                let said = step.out.0.len();
                step.out.send(liveness::ping(self.credentials.jid.domain(), step.rng));
                self.management.keep(said, step.out);
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
        if problem == Problem::WrongPassword
            && self.credentials.was_taken()
            && let Some(until) = self.second_try.refused(step.now)
        {
            return self.wait(until, Problem::AuthenticationUnavailable, step);
        }
        self.fail(problem, step)
    }

    /// Ends a stream after what was said last, which tells the server why.
    fn say_goodbye(&mut self, problem: Problem, step: &mut Step<'_>) -> Transition {
        step.out.want(Effect::Close);
        self.fail(problem, step)
    }

    /// The connection is no more. Waits for the next try, or stops.
    fn fail(&mut self, mut problem: Problem, step: &mut Step<'_>) -> Transition {
        let mut is_from_before = false;
        if let State::Online(online) = &self.state {
            // It broke while nobody could notice, and nobody has waited for it: the next one need not either.
            is_from_before = online.liveness.is_in_doubt()
                && matches!(problem, Problem::ConnectionLost | Problem::TimedOut);
            if self.management.was_deaf(&problem) {
                // The next one begins a session of its own, and has no reason to wait: not at all, where somebody has just come back.
                is_from_before |= self.management.is_awake_again(step.now);
                self.management.end();
                self.backoff.forgive();
                self.end = End::default();
                problem = Problem::TimedOut;
            }
            let lasted = step.now.saturating_sub(online.since);
            if self.management.has_answered() {
                self.backoff.was_useful(lasted);
            }
            self.backoff.was_online(lasted);
        }
        self.second_try.ended(&problem);
        match problem.retry() {
            Retry::Automatic => {
                let wait = match is_from_before {
                    true => Duration::ZERO,
                    false => self.backoff.next(&problem, step.rng),
                };
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
        let before = self.bound().cloned();
        self.state = state;
        step.out.tell(Event::ConnectionChanged(shown));
        if self.bound().is_some() {
            return Transition::None;
        }
        let goes_on = matches!(self.state, State::Waiting { .. });
        let Some(bound) = before else {
            // Between two streams nobody but the person ends a session.
            let ends = matches!(self.state, State::Offline | State::Stopped(_));
            return if ends { self.lose_session(step) } else { Transition::None };
        };
        self.doubt_password();
        if goes_on && let Some(kept) = self.management.suspend(self.end) {
            self.suspended = Some(Suspended { bound, until: step.now + kept, end: self.end });
            return Transition::Suspended;
        }
        self.management.forget();
        self.left_unanswered(step);
        Transition::WentOffline { end: self.end }
    }
}

fn tools<'a>(
    credentials: &'a mut Credentials,
    (resource, management): (&'a mut Option<String>, &'a mut StreamManagement),
    client_state: ClientState,
    step: &'a mut Step<'_>,
) -> Tools<'a> {
    let Step { now, wall, rng, out } = step;
    Tools { credentials, resource, management, client_state, now: *now, wall: *wall, rng: &mut **rng, out }
}

#[cfg(test)]
mod tests;
