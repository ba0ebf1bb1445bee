//! One read of a page: when it goes out, and whether it is tried again. The same patience and the same pace as
//! when a run [reads back](crate::run).

use crate::api_error::Origin;
use crate::retry::{self, BatchFailure, MAX_READS, Meaning};
use crate::{ApiError, Budget, Dice, ErrorClass, Millis};

/// Longest that a page waits before it says so instead of showing a spinner.
const PATIENCE_MS: Millis = 65_000;
/// How often to look again while the budget depends on requests that are under way.
const LOOK_AGAIN_MS: Millis = 200;

/// What a read does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadStep {
    /// Send it; the budget is drawn.
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
    /// A read that is wanted now.
    pub fn new(now: Millis, seed: u64) -> Self {
        Self { since: now, not_before: 0, n_tries: 0, n_pace: 0, dice: Dice::new(seed) }
    }

    /// Decides whether it goes out now, and draws on the budget if so.
    pub fn poll(&mut self, now: Millis, budget: &mut Budget) -> ReadStep {
        // A clock that was set back must not make anyone wait.
        self.since = self.since.min(now);
        self.not_before = self.not_before.min(now + retry::longest_backoff(self.n_tries));
        budget.expire(now);
        let at = budget.next_slot(now).unwrap_or(now + LOOK_AGAIN_MS).max(self.not_before);
        if at.saturating_sub(self.since) > PATIENCE_MS {
            let mut error = ApiError::new(ErrorClass::RateLimited, Origin::Console, "http.rate_limited");
            error.retry_after_ms = Some(at - now);
            return ReadStep::GiveUp(error);
        }
        if at > now {
            return ReadStep::WaitUntil(at);
        }
        budget.note_sent(now);
        ReadStep::Send
    }

    /// Takes in that a read succeeded: the connection gets faster again, as after an answer to a run.
    pub fn succeeded(budget: &mut Budget) {
        budget.speed_up();
    }

    /// Takes in why it failed. True if it is to be [polled](Self::poll) again; false if that is its end.
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

/// What reads back as something else reads back so again: only a missing answer may come the next time.
fn is_worth_another(error: &ApiError) -> bool {
    error.class == ErrorClass::Server
        || error.status.is_some_and(|status| status >= 500)
        || matches!(&*error.code, "net.unreachable" | "relay.no_answer")
}

#[cfg(test)]
mod tests;
