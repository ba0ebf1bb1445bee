//! What an answer means for a run, and for the pace of its connection.

use super::{BatchFailure, Run};
use crate::api_error::Origin;
use crate::entry::{Entry, Pause};
use crate::{ApiError, BatchId, Budget, ChangeId, ErrorClass, Millis, Outcome, Reply};

/// First wait after a refusal for pace that names no time; it doubles with each further one in a row.
const FIRST_BACKOFF_MS: Millis = 1_000;
/// Longest wait between two tries.
const MAX_BACKOFF_MS: Millis = 300_000;
/// Longest wait that is granted to an answer that asks for one: the longest window of any vendor.
const MAX_ASKED_WAIT_MS: Millis = 3_600_000;
/// Most that is added to a wait, so that pages that were refused together do not come back together.
const MAX_JITTER_MS: Millis = 250;
/// After so many refusals for pace in a row a run pauses.
pub(super) const MAX_PACE_IN_ROW: u32 = 12;
/// After so many lost answers in a row a run pauses.
const MAX_LOST_IN_ROW: u32 = 5;

/// What a failure of a whole call means for the changes in it.
pub(super) enum Meaning {
    /// The call was not processed, for its pace.
    TooFast,
    /// The call was not processed, because of the key.
    Key,
    /// The call never left, for want of a network.
    Offline,
    /// It is not known what came of it.
    Lost,
    /// It is known what came of it.
    Known(Outcome),
}

impl Meaning {
    pub(super) fn of(failure: &BatchFailure) -> Self {
        let BatchFailure { error, is_sent } = failure;
        let is_lost = matches!(error.origin, Origin::Network | Origin::Decoding)
            || matches!(error.class, ErrorClass::Server | ErrorClass::Unknown);
        match error.class {
            ErrorClass::RateLimited => Self::TooFast,
            ErrorClass::Auth => Self::Key,
            _ if !is_sent && error.origin == Origin::Network => Self::Offline,
            _ if !is_sent => Self::Known(Outcome::NotSent(error.clone())),
            _ if is_lost => Self::Lost,
            ErrorClass::AlreadyDone => Self::Known(Outcome::NoOp(Some(error.clone()))),
            _ => Self::Known(Outcome::Rejected(error.clone())),
        }
    }
}

impl Run {
    /// Takes in what came of a batch. An answer to a batch that is not under way is ignored.
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
                budget.speed_up();
                return self.commit(Entry::Answered { batch: id, at: now, outcomes });
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
            meaning @ (Meaning::TooFast | Meaning::Key | Meaning::Offline) => {
                let error = failure.error;
                self.commit(Entry::Returned { batch: id, at: now, error: error.clone() });
                self.hold(&meaning, error, now, budget);
            }
        }
    }

    /// What follows from a call that was not processed.
    fn hold(&mut self, meaning: &Meaning, error: ApiError, now: Millis, budget: &mut Budget) {
        match meaning {
            Meaning::TooFast => {
                self.wait_for_pace(&error, self.n_pace, now, budget);
                if self.n_pace >= MAX_PACE_IN_ROW {
                    self.pause(Pause::Pace(error), now);
                }
            }
            Meaning::Key => self.pause(Pause::Key(error), now),
            Meaning::Offline => self.pause(Pause::Offline, now),
            Meaning::Lost | Meaning::Known(_) => {}
        }
    }

    /// Holds the connection for as long as the vendor asked, or longer with every refusal in a row.
    pub(super) fn wait_for_pace(
        &mut self,
        error: &ApiError,
        n_in_row: u32,
        now: Millis,
        budget: &mut Budget,
    ) {
        let wait = match error.retry_after_ms {
            Some(asked) => asked.min(MAX_ASKED_WAIT_MS) + self.dice.below(MAX_JITTER_MS),
            None => {
                budget.slow_down();
                self.backoff(n_in_row)
            }
        };
        budget.hold_until(now + wait);
    }

    /// A wait that grows with each try, anywhere between nothing and its full length.
    pub(super) fn backoff(&mut self, n_tries: u32) -> Millis {
        let full = FIRST_BACKOFF_MS << n_tries.saturating_sub(1).min(20);
        self.dice.below(full.min(MAX_BACKOFF_MS) + 1)
    }
}

/// An outcome for every change of a call: what the reply says, and unknown where it says nothing.
fn outcomes(changes: &[ChangeId], reply: Reply) -> Vec<(ChangeId, Outcome)> {
    let missing = || Outcome::Unknown(ApiError::new(ErrorClass::Unknown, Origin::Vendor, "row.missing"));
    let mut outcomes: Vec<(ChangeId, Option<Outcome>)> =
        changes.iter().map(|change| (*change, None)).collect();
    outcomes.sort_by_key(|(change, _)| *change);
    for (change, outcome) in reply.outcomes {
        // A vendor's answer cannot speak of somebody who was not in the call.
        if let Ok(idx) = outcomes.binary_search_by_key(&change, |(known, _)| *known) {
            outcomes[idx].1 = Some(outcome);
        }
    }
    outcomes.into_iter().map(|(change, outcome)| (change, outcome.unwrap_or_else(missing))).collect()
}
