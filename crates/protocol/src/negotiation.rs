//! From an encrypted stream to one that carries stanzas: features, SASL, features again, bind (RFC 6120 §4.3, §6, §7) or the session
//! of the connection before (XEP-0198 §5).
//!
//! A server's other features are not asked for: no compression (XEP-0138), no StartTLS within TLS.

mod bind;

use std::time::Duration;

use causerie_model::{BareJid, Jid, Problem};
use minidom::Element;
use rand::RngCore;

use crate::sasl::credentials::Credentials;
use crate::sasl::{Login, Progress, choice};
use crate::stream_management::StreamManagement;
use crate::{Effect, Effects, Link, SaltedPassword, ns, stanza};
pub(crate) use bind::letters;
use bind::{Binding, Bound};

/// How long the server may take for a step.
const STEP: Duration = Duration::from_secs(30);
/// How long a key may take.
const KEY: Duration = Duration::from_secs(120);
/// Elements that make no sense where they come are ignored, up to so many in a step.
const MOST_STRAYS: u32 = 32;

/// One negotiation.
pub(crate) struct Negotiation {
    link: Link,
    step: Step,
    deadline: Duration,
    strays: u32,
}

/// How far it came.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Not there yet.
    Going,
    /// Bound: stanzas can follow.
    Done {
        /// Our full address.
        bound: Jid,
        /// The features after signing in.
        features: Element,
    },
    /// The session of the connection before goes on: stanzas can follow.
    Resumed,
    /// It is over.
    Failed(Problem),
}

enum Step {
    /// The first features are awaited.
    Offer,
    /// SASL.
    SigningIn(Login),
    /// The features of the authenticated stream are awaited.
    Features,
    /// Whether the session of the connection before goes on is awaited.
    Resuming { features: Element },
    /// Our address is awaited.
    Binding { binding: Binding, features: Element },
}

/// What a negotiation works with, lent for each step.
pub(crate) struct Tools<'a> {
    pub(crate) credentials: &'a mut Credentials,
    /// The resource that was ours last time, if there was one: asking for it again makes the server drop what is left of that
    /// connection.
    pub(crate) resource: &'a mut Option<String>,
    pub(crate) management: &'a mut StreamManagement,
    /// [`crate::Now::elapsed`].
    pub(crate) now: Duration,
    pub(crate) rng: &'a mut dyn RngCore,
    pub(crate) out: &'a mut Effects,
}

impl Negotiation {
    /// Begins where the first features are awaited.
    pub(crate) fn new(link: Link, now: Duration) -> Self {
        Self { link, step: Step::Offer, deadline: now + STEP, strays: 0 }
    }

    /// When it has taken too long.
    pub(crate) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Whether it proves us with the password that is in use now, or will.
    pub(crate) fn is_current(&self, credentials: &Credentials) -> bool {
        match &self.step {
            Step::SigningIn(login) => login.is_current(credentials),
            Step::Offer | Step::Features | Step::Resuming { .. } | Step::Binding { .. } => true,
        }
    }

    /// Takes an element, stream errors excepted.
    pub(crate) fn element(&mut self, element: &Element, tools: &mut Tools<'_>) -> Outcome {
        if stanza::is_rejected(element) {
            return Outcome::Failed(Problem::OverLimits);
        }
        let result = match &mut self.step {
            Step::Offer if element.is("features", ns::STREAM) => self.offer(element, tools),
            Step::SigningIn(login) if element.has_ns(ns::SASL) => {
                let progress = login.element(element, tools.credentials, tools.out);
                self.signing_in(progress, tools)
            }
            Step::Features if element.is("features", ns::STREAM) => self.features(element, tools),
            Step::Resuming { .. } if element.has_ns(ns::STREAM_MANAGEMENT) => self.resuming(element, tools),
            Step::Binding { .. } if element.name() == "iq" => self.binding(element, tools),
            // Nobody has asked: a server that answers unasked hopes that we mistake it for an answer.
            Step::Offer | Step::Features | Step::Resuming { .. } | Step::Binding { .. }
                if element.has_ns(ns::SASL) =>
            {
                Err(Problem::Protocol)
            }
            _ => self.stray(),
        };
        result.unwrap_or_else(Outcome::Failed)
    }

    /// Takes a computed key.
    pub(crate) fn key(&mut self, ticket: u64, key: &SaltedPassword, tools: &mut Tools<'_>) -> Outcome {
        let Step::SigningIn(login) = &mut self.step else { return Outcome::Going };
        let Some(progress) = login.key(ticket, key, tools.credentials, tools.out) else {
            return Outcome::Going;
        };
        self.signing_in(progress, tools).unwrap_or_else(Outcome::Failed)
    }

    fn offer(&mut self, features: &Element, tools: &mut Tools<'_>) -> Result<Outcome, Problem> {
        let choice = choice::choose(features, &self.link, tools.credentials, tools.out)?;
        let login = Login::begin(choice, tools.credentials, tools.rng, tools.out)?;
        Ok(self.go(Step::SigningIn(login), STEP, tools))
    }

    fn signing_in(&mut self, progress: Progress, tools: &mut Tools<'_>) -> Result<Outcome, Problem> {
        match progress {
            Progress::Waiting => Ok(self.more_time(STEP, tools)),
            Progress::Computing => Ok(self.more_time(KEY, tools)),
            Progress::Failed(problem) => Err(problem),
            Progress::Done => {
                tools.out.want(Effect::Authenticated);
                tools.out.want(Effect::RestartStream);
                Ok(self.go(Step::Features, STEP, tools))
            }
        }
    }

    fn features(&mut self, features: &Element, tools: &mut Tools<'_>) -> Result<Outcome, Problem> {
        let Some(request) = tools.management.resume() else { return self.bind(features.clone(), tools) };
        if StreamManagement::is_offered(features) {
            tools.out.send(request);
            return Ok(self.go(Step::Resuming { features: features.clone() }, STEP, tools));
        }
        tools.management.lost(None);
        self.bind(features.clone(), tools)
    }

    fn bind(&mut self, features: Element, tools: &mut Tools<'_>) -> Result<Outcome, Problem> {
        let binding = Binding::begin(&features, tools.resource, tools.rng, tools.out)?;
        Ok(self.go(Step::Binding { binding, features }, STEP, tools))
    }

    fn resuming(&mut self, answer: &Element, tools: &mut Tools<'_>) -> Result<Outcome, Problem> {
        let Step::Resuming { features } = &self.step else { return Err(Problem::Internal) };
        match answer.name() {
            "resumed" => match tools.management.resumed(answer, tools.now, tools.out) {
                Ok(()) => Ok(Outcome::Resumed),
                Err(problem) => {
                    tools.management.lost(None);
                    Err(problem)
                }
            },
            "failed" => {
                tools.management.lost(Some(answer));
                self.bind(features.clone(), tools)
            }
            // That is no answer to what was asked: one of the two sides is mistaken about the session.
            "enabled" => {
                tools.management.lost(None);
                Err(Problem::Protocol)
            }
            _ => self.stray(),
        }
    }

    fn binding(&mut self, iq: &Element, tools: &mut Tools<'_>) -> Result<Outcome, Problem> {
        let Step::Binding { binding, features } = &mut self.step else { return Err(Problem::Internal) };
        let account: &BareJid = &tools.credentials.jid;
        match binding.answer(iq, account, tools.rng, tools.out)? {
            Bound::NotOurs => self.stray(),
            Bound::NotYet => Ok(self.more_time(STEP, tools)),
            Bound::As(bound) => {
                *tools.resource = bound.resource().map(str::to_owned);
                Ok(Outcome::Done { bound, features: features.clone() })
            }
        }
    }

    fn go(&mut self, step: Step, within: Duration, tools: &Tools<'_>) -> Outcome {
        self.step = step;
        self.strays = 0;
        self.more_time(within, tools)
    }

    fn more_time(&mut self, time: Duration, tools: &Tools<'_>) -> Outcome {
        self.deadline = tools.now + time;
        Outcome::Going
    }

    fn stray(&mut self) -> Result<Outcome, Problem> {
        self.strays += 1;
        match self.strays {
            0..=MOST_STRAYS => Ok(Outcome::Going),
            _ => Err(Problem::Protocol),
        }
    }
}
