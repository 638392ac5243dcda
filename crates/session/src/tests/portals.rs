//! Networks that want somebody to sign in first: what tells them from servers that are in a bad way.

use std::net::IpAddr;

use causerie_model::{Problem, ServerAddress};
use causerie_protocol::Target;
use hickory_resolver::proto::rr::RData;
use hickory_resolver::proto::rr::rdata::A;
use tokio::net::TcpListener;

use crate::connect::Connector;
use crate::portal::Traces;
use crate::tests::dns::{Line, serve, serve_or_fail, srv};
use crate::tests::lab::{Authority, DOMAIN, connector, listener};
use crate::tests::lab::{Peer, random};

const PAGE: &str = "HTTP/1.1 302 Found\r\nLocation: http://sign-in.example/\r\nContent-Length: 0\r\n\r\n";

/// Answers everybody with this.
fn answer(listener: TcpListener, words: &'static str) {
    tokio::spawn(async move {
        loop {
            let mut peer = Peer::accept(&listener).await;
            peer.sent_by_now().await;
            let _ = peer.say(words).await;
            tokio::spawn(peer.rest());
        }
    });
}

async fn problem(service: &'static str, words: &'static str) -> Option<Problem> {
    let (listener, address) = listener().await;
    answer(listener, words);
    let lines: Vec<Line> = vec![
        (service, srv(1, address.port(), "chat.example.")),
        ("chat.example.", RData::A(A::new(127, 0, 0, 1))),
    ];
    let dns = serve(lines).await;
    let connector = Connector { dns, ..connector(Authority::new("Ours").trusted()) };
    connector
        .connect(&Target { domain: DOMAIN.to_owned(), server: None, account: None }, &mut random())
        .await
        .err()
}

#[tokio::test]
async fn a_web_page_in_place_of_the_server_is_a_network_that_wants_us_to_sign_in() {
    for service in ["_xmpps-client._tcp.example.org.", "_xmpp-client._tcp.example.org."] {
        assert_eq!(problem(service, PAGE).await, Some(Problem::SignInToNetwork), "{service}");
    }
}

#[tokio::test]
async fn anything_else_is_what_it_is() {
    let direct = "_xmpps-client._tcp.example.org.";
    assert_eq!(problem(direct, "SSH-2.0-OpenSSH_9\r\n").await, Some(Problem::TlsFailed));
    let starttls = "_xmpp-client._tcp.example.org.";
    assert_eq!(problem(starttls, "SSH-2.0-OpenSSH_9\r\n").await, Some(Problem::Protocol));
}

#[tokio::test]
async fn a_port_given_by_hand_may_be_that_of_a_web_server() {
    let (listener, address) = listener().await;
    answer(listener, PAGE);
    let by_hand = ServerAddress { host: "127.0.0.1".to_owned(), port: address.port() };
    let target = Target { domain: DOMAIN.to_owned(), server: Some(by_hand), account: None };
    let connector = connector(Authority::new("Ours").trusted());
    assert_eq!(connector.connect(&target, &mut random()).await.err(), Some(Problem::Protocol));
}

/// What is told where the account's domain is at that address, as DNS has said, nobody is there, and DNS says that of another name.
async fn told_of_nobody(ours: A, problem: Problem, others: Option<A>) -> Problem {
    let lines: Vec<Line> = others.map(|others| ("example.com.", RData::A(others))).into_iter().collect();
    let connector = Connector { dns: serve(lines).await, ..connector(Authority::new("Ours").trusted()) };
    let mut traces = Traces::default();
    traces.resolved(DOMAIN, &[IpAddr::V4(ours.0)]);
    connector.judged(problem, traces).await
}

#[tokio::test]
async fn one_near_address_for_every_name_with_nobody_there_is_such_a_network_too() {
    let (near, far) = (A::new(10, 255, 255, 254), A::new(203, 0, 113, 9));
    for problem in [Problem::ConnectionRefused, Problem::TimedOut] {
        assert_eq!(told_of_nobody(near, problem.clone(), Some(near)).await, Problem::SignInToNetwork);
        // A server at home that is not there, and a network that is nowhere.
        for (ours, others) in [(near, Some(far)), (near, None), (far, Some(far))] {
            assert_eq!(told_of_nobody(ours, problem.clone(), others).await, problem, "{ours} {others:?}");
        }
    }
}

/// All the way: where every name is this machine, nobody wants us to sign in.
#[tokio::test]
async fn a_closed_port_here_is_a_closed_port() {
    let here = A::new(127, 0, 0, 1);
    let lines: Vec<Line> = vec![
        ("_xmpps-client._tcp.example.org.", srv(1, 1, "example.org.")),
        ("example.org.", RData::A(here)),
        ("example.com.", RData::A(here)),
    ];
    let connector = Connector { dns: serve(lines).await, ..connector(Authority::new("Ours").trusted()) };
    let target = Target { domain: DOMAIN.to_owned(), server: None, account: None };
    let problem = connector.connect(&target, &mut random()).await.err();
    assert_eq!(problem, Some(Problem::ConnectionRefused));
}

#[tokio::test]
async fn one_near_address_for_every_name_is_known_where_services_are_not_told() {
    let (near, far) = (A::new(10, 255, 255, 254), A::new(203, 0, 113, 9));
    for (others, problem) in
        [(Some(near), Problem::SignInToNetwork), (Some(far), Problem::NoNetwork), (None, Problem::NoNetwork)]
    {
        let mut lines: Vec<Line> = vec![("example.org.", RData::A(near))];
        lines.extend(others.map(|others| ("example.com.", RData::A(others))));
        let connector =
            Connector { dns: serve_or_fail(lines).await, ..connector(Authority::new("Ours").trusted()) };
        let target = Target { domain: DOMAIN.to_owned(), server: None, account: None };
        assert_eq!(connector.connect(&target, &mut random()).await.err(), Some(problem), "{others:?}");
    }
}
