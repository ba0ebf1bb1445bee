//! How fast a connection may be used.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::{Effect, Millis};

/// At most `max` calls in any span of `span_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Length in milliseconds.
    pub span_ms: Millis,
    /// Most calls in it.
    pub max: u32,
}

/// What a vendor allows: all windows apply at once.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The windows.
    pub windows: Vec<Window>,
    /// How many changes with this effect fit in one call.
    pub batch_size: fn(&Effect) -> usize,
    /// Calls that may be under way at once.
    pub max_in_flight: usize,
}

/// The calls of one connection, reads and writes alike, held against its windows.
///
/// A call counts from when it was sent until its window has passed since its *answer*: vendors count on
/// arrival, which lies somewhere between the two, so only the answer is a safe start for the window.
#[derive(Clone, Debug)]
pub struct Budget {
    windows: Vec<Window>,
    answered: VecDeque<Millis>,
    n_under_way: u32,
    held_until: Millis,
}

impl Budget {
    /// A budget that nothing has drawn on yet.
    pub fn new(windows: Vec<Window>) -> Self {
        Self { windows, answered: VecDeque::new(), n_under_way: 0, held_until: 0 }
    }

    /// The windows.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The first moment, `now` or later, at which one more call is within every window. `None` while that
    /// depends on calls that are still under way.
    pub fn next_slot(&self, now: Millis) -> Option<Millis> {
        let mut at = now.max(self.held_until);
        for window in &self.windows {
            let room = window.max.checked_sub(self.n_under_way + 1)? as usize;
            // With `room` answered calls left in the window there is place for one more: the call that
            // must have left it is the (room+1)-th from the end.
            if let Some(idx) = self.answered.len().checked_sub(room + 1) {
                at = at.max(self.answered[idx] + window.span_ms);
            }
        }
        Some(at)
    }

    /// Notes that a call went out.
    pub fn note_sent(&mut self) {
        self.n_under_way += 1;
    }

    /// Notes that a call was answered or given up.
    pub fn note_answered(&mut self, now: Millis) {
        self.n_under_way = self.n_under_way.saturating_sub(1);
        // Answers can be noted out of order by a caller's clock; windows need them sorted.
        let now = self.answered.back().map_or(now, |last| now.max(*last));
        self.answered.push_back(now);
        let most = self.windows.iter().map(|window| window.max as usize).max().unwrap_or(0);
        while self.answered.len() > most {
            self.answered.pop_front();
        }
    }

    /// Sends nothing before a moment, as a vendor asked for.
    pub fn hold_until(&mut self, at: Millis) {
        self.held_until = self.held_until.max(at);
    }

    /// Calls that count in the window that is fullest now, and that window.
    pub fn fullest(&self, now: Millis) -> Option<(u32, Window)> {
        self.windows
            .iter()
            .map(|window| {
                let since = now.saturating_sub(window.span_ms);
                let n = self.answered.iter().rev().take_while(|at| **at > since).count() as u32;
                (n + self.n_under_way, *window)
            })
            .max_by(|(a, wa), (b, wb)| {
                (u64::from(*a) * u64::from(wb.max)).cmp(&(u64::from(*b) * u64::from(wa.max)))
            })
    }

    /// Shortest time in which `n_calls` can go out from `now`, if each is answered at once.
    pub fn time_for(&self, n_calls: usize, now: Millis) -> Millis {
        // The window with the longest span a call decides in the long run. Once every window has been full,
        // the schedule repeats with its span, so that only one period has to be gone through call by call.
        let Some(slowest) = self.windows.iter().max_by_key(|w| w.span_ms / u64::from(w.max.max(1))) else {
            return 0;
        };
        let period = slowest.max.max(1) as usize;
        let most = self.windows.iter().map(|window| window.max as usize).max().unwrap_or(0);
        let n_periods = n_calls.saturating_sub(most + period) / period;
        let mut budget = self.clone();
        budget.n_under_way = 0;
        let mut at = now;
        for _ in 0..n_calls - n_periods * period {
            at = budget.next_slot(at).unwrap_or(at);
            budget.note_answered(at);
        }
        at - now + n_periods as u64 * slowest.span_ms
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn three_windows() -> Vec<Window> {
        vec![
            Window { span_ms: 60_000, max: 10 },
            Window { span_ms: 600_000, max: 50 },
            Window { span_ms: 3_600_000, max: 120 },
        ]
    }

    #[test]
    fn the_longest_window_decides_for_four_hundred_calls() {
        let budget = Budget::new(three_windows());
        // Three hours for 360 of them; the last 40 take three minutes of the fourth.
        assert_eq!(budget.time_for(400, 0), 3 * 3_600_000 + 3 * 60_000);
        assert_eq!(budget.time_for(10, 0), 0);
        assert_eq!(budget.time_for(11, 0), 60_000);
    }

    #[test]
    fn a_full_window_of_calls_under_way_gives_no_slot() {
        let mut budget = Budget::new(vec![Window { span_ms: 1_000, max: 2 }]);
        budget.note_sent();
        budget.note_sent();
        assert_eq!(budget.next_slot(5), None);
        budget.note_answered(10);
        assert_eq!(budget.next_slot(10), Some(1_010));
    }

    proptest! {
        #[test]
        fn time_for_many_is_what_going_through_them_gives(n in 0usize..900) {
            let budget = Budget::new(three_windows());
            let mut walked = budget.clone();
            let mut at = 0;
            for _ in 0..n {
                at = walked.next_slot(at).expect("nothing is under way");
                walked.note_answered(at);
            }
            prop_assert_eq!(budget.time_for(n, 0), at);
        }

        /// A vendor counts a call when it arrives, between sending and answer: no window may be exceeded.
        #[test]
        fn never_exceeds_a_window_however_latencies_vary(
            latencies in prop::collection::vec((0u64..5_000, 0u64..5_000), 1..250),
        ) {
            let windows = three_windows();
            let mut budget = Budget::new(windows.clone());
            let mut now = 0;
            let mut arrivals = Vec::new();
            for (there, back) in latencies {
                now = budget.next_slot(now).expect("nothing is under way");
                budget.note_sent();
                arrivals.push(now + there);
                now += there + back;
                budget.note_answered(now);
            }
            for window in windows {
                for (idx, at) in arrivals.iter().enumerate() {
                    let n = arrivals[..=idx].iter().filter(|other| **other + window.span_ms > *at).count();
                    prop_assert!(n <= window.max as usize);
                }
            }
        }
    }
}
