//! Changes that travel in one call.

use std::sync::Arc;

use crate::{BatchId, ChangeId, Effect, Person, PlanId};

/// One change in a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchItem {
    /// The change in its plan: the key by which the answer is matched.
    pub change: ChangeId,
    /// Who.
    pub person: Person,
    /// What.
    pub effect: Arc<Effect>,
}

/// Changes that travel in one call. Never empty; all items [share a call](Effect::shares_call_with).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its number in the run.
    pub id: BatchId,
    /// How often it was sent before: 0 for the first time.
    pub n_attempts: u32,
    /// What is in it.
    pub items: Vec<BatchItem>,
}

impl Batch {
    /// The effect of the first item, which says which call this is.
    pub fn effect(&self) -> &Effect {
        &self.items.first().expect("a batch is never empty").effect
    }
}

/// The number of one attempt of one call: no two attempts share one, in whatever tab and however often the run is
/// restored. Browsers repeat a call by themselves when its connection dies; the number is what tells a relay so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallId {
    run: PlanId,
    batch: BatchId,
    attempt: u32,
}

impl CallId {
    /// The number of a batch that a run is about to send.
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
