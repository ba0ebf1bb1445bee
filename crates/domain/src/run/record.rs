//! What a response means for a run, and for the pace of its connection.

use super::Run;
use crate::api_error::ErrorOrigin;
use crate::entry::{Entry, Pause};
use crate::order;
use crate::retry::{self, BatchFailure, Meaning};
use crate::{ApiError, BatchId, Budget, ChangeId, ConsoleCode, ErrorClass, Millis, Outcome, Reply};

/// A run pauses after this many consecutive rate limit refusals.
pub(super) const MAX_PACE_IN_ROW: u32 = 12;
/// A run pauses after this many consecutive lost responses.
const MAX_LOST_IN_ROW: u32 = 5;

impl Run {
    /// Records the result of a batch. Ignores batches that are not under way.
    pub fn record(
        &mut self,
        id: BatchId,
        result: Result<Reply, BatchFailure>,
        now: Millis,
        budget: &mut Budget,
    ) {
        let Some(call) = self.in_flight.iter().find(|call| call.batch == id) else {
            return;
        };
        budget.note_answered(call.sent_at, now);
        let changes = &call.changes;
        let failure = match result {
            Ok(reply) => {
                let outcomes = outcomes(changes, reply);
                let refusals = outcomes.iter().filter_map(|(_, outcome)| outcome.pace_refusal());
                let refusal = refusals.max_by_key(|error| error.retry_after_ms).cloned();
                if refusal.is_none() {
                    budget.speed_up();
                }
                self.commit(Entry::Answered { batch: id, at: now, outcomes });
                if let Some(error) = refusal {
                    self.hold(&Meaning::TooFast, error, now, budget);
                }
                return;
            }
            Err(failure) => failure,
        };
        match Meaning::of(&failure) {
            Meaning::Known(outcome) => {
                let outcomes = changes.iter().map(|change| (*change, outcome.clone())).collect();
                budget.speed_up();
                self.commit(Entry::Answered { batch: id, at: now, outcomes });
            }
            Meaning::Lost => {
                let error = failure.error;
                self.commit(Entry::Doubted { batch: id, at: now, error: error.clone() });
                if self.n_lost >= MAX_LOST_IN_ROW {
                    self.pause(Pause::Lost(error), now);
                }
            }
            meaning @ (Meaning::TooFast | Meaning::TokenExpired | Meaning::Key | Meaning::Offline) => {
                let error = failure.error;
                self.commit(Entry::Returned { batch: id, at: now, error: error.clone() });
                self.hold(&meaning, error, now, budget);
            }
        }
    }

    /// Waits or pauses after a call that was not processed.
    fn hold(&mut self, meaning: &Meaning, error: ApiError, now: Millis, budget: &mut Budget) {
        match meaning {
            Meaning::TooFast => {
                retry::wait_for_pace(&mut self.dice, &error, self.n_pace, now, budget);
                if self.n_pace >= MAX_PACE_IN_ROW {
                    self.pause(Pause::Pace(error), now);
                }
            }
            Meaning::Key => self.pause(Pause::Key(error), now),
            Meaning::Offline => self.pause(Pause::Offline, now),
            Meaning::TokenExpired | Meaning::Lost | Meaning::Known(_) => {}
        }
    }
}

/// An outcome for every change of a call: as in the reply, or unknown if missing there.
fn outcomes(changes: &[ChangeId], reply: Reply) -> Vec<(ChangeId, Outcome)> {
    let missing =
        || Outcome::Unknown(ApiError::new(ErrorClass::Unknown, ErrorOrigin::Vendor, ConsoleCode::RowMissing));
    let mut outcomes: Vec<(ChangeId, Option<Outcome>)> =
        changes.iter().map(|change| (*change, None)).collect();
    order::sort_by_key(&mut outcomes, |(change, _)| *change);
    for (change, outcome) in reply.outcomes {
        // Ignore people who were not in the call.
        if let Ok(idx) = outcomes.binary_search_by_key(&change, |(known, _)| *known) {
            outcomes[idx].1 = Some(outcome);
        }
    }
    outcomes.into_iter().map(|(change, outcome)| (change, outcome.unwrap_or_else(missing))).collect()
}
