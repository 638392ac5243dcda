//! Whether a network wants somebody to sign in before it lets anything through, as in cafés, hotels and trains.
//!
//! What came of connecting anyway is looked at. What such networks do is to answer in place of everybody, with their own page: in plain
//! HTTP, with a certificate of their own, or by giving one near address for every name. Where only one name was looked up, is near, and
//! nobody is there, one more is looked up that says nothing of anybody ([`WITNESS`]). Nothing else is sent to find that out.

use std::net::IpAddr;

use causerie_model::{CertificateFault, Problem};

use crate::wire::Opening;

/// A name that everybody may ask for, that exists (RFC 2606 §3) and is near to nobody.
pub(crate) const WITNESS: &str = "example.com.";

/// What trying to connect has shown.
#[derive(Debug, Default)]
pub(crate) struct Traces {
    /// The names that were looked up, and what for.
    looked_up: Vec<(String, Vec<IpAddr>)>,
    /// A web server spoke where none is expected.
    is_web: bool,
    /// Somebody near answered under another name.
    is_stranger: bool,
}

impl Traces {
    /// A name was looked up.
    pub(crate) fn resolved(&mut self, host: &str, addresses: &[IpAddr]) {
        let is_name = host.parse::<IpAddr>().is_err();
        if is_name && !self.looked_up.iter().any(|(known, _)| known == host) {
            self.looked_up.push((host.to_owned(), addresses.to_vec()));
        }
    }

    /// A connection to an address came to nothing after it was there.
    pub(crate) fn failed(&mut self, problem: &Problem, opening: &Opening, from: Option<IpAddr>) {
        self.is_web |= opening.is_web();
        self.is_stranger |=
            *problem == Problem::Certificate(CertificateFault::WrongName) && from.is_some_and(is_near);
    }

    /// Whether it looks like it.
    pub(crate) fn tell(&self) -> bool {
        self.is_web || self.is_stranger || self.is_one_for_all()
    }

    /// Whether another name would tell, for a connection that came to nothing with that problem: the only one is near, and there is no server.
    pub(crate) fn wants_witness(&self, problem: &Problem) -> bool {
        let is_nobody = matches!(
            problem,
            Problem::ConnectionRefused | Problem::TimedOut | Problem::NoNetwork | Problem::ConnectionLost
        );
        let [(_, addresses)] = self.looked_up.as_slice() else { return false };
        is_nobody && !addresses.is_empty() && addresses.iter().all(|it| is_near(*it))
    }

    /// Whether several names are all one near address.
    fn is_one_for_all(&self) -> bool {
        let Some(((_, first), others)) = self.looked_up.split_first() else { return false };
        let is_same = |(_, addresses): &(String, Vec<IpAddr>)| addresses == first;
        !others.is_empty()
            && others.iter().all(is_same)
            && !first.is_empty()
            && first.iter().all(|it| is_near(*it))
    }
}

/// Whether an address is of a local network (RFC 1918, RFC 6598, RFC 4193) and not of this machine.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_private() || address.is_link_local() || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_of_its_own_from_nearby_is_a_sign_and_from_afar_an_alarm() {
        let wrong_name = Problem::Certificate(CertificateFault::WrongName);
        let unknown = Problem::Certificate(CertificateFault::UnknownIssuer);
        for (problem, from, told) in [
            (&wrong_name, "192.168.1.1", true),
            (&wrong_name, "100.64.0.1", true),
            (&wrong_name, "fd00::1", true),
            (&wrong_name, "203.0.113.9", false),
            (&wrong_name, "127.0.0.1", false),
            // Who runs a server at home may see this every day.
            (&unknown, "192.168.1.1", false),
            (&Problem::ConnectionLost, "192.168.1.1", false),
        ] {
            let mut traces = Traces::default();
            traces.failed(problem, &Opening::default(), Some(at(from)));
            assert_eq!(traces.tell(), told, "{problem:?} from {from}");
        }
    }

    #[test]
    fn one_near_name_with_nobody_there_wants_a_witness() {
        let unknown = Problem::Certificate(CertificateFault::UnknownIssuer);
        for (hosts, problem, wanted) in [
            (&["10.0.0.1"][..], &Problem::ConnectionRefused, true),
            (&["10.0.0.1"], &Problem::TimedOut, true),
            (&["10.0.0.1"], &unknown, false),
            (&["10.0.0.1"], &Problem::UnknownHost, false),
            (&["203.0.113.9"], &Problem::ConnectionRefused, false),
            (&["127.0.0.1"], &Problem::ConnectionRefused, false),
            (&["10.0.0.1", "10.0.0.1"], &Problem::ConnectionRefused, false),
            (&[], &Problem::NoNetwork, false),
        ] {
            let mut traces = Traces::default();
            for (n, address) in hosts.iter().enumerate() {
                traces.resolved(&format!("{n}.example"), &[at(address)]);
            }
            assert_eq!(traces.wants_witness(problem), wanted, "{hosts:?} {problem:?}");
        }
    }

    #[test]
    fn one_near_address_for_every_name_is_a_sign() {
        let traces = |hosts: &[(&str, &str)]| {
            let mut traces = Traces::default();
            hosts.iter().for_each(|(host, address)| traces.resolved(host, &[at(address)]));
            traces.tell()
        };
        assert!(traces(&[("a.example", "10.0.0.1"), ("b.example", "10.0.0.1")]));
        assert!(!traces(&[("a.example", "10.0.0.1"), ("a.example", "10.0.0.1")]), "one name");
        assert!(!traces(&[("a.example", "10.0.0.1"), ("b.example", "10.0.0.2")]));
        assert!(
            !traces(&[("a.example", "203.0.113.9"), ("b.example", "203.0.113.9")]),
            "one host, two names"
        );
        assert!(!traces(&[("10.0.0.1", "10.0.0.1"), ("b.example", "10.0.0.1")]), "no name");
        assert!(!traces(&[]));
    }
}
