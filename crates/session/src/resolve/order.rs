//! What to try, in which order: the pure part of finding a server (RFC 2782, RFC 6120 section 3.2, XEP-0368 1.1).

use causerie_model::{Problem, ServerAddress};
use rand::{Rng, RngCore};

/// Endpoints tried in one attempt to connect. A domain with more has them shuffled by weight anyway.
pub const MOST_ENDPOINTS: usize = 8;
/// The port of RFC 6120 section 3.2.2, where there is no SRV record.
const CLIENT_PORT: u16 = 5222;
/// Ports where a server that was given by hand is expected to speak TLS from the first byte.
const DIRECT_TLS_PORTS: [u16; 2] = [5223, 443];

/// How TLS begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// With the first byte (XEP-0368).
    Direct,
    /// After `<starttls/>` (RFC 6120 section 5). Without it nothing else happens.
    StartTls,
}

/// Somewhere to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name in ASCII, without the last dot, or an IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How TLS begins there.
    pub security: Security,
}

/// An SRV record (RFC 2782).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Srv {
    /// The lowest is tried first.
    pub priority: u16,
    /// The share of those with the same priority.
    pub weight: u16,
    /// TCP port.
    pub port: u16,
    /// Host name in ASCII; `.` says that there is no such service.
    pub target: String,
}

/// What DNS says of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// These records, at least one.
    Records(Vec<Srv>),
    /// There are none.
    Nothing,
    /// DNS didn't answer, or with an error.
    Failed,
}

/// The endpoints of a domain, in the order to try them, from its `_xmpps-client` and `_xmpp-client` records.
///
/// Both are one list, as XEP-0368 wants. A service whose only target is `.` isn't offered; when `_xmpp-client` isn't and nothing
/// else is known, the domain has no XMPP ([`Problem::NoService`]). When it has no records, the domain itself is tried (RFC 6120
/// section 3.2.2). When it isn't known whether it has some, there is nothing to try ([`Problem::NoNetwork`]).
pub fn endpoints(
    domain: &str,
    direct: Answer,
    starttls: Answer,
    rng: &mut dyn RngCore,
) -> Result<Vec<Endpoint>, Problem> {
    let mut records = Vec::new();
    // RFC 2782: a single record with the root as its target.
    let otherwise = match &starttls {
        Answer::Records(found) if found.iter().all(|record| is_root(&record.target)) => {
            Err(Problem::NoService)
        }
        Answer::Failed => Err(Problem::NoNetwork),
        Answer::Records(_) | Answer::Nothing => {
            Ok(vec![Endpoint { host: domain.to_owned(), port: CLIENT_PORT, security: Security::StartTls }])
        }
    };
    for (answer, security) in [(direct, Security::Direct), (starttls, Security::StartTls)] {
        let Answer::Records(found) = answer else { continue };
        records
            .extend(found.into_iter().filter(|record| !is_root(&record.target)).map(|srv| (srv, security)));
    }
    if records.is_empty() { otherwise } else { Ok(sorted(records, rng)) }
}

/// The endpoints of a domain that is not looked up: itself, at the ports that servers have without being told of.
pub fn endpoints_by_name(domain: &str) -> Vec<Endpoint> {
    let endpoint = |port, security| Endpoint { host: domain.to_owned(), port, security };
    vec![endpoint(CLIENT_PORT, Security::StartTls), endpoint(DIRECT_TLS_PORTS[0], Security::Direct)]
}

/// The endpoints of a server that was given by hand: one host and port, first in the way that its port suggests.
pub fn endpoints_of(server: &ServerAddress, host: &str) -> Vec<Endpoint> {
    let securities = match DIRECT_TLS_PORTS.contains(&server.port) {
        true => [Security::Direct, Security::StartTls],
        false => [Security::StartTls, Security::Direct],
    };
    let endpoint = |security| Endpoint { host: host.to_owned(), port: server.port, security };
    securities.into_iter().map(endpoint).collect()
}

fn is_root(target: &str) -> bool {
    target.is_empty() || target == "."
}

/// By priority, and drawn by weight within one (RFC 2782, "Weight").
fn sorted(mut records: Vec<(Srv, Security)>, rng: &mut dyn RngCore) -> Vec<Endpoint> {
    // Records without weight stand first within their priority, so that they have a small chance.
    records.sort_by_key(|(srv, _)| (srv.priority, srv.weight != 0));
    let mut endpoints = Vec::new();
    while let Some((first, _)) = records.first() {
        let same = records.iter().take_while(|(srv, _)| srv.priority == first.priority);
        let weights: Vec<u32> = same.map(|(srv, _)| u32::from(srv.weight)).collect();
        let mut drawn = rng.random_range(0..=weights.iter().sum());
        let chosen = weights.iter().position(|weight| {
            let hit = drawn <= *weight;
            drawn = drawn.saturating_sub(*weight);
            hit
        });
        let (srv, security) = records.remove(chosen.unwrap_or_default());
        let host = srv.target.strip_suffix('.').unwrap_or(&srv.target).to_owned();
        let endpoint = Endpoint { host, port: srv.port, security };
        if srv.port != 0 && !endpoints.contains(&endpoint) {
            endpoints.push(endpoint);
        }
        if endpoints.len() == MOST_ENDPOINTS {
            break;
        }
    }
    endpoints
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    fn srv(priority: u16, weight: u16, target: &str) -> Srv {
        Srv { priority, weight, port: 5222, target: target.to_owned() }
    }

    fn hosts(direct: Answer, starttls: Answer, seed: u64) -> Result<Vec<String>, Problem> {
        let endpoints = endpoints("example.org", direct, starttls, &mut StdRng::seed_from_u64(seed))?;
        let text = |endpoint: Endpoint| match endpoint.security {
            Security::Direct => format!("tls:{}:{}", endpoint.host, endpoint.port),
            Security::StartTls => format!("{}:{}", endpoint.host, endpoint.port),
        };
        Ok(endpoints.into_iter().map(text).collect())
    }

    #[test]
    fn both_services_are_one_list_by_priority() {
        let direct = Answer::Records(vec![srv(20, 0, "b.example."), srv(5, 0, "d.example.")]);
        let starttls = Answer::Records(vec![srv(10, 0, "a.example."), srv(30, 0, "c.example.")]);
        let expected = ["tls:d.example:5222", "a.example:5222", "tls:b.example:5222", "c.example:5222"];
        assert_eq!(hosts(direct, starttls, 1).unwrap(), expected);
    }

    #[test]
    fn weights_are_shares() {
        let mut first_is_heavy = 0;
        let mut first_is_weightless = 0;
        for seed in 0..1000 {
            let records = vec![srv(1, 90, "heavy."), srv(1, 10, "light."), srv(1, 0, "none.")];
            let hosts = hosts(Answer::Nothing, Answer::Records(records), seed).unwrap();
            assert_eq!(hosts.len(), 3);
            first_is_heavy += i32::from(hosts[0] == "heavy:5222");
            first_is_weightless += i32::from(hosts[0] == "none:5222");
        }
        assert!((850..950).contains(&first_is_heavy), "{first_is_heavy}");
        assert!((1..40).contains(&first_is_weightless), "{first_is_weightless}");
    }

    #[test]
    fn a_dot_says_no() {
        let none = || Answer::Records(vec![srv(0, 0, ".")]);
        assert_eq!(hosts(none(), none(), 0), Err(Problem::NoService));
        assert_eq!(hosts(Answer::Nothing, none(), 0), Err(Problem::NoService));
        let itself = Ok(vec!["example.org:5222".to_owned()]);
        assert_eq!(hosts(none(), Answer::Nothing, 0), itself);
        let some = Answer::Records(vec![srv(0, 0, "a.")]);
        assert_eq!(hosts(none(), some, 0).unwrap(), ["a:5222"]);
    }

    #[test]
    fn without_records_it_is_the_domain_itself() {
        assert_eq!(hosts(Answer::Nothing, Answer::Nothing, 0).unwrap(), ["example.org:5222"]);
        assert_eq!(hosts(Answer::Failed, Answer::Nothing, 0).unwrap(), ["example.org:5222"]);
        let some = Answer::Records(vec![srv(0, 0, "a.")]);
        assert_eq!(hosts(Answer::Failed, some, 0).unwrap(), ["a:5222"]);
    }

    #[test]
    fn a_lost_answer_is_no_answer() {
        let none = Answer::Records(vec![srv(0, 0, ".")]);
        let some = Answer::Records(vec![srv(0, 0, "a.")]);
        assert_eq!(hosts(none, Answer::Failed, 0), Err(Problem::NoNetwork));
        assert_eq!(hosts(Answer::Nothing, Answer::Failed, 0), Err(Problem::NoNetwork));
        assert_eq!(hosts(Answer::Failed, Answer::Failed, 0), Err(Problem::NoNetwork));
        assert_eq!(hosts(some, Answer::Failed, 0).unwrap(), ["tls:a:5222"]);
    }

    #[test]
    fn a_hundred_targets_are_a_few() {
        let many = (0..100).map(|number| srv(number / 10, 7, &format!("h{number}."))).collect();
        assert_eq!(hosts(Answer::Nothing, Answer::Records(many), 3).unwrap().len(), MOST_ENDPOINTS);
        let same = vec![srv(1, 1, "a."); 50];
        assert_eq!(hosts(Answer::Nothing, Answer::Records(same), 3).unwrap(), ["a:5222"]);
    }

    #[test]
    fn a_server_given_by_hand() {
        let security = |port| endpoints_of(&ServerAddress { host: "h".to_owned(), port }, "h")[0].security;
        assert_eq!(security(5222), Security::StartTls);
        assert_eq!(security(15222), Security::StartTls);
        assert_eq!(security(5223), Security::Direct);
        assert_eq!(security(443), Security::Direct);
    }
}
