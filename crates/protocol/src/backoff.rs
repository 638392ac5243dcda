//! How long to wait before the next try.

use std::time::Duration;

use causerie_model::{Problem, ProxyFault};
use rand::{Rng, RngCore};

/// The first wait.
const FIRST: Duration = Duration::from_secs(1);
/// No wait is longer.
const LONGEST: Duration = Duration::from_secs(300);
/// A connection that was up for so long was a good one: counting begins anew.
const STABLE: Duration = Duration::from_secs(60);
/// One that was up for so long, and on which the server has said what it has, was no bad one: so they end in a train.
const USEFUL: Duration = Duration::from_secs(10);
/// Waits are spread over this many per mille to either side, so that a server that comes back is not met by everybody at once.
const SPREAD: u64 = 350;

/// Counts the tries since the last stable connection; the wait doubles with each.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    tries: u32,
    /// Whether a connection was forgiven since the last stable one.
    forgave: bool,
}

impl Backoff {
    /// The next wait, for a connection that ended with that problem.
    pub(crate) fn next(&mut self, problem: &Problem, rng: &mut dyn RngCore) -> Duration {
        let doubled = FIRST.saturating_mul(1_u32.checked_shl(self.tries).unwrap_or(u32::MAX));
        self.tries = self.tries.saturating_add(1).min(16);
        let wait = doubled.max(least(problem)).min(LONGEST);
        let per_mille = rng.random_range(1000 - SPREAD..=1000 + SPREAD);
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).saturating_mul(per_mille) / 1000;
        Duration::from_millis(millis).min(LONGEST)
    }

    /// A connection was up for that long. Only a stable one counts: a server that accepts and closes is not hammered.
    pub(crate) fn was_online(&mut self, lasted: Duration) {
        if lasted >= STABLE {
            self.reset();
        }
    }

    /// A connection was up for that long, and the server has said on it what it has of ours: the next waits are shorter. The first wait is
    /// not reached again in that way.
    pub(crate) fn was_useful(&mut self, lasted: Duration) {
        if lasted >= USEFUL {
            self.tries = self.tries.div_ceil(2);
        }
    }

    /// The last connection ended by no fault of the server's that would be there the next time. Believed once: a server on which each
    /// ends so is not hammered.
    pub(crate) fn forgive(&mut self) {
        if !self.forgave {
            self.reset();
            self.forgave = true;
        }
    }

    /// The person or the network says that things are different now.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }
}

/// Whether a connection that ended with that problem can be tried again at once, as when somebody has written something.
pub(crate) fn can_be_soon(problem: &Problem) -> bool {
    least(problem) == FIRST
}

/// What makes little sense to be tried again at once: the server asked for less.
fn least(problem: &Problem) -> Duration {
    match problem {
        Problem::PolicyViolation | Problem::OverLimits => Duration::from_secs(60),
        // Most likely it stays so until somebody mends the server.
        Problem::NoService | Problem::NoTls | Problem::NotServed => Duration::from_secs(60),
        // The person needs a while for it, and tells by coming back to the window.
        Problem::SignInToNetwork => Duration::from_secs(15),
        Problem::Proxy(ProxyFault::Refused | ProxyFault::NotUnderstood) => Duration::from_secs(60),
        Problem::ServerBusy | Problem::AuthenticationUnavailable | Problem::BindFailed => {
            Duration::from_secs(10)
        }
        _ => FIRST,
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut backoff = Backoff::default();
        for base in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let wait = backoff.next(&Problem::ConnectionLost, &mut rng).as_secs_f64();
            let base = f64::from(base);
            assert!(wait >= base * 0.65 && wait <= (base * 1.35).min(300.0), "{wait} for {base}");
        }
    }

    #[test]
    fn waits_differ() {
        let mut rng = StdRng::seed_from_u64(2);
        let waits: Vec<_> =
            (0..200).map(|_| Backoff::default().next(&Problem::ConnectionLost, &mut rng)).collect();
        let (shortest, longest) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
        assert!(*shortest < Duration::from_millis(700) && *longest > Duration::from_millis(1300));
    }

    #[test]
    fn only_stable_connections_reset_it() {
        let mut rng = StdRng::seed_from_u64(3);
        let mut backoff = Backoff::default();
        for _ in 0..6 {
            backoff.next(&Problem::ConnectionLost, &mut rng);
        }
        backoff.was_online(Duration::from_secs(59));
        assert!(backoff.next(&Problem::ConnectionLost, &mut rng) > Duration::from_secs(20));
        backoff.was_online(Duration::from_secs(60));
        assert!(backoff.next(&Problem::ConnectionLost, &mut rng) < Duration::from_secs(2));
    }

    #[test]
    fn useful_connections_make_waits_shorter() {
        let mut rng = StdRng::seed_from_u64(6);
        let mut backoff = Backoff::default();
        for _ in 0..9 {
            backoff.next(&Problem::ConnectionLost, &mut rng);
        }
        let mut after = |seconds| {
            backoff.was_useful(Duration::from_secs(seconds));
            backoff.next(&Problem::ConnectionLost, &mut rng).as_secs()
        };
        assert!(after(9) > 180);
        assert!(after(10) < 44);
        assert!(after(50) < 11);
        assert!(after(50) < 11);
    }

    #[test]
    fn an_hour_of_connections_that_end_is_bounded() {
        for (lasts, most) in [(0, 25), (1, 25), (9, 25), (10, 330), (50, 75)] {
            for seed in 0..100 {
                let mut rng = StdRng::seed_from_u64(seed);
                let (mut backoff, mut connections, mut clock) = (Backoff::default(), 0, Duration::ZERO);
                while clock < Duration::from_secs(3600) {
                    connections += 1;
                    let lasted = Duration::from_secs(lasts);
                    backoff.was_useful(lasted);
                    backoff.was_online(lasted);
                    clock += lasted + backoff.next(&Problem::ConnectionLost, &mut rng);
                }
                assert!(connections <= most, "{connections} of {lasts} s with {seed}");
            }
        }
    }

    #[test]
    fn it_forgives_once_until_there_is_a_stable_one() {
        let mut rng = StdRng::seed_from_u64(5);
        let mut backoff = Backoff::default();
        let mut after_three = |backoff: &mut Backoff, forgive: bool| {
            for _ in 0..3 {
                backoff.next(&Problem::TimedOut, &mut rng);
            }
            if forgive {
                backoff.forgive();
            }
            backoff.next(&Problem::TimedOut, &mut rng)
        };
        assert!(after_three(&mut backoff, true) < Duration::from_secs(2));
        assert!(after_three(&mut backoff, true) > Duration::from_secs(10));
        backoff.was_online(Duration::from_secs(60));
        assert!(after_three(&mut backoff, false) > Duration::from_secs(5));
        assert!(after_three(&mut backoff, true) < Duration::from_secs(2));
    }

    #[test]
    fn a_server_that_accepts_and_closes_is_met_ten_times_in_the_first_minute_at_most() {
        for seed in 0..1000 {
            let mut rng = StdRng::seed_from_u64(seed);
            let (mut backoff, mut connections, mut clock) = (Backoff::default(), 0, Duration::ZERO);
            while clock < Duration::from_secs(60) {
                connections += 1;
                backoff.was_online(Duration::ZERO);
                clock += backoff.next(&Problem::ConnectionLost, &mut rng);
            }
            assert!((5..=10).contains(&connections), "{connections} with {seed}");
        }
    }

    #[test]
    fn the_count_never_overflows() {
        let mut rng = StdRng::seed_from_u64(4);
        let mut backoff = Backoff::default();
        for _ in 0..10_000 {
            assert!(backoff.next(&Problem::ConnectionLost, &mut rng) <= LONGEST);
        }
    }
}
