//! How long the console has been idle, by two clocks.

use crate::Millis;

/// A moment by two clocks that fail in different ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Wall clock. Continues while the device sleeps, but can be set forward or back.
    pub wall: Millis,
    /// Monotonic clock with an arbitrary origin. Stops during sleep in some browsers.
    pub steady: Millis,
}

impl Moment {
    /// The time since an earlier moment: the longer of the two measurements. A clock that was set back hides
    /// no idle time, and sleep counts. A clock that was set forward locks too early, which only costs
    /// entering the passphrase; locking too late could cost a key.
    pub fn since(self, earlier: Self) -> Millis {
        let wall = self.wall.saturating_sub(earlier.wall);
        wall.max(self.steady.saturating_sub(earlier.steady))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USED: Moment = Moment { wall: 1_760_000_000_000, steady: 50_000 };
    const HOUR: Millis = 3_600_000;

    #[test]
    fn a_clock_that_is_put_back_hides_no_idle_time() {
        let now = Moment { wall: USED.wall - HOUR, steady: USED.steady + 900_000 };
        assert_eq!(now.since(USED), 900_000);
    }

    #[test]
    fn sleep_counts_where_the_steady_clock_stands() {
        let now = Moment { wall: USED.wall + 8 * HOUR, steady: USED.steady + 5 };
        assert_eq!(now.since(USED), 8 * HOUR);
    }
}
