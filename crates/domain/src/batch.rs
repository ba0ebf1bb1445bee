//! Changes that travel in one call.

use std::sync::Arc;

use crate::{BatchId, ChangeId, Effect, Person};

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
