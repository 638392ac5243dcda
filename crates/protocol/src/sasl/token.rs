//! Tokens in place of the password (XEP-0484 0.2.0), shown as draft-schmaus-kitten-sasl-ht-09 has it: what is sent proves that we have
//! the token, and what is answered that the server has. Both hold for this TLS channel alone where they are bound to it.
//!
//! No `count` is sent (§6): it guards what TLS carries before its handshake is over (0-RTT), and nothing is sent so early here. A count
//! that a crash takes back would have the server refuse the token.
//!
//! Whoever signs out has the token forgotten here, and the server forgets it in its own time. To have it forget at once takes signing in
//! with it once more (`invalidate`), after the person has said goodbye, and does nothing where that finds no network.

use causerie_model::{FastMechanism, FastToken, Password, Problem, Timestamp};
use hmac::{Hmac, Mac};
use minidom::Element;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::choice::is_plus;
use super::credentials::Credentials;
use crate::{Link, datetime, ns, xml};

/// More names than that are not looked at.
const MOST_MECHANISMS: usize = 64;

/// One exchange, from the client's side.
pub(crate) struct HashedToken {
    user: String,
    initiator: Zeroizing<Vec<u8>>,
    responder: Zeroizing<Vec<u8>>,
}

impl HashedToken {
    /// `user` is the local part of our address. Nothing, where the channel lacks what the token is bound to.
    pub(crate) fn new(user: &str, token: &FastToken, link: &Link) -> Option<Self> {
        let binding = match token.mechanism {
            FastMechanism::HtSha256None => Vec::new(),
            FastMechanism::HtSha256Exporter => link.tls_exporter?.to_vec(),
        };
        let proof = |who: &[u8]| {
            // HMAC takes keys of any length.
            let mut mac = Hmac::<Sha256>::new_from_slice(token.reveal().as_bytes()).ok()?;
            mac.update(who);
            mac.update(&binding);
            Some(Zeroizing::new(mac.finalize().into_bytes().to_vec()))
        };
        Some(Self { user: user.to_owned(), initiator: proof(b"Initiator")?, responder: proof(b"Responder")? })
    }

    /// What the client says.
    pub(crate) fn message(&self) -> Zeroizing<Vec<u8>> {
        let parts = [self.user.as_bytes(), b"\0", &self.initiator];
        Zeroizing::new(parts.concat())
    }

    /// Takes what the server answers: whether it has the token as well.
    pub(crate) fn verify(&self, answer: &[u8]) -> Result<(), Problem> {
        match bool::from(self.responder.as_slice().ct_eq(answer)) {
            true => Ok(()),
            false => Err(Problem::ServerNotProved),
        }
    }
}

/// With which mechanisms the server takes tokens.
pub(crate) fn offered(inline: &Element) -> Vec<FastMechanism> {
    let lists = xml::children(inline, "fast", ns::FAST);
    let names = lists.flat_map(|fast| xml::children(fast, "mechanism", ns::FAST));
    names.take(MOST_MECHANISMS).filter_map(|name| FastMechanism::from_name(name.text().trim())).collect()
}

/// The token that the server gives, for that mechanism.
pub(crate) fn given(success: &Element, mechanism: FastMechanism) -> Option<FastToken> {
    let token = success.get_child("token", ns::FAST)?;
    let secret = Password::new(token.attr("token")?.to_owned());
    FastToken::new(mechanism, token.attr("expiry").and_then(datetime::parse), secret)
}

/// The strongest mechanism that is offered and good enough: who was protected by the channel before is so by a token as well.
pub(crate) fn strongest(
    offered: &[FastMechanism],
    link: &Link,
    credentials: &Credentials,
) -> Option<FastMechanism> {
    let good = |it: &FastMechanism| offered.contains(it) && is_good_enough(*it, link, credentials);
    FastMechanism::STRONGEST_FIRST.into_iter().find(good)
}

/// The token that we have, if it can be used now. Which of two passwords holds, a token does not tell. That it is too old our clock says,
/// which may be wrong: where there is nothing else, the server is asked.
pub(crate) fn usable<'a>(
    offered: &[FastMechanism],
    link: &Link,
    credentials: &'a Credentials,
    now: Timestamp,
) -> Option<&'a FastToken> {
    let token = credentials.token().filter(|_| !credentials.is_doubtful())?;
    let is_good = offered.contains(&token.mechanism)
        && is_good_enough(token.mechanism, link, credentials)
        && (credentials.password().is_none() || token.expires.is_none_or(|expires| expires > now));
    is_good.then_some(token)
}

fn is_good_enough(mechanism: FastMechanism, link: &Link, credentials: &Credentials) -> bool {
    match mechanism {
        FastMechanism::HtSha256Exporter => link.tls_exporter.is_some(),
        FastMechanism::HtSha256None => !credentials.strongest_seen.is_some_and(is_plus),
    }
}
