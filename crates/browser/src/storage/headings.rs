//! The list of runs: what each is and its progress, without reading its journal.
//!
//! The list is part of a first load, so it decodes no entries: their code is fetched with the run pages.

use std::collections::BTreeMap;

use domain::entry::{Heading, Status};
use domain::{Millis, PlanId, Tally};
use js_sys::Array;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbCursorDirection, IdbCursorWithValue};

use super::StorageError;
use super::database::{Mode, Transaction, answer, keys_from, of};
use super::store::{LINES, RUNS, Storage};

/// A run in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// What the run is and where it began.
    pub heading: Heading,
    /// Its last line; `None` if there is none yet or it cannot be read.
    pub last: Option<LastLine>,
}

/// The part of a run's last line that the list needs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LastLine {
    /// Its sequence number in the run.
    pub seq: u64,
    /// The outcomes, counted.
    pub tally: Tally,
    /// The run's status.
    pub status: Status,
    entry: BTreeMap<Box<str>, Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Moment {
    at: Millis,
}

impl LastLine {
    /// When it was written.
    pub fn at(&self) -> Option<Millis> {
        self.entry.values().next().map(|moment| moment.at)
    }
}

impl Storage {
    /// All runs of this device. Unreadable headings are skipped and stay in the store.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn headings(&self) -> Result<Vec<RunRecord>, StorageError> {
        let transaction = self.begin(&[RUNS, LINES], Mode::Read).await?;
        let mut records = Vec::new();
        for heading in all(&transaction).await? {
            let last = last(&transaction, heading.plan.as_str()).await?;
            records.push(RunRecord { heading, last });
        }
        transaction.done().await?;
        Ok(records)
    }
}

/// All readable headings.
pub(super) async fn all(transaction: &Transaction) -> Result<Vec<Heading>, StorageError> {
    let request = transaction.store(RUNS)?.get_all().map_err(of)?;
    let records: Array = answer(&request).await?.unchecked_into();
    Ok(records.iter().filter_map(|record| serde_json::from_str(&record.as_string()?).ok()).collect())
}

/// True if a run is stored, even if its heading cannot be read.
pub(super) async fn is_there(transaction: &Transaction, run: &PlanId) -> Result<bool, StorageError> {
    let found = transaction.store(RUNS)?.get(&run.as_str().into()).map_err(of)?;
    Ok(!answer(&found).await?.is_undefined())
}

/// The last line of a run, if it can be read.
async fn last(transaction: &Transaction, run: &str) -> Result<Option<LastLine>, StorageError> {
    let keys = keys_from(run, 0)?;
    let request = transaction
        .store(LINES)?
        .open_cursor_with_range_and_direction(&keys, IdbCursorDirection::Prev)
        .map_err(of)?;
    let found: JsValue = answer(&request).await?;
    if found.is_null() {
        return Ok(None);
    }
    let cursor: IdbCursorWithValue = found.unchecked_into();
    let line = cursor.value().map_err(of)?.as_string();
    Ok(line.and_then(|json| serde_json::from_str(&json).ok()))
}
