//! The inputs and outputs of a driver.

use serde::{Deserialize, Serialize};

use crate::entry::Line;
use crate::journal::{StorageError, Stored};
use crate::{
    Batch, BatchFailure, BatchId, Budget, ChangeId, Millis, Page, RateHint, ReadId, Reading, Reply, Secret,
    Target,
};

/// A command from the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Send nothing new until resumed.
    Pause,
    /// Continue after a pause.
    Resume,
    /// Send nothing new; waiting changes end as not sent.
    Stop,
    /// Send these changes again.
    Retry(Vec<ChangeId>),
    /// Send these changes again, each in a call of its own.
    RetrySingly(Vec<ChangeId>),
    /// Skip these changes.
    Skip(Vec<ChangeId>),
    /// Read back the state of these changes.
    Check(Vec<ChangeId>),
    /// Continue although the run cannot be saved.
    WithoutJournal,
    /// Hand over to another tab that has the key or password this one lacks.
    LetGo,
    /// A password, which is never persisted. Never leaves its tab.
    #[serde(skip)]
    Password(Secret),
}

/// A message between tabs about a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The journal has lines up to this number.
    Wrote {
        /// The number of the next line.
        next_seq: u64,
    },
    /// The sending tab drives the run from now on.
    Driven,
    /// The sending tab no longer drives the run.
    Freed,
    /// A request to the driving tab.
    Asked(Intent),
}

/// How to request a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Fail if the lock is taken.
    Now,
    /// Wait until the lock is free.
    Queue,
}

/// The environment of a driver at the time of an event.
#[derive(Clone, Debug)]
pub struct Around {
    /// Wall clock, in milliseconds since 1970. May jump.
    pub now: Millis,
    /// Monotonic clock, in milliseconds since an arbitrary origin.
    pub steady: Millis,
    /// Whether this tab has the key of the connection, or none is needed.
    pub has_key: bool,
    /// Whether Web Locks are available. Without them a run never resumes by itself, because another tab may
    /// be driving it.
    pub has_locks: bool,
    /// Whether the browser reports a network.
    pub is_online: bool,
    /// The target of the connection; `None` if the connection no longer exists.
    pub target: Option<Target>,
}

/// An input of the driver.
#[derive(Debug)]
pub enum Event {
    /// The last requested lock was granted.
    Granted,
    /// Another tab holds the lock; only after [`Ask::Now`].
    Denied,
    /// The lock was taken away without being released.
    LockLost,
    /// A command from the user, in this tab.
    Intent(Intent),
    /// A message from another tab.
    Told(Message),
    /// The network is back.
    Online,
    /// The [environment](Around) may have changed: a key was entered or locked, or the connection was edited.
    Changed,
    /// The page is hidden and may be frozen: later responses are lost.
    Hidden,
    /// The page is visible again.
    Shown,
    /// The deadline of [`Action::SleepUntil`] has passed.
    Time,
    /// A batch completed or failed.
    Answered {
        /// The batch.
        batch: BatchId,
        /// The reply, or why it failed.
        result: Result<Reply, BatchFailure>,
        /// The rate limit headers of the response.
        hint: Option<RateHint>,
    },
    /// A page was read, or could not be.
    PageRead {
        /// The read.
        read: ReadId,
        /// The page, or why it could not be read.
        result: Result<Page, BatchFailure>,
        /// The rate limit headers of the response.
        hint: Option<RateHint>,
    },
    /// The plan was written to the journal, or could not be.
    Begun(Result<(), StorageError>),
    /// The transaction of [`Action::Open`] is open; holds the current budget. If no transaction can be
    /// opened, this is the budget known to this page, and the write will fail.
    Opened(Budget),
    /// All of [`Action::Write`] was written, or none of it.
    Written(Result<(), StorageError>),
    /// The gap was written, or could not be.
    GapNoted(Result<(), StorageError>),
    /// The run was removed from the journal, or could not be.
    Removed(Result<(), StorageError>),
    /// The journal's content from the requested line on, or why it cannot be read.
    Loaded(Result<Box<Stored>, StorageError>),
}

/// An output of the driver. Names the [`Event`] that reports its completion, if there is one.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Request the lock of the run: [`Event::Granted`] or [`Event::Denied`].
    AskLock(Ask),
    /// Release the lock.
    FreeLock,
    /// Write heading and plan: [`Event::Begun`].
    Begin,
    /// Open a transaction over the budget of the connection and, with `keeps_lines`, the lines of the run:
    /// [`Event::Opened`]. The following [`Action::Write`] belongs to the same transaction.
    Open {
        /// Whether lines are written as well. Without them the transaction never fails: if there is no
        /// storage, the budget in memory is used.
        keeps_lines: bool,
    },
    /// Write this in the open transaction, all or nothing: [`Event::Written`].
    Write(Write),
    /// Use this budget for the connection although it could not be written.
    KeepBudget(Budget),
    /// Write a gap in place of a line, which readers count as damage: [`Event::GapNoted`].
    NoteGap {
        /// The number of the line.
        seq: u64,
    },
    /// Remove the run from the journal: [`Event::Removed`].
    Remove,
    /// Read the journal: [`Event::Loaded`].
    Load {
        /// The first line to read.
        from_seq: u64,
    },
    /// Send a batch: [`Event::Answered`].
    Send(Batch),
    /// Read a page: [`Event::PageRead`].
    Read(Reading),
    /// Set the timer for [`Event::Time`], replacing the previous one; `None` clears it.
    SleepUntil(Option<Millis>),
    /// Send a message to the other tabs.
    Tell(Message),
    /// Reload the budget for display: another tab has drawn on it.
    RefreshBudget,
    /// Refresh what pages show. If this tab drives, tell the other tabs what it wrote.
    Show,
    /// The run is over: record its receipt.
    Finish,
}

/// What a turn writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// Lines, in order. The transaction fails if a line with the same number exists, or if the run has no
    /// heading.
    pub lines: Vec<Line>,
    /// The budget.
    pub budget: Budget,
    /// Whether the write must be durable, i.e. survive a power loss.
    pub is_strict: bool,
}
