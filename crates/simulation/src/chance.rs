//! Chance from a seed: every choice of a case comes from here, so that a seed replays it exactly.

use domain::dice::Dice;

/// A stream of choices.
#[derive(Debug)]
pub struct Chance(Dice);

impl Chance {
    /// The stream of a seed that this purpose has for itself: one more choice in a stream leaves the others.
    pub fn new(seed: u64, purpose: u64) -> Self {
        let mut dice = Dice::new(seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        dice.below(2); // neighbouring seeds part after the first
        Self(dice)
    }

    /// A number below `n`, and 0 below 1.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0.below(n.max(1))
    }

    /// A number from `low` to `high`, both possible.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in so many of a thousand cases.
    pub fn permille(&mut self, n: u64) -> bool {
        self.below(1_000) < n
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}
