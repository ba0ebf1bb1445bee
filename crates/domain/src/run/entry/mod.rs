//! The persisted form of a run: its plan, and every change of its state.
//!
//! A run can be restored from its lines. They never contain keys, tokens or passwords:
//! [`Secret`](crate::Secret) cannot be serialised.

mod compact;
mod stored_pause;
mod stored_plan;

pub(crate) use stored_plan::with_password;
pub use stored_plan::{
    CHUNK_CHANGES, Chunk, Heading, RestorePlanError, StoredChange, StoredOperation, StoredPlan, chunks,
    plan_of,
};

use serde::{Deserialize, Serialize};

use stored_pause::StoredPause;

use crate::{ApiError, BatchId, ChangeId, Millis, Outcome, Tally};

/// The format in which headings, chunks and lines are written. The previous format can still be read.
pub const FORMAT: u32 = 1;

/// One record of a run's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the run, from 0.
    pub seq: u64,
    /// The counts of outcomes after the entry.
    pub tally: Tally,
    /// The status of the run after the entry.
    pub status: Status,
    /// What happened.
    pub entry: Entry,
}

/// The status of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Calls are being sent or waited for.
    #[default]
    Running,
    /// Nothing new is sent until it is resumed.
    Paused(Pause),
    /// Stopped by the user, with responses still pending.
    Stopping,
    /// Every change has its outcome; stopped by the user.
    Stopped,
    /// Every change has its outcome.
    Done,
}

impl Status {
    /// True in a terminal state.
    pub fn is_over(&self) -> bool {
        matches!(self, Status::Stopped | Status::Done)
    }
}

/// Why nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredPause", into = "StoredPause")]
pub enum Pause {
    /// The user paused it.
    Person,
    /// The vendor refused the key.
    Key(ApiError),
    /// A password has to be entered again: passwords are never persisted.
    Password,
    /// This machine is offline.
    Offline,
    /// The journal cannot be written.
    Journal,
    /// The vendor refused many calls in a row because of a rate limit.
    Pace(ApiError),
    /// Several responses in a row were lost: the next outcome would be unknown as well.
    Lost(ApiError),
    /// Someone was changed after the plan was made: the user sees that before anything else is sent.
    Changed,
    /// The people of a plan that is compared could not be read again, so the next changes may rest on what is no longer
    /// true.
    Unchecked(ApiError),
}

/// What reading back found about a change that stays unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learned {
    /// It is in effect now, but may have been before.
    Found {
        /// When it was read.
        at: Millis,
    },
    /// It is not in effect.
    NotFound {
        /// When it was read.
        at: Millis,
    },
}

/// One change of a run's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A call is about to be sent. Persisted before it is.
    Sent {
        /// The call.
        batch: BatchId,
        /// How often it was sent before.
        attempt: u32,
        /// When.
        at: Millis,
        /// The changes in it.
        #[serde(with = "compact::changes")]
        changes: Vec<ChangeId>,
    },
    /// A call was answered.
    Answered {
        /// The call.
        batch: BatchId,
        /// When.
        at: Millis,
        /// An outcome for every change of the call. Unknown ones that are safe to repeat become doubtful
        /// first.
        #[serde(with = "compact::outcomes")]
        outcomes: Vec<(ChangeId, Outcome)>,
    },
    /// A call was certainly not processed: its changes wait again.
    Returned {
        /// The call.
        batch: BatchId,
        /// When.
        at: Millis,
        /// Why.
        error: ApiError,
    },
    /// A response was lost: its changes are in doubt, or unknown if they are not safe to repeat.
    Doubted {
        /// The call.
        batch: BatchId,
        /// When.
        at: Millis,
        /// Why.
        error: ApiError,
    },
    /// Changes were read completely: back, or before they are sent.
    Read {
        /// When.
        at: Millis,
        /// Changes that now have their outcome.
        #[serde(with = "compact::outcomes")]
        settled: Vec<(ChangeId, Outcome)>,
        /// Changes that are not in effect and wait again. Also those that were settled before they were sent, so that
        /// earlier releases notice that these wait no longer.
        #[serde(with = "compact::changes")]
        again: Vec<ChangeId>,
        /// What it told about changes that stay unknown.
        learned: Vec<(ChangeId, Learned)>,
    },
    /// Changes could not be read back: doubtful ones become unknown.
    ReadFailed {
        /// When.
        at: Millis,
        /// Why.
        error: ApiError,
        /// The changes to be read back.
        #[serde(with = "compact::changes")]
        changes: Vec<ChangeId>,
    },
    /// The run was paused.
    Paused {
        /// When.
        at: Millis,
        /// Why.
        why: Pause,
    },
    /// The run was resumed.
    Resumed {
        /// When.
        at: Millis,
    },
    /// The user stopped the run: waiting changes end as not sent.
    Stopped {
        /// When.
        at: Millis,
    },
    /// Another page took over: calls under way are in doubt.
    TakenOver {
        /// When.
        at: Millis,
    },
    /// Records were lost: waiting changes that are not safe to repeat become unknown.
    Damaged {
        /// When it was noticed.
        at: Millis,
        /// The total number of lost records of the run.
        n_records: u32,
    },
    /// The user skipped waiting changes.
    Skipped {
        /// When.
        at: Millis,
        /// Which.
        #[serde(with = "compact::changes")]
        changes: Vec<ChangeId>,
    },
    /// The user retried changes that were refused, unknown or not sent.
    Retried {
        /// When.
        at: Millis,
        /// Which.
        #[serde(with = "compact::changes")]
        changes: Vec<ChangeId>,
        /// Whether each goes in a call of its own.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        singly: bool,
    },
    /// The user asked to read back unknown changes.
    Checked {
        /// When.
        at: Millis,
        /// Which.
        #[serde(with = "compact::changes")]
        changes: Vec<ChangeId>,
    },
    /// Every change has its outcome.
    Finished {
        /// When.
        at: Millis,
    },
}

impl Entry {
    /// When it happened.
    pub fn at(&self) -> Millis {
        match self {
            Entry::Sent { at, .. }
            | Entry::Answered { at, .. }
            | Entry::Returned { at, .. }
            | Entry::Doubted { at, .. }
            | Entry::Read { at, .. }
            | Entry::ReadFailed { at, .. }
            | Entry::Paused { at, .. }
            | Entry::Resumed { at }
            | Entry::Stopped { at }
            | Entry::TakenOver { at }
            | Entry::Damaged { at, .. }
            | Entry::Skipped { at, .. }
            | Entry::Retried { at, .. }
            | Entry::Checked { at, .. }
            | Entry::Finished { at } => *at,
        }
    }
}
