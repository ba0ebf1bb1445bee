//! The list of runs: what each is and how far it is, without reading what happened in it.
//!
//! A first load shows this list, so it reads no entries: their code is fetched with the pages that show runs.

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
    /// What it is.
    pub heading: Heading,
    /// How far it is; `None` if nothing happened in it yet, or its last line cannot be read.
    pub last: Option<LastLine>,
}

/// What a list needs of a run's last line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LastLine {
    /// Its number in the run.
    pub seq: u64,
    /// The outcomes counted.
    pub tally: Tally,
    /// How far the run is.
    pub status: Status,
    entry: BTreeMap<Box<str>, Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Moment {
    at: Millis,
}

impl LastLine {
    /// When it happened.
    pub fn at(&self) -> Option<Millis> {
        self.entry.values().next().map(|moment| moment.at)
    }
}

impl Storage {
    /// Every run of this device. Headings that cannot be read are left out, and left where they are.
    ///
    /// # Errors
    /// If the browser does not let it.
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

/// Every heading that can be read.
pub(super) async fn all(transaction: &Transaction) -> Result<Vec<Heading>, StorageError> {
    let request = transaction.store(RUNS)?.get_all().map_err(of)?;
    let records: Array = answer(&request).await?.unchecked_into();
    Ok(records.iter().filter_map(|record| serde_json::from_str(&record.as_string()?).ok()).collect())
}

/// True if a run is in the list, whether or not its heading can be read.
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
