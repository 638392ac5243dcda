//! Pages of the web: from whom they are taken, where to they lead, what they may cost.

use std::time::Duration;

use causerie_model::{CertificateFault, Problem};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::fetch::{Limits, Web};
use crate::resolve::Dns;
use crate::tests::lab::{Authority, Identity, Peer, listener};

const LIMITS: Limits = Limits { bytes: 1000, time: Duration::from_secs(30) };

/// A server of the web that gives these answers, a connection each, and then what it was asked.
struct Site {
    authority: Authority,
    port: u16,
    asked: JoinHandle<Vec<String>>,
}

impl Site {
    async fn new<const N: usize>(answers: impl FnOnce(u16) -> [String; N]) -> Self {
        let authority = Authority::new("Ours");
        let identity = authority.identity_with(&["127.0.0.1"], |_| ());
        let (listener, address) = listener().await;
        let asked = tokio::spawn(serve(listener, identity, answers(address.port()).to_vec()));
        Self { authority, port: address.port(), asked }
    }

    async fn get(&self, path: &str, limits: Limits) -> Result<Vec<u8>, Problem> {
        let web = Web::new(Dns::System, self.authority.trusted());
        web.get(&format!("https://127.0.0.1:{}{path}", self.port), limits).await
    }
}

async fn serve(listener: TcpListener, identity: Identity, answers: Vec<String>) -> Vec<String> {
    let acceptor = identity.acceptor();
    let mut asked = Vec::new();
    for answer in answers {
        let Ok(mut peer) = Peer::accept(&listener).await.tls(&acceptor).await else {
            asked.push(String::new());
            continue;
        };
        asked.push(peer.expect("\r\n\r\n").await.unwrap_or_default());
        // A client that has seen enough closes while it is still being told.
        if peer.say(&answer).await.is_ok() {
            peer.rest().await;
        }
    }
    asked
}

fn page(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn to(place: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n")
}

#[tokio::test]
async fn a_page_is_fetched_and_little_is_told() {
    let site = Site::new(|_| [page("[1, 2]")]).await;
    assert_eq!(site.get("/list?a=b#there", LIMITS).await, Ok(b"[1, 2]".to_vec()));
    let host = format!("127.0.0.1:{}", site.port);
    let asked = site.asked.await.unwrap().concat();
    assert!(asked.starts_with("GET /list?a=b HTTP/1.1\r\n"), "{asked}");
    let mut lines: Vec<String> =
        asked.lines().skip(1).filter(|line| !line.is_empty()).map(str::to_lowercase).collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "accept-encoding: identity".to_owned(),
            "accept: */*".to_owned(),
            "connection: close".to_owned(),
            format!("host: {host}"),
            "user-agent: causerie".to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_page_in_pieces_is_put_together_and_one_without_a_length_ends_with_the_connection() {
    let pieces = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    let site = Site::new(|_| [pieces.to_owned()]).await;
    assert_eq!(site.get("/", LIMITS).await, Ok(b"abcde".to_vec()));
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nabc";
    let (listener, address) = listener().await;
    let authority = Authority::new("Ours");
    let acceptor = authority.identity_with(&["127.0.0.1"], |_| ()).acceptor();
    let server = tokio::spawn(async move {
        let mut peer = Peer::accept(&listener).await.tls(&acceptor).await.unwrap();
        peer.expect("\r\n\r\n").await.unwrap();
        peer.say(cut).await.unwrap();
    });
    let web = Web::new(Dns::System, authority.trusted());
    let got = web.get(&format!("https://127.0.0.1:{}/", address.port()), LIMITS).await;
    assert_eq!(got, Err(Problem::ConnectionLost), "half a page is none");
    server.await.unwrap();
}

#[tokio::test]
async fn a_redirection_is_followed_three_times_and_never_out_of_encryption() {
    let site =
        Site::new(|port| [to("/b"), to(&format!("https://127.0.0.1:{port}/c")), to("d"), page("here")]).await;
    assert_eq!(site.get("/a", LIMITS).await, Ok(b"here".to_vec()));
    let asked = site.asked.await.unwrap();
    let paths: Vec<_> = asked.iter().filter_map(|asked| asked.split(' ').nth(1)).collect();
    assert_eq!(paths, ["/a", "/b", "/c", "/d"]);

    let site = Site::new(|_| [to("/a"), to("/a"), to("/a"), to("/a")]).await;
    assert_eq!(site.get("/a", LIMITS).await, Err(Problem::Redirected));
    assert_eq!(site.asked.await.unwrap().len(), 4);
    for bad in
        ["http://127.0.0.1/", "file:///etc/passwd", "https://a:b@127.0.0.1/", "https://", &"x".repeat(5000)]
    {
        let site = Site::new(|_| [to(bad)]).await;
        assert_eq!(site.get("/", LIMITS).await, Err(Problem::Redirected), "{bad}");
    }
    let site = Site::new(|_| ["HTTP/1.1 304 Not Modified\r\n\r\n".to_owned()]).await;
    assert_eq!(site.get("/", LIMITS).await, Err(Problem::Redirected), "nowhere");
}

#[tokio::test]
async fn a_page_has_no_more_bytes_than_it_may() {
    let exact = "x".repeat(LIMITS.bytes);
    let site = Site::new(|_| [page(&exact)]).await;
    assert_eq!(site.get("/", LIMITS).await.map(|page| page.len()), Ok(LIMITS.bytes));
    let site = Site::new(|_| [page(&format!("{exact}x"))]).await;
    assert_eq!(site.get("/", LIMITS).await, Err(Problem::OverLimits));
    let endless = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "64\r\n".to_owned() + &"x".repeat(100)
    );
    let endless = endless + &format!("\r\n64\r\n{}", "x".repeat(100)).repeat(20_000);
    let site = Site::new(|_| [endless]).await;
    assert_eq!(site.get("/", LIMITS).await, Err(Problem::OverLimits));
    let head = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(100_000));
    let site = Site::new(|_| [head]).await;
    assert_eq!(site.get("/", LIMITS).await, Err(Problem::Protocol));
}

#[tokio::test]
async fn what_is_no_page_is_a_problem() {
    for (answer, problem) in [
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Problem::NoSuchAddress),
        ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", Problem::ServerBusy),
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", Problem::Refused),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", Problem::Protocol),
        ("<?xml version='1.0'?><stream:stream>", Problem::Protocol),
    ] {
        let site = Site::new(|_| [answer.to_owned()]).await;
        assert_eq!(site.get("/", LIMITS).await, Err(problem), "{answer}");
    }
    let web = Web::new(Dns::System, Authority::new("Ours").trusted());
    for bad in ["http://127.0.0.1/", "127.0.0.1", "", "ftp://a.example/", "https://a:b@a.example/"] {
        assert_eq!(web.get(bad, LIMITS).await, Err(Problem::UnknownHost), "{bad}");
    }
}

#[tokio::test]
async fn who_can_t_prove_its_name_is_not_asked() {
    let authority = Authority::new("Ours");
    for (identity, fault) in [
        (Authority::new("Theirs").identity_with(&["127.0.0.1"], |_| ()), CertificateFault::UnknownIssuer),
        (authority.identity_with(&["a.example"], |_| ()), CertificateFault::WrongName),
    ] {
        let (listener, address) = listener().await;
        let asked = tokio::spawn(serve(listener, identity, vec![page("x")]));
        let web = Web::new(Dns::System, authority.trusted());
        let got = web.get(&format!("https://127.0.0.1:{}/", address.port()), LIMITS).await;
        assert_eq!(got, Err(Problem::Certificate(fault)));
        assert_eq!(asked.await.unwrap(), [""]);
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_waited_for_as_long_as_is_allowed() {
    let (silent, address) = listener().await;
    let web = Web::new(Dns::System, Authority::new("Ours").trusted());
    let limits = Limits { time: Duration::from_millis(50), ..LIMITS };
    let got = web.get(&format!("https://127.0.0.1:{}/", address.port()), limits).await;
    assert_eq!(got, Err(Problem::TimedOut));
    drop(silent);
}
