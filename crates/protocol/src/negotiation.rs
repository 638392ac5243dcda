//! From an encrypted stream to one that carries stanzas: features, SASL, features again, bind (RFC 6120 §4.3, §6, §7) or the session
//! of the connection before (XEP-0198 §5). With XEP-0388 all of that is one question and its answer (`inline`).
//!
//! A server's other features are not asked for: no compression (XEP-0138), no StartTLS within TLS.

mod bind;
mod inline;

use std::time::Duration;

use causerie_model::{BareJid, ClientState, Jid, Problem, Timestamp};
use minidom::Element;
use rand::RngCore;

use crate::sasl::choice::Profile;
use crate::sasl::credentials::Credentials;
use crate::sasl::{Login, Progress, choice, token};
use crate::stream_management::StreamManagement;
use crate::{Effect, Effects, Link, SaltedPassword, ns, stanza};
pub(crate) use bind::letters;
use bind::{Binding, Bound};
use inline::{Asked, Inline, Success};

/// How long the server may take for a step.
const STEP: Duration = Duration::from_secs(30);
/// The same, where we could do without.
const SOON: Duration = Duration::from_secs(5);
/// How long a key may take.
const KEY: Duration = Duration::from_secs(120);
/// Elements that make no sense where they come are ignored, up to so many in a step.
const MOST_STRAYS: u32 = 32;

/// One negotiation.
pub(crate) struct Negotiation {
    link: Link,
    /// The first features.
    offer: Element,
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
    Done(Box<Done>),
    /// The session of the connection before goes on: stanzas can follow.
    Resumed,
    /// It is over.
    Failed(Problem),
}

/// What is there at the end.
#[derive(Debug)]
pub(crate) struct Done {
    /// Our full address.
    pub(crate) bound: Jid,
    /// The features after signing in; none when the server did not send them in time.
    pub(crate) features: Element,
    /// The answer to the wish that the stream be managed, if it was asked for already.
    pub(crate) managed: Option<Element>,
    /// Copies come already (XEP-0280).
    pub(crate) copying: bool,
    /// The server knows of client states (XEP-0352), and what it was told.
    pub(crate) client_state: Option<ClientState>,
    /// What came last was a stanza, and is for others.
    pub(crate) is_early: bool,
}

enum Step {
    /// The first features are awaited.
    Offer,
    /// SASL; with XEP-0388 also what else was asked for.
    SigningIn(Login, Option<Asked>),
    /// We have an address. The features of the authenticated stream are awaited.
    Bound(Box<Done>),
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
    pub(crate) client_state: ClientState,
    /// [`crate::Now::elapsed`].
    pub(crate) now: Duration,
    /// [`crate::Now::wall`].
    pub(crate) wall: Timestamp,
    pub(crate) rng: &'a mut dyn RngCore,
    pub(crate) out: &'a mut Effects,
}

impl Negotiation {
    /// Begins where the first features are awaited.
    pub(crate) fn new(link: Link, now: Duration) -> Self {
        let offer = Element::bare("features", ns::STREAM);
        Self { link, offer, step: Step::Offer, deadline: now + STEP, strays: 0 }
    }

    /// When it has taken too long.
    pub(crate) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Whether it proves us with the password that is in use now, or will.
    pub(crate) fn is_current(&self, credentials: &Credentials) -> bool {
        match &self.step {
            Step::SigningIn(login, _) => login.is_current(credentials),
            Step::Offer | Step::Features | Step::Resuming { .. } | Step::Binding { .. } | Step::Bound(_) => {
                true
            }
        }
    }

    /// It has taken too long. What was awaited may be something that we can do without.
    pub(crate) fn overdue(&mut self) -> Outcome {
        match std::mem::replace(&mut self.step, Step::Offer) {
            Step::Bound(done) => Outcome::Done(done),
            _ => Outcome::Failed(Problem::TimedOut),
        }
    }

    /// Takes an element, stream errors excepted.
    pub(crate) fn element(&mut self, element: &Element, tools: &mut Tools<'_>) -> Outcome {
        if stanza::is_rejected(element) {
            return Outcome::Failed(Problem::OverLimits);
        }
        let result = match &mut self.step {
            Step::Offer if element.is("features", ns::STREAM) => self.offer(element, tools),
            Step::SigningIn(login, _) if element.has_ns(login.namespace()) => {
                let progress = login.element(element, tools.credentials, tools.out);
                self.signing_in(progress, Some(element), tools)
            }
            Step::Features if element.is("features", ns::STREAM) => self.features(element, tools),
            Step::Resuming { .. } if element.has_ns(ns::STREAM_MANAGEMENT) => self.resuming(element, tools),
            Step::Binding { .. } if element.name() == "iq" => self.binding(element, tools),
            // Nobody has asked: a server that answers unasked hopes that we mistake it for an answer.
            _ if element.has_ns(ns::SASL) || element.has_ns(ns::SASL2) => Err(Problem::Protocol),
            Step::Bound(_) => return self.bound(element),
            _ => self.stray(),
        };
        result.unwrap_or_else(Outcome::Failed)
    }

    /// Takes a computed key.
    pub(crate) fn key(&mut self, ticket: u64, key: &SaltedPassword, tools: &mut Tools<'_>) -> Outcome {
        let Step::SigningIn(login, _) = &mut self.step else { return Outcome::Going };
        let Some(progress) = login.key(ticket, key, tools.credentials, tools.out) else {
            return Outcome::Going;
        };
        self.signing_in(progress, None, tools).unwrap_or_else(Outcome::Failed)
    }

    fn offer(&mut self, features: &Element, tools: &mut Tools<'_>) -> Result<Outcome, Problem> {
        self.offer.clone_from(features);
        self.sign_in(tools)
    }

    /// Begins with the token where there is one that is good, else with the password.
    fn sign_in(&mut self, tools: &mut Tools<'_>) -> Result<Outcome, Problem> {
        let choice = choice::choose(&self.offer, &self.link, tools.credentials, tools.out)?;
        if choice.profile == Profile::Sasl {
            let (login, opening) = Login::begin(choice, tools.credentials, tools.rng)?;
            tools.out.send(opening.into());
            return Ok(self.go(Step::SigningIn(login, None), STEP, tools));
        }
        let inline = Inline::read(&self.offer);
        let token = token::usable(&inline.fast, &self.link, tools.credentials, tools.wall);
        let with_token = token.and_then(|token| Login::with_token(token, &self.link, tools.credentials));
        let by_token = with_token.is_some();
        let (login, opening) = match with_token {
            Some(begun) => begun,
            None => Login::begin(choice, tools.credentials, tools.rng)?,
        };
        let (request, asked) = inline.ask(&self.link, opening, by_token, tools);
        tools.out.send(request);
        Ok(self.go(Step::SigningIn(login, Some(asked)), STEP, tools))
    }

    fn signing_in(
        &mut self,
        progress: Progress,
        answer: Option<&Element>,
        tools: &mut Tools<'_>,
    ) -> Result<Outcome, Problem> {
        match progress {
            Progress::Waiting => Ok(self.more_time(STEP, tools)),
            Progress::Computing => Ok(self.more_time(KEY, tools)),
            Progress::Failed(problem) => Err(problem),
            // XEP-0388 §2.6: the stream is still good for another try. It is with the password, as there is no token any more.
            Progress::TokenRefused => {
                tools.credentials.forget_token();
                self.sign_in(tools)
            }
            Progress::Done => match (&self.step, answer) {
                (Step::SigningIn(_, Some(asked)), Some(success)) => {
                    let asked = *asked;
                    self.signed_in(success, asked, tools)
                }
                _ => {
                    tools.out.want(Effect::Authenticated);
                    tools.out.want(Effect::RestartStream);
                    Ok(self.go(Step::Features, STEP, tools))
                }
            },
        }
    }

    /// Both sides are proved, and the stream goes on.
    fn signed_in(
        &mut self,
        success: &Element,
        asked: Asked,
        tools: &mut Tools<'_>,
    ) -> Result<Outcome, Problem> {
        let said = Success::read(success, &tools.credentials.jid)?;
        tools.out.want(Effect::Authenticated);
        asked.keep_token(success, tools);
        let is_odd = said.resumed.is_some() && (said.bound.is_some() || !asked.resume)
            || said.bound.is_some() && !asked.bind;
        if is_odd {
            tools.management.lost(None);
            return Err(Problem::Protocol);
        }
        if let Some(resumed) = said.resumed {
            return self.resumed(resumed, tools);
        }
        if asked.resume {
            tools.management.lost(said.failed);
        }
        let Some(bound) = said.bound else { return Ok(self.go(Step::Features, STEP, tools)) };
        let Some(resource) = said.address.resource() else { return Err(Problem::BindFailed) };
        *tools.resource = Some(resource.to_owned());
        let done = Done {
            managed: bound.get_child("enabled", ns::STREAM_MANAGEMENT).cloned(),
            copying: asked.copies,
            client_state: asked.client_state,
            bound: said.address,
            features: Element::bare("features", ns::STREAM),
            is_early: false,
        };
        Ok(self.go(Step::Bound(Box::new(done)), SOON, tools))
    }

    /// The features have come, or something that could only come after them.
    fn bound(&mut self, element: &Element) -> Outcome {
        let is_features = element.is("features", ns::STREAM);
        if !is_features && !element.has_ns(ns::CLIENT) {
            return self.stray().unwrap_or_else(Outcome::Failed);
        }
        match std::mem::replace(&mut self.step, Step::Offer) {
            Step::Bound(mut done) => {
                match is_features {
                    true => done.features.clone_from(element),
                    false => done.is_early = true,
                }
                Outcome::Done(done)
            }
            _ => Outcome::Failed(Problem::Internal),
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
            "resumed" => self.resumed(answer, tools),
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

    fn resumed(&mut self, resumed: &Element, tools: &mut Tools<'_>) -> Result<Outcome, Problem> {
        match tools.management.resumed(resumed, tools.now, tools.out) {
            Ok(()) => Ok(Outcome::Resumed),
            Err(problem) => {
                tools.management.lost(None);
                Err(problem)
            }
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
                Ok(Outcome::Done(Box::new(Done {
                    bound,
                    features: features.clone(),
                    managed: None,
                    copying: false,
                    client_state: None,
                    is_early: false,
                })))
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
