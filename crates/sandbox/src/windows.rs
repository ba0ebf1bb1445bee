//! Sliding rate limit windows per key, as the vendors document them.

use std::collections::VecDeque;

use domain::Millis;

use crate::table::Table;

/// Pairs of window length and maximum number of calls; all apply together.
pub(crate) type Windows = Vec<(Millis, usize)>;

/// Arrival times of calls by class. Not journaled: a restart opens every window.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrivals {
    by_class: Table<VecDeque<Millis>>,
}

impl Arrivals {
    /// Counts a call, or returns how long to wait until it would be accepted.
    // Assumed: windows slide, and refused calls do not count; the documents print only limits.
    pub(crate) fn take(
        &mut self,
        class: &str,
        windows: &[(Millis, usize)],
        now: Millis,
    ) -> Result<(), Millis> {
        let Some(longest) = windows.iter().map(|(span, _)| *span).max() else { return Ok(()) };
        let arrivals = self.by_class.entry(class.to_owned()).or_default();
        while arrivals.front().is_some_and(|at| at.saturating_add(longest) <= now) {
            arrivals.pop_front();
        }
        let wait = windows.iter().filter_map(|&(span, max)| {
            let nth_last = arrivals.len().checked_sub(max)?;
            let opens = arrivals.get(nth_last)?.saturating_add(span);
            (opens > now).then(|| opens - now)
        });
        match wait.max() {
            Some(wait) => Err(wait),
            None => {
                arrivals.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: &[(Millis, usize)] = &[(60_000, 2), (600_000, 3)];

    #[test]
    fn opens_when_the_oldest_call_of_a_full_window_is_old_enough() {
        let mut arrivals = Arrivals::default();
        assert_eq!(arrivals.take("k", PAIR, 0), Ok(()));
        assert_eq!(arrivals.take("k", PAIR, 10), Ok(()));
        assert_eq!(arrivals.take("k", PAIR, 20), Err(59_980));
        assert_eq!(arrivals.take("other", PAIR, 20), Ok(()));
        assert_eq!(arrivals.take("k", PAIR, 60_000), Ok(()));
        assert_eq!(arrivals.take("k", PAIR, 130_000), Err(470_000));
        assert_eq!(arrivals.take("k", PAIR, 600_000), Ok(()));
    }
}
