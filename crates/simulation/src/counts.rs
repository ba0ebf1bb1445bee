//! Statistics of cases.

/// The statistics of one or more cases.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Changes of started runs.
    pub n_changes: u64,
    /// Calls, including those that never left the browser.
    pub n_calls: u64,
    /// Calls without a response.
    pub n_doubts: u64,
    /// Responses with status 429.
    pub n_throttled: u64,
    /// Crashes of pages.
    pub n_crashes: u64,
    /// Locks granted to waiting tabs.
    pub n_takeovers: u64,
    /// Persisted journal records.
    pub n_lines: u64,
    /// Button presses.
    pub n_presses: u64,
    /// Pages that runs read back.
    pub n_readings: u64,
    /// Restored runs that were compared with their originals.
    pub n_compared: u64,
    /// Calls that the browser sent twice.
    pub n_repeats: u64,
    /// Power cuts.
    pub n_power_cuts: u64,
    /// Transactions lost in power cuts.
    pub n_lost_turns: u64,
    /// Times the site's data was cleared.
    pub n_cleared: u64,
    /// Edits of the connection: address, key, acting person, rate limit.
    pub n_edits: [u64; 4],
    /// Runs held on opening because the connection leads elsewhere.
    pub n_held: u64,
    /// Clock jumps.
    pub n_clock_jumps: u64,
    /// Storage upgrades by a later release while pages were open.
    pub n_upgrades: u64,
    /// Runs that began without storage.
    pub n_without_storage: u64,
    /// Times the user continued without a journal.
    pub n_unwritten: u64,
    /// Interrupted runs that resumed by themselves.
    pub n_self_resumed: u64,
    /// Pages that opened without the key.
    pub n_keyless: u64,
    /// Times a page with runs was hidden.
    pub n_hides: u64,
    /// Stolen locks.
    pub n_stolen: u64,
    /// Writes that the journal refused because of a second writer.
    pub n_conflicts: u64,
    /// Changes that other moderators made.
    pub n_moderated: u64,
    /// Changes that were compared and not sent, because someone had been changed.
    pub n_changed: u64,
    /// Outcomes by verdict: done, already so, refused, unknown, not sent.
    pub n_outcomes: [u64; 5],
}

impl Counts {
    /// Adds the counts of another case.
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
        self.n_without_storage += other.n_without_storage;
        self.n_unwritten += other.n_unwritten;
        self.n_self_resumed += other.n_self_resumed;
        self.n_keyless += other.n_keyless;
        self.n_hides += other.n_hides;
        self.n_stolen += other.n_stolen;
        self.n_conflicts += other.n_conflicts;
        self.n_moderated += other.n_moderated;
        self.n_changed += other.n_changed;
        for (mine, theirs) in self.n_edits.iter_mut().zip(other.n_edits) {
            *mine += theirs;
        }
        for (mine, theirs) in self.n_outcomes.iter_mut().zip(other.n_outcomes) {
            *mine += theirs;
        }
    }
}
