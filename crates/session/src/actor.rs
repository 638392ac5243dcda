//! One account's actor: inputs from the person, the network and the clock go to the brain, its effects are applied.
//!
//! Long because the loop and the order of its inputs have to be seen together.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use causerie_model::{
    ClientState, Command, Connection, Event, FastToken, Notice, Password, Problem, Restored, Storage,
    Timestamp, Vault,
};
use causerie_protocol::{Brain, DeriveKey, Effect, Effects, Input, Now, SaltedPassword, Target};
use futures::FutureExt;
use minidom::Element;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::apply::{Thought, asked_again};
use crate::breaker::{Breaker, Fingerprint};
use crate::connect::Dial;
use crate::events::Teller;
use crate::guard::stand_in;
use crate::handle::{Config, Order, Slept};
use crate::ledger::Ledger;
use crate::line::{Line, Making};
use crate::proxy::Route;
use crate::standstill::Standstill;
use crate::tls::Tls;
use crate::together::{self, MOST_SEALED};

/// Inputs whose changes are committed together at most.
const MOST_TOGETHER: usize = 256;
/// Wall time that passed without the machine's own: it slept.
const SLEPT: Duration = Duration::from_secs(10);
/// How often that is looked for, while something is awaited: whoever opens a laptop waits for no longer than ten seconds, and the
/// server has five of them to answer. Where the system tells of its sleep ([`crate::network`]), it is noticed sooner.
const LOOK: Duration = Duration::from_secs(3);

/// Why an actor ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It was asked to.
    Quit,
    /// It can't go on.
    Failed(Problem),
}

/// What outlives an actor that fails.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) orders: mpsc::UnboundedReceiver<Order>,
    /// Orders that came while nothing could be done about them.
    pub(crate) waiting: VecDeque<Order>,
    password: Option<Password>,
    /// What the server was asked to take in its place.
    new_password: Option<Password>,
    token: Option<FastToken>,
    vault: Option<Vault>,
    route: Route,
    wanted: Wanted,
    /// Whether the app was told that the disk takes nothing when the last actor failed.
    pub(crate) is_failing: bool,
    /// Whether the order to quit was followed.
    pub(crate) quitting: bool,
    client_state: ClientState,
    breaker: Breaker,
}

/// What the person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Online,
    Offline,
}

impl Memory {
    pub(crate) fn new(
        password: Option<Password>,
        vault: Option<Vault>,
        route: Route,
        orders: mpsc::UnboundedReceiver<Order>,
    ) -> Self {
        Self {
            orders,
            waiting: VecDeque::new(),
            password,
            new_password: None,
            token: None,
            vault,
            route,
            wanted: Wanted::Offline,
            is_failing: false,
            quitting: false,
            client_state: ClientState::default(),
            breaker: Breaker::default(),
        }
    }

    /// Waits, for ever where no time is given, unless it shall quit or be connected.
    pub(crate) async fn pause(&mut self, time: Option<Duration>) {
        let end = time.map(|time| Instant::now() + time);
        while !self.is_quitting() {
            tokio::select! {
                () = sleep_until(end.unwrap_or_else(Instant::now)), if end.is_some() => return,
                order = self.orders.recv() => {
                    let order = order.unwrap_or(Order::Quit);
                    let connect = matches!(order, Order::Do(Command::Connect));
                    self.waiting.push_back(order);
                    if connect {
                        return;
                    }
                }
            }
        }
    }

    /// Whether the order to quit has come.
    pub(crate) fn is_quitting(&self) -> bool {
        self.quitting || self.waiting.iter().any(|order| matches!(order, Order::Quit))
    }

    /// What the app is told matters to a brain that takes the place of one that failed.
    pub(crate) fn hear(&mut self, event: &Event) {
        match event {
            Event::PasswordChanged => self.password = self.new_password.take().or(self.password.take()),
            Event::Notice(Notice::PasswordNotChanged(_)) => self.new_password = None,
            Event::FastTokenChanged(token) => self.token.clone_from(token),
            Event::AccountDeleted => self.wanted = Wanted::Offline,
            _ => {}
        }
    }

    fn learn(&mut self, command: &Command) {
        match command {
            Command::SetPassword(password) => self.password = Some(password.clone()),
            Command::ChangePassword(password) => self.new_password = Some(password.clone()),
            Command::SetFastToken(token) => self.token = Some(token.clone()),
            Command::SetClientState(state) => self.client_state = *state,
            Command::OpenVault(vault) => self.vault = Some(vault.clone()),
            Command::Connect => self.wanted = Wanted::Online,
            Command::Disconnect => self.wanted = Wanted::Offline,
            _ => {}
        }
    }
}

/// An actor at work.
pub(crate) struct Actor<'a, L, M> {
    pub(crate) config: &'a Config,
    pub(crate) ledger: &'a L,
    pub(crate) teller: &'a Teller,
    pub(crate) memory: &'a mut Memory,
    mind: M,
    line: Line,
    /// What the brain must be given before anything else.
    pub(crate) inputs: VecDeque<Input>,
    keys: JoinSet<(u64, SaltedPassword)>,
    clock: Clock,
    standstill: Standstill,
    wake: Option<Duration>,
    /// Made with the first connection, and anew after a certificate was refused: the system may trust others by then.
    tls: Arc<OnceLock<Tls>>,
}

/// What thinks: the brain, or what takes its place in a test.
pub(crate) trait Mind: FnMut(Input, Now) -> Effects {}

impl<M: FnMut(Input, Now) -> Effects> Mind for M {}

/// The brain of the product.
pub(crate) fn brain(restored: Restored, password: Option<Password>) -> Result<impl Mind, Problem> {
    let rng = StdRng::try_from_os_rng().map_err(|_| Problem::Internal)?;
    let mut brain = Brain::new(restored, password, Box::new(rng));
    Ok(move |input, now| brain.handle(input, now))
}

/// Runs an actor to its end, with the mind that `awaken` makes of what is remembered.
pub(crate) async fn run<L: Ledger, M: Mind>(
    config: &Config,
    ledger: &L,
    teller: &Teller,
    memory: &mut Memory,
    awaken: impl FnOnce(Restored, Option<Password>) -> Result<M, Problem>,
) -> Ending {
    let awake = ledger.restore(config.account).await;
    let mind = match awake.and_then(|restored| awaken(restored, memory.password.clone())) {
        Ok(mind) => mind,
        Err(problem) => return Ending::Failed(problem),
    };
    if std::mem::take(&mut memory.is_failing) {
        teller.tell(Event::StorageChanged(Storage::Working));
    }
    // A brain that takes the place of one that failed goes on where it was.
    let vault = memory.vault.clone().map(|vault| Input::Command(Command::OpenVault(vault)));
    let connect = memory.wanted == Wanted::Online && !memory.is_quitting();
    let connect = connect.then_some(Input::Command(Command::Connect));
    let token = memory.token.clone().map(|token| Input::Command(Command::SetFastToken(token)));
    let client_state = Some(Input::Command(Command::SetClientState(memory.client_state)))
        .filter(|_| memory.client_state != ClientState::default());
    let inputs = vault.into_iter().chain(token).chain(client_state).chain(connect).collect();
    let actor = Actor {
        config,
        ledger,
        teller,
        memory,
        mind,
        line: Line::Down,
        inputs,
        keys: JoinSet::new(),
        clock: Clock::new(config.slept.clone()),
        standstill: Standstill::new(),
        wake: None,
        tls: Arc::default(),
    };
    actor.work().await
}

impl<L: Ledger, M: Mind> Actor<'_, L, M> {
    async fn work(mut self) -> Ending {
        loop {
            let Some(input) = self.next().await else {
                self.teller.tell(Event::PresenceForgotten);
                self.teller.tell(Event::ConnectionChanged(Connection::Offline));
                return Ending::Quit;
            };
            let (mut batch, mut sealed) = (Vec::new(), 0);
            let mut next = Some(input);
            let mut panicked = None;
            while let Some(input) = next.take() {
                let (input, fingerprint) = self.without_poison(input);
                let asked = asked_again(&input);
                match catch_unwind(AssertUnwindSafe(|| self.think(input))) {
                    Ok(effects) => {
                        sealed += together::sealed(&effects);
                        batch.push(Thought { asked, effects });
                    }
                    Err(panic) => {
                        fingerprint.into_iter().for_each(|fingerprint| self.memory.breaker.trip(fingerprint));
                        panicked = Some(panic);
                    }
                }
                // What has come meanwhile shares the transaction.
                if panicked.is_none()
                    && batch.len() < MOST_TOGETHER
                    && sealed < MOST_SEALED
                    && batch.last().is_some_and(Thought::can_wait)
                {
                    next = self.line.ready().or_else(|| self.command());
                }
            }
            if let Err(problem) = self.apply(batch).await {
                return Ending::Failed(problem);
            }
            // What came before was honest and is kept.
            if let Some(panic) = panicked {
                resume_unwind(panic);
            }
        }
    }

    /// What has made the brain panic comes to it as a marker the second time, and without anything in it after that: its being there
    /// is counted (XEP-0198).
    fn without_poison(&self, input: Input) -> (Input, Option<Fingerprint>) {
        let Input::Element(element) = input else { return (input, None) };
        let fingerprint = Fingerprint::of(&element);
        let input = match self.memory.breaker.breaks(fingerprint) {
            0 => Input::Element(element),
            1 => Input::Element(stand_in(&element)),
            _ => Input::Element(Element::bare(element.name(), element.ns())),
        };
        (input, Some(fingerprint))
    }

    fn think(&mut self, input: Input) -> Effects {
        if let Input::ConnectFailed(Problem::Certificate(_)) = input {
            self.tls = Arc::default();
        }
        let now = self.clock.now();
        (self.mind)(input, now)
    }

    /// The next input; none when it is time to end.
    async fn next(&mut self) -> Option<Input> {
        loop {
            if let Some(input) = self.inputs.pop_front() {
                return Some(input);
            }
            if self.memory.quitting {
                // The brain was told, and all that it wanted before was done. Whatever it made of it, this is the end.
                if let Some(ended) = self.line.close(self.config.patience.goodbye) {
                    return Some(ended);
                }
                if self.line.is_down() {
                    return None;
                }
            }
            if self.clock.has_slept() {
                return Some(Input::StoodStill);
            }
            if let Some(order) = self.memory.waiting.pop_front() {
                match self.order(order) {
                    Some(input) => return Some(input),
                    None => continue,
                }
            }
            let wake = self.wake.map(|elapsed| self.clock.instant(elapsed));
            let look = wake.map(|wake| next_look(Instant::now(), wake));
            tokio::select! {
                order = self.memory.orders.recv(), if !self.memory.quitting => {
                    if let Some(input) = self.order(order.unwrap_or(Order::Quit)) {
                        return Some(input);
                    }
                }
                input = self.line.next() => return Some(input),
                () = self.standstill.over() => return Some(Input::StoodStill),
                Some(derived) = self.keys.join_next() => match derived {
                    Ok((ticket, key)) => return Some(Input::KeyDerived { ticket, key }),
                    Err(error) => tracing::error!(%error, "a key couldn't be computed"),
                },
                () = async { if let Some(look) = look { sleep_until(look).await } }, if look.is_some() => {
                    let is_late = look.is_some_and(|look| look.elapsed() > self.config.patience.late);
                    if look == wake {
                        self.wake = None;
                        self.inputs.push_back(Input::Woke);
                    }
                    // The process stood still, or the machine did, and its clocks went on.
                    if is_late {
                        return Some(Input::StoodStill);
                    }
                }
            }
        }
    }

    /// A command that is there already.
    fn command(&mut self) -> Option<Input> {
        if self.memory.quitting || !self.memory.waiting.is_empty() {
            return None;
        }
        let order = self.memory.orders.try_recv().ok()?;
        self.order(order)
    }

    fn order(&mut self, order: Order) -> Option<Input> {
        Some(match order {
            Order::Do(command) => {
                self.memory.learn(&command);
                Input::Command(command)
            }
            Order::Go(route) => {
                self.memory.route = route;
                return None;
            }
            Order::Quit => {
                self.memory.quitting = true;
                Input::Quit
            }
        })
    }

    /// Does what the brain wants, except for what concerns the ledger and the app.
    pub(crate) fn want(&mut self, effect: Effect) {
        let answer = match effect {
            Effect::Send(element) => {
                self.line.send(element);
                None
            }
            Effect::Connect(_) if self.memory.quitting => Some(Input::ConnectFailed(Problem::ConnectionLost)),
            Effect::Connect(target) => {
                self.line = Line::Making(self.make(target));
                None
            }
            Effect::RestartStream => {
                self.line.restart(self.config.patience.header);
                None
            }
            Effect::Authenticated => {
                self.line.authenticated();
                None
            }
            Effect::Close => self.line.close(self.config.patience.goodbye),
            Effect::Abort => self.line.abort(),
            Effect::DeriveKey(request) => {
                self.derive(request);
                None
            }
            Effect::WakeAt(elapsed) => {
                self.wake = Some(elapsed);
                None
            }
            // Taken out before (see `apply`).
            Effect::Record(_) | Effect::Tell(_) => None,
        };
        self.inputs.extend(answer);
    }

    fn make(&self, target: Target) -> Making {
        let Config { dns, limits, patience, ref roots, .. } = *self.config;
        let (roots, tls, breaker) = (roots.clone(), Arc::clone(&self.tls), self.memory.breaker.clone());
        let route = self.memory.route.clone();
        Dial { roots, tls, dns, route, limits, patience, breaker }.connect(target).boxed_local()
    }

    /// Computes a key where nobody waits. Of several only the last is wanted, as its ticket says.
    fn derive(&mut self, request: DeriveKey) {
        let compute = move || (request.ticket, causerie_protocol::derive_key(&request));
        self.keys.spawn_blocking(compute);
    }
}

/// The time until `wake` in equal parts of at most [`LOOK`]: the clock that wakes us stands still while the machine sleeps.
fn next_look(now: Instant, wake: Instant) -> Instant {
    let left = wake.saturating_duration_since(now);
    let parts = left.as_millis().div_ceil(LOOK.as_millis()).max(1);
    match u32::try_from(parts) {
        Ok(1) => wake,
        Ok(parts) => now + left / parts,
        Err(_) => now + LOOK,
    }
}

/// The machine's clocks.
pub(crate) struct Clock {
    began: Instant,
    /// Wall time less the time since `began`, when it was last looked at.
    ahead: Option<Duration>,
    slept: Slept,
}

impl Clock {
    pub(crate) fn new(slept: Slept) -> Self {
        let mut clock = Self { began: Instant::now(), ahead: None, slept };
        clock.has_slept();
        clock
    }

    pub(crate) fn now(&self) -> Now {
        let wall = self.wall();
        let millis = i64::try_from(wall.as_millis()).unwrap_or(i64::MAX);
        Now { wall: Timestamp::from_millis(millis), elapsed: self.began.elapsed(), utc_offset: utc_offset() }
    }

    pub(crate) fn instant(&self, elapsed: Duration) -> Instant {
        self.began.checked_add(elapsed).unwrap_or_else(|| self.began + Duration::from_secs(365 * 24 * 3600))
    }

    /// Since 1970-01-01.
    fn wall(&self) -> Duration {
        since_epoch().saturating_add(self.slept.time())
    }

    /// Whether the machine slept (or its clock was set) since this was last asked.
    fn has_slept(&mut self) -> bool {
        let ahead = self.wall().saturating_sub(self.began.elapsed());
        let before = self.ahead.replace(ahead);
        before.is_some_and(|before| ahead.abs_diff(before) > SLEPT)
    }
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// How far local time is ahead of UTC now, in minutes.
fn utc_offset() -> i16 {
    let seconds = jiff::Zoned::now().offset().seconds();
    i16::try_from(seconds / 60).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_looked_for_every_few_seconds_and_no_more_often_than_needed() {
        let now = Instant::now();
        let looks = |seconds: u64| {
            let (mut at, mut looks) = (now, 0);
            let wake = now + Duration::from_secs(seconds);
            while at < wake {
                let next = next_look(at, wake);
                assert!(next > at && next - at <= LOOK);
                (at, looks) = (next, looks + 1);
            }
            looks
        };
        assert_eq!([1, 2, 3, 4, 6, 40, 300].map(looks), [1, 1, 1, 2, 2, 14, 100]);
        assert_eq!(next_look(now, now), now);
    }
}
