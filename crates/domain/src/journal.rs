//! Where runs are written down: appended to, never rewritten.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;

use crate::PlanId;
use crate::entry::{Chunk, Heading, Line};

/// A run as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What it is.
    pub heading: Heading,
    /// Its plan.
    pub chunks: Vec<Chunk>,
    /// The lines that can be read, in order.
    pub lines: Vec<Line>,
    /// How many records cannot be read.
    pub n_damaged: u32,
    /// The number of the next line: one above the highest that was ever written, readable or not.
    pub next_seq: u64,
}

/// Why something could not be saved or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StorageError {
    /// The browser has no storage for this page, as in some private windows.
    #[error("expected storage, found none")]
    Unavailable,
    /// A later release has made the database, and does not promise that this one can use it.
    #[error("expected a database of this release, found that of a later one")]
    Newer,
    /// Another tab with an older release has the database open and does not let go.
    #[error("expected to change the database, found it in use by an older release")]
    Blocked,
    /// The browser could not read or write, as when its disk fails.
    #[error("expected to read or write, found a failure")]
    Failed,
    /// The browser's space for this page is used up.
    #[error("expected space, found none")]
    QuotaExceeded,
    /// An entry could not be read and was left where it is.
    #[error("expected a record, found something else")]
    Corrupt,
    /// The browser closed the database, or another tab with a newer console did.
    #[error("expected an open database, found it closed")]
    Closed,
    /// Another page has written what was to be written.
    #[error("expected to be the only writer, found another")]
    Conflict,
    /// There is nothing of that name.
    #[error("expected a record of this name, found none")]
    Missing,
    /// The run that was being written is not there any more: the site's data was cleared, or another tab
    /// removed the run.
    #[error("expected the run that is written, found none")]
    Gone,
}

impl StorageError {
    /// The name in keys of texts.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Newer => "newer",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Corrupt => "corrupt",
            Self::Closed => "closed",
            Self::Conflict => "conflict",
            Self::Missing => "missing",
            Self::Gone => "gone",
        }
    }
}

/// Keeps runs. A line whose number is there already is an error: another driver has written it.
pub trait Journal {
    /// Why something could not be written or read.
    type Error;

    /// Writes down a plan that is about to be applied.
    fn begin(&self, heading: &Heading, chunks: Vec<Chunk>) -> impl Future<Output = Result<(), Self::Error>>;

    /// Writes down what happened, all of it or nothing.
    fn append(&self, run: &PlanId, lines: &[Line]) -> impl Future<Output = Result<(), Self::Error>>;

    /// Every run with its last line, which tells how far it is.
    fn runs(&self) -> impl Future<Output = Result<Vec<(Heading, Option<Line>)>, Self::Error>>;

    /// One run with its lines from a number on.
    fn read(&self, run: &PlanId, from_seq: u64) -> impl Future<Output = Result<Stored, Self::Error>>;

    /// Forgets a run.
    fn remove(&self, run: &PlanId) -> impl Future<Output = Result<(), Self::Error>>;
}

/// A journal that lasts as long as its last clone.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal(Arc<Mutex<BTreeMap<PlanId, Kept>>>);

#[derive(Debug)]
struct Kept {
    heading: Heading,
    chunks: Vec<Chunk>,
    lines: BTreeMap<u64, Line>,
}

/// Why a [`MemoryJournal`] refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MemoryJournalError {
    /// The run is there already.
    #[error("expected a new run, found one with this id")]
    RunExists,
    /// There is no such run.
    #[error("expected a run that was begun, found none")]
    RunMissing,
    /// A line with this number is there already.
    #[error("expected a new line, found one with number {0}")]
    LineExists(u64),
}

impl MemoryJournal {
    /// A journal with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<PlanId, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin_now(&self, heading: &Heading, chunks: Vec<Chunk>) -> Result<(), MemoryJournalError> {
        let mut kept = self.kept();
        if kept.contains_key(&heading.plan) {
            return Err(MemoryJournalError::RunExists);
        }
        let new = Kept { heading: heading.clone(), chunks, lines: BTreeMap::new() };
        kept.insert(heading.plan.clone(), new);
        Ok(())
    }

    fn append_now(&self, run: &PlanId, lines: &[Line]) -> Result<(), MemoryJournalError> {
        let mut kept = self.kept();
        let known = &mut kept.get_mut(run).ok_or(MemoryJournalError::RunMissing)?.lines;
        if let Some(line) = lines.iter().find(|line| known.contains_key(&line.seq)) {
            return Err(MemoryJournalError::LineExists(line.seq));
        }
        known.extend(lines.iter().map(|line| (line.seq, line.clone())));
        Ok(())
    }

    fn read_now(&self, run: &PlanId, from_seq: u64) -> Result<Stored, MemoryJournalError> {
        let kept = self.kept();
        let kept = kept.get(run).ok_or(MemoryJournalError::RunMissing)?;
        Ok(Stored {
            heading: kept.heading.clone(),
            chunks: kept.chunks.clone(),
            lines: kept.lines.range(from_seq..).map(|(_, line)| line.clone()).collect(),
            n_damaged: 0,
            next_seq: kept.lines.last_key_value().map_or(0, |(seq, _)| seq + 1),
        })
    }
}

impl Journal for MemoryJournal {
    type Error = MemoryJournalError;

    async fn begin(&self, heading: &Heading, chunks: Vec<Chunk>) -> Result<(), Self::Error> {
        self.begin_now(heading, chunks)
    }

    async fn append(&self, run: &PlanId, lines: &[Line]) -> Result<(), Self::Error> {
        self.append_now(run, lines)
    }

    async fn runs(&self) -> Result<Vec<(Heading, Option<Line>)>, Self::Error> {
        let last = |kept: &Kept| kept.lines.last_key_value().map(|(_, line)| line.clone());
        Ok(self.kept().values().map(|kept| (kept.heading.clone(), last(kept))).collect())
    }

    async fn read(&self, run: &PlanId, from_seq: u64) -> Result<Stored, Self::Error> {
        self.read_now(run, from_seq)
    }

    async fn remove(&self, run: &PlanId) -> Result<(), Self::Error> {
        self.kept().remove(run).map(|_| ()).ok_or(MemoryJournalError::RunMissing)
    }
}
