//! What somebody wants of a run.

use domain::{ChangeId, Secret};
use serde::{Deserialize, Serialize};

/// What somebody wants of a run, or what happened around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Control {
    /// Send nothing new until it is resumed.
    Pause,
    /// Go on.
    Resume,
    /// Send nothing new; what waits ends as refused.
    Stop,
    /// Send these again.
    Retry(Vec<ChangeId>),
    /// Take these out.
    Skip(Vec<ChangeId>),
    /// Read back how these are.
    Check(Vec<ChangeId>),
    /// Go on although it cannot be written down.
    WithoutJournal,
    /// Let another tab go on that has what is missing here.
    LetGo,
    /// The password that was not written down. Stays in its tab.
    #[serde(skip)]
    Password(Secret),
    /// The network is back.
    #[serde(skip)]
    Online,
    /// Another tab has written lines.
    #[serde(skip)]
    Wrote {
        /// The number of the next line.
        next_seq: u64,
    },
    /// Another tab drives it from here on.
    #[serde(skip)]
    Driven,
}

impl Control {
    /// True for what somebody wants, false for what only happened.
    pub(super) fn is_wish(&self) -> bool {
        !matches!(self, Self::Online | Self::Wrote { .. } | Self::Driven)
    }
}
