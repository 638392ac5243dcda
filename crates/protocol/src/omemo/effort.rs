//! How much is done for messages that may turn out to be forged: a counter is read before it is known who has written it, and a high
//! one costs thousands of keys (see the README of the locksmith, "Quiet costs").
//!
//! What costs little is always done. Of what costs more there is so much in a minute for each person, and for all strangers together;
//! the rest is held, and read when the minute is over. So a genuine message is late at most.

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::BareJid;

/// How many keys may be derived for a message that is not counted: 0.2 ms in a release build.
const LITTLE: u64 = 1_000;
/// How many in a [`WINDOW`], for one person: 25 ms. The first message of a window is read whatever it costs.
const MOST: u64 = 100_000;
const WINDOW: Duration = Duration::from_secs(60);

/// What was done in this window.
#[derive(Default)]
pub(super) struct Effort {
    began: Duration,
    /// For whom; `None` stands for strangers.
    done: BTreeMap<Option<BareJid>, u64>,
}

impl Effort {
    /// Whether so many keys may be derived for somebody now. If so, they are counted.
    pub(super) fn take(&mut self, who: Option<&BareJid>, keys: u64, now: Duration) -> bool {
        if keys <= LITTLE {
            return true;
        }
        if self.is_over(now) {
            self.done.clear();
            self.began = now;
        }
        let done = self.done.entry(who.cloned()).or_default();
        if *done > 0 && done.saturating_add(keys) > MOST {
            return false;
        }
        *done = done.saturating_add(keys);
        true
    }

    /// Whether the next one begins a new window.
    pub(super) fn is_over(&self, now: Duration) -> bool {
        now >= self.ends()
    }

    /// When that is.
    pub(super) fn ends(&self) -> Duration {
        self.began.saturating_add(WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_always_done_and_much_within_a_budget() {
        let (bob, carol) = (BareJid::new("bob@b.example").unwrap(), BareJid::new("carol@c.example").unwrap());
        let (mut effort, now) = (Effort::default(), Duration::from_secs(3600));
        assert!(effort.take(Some(&bob), 275_000, now), "the first one, whatever it costs");
        for _ in 0..100 {
            assert!(!effort.take(Some(&bob), 25_000, now));
            assert!(effort.take(Some(&bob), LITTLE, now));
        }
        // One has nothing to do with the other, and all strangers share what is theirs.
        assert_eq!((0..9).filter(|_| effort.take(Some(&carol), 25_000, now)).count(), 4);
        assert_eq!((0..9).filter(|_| effort.take(None, 25_000, now)).count(), 4);
        assert!(effort.take(Some(&bob), 25_000, now + WINDOW));
    }
}
