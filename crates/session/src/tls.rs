//! TLS, and who may be at its other end.
//!
//! The certificate must be good for the domain of the account, whatever DNS said about where to connect (RFC 6120 section
//! 13.7.2, RFC 6125). There is no way to switch that off; a private authority is added as a root of its own.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use causerie_model::{CertificateFault, Problem};
use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ProtocolVersion, RootCertStore};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::resolve::Security;
use crate::wire::Wire;

/// The protocol's name in direct TLS (XEP-0368 1.1, section 3).
const ALPN: &[u8] = b"xmpp-client";
/// Of RFC 9266.
const EXPORTER_LABEL: &[u8] = b"EXPORTER-Channel-Binding";

/// Whom to trust besides the authorities that the system trusts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roots {
    /// A PEM file with certificates of private authorities.
    pub extra: Option<PathBuf>,
}

/// Ready to open TLS connections.
#[derive(Clone, Debug)]
pub struct Tls {
    direct: Arc<ClientConfig>,
    starttls: Arc<ClientConfig>,
}

impl Tls {
    /// Reads the authorities from the system and the file. Takes a while: call it where nobody waits.
    ///
    /// [`Problem::TlsFailed`] when there are none, or when the file can't be read.
    pub fn new(roots: &Roots) -> Result<Self, Problem> {
        let mut store = RootCertStore::empty();
        let native = rustls_native_certs::load_native_certs();
        let (added, ignored) = store.add_parsable_certificates(native.certs);
        tracing::debug!(added, ignored, errors = native.errors.len(), "authorities of the system");
        if let Some(path) = &roots.extra {
            let unreadable = |error: rustls::pki_types::pem::Error| {
                tracing::warn!(path = %path.display(), %error, "the file of extra authorities can't be read");
                Problem::TlsFailed
            };
            for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
                store.add(certificate.map_err(unreadable)?).map_err(|_| Problem::TlsFailed)?;
            }
        }
        Self::trusting(store)
    }

    pub(crate) fn trusting(roots: RootCertStore) -> Result<Self, Problem> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions().map_err(|_| Problem::TlsFailed)?;
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        // A resumed session isn't verified again.
        config.resumption = Resumption::disabled();
        let starttls = Arc::new(config.clone());
        config.alpn_protocols = vec![ALPN.to_vec()];
        Ok(Self { direct: Arc::new(config), starttls })
    }

    /// Begins TLS with whoever bears a good certificate for `domain` (in ASCII, or an IP address).
    pub async fn handshake(
        &self,
        tcp: Wire,
        domain: &str,
        security: Security,
    ) -> Result<TlsStream<Wire>, Problem> {
        let name = ServerName::try_from(domain.to_owned()).map_err(|_| Problem::UnknownHost)?;
        let config = match security {
            Security::Direct => &self.direct,
            Security::StartTls => &self.starttls,
        };
        TlsConnector::from(Arc::clone(config)).connect(name, tcp).await.map_err(|error| problem(&error))
    }
}

/// The channel's `tls-exporter` binding (RFC 9266): on TLS 1.3 only, where it is safe without more ado.
#[must_use]
pub fn exporter(tls: &TlsStream<Wire>) -> Option<[u8; 32]> {
    let (_, connection) = tls.get_ref();
    if connection.protocol_version() != Some(ProtocolVersion::TLSv1_3) {
        return None;
    }
    connection.export_keying_material([0; 32], EXPORTER_LABEL, Some(&[])).ok()
}

fn problem(error: &io::Error) -> Problem {
    match error.get_ref().and_then(|inner| inner.downcast_ref()) {
        Some(rustls::Error::InvalidCertificate(fault)) => Problem::Certificate(certificate_fault(fault)),
        Some(rustls::Error::NoCertificatesPresented) => Problem::Certificate(CertificateFault::Invalid),
        Some(fault) => {
            tracing::debug!(%fault, "TLS failed");
            Problem::TlsFailed
        }
        None => match error.kind() {
            io::ErrorKind::TimedOut => Problem::TimedOut,
            _ => Problem::TlsFailed,
        },
    }
}

fn certificate_fault(fault: &CertificateError) -> CertificateFault {
    tracing::info!(%fault, "the certificate is refused");
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateFault::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateFault::NotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateFault::WrongName
        }
        // An authority that bears the name of a trusted one, and not its key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => CertificateFault::UnknownIssuer,
        CertificateError::Revoked => CertificateFault::Revoked,
        // A self-signed certificate, as most tools make them, is marked as an authority's own. The verifier says so in
        // an error of its own that is only known by its name.
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            CertificateFault::UnknownIssuer
        }
        _ => CertificateFault::Invalid,
    }
}
