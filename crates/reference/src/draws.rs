//! Random draws from a [`Seed`]: ChaCha12, the same numbers on every machine and in every version of this program.

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use mlgrade_domain::seed::Seed;

/// A stream of random numbers.
pub(super) struct Draws(ChaCha12Rng);

impl Draws {
    /// The stream of `seed`.
    pub(super) fn new(seed: Seed) -> Self {
        Self(ChaCha12Rng::from_seed(seed.bytes()))
    }

    /// A whole number below `bound`, all equally likely (Lemire 2019: multiply, and draw again in the short last interval).
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(bound);
            #[expect(clippy::cast_possible_truncation, reason = "the low and the high half are what is wanted")]
            let (low, high) = (product as u64, (product >> 64) as usize);
            if low >= bound.wrapping_neg() % bound.max(1) {
                return high;
            }
        }
    }

    /// A number from 0 on and below 1.
    pub(super) fn unit(&mut self) -> f64 {
        // 53 bits are all that a number between 0 and 1 holds evenly.
        (self.0.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// A number between -`bound` and `bound`.
    pub(super) fn within(&mut self, bound: f32) -> f32 {
        // 24 bits are all that a float between 0 and 1 holds evenly.
        let unit = (self.0.next_u32() >> 8) as f32 / 16_777_216.0;
        (2.0 * unit - 1.0) * bound
    }

    /// Puts `items` in random order (Fisher and Yates 1938, as Durstenfeld 1964 does it in place).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_all_and_depends_on_the_seed_alone() {
        let shuffled = |number| {
            let mut items: Vec<usize> = (0..100).collect();
            Draws::new(Seed::new(number)).shuffle(&mut items);
            items
        };
        assert_eq!(shuffled(1), shuffled(1));
        assert_ne!(shuffled(1), shuffled(2));
        let mut sorted = shuffled(1);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn draws_are_even() {
        let mut draws = Draws::new(Seed::new(7));
        let mut counts = [0_usize; 3];
        for _ in 0..3_000 {
            counts[draws.below(3)] += 1;
            assert!(draws.within(0.5).abs() <= 0.5);
        }
        assert!(counts.iter().all(|count| (900..1_100).contains(count)), "{counts:?}");
    }
}
