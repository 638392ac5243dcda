//! A private certificate authority, and the certificates that it gives: good ones, and one of each kind that must be
//! refused.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// It is for another name.
    WrongName,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// It vouches for itself.
    SelfSigned,
    /// Somebody vouches for it whom nobody knows.
    UnknownAuthority,
}

impl Flaw {
    /// All that must be refused.
    pub const ALL: [Self; 5] =
        [Self::WrongName, Self::Expired, Self::NotYetValid, Self::SelfSigned, Self::UnknownAuthority];
}

/// A certificate authority in a folder.
pub struct Authority {
    folder: PathBuf,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key, as PEM files.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The certificate, and that of its authority.
    pub chain: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Authority {
    /// A new authority whose files are in the folder, which is made.
    ///
    /// # Panics
    ///
    /// When the files can't be written.
    pub fn new(folder: &Path) -> Self {
        fs::create_dir_all(folder).expect("a folder for certificates");
        let issuer = issuer("Causerie tests");
        fs::write(folder.join("ca.pem"), issuer.pem()).expect("ca.pem");
        Self { folder: folder.to_owned(), issuer }
    }

    /// The authority's certificate as a PEM file.
    pub fn file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// A certificate for the domain and what is commonly beside it.
    ///
    /// # Panics
    ///
    /// When it can't be made or written.
    pub fn leaf(&self, domain: &str, flaw: Flaw) -> Leaf {
        let mut params = params(domain, flaw);
        let key = KeyPair::generate().expect("a key");
        let chain = match flaw {
            Flaw::SelfSigned => params.self_signed(&key).expect("a certificate").pem(),
            Flaw::UnknownAuthority => {
                let stranger = issuer("Somebody else");
                params.signed_by(&key, &stranger).expect("a certificate").pem() + &stranger.pem()
            }
            _ => {
                params.use_authority_key_identifier_extension = true;
                params.signed_by(&key, &self.issuer).expect("a certificate").pem() + &self.issuer.pem()
            }
        };
        let name = format!("{domain}-{flaw:?}");
        let leaf = Leaf {
            chain: self.folder.join(format!("{name}.crt")),
            key: self.folder.join(format!("{name}.key")),
        };
        fs::write(&leaf.chain, chain).expect("a file for the certificate");
        fs::write(&leaf.key, key.serialize_pem()).expect("a file for the key");
        leaf
    }
}

fn issuer(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

fn params(domain: &str, flaw: Flaw) -> CertificateParams {
    let names = match flaw {
        Flaw::WrongName => vec!["wrong.example".to_owned()],
        _ => {
            let beside = ["", "rooms.", "conference.", "upload.", "proxy.", "pubsub."];
            beside.into_iter().map(|prefix| format!("{prefix}{domain}")).collect()
        }
    };
    let mut params = CertificateParams::new(names).expect("names of hosts");
    params.distinguished_name.push(DnType::CommonName, domain);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let (from, to) = match flaw {
        Flaw::Expired => (2020, 2021),
        Flaw::NotYetValid => (2048, 2049),
        _ => (2020, 2049),
    };
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 12, 31);
    params
}
