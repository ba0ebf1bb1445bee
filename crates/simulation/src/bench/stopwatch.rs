//! The one clock of this crate: it measures, and decides nothing.
#![expect(clippy::disallowed_types, reason = "what is measured is time, and no case ever sees it")]

use std::time::{Duration, Instant};

/// How long something takes.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since then.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
