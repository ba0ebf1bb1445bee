//! One turn: the budget of a connection and what was drawn on it, written together.

use domain::{Budget, ConnectionId, PlanId};
use wasm_bindgen::JsValue;

use super::database::{Mode, answer, key, of};
use super::store::{BUDGETS, LINES, RUNS, Storage};
use super::{StorageError, headings};

/// A line of a run, ready to be written: its number and its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The number of the line in its run.
    pub seq: u64,
    /// The line.
    pub json: Box<str>,
}

/// What a turn could not keep.
#[derive(Debug)]
pub struct NotKept {
    /// Why.
    pub error: StorageError,
    /// What should have been written; empty if it did not come that far.
    pub records: Vec<Record>,
    /// How the work left the budget, if it was done and only the writing is missing.
    pub budget: Option<Box<Budget>>,
}

impl NotKept {
    /// A turn that failed before its transaction began.
    pub fn before(error: StorageError) -> Self {
        Self { error, records: Vec::new(), budget: None }
    }
}

impl Storage {
    /// Reads a budget, lets `work` draw on it, and writes it and the lines that came of it. While this goes
    /// on, no other tab can draw on any budget. A budget that was not kept yet begins as `fresh`.
    ///
    /// # Errors
    /// [`StorageError::Gone`] if the run is not there any more, so that its lines would belong to nothing, or if
    /// the browser does not let it; then neither budget nor lines are written.
    pub async fn turn(
        &self,
        connection: &ConnectionId,
        run: Option<&PlanId>,
        begin: impl FnOnce(Option<Budget>) -> Budget,
        work: impl FnOnce(&mut Budget) -> Vec<Record>,
    ) -> Result<(Budget, Vec<Record>), NotKept> {
        // Lines say what was sent, which has to be on the disk before it is; a budget alone may be lost.
        let (stores, mode): (&[&str], Mode) = match run {
            Some(_) => (&[BUDGETS, RUNS, LINES], Mode::Write),
            None => (&[BUDGETS], Mode::Relaxed),
        };
        let transaction = self.begin(stores, mode).await.map_err(NotKept::before)?;
        if let Some(run) = run {
            let is_there = headings::is_there(&transaction, run).await.map_err(NotKept::before)?;
            if !is_there {
                return Err(NotKept::before(StorageError::Gone));
            }
        }
        let budgets = transaction.store(BUDGETS).map_err(NotKept::before)?;
        let id = JsValue::from_str(connection.as_str());
        let kept = budgets.get(&id).map_err(|thrown| NotKept::before(of(thrown)))?;
        let kept = answer(&kept).await.map_err(NotKept::before)?;
        // One that cannot be read is as one that was never kept: the vendor's own refusals set it right.
        let mut budget = begin(kept.as_string().and_then(|json| serde_json::from_str(&json).ok()));
        let records = work(&mut budget);
        let written = async {
            let json = serde_json::to_string(&budget).map_err(|_| StorageError::Corrupt)?;
            budgets.put_with_key(&json.into(), &id).map_err(of)?;
            if let Some(run) = run {
                let lines = transaction.store(LINES)?;
                for record in &records {
                    let key = key(run.as_str(), record.seq);
                    lines.add_with_key(&JsValue::from_str(&record.json), &key).map_err(of)?;
                }
            }
            transaction.done().await
        };
        match written.await {
            Ok(()) => Ok((budget, records)),
            Err(error) => Err(NotKept { error, records, budget: Some(Box::new(budget)) }),
        }
    }

    /// The budget of a connection as it was kept last.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn budget(&self, connection: &ConnectionId) -> Result<Option<Budget>, StorageError> {
        let transaction = self.begin(&[BUDGETS], Mode::Read).await?;
        let id = JsValue::from_str(connection.as_str());
        let kept = answer(&transaction.store(BUDGETS)?.get(&id).map_err(of)?).await?;
        transaction.done().await?;
        Ok(kept.as_string().and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Forgets the budget of a connection, as when it goes to another place.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn forget_budget(&self, connection: &ConnectionId) -> Result<(), StorageError> {
        let transaction = self.begin(&[BUDGETS], Mode::Write).await?;
        let id = JsValue::from_str(connection.as_str());
        transaction.store(BUDGETS)?.delete(&id).map_err(of)?;
        transaction.done().await
    }
}
