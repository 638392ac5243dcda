//! Who is let in: the certificate must be the account's domain's, good today, and vouched for.

use causerie_model::CertificateFault::{self, Expired, Invalid, NotYetValid, UnknownIssuer, WrongName};
use causerie_model::Problem;
use causerie_protocol::Target;
use rcgen::{BasicConstraints, DnType, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};
use rustls::version::TLS12;

use crate::resolve::Security;
use crate::tests::lab::{Authority, DOMAIN, FEATURES, Identity, Peer, connector, listener, random, target};
use crate::tls::{Roots, Tls};
use crate::transport::Arrival;

const BOTH: [Security; 2] = [Security::StartTls, Security::Direct];

/// What became of a connection to a server with this identity, and what the server read inside of TLS.
async fn offer(
    tls: &Tls,
    identity: Identity,
    security: Security,
) -> (Result<Option<[u8; 32]>, Problem>, String) {
    let (listener, address) = listener().await;
    let acceptor = identity.acceptor();
    let server = tokio::spawn(async move {
        let peer = Peer::accept(&listener).await;
        let peer = match security {
            Security::StartTls => peer.starttls(&acceptor).await,
            Security::Direct => peer.tls(&acceptor).await,
        };
        match peer {
            Ok(mut peer) => match peer.begin(FEATURES).await {
                Ok(()) => "a stream".to_owned(),
                Err(_) => peer.rest().await,
            },
            Err(_) => String::new(),
        }
    });
    let mut connector = connector(tls.clone());
    connector.limits.unauthenticated_bytes = 64 * 1024;
    let target = target(address);
    let connected = match security {
        Security::StartTls => connector.connect(&target, &mut random()).await,
        Security::Direct => connector.connect_directly(&target, address).await,
    };
    let result = connected.map(|(_, link)| link.tls_exporter);
    (result, server.await.expect("a server"))
}

/// A bad certificate, made with the help of an authority that is trusted.
type Bad = (&'static str, CertificateFault, fn(&Authority) -> Identity);

const BAD: [Bad; 13] = [
    ("another name", WrongName, |ours| ours.identity_with(&["evil.example"], |_| ())),
    ("the address", WrongName, |ours| ours.identity_with(&["127.0.0.1", "localhost"], |_| ())),
    ("a part of the name", WrongName, |ours| ours.identity_with(&["org", "mple.org"], |_| ())),
    ("a wildcard below", WrongName, |ours| ours.identity_with(&["*.example.org"], |_| ())),
    ("a longer name", WrongName, |ours| ours.identity_with(&["example.org.evil.example"], |_| ())),
    ("only a common name", WrongName, |ours| {
        ours.identity_with(&[], |params| params.distinguished_name.push(DnType::CommonName, DOMAIN))
    }),
    ("expired", Expired, |ours| {
        ours.identity_with(&[DOMAIN], |params| {
            params.not_before = date_time_ymd(2000, 1, 1);
            params.not_after = date_time_ymd(2001, 1, 1);
        })
    }),
    ("not yet valid", NotYetValid, |ours| {
        ours.identity_with(&[DOMAIN], |params| params.not_before = date_time_ymd(4000, 1, 1))
    }),
    ("self-signed", UnknownIssuer, |_| Identity::self_signed(&[DOMAIN], |_| ())),
    ("self-signed as an authority", UnknownIssuer, |_| {
        Identity::self_signed(&[DOMAIN], |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained))
    }),
    ("unknown authority", UnknownIssuer, |_| Authority::new("Theirs").identity()),
    ("another authority of the same name", UnknownIssuer, |_| Authority::new("Ours").identity()),
    ("not for servers", Invalid, |ours| {
        ours.identity_with(&[DOMAIN], |params| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        })
    }),
];

#[tokio::test]
async fn a_bad_certificate_gets_nothing() {
    let ours = Authority::new("Ours");
    let tls = ours.trusted();
    for (name, fault, identity) in BAD {
        for security in BOTH {
            let (result, read) = offer(&tls, identity(&ours), security).await;
            assert_eq!(result, Err(Problem::Certificate(fault)), "{name}, {security:?}");
            assert_eq!(read, "", "{name}, {security:?}");
        }
    }
}

#[tokio::test]
async fn a_good_certificate_is_taken() {
    let ours = Authority::new("Ours");
    let tls = ours.trusted();
    for security in BOTH {
        for names in [&[DOMAIN][..], &["other.example", "EXAMPLE.org"], &["*.org", DOMAIN]] {
            let (result, read) = offer(&tls, ours.identity_with(names, |_| ()), security).await;
            assert!(matches!(result, Ok(Some(_))), "{names:?}, {security:?}: {result:?}");
            assert_eq!(read, "a stream");
        }
    }
}

#[tokio::test]
async fn the_name_is_ascii_in_tls_and_unicode_in_the_stream() {
    let ours = Authority::new("Ours");
    let (listener, address) = listener().await;
    let acceptor = ours.identity_with(&["xn--bcher-kva.example"], |_| ()).acceptor();
    let server = tokio::spawn(async move {
        let mut peer = Peer::accept(&listener).await.starttls(&acceptor).await.expect("TLS");
        assert_eq!(peer.server_name().as_deref(), Some("xn--bcher-kva.example"));
        peer.expect("<stream:stream").await.unwrap();
        peer.expect("\u{fc}cher.example").await.unwrap();
        peer.begin_after_header(FEATURES).await.unwrap();
        peer.rest().await
    });
    let target = Target { domain: "xn--bcher-kva.example".to_owned(), ..target(address) };
    let (transport, _) = connector(ours.trusted()).connect(&target, &mut random()).await.unwrap();
    drop(transport);
    server.await.unwrap();
}

#[tokio::test]
async fn a_private_authority_is_read_from_a_file() {
    let ours = Authority::new("Ours");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, ours.pem()).unwrap();
    let tls = Tls::new(&Roots { extra: Some(path.clone()) }).unwrap();
    let (result, _) = offer(&tls, ours.identity(), Security::StartTls).await;
    assert!(matches!(result, Ok(Some(_))), "{result:?}");
    let (result, _) = offer(&tls, Authority::new("Theirs").identity(), Security::StartTls).await;
    assert_eq!(result, Err(Problem::Certificate(CertificateFault::UnknownIssuer)));

    std::fs::write(&path, "-----BEGIN CERTIFICATE-----\nnonsense").unwrap();
    assert_eq!(Tls::new(&Roots { extra: Some(path) }).err(), Some(Problem::TlsFailed));
    let missing = folder.path().join("missing.pem");
    assert_eq!(Tls::new(&Roots { extra: Some(missing) }).err(), Some(Problem::TlsFailed));
}

#[tokio::test]
async fn the_channel_is_bound_on_tls_1_3_alone() {
    let ours = Authority::new("Ours");
    for (versions, is_bound) in [(rustls::ALL_VERSIONS, true), (&[&TLS12][..], false)] {
        let (listener, address) = listener().await;
        let acceptor = ours.identity().acceptor_of(versions);
        let server = tokio::spawn(async move {
            let mut peer = Peer::accept(&listener).await.starttls(&acceptor).await.expect("TLS");
            peer.begin(FEATURES).await.expect("a client");
            (peer.exporter(), peer.rest().await)
        });
        let (mut transport, link) =
            connector(ours.trusted()).connect(&target(address), &mut random()).await.unwrap();
        assert!(
            matches!(transport.next().await, Ok(Arrival::Element(features)) if features.name() == "features")
        );
        assert_eq!(link.stream_id.as_deref(), Some("s1"));
        drop(transport);
        let (exporter, _) = server.await.unwrap();
        assert_eq!(link.tls_exporter, is_bound.then_some(exporter));
    }
}
