//! The app's hold on an actor.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use causerie_model::{AccountId, Command, Connection, Event, Password, Problem, Restored, Retry, Vault};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::actor::{self, Ending, Memory, Mind};
use crate::apply::is_passing;
use crate::connect::Patience;
use crate::events::{Events, Teller, queue};
use crate::guard::Limits;
use crate::ledger::Ledger;
use crate::proxy::Route;
use crate::resolve::Dns;
use crate::tls::Roots;
use crate::unkept;

/// Of an actor's thread. Elements are at most [`Limits::depth`] deep, which takes a small part of it in the debug build.
pub(crate) const STACK_BYTES: usize = 4 << 20;
/// Before an actor that failed starts again; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// An actor that ran for so long is no longer taken for one that fails again and again.
const STABLE: Duration = Duration::from_secs(60);

/// What an actor needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whose connection it is.
    pub account: AccountId,
    /// The password, if it is at hand. Another one can be given with [`Command::SetPassword`].
    pub password: Option<Password>,
    /// What seals the account's keys, if it is known. It can be given later with [`Command::OpenVault`].
    pub vault: Option<Vault>,
    /// Whom to trust.
    pub roots: Roots,
    /// Whom to ask for servers.
    pub dns: Dns,
    /// The way out. Another one can be given with [`Handle::set_route`].
    pub route: Route,
    /// What a server may send.
    pub limits: Limits,
    /// How long a server may take.
    pub patience: Patience,
    /// For how long the machine has slept, on top of what its clocks say. For tests: nothing else moves it.
    pub slept: Slept,
}

/// Time that is added to the wall's and not to the machine's own, as sleep adds it. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Slept(Arc<AtomicU64>);

impl Slept {
    /// The machine has slept for so much longer.
    pub fn add(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.0.fetch_add(millis, Ordering::Relaxed);
    }

    pub(crate) fn time(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

impl Config {
    /// As the product has it.
    #[must_use]
    pub fn new(account: AccountId, password: Option<Password>) -> Self {
        Self {
            account,
            password,
            vault: None,
            roots: Roots::default(),
            dns: Dns::default(),
            route: Route::default(),
            limits: Limits::PRODUCT,
            patience: Patience::PRODUCT,
            slept: Slept::default(),
        }
    }
}

/// Gives orders to an account's actor. When the last one is dropped, the actor says goodbye and ends.
#[derive(Clone, Debug)]
pub struct Handle {
    orders: mpsc::UnboundedSender<Order>,
    ended: watch::Receiver<()>,
}

/// What an actor is told.
#[derive(Debug)]
pub(crate) enum Order {
    Do(Command),
    /// The way out from the next connection on.
    Go(Route),
    Quit,
}

impl Handle {
    /// Asks for something. Never waits; what comes of it is told by events.
    pub fn send(&self, command: Command) {
        // An actor that has ended needs no orders.
        let _ = self.orders.send(Order::Do(command));
    }

    /// From the next connection on this is the way out. One that is there stays as it is.
    pub fn set_route(&self, route: Route) {
        let _ = self.orders.send(Order::Go(route));
    }

    /// Has the actor say goodbye to the server, keep what still comes, and end. The account stays as it is: an active one
    /// connects again at the next start.
    pub fn quit(&self) {
        let _ = self.orders.send(Order::Quit);
    }

    /// Waits until the actor has ended, which it does soon after [`Handle::quit`] whatever the server does.
    pub async fn ended(&self) {
        let mut ended = self.ended.clone();
        // Nothing is ever sent: the other end is dropped.
        while ended.changed().await.is_ok() {}
    }
}

/// Starts the actor of an account, on a thread of its own, offline until [`Command::Connect`].
///
/// # Errors
///
/// When the system gives no thread.
pub fn spawn<L: Ledger>(config: Config, ledger: L) -> io::Result<(Handle, Events)> {
    spawn_with(config, ledger, actor::brain)
}

/// The same with another mind.
pub(crate) fn spawn_with<L, M, A>(config: Config, ledger: L, awaken: A) -> io::Result<(Handle, Events)>
where
    L: Ledger,
    M: Mind,
    A: Fn(Restored, Option<Password>) -> Result<M, Problem> + Send + 'static,
{
    hush_the_wire();
    let (orders, received) = mpsc::unbounded_channel();
    let (alive, ended) = watch::channel(());
    let (teller, events) = queue();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(4).build()?;
    let thread = thread::Builder::new().name(format!("account {}", config.account)).stack_size(STACK_BYTES);
    thread.spawn(move || {
        let _alive = alive;
        let _span = tracing::info_span!("account", id = %config.account).entered();
        let memory =
            Memory::new(config.password.clone(), config.vault.clone(), config.route.clone(), received);
        supervise(&runtime, &config, &ledger, &teller, memory, awaken);
        // A key that is still being computed isn't waited for.
        runtime.shutdown_background();
    })?;
    Ok((Handle { orders, ended }, events))
}

/// Runs actors until one ends because it shall. A panic costs the connection and nothing more.
fn supervise<L: Ledger, M: Mind>(
    runtime: &tokio::runtime::Runtime,
    config: &Config,
    ledger: &L,
    teller: &Teller,
    mut memory: Memory,
    awaken: impl Fn(Restored, Option<Password>) -> Result<M, Problem>,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        let began = Instant::now();
        let last = memory.is_quitting().then_some(memory.waiting.len());
        let run = || runtime.block_on(actor::run(config, ledger, teller, &mut memory, &awaken));
        let problem = match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ending::Quit) => return,
            Ok(Ending::Failed(problem)) => problem,
            Err(_) => Problem::Internal,
        };
        tracing::error!(?problem, "the actor failed");
        teller.tell(Event::PresenceForgotten);
        if is_passing(&problem) {
            memory.is_failing = true;
            let storage = unkept::failing(problem.clone(), &[], &memory.waiting);
            teller.tell(Event::StorageChanged(storage));
        }
        // Orders that came before the one to quit are followed once more, as long as they become fewer.
        if memory.quitting || last.is_some_and(|before| memory.waiting.len() >= before) {
            teller.tell(Event::ConnectionChanged(Connection::Offline));
            return;
        }
        if began.elapsed() > STABLE {
            pause = FIRST_PAUSE;
        }
        let (shown, wait) = match problem.retry() {
            Retry::Automatic => (Connection::Waiting { problem, retry_in: pause }, Some(pause)),
            Retry::OnRequest => (Connection::Stopped(problem), None),
        };
        teller.tell(Event::ConnectionChanged(shown));
        runtime.block_on(memory.pause(wait));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// The XML stream writes everything that it sends and receives, passwords included, to the `log` crate at level TRACE (target
/// `tokio_xmpp::xmlstream::capture`). That level is closed for all of the process, whatever logger there is.
pub(crate) fn hush_the_wire() {
    if log::max_level() > log::LevelFilter::Debug {
        log::set_max_level(log::LevelFilter::Debug);
    }
}
