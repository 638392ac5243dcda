//! How many bytes a second a wire carries, while it is a slow one.

use std::time::{Duration, Instant};

/// So many pieces a second are what is carried cut into.
const PIECES: u64 = 10;

/// What a wire carries for a while.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// In bytes a second, each way.
    rate: u64,
    /// Until when; without it, until it is said otherwise.
    until: Option<Instant>,
}

impl Pace {
    pub(super) fn new(rate: u64, time: Option<Duration>) -> Self {
        Self { rate: rate.max(PIECES), until: time.map(|time| Instant::now() + time) }
    }

    pub(super) fn is_over(&self) -> bool {
        self.until.is_some_and(|until| until <= Instant::now())
    }

    /// How many bytes are carried at once.
    pub(super) fn piece(&self) -> usize {
        usize::try_from(self.rate / PIECES).unwrap_or(usize::MAX)
    }

    /// How long so many bytes take.
    pub(super) fn takes(&self, count: usize) -> Duration {
        let millis = u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(1_000) / self.rate;
        Duration::from_millis(millis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_slow_as_is_said() {
        let pace = Pace::new(8_000, Some(Duration::from_secs(600)));
        assert_eq!(pace.takes(4_000), Duration::from_millis(500));
        assert_eq!(pace.piece(), 800);
        assert!(!pace.is_over() && !Pace::new(0, None).is_over());
        assert!(Pace::new(8_000, Some(Duration::ZERO)).is_over());
    }
}
