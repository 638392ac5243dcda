//! Whether the peer is alive.
//!
//! White space that a server sends to keep a connection open does not come here: only elements count, and parts of a large one. A wait that is over is
//! moved to where the newest element puts it: a busy connection is not re-armed with each element, an idle one wakes the machine
//! once in [`QUIET`].

use std::time::Duration;

use minidom::Element;
use rand::RngCore;

use crate::negotiation::letters;
use crate::ns;
use crate::xml::Draft;

/// After so long without any element the server is asked.
pub(crate) const QUIET: Duration = Duration::from_secs(40);
/// How long it has to answer.
const ANSWER: Duration = Duration::from_secs(15);
/// How long it has to answer when there is reason to doubt: together with the noticing and a new connection not more than ten seconds.
const QUICK_ANSWER: Duration = Duration::from_secs(5);

/// Watches one connection.
#[derive(Debug)]
pub(crate) struct Liveness {
    last_element: Duration,
    wait: Wait,
}

#[derive(Debug)]
enum Wait {
    /// Look again then.
    Look(Duration),
    /// Asked; dead if nothing comes until then.
    Answer(Duration),
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing.
    Fine,
    /// Ask the server.
    Ask,
    /// Give it up.
    Dead,
}

impl Liveness {
    pub(crate) fn new(now: Duration) -> Self {
        Self { last_element: now, wait: Wait::Look(now + QUIET) }
    }

    /// Something came.
    pub(crate) fn heard(&mut self, now: Duration) {
        self.last_element = now;
        if let Wait::Answer(_) = self.wait {
            self.wait = Wait::Look(now + QUIET);
        }
    }

    /// Time passed.
    pub(crate) fn look(&mut self, now: Duration) -> Verdict {
        match self.wait {
            Wait::Answer(deadline) if now >= deadline => Verdict::Dead,
            Wait::Look(at) if now >= at => {
                let quiet_at = self.last_element + QUIET;
                if now < quiet_at {
                    self.wait = Wait::Look(quiet_at);
                    return Verdict::Fine;
                }
                self.wait = Wait::Answer(now + ANSWER);
                Verdict::Ask
            }
            Wait::Answer(_) | Wait::Look(_) => Verdict::Fine,
        }
    }

    /// There is reason to doubt: it should be asked at once. Asking again while an answer is awaited does not lengthen the wait.
    pub(crate) fn doubt(&mut self, now: Duration) -> Verdict {
        let deadline = now + QUICK_ANSWER;
        if let Wait::Answer(earlier) = self.wait {
            if now >= earlier {
                return Verdict::Dead;
            }
            self.wait = Wait::Answer(earlier.min(deadline));
            return Verdict::Fine;
        }
        self.wait = Wait::Answer(deadline);
        Verdict::Ask
    }

    pub(crate) fn next_wake(&self) -> Duration {
        match self.wait {
            Wait::Look(at) | Wait::Answer(at) => at,
        }
    }
}

/// The question (XEP-0199 2.0, §4.2). Its answer is not looked at: any element shows life.
pub(crate) fn ping(domain: &str, rng: &mut dyn RngCore) -> Element {
    let ping = Draft::new("iq", ns::CLIENT).attr("type", "get").attr("id", &letters(16, rng));
    ping.attr("to", domain).child(Draft::new("ping", ns::PING)).into()
}
