//! The way out to the network: straight, or through a proxy and never past it.
//!
//! Through a proxy every server is named and never looked up here: no query about it leaves (with Tor it would tell what the rest
//! hides, and names in `.onion` are in no DNS). So there are no SRV records either: the domain itself is tried, or the server that was
//! given by hand. Only the proxy's own name is looked up, where it is not an address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use causerie_model::{Password, Problem, ProxyFault};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::connect::{Patience, race};
use crate::resolve::{Dns, Resolver, to_ascii};

mod environment;
mod http;
mod socks5;

/// How to reach the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// Straight.
    #[default]
    Straight,
    /// As the environment says: `ALL_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in small letters or capitals. See [`Route::to`].
    Environment,
    /// Through this proxy, whatever the goal.
    Through(Proxy),
    /// It can't be known, so nothing is connected: what was chosen can't be read, or its password can't be had.
    Unknown,
}

/// A proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// What it speaks.
    pub kind: ProxyKind,
    /// Host name or IP address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Who uses it, where it wants to know.
    pub login: Option<Login>,
}

/// What a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// RFC 1928.
    Socks5,
    /// `CONNECT` of HTTP (RFC 9110 section 9.3.6).
    Http,
}

/// Who uses a proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Password,
}

#[cfg(test)]
impl Login {
    fn of(user: &str, password: &str) -> Self {
        Self { user: user.to_owned(), password: Password::new(password.to_owned()) }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// An XML stream.
    Stream,
    /// A page of the web.
    Page,
}

impl ProxyKind {
    /// The port where none is told (RFC 1928 section 3; the scheme's own for HTTP).
    #[must_use]
    pub fn usual_port(self) -> u16 {
        match self {
            Self::Socks5 => 1080,
            Self::Http => 80,
        }
    }
}

impl Route {
    /// The proxy on the way to a host, if there is one.
    ///
    /// Of the environment, streams take `ALL_PROXY`, else `HTTPS_PROXY`; pages take them the other way round. `NO_PROXY` is a list of
    /// domains (with all below them), addresses, networks as `10.0.0.0/8`, or `*`. This machine itself is always reached straight.
    /// [`ProxyFault::Unknown`] where a variable names what isn't spoken here: then nothing is connected.
    pub(crate) fn to(&self, host: &str, purpose: Purpose) -> Result<Option<Proxy>, Problem> {
        match self {
            Self::Straight => Ok(None),
            Self::Through(proxy) => Ok(Some(proxy.clone())),
            Self::Environment => environment::proxy(|name| std::env::var(name).ok(), host, purpose),
            Self::Unknown => Err(Problem::Proxy(ProxyFault::Unknown)),
        }
    }
}

impl Proxy {
    /// Reads `socks5://user:password@host:port`, `socks5h://…` (which is the same here), `http://…`; `None` when it is none of these.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        environment::parse(text)
    }

    /// A connection to a host and port, made by the proxy. Bytes are the host's from the first on.
    pub(crate) async fn connect(
        &self,
        (host, port): (&str, u16),
        dns: Dns,
        patience: Patience,
    ) -> Result<TcpStream, Problem> {
        let unreachable = Problem::Proxy(ProxyFault::Unreachable);
        let reached = async {
            let addresses = self.addresses(dns).await.ok()?;
            let addresses =
                addresses.into_iter().map(|address| SocketAddr::new(address, self.port)).collect();
            race::connect(addresses, patience.stagger).await.ok()
        };
        let mut tcp = timeout(patience.tcp, reached).await.ok().flatten().ok_or(unreachable)?;
        let asked = match self.kind {
            ProxyKind::Socks5 => socks5::connect(&mut tcp, self.login.as_ref(), (host, port), patience).await,
            ProxyKind::Http => http::connect(&mut tcp, self.login.as_ref(), (host, port), patience).await,
        };
        asked.map_err(Problem::Proxy)?;
        Ok(tcp)
    }

    async fn addresses(&self, dns: Dns) -> Result<Vec<IpAddr>, Problem> {
        if self.host.eq_ignore_ascii_case("localhost") {
            return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
        }
        let host = to_ascii(&self.host).ok_or(Problem::UnknownHost)?;
        Resolver::new(dns).addresses(&host).await
    }
}

/// A step of talking to a proxy, with what its silence means.
async fn step<T>(
    time: Duration,
    silence: ProxyFault,
    step: impl Future<Output = Result<T, ProxyFault>>,
) -> Result<T, ProxyFault> {
    timeout(time, step).await.unwrap_or(Err(silence))
}
