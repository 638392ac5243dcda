//! Stream errors (RFC 6120 §4.9).

use causerie_model::Problem;
use minidom::Element;

use crate::ns;
use crate::stream_management::End;

/// Whether the stream was ready when something happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Negotiating,
    Online,
}

/// What a stream error means, if the element is one. Its text and the host it may name are nothing to act on.
pub(crate) fn problem_of(element: &Element, phase: Phase) -> Option<Problem> {
    if !element.is("error", ns::STREAM) {
        return None;
    }
    Some(match condition(element) {
        "conflict" => Problem::Conflict,
        "see-other-host" => Problem::Redirected,
        // Said before signing in it is about the password; later, the account has been closed or removed.
        "not-authorized" if phase == Phase::Negotiating => Problem::WrongPassword,
        "not-authorized" => Problem::AccountDisabled,
        "policy-violation" => Problem::PolicyViolation,
        "system-shutdown" => Problem::ServerShutdown,
        "resource-constraint" => Problem::ServerBusy,
        "host-unknown" | "host-gone" => Problem::NotServed,
        "connection-timeout" => Problem::TimedOut,
        // Faults of the server, or a wish to begin anew: nothing that a person could mend.
        "internal-server-error" | "remote-connection-failed" | "reset" | "undefined-condition" => {
            Problem::ConnectionLost
        }
        // All others say that the two ends do not understand each other.
        _ => Problem::Protocol,
    })
}

/// Whether a stream error may be about what we sent. That the server goes down, is busy, or has somebody else come in is not.
pub(crate) fn end_of(element: &Element) -> End {
    // About counting (XEP-0198 §4), and no stanza's fault.
    if element.children().any(|child| child.has_ns(ns::STREAM_MANAGEMENT)) {
        return End::Otherwise;
    }
    match condition(element) {
        "conflict"
        | "connection-timeout"
        | "host-gone"
        | "host-unknown"
        | "not-authorized"
        | "remote-connection-failed"
        | "reset"
        | "resource-constraint"
        | "see-other-host"
        | "system-shutdown" => End::Otherwise,
        _ => End::ByServer,
    }
}

fn condition(element: &Element) -> &str {
    let conditions = element.children().filter(|child| child.has_ns(ns::STREAM_ERROR));
    conditions.map(Element::name).find(|name| *name != "text").unwrap_or_default()
}
