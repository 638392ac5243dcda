//! A server that does what it is told, and nothing else.
//!
//! It listens on a port of loopback and begins with TLS (or StartTLS). The test plays the server: it says bytes and
//! waits for words. The part up to a bound address can be had ready-made.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sha2::{Digest, Sha256};

use crate::authority::{Authority, Flaw};

const PATIENCE: Duration = Duration::from_secs(60);
const HEADER: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' version='1.0' id='hostile' from='";
const SALT: &[u8] = b"salt of the tests";
const ROUNDS: u32 = 4_096;

/// A server that waits to be told what to do.
#[derive(Debug)]
pub struct Hostile {
    domain: String,
    listener: TcpListener,
    config: Arc<ServerConfig>,
}

/// A client's connection, as the server sees it.
pub struct Guest {
    tls: StreamOwned<ServerConnection, TcpStream>,
    domain: String,
    heard: String,
}

impl std::fmt::Debug for Guest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guest").field("domain", &self.domain).finish_non_exhaustive()
    }
}

impl Hostile {
    /// A server of that domain, with a certificate of that authority.
    ///
    /// # Panics
    ///
    /// When there is no port, or the certificate can't be used.
    pub fn new(authority: &Authority, domain: &str, flaw: Flaw) -> Self {
        let leaf = authority.leaf(domain, flaw);
        let chain = CertificateDer::pem_file_iter(&leaf.chain).expect("a chain");
        let chain = chain.collect::<Result<Vec<_>, _>>().expect("certificates");
        let key = PrivateKeyDer::from_pem_file(&leaf.key).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("a certificate and its key");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        Self { domain: domain.to_owned(), listener, config: Arc::new(config) }
    }

    /// Where it listens.
    ///
    /// # Panics
    ///
    /// Never, as far as is known.
    pub fn port(&self) -> u16 {
        self.listener.local_addr().as_ref().map(SocketAddr::port).expect("the port of a listener")
    }

    /// Waits for a client and leads it into TLS by `<starttls/>`.
    ///
    /// # Errors
    ///
    /// When the client doesn't go along.
    pub fn accept(&self) -> io::Result<Guest> {
        let (mut tcp, _) = self.listener.accept()?;
        tcp.set_read_timeout(Some(PATIENCE))?;
        let mut heard = String::new();
        read_until(&mut tcp, &mut heard, ">")?;
        if !heard.contains("<stream:stream") {
            read_until(&mut tcp, &mut heard, "<stream:stream")?;
            read_until(&mut tcp, &mut heard, ">")?;
        }
        write!(
            tcp,
            "{HEADER}{}'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>\
             </starttls></stream:features>",
            self.domain
        )?;
        read_until(&mut tcp, &mut heard, "starttls")?;
        read_until(&mut tcp, &mut heard, ">")?;
        tcp.write_all(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")?;
        let connection = ServerConnection::new(Arc::clone(&self.config)).map_err(io::Error::other)?;
        let mut tls = StreamOwned::new(connection, tcp);
        // Sees to it that a client that refuses the certificate is noticed here.
        while tls.conn.is_handshaking() {
            tls.conn.complete_io(&mut tls.sock)?;
        }
        Ok(Guest { tls, domain: self.domain.clone(), heard: String::new() })
    }

    /// Waits for a client and lets it sign in with that password (SCRAM-SHA-256) and bind a resource.
    ///
    /// # Errors
    ///
    /// When the client doesn't go along.
    pub fn welcome(&self, name: &str, password: &str) -> io::Result<Guest> {
        let mut guest = self.accept()?;
        guest.header()?;
        guest.say(
            "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
             <mechanism>SCRAM-SHA-256</mechanism></mechanisms></stream:features>",
        )?;
        guest.scram(password)?;
        guest.header()?;
        guest.say("<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>")?;
        let request = guest.hear("</iq>")?;
        let id = attribute(&request, "id").ok_or(io::ErrorKind::InvalidData)?;
        let jid = format!("{name}@{}/tests", self.domain);
        guest.say(&format!(
            "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{jid}</jid></bind></iq>"
        ))?;
        Ok(guest)
    }
}

impl Guest {
    /// Says something.
    ///
    /// # Errors
    ///
    /// When the client is gone.
    pub fn say(&mut self, xml: &str) -> io::Result<()> {
        self.tls.write_all(xml.as_bytes())?;
        self.tls.flush()
    }

    /// Reads until that was heard, and gives what was heard up to its end.
    ///
    /// # Errors
    ///
    /// When the client is gone, or doesn't say it in time.
    pub fn hear(&mut self, word: &str) -> io::Result<String> {
        read_until(&mut self.tls, &mut self.heard, word)?;
        let end = self.heard.find(word).map_or(self.heard.len(), |at| at + word.len());
        let rest = self.heard.split_off(end);
        Ok(std::mem::replace(&mut self.heard, rest))
    }

    /// Answers questions of the client with an empty result until it sends an element with `word` in it: a server that knows
    /// nothing. Gives that element's beginning, with that of the `<iq>` around it.
    ///
    /// # Errors
    ///
    /// When the client is gone.
    pub fn answer_until(&mut self, word: &str) -> io::Result<String> {
        let mut question = String::new();
        loop {
            let said = self.hear(">")?;
            let begins = said.contains("<iq");
            if begins {
                question.clear();
            }
            if said.contains(word) {
                return Ok(question + &said);
            }
            if begins {
                question = said;
            } else if said.contains("</iq>") && is_question(&question) {
                let id = attribute(&question, "id").ok_or(io::ErrorKind::InvalidData)?;
                self.say(&format!("<iq type='result' id='{id}'/>"))?;
            }
        }
    }

    /// Whether nothing was said that isn't answered yet, and the client has hung up.
    pub fn is_gone(&mut self) -> bool {
        let mut byte = [0];
        !matches!(self.tls.read(&mut byte), Ok(1))
    }

    /// Hears the client's stream header and answers with our own.
    ///
    /// # Errors
    ///
    /// When the client doesn't open a stream.
    pub fn header(&mut self) -> io::Result<()> {
        self.hear("<stream:stream")?;
        self.hear(">")?;
        let header = format!("{HEADER}{}'>", self.domain);
        self.say(&header)
    }

    /// The server's side of RFC 5802.
    fn scram(&mut self, password: &str) -> io::Result<()> {
        let malformed = || io::Error::from(io::ErrorKind::InvalidData);
        let first = self.hear("</auth>")?;
        let first = decoded(&first).ok_or_else(malformed)?;
        let (gs2, bare) =
            first.split_once("n=").map(|(gs2, rest)| (gs2, format!("n={rest}"))).ok_or_else(malformed)?;
        let nonce = bare.split(',').find_map(|part| part.strip_prefix("r=")).ok_or_else(malformed)?;
        let challenge = format!("r={nonce}tests,s={},i={ROUNDS}", STANDARD.encode(SALT));
        self.say(&format!(
            "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{}</challenge>",
            STANDARD.encode(&challenge)
        ))?;
        let last = decoded(&self.hear("</response>")?).ok_or_else(malformed)?;
        let (without_proof, proof) = last.rsplit_once(",p=").ok_or_else(malformed)?;
        if !without_proof.starts_with(&format!("c={},", STANDARD.encode(gs2))) {
            return Err(malformed());
        }
        let salted = salted(password);
        let signed = format!("{bare},{challenge},{without_proof}");
        let client_key = mac(&salted, b"Client Key");
        let signature = mac(&Sha256::digest(&client_key), signed.as_bytes());
        let expected: Vec<u8> = client_key.iter().zip(&signature).map(|(key, byte)| key ^ byte).collect();
        if STANDARD.encode(expected) != proof {
            self.say("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>")?;
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let verifier = mac(&mac(&salted, b"Server Key"), signed.as_bytes());
        let success = STANDARD.encode(format!("v={}", STANDARD.encode(verifier)));
        self.say(&format!("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{success}</success>"))
    }
}

fn is_question(iq: &str) -> bool {
    matches!(attribute(iq, "type").as_deref(), Some("get" | "set"))
}

/// The value of the last attribute of that name.
pub fn attribute(said: &str, name: &str) -> Option<String> {
    ['\'', '"'].into_iter().find_map(|quote| {
        let start = format!(" {name}={quote}");
        let value = said.rsplit_once(&start)?.1.split(quote).next()?;
        Some(value.to_owned())
    })
}

/// The text of an element, out of Base64.
fn decoded(element: &str) -> Option<String> {
    let text = element.rsplit_once("</")?.0.rsplit_once('>')?.1;
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

fn salted(password: &str) -> [u8; 32] {
    let mut key = [0; 32];
    pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), SALT, ROUNDS, &mut key);
    key
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// Reads until `word` was heard. What comes after it stays in `heard` too.
fn read_until(from: &mut impl Read, heard: &mut String, word: &str) -> io::Result<()> {
    let end = Instant::now() + PATIENCE;
    let mut piece = [0; 4_096];
    while !heard.contains(word) {
        if Instant::now() > end {
            return Err(io::ErrorKind::TimedOut.into());
        }
        match from.read(&mut piece)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => heard.push_str(&String::from_utf8_lossy(&piece[..count])),
        }
    }
    Ok(())
}
