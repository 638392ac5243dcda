//! What a refusal means.

use causerie_model::Problem;
use minidom::Element;

use crate::ns;

/// The `<failure/>` of RFC 6120 §6.5. Its text is for logs of servers, and not ours to show.
pub(crate) fn of_element(failure: &Element) -> Problem {
    let conditions = failure.children().filter(|child| child.has_ns(ns::SASL));
    let condition = conditions.map(Element::name).find(|name| *name != "text").unwrap_or_default();
    match condition {
        "not-authorized" => Problem::WrongPassword,
        "account-disabled" | "credentials-expired" => Problem::AccountDisabled,
        "temporary-auth-failure" => Problem::AuthenticationUnavailable,
        // We took the strongest of what was offered.
        "mechanism-too-weak" => Problem::ServerTooWeak,
        // Among them `aborted`, `encryption-required` (it is encrypted), `incorrect-encoding`, `invalid-authzid` (we ask for none),
        // `invalid-mechanism` (it was offered) and `malformed-request`.
        _ => Problem::Protocol,
    }
}

/// The `e=` of RFC 5802 §7.
pub(crate) fn of_scram(error: &str) -> Problem {
    match error {
        "invalid-proof" | "unknown-user" => Problem::WrongPassword,
        // The two ends see another channel, or another list of mechanisms: somebody is in between.
        "channel-bindings-dont-match" | "server-does-support-channel-binding" => Problem::Downgrade,
        "no-resources" => Problem::AuthenticationUnavailable,
        _ => Problem::Protocol,
    }
}
