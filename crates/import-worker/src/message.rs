//! The messages between page and worker, as JSON: a number with a question, and the same number with each of its
//! answers. The file itself comes beside the first one.
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
        /// Most characters of a text in them: one cell can be as long as the file.
        longest: usize,
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

/// Number of rows shown before the whole file is read: a page of the table, which is drawn in one task.
pub const N_FIRST_ROWS: usize = 50;
/// Most characters of a text that is shown.
pub const MAX_SHOWN: usize = 500;

/// Rows with texts of at most this many characters.
fn shown(mut rows: Vec<ImportRow>, longest: usize) -> Vec<ImportRow> {
    let cut = |text: &str| text.char_indices().nth(longest).map(|(end, _)| [&text[..end], "…"].concat());
    for row in &mut rows {
        for cell in &mut row.cells {
            if let Some(start) = cut(cell) {
                *cell = start;
            }
        }
        for problem in &mut row.problems {
            if let Some(start) = cut(&problem.found) {
                problem.found = start.into();
            }
        }
    }
    rows
}

/// The first rows of a file of which these are the first bytes; `None` if they cannot be read as such.
pub fn beginning(mut bytes: Vec<u8>, vendor: Vendor) -> Option<ImportAnswer> {
    // The last row may go on after these bytes.
    let end = bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'))?;
    bytes.truncate(end);
    let import = Import::new(bytes, vendor).ok()?;
    let rows = shown(import.rows(RowFilter::All, 0, N_FIRST_ROWS), MAX_SHOWN);
    Some(ImportAnswer::Beginning(import.summary(), rows))
}

/// Answers a question about a file.
pub fn answer(import: &mut Import, question: ImportQuestion) -> ImportAnswer {
    match question {
        ImportQuestion::Open(_) => ImportAnswer::Summary(import.summary()),
        ImportQuestion::Change(changes) => {
            import.change(changes);
            ImportAnswer::Summary(import.summary())
        }
        ImportQuestion::Rows { filter, skip, most, longest } => {
            ImportAnswer::Rows(shown(import.rows(filter, skip, most), longest))
        }
        ImportQuestion::People { from, most } => {
            let (people, next) = import.people(from, most);
            ImportAnswer::People(people, next)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_only_where_they_are_shown() {
        let text = format!("uid,name\n{},Mila\n", "é".repeat(3000));
        let mut import = Import::new(text.into_bytes(), Vendor::CometChat).expect("a table");
        let mut longest = |longest| {
            let question = ImportQuestion::Rows { filter: RowFilter::All, skip: 0, most: 9, longest };
            let ImportAnswer::Rows(rows) = answer(&mut import, question) else {
                panic!("rows are asked for")
            };
            let found = rows[0].problems.iter().map(|problem| problem.found.chars().count()).max();
            (rows[0].cells[0].chars().count(), found.unwrap_or_default() <= longest.saturating_add(1))
        };
        assert_eq!(longest(MAX_SHOWN), (MAX_SHOWN + 1, true));
        assert_eq!(longest(usize::MAX), (3000, true));
    }

    #[test]
    fn the_first_rows_are_those_that_are_whole() {
        let bytes = b"uid\nfan-1\nfan-2\nfan-".to_vec();
        let Some(ImportAnswer::Beginning(summary, rows)) = beginning(bytes, Vendor::CometChat) else {
            panic!("it has lines");
        };
        assert_eq!((summary.n_rows, rows.len()), (2, 2));
        assert_eq!(beginning(b"uid".to_vec(), Vendor::CometChat), None);
    }
}
