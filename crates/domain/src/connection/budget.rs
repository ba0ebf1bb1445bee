//! The rate limits of a connection.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::{Millis, Operation};

/// At most `max` calls in any span of `span_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Length in milliseconds.
    pub span_ms: Millis,
    /// Most calls within it.
    pub max: u32,
}

/// The limits of a vendor. All windows apply at once.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The windows.
    pub windows: Vec<Window>,
    /// The number of changes with this operation that fit in one call.
    pub batch_size: fn(&Operation) -> usize,
    /// Most calls under way at once.
    pub max_in_flight: usize,
}

/// A call pending for longer than this belongs to a page that is gone.
pub const MAX_CALL_MS: Millis = 60_000;
/// Longest hold on a connection: a little more than the longest window of any vendor. Keeps an absurd value
/// from a vendor, or a clock that was wrong for a while, from blocking a run for good.
const MAX_HOLD_MS: Millis = 3_900_000;
/// First gap between calls after a rate limit refusal without a retry time.
const FIRST_GAP_MS: Millis = 250;
/// Largest gap.
const MAX_GAP_MS: Millis = 60_000;
/// Smaller gaps are rounded to zero.
const MIN_GAP_MS: Millis = 50;
/// The shortest window is divided into this many grains; calls within a grain share a timestamp.
const GRAINS_IN_SHORTEST: Millis = 64;
/// The longest window is divided into at most about this many grains.
const GRAINS_IN_LONGEST: Millis = 4_096;

/// The rate limit headers of a response, if the browser may read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateHint {
    /// Calls left.
    pub remaining: u32,
    /// When more calls become available, counted from the response.
    pub reset_in_ms: Millis,
}

/// The calls of one connection, including reads, over all runs and pages, measured against its windows.
///
/// A call counts from sending until its window has passed since its *response*: vendors count on arrival,
/// which is somewhere in between, so only the response is a safe start of the window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    windows: Vec<Window>,
    /// Answered calls, oldest first. Calls of one grain share its latest timestamp, which can only make them
    /// count longer.
    answered: VecDeque<(Millis, u32)>,
    /// When each pending call was sent.
    under_way: Vec<Millis>,
    held_until: Millis,
    gap_ms: Millis,
    last_start: Millis,
    /// The latest time seen, to detect a clock that was set back.
    #[serde(default)]
    seen_at: Millis,
}

impl Budget {
    /// An unused budget.
    pub fn new(windows: Vec<Window>) -> Self {
        Self {
            windows,
            answered: VecDeque::new(),
            under_way: Vec::new(),
            held_until: 0,
            gap_ms: 0,
            last_start: 0,
            seen_at: 0,
        }
    }

    /// The same calls with other windows, for example after the limits of a connection were edited.
    #[must_use]
    pub fn with_windows(mut self, windows: Vec<Window>) -> Self {
        self.windows = windows;
        self
    }

    /// The saved budget, or this page's own if it knows of later calls that could not be saved. A hold
    /// requested by the vendor applies in either case.
    #[must_use]
    pub fn latest(mut own: Self, kept: Option<Self>, now: Millis) -> Self {
        own.expire(now);
        let Some(mut kept) = kept else { return own };
        kept.expire(now);
        let held_until = own.held_until.max(kept.held_until);
        let mut latest = if kept.last_start >= own.last_start { kept.with_windows(own.windows) } else { own };
        latest.held_until = held_until;
        latest
    }

    /// The windows.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The first moment from `now` on at which every window has room for one more call. `None` while that
    /// depends on pending calls.
    pub fn next_slot(&self, now: Millis) -> Option<Millis> {
        let mut at = now.max(self.held_until);
        if self.gap_ms > 0 {
            at = at.max(self.last_start + self.gap_ms);
        }
        for window in &self.windows {
            let room = (window.max as usize).checked_sub(self.under_way.len() + 1)?;
            if let Some(last) = self.call_from_end(room) {
                at = at.max(last + window.span_ms);
            }
        }
        Some(at)
    }

    /// The time of the answered call with exactly `n_after` calls after it.
    fn call_from_end(&self, n_after: usize) -> Option<Millis> {
        let mut n = 0;
        self.answered.iter().rev().find_map(|(at, count)| {
            n += *count as usize;
            (n > n_after).then_some(*at)
        })
    }

    /// Records that a call was sent.
    pub fn note_sent(&mut self, now: Millis) {
        self.under_way.push(now);
        self.last_start = now;
        self.seen_at = self.seen_at.max(now);
    }

    /// Records that the call sent at `sent_at` was answered or given up.
    pub fn note_answered(&mut self, sent_at: Millis, now: Millis) {
        // An expired call was already counted, but may have arrived later than that, so it counts again.
        if let Some(idx) = self.under_way.iter().position(|at| *at == sent_at) {
            self.under_way.swap_remove(idx);
        }
        self.count(now);
        self.seen_at = self.seen_at.max(now);
    }

    fn count(&mut self, now: Millis) {
        let grain = self.grain();
        // Keep the calls sorted, although callers' clocks may differ a little.
        let now = self.answered.back().map_or(now, |(last, _)| now.max(*last));
        match self.answered.back_mut() {
            Some((at, count)) if *at / grain == now / grain => {
                *at = now;
                *count = count.saturating_add(1);
            }
            _ => self.answered.push_back((now, 1)),
        }
        let longest = self.windows.iter().map(|window| window.span_ms).max().unwrap_or(0);
        while self.answered.front().is_some_and(|(at, _)| at + longest <= now) {
            self.answered.pop_front();
        }
    }

    fn grain(&self) -> Millis {
        let spans = || self.windows.iter().map(|window| window.span_ms);
        let (shortest, longest) = (spans().min().unwrap_or(0), spans().max().unwrap_or(0));
        (shortest / GRAINS_IN_SHORTEST).max(longest / GRAINS_IN_LONGEST).max(1)
    }

    /// Treats expired calls as answered, so that a closed page blocks nothing, and follows a clock that was
    /// set back. Call it before [`next_slot`](Self::next_slot).
    ///
    /// A clock that was set forward looks like elapsed time: waits end early, and the vendor's refusals
    /// correct the pace.
    pub fn expire(&mut self, now: Millis) {
        // Smaller differences come from the clocks of two pages, or from responses recorded out of order.
        if now.saturating_add(MAX_CALL_MS) < self.seen_at {
            self.move_back(self.seen_at - now);
            self.seen_at = now;
        }
        self.seen_at = self.seen_at.max(now);
        let mut idx = 0;
        while let Some(sent_at) = self.under_way.get(idx).copied() {
            if sent_at + MAX_CALL_MS <= now || sent_at > now + MAX_CALL_MS {
                self.under_way.swap_remove(idx);
                self.count((sent_at + MAX_CALL_MS).min(now));
            } else {
                idx += 1;
            }
        }
        self.held_until = self.held_until.min(now.saturating_add(MAX_HOLD_MS));
        self.last_start = self.last_start.min(now);
        if self.answered.back().is_some_and(|(at, _)| *at > now + MAX_CALL_MS) {
            for (at, _) in &mut self.answered {
                *at = now.min(*at);
            }
        }
    }

    /// Shifts everything into the past, so that waits keep their length. Pending calls keep their start time,
    /// by which their responses are matched; they then count as answered now.
    fn move_back(&mut self, by: Millis) {
        for (at, _) in &mut self.answered {
            *at = at.saturating_sub(by);
        }
        self.held_until = self.held_until.saturating_sub(by);
        self.last_start = self.last_start.saturating_sub(by);
    }

    /// Sends nothing before this moment, as requested by the vendor.
    pub fn hold_until(&mut self, at: Millis) {
        self.held_until = self.held_until.max(at);
    }

    /// The moment before which nothing is sent.
    pub fn held_until(&self) -> Millis {
        self.held_until
    }

    /// Increases the gap between calls after a rate limit refusal without a retry time.
    pub fn slow_down(&mut self) {
        self.gap_ms = (self.gap_ms * 2).clamp(FIRST_GAP_MS, MAX_GAP_MS);
    }

    /// Slightly reduces the gap between calls after a response that was no rate limit refusal.
    pub fn speed_up(&mut self) {
        let smaller = self.gap_ms - self.gap_ms.div_ceil(10);
        self.gap_ms = if smaller < MIN_GAP_MS { 0 } else { smaller };
    }

    /// Applies the rate limit headers of a response.
    pub fn note_rate(&mut self, hint: RateHint, now: Millis) {
        if hint.remaining == 0 {
            self.hold_until(now + hint.reset_in_ms.min(MAX_HOLD_MS));
        }
    }

    /// The number of calls that currently count in each window.
    pub fn usage(&self, now: Millis) -> Vec<(u32, Window)> {
        let n_under_way = self.under_way.len() as u32;
        let used = |window: &Window| {
            let since = now.saturating_sub(window.span_ms);
            let counting = self.answered.iter().rev().take_while(|(at, _)| *at > since);
            (counting.map(|(_, count)| count).sum::<u32>() + n_under_way, *window)
        };
        self.windows.iter().map(used).collect()
    }

    /// The window that is currently fullest, and its number of calls.
    pub fn fullest(&self, now: Millis) -> Option<(u32, Window)> {
        self.usage(now).into_iter().max_by(|(a, wa), (b, wb)| {
            (u64::from(*a) * u64::from(wb.max)).cmp(&(u64::from(*b) * u64::from(wa.max)))
        })
    }

    /// The shortest time to send `n_calls` from `now`, if each is answered at once.
    pub fn time_for(&self, n_calls: usize, now: Millis) -> Millis {
        // The window with the longest span per call dominates in the long run. Once every window is full, the
        // schedule repeats with its span, so only one period has to be simulated.
        let Some(slowest) = self.windows.iter().max_by_key(|w| w.span_ms / u64::from(w.max.max(1))) else {
            return 0;
        };
        let period = slowest.max.max(1) as usize;
        let most = self.windows.iter().map(|window| window.max as usize).max().unwrap_or(0);
        let n_periods = n_calls.saturating_sub(most + period) / period;
        let mut budget = self.clone();
        budget.under_way.clear();
        budget.gap_ms = 0;
        let mut at = now;
        for _ in 0..n_calls - n_periods * period {
            at = budget.next_slot(at).unwrap_or(at);
            budget.count(at);
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
        // Three hours for 360 calls; the last 40 take three minutes of the fourth hour.
        assert_eq!(budget.time_for(400, 0), 3 * 3_600_000 + 3 * 60_000);
        assert_eq!(budget.time_for(10, 0), 0);
        assert_eq!(budget.time_for(11, 0), 60_000);
    }

    #[test]
    fn a_full_window_of_calls_under_way_gives_no_slot() {
        let mut budget = Budget::new(vec![Window { span_ms: 1_000, max: 2 }]);
        budget.note_sent(1);
        budget.note_sent(2);
        assert_eq!(budget.next_slot(5), None);
        budget.note_answered(1, 10);
        assert_eq!(budget.next_slot(10), Some(1_010));
    }

    proptest! {
        /// However the clock jumps, no wait gets longer, except for the minute below which two clocks count
        /// as equal.
        #[test]
        fn a_clock_that_jumps_makes_no_wait_longer(
            n_calls in 0usize..150,
            held_ms in 0u64..=MAX_HOLD_MS,
            n_slower in 0usize..6,
            jump_ms in prop::sample::select(vec![3_600_000i64, 86_400_000, 31_536_000_000]),
            is_back: bool,
            is_saved_by_an_older_release: bool,
        ) {
            let start: Millis = 1_760_000_000_000;
            let mut budget = Budget::new(three_windows());
            let mut now = start;
            for _ in 0..n_calls {
                now = budget.next_slot(now).expect("nothing is under way");
                budget.note_sent(now);
                budget.note_answered(now, now);
            }
            (0..n_slower).for_each(|_| budget.slow_down());
            budget.hold_until(now + held_ms);
            budget.expire(now);
            let before = budget.next_slot(now).expect("nothing is under way") - now;
            if is_saved_by_an_older_release {
                let mut json = serde_json::to_value(&budget).expect("JSON");
                json.as_object_mut().expect("an object").remove("seen_at");
                budget = serde_json::from_value(json).expect("the former format");
            }
            let later = if is_back { now - jump_ms as u64 } else { now + jump_ms as u64 };
            budget.expire(later);
            let after = budget.next_slot(later).expect("nothing is under way") - later;
            let most = if is_saved_by_an_older_release { MAX_HOLD_MS } else { before };
            prop_assert!(after <= most.max(MAX_CALL_MS), "{after} after {before}");
        }

        #[test]
        fn time_for_many_is_what_going_through_them_gives(n in 0usize..900) {
            let budget = Budget::new(three_windows());
            let mut walked = budget.clone();
            let mut at = 0;
            for _ in 0..n {
                at = walked.next_slot(at).expect("nothing is under way");
                walked.note_sent(at);
                walked.note_answered(at, at);
            }
            prop_assert_eq!(budget.time_for(n, 0), at);
        }

        /// A vendor counts a call on arrival, between sending and response: no window may be exceeded.
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
                budget.note_sent(now);
                let sent_at = now;
                arrivals.push(now + there);
                now += there + back;
                budget.note_answered(sent_at, now);
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
