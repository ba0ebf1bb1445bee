//! What is written down of a run: its plan, and every change of its state.
//!
//! A run that is restored from its lines is the run. Keys, tokens and passwords are never in it:
//! [`Secret`](crate::Secret) cannot be serialised.

mod compact;
mod stored_plan;

pub(crate) use stored_plan::with_password;
pub use stored_plan::{
    CHUNK_CHANGES, Chunk, Heading, RestorePlanError, StoredChange, StoredEffect, StoredPlan, chunks, plan_of,
};

use serde::{Deserialize, Serialize};

use crate::{ApiError, BatchId, ChangeId, Millis, Outcome, Tally};

/// The format in which headings, chunks and lines are written now. Readers read the one before it as well.
pub const FORMAT: u32 = 2;

/// One record of a run's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the run, from 0.
    pub seq: u64,
    /// The outcomes counted, after the entry.
    pub tally: Tally,
    /// How far the run is, after the entry.
    pub status: Status,
    /// What happened.
    pub entry: Entry,
}

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Calls are sent or waited for.
    #[default]
    Running,
    /// Nothing new is sent until it is resumed.
    Paused(Pause),
    /// Somebody stopped it: what is under way is waited for.
    Stopping,
    /// Every change has its outcome, and somebody had stopped it.
    Stopped,
    /// Every change has its outcome.
    Done,
}

impl Status {
    /// True if nothing happens any more by itself.
    pub fn is_over(&self) -> bool {
        matches!(self, Status::Stopped | Status::Done)
    }
}

/// Why nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// Somebody paused it.
    Person,
    /// The vendor refused the key.
    Key(ApiError),
    /// A password that was typed is needed again: it is never written down.
    Password,
    /// This machine is offline.
    Offline,
    /// What happens cannot be written down.
    Journal,
    /// The vendor refused many calls in a row for their pace.
    Pace(ApiError),
    /// The answers to several calls in a row were lost: the next would only become unknown as well.
    Lost(ApiError),
}

/// What reading back told about a row that stays unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learned {
    /// It is so now, but may have been so before.
    Found {
        /// When it was read.
        at: Millis,
    },
    /// It is not so.
    NotFound {
        /// When it was read.
        at: Millis,
    },
}

/// One change of a run's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A call is about to go out. Written before it does.
    Sent {
        /// The call.
        batch: BatchId,
        /// How often it was sent before.
        attempt: u32,
        /// When.
        at: Millis,
        /// What is in it.
        #[serde(with = "compact::changes")]
        changes: Vec<ChangeId>,
    },
    /// A call was answered.
    Answered {
        /// The call.
        batch: BatchId,
        /// When.
        at: Millis,
        /// An outcome for every change of the call. An unknown one that can be read back is in doubt first.
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
    /// The answer was lost: its changes are in doubt, or unknown where they cannot be read back.
    Doubted {
        /// The call.
        batch: BatchId,
        /// When.
        at: Millis,
        /// Why.
        error: ApiError,
    },
    /// Something was read back completely.
    Read {
        /// When.
        at: Millis,
        /// Changes that have their outcome now.
        #[serde(with = "compact::outcomes")]
        settled: Vec<(ChangeId, Outcome)>,
        /// Changes that are not so, and wait again.
        #[serde(with = "compact::changes")]
        again: Vec<ChangeId>,
        /// What else it told about changes that are unknown.
        learned: Vec<(ChangeId, Learned)>,
    },
    /// Something cannot be read back: changes in doubt are unknown.
    ReadFailed {
        /// When.
        at: Millis,
        /// Why.
        error: ApiError,
        /// What it was read for.
        #[serde(with = "compact::changes")]
        changes: Vec<ChangeId>,
    },
    /// Nothing new is sent from here on.
    Paused {
        /// When.
        at: Millis,
        /// Why.
        why: Pause,
    },
    /// It goes on.
    Resumed {
        /// When.
        at: Millis,
    },
    /// Somebody stopped it: what waits ends as not sent.
    Stopped {
        /// When.
        at: Millis,
    },
    /// Another page drives it from here on: whatever was under way is in doubt.
    TakenOver {
        /// When.
        at: Millis,
    },
    /// Records were lost: what waits and must not be sent twice is unknown.
    Damaged {
        /// When it was noticed.
        at: Millis,
        /// How many records of the run are lost, in all.
        n_records: u32,
    },
    /// Somebody took changes out that were waiting.
    Skipped {
        /// When.
        at: Millis,
        /// Which.
        #[serde(with = "compact::changes")]
        changes: Vec<ChangeId>,
    },
    /// Somebody wants changes sent that were refused, are unknown or were not sent.
    Retried {
        /// When.
        at: Millis,
        /// Which.
        #[serde(with = "compact::changes")]
        changes: Vec<ChangeId>,
    },
    /// Somebody wants unknown changes read back.
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
