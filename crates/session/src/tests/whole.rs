//! The whole of it: the real brain and the real ledger, against servers that are after the password.

use causerie_model::{
    BareJid, CertificateFault, Command, Connection, Event, Password, Problem, ServerAddress,
};
use causerie_store::{Options, Store};
use tokio::net::TcpListener;

use crate::tests::lab::{Authority, FEATURES, HEADER, Peer, listener};
use crate::{Config, Events, Handle, Roots, spawn};

const PASSWORD: &str = "correct horse";
/// The same, as PLAIN has it: "\0alice\0correct horse".
const PLAIN: &str = "AGFsaWNlAGNvcnJlY3QgaG9yc2U=";
const OFFER_PLAIN: &str = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
    <mechanism>PLAIN</mechanism><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>";

/// Alice's account, at a server that the test plays.
struct Alice {
    handle: Handle,
    events: Events,
    listener: TcpListener,
    authority: Authority,
    _folder: tempfile::TempDir,
}

impl Alice {
    async fn connecting() -> Self {
        let authority = Authority::new("Ours");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, authority.pem()).expect("a file");
        let (store, _) = Store::open(&folder.path().join("data"), Options::default()).expect("a ledger");
        let (listener, address) = listener().await;
        let server = ServerAddress { host: address.ip().to_string(), port: address.port() };
        let jid = BareJid::new("alice@example.org").expect("an address");
        let account = store.add_account(&jid, Some(server)).await.expect("an account");
        let mut config = Config::new(account, Some(Password::new(PASSWORD.to_owned())));
        config.roots = Roots { extra: Some(path) };
        let (handle, events) = spawn(config, store).expect("a thread");
        handle.send(Command::Connect);
        Self { handle, events, listener, authority, _folder: folder }
    }

    /// Awaits the end of all tries, which must be this.
    async fn stops_with(&mut self, problem: &Problem) {
        let stopped = Event::ConnectionChanged(Connection::Stopped(problem.clone()));
        loop {
            for event in self.events.recv_batch().await.expect("an actor") {
                if event == stopped {
                    return;
                }
                assert!(
                    !matches!(
                        event,
                        Event::ConnectionChanged(Connection::Waiting { .. } | Connection::Online)
                    ),
                    "{event:?}"
                );
            }
        }
    }

    /// Asserts that nobody connects any more, not even when the network has changed.
    async fn stays_quiet(self) {
        self.handle.send(Command::NetworkChanged);
        let again = tokio::time::timeout(std::time::Duration::from_millis(200), self.listener.accept()).await;
        assert!(again.is_err());
        self.handle.quit();
        self.handle.ended().await;
    }
}

#[tokio::test]
async fn a_bad_certificate_stops_it_after_one_try() {
    let mut alice = Alice::connecting().await;
    let acceptor = alice.authority.identity_with(&["evil.example"], |_| ()).acceptor();
    let peer = Peer::accept(&alice.listener).await;
    assert!(peer.starttls(&acceptor).await.is_err());
    alice.stops_with(&Problem::Certificate(CertificateFault::WrongName)).await;
    alice.stays_quiet().await;
}

#[tokio::test]
async fn without_tls_no_password() {
    let mut alice = Alice::connecting().await;
    let mut peer = Peer::accept(&alice.listener).await;
    peer.say(&format!("{HEADER}{OFFER_PLAIN}")).await.unwrap();
    let read = peer.rest().await;
    // Perhaps TLS from the first byte?
    let second = Peer::accept(&alice.listener).await.sent_by_now().await;
    for read in [&read, &second] {
        assert!(!read.contains("auth") && !read.contains(PLAIN) && !read.contains("alice"), "{read}");
    }
    // A server that is being set up anew, perhaps: it is tried again, in the same way.
    let waits = |event: &Event| {
        matches!(event, Event::ConnectionChanged(Connection::Waiting { problem: Problem::NoTls, .. }))
    };
    while !alice.events.recv_batch().await.expect("an actor").iter().any(waits) {}
}

#[tokio::test]
async fn a_password_is_not_given_away_as_it_is() {
    let mut alice = Alice::connecting().await;
    let acceptor = alice.authority.identity().acceptor();
    let mut peer = Peer::accept(&alice.listener).await.starttls(&acceptor).await.unwrap();
    peer.begin(OFFER_PLAIN).await.unwrap();
    let read = peer.rest().await;
    assert!(!read.contains("<auth") && !read.contains(PLAIN), "{read}");
    alice.stops_with(&Problem::PlainOnly).await;

    // With the person's consent, inside of TLS, it is.
    alice.handle.send(Command::AllowPlain);
    let mut peer = Peer::accept(&alice.listener).await.starttls(&acceptor).await.unwrap();
    peer.begin(OFFER_PLAIN).await.unwrap();
    assert!(peer.expect(PLAIN).await.unwrap().contains("PLAIN"));
    peer.say("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>").await.unwrap();
    alice.stops_with(&Problem::WrongPassword).await;
    drop(peer);
    alice.stays_quiet().await;
}

#[tokio::test]
async fn a_server_that_lets_in_without_proof_is_left() {
    let mut alice = Alice::connecting().await;
    let acceptor = alice.authority.identity().acceptor();
    let mut peer = Peer::accept(&alice.listener).await.starttls(&acceptor).await.unwrap();
    peer.begin(&OFFER_PLAIN.replace("PLAIN", "SCRAM-SHA-256")).await.unwrap();
    peer.expect("</auth>").await.unwrap();
    peer.say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>").await.unwrap();
    // It would have begun the stream anew.
    assert!(!peer.rest().await.contains("<stream:stream"));
    alice.stops_with(&Problem::ServerNotProved).await;
    alice.stays_quiet().await;
}

#[tokio::test]
async fn a_server_without_any_way_in_is_too_weak() {
    let mut alice = Alice::connecting().await;
    let acceptor = alice.authority.identity().acceptor();
    let mut peer = Peer::accept(&alice.listener).await.starttls(&acceptor).await.unwrap();
    peer.begin(FEATURES).await.unwrap();
    assert!(!peer.rest().await.contains("<auth"));
    alice.stops_with(&Problem::ServerTooWeak).await;
    alice.stays_quiet().await;
}

#[tokio::test]
async fn a_conflict_is_not_fought_about() {
    let mut alice = Alice::connecting().await;
    let acceptor = alice.authority.identity().acceptor();
    let mut peer = Peer::accept(&alice.listener).await.starttls(&acceptor).await.unwrap();
    peer.begin(OFFER_PLAIN).await.unwrap();
    alice.stops_with(&Problem::PlainOnly).await;
    alice.handle.send(Command::AllowPlain);
    let mut peer = Peer::accept(&alice.listener).await.starttls(&acceptor).await.unwrap();
    peer.begin(OFFER_PLAIN).await.unwrap();
    peer.expect("</auth>").await.unwrap();
    peer.say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>").await.unwrap();
    peer.begin("<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>")
        .await
        .unwrap();
    peer.expect("</bind>").await.unwrap();
    peer.say(
        "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
    )
    .await
    .unwrap();
    alice.stops_with(&Problem::Conflict).await;
    drop(peer);
    alice.stays_quiet().await;
}
