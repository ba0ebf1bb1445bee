//! The state of each change and its last call in twelve bytes, with each distinct outcome stored once.

use std::sync::Arc;

use crate::lookup::Lookup;
use crate::outcome::Verdict;
use crate::{BatchId, ChangeId, Outcome, Tally};

/// The index of an outcome among the distinct outcomes of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OutcomeIdx(u32);

/// The state of one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// It will be sent.
    Waiting,
    /// It will be sent again, in the call that was returned.
    Returned,
    /// It is in a call that was sent.
    UnderWay,
    /// Its response was lost and it will be read back. Holds its outcome in case that fails.
    Doubted(OutcomeIdx),
    /// It has its outcome.
    Settled(OutcomeIdx),
}

const NO_BATCH: u32 = u32::MAX;

/// The states of all changes.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    slots: Vec<Slot>,
    batches: Vec<u32>,
    outcomes: Vec<Arc<Outcome>>,
    places: Lookup<Arc<Outcome>, OutcomeIdx>,
    tally: Tally,
}

impl Slots {
    /// Slots for `n_changes` waiting changes.
    pub(super) fn waiting(n_changes: usize) -> Self {
        Self {
            slots: vec![Slot::Waiting; n_changes],
            batches: vec![NO_BATCH; n_changes],
            outcomes: Vec::new(),
            places: Lookup::new(),
            tally: Tally { n_waiting: n_changes, ..Tally::default() },
        }
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    /// The index of an outcome; equal outcomes share one.
    pub(super) fn intern(&mut self, outcome: &Outcome) -> OutcomeIdx {
        if let Some(idx) = self.places.get(outcome) {
            return *idx;
        }
        let idx = OutcomeIdx(self.outcomes.len() as u32);
        let outcome = Arc::new(outcome.clone());
        self.outcomes.push(Arc::clone(&outcome));
        self.places.insert(outcome, idx);
        idx
    }

    pub(super) fn at(&self, idx: OutcomeIdx) -> &Outcome {
        &self.outcomes[idx.0 as usize]
    }

    /// State of a change; `None` if it is not in the plan.
    pub(super) fn get(&self, change: ChangeId) -> Option<Slot> {
        self.slots.get(change.as_idx()).copied()
    }

    /// The outcome of a settled change.
    pub(super) fn outcome(&self, change: ChangeId) -> Option<&Outcome> {
        match self.get(change) {
            Some(Slot::Settled(idx)) => Some(self.at(idx)),
            _ => None,
        }
    }

    /// Sets the state of a change and returns the previous one.
    pub(super) fn set(&mut self, change: ChangeId, slot: Slot) -> Slot {
        let before = self.slots[change.as_idx()];
        self.tally.moved(self.verdict(before), self.verdict(slot));
        self.slots[change.as_idx()] = slot;
        before
    }

    fn verdict(&self, slot: Slot) -> Option<Verdict> {
        match slot {
            Slot::Settled(idx) => Some(self.at(idx).verdict()),
            Slot::Waiting | Slot::Returned | Slot::UnderWay | Slot::Doubted(_) => None,
        }
    }

    /// The last call that a change was in.
    pub(super) fn batch(&self, change: ChangeId) -> Option<BatchId> {
        self.batches.get(change.as_idx()).filter(|batch| **batch != NO_BATCH).map(|batch| BatchId(*batch))
    }

    pub(super) fn set_batch(&mut self, change: ChangeId, batch: BatchId) {
        self.batches[change.as_idx()] = batch.0;
    }

    /// Every change with its state.
    pub(super) fn all(&self) -> impl Iterator<Item = (ChangeId, Slot)> {
        self.slots.iter().enumerate().map(|(idx, slot)| (ChangeId(idx as u32), *slot))
    }
}
