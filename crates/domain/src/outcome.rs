//! How a change ended.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ChangeId, Group, Member};

/// How one change ended. Every change of a run gets exactly one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "outcome", content = "error", rename_all = "snake_case")]
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
}

/// The four words that people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Done.
    Done,
    /// Already so.
    Same,
    /// Refused.
    Refused,
    /// Unknown.
    Unknown,
}

impl Verdict {
    /// All four in the order in which they are always shown.
    pub const ALL: [Verdict; 4] = [Verdict::Done, Verdict::Same, Verdict::Refused, Verdict::Unknown];

    /// The name in class names (`is-done`) and keys of texts.
    pub fn slug(self) -> &'static str {
        match self {
            Verdict::Done => "done",
            Verdict::Same => "same",
            Verdict::Refused => "refused",
            Verdict::Unknown => "unknown",
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
        }
    }

    /// What the vendor said, if it said something.
    pub fn error(&self) -> Option<&ApiError> {
        match self {
            Outcome::Applied | Outcome::Accepted | Outcome::Found => None,
            Outcome::NoOp(error) => error.as_ref(),
            Outcome::Rejected(error) | Outcome::Unknown(error) => Some(error),
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
