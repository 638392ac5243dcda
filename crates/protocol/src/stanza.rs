//! Who sent a stanza, answers to requests, and stanza errors (RFC 6120 §8).

use causerie_model::{BareJid, Jid, Problem};
use minidom::Element;

use crate::xml::Draft;
use crate::{REJECTED_NS, ns};

/// Whom a stanza came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// Our own account: no `from`, or our bare address (RFC 6120 §8.1.2.1).
    Account,
    /// Anybody else, one of our own devices or the server included.
    Jid(Jid),
    /// A `from` that is no address.
    Unreadable,
}

impl Sender {
    /// Reads a stanza's `from`.
    pub(crate) fn of(stanza: &Element, own: &BareJid) -> Self {
        match stanza.attr("from").map(Jid::new) {
            None => Self::Account,
            Some(Ok(jid)) if jid.is_bare() && jid.bare() == own => Self::Account,
            Some(Ok(jid)) => Self::Jid(jid),
            Some(Err(_)) => Self::Unreadable,
        }
    }

    /// The bare address, if there is one.
    pub(crate) fn bare<'a>(&'a self, own: &'a BareJid) -> Option<&'a BareJid> {
        match self {
            Self::Account => Some(own),
            Self::Jid(jid) => Some(jid.bare()),
            Self::Unreadable => None,
        }
    }

    /// The resource, if there is one.
    pub(crate) fn resource(&self) -> Option<&str> {
        match self {
            Self::Jid(jid) => jid.resource(),
            _ => None,
        }
    }
}

/// Whether the guard put this element in the place of a stanza.
pub(crate) fn is_rejected(stanza: &Element) -> bool {
    stanza.has_child("rejected", REJECTED_NS)
}

/// A condition that we answer with (RFC 6120 §8.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// The request is not made as the protocol wants it.
    BadRequest,
    /// There is no such thing.
    ItemNotFound,
    /// It was over a limit.
    NotAcceptable,
    /// Not done here, or not for you.
    ServiceUnavailable,
}

impl Condition {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::BadRequest => ("modify", "bad-request"),
            Self::ItemNotFound => ("cancel", "item-not-found"),
            Self::NotAcceptable => ("modify", "not-acceptable"),
            Self::ServiceUnavailable => ("cancel", "service-unavailable"),
        }
    }
}

/// The answer to a request: a result, with or without a payload, or an error. `None` when it has no `id` to answer to.
pub(crate) fn answer(request: &Element, outcome: Result<Option<Element>, Condition>) -> Option<Element> {
    let reply = Draft::new("iq", ns::CLIENT)
        .attr("id", request.attr("id")?)
        .maybe_attr("to", request.attr("from"))
        .attr("type", if outcome.is_ok() { "result" } else { "error" });
    let reply = match outcome {
        Ok(payload) => reply.children(payload),
        Err(condition) => {
            let (kind, name) = condition.names();
            let error = Draft::new("error", ns::CLIENT).attr("type", kind);
            reply.child(error.child(Draft::new(name, ns::STANZA_ERROR)))
        }
    };
    Some(reply.into())
}

/// Whether what was asked for is not there: not that its address is wrong, or gone.
pub(crate) fn is_not_found(stanza: &Element) -> bool {
    condition(stanza) == "item-not-found"
}

/// The name of the condition in a stanza of type `error` (RFC 6120 §8.3.3).
pub(crate) fn condition(stanza: &Element) -> &str {
    let error = stanza.children().find(|child| child.name() == "error");
    let condition = error
        .into_iter()
        .flat_map(Element::children)
        .find(|child| child.has_ns(ns::STANZA_ERROR) && child.name() != "text");
    condition.map_or("", Element::name)
}

/// What a stanza of type `error` means to a person.
pub(crate) fn problem(stanza: &Element) -> Problem {
    if is_rejected(stanza) {
        return Problem::OverLimits;
    }
    match condition(stanza) {
        "item-not-found" | "gone" | "jid-malformed" => Problem::NoSuchAddress,
        "remote-server-not-found" | "remote-server-timeout" => Problem::RemoteUnreachable,
        "recipient-unavailable" | "service-unavailable" | "feature-not-implemented" => Problem::NotSupported,
        "resource-constraint" | "internal-server-error" => Problem::ServerBusy,
        "policy-violation" => Problem::PolicyViolation,
        "bad-request" | "unexpected-request" | "undefined-condition" | "redirect" | "" => Problem::Protocol,
        _ => Problem::Refused,
    }
}
