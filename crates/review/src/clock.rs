//! The time, as far as it cannot be set back.

use serde::{Deserialize, Serialize};

use domain::Millis;

/// How far the clocks of two people may be apart: five minutes.
pub const CLOCK_TOLERANCE_MS: Millis = 5 * 60 * 1_000;

/// The newest time that this device has ever told, which its owner keeps. With it nobody makes an approval valid
/// again by setting the clock back. Times in documents do not count: anyone could write a date in the next century.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReviewClock {
    newest: Millis,
}

impl ReviewClock {
    /// The time to decide by: what the device tells, or the newest it has told, if that is later.
    pub fn now(&mut self, told: Millis) -> Millis {
        self.newest = self.newest.max(told);
        self.newest
    }

    /// By how much the device's clock is behind the newest time it has told; `None` within the tolerance.
    pub fn is_behind(&self, told: Millis) -> Option<Millis> {
        let behind = self.newest.saturating_sub(told);
        (behind > CLOCK_TOLERANCE_MS).then_some(behind)
    }

    /// Starts again at a time, after a person has said that the clock was wrong before.
    pub fn reset(&mut self, told: Millis) {
        self.newest = told;
    }
}
