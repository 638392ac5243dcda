//! Whether the peer is alive.
//!
//! White space that a server sends to keep a connection open does not come here: only elements count, and parts of a large one. A wait that is over is
//! moved to where the newest element puts it: a busy connection is not re-armed with each element, an idle one wakes the machine
//! once in [`QUIET`].
//!
//! After the program stood still, what comes may have come before, and lain in a buffer: then only the answer shows life, or that more
//! comes all the time.

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
/// After a standstill, or on another network, it has so long while nothing comes at all, where nothing had come for so long before: then there
/// is no slow line behind which the answer could be, and time is left for a new connection where that was noticed late.
const SILENT_ANSWER: Duration = Duration::from_secs(3);
const STILL: Duration = Duration::from_secs(10);
/// What comes later than that after a standstill was not in a buffer: the answer is behind it.
const FRESH: Duration = Duration::from_secs(2);

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
    /// Asked after a standstill; dead if the answer of that name does not come until then, or until the other time once anything has come.
    Proof { id: String, until: Duration, once_heard: Duration },
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

    /// Something came: an element, or part of one.
    pub(crate) fn heard(&mut self, element: Option<&Element>, now: Duration) {
        self.last_element = now;
        let is_alive = match &mut self.wait {
            Wait::Look(_) => false,
            Wait::Answer(_) => true,
            Wait::Proof { id, until, once_heard } => {
                *until = (*until).max(*once_heard);
                element.is_some_and(|element| answers(element, id))
            }
        };
        if is_alive {
            self.wait = Wait::Look(now + QUIET);
        }
    }

    /// The program stood still. The server has been asked, by that name.
    pub(crate) fn stood_still(&mut self, id: &str, now: Duration) {
        let until = now + self.soon(now);
        self.wait = Wait::Proof { id: id.to_owned(), until, once_heard: now + QUICK_ANSWER };
    }

    /// How long an answer may take when there is reason to doubt.
    fn soon(&self, now: Duration) -> Duration {
        let is_still = now.saturating_sub(self.last_element) >= STILL;
        if is_still { SILENT_ANSWER } else { QUICK_ANSWER }
    }

    /// Whether nothing has shown since a standstill that the stream is still there.
    pub(crate) fn is_in_doubt(&self) -> bool {
        matches!(self.wait, Wait::Proof { .. })
    }

    /// Time passed.
    pub(crate) fn look(&mut self, now: Duration) -> Verdict {
        match &mut self.wait {
            Wait::Answer(deadline) if now >= *deadline => Verdict::Dead,
            Wait::Proof { until, .. } if now >= *until => {
                if now.saturating_sub(self.last_element) > FRESH {
                    return Verdict::Dead;
                }
                *until = now + QUICK_ANSWER;
                Verdict::Fine
            }
            Wait::Look(at) if now >= *at => {
                let quiet_at = self.last_element + QUIET;
                if now < quiet_at {
                    self.wait = Wait::Look(quiet_at);
                    return Verdict::Fine;
                }
                self.wait = Wait::Answer(now + ANSWER);
                Verdict::Ask
            }
            Wait::Answer(_) | Wait::Proof { .. } | Wait::Look(_) => Verdict::Fine,
        }
    }

    /// There is reason to doubt: it should be asked at once. Asking again while an answer is awaited does not lengthen the wait.
    pub(crate) fn doubt(&mut self, now: Duration) -> Verdict {
        if self.is_in_doubt() {
            return self.look(now);
        }
        if let Wait::Answer(earlier) = self.wait {
            if now >= earlier {
                return Verdict::Dead;
            }
            self.wait = Wait::Answer(earlier.min(now + QUICK_ANSWER));
            return Verdict::Fine;
        }
        self.wait = Wait::Answer(now + self.soon(now));
        Verdict::Ask
    }

    pub(crate) fn next_wake(&self) -> Duration {
        match self.wait {
            Wait::Look(at) | Wait::Answer(at) | Wait::Proof { until: at, .. } => at,
        }
    }
}

/// Whether an element is the answer of that name, whatever it says.
fn answers(element: &Element, id: &str) -> bool {
    element.is("iq", ns::CLIENT)
        && matches!(element.attr("type"), Some("result" | "error"))
        && element.attr("id") == Some(id)
}

/// The question (XEP-0199 2.0, §4.2). Mostly any element is as good as its answer.
pub(crate) fn ping(domain: &str, rng: &mut dyn RngCore) -> Element {
    let ping = Draft::new("iq", ns::CLIENT).attr("type", "get").attr("id", &letters(16, rng));
    ping.attr("to", domain).child(Draft::new("ping", ns::PING)).into()
}
