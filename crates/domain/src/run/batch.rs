//! Changes sent in one call.

use std::sync::Arc;

use crate::{BatchId, ChangeId, Operation, Person, PlanId};

/// One change in a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchItem {
    /// The change in its plan, by which outcomes are matched.
    pub change: ChangeId,
    /// The person.
    pub person: Person,
    /// The operation.
    pub operation: Arc<Operation>,
}

/// Changes sent in one call. Never empty; all items [share a call](Operation::shares_call_with).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its number in the run.
    pub id: BatchId,
    /// How often it was sent before.
    pub n_attempts: u32,
    /// The changes.
    pub items: Vec<BatchItem>,
}

impl Batch {
    /// The operation of the first item, which determines the kind of call.
    pub fn operation(&self) -> &Operation {
        &self.items.first().expect("a batch is never empty").operation
    }
}

/// Identifies one attempt of one call, uniquely across tabs and restores of the run. Browsers may resend a
/// call when its connection drops; the id lets a relay detect that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallId {
    run: PlanId,
    batch: BatchId,
    attempt: u32,
}

impl CallId {
    /// The id of a batch that a run is about to send.
    pub fn of(run: &PlanId, batch: &Batch) -> Self {
        Self { run: run.clone(), batch: batch.id, attempt: batch.n_attempts }
    }
}

impl std::fmt::Display for CallId {
    /// `<run>-<batch>-<attempt>`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.run, self.batch.0, self.attempt)
    }
}
