//! How a change ended.

use serde::{Deserialize, Serialize};

use crate::api_error::ErrorOrigin;
use crate::{ApiError, ChangeId, ConsoleCode, ErrorClass, Group, Member};

/// How one change ended. Every change of a run gets exactly one outcome.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub enum Outcome {
    /// Done: the vendor named this person.
    Applied,
    /// Done: the vendor accepted the whole call without naming anyone as failed.
    Accepted,
    /// Done: the response was lost, and reading back found the change in effect.
    Found,
    /// Already in effect before. `None` if known before sending.
    NoOp(Option<ApiError>),
    /// Refused.
    Rejected(ApiError),
    /// Unknown: the response was lost, or does not name this person.
    Unknown(ApiError),
    /// Never sent: skipped, stopped, refused by the console before sending, or changed since it was planned.
    NotSent(ApiError),
}

/// The console's codes for changes that were never sent.
pub(crate) const NEVER_SENT_CODES: [ConsoleCode; 3] =
    [ConsoleCode::Stopped, ConsoleCode::Skipped, ConsoleCode::Changed];

/// The persisted form of an [`Outcome`]. [`Outcome::NotSent`] is written as `rejected` with a flag: the
/// previous release does not know that outcome and ignores the flag.
#[derive(Serialize, Deserialize)]
struct Stored {
    outcome: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<ApiError>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    never_sent: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Applied,
    Accepted,
    Found,
    NoOp,
    Rejected,
    Unknown,
    NotSent,
}

impl From<Outcome> for Stored {
    fn from(outcome: Outcome) -> Self {
        let never_sent = matches!(outcome, Outcome::NotSent(_));
        let (kind, error) = match outcome {
            Outcome::Applied => (Kind::Applied, None),
            Outcome::Accepted => (Kind::Accepted, None),
            Outcome::Found => (Kind::Found, None),
            Outcome::NoOp(error) => (Kind::NoOp, error),
            Outcome::Rejected(error) | Outcome::NotSent(error) => (Kind::Rejected, Some(error)),
            Outcome::Unknown(error) => (Kind::Unknown, Some(error)),
        };
        Self { outcome: kind, error, never_sent }
    }
}

impl From<Stored> for Outcome {
    /// Earlier releases wrote refusals of the console itself as `rejected` without a flag; they are
    /// recognised by origin.
    fn from(stored: Stored) -> Self {
        let nameless = || ApiError::new(ErrorClass::Unknown, ErrorOrigin::Console, ConsoleCode::RowMissing);
        let is_own = stored.error.as_ref().is_some_and(|error| error.origin == ErrorOrigin::Console);
        match stored.outcome {
            Kind::Applied => Outcome::Applied,
            Kind::Accepted => Outcome::Accepted,
            Kind::Found => Outcome::Found,
            Kind::NoOp => Outcome::NoOp(stored.error),
            Kind::Rejected if stored.never_sent || is_own => {
                Outcome::NotSent(stored.error.unwrap_or_else(nameless))
            }
            Kind::Rejected => Outcome::Rejected(stored.error.unwrap_or_else(nameless)),
            Kind::Unknown => Outcome::Unknown(stored.error.unwrap_or_else(nameless)),
            Kind::NotSent => Outcome::NotSent(stored.error.unwrap_or_else(nameless)),
        }
    }
}

/// The five results shown to users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Done.
    Done,
    /// Already in effect.
    Same,
    /// Refused.
    Refused,
    /// Unknown.
    Unknown,
    /// Not sent.
    NotSent,
}

impl Verdict {
    /// All five in display order.
    pub const ALL: [Verdict; 5] =
        [Verdict::Done, Verdict::Same, Verdict::Refused, Verdict::Unknown, Verdict::NotSent];

    /// The name in files, URLs and translation keys.
    pub fn slug(self) -> &'static str {
        match self {
            Verdict::Done => "done",
            Verdict::Same => "same",
            Verdict::Refused => "refused",
            Verdict::Unknown => "unknown",
            Verdict::NotSent => "not_sent",
        }
    }
}

impl Outcome {
    /// What an error says of a change that was sent.
    pub fn of_error(error: ApiError) -> Self {
        match error.class {
            ErrorClass::AlreadyDone => Outcome::NoOp(Some(error)),
            ErrorClass::Server | ErrorClass::Unknown => Outcome::Unknown(error),
            ErrorClass::Refused
            | ErrorClass::Auth
            | ErrorClass::NotFound
            | ErrorClass::Limit
            | ErrorClass::RateLimited => Outcome::Rejected(error),
        }
    }

    /// The verdict of this outcome.
    pub fn verdict(&self) -> Verdict {
        match self {
            Outcome::Applied | Outcome::Accepted | Outcome::Found => Verdict::Done,
            Outcome::NoOp(_) => Verdict::Same,
            Outcome::Rejected(_) => Verdict::Refused,
            Outcome::Unknown(_) => Verdict::Unknown,
            Outcome::NotSent(_) => Verdict::NotSent,
        }
    }

    /// The vendor's error if it said that the person is already there, but not with which scope: an unknown
    /// outcome of class [`AlreadyDone`](ErrorClass::AlreadyDone). Only reading back can tell whether it
    /// matches the change.
    pub(crate) fn vague_claim(&self) -> Option<&ApiError> {
        match self {
            Outcome::Unknown(error) if error.class == ErrorClass::AlreadyDone => Some(error),
            _ => None,
        }
    }

    /// The refusal if this person was only rate limited: the change was not processed and waits, as if the
    /// whole call had been refused.
    pub fn pace_refusal(&self) -> Option<&ApiError> {
        match self {
            Outcome::Rejected(error) if error.class == ErrorClass::RateLimited => Some(error),
            _ => None,
        }
    }

    /// The vendor's error, or why it was never sent.
    pub fn error(&self) -> Option<&ApiError> {
        match self {
            Outcome::Applied | Outcome::Accepted | Outcome::Found => None,
            Outcome::NoOp(error) => error.as_ref(),
            Outcome::Rejected(error) | Outcome::Unknown(error) | Outcome::NotSent(error) => Some(error),
        }
    }
}

/// The response to a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Outcomes by change. Changes missing here become unknown when the reply is recorded.
    pub outcomes: Vec<(ChangeId, Outcome)>,
    /// People in the response, for a list.
    pub members: Vec<Member>,
    /// The group or community in the response.
    pub group: Option<Group>,
}
