//! What an honest server would say in SCRAM: it knows the key that we know.
//!
//! Gives names to transcripts: `$nonce` (ours), `$proof` (ours), `$signature` (the server's) and `$offered` (the server's, of XEP-0474).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use causerie_protocol::{DeriveKey, HashFunction, SaltedPassword};
use hmac::{Hmac, Mac};
use minidom::Element;
use sha1::Sha1;
use sha2::Sha256;

use crate::pattern::Captures;

const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
const SASL2: &str = "urn:xmpp:sasl:2";

/// Follows an exchange.
#[derive(Default)]
pub struct Server {
    key: Option<(HashFunction, Vec<u8>)>,
    client_first_bare: String,
    challenge: String,
    features: Option<Element>,
}

impl Server {
    /// A key was computed. It holds until the next one: reconnecting computes none.
    pub fn derived(&mut self, request: &DeriveKey, key: &SaltedPassword) {
        self.key = Some((request.hash, key.0.clone()));
    }

    /// The server says something.
    pub fn says(&mut self, element: &Element) {
        if element.is("challenge", SASL) || element.is("challenge", SASL2) {
            self.challenge = plain(&element.text()).unwrap_or_default();
        }
        if element.is("features", "http://etherx.jabber.org/streams") {
            self.features = Some(element.clone());
        }
    }

    /// The client says something.
    pub fn hears(&mut self, element: &Element, captures: &mut Captures) {
        let Some(text) = said(element).and_then(|said| plain(&said)) else { return };
        if let Some(mechanism) = element.attr("mechanism") {
            let offered = self.offered(element.ns().as_str(), mechanism);
            captures.0.insert("offered".to_owned(), offered.unwrap_or_default());
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

impl Server {
    /// The list of what was offered, as its hash.
    fn offered(&self, namespace: &str, mechanism: &str) -> Option<String> {
        let features = self.features.as_ref()?;
        let list = features.children().find(|list| list.has_ns(namespace))?;
        let listed = list.children().filter(|it| it.name() == "mechanism");
        let mut names: Vec<String> = listed.map(Element::text).collect();
        names.sort();
        let mut text = names.join("\u{1e}");
        if let Some(list) = features.children().find(|list| list.name() == "sasl-channel-binding") {
            let mut types: Vec<_> = list.children().filter_map(|it| it.attr("type")).collect();
            types.sort_unstable();
            text += &format!("\u{1f}{}", types.join("\u{1e}"));
        }
        use sha1::Digest as _;
        Some(match mechanism.contains("256") {
            true => BASE64_STANDARD.encode(Sha256::digest(text)),
            false => BASE64_STANDARD.encode(Sha1::digest(text)),
        })
    }
}

/// What an element of ours says in SASL.
fn said(element: &Element) -> Option<String> {
    match element.ns().as_str() {
        SASL => Some(element.text()),
        SASL2 if element.name() == "response" => Some(element.text()),
        SASL2 => Some(element.get_child("initial-response", SASL2)?.text()),
        _ => None,
    }
}

/// The element with its text readable, as transcripts write it.
pub fn readable(element: &Element, captures: &Captures) -> Option<Element> {
    let said = said(element)?;
    let text = match captures.0.get("initiator").filter(|initiator| **initiator == said) {
        Some(_) => "$initiator".to_owned(),
        None => {
            let mut text = plain(&said)?.replace('\0', "\\0");
            for name in ["nonce", "proof"] {
                let marker = format!("{}=", &name[..1].replace('n', "r"));
                if let Some(value) = captures.0.get(name) {
                    text = text.replace(&format!("{marker}{value}"), &format!("{marker}${name}"));
                }
            }
            format!("{{base64:{text}}}")
        }
    };
    let holds =
        |element: &Element| element.name() == "initial-response" || element.children().next().is_none();
    let mut shown = element.clone();
    let holder = match holds(&shown) {
        true => &mut shown,
        false => shown.get_child_mut("initial-response", SASL2)?,
    };
    holder.take_nodes();
    holder.append_text(text);
    Some(shown)
}

fn plain(text: &str) -> Option<String> {
    let text = BASE64_STANDARD.decode(text.trim()).ok().filter(|text| !text.is_empty())?;
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
