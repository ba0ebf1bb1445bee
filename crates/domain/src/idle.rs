//! Since when nobody has used the console, by two clocks.

use crate::Millis;

/// A moment by two clocks that are wrong in different ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// By the clock on the wall. It goes on while the device sleeps, and people and servers put it back and ahead.
    pub wall: Millis,
    /// By a clock that nobody can set, from any beginning. In some browsers it stands while the device sleeps.
    pub steady: Millis,
}

impl Moment {
    /// How long ago an earlier moment was at least one of the clocks says: the longer of the two. A clock that
    /// was put back hides nothing, and a night with the lid closed counts. One that was put ahead locks too
    /// early, which costs a passphrase; the other way round would cost a key.
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
