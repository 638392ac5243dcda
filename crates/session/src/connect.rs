//! From a domain to an encrypted, verified stream.
//!
//! Before TLS nothing is said but the stream header and `<starttls/>`, and nothing that was read is kept afterwards. Each step
//! has a time of its own, and all of them together one more.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use causerie_model::{Problem, ProxyFault};
use causerie_protocol::{Link, Target};
use futures::{SinkExt, StreamExt};
use minidom::Element;
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use tokio::io::BufReader;
use tokio::time::timeout;

use crate::breaker::Breaker;
use crate::frame::Frame;
use crate::guard::{Guard, Limits};
use crate::portal::{Traces, WITNESS};
use crate::proxy::{Proxy, Purpose, Route};
use crate::resolve::{Dns, Endpoint, Resolver, Security, endpoints_by_name, endpoints_of, to_ascii};
use crate::tls::{Roots, Tls, exporter};
use crate::transport::{self, Stream, Transport};
use crate::wire::Wire;

pub(crate) mod race;

const TLS_NS: &str = "urn:ietf:params:xml:ns:xmpp-tls";
const STREAM_NS: &str = "http://etherx.jabber.org/streams";
const STREAM_ERROR_NS: &str = "urn:ietf:params:xml:ns:xmpp-streams";

/// An answer of DNS that came so soon is one, and no silence.
const ANSWERED: Duration = Duration::from_secs(2);

/// How long each step may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The look-up of servers in DNS, and of the addresses of each.
    pub resolve: Duration,
    /// Between the beginnings of two attempts to reach addresses of one server (RFC 8305 section 5).
    pub stagger: Duration,
    /// The TCP connection to a server, all of its addresses together.
    pub tcp: Duration,
    /// What a proxy needs to connect to a server: it may build a way through several others first.
    pub proxied: Duration,
    /// `<starttls/>`, from the stream header to `<proceed/>`.
    pub starttls: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// The server's stream header.
    pub header: Duration,
    /// All of these, for all servers; with a proxy that plus [`Patience::proxied`].
    pub connect: Duration,
    /// Silence on the stream, white space included, after which the brain is told. It looks after the peer itself, and sooner.
    pub silence: Duration,
    /// Silence after that, after which the connection is given up whatever the brain does.
    pub answer: Duration,
    /// The end of the stream in good order.
    pub goodbye: Duration,
    /// How late a time may come that something was to be done at: later, and the process stood still meanwhile.
    pub late: Duration,
}

impl Patience {
    /// The times of the product.
    pub const PRODUCT: Self = Self {
        resolve: Duration::from_secs(15),
        stagger: Duration::from_millis(250),
        tcp: Duration::from_secs(15),
        proxied: Duration::from_secs(60),
        starttls: Duration::from_secs(15),
        tls: Duration::from_secs(15),
        header: Duration::from_secs(15),
        connect: Duration::from_secs(75),
        silence: Duration::from_secs(60),
        answer: Duration::from_secs(30),
        goodbye: Duration::from_secs(2),
        late: Duration::from_secs(5),
    };
}

impl Default for Patience {
    fn default() -> Self {
        Self::PRODUCT
    }
}

/// Makes connections.
#[derive(Clone, Debug)]
pub struct Connector {
    /// Whom to ask for servers.
    pub dns: Dns,
    /// The way out.
    pub route: Route,
    /// Whom to trust.
    pub tls: Tls,
    /// What a server may send.
    pub limits: Limits,
    /// How long a server may take.
    pub patience: Patience,
    /// What has ended streams of this account before.
    pub breaker: Breaker,
}

/// Makes the first connection of somebody, whose TLS may not be ready yet.
pub(crate) struct Dial {
    pub(crate) roots: Roots,
    /// Made with the first connection.
    pub(crate) tls: Arc<OnceLock<Tls>>,
    pub(crate) dns: Dns,
    pub(crate) route: Route,
    pub(crate) limits: Limits,
    pub(crate) patience: Patience,
    pub(crate) breaker: Breaker,
}

impl Dial {
    /// As [`Connector::connect`].
    pub(crate) async fn connect(self, target: Target) -> Result<(Transport, Link), Problem> {
        let Self { roots, tls: known, dns, route, limits, patience, breaker } = self;
        let tls = match known.get() {
            Some(tls) => tls.clone(),
            None => {
                let made = tokio::task::spawn_blocking(move || Tls::new(&roots)).await;
                let tls = made.unwrap_or(Err(Problem::Internal))?;
                known.get_or_init(|| tls).clone()
            }
        };
        let mut rng = StdRng::try_from_os_rng().map_err(|_| Problem::Internal)?;
        Connector { dns, route, tls, limits, patience, breaker }.connect(&target, &mut rng).await
    }
}

impl Connector {
    /// Connects to the first server of the target that does what it must, up to its stream header.
    ///
    /// When none does, the problem is that of the server which got furthest.
    pub async fn connect(
        &self,
        target: &Target,
        rng: &mut (dyn RngCore + Send),
    ) -> Result<(Transport, Link), Problem> {
        let goal = target.server.as_ref().map_or(&target.domain, |server| &server.host);
        let (proxy, time) = match self.route.to(goal, Purpose::Stream)? {
            Some(proxy) => (Some(proxy), self.patience.connect + self.patience.proxied),
            None => (None, self.patience.connect),
        };
        within(time, self.first_that_works(target, proxy.as_ref(), rng)).await
    }

    /// Connects to this address alone, with TLS from the first byte.
    #[cfg(test)]
    pub(crate) async fn connect_directly(
        &self,
        target: &Target,
        address: SocketAddr,
    ) -> Result<(Transport, Link), Problem> {
        let endpoint =
            Endpoint { host: address.ip().to_string(), port: address.port(), security: Security::Direct };
        self.open(None, target, &endpoint, &mut Traces::default()).await
    }

    async fn first_that_works(
        &self,
        target: &Target,
        proxy: Option<&Proxy>,
        rng: &mut (dyn RngCore + Send),
    ) -> Result<(Transport, Link), Problem> {
        let may_be_portal = proxy.is_none() && is_at_usual_place(target);
        let began = Instant::now();
        let endpoints = match proxy {
            Some(_) => unresolved(target).ok_or(Problem::UnknownHost)?,
            None => match self.resolved(Resolver::new(self.dns).endpoints(target, rng)).await {
                Ok(endpoints) => endpoints,
                Err(Problem::NoNetwork) if may_be_portal && began.elapsed() < ANSWERED => {
                    return Err(self.without_services(target).await);
                }
                Err(problem) => return Err(problem),
            },
        };
        let mut told = Problem::NoService;
        let mut traces = Traces::default();
        let mut previous: Option<(Endpoint, Problem)> = None;
        for endpoint in endpoints {
            if previous.as_ref().is_some_and(|(last, problem)| is_settled(last, problem, &endpoint)) {
                continue;
            }
            tracing::debug!(host = endpoint.host, port = endpoint.port, security = ?endpoint.security, "connecting");
            match self.open(proxy, target, &endpoint, &mut traces).await {
                Ok(opened) => return Ok(opened),
                Err(problem) => {
                    tracing::info!(host = endpoint.host, port = endpoint.port, ?problem, "not connected");
                    told = more_telling(told, &problem);
                    // No other server is to be had through a proxy that is not there, or doesn't let us.
                    if matches!(problem, Problem::Proxy(fault) if fault != ProxyFault::CannotReach) {
                        break;
                    }
                    previous = Some((endpoint, problem));
                }
            }
        }
        Err(if may_be_portal { self.judged(told, traces).await } else { told })
    }

    /// Somebody answers for DNS, and not for what services a domain has. Who gives one address for every name may know of nothing else.
    async fn without_services(&self, target: &Target) -> Problem {
        let mut traces = Traces::default();
        if let Some(host) = to_ascii(&target.domain)
            && let Ok(addresses) = self.resolved(Resolver::new(self.dns).addresses(&host)).await
        {
            traces.resolved(&host, &addresses);
        }
        self.judged(Problem::NoNetwork, traces).await
    }

    /// What is told where nobody was reached, with this problem and these traces: that somebody is to sign in first, where it looks like it.
    pub(crate) async fn judged(&self, told: Problem, mut traces: Traces) -> Problem {
        if traces.wants_witness(&told)
            && let Ok(addresses) = self.resolved(Resolver::new(self.dns).addresses(WITNESS)).await
        {
            traces.resolved(WITNESS, &addresses);
        }
        if traces.tell() { Problem::SignInToNetwork } else { told }
    }

    async fn open(
        &self,
        proxy: Option<&Proxy>,
        target: &Target,
        endpoint: &Endpoint,
        traces: &mut Traces,
    ) -> Result<(Transport, Link), Problem> {
        let tcp = match proxy {
            Some(proxy) => proxy.connect((&endpoint.host, endpoint.port), self.dns, self.patience).await?,
            None => {
                let addresses = self.resolved(Resolver::new(self.dns).addresses(&endpoint.host)).await?;
                traces.resolved(&endpoint.host, &addresses);
                let addresses =
                    addresses.into_iter().map(|address| SocketAddr::new(address, endpoint.port)).collect();
                within(self.patience.tcp, race::connect(addresses, self.patience.stagger)).await?
            }
        };
        let from = tcp.peer_addr().ok().map(|address| address.ip());
        let wire = Wire::new(tcp);
        let opening = wire.opening();
        let opened = self.begin(wire, target, endpoint.security).await;
        opened.inspect_err(|problem| traces.failed(problem, &opening, from))
    }

    async fn begin(
        &self,
        mut wire: Wire,
        target: &Target,
        security: Security,
    ) -> Result<(Transport, Link), Problem> {
        if security == Security::StartTls {
            wire = within(self.patience.starttls, self.starttls(wire, &target.domain)).await?;
        }
        let tls = within(self.patience.tls, self.tls.handshake(wire, &target.domain, security)).await?;
        let tls_exporter = exporter(&tls);
        let io = Guard::new(BufReader::with_capacity(transport::READ_BUFFER, tls), self.limits)
            .with_breaker(self.breaker.clone());
        let (transport, stream_id) =
            within(self.patience.header, Transport::open(io, target, self.patience)).await?;
        Ok((transport, Link { tls_exporter, stream_id }))
    }

    /// Without an answer from DNS there is most likely no network.
    async fn resolved<T>(&self, step: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
        timeout(self.patience.resolve, step).await.unwrap_or(Err(Problem::NoNetwork))
    }

    /// Asks for TLS (RFC 6120 section 5.4). What came behind the answer is dropped with the buffers: it wasn't encrypted.
    async fn starttls(&self, wire: Wire, domain: &str) -> Result<Wire, Problem> {
        let guard = Guard::new(BufReader::new(wire), self.limits);
        let (mut stream, _) = transport::begin(guard, domain, None, self.patience).await?;
        let features = first(&mut stream).await?;
        if !features.is("features", STREAM_NS) {
            return Err(stream_error(&features));
        }
        if !features.has_child("starttls", TLS_NS) {
            return Err(Problem::NoTls);
        }
        let request = Frame(Element::bare("starttls", TLS_NS));
        stream.send(&request).await.map_err(|_| Problem::ConnectionLost)?;
        let answer = first(&mut stream).await?;
        match answer.ns() == TLS_NS {
            true if answer.name() == "proceed" => Ok(stream.into_inner().into_inner().into_inner()),
            true => Err(Problem::NoTls),
            false => Err(stream_error(&answer)),
        }
    }
}

async fn first<Io>(stream: &mut Stream<Io>) -> Result<Element, Problem>
where
    Guard<Io>: tokio::io::AsyncBufRead + tokio::io::AsyncWrite + Unpin,
{
    loop {
        match stream.next().await {
            Some(Ok(Frame(element))) => return Ok(element),
            Some(Err(error)) => match transport::ended(&error) {
                Some(problem) => return Err(problem),
                None => continue,
            },
            None => return Err(Problem::ConnectionLost),
        }
    }
}

/// What a stream error before TLS says (RFC 6120 section 4.9.3). Anybody may have sent it, so it is only told, not followed.
fn stream_error(element: &Element) -> Problem {
    let has = |condition| element.has_child(condition, STREAM_ERROR_NS);
    match element.is("error", STREAM_NS) {
        true if has("host-unknown") || has("host-gone") => Problem::NotServed,
        true if has("see-other-host") => Problem::Redirected,
        true if has("resource-constraint") => Problem::ServerBusy,
        true if has("system-shutdown") => Problem::ServerShutdown,
        true if has("policy-violation") => Problem::PolicyViolation,
        _ => Problem::Protocol,
    }
}

/// Where to connect without asking DNS.
fn unresolved(target: &Target) -> Option<Vec<Endpoint>> {
    match &target.server {
        Some(server) => Some(endpoints_of(server, &to_ascii(&server.host)?)),
        None => Some(endpoints_by_name(&to_ascii(&target.domain)?)),
    }
}

/// Whether XMPP and nothing else is expected there. A port that was given by hand may be that of a web server.
fn is_at_usual_place(target: &Target) -> bool {
    target.server.as_ref().is_none_or(|server| matches!(server.port, 5222 | 5223))
}

/// Whether there is no use in trying another way of beginning TLS at the same place.
fn is_settled(last: &Endpoint, problem: &Problem, next: &Endpoint) -> bool {
    let may_be_the_other_way = matches!(
        problem,
        Problem::NoTls
            | Problem::TlsFailed
            | Problem::Protocol
            | Problem::OverLimits
            | Problem::ConnectionLost
            | Problem::TimedOut
    );
    (&last.host, last.port) == (&next.host, next.port) && !may_be_the_other_way
}

/// The problem of the server that got further.
fn more_telling(one: Problem, other: &Problem) -> Problem {
    let rank = |problem: &Problem| match problem {
        Problem::Certificate(_) => 9,
        Problem::NoTls => 8,
        Problem::NotServed | Problem::Redirected => 7,
        Problem::ServerBusy | Problem::ServerShutdown | Problem::PolicyViolation => 6,
        Problem::Protocol | Problem::OverLimits => 5,
        Problem::TimedOut => 4,
        // Also what the other way of beginning TLS ends with at a server that doesn't know it.
        Problem::TlsFailed | Problem::ConnectionLost => 3,
        Problem::ConnectionRefused | Problem::Proxy(_) => 2,
        Problem::UnknownHost | Problem::NoNetwork => 1,
        _ => 0,
    };
    if rank(other) > rank(&one) { other.clone() } else { one }
}

async fn within<T>(time: Duration, step: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    timeout(time, step).await.unwrap_or(Err(Problem::TimedOut))
}

#[cfg(test)]
mod tests {
    use causerie_model::CertificateFault;

    use super::*;

    #[test]
    fn the_server_that_got_furthest_is_told_of() {
        let expired = Problem::Certificate(CertificateFault::Expired);
        let problems = [Problem::ConnectionRefused, expired.clone(), Problem::TimedOut, Problem::TlsFailed];
        assert_eq!(problems.iter().fold(Problem::NoService, more_telling), expired);
        let problems = [Problem::NoTls, Problem::TlsFailed];
        assert_eq!(problems.iter().fold(Problem::NoService, more_telling), Problem::NoTls);
    }

    #[test]
    fn a_certificate_is_not_tried_in_another_way() {
        let endpoint = |port, security| Endpoint { host: "a".to_owned(), port, security };
        let (one, other) = (endpoint(1, Security::StartTls), endpoint(1, Security::Direct));
        assert!(is_settled(&one, &Problem::Certificate(CertificateFault::WrongName), &other));
        assert!(is_settled(&one, &Problem::ConnectionRefused, &other));
        assert!(!is_settled(&one, &Problem::Protocol, &other));
        assert!(!is_settled(&one, &Problem::ConnectionRefused, &endpoint(2, Security::Direct)));
    }
}
