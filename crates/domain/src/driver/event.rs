//! What a driver is told, and what it wants done.

use serde::{Deserialize, Serialize};

use crate::entry::Line;
use crate::journal::{StorageError, Stored};
use crate::{
    Batch, BatchFailure, BatchId, Budget, ChangeId, Millis, Page, RateHint, ReadId, Reading, Reply, Secret,
    Target,
};

/// What a person wants of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Send nothing new until it is resumed.
    Pause,
    /// Go on.
    Resume,
    /// Send nothing new; what waits is not sent.
    Stop,
    /// Send these again.
    Retry(Vec<ChangeId>),
    /// Leave these out.
    Skip(Vec<ChangeId>),
    /// Read back how these are.
    Check(Vec<ChangeId>),
    /// Go on although it cannot be saved.
    WithoutJournal,
    /// Let another tab go on that has what is missing here.
    LetGo,
    /// The password that was not saved. Stays in its tab.
    #[serde(skip)]
    Password(Secret),
}

/// What tabs tell each other about a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The journal has its lines up to this number.
    Wrote {
        /// The number of the next line.
        next_seq: u64,
    },
    /// The tab that says so drives it from here on.
    Driven,
    /// The tab that says so drives it no longer.
    Freed,
    /// The tab that drives it should do this.
    Asked(Wish),
}

/// How a lock is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Now or not at all.
    Now,
    /// As soon as the tab that has it is gone.
    Queue,
}

/// What is true around a driver when it is told something.
#[derive(Clone, Debug)]
pub struct Around {
    /// The time, in milliseconds since 1970. May jump.
    pub now: Millis,
    /// A clock that never jumps, in milliseconds since any moment.
    pub steady: Millis,
    /// Whether the key of the connection is at hand in this tab, or none is needed.
    pub has_key: bool,
    /// Whether a lock has one holder at a time. Without locks, nothing goes on by itself: another tab may drive it.
    pub has_locks: bool,
    /// Whether the browser believes to have a network.
    pub is_online: bool,
    /// Where the connection leads now; `None` if there is no such connection any more.
    pub target: Option<Target>,
}

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// The lock that was asked for last is here.
    Granted,
    /// Another tab has the lock; only after [`Ask::Now`].
    Denied,
    /// The lock is gone although nobody gave it back.
    LockLost,
    /// A person wants something, in this tab.
    Wish(Wish),
    /// Another tab tells something.
    Told(Message),
    /// The network is back.
    Online,
    /// Something [around](Around) may have changed: a key was given or locked, the connection was edited.
    Changed,
    /// The page goes away, or may be frozen: a response that comes later is lost.
    Hidden,
    /// The page is back.
    Shown,
    /// The moment of [`Action::SleepUntil`] has come.
    Time,
    /// A batch came back.
    Answered {
        /// Which.
        batch: BatchId,
        /// What came of it.
        result: Result<Reply, BatchFailure>,
        /// What the response says of the rate limit.
        hint: Option<RateHint>,
    },
    /// A page was read, or could not be.
    PageRead {
        /// Which.
        read: ReadId,
        /// What came of it.
        result: Result<Page, BatchFailure>,
        /// What the response says of the rate limit.
        hint: Option<RateHint>,
    },
    /// The plan is in the journal, or why it is not.
    Begun(Result<(), StorageError>),
    /// The transaction of [`Action::Open`] is open, and this is the budget in it. Where none can be opened it is
    /// the budget that this page knows, and the write fails.
    Opened(Budget),
    /// What [`Action::Write`] holds is written, or why nothing of it is.
    Written(Result<(), StorageError>),
    /// The gap is noted, or why it is not.
    GapNoted(Result<(), StorageError>),
    /// The run is removed from the journal, or why it is not.
    Removed(Result<(), StorageError>),
    /// What the journal holds, from the number that was asked for on, or why it cannot be read.
    Loaded(Result<Box<Stored>, StorageError>),
}

/// Something to do. Its end comes back as an [`Event`], where it says so.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Ask for the run's lock: [`Event::Granted`] or [`Event::Denied`].
    AskLock(Ask),
    /// Give the lock back.
    FreeLock,
    /// Write heading and plan: [`Event::Begun`].
    Begin,
    /// Open a transaction over the budget of the connection, and over the lines of the run if they are kept:
    /// [`Event::Opened`], then within the same transaction what the [`Action::Write`] holds that follows.
    Open {
        /// Whether lines are written as well. Without them the transaction never fails: where there is no
        /// storage, the budget in memory takes its place.
        keeps_lines: bool,
    },
    /// Write this in the transaction that is open, all or nothing: [`Event::Written`].
    Write(Write),
    /// Hold the connection to this budget although it could not be written.
    KeepBudget(Budget),
    /// Write a gap in place of a line, so that a reader counts it as damage: [`Event::GapNoted`].
    NoteGap {
        /// The number of the line.
        seq: u64,
    },
    /// Remove the run from the journal: [`Event::Removed`].
    Remove,
    /// Read the journal: [`Event::Loaded`].
    Load {
        /// The first line.
        from_seq: u64,
    },
    /// Send a batch: [`Event::Answered`].
    Send(Batch),
    /// Read a page: [`Event::PageRead`].
    Read(Reading),
    /// Tell [`Event::Time`] at this moment, in place of any moment before; `None`: at none.
    SleepUntil(Option<Millis>),
    /// Tell the other tabs.
    Tell(Message),
    /// Another tab has drawn on the budget: read it again, to show it.
    RefreshBudget,
    /// Something changed that pages show. If this tab drives, tell the others what it wrote.
    Show,
    /// The run is over: take note of its receipt.
    Finish,
}

/// What a turn writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// Lines, in order. A line whose number is there already fails the transaction, and so does a run without
    /// heading.
    pub lines: Vec<Line>,
    /// The budget.
    pub budget: Budget,
    /// Whether it has to survive a loss of power from here on.
    pub is_strict: bool,
}
