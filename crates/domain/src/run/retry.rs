//! What a failed request means, and how long to wait before the next attempt.
//!
//! Runs, their reading back and the reads of pages share this policy, so that they are equally patient.

use crate::api_error::ErrorOrigin;
use crate::{ApiError, Budget, ConsoleCode, Dice, ErrorClass, Millis, Outcome};

/// First wait after a lost response, or a rate limit without a retry time; doubles with each further one.
const FIRST_BACKOFF_MS: Millis = 1_000;
/// Longest wait between two attempts.
const MAX_BACKOFF_MS: Millis = 300_000;
/// Longest wait that a response can request: the longest window of any vendor.
const MAX_ASKED_WAIT_MS: Millis = 3_600_000;
/// Most jitter added to a wait, so that pages that were refused together do not retry together.
const MAX_JITTER_MS: Millis = 250;
/// Most attempts to read a page whose responses are lost.
pub(crate) const MAX_READS: u32 = 4;

/// Why a whole request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchFailure {
    /// The error.
    pub error: ApiError,
    /// False if the request was certainly not sent, for example without a network or if it could not be
    /// built.
    pub is_sent: bool,
}

impl BatchFailure {
    /// A failure of a request that was sent, or may have been.
    pub fn sent(error: ApiError) -> Self {
        Self { error, is_sent: true }
    }

    /// A failure before sending.
    pub fn unsent(error: ApiError) -> Self {
        Self { error, is_sent: false }
    }

    /// The vendor refused an expired access token: the same request will succeed with a new one.
    pub fn token_expired() -> Self {
        Self::unsent(ApiError::new(ErrorClass::Auth, ErrorOrigin::Console, ConsoleCode::TokenExpired))
    }
}

/// What a failure means for the changes in the request.
pub(crate) enum Meaning {
    /// Not processed because of a rate limit.
    TooFast,
    /// Not processed because the access token had expired.
    TokenExpired,
    /// Not processed because the key was refused.
    Key,
    /// Not sent because there is no network.
    Offline,
    /// It is unknown whether the request was processed.
    Lost,
    /// The outcome is known.
    Known(Outcome),
}

impl Meaning {
    pub(crate) fn of(failure: &BatchFailure) -> Self {
        let BatchFailure { error, is_sent } = failure;
        let is_lost = matches!(error.origin, ErrorOrigin::Network | ErrorOrigin::Decoding)
            || matches!(error.class, ErrorClass::Server | ErrorClass::Unknown);
        match error.class {
            ErrorClass::RateLimited => Self::TooFast,
            ErrorClass::Auth if !is_sent && error.is(ConsoleCode::TokenExpired) => Self::TokenExpired,
            ErrorClass::Auth => Self::Key,
            _ if !is_sent && error.origin == ErrorOrigin::Network => Self::Offline,
            _ if !is_sent => Self::Known(Outcome::NotSent(error.clone())),
            _ if is_lost => Self::Lost,
            ErrorClass::AlreadyDone => Self::Known(Outcome::NoOp(Some(error.clone()))),
            _ => Self::Known(Outcome::Rejected(error.clone())),
        }
    }
}

/// Holds the connection for as long as the vendor asked, or longer with each consecutive rate limit.
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

/// An exponential backoff with full jitter.
pub(crate) fn backoff(dice: &mut Dice, n_tries: u32) -> Millis {
    dice.below(longest_backoff(n_tries) + 1)
}

/// The longest backoff. Bounds stored deadlines, whatever the clock did since.
pub(crate) fn longest_backoff(n_tries: u32) -> Millis {
    (FIRST_BACKOFF_MS << n_tries.saturating_sub(1).min(20)).min(MAX_BACKOFF_MS)
}
