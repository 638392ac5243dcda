//! What an honest server would say to a token: it has the one that we have.
//!
//! Gives names to transcripts: `$initiator` (what we show) and `$responder` (what the server answers), both in base64.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use causerie_model::{Command, FastMechanism};
use causerie_protocol::Input;
use hmac::{Hmac, Mac};
use minidom::Element;
use sha2::Sha256;

use crate::pattern::Captures;

const SASL2: &str = "urn:xmpp:sasl:2";

/// Follows the tokens there are.
#[derive(Default)]
pub struct Tokens {
    secret: Option<String>,
    exporter: Option<[u8; 32]>,
}

impl Tokens {
    /// Something goes in.
    pub fn goes_in(&mut self, input: &Input) {
        match input {
            Input::Command(Command::SetFastToken(token)) => self.secret = Some(token.reveal().to_owned()),
            Input::Connected(link) => self.exporter = link.tls_exporter,
            Input::Element(element) if element.is("success", SASL2) => {
                let token = element.get_child("token", "urn:xmpp:fast:0");
                let secret = token.and_then(|token| token.attr("token"));
                self.secret = secret.map(str::to_owned).or(self.secret.take());
            }
            _ => {}
        }
    }

    /// The client says something.
    pub fn hears(&self, element: &Element, captures: &mut Captures) {
        let mechanism = element.attr("mechanism").and_then(FastMechanism::from_name);
        let said = element.get_child("initial-response", SASL2);
        let (Some(mechanism), Some(said), Some(secret)) = (mechanism, said, &self.secret) else { return };
        captures.0.insert("initiator".to_owned(), said.text());
        let binding = match mechanism {
            FastMechanism::HtSha256Exporter => self.exporter.map(Vec::from).unwrap_or_default(),
            FastMechanism::HtSha256None => Vec::new(),
        };
        let proof = |who: &[u8]| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
            mac.update(who);
            mac.update(&binding);
            mac.finalize().into_bytes().to_vec()
        };
        let shown = [b"alice\0".to_vec(), proof(b"Initiator")].concat();
        assert_eq!(said.text(), BASE64_STANDARD.encode(shown), "what shows the token");
        captures.0.insert("responder".to_owned(), BASE64_STANDARD.encode(proof(b"Responder")));
    }
}
