//! How a change ended.

use serde::{Deserialize, Serialize};

use crate::api_error::Origin;
use crate::{ApiError, ChangeId, ErrorClass, Group, Member};

/// How one change ended. Every change of a run gets exactly one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub enum Outcome {
    /// Done: the vendor named this person.
    Applied,
    /// Done: the vendor answered for the whole call and had no word against anybody.
    Accepted,
    /// Done: the answer was lost, and reading back showed that it is so.
    Found,
    /// It was so already. `None` if that was known before sending.
    NoOp(Option<ApiError>),
    /// Refused.
    Rejected(ApiError),
    /// Not known: the answer was lost, or does not name this person.
    Unknown(ApiError),
    /// Never sent: skipped, stopped before its turn, or given up by the console before anything left. With why.
    NotSent(ApiError),
}

/// Codes of the console that say of a row why it was never sent.
pub(crate) const NEVER_SENT_CODES: [&str; 2] = ["console.stopped", "console.skipped"];

/// An [`Outcome`] as it is written down. What was never sent is written as `rejected` with a mark beside it: the
/// release before knows no fifth outcome, and overlooks the mark.
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
    /// Releases before wrote what the console itself had refused as `rejected`, without a mark: the origin tells.
    fn from(stored: Stored) -> Self {
        let nameless = || ApiError::new(ErrorClass::Unknown, Origin::Console, "row.missing");
        let is_own = stored.error.as_ref().is_some_and(|error| error.origin == Origin::Console);
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

/// The five words that people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Done.
    Done,
    /// Already so.
    Same,
    /// Refused.
    Refused,
    /// Unknown.
    Unknown,
    /// Not sent.
    NotSent,
}

impl Verdict {
    /// All five in the order in which they are always shown.
    pub const ALL: [Verdict; 5] =
        [Verdict::Done, Verdict::Same, Verdict::Refused, Verdict::Unknown, Verdict::NotSent];

    /// The name in files, addresses and keys of texts.
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
    /// The word that people see.
    pub fn verdict(&self) -> Verdict {
        match self {
            Outcome::Applied | Outcome::Accepted | Outcome::Found => Verdict::Done,
            Outcome::NoOp(_) => Verdict::Same,
            Outcome::Rejected(_) => Verdict::Refused,
            Outcome::Unknown(_) => Verdict::Unknown,
            Outcome::NotSent(_) => Verdict::NotSent,
        }
    }

    /// What the vendor said, if it said that the person is there already and not how: an unknown outcome of class
    /// [`AlreadyDone`](ErrorClass::AlreadyDone). Only reading back can tell whether it is as wanted.
    pub fn vague_claim(&self) -> Option<&ApiError> {
        match self {
            Outcome::Unknown(error) if error.class == ErrorClass::AlreadyDone => Some(error),
            _ => None,
        }
    }

    /// The refusal, if this person was refused for pace alone: the change was not processed, and waits as after
    /// a refusal of the whole call.
    pub fn pace_refusal(&self) -> Option<&ApiError> {
        match self {
            Outcome::Rejected(error) if error.class == ErrorClass::RateLimited => Some(error),
            _ => None,
        }
    }

    /// What the vendor said, if it said something, or why it was never sent.
    pub fn error(&self) -> Option<&ApiError> {
        match self {
            Outcome::Applied | Outcome::Accepted | Outcome::Found => None,
            Outcome::NoOp(error) => error.as_ref(),
            Outcome::Rejected(error) | Outcome::Unknown(error) | Outcome::NotSent(error) => Some(error),
        }
    }
}

/// What an answer to a batch said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Outcomes by change. Changes that are not named become unknown when the reply is recorded.
    pub outcomes: Vec<(ChangeId, Outcome)>,
    /// People that the answer tells about, for a list.
    pub members: Vec<Member>,
    /// The group or community that the answer tells about.
    pub group: Option<Group>,
}
