//! What a journal of runs returns: stored runs and storage errors. A journal is appended to, never rewritten.

use thiserror::Error;

use crate::entry::{Chunk, Heading, Line};

/// A persisted run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The heading.
    pub heading: Heading,
    /// The plan.
    pub chunks: Vec<Chunk>,
    /// The readable lines, in order.
    pub lines: Vec<Line>,
    /// The number of unreadable records.
    pub n_damaged: u32,
    /// The number of the next line: one above the highest ever written, readable or not.
    pub next_seq: u64,
}

/// Why data could not be saved or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StorageError {
    /// The browser has no storage for this page, as in some private windows.
    #[error("expected storage, found none")]
    Unavailable,
    /// The database was created by a later release, which this one may not be able to read.
    #[error("expected a database of this release, found that of a later one")]
    Newer,
    /// Another tab with an older release keeps the database open.
    #[error("expected to change the database, found it in use by an older release")]
    Blocked,
    /// The browser could not read or write, for example because of a disk failure.
    #[error("expected to read or write, found a failure")]
    Failed,
    /// The storage quota of this page is used up.
    #[error("expected space, found none")]
    QuotaExceeded,
    /// An entry could not be read and was left in place.
    #[error("expected a record, found something else")]
    Corrupt,
    /// The browser, or another tab with a newer console, closed the database.
    #[error("expected an open database, found it closed")]
    Closed,
    /// Another page has already written this data.
    #[error("expected to be the only writer, found another")]
    Conflict,
    /// No record has this name.
    #[error("expected a record of this name, found none")]
    Missing,
    /// The run being written no longer exists: the site's data was cleared, or another tab removed the run.
    #[error("expected the run that is written, found none")]
    Gone,
}

impl StorageError {
    /// The name in translation keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Newer => "newer",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Corrupt => "corrupt",
            Self::Closed => "closed",
            Self::Conflict => "conflict",
            Self::Missing => "missing",
            Self::Gone => "gone",
        }
    }
}
