//! Checks arriving calls against the documented rate limits.

use std::collections::VecDeque;

use domain::{Millis, Window};

/// Arrival times.
#[derive(Debug, Default)]
pub(crate) struct Arrivals(VecDeque<Millis>);

impl Arrivals {
    /// Counts a call; returns the window that it exceeds.
    pub(crate) fn count(&mut self, now: Millis, windows: &[Window]) -> Option<Window> {
        self.0.push_back(now);
        let most = windows.iter().map(|window| window.max as usize).max().unwrap_or(0);
        while self.0.len() > most + 1 {
            self.0.pop_front();
        }
        let is_over = |window: &&Window| {
            let nth_last = self.0.len().checked_sub(window.max as usize + 1);
            nth_last.and_then(|idx| self.0.get(idx)).is_some_and(|at| at + window.span_ms > now)
        };
        windows.iter().find(is_over).copied()
    }
}
