//! Signing in with SASL (RFC 6120 §6): PLAIN and SCRAM, to a server that has to prove itself too.
//!
//! | file | what |
//! |---|---|
//! | `choice` | which mechanism, if any |
//! | `scram` | the calculation |
//! | `failure` | what a refusal means |
//! | `credentials` | the password, keys computed from it, what the server was seen to be able to |

pub(crate) mod choice;
pub(crate) mod credentials;
pub(crate) mod failure;
pub(crate) mod scram;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use causerie_model::{Mechanism, Problem};
use minidom::Element;
use rand::RngCore;
use zeroize::Zeroizing;

use crate::xml::Draft;
use crate::{DeriveKey, Effect, Effects, HashFunction, SaltedPassword, ns};
use choice::Choice;
use credentials::Credentials;
use scram::{KeyWanted, Scram};

/// One try to sign in.
pub(crate) struct Login {
    /// The password of which [`Credentials::generation`] is used.
    generation: u64,
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
    /// It is over.
    Failed(Problem),
}

enum Stage {
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
    /// Sends the first message of the chosen mechanism.
    pub(crate) fn begin(
        choice: Choice,
        credentials: &Credentials,
        rng: &mut dyn RngCore,
        out: &mut Effects,
    ) -> Result<Self, Problem> {
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
                let scram = Scram::new(hash, choice.binding, user, scram::nonce(rng));
                let first = Zeroizing::new(scram.first());
                (Stage::Begun(scram), first)
            }
        };
        let auth = Draft::new("auth", ns::SASL).attr("mechanism", choice.mechanism.name());
        out.send(auth.text(&Zeroizing::new(BASE64.encode(message.as_str()))).into());
        Ok(Self { generation: credentials.generation(), stage })
    }

    /// Whether it was begun with the password that is in use now.
    pub(crate) fn is_current(&self, credentials: &Credentials) -> bool {
        self.generation == credentials.generation()
    }

    /// Takes an element of the SASL namespace.
    pub(crate) fn element(
        &mut self,
        element: &Element,
        credentials: &mut Credentials,
        out: &mut Effects,
    ) -> Progress {
        let result = match element.name() {
            "challenge" => content(element).and_then(|text| self.challenge(&text, credentials, out)),
            "success" => content(element).and_then(|text| self.success(&text)),
            "failure" => Err(failure::of_element(element)),
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
                out.send(Draft::new("response", ns::SASL).into());
                self.stage = Stage::Proved;
                Ok(Progress::Waiting)
            }
            Stage::Plain | Stage::Deriving { .. } | Stage::Proved | Stage::Over => Err(Problem::Protocol),
        }
    }

    fn success(&mut self, text: &str) -> Result<Progress, Problem> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Plain => Ok(Progress::Done),
            Stage::Answered(scram) => scram.verify(text).map(|()| Progress::Done),
            Stage::Proved if text.is_empty() => Ok(Progress::Done),
            Stage::Proved => Err(Problem::Protocol),
            // It says yes to somebody who has shown nothing yet, so it has nothing to compare with.
            Stage::Begun(_) | Stage::Deriving { .. } => Err(Problem::ServerNotProved),
            Stage::Over => Err(Problem::Protocol),
        }
    }

    fn respond(
        &mut self,
        mut scram: Scram,
        key: &SaltedPassword,
        out: &mut Effects,
    ) -> Result<Progress, Problem> {
        let proof = scram.proof(key)?;
        out.send(Draft::new("response", ns::SASL).text(&BASE64.encode(proof)).into());
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

/// The text in an element of SASL: base64, where `=` is nothing at all (RFC 6120 §6.4.2).
fn content(element: &Element) -> Result<String, Problem> {
    let text = element.text();
    match text.trim() {
        "" | "=" => Ok(String::new()),
        text => {
            let bytes = BASE64.decode(text).map_err(|_| Problem::Protocol)?;
            String::from_utf8(bytes).map_err(|_| Problem::Protocol)
        }
    }
}
