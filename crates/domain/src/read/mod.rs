//! One read for a page: when to send it, and whether to retry. Uses the same retry policy and budget as a run
//! that [reads back](crate::run).

pub mod kept;
pub mod query;
pub mod scope_review;
pub mod seen;
pub mod whole;

use crate::api_error::ErrorOrigin;
use crate::retry::{self, BatchFailure, MAX_READS, Meaning};
use crate::{ApiError, Budget, ConsoleCode, Dice, ErrorClass, Millis};

/// Longest wait for a read before the page shows an error instead of a spinner.
const PATIENCE_MS: Millis = 65_000;
/// Poll interval while the budget depends on pending requests.
const LOOK_AGAIN_MS: Millis = 200;

/// The next step of a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadStep {
    /// Send it; it has been counted in the budget.
    Send,
    /// Do nothing until this moment.
    WaitUntil(Millis),
    /// The rate limit does not allow it soon.
    GiveUp(ApiError),
}

/// One read that a page waits for.
#[derive(Debug)]
pub struct PageRead {
    since: Millis,
    not_before: Millis,
    n_tries: u32,
    n_pace: u32,
    dice: Dice,
}

impl PageRead {
    /// A read requested now.
    pub fn new(now: Millis, seed: u64) -> Self {
        Self { since: now, not_before: 0, n_tries: 0, n_pace: 0, dice: Dice::new(seed) }
    }

    /// Decides whether to send it now, and draws on the budget if so.
    pub fn poll(&mut self, now: Millis, budget: &mut Budget) -> ReadStep {
        // A clock that was set back must not prolong the wait.
        self.since = self.since.min(now);
        self.not_before = self.not_before.min(now + retry::longest_backoff(self.n_tries));
        budget.expire(now);
        let at = budget.next_slot(now).unwrap_or(now + LOOK_AGAIN_MS).max(self.not_before);
        if at.saturating_sub(self.since) > PATIENCE_MS {
            let mut error =
                ApiError::new(ErrorClass::RateLimited, ErrorOrigin::Console, ConsoleCode::HttpRateLimited);
            error.retry_after_ms = Some(at - now);
            return ReadStep::GiveUp(error);
        }
        if at > now {
            return ReadStep::WaitUntil(at);
        }
        budget.note_sent(now);
        ReadStep::Send
    }

    /// Records that a read succeeded: reduces the gap between calls, as after a response to a run.
    pub fn succeeded(budget: &mut Budget) {
        budget.speed_up();
    }

    /// Records why it failed. True if it should be [polled](Self::poll) again; false if it failed for good.
    pub fn retries(&mut self, failure: &BatchFailure, now: Millis, budget: &mut Budget) -> bool {
        self.n_tries += 1;
        let may_pass = match Meaning::of(failure) {
            Meaning::TooFast => {
                self.n_pace += 1;
                retry::wait_for_pace(&mut self.dice, &failure.error, self.n_pace, now, budget);
                budget.held_until().saturating_sub(self.since) <= PATIENCE_MS
            }
            Meaning::Lost if is_worth_another(&failure.error) => {
                self.not_before = now + retry::backoff(&mut self.dice, self.n_tries);
                true
            }
            Meaning::TokenExpired => true,
            Meaning::Lost | Meaning::Key | Meaning::Offline | Meaning::Known(_) => false,
        };
        may_pass && self.n_tries < MAX_READS
    }
}

/// True for missing responses. A response that cannot be decoded would be the same again.
fn is_worth_another(error: &ApiError) -> bool {
    error.class == ErrorClass::Server
        || error.status.is_some_and(|status| status >= 500)
        || error.is(ConsoleCode::NetUnreachable)
        || error.is(ConsoleCode::RelayNoAnswer)
}

#[cfg(test)]
mod tests;
