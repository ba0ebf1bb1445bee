//! Seeded randomness: the source of every choice in a case, so that a seed replays it exactly.

use domain::dice::Dice;

/// A stream of pseudo-random choices.
#[derive(Debug)]
pub(crate) struct Chance(Dice);

impl Chance {
    /// A separate stream for each purpose, so that an additional choice in one does not affect the others.
    pub(crate) fn new(seed: u64, purpose: u64) -> Self {
        let mut dice = Dice::new(seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        dice.below(2); // neighbouring seeds diverge after the first number
        Self(dice)
    }

    /// A number below `n`; 0 if `n` is 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0.below(n.max(1))
    }

    /// A number from `low` to `high`, inclusive.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True with a probability of `n` permille.
    pub(crate) fn permille(&mut self, n: u64) -> bool {
        self.below(1_000) < n
    }

    /// Picks one element.
    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}
