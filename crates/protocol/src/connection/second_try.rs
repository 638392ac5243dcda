//! Whether a password that was refused may be right all the same.
//!
//! A server that has just been started may listen before it can check passwords, and refuse them as wrong (`not-authorized`,
//! RFC 6120 §6.5.10) where it should say that it can't check them. So:
//!
//! | a password that is refused | |
//! |---|---|
//! | was never taken by this server, in this run | is wrong |
//! | was taken, and the server has been there all the time since | is wrong: it has been changed elsewhere |
//! | was taken, and the server could not be reached since | is tried once more, not before [`LATER`] has passed, whatever happens meanwhile |
//! | is refused once more | is wrong |
//!
//! So nothing makes us try one more than twice without a person, which no server locks anybody out for.

use std::time::Duration;

use causerie_model::Problem;

/// How long a server has until it is asked once more.
const LATER: Duration = Duration::from_secs(30);

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct SecondTry {
    /// Whether the server could not be reached since we were online.
    was_away: bool,
    /// Whether it has said why it ends the stream.
    has_said_why: bool,
    /// No try is made before that.
    not_before: Option<Duration>,
}

impl SecondTry {
    /// We are online.
    pub(super) fn online(&mut self) {
        *self = Self::default();
    }

    /// The server says why it ends the stream, as it does when the password was changed elsewhere: so it is there.
    pub(super) fn told(&mut self) {
        self.has_said_why = true;
    }

    /// A connection ended so, or could not be made.
    pub(super) fn ended(&mut self, problem: &Problem) {
        let has_said_why = std::mem::take(&mut self.has_said_why);
        self.was_away |= match problem {
            Problem::ConnectionLost => !has_said_why,
            Problem::ConnectionRefused
            | Problem::ServerShutdown
            | Problem::TlsFailed
            | Problem::NotServed => true,
            _ => false,
        };
    }

    /// The password was refused that the server has taken before. Gives when it may be tried once more.
    pub(super) fn refused(&mut self, now: Duration) -> Option<Duration> {
        let is_first = self.was_away && self.not_before.is_none();
        self.not_before = Some(now + LATER);
        self.not_before.filter(|_| is_first)
    }

    /// Whether it is too early for another try that no person asks for.
    pub(super) fn is_too_early(&self, now: Duration) -> bool {
        self.not_before.is_some_and(|not_before| now < not_before)
    }
}
