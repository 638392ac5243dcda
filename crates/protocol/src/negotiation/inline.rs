//! What is asked for together with signing in (XEP-0388 1.0.4 §2.3, XEP-0386 1.0.0, XEP-0198 1.6.3 §6, XEP-0484 0.2.0): an address with
//! copies, acknowledgements and the wish to be spared what can wait, or the session of the connection before; and a token for the next
//! time. One answer tells what came of all of it.

use causerie_model::{BareJid, ClientState, FastMechanism, Jid, Problem};
use minidom::Element;

use super::Tools;
use crate::sasl::token;
use crate::xml::{self, Draft};
use crate::{Link, ns};

/// What a server calls us, beside what it makes up.
const TAG: &str = "Causerie";
/// More features than that are not looked at.
const MOST_FEATURES: usize = 64;

/// What a server can do together with signing in.
#[derive(Debug, Default)]
pub(super) struct Inline {
    resume: bool,
    bind: Option<Bind>,
    pub(super) fast: Vec<FastMechanism>,
}

/// What it can do together with giving us an address.
#[derive(Debug, Default)]
struct Bind {
    copies: bool,
    client_state: bool,
    manages: bool,
}

/// What was asked of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub(super) bind: bool,
    /// Copies (XEP-0280). With the address they begin, and no answer says so (XEP-0386 §4.2).
    pub(super) copies: bool,
    pub(super) resume: bool,
    /// It knows of client states; and what ours was said to be.
    pub(super) client_state: Option<ClientState>,
    /// For which mechanism a token that it gives is.
    fast: Option<FastMechanism>,
}

/// What it says.
#[derive(Debug)]
pub(super) struct Success<'a> {
    /// Who we are.
    pub(super) address: Jid,
    pub(super) resumed: Option<&'a Element>,
    /// The session of the connection before is gone.
    pub(super) failed: Option<&'a Element>,
    pub(super) bound: Option<&'a Element>,
}

impl Inline {
    /// Reads part by part.
    pub(super) fn read(features: &Element) -> Self {
        let list = features.get_child("authentication", ns::SASL2);
        let Some(inline) = list.and_then(|list| list.get_child("inline", ns::SASL2)) else {
            return Self::default();
        };
        Self {
            resume: inline.has_child("sm", ns::STREAM_MANAGEMENT),
            bind: inline.get_child("bind", ns::BIND2).map(Bind::read),
            fast: token::offered(inline),
        }
    }

    /// What is to be asked for, besides to be signed in.
    pub(super) fn ask(
        &self,
        link: &Link,
        opening: Draft,
        by_token: bool,
        tools: &mut Tools<'_>,
    ) -> (Element, Asked) {
        let Tools { credentials, management, client_state, rng, out, .. } = tools;
        let agent = credentials.user_agent(*rng, out).as_str();
        let agent = Draft::new("user-agent", ns::SASL2).attr("id", agent);
        let mut request = opening.child(agent.child(Draft::new("software", ns::SASL2).text("Causerie")));
        let mut asked = Asked { fast: credentials.token().map(|token| token.mechanism), ..Asked::default() };

        if by_token {
            request = request.child(Draft::new("fast", ns::FAST));
        }
        // A token of which a better one could be had is not the best any more.
        let best = token::strongest(&self.fast, link, credentials);
        if best > token::usable(&self.fast, link, credentials, tools.wall).map(|token| token.mechanism)
            && let Some(best) = best
        {
            asked.fast = Some(best);
            request = request.child(Draft::new("request-token", ns::FAST).attr("mechanism", best.name()));
        }
        let session = management.resume();
        // To bind would end a session that may be taken up once we are signed in.
        let may_bind = session.is_none() || self.resume;
        if let Some(session) = session.filter(|_| self.resume) {
            asked.resume = true;
            request = request.child(session);
        }
        if let Some(bind) = self.bind.as_ref().filter(|_| may_bind) {
            asked.bind = true;
            asked.copies = bind.copies;
            asked.client_state = bind.client_state.then_some(*client_state);
            request = request.child(bind.request(*client_state));
        }
        (request.into(), asked)
    }
}

impl Bind {
    fn read(bind: &Element) -> Self {
        let inline = bind.get_child("inline", ns::BIND2);
        let features = inline.into_iter().flat_map(|list| xml::children(list, "feature", ns::BIND2));
        let mut can = Self::default();
        for feature in features.take(MOST_FEATURES).filter_map(|feature| feature.attr("var")) {
            can.copies |= feature == ns::CARBONS;
            can.client_state |= feature == ns::CLIENT_STATE;
            can.manages |= feature == ns::STREAM_MANAGEMENT;
        }
        can
    }

    fn request(&self, client_state: ClientState) -> Draft {
        let mut bind = Draft::new("bind", ns::BIND2).child(Draft::new("tag", ns::BIND2).text(TAG));
        if self.copies {
            bind = bind.child(Draft::new("enable", ns::CARBONS));
        }
        if self.manages {
            bind = bind.child(Draft::new("enable", ns::STREAM_MANAGEMENT).attr("resume", "true"));
        }
        if self.client_state && client_state == ClientState::Inactive {
            bind = bind.child(Draft::new("inactive", ns::CLIENT_STATE));
        }
        bind
    }
}

impl<'a> Success<'a> {
    /// Reads it. A server that says that we are somebody else is not gone on with.
    pub(super) fn read(success: &'a Element, account: &BareJid) -> Result<Self, Problem> {
        let address = success.get_child("authorization-identifier", ns::SASL2).ok_or(Problem::Protocol)?;
        let address = Jid::new(address.text().trim()).map_err(|_| Problem::WrongAddress)?;
        if address.bare() != account {
            return Err(Problem::WrongAddress);
        }
        let of_session = |name| success.get_child(name, ns::STREAM_MANAGEMENT);
        Ok(Self {
            address,
            resumed: of_session("resumed"),
            failed: of_session("failed"),
            bound: success.get_child("bound", ns::BIND2),
        })
    }
}

impl Asked {
    /// Keeps the token that the server gives, if it gives one that was asked for or that takes the place of ours.
    pub(super) fn keep_token(&self, success: &Element, tools: &mut Tools<'_>) {
        let token = self.fast.and_then(|mechanism| token::given(success, mechanism));
        token.into_iter().for_each(|token| tools.credentials.keep_token(token));
    }
}
