//! Which mechanism, if any.

use causerie_model::{Change, Mechanism, Problem};
use minidom::Element;

use super::credentials::Credentials;
use super::scram::Binding;
use crate::{Effects, Link, ns};

/// More names than that are not looked at.
const MOST_MECHANISMS: usize = 64;

/// What will be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) mechanism: Mechanism,
    pub(crate) binding: Binding,
}

/// Takes the strongest that the server offers on this connection, unless it has offered something stronger before.
///
/// A -PLUS name counts as offered when a binding can be made with it: XEP-0440 lists `tls-exporter`, and the channel has it. So
/// the account remembers what protected it, and not a name that never could: a server that lists -PLUS for bindings of old
/// TLS alone, and stops to when it learns TLS 1.3, is not taken for an attack. And nobody in between gets round the memory by
/// speaking an old TLS, where there is nothing to bind to: what protected the account before is then not on offer.
pub(crate) fn choose(
    features: &Element,
    link: &Link,
    credentials: &mut Credentials,
    out: &mut Effects,
) -> Result<Choice, Problem> {
    let offer = Offer::read(features);
    let exporter = link.tls_exporter.filter(|_| offer.lists_exporter);
    let strongest = Mechanism::STRONGEST_FIRST
        .into_iter()
        .find(|mechanism| offer.has(*mechanism) && (exporter.is_some() || !is_plus(*mechanism)));
    if credentials.strongest_seen.is_some() && strongest < credentials.strongest_seen {
        return Err(Problem::Downgrade);
    }
    let mechanism = strongest.ok_or(Problem::ServerTooWeak)?;
    if Some(mechanism) > credentials.strongest_seen {
        credentials.strongest_seen = Some(mechanism);
        out.record(Change::MechanismSeen(mechanism));
    }
    if mechanism == Mechanism::Plain && !credentials.plain_allowed {
        return Err(Problem::PlainOnly);
    }
    let binding = match exporter {
        Some(exporter) if is_plus(mechanism) => Binding::Exporter(exporter),
        _ if link.tls_exporter.is_some() && !offer.has_any_plus => Binding::NotOffered,
        _ => Binding::Unable,
    };
    Ok(Choice { mechanism, binding })
}

/// What a server's features say of SASL.
#[derive(Default)]
struct Offer {
    mechanisms: Vec<Mechanism>,
    /// Whether any name ends in -PLUS, known to us or not: the server can bind in some way.
    has_any_plus: bool,
    /// XEP-0440 names `tls-exporter`.
    lists_exporter: bool,
}

impl Offer {
    /// Reads part by part: what is unknown is left out and costs nothing else.
    fn read(features: &Element) -> Self {
        let mut offer = Self::default();
        let lists = features.children().filter(|child| child.is("mechanisms", ns::SASL));
        let names = lists.flat_map(Element::children).filter(|child| child.is("mechanism", ns::SASL));
        for name in names.take(MOST_MECHANISMS).map(Element::text) {
            let name = name.trim();
            offer.has_any_plus |= name.ends_with("-PLUS");
            offer.mechanisms.extend(Mechanism::from_name(name));
        }
        let lists = features.children().filter(|child| child.is("sasl-channel-binding", ns::SASL_BINDINGS));
        offer.lists_exporter = lists.flat_map(Element::children).any(|child| {
            child.is("channel-binding", ns::SASL_BINDINGS) && child.attr("type") == Some("tls-exporter")
        });
        offer
    }

    fn has(&self, mechanism: Mechanism) -> bool {
        self.mechanisms.contains(&mechanism)
    }
}

fn is_plus(mechanism: Mechanism) -> bool {
    matches!(mechanism, Mechanism::ScramSha1Plus | Mechanism::ScramSha256Plus)
}
