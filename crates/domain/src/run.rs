//! Applying a plan: which batch is next, and what an answer means. A state machine; the time is passed in.

use std::collections::VecDeque;
use std::ops::Range;

use crate::api_error::Origin;
use crate::receipt::Row;
use crate::{
    Action, ApiError, Batch, BatchId, BatchItem, Budget, ErrorClass, Limits, Millis, Outcome, Plan, Receipt,
    Reply, Tally,
};

/// How often a batch that was refused for its pace is sent again.
const MAX_PACE_RETRIES: u32 = 6;
/// First wait after a refusal for pace that names no time; it doubles with each further one.
const FIRST_BACKOFF_MS: Millis = 2_000;
/// Longest wait between two tries.
const MAX_BACKOFF_MS: Millis = 300_000;

/// Longest wait that is granted to an answer that asks for one: the longest window of any vendor. An absurd
/// number must not end a run for good.
const MAX_ASKED_WAIT_MS: Millis = 3_600_000;

/// What the caller should do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this batch and [`record`](Run::record) its answer.
    Send(Batch),
    /// Do nothing until this moment.
    WaitUntil(Millis),
    /// Wait for an answer that is under way.
    Await,
    /// Every change has its outcome.
    Done,
}

/// Why a whole call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchFailure(pub ApiError);

/// A plan being applied.
#[derive(Clone, Debug)]
pub struct Run {
    plan: Plan,
    max_in_flight: usize,
    queue: VecDeque<Batch>,
    in_flight: Vec<Batch>,
    outcomes: Vec<Option<Outcome>>,
    calls: Vec<Option<BatchId>>,
}

/// Cuts the changes that are to be sent into ranges that share a call. The ranges partition
/// [`Plan::to_send`] in its order.
pub(crate) fn cut(plan: &Plan, limits: &Limits) -> Vec<Range<usize>> {
    let to_send: Vec<_> = plan.to_send().collect();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (idx, change) in to_send.iter().enumerate() {
        match ranges.last_mut() {
            Some(range)
                if range.len() < (limits.batch_size)(&change.effect).max(1)
                    && to_send[range.start].effect.shares_call_with(&change.effect) =>
            {
                range.end = idx + 1;
            }
            _ => ranges.push(idx..idx + 1),
        }
    }
    ranges
}

impl Run {
    /// A run that has sent nothing yet. Changes that are so already have their outcome from the start.
    pub fn new(plan: Plan, limits: &Limits) -> Self {
        let to_send: Vec<_> = plan.to_send().collect();
        let queue = cut(&plan, limits)
            .into_iter()
            .enumerate()
            .map(|(idx, range)| Batch {
                id: BatchId(idx as u32),
                n_attempts: 0,
                items: to_send[range]
                    .iter()
                    .map(|change| BatchItem {
                        change: change.id,
                        person: change.person.clone(),
                        effect: change.effect.clone(),
                    })
                    .collect(),
            })
            .collect();
        let outcomes = plan
            .changes
            .iter()
            .map(|change| (change.action == Action::NoOp).then_some(Outcome::NoOp(None)))
            .collect();
        let calls = vec![None; plan.changes.len()];
        Self {
            plan,
            max_in_flight: limits.max_in_flight.max(1),
            queue,
            in_flight: Vec::new(),
            outcomes,
            calls,
        }
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Decides what the caller should do next, and draws on the budget if it is to send.
    pub fn poll(&mut self, now: Millis, budget: &mut Budget) -> Step {
        if self.queue.is_empty() {
            return if self.in_flight.is_empty() { Step::Done } else { Step::Await };
        }
        if self.in_flight.len() >= self.max_in_flight {
            return Step::Await;
        }
        match budget.next_slot(now) {
            None if self.in_flight.is_empty() => Step::WaitUntil(now + 200), // reads of others are under way
            None => Step::Await,
            Some(at) if at > now => Step::WaitUntil(at),
            Some(_) => {
                let batch = self.queue.pop_front().expect("the queue was not empty");
                budget.note_sent();
                for item in &batch.items {
                    self.calls[item.change.as_idx()] = Some(batch.id);
                }
                self.in_flight.push(batch.clone());
                Step::Send(batch)
            }
        }
    }

    /// Takes in what came of a batch. An answer to a batch that is not under way is ignored.
    pub fn record(
        &mut self,
        id: BatchId,
        result: Result<Reply, BatchFailure>,
        now: Millis,
        budget: &mut Budget,
    ) {
        let Some(idx) = self.in_flight.iter().position(|batch| batch.id == id) else {
            return;
        };
        budget.note_answered(now);
        let batch = self.in_flight.remove(idx);
        match result {
            Ok(reply) => self.settle(&batch, reply),
            Err(BatchFailure(error)) => self.fail(batch, error, now, budget),
        }
    }

    /// Sends nothing more; what is not under way ends as refused, not sent.
    pub fn stop(&mut self) {
        let error = ApiError::new(ErrorClass::Refused, Origin::Console, "console.stopped");
        self.give_up(&error);
    }

    /// What it has come to so far.
    pub fn receipt(&self) -> Receipt {
        let rows = self.plan.changes.iter().zip(&self.outcomes).zip(&self.calls);
        Receipt {
            rows: rows
                .map(|((change, outcome), batch)| Row {
                    change: change.clone(),
                    outcome: outcome.clone(),
                    batch: *batch,
                })
                .collect(),
        }
    }

    /// The same counted, without a copy of every row.
    pub fn tally(&self) -> Tally {
        Tally::of(self.outcomes.iter().map(Option::as_ref))
    }

    fn settle(&mut self, batch: &Batch, reply: Reply) {
        for (change, outcome) in reply.outcomes {
            // A vendor's answer cannot speak of somebody who was not in the call.
            if batch.items.iter().any(|item| item.change == change) {
                self.outcomes[change.as_idx()] = Some(outcome);
            }
        }
        for item in &batch.items {
            self.outcomes[item.change.as_idx()].get_or_insert_with(|| {
                Outcome::Unknown(ApiError::new(ErrorClass::Unknown, Origin::Vendor, "row.missing"))
            });
        }
    }

    fn fail(&mut self, mut batch: Batch, error: ApiError, now: Millis, budget: &mut Budget) {
        let outcome = match error.class {
            ErrorClass::RateLimited if batch.n_attempts < MAX_PACE_RETRIES => {
                let backoff = FIRST_BACKOFF_MS << batch.n_attempts;
                let asked = error.retry_after_ms.map(|wait| wait.min(MAX_ASKED_WAIT_MS));
                let wait = asked.unwrap_or_else(|| backoff.min(MAX_BACKOFF_MS));
                budget.hold_until(now + wait);
                batch.n_attempts += 1;
                self.queue.push_front(batch);
                return;
            }
            ErrorClass::AlreadyDone => Outcome::NoOp(Some(error.clone())),
            ErrorClass::Server | ErrorClass::Unknown => Outcome::Unknown(error.clone()),
            ErrorClass::Refused
            | ErrorClass::Auth
            | ErrorClass::NotFound
            | ErrorClass::Limit
            | ErrorClass::RateLimited => Outcome::Rejected(error.clone()),
        };
        for item in &batch.items {
            self.outcomes[item.change.as_idx()] = Some(outcome.clone());
        }
        if error.class == ErrorClass::Auth {
            // Every further call would be refused for the same reason: they are not sent.
            let error = ApiError { code: "console.key_refused".into(), origin: Origin::Console, ..error };
            self.give_up(&error);
        }
    }

    fn give_up(&mut self, error: &ApiError) {
        for batch in std::mem::take(&mut self.queue) {
            for item in batch.items {
                self.outcomes[item.change.as_idx()] = Some(Outcome::Rejected(error.clone()));
                self.calls[item.change.as_idx()] = None;
            }
        }
    }
}
