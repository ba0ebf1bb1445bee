//! A browser's storage: journals and the budget as JSON, in atomic transactions.

use std::collections::BTreeMap;

use domain::entry::{Chunk, Heading, Line};
use domain::journal::StorageError;
use domain::{Budget, PlanId, Stored};

/// Marks the start of missing records.
const GAP: &str = "…";

/// A transaction that a power cut would undo.
#[derive(Debug)]
struct Relaxed {
    lines: Vec<(PlanId, u64)>,
    budget_before: Option<String>,
}

/// The storage of one browser.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    runs: BTreeMap<PlanId, (String, Vec<String>)>,
    lines: BTreeMap<(PlanId, u64), String>,
    budget: Option<String>,
    /// Transactions that a power cut would undo, oldest first.
    relaxed: Vec<Relaxed>,
    /// True if the storage is full.
    pub is_full: bool,
    /// True if the browser provides no storage.
    pub is_missing: bool,
    /// The size of all records written, in bytes.
    pub n_bytes: usize,
}

impl Disk {
    /// An empty storage, or a missing one.
    pub(crate) fn new(is_missing: bool) -> Self {
        Self { is_missing, ..Self::default() }
    }

    /// Creates a run's journal.
    ///
    /// # Errors
    /// If the storage is full or the run already exists.
    pub(crate) fn begin(&mut self, heading: &Heading, chunks: Vec<Chunk>) -> Result<(), StorageError> {
        if self.is_full {
            return Err(StorageError::QuotaExceeded);
        }
        if self.runs.contains_key(&heading.plan) {
            return Err(StorageError::Conflict);
        }
        let chunks = chunks.iter().map(json).collect();
        self.runs.insert(heading.plan.clone(), (json(heading), chunks));
        self.relaxed.clear();
        Ok(())
    }

    /// The last written budget.
    pub(crate) fn budget(&self) -> Option<Budget> {
        self.budget.as_deref().map(|text| serde_json::from_str(text).expect("a budget reads back"))
    }

    /// Writes the budget and new records of a run in one transaction. A strict transaction and all before it
    /// survive a power cut.
    ///
    /// # Errors
    /// If the storage is full, the run does not exist, or one of the records exists; then nothing is written.
    pub(crate) fn write(
        &mut self,
        run: &PlanId,
        lines: &[Line],
        budget: &Budget,
        is_strict: bool,
    ) -> Result<(), StorageError> {
        if !self.runs.contains_key(run) {
            return Err(StorageError::Gone);
        }
        if self.is_full && !lines.is_empty() {
            return Err(StorageError::QuotaExceeded);
        }
        if lines.iter().any(|line| self.lines.contains_key(&(run.clone(), line.seq))) {
            return Err(StorageError::Conflict);
        }
        let mut keys = Vec::new();
        for line in lines {
            let (key, text) = ((run.clone(), line.seq), json(line));
            self.n_bytes += text.len();
            keys.push(key.clone());
            self.lines.insert(key, text);
        }
        self.relaxed.push(Relaxed { lines: keys, budget_before: self.budget.take() });
        self.budget = Some(json(budget));
        if is_strict {
            self.relaxed.clear();
        }
        Ok(())
    }

    /// Replaces the budget.
    pub(crate) fn write_budget(&mut self, budget: &Budget) {
        self.relaxed.push(Relaxed { lines: Vec::new(), budget_before: self.budget.take() });
        self.budget = Some(json(budget));
    }

    /// Notes that records from this number on are missing.
    ///
    /// # Errors
    /// If the storage is full, the run does not exist, or the record exists.
    pub(crate) fn note_gap(&mut self, run: &PlanId, seq: u64) -> Result<(), StorageError> {
        if !self.runs.contains_key(run) {
            return Err(StorageError::Gone);
        }
        if self.is_full {
            return Err(StorageError::QuotaExceeded);
        }
        if self.lines.contains_key(&(run.clone(), seq)) {
            return Err(StorageError::Conflict);
        }
        self.lines.insert((run.clone(), seq), GAP.into());
        self.relaxed.clear();
        Ok(())
    }

    /// Undoes up to `most` of the latest transactions, as in a power cut. Returns how many.
    pub(crate) fn lose_tail(&mut self, most: usize) -> usize {
        let n = most.min(self.relaxed.len());
        for Relaxed { lines, budget_before } in self.relaxed.drain(self.relaxed.len() - n..).rev() {
            for key in lines {
                self.lines.remove(&key);
            }
            self.budget = budget_before;
        }
        self.relaxed.clear();
        n
    }

    /// The number of transactions that a power cut could undo.
    pub(crate) fn n_relaxed(&self) -> usize {
        self.relaxed.len()
    }

    /// Deletes everything, as when the user clears the site's data.
    pub(crate) fn clear(&mut self) {
        self.runs.clear();
        self.lines.clear();
        self.relaxed.clear();
        self.budget = None;
    }

    /// Reads a run and its records from a number on; `None` if the run does not exist.
    pub(crate) fn read(&self, run: &PlanId, from_seq: u64) -> Option<Stored> {
        let (heading, chunks) = self.runs.get(run)?;
        let mut n_damaged = 0;
        let mut expected = from_seq;
        let range = (run.clone(), from_seq)..=(run.clone(), u64::MAX);
        let mut lines = Vec::new();
        for ((_, seq), text) in self.lines.range(range) {
            n_damaged += (seq - expected) as u32;
            expected = seq + 1;
            match serde_json::from_str(text) {
                Ok(line) => lines.push(line),
                Err(_) => n_damaged += 1,
            }
        }
        Some(Stored {
            next_seq: expected,
            heading: serde_json::from_str(heading).expect("a heading reads back"),
            chunks: chunks
                .iter()
                .map(|text| serde_json::from_str(text).expect("a piece of a plan reads back"))
                .collect(),
            lines,
            n_damaged,
        })
    }

    /// The number of records of a run.
    pub(crate) fn n_lines(&self, run: &PlanId) -> usize {
        self.lines.range((run.clone(), 0)..=(run.clone(), u64::MAX)).count()
    }

    /// Makes one record of a run unreadable.
    pub(crate) fn damage(&mut self, run: &PlanId, nth: usize) {
        let mut range = self.lines.range_mut((run.clone(), 0)..=(run.clone(), u64::MAX));
        if let Some((_, text)) = range.nth(nth).filter(|(_, text)| *text != GAP) {
            text.truncate(text.len() / 2);
        }
    }

    /// Deletes a run.
    pub(crate) fn remove(&mut self, run: &PlanId) {
        self.runs.remove(run);
        self.lines.retain(|(plan, _), _| plan != run);
        self.relaxed.clear();
    }

    /// All stored texts.
    pub(crate) fn text(&self) -> impl Iterator<Item = &str> {
        let runs = self.runs.values().flat_map(|(heading, chunks)| chunks.iter().chain([heading]));
        runs.chain(self.lines.values()).chain(&self.budget).map(String::as_str)
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("what is written down is plain data")
}

/// The heading for a plan that starts now.
pub(crate) fn heading(plan: &domain::Plan, connection: &domain::Connection, now: domain::Millis) -> Heading {
    Heading::new(plan, connection, "/place", now)
}
