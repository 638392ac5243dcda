//! Chance that can be had again: numbers from a seed.

use std::time::Duration;

/// A row of numbers that its seed decides (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The row of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A row of its own for a part of what is done, so that it does not matter which part asks first.
    #[must_use]
    pub fn of(seed: u64, part: u64) -> Self {
        let mut chance = Self(seed ^ part.wrapping_mul(0xA076_1D64_78BD_642F));
        chance.number();
        chance
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below that one, which is not nought.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end.max(1)
    }

    /// The same as a place in a list.
    pub fn place(&mut self, count: usize) -> usize {
        let end = u64::try_from(count).unwrap_or(u64::MAX);
        usize::try_from(self.below(end)).unwrap_or_default()
    }

    /// Whether something happens that happens so often in a hundred times.
    pub fn in_hundred(&mut self, times: u64) -> bool {
        self.below(100) < times
    }

    /// A time between these, in milliseconds.
    pub fn millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to.saturating_sub(from) + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_row() {
        let row = |seed| {
            std::iter::repeat_with({
                let mut chance = Chance::new(seed);
                move || chance.below(1000)
            })
        };
        assert!(row(7).take(50).eq(row(7).take(50)));
        assert!(!row(7).take(50).eq(row(8).take(50)));
        assert!(row(9).take(1000).any(|number| number > 900));
    }
}
