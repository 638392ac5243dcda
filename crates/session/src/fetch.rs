//! Fetches a page of the web: small, public ones, such as a list of providers.
//!
//! Only encrypted, and only from whom the certificate is good for. What comes is counted as it comes; a redirection is followed a few
//! times, never out of encryption. Nothing is kept between two pages, and nothing told of who asks.

use std::net::SocketAddr;
use std::time::Duration;

use causerie_model::Problem;
use http_body_util::{BodyExt, Empty};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, HOST, LOCATION, USER_AGENT};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::{Host, Url};

use crate::connect::{Patience, race};
use crate::proxy::{Purpose, Route};
use crate::resolve::{Dns, Resolver, Security};
use crate::tls::Tls;
use crate::wire::Wire;

/// How often a page may send elsewhere.
const REDIRECTIONS: usize = 3;
/// The most bytes of the head of an answer.
const HEAD_BYTES: usize = 32 * 1024;
/// The most lines in it.
const HEAD_LINES: usize = 100;
/// The longest address of a page, in bytes.
const LONGEST_URL: usize = 2048;
/// Who asks: no version, so that nobody is told apart by it.
const AGENT: &str = "causerie";

/// What a page may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Its bytes.
    pub bytes: usize,
    /// The time for all of it, redirections included.
    pub time: Duration,
}

/// Fetches pages.
#[derive(Clone, Debug)]
pub struct Web {
    dns: Dns,
    tls: Tls,
    route: Route,
}

impl Web {
    /// With whom to ask for addresses, and whom to trust.
    #[must_use]
    pub fn new(dns: Dns, tls: Tls) -> Self {
        Self { dns, tls, route: Route::Straight }
    }

    /// The same on another way out.
    #[must_use]
    pub fn by(self, route: Route) -> Self {
        Self { route, ..self }
    }

    /// The bytes of a page. `https` alone.
    ///
    /// [`Problem::Redirected`] where it sends to what is not encrypted, or too often; [`Problem::OverLimits`] where it is too large,
    /// [`Problem::NoSuchAddress`] where there is no such page, [`Problem::ServerBusy`] and [`Problem::Refused`] where the server says so.
    pub async fn get(&self, page: &str, limits: Limits) -> Result<Vec<u8>, Problem> {
        let page = checked(page, None).ok_or(Problem::UnknownHost)?;
        timeout(limits.time, self.followed(page, limits.bytes)).await.unwrap_or(Err(Problem::TimedOut))
    }

    async fn followed(&self, mut page: Url, most: usize) -> Result<Vec<u8>, Problem> {
        for _ in 0..=REDIRECTIONS {
            // With it the connection ends, whatever is still on its way.
            let mut connection = JoinSet::new();
            let answer = self.asked(&page, &mut connection).await?;
            match answer.status() {
                StatusCode::OK => return read(answer, most).await,
                status if status.is_redirection() => {
                    let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
                    page = to.and_then(|to| checked(to, Some(&page))).ok_or(Problem::Redirected)?;
                }
                StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Problem::NoSuchAddress),
                status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                    return Err(Problem::ServerBusy);
                }
                _ => return Err(Problem::Refused),
            }
        }
        Err(Problem::Redirected)
    }

    /// Asks for one page, up to the head of the answer.
    async fn asked(&self, page: &Url, connection: &mut JoinSet<()>) -> Result<Response<Incoming>, Problem> {
        let host = match page.host().ok_or(Problem::UnknownHost)? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let port = page.port_or_known_default().ok_or(Problem::UnknownHost)?;
        let tcp = match self.route.to(&host, Purpose::Page)? {
            Some(proxy) => proxy.connect((&host, port), self.dns, Patience::PRODUCT).await?,
            None => {
                let found = Resolver::new(self.dns).addresses(&host).await?;
                let addresses = found.into_iter().map(|address| SocketAddr::new(address, port)).collect();
                race::connect(addresses, Patience::PRODUCT.stagger).await?
            }
        };
        // Without the name of a protocol, which here means HTTP/1.1.
        let tls = self.tls.handshake(Wire::new(tcp), &host, Security::StartTls).await?;
        let mut settings = http1::Builder::new();
        settings.max_buf_size(HEAD_BYTES).max_headers(HEAD_LINES);
        let (mut sender, driver) =
            settings.handshake(TokioIo::new(tls)).await.map_err(|error| broken(&error))?;
        connection.spawn(async move {
            if let Err(error) = driver.await {
                tracing::debug!(%error, "the connection to a page ended");
            }
        });
        let host = &page[url::Position::BeforeHost..url::Position::AfterPort];
        let path = &page[url::Position::BeforePath..url::Position::AfterQuery];
        let request = Request::get(path)
            .header(HOST, host)
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, "*/*")
            .header(ACCEPT_ENCODING, "identity")
            .header(CONNECTION, "close")
            .body(Empty::<Bytes>::new())
            .map_err(|_| Problem::UnknownHost)?;
        sender.send_request(request).await.map_err(|error| broken(&error))
    }
}

/// The bytes of an answer, as long as there are no more than these.
async fn read(answer: Response<Incoming>, most: usize) -> Result<Vec<u8>, Problem> {
    if answer.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(Problem::Protocol);
    }
    let mut body = answer.into_body();
    if body.size_hint().lower() > most as u64 {
        return Err(Problem::OverLimits);
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(&error))?;
        let Some(part) = frame.data_ref() else { continue };
        if bytes.len() + part.len() > most {
            return Err(Problem::OverLimits);
        }
        bytes.extend_from_slice(part);
    }
    Ok(bytes)
}

/// The address of a page that may be fetched, with or without one that it is relative to.
fn checked(page: &str, from: Option<&Url>) -> Option<Url> {
    if page.len() > LONGEST_URL {
        return None;
    }
    let mut page = Url::options().base_url(from).parse(page).ok()?;
    page.set_fragment(None);
    let is_plain = page.scheme() == "https" && page.username().is_empty() && page.password().is_none();
    (is_plain && page.as_str().len() <= LONGEST_URL).then_some(page)
}

fn broken(error: &hyper::Error) -> Problem {
    tracing::debug!(%error, "a page could not be read");
    // Also a head of more lines or bytes than is taken.
    if error.is_parse() { Problem::Protocol } else { Problem::ConnectionLost }
}
