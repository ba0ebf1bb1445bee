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
    /// Times that a tab that waited got the lock of a run.
    pub n_takeovers: u64,
    /// Journal records.
    pub n_lines: u64,
    /// Presses of buttons.
    pub n_presses: u64,
    /// Pages read back.
    pub n_readings: u64,
    /// Restored runs that were compared with the ones that wrote them.
    pub n_compared: u64,
    /// Calls that the browser delivered twice.
    pub n_repeats: u64,
    /// Times that the power went.
    pub n_power_cuts: u64,
    /// Transactions that were lost with the power.
    pub n_lost_turns: u64,
    /// Times that the site's data was cleared under a live run.
    pub n_cleared: u64,
    /// Times that the connection was edited: address, key, acting person, rate limit.
    pub n_edits: [u64; 4],
    /// Times that a run was held because its connection led elsewhere.
    pub n_held: u64,
    /// Times that the clock jumped.
    pub n_clock_jumps: u64,
    /// Times that a later release changed the storage under a live page.
    pub n_upgrades: u64,
    /// Runs whose journal was rewritten in the format before.
    pub n_older: u64,
    /// Runs that began without storage.
    pub n_without_storage: u64,
    /// Times that somebody went on without a journal.
    pub n_unwritten: u64,
    /// Interrupted runs that went on by themselves.
    pub n_self_resumed: u64,
    /// Pages that opened without the key.
    pub n_keyless: u64,
    /// Times that a page was put aside and came back.
    pub n_hides: u64,
    /// Times that a lock was taken away.
    pub n_stolen: u64,
    /// Times that the journal refused a second writer.
    pub n_conflicts: u64,
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
        self.n_repeats += other.n_repeats;
        self.n_power_cuts += other.n_power_cuts;
        self.n_lost_turns += other.n_lost_turns;
        self.n_cleared += other.n_cleared;
        self.n_held += other.n_held;
        self.n_clock_jumps += other.n_clock_jumps;
        self.n_upgrades += other.n_upgrades;
        self.n_older += other.n_older;
        self.n_without_storage += other.n_without_storage;
        self.n_unwritten += other.n_unwritten;
        self.n_self_resumed += other.n_self_resumed;
        self.n_keyless += other.n_keyless;
        self.n_hides += other.n_hides;
        self.n_stolen += other.n_stolen;
        self.n_conflicts += other.n_conflicts;
        for (mine, theirs) in self.n_edits.iter_mut().zip(other.n_edits) {
            *mine += theirs;
        }
        for (mine, theirs) in self.n_outcomes.iter_mut().zip(other.n_outcomes) {
            *mine += theirs;
        }
    }
}
