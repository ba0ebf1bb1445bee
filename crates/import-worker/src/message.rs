//! The messages between page and worker, as JSON. The file itself comes beside the first one.
//!
//! A worker has one file. To stop reading, or to give the memory back, the page ends the worker.

use domain::Vendor;
use serde::{Deserialize, Serialize};

use crate::{Import, ImportChange, ImportError, ImportPerson, ImportRow, ImportSummary, RowFilter};

/// Largest file, in bytes. Reading takes up to three times as much memory, and a tab has 4 GB.
pub const MAX_BYTES: u64 = 500_000_000;

/// What the page wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportQuestion {
    /// Read the file that comes with the message, for people of a vendor.
    Open(Vendor),
    /// Make changes.
    Change(Vec<ImportChange>),
    /// Rows that a filter takes.
    Rows {
        /// The filter.
        filter: RowFilter,
        /// Number of rows to skip.
        skip: usize,
        /// Most rows to return.
        most: usize,
    },
    /// People who can be sent.
    People {
        /// The row to begin with.
        from: usize,
        /// Most people to return.
        most: usize,
    },
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportAnswer {
    /// The share of the file that was read, from 0 to 1. More answers follow.
    Progress(f64),
    /// The first rows, before the whole file is read. More answers follow.
    Beginning(ImportSummary, Vec<ImportRow>),
    /// The file at a glance.
    Summary(ImportSummary),
    /// Rows.
    Rows(Vec<ImportRow>),
    /// People, and the row to go on with.
    People(Vec<ImportPerson>, Option<usize>),
    /// Why the file cannot be imported.
    Error(ImportError),
}

impl ImportAnswer {
    /// True if more answers to the same question follow.
    pub fn is_partial(&self) -> bool {
        matches!(self, ImportAnswer::Progress(_) | ImportAnswer::Beginning(..))
    }
}

/// A question with its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The number, which the answers repeat.
    pub id: u32,
    /// The question.
    pub question: ImportQuestion,
}

/// An answer with the number of its question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The number of the question.
    pub id: u32,
    /// The answer.
    pub answer: ImportAnswer,
}

/// Number of rows shown before the whole file is read.
pub const N_FIRST_ROWS: usize = 100;

/// The first rows of a file of which these are the first bytes; `None` if they cannot be read as such.
pub fn beginning(mut bytes: Vec<u8>, vendor: Vendor) -> Option<ImportAnswer> {
    // The last row may go on after these bytes.
    let end = bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'))?;
    bytes.truncate(end);
    let import = Import::new(bytes, vendor).ok()?;
    Some(ImportAnswer::Beginning(import.summary(), import.rows(RowFilter::All, 0, N_FIRST_ROWS)))
}

/// Answers a question about a file.
pub fn answer(import: &mut Import, question: ImportQuestion) -> ImportAnswer {
    match question {
        ImportQuestion::Open(_) => ImportAnswer::Summary(import.summary()),
        ImportQuestion::Change(changes) => {
            import.change(changes);
            ImportAnswer::Summary(import.summary())
        }
        ImportQuestion::Rows { filter, skip, most } => ImportAnswer::Rows(import.rows(filter, skip, most)),
        ImportQuestion::People { from, most } => {
            let (people, next) = import.people(from, most);
            ImportAnswer::People(people, next)
        }
    }
}
