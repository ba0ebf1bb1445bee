//! What cases came to, counted.

/// What a case came to, counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Changes.
    pub n_changes: u64,
    /// Calls that left.
    pub n_calls: u64,
    /// Calls whose answer was lost, unreadable or a failure.
    pub n_doubts: u64,
    /// Refusals for pace.
    pub n_throttled: u64,
    /// Times that a page died.
    pub n_crashes: u64,
    /// Times that a second tab took over.
    pub n_takeovers: u64,
    /// Journal records.
    pub n_lines: u64,
    /// Presses of buttons.
    pub n_presses: u64,
    /// Pages read back.
    pub n_readings: u64,
    /// Restored runs that were compared with the ones that wrote them.
    pub n_compared: u64,
    /// Outcomes: done, already so, refused, unknown, not sent.
    pub n_outcomes: [u64; 5],
}

impl Counts {
    /// Adds what another case came to.
    pub fn add(&mut self, other: &Counts) {
        self.n_changes += other.n_changes;
        self.n_calls += other.n_calls;
        self.n_doubts += other.n_doubts;
        self.n_throttled += other.n_throttled;
        self.n_crashes += other.n_crashes;
        self.n_takeovers += other.n_takeovers;
        self.n_lines += other.n_lines;
        self.n_presses += other.n_presses;
        self.n_readings += other.n_readings;
        self.n_compared += other.n_compared;
        for (mine, theirs) in self.n_outcomes.iter_mut().zip(other.n_outcomes) {
            *mine += theirs;
        }
    }
}
