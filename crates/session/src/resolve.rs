//! Finds the servers of a domain, and the addresses of a server, in DNS.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use causerie_model::Problem;
use causerie_protocol::Target;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ProtocolConfig, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use rand::RngCore;
use tokio::net::lookup_host;

pub use order::{
    Answer, Endpoint, MOST_ENDPOINTS, Security, Srv, endpoints, endpoints_by_name, endpoints_of,
};

mod order;

/// How long one name server gets for one query, and how often it is asked.
const QUERY_TIME: Duration = Duration::from_secs(3);
const QUERIES: usize = 2;
/// Addresses of one host that are tried.
const MOST_ADDRESSES: usize = 8;

/// Whom to ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dns {
    /// As the system is configured.
    #[default]
    System,
    /// This name server alone, over UDP and TCP; the system's hosts file isn't read.
    Server(SocketAddr),
}

/// Asks DNS. Made anew for each attempt to connect, since the network may have changed.
#[derive(Debug)]
pub struct Resolver {
    /// None where the system's configuration can't be read: then only the system's own look-up is left.
    hickory: Option<TokioResolver>,
    dns: Dns,
}

impl Resolver {
    /// A resolver with an empty cache.
    #[must_use]
    pub fn new(dns: Dns) -> Self {
        let built = match dns {
            Dns::System => TokioResolver::builder_tokio(),
            Dns::Server(address) => {
                Ok(TokioResolver::builder_with_config(only(address), TokioRuntimeProvider::default()))
            }
        };
        let hickory = built.and_then(|mut builder| {
            limit(builder.options_mut(), dns);
            builder.build()
        });
        if let Err(error) = &hickory {
            tracing::warn!(%error, "the system's DNS configuration can't be read");
        }
        Self { hickory: hickory.ok(), dns }
    }

    /// Where to connect for this target, in the order to try.
    ///
    /// [`Problem::NoService`] where the domain says that it has none, [`Problem::NoNetwork`] where nobody answers.
    pub async fn endpoints(
        &self,
        target: &Target,
        rng: &mut (dyn RngCore + Send),
    ) -> Result<Vec<Endpoint>, Problem> {
        if let Some(server) = &target.server {
            let host = to_ascii(&server.host).ok_or(Problem::UnknownHost)?;
            return Ok(endpoints_of(server, &host));
        }
        let domain = to_ascii(&target.domain).ok_or(Problem::UnknownHost)?;
        let (direct, starttls) = match is_special(&domain) {
            true => (Answer::Nothing, Answer::Nothing),
            false => tokio::join!(self.srv("_xmpps-client", &domain), self.srv("_xmpp-client", &domain)),
        };
        endpoints(&domain, direct, starttls, rng)
    }

    /// The addresses of a host, at least one, IPv6 and IPv4 in turn (RFC 8305 section 4).
    ///
    /// [`Problem::UnknownHost`] where it has none, [`Problem::NoNetwork`] where nobody answers.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Problem> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let asked = match &self.hickory {
            Some(hickory) => match hickory.lookup_ip(host).await {
                Ok(found) => Ok(found.iter().collect()),
                Err(error) if error.is_no_records_found() => Err(Problem::UnknownHost),
                Err(error) => {
                    tracing::debug!(%error, "no answer from DNS");
                    Err(Problem::NoNetwork)
                }
            },
            None => Err(Problem::NoNetwork),
        };
        match asked {
            Ok(addresses) => Ok(interleaved(addresses)),
            // The system may know names that DNS doesn't: those of the local network, of a VPN.
            Err(problem) if self.dns == Dns::System => match lookup_host((host, 0)).await {
                Ok(found) => Some(interleaved(found.map(|address| address.ip()).collect())),
                Err(_) => None,
            }
            .filter(|addresses| !addresses.is_empty())
            .ok_or(problem),
            Err(problem) => Err(problem),
        }
    }

    async fn srv(&self, service: &str, domain: &str) -> Answer {
        // The system's own look-up may still find the domain itself.
        let Some(hickory) = &self.hickory else { return Answer::Nothing };
        let name = format!("{service}._tcp.{domain}.");
        match hickory.lookup(name, RecordType::SRV).await {
            Ok(lookup) => {
                let record = |data: &RData| match data {
                    RData::SRV(srv) => Some(Srv {
                        priority: srv.priority,
                        weight: srv.weight,
                        port: srv.port,
                        target: srv.target.to_ascii(),
                    }),
                    _ => None,
                };
                let records: Vec<_> =
                    lookup.answers().iter().filter_map(|answer| record(&answer.data)).collect();
                if records.is_empty() { Answer::Nothing } else { Answer::Records(records) }
            }
            Err(error) => answer_without_records(&error),
        }
    }
}

/// A host name in ASCII, without the last dot; an IP address as it is.
pub(crate) fn to_ascii(host: &str) -> Option<String> {
    if host.parse::<IpAddr>().is_ok() {
        return Some(host.to_owned());
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    idna::domain_to_ascii(host).ok().filter(|ascii| !ascii.is_empty() && ascii.len() <= 253)
}

fn answer_without_records(error: &NetError) -> Answer {
    if error.is_no_records_found() {
        return Answer::Nothing;
    }
    tracing::debug!(%error, "no answer from DNS");
    Answer::Failed
}

/// Names that aren't asked of DNS (RFC 6761 section 6.3), and addresses.
fn is_special(domain: &str) -> bool {
    domain == "localhost" || domain.ends_with(".localhost") || domain.parse::<IpAddr>().is_ok()
}

fn only(address: SocketAddr) -> ResolverConfig {
    let connection = |protocol| {
        let mut connection = ConnectionConfig::new(protocol);
        connection.port = address.port();
        connection
    };
    let connections = vec![connection(ProtocolConfig::Udp), connection(ProtocolConfig::Tcp)];
    ResolverConfig::from_name_servers(vec![NameServerConfig::new(address.ip(), true, connections)])
}

fn limit(options: &mut ResolverOpts, dns: Dns) {
    options.timeout = QUERY_TIME;
    options.attempts = QUERIES;
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    if let Dns::Server(_) = dns {
        options.use_hosts_file = hickory_resolver::config::ResolveHosts::Never;
    }
}

/// IPv6 and IPv4 in turn, as many as are tried.
fn interleaved(addresses: Vec<IpAddr>) -> Vec<IpAddr> {
    let (six, four): (Vec<_>, Vec<_>) = addresses.into_iter().partition(IpAddr::is_ipv6);
    let (mut six, mut four) = (six.into_iter(), four.into_iter());
    let mut mixed = Vec::new();
    loop {
        let pair = [six.next(), four.next()];
        if pair == [None, None] || mixed.len() >= MOST_ADDRESSES {
            break;
        }
        mixed.extend(pair.into_iter().flatten());
    }
    mixed.dedup();
    mixed.truncate(MOST_ADDRESSES);
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_take_turns() {
        let addresses = ["1.1.1.1", "::1", "1.1.1.2", "1.1.1.3", "::2"].map(|text| text.parse().unwrap());
        let mixed: Vec<_> = interleaved(addresses.to_vec()).iter().map(ToString::to_string).collect();
        assert_eq!(mixed, ["::1", "1.1.1.1", "::2", "1.1.1.2", "1.1.1.3"]);
        assert!(interleaved(Vec::new()).is_empty());
    }

    #[test]
    fn hosts_become_ascii() {
        assert_eq!(to_ascii("bücher.example.").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(to_ascii("::1").as_deref(), Some("::1"));
        assert_eq!(to_ascii(""), None);
        assert_eq!(to_ascii(&"a.".repeat(200)), None);
    }
}
