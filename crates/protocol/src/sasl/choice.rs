//! Which mechanism, if any, and in which of the two ways of SASL.

use causerie_model::{Change, Mechanism, Problem};
use minidom::Element;

use super::credentials::Credentials;
use super::scram::Binding;
use crate::{Effects, Link, ns, xml};

/// More names than that are not looked at.
const MOST_MECHANISMS: usize = 64;

/// What will be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) profile: Profile,
    pub(crate) mechanism: Mechanism,
    pub(crate) binding: Binding,
    /// What was on offer, as [`super::scram::Scram`] compares it.
    pub(crate) offered: String,
}

/// How SASL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// RFC 6120 §6.
    Sasl,
    /// XEP-0388 1.0.4: the stream goes on where it is, and more can be asked for at once.
    Sasl2,
}

impl Profile {
    /// Its namespace.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::Sasl => ns::SASL,
            Self::Sasl2 => ns::SASL2,
        }
    }
}

/// Takes the strongest that the server offers on this connection, unless it has offered something stronger before. What both ways of
/// SASL have is done in the newer one.
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
    let bindings = bindings(features);
    let lists_exporter = bindings.as_ref().is_some_and(|types| types.contains(&"tls-exporter"));
    let exporter = link.tls_exporter.filter(|_| lists_exporter);
    let [newer, older] = [Profile::Sasl2, Profile::Sasl].map(|profile| Offer::read(features, profile));
    let has_any_plus = newer.has_any_plus || older.has_any_plus;
    let strongest_of = |offer: &Offer| {
        let usable = |mechanism: &Mechanism| exporter.is_some() || !is_plus(*mechanism);
        Mechanism::STRONGEST_FIRST.into_iter().find(|it| offer.mechanisms.contains(it) && usable(it))
    };
    let offer = if strongest_of(&newer) >= strongest_of(&older) { newer } else { older };
    let strongest = strongest_of(&offer);
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
        _ if link.tls_exporter.is_some() && !has_any_plus => Binding::NotOffered,
        _ => Binding::Unable,
    };
    let offered = as_compared(offer.names, bindings);
    Ok(Choice { profile: offer.profile, mechanism, binding, offered })
}

/// What a server's features say of one way of SASL.
struct Offer {
    profile: Profile,
    mechanisms: Vec<Mechanism>,
    /// All names, known to us or not.
    names: Vec<String>,
    /// Whether any of them ends in -PLUS: the server can bind in some way.
    has_any_plus: bool,
}

impl Offer {
    /// Reads part by part: what is unknown is left out and costs nothing else.
    fn read(features: &Element, profile: Profile) -> Self {
        let list = match profile {
            Profile::Sasl => "mechanisms",
            Profile::Sasl2 => "authentication",
        };
        let namespace = profile.namespace();
        let lists = xml::children(features, list, namespace);
        let names = lists.flat_map(|list| xml::children(list, "mechanism", namespace));
        let names: Vec<String> = names.map(|name| name.text().trim().to_owned()).collect();
        let looked_at = || names.iter().take(MOST_MECHANISMS);
        Self {
            profile,
            mechanisms: looked_at().filter_map(|name| Mechanism::from_name(name)).collect(),
            has_any_plus: looked_at().any(|name| name.ends_with("-PLUS")),
            names,
        }
    }
}

/// The kinds of channel binding that XEP-0440 lists, where it is there.
fn bindings(features: &Element) -> Option<Vec<&str>> {
    let list = features.get_child("sasl-channel-binding", ns::SASL_BINDINGS)?;
    let types = xml::children(list, "channel-binding", ns::SASL_BINDINGS);
    Some(types.filter_map(|binding| binding.attr("type")).collect())
}

/// What was on offer as XEP-0474 0.5.0 §3 writes it: the names of mechanisms, and of bindings where there is a list of them, each
/// list in the order of its bytes.
fn as_compared(mut names: Vec<String>, bindings: Option<Vec<&str>>) -> String {
    names.sort_unstable();
    let mut text = names.join("\u{1e}");
    if let Some(mut bindings) = bindings {
        bindings.sort_unstable();
        text.push('\u{1f}');
        text.push_str(&bindings.join("\u{1e}"));
    }
    text
}

pub(crate) fn is_plus(mechanism: Mechanism) -> bool {
    matches!(mechanism, Mechanism::ScramSha1Plus | Mechanism::ScramSha256Plus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_offered_is_written_in_one_way() {
        let names = || vec!["SCRAM-SHA-1-PLUS".to_owned(), "SCRAM-SHA-1".to_owned()];
        let bindings = Some(vec!["tls-server-end-point", "tls-exporter"]);
        assert_eq!(
            as_compared(names(), bindings),
            "SCRAM-SHA-1\u{1e}SCRAM-SHA-1-PLUS\u{1f}tls-exporter\u{1e}tls-server-end-point"
        );
        assert_eq!(as_compared(names(), None), "SCRAM-SHA-1\u{1e}SCRAM-SHA-1-PLUS");
        assert_eq!(as_compared(names(), Some(Vec::new())), "SCRAM-SHA-1\u{1e}SCRAM-SHA-1-PLUS\u{1f}");
    }
}
