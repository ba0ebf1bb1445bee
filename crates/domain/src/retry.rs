//! What a failed request means, and how long to wait before the next attempt.
//!
//! Runs, their reading back and the reads of pages share this policy, so that none of them is more patient, or
//! more pressing, than the others.

use crate::api_error::Origin;
use crate::{ApiError, Budget, Dice, ErrorClass, Millis, Outcome};

/// First wait after a rate limit that names no time, or a lost response; it doubles with each further one.
const FIRST_BACKOFF_MS: Millis = 1_000;
/// Longest wait between two attempts.
const MAX_BACKOFF_MS: Millis = 300_000;
/// Longest wait that is granted to a response that asks for one: the longest window of any vendor.
const MAX_ASKED_WAIT_MS: Millis = 3_600_000;
/// Most that is added to a wait, so that pages that were refused together do not come back together.
const MAX_JITTER_MS: Millis = 250;
/// How often a page is asked for whose responses are lost.
pub const MAX_READS: u32 = 4;
/// The code of a request that was refused because its access token had expired.
pub const TOKEN_EXPIRED: &str = "console.token_expired";

/// Why a whole request came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchFailure {
    /// What happened.
    pub error: ApiError,
    /// False if the request certainly never left, as without a network or if it could not be made.
    pub is_sent: bool,
}

impl BatchFailure {
    /// A failure of a request that left, or may have left.
    pub fn sent(error: ApiError) -> Self {
        Self { error, is_sent: true }
    }

    /// A failure before anything left.
    pub fn unsent(error: ApiError) -> Self {
        Self { error, is_sent: false }
    }

    /// The vendor refused the access token, and it was an old one: the same request succeeds with a new one.
    pub fn token_expired() -> Self {
        Self::unsent(ApiError::new(ErrorClass::Auth, Origin::Console, TOKEN_EXPIRED))
    }
}

/// What a failure means for the changes in the request.
pub(crate) enum Meaning {
    /// The request was not processed: too fast.
    TooFast,
    /// The request was not processed: its access token had expired.
    TokenExpired,
    /// The request was not processed: the key was refused.
    Key,
    /// The request never left: there is no network.
    Offline,
    /// Nobody knows whether it was processed.
    Lost,
    /// It is known what came of it.
    Known(Outcome),
}

impl Meaning {
    pub(crate) fn of(failure: &BatchFailure) -> Self {
        let BatchFailure { error, is_sent } = failure;
        let is_lost = matches!(error.origin, Origin::Network | Origin::Decoding)
            || matches!(error.class, ErrorClass::Server | ErrorClass::Unknown);
        match error.class {
            ErrorClass::RateLimited => Self::TooFast,
            ErrorClass::Auth if !is_sent && &*error.code == TOKEN_EXPIRED => Self::TokenExpired,
            ErrorClass::Auth => Self::Key,
            _ if !is_sent && error.origin == Origin::Network => Self::Offline,
            _ if !is_sent => Self::Known(Outcome::NotSent(error.clone())),
            _ if is_lost => Self::Lost,
            ErrorClass::AlreadyDone => Self::Known(Outcome::NoOp(Some(error.clone()))),
            _ => Self::Known(Outcome::Rejected(error.clone())),
        }
    }
}

/// Holds the connection for as long as the vendor asked, or longer with every rate limit in a row.
pub(crate) fn wait_for_pace(
    dice: &mut Dice,
    error: &ApiError,
    n_in_row: u32,
    now: Millis,
    budget: &mut Budget,
) {
    let wait = match error.retry_after_ms {
        Some(asked) => asked.min(MAX_ASKED_WAIT_MS) + dice.below(MAX_JITTER_MS),
        None => {
            budget.slow_down();
            backoff(dice, n_in_row)
        }
    };
    budget.hold_until(now + wait);
}

/// A wait that grows with each attempt, anywhere between nothing and its full length.
pub(crate) fn backoff(dice: &mut Dice, n_tries: u32) -> Millis {
    dice.below(longest_backoff(n_tries) + 1)
}

/// The full length of such a wait. A moment that was stored is never further away than this, whatever the clock
/// did since.
pub(crate) fn longest_backoff(n_tries: u32) -> Millis {
    (FIRST_BACKOFF_MS << n_tries.saturating_sub(1).min(20)).min(MAX_BACKOFF_MS)
}
