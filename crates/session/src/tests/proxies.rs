//! Through proxies, honest and not: what they are told, what they may answer, and what is never asked of DNS.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use causerie_model::{
    BareJid, CertificateFault, Password, Problem, ProxyFault, RegistrationCommand, RegistrationEvent,
    ServerAddress,
};
use causerie_protocol::Target;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinHandle;

use crate::connect::{Connector, Patience};
use crate::fetch::{Limits, Web};
use crate::proxy::{Login, Proxy, ProxyKind, Route};
use crate::resolve::Dns;
use crate::tests::lab::{Authority, DOMAIN, FEATURES, Identity, Peer, connector, listener, random};
use crate::{Roots, registration};

const KINDS: [ProxyKind; 2] = [ProxyKind::Socks5, ProxyKind::Http];

/// A name server that tells who asks.
async fn watched_dns() -> (Dns, UdpSocket) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    (Dns::Server(socket.local_addr().expect("an address")), socket)
}

/// Asserts that nobody has asked.
fn assert_unasked(socket: &UdpSocket) {
    let mut bytes = [0; 512];
    let asked =
        socket.try_recv(&mut bytes).map(|count| String::from_utf8_lossy(&bytes[..count]).into_owned());
    assert!(asked.is_err(), "{asked:?}");
}

fn login() -> Login {
    Login { user: "alice".to_owned(), password: Password::new("pass word".to_owned()) }
}

fn proxy(kind: ProxyKind, address: SocketAddr, login: Option<Login>) -> Proxy {
    Proxy { kind, host: address.ip().to_string(), port: address.port(), login }
}

fn domain(name: &str) -> Target {
    Target { domain: name.to_owned(), server: None, account: None }
}

async fn read<const N: usize>(tcp: &mut TcpStream) -> [u8; N] {
    let mut bytes = [0; N];
    tcp.read_exact(&mut bytes).await.expect("a client");
    bytes
}

/// Plays an honest proxy up to its last answer, and gives what it was asked for.
async fn honest(kind: ProxyKind, mut tcp: TcpStream, login: Option<&Login>) -> (TcpStream, String) {
    match kind {
        ProxyKind::Socks5 => {
            let [version, count] = read(&mut tcp).await;
            assert_eq!(version, 5);
            let mut methods = vec![0; usize::from(count)];
            tcp.read_exact(&mut methods).await.expect("methods");
            let method = if login.is_some() { 2 } else { 0 };
            assert!(methods.contains(&method), "{methods:?}");
            tcp.write_all(&[5, method]).await.expect("a client");
            if let Some(login) = login {
                let [1, length] = read(&mut tcp).await else { panic!("RFC 1929") };
                let mut user = vec![0; usize::from(length)];
                tcp.read_exact(&mut user).await.expect("a name");
                let [length] = read(&mut tcp).await;
                let mut password = vec![0; usize::from(length)];
                tcp.read_exact(&mut password).await.expect("a password");
                let right = user == login.user.as_bytes() && password == login.password.reveal().as_bytes();
                tcp.write_all(&[1, u8::from(!right)]).await.expect("a client");
                if !right {
                    return (tcp, "a wrong login".to_owned());
                }
            }
            let [5, 1, 0, 3, length] = read(&mut tcp).await else { panic!("a connection to a name") };
            let mut name = vec![0; usize::from(length)];
            tcp.read_exact(&mut name).await.expect("a name");
            let port = u16::from_be_bytes(read(&mut tcp).await);
            (tcp, format!("{}:{port}", String::from_utf8_lossy(&name)))
        }
        ProxyKind::Http => {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(tcp.read_u8().await.expect("a client"));
            }
            let head = String::from_utf8(head).expect("text");
            let goal = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
            let goal = goal.expect("CONNECT").to_owned();
            let has_login = head.contains("\r\nProxy-Authorization: Basic YWxpY2U6cGFzcyB3b3Jk\r\n");
            if login.is_some() && !has_login {
                let no = "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=x\r\n\r\n";
                tcp.write_all(no.as_bytes()).await.expect("a client");
                return (tcp, "a wrong login".to_owned());
            }
            (tcp, goal)
        }
    }
}

/// Says that it is connected, in as odd a way as is allowed.
async fn connected(kind: ProxyKind, tcp: &mut TcpStream) {
    let answer: &[u8] = match kind {
        ProxyKind::Socks5 => b"\x05\x00\x00\x03\x0bproxy.local\x04\x38",
        ProxyKind::Http => b"HTTP/1.0 200 Yes\r\nVia: proxy\r\nContent-Length: 3\r\n\r\n",
    };
    for byte in answer {
        tcp.write_all(&[*byte]).await.expect("a client");
    }
}

/// An honest proxy with one server behind it, whose certificate is this. Gives what the proxy was asked for.
fn serve(
    kind: ProxyKind,
    listener: TcpListener,
    login: Option<Login>,
    identity: Identity,
) -> JoinHandle<(String, String)> {
    tokio::spawn(async move {
        let tcp = listener.accept().await.expect("a client").0;
        let (mut tcp, goal) = honest(kind, tcp, login.as_ref()).await;
        connected(kind, &mut tcp).await;
        let Ok(mut peer) = Peer::of(tcp).starttls(&identity.acceptor()).await else {
            return (goal, String::new());
        };
        let _ = peer.begin(FEATURES).await;
        (goal, peer.rest().await)
    })
}

#[tokio::test]
async fn the_server_is_named_to_the_proxy_and_dns_is_never_asked() {
    let ours = Authority::new("Ours");
    for kind in KINDS {
        for login in [None, Some(login())] {
            for name in ["causeriexmpphidden.onion", DOMAIN, "xn--bcher-kva.example"] {
                let (dns, socket) = watched_dns().await;
                let (listener, address) = listener().await;
                let identity = ours.identity_with(&[name], |_| ());
                let server = serve(kind, listener, login.clone(), identity);
                let route = Route::Through(proxy(kind, address, login.clone()));
                let connector = Connector { dns, route, ..connector(ours.trusted()) };
                let (transport, _) = connector.connect(&domain(name), &mut random()).await.unwrap();
                drop(transport);
                assert_eq!(server.await.unwrap().0, format!("{name}:5222"));
                assert_unasked(&socket);
            }
        }
    }
}

#[tokio::test]
async fn a_server_given_by_hand_is_named_too() {
    let ours = Authority::new("Ours");
    for kind in KINDS {
        let (dns, socket) = watched_dns().await;
        let (listener, address) = listener().await;
        let server = serve(kind, listener, None, ours.identity());
        let route = Route::Through(proxy(kind, address, None));
        let connector = Connector { dns, route, ..connector(ours.trusted()) };
        let by_hand = ServerAddress { host: "b\u{fc}cher.onion".to_owned(), port: 15_222 };
        let target = Target { server: Some(by_hand), ..domain(DOMAIN) };
        connector.connect(&target, &mut random()).await.unwrap();
        assert_eq!(server.await.unwrap().0, "xn--bcher-kva.onion:15222");
        assert_unasked(&socket);
    }
}

#[tokio::test]
async fn a_proxy_can_t_stand_for_the_server() {
    let ours = Authority::new("Ours");
    for kind in KINDS {
        let (listener, address) = listener().await;
        let server = serve(kind, listener, None, ours.identity_with(&["evil.example"], |_| ()));
        let route = Route::Through(proxy(kind, address, None));
        let connector = Connector { route, ..connector(ours.trusted()) };
        let refused = connector.connect(&domain(DOMAIN), &mut random()).await.err();
        assert_eq!(refused, Some(Problem::Certificate(CertificateFault::WrongName)));
        assert_eq!(server.await.unwrap().1, "");
    }
}

#[tokio::test]
async fn a_wrong_login_is_tried_once() {
    for kind in KINDS {
        let (listener, address) = listener().await;
        let server = tokio::spawn(async move {
            let tcp = listener.accept().await.expect("a client").0;
            let asked = honest(kind, tcp, Some(&login())).await.1;
            let again = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
            (asked, again.is_ok())
        });
        let wrong = Login { user: "alice".to_owned(), password: Password::new("guess".to_owned()) };
        let route = Route::Through(proxy(kind, address, Some(wrong)));
        let connector = Connector { route, ..connector(Authority::new("Ours").trusted()) };
        let refused = connector.connect(&domain(DOMAIN), &mut random()).await.err();
        assert_eq!(refused, Some(Problem::Proxy(ProxyFault::Login)));
        assert_eq!(server.await.unwrap(), ("a wrong login".to_owned(), false));
    }
}

/// What comes of a proxy that does this with every client.
async fn faces<F: Future<Output = ()> + Send>(
    kind: ProxyKind,
    does: impl Fn(TcpStream) -> F + Send + 'static,
) -> Option<Problem> {
    let (dns, socket) = watched_dns().await;
    let (listener, address) = listener().await;
    let server = tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            does(tcp).await;
        }
    });
    let route = Route::Through(proxy(kind, address, None));
    let short = Duration::from_millis(300);
    let patience = Patience { header: short, proxied: short, starttls: short, ..Patience::PRODUCT };
    let connector = Connector { dns, route, patience, ..connector(Authority::new("Ours").trusted()) };
    let problem = connector.connect(&domain(DOMAIN), &mut random()).await.err();
    server.abort();
    assert_unasked(&socket);
    problem
}

/// A client is read from for a while, so that what was said arrives before the end.
async fn drain(mut tcp: TcpStream) {
    let mut bytes = [0; 4096];
    let moment = Duration::from_millis(300);
    while let Ok(Ok(1..)) = tokio::time::timeout(moment, tcp.read(&mut bytes)).await {}
}

#[tokio::test]
async fn odd_answers_end_it_with_a_word_for_each() {
    use ProxyFault::{CannotReach, Login, NotUnderstood, Refused, Unreachable};
    let long = |start: &str| [start.as_bytes(), &b"X: y\r\n".repeat(100_000)].concat();
    let cases: Vec<(ProxyKind, Vec<u8>, ProxyFault)> = vec![
        (ProxyKind::Socks5, b"\x05\xff".to_vec(), Login),
        (ProxyKind::Socks5, b"\x05\x02".to_vec(), NotUnderstood),
        (ProxyKind::Socks5, b"\x04\x00".to_vec(), NotUnderstood),
        (ProxyKind::Socks5, b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), NotUnderstood),
        (ProxyKind::Socks5, b"\x05".to_vec(), NotUnderstood),
        (ProxyKind::Socks5, b"\x05\x00\x05\x02\x00\x01\0\0\0\0\0\0".to_vec(), Refused),
        (ProxyKind::Socks5, b"\x05\x00\x05\x04\x00\x01\0\0\0\0\0\0".to_vec(), CannotReach),
        (ProxyKind::Socks5, b"\x05\x00\x05\xf0\x00\x01\0\0\0\0\0\0".to_vec(), CannotReach),
        (ProxyKind::Socks5, b"\x05\x00\x05\x00\x00\x09\0\0\0\0\0\0".to_vec(), NotUnderstood),
        (ProxyKind::Socks5, b"\x05\x00\x05\x00\x00\x03\xff".to_vec(), NotUnderstood),
        (ProxyKind::Http, b"HTTP/1.1 407 Who are you?\r\n\r\n".to_vec(), Login),
        (ProxyKind::Http, b"HTTP/1.1 403 Forbidden\r\n\r\n".to_vec(), Refused),
        (ProxyKind::Http, b"HTTP/1.1 503 No such host\r\n\r\n".to_vec(), CannotReach),
        (
            ProxyKind::Http,
            b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n".to_vec(),
            NotUnderstood,
        ),
        (ProxyKind::Http, b"\x05\xff".to_vec(), NotUnderstood),
        (ProxyKind::Http, b"SSH-2.0-OpenSSH_9\r\n".to_vec(), NotUnderstood),
        (ProxyKind::Http, long("HTTP/1.1 200 OK\r\n"), NotUnderstood),
        (ProxyKind::Http, Vec::new(), CannotReach),
    ];
    for (kind, answer, fault) in cases {
        let start: Vec<u8> = answer.iter().take(30).copied().collect();
        let problem = faces(kind, move |mut tcp| {
            let answer = answer.clone();
            async move {
                let _ = tcp.read(&mut [0; 3]).await;
                let _ = tcp.write_all(&answer).await;
                let _ = tcp.shutdown().await;
                drain(tcp).await;
            }
        });
        assert_eq!(
            problem.await,
            Some(Problem::Proxy(fault)),
            "{kind:?} {}",
            String::from_utf8_lossy(&start)
        );
    }
    // One that takes the connection and says nothing.
    for (kind, fault) in [(ProxyKind::Socks5, Unreachable), (ProxyKind::Http, CannotReach)] {
        let problem = faces(kind, |tcp| async { drop(tokio::spawn(drain_for_ever(tcp))) }).await;
        assert_eq!(problem, Some(Problem::Proxy(fault)), "{kind:?}");
    }
}

async fn drain_for_ever(mut tcp: TcpStream) {
    let mut bytes = [0; 4096];
    while let Ok(1..) = tcp.read(&mut bytes).await {}
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_not_gone_past() {
    for kind in KINDS {
        let (dns, socket) = watched_dns().await;
        let (listener, address) = listener().await;
        drop(listener);
        let route = Route::Through(proxy(kind, address, None));
        let connector = Connector { dns, route, ..connector(Authority::new("Ours").trusted()) };
        let problem = connector.connect(&domain(DOMAIN), &mut random()).await.err();
        assert_eq!(problem, Some(Problem::Proxy(ProxyFault::Unreachable)));
        assert_unasked(&socket);
    }
    let (dns, socket) = watched_dns().await;
    let connector = Connector { dns, route: Route::Unknown, ..connector(Authority::new("Ours").trusted()) };
    let problem = connector.connect(&domain(DOMAIN), &mut random()).await.err();
    assert_eq!(problem, Some(Problem::Proxy(ProxyFault::Unknown)));
    assert_unasked(&socket);
}

#[tokio::test]
async fn both_usual_ports_are_tried_before_a_server_is_given_up() {
    let (listener, address) = listener().await;
    let server = tokio::spawn(async move {
        let mut asked = Vec::new();
        for _ in 0..2 {
            let tcp = listener.accept().await.expect("a client").0;
            let (mut tcp, goal) = honest(ProxyKind::Socks5, tcp, None).await;
            tcp.write_all(b"\x05\x05\x00\x01\0\0\0\0\0\0").await.expect("a client");
            asked.push(goal);
            drain(tcp).await;
        }
        asked
    });
    let route = Route::Through(proxy(ProxyKind::Socks5, address, None));
    let connector = Connector { route, ..connector(Authority::new("Ours").trusted()) };
    let problem = connector.connect(&domain(DOMAIN), &mut random()).await.err();
    assert_eq!(problem, Some(Problem::Proxy(ProxyFault::CannotReach)));
    assert_eq!(server.await.unwrap(), ["example.org:5222", "example.org:5223"]);
}

#[tokio::test]
async fn pages_are_fetched_through_it_and_their_hosts_are_not_looked_up() {
    let ours = Authority::new("Ours");
    for kind in KINDS {
        let (dns, socket) = watched_dns().await;
        let (listener, address) = listener().await;
        let acceptor = ours.identity_with(&["list.example"], |_| ()).acceptor();
        let server = tokio::spawn(async move {
            let tcp = listener.accept().await.expect("a client").0;
            let (mut tcp, goal) = honest(kind, tcp, None).await;
            connected(kind, &mut tcp).await;
            let mut peer = Peer::of(tcp).tls(&acceptor).await.expect("TLS");
            peer.expect("\r\n\r\n").await.expect("a request");
            peer.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]").await.expect("a client");
            peer.rest().await;
            goal
        });
        let web = Web::new(dns, ours.trusted()).by(Route::Through(proxy(kind, address, None)));
        let limits = Limits { bytes: 10, time: Duration::from_secs(30) };
        assert_eq!(web.get("https://list.example/", limits).await, Ok(b"[]".to_vec()));
        assert_eq!(server.await.unwrap(), "list.example:443");
        assert_unasked(&socket);
        let nowhere = Web::new(dns, ours.trusted()).by(Route::Unknown);
        let refused = nowhere.get("https://list.example/", limits).await;
        assert_eq!(refused, Err(Problem::Proxy(ProxyFault::Unknown)));
        assert_unasked(&socket);
    }
}

#[tokio::test]
async fn an_account_is_made_through_it() {
    let ours = Authority::new("Ours");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, ours.pem()).unwrap();
    let (dns, socket) = watched_dns().await;
    let (listener, address) = listener().await;
    let server = serve(ProxyKind::Socks5, listener, Some(login()), ours.identity());
    let mut config = registration::Config::new(BareJid::new(DOMAIN).unwrap());
    config.roots = Roots { extra: Some(path) };
    config.dns = dns;
    config.route = Route::Through(proxy(ProxyKind::Socks5, address, Some(login())));
    let (handle, mut events) = registration::spawn(config).unwrap();
    handle.send(RegistrationCommand::Probe);
    let told = |event: &RegistrationEvent| !matches!(event, RegistrationEvent::StageChanged(_));
    while !events.recv_batch().await.expect("a registration").iter().any(told) {}
    handle.ended().await;
    assert_eq!(server.await.unwrap().0, "example.org:5222");
    assert_unasked(&socket);
}
