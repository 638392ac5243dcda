//! SCRAM (RFC 5802, RFC 7677) as a calculation: text in, text out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use causerie_model::{Password, Problem};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::failure;
use crate::{HashFunction, SaltedPassword};

/// Fewer rounds protect nothing (RFC 7677 §4).
const FEWEST_ROUNDS: u32 = 4_096;
/// More are an attack on this machine: about ten seconds of work.
const MOST_ROUNDS: u32 = 10_000_000;

/// How the exchange is tied to the TLS channel: the `gs2-cbind-flag` of RFC 5802 §7.
///
/// RFC 5802 §6 knows three cases. A client that can bind and sees a -PLUS name must bind (`p`). One that can bind and sees no
/// -PLUS name at all must say so (`y`), so that the server notices when somebody took the names out of its list. A client that cannot
/// bind says `n`. Whether we *can* bind depends on the server too: one that lists -PLUS without naming `tls-exporter` (XEP-0440)
/// knows only bindings that we do not. There `y` would be wrong, and refused: the server did offer, so it would see an attack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    /// `p=tls-exporter`, with the channel's data (RFC 9266).
    Exporter([u8; 32]),
    /// `y`: we could, the server offers none.
    NotOffered,
    /// `n`: we cannot.
    Unable,
}

/// What a server's first message asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct KeyWanted {
    pub(crate) salt: Vec<u8>,
    pub(crate) iterations: u32,
}

/// One exchange, from the client's side.
pub(crate) struct Scram {
    hash: HashFunction,
    binding: Binding,
    nonce: String,
    /// The mechanisms and bindings that were on offer, as the server would write them (XEP-0474).
    offered: String,
    first_bare: String,
    /// The server's first message and the nonce in it, once it came.
    server: Option<(String, String)>,
    /// The signature that proves the server, once the key is known.
    signature: Option<Zeroizing<Vec<u8>>>,
}

impl Scram {
    /// `user` is the local part of our address; `nonce` must be fresh, printable and without a comma.
    pub(crate) fn new(
        hash: HashFunction,
        (binding, offered): (Binding, String),
        user: &str,
        nonce: String,
    ) -> Self {
        let user = stringprep::saslprep(user).map_or_else(|_| user.to_owned(), |user| user.into_owned());
        let user = user.replace('=', "=3D").replace(',', "=2C");
        let first_bare = format!("n={user},r={nonce}");
        Self { hash, binding, nonce, offered, first_bare, server: None, signature: None }
    }

    pub(crate) fn hash(&self) -> HashFunction {
        self.hash
    }

    /// `client-first-message`.
    pub(crate) fn first(&self) -> String {
        format!("{}{}", self.binding.header(), self.first_bare)
    }

    /// Takes `server-first-message`.
    pub(crate) fn challenge(&mut self, text: &str) -> Result<KeyWanted, Problem> {
        let mut attributes = text.split(',').map(|attribute| attribute.split_once('='));
        // `m=` would stand first: an extension that must be understood, and none is (RFC 5802 §5.1).
        let nonce = match attributes.next().flatten() {
            Some(("r", nonce)) => nonce,
            Some(("e", error)) => return Err(failure::of_scram(error)),
            _ => return Err(Problem::Protocol),
        };
        let Some(Some(("s", salt))) = attributes.next() else { return Err(Problem::Protocol) };
        let Some(Some(("i", iterations))) = attributes.next() else { return Err(Problem::Protocol) };
        let mut said = None;
        for attribute in attributes {
            match attribute {
                None | Some(("m", _)) => return Err(Problem::Protocol),
                Some(("h", value)) => said = said.or(Some(value)),
                Some(_) => {}
            }
        }
        // A nonce that is not ours, or only ours: an answer that was recorded earlier, or made without thought.
        let theirs = nonce.strip_prefix(self.nonce.as_str()).ok_or(Problem::ServerNotProved)?;
        if theirs.is_empty() {
            return Err(Problem::ServerNotProved);
        }
        if !nonce.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Problem::Protocol);
        }
        // XEP-0474: what the server says it has offered is not what came here. Who is in between can leave that word out, but not
        // without that the two proofs fail, which are of all that was said.
        if said.is_some_and(|said| said != BASE64.encode(self.digest(self.offered.as_bytes()))) {
            return Err(Problem::Downgrade);
        }
        let salt = BASE64.decode(salt).map_err(|_| Problem::Protocol)?;
        if salt.is_empty() {
            return Err(Problem::ServerTooWeak);
        }
        if iterations.starts_with(['+', '0']) && iterations.len() > 1 {
            return Err(Problem::Protocol);
        }
        let iterations = match iterations.parse::<u64>() {
            Ok(rounds) if rounds < u64::from(FEWEST_ROUNDS) => return Err(Problem::ServerTooWeak),
            Ok(rounds) if rounds > u64::from(MOST_ROUNDS) => return Err(Problem::OverLimits),
            Ok(rounds) => u32::try_from(rounds).map_err(|_| Problem::OverLimits)?,
            Err(_) => return Err(Problem::Protocol),
        };
        self.server = Some((text.to_owned(), nonce.to_owned()));
        Ok(KeyWanted { salt, iterations })
    }

    /// `client-final-message`, with the key that [`Scram::challenge`] asked for.
    pub(crate) fn proof(&mut self, key: &SaltedPassword) -> Result<String, Problem> {
        let Some((server_first, nonce)) = &self.server else { return Err(Problem::Internal) };
        let without_proof = format!("c={},r={nonce}", BASE64.encode(self.binding.input()));
        let signed = format!("{},{server_first},{without_proof}", self.first_bare);

        let client_key = self.hmac(&key.0, b"Client Key");
        let stored_key = self.digest(&client_key);
        let client_signature = self.hmac(&stored_key, signed.as_bytes());
        let proof: Vec<u8> = client_key.iter().zip(client_signature.iter()).map(|(a, b)| a ^ b).collect();

        let server_key = self.hmac(&key.0, b"Server Key");
        self.signature = Some(self.hmac(&server_key, signed.as_bytes()));
        Ok(format!("{without_proof},p={}", BASE64.encode(proof)))
    }

    /// Takes `server-final-message`: whether the server knows the password as well.
    pub(crate) fn verify(&self, text: &str) -> Result<(), Problem> {
        let first = text.split(',').next().unwrap_or_default();
        let given = match first.split_once('=') {
            Some(("v", signature)) => BASE64.decode(signature).map_err(|_| Problem::ServerNotProved)?,
            Some(("e", error)) => return Err(failure::of_scram(error)),
            _ => return Err(Problem::ServerNotProved),
        };
        let Some(expected) = &self.signature else { return Err(Problem::ServerNotProved) };
        match bool::from(expected.as_slice().ct_eq(&given)) {
            true => Ok(()),
            false => Err(Problem::ServerNotProved),
        }
    }

    fn hmac(&self, key: &[u8], text: &[u8]) -> Zeroizing<Vec<u8>> {
        fn with<M: Mac + hmac::digest::KeyInit>(key: &[u8], text: &[u8]) -> Zeroizing<Vec<u8>> {
            // HMAC takes keys of any length.
            let Ok(mut mac) = <M as Mac>::new_from_slice(key) else { return Zeroizing::default() };
            mac.update(text);
            Zeroizing::new(mac.finalize().into_bytes().to_vec())
        }
        match self.hash {
            HashFunction::Sha1 => with::<Hmac<Sha1>>(key, text),
            HashFunction::Sha256 => with::<Hmac<Sha256>>(key, text),
        }
    }

    fn digest(&self, text: &[u8]) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self.hash {
            HashFunction::Sha1 => Sha1::digest(text).to_vec(),
            HashFunction::Sha256 => Sha256::digest(text).to_vec(),
        })
    }
}

impl Binding {
    /// `gs2-header`: we never ask for another identity than our own, so there is no `authzid`.
    fn header(&self) -> &'static str {
        match self {
            Self::Exporter(_) => "p=tls-exporter,,",
            Self::NotOffered => "y,,",
            Self::Unable => "n,,",
        }
    }

    /// `cbind-input`.
    fn input(&self) -> Vec<u8> {
        let mut input = self.header().as_bytes().to_vec();
        if let Self::Exporter(data) = self {
            input.extend_from_slice(data);
        }
        input
    }
}

/// A nonce for one exchange: 144 bits.
pub(crate) fn nonce(rng: &mut dyn RngCore) -> String {
    let mut bytes = [0; 18];
    rng.fill_bytes(&mut bytes);
    BASE64.encode(bytes)
}

/// The password as it goes into the key (RFC 4013). What that profile does not allow goes in as it is: servers that take
/// such a password do the same, the others refuse it.
pub(crate) fn prepared(password: &Password) -> Password {
    match stringprep::saslprep(password.reveal()) {
        Ok(prepared) if !prepared.is_empty() => Password::new(prepared.into_owned()),
        _ => password.clone(),
    }
}

#[cfg(test)]
mod tests;
