//! What a journal of runs returns: stored runs and storage errors. A journal is appended to, never rewritten.

use thiserror::Error;

use crate::entry::{Chunk, Heading, Line};

/// A run as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What it is.
    pub heading: Heading,
    /// Its plan.
    pub chunks: Vec<Chunk>,
    /// The lines that can be read, in order.
    pub lines: Vec<Line>,
    /// How many records cannot be read.
    pub n_damaged: u32,
    /// The number of the next line: one above the highest that was ever written, readable or not.
    pub next_seq: u64,
}

/// Why something could not be saved or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StorageError {
    /// The browser has no storage for this page, as in some private windows.
    #[error("expected storage, found none")]
    Unavailable,
    /// A later release has made the database, and does not promise that this one can use it.
    #[error("expected a database of this release, found that of a later one")]
    Newer,
    /// Another tab with an older release has the database open and does not let go.
    #[error("expected to change the database, found it in use by an older release")]
    Blocked,
    /// The browser could not read or write, as when its disk fails.
    #[error("expected to read or write, found a failure")]
    Failed,
    /// The browser's space for this page is used up.
    #[error("expected space, found none")]
    QuotaExceeded,
    /// An entry could not be read and was left where it is.
    #[error("expected a record, found something else")]
    Corrupt,
    /// The browser closed the database, or another tab with a newer console did.
    #[error("expected an open database, found it closed")]
    Closed,
    /// Another page has written what was to be written.
    #[error("expected to be the only writer, found another")]
    Conflict,
    /// There is nothing of that name.
    #[error("expected a record of this name, found none")]
    Missing,
    /// The run that was being written is not there any more: the site's data was cleared, or another tab
    /// removed the run.
    #[error("expected the run that is written, found none")]
    Gone,
}

impl StorageError {
    /// The name in keys of texts.
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
