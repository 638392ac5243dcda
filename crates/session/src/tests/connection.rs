//! Servers, and those in between, that don't play by the rules before there is a stream.

use std::future::Future;
use std::time::Duration;

use causerie_model::Problem;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::connect::{Connector, Patience};
use crate::tests::lab::{
    Authority, FEATURES, HEADER, PROCEED, Peer, STARTTLS, connector, listener, random, target,
};
use crate::transport::{Arrival, Transport};

const PLAIN_MECHANISM: &str =
    "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";

/// Short enough for a test, long enough for a loaded machine.
fn impatient() -> Patience {
    let short = Duration::from_millis(300);
    Patience { starttls: short, tls: short, header: short, ..Patience::PRODUCT }
}

fn our_connector(patience: Patience) -> (Connector, TlsAcceptor) {
    let ours = Authority::new("Ours");
    (Connector { patience, ..connector(ours.trusted()) }, ours.identity().acceptor())
}

/// Connects to a server that plays this with the first client; those that come later are sent away. Also gives what the first
/// one read before TLS.
async fn play<S, F>(patience: Patience, script: S) -> (Result<Transport, Problem>, String)
where
    S: FnOnce(Peer<TcpStream>, TlsAcceptor) -> F + Send + 'static,
    F: Future<Output = String> + Send + 'static,
{
    let (connector, acceptor) = our_connector(patience);
    let (listener, address) = listener().await;
    let (read, awaited) = tokio::sync::oneshot::channel();
    let server = tokio::spawn(async move {
        let first = script(Peer::accept(&listener).await, acceptor);
        tokio::spawn(async move { read.send(first.await) });
        while listener.accept().await.is_ok() {}
    });
    let connected = connector.connect(&target(address), &mut random()).await;
    server.abort();
    let connected = connected.map(|(transport, _)| transport);
    // A client that holds the connection open has nothing to hide.
    let read = if connected.is_ok() { String::new() } else { awaited.await.unwrap_or_default() };
    (connected, read)
}

/// Says these things, each after something was read, and gives all that was read.
async fn say(mut peer: Peer<TcpStream>, answers: &[&str]) -> String {
    let mut read = String::new();
    for answer in answers {
        read += &peer.expect(">").await.unwrap_or_default();
        if peer.say(answer).await.is_err() {
            break;
        }
    }
    read + &peer.rest().await
}

fn assert_harmless(read: &str) {
    for secret in ["<auth", "<authenticate", "<iq", "<response", "alice", "from="] {
        assert!(!read.contains(secret), "{secret} in {read}");
    }
    assert!(read.contains("<stream:stream"), "{read}");
}

#[tokio::test]
async fn without_tls_there_is_nothing() {
    let offers_only_sasl = format!("{HEADER}<stream:features>{PLAIN_MECHANISM}</stream:features>");
    let nothing = format!("{HEADER}{FEATURES}");
    let failure = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    let header = format!("{HEADER}{STARTTLS}");
    let error = |condition: &str| {
        format!(
            "{HEADER}<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
        )
    };
    let cases: Vec<(Vec<String>, Problem)> = vec![
        (vec![offers_only_sasl], Problem::NoTls),
        (vec![nothing], Problem::NoTls),
        (vec![header.clone(), failure.to_owned()], Problem::NoTls),
        (
            vec![header.clone(), format!("<stream:features>{PLAIN_MECHANISM}</stream:features>")],
            Problem::Protocol,
        ),
        (vec![header, "<junk/>".repeat(10_000)], Problem::Protocol),
        (vec![error("see-other-host")], Problem::Redirected),
        (vec![error("host-unknown")], Problem::NotServed),
        (vec![error("undefined-condition")], Problem::Protocol),
        (vec![format!("{HEADER}<message/>")], Problem::Protocol),
        (vec!["SSH-2.0-OpenSSH_9\r\n".to_owned()], Problem::Protocol),
        (vec!["<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>".to_owned()], Problem::Protocol),
        (vec![format!("{HEADER}<stream:features>{}", "<x/>".repeat(20_000))], Problem::OverLimits),
    ];
    for (answers, expected) in cases {
        let name = answers.last().map(|answer| answer.chars().take(150).collect::<String>());
        let script = move |peer, _| async move {
            let answers: Vec<_> = answers.iter().map(String::as_str).collect();
            say(peer, &answers).await
        };
        let (connected, read) = play(Patience::PRODUCT, script).await;
        assert_eq!(connected.err(), Some(expected), "{name:?}");
        assert_harmless(&read);
    }
}

#[tokio::test]
async fn silence_ends_each_step() {
    let silent_at_once = |peer: Peer<TcpStream>, _| async move { peer.rest().await };
    let (connected, _) = play(impatient(), silent_at_once).await;
    assert_eq!(connected.err(), Some(Problem::TimedOut));

    let after_starttls = |peer, _| async move { say(peer, &[&format!("{HEADER}{STARTTLS}")]).await };
    let (connected, read) = play(impatient(), after_starttls).await;
    assert_eq!(connected.err(), Some(Problem::TimedOut));
    assert_harmless(&read);

    let after_proceed = |peer, _| async move {
        say(peer, &[&format!("{HEADER}{STARTTLS}"), PROCEED]).await.chars().take(200).collect()
    };
    let (connected, _) = play(impatient(), after_proceed).await;
    assert_eq!(connected.err(), Some(Problem::TimedOut));

    let after_tls = |peer: Peer<TcpStream>, acceptor: TlsAcceptor| async move {
        peer.starttls(&acceptor).await.expect("TLS").rest().await
    };
    let (connected, _) = play(impatient(), after_tls).await;
    assert_eq!(connected.err(), Some(Problem::TimedOut));
}

#[tokio::test]
async fn what_was_said_before_tls_is_forgotten() {
    let injected = |mut peer: Peer<TcpStream>, acceptor: TlsAcceptor| async move {
        peer.expect(">").await.unwrap();
        peer.say(&format!("{HEADER}{STARTTLS}")).await.unwrap();
        peer.expect("</starttls>").await.unwrap();
        let more = format!("{HEADER}<stream:features>{PLAIN_MECHANISM}</stream:features>");
        peer.say(&format!("{PROCEED}{more}")).await.unwrap();
        let mut peer = peer.tls(&acceptor).await.expect("TLS");
        peer.begin("<stream:features><real/></stream:features>").await.unwrap();
        peer.rest().await
    };
    let (connected, _) = play(Patience::PRODUCT, injected).await;
    let mut transport = connected.unwrap();
    match transport.next().await.unwrap() {
        Arrival::Element(features) => {
            assert_eq!(features.children().map(|child| child.name()).collect::<Vec<_>>(), ["real"]);
        }
        Arrival::Part | Arrival::Silence | Arrival::End => panic!("features"),
    }
}

#[tokio::test]
async fn a_server_that_speaks_tls_at_once_is_found_out() {
    let (connector, acceptor) = our_connector(Patience::PRODUCT);
    let (listener, address) = listener().await;
    let server = tokio::spawn(async move {
        // A TLS server can't make sense of a stream header.
        assert!(Peer::accept(&listener).await.tls(&acceptor).await.is_err());
        let mut peer = Peer::accept(&listener).await.tls(&acceptor).await.expect("TLS");
        assert_eq!(peer.alpn().as_deref(), Some("xmpp-client"));
        peer.begin(FEATURES).await.unwrap();
        peer.rest().await
    });
    let (transport, _) = connector.connect(&target(address), &mut random()).await.unwrap();
    drop(transport);
    server.await.unwrap();
}

#[tokio::test]
async fn nobody_there() {
    let (connector, _) = our_connector(Patience::PRODUCT);
    let (listener, address) = listener().await;
    drop(listener);
    assert_eq!(
        connector.connect(&target(address), &mut random()).await.err(),
        Some(Problem::ConnectionRefused)
    );
}

#[tokio::test]
async fn a_stream_ends_in_good_order_and_what_still_comes_is_read() {
    let goodbye = |peer: Peer<TcpStream>, acceptor: TlsAcceptor| async move {
        let mut peer = peer.starttls(&acceptor).await.expect("TLS");
        peer.begin(FEATURES).await.unwrap();
        peer.expect("<presence").await.unwrap();
        let read = peer.expect("</stream:stream>").await.unwrap();
        peer.say("<message id='last'/></stream:stream>").await.unwrap();
        read
    };
    let (connector, acceptor) = our_connector(Patience::PRODUCT);
    let (listener, address) = listener().await;
    let server = tokio::spawn(async move { goodbye(Peer::accept(&listener).await, acceptor).await });
    let (mut transport, _) = connector.connect(&target(address), &mut random()).await.unwrap();
    transport.authenticated();
    assert!(matches!(transport.next().await, Ok(Arrival::Element(_))));
    transport.send("<presence xmlns='jabber:client'/>".parse().unwrap());
    transport.close();
    transport.send("<message xmlns='jabber:client'/>".parse().unwrap());
    assert!(matches!(transport.next().await, Ok(Arrival::Element(last)) if last.attr("id") == Some("last")));
    assert!(matches!(transport.next().await, Ok(Arrival::End)));
    let read = server.await.unwrap();
    assert!(read.ends_with("</stream:stream>") && !read.contains("<message"), "{read}");
}

/// XEP-0198 §4: a server asks what has come, over and over, and reads nothing. What waits to be written stays as much as it was.
#[tokio::test]
async fn a_server_that_asks_and_does_not_read_is_answered_once() {
    const QUESTIONS: usize = 5_000;
    let deaf = |peer: Peer<TcpStream>, acceptor: TlsAcceptor, reads: tokio::sync::oneshot::Receiver<()>| async move {
        let mut peer = peer.starttls(&acceptor).await.expect("TLS");
        peer.begin(FEATURES).await.unwrap();
        peer.say(&"<r xmlns='urn:xmpp:sm:3'/>".repeat(QUESTIONS)).await.unwrap();
        reads.await.unwrap();
        peer.expect("</stream:stream>").await.unwrap()
    };
    let (connector, acceptor) = our_connector(Patience::PRODUCT);
    let (listener, address) = listener().await;
    let (read, reads) = tokio::sync::oneshot::channel();
    let server = tokio::spawn(async move { deaf(Peer::accept(&listener).await, acceptor, reads).await });
    let (mut transport, _) = connector.connect(&target(address), &mut random()).await.unwrap();
    transport.authenticated();
    assert!(matches!(transport.next().await, Ok(Arrival::Element(_))));
    // More than lies between the two.
    let large = format!("<message xmlns='jabber:client'><body>{}</body></message>", "x".repeat(256 * 1024));
    let large: minidom::Element = large.parse().unwrap();
    (0..64).for_each(|_| transport.send(large.clone()));
    let mut asked = 0;
    while asked < QUESTIONS {
        if let Arrival::Element(question) = transport.next().await.unwrap() {
            assert_eq!(question.name(), "r");
            asked += 1;
            transport.send(format!("<a xmlns='urn:xmpp:sm:3' h='{asked}'/>").parse().unwrap());
        }
    }
    assert!((2..=65).contains(&transport.waiting()), "{}", transport.waiting());
    read.send(()).unwrap();
    transport.close();
    while !matches!(transport.next().await, Ok(Arrival::End) | Err(_)) {}
    let written = server.await.unwrap();
    let answers: Vec<_> = written.split("<a ").skip(1).collect();
    assert!(answers.len() == 1 && answers[0].contains(&QUESTIONS.to_string()), "{answers:?}");
}
