//! What the tests share: certificates, and a server's end of a connection.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use causerie_model::ServerAddress;
use causerie_protocol::Target;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::breaker::Breaker;
use crate::connect::{Connector, Patience};
use crate::guard::Limits;
use crate::resolve::Dns;
use crate::tls::Tls;

/// The domain of the tests' account.
pub(crate) const DOMAIN: &str = "example.org";
/// The header of a server's stream.
pub(crate) const HEADER: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0' xml:lang='en'>";
/// Features that offer nothing.
pub(crate) const FEATURES: &str = "<stream:features/>";
/// Features that offer TLS.
pub(crate) const STARTTLS: &str = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>";
pub(crate) const PROCEED: &str = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

/// An authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub(crate) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// Trusts this authority and no other.
    pub(crate) fn trusted(&self) -> Tls {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).expect("a certificate");
        Tls::trusting(roots).expect("a configuration")
    }

    /// A good certificate.
    pub(crate) fn identity(&self) -> Identity {
        self.identity_with(&[DOMAIN], |_| ())
    }

    pub(crate) fn identity_with(
        &self,
        names: &[&str],
        edit: impl FnOnce(&mut CertificateParams),
    ) -> Identity {
        let (params, key) = params(names, edit);
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        Identity { chain: vec![certificate.der().clone()], key }
    }
}

impl Identity {
    pub(crate) fn self_signed(names: &[&str], edit: impl FnOnce(&mut CertificateParams)) -> Self {
        let (params, key) = params(names, edit);
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { chain: vec![certificate.der().clone()], key }
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor_of(rustls::ALL_VERSIONS)
    }

    pub(crate) fn acceptor_of(&self, versions: &[&'static SupportedProtocolVersion]) -> TlsAcceptor {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder =
            ServerConfig::builder_with_provider(provider).with_protocol_versions(versions).expect("versions");
        let mut config =
            builder.with_no_client_auth().with_single_cert(self.chain.clone(), key).expect("a certificate");
        config.alpn_protocols = vec![b"xmpp-client".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }
}

fn params(names: &[&str], edit: impl FnOnce(&mut CertificateParams)) -> (CertificateParams, KeyPair) {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names");
    params.distinguished_name = rcgen::DistinguishedName::new();
    edit(&mut params);
    (params, KeyPair::generate().expect("a key"))
}

/// A server's end of a connection, before or after TLS.
pub(crate) struct Peer<Io> {
    io: Io,
    /// What was read and not yet asked for.
    unread: String,
}

impl Peer<TcpStream> {
    pub(crate) async fn accept(listener: &TcpListener) -> Self {
        Self::new(listener.accept().await.expect("a client").0)
    }

    /// A client that something was said to already.
    pub(crate) fn of(tcp: TcpStream) -> Self {
        Self::new(tcp)
    }

    pub(crate) async fn tls(self, acceptor: &TlsAcceptor) -> io::Result<Peer<TlsStream<TcpStream>>> {
        assert_eq!(self.unread, "");
        Ok(Peer::new(acceptor.accept(self.io).await?))
    }

    /// Plays the server's part up to the end of the TLS handshake.
    pub(crate) async fn starttls(mut self, acceptor: &TlsAcceptor) -> io::Result<Peer<TlsStream<TcpStream>>> {
        self.expect("<stream:stream").await?;
        self.expect(">").await?;
        self.say(HEADER).await?;
        self.say(STARTTLS).await?;
        self.expect("</starttls>").await?;
        self.say(PROCEED).await?;
        self.tls(acceptor).await
    }
}

impl Peer<TlsStream<TcpStream>> {
    pub(crate) fn alpn(&self) -> Option<String> {
        self.io.get_ref().1.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned())
    }

    pub(crate) fn exporter(&self) -> [u8; 32] {
        let (_, connection) = self.io.get_ref();
        connection
            .export_keying_material([0; 32], b"EXPORTER-Channel-Binding", Some(&[]))
            .expect("a connection")
    }

    pub(crate) fn server_name(&self) -> Option<String> {
        self.io.get_ref().1.server_name().map(str::to_owned)
    }

    /// Answers the stream header.
    pub(crate) async fn begin(&mut self, features: &str) -> io::Result<()> {
        self.expect("<stream:stream").await?;
        self.begin_after_header(features).await
    }

    /// Answers a stream header that has been read in part.
    pub(crate) async fn begin_after_header(&mut self, features: &str) -> io::Result<()> {
        self.expect(">").await?;
        self.say(HEADER).await?;
        self.say(features).await
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Peer<Io> {
    fn new(io: Io) -> Self {
        Self { io, unread: String::new() }
    }

    /// Reads up to the end of this text, and gives all up to there.
    pub(crate) async fn expect(&mut self, text: &str) -> io::Result<String> {
        let mut seen = 0;
        loop {
            if let Some(at) = self.unread.get(seen..).and_then(|new| new.find(text)) {
                let rest = self.unread.split_off(seen + at + text.len());
                return Ok(std::mem::replace(&mut self.unread, rest));
            }
            seen = self.unread.floor_char_boundary(self.unread.len().saturating_sub(text.len()));
            let mut bytes = [0; 4096];
            match self.io.read(&mut bytes).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.unread.push_str(&String::from_utf8_lossy(&bytes[..count])),
            }
        }
    }

    pub(crate) async fn say(&mut self, text: &str) -> io::Result<()> {
        self.io.write_all(text.as_bytes()).await?;
        self.io.flush().await
    }

    /// Everything that is sent until the client has gone.
    pub(crate) async fn rest(mut self) -> String {
        let mut bytes = self.unread.into_bytes();
        // A client that aborts is as gone as one that closes.
        let _ = self.io.read_to_end(&mut bytes).await;
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What was sent and not yet asked for, as far as it has arrived within a moment.
    pub(crate) async fn sent_by_now(&mut self) -> String {
        let mut bytes = [0; 4096];
        let moment = Duration::from_millis(50);
        if let Ok(Ok(count)) = tokio::time::timeout(moment, self.io.read(&mut bytes)).await {
            self.unread.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        self.unread.clone()
    }
}

pub(crate) async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// The tests' account at this server.
pub(crate) fn target(address: SocketAddr) -> Target {
    let server = ServerAddress { host: address.ip().to_string(), port: address.port() };
    Target { domain: DOMAIN.to_owned(), server: Some(server), account: None }
}

pub(crate) fn connector(tls: Tls) -> Connector {
    let breaker = Breaker::default();
    let route = crate::Route::Straight;
    Connector { dns: Dns::System, route, tls, limits: Limits::PRODUCT, patience: Patience::PRODUCT, breaker }
}

pub(crate) fn random() -> StdRng {
    StdRng::seed_from_u64(7)
}
