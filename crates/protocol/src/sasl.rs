//! Signing in with SASL, in the way of RFC 6120 §6 or of XEP-0388 1.0.4: PLAIN, SCRAM and tokens, to a server that has to prove itself
//! too.
//!
//! | file | what |
//! |---|---|
//! | `choice` | which mechanism, if any |
//! | `scram` | the calculation |
//! | `token` | tokens in place of the password |
//! | `failure` | what a refusal means |
//! | `credentials` | the password, keys computed from it, what the server was seen to be able to |

pub(crate) mod choice;
pub(crate) mod credentials;
pub(crate) mod failure;
pub(crate) mod scram;
pub(crate) mod token;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use causerie_model::{FastToken, Mechanism, Problem};
use minidom::Element;
use rand::RngCore;
use zeroize::Zeroizing;

use crate::xml::Draft;
use crate::{DeriveKey, Effect, Effects, HashFunction, Link, SaltedPassword, ns};
use choice::{Choice, Profile};
use credentials::Credentials;
use scram::{KeyWanted, Scram};
use token::HashedToken;

/// One try to sign in.
pub(crate) struct Login {
    /// The password of which [`Credentials::generation`] is used.
    generation: u64,
    profile: Profile,
    stage: Stage,
}

/// How a step of it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It is the server's turn.
    Waiting,
    /// A key is being computed, which may take longer than a server's answer.
    Computing,
    /// Both sides are proved, as far as the mechanism can.
    Done,
    /// The server does not take the token. It may take the password.
    TokenRefused,
    /// It is over.
    Failed(Problem),
}

enum Stage {
    /// A token was shown.
    Token(HashedToken),
    /// PLAIN: the password is on its way.
    Plain,
    /// Our first message is out.
    Begun(Scram),
    /// The key is being computed.
    Deriving { scram: Scram, wanted: KeyWanted, ticket: u64 },
    /// Our proof is out, the server's is awaited.
    Answered(Scram),
    /// The server proved itself in a challenge; `<success/>` is to follow.
    Proved,
    /// Nothing more is taken.
    Over,
}

impl Login {
    /// Shows a token, if that can be done on this channel.
    pub(crate) fn with_token(
        token: &FastToken,
        link: &Link,
        credentials: &Credentials,
    ) -> Option<(Self, Draft)> {
        let user = credentials.jid.local().unwrap_or_default();
        let shown = HashedToken::new(user, token, link)?;
        let opening = opening(Profile::Sasl2, token.mechanism.name(), &shown.message());
        let generation = credentials.generation();
        Some((Self { generation, profile: Profile::Sasl2, stage: Stage::Token(shown) }, opening))
    }

    /// Makes the first message of the chosen mechanism.
    pub(crate) fn begin(
        choice: Choice,
        credentials: &Credentials,
        rng: &mut dyn RngCore,
    ) -> Result<(Self, Draft), Problem> {
        let user = credentials.jid.local().unwrap_or_default();
        let (stage, message) = match choice.hash() {
            None => {
                let password = credentials.password().ok_or(Problem::PasswordNeeded)?;
                // RFC 4616: NUL parts the message, so it can be in neither part.
                if password.reveal().contains('\0') {
                    return Err(Problem::WrongPassword);
                }
                (Stage::Plain, Zeroizing::new(format!("\0{user}\0{}", password.reveal())))
            }
            Some(hash) => {
                let known = (choice.binding, choice.offered);
                let scram = Scram::new(hash, known, user, scram::nonce(rng));
                let first = Zeroizing::new(scram.first());
                (Stage::Begun(scram), first)
            }
        };
        let opening = opening(choice.profile, choice.mechanism.name(), message.as_bytes());
        Ok((Self { generation: credentials.generation(), profile: choice.profile, stage }, opening))
    }

    /// The namespace of what is said.
    pub(crate) fn namespace(&self) -> &'static str {
        self.profile.namespace()
    }

    /// Whether it was begun with the password that is in use now.
    pub(crate) fn is_current(&self, credentials: &Credentials) -> bool {
        self.generation == credentials.generation()
    }

    /// Takes an element of the namespace.
    pub(crate) fn element(
        &mut self,
        element: &Element,
        credentials: &mut Credentials,
        out: &mut Effects,
    ) -> Progress {
        let result = match (element.name(), self.profile) {
            ("challenge", _) => {
                text(&element.text()).and_then(|text| self.challenge(&text, credentials, out))
            }
            ("success", Profile::Sasl) => content(&element.text()).and_then(|data| self.success(&data)),
            ("success", Profile::Sasl2) => {
                let data = element.get_child("additional-data", ns::SASL2).map(Element::text);
                content(&data.unwrap_or_default()).and_then(|data| self.success(&data))
            }
            ("failure", _) => self.failure(failure::of_element(element)),
            // A second factor, or another password: nothing that can be asked for here.
            ("continue", Profile::Sasl2) => Err(Problem::FormRequired),
            _ => Err(Problem::Protocol),
        };
        result.unwrap_or_else(|problem| {
            self.stage = Stage::Over;
            Progress::Failed(problem)
        })
    }

    /// Takes a key. One with a ticket that is not awaited is of an earlier connection.
    pub(crate) fn key(
        &mut self,
        ticket: u64,
        key: &SaltedPassword,
        credentials: &mut Credentials,
        out: &mut Effects,
    ) -> Option<Progress> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Deriving { scram, wanted, ticket: awaited } if ticket == awaited => {
                credentials.keep_key(scram.hash(), wanted, key.clone(), self.generation);
                Some(self.respond(scram, key, out).unwrap_or_else(Progress::Failed))
            }
            other => {
                self.stage = other;
                None
            }
        }
    }

    fn challenge(
        &mut self,
        text: &str,
        credentials: &mut Credentials,
        out: &mut Effects,
    ) -> Result<Progress, Problem> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Begun(mut scram) => {
                let wanted = scram.challenge(text)?;
                if let Some(key) = credentials.cached_key(scram.hash(), &wanted) {
                    return self.respond(scram, &key, out);
                }
                let password = credentials.password().ok_or(Problem::PasswordNeeded)?;
                let password = scram::prepared(password);
                let ticket = credentials.ticket();
                let (salt, iterations) = (wanted.salt.clone(), wanted.iterations);
                out.want(Effect::DeriveKey(DeriveKey {
                    ticket,
                    hash: scram.hash(),
                    password,
                    salt,
                    iterations,
                }));
                self.stage = Stage::Deriving { scram, wanted, ticket };
                Ok(Progress::Computing)
            }
            // Servers may give their proof so, and then `<success/>` with nothing in it (RFC 6120 §6.4.3).
            Stage::Answered(scram) => {
                scram.verify(text)?;
                out.send(Draft::new("response", self.namespace()).into());
                self.stage = Stage::Proved;
                Ok(Progress::Waiting)
            }
            Stage::Plain | Stage::Token(_) | Stage::Deriving { .. } | Stage::Proved | Stage::Over => {
                Err(Problem::Protocol)
            }
        }
    }

    fn success(&mut self, data: &[u8]) -> Result<Progress, Problem> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Plain => Ok(Progress::Done),
            Stage::Token(shown) => shown.verify(data).map(|()| Progress::Done),
            Stage::Answered(scram) => {
                let text = std::str::from_utf8(data).map_err(|_| Problem::Protocol)?;
                scram.verify(text).map(|()| Progress::Done)
            }
            Stage::Proved if data.is_empty() => Ok(Progress::Done),
            Stage::Proved => Err(Problem::Protocol),
            // It says yes to somebody who has shown nothing yet, so it has nothing to compare with.
            Stage::Begun(_) | Stage::Deriving { .. } => Err(Problem::ServerNotProved),
            Stage::Over => Err(Problem::Protocol),
        }
    }

    /// A refusal of a token is about the token: it may be too old, or taken back. What is about the account or the server stays so.
    fn failure(&mut self, problem: Problem) -> Result<Progress, Problem> {
        let was_token = matches!(self.stage, Stage::Token(_));
        self.stage = Stage::Over;
        match problem {
            Problem::AuthenticationUnavailable => Err(problem),
            _ if was_token => Ok(Progress::TokenRefused),
            _ => Err(problem),
        }
    }

    fn respond(
        &mut self,
        mut scram: Scram,
        key: &SaltedPassword,
        out: &mut Effects,
    ) -> Result<Progress, Problem> {
        let proof = scram.proof(key)?;
        out.send(Draft::new("response", self.namespace()).text(&BASE64.encode(proof)).into());
        self.stage = Stage::Answered(scram);
        Ok(Progress::Waiting)
    }
}

impl Choice {
    /// The hash of the mechanism, where it is SCRAM.
    fn hash(&self) -> Option<HashFunction> {
        match self.mechanism {
            Mechanism::Plain => None,
            Mechanism::ScramSha1 | Mechanism::ScramSha1Plus => Some(HashFunction::Sha1),
            Mechanism::ScramSha256 | Mechanism::ScramSha256Plus => Some(HashFunction::Sha256),
        }
    }
}

/// The element that begins it.
fn opening(profile: Profile, mechanism: &str, message: &[u8]) -> Draft {
    let message = Zeroizing::new(BASE64.encode(message));
    match profile {
        Profile::Sasl => Draft::new("auth", ns::SASL).attr("mechanism", mechanism).text(&message),
        Profile::Sasl2 => Draft::new("authenticate", ns::SASL2)
            .attr("mechanism", mechanism)
            .child(Draft::new("initial-response", ns::SASL2).text(&message)),
    }
}

/// What an element of SASL says: base64, where `=` is nothing at all (RFC 6120 §6.4.2).
fn content(text: &str) -> Result<Vec<u8>, Problem> {
    match text.trim() {
        "" | "=" => Ok(Vec::new()),
        text => BASE64.decode(text).map_err(|_| Problem::Protocol),
    }
}

/// The same as text.
fn text(text: &str) -> Result<String, Problem> {
    String::from_utf8(content(text)?).map_err(|_| Problem::Protocol)
}
