//! What a browser keeps: journals and the budget, as JSON text, in transactions that succeed whole or not at all.

use std::collections::BTreeMap;

use domain::entry::{self, Chunk, Heading, Line};
use domain::{Budget, PlanId, Stored};

/// Why something was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// There is no room.
    Full,
    /// There is a record with this number already: another page drives this run.
    Exists(u64),
}

/// One browser's storage.
#[derive(Debug, Default)]
pub struct Disk {
    runs: BTreeMap<PlanId, (String, Vec<String>)>,
    lines: BTreeMap<(PlanId, u64), String>,
    budget: Option<String>,
    /// Whether there is no room for anything new.
    pub is_full: bool,
    /// Bytes written for lines.
    pub n_bytes: usize,
}

impl Disk {
    /// Begins a run's journal.
    pub fn begin(&mut self, heading: &Heading, chunks: Vec<Chunk>) {
        let chunks = chunks.iter().map(json).collect();
        self.runs.insert(heading.plan.clone(), (json(heading), chunks));
    }

    /// The budget as it was written last.
    pub fn budget(&self) -> Option<Budget> {
        self.budget.as_deref().map(|text| serde_json::from_str(text).expect("a budget reads back"))
    }

    /// Writes the budget and new records of one run together.
    ///
    /// # Errors
    /// If there is no room for the records, or one of them is there already; nothing is written then.
    pub fn write(&mut self, run: &PlanId, lines: &[Line], budget: &Budget) -> Result<(), WriteError> {
        if self.is_full && !lines.is_empty() {
            return Err(WriteError::Full);
        }
        if let Some(line) = lines.iter().find(|line| self.lines.contains_key(&(run.clone(), line.seq))) {
            return Err(WriteError::Exists(line.seq));
        }
        for line in lines {
            let text = json(line);
            self.n_bytes += text.len();
            self.lines.insert((run.clone(), line.seq), text);
        }
        self.write_budget(budget);
        Ok(())
    }

    /// Writes the budget alone, over the one before.
    pub fn write_budget(&mut self, budget: &Budget) {
        self.budget = Some(json(budget));
    }

    /// A run and its records from a number on; `None` if there is none of that name.
    pub fn read(&self, run: &PlanId, from_seq: u64) -> Option<Stored> {
        let (heading, chunks) = self.runs.get(run)?;
        let mut n_damaged = 0;
        let range = (run.clone(), from_seq)..=(run.clone(), u64::MAX);
        let read = |text: &String| serde_json::from_str(text).map_err(|_| n_damaged += 1).ok();
        let lines = self.lines.range(range).map(|(_, text)| text).filter_map(read).collect();
        let last = self.lines.range(..=(run.clone(), u64::MAX)).next_back();
        let next_seq = last.filter(|((plan, _), _)| plan == run).map_or(0, |((_, seq), _)| seq + 1);
        Some(Stored {
            next_seq,
            heading: serde_json::from_str(heading).expect("a heading reads back"),
            chunks: chunks
                .iter()
                .map(|text| serde_json::from_str(text).expect("a piece of a plan reads back"))
                .collect(),
            lines,
            n_damaged,
        })
    }

    /// How many records a run has.
    pub fn n_lines(&self, run: &PlanId) -> usize {
        self.lines.range((run.clone(), 0)..=(run.clone(), u64::MAX)).count()
    }

    /// Makes one record of a run unreadable.
    pub fn damage(&mut self, run: &PlanId, nth: usize) {
        let mut range = self.lines.range_mut((run.clone(), 0)..=(run.clone(), u64::MAX));
        if let Some((_, text)) = range.nth(nth) {
            text.truncate(text.len() / 2);
        }
    }

    /// Forgets a run.
    pub fn remove(&mut self, run: &PlanId) {
        self.runs.remove(run);
        self.lines.retain(|(plan, _), _| plan != run);
    }

    /// Everything that is kept, as text.
    pub fn text(&self) -> impl Iterator<Item = &str> {
        let runs = self.runs.values().flat_map(|(heading, chunks)| chunks.iter().chain([heading]));
        runs.chain(self.lines.values()).chain(&self.budget).map(String::as_str)
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("what is written down is plain data")
}

/// The heading of a plan that begins now.
pub fn heading(plan: &domain::Plan, now: domain::Millis) -> Heading {
    Heading {
        format: entry::FORMAT,
        plan: plan.id.clone(),
        connection: plan.connection.clone(),
        connection_name: "Connection".into(),
        vendor: plan.vendor,
        title: "Changes".into(),
        place: "Community".into(),
        started_at: now,
        n_changes: plan.changes.len() as u32,
    }
}
