//! Creating an account: an actor of its own, for before there is one.
//!
//! It has no ledger and keeps nothing. What a person has typed is in the app's hands; here it lives as long as it is being sent, and is
//! never logged.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use causerie_model::registration::{Refusal, RefusalReason, Stage};
use causerie_model::{BareJid, InviteToken, Problem, RegistrationCommand, RegistrationEvent, ServerAddress};
use causerie_protocol::registration::{Effect, Registrar};
use causerie_protocol::{Input, Target};
use futures::FutureExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep_until;

use crate::actor::Clock;
use crate::breaker::Breaker;
use crate::connect::{Dial, Patience};
use crate::guard::Limits;
use crate::handle::{STACK_BYTES, Slept, hush_the_wire};
use crate::line::{Line, Making};
use crate::proxy::Route;
use crate::resolve::Dns;
use crate::tls::{Roots, Tls};

/// The most events that are handed over at once.
const MOST_TOGETHER: usize = 64;

/// With whom an account is to be made.
#[derive(Clone, Debug)]
pub struct Config {
    /// The provider's domain.
    pub domain: BareJid,
    /// Where to connect in place of what DNS says.
    pub server: Option<ServerAddress>,
    /// By which invitation.
    pub invitation: Option<InviteToken>,
    /// In which language the provider should speak, if it can: a tag of RFC 5646, as `fr`.
    pub language: Option<String>,
    /// Whom to trust.
    pub roots: Roots,
    /// Whom to ask for servers.
    pub dns: Dns,
    /// The way out.
    pub route: Route,
    /// What a server may send.
    pub limits: Limits,
    /// How long a server may take.
    pub patience: Patience,
}

impl Config {
    /// As the product has it.
    #[must_use]
    pub fn new(domain: BareJid) -> Self {
        Self {
            domain,
            server: None,
            invitation: None,
            language: None,
            roots: Roots::default(),
            dns: Dns::default(),
            route: Route::default(),
            limits: Limits::REGISTRATION,
            patience: Patience::PRODUCT,
        }
    }
}

/// Gives orders to a registration. When the last one is dropped, it says goodbye and ends.
#[derive(Clone, Debug)]
pub struct Handle {
    orders: mpsc::UnboundedSender<RegistrationCommand>,
    ended: watch::Receiver<()>,
}

impl Handle {
    /// Asks for something. Never waits; what comes of it is told by events.
    pub fn send(&self, command: RegistrationCommand) {
        // A registration that has ended needs no orders.
        let _ = self.orders.send(command);
    }

    /// Drops this hold, and waits until the registration has ended, if it was the last one: soon, whatever the server does.
    pub async fn ended(self) {
        let Self { orders, mut ended } = self;
        drop(orders);
        // Nothing is ever sent: the other end is dropped.
        while ended.changed().await.is_ok() {}
    }
}

/// What has happened, on its way to the app. There is no more of it than the app has asked for.
#[derive(Debug)]
pub struct Events(mpsc::UnboundedReceiver<RegistrationEvent>);

impl Events {
    /// Everything that has happened since the last call, at least one event; `None` after the last one of a registration that has
    /// ended.
    pub async fn recv_batch(&mut self) -> Option<Vec<RegistrationEvent>> {
        let mut batch = Vec::new();
        let count = self.0.recv_many(&mut batch, MOST_TOGETHER).await;
        (count > 0).then_some(batch)
    }
}

/// Starts a registration on a thread of its own. It does nothing until it is asked.
///
/// # Errors
///
/// When the system gives no thread.
pub fn spawn(config: Config) -> io::Result<(Handle, Events)> {
    hush_the_wire();
    let (orders, received) = mpsc::unbounded_channel();
    let (tell, events) = mpsc::unbounded_channel();
    let (alive, ended) = watch::channel(());
    let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(2).build()?;
    let thread = thread::Builder::new().name("registration".to_owned()).stack_size(STACK_BYTES);
    thread.spawn(move || {
        let _alive = alive;
        let _span = tracing::info_span!("registration", domain = %config.domain).entered();
        supervise(&runtime, &config, received, &tell);
        runtime.shutdown_background();
    })?;
    Ok((Handle { orders, ended }, Events(events)))
}

/// Runs registrars until one ends because it shall. A panic costs what was being done and nothing more.
fn supervise(
    runtime: &Runtime,
    config: &Config,
    mut orders: Orders,
    tell: &mpsc::UnboundedSender<RegistrationEvent>,
) {
    let mut stage = Stage::Idle;
    let mut first = None;
    loop {
        let run = AssertUnwindSafe(|| {
            let actor = Actor::new(config, &mut orders, tell, &mut stage)?;
            runtime.block_on(actor.work(first.take()));
            Ok::<(), Problem>(())
        });
        if let Ok(Ok(())) = catch_unwind(run) {
            return;
        }
        tracing::error!("the registration failed");
        let reason = match std::mem::replace(&mut stage, Stage::Idle) {
            Stage::Submitting => RefusalReason::OutcomeUnknown,
            Stage::Idle | Stage::Connecting | Stage::Asking => RefusalReason::Problem(Problem::Internal),
        };
        let _ = tell.send(RegistrationEvent::Refused(Refusal { reason, words: None }));
        let _ = tell.send(RegistrationEvent::StageChanged(Stage::Idle));
        // What has failed is not tried again by itself: the next one begins when it is asked for something.
        first = runtime.block_on(orders.recv());
        if first.is_none() {
            return;
        }
    }
}

type Orders = mpsc::UnboundedReceiver<RegistrationCommand>;

/// A registration at work.
struct Actor<'a> {
    config: &'a Config,
    orders: &'a mut Orders,
    tell: &'a mpsc::UnboundedSender<RegistrationEvent>,
    /// The last one that was told.
    stage: &'a mut Stage,
    registrar: Registrar,
    line: Line,
    /// What the registrar must be given before anything else.
    inputs: VecDeque<Input>,
    clock: Clock,
    wake: Option<Duration>,
    /// Made with the first connection, and anew after a certificate was refused: the system may trust others by then.
    tls: Arc<OnceLock<Tls>>,
    /// What has ended streams of this registration before.
    breaker: Breaker,
}

/// What comes to an actor.
enum Coming {
    Order(RegistrationCommand),
    Input(Input),
    /// Nobody has a hold on it any more.
    End,
}

impl<'a> Actor<'a> {
    fn new(
        config: &'a Config,
        orders: &'a mut Orders,
        tell: &'a mpsc::UnboundedSender<RegistrationEvent>,
        stage: &'a mut Stage,
    ) -> Result<Self, Problem> {
        let rng = StdRng::try_from_os_rng().map_err(|_| Problem::Internal)?;
        let Config { domain, server, invitation, language, .. } = config.clone();
        let registrar = Registrar::new(&domain, server, invitation, language, Box::new(rng));
        Ok(Self {
            config,
            orders,
            tell,
            stage,
            registrar,
            line: Line::Down,
            inputs: VecDeque::new(),
            clock: Clock::new(Slept::default()),
            wake: None,
            tls: Arc::default(),
            breaker: Breaker::default(),
        })
    }

    async fn work(mut self, first: Option<RegistrationCommand>) {
        if let Some(command) = first {
            let effects = self.registrar.command(command, self.clock.now());
            self.apply(effects);
        }
        loop {
            let coming = match self.inputs.pop_front() {
                Some(input) => Coming::Input(input),
                None => self.next().await,
            };
            let now = self.clock.now();
            let effects = match coming {
                Coming::Order(command) => self.registrar.command(command, now),
                Coming::Input(input) => {
                    if let Input::ConnectFailed(Problem::Certificate(_)) = input {
                        self.tls = Arc::default();
                    }
                    self.registrar.handle(input, now)
                }
                Coming::End => return self.end().await,
            };
            self.apply(effects);
        }
    }

    async fn next(&mut self) -> Coming {
        let wake = self.wake.map(|elapsed| self.clock.instant(elapsed));
        tokio::select! {
            order = self.orders.recv() => order.map_or(Coming::End, Coming::Order),
            input = self.line.next() => Coming::Input(input),
            () = async { if let Some(wake) = wake { sleep_until(wake).await } }, if wake.is_some() => {
                self.wake = None;
                Coming::Input(Input::Woke)
            }
        }
    }

    /// Says goodbye, and waits for the end of the stream for as long as that may take.
    async fn end(mut self) {
        let effects = self.registrar.handle(Input::Quit, self.clock.now());
        self.apply(effects);
        let _ = self.line.close(self.config.patience.goodbye);
        while !self.line.is_down() {
            let _ = self.line.next().await;
        }
    }

    fn apply(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let answer = match effect {
                Effect::Send(element) => {
                    self.line.send(element);
                    None
                }
                Effect::Connect(target) => {
                    self.line = Line::Making(self.make(target));
                    None
                }
                Effect::Close => self.line.close(self.config.patience.goodbye),
                Effect::Abort => self.line.abort(),
                Effect::WakeAt(elapsed) => {
                    self.wake = Some(elapsed);
                    None
                }
                Effect::Tell(event) => {
                    if let RegistrationEvent::StageChanged(stage) = &event {
                        *self.stage = *stage;
                    }
                    // Who has gone does not listen.
                    let _ = self.tell.send(event);
                    None
                }
            };
            self.inputs.extend(answer);
        }
    }

    fn make(&self, target: Target) -> Making {
        let Config { dns, limits, patience, ref roots, ref route, .. } = *self.config;
        let (roots, tls, breaker) = (roots.clone(), Arc::clone(&self.tls), self.breaker.clone());
        let route = route.clone();
        Dial { roots, tls, dns, route, limits, patience, breaker }.connect(target).boxed_local()
    }
}
