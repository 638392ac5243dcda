//! What an honest server would say in SCRAM: it knows the key that we know.
//!
//! Gives names to transcripts: `$nonce` (ours), `$proof` (ours) and `$signature` (the server's).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use causerie_protocol::{DeriveKey, HashFunction, SaltedPassword};
use hmac::{Hmac, Mac};
use minidom::Element;
use sha1::Sha1;
use sha2::Sha256;

use crate::pattern::Captures;

const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";

/// Follows an exchange.
#[derive(Default)]
pub struct Server {
    key: Option<(HashFunction, Vec<u8>)>,
    client_first_bare: String,
    challenge: String,
}

impl Server {
    /// A key was computed. It holds until the next one: reconnecting computes none.
    pub fn derived(&mut self, request: &DeriveKey, key: &SaltedPassword) {
        self.key = Some((request.hash, key.0.clone()));
    }

    /// The server says something.
    pub fn says(&mut self, element: &Element) {
        if element.is("challenge", SASL) {
            self.challenge = plain(element).unwrap_or_default();
        }
    }

    /// The client says something.
    pub fn hears(&mut self, element: &Element, captures: &mut Captures) {
        let Some(text) = plain(element).filter(|_| element.has_ns(SASL)) else { return };
        if element.name() == "auth" {
            self.client_first_bare = text.splitn(3, ',').nth(2).unwrap_or_default().to_owned();
            if let Some((_, nonce)) = self.client_first_bare.split_once(",r=") {
                captures.0.insert("nonce".to_owned(), nonce.to_owned());
            }
        }
        if let (Some((hash, key)), Some((without_proof, proof))) = (&self.key, text.split_once(",p=")) {
            let signed = format!("{},{},{without_proof}", self.client_first_bare, self.challenge);
            let server_key = hmac(*hash, key, b"Server Key");
            let signature = BASE64_STANDARD.encode(hmac(*hash, &server_key, signed.as_bytes()));
            captures.0.insert("proof".to_owned(), proof.to_owned());
            captures.0.insert("signature".to_owned(), signature);
        }
    }
}

/// The element with its text readable, as transcripts write it.
pub fn readable(element: &Element, captures: &Captures) -> Option<Element> {
    let mut text = plain(element).filter(|_| element.has_ns(SASL))?.replace('\0', "\\0");
    for name in ["nonce", "proof"] {
        let marker = format!("{}=", &name[..1].replace('n', "r"));
        if let Some(value) = captures.0.get(name) {
            text = text.replace(&format!("{marker}{value}"), &format!("{marker}${name}"));
        }
    }
    let mut shown = Element::bare(element.name(), SASL);
    *shown.attrs_mut() = element.attrs().clone();
    shown.append_text(format!("{{base64:{text}}}"));
    Some(shown)
}

fn plain(element: &Element) -> Option<String> {
    let text = BASE64_STANDARD.decode(element.text().trim()).ok().filter(|text| !text.is_empty())?;
    String::from_utf8(text).ok()
}

fn hmac(hash: HashFunction, key: &[u8], text: &[u8]) -> Vec<u8> {
    match hash {
        HashFunction::Sha1 => {
            let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("any key will do");
            mac.update(text);
            mac.finalize().into_bytes().to_vec()
        }
        HashFunction::Sha256 => {
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key will do");
            mac.update(text);
            mac.finalize().into_bytes().to_vec()
        }
    }
}
