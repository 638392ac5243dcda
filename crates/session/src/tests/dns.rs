//! What DNS says, and what it can't say.

use std::net::SocketAddr;

use causerie_model::{CertificateFault, Problem};
use causerie_protocol::Target;
use hickory_resolver::proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, SRV};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::net::{TcpListener, UdpSocket};

use crate::connect::{Connector, Patience};
use crate::resolve::{Dns, Endpoint, Resolver, Security};
use crate::tests::lab::{Authority, DOMAIN, FEATURES, Peer, connector, listener, random};

/// A record: its name, and what it says.
pub(crate) type Line = (&'static str, RData);

pub(crate) fn srv(priority: u16, port: u16, target: &str) -> RData {
    RData::SRV(SRV::new(priority, 0, port, Name::from_ascii(target).expect("a name")))
}

/// Answers from these records, until the test ends.
pub(crate) async fn serve(lines: Vec<Line>) -> Dns {
    answer(lines, ResponseCode::NXDomain).await
}

/// Answers from these records, and with an error where there are none, until the test ends.
pub(crate) async fn serve_or_fail(lines: Vec<Line>) -> Dns {
    answer(lines, ResponseCode::ServFail).await
}

async fn answer(lines: Vec<Line>, otherwise: ResponseCode) -> Dns {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    let address: SocketAddr = socket.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut bytes = [0; 4096];
        while let Ok((count, from)) = socket.recv_from(&mut bytes).await {
            let Ok(asked) = Message::from_vec(&bytes[..count]) else { continue };
            let mut answer = Message::new(asked.metadata.id, MessageType::Response, OpCode::Query);
            for query in &asked.queries {
                for (name, data) in &lines {
                    let name = Name::from_ascii(name).expect("a name");
                    let is_asked = match data {
                        RData::SRV(_) => query.query_type() == RecordType::SRV,
                        RData::AAAA(_) => query.query_type() == RecordType::AAAA,
                        _ => query.query_type() == RecordType::A,
                    };
                    if is_asked && *query.name() == name {
                        answer.add_answer(Record::from_rdata(name, 60, data.clone()));
                    }
                }
                answer.add_query(query.clone());
            }
            if answer.answers.is_empty() {
                answer.metadata.response_code = otherwise;
            }
            let _ = socket.send_to(&answer.to_vec().expect("a message"), from).await;
        }
    });
    Dns::Server(address)
}

fn domain() -> Target {
    Target { domain: DOMAIN.to_owned(), server: None, account: None }
}

async fn endpoints(lines: Vec<Line>) -> Result<Vec<Endpoint>, Problem> {
    Resolver::new(serve(lines).await).endpoints(&domain(), &mut random()).await
}

#[tokio::test]
async fn services_are_found() {
    let found = endpoints(vec![
        ("_xmpp-client._tcp.example.org.", srv(10, 5222, "a.example.net.")),
        ("_xmpps-client._tcp.example.org.", srv(5, 5223, "b.example.net.")),
        ("_xmpps-client._tcp.example.org.", srv(20, 443, "c.example.net.")),
        ("_xmpp-client._tcp.other.org.", srv(1, 1, "evil.example.")),
    ])
    .await
    .unwrap();
    let expected = [
        ("b.example.net", 5223, Security::Direct),
        ("a.example.net", 5222, Security::StartTls),
        ("c.example.net", 443, Security::Direct),
    ]
    .map(|(host, port, security)| Endpoint { host: host.to_owned(), port, security });
    assert_eq!(found, expected);
}

#[tokio::test]
async fn no_service_is_no_service() {
    let none = vec![("_xmpp-client._tcp.example.org.", srv(0, 0, "."))];
    assert_eq!(endpoints(none).await, Err(Problem::NoService));
}

#[tokio::test]
async fn without_records_the_domain_itself_is_tried() {
    let found = endpoints(Vec::new()).await.unwrap();
    assert_eq!(found, [Endpoint { host: DOMAIN.to_owned(), port: 5222, security: Security::StartTls }]);
}

#[tokio::test]
async fn a_host_without_addresses_is_unknown() {
    let dns = serve(vec![("a.example.net.", RData::A(A::new(127, 0, 0, 1)))]).await;
    let resolver = Resolver::new(dns);
    assert_eq!(resolver.addresses("a.example.net").await.unwrap(), [std::net::IpAddr::from([127, 0, 0, 1])]);
    assert_eq!(resolver.addresses("b.example.net").await, Err(Problem::UnknownHost));
    assert_eq!(resolver.addresses("10.1.2.3").await.unwrap(), [std::net::IpAddr::from([10, 1, 2, 3])]);
}

#[tokio::test]
async fn dns_never_changes_whose_certificate_is_wanted() {
    let ours = Authority::new("Ours");
    for (names, expected) in
        [(&["evil.example"][..], Err(Problem::Certificate(CertificateFault::WrongName))), (&[DOMAIN], Ok(()))]
    {
        let (listener, address) = listener().await;
        let dns = serve(vec![
            ("_xmpps-client._tcp.example.org.", srv(1, address.port(), "evil.example.")),
            ("evil.example.", RData::A(A::new(127, 0, 0, 1))),
        ])
        .await;
        let acceptor = ours.identity_with(names, |_| ()).acceptor();
        let server = tokio::spawn(async move {
            let Ok(mut peer) = Peer::accept(&listener).await.tls(&acceptor).await else {
                return String::new();
            };
            let _ = peer.begin(FEATURES).await;
            peer.rest().await
        });
        let connector = Connector { dns, ..connector(ours.trusted()) };
        let connected = connector.connect(&domain(), &mut random()).await;
        assert_eq!(connected.map(drop), expected);
        assert_eq!(server.await.unwrap(), "");
    }
}

/// Plays a server with a good certificate to the first client.
fn play(listener: TcpListener, ours: &Authority) -> tokio::task::JoinHandle<()> {
    let acceptor = ours.identity().acceptor();
    tokio::spawn(async move {
        let mut peer = Peer::accept(&listener).await.starttls(&acceptor).await.expect("TLS");
        peer.begin(FEATURES).await.expect("a client");
        peer.rest().await;
    })
}

#[tokio::test]
async fn dead_servers_and_names_without_addresses_are_gone_past() {
    let ours = Authority::new("Ours");
    let (dead, refused) = listener().await;
    drop(dead);
    let (listener, address) = listener().await;
    let dns = serve(vec![
        ("_xmpp-client._tcp.example.org.", srv(1, 5222, "nowhere.example.")),
        ("_xmpp-client._tcp.example.org.", srv(2, refused.port(), "chat.example.")),
        ("_xmpp-client._tcp.example.org.", srv(3, address.port(), "chat.example.")),
        ("chat.example.", RData::A(A::new(127, 0, 0, 1))),
    ])
    .await;
    let server = play(listener, &ours);
    let connector = Connector { dns, ..connector(ours.trusted()) };
    drop(connector.connect(&domain(), &mut random()).await.unwrap());
    server.await.unwrap();
}

#[tokio::test]
async fn a_network_without_ipv4_is_enough() {
    let ours = Authority::new("Ours");
    let listener = TcpListener::bind("[::1]:0").await.expect("this machine has IPv6");
    let dns = serve(vec![
        ("_xmpp-client._tcp.example.org.", srv(1, listener.local_addr().unwrap().port(), "chat.example.")),
        ("chat.example.", RData::AAAA(AAAA::new(0, 0, 0, 0, 0, 0, 0, 1))),
    ])
    .await;
    let server = play(listener, &ours);
    let connector = Connector { dns, ..connector(ours.trusted()) };
    drop(connector.connect(&domain(), &mut random()).await.unwrap());
    server.await.unwrap();
}

#[tokio::test]
async fn a_name_server_that_says_nothing_is_a_network_that_is_not_there() {
    let silent = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    let dns = Dns::Server(silent.local_addr().expect("an address"));
    let patience = Patience { resolve: std::time::Duration::from_millis(300), ..Patience::PRODUCT };
    let connector = Connector { dns, patience, ..connector(Authority::new("Ours").trusted()) };
    assert_eq!(connector.connect(&domain(), &mut random()).await.err(), Some(Problem::NoNetwork));
}
