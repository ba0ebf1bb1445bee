//! Runs in IndexedDB: a heading, the plan in chunks, and a line per event.

use domain::PlanId;
use domain::entry::{Chunk, Heading, Line};
use domain::journal::Stored;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbObjectStore;

use super::budgets::LineRecord;
use super::database::{Mode, Transaction, answer, key, keys_from, of};
use super::store::{LINES, PLANS, RUNS, Storage};
use super::{StorageError, headings};

/// Stored in place of lines that are no longer written. A reader counts it as damage, and so resends nothing
/// whose outcome is uncertain.
const GAP: &str = "…";

/// A journal in IndexedDB. Clones share the database.
#[derive(Clone, Debug)]
pub struct IndexedDbJournal(Storage);

impl IndexedDbJournal {
    /// The journal in a database.
    pub fn new(storage: Storage) -> Self {
        Self(storage)
    }

    /// Writes the heading and the plan of a run that is about to start.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if a run with this ID exists, or if the browser cannot write.
    pub async fn begin(&self, heading: &Heading, chunks: Vec<Chunk>) -> Result<(), StorageError> {
        let transaction = self.0.begin(&[RUNS, PLANS], Mode::Write).await?;
        let run = heading.plan.as_str();
        let json = serde_json::to_string(heading).map_err(|_| StorageError::Corrupt)?;
        put_new(&transaction.store(RUNS)?, &run.into(), &json)?;
        let plans = transaction.store(PLANS)?;
        for (n, chunk) in chunks.into_iter().enumerate() {
            let json = serde_json::to_string(&chunk).map_err(|_| StorageError::Corrupt)?;
            put_new(&plans, &key(run, n as u64), &json)?;
        }
        transaction.done().await
    }

    /// A run with its lines from a number on. The plan is read only from the start.
    ///
    /// # Errors
    /// [`StorageError::Missing`] if there is no such run, or if the browser cannot read.
    pub async fn read(&self, run: &PlanId, from_seq: u64) -> Result<Stored, StorageError> {
        let transaction = self.0.begin(&[RUNS, PLANS, LINES], Mode::Read).await?;
        let id = run.as_str();
        let heading = answer(&transaction.store(RUNS)?.get(&id.into()).map_err(of)?).await?;
        if heading.is_undefined() {
            return Err(StorageError::Missing);
        }
        let heading = heading.as_string().and_then(|json| serde_json::from_str(&json).ok());
        let heading: Heading = heading.ok_or(StorageError::Corrupt)?;
        // A reader that starts later already has the plan.
        let chunks =
            if from_seq == 0 { texts(&transaction.store(PLANS)?, id, 0).await?.1 } else { Vec::new() };
        let (keys, lines) = texts(&transaction.store(LINES)?, id, from_seq).await?;
        transaction.done().await?;
        let chunks = chunks.iter().map(|json| serde_json::from_str(json));
        let chunks = chunks.collect::<Result<Vec<Chunk>, _>>().map_err(|_| StorageError::Corrupt)?;
        let n_written = keys.len();
        let next_seq = keys.last().map_or(from_seq, |last| last + 1);
        let lines: Vec<Line> = lines
            .iter()
            .zip(keys)
            .filter_map(|(json, seq)| serde_json::from_str(json).ok().filter(|line: &Line| line.seq == seq))
            .collect();
        let n_missing = (next_seq - from_seq) as usize - n_written;
        let n_damaged = (n_written - lines.len() + n_missing) as u32;
        Ok(Stored { heading, chunks, lines, n_damaged, next_seq })
    }

    /// Deletes a run.
    ///
    /// # Errors
    /// If the browser cannot write.
    pub async fn remove(&self, run: &PlanId) -> Result<(), StorageError> {
        let transaction = self.0.begin(&[RUNS, PLANS, LINES], Mode::Write).await?;
        forget(&transaction, run)?;
        transaction.done().await
    }

    /// Records that lines from this sequence number on are missing.
    ///
    /// # Errors
    /// [`StorageError::Gone`] if the run has been removed, or if the browser refuses.
    pub async fn note_gap(&self, run: &PlanId, seq: u64) -> Result<(), StorageError> {
        let transaction = self.0.begin(&[RUNS, LINES], Mode::Write).await?;
        if !headings::is_there(&transaction, run).await? {
            return Err(StorageError::Gone);
        }
        put_new(&transaction.store(LINES)?, &key(run.as_str(), seq), GAP)?;
        transaction.done().await
    }
}

impl LineRecord {
    /// A line, ready to be written.
    ///
    /// # Errors
    /// If it cannot be written as JSON, which no line of ours is.
    pub fn of(line: &Line) -> Result<Self, StorageError> {
        let json = serde_json::to_string(line).map_err(|_| StorageError::Corrupt)?;
        Ok(Self { seq: line.seq, json: json.into() })
    }
}

impl Storage {
    /// Removes runs, such as to free space.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn forget_runs(&self, runs: &[PlanId]) -> Result<(), StorageError> {
        let transaction = self.begin(&[RUNS, PLANS, LINES], Mode::Write).await?;
        for run in runs {
            forget(&transaction, run)?;
        }
        transaction.done().await
    }
}

/// Deletes everything of a run.
pub(super) fn forget(transaction: &Transaction, run: &PlanId) -> Result<(), StorageError> {
    let id = run.as_str();
    transaction.store(RUNS)?.delete(&id.into()).map_err(of)?;
    for name in [PLANS, LINES] {
        transaction.store(name)?.delete(&keys_from(id, 0)?.into()).map_err(of)?;
    }
    Ok(())
}

/// Adds a record; an existing one makes the transaction fail.
fn put_new(store: &IdbObjectStore, key: &JsValue, json: &str) -> Result<(), StorageError> {
    store.add_with_key(&JsValue::from_str(json), key).map(|_| ()).map_err(of)
}

/// The numbers and strings of an id from number `from` on. A value that is not a string counts as damaged and
/// is returned as empty.
async fn texts(store: &IdbObjectStore, id: &str, from: u64) -> Result<(Vec<u64>, Vec<String>), StorageError> {
    let range = keys_from(id, from)?;
    let keys: Array = answer(&store.get_all_keys_with_key(&range).map_err(of)?).await?.unchecked_into();
    let values: Array = answer(&store.get_all_with_key(&range).map_err(of)?).await?.unchecked_into();
    let n = |key: JsValue| key.unchecked_into::<Array>().get(1).as_f64().unwrap_or_default() as u64;
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    Ok((keys.iter().map(n).collect(), values.iter().map(text).collect()))
}
