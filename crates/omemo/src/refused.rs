//! Why something was refused.

use std::fmt;

use causerie_model::Fingerprint;

/// Why a message, key exchange, bundle or payload was not accepted. Nothing has changed when one of these is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// This message was read before: a copy from an archive, another stream or somebody who replays. To be passed over
    /// in silence.
    Duplicate,
    /// The message is of a kind that needs a session, and there is none; or there is none to encrypt with.
    NoSession,
    /// The key exchange names a one-time pre-key that we do not have: never ours, or used up by another.
    UnknownPreKey,
    /// The key exchange names a signed pre-key that we do not have: never ours, or rotated away long ago.
    UnknownSignedPreKey,
    /// The MAC, tag, padding or signature is not what the key says. Also what a message for a lost session looks like.
    Tampered,
    /// Not the bytes that the version of OMEMO prescribes, or more of them than any honest sender needs.
    Malformed,
    /// The counter leads more than [`MAX_JUMP`](crate::MAX_JUMP) messages ahead.
    TooFarAhead,
    /// The message is so late that its key, or its whole session, was given up (or it is a copy of one that was read then: who
    /// can tell).
    KeyGone,
    /// A public key is not written in the one canonical way, or is no point of the curve.
    NonCanonicalKey,
    /// A public key is of low order or outside the prime-order subgroup, so that it would not contribute to a secret.
    WeakKey,
    /// The bundle or key exchange has another identity key than the one this record is pinned to. Whoever made it holds that
    /// key: the signature or the MAC was right. A fresh [`Record`](crate::Record) would take it, if the person agrees.
    IdentityChanged(Fingerprint),
    /// The bundle has no one-time pre-key that can be used (XEP-0384 0.9.1: key exchanges without one MUST be rejected).
    NoPreKey,
    /// The two things belong to different versions of OMEMO.
    WrongVersion,
    /// A chain has sent 2³² - 1 messages without an answer.
    Exhausted,
}

/// Stored bytes that are not what this room has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

/// What is wrong with a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// Of the wrong length or type.
    Malformed,
    /// Not written in the one canonical way, or no point of the curve.
    NonCanonical,
    /// Of low order or outside the prime-order subgroup.
    Weak,
}

impl From<KeyFault> for Refused {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Malformed => Self::Malformed,
            KeyFault::NonCanonical => Self::NonCanonicalKey,
            KeyFault::Weak => Self::WeakKey,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stored bytes are damaged")
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Refused {}
impl std::error::Error for Damaged {}
impl std::error::Error for KeyFault {}
