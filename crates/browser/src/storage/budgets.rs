//! A turn: a connection's budget and the lines of the work drawn on it, written in one transaction.

use domain::{Budget, ConnectionId, PlanId};
use wasm_bindgen::JsValue;

use super::database::{Mode, answer, key, of};
use super::store::{BUDGETS, LINES, RUNS, Storage};
use super::{StorageError, headings};

/// A line of a run as stored: its sequence number and its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRecord {
    /// The line's sequence number in its run.
    pub seq: u64,
    /// The line as JSON.
    pub json: Box<str>,
}

/// A failed turn.
#[derive(Debug)]
pub struct TurnFailure {
    /// Why it failed.
    pub error: StorageError,
    /// The lines that should have been written; empty if the work was not done.
    pub records: Vec<LineRecord>,
    /// The budget after the work, if the work was done and only writing failed.
    pub budget: Option<Box<Budget>>,
}

impl TurnFailure {
    /// A turn that failed before its transaction began.
    pub fn before(error: StorageError) -> Self {
        Self { error, records: Vec::new(), budget: None }
    }
}

impl Storage {
    /// Reads a budget, lets `work` draw on it, and writes the budget and the resulting lines in one
    /// transaction. No other tab can draw on any budget meanwhile. `begin` turns the stored budget, or
    /// `None`, into the one to draw on.
    ///
    /// # Errors
    /// [`StorageError::Gone`] if the run has been removed, so that its lines would belong to nothing, or if
    /// the browser refuses. Neither budget nor lines are written then.
    pub async fn turn(
        &self,
        connection: &ConnectionId,
        run: Option<&PlanId>,
        begin: impl FnOnce(Option<Budget>) -> Budget,
        work: impl FnOnce(&mut Budget) -> Vec<LineRecord>,
    ) -> Result<(Budget, Vec<LineRecord>), TurnFailure> {
        // Lines record what is sent, so they must be on disk before it is. A budget alone may be lost.
        let (stores, mode): (&[&str], Mode) = match run {
            Some(_) => (&[BUDGETS, RUNS, LINES], Mode::Write),
            None => (&[BUDGETS], Mode::Relaxed),
        };
        let transaction = self.begin(stores, mode).await.map_err(TurnFailure::before)?;
        if let Some(run) = run {
            let is_there = headings::is_there(&transaction, run).await.map_err(TurnFailure::before)?;
            if !is_there {
                return Err(TurnFailure::before(StorageError::Gone));
            }
        }
        let budgets = transaction.store(BUDGETS).map_err(TurnFailure::before)?;
        let id = JsValue::from_str(connection.as_str());
        let kept = budgets.get(&id).map_err(|thrown| TurnFailure::before(of(thrown)))?;
        let kept = answer(&kept).await.map_err(TurnFailure::before)?;
        // An unreadable budget counts as none: the vendor's own refusals correct it.
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
            Err(error) => Err(TurnFailure { error, records, budget: Some(Box::new(budget)) }),
        }
    }

    /// The stored budget of a connection.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn budget(&self, connection: &ConnectionId) -> Result<Option<Budget>, StorageError> {
        let transaction = self.begin(&[BUDGETS], Mode::Read).await?;
        let id = JsValue::from_str(connection.as_str());
        let kept = answer(&transaction.store(BUDGETS)?.get(&id).map_err(of)?).await?;
        transaction.done().await?;
        Ok(kept.as_string().and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Deletes the budget of a connection, such as when its destination changes.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn forget_budget(&self, connection: &ConnectionId) -> Result<(), StorageError> {
        let transaction = self.begin(&[BUDGETS], Mode::Write).await?;
        let id = JsValue::from_str(connection.as_str());
        transaction.store(BUDGETS)?.delete(&id).map_err(of)?;
        transaction.done().await
    }
}
